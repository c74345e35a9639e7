// SPDX-License-Identifier: Apache-2.0
/// Generated identifiers: ULIDs (26 characters of Crockford base 32: 48 bits of UTC milliseconds, 80 random bits),
/// typed by what they name. They sort by time of creation and are safe as file names and ref components.
#pragma once

#include "core/base/error.h"

#include <QHash>

#include <array>

namespace openfactory {

/// Makes ULIDs that only grow, also when the wall clock steps back. One thread at a time.
class UlidSource {
public:
    using Digits = std::array<quint8, 16>; ///< of the random part, 5 bits each, the highest first
    UlidSource() = default;
    UlidSource(quint64 lastMs, const Digits &lastRandom) : m_ms(lastMs), m_random(lastRandom) {}
    QString next(qint64 wallMs);

private:
    quint64 m_ms = 0;
    Digits m_random{};
};

/// A new ULID text; grows with every call of this process. Thread-safe.
QString newUlid();
/// Whether the text is a well-formed ULID.
bool isUlid(QStringView text);
/// What Id::parse() says about any other text.
Error notAnId(const QString &text);

template<class Tag>
class Id {
public:
    Id() = default;
    static Id create() { return Id(newUlid()); }
    static Result<Id> parse(const QString &text)
    {
        if (!isUlid(text))
            return std::unexpected(notAnId(text));
        return Id(text);
    }
    const QString &text() const { return m_text; }
    bool isNull() const { return m_text.isEmpty(); }
    friend bool operator==(const Id &, const Id &) = default;
    friend auto operator<=>(const Id &a, const Id &b) { return a.m_text.compare(b.m_text) <=> 0; }
    friend size_t qHash(const Id &id, size_t seed = 0) { return ::qHash(id.m_text, seed); }

private:
    explicit Id(QString text) : m_text(std::move(text)) {}
    QString m_text;
};

using JobId = Id<struct JobTag>;
using DecisionId = Id<struct DecisionTag>;

} // namespace openfactory
