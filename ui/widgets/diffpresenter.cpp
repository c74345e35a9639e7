// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/diffpresenter.h"

#include "core/base/text.h"
#include "ui/widgets/ansi.h"

#include <QCoreApplication>
#include <QCryptographicHash>

#include <algorithm>

namespace openfactory {

namespace {

constexpr qsizetype pieceMost = 8 * 1024; ///< bytes of a line on one row
constexpr qint64 spaceTableMost = 1'000'000;
constexpr int linkMode = 0120000, moduleMode = 0160000, folderBits = 0170000;

/// What is said of changes; a class, so that the translator's tools find its texts.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(openfactory::DiffPresenter)
};

/// A line of the change before it becomes rows.
struct Line {
    DiffRow::Kind kind = DiffRow::Kind::Context;
    int oldLine = 0;
    int newLine = 0;
    QByteArrayView bytes;
    bool spaceOnly = false;
    int gap = -1;
    std::optional<WordChanges> words; ///< with the line it is paired with
    int pair = -1;                    ///< index of that line
};

std::vector<QByteArrayView> linesOf(QByteArrayView bytes)
{
    std::vector<QByteArrayView> lines;
    while (!bytes.isEmpty()) {
        const qsizetype end = bytes.indexOf('\n');
        lines.push_back(end < 0 ? bytes : bytes.first(end));
        bytes = end < 0 ? QByteArrayView() : bytes.sliced(end + 1);
    }
    return lines;
}

/// The line without what "ignore white space" does not look at.
QByteArray withoutSpace(QByteArrayView line)
{
    QByteArray text;
    for (const char c : line) {
        if (c != ' ' && c != '\t' && c != '\r' && c != '\v' && c != '\f')
            text += c;
    }
    return text;
}

QStringList asTexts(const std::vector<Line> &lines, size_t from, size_t to)
{
    QStringList texts;
    for (size_t i = from; i < to; ++i)
        texts << QString::fromLatin1(withoutSpace(lines[i].bytes));
    return texts;
}

/// Lines [removed, added) were taken out and [added, end) put in: those that differ in white space alone become
/// context, on the side of the new text.
void foldSpaceChanges(std::vector<Line> &lines, size_t removed, size_t added, size_t end)
{
    const auto pairs = commonOf(asTexts(lines, removed, added), asTexts(lines, added, end), spaceTableMost);
    if (pairs.empty())
        return;
    std::vector<Line> folded;
    size_t left = removed, right = added;
    const auto upTo = [&](size_t stopLeft, size_t stopRight) {
        folded.insert(folded.end(), lines.begin() + qsizetype(left), lines.begin() + qsizetype(stopLeft));
        folded.insert(folded.end(), lines.begin() + qsizetype(right), lines.begin() + qsizetype(stopRight));
    };
    for (const auto &[a, b] : pairs) {
        upTo(removed + size_t(a), added + size_t(b));
        left = removed + size_t(a);
        right = added + size_t(b);
        Line both = lines[right];
        both.kind = DiffRow::Kind::Context;
        both.oldLine = lines[left].oldLine;
        both.spaceOnly = lines[left].bytes != lines[right].bytes;
        folded.push_back(both);
        ++left;
        ++right;
    }
    upTo(added, end);
    lines.erase(lines.begin() + qsizetype(removed), lines.begin() + qsizetype(end));
    lines.insert(lines.begin() + qsizetype(removed), folded.begin(), folded.end());
}

/// For each run of removed lines followed by added ones.
template<class Visit>
void eachChange(std::vector<Line> &lines, Visit visit)
{
    for (size_t i = lines.size(); i-- > 0;) { // from behind, so that a visit may change what follows
        const size_t end = i + 1;
        if (lines[i].kind != DiffRow::Kind::Added && lines[i].kind != DiffRow::Kind::Removed)
            continue;
        size_t added = end;
        while (added > 0 && lines[added - 1].kind == DiffRow::Kind::Added)
            --added;
        size_t removed = added;
        while (removed > 0 && lines[removed - 1].kind == DiffRow::Kind::Removed)
            --removed;
        i = std::min(removed, i);
        visit(removed, added, end);
    }
}

/// Makes the texts and rows of lines.
class Builder {
public:
    explicit Builder(DiffPresentation &made) : m_made(made) {}

    void note(const QString &text)
    {
        DiffRow row;
        row.kind = DiffRow::Kind::Note;
        row.left = int(m_made.notes.size());
        m_made.notes.push_back(text);
        m_made.unified.push_back(row);
        m_made.split.push_back(row);
    }
    void build(const std::vector<Line> &lines)
    {
        for (size_t i = 0; i < lines.size(); ++i) {
            const Line &line = lines[i];
            if (line.kind == DiffRow::Kind::Gap) {
                DiffRow row;
                row.kind = line.kind;
                row.gap = line.gap;
                m_made.unified.push_back(row);
                m_made.split.push_back(row);
            } else if (line.kind == DiffRow::Kind::Note) {
                note(displayPath(line.bytes.toByteArray()));
            } else if (line.kind == DiffRow::Kind::Context) {
                const auto texts = textsOf(line);
                unified(line, texts);
                split(line, texts, &line, texts);
            } else {
                size_t added = i;
                while (added < lines.size() && lines[added].kind == DiffRow::Kind::Removed)
                    ++added;
                size_t end = added;
                while (end < lines.size() && lines[end].kind == DiffRow::Kind::Added)
                    ++end;
                change(lines, i, added, end);
                i = end - 1;
            }
        }
    }

private:
    using Texts = std::vector<int>;

    void change(const std::vector<Line> &lines, size_t removed, size_t added, size_t end)
    {
        std::vector<Texts> texts;
        for (size_t i = removed; i < end; ++i) {
            texts.push_back(textsOf(lines[i]));
            unified(lines[i], texts.back());
        }
        for (size_t k = 0; removed + k < added || added + k < end; ++k) {
            const bool left = removed + k < added, right = added + k < end;
            split(lines[left ? removed + k : added + k], left ? texts[k] : Texts(), right ? &lines[added + k] : nullptr,
                  right ? texts[added - removed + k] : Texts());
        }
    }

    /// A text for each piece of the line.
    Texts textsOf(const Line &line)
    {
        Texts texts;
        QByteArrayView rest = line.bytes;
        const bool carriage = rest.endsWith('\r');
        if (carriage)
            rest.chop(1);
        qsizetype shown = 0; ///< characters of earlier pieces
        do {
            qsizetype take = std::min(rest.size(), pieceMost);
            for (int back = 0; take < rest.size() && back < 3 && (quint8(rest[take]) & 0xc0) == 0x80; ++back)
                --take; // not inside a character
            AnsiStyle style;
            AnsiLine parsed = parseAnsi(rest.first(take), style, AnsiControls::Literal);
            rest = rest.sliced(take);
            DiffText text;
            for (const AnsiSpan &span : parsed.spans)
                text.escapes.push_back({span.start, span.length});
            if (rest.isEmpty() && carriage) {
                text.escapes.push_back({parsed.text.size(), 1});
                parsed.text += QChar(0x240d);
            }
            if (line.words) {
                const auto &ranges = line.kind == DiffRow::Kind::Removed ? line.words->before : line.words->after;
                for (const WordRange &range : ranges) {
                    const qsizetype from = std::max<qsizetype>(0, range.start - shown);
                    const qsizetype to = std::min(parsed.text.size(), range.start + range.length - shown);
                    if (to > from)
                        text.words.push_back({from, to - from});
                }
            }
            shown += parsed.text.size();
            text.cells = CellText(std::move(parsed.text));
            texts.push_back(int(m_made.texts.size()));
            m_made.texts.push_back(std::move(text));
        } while (!rest.isEmpty());
        return texts;
    }

    void unified(const Line &line, const Texts &texts)
    {
        for (size_t i = 0; i < texts.size(); ++i) {
            DiffRow row;
            row.kind = line.kind;
            row.goesOn = i > 0;
            row.spaceOnly = line.spaceOnly;
            row.oldLine = line.oldLine;
            row.newLine = line.newLine;
            row.left = texts[i];
            m_made.unified.push_back(row);
        }
    }
    void split(const Line &line, const Texts &left, const Line *right, const Texts &rights)
    {
        for (size_t i = 0; i < std::max(left.size(), rights.size()); ++i) {
            DiffRow row;
            row.kind = line.kind == DiffRow::Kind::Context ? line.kind
                       : left.empty()                      ? DiffRow::Kind::Added
                       : rights.empty()                    ? DiffRow::Kind::Removed
                                                           : DiffRow::Kind::Changed;
            row.goesOn = i > 0;
            row.spaceOnly = line.spaceOnly;
            row.oldLine = left.empty() ? 0 : line.oldLine;
            row.newLine = right ? right->newLine : 0;
            row.left = i < left.size() ? left[i] : -1;
            row.right = i < rights.size() ? rights[i] : -1;
            m_made.split.push_back(row);
        }
    }

    DiffPresentation &m_made;
};

/// The lines of the change with its gaps, as far as they are not opened.
std::vector<Line> gather(const DiffParts &parts, const DiffOptions &options, DiffPresentation &made)
{
    std::vector<Line> lines;
    const FileChange &change = parts.change;
    const bool wholeSides = change.status == FileStatus::Added || change.status == FileStatus::Deleted
                            || change.status == FileStatus::TypeChanged;
    const std::vector<QByteArrayView> content = parts.newBytes && !wholeSides ? linesOf(*parts.newBytes)
                                                                              : std::vector<QByteArrayView>();
    const bool hasContent = parts.newBytes && !wholeSides;
    made.canOpenGaps = hasContent;
    const int extra = options.context == INT_MAX ? INT_MAX : std::max(0, options.context - 3);
    int oldNext = 1, newNext = 1;

    const auto gap = [&](int count, bool before, bool after, const QByteArray &header) {
        if (count == 0 || wholeSides)
            return;
        const int number = int(made.gaps.size());
        made.gaps.push_back({oldNext, newNext, count, displayPath(header.left(200))});
        const auto show = [&](int from, int to) {
            for (int i = from; i < to; ++i) {
                Line line;
                line.oldLine = oldNext + i;
                line.newLine = newNext + i;
                line.bytes = content[size_t(line.newLine - 1)];
                lines.push_back(line);
            }
        };
        const bool readable = hasContent && count > 0 && newNext - 1 + count <= int(content.size());
        const bool all = readable && std::ranges::find(parts.opened, number) != parts.opened.end();
        const DiffOpening asked = parts.partly.value(number);
        const auto upTo = [&](int most, bool beside, int further) {
            return !readable ? 0 : std::min(most, (beside ? std::min(count, extra) : 0) + further);
        };
        const int top = all ? count : upTo(count, before, asked.begin);
        const int bottom = upTo(count - top, after, asked.end);
        show(0, top);
        if (top + bottom < count || count < 0) {
            Line line;
            line.kind = DiffRow::Kind::Gap;
            line.gap = number;
            lines.push_back(line);
            // What is left of it.
            DiffGap &left = made.gaps.back();
            left.oldLine += top;
            left.newLine += top;
            left.lines = count < 0 ? -1 : count - top - bottom;
        }
        if (readable)
            show(count - bottom, count);
    };

    for (const DiffHunk &hunk : change.hunks) {
        const auto first = std::ranges::find_if(hunk.lines, [](const DiffLine &l) { return l.oldLine || l.newLine; });
        if (first == hunk.lines.end())
            continue;
        // Where the hunk begins on the side that its first line has.
        const int missing = first->newLine > 0 ? first->newLine - newNext : first->oldLine - oldNext;
        gap(std::max(0, missing), oldNext > 1 || newNext > 1, true, hunk.header);
        if (!wholeSides) {
            oldNext += std::max(0, missing);
            newNext += std::max(0, missing);
        }
        for (const DiffLine &from : hunk.lines) {
            Line line;
            line.oldLine = from.oldLine;
            line.newLine = from.newLine;
            line.bytes = from.text;
            line.kind = from.oldLine == 0 && from.newLine == 0 ? DiffRow::Kind::Note
                        : from.kind == DiffLine::Kind::Added   ? DiffRow::Kind::Added
                        : from.kind == DiffLine::Kind::Removed ? DiffRow::Kind::Removed
                                                               : DiffRow::Kind::Context;
            if (from.oldLine > 0)
                oldNext = from.oldLine + 1;
            if (from.newLine > 0)
                newNext = from.newLine + 1;
            lines.push_back(line);
        }
    }
    // A side that does not end in a line end has been seen to its end.
    const bool toEnd = !lines.empty() && lines.back().kind == DiffRow::Kind::Note;
    if (!change.hunks.empty() && !toEnd)
        gap(hasContent ? std::max(0, int(content.size()) - (newNext - 1)) : -1, true, false, {});
    return lines;
}

} // namespace

QChar statusLetter(FileStatus status)
{
    switch (status) {
    case FileStatus::Added: return QLatin1Char('A');
    case FileStatus::Modified: return QLatin1Char('M');
    case FileStatus::Deleted: return QLatin1Char('D');
    case FileStatus::Renamed: return QLatin1Char('R');
    case FileStatus::Copied: return QLatin1Char('C');
    case FileStatus::TypeChanged: return QLatin1Char('T');
    }
    return QLatin1Char('?');
}

namespace {

bool isPointer(const FileChange &change)
{
    static constexpr QByteArrayView begin = "version https://git-lfs.github.com/spec/v1";
    return std::ranges::any_of(change.hunks, [](const DiffHunk &hunk) {
        return std::ranges::any_of(hunk.lines, [](const DiffLine &line) { return line.text == begin; });
    });
}

} // namespace

std::vector<QString> summaryOf(const FileChange &change)
{
    std::vector<QString> said;
    const auto has = [&](int mode) {
        return (change.oldMode & folderBits) == mode || (change.newMode & folderBits) == mode;
    };
    if (change.status == FileStatus::Renamed)
        said.push_back(Words::tr("Renamed from %1").arg(displayPath(change.oldPath)));
    if (change.status == FileStatus::Copied)
        said.push_back(Words::tr("Copied from %1").arg(displayPath(change.oldPath)));
    if (has(linkMode))
        said.push_back(Words::tr("A symbolic link: the text is where it leads"));
    if (has(moduleMode))
        said.push_back(
            Words::tr("A submodule: the text is the commit it is at; what changed inside is not shown here"));
    if (change.oldMode != change.newMode && change.oldMode != 0 && change.newMode != 0) {
        const auto octal = [](int mode) { return QString::number(mode, 8).rightJustified(6, QLatin1Char('0')); };
        QString mode = Words::tr("Mode changed from %1 to %2").arg(octal(change.oldMode), octal(change.newMode));
        if ((change.newMode & 0111) && !(change.oldMode & 0111))
            mode += Words::tr(": can now be executed");
        said.push_back(mode);
    } else if (change.status == FileStatus::Added && (change.newMode & folderBits) == 0100000
               && (change.newMode & 0111)) {
        said.push_back(Words::tr("A new file that can be executed"));
    }
    if (isPointer(change))
        said.push_back(Words::tr("A pointer of Git LFS: the content itself is stored elsewhere and is not shown here"));
    if (change.binary)
        said.push_back(Words::tr("A binary or very large file: its content is not shown as text"));
    return said;
}

bool hasNonTextChange(const FileChange &change)
{
    return change.binary || change.status == FileStatus::Renamed || change.status == FileStatus::Copied
           || change.status == FileStatus::TypeChanged || !summaryOf(change).empty();
}

QString contentKeyOf(const FileChange &change)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto add = [&](QByteArrayView bytes) {
        hash.addData(QByteArray::number(bytes.size()));
        hash.addData(":");
        hash.addData(bytes);
    };
    add(change.path);
    add(change.oldPath);
    add(QByteArray::number(change.oldMode));
    add(QByteArray::number(change.newMode));
    add(QByteArray::number(int(change.status)));
    for (const DiffHunk &hunk : change.hunks) {
        for (const DiffLine &line : hunk.lines) {
            add(QByteArray::number(int(line.kind)));
            add(line.text);
        }
    }
    return QString::fromLatin1(hash.result().toHex());
}

std::shared_ptr<DiffPresentation> present(const DiffParts &parts, const DiffOptions &options)
{
    auto made = std::make_shared<DiffPresentation>();
    const FileChange &change = parts.change;
    made->added = change.added;
    made->removed = change.removed;
    made->contentKey = contentKeyOf(change);
    made->binary = change.binary;
    made->nonText = hasNonTextChange(change);
    Builder builder(*made);
    for (const QString &said : summaryOf(change))
        builder.note(said);
    if (change.hunks.empty() && !change.binary) {
        if (change.oldMode == change.newMode || change.added + change.removed > 0 || made->notes.empty())
            builder.note(change.status == FileStatus::Added || change.status == FileStatus::Deleted
                             ? Words::tr("An empty file")
                             : Words::tr("The content is the same"));
    }

    std::vector<Line> lines = gather(parts, options, *made);
    if (options.ignoreSpace)
        eachChange(lines,
                   [&](size_t removed, size_t added, size_t end) { foldSpaceChanges(lines, removed, added, end); });
    eachChange(lines, [&](size_t removed, size_t added, size_t end) {
        for (size_t k = 0; removed + k < added && added + k < end; ++k) {
            Line &before = lines[removed + k], &after = lines[added + k];
            if (before.bytes.size() > pieceMost / 2 || after.bytes.size() > pieceMost / 2)
                continue;
            AnsiStyle style;
            const auto shown = [&](QByteArrayView bytes) {
                return parseAnsi(bytes, style, AnsiControls::Literal).text;
            };
            before.words = compareWords(shown(before.bytes), shown(after.bytes));
            after.words = before.words;
        }
    });
    builder.build(lines);
    return made;
}

} // namespace openfactory
