// SPDX-License-Identifier: Apache-2.0
/// A job before it is made: what a person asks for, what the job would be, and what it would come to on this repository
/// and this host. Reads only. Thread: that of the store.
#pragma once

#include "core/engine/contractcheck.h"

namespace openfactory {

/// What a person gives to make a job.
struct NewJob {
    QString slug;
    QString title; ///< empty: the first line of the task, else the slug
    QString task;
    QString repository;   ///< any path inside it
    QByteArray contract;  ///< text of contract.yaml; empty: the default contract
    QString contractFile; ///< its name, for messages
    QString contractPath; ///< absolute path of that file, where there is one: inside the repository it is protected
    QString target;       ///< empty: the contract's, else the branch the repository stands on
    AuthorKind author = AuthorKind::Person;
    QString authorSource; ///< path of the playbook
    Priority priority = Priority::P2;
    QStringList dependsOn;   ///< ids or slugs
    QString pipeline;        ///< a built-in one, in place of the contract's; empty: the contract's
    bool reviewSpec = false; ///< the job waits for a person to accept its spec before that is frozen
};

/// Reads the contract that `wanted` names by its file, else contract.yaml in the repository's root, where there is one.
Result<void> takeContract(NewJob &wanted, const QString &root);

/// What a job would come to.
struct JobPlan {
    std::optional<Error> refused; ///< why there can be no such job; what follows is what is known all the same
    Job job;                      ///< as it would be made, or as it is; nothing in it where it is refused
    ContractReport contract;      ///< with the stages that it has before it
    AuthorOffer author;
    JobBudget budget; ///< beyond which it waits for a person
};

/// The job as it would be made. What only making it can tell is not looked at: whether its branch has room.
Result<Job> draftJob(const EnginePorts &ports, JobStore &store, const NewJob &wanted);
/// An Error is a failure to look, not of the job.
Result<JobPlan> planJob(const EnginePorts &ports, JobStore &store, const NewJob &wanted);
/// Of a job that is there: the stages from where it stands.
Result<JobPlan> planOf(const EnginePorts &ports, const Job &job);

} // namespace openfactory
