// SPDX-License-Identifier: Apache-2.0
/// The port to other git repositories: reading their refs, pushing to them. Through libgit2 only; a repository on this
/// machine is served by git's own receive-pack, so that its hooks decide. Stateless; any thread; calls block.
#pragma once

#include "core/domain/forge.h"

#include <map>

namespace openfactory {

/// Another repository and how we are let in.
struct RemoteAddress {
    QString url;         ///< https://...; an absolute path
    QString user;        ///< of an https address
    QByteArray password; ///< a token; never logged, never written into any configuration
    QString caFile;      ///< PEM, beside the system's; may be empty
};

class Remotes {
public:
    virtual ~Remotes() = default;
    /// Its branches by short name.
    virtual Result<std::map<QString, CommitId>> branches(const RemoteAddress &remote, const std::stop_token &stop) = 0;
    /// Moves one branch there. Conflict where it is not where `request.expected` has it, Denied with what the other
    /// side said where its hook or rule refused, Unavailable where it cannot be reached.
    virtual Result<void> push(const RemoteAddress &remote, const PushRequest &request, const std::stop_token &stop) = 0;
    /// The address that a remote of a repository's own configuration has, for pushing; NotFound where there is none.
    virtual Result<QString> addressOf(const QString &repository, const QString &remote) = 0;
    /// A bare repository of our own at the path, made where it is missing; its `update` hook gets this text.
    virtual Result<void> makeBare(const QString &path, const QByteArray &updateHook) = 0;
    /// Brings a branch of a bare repository of ours to where it stands in another repository; returns its commit.
    virtual Result<CommitId> copyBranch(const QString &repository, const QString &branch, const QString &bare) = 0;
};

} // namespace openfactory
