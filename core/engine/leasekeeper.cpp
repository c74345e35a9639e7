// SPDX-License-Identifier: Apache-2.0
#include "core/engine/leasekeeper.h"

#include "core/base/logging.h"

namespace openfactory {

Result<std::unique_ptr<LeaseKeeper>> LeaseKeeper::start(const EnginePorts &ports,
                                                        std::function<void(const Error &)> lost)
{
    auto keeper = std::unique_ptr<LeaseKeeper>(new LeaseKeeper);
    keeper->m_owner = newUlid();
    OF_TRY(alive, ports.showAlive(keeper->m_owner));
    keeper->m_alive = std::move(alive);
    keeper->m_thread = std::jthread(
        [&ports, owner = keeper->m_owner, lost = std::move(lost)](const std::stop_token &stop) {
            const auto term = ports.settings.leaseTerm;
            std::unique_ptr<JobStore> store;
            while (ports.clock->sleep(term / 3, stop)) {
                if (!store) { // opened here: a store belongs to its thread
                    auto opened = ports.openStore();
                    if (!opened) {
                        qCWarning(lcEngine).noquote() << toText(opened.error());
                        continue;
                    }
                    store = std::move(*opened);
                }
                const auto beat = store->heartbeat(owner, term);
                if (!beat && beat.error().kind == ErrorKind::Fenced)
                    lost(beat.error());
                else if (!beat)
                    qCWarning(lcEngine).noquote() << toText(beat.error());
            }
        });
    return keeper;
}

LeaseKeeper::~LeaseKeeper() = default;

} // namespace openfactory
