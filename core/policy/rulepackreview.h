// SPDX-License-Identifier: Apache-2.0
/// The review of a change by rule packs (stage review). Only added lines count; context lines give the structure.
/// Never changes after loading: any thread.
#pragma once

#include "core/domain/toolchains.h"
#include "core/policy/rulepack.h"

namespace openfactory {

class RulePackReview final : public ReviewRules {
public:
    /// All packs (*.yaml) of a folder; the built-in ones lie in the program. Refuses the first pack with a mistake.
    static Result<std::unique_ptr<RulePackReview>> load(
        const QString &folder = QStringLiteral(":/openfactory/policies"));
    explicit RulePackReview(std::vector<RulePack> packs);

    /// Findings in the order of files and lines, errors before warnings before infos on one line. `tool` is the pack's
    /// name after "review/". A rule that a line is too tangled for says so in a finding of its own. Never fails.
    Result<std::vector<Finding>> review(const ChangeSet &change) const override;
    const std::vector<RulePack> &packs() const { return m_packs; }

private:
    std::vector<RulePack> m_packs;
};

} // namespace openfactory
