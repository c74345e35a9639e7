// SPDX-License-Identifier: Apache-2.0
/// The port to languages: which one a repository is in, the commands of each stage, and what the tools' reports say.
#pragma once

#include "core/domain/commands.h"
#include "core/domain/contract.h"

#include <algorithm>
#include <functional>

namespace openfactory {

/// What is kept of one report.
constexpr size_t mostFindings = 1000;
/// And as many names of tests that passed.
constexpr qsizetype mostNamedTests = 20'000;

/// What a report of a tool measured.
struct Report {
    std::optional<TestCounts> tests;
    std::optional<Coverage> coverage;
    std::vector<Finding>
        findings; ///< failing tests (with assertion and file:line), compiler errors, lint findings; the cause first
    QStringList missing; ///< what the machine or the workspace lacks, in the tool's words: no fault of the change
    QStringList passed =
        {}; ///< names of the tests that passed, in the form of Finding::test; none where they have none
};

/// How the output of a planned command is read.
struct ReportSource {
    /// "junit", "coverage-json", "cobertura", "text:python", "text:flake8", "mypy-json", "bandit-json", "text:black",
    /// ...
    /// "<kind>@<folder>" where the command ran in a folder of the workspace: read() puts it before relative paths.
    QString kind;
    QString path; ///< file relative to the job's report folder; empty: the command's output
};

/// One command of a stage, ready to run.
struct PlannedCommand {
    QStringList argv;
    QString folder; ///< relative to the workspace
    std::map<QString, QString> environment;
    QStringList caches; ///< folders under the job's home that it needs
    std::vector<ReportSource> reports;
    std::vector<int> passCodes{0};    ///< exit codes that mean "no problem found"
    std::vector<int> problemCodes{1}; ///< exit codes that mean "problems found"; any other one: the tool itself failed
    std::vector<int> nothingCodes;    ///< exit codes that mean "there was nothing to check" (pytest: 5)
    bool network = false;
    QString program;           ///< the tool that must be there, by its name for people: "black"
    QString module;            ///< of Python, where the tool is run as one; empty: `program` is a program
    QString howToInstall;      ///< "apt install black"
    bool optional = false;     ///< a missing program is passed over silently (one of several linters)
    bool findingsFail = false; ///< a finding is a problem, whatever the exit code says (gofmt -l)
    bool onlyChanged = false;  ///< findings in files that the change leaves alone are no problem of it
    /// What the runner is asked for: the program, or "python3 -m MODULE".
    QString needed() const { return module.isEmpty() ? program : QStringLiteral("python3 -m ") + module; }
};

struct StagePlan {
    std::vector<PlannedCommand> commands; ///< in order; all are run, also after a failure, unless `stopAtFirst`
    bool stopAtFirst = false;
    std::vector<PlannedCommand> fixes; ///< auto-fix commands of a lint stage
    QStringList transientPatterns;     ///< regular expressions in the output that mean "service down"
    QString nothingToDo;               ///< not empty: why there is nothing to run ("no integration tests found")

    /// Whether a command keeps something in the job's home that the next one builds on.
    bool keepsCaches() const
    {
        const auto keeps = [](const PlannedCommand &command) { return !command.caches.isEmpty(); };
        return std::ranges::any_of(commands, keeps) || std::ranges::any_of(fixes, keeps);
    }
};

struct ToolchainInfo {
    QString language; ///< "python"
    QString evidence; ///< the file that told: "pyproject.toml"
    std::vector<CommandPattern> allowed;
    QStringList others = {}; ///< languages that the folder has beside this one, best first; the contract may choose
};

/// Where a language's files are, relative to the folder that was looked at.
struct SourceLayout {
    QStringList sources; ///< of the product: folders, and files that lie at the top; sorted
    QStringList tests;   ///< folders of tests, sorted; tests that lie beside the sources are not listed
};

/// A program that a language's stages need.
struct ToolNeed {
    QString program;
    QString use;          ///< "Python: unit-test, integration"
    QString howToInstall; ///< "apt install python3-pytest"
};

/// A function as it stands in a source.
struct SourceFunction {
    QString name;
    int line = 0;  ///< of its name
    int lines = 0; ///< from there to its end
    bool operator==(const SourceFunction &) const = default;
};

/// That a source takes in something of the repository: a file or, where the language has it so, a folder.
struct SourceImport {
    RepoPath unit;
    int line = 0;
    bool cyclesAreUsual = false; ///< the language takes them, and people write them: they are told, but no breach
    bool operator==(const SourceImport &) const = default;
};

/// The files of a repository at one point of its history.
struct SourceFiles {
    std::vector<RepoPath> paths; ///< sorted
    std::function<Result<QByteArray>(const RepoPath &)> read;
    bool has(const RepoPath &path) const { return std::ranges::binary_search(paths, path); }
    /// Whether files lie right in the folder.
    bool hasBelow(const RepoPath &folder) const
    {
        const RepoPath prefix = folder.isEmpty() ? RepoPath() : folder + '/';
        const auto first = std::ranges::lower_bound(paths, prefix);
        return first != paths.end() && first->startsWith(prefix);
    }
};

class Toolchains {
public:
    virtual ~Toolchains() = default;
    /// Languages of the folder, the main one first; Unsupported (naming what is known) where none is recognised.
    virtual Result<std::vector<ToolchainInfo>> detect(const QString &folder) const = 0;
    /// The toolchain of a language by name.
    virtual Result<ToolchainInfo> byName(const QString &language) const = 0;
    /// Where the folder's sources and tests are.
    virtual Result<SourceLayout> layout(const ToolchainInfo &toolchain, const QString &folder) const = 0;
    /// Whether the path is a test's, or lies in a folder of tests: of the toolchain's language, or of another one whose
    /// sources have such a name. Says nothing of tests within a source.
    virtual bool isTest(const ToolchainInfo &toolchain, const RepoPath &path) const = 0;
    /// The functions of a source by its name, in the order of their beginnings; none where the language does not say.
    virtual std::vector<SourceFunction> functions(const RepoPath &path, const QByteArray &source) const = 0;
    /// The node of the import graph that a source is part of; nothing for tests and where the language does not say.
    virtual std::optional<RepoPath> importUnit(const RepoPath &path) const = 0;
    /// What a source takes in from among the files.
    virtual std::vector<SourceImport> imports(const RepoPath &path, const QByteArray &source,
                                              const SourceFiles &files) const = 0;
    /// The commands of a stage, fitted to where the repository's sources and tests are. `reports` is the absolute
    /// folder that reports are written to.
    virtual Result<StagePlan> plan(const ToolchainInfo &toolchain, StageKind stage, const QString &folder,
                                   const QString &reports, const std::vector<RepoPath> &changedFiles) const = 0;
    /// Reads a report; hostile input. `folder` is the workspace as the command saw it, made relative in what is found.
    virtual Result<Report> read(const QString &kind, const QByteArray &bytes, const QString &folder) const = 0;
};

/// The port to rule packs (stage review).
class ReviewRules {
public:
    virtual ~ReviewRules() = default;
    virtual Result<std::vector<Finding>> review(const ChangeSet &change) const = 0;
};

/// The port to the secret scan of a change (law 8): known secrets and the forms of well-known tokens, on added lines.
class SecretScan {
public:
    virtual ~SecretScan() = default;
    /// What is marked on its own line as no secret (docs/secrets.md) is left out, and told by marks(); a known secret
    /// never is.
    virtual std::vector<Finding> scan(const ChangeSet &change) const = 0;
    /// The marks on added lines that something was let pass by, with the reason that each gives.
    virtual std::vector<Finding> marks(const ChangeSet &) const { return {}; }
    /// The same for the whole content of a file that has no lines in a change: binary, or too large for a diff. No mark
    /// counts there.
    virtual std::vector<Finding> scanContent(const RepoPath &file, const QByteArray &bytes) const = 0;
};

/// A new dependency that a change adds to a manifest.
struct NewDependency {
    RepoPath file;
    int line = 0;
    QString name;      ///< in Python's canonical form for Python (PEP 503), as written elsewhere
    QString ecosystem; ///< "python", "npm", "go", "cargo", "gleam", "cmake", "vcpkg", "conan"
};
/// Pure: what the added lines of pyproject.toml, Pipfile, requirements*.txt, setup.cfg, setup.py, package.json, go.mod,
/// Cargo.toml, gleam.toml, CMakeLists.txt, *.cmake, vcpkg.json and conanfile.txt bring in that the change did not take
/// out or leave standing beside them. A diff shows a part of a file: where its lines leave the section open, what looks
/// like a dependency counts as one.
std::vector<NewDependency> newDependencies(const ChangeSet &change);
/// Whether the contract lists the dependency; Python's names are compared in canonical form.
bool approves(const Contract &contract, const NewDependency &dependency);

} // namespace openfactory
