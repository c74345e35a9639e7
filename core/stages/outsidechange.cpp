// SPDX-License-Identifier: Apache-2.0
#include "core/stages/outsidechange.h"

#include "core/base/text.h"

namespace openfactory {

std::vector<Finding> outsideChange(const WorkspaceState &state)
{
    std::vector<Finding> findings;
    const auto add = [&](const QString &rule, const RepoPath &path, const QString &what, const QString &suggestion) {
        Finding finding;
        finding.tool = QStringLiteral("boundary");
        finding.rule = rule;
        finding.file = path;
        finding.message = what.arg(displayPath(path))
                          + QStringLiteral(": the tests saw it, the change does not hold it");
        finding.suggestion = suggestion;
        findings.push_back(finding);
    };
    for (const RepoPath &repository : state.repositories)
        add(QStringLiteral("nested-repository"), repository, QStringLiteral("%1 is a repository of its own"),
            QStringLiteral("remove its .git, so that its files become part of the change, or remove it"));
    for (const RepoPath &path : state.unstorable)
        add(QStringLiteral("unstorable-name"), path, QStringLiteral("git cannot keep the name %1"),
            QStringLiteral("rename or remove it"));
    return findings;
}

} // namespace openfactory
