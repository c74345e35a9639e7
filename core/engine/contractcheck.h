// SPDX-License-Identifier: Apache-2.0
/// What a contract comes to on a repository and on this host, for people who write one: everything that is wrong with
/// it at once, before a job meets it. Reads only; runs nothing.
#pragma once

#include "core/engine/ports.h"

namespace openfactory {

/// One thing to say about the contract.
struct ContractRemark {
    /// Error: no job is made with it; Warning: a job is made, but it will not do what was meant; Info: good to know.
    Severity severity = Severity::Error;
    std::optional<yaml::Place> place; ///< in the contract's file
    QString said;
    QString hint; ///< what to do; may be empty
};

/// A stage as this contract has it on this host.
struct ContractStage {
    StageDefinition definition;
    QStringList commands; ///< as lines for people; a list of files is shown as FILES...
    QString nothing;      ///< why there is nothing to run, where a stage that runs commands has none
    QStringList missing;  ///< programs that this host lacks, with how to install them
};

struct ContractReport {
    std::vector<ContractRemark> remarks; ///< in the order of the file; what has no place comes last
    QString language;                    ///< the job's; empty where none is known
    QStringList others;                  ///< further languages of the repository
    QString target;                      ///< branch whose files were looked at
    qint64 files = 0;                    ///< of that branch
    std::vector<ContractStage> stages;   ///< empty where the contract is at fault

    qint64 count(Severity severity) const;
};

/// `root` is the repository's working folder; `file` is used in messages only; `pipeline` is a built-in one in place of
/// the contract's, where that has no stages of its own. An Error is a failure to look, not of the contract.
Result<ContractReport> checkContract(const EnginePorts &ports, const QString &root, const QByteArray &yaml,
                                     const QString &file, const QString &pipeline = {});

/// The stage's commands on this repository, as if every file of it had changed. `where` is the pipeline's language.
Result<ContractStage> stageOn(const EnginePorts &ports, const QString &root, const std::vector<RepoPath> &files,
                              const ToolchainInfo &toolchain, const StageDefinition &stage);

/// The key of a contract that a refusal of its stages is about: the stage that it names, else what says which stages
/// there are.
QString pipelineKey(const Contract &contract, const std::map<QString, yaml::Place> &places, const Error &refusal);

/// A contract is stored, shown and sent to models as it is: what is wrong where a secret of this host stands in it,
/// with the line (law 8).
std::optional<Error> secretInContract(const Masker &masker, const QByteArray &yaml, const QString &file);

} // namespace openfactory
