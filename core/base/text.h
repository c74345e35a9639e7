// SPDX-License-Identifier: Apache-2.0
/// Text that came from outside, made fit for a terminal, a file of ours or a screen.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace openfactory {

/// The text with control, bidirectional-override, zero-width and other invisible characters as visible escapes
/// (\n, \x1b, \u202e), so that hostile text cannot steer a terminal or hide in a line.
QString displayable(const QString &text);
/// The same, but line ends and tabs stay.
QString displayableLines(const QString &text);
/// Whether a character would not be seen as itself, or could steer what is shown: all but line ends, tabs and what is
/// drawn; and how displayable() writes it.
bool isInvisible(char32_t c);
QString visibleEscape(char32_t c);
/// A path or other bytes as text for people: UTF-8 where it is, \xNN for each byte that is not. One way only.
QString displayPath(const QByteArray &bytes);
/// Lower-case hexadecimal SHA-256.
QByteArray sha256Hex(const QByteArray &bytes);
/// "1 file", "3 files", "2 entries": a number and what is counted, as people say it.
QString counted(qint64 number, const QString &one);
/// "1.2 s", "3 min 4 s"; for tables and prompts.
QString durationText(qint64 milliseconds);

} // namespace openfactory
