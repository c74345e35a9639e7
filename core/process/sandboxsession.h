// SPDX-License-Identifier: Apache-2.0
/// One running sandbox: bubblewrap with of-sandbox-init inside, ready for one command after another. Starting one costs
/// milliseconds, a command in it little more than the program itself.
#pragma once

#include "core/process/helper/protocol.h"
#include "core/process/sandboxscope.h"
#include "core/process/spawn.h"

#include <memory>
#include <optional>

namespace openfactory {

/// Where the forwarder and the socket that it leads to are inside.
inline constexpr char forwardInside[] = "/run/openfactory/forward";
inline constexpr char proxyInside[] = "/run/openfactory/proxy";

/// What is the same for all sandboxes of a runner.
struct SandboxTools {
    QString bwrap;      ///< absolute path; empty: sandbox switched off
    QString helper;     ///< of-sandbox-init
    QString probe;      ///< of-sandbox-probe, shown inside where it is wanted
    QString forward;    ///< of-sandbox-forward, the same
    QByteArray seccomp; ///< BPF program
    int landlock = -1;  ///< ruleset, owned by the runner
    QString systemdRun; ///< puts each sandbox into a scope of its own; empty: there is no user manager
};

struct SandboxRequest {
    const OpenedScope *scope = nullptr;
    bool network = false;
    bool probe = false;        ///< show the probe inside
    bool forward = false;      ///< show the forwarder inside
    QString proxy;             ///< a unix socket that the forwarder leads to; empty: none
    qint64 temporaryBytes = 0; ///< size of /tmp, and of /dev/shm
    qint64 memoryMb = 0;       ///< of the scope, where there is one
    int processes = 0;
};

/// A command in words of the inside.
struct InsideCommand {
    QByteArray program; ///< absolute path
    QByteArray folder;  ///< absolute path
    QByteArrayList argv;
    QByteArrayList environment; ///< NAME=value; may hold secrets
    CommandLimits limits;
};

/// One thread at a time; ends all its processes when it goes.
class SandboxSession {
public:
    /// Starts it and waits until it is ready; Unavailable with bubblewrap's words where it cannot be. Call from a
    /// thread that outlives the session: the kernel ends the sandbox with the thread that started it.
    static Result<std::unique_ptr<SandboxSession>> start(const SandboxTools &tools, const SandboxRequest &request);
    ~SandboxSession();

    /// Hands a command over, with the ends of its output pipes.
    Result<void> begin(const InsideCommand &command, int output, int errors);
    /// Asks for SIGTERM or SIGKILL for all its processes. False when the sandbox is gone.
    bool order(helper::Order order);
    /// Readable when a reply waits, or when the sandbox is gone.
    int control() const { return m_control.get(); }
    /// Nothing when the sandbox is gone.
    std::optional<helper::Reply> reply();
    /// Ends the sandbox from outside and waits until every process in it is gone.
    void destroy();
    bool isAlive() const;

private:
    SandboxSession() = default;
    Spawned m_process;   ///< bubblewrap, or the helper where the sandbox is off
    Descriptor m_inside; ///< pidfd of the first process inside: it goes last
    Descriptor m_control;
    bool m_namespaced = false;
};

/// bubblewrap's arguments for a request; the descriptors they name are the scope's and those in `data`.
Result<QByteArrayList> sandboxArguments(const SandboxTools &tools, const SandboxRequest &request,
                                        std::vector<Descriptor> &data);

/// How systemd-run is called for a scope of the user's manager, before the limits.
QByteArrayList scopeArguments();
/// What it needs to find that manager.
QByteArrayList scopeEnvironment();

} // namespace openfactory
