// SPDX-License-Identifier: Apache-2.0
/// Of very many findings the first are kept with the verdict, and how many there were is not forgotten. Pure.
#pragma once

#include "core/domain/verdict.h"

#include <algorithm>

namespace openfactory {

/// Keeps the first `most` findings.
inline void cutFindings(Verdict &verdict, size_t most)
{
    if (verdict.findings.size() <= most)
        return;
    verdict.facts[QStringLiteral("findings_in_all")] = qint64(verdict.findings.size());
    verdict.findings.resize(most);
}

/// How many there were, also those that were not kept.
inline qint64 findingsIn(const Verdict &verdict)
{
    return std::max(qint64(verdict.findings.size()),
                    verdict.facts.value(QStringLiteral("findings_in_all")).toInteger());
}

} // namespace openfactory
