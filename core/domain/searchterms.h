// SPDX-License-Identifier: Apache-2.0
/// What a person types into a search, as terms of the store's full-text index. Pure.
#pragma once

#include <QStringList>

namespace openfactory {

/// One term for each word, quoted, so that nothing that is typed is read as syntax; a word of two letters or more finds
/// what begins with it. Words without a letter or digit name nothing and are left out. At most 16.
QStringList searchTerms(const QString &typed);

} // namespace openfactory
