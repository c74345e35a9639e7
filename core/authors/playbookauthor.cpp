// SPDX-License-Identifier: Apache-2.0
#include "core/authors/playbookauthor.h"

#include "core/authors/workspaceedit.h"

namespace openfactory {

namespace {

/// The error with the place in the playbook that asked for it.
std::unexpected<Error> at(const QString &place, const Error &error)
{
    return fail(error.kind, QStringLiteral("make the change at %1: %2").arg(place, error.doing), error.said,
                error.kind == ErrorKind::Conflict ? QStringLiteral("correct the playbook") : error.hint);
}

} // namespace

const PlaybookChange *changeFor(const Playbook &playbook, const QString &stage, int round, bool soft)
{
    for (size_t i = size_t(std::max(round, 1)) - 1; i < playbook.changes.size(); ++i) {
        const PlaybookChange &change = playbook.changes[i];
        if (change.stage == stage || (change.stage.isEmpty() && !soft))
            return &change;
    }
    return nullptr;
}

Result<ChangeAnswer> PlaybookAuthor::change(const ChangeRequest &request, const std::stop_token &stop)
{
    const PlaybookChange *change = changeFor(m_playbook, request.stage, request.round, request.soft);
    if (!change)
        return ChangeAnswer{ChangeAnswer::Kind::Nothing, {}};
    OF_TRY(workspace, WorkspaceEdit::open(request.workspace));
    for (const auto &edit : change->edits) {
        if (stop.stop_requested())
            return fail(ErrorKind::Cancelled, QStringLiteral("make the change at %1").arg(change->place),
                        QStringLiteral("it was stopped"));
        if (const auto prepared = prepareEdit(workspace, edit, true); !prepared)
            return at(edit.place, prepared.error());
    }
    if (const auto applied = workspace.apply(); !applied)
        return at(change->place, applied.error());
    return ChangeAnswer{ChangeAnswer::Kind::Changed, change->summary};
}

} // namespace openfactory
