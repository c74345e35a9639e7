// SPDX-License-Identifier: Apache-2.0
#include "core/security/encodings.h"
#include "core/security/wrappedset.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>
#include <bitset>
#include <set>

namespace openfactory {

namespace {

/// Runs of spaces, dashes or zeros are no secret, and would mask half of every log.
bool tellsNothing(QByteArrayView bytes)
{
    std::bitset<256> seen;
    for (const char c : bytes)
        seen.set(quint8(c));
    return seen.count() < 4;
}

void addPart(std::vector<QByteArray> &parts, const QByteArray &part)
{
    if (part.size() >= leastSecretBytes && !tellsNothing(part) && std::ranges::find(parts, part) == parts.end())
        parts.push_back(part);
}

void addLeaves(std::vector<QByteArray> &parts, const QJsonValue &value)
{
    if (value.isObject()) {
        for (const QJsonValue &child : value.toObject())
            addLeaves(parts, child);
    } else if (value.isArray()) {
        for (const QJsonValue &child : value.toArray())
            addLeaves(parts, child);
    } else if (value.isDouble() && value.toDouble() == double(value.toInteger())) {
        addPart(parts, QByteArray::number(value.toInteger()));
    } else if (value.isString()) {
        const QByteArray leaf = value.toString().toUtf8();
        addPart(parts, leaf);
        for (const QByteArray &part : leaf.contains('\n') ? partsOf(leaf) : std::vector<QByteArray>())
            addPart(parts, part);
    }
}

void addLines(std::vector<QByteArray> &parts, const QByteArray &value)
{
    static const QRegularExpression armour(QStringLiteral("^-----(BEGIN|END) [A-Z0-9 ]+-----$"));
    static const QRegularExpression assignment(QStringLiteral("^(?:export\\s+)?[A-Za-z_][\\w.-]*\\s*[:=]\\s*(\\S.*)$"));
    const QList<QByteArray> lines = value.split('\n');
    for (const QByteArray &whole : lines) {
        const QByteArray line = whole.trimmed();
        const QString text = QString::fromLatin1(line); // bytes one to one
        if (armour.match(text).hasMatch())
            continue; // known to everybody
        addPart(parts, line);
        if (const auto match = assignment.match(text); lines.size() > 1 && match.hasMatch()) {
            QByteArray right = match.captured(1).toLatin1();
            addPart(parts, right);
            if (right.size() > 2 && (right[0] == '"' || right[0] == '\'') && right.back() == right[0])
                addPart(parts, right.sliced(1, right.size() - 2));
        }
    }
}

/// Leaves off edge bytes that also are an edge of the marker: "]token" beside a marker "[masked]" could else be
/// completed by it, and masking the masked text would change it. Also NUL bytes at the start: the pattern library takes
/// such a string for an empty one.
QByteArray withoutEdges(QByteArray needle)
{
    for (bool changed = true; changed;) {
        changed = needle.startsWith('\0');
        needle = needle.sliced(changed ? 1 : 0);
        for (qsizetype length = maskMarker.size() - 1; length > 0; --length) {
            if (needle.startsWith(maskMarker.last(length))) {
                needle = needle.sliced(length);
                changed = true;
            }
            if (needle.endsWith(maskMarker.first(length))) {
                needle.chop(length);
                changed = true;
            }
        }
    }
    return needle;
}

/// Pieces of what looks random, for where a tool cuts it: an assertion that is shortened in its middle, a column, the
/// end of a terminal's line. Capitals, small letters and figures in one word make it so, and figures in a token. Pieces
/// of words and addresses are ordinary text and stay.
void addPieces(std::set<QByteArray> &needles, const QByteArray &value)
{
    static const QRegularExpression token(QStringLiteral("[A-Za-z0-9_+=-]{20,}"));
    static const QRegularExpression word(QStringLiteral("[!-~]{20,}"));
    constexpr qsizetype edge = 512; // what a cut leaves is a start or an end
    if (value.startsWith('{') || value.startsWith('['))
        return; // JSON: its leaves are values of their own
    const auto has = [](QByteArrayView text, char first, char last) {
        return std::ranges::any_of(text, [&](char c) { return c >= first && c <= last; });
    };
    const auto isMixed = [&](QByteArrayView text) {
        return has(text, '0', '9') && has(text, 'A', 'Z') && has(text, 'a', 'z');
    };
    const auto isFigured = [&](QByteArrayView text) {
        return has(text, '0', '9') && (has(text, 'A', 'Z') || has(text, 'a', 'z'));
    };
    const QString text = QString::fromLatin1(value); // bytes one to one
    for (const QRegularExpression *form : {&token, &word}) {
        for (const auto &match : form->globalMatch(text)) {
            const QByteArrayView run = QByteArrayView(value).sliced(match.capturedStart(), match.capturedLength());
            const bool isAddress = run.contains("://");
            const bool isRandom = isMixed(run) && !isAddress;
            for (qsizetype from = 0; from + pieceBytes <= run.size(); ++from) {
                if (from >= edge && from + pieceBytes <= run.size() - edge)
                    continue;
                const QByteArray piece = withoutEdges(run.sliced(from, pieceBytes).toByteArray());
                if (std::set<char>(piece.begin(), piece.end()).size() >= 8
                    && (isRandom || isMixed(piece) || (form == &token && isFigured(piece))))
                    needles.insert(piece);
            }
        }
    }
}

/// Where base64 and its like are broken into lines, a line may end behind the first two characters or before the last
/// two: too few to be looked for beside it (wrappedset.h), and all the others are in one piece.
void addInner(std::set<QByteArray> &needles, const QByteArray &piece)
{
    constexpr qsizetype edge = 2;
    if (!WrappedSet::isBreakable(piece))
        return;
    const auto add = [&needles](const QByteArray &inner) {
        if (isMaskable(inner))
            needles.insert(withoutEdges(inner));
    };
    if (piece.size() >= 16) {
        add(piece.sliced(edge, piece.size() - 2 * edge));
    } else { // too short for one that serves both ends
        add(piece.sliced(edge));
        add(piece.first(piece.size() - edge));
    }
}

} // namespace

bool isMaskable(const QByteArray &value)
{
    const QByteArray needle = withoutEdges(value);
    return needle.size() >= leastSecretBytes && !tellsNothing(needle) && !needle.contains(maskMarker);
}

std::vector<QByteArray> partsOf(const QByteArray &value)
{
    std::vector<QByteArray> parts;
    const QJsonDocument json = QJsonDocument::fromJson(value);
    if (json.isObject())
        addLeaves(parts, json.object());
    else if (json.isArray())
        addLeaves(parts, json.array());
    else
        addLines(parts, value);
    return parts;
}

std::vector<QByteArray> needlesOf(const QByteArray &value)
{
    const QByteArray unixEnds = QByteArray(value).replace("\r\n", "\n");
    std::vector<QByteArray> forms{value, unixEnds, QByteArray(unixEnds).replace('\n', "\r\n")};
    for (QByteArray form : std::vector(forms))
        forms.push_back(form.trimmed());
    for (const QByteArray &part : partsOf(value)) {
        forms.push_back(part);
        if (part.contains('\n')) // a text inside of JSON
            forms.push_back(QByteArray(part).replace('\n', "\r\n"));
    }
    std::ranges::sort(forms);
    forms.erase(std::ranges::unique(forms).begin(), forms.end());

    constexpr qsizetype overlap = 16;
    std::set<QByteArray> needles;
    for (const QByteArray &form : forms) {
        addPieces(needles, form);
        // A file of many lines has so many numbers that each start of the program would wait for them.
        const bool numbersToo = value.size() <= mostNeedleBytes;
        for (const QByteArray &encoded : encodingsOf(form, numbersToo)) {
            // Pieces overlap a little, so that edges that are left off are inside of a neighbour. The last one reaches
            // back.
            for (qsizetype from = 0; from == 0 || from + overlap < encoded.size(); from += mostNeedleBytes - overlap) {
                const qsizetype start = std::max<qsizetype>(0, std::min(from, encoded.size() - mostNeedleBytes));
                const QByteArray piece = encoded.sliced(start, std::min(mostNeedleBytes, encoded.size() - start));
                if (isMaskable(piece))
                    needles.insert(withoutEdges(piece));
                if (encoded != form)
                    addInner(needles, piece);
            }
        }
    }
    return {needles.begin(), needles.end()};
}

} // namespace openfactory
