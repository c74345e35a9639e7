// SPDX-License-Identifier: Apache-2.0
/// What a model is asked: its rules, the task, and the repository's text, quoted as data that a fence of random digits
/// holds apart, so that no text in it can end it. Within a budget of tokens, which are reckoned: three bytes each,
/// which is more than common text takes.
#pragma once

#include "core/authors/model/modelclient.h"
#include "core/domain/author.h"
#include "core/domain/contract.h"
#include "core/domain/toolchains.h"
#include "core/domain/workspaces.h"

namespace openfactory {

/// No fewer than it has, for the texts that are sent.
qint64 reckonedTokens(const std::vector<ModelMessage> &messages);

/// Puts text that others wrote between fences that it cannot know.
class Fence {
public:
    Fence();
    /// `title` says what it is, in words of ours.
    QString quote(const QString &title, const QByteArray &text) const;
    /// The rule about it, for the instructions.
    QString rule() const;

private:
    QString m_nonce;
};

/// What a prompt is made from.
struct PromptParts {
    const Toolchains *toolchains = nullptr;
    Workspaces *git = nullptr;
    qint64 tokens = 0; ///< the most that the prompt may take
};

/// The job's workspace as git's port names it.
WorkspaceRef workspaceOfJob(const JobIdentity &job, const QString &path);
/// The files that git knows in the job's workspace, with the new ones; read without following any link.
Result<SourceFiles> workspaceFiles(Workspaces &git, const Job &job, const QString &workspace);

/// For a change of files. Invalid where the task alone is larger than the budget.
Result<std::vector<ModelMessage>> changePrompt(const ChangeRequest &request, const Contract &contract,
                                               const PromptParts &parts);
/// For an agent, which reads the files itself.
QString agentPrompt(const ChangeRequest &request, const Contract &contract);
/// For a document of the job.
Result<std::vector<ModelMessage>> documentPrompt(const DocumentRequest &request, const Contract &contract,
                                                 const PromptParts &parts);

/// Whether a text of the schema asks a question instead of giving the document: {"question": "..."} and nothing else.
QString questionIn(const QByteArray &json);

} // namespace openfactory
