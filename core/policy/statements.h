// SPDX-License-Identifier: Apache-2.0
/// The statements of a piece of a source as a hunk shows it: which bytes are code, string or comment, which lines form
/// one statement, what encloses it. Works on the new side (context and added lines). A hunk may start inside of a
/// string, a comment or a block: then the best guess is made from what is seen. Pure; any thread; linear in the text.
#pragma once

#include "core/base/lexis.h"
#include "core/domain/git.h"

#include <QString>

#include <vector>

namespace openfactory {

/// One physical line of the new side.
struct SourceLine {
    int number = 0;
    bool added = false;
    QByteArray text;
};

/// One statement: a line, or several that brackets, backslashes or a string join. The three texts have the same
/// length and are joined by line feeds, as Latin-1 (bytes one to one); indentation is taken off the start.
struct Statement {
    std::vector<SourceLine> lines;
    std::vector<qsizetype> offsets; ///< where each line starts in the texts
    QString all;
    QString kinds;  ///< for each character: 'c' code, 's' inside of a string, '#' comment, '"' delimiter of a string
    int indent = 0; ///< columns; a tab goes to the next multiple of 8
    std::vector<int> enclosing; ///< indexes of the statements that start the blocks around it, outermost first; -1: the
                                ///< hunk's header
    bool hasCode() const { return kinds.contains(u'c') || kinds.contains(u'"'); }
};

/// Longer lines are read as blanks: nobody wrote them by hand.
inline constexpr qsizetype mostLineBytes = 4000;

std::vector<Statement> statementsOf(const DiffHunk &hunk, const Lexis &lexis);

} // namespace openfactory
