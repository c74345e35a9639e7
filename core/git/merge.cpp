// SPDX-License-Identifier: Apache-2.0
#include "core/git/merge.h"

#include "core/base/text.h"

#include <cstring>

namespace openfactory::git {

namespace {

using ConflictIterator = Handle<git_index_conflict_iterator, git_index_conflict_iterator_free>;

struct MergedFile : git_merge_file_result {
    MergedFile() : git_merge_file_result{} {}
    ~MergedFile() { git_merge_file_result_free(this); }
    MergedFile(const MergedFile &) = delete;
    MergedFile &operator=(const MergedFile &) = delete;
};

bool isFile(const git_index_entry *entry)
{
    return entry->mode == GIT_FILEMODE_BLOB || entry->mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

Result<bool> isBinary(git_repository *objects, const git_index_entry *entry)
{
    Handle<git_blob, git_blob_free> blob;
    OF_GIT(git_blob_lookup(out(blob), objects, &entry->id), QStringLiteral("read a file to be merged"));
    const auto size = size_t(git_blob_rawsize(blob.get()));
    return size > 0 && std::memchr(git_blob_rawcontent(blob.get()), 0, size) != nullptr;
}

Result<MergeConflict> describe(git_repository *objects, const git_index_entry *ancestor, const git_index_entry *ours,
                               const git_index_entry *theirs, const git_merge_file_options &options)
{
    MergeConflict conflict;
    conflict.path = (ours ? ours : theirs ? theirs : ancestor)->path;
    if (!ours || !theirs) {
        conflict.kind = ancestor && theirs ? QStringLiteral("deleted here")
                        : ancestor && ours ? QStringLiteral("deleted there")
                                           : QStringLiteral("content"); // of renames and folders
        return conflict;
    }
    conflict.kind = ancestor ? QStringLiteral("content") : QStringLiteral("both added");
    if (!isFile(ours) || !isFile(theirs))
        return conflict; // links and submodules have no lines
    OF_TRY(oursBinary, isBinary(objects, ours));
    OF_TRY(theirsBinary, isBinary(objects, theirs));
    if (oursBinary || theirsBinary) {
        conflict.kind = QStringLiteral("binary");
        return conflict;
    }
    MergedFile merged;
    OF_GIT(git_merge_file_from_index(&merged, objects, ancestor, ours, theirs, &options),
           QStringLiteral("merge %1").arg(displayPath(conflict.path)));
    conflict.text = QByteArray(merged.ptr, qsizetype(merged.len));
    for (qsizetype at = 0; at >= 0 && at < conflict.text.size();) {
        conflict.hunks += QByteArrayView(conflict.text).sliced(at).startsWith("<<<<<<< ");
        const qsizetype end = conflict.text.indexOf('\n', at);
        at = end < 0 ? -1 : end + 1;
    }
    return conflict;
}

} // namespace

Result<MergePreview> mergeInMemory(const Repository &repository, const git_oid &ours, const git_oid &theirs,
                                   const QString &oursName, const QString &theirsName)
{
    const QString doing = QStringLiteral("merge %1 and %2").arg(displayable(oursName), displayable(theirsName));
    git_repository *objects = repository.objects();
    OF_TRY(ourCommit, repository.commit(ours, doing));
    OF_TRY(theirCommit, repository.commit(theirs, doing));
    MergePreview preview;
    git_merge_options options = GIT_MERGE_OPTIONS_INIT;
    options.flags = GIT_MERGE_FIND_RENAMES;
    IndexHandle index;
    OF_GIT(git_merge_commits(out(index), objects, ourCommit.get(), theirCommit.get(), &options), doing);
    if (!git_index_has_conflicts(index.get())) {
        git_oid tree;
        OF_GIT(git_index_write_tree_to(&tree, index.get(), objects), doing);
        preview.tree = toText(tree);
        return preview;
    }
    git_merge_file_options fileOptions = GIT_MERGE_FILE_OPTIONS_INIT;
    const QByteArray ourLabel = oursName.toUtf8();
    const QByteArray theirLabel = theirsName.toUtf8();
    fileOptions.our_label = ourLabel.constData();
    fileOptions.their_label = theirLabel.constData();
    ConflictIterator iterator;
    OF_GIT(git_index_conflict_iterator_new(out(iterator), index.get()), doing);
    const git_index_entry *ancestor = nullptr, *our = nullptr, *their = nullptr;
    int code = 0;
    while ((code = git_index_conflict_next(&ancestor, &our, &their, iterator.get())) == 0) {
        OF_TRY(conflict, describe(objects, ancestor, our, their, fileOptions));
        preview.conflicts.push_back(std::move(conflict));
    }
    if (code != GIT_ITEROVER)
        OF_GIT(code, doing);
    return preview;
}

} // namespace openfactory::git
