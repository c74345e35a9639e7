// SPDX-License-Identifier: Apache-2.0
/// The small Python repository of `factory smoke` and of the console's demo: a shop whose discount is wrong, and a
/// playbook that mends it at the second try.
#pragma once

#include "core/engine/operatordesk.h"

namespace openfactory {

/// What is shown on it.
enum class SmokeKind {
    Factory, ///< the ten stages on a change that a playbook makes
    Whole,   ///< the pipeline openfactory: from a sentence to release documents, by way of a question, two tickets, a
             ///< pull request and a CI that says no once
};

struct SmokeRepository {
    SmokeKind kind = SmokeKind::Factory;
    QString folder;
    QString playbook;
    QByteArray contract;
    QByteArray wrongLine; ///< with its line end; only in the first change, which has to be reverted
    QByteArray rightLine; ///< only in the second one
};

/// Makes it below `folder`, or finds what an earlier call made. Uses the git program, with no configuration of the
/// user.
Result<SmokeRepository> makeSmokeRepository(const QString &folder, SmokeKind kind = SmokeKind::Factory);
/// The newest job of that repository that was not put away, or a new one.
Result<Job> smokeJob(OperatorDesk &desk, JobStore &store, const SmokeRepository &repository);

/// Where makeSmokeRepository() puts the repository itself.
QString smokeRepositoryPath(const QString &folder);
/// Ends and archives the jobs of that repository and deletes the folder. Conflict while one of them runs: it is told to
/// stop. What was recorded stays.
Result<void> removeSmokeRepository(OperatorDesk &desk, JobStore &store, const QString &folder);

} // namespace openfactory
