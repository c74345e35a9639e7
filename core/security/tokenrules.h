// SPDX-License-Identifier: Apache-2.0
/// The forms of well-known tokens and keys. Plain data, read-only; any thread.
#pragma once

#include <QRegularExpression>

#include <vector>

namespace openfactory {

struct TokenRule {
    QString id;            ///< "github-token"
    QString what;          ///< "a GitHub token"
    QByteArrayView anchor; ///< lower-case text that a line must hold, in any case, before the pattern is tried; empty:
                           ///< always tried
    QRegularExpression pattern; ///< on the line's bytes as Latin-1; what group 1 caught, or all of it, is the secret
    QRegularExpression packed;  ///< the same where a letter beside it means nothing: among the bytes of a compiled file
    double leastEntropy = 0;    ///< bits per character; below it, it is a placeholder
    int lines = 1;              ///< how many added lines the pattern may look at, from the one it starts on
};

const std::vector<TokenRule> &tokenRules();

/// Shannon entropy of the text's characters, in bits per character.
double entropyOf(QStringView text);
/// Whether the text is what people write in place of a secret: "changeme", "<token>", "${TOKEN}", "xxxx", "EXAMPLE".
bool isPlaceholder(QStringView text);

} // namespace openfactory
