// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/changespane.h"

#include "core/domain/contract.h"
#include "ui/models/words.h"
#include "ui/widgets/diffdocument.h"
#include "ui/widgets/diffview.h"
#include "ui/widgets/named.h"

#include <QHBoxLayout>
#include <QJsonArray>
#include <QJsonObject>
#include <QSettings>
#include <QVBoxLayout>

#include <algorithm>

namespace openfactory::ui {

namespace {

QString viewedKey(const JobId &job)
{
    return QStringLiteral("viewed/") + job.text();
}

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

/// What the newest gates say of single lines.
DiffNotes notesOf(const JobDetails &job)
{
    QHash<QString, const AttemptRecord *> newest;
    for (const AttemptRecord &attempt : job.attempts) {
        if (attempt.verdict)
            newest.insert(attempt.stage, &attempt);
    }
    DiffNotes notes;
    for (const AttemptRecord *attempt : std::as_const(newest)) {
        for (const Finding &finding : attempt->verdict->findings) {
            if (!finding.file.isEmpty() && finding.line > 0)
                notes.findings.push_back({finding.file, finding.line, finding.message.left(400)});
        }
    }
    return notes;
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
        QSettings().setValue(viewedKey(m_job), QStringList(keys.cbegin(), keys.cend()));
    });
    connect(m_view, &DiffView::commentsChanged, this, &ChangesPane::commentsChanged);
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

QString ChangesPane::viewedText() const
{
    const int count = m_view->document()->count();
    return m_shown.isEmpty() || count == 0 ? QString() : tr("%1 of %2 viewed").arg(m_view->viewedCount()).arg(count);
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
    if (key == m_shown)
        return;
    m_shown = key;
    m_job = job.job.id();
    m_view->hide();
    m_state->setText(tr("Reading the change…"));
    m_state->show();
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
        [this, key, job, range, compares](Result<std::vector<DiffFile>> files) {
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
            const MaskedChange change{m_console.git, m_console.masker, job.job.identity.repository, range.first,
                                      range.second};
            DiffSource source;
            source.files = std::move(*files);
            source.patch = [change](const DiffFile &file) { return change.file(file.change); };
            source.content = [change](const DiffFile &file, DiffSide side) {
                return change.content(file.change, side);
            };
            m_view->setSource(std::move(source));
            m_view->setNotes(compares ? DiffNotes() : notesOf(job)); // they speak of the job's newest content
            const QStringList viewed = QSettings().value(viewedKey(m_job)).toStringList();
            m_view->setViewed(QSet<QString>(viewed.cbegin(), viewed.cend()));
            m_state->hide();
            m_view->show();
        });
}

} // namespace openfactory::ui
