// SPDX-License-Identifier: Apache-2.0
/// QTRY_VERIFY and QTRY_COMPARE with more patience than Qt's five seconds: on a busy machine, or under a sanitizer,
/// what is waited for comes late, and waiting longer costs nothing where it comes.
#pragma once

#include <QTest>

#undef QTRY_VERIFY
#undef QTRY_COMPARE
#define QTRY_VERIFY(expr) QTRY_VERIFY_WITH_TIMEOUT(expr, 60s)
#define QTRY_COMPARE(expr, expected) QTRY_COMPARE_WITH_TIMEOUT(expr, expected, 60s)
