// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/celltext.h"

#include <algorithm>
#include <utility>

namespace openfactory {

namespace {

constexpr int tabCells = 8;

bool isPlain(QStringView text)
{
    return std::ranges::all_of(text, [](QChar c) { return c.unicode() >= 0x20 && c.unicode() < 0x7f; });
}

} // namespace

int cellsOf(char32_t c)
{
    if (c < 0x300)
        return 1;
    const QChar::Category category = QChar::category(c);
    if (category == QChar::Mark_NonSpacing || category == QChar::Mark_Enclosing)
        return 0;
    // The blocks that terminals draw two cells wide.
    constexpr std::pair<char32_t, char32_t> wide[] = {
        {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x4dbf},   {0x4e00, 0xa4cf},   {0xa960, 0xa97c},
        {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
        {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
    };
    return std::ranges::any_of(wide, [c](const auto &range) { return c >= range.first && c <= range.second; }) ? 2 : 1;
}

CellText::CellText(QString text) : m_text(std::move(text))
{
    if (isPlain(m_text))
        return;
    m_columns.reserve(size_t(m_text.size()) + 1);
    int column = 0, base = 0; ///< of the next character, of the last that was not a combining one
    for (qsizetype i = 0; i < m_text.size(); ++i) {
        char32_t c = m_text[i].unicode();
        const bool pair = m_text[i].isHighSurrogate() && i + 1 < m_text.size() && m_text[i + 1].isLowSurrogate();
        if (pair)
            c = QChar::surrogateToUcs4(m_text[i], m_text[i + 1]);
        const int cells = c == U'\t' ? tabCells - column % tabCells : cellsOf(c);
        base = cells > 0 ? column : base;
        m_columns.insert(m_columns.end(), pair ? 2 : 1, base);
        i += pair ? 1 : 0;
        column += cells;
    }
    m_columns.push_back(column);
}

int CellText::columnOf(qsizetype index) const
{
    index = std::clamp<qsizetype>(index, 0, m_text.size());
    return m_columns.empty() ? int(index) : m_columns[size_t(index)];
}

qsizetype CellText::indexAt(int column) const
{
    if (column >= columns())
        return m_text.size();
    if (column <= 0)
        return 0;
    if (m_columns.empty())
        return column;
    // The first index that begins at the last edge not after the column: its combining characters follow it.
    const auto after = std::upper_bound(m_columns.begin(), m_columns.end(), column);
    return std::lower_bound(m_columns.begin(), after, *std::prev(after)) - m_columns.begin();
}

} // namespace openfactory
