// SPDX-License-Identifier: Apache-2.0
/// Where secrets come from on this host: folders that the host and the service manager mount, a folder of the owner,
/// the environment. Reads when asked, keeps nothing. Any thread.
#pragma once

#include "core/security/secretmasker.h"

#include <QProcessEnvironment>

namespace openfactory {

/// What was found. A source that is refused gives an Error that names it and never its content; the others still count.
struct FoundSecrets {
    std::vector<Secret> secrets; ///< one for each name; a later source of the list below wins
    std::vector<Error> refused;
    std::vector<Secret> exposed; ///< of files or folders that others may reach: to be masked, for no command to have
};

class SecretSources {
public:
    struct Places {
        /// Mounted by a container or service manager, which decides on modes and may use links: each file must belong
        /// to root or to this user and be writable by nobody else. A missing folder is no error.
        QString mounted = QStringLiteral("/run/secrets");
        /// <data>/secrets: folder and files must belong to this user and be closed to all others; links are refused.
        QString own;
        /// OPENFACTORY_SECRET_<NAME>=value; CREDENTIALS_DIRECTORY names a further mounted folder, systemd's for a
        /// service (systemd.exec, Credentials).
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    };

    explicit SecretSources(Places places);

    /// Order, later ones win: mounted, the service manager's, own, environment. A file's name is the secret's name. The
    /// line end after a value of one line is not part of it; a value of several lines is kept as it is (keys need their
    /// last line end).
    FoundSecrets read() const;

private:
    Places m_places;
};

} // namespace openfactory
