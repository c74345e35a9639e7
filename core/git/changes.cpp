// SPDX-License-Identifier: Apache-2.0
#include "core/git/changes.h"

#include "core/base/text.h"
#include "core/git/indexfile.h"
#include "core/git/largeblobs.h"

#include <QCryptographicHash>

#include <algorithm>
#include <cstring>
#include <functional>

namespace openfactory {

int ChangeSet::added() const
{
    int sum = 0;
    for (const FileChange &file : files)
        sum += file.added;
    return sum;
}

int ChangeSet::removed() const
{
    int sum = 0;
    for (const FileChange &file : files)
        sum += file.removed;
    return sum;
}

} // namespace openfactory

namespace openfactory::git {

namespace {

const char noNewline[] = "\\ No newline at end of file";

FileStatus statusOf(git_delta_t status)
{
    switch (status) {
    case GIT_DELTA_ADDED: return FileStatus::Added;
    case GIT_DELTA_DELETED: return FileStatus::Deleted;
    case GIT_DELTA_RENAMED: return FileStatus::Renamed;
    case GIT_DELTA_COPIED: return FileStatus::Copied;
    case GIT_DELTA_TYPECHANGE: return FileStatus::TypeChanged;
    default: return FileStatus::Modified;
    }
}

/// One side of a file's change.
struct Side {
    OdbObject object;
    QByteArray made; ///< for a submodule
    QByteArrayView bytes;
    bool binary = false;
};

Result<Side> readSide(git_odb *odb, const git_oid &id, int mode, const QString &doing)
{
    Side side;
    if (mode == 0 || git_oid_is_zero(&id))
        return side;
    if (mode == GIT_FILEMODE_COMMIT) {
        side.made = "Subproject commit " + toText(id).toLatin1() + '\n';
        side.bytes = side.made;
        return side;
    }
    size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    OF_GIT(git_odb_read_header(&size, &type, odb, &id), doing);
    if (size > size_t(textMost)) {
        side.binary = true;
        return side;
    }
    OF_GIT(git_odb_read(out(side.object), odb, &id), doing);
    side.bytes = QByteArrayView(static_cast<const char *>(git_odb_object_data(side.object.get())), qsizetype(size));
    side.binary = size > 0 && std::memchr(side.bytes.data(), 0, size) != nullptr;
    return side;
}

Result<void> addHunks(FileChange &change, const Side &before, const Side &after, const QString &doing)
{
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_FORCE_TEXT;
    options.context_lines = 3;
    PatchHandle patch;
    OF_GIT(git_patch_from_buffers(out(patch), before.bytes.data(), size_t(before.bytes.size()), nullptr,
                                  after.bytes.data(), size_t(after.bytes.size()), nullptr, &options),
           doing);
    for (size_t h = 0; h < git_patch_num_hunks(patch.get()); ++h) {
        const git_diff_hunk *hunk = nullptr;
        size_t lines = 0;
        OF_GIT(git_patch_get_hunk(&hunk, &lines, patch.get(), h), doing);
        QByteArrayView header(hunk->header, qsizetype(hunk->header_len));
        const qsizetype end = header.indexOf("@@", 2);
        header = end < 0 ? QByteArrayView() : header.sliced(end + 2).trimmed();
        DiffHunk made{header.toByteArray(), {}};
        made.lines.reserve(lines);
        for (size_t l = 0; l < lines; ++l) {
            const git_diff_line *line = nullptr;
            OF_GIT(git_patch_get_line_in_hunk(&line, patch.get(), h, l), doing);
            DiffLine text;
            QByteArrayView content(line->content, qsizetype(line->content_len));
            if (content.endsWith('\n'))
                content.chop(1);
            switch (line->origin) {
            case GIT_DIFF_LINE_ADDITION:
                text.kind = DiffLine::Kind::Added;
                ++change.added;
                break;
            case GIT_DIFF_LINE_DELETION:
                text.kind = DiffLine::Kind::Removed;
                ++change.removed;
                break;
            case GIT_DIFF_LINE_CONTEXT: break;
            default: // what git says of a side that does not end in a line end
                made.lines.push_back({DiffLine::Kind::Context, 0, 0, noNewline});
                continue;
            }
            text.oldLine = std::max(line->old_lineno, 0);
            text.newLine = std::max(line->new_lineno, 0);
            text.text = content.toByteArray();
            made.lines.push_back(std::move(text));
        }
        change.hunks.push_back(std::move(made));
    }
    return {};
}

/// A path in a patch: in quotes, with escapes, where it holds anything that could mislead.
QByteArray quoted(const char *prefix, const RepoPath &path)
{
    QByteArray text;
    bool needed = false;
    for (const char c : path) {
        static constexpr char letters[] = "\a\b\t\n\v\f\r\"\\";
        static constexpr char names[] = "abtnvfr\"\\";
        if (const char *at = c ? std::strchr(letters, c) : nullptr) {
            text += '\\';
            text += names[at - letters];
            needed = true;
        } else if (quint8(c) < 0x20 || quint8(c) >= 0x7f) {
            text += '\\' + QByteArray::number(quint8(c), 8).rightJustified(3, '0');
            needed = true;
        } else {
            text += c;
        }
    }
    text = prefix + text;
    return needed ? '"' + text + '"' : text;
}

/// How git names a file in the "---" and "+++" lines: with a tab at the end where the name holds a space.
QByteArray named(const char *prefix, const RepoPath &path)
{
    const QByteArray text = quoted(prefix, path);
    return path.contains(' ') ? text + '\t' : text;
}

QByteArray range(int start, int count)
{
    return count == 1 ? QByteArray::number(start) : QByteArray::number(start) + ',' + QByteArray::number(count);
}

void printHunks(QByteArray &text, const FileChange &change)
{
    for (const DiffHunk &hunk : change.hunks) {
        int oldStart = 0, oldCount = 0, newStart = 0, newCount = 0;
        for (const DiffLine &line : hunk.lines) {
            if (line.oldLine > 0 && oldCount++ == 0)
                oldStart = line.oldLine;
            if (line.newLine > 0 && newCount++ == 0)
                newStart = line.newLine;
        }
        text += "@@ -" + range(oldStart, oldCount) + " +" + range(newStart, newCount) + " @@";
        if (!hunk.header.isEmpty())
            text += ' ' + hunk.header;
        text += '\n';
        for (const DiffLine &line : hunk.lines) {
            if (line.oldLine > 0 || line.newLine > 0)
                text += line.kind == DiffLine::Kind::Added ? '+' : line.kind == DiffLine::Kind::Removed ? '-' : ' ';
            text += line.text + '\n';
        }
    }
}

void printFile(QByteArray &text, const FileDelta &delta)
{
    const FileChange &change = delta.change;
    const RepoPath &oldPath = change.oldPath.isEmpty() ? change.path : change.oldPath;
    const auto mode = [](int value) { return QByteArray::number(value, 8).rightJustified(6, '0'); };
    const bool added = change.status == FileStatus::Added;
    const bool deleted = change.status == FileStatus::Deleted;
    text += "diff --git " + quoted("a/", oldPath) + ' ' + quoted("b/", change.path) + '\n';
    if (added)
        text += "new file mode " + mode(change.newMode) + '\n';
    else if (deleted)
        text += "deleted file mode " + mode(change.oldMode) + '\n';
    else if (change.oldMode != change.newMode)
        text += "old mode " + mode(change.oldMode) + "\nnew mode " + mode(change.newMode) + '\n';
    if (change.status == FileStatus::Renamed) {
        text += "similarity index " + QByteArray::number(delta.similarity) + "%\n";
        text += "rename from " + quoted("", oldPath) + "\nrename to " + quoted("", change.path) + '\n';
    }
    if (!git_oid_equal(&delta.oldId, &delta.newId)) {
        text += "index " + toText(delta.oldId).toLatin1() + ".." + toText(delta.newId).toLatin1();
        text += (added || deleted || change.oldMode != change.newMode ? QByteArray() : ' ' + mode(change.newMode))
                + '\n';
    }
    const QByteArray from = added ? QByteArray("/dev/null") : named("a/", oldPath);
    const QByteArray to = deleted ? QByteArray("/dev/null") : named("b/", change.path);
    if (change.binary)
        text += "Binary files " + (added ? from : quoted("a/", oldPath)) + " and "
                + (deleted ? to : quoted("b/", change.path)) + " differ\n";
    else if (!change.hunks.empty())
        text += "--- " + from + "\n+++ " + to + '\n';
    printHunks(text, change);
}

} // namespace

Result<std::vector<FileDelta>> listChanges(git_repository *objects, const git_oid &from, const git_oid &to)
{
    const QString doing = QStringLiteral("compare two trees");
    TreeHandle before, after;
    OF_GIT(git_tree_lookup(out(before), objects, &from), doing);
    OF_GIT(git_tree_lookup(out(after), objects, &to), doing);
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_SKIP_BINARY_CHECK;
    DiffHandle diff;
    OF_GIT(git_diff_tree_to_tree(out(diff), objects, before.get(), after.get(), &options), doing);
    git_diff_find_options find = GIT_DIFF_FIND_OPTIONS_INIT;
    find.flags = GIT_DIFF_FIND_RENAMES;
    int similar = git_diff_find_similar(diff.get(), &find);
    if (similar == GIT_ENOTFOUND) {
        // Of a file of up to 127 bytes the library asks whether a large blob that is known by name only is like it, and
        // gives up where it cannot read that one (similarity_sig() in its diff_tform.c).
        find.flags |= GIT_DIFF_FIND_EXACT_MATCH_ONLY;
        similar = git_diff_find_similar(diff.get(), &find);
    }
    OF_GIT(similar, doing);

    std::vector<FileDelta> deltas;
    for (size_t i = 0; i < git_diff_num_deltas(diff.get()); ++i) {
        const git_diff_delta *found = git_diff_get_delta(diff.get(), i);
        FileDelta delta;
        FileChange &change = delta.change;
        change.status = statusOf(found->status);
        change.path = change.status == FileStatus::Deleted ? found->old_file.path : found->new_file.path;
        change.oldPath = change.status == FileStatus::Added ? change.path : RepoPath(found->old_file.path);
        change.oldMode = found->old_file.mode;
        change.newMode = found->new_file.mode;
        delta.oldId = found->old_file.id;
        delta.newId = found->new_file.id;
        delta.similarity = found->similarity;
        deltas.push_back(std::move(delta));
    }
    std::ranges::sort(deltas, {}, [](const FileDelta &delta) -> const RepoPath & { return delta.change.path; });
    return deltas;
}

Result<void> readChange(git_odb *odb, FileDelta &delta)
{
    FileChange &change = delta.change;
    if (git_oid_equal(&delta.oldId, &delta.newId) && change.oldMode == change.newMode)
        return {};
    const QString words = QStringLiteral("compare %1").arg(displayPath(change.path));
    OF_TRY(oldSide, readSide(odb, delta.oldId, change.oldMode, words));
    OF_TRY(newSide, readSide(odb, delta.newId, change.newMode, words));
    change.binary = oldSide.binary || newSide.binary;
    if (change.binary)
        return {};
    if (change.status != FileStatus::TypeChanged)
        return addHunks(change, oldSide, newSide, words);
    // A link that becomes a file, and the like: one goes, the other comes; nothing of it is context.
    OF_CHECK(addHunks(change, oldSide, Side(), words));
    return addHunks(change, Side(), newSide, words);
}

Result<std::vector<FileDelta>> compareTrees(git_repository *objects, const git_oid &from, const git_oid &to)
{
    OF_TRY(deltas, listChanges(objects, from, to));
    OdbHandle odb;
    OF_GIT(git_repository_odb(out(odb), objects), QStringLiteral("compare two trees"));
    for (FileDelta &delta : deltas)
        OF_CHECK(readChange(odb.get(), delta));
    return deltas;
}

ChangeSet toChangeSet(std::vector<FileDelta> deltas, bool summaryOnly)
{
    ChangeSet set;
    set.files.reserve(deltas.size());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    // Each part with its length before it, so that no two changes give the same bytes.
    const auto add = [&](QByteArrayView bytes) {
        hash.addData(QByteArray(QByteArray::number(bytes.size()) + ':'));
        hash.addData(bytes);
    };
    for (FileDelta &delta : deltas) {
        FileChange &change = delta.change;
        add("file");
        add(change.path);
        add(change.oldPath);
        add(QByteArray(QByteArray::number(change.oldMode, 8) + ' ' + QByteArray::number(change.newMode, 8)));
        if (change.binary) {
            add("binary");
            add(toText(delta.oldId).toLatin1());
            add(toText(delta.newId).toLatin1());
        }
        for (const DiffHunk &hunk : change.hunks) {
            add("hunk");
            for (const DiffLine &line : hunk.lines) {
                add(line.kind == DiffLine::Kind::Added     ? "+"
                    : line.kind == DiffLine::Kind::Removed ? "-"
                    : line.oldLine == 0                    ? "\\"
                                                           : " ");
                add(line.text);
            }
        }
        if (summaryOnly)
            change.hunks.clear();
        set.files.push_back(std::move(change));
    }
    set.hash = QString::fromLatin1(hash.result().toHex());
    return set;
}

QByteArray toPatch(const std::vector<FileDelta> &deltas)
{
    QByteArray text;
    for (const FileDelta &delta : deltas) {
        if (delta.change.status != FileStatus::TypeChanged) {
            printFile(text, delta);
            continue;
        }
        FileDelta gone = delta, made = delta;
        gone.change.status = FileStatus::Deleted;
        gone.newId = {};
        made.change.status = FileStatus::Added;
        made.oldId = {};
        const auto comes = [](const DiffHunk &hunk) { return hunk.lines.front().kind == DiffLine::Kind::Added; };
        std::erase_if(gone.change.hunks, comes);
        std::erase_if(made.change.hunks, std::not_fn(comes));
        printFile(text, gone);
        printFile(text, made);
    }
    return text;
}

} // namespace openfactory::git
