// SPDX-License-Identifier: Apache-2.0
#include "core/base/strictyaml.h"

#include "core/base/text.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QStringDecoder>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <cmath>
#include <sstream>

namespace openfactory::yaml {

/// One node; the tree is built from the parser's events, so that limits hold while it grows.
struct Node::Data {
    Kind kind = Kind::Null;
    int line = 1;
    int column = 1;
    bool quoted = false;
    QString scalar;
    std::vector<std::shared_ptr<Data>> children; ///< of a map: key, value, key, value
    std::shared_ptr<const QString> file;
};

namespace {

Error errorAt(const QString &file, int line, int column, const QString &said)
{
    return placed(Error{ErrorKind::Invalid, {}, said, {}}, file, Place{line, column});
}

class Builder final : public YAML::EventHandler {
public:
    using Data = Node::Data;
    Builder(const QString &file, const Limits &limits) : m_file(std::make_shared<const QString>(file)), m_limits(limits)
    {}

    std::shared_ptr<Data> root;

    /// Thrown through the foreign parser and caught in parse(): the only way to end it early.
    struct Refused {
        Error error;
    };

    void OnDocumentStart(const YAML::Mark &) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override { add(mark, anchor, Node::Kind::Null); }
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t) override
    {
        refuse(mark, QStringLiteral("aliases (*name) are not accepted: write the value out"));
    }
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                  const std::string &value) override
    {
        checkTag(mark, tag);
        auto data = add(mark, anchor, Node::Kind::Scalar);
        data->quoted = tag == "!";
        data->scalar = QString::fromStdString(value);
        if (!data->quoted && (value == "~" || value == "null"))
            data->kind = Node::Kind::Null;
    }
    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        checkTag(mark, tag);
        open(mark, add(mark, anchor, Node::Kind::Sequence));
    }
    void OnSequenceEnd() override { m_open.pop_back(); }
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        checkTag(mark, tag);
        open(mark, add(mark, anchor, Node::Kind::Map));
    }
    void OnMapEnd() override { m_open.pop_back(); }

private:
    [[noreturn]] void refuse(const YAML::Mark &mark, const QString &said) const
    {
        throw Refused{errorAt(*m_file, mark.line + 1, mark.column + 1, said)};
    }
    void checkTag(const YAML::Mark &mark, const std::string &tag) const
    {
        if (!tag.empty() && tag != "?" && tag != "!")
            refuse(mark,
                   QStringLiteral("the tag %1 is not accepted").arg(displayable(QString::fromStdString(tag).left(80))));
    }
    void open(const YAML::Mark &mark, std::shared_ptr<Data> data)
    {
        m_open.push_back(std::move(data));
        if (int(m_open.size()) > m_limits.depth)
            refuse(mark, QStringLiteral("nested deeper than %1 levels").arg(m_limits.depth));
    }
    std::shared_ptr<Data> add(const YAML::Mark &mark, YAML::anchor_t anchor, Node::Kind kind)
    {
        if (anchor != 0)
            refuse(mark, QStringLiteral("anchors (&name) are not accepted: write the value out"));
        if (++m_count > m_limits.nodes)
            refuse(mark, QStringLiteral("more than %1 values").arg(m_limits.nodes));
        auto data = std::make_shared<Data>();
        data->kind = kind;
        data->line = mark.line + 1;
        data->column = mark.column + 1;
        data->file = m_file;
        if (m_open.empty())
            root = data;
        else
            m_open.back()->children.push_back(data);
        return data;
    }

    std::shared_ptr<const QString> m_file;
    Limits m_limits;
    std::vector<std::shared_ptr<Data>> m_open;
    int m_count = 0;
};

int firstBadLine(const QByteArray &bytes)
{
    int line = 1;
    for (const auto &part : bytes.split('\n')) {
        QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
        const QString text = decoder.decode(part);
        if (decoder.hasError())
            break;
        ++line;
    }
    return line;
}

QString kindText(Node::Kind kind)
{
    switch (kind) {
    case Node::Kind::Null: return QStringLiteral("nothing");
    case Node::Kind::Scalar: return QStringLiteral("a single value");
    case Node::Kind::Sequence: return QStringLiteral("a list");
    case Node::Kind::Map: return QStringLiteral("a mapping");
    }
    return {};
}

Error doubledKey(const Node &key, const QString &name, int before)
{
    return key.error(QStringLiteral("the key \"%1\" was given before, in line %2")
                         .arg(displayable(name.left(80)), QString::number(before)));
}

Error wrongKind(const Node &node, const QString &wanted)
{
    return node.error(QStringLiteral("expected %1, found %2").arg(wanted, kindText(node.kind())));
}

} // namespace

Node::Kind Node::kind() const
{
    return m_data->kind;
}
int Node::line() const
{
    return m_data->line;
}
int Node::column() const
{
    return m_data->column;
}
QString Node::file() const
{
    return *m_data->file;
}

QString Node::place() const
{
    return QStringLiteral("%1:%2:%3").arg(file(), QString::number(line()), QString::number(column()));
}

Error Node::error(const QString &said) const
{
    return errorAt(file(), line(), column(), said);
}
Error Node::error(const Error &rule) const
{
    Error error = errorAt(file(), line(), column(), rule.said);
    error.hint = rule.hint;
    return error;
}

Result<QString> Node::text() const
{
    if (kind() != Kind::Scalar)
        return std::unexpected(wrongKind(*this, QStringLiteral("text")));
    return m_data->scalar;
}

Result<qint64> Node::integer(qint64 least, qint64 most) const
{
    OF_TRY(words, text());
    bool ok = false;
    const qint64 value = words.toLongLong(&ok);
    if (!ok || m_data->quoted)
        return std::unexpected(
            error(QStringLiteral("expected a whole number, found \"%1\"").arg(displayable(words.left(80)))));
    if (value < least || value > most)
        return std::unexpected(error(QStringLiteral("%1 is outside %2 to %3").arg(value).arg(least).arg(most)));
    return value;
}

Result<double> Node::number(double least, double most) const
{
    OF_TRY(words, text());
    bool ok = false;
    const double value = words.toDouble(&ok);
    if (!ok || m_data->quoted || !std::isfinite(value))
        return std::unexpected(
            error(QStringLiteral("expected a number, found \"%1\"").arg(displayable(words.left(80)))));
    if (value < least || value > most)
        return std::unexpected(error(QStringLiteral("%1 is outside %2 to %3").arg(value).arg(least).arg(most)));
    return value;
}

Result<bool> Node::boolean() const
{
    OF_TRY(words, text());
    if (m_data->quoted || (words != QStringLiteral("true") && words != QStringLiteral("false")))
        return std::unexpected(
            error(QStringLiteral("expected true or false, found \"%1\"").arg(displayable(words.left(80)))));
    return words == QStringLiteral("true");
}

Result<std::vector<Node>> Node::items() const
{
    if (kind() != Kind::Sequence)
        return std::unexpected(wrongKind(*this, QStringLiteral("a list")));
    std::vector<Node> nodes;
    for (const auto &child : m_data->children)
        nodes.emplace_back(child);
    return nodes;
}

Result<QStringList> Node::texts() const
{
    OF_TRY(nodes, items());
    QStringList out;
    for (const auto &node : nodes) {
        OF_TRY(words, node.text());
        out += words;
    }
    return out;
}

Result<Map> Node::map() const
{
    if (kind() != Kind::Map)
        return std::unexpected(wrongKind(*this, QStringLiteral("a mapping (key: value)")));
    std::vector<std::pair<QString, Node>> entries;
    std::vector<Node> keyNodes;
    QHash<QString, int> lines;
    for (size_t i = 0; i + 1 < m_data->children.size(); i += 2) {
        const Node key(m_data->children[i]);
        OF_TRY(name, key.text());
        if (const auto before = lines.constFind(name); before != lines.constEnd())
            return std::unexpected(doubledKey(key, name, *before));
        lines.insert(name, key.line());
        entries.emplace_back(name, Node(m_data->children[i + 1]));
        keyNodes.push_back(key);
    }
    return Map(*this, std::move(entries), std::move(keyNodes));
}

Result<QJsonValue> toJson(const Node &node)
{
    switch (node.kind()) {
    case Node::Kind::Null: return QJsonValue();
    case Node::Kind::Scalar:
        if (const auto number = node.integer(-(1LL << 53), 1LL << 53))
            return QJsonValue(*number);
        if (const auto flag = node.boolean())
            return QJsonValue(*flag);
        return node.text().transform([](const QString &text) { return QJsonValue(text); });
    case Node::Kind::Sequence: {
        QJsonArray array;
        OF_TRY(items, node.items());
        for (const Node &item : items) {
            OF_TRY(value, toJson(item));
            array.append(value);
        }
        return array;
    }
    case Node::Kind::Map: {
        QJsonObject object;
        OF_TRY(map, node.map());
        for (const QString &key : map.keys()) {
            const auto inner = map.find(key);
            OF_TRY(value, inner ? toJson(*inner) : Result<QJsonValue>(QJsonValue()));
            object[key] = value;
        }
        return object;
    }
    }
    return QJsonValue();
}

Map::Map(Node node, std::vector<std::pair<QString, Node>> entries, std::vector<Node> keyNodes)
    : m_node(std::move(node)),
      m_entries(std::move(entries)),
      m_keyNodes(std::move(keyNodes))
{}

std::optional<Node> Map::find(const QString &key)
{
    m_asked.push_back(key);
    for (const auto &[name, value] : m_entries) {
        if (name == key)
            return value.kind() == Node::Kind::Null ? std::nullopt : std::optional(value);
    }
    return std::nullopt;
}

Result<std::optional<Node>> Map::value(const QString &key)
{
    m_asked.push_back(key);
    for (size_t i = 0; i < m_entries.size(); ++i) {
        if (m_entries[i].first != key)
            continue;
        if (m_entries[i].second.kind() == Node::Kind::Null)
            return std::unexpected(m_keyNodes[i].error(QStringLiteral("the key \"%1\" has no value").arg(key)));
        return m_entries[i].second;
    }
    return std::nullopt;
}

Result<Node> Map::need(const QString &key)
{
    if (auto node = find(key))
        return *node;
    return std::unexpected(m_node.error(QStringLiteral("the key \"%1\" is missing").arg(key)));
}

QStringList Map::keys() const
{
    QStringList names;
    for (const auto &entry : m_entries)
        names += entry.first;
    return names;
}

Result<void> Map::finish() const
{
    const auto wrong = unknown();
    return wrong.empty() ? Result<void>() : std::unexpected(wrong.front());
}

std::vector<Error> Map::unknown() const
{
    std::vector<Error> wrong;
    for (size_t i = 0; i < m_entries.size(); ++i) {
        if (std::ranges::find(m_asked, m_entries[i].first) != m_asked.end())
            continue;
        QStringList known(m_asked.begin(), m_asked.end());
        known.sort();
        known.removeDuplicates();
        wrong.push_back(
            m_keyNodes[i].error(QStringLiteral("unknown key \"%1\"; known here: %2")
                                    .arg(displayable(m_entries[i].first.left(80)), known.join(QStringLiteral(", ")))));
    }
    return wrong;
}

std::optional<Node> Faults::value(Map &map, const QString &key)
{
    const auto node = take(map.value(key));
    return node ? *node : std::nullopt;
}

std::vector<Error> Faults::sorted() const
{
    auto all = m_all;
    std::ranges::stable_sort(all, {}, [](const Error &error) { return placeOf(error).value_or(Place{0, 0}); });
    return all;
}

Error placed(Error error, const QString &file, Place place)
{
    error.doing = QStringLiteral("read %1:%2:%3").arg(file, QString::number(place.line), QString::number(place.column));
    return error;
}

std::optional<Place> placeOf(const Error &error)
{
    // As placed() writes it; a file's name may hold colons itself.
    bool isLine = false, isColumn = false;
    const int line = error.doing.section(u':', -2, -2).toInt(&isLine);
    const int column = error.doing.section(u':', -1).toInt(&isColumn);
    return isLine && isColumn && error.doing.startsWith(QStringLiteral("read ")) ? std::optional(Place{line, column})
                                                                                 : std::nullopt;
}

std::map<QString, Place> placesOf(const Node &node)
{
    std::map<QString, Place> places;
    std::vector<std::pair<QString, Node>> todo{{QString(), node}};
    while (!todo.empty()) {
        const auto [name, at] = todo.back();
        todo.pop_back();
        places[name] = {at.line(), at.column()};
        if (const auto items = at.items()) {
            for (size_t i = 0; i < items->size(); ++i)
                todo.emplace_back(QStringLiteral("%1[%2]").arg(name).arg(i), (*items)[i]);
        } else if (auto map = at.map()) {
            for (const QString &key : map->keys()) {
                if (const auto value = map->find(key))
                    todo.emplace_back(name.isEmpty() ? key : name + u'.' + key, *value);
            }
        }
    }
    return places;
}

namespace {

/// Takes keys out that are no text, or were given before in their mapping, anywhere, also in parts that nobody reads.
void dropDoubledKeys(const std::shared_ptr<Node::Data> &root, Faults &faults)
{
    std::vector<std::shared_ptr<Node::Data>> todo{root};
    while (!todo.empty()) {
        const auto data = todo.back();
        todo.pop_back();
        if (data->kind == Node::Kind::Map) {
            QHash<QString, int> lines;
            std::vector<std::shared_ptr<Node::Data>> kept;
            for (size_t i = 0; i + 1 < data->children.size(); i += 2) {
                const auto &key = data->children[i];
                const auto name = faults.take(Node(key).text());
                if (!name)
                    continue;
                if (const auto before = lines.constFind(*name); before != lines.constEnd()) {
                    faults.add(doubledKey(Node(key), *name, *before));
                    continue;
                }
                lines.insert(*name, key->line);
                kept.push_back(key);
                kept.push_back(data->children[i + 1]);
            }
            data->children = std::move(kept);
        }
        todo.insert(todo.end(), data->children.begin(), data->children.end());
    }
}

} // namespace

Result<Node> parse(const QByteArray &bytes, const QString &file, const Limits &limits)
{
    Faults faults;
    OF_TRY(node, parse(bytes, file, faults, limits));
    // Refused everywhere, also in parts that nobody reads.
    if (!faults.empty())
        return std::unexpected(faults.sorted().front());
    return node;
}

Result<Node> parse(const QByteArray &bytes, const QString &file, Faults &faults, const Limits &limits)
{
    if (bytes.size() > limits.bytes)
        return fail(ErrorKind::Invalid, QStringLiteral("read %1").arg(file),
                    QStringLiteral("it has %1 bytes, %2 are the most").arg(bytes.size()).arg(limits.bytes));
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder.decode(bytes);
    if (decoder.hasError())
        return std::unexpected(errorAt(file, firstBadLine(bytes), 1, QStringLiteral("the line is not valid UTF-8")));
    if (const auto nul = text.indexOf(QChar(0)); nul >= 0)
        return std::unexpected(
            errorAt(file, int(text.left(nul).count(u'\n')) + 1, 1, QStringLiteral("it holds a NUL character")));
    try {
        // yaml-cpp takes a quote that the end of the file leaves open, but not one across the end of a document.
        std::istringstream stream(bytes.toStdString() + (bytes.endsWith('\n') ? "...\n" : "\n...\n"));
        YAML::Parser parser(stream);
        Builder builder(file, limits);
        if (!parser.HandleNextDocument(builder) || !builder.root || builder.root->kind == Node::Kind::Null)
            return std::unexpected(errorAt(file, 1, 1, QStringLiteral("it is empty")));
        Builder second(file, limits);
        if (parser.HandleNextDocument(second) && second.root)
            return std::unexpected(errorAt(
                file, second.root->line, second.root->column,
                QStringLiteral("what follows is not part of the document: a second one (---) is not accepted")));
        dropDoubledKeys(builder.root, faults);
        return Node(builder.root);
    } catch (const Builder::Refused &refused) {
        return std::unexpected(refused.error);
    } catch (const YAML::Exception &error) {
        const int lines = int(bytes.count('\n'))
                          + 1; // what is wrong at the end is told of the last line that was written
        return std::unexpected(errorAt(file, std::min(error.mark.line + 1, lines), error.mark.column + 1,
                                       QString::fromStdString(error.msg)));
    }
}

} // namespace openfactory::yaml
