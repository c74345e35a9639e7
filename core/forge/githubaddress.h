// SPDX-License-Identifier: Apache-2.0
/// Where a repository lives on GitHub: github.com, GitHub Enterprise Cloud with a domain of its own, or a server.
#pragma once

#include "core/base/error.h"

#include <QUrl>

namespace openfactory {

struct GitHubAddress {
    QUrl api; ///< "https://api.github.com", "https://HOST/api/v3"; no slash at the end
    QUrl git; ///< "https://github.com/owner/name.git": pushed to
    QString owner;
    QString name;
    QString text() const; ///< "github.com/owner/name", for people
    bool operator==(const GitHubAddress &) const = default;
};

/// From the address of a git remote: https://HOST/owner/name(.git), ssh://git@HOST/owner/name, git@HOST:owner/name.
/// `api`: the base URL of the REST API; empty: as GitHub has it for the host. Invalid where it is none of these.
Result<GitHubAddress> githubAddress(const QString &remote, const QString &api = {});

} // namespace openfactory
