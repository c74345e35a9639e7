// SPDX-License-Identifier: Apache-2.0
/// The only way out for a command that has no network: a proxy on a unix socket that connects to the named hosts and to
/// no other. HTTP CONNECT, and plain requests with a whole URL; no name is resolved for anybody who may not go there.
#pragma once

#include "core/base/error.h"

#include <QStringList>

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace openfactory {

/// A host that may be reached. Names are compared whole, without case.
struct ReachableHost {
    QString host;
    quint16 port = 443;
    bool operator==(const ReachableHost &) const = default;
};
/// "host" or "host:port"; Invalid where it is neither a name nor an address.
Result<ReachableHost> reachableHost(const QString &text);

/// Listens from start() until it goes; has threads of its own.
class FilterProxy {
public:
    /// The socket lies in a fresh folder that this user alone can enter.
    static Result<std::unique_ptr<FilterProxy>> start(std::vector<ReachableHost> hosts);
    ~FilterProxy();
    FilterProxy(const FilterProxy &) = delete;

    QString socketPath() const { return m_path; }
    /// "host:port" of each that was refused, once, bounded; hostile text.
    QStringList refused() const;

private:
    FilterProxy() = default;
    void serve();
    void handle(int client);
    bool mayReach(const QString &host, quint16 port);

    std::vector<ReachableHost> m_hosts;
    QString m_folder;
    QString m_path;
    int m_listener = -1;
    int m_wake[2] = {-1, -1}; ///< the second end is closed to end all threads
    mutable std::mutex m_mutex;
    QStringList m_refused;
    struct Client {
        std::unique_ptr<std::atomic<bool>> over;
        std::jthread thread;
    };
    std::vector<Client> m_clients; ///< of the server's thread
    std::jthread m_server;
};

} // namespace openfactory
