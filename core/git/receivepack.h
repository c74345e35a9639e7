// SPDX-License-Identifier: Apache-2.0
/// How a push reaches a repository on this machine: through git's own receive-pack, as over any network. libgit2's
/// local transport would write into the other repository itself, past its hooks.
#pragma once

#include "core/git/handle.h"

#include <stop_token>

namespace openfactory::git {

/// What the other side is asked with, and what it said. Outlives the remote that uses it.
struct ReceivePack {
    QString path; ///< absolute path of the bare repository
    std::stop_token stop;
    QByteArray said; ///< the end of what receive-pack wrote on its standard error
};

/// For git_remote_callbacks::transport; `payload` is a ReceivePack.
int receivePackTransport(git_transport **transport, git_remote *owner, void *payload);

} // namespace openfactory::git
