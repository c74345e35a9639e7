// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/worddiff.h"

#include <QStringList>

#include <algorithm>

namespace openfactory {

namespace {

constexpr qsizetype lineMost = 4096;  ///< characters
constexpr qint64 tableMost = 250'000; ///< pairs of words

/// Words, stretches of blanks, and every other character for itself.
QStringList wordsOf(const QString &line)
{
    QStringList words;
    const auto kind = [&](qsizetype i) {
        const QChar c = line[i];
        return c.isLetterOrNumber() || c == QLatin1Char('_') || c.isMark() || c.isSurrogate() ? 1 : c.isSpace() ? 2 : 0;
    };
    for (qsizetype at = 0; at < line.size();) {
        qsizetype end = at + 1;
        while (end < line.size() && kind(at) != 0 && kind(end) == kind(at))
            ++end;
        words << line.sliced(at, end - at);
        at = end;
    }
    return words;
}

/// The stretches of a line whose words are not in `kept`, neighbours as one.
std::vector<WordRange> changed(const QStringList &words, const std::vector<bool> &kept)
{
    std::vector<WordRange> ranges;
    qsizetype at = 0;
    for (qsizetype i = 0; i < words.size(); ++i) {
        if (!kept[size_t(i)]) {
            if (!ranges.empty() && ranges.back().start + ranges.back().length == at)
                ranges.back().length += words[i].size();
            else
                ranges.push_back({at, words[i].size()});
        }
        at += words[i].size();
    }
    return ranges;
}

} // namespace

std::vector<std::pair<int, int>> commonOf(const QStringList &a, const QStringList &b, qint64 most)
{
    // What both begin and end with needs no table.
    qsizetype begin = 0;
    while (begin < a.size() && begin < b.size() && a[begin] == b[begin])
        ++begin;
    qsizetype end = 0;
    while (end < a.size() - begin && end < b.size() - begin && a[a.size() - 1 - end] == b[b.size() - 1 - end])
        ++end;
    std::vector<std::pair<int, int>> pairs;
    for (int i = 0; i < begin; ++i)
        pairs.emplace_back(i, i);
    const auto rows = size_t(a.size() - begin - end), columns = size_t(b.size() - begin - end);
    if (qint64(rows) * qint64(columns) <= most && rows > 0 && columns > 0) {
        // length[i][j]: of the longest one of a from i and b from j on.
        std::vector<quint32> length((rows + 1) * (columns + 1));
        const auto at = [&](size_t i, size_t j) -> quint32 & { return length[i * (columns + 1) + j]; };
        const auto alike = [&](size_t i, size_t j) { return a[begin + qsizetype(i)] == b[begin + qsizetype(j)]; };
        for (size_t i = rows; i-- > 0;) {
            for (size_t j = columns; j-- > 0;)
                at(i, j) = alike(i, j) ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
        }
        for (size_t i = 0, j = 0; i < rows && j < columns;) {
            if (alike(i, j) && at(i, j) == at(i + 1, j + 1) + 1)
                pairs.emplace_back(int(begin) + int(i++), int(begin) + int(j++));
            else if (at(i + 1, j) >= at(i, j + 1))
                ++i;
            else
                ++j;
        }
    }
    for (qsizetype i = end; i > 0; --i)
        pairs.emplace_back(int(a.size() - i), int(b.size() - i));
    return pairs;
}

std::optional<WordChanges> compareWords(const QString &before, const QString &after)
{
    if (before.size() > lineMost || after.size() > lineMost)
        return {};
    const QStringList a = wordsOf(before), b = wordsOf(after);
    std::vector<bool> keptA(size_t(a.size())), keptB(size_t(b.size()));
    qsizetype alike = 0;
    for (const auto &[i, j] : commonOf(a, b, tableMost)) {
        keptA[size_t(i)] = keptB[size_t(j)] = true;
        if (!a[i].trimmed().isEmpty())
            alike += a[i].size();
    }
    if (alike * 3 < std::max(before.trimmed().size(), after.trimmed().size()))
        return {};
    return WordChanges{changed(a, keptA), changed(b, keptB)};
}

} // namespace openfactory
