// SPDX-License-Identifier: Apache-2.0
/// Changes for the screen: every line of a change has its row, and every row names texts and lines that there are.
#include "tests/fuzz/fuzz.h"
#include "ui/widgets/diffpresenter.h"

#include <algorithm>

using namespace openfactory;

namespace {

/// A hunk in which the first lines that are alike, and the last, are context, as git would have it.
DiffHunk hunkOf(const QList<QByteArray> &before, const QList<QByteArray> &after)
{
    const auto same = std::ranges::mismatch(before, after);
    const qsizetype head = same.in1 - before.begin();
    qsizetype tail = 0;
    while (tail < std::min(before.size(), after.size()) - head
           && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    DiffHunk hunk;
    for (qsizetype i = 0; i < head; ++i)
        hunk.lines.push_back({DiffLine::Kind::Context, int(i + 1), int(i + 1), before[i]});
    for (qsizetype i = head; i < before.size() - tail; ++i)
        hunk.lines.push_back({DiffLine::Kind::Removed, int(i + 1), 0, before[i]});
    for (qsizetype i = head; i < after.size() - tail; ++i)
        hunk.lines.push_back({DiffLine::Kind::Added, 0, int(i + 1), after[i]});
    for (qsizetype i = tail; i > 0; --i)
        hunk.lines.push_back({DiffLine::Kind::Context, int(before.size() - i + 1), int(after.size() - i + 1),
                              before[before.size() - i]});
    return hunk;
}

void check(const std::vector<DiffRow> &rows, const DiffPresentation &made)
{
    for (const DiffRow &row : rows) {
        if (row.kind == DiffRow::Kind::Gap) {
            require(row.gap >= 0 && size_t(row.gap) < made.gaps.size(), "a gap that there is");
            continue;
        }
        if (row.kind == DiffRow::Kind::Note) {
            require(row.left >= 0 && size_t(row.left) < made.notes.size(), "a note that there is");
            continue;
        }
        require(row.left < int(made.texts.size()) && row.right < int(made.texts.size()), "a text that there is");
        require(row.left >= 0 || row.right >= 0, "a row without text");
        require(row.oldLine >= 0 && row.newLine >= 0, "a line that there may be");
    }
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Choices choices(data, size);
    const uint8_t flags = choices.next();
    DiffOptions options;
    options.ignoreSpace = flags & 1;
    options.context = flags & 2 ? 1 : 3;
    const QByteArray rest = choices.rest();
    const qsizetype cut = rest.indexOf('\xff');
    const QByteArray before = cut < 0 ? QByteArray() : rest.left(cut);
    const QByteArray after = cut < 0 ? rest : rest.mid(cut + 1);
    DiffParts parts;
    parts.change.path = parts.change.oldPath = before.left(40) + "/" + after.left(20);
    parts.change.oldMode = flags & 4 ? 0120000 : 0100644;
    parts.change.newMode = flags & 8 ? 0160000 : 0100644;
    parts.change.hunks.push_back(hunkOf(before.split('\n'), after.split('\n')));
    parts.change.hunks.back().header = after.left(30);
    for (const DiffLine &line : parts.change.hunks.back().lines) {
        parts.change.added += line.kind == DiffLine::Kind::Added;
        parts.change.removed += line.kind == DiffLine::Kind::Removed;
    }
    if (flags & 16) {
        parts.oldBytes = before;
        parts.newBytes = after;
        parts.opened = {0};
    }
    const auto made = present(parts, options);
    check(made->unified, *made);
    check(made->split, *made);
    if (options.ignoreSpace || hasNonTextChange(parts.change))
        return 0;
    const auto first = [&](DiffRow::Kind kind) {
        return std::ranges::count_if(made->unified, [&](const DiffRow &r) { return r.kind == kind && !r.goesOn; });
    };
    require(first(DiffRow::Kind::Added) == parts.change.added, "every added line has a row");
    require(first(DiffRow::Kind::Removed) == parts.change.removed, "every removed line has a row");
    return 0;
}
