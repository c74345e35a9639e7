// SPDX-License-Identifier: Apache-2.0
/// Makes rows for the screen of one file's change. Every byte of a change is seen: what cannot be drawn is an escape,
/// long lines take several rows, what is left out is a gap with its size, and what has no text is said in words
/// (hardening.md, B24). Pure; any thread.
#pragma once

#include "ui/widgets/celltext.h"
#include "ui/widgets/diffsource.h"
#include "ui/widgets/worddiff.h"

#include <QImage>

#include <memory>
#include <optional>

namespace openfactory {

/// A stretch of a text that the highlighter gave a style: an entry of KSyntaxHighlighting's Theme::TextStyle.
struct SyntaxSpan {
    qsizetype start = 0;
    qsizetype length = 0;
    quint8 style = 0;
    bool operator==(const SyntaxSpan &) const = default;
};

/// One line of a file, or a piece of a long one. Each list is sorted.
struct DiffText {
    CellText cells;
    std::vector<WordRange> escapes; ///< what stands for characters that would not be seen
    std::vector<WordRange> words;   ///< that are not in the line it is paired with
    std::vector<SyntaxSpan> syntax;
};

struct DiffRow {
    enum class Kind : quint8 { Context, Added, Removed, Changed, Gap, Note };
    Kind kind = Kind::Context; ///< Changed: in a split view, one line instead of another
    bool goesOn = false;       ///< a further piece of the line above
    bool spaceOnly = false;    ///< differs in white space alone, which is not to be looked at
    int oldLine = 0;           ///< from 1; 0 where the side has none
    int newLine = 0;
    int left = -1;  ///< text of the old side; in a unified view the row's only text
    int right = -1; ///< text of the new side, in a split view
    int gap = -1;   ///< which one, of a gap
};

/// Lines that are alike and not shown, before the rows of a hunk or after the last.
struct DiffGap {
    int oldLine = 0; ///< the first of them
    int newLine = 0;
    int lines = -1; ///< -1: not known yet
    QString header; ///< what function the lines after it are in, as git found it
    bool operator==(const DiffGap &) const = default;
};

/// How many lines of a gap are shown at its begin and at its end.
struct DiffOpening {
    int begin = 0;
    int end = 0;
};

/// What the view asks for.
struct DiffOptions {
    bool ignoreSpace = false;
    int context = 3; ///< lines around a change; INT_MAX: all
    bool syntax = true;
    bool operator==(const DiffOptions &) const = default;
};

/// The parts of one file's change, as they were read. `change` holds the hunks.
struct DiffParts {
    FileChange change;
    std::optional<QByteArray> oldBytes;
    std::optional<QByteArray> newBytes;
    std::vector<int> opened;          ///< gaps (numbered as without any opened) of which all is shown
    QHash<int, DiffOpening> partly{}; ///< gaps, numbered the same, of which some is
};

/// Ready to be painted.
struct DiffPresentation {
    std::vector<DiffText> texts;
    std::vector<DiffRow> unified;
    std::vector<DiffRow> split;
    std::vector<DiffGap> gaps;  ///< as numbered in DiffParts::opened
    std::vector<QString> notes; ///< texts of Note rows, which name them by `left`
    QImage oldImage, newImage;
    QString contentKey;
    int added = 0;
    int removed = 0;
    bool binary = false;
    bool nonText = false; ///< hasNonTextChange()
    bool canOpenGaps = false;
};

/// What is said of a change apart from its text: added, renamed from, mode, symlink, submodule, LFS, binary.
std::vector<QString> summaryOf(const FileChange &change);
/// Whether there is something in it that a text alone would not show.
bool hasNonTextChange(const FileChange &change);
QString contentKeyOf(const FileChange &change);
/// One letter: A, M, D, R, C, T.
QChar statusLetter(FileStatus status);

/// Without colours of syntax, which are added by addSyntax().
std::shared_ptr<DiffPresentation> present(const DiffParts &parts, const DiffOptions &options);

} // namespace openfactory
