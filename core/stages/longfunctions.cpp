// SPDX-License-Identifier: Apache-2.0
#include "core/stages/longfunctions.h"

#include "core/base/text.h"

#include <map>

namespace openfactory {

std::vector<Finding> longFunctions(const RepoPath &file, const std::vector<SourceFunction> &now,
                                   const std::vector<SourceFunction> &before, int mostLines)
{
    std::vector<Finding> findings;
    // The n-th of a name is compared with the n-th of that name: overloads, methods of several classes.
    std::map<QString, std::vector<int>> lengths;
    for (const SourceFunction &function : before)
        lengths[function.name].push_back(function.lines);
    std::map<QString, size_t> seen;
    for (size_t i = 0; i < now.size(); ++i) {
        const SourceFunction &function = now[i];
        const size_t nth = seen[function.name]++;
        if (function.lines <= mostLines)
            continue;
        const auto &earlier = lengths[function.name];
        const int was = nth < earlier.size() ? earlier[nth] : 0;
        if (was >= function.lines)
            continue;
        // Where one within it is too long as well, that one is the cause.
        const bool inner = i + 1 < now.size() && now[i + 1].line < function.line + function.lines
                           && now[i + 1].lines > mostLines;
        if (inner)
            continue;
        Finding finding;
        finding.tool = QStringLiteral("boundary");
        finding.rule = QStringLiteral("max_function_lines");
        finding.file = file;
        finding.line = function.line;
        finding.message = QStringLiteral("the function %1 has %2 lines%3, %4 are the most")
                              .arg(displayable(function.name.left(120)))
                              .arg(function.lines)
                              .arg(was > 0 ? QStringLiteral(" (it had %1)").arg(was) : QString())
                              .arg(mostLines);
        finding.suggestion = QStringLiteral("take parts of it out into functions with names of their own");
        findings.push_back(finding);
    }
    return findings;
}

} // namespace openfactory
