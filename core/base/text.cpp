// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"

#include <QCryptographicHash>
#include <QStringDecoder>

#include <algorithm>
#include <utility>

namespace openfactory {

namespace {

/// A byte order mark is a character like any other, and nothing is carried from one call to the next.
constexpr auto kExactly = QStringDecoder::Flag::Stateless | QStringDecoder::Flag::ConvertInitialBom;

QString escape(const QString &text, bool keepLines)
{
    QString out;
    out.reserve(text.size());
    for (const char32_t c : text.toUcs4()) {
        if (keepLines && (c == U'\n' || c == U'\t')) {
            out += QChar(c);
        } else if (c == U'\n') {
            out += QStringLiteral("\\n");
        } else if (c == U'\t') {
            out += QStringLiteral("\\t");
        } else if (c == U'\r') {
            out += QStringLiteral("\\r");
        } else if (isInvisible(c)) {
            out += visibleEscape(c);
        } else {
            out += QString::fromUcs4(&c, 1);
        }
    }
    return out;
}

} // namespace

bool isInvisible(char32_t c)
{
    if (c < 0x20 || (c >= 0x7f && c < 0xa0))
        return true;
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format: // bidi overrides, zero width, tags
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph: return true;
    case QChar::Separator_Space: return c != U' '; // looks like a space, compares like none
    default: break;
    }
    // Letters, marks and symbols that are drawn as nothing: fillers, joiners, selectors of a glyph's variant.
    constexpr std::pair<char32_t, char32_t> nothings[] = {
        {0x034f, 0x034f}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},   {0x2800, 0x2800},
        {0x3164, 0x3164}, {0xfe00, 0xfe0f}, {0xffa0, 0xffa0}, {0xe0100, 0xe01ef},
    };
    return std::ranges::any_of(nothings, [c](const auto &range) { return c >= range.first && c <= range.second; });
}

QString visibleEscape(char32_t c)
{
    return c < 0x100 ? QStringLiteral("\\x%1").arg(uint(c), 2, 16, QLatin1Char('0'))
                     : QStringLiteral("\\u%1").arg(uint(c), 4, 16, QLatin1Char('0'));
}

QString displayable(const QString &text)
{
    return escape(text, false);
}

QString displayableLines(const QString &text)
{
    return escape(text, true);
}

QString displayPath(const QByteArray &bytes)
{
    QStringDecoder whole(QStringDecoder::Utf8, kExactly);
    const QString text = whole.decode(bytes);
    if (!whole.hasError())
        return displayable(text);
    QString out;
    for (qsizetype i = 0; i < bytes.size();) {
        // The longest valid sequence at i is at most four bytes; what starts none is shown as a byte.
        bool taken = false;
        for (qsizetype length = 1; length <= 4 && i + length <= bytes.size() && !taken; ++length) {
            QStringDecoder decoder(QStringDecoder::Utf8, kExactly);
            const QString part = decoder.decode(bytes.sliced(i, length));
            if (!decoder.hasError() && !part.isEmpty()) {
                out += displayable(part);
                i += length;
                taken = true;
            }
        }
        if (!taken)
            out += QStringLiteral("\\x%1").arg(uint(quint8(bytes[i++])), 2, 16, QLatin1Char('0'));
    }
    return out;
}

QByteArray sha256Hex(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QString counted(qint64 number, const QString &one)
{
    QString name = one;
    if (number != 1)
        name = one.endsWith(u'y') ? QString(one.chopped(1) + QStringLiteral("ies")) : QString(one + u's');
    return QString::number(number) + u' ' + name;
}

QString durationText(qint64 milliseconds)
{
    if (milliseconds < 1000)
        return QStringLiteral("%1 ms").arg(milliseconds);
    if (milliseconds < 60'000)
        return QStringLiteral("%1.%2 s").arg(milliseconds / 1000).arg(milliseconds / 100 % 10);
    const qint64 seconds = milliseconds / 1000;
    if (seconds < 3600)
        return QStringLiteral("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    return QStringLiteral("%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60);
}

} // namespace openfactory
