// SPDX-License-Identifier: Apache-2.0
#include "core/authors/repositorymap.h"

#include "core/base/text.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>

namespace openfactory {

namespace {

constexpr size_t mostFiles = 5000;
constexpr qsizetype mostFileBytes = 256 * 1024;
constexpr qsizetype mostBytesInAll = 24 * 1024 * 1024;
constexpr qsizetype mostNames = 4000;       ///< of one file
constexpr qsizetype mostDefiners = 8;       ///< a name that more files define says nothing
constexpr size_t mostDefinitionsShown = 40; ///< of one file
constexpr int rounds = 8;
constexpr double follow = 0.6; ///< the part of a file's rank that goes on to what it refers to

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// The names in a text, each once, those of less than three letters left out.
QSet<QByteArray> namesIn(QByteArrayView text)
{
    QSet<QByteArray> names;
    for (qsizetype i = 0; i < text.size() && names.size() < mostNames;) {
        if (!isLetter(text[i])) {
            ++i;
            continue;
        }
        const qsizetype from = i;
        while (i < text.size() && (isLetter(text[i]) || (text[i] >= '0' && text[i] <= '9')))
            ++i;
        if (i - from >= 3 && i - from <= 80)
            names.insert(text.sliced(from, i - from).toByteArray());
    }
    return names;
}

/// Types, which no toolchain file names: a guess by the words that begin them.
void addTypes(const QByteArray &source, std::vector<std::pair<QString, int>> &definitions)
{
    static const QRegularExpression form(QStringLiteral(
        R"(^\s{0,8}(?:(?:export|default|pub|public|abstract|final|static|sealed|data)\s+){0,3}(?:class|struct|interface|enum|trait|type|protocol|record)\s+([A-Za-z_]\w{1,79}))"));
    int number = 0;
    for (qsizetype at = 0; at < source.size() && definitions.size() < 500;) {
        const qsizetype end = source.indexOf('\n', at);
        const qsizetype length = (end < 0 ? source.size() : end) - at;
        ++number;
        if (length < 200) {
            if (const auto match = form.match(QString::fromLatin1(source.mid(at, length))); match.hasMatch())
                definitions.emplace_back(match.captured(1), number);
        }
        at += length + 1;
    }
}

struct Node {
    MappedFile file;
    QSet<QByteArray> names;
    double wanted = 0;
    std::vector<std::pair<int, double>> refersTo;
};

std::vector<Node> readNodes(const SourceFiles &files, const Toolchains &toolchains, const std::set<RepoPath> &named)
{
    std::vector<Node> nodes;
    qsizetype bytes = 0;
    const auto take = [&](const RepoPath &path) {
        const auto text = files.read(path);
        if (!text || text->size() > mostFileBytes || text->contains('\0') || bytes + text->size() > mostBytesInAll)
            return;
        bytes += text->size();
        Node node;
        node.file.path = path;
        node.file.bytes = text->size();
        for (const SourceFunction &function : toolchains.functions(path, *text))
            node.file.definitions.emplace_back(function.name, function.line);
        if (toolchains.importUnit(path) || !node.file.definitions.empty())
            addTypes(*text, node.file.definitions);
        std::ranges::sort(node.file.definitions, {}, &std::pair<QString, int>::second);
        node.names = namesIn(*text);
        nodes.push_back(std::move(node));
    };
    for (const RepoPath &path : named) {
        if (files.has(path))
            take(path);
    }
    for (const RepoPath &path : files.paths) {
        if (nodes.size() >= mostFiles)
            break;
        if (!named.contains(path))
            take(path);
    }
    return nodes;
}

void linkReferences(std::vector<Node> &nodes)
{
    QHash<QByteArray, std::vector<int>> definers;
    for (int i = 0; i < int(nodes.size()); ++i) {
        for (const auto &[name, line] : nodes[size_t(i)].file.definitions) {
            auto &all = definers[name.toUtf8()];
            if (all.empty() || all.back() != i)
                all.push_back(i);
        }
    }
    for (int i = 0; i < int(nodes.size()); ++i) {
        QHash<int, double> weights;
        for (const QByteArray &name : nodes[size_t(i)].names) {
            const auto found = definers.constFind(name);
            if (found == definers.cend() || qsizetype(found->size()) > mostDefiners)
                continue;
            for (const int other : *found) {
                if (other != i)
                    weights[other] += 1.0 / double(found->size());
            }
        }
        double sum = 0;
        for (const double weight : std::as_const(weights))
            sum += weight;
        for (auto it = weights.cbegin(); it != weights.cend(); ++it)
            nodes[size_t(i)].refersTo.emplace_back(it.key(), it.value() / sum);
    }
}

/// How much the task itself asks for a file: by what it is called, and by rare names that both hold.
void weigh(std::vector<Node> &nodes, const MapWish &wish)
{
    const QSet<QByteArray> words = namesIn(wish.words.toUtf8());
    QHash<QByteArray, int> spread;
    for (const Node &node : nodes) {
        for (const QByteArray &word : words)
            spread[word] += node.names.contains(word) ? 1 : 0;
    }
    for (Node &node : nodes) {
        node.wanted = wish.named.contains(node.file.path) ? 20 : 0.05;
        const QByteArray path = node.file.path.toLower();
        for (const QByteArray &word : words) {
            if (path.contains(word.toLower()))
                node.wanted += 2;
            if (node.names.contains(word))
                node.wanted += 1.0 / (1.0 + std::log2(double(spread[word])));
        }
    }
}

} // namespace

std::vector<MappedFile> rankedFiles(const SourceFiles &files, const Toolchains &toolchains, const MapWish &wish)
{
    std::vector<Node> nodes = readNodes(files, toolchains, wish.named);
    weigh(nodes, wish);
    linkReferences(nodes);
    std::vector<double> rank(nodes.size());
    std::ranges::transform(nodes, rank.begin(), &Node::wanted);
    for (int round = 0; round < rounds; ++round) {
        std::vector<double> next(nodes.size());
        for (size_t i = 0; i < nodes.size(); ++i) {
            next[i] += nodes[i].wanted * (1 - follow);
            for (const auto &[other, part] : nodes[i].refersTo)
                next[size_t(other)] += rank[i] * follow * part;
        }
        rank = std::move(next);
    }
    std::vector<MappedFile> ranked;
    for (size_t i = 0; i < nodes.size(); ++i) {
        nodes[i].file.rank = rank[i];
        ranked.push_back(std::move(nodes[i].file));
    }
    std::ranges::sort(ranked, [](const MappedFile &a, const MappedFile &b) {
        return a.rank != b.rank ? a.rank > b.rank : a.path < b.path;
    });
    return ranked;
}

QByteArray mapText(const std::vector<MappedFile> &files, qsizetype mostBytes)
{
    QByteArray text;
    size_t shown = 0;
    for (const MappedFile &file : files) {
        QByteArray one = displayPath(file.path).toUtf8() + '\n';
        for (size_t i = 0; i < std::min(file.definitions.size(), mostDefinitionsShown); ++i)
            one += "    " + QByteArray::number(file.definitions[i].second) + ": "
                   + displayable(file.definitions[i].first).toUtf8() + '\n';
        if (text.size() + one.size() > mostBytes)
            break;
        text += one;
        ++shown;
    }
    if (shown < files.size())
        text += "(" + counted(qint64(files.size() - shown), QStringLiteral("further file")).toUtf8() + " left out)\n";
    return text;
}

} // namespace openfactory
