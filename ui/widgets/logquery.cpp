// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/logquery.h"

#include <algorithm>
#include <cstring>

namespace openfactory {

namespace {

constexpr int stepsMost = 100'000;

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c + 32) : c;
}

char upper(char c)
{
    return c >= 'a' && c <= 'z' ? char(c - 32) : c;
}

bool isWordByte(char c)
{
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_' || quint8(c) >= 0x80;
}

/// How often a character comes in logs, roughly; the more to the right, the rarer.
int rarity(char c)
{
    static constexpr char common[] = " e0tao1isnr2lc/d.:3u-mp4f5_6g7h8b9y=[]w,v\"()kT'SxE";
    const char *at = std::strchr(common, c);
    return c && at ? int(at - common) : 100;
}

} // namespace

Result<LogMatcher> LogMatcher::create(const LogQuery &query)
{
    LogMatcher matcher;
    matcher.m_query = query;
    if (query.isRegex) {
        // A pattern that goes wild on a line finds nothing there, instead of holding up a thread.
        const QString pattern = QStringLiteral("(*LIMIT_MATCH=%1)").arg(stepsMost)
                                + (query.wholeWord ? QStringLiteral("\\b(?:") + query.text + QStringLiteral(")\\b")
                                                   : query.text);
        const auto options = QRegularExpression::UseUnicodePropertiesOption
                             | (query.matchCase ? QRegularExpression::NoPatternOption
                                                : QRegularExpression::CaseInsensitiveOption);
        matcher.m_regex = QRegularExpression(pattern, options);
        if (!matcher.m_regex.isValid())
            return fail(
                ErrorKind::Invalid, QStringLiteral("read the pattern"),
                QStringLiteral("%1 at character %2")
                    .arg(matcher.m_regex.errorString())
                    .arg(std::max<qsizetype>(0, matcher.m_regex.patternErrorOffset() - pattern.indexOf(query.text))
                         + 1));
        matcher.m_regex.optimize();
        return matcher;
    }
    const bool bytes = !query.text.isEmpty() && std::ranges::all_of(query.text, [](QChar c) {
        return c.unicode() >= 0x20 && c.unicode() < 0x7f;
    });
    if (!bytes)
        return matcher;
    matcher.m_needle = query.text.toLatin1();
    if (!query.matchCase)
        matcher.m_needle = matcher.m_needle.toLower();
    for (qsizetype i = 1; i < matcher.m_needle.size(); ++i) {
        if (rarity(matcher.m_needle[i]) > rarity(matcher.m_needle[matcher.m_rareAt]))
            matcher.m_rareAt = i;
    }
    const char rare = matcher.m_needle[matcher.m_rareAt];
    matcher.m_rare[0] = rare;
    matcher.m_rare[1] = query.matchCase ? rare : upper(rare);
    return matcher;
}

std::vector<LogMatcher::Match> LogMatcher::matches(const QString &line) const
{
    std::vector<Match> found;
    if (m_query.text.isEmpty())
        return found;
    if (m_query.isRegex) {
        for (auto it = m_regex.globalMatch(line); it.hasNext();) {
            const QRegularExpressionMatch match = it.next();
            if (match.capturedLength() > 0)
                found.push_back({match.capturedStart(), match.capturedLength()});
        }
        return found;
    }
    const auto sensitivity = m_query.matchCase ? Qt::CaseSensitive : Qt::CaseInsensitive;
    const auto isWordAt = [&](qsizetype i) {
        return i >= 0 && i < line.size()
               && (line[i].isLetterOrNumber() || line[i] == QLatin1Char('_') || line[i].isSurrogate());
    };
    const qsizetype size = m_query.text.size();
    for (qsizetype at = line.indexOf(m_query.text, 0, sensitivity); at >= 0;) {
        const bool taken = !m_query.wholeWord || (!isWordAt(at - 1) && !isWordAt(at + size));
        if (taken)
            found.push_back({at, size});
        at = line.indexOf(m_query.text, at + (taken ? size : 1), sensitivity);
    }
    return found;
}

bool LogMatcher::equals(const char *at) const
{
    if (m_query.matchCase)
        return std::memcmp(at, m_needle.constData(), size_t(m_needle.size())) == 0;
    return std::equal(m_needle.begin(), m_needle.end(), at, [](char a, char b) { return a == lower(b); });
}

bool LogMatcher::isWord(QByteArrayView bytes, qsizetype at) const
{
    const qsizetype end = at + m_needle.size();
    return (at == 0 || !isWordByte(bytes[at - 1])) && (end == bytes.size() || !isWordByte(bytes[end]));
}

void LogMatcher::eachIn(QByteArrayView bytes, qsizetype from, qsizetype until,
                        const std::function<void(qsizetype)> &visit) const
{
    // memchr for the rarest character, in one case or in both, is several times as fast as any search for the whole.
    // Where each case comes next is kept from match to match: one that never comes is looked for once.
    const char *begin = bytes.begin();
    const char *end = bytes.end() - (m_needle.size() - m_rareAt) + 1;
    const auto search = [&](char c, const char *start) -> const char * {
        const void *found = start < end ? std::memchr(start, c, size_t(end - start)) : nullptr;
        return found ? static_cast<const char *>(found) : end;
    };
    const char *at = begin + from + m_rareAt;
    const char *next[2] = {search(m_rare[0], at), m_rare[0] == m_rare[1] ? end : search(m_rare[1], at)};
    while (true) {
        const char *found = std::min(next[0], next[1]);
        const qsizetype start = found - m_rareAt - begin;
        if (found >= end || start >= until)
            return;
        at = found + 1;
        if (equals(begin + start) && (!m_query.wholeWord || isWord(bytes, start))) {
            visit(start);
            at = found + m_needle.size();
        }
        for (const int which : {0, 1}) {
            if (next[which] < at)
                next[which] = search(m_rare[which], at);
        }
    }
}

} // namespace openfactory
