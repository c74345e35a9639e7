// SPDX-License-Identifier: Apache-2.0
/// The handler of each stage kind that is built. Stateless; one object serves every job and thread.
#pragma once

#include "core/domain/stage.h"

#include <map>
#include <memory>

namespace openfactory {

class BuiltInStages : public StageHandlers {
public:
    BuiltInStages();
    ~BuiltInStages() override;
    const StageHandler *handler(StageKind kind) const override;

private:
    std::map<StageKind, std::unique_ptr<StageHandler>> m_handlers;
};

/// What the change touches that no contract can open (isProtectedPath), where the pipeline has no boundary to say so:
/// asked before a change leaves the job.
Result<std::vector<Finding>> protectedTouched(StageContext &context);
/// The verdict on those: hard, and nothing is parked or pushed.
Verdict protectedVerdict(std::vector<Finding> findings);

// One file each.
std::unique_ptr<StageHandler> makePreflight();
std::unique_ptr<StageHandler> makeSpec();
std::unique_ptr<StageHandler> makeArchitecture();
std::unique_ptr<StageHandler> makeTickets();
std::unique_ptr<StageHandler> makeImplement();
std::unique_ptr<StageHandler> makeUnitTest();
std::unique_ptr<StageHandler> makeCoverage();
std::unique_ptr<StageHandler> makeLint();
std::unique_ptr<StageHandler> makeToolGate(); ///< static
std::unique_ptr<StageHandler> makeIntegration();
std::unique_ptr<StageHandler> makeSecurity();
std::unique_ptr<StageHandler> makeReview();
std::unique_ptr<StageHandler> makeBoundary();
std::unique_ptr<StageHandler> makeIntegrate();
std::unique_ptr<StageHandler> makeTcr();
std::unique_ptr<StageHandler> makePullRequest();
std::unique_ptr<StageHandler> makeDeploy();
std::unique_ptr<StageHandler> makeAccept();
std::unique_ptr<StageHandler> makeRelease();
std::unique_ptr<StageHandler> makeCommand();

} // namespace openfactory
