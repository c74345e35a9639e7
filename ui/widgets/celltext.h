// SPDX-License-Identifier: Apache-2.0
/// A line of text on a grid of equal cells, laid out as a terminal does: left to right whatever the script, two cells
/// for wide characters, none for combining ones, tab stops at each eighth cell. So every place in a line has a column
/// that needs no font, and no character can move its neighbours.
#pragma once

#include <QString>

#include <vector>

namespace openfactory {

/// How many cells a character takes: 0, 1 or 2.
int cellsOf(char32_t c);

/// A value; any thread.
class CellText {
public:
    CellText() = default;
    explicit CellText(QString text);

    const QString &text() const { return m_text; }
    qsizetype size() const { return m_text.size(); }
    /// Width of the whole line in cells.
    int columns() const { return m_columns.empty() ? int(m_text.size()) : m_columns.back(); }
    /// Left edge of the character at an index; the line's width for its end.
    int columnOf(qsizetype index) const;
    /// The character that covers a cell; size() for cells beyond the end.
    qsizetype indexAt(int column) const;

private:
    QString m_text;
    std::vector<int> m_columns; ///< of each index and of the end; empty where every character is one cell
};

} // namespace openfactory
