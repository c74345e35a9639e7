// SPDX-License-Identifier: Apache-2.0
/// YAML as data, read strictly. The library underneath takes duplicate keys, unknown tags and alias bombs without
/// complaint; this loader refuses them, with file, line and column. A `Node` is a value; a `Map` counts which keys
/// were read, and `finish()` refuses the rest: a misspelt key never goes unnoticed.
#pragma once

#include "core/base/error.h"

#include <QJsonValue>
#include <QStringList>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace openfactory::yaml {

struct Limits {
    qint64 bytes = 1024 * 1024;
    int depth = 32;
    int nodes = 50'000;
};

class Map;

/// Where something stands in a file, both from 1.
struct Place {
    int line = 1;
    int column = 1;
    auto operator<=>(const Place &) const = default;
};

/// A node of a parsed document; keeps the document alive. Read-only, one thread at a time.
class Node {
public:
    enum class Kind { Null, Scalar, Sequence, Map };
    Kind kind() const;
    int line() const;   ///< from 1
    int column() const; ///< from 1
    QString file() const;
    /// "file:line:column"
    QString place() const;
    /// An Invalid error that names the place.
    Error error(const QString &said) const;
    /// The same of a rule that refused what stands here, with its hint.
    Error error(const Error &rule) const;

    Result<QString> text() const; ///< any scalar, as written
    Result<qint64> integer(qint64 least, qint64 most) const;
    Result<double> number(double least, double most) const;
    Result<bool> boolean() const;            ///< true or false, nothing else
    Result<std::vector<Node>> items() const; ///< of a sequence
    Result<QStringList> texts() const;       ///< a sequence of scalars
    Result<Map> map() const;

    struct Data;
    explicit Node(std::shared_ptr<const Data> data) : m_data(std::move(data)) {}

private:
    std::shared_ptr<const Data> m_data;
};

/// The keys of a mapping, in the order of the file.
class Map {
public:
    /// The value of a key that must be there.
    Result<Node> need(const QString &key);
    /// The value, or nothing where the key is absent or null.
    std::optional<Node> find(const QString &key);
    /// The same, but a key that is there without a value is refused: an emptied list must not become a default.
    Result<std::optional<Node>> value(const QString &key);
    QStringList keys() const;
    const Node &node() const { return m_node; }
    /// Refuses every key that was not asked for, naming the known ones.
    Result<void> finish() const;
    /// What finish() would refuse, one error for each.
    std::vector<Error> unknown() const;

    Map(Node node, std::vector<std::pair<QString, Node>> entries, std::vector<Node> keyNodes);

private:
    Node m_node;
    std::vector<std::pair<QString, Node>> m_entries;
    std::vector<Node> m_keyNodes;
    std::vector<QString> m_asked;
};

/// Gathers what is wrong, so that a reader can go on and all of it is told at once.
class Faults {
public:
    /// The value, or nothing where it is a fault, which is kept.
    template<class Value>
    std::optional<Value> take(Result<Value> result)
    {
        if (result)
            return *std::move(result);
        add(result.error());
        return std::nullopt;
    }
    bool take(const Result<void> &result)
    {
        if (!result)
            add(result.error());
        return result.has_value();
    }
    /// The value of a key, or nothing where it is absent or at fault.
    std::optional<Node> value(Map &map, const QString &key);
    void add(Error error) { m_all.push_back(std::move(error)); }
    bool empty() const { return m_all.empty(); }
    /// In the order of the file; what names no place comes first.
    std::vector<Error> sorted() const;
    /// The first one that was met.
    Result<void> first() const { return empty() ? Result<void>() : std::unexpected(m_all.front()); }

private:
    std::vector<Error> m_all;
};

/// The error as one that names a place in a file.
Error placed(Error error, const QString &file, Place place);
/// The place that an error of this reader names; nothing where it names none.
std::optional<Place> placeOf(const Error &error);
/// Where the values below a node stand: "allowed_files[0]", "pipeline[2].command".
std::map<QString, Place> placesOf(const Node &node);

/// The node as JSON: what is written like a whole number, true or false is one, unless it is quoted; any other scalar
/// is text. Keys that were given twice are refused.
Result<QJsonValue> toJson(const Node &node);

/// Parses one document. `file` is used in messages only.
Result<Node> parse(const QByteArray &bytes, const QString &file, const Limits &limits = {});
/// The same for a reader that tells all at once: a key that is no text, or was given before, is a fault and left out.
Result<Node> parse(const QByteArray &bytes, const QString &file, Faults &faults, const Limits &limits = {});

} // namespace openfactory::yaml
