// SPDX-License-Identifier: Apache-2.0
/// The models and agents of openfactory.yaml as the page of models sees them: values, and functions that the
/// application gives. Never a key, only its name.
#pragma once

#include "core/base/error.h"

#include <QString>

#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

namespace openfactory::ui {

/// A model or an agent, as some text of the file describes it.
struct ModelEntry {
    QString name;
    bool agent = false;
    bool standard = false; ///< of jobs that name none
    bool repairs = false;  ///< asked for what a gate failed
    QString model;         ///< its id; of an agent its command too
    QString address;       ///< of an agent: the hosts that it may reach
    QString keys;          ///< names of secrets
    bool keysThere = true; ///< all of them can be read
    QString price;         ///< empty: none
};

struct ModelsText {
    QByteArray text; ///< of the whole file
    std::vector<ModelEntry> entries;
    std::optional<qint64> budgetTokens{}; ///< of one job; nothing: no limit
    QString budgetCost;                   ///< "2.00 EUR"; empty: no limit
};

/// What a small call of a model came to.
struct ModelTried {
    QString model; ///< as the server calls it
    qint64 latencyMs = 0;
    bool structured = false; ///< it keeps to a JSON schema by itself
    std::optional<qint64> inputTokens{};
    std::optional<qint64> outputTokens{};
};

struct ModelsFile {
    QString path;
    std::function<Result<ModelsText>()> read;                        ///< waits for the disk; any thread
    std::function<Result<ModelsText>(const QByteArray &text)> judge; ///< by the reader's rules; any thread
    /// Puts the text in the file's place, whole or not at all, if it is good and the file still holds `seen`. Any
    /// thread; waits for the disk.
    std::function<Result<void>(const QByteArray &text, const QByteArray &seen)> save;
    /// One small call of a model as the text describes it. Slow; any thread.
    std::function<Result<ModelTried>(const QByteArray &text, const QString &name, const std::stop_token &)> tryOut;
};

} // namespace openfactory::ui
