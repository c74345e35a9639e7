// SPDX-License-Identifier: Apache-2.0
/// What a job may change and must reach (contract.yaml), and the pure rules that judge a change by it.
#pragma once

#include "core/domain/git.h"
#include "core/domain/pipeline.h"
#include "core/domain/retry.h"
#include "core/domain/verdict.h"

#include <map>

namespace openfactory {

struct JobIdentity;

/// How an approved change goes live. Gradual is refused as "not built yet" until rollout exists.
enum class Strategy { Direct, Gradual };

/// Where a job's pull request goes.
enum class ForgeKind { Local, GitHub };

struct Contract {
    QString language;                                   ///< empty: detected
    QString pipeline = QStringLiteral("factory");       ///< built-in pipeline that the job starts from
    std::optional<std::vector<StageDefinition>> stages; ///< the job's own list, replaces the built-in's
    QStringList skip;                                   ///< stage names of the built-in pipeline left out
    TcrVariant tcr = TcrVariant::Strict;                ///< what a hard failure takes back
    double requiredTestCoverage = 80;                   ///< per cent of lines
    QStringList allowedFiles{QStringLiteral("**")};     ///< globs; a change touches only these
    QStringList forbiddenFiles;                         ///< globs; wins over allowedFiles
    int maxLinesChanged = 0;                            ///< added + removed; 0: no limit
    int maxFunctionLines = 300; ///< of a function that the change makes or lets grow, tests aside; 0: no limit
    bool importCyclesAllowed = false;
    bool newDependenciesAllowed = true;
    QStringList approvedDependencies; ///< new ones that may come in; where not empty, only these
    Strategy strategy = Strategy::Direct;
    ForgeKind forge = ForgeKind::Local;
    QString target;                           ///< branch to integrate into; empty: where the repository stood
    QStringList protectedBranches;            ///< never written, by any decision
    std::vector<QStringList> allowedCommands; ///< further allowlist patterns, word by word as in CommandPattern
    std::map<QString, QString> environment;   ///< plain values given to commands
    QStringList secrets;                      ///< names of secrets that commands of this job may see; masked everywhere
    std::chrono::seconds commandTimeout{900};
    qint64 memoryMb = 4096;
    int processes = 512;
    QString ownFile; ///< where it lies in the repository; empty: nowhere, or at a place that is protected anyway
};

/// Reads contract.yaml: a mapping, or one under the key `contract`. Keys (the defaults are those of Contract):
///   language; pipeline: a built-in name, or a list of stages {name, kind, command, failure, reverts, attempts,
///   network, timeout_seconds}, where a stage named like a kind has what the built-in pipelines say of it; skip; tcr
///   (strict, relaxed, build-first);
///   allowed_files, forbidden_files, max_lines_changed, max_function_lines, import_cycles_allowed,
///   required_test_coverage, new_dependencies_allowed, approved_dependencies; strategy, forge (local, github), target,
///   protected_branches;
///   allowed_commands, environment, secrets; limits: {command_timeout_seconds, memory_mb, processes}.
/// Anything else, a wrong type, a key without a value or given twice is an error that names file, line and column.
Result<Contract> loadContract(const QByteArray &yaml, const QString &file);
/// A contract as far as it can be read, and all that is wrong with it, for people who write one.
struct ContractReading {
    Contract contract;                     ///< only good where there are no faults
    std::vector<Error> faults;             ///< in the order of the file
    std::map<QString, yaml::Place> places; ///< of its values: "allowed_files[0]", "pipeline[2].command"
};
ContractReading readContract(const QByteArray &yaml, const QString &file);
/// The contract as the job froze it.
Result<Contract> contractOf(const JobIdentity &job);
/// The pipeline of a job: the built-in one with the contract's skips and stages applied. Refuses unknown and double
/// names, a stage that is declared but not built, a list that does not end with the stage where a person decides.
Result<Pipeline> effectivePipeline(const Contract &contract, const Pipeline &builtIn);

/// Glob match on a repository path, bytes: `*` and `?` stop at `/`, `**` does not, `[...]` sets, a pattern that ends
/// in `/` means all below, a pattern without `/` matches from the root only.
bool matchesGlob(const RepoPath &path, const QString &pattern);

/// What is wrong with a pattern that people or models write for a repository's files: it could match no path of git.
/// Empty: nothing.
QString globFault(const QString &glob);

/// Paths that no contract can open to a job: its own contract and the machinery that judges it.
bool isProtectedPath(const RepoPath &path);

/// Every breach of the contract's file and size limits, one finding each (empty: inside). Pure.
std::vector<Finding> boundaryBreaches(const Contract &contract, const ChangeSet &change);

} // namespace openfactory
