// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/diffview.h"

#include "core/base/text.h"
#include "ui/widgets/difffilesmodel.h"
#include "ui/widgets/diffpane.h"
#include "ui/widgets/diffsearch.h"
#include "ui/widgets/findbar.h"
#include "ui/widgets/keys.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMouseEvent>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QToolBar>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace openfactory {

namespace {

constexpr int splitLeast = 1000; ///< pixels; narrower, side by side is off
constexpr int expandMost = 500;  ///< files of which the tree is opened at once
constexpr int findsMost = 300;   ///< files that are read for a search although nobody looked at them yet

const QString kLook = QStringLiteral("changes/"); ///< how changes are shown, by the name of what sets it

/// Draws the tick of a viewed file as a character, which is seen in every style and palette.
class ViewedDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (!(option->features & QStyleOptionViewItem::HasCheckIndicator))
            return;
        option->features &= ~QStyleOptionViewItem::HasCheckIndicator;
        option->text = (option->checkState == Qt::Checked ? QStringLiteral("☑ ") : QStringLiteral("☐ ")) + option->text;
    }
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                     const QModelIndex &index) override
    {
        if (event->type() == QEvent::MouseButtonRelease && index.flags() & Qt::ItemIsUserCheckable) {
            const int right = option.rect.left() + option.fontMetrics.horizontalAdvance(QStringLiteral("☐ ")) + 4;
            if (static_cast<QMouseEvent *>(event)->position().x() < right)
                return model->setData(index, QVariant(), Qt::CheckStateRole); // which turns it over
        }
        return QStyledItemDelegate::editorEvent(event, model, option, index);
    }
};

} // namespace

DiffView::DiffView(QWidget *parent)
    : QWidget(parent),
      m_document(new DiffDocument(this)),
      m_files(new DiffFilesModel(m_document, this)),
      m_pane(new DiffPane(m_document, this)),
      m_search(new DiffSearch(m_document, this))
{
    AccessibleRows::install();
    setObjectName(QStringLiteral("diffView"));
    setAccessibleName(tr("Changes"));
    makeFind();
    makeTools();
    makeTree();
    makeComments();
    auto *left = new QWidget(this);
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins({});
    leftLayout->setSpacing(2);
    leftLayout->addWidget(m_filter);
    leftLayout->addWidget(m_tree, 1);
    auto *right = new QWidget(this);
    auto *rightLayout = new QVBoxLayout(right);
    rightLayout->setContentsMargins({});
    rightLayout->setSpacing(2);
    rightLayout->addWidget(m_pane, 1);
    rightLayout->addWidget(m_commentBox);
    rightLayout->addWidget(m_commentList);
    m_splitter = new QSplitter(this);
    m_splitter->setObjectName(QStringLiteral("diffSplitter"));
    m_splitter->addWidget(left);
    m_splitter->addWidget(right);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({260, 900});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_tools);
    layout->addWidget(m_find);
    layout->addWidget(m_splitter, 1);

    connect(m_pane, &DiffPane::viewedToggled, this, [this](int file, bool viewed) { setViewedFile(file, viewed); });
    connect(m_files, &DiffFilesModel::viewedToggled, m_pane, &DiffPane::toggleViewed);
    connect(m_pane, &DiffPane::commentWanted, this, &DiffView::startComment);
    connect(m_pane, &DiffPane::lineActivated, this,
            [this](int file, int line) { Q_EMIT lineActivated(m_document->file(file).file.change.path, line); });
    connect(m_document, &DiffDocument::reset, this, &DiffView::tellCount);
    connect(m_document, &DiffDocument::keyKnown, this, &DiffView::tellCount);
    setFocusProxy(m_pane);
    orderTabs();
}

/// As one reads: the tools, the line to find text, the files, what changed in them, the comments.
void DiffView::orderTabs()
{
    QList<QWidget *> stops;
    for (const QWidget *bar : std::initializer_list<QWidget *>{m_tools, m_find}) {
        for (QWidget *tool : bar->findChildren<QWidget *>(Qt::FindDirectChildrenOnly)) {
            if (tool->focusPolicy() & Qt::TabFocus)
                stops << tool;
        }
    }
    stops << m_filter << m_tree << m_pane << m_commentText;
    for (QPushButton *button : m_commentBox->findChildren<QPushButton *>(Qt::FindDirectChildrenOnly))
        stops << button;
    stops << m_commentList;
    for (int i = 1; i < stops.size(); ++i)
        setTabOrder(stops[i - 1], stops[i]);
}

DiffView::~DiffView() = default;

void DiffView::makeFind()
{
    m_find = new ui::FindBar("diff", tr("Find in the change"), "changeFindNext", "changeFindPrevious", this);
    connect(m_find, &ui::FindBar::edited, this, &DiffView::startFind);
    connect(m_find, &ui::FindBar::nextWanted, this, &DiffView::findNext);
    connect(m_find, &ui::FindBar::ended, this, [this] { m_pane->setFocus(); });
    connect(m_document, &DiffDocument::reset, this, &DiffView::startFind); // reads the first of the new files
    connect(m_search, &DiffSearch::changed, this, &DiffView::tellFind);
    connect(m_pane, &DiffPane::currentChanged, this, &DiffView::tellFind);
}

void DiffView::makeTools()
{
    m_tools = new QToolBar(this);
    m_tools->setObjectName(QStringLiteral("diffTools"));
    m_tools->setAccessibleName(tr("Tools for the changes"));
    m_split = ui::toolAction(m_tools, QStringLiteral("diffSplit"), tr("Side by side"),
                             tr("Before and after beside one another; needs a wide window"), true);
    connect(m_split, &QAction::toggled, this, &DiffView::showSides);
    const auto remember = [this](QAction *action) {
        const QString key = kLook + action->objectName();
        action->setChecked(QSettings().value(key, action->isChecked()).toBool());
        connect(action, &QAction::triggered, this, [key](bool on) { QSettings().setValue(key, on); }); // by a person
    };
    remember(m_split);
    const auto option = [this](auto set) {
        return [this, set](auto value) {
            DiffOptions options = m_document->options();
            set(options, value);
            m_document->setOptions(options);
        };
    };
    auto *space = ui::toolAction(m_tools, QStringLiteral("diffSpace"), tr("Ignore white space"),
                                 tr("Show lines that differ in white space alone as alike, with a sign"), true);
    connect(space, &QAction::toggled, this, option([](DiffOptions &o, bool on) { o.ignoreSpace = on; }));
    auto *wrap = ui::toolAction(m_tools, QStringLiteral("diffWrap"), tr("Wrap"), tr("Break long lines at the edge"),
                                true);
    connect(wrap, &QAction::toggled, m_pane, &DiffPane::setWrap);
    remember(wrap);
    auto *syntax = ui::toolAction(m_tools, QStringLiteral("diffSyntax"), tr("Syntax"), tr("Colours of the language"),
                                  true);
    syntax->setChecked(true);
    connect(syntax, &QAction::toggled, this, option([](DiffOptions &o, bool on) { o.syntax = on; }));
    auto *context = new QComboBox(m_tools);
    context->setObjectName(QStringLiteral("diffContext"));
    context->setAccessibleName(tr("Lines shown around a change"));
    context->addItem(tr("3 lines around"), 3);
    context->addItem(tr("20 lines around"), 20);
    context->addItem(tr("Whole files"), INT_MAX);
    connect(context, &QComboBox::currentIndexChanged, this,
            option([context](DiffOptions &o, int at) { o.context = context->itemData(at).toInt(); }));
    const QString around = kLook + context->objectName();
    context->setCurrentIndex(std::max(0, context->findData(QSettings().value(around, 3).toInt())));
    connect(context, &QComboBox::currentIndexChanged, this,
            [context, around](int at) { QSettings().setValue(around, context->itemData(at)); });
    m_tools->addWidget(context);
    m_tools->addSeparator();
    auto *all = ui::toolAction(m_tools, QStringLiteral("diffViewAll"), tr("Mark all viewed"),
                               tr("Mark every file as viewed, or none where all are"), false);
    connect(all, &QAction::triggered, this, [this] {
        const bool mark = viewedCount() < m_document->count();
        QSet<QString> keys;
        for (const DiffDocument::File &file : m_document->files()) {
            if (!file.key.isEmpty())
                keys.insert(file.key);
        }
        setViewed(mark ? m_viewed | keys : m_viewed - keys);
        Q_EMIT viewedChanged(m_viewed);
    });
    auto *comment = ui::toolAction(m_tools, QStringLiteral("diffComment"), tr("Comment…"),
                                   tr("Write a comment on the line of the cursor (C)"), false);
    connect(comment, &QAction::triggered, this, &DiffView::startComment);
    auto *find = ui::toolAction(m_tools, QStringLiteral("diffFind"), tr("Find"), tr("Find in the change"), false);
    ui::tipWithKey(*find, tr("Find in the change"), "changeFind");
    connect(find, &QAction::triggered, this, &DiffView::showFind);
    m_count = new QLabel(m_tools);
    m_count->setObjectName(QStringLiteral("diffCount"));
    m_count->setTextFormat(Qt::PlainText);
    m_count->setMargin(6);
    m_tools->addWidget(m_count);
}

void DiffView::makeTree()
{
    m_filter = new QLineEdit(this);
    m_filter->setObjectName(QStringLiteral("diffFilter"));
    m_filter->setAccessibleName(tr("Filter the files"));
    m_filter->setPlaceholderText(tr("Filter files (/)"));
    m_filter->setClearButtonEnabled(true);
    m_filtered = new QSortFilterProxyModel(this);
    m_filtered->setSourceModel(m_files);
    m_filtered->setRecursiveFilteringEnabled(true);
    m_filtered->setFilterRole(DiffFilesModel::PathRole);
    m_filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_tree = new QTreeView(this);
    m_tree->setObjectName(QStringLiteral("diffTree"));
    m_tree->setAccessibleName(tr("Changed files"));
    m_tree->setModel(m_filtered);
    ui::layOutForReaders(*m_tree);
    m_tree->setItemDelegate(new ViewedDelegate(m_tree));
    m_tree->setUniformRowHeights(true);
    m_tree->setIndentation(14);
    m_tree->setTextElideMode(Qt::ElideMiddle);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(DiffFilesModel::Name, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(DiffFilesModel::Changes, QHeaderView::Interactive);
    m_tree->header()->resizeSection(DiffFilesModel::Changes,
                                    m_tree->fontMetrics().horizontalAdvance(QStringLiteral("+9999 −9999")));
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filtered->setFilterFixedString(text);
        if (!text.isEmpty())
            m_tree->expandAll();
    });
    connect(m_document, &DiffDocument::reset, this, [this] {
        if (m_document->count() <= expandMost)
            m_tree->expandAll();
    });
    const auto go = [this](const QModelIndex &at) {
        if (const int file = at.data(DiffFilesModel::FileRole).toInt(); at.isValid() && file >= 0)
            m_pane->goToFile(file);
    };
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, [this, go](const QModelIndex &at) {
        if (m_tree->hasFocus())
            go(at);
    });
    connect(m_tree, &QTreeView::clicked, this, go);
    connect(m_pane, &DiffPane::currentFileChanged, this, [this](int file) {
        const QModelIndex at = m_filtered->mapFromSource(m_files->indexOfFile(file));
        if (at.isValid() && !m_tree->hasFocus())
            m_tree->setCurrentIndex(at);
    });
}

void DiffView::makeComments()
{
    m_commentBox = new QWidget(this);
    m_commentBox->setObjectName(QStringLiteral("diffCommentBox"));
    auto *layout = new QVBoxLayout(m_commentBox);
    layout->setContentsMargins(6, 4, 6, 4);
    m_commentPlace = new QLabel(m_commentBox);
    m_commentPlace->setTextFormat(Qt::PlainText);
    m_commentText = new QPlainTextEdit(m_commentBox);
    m_commentText->setObjectName(QStringLiteral("diffCommentText"));
    m_commentText->setAccessibleName(tr("Comment on this line"));
    m_commentText->setPlaceholderText(tr("What should change here? Ctrl+Return adds the comment, Esc drops it."));
    m_commentText->setTabChangesFocus(true);
    m_commentText->setMaximumHeight(fontMetrics().height() * 5);
    m_commentPlace->setBuddy(m_commentText);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    const auto button = [&](const QString &name, const QString &text, auto act) {
        auto *made = new QPushButton(text, m_commentBox);
        made->setObjectName(name);
        made->setAccessibleName(QString(text).remove(QLatin1Char('&')));
        made->setAutoDefault(false);
        buttons->addWidget(made);
        connect(made, &QPushButton::clicked, this, act);
        return made;
    };
    m_commentAdd = button(QStringLiteral("diffCommentAdd"), tr("&Add comment"), [this] { finishComment(); });
    button(QStringLiteral("diffCommentCancel"), tr("Cancel"), [this] { dropDraft(); });
    connect(m_commentText, &QPlainTextEdit::textChanged, this, &DiffView::draftChanged);
    layout->addWidget(m_commentPlace);
    layout->addWidget(m_commentText);
    layout->addLayout(buttons);
    m_commentBox->hide();

    m_commentList = new QListWidget(this);
    m_commentList->setObjectName(QStringLiteral("diffComments"));
    m_commentList->setAccessibleName(tr("Comments"));
    m_commentList->setToolTip(tr("Enter goes to the line, F2 edits the comment, Delete removes it"));
    m_commentList->setContextMenuPolicy(Qt::ActionsContextMenu);
    const auto act = [this](const QString &name, const QString &text, const QKeySequence &key, auto change) {
        auto *made = new QAction(text, m_commentList);
        made->setObjectName(name);
        made->setShortcut(key);
        made->setShortcutContext(Qt::WidgetShortcut);
        connect(made, &QAction::triggered, this, [this, change] { (this->*change)(m_commentList->currentRow()); });
        m_commentList->addAction(made);
    };
    act(QStringLiteral("diffCommentEdit"), tr("&Edit…"), QKeySequence(Qt::Key_F2), &DiffView::editComment);
    act(QStringLiteral("diffCommentRemove"), tr("&Remove"), QKeySequence(Qt::Key_Delete), &DiffView::removeComment);
    m_commentList->hide();
    const auto go = [this] {
        const int row = m_commentList->currentRow();
        if (row < 0 || row >= int(m_comments.size()))
            return;
        const DiffComment &comment = m_comments[size_t(row)];
        const int file = m_document->indexOf(comment.path);
        if (file >= 0 && !m_pane->goToLine(file, comment.side, comment.line))
            m_pane->goToFile(file);
    };
    connect(m_commentList, &QListWidget::itemActivated, this, go);
    connect(m_commentList, &QListWidget::itemClicked, this, go);
}

void DiffView::setSource(DiffSource source)
{
    m_document->setSource(std::move(source));
}

void DiffView::setNotes(const DiffNotes &notes)
{
    m_pane->setNotes(notes);
    m_files->setFindings(notes.findings);
}

void DiffView::setViewed(const QSet<QString> &keys)
{
    m_viewed = keys;
    m_pane->setViewed(keys);
    m_files->setViewed(keys);
    tellCount();
}

void DiffView::setViewedFile(int file, bool viewed)
{
    const QString &key = m_document->file(file).key;
    if (viewed)
        m_viewed.insert(key);
    else
        m_viewed.remove(key);
    m_files->setViewed(m_viewed);
    tellCount();
    Q_EMIT viewedChanged(m_viewed);
}

int DiffView::viewedCount() const
{
    return int(std::ranges::count_if(m_document->files(), [this](const DiffDocument::File &file) {
        return !file.key.isEmpty() && m_viewed.contains(file.key);
    }));
}

void DiffView::tellCount()
{
    m_count->setText(tr("%1 of %2 viewed").arg(viewedCount()).arg(m_document->count()));
}

std::vector<RepoPath> DiffView::unseenNonText() const
{
    std::vector<RepoPath> paths;
    for (int i = 0; i < m_document->count(); ++i) {
        const DiffDocument::File &file = m_document->file(i);
        if (file.nonText && !m_pane->wasSeen(i) && !m_pane->isViewed(i))
            paths.push_back(file.file.change.path);
    }
    return paths;
}

void DiffView::goToFile(const RepoPath &path)
{
    m_pane->goToFile(m_document->indexOf(path));
}

// ---- finding text

void DiffView::showSides()
{
    const bool wide = width() >= splitLeast;
    m_split->setEnabled(wide);
    m_pane->setSplit(wide && m_split->isChecked());
    m_search->find(m_find->text(), m_pane->isSplit());
}

void DiffView::showFind()
{
    m_find->open();
    startFind();
}

void DiffView::startFind()
{
    const QString text = m_find->text();
    for (int file = 0; !text.isEmpty() && file < std::min(m_document->count(), findsMost); ++file)
        m_document->want(file);
    m_pane->setFindText(text);
    m_search->find(text, m_pane->isSplit());
    tellFind();
}

void DiffView::findNext(bool forward)
{
    if (m_find->text().isEmpty())
        return showFind();
    if (const auto to = m_search->next(m_pane->current(), forward))
        m_pane->goToFound(*to);
}

void DiffView::tellFind()
{
    QString said;
    if (!m_search->text().isEmpty()) {
        const int found = m_search->count(), at = m_search->rank(m_pane->current());
        said = !m_search->isDone() ? tr("%n line(s) so far", nullptr, found)
               : found == 0        ? tr("No match")
               : at > 0            ? tr("line %1 of %2").arg(at).arg(found)
                                   : tr("%n line(s)", nullptr, found);
        if (const int unread = m_search->unsearched())
            said += QStringLiteral(" · ") + tr("%n file(s) not loaded, not searched", nullptr, unread);
    }
    m_find->tell(said, m_search->isDone());
}

// ---- comments

void DiffView::startComment()
{
    if (draft()) // it is not thrown away for another one
        return m_commentText->setFocus();
    auto line = m_pane->currentLine();
    if (!line && m_pane->goToChange(true))
        line = m_pane->currentLine();
    if (!line)
        return;
    m_draft = {m_document->file(line->file).file.change.path, line->side, line->line, line->code.left(200), {}, {}};
    m_commentText->clear();
    showDraft();
    m_commentText->setFocus();
}

void DiffView::editComment(int row)
{
    if (draft()) // nor for this one
        return m_commentText->setFocus();
    if (row < 0 || row >= int(m_comments.size()))
        return;
    DiffComment changed = m_comments[size_t(row)];
    changed.before = changed.text;
    restoreDraft(changed);
    m_commentText->moveCursor(QTextCursor::End);
    m_commentText->setFocus();
}

void DiffView::removeComment(int row)
{
    if (row < 0 || row >= int(m_comments.size()))
        return;
    m_comments.erase(m_comments.begin() + row);
    setComments(std::move(m_comments));
    Q_EMIT commentsChanged();
}

void DiffView::showDraft()
{
    const bool changes = !m_draft.before.isEmpty();
    m_commentPlace->setText((changes ? tr("The comment on %1, line %2%3") : tr("Comment on %1, line %2%3"))
                                .arg(displayPath(m_draft.path))
                                .arg(m_draft.line)
                                .arg(m_draft.side == DiffSide::Old ? tr(" (before the change)") : QString()));
    m_commentAdd->setText(changes ? tr("&Save comment") : tr("&Add comment"));
    m_commentAdd->setAccessibleName(m_commentAdd->text().remove(QLatin1Char('&')));
    m_commentBox->show();
}

void DiffView::dropDraft()
{
    const bool hadFocus = m_commentBox->isAncestorOf(QApplication::focusWidget());
    m_commentBox->hide();
    m_commentText->clear();
    if (hadFocus)
        m_pane->setFocus();
}

std::optional<DiffComment> DiffView::draft() const
{
    DiffComment draft = m_draft;
    draft.text = m_commentText->toPlainText();
    return draft.text.isEmpty() ? std::nullopt : std::optional(draft);
}

void DiffView::restoreDraft(const DiffComment &draft)
{
    m_draft = draft;
    m_commentText->setPlainText(draft.text);
    showDraft();
}

void DiffView::finishComment()
{
    m_draft.text = m_commentText->toPlainText().trimmed();
    dropDraft();
    if (m_draft.text.isEmpty())
        return;
    DiffComment former = m_draft;
    former.text = std::exchange(m_draft.before, {});
    former.before.clear();
    const auto same = std::ranges::find(m_comments, former);
    if (same != m_comments.end())
        *same = m_draft;
    else
        m_comments.push_back(m_draft);
    setComments(std::move(m_comments));
    Q_EMIT commentsChanged();
}

void DiffView::setComments(std::vector<DiffComment> comments)
{
    m_comments = std::move(comments);
    std::ranges::stable_sort(m_comments, [](const DiffComment &a, const DiffComment &b) {
        return std::tie(a.path, a.line) < std::tie(b.path, b.line);
    });
    m_pane->setComments(m_comments);
    showComments();
}

void DiffView::showComments()
{
    m_commentList->clear();
    for (const DiffComment &comment : m_comments) {
        m_commentList->addItem(displayPath(comment.path) + QLatin1Char(':') + QString::number(comment.line)
                               + QStringLiteral("  ") + comment.text.simplified());
    }
    m_commentList->setVisible(!m_comments.empty());
    m_commentList->setMaximumHeight(m_commentList->sizeHintForRow(0) * std::clamp(int(m_comments.size()), 1, 6) + 8);
}

QString DiffView::commentsAsText() const
{
    QString text;
    for (const DiffComment &comment : m_comments) {
        text += displayPath(comment.path) + QLatin1Char(':') + QString::number(comment.line);
        if (comment.side == DiffSide::Old)
            text += tr(" (before the change)");
        text += QStringLiteral("\n> ") + comment.code + QLatin1Char('\n') + comment.text + QStringLiteral("\n\n");
    }
    return text.trimmed();
}

// ---- keys

bool DiffView::event(QEvent *event)
{
    // These keys are the view's own where it has the focus, whatever the page around it does with them: a comment that
    // is added is not a decision that is submitted.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool enter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        const bool comment = m_commentText->hasFocus()
                             && (key->key() == Qt::Key_Escape || (enter && key->modifiers() & Qt::ControlModifier));
        const bool closes = key->key() == Qt::Key_Escape && m_find->isVisible();
        if (comment || closes) {
            event->accept();
            return true;
        }
        // Behind the last finding the key is the window's: it goes on to those that name no line of the change.
        const bool last = (ui::isKey(*key, "changeNextFinding") && !m_pane->hasFinding(true))
                          || (ui::isKey(*key, "changePreviousFinding") && !m_pane->hasFinding(false));
        if (!last && ui::keepsKey(*event, ui::KeyPlace::Change))
            return true;
    }
    return QWidget::event(event);
}

void DiffView::keyPressEvent(QKeyEvent *event)
{
    if (m_commentText->hasFocus()) {
        if (event->key() == Qt::Key_Escape)
            return dropDraft();
        if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
            && event->modifiers() & Qt::ControlModifier)
            return finishComment();
    }
    if (ui::isKey(*event, "changeFind"))
        return showFind();
    if (ui::isKey(*event, "changeFindNext") || ui::isKey(*event, "changeFindPrevious"))
        return findNext(ui::isKey(*event, "changeFindNext"));
    if (ui::isKey(*event, "changeFilter"))
        return m_filter->setFocus();
    if (event->key() == Qt::Key_Escape && m_filter->hasFocus()) {
        m_filter->clear();
        return m_pane->setFocus();
    }
    if (event->key() == Qt::Key_Escape && m_find->isVisible())
        return m_find->end();
    QWidget::keyPressEvent(event);
}

void DiffView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    showSides();
}

} // namespace openfactory
