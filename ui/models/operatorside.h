// SPDX-License-Identifier: Apache-2.0
/// The operator's desk with the store connection it needs, on a thread of its own: an act may wait for the disk and for
/// another process's lock, which the GUI thread must not.
#pragma once

#include "core/engine/operatordesk.h"
#include "ui/models/storefile.h"
#include "ui/models/worker.h"

namespace openfactory::ui {

class OperatorSide {
public:
    static Result<std::unique_ptr<OperatorSide>> open(const EnginePorts &ports, const QString &actor)
    {
        OF_TRY(store, ports.openStore());
        return std::unique_ptr<OperatorSide>(new OperatorSide(ports, std::move(store), actor));
    }
    /// Asked before each act: what is written to a file that was deleted is lost, and says it was done.
    Result<void> ready() const
    {
        auto there = m_file.isThere();
        if (!there)
            there.error().said.prepend(QStringLiteral("nothing was done: "));
        return there;
    }
    OperatorDesk &desk() { return m_desk; }
    JobStore &store() { return *m_store; }

private:
    OperatorSide(const EnginePorts &ports, std::unique_ptr<JobStore> store, const QString &actor)
        : m_store(std::move(store)),
          m_file(ports.settings.dataFolder),
          m_desk(ports, *m_store, actor)
    {}
    std::unique_ptr<JobStore> m_store;
    StoreFile m_file;
    OperatorDesk m_desk;
};

} // namespace openfactory::ui
