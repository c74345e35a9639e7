// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/ansi.h"

#include "core/base/text.h"
#include "ui/widgets/celltext.h"

#include <QVarLengthArray>

#include <algorithm>
#include <cstring>
#include <optional>
#include <tuple>

namespace openfactory {

namespace {

constexpr char esc = '\x1b';
constexpr qsizetype sequenceMost = 128; ///< bytes; a longer one is no sequence of ours

/// `ESC [ numbers letter` at the begin of `bytes`.
struct Sequence {
    qsizetype length = 0;
    char letter = 0;
    QVarLengthArray<int, 16> numbers; ///< -1: left out
};

std::optional<Sequence> readSequence(QByteArrayView bytes)
{
    if (bytes.size() < 3 || bytes[0] != esc || bytes[1] != '[')
        return {};
    Sequence sequence;
    int number = -1;
    const qsizetype end = std::min(bytes.size(), sequenceMost);
    for (qsizetype i = 2; i < end; ++i) {
        const char c = bytes[i];
        if (c >= '0' && c <= '9') {
            number = std::min(std::max(number, 0) * 10 + (c - '0'), 1'000'000);
        } else if (c == ';' || c == ':') {
            sequence.numbers.push_back(number);
            number = -1;
        } else if (c == 'm' || c == 'K') {
            sequence.numbers.push_back(number);
            sequence.letter = c;
            sequence.length = i + 1;
            return sequence;
        } else {
            return {};
        }
    }
    return {};
}

/// The colour after 38 or 48; moves `at` to its last number.
quint32 readColour(const Sequence &sequence, qsizetype &at, quint32 otherwise)
{
    const auto number = [&](qsizetype i) { return i < sequence.numbers.size() ? std::max(sequence.numbers[i], 0) : 0; };
    if (number(at + 1) == 5) {
        const int entry = number(at += 2);
        return entry <= 255 ? 1 + quint32(entry) : otherwise;
    }
    if (number(at + 1) == 2) {
        const int r = number(at + 2), g = number(at + 3), b = number(at += 4);
        return r <= 255 && g <= 255 && b <= 255 ? ansiRgb | quint32(r) << 16 | quint32(g) << 8 | quint32(b) : otherwise;
    }
    at = sequence.numbers.size();
    return otherwise;
}

void apply(const Sequence &sequence, AnsiStyle &style)
{
    const auto set = [&](int flags, bool on) { style.flags = quint8(on ? style.flags | flags : style.flags & ~flags); };
    for (qsizetype i = 0; i < sequence.numbers.size(); ++i) {
        const int n = std::max(sequence.numbers[i], 0);
        switch (n) {
        case 0: style = {}; break;
        case 1: set(AnsiStyle::Bold, true); break;
        case 2: set(AnsiStyle::Faint, true); break;
        case 3: set(AnsiStyle::Italic, true); break;
        case 4:
        case 21: set(AnsiStyle::Underline, true); break;
        case 7: set(AnsiStyle::Inverse, true); break;
        case 9: set(AnsiStyle::Strike, true); break;
        case 22: set(AnsiStyle::Bold | AnsiStyle::Faint, false); break;
        case 23: set(AnsiStyle::Italic, false); break;
        case 24: set(AnsiStyle::Underline, false); break;
        case 27: set(AnsiStyle::Inverse, false); break;
        case 29: set(AnsiStyle::Strike, false); break;
        case 38: style.foreground = readColour(sequence, i, style.foreground); break;
        case 39: style.foreground = 0; break;
        case 48: style.background = readColour(sequence, i, style.background); break;
        case 49: style.background = 0; break;
        default: // blinking, concealed and the like have no effect: concealed text is text too
            if (n >= 30 && n <= 37)
                style.foreground = 1 + quint32(n - 30);
            else if (n >= 90 && n <= 97)
                style.foreground = 9 + quint32(n - 90);
            else if (n >= 40 && n <= 47)
                style.background = 1 + quint32(n - 40);
            else if (n >= 100 && n <= 107)
                style.background = 9 + quint32(n - 100);
        }
    }
}

/// The UTF-8 character at the begin of `bytes` and its length; nothing where there is none.
std::optional<std::pair<char32_t, qsizetype>> readCharacter(QByteArrayView bytes)
{
    const auto at = [&](qsizetype i) { return quint8(bytes[i]); };
    const quint8 first = at(0);
    if (first < 0x80)
        return {{first, 1}};
    const qsizetype length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || length > bytes.size())
        return {};
    char32_t c = first & (0x7f >> length);
    for (qsizetype i = 1; i < length; ++i) {
        if ((at(i) & 0xc0) != 0x80)
            return {};
        c = c << 6 | (at(i) & 0x3f);
    }
    const char32_t least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
    if (c < least || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        return {};
    return {{c, length}};
}

/// What is written between two carriage returns.
struct Stretch {
    QString text;
    std::vector<AnsiSpan> spans;
    bool erases = false;  ///< nothing of earlier stretches is seen
    qsizetype blanks = 0; ///< so many at its begin were erased

    void add(const QString &more, const AnsiStyle &style)
    {
        if (style != AnsiStyle()) {
            if (!spans.empty() && spans.back().style == style
                && spans.back().start + spans.back().length == text.size())
                spans.back().length += more.size();
            else
                spans.push_back({text.size(), more.size(), style});
        }
        text += more;
    }
    void addEscape(const QString &escape, AnsiStyle style)
    {
        style.flags |= AnsiStyle::Escape;
        add(escape, style);
    }
    /// All of it becomes blank. What was so before is not gone through again.
    void blank()
    {
        const QString tabs(blanks % 8, QLatin1Char(' '));
        const int more = CellText(tabs + text.sliced(blanks)).columns() - int(tabs.size());
        text.truncate(blanks);
        text += QString(more, QLatin1Char(' '));
        blanks = text.size();
        spans.clear();
    }
};

/// Puts the part of a stretch that later ones leave to be seen behind them.
void addRest(AnsiLine &line, const Stretch &stretch, qsizetype from)
{
    const qsizetype shift = line.text.size() - from;
    line.text += QStringView(stretch.text).sliced(from);
    for (AnsiSpan span : stretch.spans) {
        const qsizetype end = span.start + span.length;
        if (end <= from)
            continue;
        span.start = std::max(span.start, from);
        span.length = end - span.start;
        span.start += shift;
        line.spans.push_back(span);
    }
}

/// The stretches as they lie on each other, the last on top.
AnsiLine overlay(std::vector<Stretch> stretches)
{
    AnsiLine line;
    line.overwritten = std::ranges::any_of(stretches, &Stretch::erases);
    int covered = 0;
    for (auto stretch = stretches.rbegin(); stretch != stretches.rend(); ++stretch) {
        const CellText cells(stretch->text);
        if (cells.columns() > covered) {
            if (const int edge = cells.columnOf(cells.indexAt(covered)); edge < covered) {
                // Half of a wide character is seen: a blank, as a terminal has it.
                line.text += QLatin1Char(' ');
                ++covered;
            }
            addRest(line, *stretch, cells.indexAt(covered));
        }
        line.overwritten |= covered > 0 && cells.columns() > 0;
        covered = std::max(covered, cells.columns());
        if (stretch->erases)
            break;
    }
    return line;
}

bool isPlainByte(char c)
{
    return (quint8(c) >= 0x20 && quint8(c) < 0x7f) || c == '\t';
}

} // namespace

AnsiLine parseAnsi(QByteArrayView bytes, AnsiStyle &style, AnsiControls controls)
{
    const bool obey = controls == AnsiControls::Obey;
    while (obey && bytes.endsWith('\r')) // the line's own end
        bytes.chop(1);
    std::vector<Stretch> stretches(1);
    for (qsizetype i = 0; i < bytes.size();) {
        Stretch &now = stretches.back();
        qsizetype plain = i;
        while (plain < bytes.size() && isPlainByte(bytes[plain]))
            ++plain;
        if (plain > i) {
            now.add(QString::fromLatin1(bytes.sliced(i, plain - i)), style);
            i = plain;
            continue;
        }
        const QByteArrayView rest = bytes.sliced(i);
        if (rest[0] == '\r' && obey) {
            if (!now.text.isEmpty())
                stretches.emplace_back();
            ++i;
        } else if (const auto sequence = controls == AnsiControls::Literal ? std::nullopt : readSequence(rest);
                   sequence
                   && (sequence->letter == 'm' || (obey && sequence->numbers[0] != 1 && sequence->numbers[0] <= 2))) {
            if (sequence->letter == 'm') {
                apply(*sequence, style);
            } else {
                now.erases |= stretches.size() > 1;
                if (sequence->numbers[0] == 2 && !now.text.isEmpty()) {
                    now.erases = true;
                    now.blank();
                }
            }
            i += sequence->length;
        } else if (const auto character = readCharacter(rest)) {
            if (isInvisible(character->first))
                now.addEscape(visibleEscape(character->first), style);
            else
                now.add(QString::fromUcs4(&character->first, 1), style);
            i += character->second;
        } else {
            now.addEscape(visibleEscape(quint8(rest[0])), style);
            ++i;
        }
    }
    if (stretches.size() == 1)
        return {std::move(stretches[0].text), std::move(stretches[0].spans), stretches[0].erases};
    return overlay(std::move(stretches));
}

AnsiStyle styleAfter(QByteArrayView bytes, AnsiStyle style)
{
    while (!bytes.isEmpty()) {
        const auto *found = static_cast<const char *>(std::memchr(bytes.data(), esc, size_t(bytes.size())));
        if (!found)
            break;
        bytes = bytes.sliced(found - bytes.data());
        const auto sequence = readSequence(bytes);
        if (sequence && sequence->letter == 'm')
            apply(*sequence, style);
        bytes = bytes.sliced(sequence ? sequence->length : 1);
    }
    return style;
}

} // namespace openfactory
