// SPDX-License-Identifier: Apache-2.0
#include "core/base/slug.h"

#include "core/base/text.h"

namespace openfactory {

Result<Slug> Slug::parse(const QString &text)
{
    const auto allowed = [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'_' || c == u'-';
    };
    if (text.isEmpty() || text.size() > 50 || !std::ranges::all_of(text, allowed)) {
        return fail(ErrorKind::Invalid, QStringLiteral("read the slug \"%1\"").arg(displayable(text.left(80))),
                    text.size() > 50 ? QStringLiteral("it has %1 characters, 50 are the most").arg(text.size())
                                     : QStringLiteral("a slug has 1 to 50 characters of a-z, 0-9, _ and -"),
                    QStringLiteral("choose a name such as my-feature"));
    }
    if (text.startsWith(u'-'))
        return fail(ErrorKind::Invalid, QStringLiteral("read the slug \"%1\"").arg(text),
                    QStringLiteral("a slug that starts with - would be taken for an option"),
                    QStringLiteral("start it with a letter or a digit"));
    return Slug(text);
}

QString slugFrom(const QString &sentence)
{
    constexpr qsizetype kMost = 40;
    QString slug;
    QString word;
    const QString text = sentence.toLower() + QLatin1Char(' ');
    for (const QChar c : text) {
        if ((c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9')) {
            word += c;
            continue;
        }
        if (word.isEmpty())
            continue;
        if (slug.size() + word.size() >= kMost)
            return slug.isEmpty() ? word.left(kMost) : slug;
        if (!slug.isEmpty())
            slug += QLatin1Char('-');
        slug += word;
        word.clear();
    }
    return slug;
}

} // namespace openfactory
