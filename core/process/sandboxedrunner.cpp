// SPDX-License-Identifier: Apache-2.0
#include "core/process/sandboxedrunner.h"

#include "core/base/file.h"
#include "core/base/host.h"
#include "core/base/text.h"
#include "core/domain/allowlist.h"
#include "core/domain/environmentnames.h"
#include "core/process/commandpump.h"
#include "core/process/environment.h"
#include "core/process/seccomp.h"
#include "core/process/strays.h"
#include "core/process/toolstate.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace openfactory {

namespace {

const QString helperName = QStringLiteral("of-sandbox-init");
const QString probeName = QStringLiteral("of-sandbox-probe");
const QString forwardName = QStringLiteral("of-sandbox-forward");
constexpr char forwardPort[] = "3128"; ///< on the sandbox's own loopback
const QByteArray probeInside = QByteArrayLiteral("/run/openfactory/probe");

/// The nearest libexec/openfactory at or above the program: the same for an installed program and a build folder.
QString helperFolder()
{
    QDir folder(QCoreApplication::applicationDirPath());
    for (int level = 0; level < 5; ++level) {
        const QString candidate = folder.filePath(QStringLiteral("libexec/openfactory"));
        if (QFileInfo(candidate + u'/' + helperName).isExecutable())
            return candidate;
        if (!folder.cdUp())
            break;
    }
    return {};
}

/// Where a program of the sandbox's PATH lies; what a link points to must be visible inside as well.
QString findProgram(const QString &program)
{
    if (program.isEmpty() || program.contains(u'/'))
        return {};
    for (const QString &folder : programFolders()) {
        const QString path = folder + u'/' + program;
        const QString real = realPath(path);
        if (real.startsWith(QStringLiteral("/usr/")) && QFileInfo(real).isFile() && QFileInfo(real).isExecutable())
            return path;
    }
    return {};
}

/// Whether the Python of the sandbox's PATH has the module, without starting it: where Debian and pip for the whole
/// system put one. The job's own home is none of these places, and the stages' -I leaves it out as well.
bool hasPythonModule(const QString &module)
{
    const QString python = QFileInfo(QFileInfo(findProgram(QStringLiteral("python3"))).canonicalFilePath()).fileName();
    if (!QRegularExpression(QStringLiteral("^python3\\.\\d+$")).match(python).hasMatch()
        || !QRegularExpression(QStringLiteral("^[A-Za-z_]\\w*$")).match(module).hasMatch())
        return false;
    for (const char *root : {"/usr/local/lib/", "/usr/lib/"}) {
        for (const QString &folder :
             QStringList{python + QStringLiteral("/dist-packages/"), python + QStringLiteral("/site-packages/"),
                         QStringLiteral("python3/dist-packages/"), python + u'/'}) {
            const QString path = QLatin1StringView(root) + folder + module;
            if (QFileInfo(path).isDir() || QFileInfo::exists(path + QStringLiteral(".py")))
                return true;
        }
    }
    return false;
}

/// Whether the user has a manager that gives scopes: it is asked for one.
bool scopeWorks(const QString &systemdRun)
{
    const QByteArray manager = qgetenv("XDG_RUNTIME_DIR") + "/systemd/private";
    if (!QFileInfo(systemdRun).isExecutable() || !QFileInfo::exists(QFile::decodeName(manager)))
        return false;
    const Descriptor quiet(::open("/dev/null", O_RDWR | O_CLOEXEC));
    SpawnRequest request;
    request.program = QFile::encodeName(systemdRun);
    request.arguments = scopeArguments() << "--" << "/usr/bin/true";
    request.environment = scopeEnvironment();
    request.errors = quiet.get();
    const auto trial = spawn(request);
    if (!trial)
        return false;
    if (!waitReadable(trial->pidfd.get(), std::chrono::seconds(5)))
        ::kill(trial->pid, SIGKILL);
    int status = -1;
    while (::waitpid(trial->pid, &status, 0) < 0 && errno == EINTR) {}
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// /tmp and /dev/shm are memory: a quarter of the command's, in reasonable bounds.
qint64 temporaryBytes(const CommandLimits &limits)
{
    return std::clamp<qint64>(limits.memoryMb / 4, 64, 1024) << 20;
}

bool isForwarded(const CommandRequest &request)
{
    return !request.proxySocket.isEmpty() || !request.input.isEmpty();
}

/// The command as the forwarder is to start it, and the variables by which programs find the proxy.
void forward(const CommandRequest &request, InsideCommand &command)
{
    const bool proxy = !request.proxySocket.isEmpty();
    QByteArrayList words{QFile::encodeName(forwardName), forwardPort, proxy ? proxyInside : "-",
                         request.input.isEmpty() ? QByteArray("-") : QFile::encodeName(request.input), command.program};
    command.argv = words + command.argv;
    command.program = forwardInside;
    const QByteArray address = QByteArrayLiteral("http://127.0.0.1:") + forwardPort;
    for (const char *name : {"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy"}) {
        if (proxy)
            command.environment << QByteArray(name) + '=' + address;
    }
    if (proxy) // Node reads the others with this one only
        command.environment << QByteArrayLiteral("NODE_USE_ENV_PROXY=1");
}

/// Nothing temporary can be made in the folder: what to do about it.
Error noTemporary(const QString &place, Error error)
{
    error.said = QStringLiteral("no temporary folder can be made in %1: %2").arg(displayable(place), error.said);
    if (error.kind == ErrorKind::DiskFull) {
        error.hint = QStringLiteral("make room in it, or set TMPDIR to another folder");
        return error;
    }
    error.kind = ErrorKind::Unavailable;
    error.hint = QStringLiteral("make it a folder that this user can write to, or set TMPDIR to one that is");
    return error;
}

/// The folder for temporary files. Qt gives an empty name for one that is missing, and would go on in the disk's root.
Result<QString> temporaryPlace()
{
    const QString named = qEnvironmentVariable("TMPDIR");
    const QString place = named.isEmpty() ? QStringLiteral("/tmp") : QDir(named).absolutePath();
    if (!QFileInfo(place).isDir())
        return std::unexpected(noTemporary(place, errnoError(ENOENT, QStringLiteral("check the sandbox"))));
    return place;
}

/// Where the sandbox is off, a path of the inside, alone or behind "=", is put back to where the folder really is.
QString outside(const QString &word, const SandboxScope &scope)
{
    for (const auto &[inside, real] :
         {std::pair{workspaceInside(), scope.workspace}, std::pair{homeInside(), scope.home}}) {
        const qsizetype begin = word.startsWith(u'/') ? 0 : word.indexOf(QStringLiteral("=/")) + 1;
        const QStringView path = QStringView(word).sliced(begin);
        if (path == inside || path.startsWith(QString(inside + u'/')))
            return word.first(begin) + real + path.sliced(inside.size());
    }
    return word;
}

} // namespace

struct SandboxedRunner::Prepared {
    InsideCommand command;
    OpenedScope scope;
};

SandboxedRunner::SandboxedRunner(RunnerOptions options)
    : m_options(std::move(options)),
      m_facts(std::unexpected(Error{}))
{}

SandboxedRunner::~SandboxedRunner() = default;

Result<SandboxTools> SandboxedRunner::findTools() const
{
    const QString doing = QStringLiteral("set up the sandbox");
    SandboxTools tools;
    const QString folder = m_options.helpers.isEmpty() ? helperFolder() : m_options.helpers;
    tools.helper = folder + u'/' + helperName;
    tools.probe = folder + u'/' + probeName;
    tools.forward = folder + u'/' + forwardName;
    if (folder.isEmpty() || !QFileInfo(tools.helper).isExecutable())
        return fail(ErrorKind::NotFound, doing, QStringLiteral("the program %1 is missing").arg(helperName),
                    QStringLiteral("reinstall OpenFactory"));
    if (m_options.mode == SandboxMode::Off)
        return tools;
    if (!QFileInfo(m_options.bwrap).isExecutable())
        return fail(ErrorKind::NotFound, doing, QStringLiteral("%1 is not installed").arg(m_options.bwrap),
                    howToInstall(QStringLiteral("bubblewrap")));
    OF_TRY(filter, seccompProgram());
    tools.seccomp = std::move(filter);
    tools.bwrap = m_options.bwrap;
    m_landlock = landlockScope();
    tools.landlock = m_landlock.get();
    if (scopeWorks(m_options.systemdRun))
        tools.systemdRun = m_options.systemdRun;
    return tools;
}

bool SandboxedRunner::hasProgram(const QString &program) const
{
    static const QString module = QStringLiteral("python3 -m ");
    return program.startsWith(module) ? hasPythonModule(program.sliced(module.size()))
                                      : !findProgram(program).isEmpty();
}

QStringList SandboxedRunner::layers() const
{
    const auto facts = probe();
    return facts ? facts->layers : QStringList();
}

std::optional<QByteArray> SandboxedRunner::toolState(const QStringList &programs) const
{
    if (m_options.mode == SandboxMode::Off) // a command sees the whole host then
        return std::nullopt;
    return hostToolState(programs);
}

Result<SandboxFacts> SandboxedRunner::probe() const
{
    // What failed is looked at again by the next command: bubblewrap may have been killed, or was installed since.
    const std::scoped_lock lock(m_mutex);
    if (!m_pool) {
        OF_TRY(tools, findTools());
        m_pool = std::make_unique<SandboxPool>(std::move(tools), m_options.idle);
    }
    if (!m_facts)
        m_facts = lookInside();
    return m_facts;
}

Result<void> SandboxedRunner::setUp() const
{
    const auto facts = probe();
    if (facts || (m_pool && m_options.mode == SandboxMode::Off))
        return {};
    // A job that meets it is none the worse, and no program of its own is missing.
    Error error = facts.error();
    if (error.kind != ErrorKind::DiskFull)
        error.kind = ErrorKind::Unavailable;
    if (error.hint.isEmpty())
        error.hint = QStringLiteral("factory doctor looks at this host");
    return std::unexpected(std::move(error));
}

Result<SandboxFacts> SandboxedRunner::lookInside() const
{
    const QString doing = QStringLiteral("check the sandbox");
    if (m_options.mode == SandboxMode::Off)
        return fail(ErrorKind::Unsupported, doing, QStringLiteral("the sandbox is switched off"));
    OF_TRY(place, temporaryPlace());
    errno = 0;
    QTemporaryDir folder(place + QStringLiteral("/openfactory-probe-XXXXXX"));
    if (!folder.isValid() || !QDir(folder.path()).mkdir(QStringLiteral("workspace"))
        || !QDir(folder.path()).mkdir(QStringLiteral("home")))
        return std::unexpected(noTemporary(place, errnoError(errno, doing)));
    CommandRequest request;
    request.scope.workspace = folder.filePath(QStringLiteral("workspace"));
    request.scope.home = folder.filePath(QStringLiteral("home"));
    request.limits.time = std::chrono::seconds(20);
    request.logPath = folder.filePath(QStringLiteral("facts.json"));
    InsideCommand command;
    command.program = probeInside;
    command.folder = QFile::encodeName(workspaceInside());
    command.argv = {QFile::encodeName(probeName)};
    for (const auto &[name, value] : baseEnvironment(homeInside()))
        command.environment << name + '=' + value;
    command.limits = request.limits;
    OF_TRY(scope, OpenedScope::open(request.scope));
    OF_TRY(outcome, execute(request, command, scope, {}, true));

    QFile file(request.logPath);
    if (!outcome.succeeded() || !file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Unavailable, doing, QStringLiteral("%1 did not come to its end").arg(probeName));
    SandboxFacts facts;
    facts.found = QJsonDocument::fromJson(file.readAll()).object();
    const QStringList wrong = differences(expectedFacts(), facts.found);
    if (!wrong.isEmpty())
        return fail(ErrorKind::Unavailable, doing, wrong.join(QStringLiteral("; ")),
                    QStringLiteral("no command runs in a sandbox that is not as it should be"));
    facts.layers = {QStringLiteral("bwrap"),      QStringLiteral("namespaces"),
                    QStringLiteral("no-network"), QStringLiteral("no-new-privileges"),
                    QStringLiteral("seccomp"),    QStringLiteral("rlimits"),
                    QStringLiteral("watch")};
    if (m_landlock)
        facts.layers << QStringLiteral("landlock");
    if (!m_pool->tools().systemdRun.isEmpty())
        facts.layers << QStringLiteral("systemd-scope");
    return facts;
}

Result<SandboxedRunner::Prepared> SandboxedRunner::prepare(const CommandRequest &request) const
{
    const bool off = m_options.mode == SandboxMode::Off;
    const QString workspace = off ? request.scope.workspace : workspaceInside();
    const QString home = off ? request.scope.home : homeInside();
    OF_CHECK(checkAllowed(request.argv, request.allowed,
                          QStringList(request.scope.writable) << workspaceInside() << homeInside()));
    const QString program = request.program.isEmpty() ? findProgram(request.argv.first()) : request.program;
    if (!request.program.isEmpty() && !std::ranges::any_of(request.scope.readOnly, [&](const QString &folder) {
            return QDir::cleanPath(program).startsWith(folder + u'/');
        }))
        return fail(ErrorKind::Denied, QStringLiteral("run %1").arg(displayable(program)),
                    QStringLiteral("it lies in none of the folders that it may read"));
    if (program.isEmpty()) {
        return fail(ErrorKind::NotFound, QStringLiteral("run %1").arg(displayable(request.argv.first())),
                    QStringLiteral("the program is not installed"),
                    QStringLiteral("programs are looked for in %1").arg(programFolders().join(u':')));
    }

    std::map<QByteArray, QByteArray> environment = baseEnvironment(home);
    for (const auto &[name, value] : request.environment) {
        OF_CHECK(checkEnvironmentName(name));
        environment[name.toLatin1()] = (off ? outside(value, request.scope) : value).toUtf8();
    }
    for (const QString &name : request.secrets) {
        OF_CHECK(checkEnvironmentName(name));
        if (!m_options.masker)
            return fail(ErrorKind::Denied, QStringLiteral("give the secret %1 to a command").arg(name),
                        QStringLiteral("nothing would mask it"));
        OF_TRY(value, m_options.masker->secret(name));
        environment[name.toLatin1()] = value;
    }
    for (const auto &[name, secret] : request.secretVariables) {
        OF_CHECK(checkEnvironmentName(name));
        if (!m_options.masker)
            return fail(ErrorKind::Denied, QStringLiteral("give the secret %1 to a command").arg(secret),
                        QStringLiteral("nothing would mask it"));
        OF_TRY(value, m_options.masker->secret(secret));
        environment[name.toLatin1()] = value;
    }
    if (isForwarded(request) && off)
        return fail(ErrorKind::Denied, QStringLiteral("run %1").arg(displayable(request.argv.first())),
                    QStringLiteral("the sandbox is off, and nothing else would hold back its network"),
                    QStringLiteral("turn the sandbox on (sandbox: on in openfactory.yaml)"));
    Prepared prepared;
    for (const auto &[name, value] : environment) {
        if (value.contains('\0'))
            return fail(ErrorKind::Invalid, QStringLiteral("set the variable %1").arg(QString::fromLatin1(name)),
                        QStringLiteral("the value holds a NUL"));
        prepared.command.environment << name + '=' + value;
    }
    OF_TRY(scope, OpenedScope::open(request.scope));
    OF_CHECK(scope.checkFolder(request.folder));
    prepared.scope = std::move(scope);
    prepared.command.program = QFile::encodeName(program);
    prepared.command.folder = QFile::encodeName(QDir::cleanPath(workspace + u'/' + request.folder));
    for (const QString &word : request.argv)
        prepared.command.argv << (off ? outside(word, request.scope) : word).toUtf8();
    if (isForwarded(request))
        forward(request, prepared.command);
    prepared.command.limits = request.limits;
    return prepared;
}

Result<CommandOutcome> SandboxedRunner::run(const CommandRequest &request, const std::stop_token &stop)
{
    OF_TRY(prepared, prepare(request));
    OF_CHECK(setUp());
    if (stop.stop_requested())
        return fail(ErrorKind::Cancelled, QStringLiteral("run %1").arg(request.argv.first()),
                    QStringLiteral("stopped before it began"));
    return execute(request, prepared.command, prepared.scope, stop, false);
}

Result<int> SandboxedRunner::endStrays(const QString &workspace)
{
    return endSandboxesOf(workspace);
}

Result<CommandOutcome> SandboxedRunner::execute(const CommandRequest &request, const InsideCommand &command,
                                                const OpenedScope &scope, const std::stop_token &stop,
                                                bool probing) const
{
    const QString doing = QStringLiteral("run %1").arg(displayable(QString::fromUtf8(command.argv.first())));
    const SandboxRequest sandbox{&scope,
                                 request.network,
                                 probing,
                                 isForwarded(request),
                                 request.proxySocket,
                                 temporaryBytes(request.limits),
                                 request.limits.memoryMb,
                                 request.limits.processes};
    QByteArray key = scope.key() + (request.network ? "net " : "") + QByteArray::number(sandbox.temporaryBytes);
    if (isForwarded(request))
        key += " forward " + QFile::encodeName(request.proxySocket);
    if (!m_pool->tools().systemdRun.isEmpty())
        key += ' ' + QByteArray::number(sandbox.memoryMb) + ' ' + QByteArray::number(sandbox.processes);
    OF_TRY(session, m_pool->take(key, sandbox));
    OF_TRY(log, LogWriter::open(request.logPath));

    PumpRequest pumping;
    int output[2];
    int errors[2];
    if (::pipe2(output, O_CLOEXEC) != 0)
        return std::unexpected(errnoError(errno, doing));
    pumping.output.reset(output[0]);
    Descriptor outputEnd(output[1]);
    if (::pipe2(errors, O_CLOEXEC) != 0)
        return std::unexpected(errnoError(errno, doing));
    pumping.errors.reset(errors[0]);
    Descriptor errorsEnd(errors[1]);
    // A larger pipe means fewer switches; where the user's share is used up the ordinary size will do.
    ::fcntl(outputEnd.get(), F_SETPIPE_SZ, 1 << 20);

    const auto begin = std::chrono::steady_clock::now();
    OF_CHECK(session->begin(command, outputEnd.get(), errorsEnd.get()));
    outputEnd.reset();
    errorsEnd.reset();
    pumping.session = session.get();
    pumping.log = &log;
    pumping.masker = m_options.masker;
    pumping.limits = request.limits;
    pumping.grace = m_options.grace;
    OF_TRY(pumped, pump(std::move(pumping), stop));

    const helper::Reply &reply = pumped.reply;
    if (!pumped.sandboxLost && reply.event == helper::Event::NotStarted) {
        const bool missing = reply.where == helper::Step::Execute && reply.number == ENOENT;
        return fail(missing ? ErrorKind::NotFound : ErrorKind::Unavailable, doing,
                    missing ? QStringLiteral("the program, or the interpreter it names, is not in the sandbox")
                            : QString::fromLocal8Bit(std::strerror(reply.number)));
    }
    if (pumped.sandboxLost && !pumped.cut)
        return fail(
            ErrorKind::Unavailable, doing,
            QStringLiteral("its sandbox was ended from outside: the system ran out of memory, or somebody killed it"),
            QStringLiteral("it is tried again; where that goes on, give the host more memory or run fewer workers"));
    CommandOutcome outcome;
    outcome.duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    if (!pumped.sandboxLost) { // else nobody is left who measured
        outcome.cpuMs = qint64(reply.cpuMicroseconds / 1000);
        outcome.peakMemoryKb = qint64(reply.peakKb);
    }
    outcome.outputBytes = log.bytes();
    if (pumped.cut) {
        outcome.ending = *pumped.cut;
    } else if (reply.cause == helper::Cause::Memory) {
        outcome.ending = CommandOutcome::Ending::MemoryLimit;
    } else if (reply.cause == helper::Cause::Processes) {
        outcome.ending = CommandOutcome::Ending::ProcessLimit;
    } else if (WIFSIGNALED(reply.number)) {
        outcome.ending = CommandOutcome::Ending::Signal;
    } else {
        outcome.exitCode = WEXITSTATUS(reply.number);
    }
    if (pumped.sandboxLost)
        outcome.signal = SIGKILL;
    else if (WIFSIGNALED(reply.number))
        outcome.signal = WTERMSIG(reply.number);
    if (m_options.mode != SandboxMode::Off && !probing) {
        outcome.layers = probe()->layers;
        if (request.network)
            outcome.layers.removeAll(QStringLiteral("no-network"));
        if (!request.proxySocket.isEmpty())
            outcome.layers << QStringLiteral("filtered-proxy");
    }
    const bool inOrder = !pumped.sandboxLost && !pumped.cut && reply.cause == helper::Cause::Itself && reply.clean == 1;
    m_pool->give(key, std::move(session), inOrder && !probing);
    return outcome;
}

} // namespace openfactory
