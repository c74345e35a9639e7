// SPDX-License-Identifier: Apache-2.0
#include "core/base/host.h"

#include <QTemporaryDir>
#include <QTest>

using namespace openfactory;

class TestHost : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void saysWhatCanBeFollowedHere()
    {
        const QTemporaryDir mark; // any path that is there
        QCOMPARE(howToInstall(QStringLiteral("black"), QStringLiteral("/nonexistent")),
                 QStringLiteral("apt install black"));
        QVERIFY(howToInstall(QStringLiteral("black"), mark.path())
                    .startsWith(QStringLiteral("add black to packaging/dependencies")));
    }
};

QTEST_GUILESS_MAIN(TestHost)
#include "test_host.moc"
