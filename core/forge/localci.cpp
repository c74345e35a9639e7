// SPDX-License-Identifier: Apache-2.0
#include "core/forge/localci.h"

#include "core/base/clock.h"
#include "core/base/descriptor.h"
#include "core/base/file.h"
#include "core/base/logging.h"
#include "core/base/removetree.h"
#include "core/base/text.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace openfactory {

namespace {

constexpr qint64 kMostScript = 1024 * 1024;
constexpr int kMostOpen = 64; ///< checks looked at in one go
constexpr qint64 kMostReportBytes = 64 * 1024 * 1024;
constexpr size_t kMostFindings = 200; ///< annotations kept of one check
constexpr std::chrono::milliseconds kCancelLook{500};

/// Held as long as the check belongs to this process; nothing where another one has it.
Descriptor ownCheck(const QString &folder)
{
    Descriptor lock(::open(QFile::encodeName(folder + QStringLiteral("/lock")).constData(),
                           O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (lock && ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        lock.reset();
    return lock;
}

/// The interpreter of a script, from its first line: its name only, which the sandbox looks up on its own path.
QString interpreterOf(const QByteArray &script)
{
    if (!script.startsWith("#!"))
        return QStringLiteral("sh");
    const QStringList words =
        QString::fromUtf8(script.sliced(2, std::max<qsizetype>(0, script.indexOf('\n') - 2))).simplified().split(u' ');
    const QString name = QFileInfo(words.value(0)).fileName();
    return name == QStringLiteral("env") ? QFileInfo(words.value(1)).fileName() : name;
}

/// Whether a person has ended the check, or the job that it is for.
bool isUnwanted(JobStore &store, const ForgeCheck &check)
{
    const auto now = store.forge().check(check.check.id);
    if (now && now->cancelAsked)
        return true;
    const auto id = JobId::parse(check.job);
    const auto job = id ? store.job(*id) : std::unexpected(id.error());
    return job && (job->progress.state == JobState::Cancelled || job->wishes.cancelAsked);
}

QString shown(const CommandOutcome &outcome)
{
    return outcome.ending == CommandOutcome::Ending::Exit ? QStringLiteral("exit %1").arg(outcome.exitCode)
                                                          : toName(outcome.ending);
}

} // namespace

QString bareOf(const QString &forgeFolder, const QString &repository)
{
    const QByteArray key = QCryptographicHash::hash(repository.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    return forgeFolder + QLatin1Char('/') + QString::fromLatin1(key) + QStringLiteral(".git");
}

QString checkFolder(const QString &forgeFolder, const QString &check)
{
    return forgeFolder + QStringLiteral("/checks/") + check;
}

LocalCi::LocalCi(LocalCiPorts ports) : m_ports(std::move(ports))
{}

LocalCi::~LocalCi()
{
    m_thread.request_stop();
    m_wake.notify_all();
}

void LocalCi::kick()
{
    const std::lock_guard held(m_mutex);
    m_kicked = true;
    if (!m_thread.joinable())
        m_thread = std::jthread([this](const std::stop_token &stop) { loop(stop); });
    m_wake.notify_all();
}

void LocalCi::loop(const std::stop_token &stop)
{
    const auto store = m_ports.openStore();
    if (!store) {
        qCWarning(lcEngine).noquote() << "the local CI cannot start:" << toText(store.error());
        return;
    }
    while (!stop.stop_requested()) {
        const auto worked = workOnOne(**store, stop);
        if (!worked)
            qCWarning(lcEngine).noquote() << "the local CI:" << toText(worked.error());
        if (worked && *worked)
            continue;
        std::unique_lock held(m_mutex);
        m_wake.wait(held, stop, [this] { return m_kicked; });
        m_kicked = false;
    }
}

Result<bool> LocalCi::workOnOne(JobStore &store, const std::stop_token &stop)
{
    OF_TRY(open, store.forge().openChecks(kMostOpen));
    for (const ForgeCheck &candidate : open) {
        const QString folder = checkFolder(m_ports.folder, candidate.check.id);
        OF_CHECK(makeFolder(folder));
        const Descriptor lock = ownCheck(folder);
        if (!lock)
            continue;
        OF_TRY(taken, store.forge().check(candidate.check.id));
        if (taken.check.status == CheckStatus::Completed)
            continue;
        taken.check.status = CheckStatus::Running;
        taken.check.startedMs = m_ports.clock->wallMs();
        OF_CHECK(store.forge().setCheck(taken));
        const auto came = runUnlessCancelled(taken, stop);
        if (!came)
            return false; // it stays open: the next process begins it again
        taken.check.status = CheckStatus::Completed;
        taken.check.conclusion = came->conclusion;
        taken.check.summary = came->summary;
        taken.findings = came->findings;
        taken.check.endedMs = m_ports.clock->wallMs();
        OF_CHECK(store.forge().setCheck(taken));
        if (m_ports.done)
            m_ports.done(taken.job);
        return true;
    }
    return false;
}

std::optional<LocalCi::Came> LocalCi::runUnlessCancelled(const ForgeCheck &check, const std::stop_token &stop)
{
    Came cancelled;
    cancelled.conclusion = CheckConclusion::Cancelled;
    cancelled.summary = QStringLiteral("cancelled by a person");
    std::stop_source ending;
    const std::stop_callback withUs(stop, [&] { ending.request_stop(); });
    // A cancel may come from any process: it is a word in the store.
    std::jthread watch([&](const std::stop_token &done) {
        const auto store = m_ports.openStore();
        std::mutex mutex;
        std::condition_variable_any over;
        std::unique_lock held(mutex);
        while (store && !done.stop_requested()) {
            if (isUnwanted(**store, check))
                ending.request_stop();
            over.wait_for(held, done, kCancelLook, [] { return false; });
        }
    });
    const auto came = run(check, ending.get_token());
    watch.request_stop();
    watch.join();
    if (stop.stop_requested())
        return std::nullopt;
    if (came)
        return *came;
    if (ending.stop_requested())
        return cancelled;
    Came broken; // no verdict on the code
    broken.summary = toText(came.error());
    return broken;
}

Result<StagePlan> LocalCi::planOf(const QString &checkout, const QString &reports, std::vector<CommandPattern> &allowed)
{
    if (const auto script = readBeneath(checkout, ".ci/run", kMostScript)) { // there, and no link
        PlannedCommand command;
        command.argv = {interpreterOf(*script), QStringLiteral(".ci/run")};
        command.program = command.argv.front();
        allowed.push_back({command.argv, true});
        StagePlan plan;
        plan.commands.push_back(command);
        return plan;
    }
    OF_TRY(languages, m_ports.toolchains->detect(checkout));
    const ToolchainInfo &language = languages.front();
    allowed.insert(allowed.end(), language.allowed.begin(), language.allowed.end());
    return m_ports.toolchains->plan(language, StageKind::UnitTest, checkout, reports, {});
}

Result<void> LocalCi::runCommand(const PlannedCommand &command, const CommandRequest &base, const QString &folder,
                                 Came &came, const std::stop_token &stop)
{
    CommandRequest request = base;
    request.argv = command.argv;
    request.folder = command.folder;
    request.environment = command.environment;
    request.network = command.network;
    request.logPath = folder + QStringLiteral("/part.log");
    QFile::remove(request.logPath);
    QFile::remove(request.logPath + QStringLiteral(".idx"));
    if (!m_ports.runner->hasProgram(command.needed())) {
        if (command.optional)
            return {};
        return fail(ErrorKind::NotFound, QStringLiteral("run %1").arg(command.needed()),
                    QStringLiteral("it is not installed"), command.howToInstall);
    }
    OF_TRY(outcome, m_ports.runner->run(request, stop));
    if (outcome.ending == CommandOutcome::Ending::Cancelled)
        return fail(ErrorKind::Cancelled, QStringLiteral("run %1").arg(command.argv.front()),
                    QStringLiteral("it was stopped"));
    QFile part(request.logPath);
    QFile whole(folder + QStringLiteral("/log"));
    if (!part.open(QIODevice::ReadOnly) || !whole.open(QIODevice::WriteOnly | QIODevice::Append))
        return fail(ErrorKind::Io, QStringLiteral("keep the log of a check"), whole.errorString());
    whole.write("$ " + command.argv.join(u' ').toUtf8() + '\n');
    while (!part.atEnd()) {
        const QByteArray bytes = part.read(1024 * 1024);
        if (whole.write(bytes) != bytes.size())
            return fail(ErrorKind::DiskFull, QStringLiteral("keep the log of a check"), whole.errorString());
    }
    whole.write("[" + shown(outcome).toUtf8() + "]\n");
    const bool exited = outcome.ending == CommandOutcome::Ending::Exit;
    const bool nothing = exited && std::ranges::contains(command.nothingCodes, outcome.exitCode);
    const bool passed = nothing || (exited && std::ranges::contains(command.passCodes, outcome.exitCode));
    came.checked += nothing ? 0 : 1;
    for (const ReportSource &source : command.reports) {
        const auto bytes = source.path.isEmpty() ? readSmallFile(request.logPath, kMostReportBytes)
                                                 : readBeneath(folder + QStringLiteral("/home/reports"),
                                                               QFile::encodeName(source.path), kMostReportBytes);
        const auto report = bytes ? m_ports.toolchains->read(source.kind, *bytes,
                                                             m_ports.workspaceInside.isEmpty()
                                                                 ? folder + QStringLiteral("/checkout")
                                                                 : m_ports.workspaceInside)
                                  : std::unexpected(bytes.error());
        if (!report)
            continue; // the exit code and the log say what there is to say
        if (report->tests) {
            came.counts.passed += report->tests->passed;
            came.counts.failed += report->tests->failed;
            came.counts.skipped += report->tests->skipped;
        }
        for (const Finding &finding : report->findings) {
            if (!passed && came.findings.size() < kMostFindings)
                came.findings.push_back(finding);
        }
    }
    if (!passed) {
        came.failed = true;
        if (came.summary.isEmpty())
            came.summary = QStringLiteral("%1: %2").arg(shownCommand(command.argv).left(80), shown(outcome));
    }
    return {};
}

Result<LocalCi::Came> LocalCi::run(const ForgeCheck &check, const std::stop_token &stop)
{
    const QString folder = checkFolder(m_ports.folder, check.check.id);
    const QString checkout = folder + QStringLiteral("/checkout");
    const QString home = folder + QStringLiteral("/home");
    for (const QString &left : QStringList{checkout, home, folder + QStringLiteral("/log")})
        removeTree(left);
    OF_CHECK(makeFolder(checkout));
    OF_CHECK(makeFolder(home + QStringLiteral("/reports")));
    OF_CHECK(m_ports.git->writeOut(bareOf(m_ports.folder, check.repository), check.check.commit, checkout, stop));
    const QString homeInside = m_ports.homeInside.isEmpty() ? home : m_ports.homeInside;
    CommandRequest base;
    base.scope.workspace = checkout;
    base.scope.home = home;
    OF_TRY(plan, planOf(checkout, homeInside + QStringLiteral("/reports"), base.allowed));
    Came came;
    for (const PlannedCommand &command : plan.commands) {
        OF_CHECK(runCommand(command, base, folder, came, stop));
        if (came.failed && plan.stopAtFirst)
            break;
    }
    if (came.failed) {
        came.conclusion = CheckConclusion::Failure;
    } else if (came.checked == 0) { // nothing is known of the commit
        came.conclusion = CheckConclusion::Neutral;
        came.summary = QStringLiteral("there is no .ci/run, and no test was found");
    } else {
        came.conclusion = CheckConclusion::Success;
        came.summary = QStringLiteral("passed");
    }
    if (came.counts.total() > 0)
        came.summary = QStringLiteral("%1 passed, %2 failed").arg(came.counts.passed).arg(came.counts.failed);
    removeTree(checkout);
    removeTree(home);
    return came;
}

} // namespace openfactory
