// SPDX-License-Identifier: Apache-2.0
/// A change as a model answers it (resources/schemas/edits.schema.json): read by its schema, judged by the contract,
/// and prepared in the workspace, before anything is written. Hostile input.
#pragma once

#include "core/authors/fileedit.h"
#include "core/domain/contract.h"
#include "core/domain/ticket.h"
#include "core/domain/toolchains.h"

namespace openfactory {

struct EditsAnswer {
    QString summary; ///< one visible line
    std::vector<FileEdit> edits;
};

/// The schema as it lies in the resources.
QByteArray editsSchema();
/// Invalid where it is not by the schema, or larger than any change that is taken.
Result<EditsAnswer> readEditsAnswer(const QByteArray &json);

/// What the edits of an answer are held against.
struct EditRules {
    const Contract *contract = nullptr;
    const Ticket *ticket = nullptr; ///< null: the contract's files alone
    const Masker *masker = nullptr;
    const SecretScan *secretScan = nullptr;
};
/// Prepares all edits in the workspace. Where one may not or cannot be made: an error that names each of them with its
/// reason, in words for whoever wrote them; then nothing of it may be applied.
Result<void> prepareAnswer(WorkspaceEdit &workspace, const EditsAnswer &answer, const EditRules &rules);

} // namespace openfactory
