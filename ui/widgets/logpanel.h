// SPDX-License-Identifier: Apache-2.0
/// The log as a page embeds it: tool bar, find bar, the view, and below it the pane of lines that match.
///
///   auto *panel = new LogPanel;
///   panel->setLog(path);               // the index is path + ".idx"
///   panel->setFollow(true);            // a running command; else land(FirstError), land(Tail) or land(Top)
///   ... after each wake: panel->refresh();
///
/// GUI thread; nothing in it waits for the disk.
#pragma once

#include "ui/widgets/logview.h"

#include <QWidget>

class QAction;
class QCheckBox;
class QLabel;
class QLineEdit;
class QSplitter;
class QToolBar;

namespace openfactory {

class LogPanel : public QWidget {
    Q_OBJECT
public:
    explicit LogPanel(QWidget *parent = nullptr);
    ~LogPanel() override;

    /// Empty: none. Marks, folds and the search are kept; set the former two anew for another log.
    void setLog(const QString &path);
    /// The log may have grown: call after each wake.
    void refresh();
    void setFollow(bool on) { m_view->setFollow(on); }
    void land(LogView::Landing landing) { m_view->land(landing); }
    void setFolds(std::vector<LogFold> folds) { m_view->setFolds(std::move(folds)); }
    void setMarks(std::set<qint64> marks) { m_view->setMarks(std::move(marks)); }
    void setEmptyText(const QString &text) { m_view->setEmptyText(text); }
    void goToLine(qint64 line) { m_view->goToLine(line); } ///< from 0

    LogView *view() const { return m_view; }
    LogView *filterView() const { return m_filter; }
    LogDocument *document() const { return m_document; }
    /// Opens the find bar, with a text where one is given.
    void showFind(const QString &text = {});
    void setFilterShown(bool on);
    /// Asks which line to go to (Ctrl+L).
    void askLine();
    /// What the status label says of the search.
    QString findStatus() const;

Q_SIGNALS:
    /// A place in a source file was clicked, as the log names it; line from 1. The text is the log's: not trusted.
    void linkActivated(const QString &path, int line);
    void marksChanged();
    /// The person asks for a file to export to; answer with exportTo().
    void exportWanted(bool plain, bool matchesOnly);
    void exportDone(const QString &problem); ///< empty where it went well

public Q_SLOTS:
    void exportTo(const QString &file, bool plain, bool matchesOnly);

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void makeFindBar();
    void startFind();
    void tellFind();
    void announce(const QString &text);

    LogDocument *m_document;
    LogView *m_view;
    LogView *m_filter;
    QToolBar *m_tools;
    QWidget *m_findBar;
    QLineEdit *m_findText;
    QCheckBox *m_regex;
    QCheckBox *m_case;
    QCheckBox *m_word;
    QLabel *m_findStatus;
    QLabel *m_note;
    QAction *m_followAction;
    QAction *m_filterAction;
    QSplitter *m_splitter;
};

} // namespace openfactory
