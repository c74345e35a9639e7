// SPDX-License-Identifier: Apache-2.0
/// The port to other repositories over libgit2. No configuration of the pushing repository has a say in where the push
/// goes (anonymous remotes, whole addresses), no redirect is followed, and a token is given to the address it is meant
/// for only. Stateless; any thread.
#pragma once

#include "core/domain/remotes.h"

namespace openfactory {

class GitRemotes : public Remotes {
public:
    Result<std::map<QString, CommitId>> branches(const RemoteAddress &remote, const std::stop_token &stop) override;
    Result<void> push(const RemoteAddress &remote, const PushRequest &request, const std::stop_token &stop) override;
    Result<QString> addressOf(const QString &repository, const QString &remote) override;
    Result<void> makeBare(const QString &path, const QByteArray &updateHook) override;
    Result<CommitId> copyBranch(const QString &repository, const QString &branch, const QString &bare) override;
};

} // namespace openfactory
