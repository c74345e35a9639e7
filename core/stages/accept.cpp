// SPDX-License-Identifier: Apache-2.0
#include "core/stages/deployfiles.h"
#include "core/stages/handlers.h"

namespace openfactory {

namespace {

/// Ready for merge: parks for a decision.
class Accept : public StageHandler {
public:
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(touched, protectedTouched(context));
        if (!touched.empty())
            return protectedVerdict(std::move(touched));
        OF_TRY(patch, patchOf(context));
        OF_CHECK(context.keepArtifact(QStringLiteral("PATCH.diff"), patch));
        return Wait{WaitKind::Approval,
                    QStringLiteral("a decision: merge into %1?").arg(context.job().identity.target),
                    0,
                    {},
                    {}};
    }
};

} // namespace

std::unique_ptr<StageHandler> makeAccept()
{
    return std::make_unique<Accept>();
}

} // namespace openfactory
