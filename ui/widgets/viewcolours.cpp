// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/viewcolours.h"

#include <algorithm>
#include <cmath>

namespace openfactory {

namespace {

struct Row {
    ViewRole role;
    QRgb light;
    QRgb dark;
};

constexpr Row table[] = {
    {ViewRole::Ground, 0xffffffff, 0xff1b1e20},
    {ViewRole::Text, 0xff1f2328, 0xffe6e6e6},
    {ViewRole::Faint, 0xff57606a, 0xffa6adb4},
    {ViewRole::GutterGround, 0xfff3f4f6, 0xff25292c},
    {ViewRole::CurrentGround, 0xffe9f1fb, 0xff2a3440},
    {ViewRole::HeaderGround, 0xffe8ebef, 0xff2f353a},
    {ViewRole::MatchGround, 0xfffff0a8, 0xff574a12},
    {ViewRole::FoundGround, 0xffffc46b, 0xff7a4a00},
    {ViewRole::Error, 0xffae1424, 0xffff8f8f},
    {ViewRole::Warning, 0xff7a4d00, 0xfff2b84b},
    {ViewRole::Link, 0xff0550ae, 0xff79b8ff},
    {ViewRole::Mark, 0xff6639ba, 0xffc9a6ff},
    {ViewRole::EscapeText, 0xff8a1252, 0xffffa3d1},
    {ViewRole::EscapeGround, 0xfffbe6f1, 0xff46253a},
    {ViewRole::AddedGround, 0xffe3f6e6, 0xff16301d},
    {ViewRole::AddedWordGround, 0xffb4e6bd, 0xff225a30},
    {ViewRole::AddedSign, 0xff10672a, 0xff7ee29a},
    {ViewRole::RemovedGround, 0xfffdeaea, 0xff3a1a1d},
    {ViewRole::RemovedWordGround, 0xfff7c3c6, 0xff6b2a2f},
    {ViewRole::RemovedSign, 0xffa01222, 0xffff9a9a},
};
static_assert(std::size(table) == size_t(ViewRole::Last));

constexpr QRgb sixteen[] = {0xff000000, 0xffc01c28, 0xff26a269, 0xffa2734c, 0xff2a6fd6, 0xffa347ba,
                            0xff2aa1b3, 0xffcfcfcf, 0xff5e5c64, 0xfff66151, 0xff33d17a, 0xffe9ad0c,
                            0xff5b9cf5, 0xffc061cb, 0xff33c7de, 0xffffffff};

constexpr qsizetype rememberMost = 4096;

qreal luminance(const QColor &colour)
{
    const auto linear = [](qreal c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

qreal contrast(const QColor &a, const QColor &b)
{
    const qreal one = luminance(a), two = luminance(b);
    return (std::max(one, two) + 0.05) / (std::min(one, two) + 0.05);
}

QColor readable(const QColor &colour, const QColor &ground, qreal least)
{
    QColor found = colour;
    // Towards the end that is farther from the ground; it gives at least 4.58 : 1 on any ground.
    const bool lighter = contrast(Qt::white, ground) >= contrast(Qt::black, ground);
    for (int step = 1; step <= 20 && contrast(found, ground) < least; ++step) {
        const qreal part = step / 20.0;
        const qreal end = lighter ? 1 : 0;
        const auto mix = [&](float c) { return float(c + (end - c) * part); };
        // As it will be painted, in eight bits, so that rounding takes nothing away afterwards.
        found = QColor::fromRgb(QColor::fromRgbF(mix(colour.redF()), mix(colour.greenF()), mix(colour.blueF())).rgb());
    }
    return found;
}

QColor ansiColour(quint32 colour)
{
    if (colour & ansiRgb)
        return QColor::fromRgb(QRgb(colour));
    const int entry = int(colour) - 1;
    if (entry < 16)
        return QColor::fromRgb(sixteen[std::max(entry, 0)]);
    if (entry >= 232)
        return {8 + 10 * (entry - 232), 8 + 10 * (entry - 232), 8 + 10 * (entry - 232)};
    const auto level = [](int n) { return n == 0 ? 0 : 55 + 40 * n; };
    return {level((entry - 16) / 36), level((entry - 16) / 6 % 6), level((entry - 16) % 6)};
}

ViewColours::ViewColours(const QPalette &palette)
    : m_dark(luminance(palette.color(QPalette::Base)) < luminance(palette.color(QPalette::Text)))
{
    for (const Row &row : table)
        m_colours[size_t(row.role)] = m_dark ? row.dark : row.light;
}

QColor ViewColours::onGround(const QColor &colour, const QColor &ground) const
{
    if (m_readable.size() > rememberMost)
        m_readable.clear();
    const quint64 key = quint64(colour.rgb()) << 32 | ground.rgb();
    auto at = m_readable.find(key);
    if (at == m_readable.end())
        at = m_readable.insert(key, readable(colour, ground).rgb());
    return QColor::fromRgb(*at);
}

StyleColours coloursOf(const AnsiStyle &style, const ViewColours &colours, const QColor &ground)
{
    if (style.flags & AnsiStyle::Escape)
        return {colours[ViewRole::EscapeText], colours[ViewRole::EscapeGround]};
    quint32 fore = style.foreground;
    if ((style.flags & AnsiStyle::Bold) && fore >= 1 && fore <= 8)
        fore += 8; // as terminals do
    const bool inverse = style.flags & AnsiStyle::Inverse;
    QColor text = fore ? ansiColour(fore) : colours[ViewRole::Text];
    QColor under = style.background ? ansiColour(style.background) : ground;
    if (inverse)
        std::swap(text, under);
    if (style.flags & AnsiStyle::Faint)
        text = colours[ViewRole::Faint];
    return {colours.onGround(text, under), style.background || inverse ? under : QColor()};
}

} // namespace openfactory
