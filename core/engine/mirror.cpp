// SPDX-License-Identifier: Apache-2.0
#include "core/engine/mirror.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/engine/evidence.h"
#include "core/engine/ports.h"

#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace openfactory {

namespace {
constexpr int kMostJobs = 200;
constexpr int kMostRunning = 64; ///< more workers than that on one desk are not told apart
constexpr qsizetype kRunningNamed = 3;
constexpr qint64 kMostAuditBytes = 4 * 1024 * 1024;
} // namespace

bool interrupted(JobStore &store, const Job &job)
{
    if (job.progress.state != JobState::Running)
        return false;
    const auto owner = store.ownerOf(job.id());
    return owner && !*owner;
}

QString heldBackBy(JobStore &store, const Job &job)
{
    if (isEnded(job.progress.state))
        return {};
    QStringList others;
    for (const JobId &id : job.identity.dependsOn) {
        if (const auto other = store.job(id); other && other->progress.state != JobState::Done)
            others << QStringLiteral("%1, which is %2").arg(other->slug().text(), toName(other->progress.state));
    }
    if (const auto paused = store.enginePaused(); others.isEmpty() && paused && *paused)
        others << QStringLiteral("the engine to go on, which is paused (factory resume --engine)");
    return others.join(QStringLiteral("; "));
}

namespace {

/// With what the workers do meanwhile: else nobody knows whether there is any.
QString freeWorker(JobStore &store, const QString &said)
{
    const QString what = said.isEmpty() ? QStringLiteral("a free worker") : said;
    const auto running = store.jobs({.priority = {},
                                     .status = {},
                                     .state = JobState::Running,
                                     .repository = {},
                                     .archived = false,
                                     .limit = kMostRunning,
                                     .before = {}});
    QStringList names;
    for (const Job &other : running.value_or(std::vector<Job>())) {
        if (!interrupted(store, other))
            names << other.slug().text();
    }
    if (names.isEmpty())
        return what;
    const qsizetype more = names.size() - kRunningNamed;
    return what + QStringLiteral("; running now: ")
           + names.first(std::min(names.size(), kRunningNamed)).join(QStringLiteral(", "))
           + (more > 0 ? QStringLiteral(" and %1 more").arg(more) : QString());
}

} // namespace

QString waitsFor(JobStore &store, const Job &job)
{
    if (interrupted(store, job))
        return QStringLiteral("somebody to go on with it, its process ended (factory run -s %1, or any worker)")
            .arg(job.slug().text());
    const bool queued = job.progress.state == JobState::Created
                        || (job.progress.state == JobState::Waiting && job.progress.wait.kind == WaitKind::Retry);
    if (!queued) {
        if (job.progress.state != JobState::Waiting)
            return {};
        const auto decisions = job.progress.wait.kind == WaitKind::Approval ? store.decisions(job.id())
                                                                            : Result<std::vector<Decision>>();
        const bool decided = decisions && std::ranges::any_of(*decisions, isPending);
        return decided ? QStringLiteral("somebody to carry out the decision (factory run -s %1, or any worker)")
                             .arg(job.slug().text())
                       : job.progress.wait.what;
    }
    if (job.wishes.paused)
        return QStringLiteral("somebody to let it go on (factory resume -s %1)").arg(job.slug().text())
               + (job.wishes.pauseReason.isEmpty() ? QString() : QStringLiteral(": ") + job.wishes.pauseReason);
    if (const QString others = heldBackBy(store, job); !others.isEmpty())
        return others;
    const QString &what = job.progress.wait.what;
    return what.isEmpty() || what == waitForWorkerText() ? freeWorker(store, what) : what;
}

QJsonObject taskJson(JobStore &store, const Job &job, const std::vector<AttemptRecord> &attempts)
{
    QHash<QString, const AttemptRecord *> newest;
    QStringList order;
    for (const auto &attempt : attempts) {
        if (!newest.contains(attempt.stage))
            order << attempt.stage;
        newest[attempt.stage] = &attempt;
    }
    QJsonArray stages;
    for (const QString &name : order) {
        const AttemptRecord &attempt = *newest[name];
        stages.append(
            QJsonObject{{QStringLiteral("stage"), name},
                        {QStringLiteral("attempt"), attempt.number},
                        {QStringLiteral("state"), toName(attempt.state)},
                        {QStringLiteral("summary"), attempt.verdict ? attempt.verdict->summary : attempt.note}});
    }
    return {{QStringLiteral("id"), job.id().text()},
            {QStringLiteral("slug"), job.slug().text()},
            {QStringLiteral("title"), job.identity.title},
            {QStringLiteral("repository"), job.identity.repository},
            {QStringLiteral("branch"), job.identity.branch},
            {QStringLiteral("target"), job.identity.target},
            {QStringLiteral("priority"), toName(job.wishes.priority)},
            {QStringLiteral("author"), toName(job.identity.author)},
            {QStringLiteral("status"), toName(coarseStatus(job))},
            {QStringLiteral("state"), toName(job.progress.state)},
            {QStringLiteral("interrupted"), interrupted(store, job)},
            {QStringLiteral("wait"), toName(job.progress.wait.kind)},
            {QStringLiteral("waits_for"), waitsFor(store, job)},
            {QStringLiteral("note"), job.progress.note},
            {QStringLiteral("paused"), job.wishes.paused},
            {QStringLiteral("workspace"), job.progress.workspace},
            {QStringLiteral("head"), job.progress.head},
            {QStringLiteral("integrated"), job.progress.integrated},
            {QStringLiteral("trace"), job.identity.traceId},
            {QStringLiteral("revision"), job.revision},
            {QStringLiteral("created"), utcText(job.identity.createdMs)},
            {QStringLiteral("updated"), utcText(job.updatedMs)},
            {QStringLiteral("stages"), stages}};
}

namespace {

/// The lock of a repository's mirrors, across processes: on the folder itself, so that no file is left by it. Who
/// holds it reads the store afterwards, so that nothing older ever replaces something newer.
class MirrorLock {
public:
    /// -1 where the folder is not there, or is not ours.
    explicit MirrorLock(const QString &folder)
        : m_folder(::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC))
    {
        while (m_folder >= 0 && ::flock(m_folder, LOCK_EX) != 0 && errno == EINTR) {}
    }
    ~MirrorLock()
    {
        if (m_folder >= 0)
            ::close(m_folder);
    }
    MirrorLock(const MirrorLock &) = delete;
    MirrorLock &operator=(const MirrorLock &) = delete;
    bool held() const { return m_folder >= 0; }

private:
    int m_folder;
};

QByteArray auditLine(const AuditRecord &entry)
{
    return QJsonDocument(QJsonObject{{QStringLiteral("seq"), entry.seq},
                                     {QStringLiteral("at"), utcText(entry.atMs)},
                                     {QStringLiteral("actor"), entry.actor},
                                     {QStringLiteral("action"), entry.action},
                                     {QStringLiteral("job"), entry.job},
                                     {QStringLiteral("detail"), entry.detail},
                                     {QStringLiteral("hash"), entry.hash}})
               .toJson(QJsonDocument::Compact)
           + '\n';
}

/// The sequence number that the mirror reaches; 0 where it ends in anything but an entry of this store.
Result<qint64> reached(JobStore &store, const QByteArray &text)
{
    const auto last = QJsonDocument::fromJson(text.trimmed().split('\n').last()).object();
    const qint64 seq = last[QStringLiteral("seq")].toInteger();
    if (seq <= 0 || !text.endsWith('\n'))
        return 0;
    OF_TRY(entries, store.auditAfter(seq - 1, 1));
    const bool same = !entries.empty() && entries.front().seq == seq
                      && entries.front().hash == last[QStringLiteral("hash")].toString();
    return same ? seq : 0;
}

} // namespace

namespace {

/// A file of that name which is not one of ours belongs to somebody: it is left as it is.
Result<void> checkOurs(const QString &path, bool ours)
{
    if (ours || !QFileInfo::exists(path))
        return {};
    return fail(ErrorKind::Denied, QStringLiteral("write the mirror %1").arg(displayable(path)),
                QStringLiteral("a file that OpenFactory did not make has that name; it is left as it is"),
                QStringLiteral("move it away, and the mirror is written with the next step"));
}

} // namespace

Result<void> writeMirrors(JobStore &store, const QString &repository)
{
    const QString folder = repository + QStringLiteral("/.factory");
    const MirrorLock lock(folder);
    if (!lock.held())
        return {}; // no workspace was made there yet, or it is not ours
    JobFilter filter;
    filter.repository = repository;
    filter.limit = kMostJobs;
    OF_TRY(jobs, store.jobs(filter));
    QJsonArray tasks;
    QSet<QString> ids;
    for (const Job &job : jobs) {
        OF_TRY(attempts, store.attempts(job.id()));
        tasks.append(taskJson(store, job, attempts));
        ids.insert(job.id().text());
    }
    const QString tasksPath = folder + QStringLiteral("/tasks.json");
    const auto present = readSmallFile(tasksPath);
    OF_CHECK(checkOurs(tasksPath, present && QJsonDocument::fromJson(*present)[QStringLiteral("tasks")].isArray()));
    OF_CHECK(writeFileAtomically(tasksPath, QJsonDocument(QJsonObject{{QStringLiteral("tasks"), tasks}}).toJson()));

    const QString path = folder + QStringLiteral("/audit.log");
    QByteArray text = readSmallFile(path, 2 * kMostAuditBytes).value_or(QByteArray());
    OF_CHECK(checkOurs(path, text.startsWith('{') || (text.isEmpty() && QFileInfo(path).size() == 0)));
    OF_TRY(seq, reached(store, text));
    if (seq == 0)
        text.clear();
    while (true) {
        OF_TRY(entries, store.auditAfter(seq, 1000));
        for (const auto &entry : entries) {
            seq = entry.seq;
            if (ids.contains(entry.job))
                text += auditLine(entry);
        }
        if (entries.size() < 1000)
            break;
    }
    if (text.size() > kMostAuditBytes)
        text = text.sliced(text.indexOf('\n', text.size() - kMostAuditBytes) + 1);
    return writeFileAtomically(path, text);
}

} // namespace openfactory
