// SPDX-License-Identifier: Apache-2.0
/// Results in tests: the error's own words when a test fails.
#pragma once

#include "core/base/error.h"

#include <QtTest>

namespace openfactory {

/// "" for a value, otherwise the error's text.
template<class T>
QString errorText(const Result<T> &result)
{
    return result ? QString() : toText(result.error());
}

} // namespace openfactory

/// The Result holds a value. It is made once: QVERIFY2 always makes its description too.
#define OF_OK(result)                                                                                                  \
    do {                                                                                                               \
        const auto &accepted = (result);                                                                               \
        QVERIFY2(accepted.has_value(), qPrintable(openfactory::errorText(accepted)));                                  \
    } while (false)

/// The Result holds an error of the kind, whose text holds the words.
#define OF_REFUSED(result, wantedKind, words)                                                                          \
    do {                                                                                                               \
        const auto &refused = (result);                                                                                \
        QVERIFY2(!refused, "it was accepted");                                                                         \
        QCOMPARE(openfactory::toName(refused.error().kind), openfactory::toName(wantedKind));                          \
        QVERIFY2(openfactory::toText(refused.error()).contains(words), qPrintable(openfactory::errorText(refused)));   \
    } while (false)
