// SPDX-License-Identifier: Apache-2.0
/// What standard output is, and how wide text is on it. Main thread; asks each time, as a window changes its size.
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace openfactory::cli {

/// Standard output is a terminal.
bool isTerminal();
/// It is one that can rewrite a line: a terminal whose TERM is not "dumb".
bool canRewrite();
/// Colours are wanted: canRewrite(), and NO_COLOR is empty.
bool wantsColours();
/// Columns of the terminal; 0 where there is none or it does not say.
int terminalColumns();

/// Columns that the text takes on a terminal; for text without control characters.
int columnsOf(const QString &text);
/// The text with spaces behind it up to so many columns; as it is when it is wider.
QString padded(const QString &text, int columns);
/// The text, cut with "…" so that it takes at the most so many columns. 0: as it is.
QString elided(const QString &text, int columns);
/// The name of a verdict or a state in its colour, where colours are wanted.
QString coloured(const QString &name, const QString &shown);

/// Columns aligned by spaces; cells are made displayable. `columns`: no line gets wider than this, its end is cut;
/// 0: no bound.
QString tableText(const std::vector<QStringList> &rows, int columns = 0);

} // namespace openfactory::cli
