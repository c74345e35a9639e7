// SPDX-License-Identifier: Apache-2.0
/// What `factory smoke` looks at once its job is over: facts read back from the store, from git and from the disk.
#pragma once

#include "app/factory/session.h"
#include "app/wiring/smokerepository.h"

namespace openfactory::cli {

struct Fact {
    QString what;
    bool holds = false;
    QString found;
};

/// The facts of the job that hold for every kind of smoke test, and those of its own kind.
Result<std::vector<Fact>> readSmokeFacts(Session &session, const JobId &id, const SmokeRepository &repository);
/// Those of the whole way: the question, the frozen documents, the tickets, the forge, the release documents.
Result<void> addWholeFacts(Session &session, const JobRecord &record, const SmokeRepository &repository,
                           std::vector<Fact> &facts);

} // namespace openfactory::cli
