// SPDX-License-Identifier: Apache-2.0
// The contract's file and size limits: isProtectedPath() and boundaryBreaches() of contract.h.
#include "core/base/text.h"
#include "core/domain/contract.h"

#include <algorithm>

namespace openfactory {

namespace {

constexpr int kSymlink = 0120000;
constexpr int kSubmodule = 0160000;

/// The contract, the factory's own folders, and what decides on a forge whether a change is good: a job that edits them
/// would be its own judge (hardening.md, B20). .gitattributes is not among them: the engine reads none.
constexpr QStringView kProtected[] = {
    u"contract.yaml",   u"contract.yml",     u".factory/",           u".factory",    u".factory-workspaces/",
    u".gitmodules",     u".github/",         u".gitlab-ci.yml",      u".gitlab/",    u".forgejo/",
    u".gitea/",         u".circleci/",       u".travis.yml",         u".buildkite/", u".woodpecker/",
    u".woodpecker.yml", u".woodpecker.yaml", u"azure-pipelines.yml", u"Jenkinsfile", u"bitbucket-pipelines.yml",
};

/// Letters that some file systems do not see in a name (HFS+): joiners, marks of direction, and the like.
bool isUnseen(char16_t c)
{
    return (c >= 0x200c && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x206a && c <= 0x206f) || c == 0x200b
           || c == 0xfeff;
}

QString caseless(const QString &text)
{
    return text.normalized(QString::NormalizationForm_C).toCaseFolded();
}

/// The path as the most forgiving file system takes it: one spelling of each letter, no case, nothing that cannot be
/// seen, no points and spaces at the end of a name, no streams.
QByteArray forgiven(const RepoPath &path)
{
    QStringList parts = QString::fromUtf8(path).split(u'/');
    for (QString &part : parts) {
        part.removeIf([](QChar c) { return isUnseen(c.unicode()); });
        if (const qsizetype stream = part.indexOf(u':'); stream > 0)
            part.truncate(stream);
        while (part.size() > 1 && (part.endsWith(u'.') || part.endsWith(u' ')))
            part.chop(1);
        part = caseless(part);
        if (part == u"git~1") // its short name
            part = QStringLiteral(".git");
    }
    return parts.join(u'/').toUtf8();
}

class Boundary {
public:
    explicit Boundary(const Contract &contract) : m_contract(contract) {}

    std::vector<Finding> found;

    void judgePath(const RepoPath &path, bool isNew)
    {
        const QString shown = displayPath(path);
        if (isProtectedPath(path)) {
            add(QStringLiteral("protected"), path, QStringLiteral("%1 is protected: no job may touch it").arg(shown),
                QStringLiteral("change it by hand, outside of a job"));
            return;
        }
        if (!m_contract.ownFile.isEmpty() && forgiven(path) == forgiven(m_contract.ownFile.toUtf8())) {
            add(QStringLiteral("protected"), path,
                QStringLiteral("%1 is the job's own contract: no job may touch it").arg(shown),
                QStringLiteral("change it by hand, outside of a job"));
            return;
        }
        const QByteArray spelling = forgiven(path);
        for (const auto &pattern : m_contract.forbiddenFiles) {
            if (matchesGlob(path, pattern) || matchesGlob(spelling, caseless(pattern))) {
                add(QStringLiteral("forbidden_files"), path,
                    QStringLiteral("%1 %2 (forbidden by contract: %3)")
                        .arg(isNew ? QStringLiteral("Added") : QStringLiteral("Modified"), shown, displayable(pattern)),
                    QStringLiteral("take the change of this file back"));
                return;
            }
        }
        if (std::ranges::none_of(m_contract.allowedFiles,
                                 [&](const QString &pattern) { return matchesGlob(path, pattern); }))
            add(QStringLiteral("allowed_files"), path,
                isNew ? QStringLiteral("New file %1 outside of allowed_files").arg(shown)
                      : QStringLiteral("File %1 not in allowed_files").arg(shown),
                QStringLiteral("keep to %1")
                    .arg(displayable(m_contract.allowedFiles.join(QStringLiteral(", "))).left(300)));
    }

    void judgeMode(const FileChange &file)
    {
        const bool moved = file.status == FileStatus::Renamed && file.added == 0 && file.removed == 0;
        if (file.newMode == kSubmodule && !(moved && file.oldMode == kSubmodule))
            add(QStringLiteral("submodule"), file.path,
                (file.oldMode == kSubmodule
                     ? QStringLiteral("the submodule %1 stands at another commit: what came with it is in no diff")
                     : QStringLiteral("%1 is a new submodule: its content is in no diff"))
                    .arg(displayPath(file.path)),
                QStringLiteral("change it by hand, outside of a job"));
        if (file.newMode == kSymlink)
            judgeSymlink(file);
    }

    void judgeSize(const ChangeSet &change)
    {
        const int lines = change.added() + change.removed();
        if (m_contract.maxLinesChanged > 0 && lines > m_contract.maxLinesChanged)
            add(QStringLiteral("max_lines_changed"), {},
                QStringLiteral("%1 lines changed (%2 added, %3 removed), %4 are the most")
                    .arg(lines)
                    .arg(change.added())
                    .arg(change.removed())
                    .arg(m_contract.maxLinesChanged),
                QStringLiteral("split the task"));
    }

private:
    void add(const QString &rule, const RepoPath &path, const QString &message, const QString &suggestion)
    {
        Finding finding;
        finding.tool = QStringLiteral("boundary");
        finding.rule = rule;
        finding.file = path;
        finding.message = message;
        finding.suggestion = suggestion;
        found.push_back(finding);
    }

    void judgeSymlink(const FileChange &file)
    {
        const QByteArray folder = file.path.left(std::max<qsizetype>(0, file.path.lastIndexOf('/')));
        const auto target = targetOf(file);
        if (!target) {
            // A link that only moved keeps its target: harmless where it has at least as many folders above it.
            const bool moved = file.status == FileStatus::Renamed && file.oldMode == kSymlink && file.added == 0
                               && !file.binary;
            if (!moved || file.path.count('/') < file.oldPath.count('/'))
                add(QStringLiteral("symlink"), file.path,
                    QStringLiteral("%1 is a link, and its target cannot be seen").arg(displayPath(file.path)),
                    QStringLiteral("make the link again where it is to be"));
            return;
        }
        if (leavesRepository(folder, *target))
            add(QStringLiteral("symlink"), file.path,
                QStringLiteral("%1 links to %2, outside of the repository")
                    .arg(displayPath(file.path), displayPath(target->left(200))),
                QStringLiteral("link to a path inside, or copy the file"));
    }

    /// The content of a link is its target.
    static std::optional<QByteArray> targetOf(const FileChange &file)
    {
        QByteArray target;
        bool seen = false;
        for (const auto &hunk : file.hunks) {
            for (const auto &line : hunk.lines) {
                // A target has no line end, and what git says of that is no line of it.
                if (line.kind == DiffLine::Kind::Removed || line.newLine == 0)
                    continue;
                target += (seen ? "\n" : "") + line.text;
                seen = true;
            }
        }
        return seen ? std::optional(target) : std::nullopt;
    }

    /// Leading ".." climb through real folders. A later ".." may climb out of another link's target, so it counts as
    /// leaving; so does what reaches into .git.
    static bool leavesRepository(const QByteArray &folder, const QByteArray &target)
    {
        qsizetype depth = folder.isEmpty() ? 0 : folder.count('/') + 1;
        bool descended = false;
        if (target.startsWith('/') || target.contains('\0'))
            return true;
        for (const auto &part : target.split('/')) {
            if (part.isEmpty() || part == ".")
                continue;
            if (part.toLower() == ".git")
                return true;
            if (part != "..")
                descended = true;
            else if (descended || --depth < 0)
                return true;
        }
        return false;
    }

    const Contract &m_contract;
};

} // namespace

bool isProtectedPath(const RepoPath &path)
{
    const QByteArray lower = forgiven(path);
    for (const auto &part : lower.split('/')) {
        if (part == ".git")
            return true;
    }
    return std::ranges::any_of(kProtected, [&](QStringView entry) {
        const QByteArray known = entry.toUtf8().toLower();
        return known.endsWith('/') ? lower.startsWith(known) : lower == known;
    });
}

std::vector<Finding> boundaryBreaches(const Contract &contract, const ChangeSet &change)
{
    Boundary boundary(contract);
    for (const auto &file : change.files) {
        const bool isNew = file.status == FileStatus::Added || file.status == FileStatus::Copied
                           || file.status == FileStatus::Renamed;
        boundary.judgePath(file.path, isNew);
        if (file.status == FileStatus::Renamed && file.oldPath != file.path)
            boundary.judgePath(file.oldPath, false); // a rename takes the file away from there
        boundary.judgeMode(file);
    }
    boundary.judgeSize(change);
    return boundary.found;
}

} // namespace openfactory
