// SPDX-License-Identifier: Apache-2.0
/// One call of a model with its record: budget, prompt and answer go through the job's ledger.
#pragma once

#include "core/authors/model/modelclient.h"
#include "core/domain/author.h"

namespace openfactory {

/// What a recorded call came to: a reply, or a wait of the job.
struct CallOutcome {
    std::optional<ModelReply> reply;
    AuthorCallRecord call; ///< as it was written down
    QString awaited;       ///< where there is no reply: what would end the wait
    std::optional<std::chrono::milliseconds> retryAfter;
    std::optional<Error> error{}; ///< what went wrong with the provider, where that is the reason
};

/// Asks, and writes the call down before and after. A used-up budget is a wait that a person ends; a provider that is
/// down or busy is one that ends by itself, a few times in a row, then an Error like any other fault.
Result<CallOutcome> callModel(const ModelClient &client, const ModelRequest &request, const QString &purpose,
                              AuthorCalls *calls, const std::stop_token &stop);

/// Writes down that the answer of a call was not taken, and why.
Result<void> tellRefused(AuthorCallRecord call, const QString &why, AuthorCalls *calls);

/// By the price table; nothing where there is none.
std::optional<qint64> costOf(const std::optional<ModelPrice> &price, qint64 inputTokens, qint64 outputTokens);

} // namespace openfactory
