// SPDX-License-Identifier: Apache-2.0
/// Enumerators and their stable names, as the store, --json and YAML files carry them. A name never changes its
/// meaning.
#pragma once

#include <QString>

#include <optional>
#include <utility>

namespace openfactory {

template<class E>
using Named = std::pair<E, QStringView>;

template<class E, size_t N>
QString nameIn(const Named<E> (&table)[N], E value)
{
    for (const auto &[known, name] : table) {
        if (known == value)
            return name.toString();
    }
    return QStringLiteral("unknown");
}

template<class E, size_t N>
std::optional<E> valueIn(const Named<E> (&table)[N], QStringView text)
{
    for (const auto &[known, name] : table) {
        if (name == text)
            return known;
    }
    return std::nullopt;
}

} // namespace openfactory
