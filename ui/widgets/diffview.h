// SPDX-License-Identifier: Apache-2.0
/// The change of a job as a page embeds it: the files as a tree, their changes in one scroll, a tool bar, a line to
/// find text, comments. How it is shown (side by side, wrapped, lines around) is remembered for the next one.
///
///   auto *view = new DiffView;
///   view->setSource({files, patch, content});   // functions that any thread may call
///   view->setViewed(keys);                      // as they were kept; viewedChanged() says the new set
///   view->setNotes(notes);                      // uncovered lines and findings
///   text = view->commentsAsText();              // for "request changes"
///
/// GUI thread; what takes long is on a thread of the view's.
#pragma once

#include "ui/widgets/diffsource.h"

#include <QSet>
#include <QWidget>

#include <optional>

class QAction;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QSortFilterProxyModel;
class QSplitter;
class QToolBar;
class QTreeView;

namespace openfactory {

namespace ui {
class FindBar;
}

class DiffDocument;
class DiffFilesModel;
class DiffPane;
class DiffSearch;

class DiffView : public QWidget {
    Q_OBJECT
public:
    explicit DiffView(QWidget *parent = nullptr);
    ~DiffView() override;

    /// Comments whose line is not in the new files any more are kept; they name their code.
    void setSource(DiffSource source);
    void setNotes(const DiffNotes &notes);
    void setViewed(const QSet<QString> &keys);
    QSet<QString> viewed() const { return m_viewed; }
    int viewedCount() const;
    /// Files with something that a text does not show, that were not on the screen yet: to be opened before a decision.
    std::vector<RepoPath> unseenNonText() const;

    const std::vector<DiffComment> &comments() const { return m_comments; }
    void setComments(std::vector<DiffComment> comments);
    /// A comment that is being written: to be kept now and then, and put back after a crash.
    std::optional<DiffComment> draft() const;
    void restoreDraft(const DiffComment &draft);
    void dropDraft();
    /// Each comment with its place and line, ready to be sent; empty where there is none.
    QString commentsAsText() const;

    DiffDocument *document() const { return m_document; }
    DiffPane *pane() const { return m_pane; }
    QTreeView *tree() const { return m_tree; }
    void goToFile(const RepoPath &path);

Q_SIGNALS:
    void viewedChanged(const QSet<QString> &keys);
    void commentsChanged();
    void draftChanged();
    void lineActivated(const QByteArray &path, int newLine); ///< open it in an editor

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void makeFind();
    void makeTools();
    void makeTree();
    void makeComments();
    void orderTabs();
    void setViewedFile(int file, bool viewed);
    void showSides();
    void showFind();
    void startFind();
    void findNext(bool forward);
    void tellFind();
    void startComment();
    void editComment(int row);
    void removeComment(int row);
    void showDraft();
    void finishComment();
    void showComments();
    void tellCount();

    DiffDocument *m_document;
    DiffFilesModel *m_files;
    QSortFilterProxyModel *m_filtered;
    QToolBar *m_tools;
    QAction *m_split;
    QLabel *m_count;
    QLineEdit *m_filter;
    QTreeView *m_tree;
    DiffPane *m_pane;
    DiffSearch *m_search;
    ui::FindBar *m_find;
    QWidget *m_commentBox;
    QLabel *m_commentPlace;
    QPlainTextEdit *m_commentText;
    QPushButton *m_commentAdd;
    QListWidget *m_commentList;
    QSplitter *m_splitter;
    QSet<QString> m_viewed;
    std::vector<DiffComment> m_comments;
    DiffComment m_draft; ///< where the comment that is being written goes, and what it takes the place of
};

} // namespace openfactory
