// SPDX-License-Identifier: Apache-2.0
/// Keeps the leases of one owner alive from a thread of its own, so that neither a long command nor a busy event loop
/// lets them lapse. Made and ended on any one thread.
#pragma once

#include "core/engine/ports.h"

#include <functional>
#include <thread>

namespace openfactory {

class LeaseKeeper {
public:
    /// `lost` is called from the keeper's thread when a lease of the owner was taken by somebody else.
    static Result<std::unique_ptr<LeaseKeeper>> start(const EnginePorts &ports,
                                                      std::function<void(const Error &)> lost);
    ~LeaseKeeper();
    /// ULID of this engine instance.
    const QString &owner() const { return m_owner; }

private:
    LeaseKeeper() = default;

    QString m_owner;
    std::shared_ptr<void> m_alive;
    std::jthread m_thread;
};

} // namespace openfactory
