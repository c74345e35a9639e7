// SPDX-License-Identifier: Apache-2.0
#include "core/stages/longfunctions.h"

#include "core/base/text.h"

#include <algorithm>
#include <map>

namespace openfactory {

std::vector<Finding> longFunctions(const RepoPath &file, const std::vector<SourceFunction> &now,
                                   const std::vector<SourceFunction> &before, int mostLines)
{
    std::vector<Finding> findings;
    // Of those of a name (overloads, methods of several classes, what a macro defines) the longest is compared with the
    // longest, and so on: one that comes in between moves all below it.
    std::map<QString, std::vector<int>> lengths;
    for (const SourceFunction &function : before)
        lengths[function.name].push_back(function.lines);
    for (auto &[name, earlier] : lengths)
        std::ranges::sort(earlier, std::greater());
    for (size_t i = 0; i < now.size(); ++i) {
        const SourceFunction &function = now[i];
        if (function.lines <= mostLines)
            continue;
        size_t longer = 0;
        for (size_t other = 0; other < now.size(); ++other)
            longer += now[other].name == function.name
                      && (now[other].lines > function.lines || (now[other].lines == function.lines && other < i));
        const auto &earlier = lengths[function.name];
        const int was = longer < earlier.size() ? earlier[longer] : 0;
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
