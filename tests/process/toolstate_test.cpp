// SPDX-License-Identifier: Apache-2.0
/// What the host says of its tools: the same while nothing changes, another where a program is another.
#include "core/process/toolstate.h"

#include <QTest>

using namespace openfactory;

class ToolStateTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void staysWhileNothingChanges()
    {
        const auto state = hostToolState({QStringLiteral("env")});
        if (!state)
            QSKIP("the packages of this host are not known to us");
        QCOMPARE(hostToolState({QStringLiteral("env")}), state);
        QCOMPARE(hostToolState({QStringLiteral("env"), QStringLiteral("env")}), state);
    }
    void theProgramsCount()
    {
        if (!hostToolState({}))
            QSKIP("the packages of this host are not known to us");
        const auto none = hostToolState({});
        const auto one = hostToolState({QStringLiteral("env")});
        const auto two = hostToolState({QStringLiteral("env"), QStringLiteral("true")});
        const auto absent = hostToolState({QStringLiteral("there-is-none")});
        QVERIFY(none != one && one != two && none != two && absent != none && absent != one);
        QCOMPARE(hostToolState({QStringLiteral("true"), QStringLiteral("env")}), two);
    }
};

QTEST_GUILESS_MAIN(ToolStateTest)
#include "toolstate_test.moc"
