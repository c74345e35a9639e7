// SPDX-License-Identifier: Apache-2.0
/// What a terminal would show of one line of a log, without its powers (hardening.md, B26). Understood are:
///
///   ESC [ n ; n ... m      colours (16, 256, 24 bit) and styles
///   ESC [ K, 0 K, 2 K      what earlier carriage returns left to be seen is gone
///   CR                     what follows is written over the line from its first cell
///   TAB
///
/// Everything else that is not drawn (other escape sequences, controls, bidirectional and zero-width characters, bytes
/// that are no UTF-8) is shown as a visible escape such as \x1b and marked as one. Any thread; no state but the style.
#pragma once

#include <QByteArrayView>
#include <QString>

#include <vector>

namespace openfactory {

/// How characters look. A colour is 0 for the view's own, 1 + n for entry n of the 256, or ansiRgb | 0xrrggbb.
struct AnsiStyle {
    enum Flag : quint8 { Bold = 1, Faint = 2, Italic = 4, Underline = 8, Inverse = 16, Strike = 32, Escape = 64 };
    quint32 foreground = 0;
    quint32 background = 0;
    quint8 flags = 0;
    bool operator==(const AnsiStyle &) const = default;
};
inline constexpr quint32 ansiRgb = 0x01000000;

struct AnsiSpan {
    qsizetype start = 0;
    qsizetype length = 0;
    AnsiStyle style;
    bool operator==(const AnsiSpan &) const = default;
};

struct AnsiLine {
    QString text;
    std::vector<AnsiSpan> spans; ///< sorted, apart; only where the style is not the view's own
    bool overwritten = false;    ///< a carriage return or an erase hides a part of what was written
};

enum class AnsiControls { Obey, Show, Literal };

/// `bytes` is one line without its line feed, or a part of one. `style` comes from what was before and is left as what
/// follows begins with. With Show, carriage returns and erases are shown as escapes too, so that nothing is hidden;
/// with Literal, colours as well: the text of a file, in which a sequence means nothing.
AnsiLine parseAnsi(QByteArrayView bytes, AnsiStyle &style, AnsiControls controls = AnsiControls::Obey);
/// The style after `bytes`, of which nothing is shown.
AnsiStyle styleAfter(QByteArrayView bytes, AnsiStyle style = {});

} // namespace openfactory
