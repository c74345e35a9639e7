// SPDX-License-Identifier: Apache-2.0
#include "core/engine/changesecrets.h"

#include "core/base/file.h"
#include "core/base/text.h"

namespace openfactory {

namespace {

constexpr qint64 kMostScanned = 512LL * 1024 * 1024; ///< of one file

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

/// A secret that one commit brought and the next took away is in no diff of the whole, but in the history for good.
Result<std::vector<Finding>> secretsInCommits(JobSession &session, const CommitId &base, const CommitId &head)
{
    const QString &repository = session.job().identity.repository;
    OF_TRY(commits, session.ports().git->commits(repository, base, head));
    if (commits.size() < 2)
        return std::vector<Finding>(); // the whole is that commit
    for (const auto &[commit, parent] : commits) {
        OF_TRY(change, session.ports().git->diff(repository, parent, commit, false));
        OF_TRY(secrets, secretsIn(session, change, parent, commit));
        for (Finding &secret : secrets)
            secret.message += QStringLiteral(" (in commit %1)").arg(commit.left(12));
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
