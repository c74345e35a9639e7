// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/changespane.h"

#include "core/base/text.h"
#include "core/domain/contract.h"
#include "ui/models/editor.h"
#include "ui/models/words.h"
#include "ui/pages/remarks.h"
#include "ui/widgets/diffdocument.h"
#include "ui/widgets/diffpane.h"
#include "ui/widgets/diffview.h"
#include "ui/widgets/named.h"

#include <QFile>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonObject>
#include <QVBoxLayout>

#include <algorithm>

namespace openfactory::ui {

namespace {

constexpr int kMostAhead = 300; ///< files

/// The change between two commits, read file by file and masked. Called on one thread, the view's.
struct MaskedChange {
    Workspaces *git;
    const Masker *masker;
    QString repository;
    CommitId from;
    CommitId to;

    Result<FileChange> file(const FileChange &listed) const
    {
        OF_TRY(file, git->fileChange(repository, from, to, listed));
        for (DiffHunk &hunk : file.hunks) {
            for (DiffLine &line : hunk.lines) {
                if (masker->holdsSecret(line.text))
                    line.text = masker->mask(line.text);
            }
        }
        return file;
    }
    Result<QByteArray> content(const FileChange &listed, DiffSide side) const
    {
        const bool old = side == DiffSide::Old;
        OF_TRY(bytes,
               git->blob(repository, old ? from : to, old && !listed.oldPath.isEmpty() ? listed.oldPath : listed.path));
        return masker->holdsSecret(bytes) ? masker->mask(bytes) : bytes;
    }
};

QSet<RepoPath> pathsOf(const std::vector<ListedChange> &changes)
{
    QSet<RepoPath> paths;
    for (const ListedChange &one : changes)
        paths << one.change.path << one.change.oldPath;
    return paths;
}

} // namespace

ChangesPane::ChangesPane(Console &console, QWidget *parent)
    : QWidget(parent),
      m_console(console),
      m_heading(new QWidget(this)),
      m_compared(plainLabel("changesCompared", {}, m_heading)),
      m_state(plainLabel("changesState", {}, this)),
      m_view(named(new DiffView(this), "diffView", tr("Changes")))
{
    setObjectName(QStringLiteral("changesPane"));
    setFocusProxy(m_view);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 0);
    m_heading->setObjectName(QStringLiteral("changesHeading"));
    auto *heading = new QHBoxLayout(m_heading);
    heading->setContentsMargins(4, 0, 4, 0);
    auto *back = plainButton("changesBack", tr("&Back to the change"), m_heading);
    connect(back, &QPushButton::clicked, this, &ChangesPane::backWanted);
    heading->addWidget(m_compared, 1);
    heading->addWidget(back);
    layout->addWidget(m_heading);
    m_state->setAlignment(Qt::AlignCenter);
    layout->addWidget(m_state, 1);
    layout->addWidget(m_view, 100);
    connect(m_view, &DiffView::viewedChanged, this, [this](const QSet<QString> &keys) {
        Remarks(m_job).setViewed(keys);
        Q_EMIT readingChanged();
    });
    connect(m_view, &DiffView::commentsChanged, this, [this] {
        Remarks(m_job).setComments(m_view->comments());
        Q_EMIT commentsChanged();
    });
    m_draft.setSingleShot(true);
    m_draft.setInterval(1000);
    connect(&m_draft, &QTimer::timeout, this, [this] { Remarks(m_job).setDraft(m_view->draft()); });
    connect(m_view, &DiffView::draftChanged, &m_draft, qOverload<>(&QTimer::start));
    connect(m_view, &DiffView::lineActivated, this, [this](const RepoPath &path, int line) {
        const auto opened = openInEditor(m_workspace, QFile::decodeName(path), line);
        opened ? Q_EMIT said(*opened) : Q_EMIT refused(errorText(opened.error()));
    });
    connect(m_view->document(), &DiffDocument::loaded, this, &ChangesPane::readingChanged);
    connect(m_view->document(), &DiffDocument::keyKnown, this, &ChangesPane::readingChanged);
    connect(m_view->pane(), &DiffPane::fileSeen, this, &ChangesPane::readingChanged);
    clear();
}

void ChangesPane::clear()
{
    m_shown.clear();
    m_heading->hide();
    m_view->hide();
    m_state->setText(tr("No change yet"));
    m_state->show();
}

QString ChangesPane::commentsAsText() const
{
    return m_view->commentsAsText();
}

std::optional<ChangesPane::Reading> ChangesPane::reading() const
{
    if (m_shown.isEmpty() || m_view->isHidden())
        return {};
    Reading reading{m_view->document()->count(), m_view->viewedCount(), {}};
    for (const RepoPath &path : m_view->unseenNonText())
        reading.unseen << displayPath(path);
    return reading;
}

void ChangesPane::forgetComments()
{
    m_draft.stop();
    Remarks(m_job).forgetComments();
    restore();
}

/// What was said and viewed, as it was kept.
void ChangesPane::restore()
{
    const Remarks kept(m_job);
    m_view->setViewed(kept.viewed());
    if (m_view->comments() != kept.comments())
        m_view->setComments(kept.comments());
    if (const auto draft = kept.draft(); draft && !m_view->draft())
        m_view->restoreDraft(*draft);
    Q_EMIT readingChanged();
}

void ChangesPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (!m_shown.isEmpty() && !m_draft.isActive())
        restore();
}

void ChangesPane::showRange(const JobDetails &job, const std::pair<CommitId, CommitId> &range)
{
    const auto &[from, to] = range;
    if (from.isEmpty() || to.isEmpty() || from == to) {
        clear();
        return;
    }
    m_heading->hide();
    show(job, range, false);
}

void ChangesPane::showComparison(const JobDetails &job, const std::pair<CommitId, CommitId> &range, const QString &said)
{
    m_compared->setText(said);
    m_heading->show();
    show(job, range, true);
}

void ChangesPane::show(const JobDetails &job, const std::pair<CommitId, CommitId> &range, bool compares)
{
    const auto &[from, to] = range;
    const QString key = (compares ? QStringLiteral("= ") : QString()) + from + u' ' + to;
    if (key == m_shown) {
        if (!compares)
            readNotes(job, range);
        return;
    }
    m_shown = key;
    m_judgements.clear();
    if (m_job != job.job.id()) { // what was said of another job stays with that one
        if (m_draft.isActive()) {
            m_draft.stop();
            Remarks(m_job).setDraft(m_view->draft());
        }
        const QSignalBlocker quiet(m_view);
        m_view->restoreDraft({});
        m_view->dropDraft();
        m_view->setComments({});
    }
    m_job = job.job.id();
    m_workspace = job.job.progress.workspace;
    m_view->hide();
    m_state->setText(tr("Reading the change…"));
    m_state->show();
    Q_EMIT readingChanged();
    m_console.reader->ask(
        this,
        [git = m_console.git, identity = job.job.identity, from, to](ReadSide &) -> Result<std::vector<DiffFile>> {
            OF_TRY(changed, git->changedFiles(identity.repository, from, to));
            const auto contract = contractOf(identity);
            std::vector<DiffFile> files;
            for (ListedChange &one : changed) {
                const bool outside = contract && !boundaryBreaches(*contract, ChangeSet{{one.change}, {}}).empty();
                files.push_back({std::move(one.change), std::move(one.contentKey), outside});
            }
            return files;
        },
        [this, key, repository = job.job.identity.repository, range, compares](Result<std::vector<DiffFile>> files) {
            if (key != m_shown)
                return;
            if (!files) {
                m_state->setText(tr("The change cannot be read. %1").arg(errorText(files.error())));
                return;
            }
            if (compares && files->empty()) {
                m_state->setText(tr("Both hold the same content"));
                return;
            }
            const MaskedChange change{m_console.git, m_console.masker, repository, range.first, range.second};
            DiffSource source;
            source.files = std::move(*files);
            source.patch = [change](const DiffFile &file) { return change.file(file.change); };
            source.content = [change](const DiffFile &file, DiffSide side) {
                return change.content(file.change, side);
            };
            m_view->setSource(std::move(source));
            m_view->setNotes({});
            m_state->hide();
            m_view->show();
            for (int i = 0; m_readsAhead && i < std::min(m_view->document()->count(), kMostAhead); ++i)
                m_view->document()->want(i);
            restore();
            Q_EMIT commentsChanged();
        });
    if (!compares) // of contents, which no gate judged against one another
        readNotes(job, range);
}

/// What no test ran and what the gates found beside the lines, once more when there is a new verdict.
void ChangesPane::readNotes(const JobDetails &job, const std::pair<CommitId, CommitId> &range)
{
    auto judgements = judgementsOf(job.attempts, range.second);
    if (judgements == m_judgements)
        return;
    m_judgements = std::move(judgements);
    m_console.reader->ask(
        this,
        [git = m_console.git, repository = job.job.identity.repository, content = range.second,
         judged = m_judgements](ReadSide &) -> Result<DiffNotes> {
            return notesOf(judged, content, [&](const CommitId &a, const CommitId &b) -> std::optional<QSet<RepoPath>> {
                const auto differ = git->changedFiles(repository, a, b);
                return differ ? std::optional(pathsOf(*differ)) : std::nullopt;
            });
        },
        [this, key = m_shown](const Result<DiffNotes> &notes) {
            if (notes && key == m_shown)
                m_view->setNotes(*notes);
        });
}

} // namespace openfactory::ui
