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
class QSplitter;
class QToolBar;
class QToolButton;

namespace openfactory {

namespace ui {
class FindBar;
}

class LogPanel : public QWidget {
    Q_OBJECT
public:
    enum class ExportPart { All, Matches, Selection };

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
    /// The pane below lists the lines that match, or those that tell of an error.
    void setFilterShown(bool on);
    void setErrorsShown(bool on);
    /// Asks which line to go to (Ctrl+L).
    void askLine();
    /// What the status label says of the search.
    QString findStatus() const;

Q_SIGNALS:
    /// A place in a source file was clicked, as the log names it; line from 1. The text is the log's: not trusted.
    void linkActivated(const QString &path, int line);
    void marksChanged();
    void linkToLineWanted(qint64 line); ///< from 0
    /// The person asks for a file to export to; answer with exportTo().
    void exportWanted(LogForm form, ExportPart part);
    void exportDone(const QString &problem); ///< empty where it went well

public Q_SLOTS:
    void exportTo(const QString &file, LogForm form, ExportPart part);

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void makeFindBar();
    QToolButton *makeExport();
    void showPane(LogView::Rows rows, bool on);
    void startFind();
    void findNext(bool forward);
    void tellFind();

    LogDocument *m_document;
    LogView *m_view;
    LogView *m_filter;
    QToolBar *m_tools;
    ui::FindBar *m_find;
    QCheckBox *m_regex;
    QCheckBox *m_case;
    QCheckBox *m_word;
    QLabel *m_note;
    QAction *m_followAction;
    QAction *m_filterAction;
    QAction *m_errorsAction;
    QSplitter *m_splitter;
};

} // namespace openfactory
