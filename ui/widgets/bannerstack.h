// SPDX-License-Identifier: Apache-2.0
/// Messages above every page, each with one act, those of errors with one that copies them; more than three that wait
/// for a person collapse to one. GUI thread.
#pragma once

#include <KMessageWidget>
#include <QHash>
#include <QWidget>

class QVBoxLayout;

namespace openfactory::ui {

class BannerStack : public QWidget {
    Q_OBJECT
public:
    struct Banner {
        QString id; ///< a banner of the same id is replaced
        KMessageWidget::MessageType type = KMessageWidget::Information;
        QString text; ///< may come from outside: shown plain
        QString act;  ///< text of its button; empty: none
        bool closable = false;
        QString
            copyAct{}; ///< text of a button that puts `copied` onto the clipboard; empty: an error's copies its text
        QString copied{};
    };

    explicit BannerStack(QWidget *parent = nullptr);
    /// Shows what waits for a person, the oldest first; what is not named any more goes. `count`: how many there are,
    /// where only the oldest are named.
    void setGates(const QList<Banner> &gates, int count);
    void show(const Banner &banner);
    void remove(const QString &id);
    QStringList ids() const;

Q_SIGNALS:
    void acted(const QString &id);
    void reviewAll();               ///< the collapsed banner was followed
    void closed(const QString &id); ///< by the person

protected:
    void showEvent(QShowEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override; ///< of the window: a low one has less room

private:
    void showGates();
    KMessageWidget *make(const Banner &banner);

    QVBoxLayout *m_layout;
    QHash<QString, KMessageWidget *> m_banners;
    QList<Banner> m_waiting; ///< what waits for a person, as it was last told
    int m_count = 0;
    QStringList m_gates; ///< of it, the banners that are shown
};

} // namespace openfactory::ui
