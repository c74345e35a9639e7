// SPDX-License-Identifier: Apache-2.0
/// The only place that names concrete adapters: builds them once and hands the engine its ports. Outlives the engine;
/// made on the main thread.
#pragma once

#include "core/engine/ports.h"

namespace openfactory {

struct FactorySettings;
class ModelClient;

class Factory {
public:
    /// Reads openfactory.yaml of the data directory, finds the sandbox, the tools and the secrets. Does not start
    /// anything. Unavailable where the folder is empty: nothing said where it is.
    static Result<std::unique_ptr<Factory>> create(const QString &dataFolder);
    ~Factory();
    const EnginePorts &ports() const { return m_ports; }
    /// Whether this host can run commands at all; Unavailable or DiskFull, with the remedy. Looks once.
    Result<void> checkHost() const;
    /// The model's client by its name in the settings; empty: the default one.
    Result<ModelClient> model(const QString &name) const;
    /// As they were read; what the file says by now may differ.
    const FactorySettings &settings() const;

private:
    struct Parts;
    Factory();

    std::unique_ptr<Parts> m_parts;
    EnginePorts m_ports;
};

/// One line of `factory doctor`.
struct HostCheck {
    enum class State { Good, Missing, Unknown } state = State::Unknown;
    QString name;
    QString said;
    QString fix;         ///< what to do about it
    bool needed = false; ///< no job runs without it
};
QString toName(HostCheck::State);

/// Looks at everything that jobs need on this host, without a store being open.
std::vector<HostCheck> examineHost(const QString &dataFolder);

} // namespace openfactory
