// SPDX-License-Identifier: Apache-2.0
#include "core/authors/unifieddiff.h"

#include "core/base/text.h"

#include <QRegularExpression>

#include <algorithm>

namespace openfactory {

namespace {

constexpr size_t mostHunks = 500;

/// Lines with their ends.
QByteArrayList linesOf(const QByteArray &text)
{
    QByteArrayList lines;
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype end = text.indexOf('\n', at);
        const qsizetype next = end < 0 ? text.size() : end + 1;
        lines << text.sliced(at, next - at);
        at = next;
    }
    return lines;
}

struct Header {
    qsizetype oldLine = 0, oldCount = 1, newCount = 1;
};

std::optional<Header> headerOf(const QByteArray &line)
{
    static const QRegularExpression form(
        QStringLiteral(R"(^@@ -(\d{1,9})(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@)"));
    const auto match = form.match(QString::fromLatin1(line));
    if (!match.hasMatch())
        return std::nullopt;
    Header header;
    header.oldLine = match.captured(1).toLongLong();
    if (match.hasCaptured(2) && !match.captured(2).isEmpty())
        header.oldCount = match.captured(2).toLongLong();
    if (match.hasCaptured(3) && !match.captured(3).isEmpty())
        header.newCount = match.captured(3).toLongLong();
    return header;
}

/// Takes the line end from the last line of a side.
void chopEnd(QByteArrayList &side)
{
    if (!side.isEmpty() && side.last().endsWith('\n'))
        side.last().chop(1);
}

bool standsAt(const QByteArrayList &lines, qsizetype at, const QByteArrayList &wanted)
{
    return at >= 0 && at + wanted.size() <= lines.size()
           && std::equal(wanted.begin(), wanted.end(), lines.begin() + at);
}

} // namespace

Result<UnifiedDiff> readUnifiedDiff(const QByteArray &text, const QString &path)
{
    const auto refuse = [&](const QString &why) {
        return fail(ErrorKind::Invalid, QStringLiteral("read the diff of %1").arg(displayable(path)), why);
    };
    UnifiedDiff diff;
    const QByteArrayList lines = linesOf(text.endsWith('\n') ? text : text + '\n');
    qsizetype i = 0;
    int files = 0;
    while (i < lines.size()) {
        const QByteArray &line = lines[i];
        const auto header = headerOf(line);
        if (!header) {
            if (line.startsWith("--- ")) {
                ++files;
                diff.fromNothing = line.trimmed() == "--- /dev/null";
            } else if (!diff.hunks.empty() && !line.trimmed().isEmpty()) {
                return refuse(
                    QStringLiteral("line %1 belongs to no hunk: each line of a hunk begins with a space, - or +, "
                                   "and the counts in its @@ line must be right")
                        .arg(i + 1));
            }
            ++i;
            if (files > 1)
                return refuse(QStringLiteral("it is a diff of several files; give each file an edit of its own"));
            continue;
        }
        UnifiedDiff::Hunk hunk;
        // A side without lines names the line before it.
        hunk.at = header->oldCount == 0 ? header->oldLine : std::max<qsizetype>(header->oldLine - 1, 0);
        char last = ' ';
        for (++i; i < lines.size(); ++i) {
            const QByteArray &part = lines[i];
            if (part.startsWith('\\')) { // "\ No newline at end of file"
                if (last != '+')
                    chopEnd(hunk.before);
                if (last != '-')
                    chopEnd(hunk.after);
                continue;
            }
            if (hunk.before.size() == header->oldCount && hunk.after.size() == header->newCount)
                break;
            // An empty line of the context whose space was lost on the way.
            const char kind = part == "\n" || part == "\r\n" ? ' ' : part.at(0);
            const QByteArray rest = part.size() > 1 && kind == part.at(0) ? part.sliced(1) : part;
            if (kind != ' ' && kind != '-' && kind != '+')
                return refuse(QStringLiteral("line %1 begins with neither a space nor - nor +").arg(i + 1));
            if (kind != '+')
                hunk.before << rest;
            if (kind != '-')
                hunk.after << rest;
            last = kind;
        }
        if (hunk.before.size() != header->oldCount || hunk.after.size() != header->newCount)
            return refuse(QStringLiteral("the @@ line of hunk %1 counts %2 old and %3 new lines, and it has %4 and %5")
                              .arg(diff.hunks.size() + 1)
                              .arg(header->oldCount)
                              .arg(header->newCount)
                              .arg(hunk.before.size())
                              .arg(hunk.after.size()));
        diff.hunks.push_back(std::move(hunk));
        if (diff.hunks.size() > mostHunks)
            return refuse(QStringLiteral("it has more than %1 hunks; give the whole file instead").arg(mostHunks));
    }
    if (diff.hunks.empty())
        return refuse(QStringLiteral("it has no hunk (\"@@ -1,3 +1,4 @@\")"));
    return diff;
}

Result<QByteArray> applyUnifiedDiff(const UnifiedDiff &diff, const QByteArray &text, const QString &path)
{
    const bool returns = text.contains("\r\n") && text.count('\n') == text.count("\r\n");
    QByteArrayList lines = linesOf(returns ? QByteArray(text).replace("\r\n", "\n") : text);
    qsizetype moved = 0;
    qsizetype from = 0; // a hunk comes after the one before it
    int number = 0;
    for (const UnifiedDiff::Hunk &hunk : diff.hunks) {
        ++number;
        const auto refuse = [&](const QString &why) {
            return fail(ErrorKind::Conflict, QStringLiteral("apply hunk %1 to %2").arg(number).arg(displayable(path)),
                        why);
        };
        qsizetype at = hunk.at + moved;
        if (hunk.before.isEmpty()) {
            if (at < from || at > lines.size())
                return refuse(QStringLiteral("the file has no such line"));
        } else if (at < from || !standsAt(lines, at, hunk.before)) {
            std::vector<qsizetype> places;
            for (qsizetype place = from; place + hunk.before.size() <= lines.size() && places.size() < 2; ++place) {
                if (standsAt(lines, place, hunk.before))
                    places.push_back(place);
            }
            if (places.size() != 1)
                return refuse(places.empty()
                                  ? QStringLiteral("the file does not hold its old lines, beginning with \"%1\"")
                                        .arg(displayPath(hunk.before.first().trimmed().left(80)))
                                  : QStringLiteral("its old lines stand in more than one place, and not at line %1")
                                        .arg(hunk.at + 1));
            at = places.front();
        }
        lines.remove(at, hunk.before.size());
        lines.insert(at, hunk.after.size(), QByteArray());
        std::ranges::copy(hunk.after, lines.begin() + at);
        moved += hunk.after.size() - hunk.before.size();
        from = at + hunk.after.size();
    }
    QByteArray made = lines.join();
    return returns ? made.replace("\n", "\r\n") : made;
}

} // namespace openfactory
