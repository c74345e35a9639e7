// SPDX-License-Identifier: Apache-2.0
#include "core/stages/handlers.h"

namespace openfactory {

BuiltInStages::BuiltInStages()
{
    m_handlers[StageKind::Preflight] = makePreflight();
    m_handlers[StageKind::Spec] = makeSpec();
    m_handlers[StageKind::Architecture] = makeArchitecture();
    m_handlers[StageKind::Tickets] = makeTickets();
    m_handlers[StageKind::Implement] = makeImplement();
    m_handlers[StageKind::UnitTest] = makeUnitTest();
    m_handlers[StageKind::Coverage] = makeCoverage();
    m_handlers[StageKind::Lint] = makeLint();
    m_handlers[StageKind::Static] = makeToolGate();
    m_handlers[StageKind::Integration] = makeIntegration();
    m_handlers[StageKind::Security] = makeSecurity();
    m_handlers[StageKind::Review] = makeReview();
    m_handlers[StageKind::Boundary] = makeBoundary();
    m_handlers[StageKind::Integrate] = makeIntegrate();
    m_handlers[StageKind::Tcr] = makeTcr();
    m_handlers[StageKind::PullRequest] = makePullRequest();
    m_handlers[StageKind::Deploy] = makeDeploy();
    m_handlers[StageKind::Accept] = makeAccept();
    m_handlers[StageKind::Release] = makeRelease();
    m_handlers[StageKind::Command] = makeCommand();
}

BuiltInStages::~BuiltInStages() = default;

const StageHandler *BuiltInStages::handler(StageKind kind) const
{
    const auto found = m_handlers.find(kind);
    return found == m_handlers.end() ? nullptr : found->second.get();
}

} // namespace openfactory
