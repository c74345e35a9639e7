// SPDX-License-Identifier: Apache-2.0
/// Values that name things in git, and what a change consists of. Paths inside a repository are bytes: git has no
/// encoding for file names.
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace openfactory {

/// 40 hexadecimal characters, or empty.
using CommitId = QString;
using TreeId = QString;
using RepoPath = QByteArray;

enum class FileStatus { Added, Modified, Deleted, Renamed, Copied, TypeChanged };

struct DiffLine {
    enum class Kind { Context, Added, Removed } kind = Kind::Context;
    int oldLine = 0; ///< from 1; 0 where the side has no such line
    int newLine = 0;
    QByteArray text; ///< without the line end
    bool operator==(const DiffLine &) const = default;
};

struct DiffHunk {
    QByteArray header; ///< the function context git found
    std::vector<DiffLine> lines;
    bool operator==(const DiffHunk &) const = default;
};

struct FileChange {
    FileStatus status = FileStatus::Modified;
    RepoPath path;
    RepoPath oldPath; ///< differs from `path` for renames and copies
    int oldMode = 0;  ///< octal, as git has it (0100644, 0100755, 0120000 symlink, 0160000 submodule)
    int newMode = 0;
    bool binary = false;
    int added = 0;
    int removed = 0;
    std::vector<DiffHunk> hunks; ///< empty for binary files and where only the summary was asked for
    bool operator==(const FileChange &) const = default;
};

struct ChangeSet {
    std::vector<FileChange> files; ///< sorted by path
    /// SHA-256 over paths, modes, and every hunk's lines, without positions and commit ids: a clean rebase keeps it,
    /// any other change of the diff (also of white space, modes, binary content) does not.
    QString hash;
    int added() const;
    int removed() const;
};

/// A changed file before it is read: its change without hunks, binary and counts.
struct ListedChange {
    FileChange change;
    QString contentKey; ///< names the content of both sides with paths and modes: another change has another one
};

/// What a repository is like, before a job is made on it.
struct RepositoryFacts {
    QString root;      ///< absolute path of the working folder
    QString gitFolder; ///< absolute path of the common .git folder
    bool bare = false;
    bool shallow = false;
    bool unborn = false; ///< no commit yet
    bool detached = false;
    QString headBranch; ///< short name; empty when detached
    CommitId headCommit;
};

/// The working folder of a job at one instant.
struct WorkspaceState {
    CommitId head;
    TreeId tree;                        ///< of the folder's content: tracked and untracked, without ignored files
    bool clean = false;                 ///< `tree` is the head's tree
    std::vector<RepoPath> repositories; ///< other repositories in the folder: commands see them, no diff holds them
    std::vector<RepoPath> unstorable;   ///< names that git takes for its own: the same
};

struct MergeConflict {
    RepoPath path;
    int hunks = 0;   ///< 0 where there is no text to merge (binary, delete against modify)
    QString kind;    ///< "content", "deleted here", "deleted there", "both added", "binary"
    QByteArray text; ///< the merged file with its markers; empty where there is no text
};

/// A three-way merge done in memory.
struct MergePreview {
    CommitId target;
    TreeId tree; ///< of the merge; empty with conflicts
    bool upToDate = false;
    std::vector<MergeConflict> conflicts;
};

/// An attempt's state that was put aside: a commit outside any branch, with what it failed on.
struct SnapshotRef {
    QString ref; ///< refs/openfactory/<job>/<stage>/<attempt>
    CommitId commit;
    QString message;
};

/// Why and by what a commit of the engine was made; becomes its message and trailers.
struct CommitNote {
    QString subject;
    QString body;
    QString step; ///< ULID of the intent: trailer OpenFactory-Step, by which a restart finds the commit
    QString job;
    QString trace;
    QString stage;
    int attempt = 0;
    QString audit; ///< of a merge: the audit log's head at the time, "<seq> <hash>", trailer OpenFactory-Audit
};

} // namespace openfactory
