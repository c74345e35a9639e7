// SPDX-License-Identifier: Apache-2.0
/// The author that asks a model. What it answers is data: judged by schema and contract before a file is touched, and
/// nothing of it but the files of the change has any effect.
#pragma once

#include "core/authors/prompt.h"
#include "core/domain/toolchains.h"

namespace openfactory {

/// What a model author works with; all of it outlives the author. Any thread.
struct ModelTools {
    const Toolchains *toolchains = nullptr;
    Workspaces *git = nullptr;
    const Masker *masker = nullptr;
    const SecretScan *secretScan = nullptr;
    const Clock *clock = nullptr;
    std::map<StageKind, QByteArray> schemas; ///< of the documents
};

class ModelAuthor final : public Author {
public:
    /// `stronger` is asked for what a gate failed; the same as `model` where the settings name none.
    ModelAuthor(ModelClient model, ModelClient stronger, ModelTools tools);

    /// Asks for edits and applies them, all or none. Where they do not apply, the reason goes back to the model, twice
    /// at the most. Nothing is written but by one apply() at the end: a process that dies before it has changed
    /// nothing, one that dies in it is put back to the round's start by the engine, and the model is asked anew; what
    /// was paid for the lost answer stays in the record as an interrupted call or as an answered one. Wait where the
    /// budget is used up or the provider is down for now; any other trouble with the provider is an Error that says
    /// what to do, so that the job ends at once and can be retried.
    Result<ChangeAnswer> change(const ChangeRequest &request, const std::stop_token &stop) override;
    /// Asks for the document, with the same repairs; what is not by its schema in the end is Written with its fault.
    Result<DocumentAnswer> document(const DocumentRequest &request, const std::stop_token &stop) override;

private:
    ModelClient m_model;
    ModelClient m_stronger;
    ModelTools m_tools;
};

/// One small call: whether the server is there, takes the key, knows the model and gives structured output. Written
/// down and counted like any call where `calls` is given.
struct ModelCheck {
    QString model;           ///< as the server calls it
    bool structured = false; ///< it keeps to a schema by itself; else answers are asked for in words and judged here
    std::chrono::milliseconds latency{0};
    std::optional<qint64> inputTokens{}; ///< as the provider counted
    std::optional<qint64> outputTokens{};
};
Result<ModelCheck> checkModel(const ModelClient &client, AuthorCalls *calls, const std::stop_token &stop);

} // namespace openfactory
