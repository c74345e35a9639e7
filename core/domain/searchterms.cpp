// SPDX-License-Identifier: Apache-2.0
#include "core/domain/searchterms.h"

#include <algorithm>

namespace openfactory {

namespace {
constexpr qsizetype kMostTerms = 16;
constexpr qsizetype kMostLetters = 200;
} // namespace

QStringList searchTerms(const QString &typed)
{
    QStringList terms;
    const QStringList words = typed.left(kMostTerms * kMostLetters).simplified().split(u' ', Qt::SkipEmptyParts);
    for (QString word : words) {
        word.truncate(kMostLetters);
        // A cut in the middle of a pair leaves half a letter, which no text in UTF-8 holds; NUL ends a term early.
        word.removeIf([](QChar c) { return c.isNull() || c.isSurrogate(); });
        const auto letters = std::ranges::count_if(word, [](QChar c) { return c.isLetterOrNumber(); });
        if (letters == 0 || terms.size() == kMostTerms)
            continue;
        word.replace(u'"', QStringLiteral("\"\""));
        terms << u'"' + word + (letters > 1 ? QStringLiteral("\" *") : QStringLiteral("\""));
    }
    return terms;
}

} // namespace openfactory
