// SPDX-License-Identifier: Apache-2.0
#include "core/base/givingup.h"
#include "core/base/moveaside.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace openfactory;

class MoveAsideTest : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString inside(const char *path) const
    {
        return m_folder.filePath(QStringLiteral("inside/") + QLatin1String(path));
    }
    QString aside() const { return m_folder.filePath(QStringLiteral("aside")); }
    void put(const char *path, const QByteArray &bytes)
    {
        QDir().mkpath(QFileInfo(inside(path)).path());
        QFile file(inside(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

private Q_SLOTS:
    void movesFilesAndNamesThem()
    {
        QCOMPARE(movedAside(aside()), QByteArrayList());
        put("a/b%c.txt", "one");
        put("plain", "two");
        for (const char *path : {"a/b%c.txt", "plain"})
            QVERIFY(moveAside(inside(""), path, aside()));
        QCOMPARE(movedAside(aside()), (QByteArrayList{"a/b%c.txt", "plain"}));
        QVERIFY(!QFile::exists(inside("plain")) && !QFile::exists(inside("a/b%c.txt")));
        put("plain", "three"); // again, and nothing is replaced
        QVERIFY(moveAside(inside(""), "plain", aside()));
        QCOMPARE(movedAside(aside()), (QByteArrayList{"a/b%c.txt", "plain", "plain~2"}));
        QFile first(aside() + QStringLiteral("/plain"));
        QVERIFY(first.open(QIODevice::ReadOnly));
        QCOMPARE(first.readAll(), QByteArray("two"));
        QCOMPARE(moveAside(inside(""), "gone", aside()).error().kind, ErrorKind::NotFound);
        const QByteArray longest = QByteArray(120, 'd') + '/' + QByteArray(250, 'n');
        put(longest.constData(), "four");
        QVERIFY(moveAside(inside(""), longest, aside()));
        QCOMPARE(movedAside(aside()).size(), 4);
    }

    void neverReachesOutside()
    {
        QDir().mkpath(inside("sub"));
        QFile outside(m_folder.filePath(QStringLiteral("outside")));
        QVERIFY(outside.open(QIODevice::WriteOnly));
        QCOMPARE(::symlink("..", QFile::encodeName(inside("up")).constData()), 0);
        for (const char *path : {"../outside", "up/outside", "sub/../../outside", "", "..", "sub/.", "/etc/passwd"})
            QVERIFY2(!moveAside(inside(""), path, aside()), path);
        QVERIFY(outside.exists());
        QVERIFY(moveAside(inside(""), "up", aside())); // the link itself
        QVERIFY(outside.exists());
    }

    void givesUpSomeTimeAfterTheStop()
    {
        std::stop_source stop;
        const LateStop late(stop.get_token(), std::chrono::milliseconds(50));
        const GivingUp giving(late.token());
        QTest::qWait(100);
        QVERIFY(!GivingUp::token().stop_requested());
        {
            const GivingUp never{std::stop_token()};
            QVERIFY(!GivingUp::token().stop_possible());
        }
        stop.request_stop();
        QVERIFY(!GivingUp::token().stop_requested());
        QTRY_VERIFY(GivingUp::token().stop_requested());
    }
};

QTEST_GUILESS_MAIN(MoveAsideTest)
#include "test_moveaside.moc"
