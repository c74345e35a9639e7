// SPDX-License-Identifier: Apache-2.0
/// Which words differ between two versions of a line. Bounded: long or very different lines have no answer.
#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace openfactory {

struct WordRange {
    qsizetype start = 0;
    qsizetype length = 0;
    bool operator==(const WordRange &) const = default;
};

struct WordChanges {
    std::vector<WordRange> before; ///< gone
    std::vector<WordRange> after;  ///< come
};

/// Nothing where less than a third of the lines is alike: then the whole line is the change.
std::optional<WordChanges> compareWords(const QString &before, const QString &after);

/// Pairs of (index in a, index in b) of a longest common subsequence, ascending; an empty one where a * b is beyond
/// `most`.
std::vector<std::pair<int, int>> commonOf(const QStringList &a, const QStringList &b, qint64 most);

} // namespace openfactory
