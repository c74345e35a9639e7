// SPDX-License-Identifier: Apache-2.0
#include "core/stages/importcycles.h"

#include "core/base/text.h"

#include <deque>
#include <map>
#include <set>

namespace openfactory {

namespace {

/// Sources read for one change; a repository with more of them is looked at in part, and that is said.
constexpr int kMostSources = 20'000;
constexpr size_t kMostCycles = 50;

/// Where an import stands.
struct Place {
    RepoPath file;
    int line = 0;
    bool usual = false; ///< to its language, a cycle is none to be refused
};

/// The graph of one side, read as far as it is asked for.
class Graph {
public:
    using Edges = std::map<RepoPath, Place>;

    Graph(const Toolchains &toolchains, const SourceFiles &files) : m_toolchains(toolchains), m_files(files) {}

    bool complete() const { return m_read <= kMostSources; }

    const Edges &edges(const RepoPath &unit)
    {
        const auto known = m_edges.find(unit);
        if (known != m_edges.end())
            return known->second;
        Edges edges;
        for (const RepoPath &path : filesOf(unit)) {
            if (++m_read > kMostSources)
                break;
            const auto source = m_files.read(path);
            if (!source)
                continue;
            for (const SourceImport &import : m_toolchains.imports(path, *source, m_files))
                edges.try_emplace(import.unit, Place{path, import.line, import.cyclesAreUsual});
        }
        return m_edges[unit] = std::move(edges);
    }

    /// The shortest way, both ends included; empty: there is none.
    std::vector<RepoPath> way(const RepoPath &from, const RepoPath &to)
    {
        std::map<RepoPath, RepoPath> came{{from, from}};
        std::deque<RepoPath> todo{from};
        while (!todo.empty() && !came.contains(to)) {
            const RepoPath here = todo.front();
            todo.pop_front();
            for (const auto &[next, place] : edges(here)) {
                if (came.try_emplace(next, here).second)
                    todo.push_back(next);
            }
        }
        std::vector<RepoPath> path;
        if (!came.contains(to))
            return path;
        for (RepoPath at = to; at != from; at = came[at])
            path.insert(path.begin(), at);
        path.insert(path.begin(), from);
        return path;
    }

private:
    std::vector<RepoPath> filesOf(const RepoPath &unit)
    {
        if (m_files.has(unit))
            return {unit};
        if (!m_sorted) { // folders with all their files
            for (const RepoPath &path : m_files.paths) {
                if (const auto of = m_toolchains.importUnit(path); of && *of != path)
                    m_folders[*of].push_back(path);
            }
            m_sorted = true;
        }
        const auto known = m_folders.find(unit);
        return known == m_folders.end() ? std::vector<RepoPath>() : known->second;
    }

    const Toolchains &m_toolchains;
    const SourceFiles &m_files;
    std::map<RepoPath, Edges> m_edges;
    std::map<RepoPath, std::vector<RepoPath>> m_folders;
    bool m_sorted = false;
    int m_read = 0;
};

Finding findingOf(const std::vector<RepoPath> &cycle, const Place &place)
{
    QStringList names;
    for (const RepoPath &unit : cycle)
        names += displayPath(unit);
    if (names.size() > 12) {
        const QString more = QStringLiteral("... %1 more ...").arg(names.size() - 8);
        names = names.first(4) + QStringList{more} + names.last(4);
    }
    Finding finding;
    finding.tool = QStringLiteral("boundary");
    finding.rule = QStringLiteral("import_cycles_allowed");
    finding.severity = place.usual ? Severity::Warning : Severity::Error;
    finding.file = place.file;
    finding.line = place.line;
    finding.message = QStringLiteral("this import closes a cycle: ") + names.join(QStringLiteral(" -> "));
    finding.suggestion = QStringLiteral("move what both sides need into a file of its own, or hand it in from outside");
    return finding;
}

} // namespace

ImportCycles newImportCycles(const Toolchains &toolchains, const ChangeSet &change, const ImportSides &sides)
{
    Graph now(toolchains, sides.now), before(toolchains, sides.before);
    std::set<RepoPath> changed;
    std::map<RepoPath, RepoPath> old; // units that the change renamed
    for (const FileChange &file : change.files) {
        const auto unit = file.status == FileStatus::Deleted ? std::nullopt : toolchains.importUnit(file.path);
        if (!unit)
            continue;
        changed.insert(*unit);
        if (const auto was = toolchains.importUnit(sides.oldPath(file.path)); was && *unit == file.path)
            old[*unit] = *was;
    }
    const auto oldUnit = [&](const RepoPath &unit) {
        const auto known = old.find(unit);
        return known == old.end() ? unit : known->second;
    };
    // Each new cycle has a new edge, and each new edge leaves something that the change touched.
    ImportCycles cycles;
    std::vector<RepoPath> knots; // one unit of each group of cycles that was told: the rest of it has the same cause
    for (const RepoPath &unit : changed) {
        for (const auto &[target, place] : now.edges(unit)) {
            const RepoPath from = oldUnit(unit), to = oldUnit(target);
            if (target == unit || before.edges(from).contains(to))
                continue;
            auto way = now.way(target, unit);
            if (way.empty() || (!before.way(from, to).empty() && !before.way(to, from).empty()))
                continue; // no cycle, or they were in one together already
            const bool told = std::ranges::any_of(knots, [&](const RepoPath &knot) {
                return !now.way(knot, unit).empty() && !now.way(unit, knot).empty();
            });
            if (told)
                continue;
            knots.push_back(unit);
            way.insert(way.begin(), unit);
            cycles.findings.push_back(findingOf(way, place));
            if (cycles.findings.size() >= kMostCycles)
                return cycles;
        }
    }
    cycles.complete = now.complete() && before.complete();
    return cycles;
}

} // namespace openfactory
