// SPDX-License-Identifier: Apache-2.0
#include "core/engine/changesecrets.h"

#include "core/base/file.h"
#include "core/base/text.h"

#include <algorithm>

namespace openfactory {

namespace {

constexpr qint64 kMostScanned = 512LL * 1024 * 1024; ///< of one file
constexpr int kMostCommits = 1000;                   ///< of a branch; each is compared with its parents

/// What a change brings in that is a secret; `to` is empty for what lies in the workspace. A file without lines
/// (binary, or too large for a diff) is read whole, and what it held before is no news.
Result<std::vector<Finding>> secretsIn(const JobSession &session, const ChangeSet &change, const CommitId &from,
                                       const CommitId &to)
{
    const SecretScan &scan = *session.ports().secretScan;
    std::vector<Finding> secrets = scan.scan(change);
    auto &git = *session.ports().git;
    const QString &repository = session.job().identity.repository;
    for (const FileChange &file : change.files) {
        constexpr int link = 0120000, submodule = 0160000;
        if (!file.binary || file.status == FileStatus::Deleted || file.newMode == link || file.newMode == submodule)
            continue;
        auto bytes = to.isEmpty() ? readBeneath(session.workspace().path, file.path, kMostScanned)
                                  : git.blob(repository, to, file.path);
        if (!bytes && bytes.error().kind == ErrorKind::Invalid) {
            Finding finding;
            finding.tool = QStringLiteral("secret-scan");
            finding.rule = QStringLiteral("too-large");
            finding.severity = Severity::Error;
            finding.file = file.path;
            finding.message = QStringLiteral("%1 is larger than %2 MB: nobody can say whether it holds a secret")
                                  .arg(displayPath(file.path))
                                  .arg(kMostScanned >> 20);
            finding.suggestion = QStringLiteral("keep it outside of the repository, or name it in .gitignore");
            secrets.push_back(finding);
            continue;
        }
        OF_TRY(content, std::move(bytes));
        std::vector<Finding> found = scan.scanContent(file.path, content);
        if (!found.empty() && file.status != FileStatus::Added) {
            const auto old = git.blob(repository, from, file.oldPath.isEmpty() ? file.path : file.oldPath);
            if (old && scan.scanContent(file.path, *old).size() >= found.size())
                continue;
        }
        secrets.insert(secrets.end(), found.begin(), found.end());
    }
    return secrets;
}

Finding ofBranch(const QString &rule, const QString &message, const QString &suggestion)
{
    Finding finding;
    finding.tool = QStringLiteral("secret-scan");
    finding.rule = rule;
    finding.severity = Severity::Error;
    finding.message = message;
    finding.suggestion = suggestion;
    return finding;
}

/// Every file of a commit that nothing comes before.
Result<std::vector<Finding>> secretsInFiles(const JobSession &session, const CommitId &commit)
{
    auto &git = *session.ports().git;
    const QString &repository = session.job().identity.repository;
    std::vector<Finding> secrets;
    OF_TRY(files, git.files(repository, commit));
    for (const RepoPath &file : files) {
        const auto content = git.blob(repository, commit, file);
        if (!content)
            continue; // a submodule
        const auto found = session.ports().secretScan->scanContent(file, *content);
        secrets.insert(secrets.end(), found.begin(), found.end());
    }
    return secrets;
}

/// What a commit itself brings in: of a merge, what none of its parents had.
Result<std::vector<Finding>> secretsOf(const JobSession &session, const BranchCommit &commit)
{
    if (commit.parents.empty())
        return secretsInFiles(session, commit.id);
    std::optional<std::vector<Finding>> own;
    for (const CommitId &parent : commit.parents) {
        OF_TRY(change, session.ports().git->diff(session.job().identity.repository, parent, commit.id, false));
        OF_TRY(secrets, secretsIn(session, change, parent, commit.id));
        const auto isIn = [](const std::vector<Finding> &all, const Finding &one) {
            return std::ranges::any_of(all, [&](const Finding &other) {
                return other.file == one.file && other.line == one.line && other.rule == one.rule;
            });
        };
        if (own)
            std::erase_if(*own, [&](const Finding &one) { return !isIn(secrets, one); });
        else
            own = std::move(secrets);
        if (own->empty())
            break;
    }
    return own.value_or(std::vector<Finding>());
}

/// A secret that one commit brought and the next took away is in no diff of the whole, but in the history for good, and
/// so is one in a message.
Result<std::vector<Finding>> secretsInCommits(JobSession &session, const CommitId &base, const CommitId &head)
{
    OF_TRY(commits, session.ports().git->commits(session.job().identity.repository, base, head, kMostCommits + 1));
    if (int(commits.size()) > kMostCommits)
        return std::vector{
            ofBranch(QStringLiteral("too-many-commits"),
                     QStringLiteral("the branch has more than %1 commits that the target has not: nobody "
                                    "can say whether they hold a secret")
                         .arg(kMostCommits),
                     QStringLiteral("bring the target up to date first, then try again"))};
    for (const BranchCommit &commit : commits) {
        const QString where = QStringLiteral("in commit %1").arg(commit.id.left(12));
        if (session.ports().masker->holdsSecret(commit.text))
            return std::vector{
                ofBranch(QStringLiteral("known-secret"),
                         QStringLiteral("the value of a known secret stands in a message or a name (%1)").arg(where),
                         QStringLiteral("make the commit anew without it: git commit --amend, or git "
                                        "rebase"))};
        OF_TRY(secrets, secretsOf(session, commit));
        for (Finding &secret : secrets)
            secret.message += QStringLiteral(" (%1)").arg(where);
        if (!secrets.empty())
            return secrets;
    }
    return std::vector<Finding>();
}

} // namespace

Result<std::vector<Finding>> addedSecrets(JobSession &session, const CommitId &head, bool commitsToo)
{
    OF_TRY(change, session.change());
    OF_TRY(base, session.changeBase(head));
    OF_TRY(secrets, secretsIn(session, change, base, {}));
    if (!secrets.empty() || !commitsToo)
        return secrets;
    return secretsInCommits(session, base, head);
}

} // namespace openfactory
