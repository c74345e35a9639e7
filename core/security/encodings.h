// SPDX-License-Identifier: Apache-2.0
/// The forms in which a secret turns up in text: what encoders, quoting and escaping make of it (hardening.md, B1).
/// Pure functions; any thread.
#pragma once

#include <QByteArray>

#include <vector>

namespace openfactory {

/// Text that takes a secret's place. Fixed: its length tells nothing.
inline constexpr QByteArrayView maskMarker("[masked]");
/// Shorter values are refused: they could not be told from ordinary text.
inline constexpr qsizetype leastSecretBytes = 8;
/// Longer needles are cut into pieces of this size that overlap, so a stream never holds back more than this.
inline constexpr qsizetype mostNeedleBytes = 256;
/// So many bytes in a row of a long token are masked wherever they stand.
inline constexpr qsizetype pieceBytes = 12;

/// Every form of the bytes, without repeats, the bytes themselves first: base64 (standard and URL-safe, at each of the
/// three alignments, without the characters that depend on neighbours), base32, hex in both cases, with and without
/// separators, percent, JSON, XML, shell and C-like escapes, of what has to be escaped and, with `numbersToo`, of
/// everything.
std::vector<QByteArray> encodingsOf(const QByteArray &value, bool numbersToo);

/// The parts of a value that are secrets of their own: leaves of a JSON text, or lines (without indentation) and the
/// right-hand sides of `name=value` lines; each with at least leastSecretBytes (B2).
std::vector<QByteArray> partsOf(const QByteArray &value);

/// Whether the value can be masked without masking half of every log: long and varied enough, and not holding the
/// marker.
bool isMaskable(const QByteArray &value);

/// The byte strings to look for so that no form of the value stays in a text: the value with either line end, and its
/// parts, each in every encoding, between 8 and mostNeedleBytes long; and of tokens of 20 characters or more, each
/// piece of pieceBytes as it is. What is all letters and figures is there without the characters at its edges, too: a
/// line end may stand beside them. No needle can be completed by a marker beside it: edge bytes that also are an edge
/// of the marker are left off. Sorted, without repeats.
std::vector<QByteArray> needlesOf(const QByteArray &value);

} // namespace openfactory
