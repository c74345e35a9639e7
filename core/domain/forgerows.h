// SPDX-License-Identifier: Apache-2.0
/// The port to what the local forge keeps in the store: its pull requests and its checks, as another forge keeps them
/// on its server. Part of a JobStore and bound to its thread; each call is one transaction.
#pragma once

#include "core/domain/forge.h"

namespace openfactory {

/// A check of the local forge with what only the forge itself knows.
struct ForgeCheck {
    Check check;
    QString repository; ///< path of the working folder that it belongs to
    QString job;        ///< id of the job that pushed the commit; told when the check is done
    qint64 queuedMs = 0;
    std::vector<Finding> findings;
    bool cancelAsked = false;
};

class ForgeRows {
public:
    virtual ~ForgeRows() = default;
    /// Stores an open pull request under the repository's next number; where its branch has an open one, that one.
    virtual Result<PullRequest> addPull(const QString &repository, const PullRequest &pull, const QString &body,
                                        qint64 nowMs) = 0;
    /// The newest one from the branch.
    virtual Result<std::optional<PullRequest>> pull(const QString &repository, const QString &branch) = 0;
    /// What can change of one: head, state, and the description unless null.
    virtual Result<void> setPull(const QString &repository, const PullRequest &pull, const QString &body,
                                 qint64 nowMs) = 0;
    virtual Result<PullRequest> pullByNumber(const QString &repository, int number) = 0;
    virtual Result<QString> pullBody(const QString &repository, int number) = 0;
    /// Stores a check; where one of the name is open on the commit already, that one.
    virtual Result<ForgeCheck> addCheck(const ForgeCheck &check) = 0;
    /// Replaces what is known of a check but for `cancelAsked`.
    virtual Result<void> setCheck(const ForgeCheck &check) = 0;
    virtual Result<void> askCancel(const QString &id) = 0;
    virtual Result<ForgeCheck> check(const QString &id) = 0;
    /// All of a commit, oldest first.
    virtual Result<std::vector<ForgeCheck>> checks(const QString &repository, const CommitId &commit) = 0;
    /// Those that are not completed, oldest first, of all repositories.
    virtual Result<std::vector<ForgeCheck>> openChecks(int most) = 0;
};

} // namespace openfactory
