// SPDX-License-Identifier: Apache-2.0
#include "core/security/encodings.h"

#include <QStringDecoder>

#include <algorithm>
#include <functional>

namespace openfactory {

namespace {

using Forms = std::vector<QByteArray>;

void addForm(Forms &forms, const QByteArray &form)
{
    if (std::ranges::find(forms, form) == forms.end())
        forms.push_back(form);
}

QByteArray replaceEach(const QByteArray &value, const std::function<QByteArray(char)> &form)
{
    QByteArray out;
    for (const char c : value)
        out += form(c);
    return out;
}

bool isControl(char c)
{
    return quint8(c) < 0x20 || c == 0x7f;
}
bool isHigh(char c)
{
    return quint8(c) >= 0x80;
}

QByteArray number(uint value, int base, int width, bool upper)
{
    const QByteArray digits = QByteArray::number(value, base).rightJustified(width, '0');
    return upper ? digits.toUpper() : digits;
}

void addBase64(Forms &forms, const QByteArray &value)
{
    for (const auto alphabet : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding}) {
        for (int before = 0; before < 3; ++before) {
            // What stands before the value shares its first character, what follows shares its last: both are left off.
            const QByteArray encoded = QByteArray(QByteArray(before, 'x') + value).toBase64(alphabet);
            const qsizetype from = before == 0 ? 0 : before + 1;
            const qsizetype to = (before + value.size()) * 8 / 6;
            addForm(forms, encoded.sliced(from, to - from));
        }
    }
}

void addBase32(Forms &forms, const QByteArray &value)
{
    for (int before = 0; before < 5; ++before) {
        // As with base64, without the characters that hold bits of a neighbour.
        QByteArray bits(before * 8, '0');
        for (const char c : value)
            bits += number(quint8(c), 2, 8, false);
        QByteArray encoded;
        for (qsizetype at = (before * 8 + 4) / 5 * 5; at + 5 <= bits.size(); at += 5)
            encoded += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[bits.sliced(at, 5).toInt(nullptr, 2)];
        addForm(forms, encoded);
        addForm(forms, encoded.toLower());
    }
}

/// Every byte, or every UTF-16 unit, as a number: dumps with separators, and text in which all is escaped.
void addNumbers(Forms &forms, const QByteArray &value)
{
    const QString units = QString::fromUtf8(value);
    for (const bool upper : {false, true}) {
        const auto joined = [&](const auto &all, QByteArrayView before, int width, QByteArrayView between) {
            QByteArray out;
            for (const auto one : all) {
                if (!out.isEmpty())
                    out += between;
                if constexpr (std::is_same_v<decltype(one), const QChar>)
                    out += before + number(one.unicode(), 16, width, upper);
                else
                    out += before + number(quint8(one), 16, width, upper);
            }
            addForm(forms, out);
        };
        for (const QByteArrayView between : {":", " ", "-", ", ", ","}) {
            joined(value, "", 2, between);
            joined(value, "0x", 2, between);
        }
        joined(value, "", 2, "\n"); // one a line
        joined(value, "\\x", 2, "");
        joined(value, "%", 2, "");
        joined(units, "\\u", 4, "");
        joined(units, "&#x", 2, ";");
        joined(units, "&#x", 4, ";");
        joined(units, "&#X", 2, ";");
    }
    QByteArray decimal, octal;
    for (const QChar unit : units)
        decimal += (decimal.isEmpty() ? "&#" : ";&#") + QByteArray::number(unit.unicode());
    addForm(forms, decimal);
    for (const char c : value)
        octal += '\\' + number(quint8(c), 8, 3, false);
    addForm(forms, octal);
    for (const char *between : {", ", ",", " "}) { // a list of bytes
        QByteArrayList list;
        for (const char c : value)
            list << QByteArray::number(quint8(c));
        addForm(forms, list.join(between));
    }
    for (const int group : {2, 4, 8}) { // xxd and its like; the first group may have begun before the value
        for (int before = 0; before < group; ++before) {
            QByteArray dump;
            for (qsizetype i = 0; i < value.size(); ++i) {
                if (i > 0 && (i + before) % group == 0)
                    dump += ' ';
                dump += number(quint8(value[i]), 16, 2, false);
            }
            addForm(forms, dump);
        }
    }
    addBase64(forms, QByteArray(reinterpret_cast<const char *>(units.utf16()), units.size() * 2)); // of Windows' shells
}

/// Everything but letters and digits as a number, as escapers do that go by a list of what is safe.
void addUnsafe(Forms &forms, const QByteArray &value)
{
    const auto escaped = [&](const std::function<QByteArray(uint)> &one) {
        QByteArray out;
        for (const QChar unit : QString::fromUtf8(value)) {
            const char16_t c = unit.unicode();
            const bool safe = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            out += safe ? QByteArray(1, char(c)) : one(c);
        }
        addForm(forms, out);
    };
    for (const bool upper : {false, true}) {
        escaped([&](uint c) -> QByteArray { return "\\x" + number(c, 16, 2, upper); });
        escaped([&](uint c) -> QByteArray { return "\\u" + number(c, 16, 4, upper); });
        escaped([&](uint c) -> QByteArray { return "\\u{" + number(c, 16, 1, upper) + '}'; });
        escaped([&](uint c) -> QByteArray { return "&#x" + number(c, 16, 1, upper) + ';'; });
        escaped([&](uint c) -> QByteArray { return "%u" + number(c, 16, 4, upper); });
    }
    escaped([](uint c) -> QByteArray { return "&#" + QByteArray::number(c) + ';'; });
    // .NET's JSON leaves the marks of ordinary sentences alone.
    addForm(forms, replaceEach(value, [](char c) -> QByteArray {
                if (c == '\\')
                    return "\\\\";
                return QByteArrayView("\"&'+<>`").contains(c) ? QByteArray("\\u" + number(quint8(c), 16, 4, true))
                                                              : QByteArray(1, c);
            }));
}

void addPercent(Forms &forms, const QByteArray &value)
{
    // What is left as it is: RFC 3986, Python's quote, JavaScript's encodeURIComponent and encodeURI.
    for (const QByteArrayView kept : {"-._~", "-._~/", "-._~!*'()", "-._~!*'();,/?:@&=+$#"}) {
        for (const bool upper : {true, false}) {
            for (const bool plus : {false, true}) {
                addForm(forms, replaceEach(value, [&](char c) -> QByteArray {
                            const bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
                                                || (c >= 'a' && c <= 'z');
                            if (letter || kept.contains(c))
                                return QByteArray(1, c);
                            return plus && c == ' ' ? QByteArray("+") : '%' + number(quint8(c), 16, 2, upper);
                        }));
            }
        }
    }
}

struct JsonStyle {
    bool slash = false; ///< "/" as "\/" (PHP)
    bool html = false;  ///< < > & ' as \u00XX (Go, Rails)
    bool ascii = false; ///< beyond ASCII as \uXXXX (Python, PHP)
    bool upper = false;
};

QByteArray jsonEscaped(const QByteArray &value, const JsonStyle &style)
{
    const auto unicode = [&](uint unit) -> QByteArray { return "\\u" + number(unit, 16, 4, style.upper); };
    const auto escape = [&](char c) -> QByteArray {
        switch (c) {
        case '"': return "\\\"";
        case '\\': return "\\\\";
        case '\n': return "\\n";
        case '\r': return "\\r";
        case '\t': return "\\t";
        case '\b': return "\\b";
        case '\f': return "\\f";
        case '/': return style.slash ? "\\/" : "/";
        default: break;
        }
        if (quint8(c) < 0x20 || (style.html && (c == '<' || c == '>' || c == '&' || c == '\'')))
            return unicode(quint8(c));
        return QByteArray(1, c);
    };
    if (!style.ascii)
        return replaceEach(value, escape);
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder.decode(value);
    if (decoder.hasError())
        return value; // no JSON holds it as text
    QByteArray out;
    for (const QChar c : text)
        out += c.unicode() < 0x80 ? escape(char(c.unicode())) : unicode(c.unicode());
    return out;
}

void addJson(Forms &forms, const QByteArray &value)
{
    for (int bits = 0; bits < 16; ++bits) {
        const JsonStyle style{bool(bits & 1), bool(bits & 2), bool(bits & 4), bool(bits & 8)};
        const QByteArray once = jsonEscaped(value, style);
        addForm(forms, once);
        addForm(forms, jsonEscaped(once, style)); // JSON inside of JSON
    }
}

void addXml(Forms &forms, const QByteArray &value)
{
    for (const QByteArrayView quote : {"\"", "&quot;", "&#34;"}) {
        for (const QByteArrayView apostrophe : {"'", "&apos;", "&#39;", "&#x27;"}) {
            addForm(forms, replaceEach(value, [&](char c) -> QByteArray {
                        switch (c) {
                        case '&': return "&amp;";
                        case '<': return "&lt;";
                        case '>': return "&gt;";
                        case '"': return quote.toByteArray();
                        case '\'': return apostrophe.toByteArray();
                        default: return QByteArray(1, c);
                        }
                    }));
        }
    }
}

void addShell(Forms &forms, const QByteArray &value)
{
    addForm(forms, QByteArray(value).replace('\'', "'\\''"));
    addForm(forms, QByteArray(value).replace('\'', "'\"'\"'"));
    addForm(forms, replaceEach(value, [](char c) -> QByteArray { // inside double quotes
                return QByteArrayView("$`\"\\").contains(c) ? QByteArray("\\") + c : QByteArray(1, c);
            }));
    for (const QByteArrayView plain :
         {"_-./:=@%+,", "_-./:=@%+,^~#{}", "_-./"}) { // printf %q of bash and zsh, shlex-like
        addForm(forms, replaceEach(value, [&](char c) -> QByteArray {
                    const bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
                    return letter || plain.contains(c) || isHigh(c) || isControl(c) ? QByteArray(1, c)
                                                                                    : QByteArray("\\") + c;
                }));
    }
}

/// C, Python's repr, Go's %q and the $'...' of a shell: which quotes are escaped, numbers in hex or octal, bytes beyond
/// ASCII or not.
void addBackslash(Forms &forms, const QByteArray &value)
{
    for (const QByteArrayView quotes : {"", "'", "\"", "'\""}) {
        for (const bool hex : {true, false}) {
            for (const bool high : {true, false}) {
                addForm(forms, replaceEach(value, [&](char c) -> QByteArray {
                            switch (c) {
                            case '\\': return "\\\\";
                            case '\n': return "\\n";
                            case '\r': return "\\r";
                            case '\t': return "\\t";
                            default: break;
                            }
                            if (quotes.contains(c))
                                return QByteArray("\\") + c;
                            if (isControl(c) || (high && isHigh(c)))
                                return QByteArray(hex ? "\\x" : "\\")
                                       + number(quint8(c), hex ? 16 : 8, hex ? 2 : 3, false);
                            return QByteArray(1, c);
                        }));
            }
        }
    }
}

} // namespace

std::vector<QByteArray> encodingsOf(const QByteArray &value, bool numbersToo)
{
    Forms forms{value};
    addBase64(forms, value);
    addForm(forms, value.toHex());
    addForm(forms, value.toHex().toUpper());
    addBase32(forms, value);
    if (numbersToo) {
        addNumbers(forms, value);
        addUnsafe(forms, value);
    }
    addPercent(forms, value);
    addJson(forms, value);
    addXml(forms, value);
    addShell(forms, value);
    addBackslash(forms, value);
    return forms;
}

} // namespace openfactory
