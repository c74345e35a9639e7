// SPDX-License-Identifier: Apache-2.0
#include "core/authors/playbook.h"

#include "core/base/file.h"
#include "core/base/strictyaml.h"
#include "core/base/text.h"

#include <QRegularExpression>

#include <algorithm>

namespace openfactory {

namespace {

constexpr qsizetype mostSummary = 200;

/// `node` is where the error is said to be.
Result<void> checkPath(const QString &path, const yaml::Node &node)
{
    if (const auto why = whyNoPath(path))
        return std::unexpected(node.error(QStringLiteral("the path \"%1\" %2").arg(displayable(path.left(200)), *why)));
    return {};
}

Result<QString> pathIn(const yaml::Node &node)
{
    OF_TRY(path, node.text());
    OF_CHECK(checkPath(path, node));
    return path;
}

Result<void> readWrites(yaml::Map &map, PlaybookChange &change)
{
    const auto node = map.find(QStringLiteral("write"));
    if (!node)
        return {};
    OF_TRY(files, node->map());
    for (const QString &name : files.keys()) {
        OF_TRY(value, files.need(name));
        OF_TRY(text, value.text());
        OF_CHECK(checkPath(name, value));
        change.edits.push_back({PlaybookEdit::Kind::Write, name, text.toUtf8(), {}, value.place()});
    }
    return {};
}

Result<void> readReplacements(yaml::Map &map, PlaybookChange &change)
{
    const auto node = map.find(QStringLiteral("replace"));
    if (!node)
        return {};
    OF_TRY(entries, node->items());
    for (const auto &entry : entries) {
        OF_TRY(fields, entry.map());
        OF_TRY(fileNode, fields.need(QStringLiteral("file")));
        OF_TRY(path, pathIn(fileNode));
        OF_TRY(oldNode, fields.need(QStringLiteral("old")));
        OF_TRY(oldText, oldNode.text());
        OF_TRY(newNode, fields.need(QStringLiteral("new")));
        OF_TRY(newText, newNode.text());
        OF_CHECK(fields.finish());
        if (oldText.isEmpty() || oldText == newText)
            return std::unexpected(
                oldNode.error(QStringLiteral("the old text must not be empty, and differ from the new one")));
        change.edits.push_back({PlaybookEdit::Kind::Replace, path, newText.toUtf8(), oldText.toUtf8(), entry.place()});
    }
    return {};
}

Result<void> readPaths(yaml::Map &map, const QString &key, PlaybookEdit::Kind kind, PlaybookChange &change)
{
    const auto node = map.find(key);
    if (!node)
        return {};
    OF_TRY(entries, node->items());
    for (const auto &entry : entries) {
        OF_TRY(path, pathIn(entry));
        change.edits.push_back({kind, path, {}, {}, entry.place()});
    }
    return {};
}

Result<PlaybookChange> readChange(const yaml::Node &node)
{
    static const QRegularExpression stageName(QStringLiteral("^[a-z0-9-]{1,40}$"));
    OF_TRY(map, node.map());
    PlaybookChange change;
    change.place = node.place();
    if (const auto stage = map.find(QStringLiteral("for"))) {
        OF_TRY(name, stage->text());
        if (!stageName.match(name).hasMatch())
            return std::unexpected(
                stage->error(QStringLiteral("\"%1\" is not the name of a stage").arg(displayable(name.left(80)))));
        change.stage = name;
    }
    if (const auto ticket = map.find(QStringLiteral("ticket"))) {
        OF_TRY(number, ticket->integer(1, 50));
        change.ticket = int(number);
    }
    OF_TRY(summaryNode, map.need(QStringLiteral("summary")));
    OF_TRY(summary, summaryNode.text());
    // It becomes a line of a commit message, whose trailers the engine trusts.
    if (summary.trimmed().isEmpty() || summary.size() > mostSummary || displayable(summary) != summary)
        return std::unexpected(
            summaryNode.error(QStringLiteral("a summary is one line of 1 to %1 visible characters").arg(mostSummary)));
    change.summary = summary.trimmed();
    OF_CHECK(readWrites(map, change));
    OF_CHECK(readReplacements(map, change));
    OF_CHECK(readPaths(map, QStringLiteral("delete"), PlaybookEdit::Kind::Delete, change));
    OF_CHECK(readPaths(map, QStringLiteral("executable"), PlaybookEdit::Kind::Executable, change));
    OF_CHECK(map.finish());
    if (change.edits.empty())
        return std::unexpected(
            node.error(QStringLiteral("the change does nothing: it has no write, replace, delete or executable")));
    for (const auto &edit : change.edits) {
        const auto clash = std::ranges::find_if(change.edits, [&](const PlaybookEdit &other) {
            return &other != &edit && other.path == edit.path && edit.kind == PlaybookEdit::Kind::Delete;
        });
        if (clash != change.edits.end())
            return fail(ErrorKind::Invalid, QStringLiteral("read %1").arg(edit.place),
                        QStringLiteral("\"%1\" is deleted and changed at once").arg(displayable(edit.path)));
    }
    return change;
}

Result<QJsonObject> documentIn(const yaml::Node &node)
{
    OF_TRY(value, yaml::toJson(node));
    if (!value.isObject())
        return std::unexpected(node.error(QStringLiteral("a document is a mapping")));
    return value.toObject();
}

Result<std::vector<QJsonObject>> readDocuments(const yaml::Node &node)
{
    std::vector<yaml::Node> nodes{node};
    if (node.kind() == yaml::Node::Kind::Sequence) {
        OF_TRY(items, node.items());
        nodes = items;
    }
    std::vector<QJsonObject> documents;
    for (const yaml::Node &one : nodes) {
        OF_TRY(document, documentIn(one));
        documents.push_back(document);
    }
    return documents;
}

} // namespace

Result<Playbook> loadPlaybook(const QByteArray &bytes, const QString &file)
{
    OF_TRY(root, yaml::parse(bytes, file));
    OF_TRY(map, root.map());
    Playbook playbook;
    OF_TRY(nameNode, map.need(QStringLiteral("playbook")));
    OF_TRY(name, nameNode.text());
    OF_TRY(changesNode, map.need(QStringLiteral("changes")));
    OF_TRY(changes, changesNode.items());
    if (const auto question = map.find(QStringLiteral("question"))) {
        OF_TRY(text, question->text());
        playbook.question = text;
    }
    for (const StageKind kind : {StageKind::Spec, StageKind::Architecture, StageKind::Tickets}) {
        if (const auto node = map.find(toName(kind))) {
            OF_TRY(documents, readDocuments(*node));
            playbook.documents[kind] = std::move(documents);
        }
    }
    OF_CHECK(map.finish());
    playbook.name = name;
    for (const auto &node : changes) {
        OF_TRY(change, readChange(node));
        playbook.changes.push_back(std::move(change));
    }
    return playbook;
}

Result<Playbook> readPlaybook(const QString &path)
{
    OF_TRY(bytes, readSmallFile(path, 1024 * 1024));
    return loadPlaybook(bytes, path);
}

} // namespace openfactory
