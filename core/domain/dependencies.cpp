// SPDX-License-Identifier: Apache-2.0
// newDependencies() and approves() of toolchains.h.
#include "core/domain/manifest.h"
#include "core/domain/toolchains.h"

#include <algorithm>
#include <set>

namespace openfactory {

namespace {

/// A line of a manifest is short; a longer one is hostile or generated, and cut before any pattern sees it.
constexpr qsizetype kLongestLine = 64 * 1024;
constexpr int kSymlink = 0120000;

void judgeFile(const FileChange &file, std::vector<NewDependency> &out)
{
    const auto after = manifestOf(file.path);
    if (!after || file.status == FileStatus::Deleted)
        return;
    const bool moved = file.status == FileStatus::Renamed || file.status == FileStatus::Copied;
    const auto before = manifestOf(moved ? file.oldPath : file.path);
    // Any file can be made a manifest by its name, and a manifest be hidden behind a link or a NUL byte.
    const bool unseen = file.hunks.empty() && (file.binary || (moved && !before));
    if (unseen || (file.newMode == kSymlink && file.oldMode != kSymlink)) {
        out.push_back({file.path, 0, QStringLiteral("content that cannot be seen"), ecosystemOf(file.path)});
        return;
    }
    std::vector<NewDependency> added;
    std::set<QString> standing; // there before: a new version or another place is no new dependency
    for (const auto &hunk : file.hunks) {
        const QString context = QString::fromUtf8(hunk.header);
        after->begin(context);
        if (before)
            before->begin(context);
        for (const auto &line : hunk.lines) {
            const QString text = QString::fromUtf8(line.text.left(kLongestLine));
            const QStringList old = before && line.kind != DiffLine::Kind::Added ? before->read(text) : QStringList();
            standing.insert(old.begin(), old.end());
            if (line.kind == DiffLine::Kind::Removed)
                continue;
            const bool isNew = line.kind == DiffLine::Kind::Added || !before;
            for (const auto &name : after->read(text)) {
                if (isNew && std::ranges::find(added, name, &NewDependency::name) == added.end())
                    added.push_back({file.path, line.newLine, name, ecosystemOf(file.path)});
            }
        }
    }
    std::ranges::copy_if(added, std::back_inserter(out),
                         [&](const NewDependency &found) { return !standing.contains(found.name); });
}

} // namespace

std::vector<NewDependency> newDependencies(const ChangeSet &change)
{
    std::vector<NewDependency> found;
    for (const auto &file : change.files)
        judgeFile(file, found);
    return found;
}

bool approves(const Contract &contract, const NewDependency &dependency)
{
    const bool python = dependency.ecosystem == u"python";
    return std::ranges::any_of(contract.approvedDependencies, [&](const QString &name) {
        return name == dependency.name || (python && canonicalPythonName(name) == canonicalPythonName(dependency.name));
    });
}

} // namespace openfactory
