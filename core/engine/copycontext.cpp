// SPDX-License-Identifier: Apache-2.0
#include "core/engine/copycontext.h"

#include "core/base/file.h"
#include "core/base/id.h"
#include "core/base/removetree.h"
#include "core/engine/foldercontent.h"
#include "core/engine/stagecommand.h"

#include <QFile>

namespace openfactory {

namespace {

constexpr qint64 kMostLink = 4096; ///< of the workspace's .git, which names the repository

std::unexpected<Error> notInACopy(const QString &what)
{
    return fail(ErrorKind::Unsupported, QStringLiteral("judge a copy of the workspace"), what);
}

} // namespace

size_t SideLedger::begin(Command command)
{
    size_t place = 0;
    {
        const std::scoped_lock lock(m_mutex);
        place = m_commands.size();
        m_commands.push_back(std::move(command));
    }
    m_changed.notify_all();
    return place;
}

void SideLedger::end(size_t place, const CommandRecord &record)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_commands[place].record = record;
    }
    m_changed.notify_all();
}

void SideLedger::keep(Kept file)
{
    const std::scoped_lock lock(m_mutex);
    m_kept.push_back(std::move(file));
}

void SideLedger::close()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_closed = true;
    }
    m_changed.notify_all();
}

void SideLedger::judge(const QString &inputs)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_inputs = inputs;
    }
    m_changed.notify_all();
}

QString SideLedger::judged()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_closed || !m_inputs.isEmpty(); });
    return m_inputs;
}

std::optional<SideLedger::Command> SideLedger::wait(size_t place, bool finished)
{
    std::unique_lock lock(m_mutex);
    const auto there = [&] { return place < m_commands.size() && (!finished || m_commands[place].record.finished); };
    m_changed.wait(lock, [&] { return m_closed || there(); });
    return there() ? std::optional(m_commands[place]) : std::nullopt;
}

std::optional<SideLedger::Command> SideLedger::begun(size_t place)
{
    return wait(place, false);
}

std::optional<SideLedger::Command> SideLedger::ended(size_t place)
{
    return wait(place, true);
}

std::vector<SideLedger::Kept> SideLedger::kept()
{
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_kept, {});
}

CopyContext::CopyContext(const SideJob &side, SideLedger &ledger, QString place, std::stop_token stop)
    : m_side(side),
      m_ledger(ledger),
      m_place(std::move(place)),
      m_stop(std::move(stop))
{}

CopyContext::CopyContext(CopyContext &now) : CopyContext(now.m_side, now.m_ledger, now.m_place, now.m_stop)
{
    m_now = &now;
    m_open = true;
}

CopyContext::~CopyContext()
{
    m_before.reset();
    removeTree(files());
    removeTree(home());
}

Result<void> CopyContext::makeReports()
{
    const QString name = QStringLiteral("reports-") + newUlid();
    OF_CHECK(makeFolder(home() + QLatin1Char('/') + name));
    m_reports = name;
    return {};
}

Result<void> CopyContext::open()
{
    const QString &repository = m_side.job.identity.repository;
    OF_CHECK(makeFolder(files()));
    OF_CHECK(makeFolder(m_place + QStringLiteral("/logs")));
    OF_CHECK(makeReports());
    OF_CHECK(git().writeOut(repository, m_side.content, files(), m_stop));
    // Tools find the top of a project by it; inside it is as unwritable as the workspace's.
    if (const auto link = readBeneath(m_side.workspace.path, ".git", kMostLink)) {
        QFile copy(files() + QStringLiteral("/.git"));
        if (!copy.open(QIODevice::WriteOnly | QIODevice::NewOnly) || copy.write(*link) != link->size())
            return fail(ErrorKind::Io, QStringLiteral("write %1").arg(copy.fileName()), copy.errorString());
    }
    m_open = true;
    return isAsMade() ? Result<void>() : notInACopy(QStringLiteral("commands read more there than what git holds"));
}

bool CopyContext::isAsMade() const
{
    return besideDigest(git(), m_side.job.identity.repository, m_side.content, files()) == m_side.beside
           && homeDigest(home()) == m_side.home;
}

WorkspaceRef CopyContext::workspace() const
{
    WorkspaceRef workspace = m_side.workspace;
    if (m_open) // until then plans are made where the files are
        workspace.path = files();
    return workspace;
}

Result<ChangeSet> CopyContext::change()
{
    if (!m_change) {
        OF_TRY(change, git().diff(m_side.job.identity.repository, m_side.base, m_side.content, false));
        m_change = std::move(change);
    }
    return m_now ? asBefore(*m_change) : *m_change;
}

Result<StageContext *> CopyContext::before()
{
    if (m_now)
        return this;
    if (m_before)
        return m_before.get();
    std::unique_ptr<CopyContext> made(new CopyContext(*this));
    OF_CHECK(makeFolder(made->files()));
    OF_CHECK(made->makeReports());
    OF_CHECK(git().writeOut(m_side.job.identity.repository, m_side.base, made->files(), m_stop));
    m_before = std::move(made);
    return m_before.get();
}

Result<std::vector<std::pair<QString, Verdict>>> CopyContext::verdicts()
{
    return notInACopy(QStringLiteral("what other gates say is not known there"));
}

Result<std::vector<Risk>> CopyContext::risks()
{
    return notInACopy(QStringLiteral("what other gates say is not known there"));
}

QString CopyContext::workspaceInside() const
{
    return seenAs(m_side.ports->settings.workspaceInside, files());
}

QString CopyContext::reportsInside() const
{
    return seenAs(m_side.ports->settings.homeInside, home()) + QLatin1Char('/') + m_reports;
}

Result<QByteArray> CopyContext::report(const QString &name, qint64 mostBytes)
{
    return readBeneath(home() + QLatin1Char('/') + m_reports, QFile::encodeName(name), mostBytes);
}

Result<void> CopyContext::keepArtifact(const QString &name, const QByteArray &bytes)
{
    if (!m_now) // of the change, not of what was there before
        m_ledger.keep({name, bytes});
    return {};
}

Result<CommandRun> CopyContext::run(const PlannedCommand &command)
{
    if (!m_open)
        return notInACopy(QStringLiteral("there is none yet"));
    const EnginePorts &ports = *m_side.ports;
    if (!command.caches.isEmpty()) // it would make all of it anew
        return notInACopy(QStringLiteral("%1 has its caches in the job's home").arg(command.argv.value(0)));
    if (m_side.stage.network || command.network) // which is one for all
        return notInACopy(QStringLiteral("%1 uses the network").arg(command.argv.value(0)));
    OF_CHECK(checkRoom(ports.settings, m_place, command));
    const int number = ++(m_now ? m_now : this)->m_commands;
    const QString logPath = m_place + QStringLiteral("/logs/%1.log").arg(number);
    CommandRecord record = recordOf(ports, command);
    if (m_now)
        record.folder = QStringLiteral("before the change");
    const size_t place = m_ledger.begin({record, logPath});

    CommandRequest request = requestOf(m_side.contract, m_side.pipeline, m_side.stage, m_side.toolchain, command);
    request.scope.workspace = files();
    request.scope.home = home();
    if (!m_now)
        request.scope.gitFolder = m_side.gitFolder;
    request.logPath = logPath;
    const auto outcome = ports.runner->run(request, m_stop);
    finish(record, outcome);
    m_ledger.end(place, record);
    return runOf(command, outcome, logPath, number);
}

std::optional<QByteArray> besideDigest(Workspaces &git, const QString &repository, const CommitId &content,
                                       const QString &folder)
{
    const auto files = git.files(repository, content);
    if (!files)
        return std::nullopt;
    const SourceFiles tracked{*files, {}};
    return contentDigest(folder, [&](const RepoPath &path, bool isFolder) {
        return path == ".git" || (!isFolder && tracked.has(path)); // a submodule's files are in no tree of ours
    });
}

std::optional<QByteArray> homeDigest(const QString &home)
{
    return contentDigest(home,
                         [](const RepoPath &path, bool) { return path == ".cache" || path.startsWith("reports-"); });
}

} // namespace openfactory
