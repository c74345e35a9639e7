// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"
#include "core/stages/handlers.h"
#include "core/stages/weakenedtests.h"

namespace openfactory {

namespace {

Finding breach(const QString &rule, const RepoPath &file, int line, const QString &message, const QString &suggestion)
{
    Finding finding;
    finding.tool = QStringLiteral("boundary");
    finding.rule = rule;
    finding.file = file;
    finding.line = line;
    finding.message = message;
    finding.suggestion = suggestion;
    return finding;
}

/// Files, size, dependencies, tests: what the contract promised. No decision overrides it.
class Boundary : public StageHandler {
public:
    Result<StageResult> run(StageContext &context) const override
    {
        const Contract &contract = context.contract();
        OF_TRY(change, context.change());
        Verdict verdict;
        verdict.findings = boundaryBreaches(contract, change);
        int added = 0;
        for (const auto &dependency : newDependencies(change)) {
            ++added;
            if (approves(contract, dependency))
                continue;
            if (!contract.newDependenciesAllowed)
                verdict.findings.push_back(
                    breach(QStringLiteral("new_dependencies_allowed"), dependency.file, dependency.line,
                           QStringLiteral("new dependency \"%1\"; the contract allows none").arg(dependency.name),
                           QStringLiteral("do without it, or have the contract list it under approved_dependencies")));
            else if (!contract.approvedDependencies.isEmpty())
                verdict.findings.push_back(breach(
                    QStringLiteral("approved_dependencies"), dependency.file, dependency.line,
                    QStringLiteral("new dependency \"%1\" is not on the contract's list").arg(dependency.name),
                    QStringLiteral("approved are: ") + contract.approvedDependencies.join(QStringLiteral(", "))));
        }
        OF_TRY(state, context.git().state(context.workspace()));
        for (const RepoPath &repository : state.repositories)
            verdict.findings.push_back(
                breach(QStringLiteral("nested-repository"), repository, 0,
                       QStringLiteral("%1 is a repository of its own: the tests saw it, the change does not hold it")
                           .arg(displayPath(repository)),
                       QStringLiteral("remove its .git, so that its files become part of the change, or remove it")));
        const auto weakened = weakenedTests(change);
        verdict.findings.insert(verdict.findings.end(), weakened.begin(), weakened.end());
        verdict.facts = {{QStringLiteral("files"), qint64(change.files.size())},
                         {QStringLiteral("lines_added"), change.added()},
                         {QStringLiteral("lines_removed"), change.removed()},
                         {QStringLiteral("new_dependencies"), added}};
        if (!verdict.findings.empty()) {
            verdict.outcome = Outcome::Failed;
            verdict.summary = verdict.findings.front().message;
            if (verdict.findings.size() > 1)
                verdict.summary += QStringLiteral(" (and %1 more)").arg(verdict.findings.size() - 1);
        } else {
            verdict.summary = counted(qint64(change.files.size()), QStringLiteral("file")) + QStringLiteral(", ")
                              + counted(change.added() + change.removed(), QStringLiteral("line"))
                              + QStringLiteral(", inside the contract");
        }
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makeBoundary()
{
    return std::make_unique<Boundary>();
}

} // namespace openfactory
