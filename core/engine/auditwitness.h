// SPDX-License-Identifier: Apache-2.0
/// The audit log's witness outside the data directory (hardening.md, B29): every merge commit carries the head that the
/// log had. Once it is pushed, nobody who only writes here can rewrite the log up to there unseen.
#pragma once

#include "core/engine/ports.h"

namespace openfactory {

/// What a merge says of the log: "<seq> <hash>".
QString witnessText(const AuditRecord &head);

struct Witnesses {
    int alike = 0;   ///< merges that carry an entry which the log still has
    int unknown = 0; ///< jobs' merges that could not be read: the repository is gone, or was rewritten
    int silent = 0;  ///< merges that carry nothing, made before this was
    /// One sentence for each merge that carries another entry than the log has.
    QStringList against;
};

/// Compares the log with the merges of all jobs. Reads each repository once for each of its jobs.
Result<Witnesses> hearWitnesses(JobStore &store, Workspaces &git);

/// Before anything is done with the store: Corrupt where the log is broken or the store is an older copy. Where the
/// settings say so by name, only warns. Its cost follows what was appended since the last time.
Result<void> checkAuditLog(const EnginePorts &ports, JobStore &store);

} // namespace openfactory
