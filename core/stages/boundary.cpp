// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"
#include "core/stages/handlers.h"
#include "core/stages/hiddentests.h"
#include "core/stages/importcycles.h"
#include "core/stages/longfunctions.h"
#include "core/stages/outsidechange.h"
#include "core/stages/sourcetree.h"
#include "core/stages/weakenedtests.h"

#include <map>
#include <ranges>

namespace openfactory {

namespace {

/// Of a branch, that are looked at.
constexpr int kMostCommits = 1000;

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

/// What the sources are made of: functions that became too long, import cycles that were closed.
Result<void> judgeSources(StageContext &context, const ChangeSet &change, const SourceTree &tree, Verdict &verdict)
{
    const Contract &contract = context.contract();
    const Toolchains &toolchains = context.toolchains();
    const bool cycles = !contract.importCyclesAllowed && std::ranges::any_of(change.files, [&](const FileChange &file) {
        return toolchains.importUnit(file.path).has_value();
    });
    const bool lengths = contract.maxFunctionLines > 0 && !change.files.empty();
    if (!cycles && !lengths)
        return {};
    for (const FileChange &file : lengths ? change.files : std::vector<FileChange>()) {
        if (file.status == FileStatus::Deleted || file.binary || !tree.now().has(file.path))
            continue;
        const auto now = tree.now().read(file.path);
        const auto functions = now ? toolchains.functions(file.path, *now) : std::vector<SourceFunction>();
        if (std::ranges::none_of(
                functions, [&](const SourceFunction &function) { return function.lines > contract.maxFunctionLines; }))
            continue;
        const RepoPath old = tree.oldPath(file.path);
        const auto before = tree.before().has(old) ? tree.before().read(old) : Result<QByteArray>(QByteArray());
        const auto found = longFunctions(file.path, functions,
                                         before ? toolchains.functions(old, *before) : std::vector<SourceFunction>(),
                                         contract.maxFunctionLines);
        verdict.findings.insert(verdict.findings.end(), found.begin(), found.end());
    }
    if (!cycles)
        return {};
    const auto found = newImportCycles(
        toolchains, change, {tree.now(), tree.before(), [&](const RepoPath &path) { return tree.oldPath(path); }});
    verdict.findings.insert(verdict.findings.end(), found.findings.begin(), found.findings.end());
    verdict.facts[QStringLiteral("import_cycles")] = found.complete
                                                         ? QJsonValue(qint64(found.findings.size()))
                                                         : QJsonValue(QStringLiteral(
                                                               "unknown: the repository has too many sources"));
    return {};
}

/// Whether the tools run what lies there, or its name says so.
bool isCode(const StageContext &context, const RepoPath &path)
{
    return context.toolchains().importUnit(path) || context.toolchains().isTest(context.toolchain(), path);
}

/// Ignored files that a program can be made of: every gate ran with them, the merge will be without them. Not a breach,
/// since tools generate such files; a person says whether they are made anew elsewhere.
Result<void> nameIgnoredSources(StageContext &context, Verdict &verdict)
{
    OF_TRY(ignored, context.git().ignoredFiles(context.workspace()));
    qint64 sources = 0;
    for (const RepoPath &path : ignored) {
        if (!context.toolchains().importUnit(path))
            continue;
        if (++sources > 20)
            continue;
        Finding finding = breach(
            QStringLiteral("ignored-source"), path, 0,
            QStringLiteral("%1 is ignored by git: the tests saw it, the change does not hold it")
                .arg(displayPath(path)),
            QStringLiteral("take it into the change (git add -f), remove it, or accept the risk if it is generated"));
        finding.severity = Severity::Warning;
        verdict.findings.push_back(finding);
    }
    if (sources > 0)
        verdict.facts[ignoredSourcesFact()] = sources;
    return {};
}

/// What one commit of the branch brings and a later one takes back is in no diff, and the target's history gets it for
/// good. It is no breach, since a change that was sent back is mended so; a person sees it before they decide. Of a
/// merge it cannot be told what is its own.
Result<void> nameTakenBack(StageContext &context, const WorkspaceState &state, const ChangeSet &change,
                           Verdict &verdict)
{
    const JobIdentity &job = context.job().identity;
    OF_TRY(target, context.git().resolve(job.repository, QStringLiteral("refs/heads/") + job.target));
    OF_TRY(base, context.git().mergeBase(job.repository, state.head, target));
    OF_TRY(commits, context.git().commits(job.repository, base, state.head, kMostCommits));
    ChangeSet passing;
    std::map<RepoPath, CommitId> in;
    for (const BranchCommit &commit : commits | std::views::reverse) { // named is the first that touched it
        if (commit.parents.size() != 1)
            continue;
        OF_TRY(listed, context.git().changedFiles(job.repository, commit.parents.front(), commit.id));
        for (const ListedChange &one : listed) {
            const bool stays = std::ranges::any_of(change.files, [&](const FileChange &file) {
                return file.path == one.change.path || file.oldPath == one.change.path;
            });
            if (!stays && in.emplace(one.change.path, commit.id).second)
                passing.files.push_back(one.change);
        }
    }
    for (Finding &finding : boundaryBreaches(context.contract(), passing)) {
        const auto commit = in.find(finding.file);
        if (commit == in.end())
            continue;
        finding.severity = Severity::Warning;
        finding.message += QStringLiteral(" (in commit %1, taken back since; the history keeps both)")
                               .arg(commit->second.left(12));
        finding.suggestion = QStringLiteral("make the branch's commits anew without it (git rebase), or leave it");
        verdict.findings.push_back(std::move(finding));
    }
    return {};
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
        const std::vector<Finding> outside = outsideChange(state);
        verdict.findings.insert(verdict.findings.end(), outside.begin(), outside.end());
        for (const FileChange &file : change.files) {
            if (file.binary && file.status != FileStatus::Deleted && isCode(context, file.path))
                verdict.findings.push_back(
                    breach(QStringLiteral("unseen-content"), file.path, 0,
                           QStringLiteral(
                               "%1 has no lines that can be compared: it is too large, or holds bytes that no text has")
                               .arg(displayPath(file.path)),
                           QStringLiteral("make it smaller, or put its data into a file that is no source")));
        }
        OF_CHECK(nameIgnoredSources(context, verdict));
        OF_CHECK(nameTakenBack(context, state, change, verdict));
        OF_TRY(tree, SourceTree::open(context, change));
        const auto weakened = weakenedTests(change, [&](const FileChange &file) {
            const auto from = [](const SourceFiles &side, const RepoPath &path) {
                const auto source = side.has(path) ? side.read(path) : Result<QByteArray>(QByteArray());
                return source ? testsWithin(path, *source) : 0;
            };
            return std::pair(from(tree->before(), tree->oldPath(file.path)), from(tree->now(), file.path));
        });
        verdict.findings.insert(verdict.findings.end(), weakened.begin(), weakened.end());
        for (const FileChange &file : change.files) {
            if (file.added == 0 || !isTestFile(file.path) || !tree->now().has(file.path))
                continue;
            OF_TRY(source, tree->now().read(file.path));
            const RepoPath old = tree->oldPath(file.path);
            const auto before = tree->before().has(old) ? tree->before().read(old) : Result<QByteArray>(QByteArray());
            const auto hidden = hiddenTests(file.path, source, before.value_or(QByteArray()));
            verdict.findings.insert(verdict.findings.end(), hidden.begin(), hidden.end());
        }
        verdict.facts[QStringLiteral("files")] = qint64(change.files.size());
        verdict.facts[QStringLiteral("lines_added")] = change.added();
        verdict.facts[QStringLiteral("lines_removed")] = change.removed();
        verdict.facts[QStringLiteral("new_dependencies")] = added;
        OF_CHECK(judgeSources(context, change, *tree, verdict));
        std::ranges::stable_partition(verdict.findings,
                                      [](const Finding &finding) { return finding.severity == Severity::Error; });
        const auto breaches = std::ranges::count(verdict.findings, Severity::Error, &Finding::severity);
        if (breaches > 0) {
            verdict.outcome = Outcome::Failed;
            verdict.summary = verdict.findings.front().message;
            if (breaches > 1)
                verdict.summary += QStringLiteral(" (and %1 more)").arg(breaches - 1);
        } else {
            verdict.summary = counted(qint64(change.files.size()), QStringLiteral("file")) + QStringLiteral(", ")
                              + counted(change.added() + change.removed(), QStringLiteral("line"))
                              + QStringLiteral(", inside the contract");
        }
        return verdict;
    }
};

} // namespace

Result<std::vector<Finding>> protectedTouched(StageContext &context)
{
    if (context.pipeline().indexOf(StageKind::Boundary))
        return std::vector<Finding>();
    OF_TRY(change, context.change());
    std::vector<Finding> breaches = boundaryBreaches(context.contract(), change);
    std::erase_if(breaches, [](const Finding &finding) { return finding.rule != u"protected"; });
    return breaches;
}

Verdict protectedVerdict(std::vector<Finding> findings)
{
    Verdict verdict;
    verdict.outcome = Outcome::Failed;
    verdict.summary = findings.front().message;
    verdict.findings = std::move(findings);
    return verdict;
}

std::unique_ptr<StageHandler> makeBoundary()
{
    return std::make_unique<Boundary>();
}

} // namespace openfactory
