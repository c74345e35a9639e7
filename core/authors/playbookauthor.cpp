// SPDX-License-Identifier: Apache-2.0
#include "core/authors/playbookauthor.h"

#include "core/authors/workspaceedit.h"
#include "core/base/text.h"

namespace openfactory {

namespace {

/// The error with the place in the playbook that asked for it.
std::unexpected<Error> at(const QString &place, const Error &error)
{
    return fail(error.kind, QStringLiteral("make the change at %1: %2").arg(place, error.doing), error.said,
                error.kind == ErrorKind::Conflict ? QStringLiteral("correct the playbook") : error.hint);
}

/// The text with the one `old` in it replaced; the text itself where that was done before.
Result<QByteArray> replaced(const PlaybookEdit &edit, QByteArray text)
{
    const qsizetype found = text.count(edit.old);
    const qsizetype made = edit.text.isEmpty() ? 0 : text.count(edit.text);
    if (made == 1 && found == edit.text.count(edit.old))
        return text;
    if (found != 1)
        return fail(ErrorKind::Conflict, QStringLiteral("replace text in %1").arg(displayable(edit.path)),
                    found == 0 ? QStringLiteral("it does not hold the old text")
                               : QStringLiteral("it holds the old text %1 times, not once").arg(found));
    return text.replace(text.indexOf(edit.old), edit.old.size(), edit.text);
}

Result<void> prepare(WorkspaceEdit &workspace, const PlaybookEdit &edit)
{
    switch (edit.kind) {
    case PlaybookEdit::Kind::Write: return workspace.write(edit.path.toUtf8(), edit.text);
    case PlaybookEdit::Kind::Replace: {
        OF_TRY(text, workspace.read(edit.path.toUtf8()));
        OF_TRY(changed, replaced(edit, std::move(text)));
        return workspace.write(edit.path.toUtf8(), changed);
    }
    case PlaybookEdit::Kind::Delete: return workspace.remove(edit.path.toUtf8());
    case PlaybookEdit::Kind::Executable: return workspace.makeExecutable(edit.path.toUtf8());
    }
    return {};
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
        if (const auto prepared = prepare(workspace, edit); !prepared)
            return at(edit.place, prepared.error());
    }
    if (const auto applied = workspace.apply(); !applied)
        return at(change->place, applied.error());
    return ChangeAnswer{ChangeAnswer::Kind::Changed, change->summary};
}

} // namespace openfactory
