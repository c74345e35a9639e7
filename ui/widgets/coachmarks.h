// SPDX-License-Identifier: Apache-2.0
/// Short hints beside what they speak of, one at a time, for whoever is here for the first time. They take no focus,
/// block nothing and are spoken; each can be left, or all of them. GUI thread.
#pragma once

#include <QFrame>
#include <QPointer>

class QLabel;
class QPushButton;

namespace openfactory::ui {

class CoachMarks : public QFrame {
    Q_OBJECT
public:
    struct Hint {
        QPointer<QWidget> at; ///< what it speaks of; a hint on what is not to be seen is left out
        QString text;
    };

    /// Over a window, hidden until start().
    explicit CoachMarks(QWidget *window);
    void start(QList<Hint> hints);
    void stop();
    /// Of the hint that is shown; empty: none.
    QString text() const;

Q_SIGNALS:
    void ended(); ///< the last one was read, or they were left

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void next();
    void place();
    void watch(QWidget *at);

    QList<Hint> m_hints;
    int m_at = -1;
    QList<QPointer<QWidget>> m_watched;
    QLabel *m_text;
    QLabel *m_count;
    QPushButton *m_next;
    QPushButton *m_leave;
    QWidget *m_ring; ///< around what is spoken of
};

} // namespace openfactory::ui
