// SPDX-License-Identifier: Apache-2.0
/// The port to processes: one command, matched against the allowlist, run in the sandbox, its output masked and stored.
#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QStringList>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace openfactory {

/// A pattern of the allowlist: word by word. "*" matches one word that is not an option (does not start with "-");
/// "..." at the end matches any further words that are not options; "{path}" one path inside the workspace (relative
/// or absolute as seen inside) or inside a folder of the scope's `writable` (reports: "--junitxml={path}");
/// "{paths...}" at the end any number of them; "{int}" digits; "{number}" a decimal; other words match themselves.
/// A word may end in one of the last: "--flag={path}", "cache_dir={path}", "--width={int}".
struct CommandPattern {
    QStringList words;
    bool builtIn = false; ///< of a toolchain file of this program; everything else comes from people
};

struct CommandLimits {
    std::chrono::milliseconds time{900'000};
    qint64 memoryMb = 4096;
    int processes = 512;
    qint64 outputBytes = qint64(1) << 30; ///< of the log; beyond it the command is ended and the log says so
    qint64 fileMb = 4096;                 ///< one file written by the command
    std::chrono::seconds cpu{0};          ///< 0: no limit
};

/// What a sandboxed command sees beside the host's read-only tools.
struct SandboxScope {
    QString workspace;    ///< writable
    QString gitFolder;    ///< common .git of the main repository: never writable; hidden unless `showGit`
    bool showGit = false; ///< read-only, with hooks and config left out
    QString home;         ///< the job's own home and caches, writable, kept between commands
    QStringList readOnly; ///< further paths
    QStringList writable; ///< further paths (build caches)
};

struct CommandRequest {
    QStringList argv; ///< program name (looked up in the sandbox's fixed PATH) and arguments; never a shell line
    QString program;  ///< absolute path, beneath scope.readOnly, in place of the look-up; empty: argv[0] is looked up
    QString folder;   ///< relative to the workspace; empty: its root
    SandboxScope scope;
    std::vector<CommandPattern> allowed; ///< the allowlist of toolchain, contract and ticket together
    std::map<QString, QString>
        environment;     ///< plain values; names that steer the loader or a tool's start-up are refused
    QStringList secrets; ///< names of secrets put into the environment; their values are masked everywhere
    std::map<QString, QString> secretVariables; ///< the same under other names: variable -> secret
    bool network = false;
    /// A unix socket of a proxy, the command's only way out: it finds it by HTTPS_PROXY and its kind. Empty: none.
    /// Denied where there is no sandbox, because nothing would hold it there.
    QString proxySocket;
    QString input; ///< what it reads on standard input, a path as seen inside; empty: nothing
    CommandLimits limits;
    QString logPath; ///< absolute; ".idx" lies beside it
};

struct CommandOutcome {
    enum class Ending { Exit, Signal, Timeout, Cancelled, OutputLimit, MemoryLimit, ProcessLimit };
    Ending ending = Ending::Exit;
    int exitCode = -1;
    int signal = 0;
    std::chrono::milliseconds duration{0};
    qint64 cpuMs = -1;        ///< negative: unknown
    qint64 peakMemoryKb = -1; ///< negative: unknown
    qint64 outputBytes = 0;   ///< bytes in the log, after masking
    QStringList layers;       ///< in force for this command
    bool succeeded() const { return ending == Ending::Exit && exitCode == 0; }
};

class CommandRunner {
public:
    virtual ~CommandRunner() = default;
    /// Runs to the end; a stop ends the whole process tree within a second. Denied when the allowlist or the sandbox
    /// refuses, NotFound (naming the program) when it is not installed: nothing was started then. Blocks; any thread.
    virtual Result<CommandOutcome> run(const CommandRequest &request, const std::stop_token &stop) = 0;
    /// Ends the commands that another process has running in the workspace, whose job was taken from it; returns when
    /// they are gone, with their count. Timeout where one does not go.
    virtual Result<int> endStrays(const QString &workspace) = 0;
    /// Whether the program exists on the sandbox's PATH; "python3 -m NAME": whether Python there has the module.
    virtual bool hasProgram(const QString &program) const = 0;
    /// The layers that commands run under on this host, as probed ("bwrap", "seccomp", "rlimits", ...); empty: none.
    virtual QStringList layers() const = 0;
    /// A digest of what on the host decides how these programs act: they themselves, with the versions of all that is
    /// installed. Nothing where it cannot be told.
    virtual std::optional<QByteArray> toolState(const QStringList &) const { return std::nullopt; }
};

/// Takes secrets out of a byte stream. One object per stream, one thread at a time. Bytes that may be the start of a
/// secret are held back until they are resolved; finish() gives out the rest.
class MaskStream {
public:
    virtual ~MaskStream() = default;
    virtual void feed(QByteArrayView in, QByteArray &out) = 0;
    virtual void finish(QByteArray &out) = 0;
};

/// All secrets known to this process, in every encoding. Thread-safe.
class Masker {
public:
    virtual ~Masker() = default;
    virtual std::unique_ptr<MaskStream> stream() const = 0;
    /// The text with every secret masked.
    virtual QByteArray mask(const QByteArray &text) const = 0;
    QString masked(const QString &text) const { return QString::fromUtf8(mask(text.toUtf8())); }
    /// The value of a registered secret; NotFound names it.
    virtual Result<QByteArray> secret(const QString &name) const = 0;
    /// Whether the bytes hold a registered secret in any encoding.
    virtual bool holdsSecret(const QByteArray &text) const = 0;
    /// Grows when secrets are added; lets callers keep derived state.
    virtual int generation() const = 0;
};

QString toName(CommandOutcome::Ending);

/// A command's words for people: a program's text given as a word (`-c TEXT`) tells them nothing and is an ellipsis.
QStringList shownWords(QStringList argv);
/// Those words as one line.
QString shownCommand(const QStringList &argv);

/// Whether a secret may be called that: letters, digits, "_", "-" and ".", at most 64, the first no "-" or ".".
bool isSecretName(QStringView name);

} // namespace openfactory
