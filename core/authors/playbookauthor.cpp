// SPDX-License-Identifier: Apache-2.0
#include "core/authors/playbookauthor.h"

#include "core/authors/workspaceedit.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace openfactory {

namespace {

/// The error with the place in the playbook that asked for it.
std::unexpected<Error> at(const QString &place, const Error &error)
{
    return fail(error.kind, QStringLiteral("make the change at %1: %2").arg(place, error.doing), error.said,
                error.kind == ErrorKind::Conflict ? QStringLiteral("correct the playbook") : error.hint);
}

} // namespace

const PlaybookChange *changeFor(const Playbook &playbook, const QString &stage, int round, bool soft, int ticket)
{
    for (size_t i = size_t(std::max(round, 1)) - 1; i < playbook.changes.size(); ++i) {
        const PlaybookChange &change = playbook.changes[i];
        if ((change.stage == stage || (change.stage.isEmpty() && !soft))
            && (change.ticket == 0 || change.ticket == ticket))
            return &change;
    }
    return nullptr;
}

Result<ChangeAnswer> PlaybookAuthor::change(const ChangeRequest &request, const std::stop_token &stop)
{
    const PlaybookChange *change = changeFor(m_playbook, request.stage, request.round, request.soft,
                                             request.ticket ? request.ticket->number : 0);
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

namespace {

/// The value with every "{answer}" in its texts replaced.
QJsonValue answered(const QJsonValue &value, const QString &answer)
{
    if (value.isString())
        return value.toString().replace(QStringLiteral("{answer}"), answer);
    if (value.isArray()) {
        QJsonArray array;
        for (const QJsonValue &item : value.toArray())
            array.append(answered(item, answer));
        return array;
    }
    if (!value.isObject())
        return value;
    QJsonObject object;
    const QJsonObject given = value.toObject();
    for (auto it = given.begin(); it != given.end(); ++it)
        object[it.key()] = answered(it.value(), answer);
    return object;
}

} // namespace

Result<DocumentAnswer> PlaybookAuthor::document(const DocumentRequest &request, const std::stop_token &)
{
    DocumentAnswer answer;
    if (request.mayAsk && !m_playbook.question.isEmpty()) {
        answer.kind = DocumentAnswer::Kind::Question;
        answer.question = m_playbook.question;
        return answer;
    }
    const auto found = m_playbook.documents.find(request.kind);
    if (found == m_playbook.documents.end() || found->second.empty())
        return answer;
    const auto round = size_t(std::max(1, request.round));
    const QJsonObject &document = found->second[std::min(round, found->second.size()) - 1];
    const QString said = request.answer.isEmpty() ? QStringLiteral("not answered") : request.answer;
    answer.kind = DocumentAnswer::Kind::Written;
    answer.document = QJsonDocument(answered(document, said).toObject()).toJson(QJsonDocument::Compact);
    return answer;
}

} // namespace openfactory
