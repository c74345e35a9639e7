// SPDX-License-Identifier: Apache-2.0
/// A job's short name: 1 to 50 characters of [a-z0-9_-]. It cannot exist invalid; it is safe as a file name and a
/// branch component. Source: factory-tcr-readme ("Validated slug types").
#pragma once

#include "core/base/error.h"

namespace openfactory {

class Slug {
public:
    /// Invalid, with the offending value and the rule, when the text does not fit.
    static Result<Slug> parse(const QString &text);
    const QString &text() const { return m_text; }
    friend bool operator==(const Slug &, const Slug &) = default;

private:
    explicit Slug(QString text) : m_text(std::move(text)) {}
    QString m_text;
};

/// A slug made of the words of a sentence, up to 40 characters; empty where it has none of a-z and 0-9.
QString slugFrom(const QString &sentence);

} // namespace openfactory
