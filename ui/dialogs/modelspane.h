// SPDX-License-Identifier: Apache-2.0
/// The models and agents of openfactory.yaml: a table with what the last call of each said, a small call to try one,
/// and the file's text, judged as it is typed by the rules of its reader and saved whole or not at all. GUI thread;
/// files and calls on threads aside.
#pragma once

#include "ui/models/console.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTreeView;

namespace openfactory::ui {

class ModelsPane : public QWidget {
    Q_OBJECT
public:
    /// `console` outlives it.
    explicit ModelsPane(Console &console, QWidget *parent = nullptr);
    ~ModelsPane() override; ///< a call that is being tried is ended

    /// Something was typed that is not saved.
    bool isChanged() const;

Q_SIGNALS:
    void said(const QString &text); ///< something was saved

private:
    void load();
    void judge();
    void take(const ModelsText &text);
    void fill();
    void showState();
    void tryOut();
    void save();
    void addExample();
    QString lastCallText(const ModelEntry &entry) const;
    const ModelEntry *chosen() const;

    Console &m_console;
    RowsModel m_rows;
    ModelsText m_good;                 ///< the last text that was good
    QByteArray m_saved;                ///< what the file holds, as last read
    QString m_error;                   ///< of the text as it stands
    QString m_result;                  ///< what a call came to, or that it is made; empty: none was
    std::pair<int, int> m_place{0, 0}; ///< line and column of the error; line 0: none
    QString m_told;                    ///< what came of the last saving, until something is typed
    std::map<QString, AuthorCallRecord> m_calls;
    std::stop_source m_stop;
    QTimer m_typed;
    bool m_read = false;
    bool m_judging = false; ///< what is typed was not judged yet
    bool m_busy = false;    ///< something is being saved
    bool m_trying = false;
    QTreeView *m_table;
    QLabel *m_budget;
    QPushButton *m_try;
    QLabel *m_tried;
    QPlainTextEdit *m_text;
    QLabel *m_state;
    QPushButton *m_goTo;
    QPushButton *m_example;
    QPushButton *m_discard;
    QPushButton *m_save;
};

} // namespace openfactory::ui
