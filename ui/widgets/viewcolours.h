// SPDX-License-Identifier: Apache-2.0
/// The colours of the log and the diff: one small table for light and one for dark, chosen by the palette. Each
/// text colour has a contrast of at least 4.5 : 1 on each ground it may stand on, each sign one of 3 : 1 (tested).
#pragma once

#include "ui/widgets/ansi.h"

#include <QColor>
#include <QHash>
#include <QPalette>

#include <array>

namespace openfactory {

enum class ViewRole {
    Ground, ///< behind text
    Text,   //
    Faint,  ///< line numbers, times, what is said by the view itself
    GutterGround,
    CurrentGround, ///< the line of the cursor
    HeaderGround,  ///< of a file, a gap, a fold
    MatchGround,
    FoundGround, ///< the match gone to
    Error,       //
    Warning,
    Link,
    Mark,
    EscapeText, ///< what stands for a character that would not be seen
    EscapeGround,
    AddedGround,
    AddedWordGround,
    AddedSign,
    RemovedGround,
    RemovedWordGround,
    RemovedSign,
    Last
};

/// One thread at a time.
class ViewColours {
public:
    explicit ViewColours(const QPalette &palette);

    bool isDark() const { return m_dark; }
    QColor operator[](ViewRole role) const { return QColor::fromRgb(m_colours[size_t(role)]); }
    /// readable(), remembered: a line may have thousands of colours. GUI thread.
    QColor onGround(const QColor &colour, const QColor &ground) const;

private:
    std::array<QRgb, size_t(ViewRole::Last)> m_colours;
    bool m_dark = false;
    mutable QHash<quint64, QRgb> m_readable; ///< by colour and ground
};

/// 1 to 21, as WCAG 2 counts it.
qreal contrast(const QColor &a, const QColor &b);
/// The colour, made lighter or darker until it can be read on the ground.
QColor readable(const QColor &colour, const QColor &ground, qreal least = 4.5);
/// A colour of ansi.h (not 0) as it is, not yet made readable.
QColor ansiColour(quint32 colour);

/// How a terminal's style is seen on a ground, with a text that can be read; `under` is invalid where it is the ground.
struct StyleColours {
    QColor text;
    QColor under;
};
StyleColours coloursOf(const AnsiStyle &style, const ViewColours &colours, const QColor &ground);

} // namespace openfactory
