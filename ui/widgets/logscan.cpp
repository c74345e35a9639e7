// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/logscan.h"

#include "ui/widgets/ansi.h"

#include <QElapsedTimer>

#include <algorithm>
#include <array>
#include <cstring>

namespace openfactory {

namespace {

constexpr qint64 windowBytes = 1024 * 1024;
constexpr qsizetype pieceMost = 64 * 1024; ///< as LogShape cuts lines
constexpr qint64 tellMs = 60;

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

qint64 feedsIn(QByteArrayView bytes)
{
    return std::count(bytes.begin(), bytes.end(), '\n');
}

/// Whether the bytes are shown as they are, as far as a search for printable ASCII can tell.
bool isAsShown(QByteArrayView bytes)
{
    if (std::memchr(bytes.data(), '\x1b', size_t(bytes.size())))
        return false;
    for (const char *at = bytes.begin();
         (at = static_cast<const char *>(std::memchr(at, '\r', size_t(bytes.end() - at)))); ++at) {
        if (at + 1 < bytes.end() && at[1] != '\n' && at[1] != '\r')
            return false;
    }
    return true;
}

} // namespace

bool isErrorLine(QByteArrayView line)
{
    static constexpr std::array<QByteArrayView, 12> words = {
        "error", "errors", "fail",     "failed",    "failure",   "failures",
        "fatal", "panic",  "panicked", "traceback", "exception", "aborted",
    };
    static constexpr auto begins = [] {
        std::array<bool, 256> table{};
        for (const QByteArrayView word : words) {
            table[quint8(word[0])] = true;
            table[quint8(word[0] - 32)] = true;
        }
        return table;
    }();
    if (line.startsWith("E  ")) // pytest
        return true;
    const char *begin = line.begin(), *end = line.end();
    for (const char *at = begin; at < end; ++at) {
        if (!begins[quint8(*at)])
            continue;
        // A word of its own, or the end of a name like ValueError.
        if (at > begin && isWordByte(at[-1]) && !(*at < 'a' && at[-1] >= 'a'))
            continue;
        const char *stop = at;
        while (stop < end && isWordByte(*stop))
            ++stop;
        const QByteArrayView word(at, stop - at);
        const bool found = std::ranges::any_of(
            words, [&](QByteArrayView wanted) { return word.compare(wanted, Qt::CaseInsensitive) == 0; });
        const QByteArrayView before(begin, at - begin);
        const auto ends = [&](QByteArrayView text) {
            return before.size() >= text.size() && before.last(text.size()).compare(text, Qt::CaseInsensitive) == 0
                   && (before.size() == text.size() || !isWordByte(before[before.size() - text.size() - 1]));
        };
        if (found && !ends("0 ") && !ends("no ") && !ends("without "))
            return true;
        at = stop > at ? stop - 1 : at;
    }
    return false;
}

void LogScan::hit(qint64 line, qint64 matches)
{
    m_hits.lines.add(line);
    m_hits.matches += matches;
}

/// The number of the line that holds an offset inside or at the begin of the window.
Result<qint64> LogScan::lineAt(const LogIndex &index, qint64 offset, QByteArrayView window, qint64 windowAt)
{
    if (const auto [line, at] = index.markBefore(offset); at > m_knownOffset) {
        m_knownLine = line;
        m_knownOffset = at;
    }
    QByteArray before;
    while (m_knownOffset < windowAt) {
        before.resize(std::min(windowAt - m_knownOffset, windowBytes));
        OF_TRY(n, index.read(m_knownOffset, before.data(), before.size()));
        if (n == 0)
            break;
        m_knownLine += feedsIn(QByteArrayView(before).first(n));
        m_knownOffset += n;
    }
    const qint64 known = std::clamp<qint64>(m_knownOffset - windowAt, 0, offset - windowAt);
    m_knownLine += feedsIn(window.sliced(known, offset - windowAt - known));
    m_knownOffset = offset;
    return m_knownLine;
}

/// Matches that begin in [from, end) of the window.
Result<void> LogScan::searchBytes(const LogIndex &index, QByteArrayView window, qsizetype from, qsizetype end)
{
    Result<void> result;
    m_matcher->eachIn(window, from, end, [&](qsizetype at) {
        const auto line = lineAt(index, m_offset - from + at, window, m_offset - from);
        if (line)
            hit(*line, 1);
        else
            result = std::unexpected(line.error());
    });
    return result;
}

qsizetype LogScan::countIn(QByteArrayView line) const
{
    AnsiStyle style;
    if (m_matcher)
        return m_matcher->count(parseAnsi(line, style).text);
    const bool plain = !line.contains('\x1b');
    return (plain ? isErrorLine(line) : isErrorLine(parseAnsi(line, style).text.toUtf8())) ? 1 : 0;
}

Result<void> LogScan::searchLines(const LogIndex &index, QByteArrayView window)
{
    OF_TRY(line, lineAt(index, m_offset, window, m_offset));
    for (qsizetype at = 0; at < window.size(); ++line) {
        const qsizetype feed = window.indexOf('\n', at);
        const qsizetype end = feed < 0 ? window.size() : feed;
        // A line longer than a piece is searched as it is shown: piece by piece.
        qsizetype found = 0;
        for (qsizetype from = at; from < end; from += pieceMost)
            found += countIn(window.sliced(from, std::min(pieceMost, end - from)));
        if (found > 0)
            hit(line, found);
        if (feed < 0)
            break;
        at = feed + 1;
    }
    return {};
}

Result<void> LogScan::advance(const LogIndex &index, const std::stop_token &stop, const Progress &tell)
{
    QElapsedTimer told;
    told.start();
    QByteArray buffer(windowBytes + 1, Qt::Uninitialized);
    const qint64 end = index.bytes();
    const qint64 margin = m_matcher && m_matcher->isBytes() ? m_matcher->needleSize() + 1 : 0;
    m_hits.done = false;
    while (m_offset < end) {
        // One byte from before, so that the begin of a word is known.
        const qint64 lead = m_offset > 0 ? 1 : 0;
        OF_TRY(n, index.read(m_offset - lead, buffer.data(), std::min(windowBytes, end - m_offset) + lead));
        if (n <= lead)
            break;
        const QByteArrayView read = QByteArrayView(buffer).first(n);
        const bool last = m_offset - lead + n >= end;
        qsizetype whole = read.lastIndexOf('\n') + 1;
        const bool inLine = whole <= lead;
        const LogHits kept = last && whole < read.size() ? m_hits : LogHits();
        const qint64 keptLine = m_knownLine, keptOffset = m_knownOffset;
        const qint64 begin = m_offset;
        if (margin > 0 && isAsShown(read)) {
            // Of a line that does not end here, all but what a match might still need.
            const qsizetype until = last ? read.size() : inLine ? read.size() - margin : whole;
            OF_CHECK(searchBytes(index, read, lead, until));
            m_offset += until - lead;
        } else {
            const qsizetype until = last || inLine ? read.size() : whole;
            OF_CHECK(searchLines(index, read.sliced(lead, until - lead)));
            m_offset += until - lead;
        }
        m_hits.bytes = m_offset;
        if (last) {
            m_hits.done = true;
            tell(std::make_shared<const LogHits>(m_hits));
            if (whole < read.size() && !inLine) {
                // The last line may grow: what it holds is counted again.
                m_hits = kept;
                m_offset = begin;
                m_knownLine = keptLine;
                m_knownOffset = keptOffset;
            }
            return {};
        }
        // Looked at after each window, so that a search that is begun again and again still gets on.
        if (stop.stop_requested())
            return fail(ErrorKind::Cancelled, QStringLiteral("search the log"), QStringLiteral("it was stopped"));
        if (told.elapsed() >= tellMs) {
            tell(std::make_shared<const LogHits>(m_hits));
            told.restart();
        }
    }
    m_hits.done = true;
    tell(std::make_shared<const LogHits>(m_hits));
    return {};
}

} // namespace openfactory
