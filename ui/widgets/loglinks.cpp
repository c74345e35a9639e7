// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/loglinks.h"

#include <QRegularExpression>

namespace openfactory {

namespace {

constexpr qsizetype lookMost = 4096;

} // namespace

std::vector<LogLink> findLinks(const QString &text)
{
    // Either a quoted Python place, or a path whose last part has a suffix with a letter in it. Each part is bounded
    // and possessive, so that no line makes the search slow.
    static const QRegularExpression pattern(
        QStringLiteral(
            R"re(File "(?<quoted>[^"]{1,512})", line (?<quotedLine>\d{1,9}))re"
            R"re(|(?<![\w./+@~-])(?<path>[\w./+@~-]{1,512}\.[A-Za-z][A-Za-z0-9_]{0,9})(?::(?<line>\d{1,9})(?!\d)(?::\d{1,9})?|\((?<paren>\d{1,9})(?:,\d{1,9})?\)))re"),
        QRegularExpression::UseUnicodePropertiesOption);
    std::vector<LogLink> links;
    const bool may = text.contains(QLatin1Char(':')) || text.contains(QLatin1Char('('))
                     || text.contains(QLatin1String("line "));
    if (!may)
        return links;
    for (auto it = pattern.globalMatch(text.left(lookMost)); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        QString path = match.captured(u"quoted");
        QString line = match.captured(u"quotedLine");
        if (path.isEmpty()) {
            path = match.captured(u"path");
            line = match.captured(u"line") + match.captured(u"paren");
            if (path.startsWith(QLatin1String("//")))
                continue; // the rest of an address
        }
        if (const int number = line.toInt(); number > 0)
            links.push_back({match.capturedStart(), match.capturedLength(), path, number});
    }
    return links;
}

} // namespace openfactory
