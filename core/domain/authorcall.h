// SPDX-License-Identifier: Apache-2.0
/// What an author asks of a model or an agent for a job: one call each, what it cost, and the budget it counts towards.
/// Plain values, pure rules.
#pragma once

#include "core/base/error.h"

#include <QJsonObject>

#include <optional>
#include <vector>

namespace openfactory {

/// One call. Key: job, number. Written down before it is made and after it; what is not known is nothing, never a
/// guess.
struct AuthorCallRecord {
    int number = 0;  ///< from 1 in the job
    QString stage;   ///< that the author answered: "implement", or the stage that failed; the kind of a document
    int round = 0;   ///< of the author; 0 for a document
    QString purpose; ///< "change", "repair", "document", "agent", "check"
    QString name;    ///< of the model or agent in the settings
    QString baseUrl;
    QString model; ///< its id; empty for an agent that chooses itself
    std::optional<double> temperature;
    qint64 maxTokens = 0;
    bool finished = false;
    QString ending; ///< "answered", or why there is no answer: "down", "key-refused", ..., "interrupted"
    QString note;   ///< one sentence where there is no answer
    int tries = 0;  ///< requests that were sent for it
    qint64 startedMs = 0;
    qint64 latencyMs = 0;
    std::optional<qint64> inputTokens; ///< as the provider counted them
    std::optional<qint64> outputTokens;
    qint64 reckonedTokens = 0;  ///< what the budget counts where the provider counted nothing: no less than it can be
    std::optional<qint64> cost; ///< in millionths of the currency, by the price table and the provider's counts
    std::optional<qint64> reckonedCost; ///< the same of the reckoned tokens; nothing where there is no price
    QString currency;
    QString prompt; ///< names of artifacts; empty: none was kept
    QString answer;
    bool operator==(const AuthorCallRecord &) const = default;
};
QJsonObject toJson(const AuthorCallRecord &);

/// What the authors of one job may use up; nothing: no limit.
struct JobBudget {
    std::optional<qint64> tokens;
    std::optional<qint64> cost; ///< in millionths of the currency, as all costs
    QString currency;
    bool operator==(const JobBudget &) const = default;
};

/// What the calls of a job came to. A call that nobody counted, an interrupted one for example, goes in as reckoned.
struct AuthorSpending {
    qint64 tokens = 0;
    qint64 cost = 0;
    int calls = 0;
    int reckoned = 0;   ///< calls among them that the provider did not count
    bool priced = true; ///< false: a call has no price, so the cost is not known
    QString currency;
};
AuthorSpending spendingOf(const std::vector<AuthorCallRecord> &calls);
/// "0.0123 EUR"
QString costText(qint64 millionths, const QString &currency);

/// Why a further call must not be made, as one sentence that says what to do; nothing where there is room for all that
/// it can use up.
std::optional<QString> whyOverBudget(const JobBudget &budget, const std::vector<AuthorCallRecord> &calls,
                                     const AuthorCallRecord &next);

} // namespace openfactory
