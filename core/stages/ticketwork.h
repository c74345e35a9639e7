// SPDX-License-Identifier: Apache-2.0
/// What a ticket asks of its change, beside that it compiles: files, tests.
#pragma once

#include "core/domain/stage.h"

namespace openfactory {

/// What is wrong with the files of the ticket's change: none changed, some outside of the ticket or the contract.
Result<std::optional<Verdict>> judgeTicketFiles(StageContext &context, const Ticket &ticket);
/// Whether the tests that the ticket requires are there and pass, and failed before where that was asked. Passed, with
/// what was run, where nothing is wrong.
Result<Verdict> judgeTicketTests(StageContext &context, const Ticket &ticket);

} // namespace openfactory
