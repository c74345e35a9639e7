// SPDX-License-Identifier: Apache-2.0
/// Starts a program the fast way (vfork: the cost does not grow with this process) with exactly the descriptors named.
#pragma once

#include "core/base/descriptor.h"
#include "core/base/error.h"

#include <QByteArrayList>

#include <sys/types.h>

#include <vector>

namespace openfactory {

struct SpawnRequest {
    QByteArray program;         ///< absolute path
    QByteArrayList arguments;   ///< argv, the first included
    QByteArrayList environment; ///< NAME=value
    std::vector<int> kept;      ///< inherited under their numbers, all above 2; everything else is closed
    int errors = -1;            ///< becomes standard output and error; standard input is /dev/null
    int landlock = -1;          ///< ruleset to be put under, or -1
};

struct Spawned {
    pid_t pid = -1;
    Descriptor pidfd;
};

/// A child started so may be bound to the calling thread (PR_SET_PDEATHSIG): call from a thread that outlives it.
/// The child is the first candidate when the kernel must end something for want of memory.
Result<Spawned> spawn(const SpawnRequest &request);

/// A Landlock ruleset that keeps signals and abstract sockets inside; invalid where the kernel has none.
Descriptor landlockScope();

} // namespace openfactory
