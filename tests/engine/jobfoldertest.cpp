// SPDX-License-Identifier: Apache-2.0
/// Names of artifacts (hardening.md B18, test 20): a file of the job's folder, whatever the name tries.
#include "core/engine/jobfolder.h"

#include "core/base/text.h"

#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace openfactory;

class JobFolderTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_data;
    JobId m_job = JobId::create();
    QString path(const QString &name) const { return JobFolder(m_data->path(), m_job).path() + u'/' + name; }
    Result<ArtifactRecord> write(const QString &name) const
    {
        return JobFolder(m_data->path(), m_job).write(name, "content", QStringLiteral("deploy"), 1, 5);
    }
    /// All below the data folder, with what is in it.
    QByteArrayList listing() const
    {
        QByteArrayList all;
        QDirIterator files(m_data->path(), QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                           QDirIterator::Subdirectories);
        while (files.hasNext())
            all << QFile::encodeName(files.next());
        std::ranges::sort(all);
        return all;
    }

private Q_SLOTS:
    void init() { m_data = std::make_unique<QTemporaryDir>(); }

    void keepsTheFileAndItsHash()
    {
        const auto record = write(QStringLiteral("deploy/plan.yaml"));
        QVERIFY(record);
        QCOMPARE(record->path, QStringLiteral("deploy/plan.yaml"));
        QCOMPARE(record->size, 7);
        QCOMPARE(record->sha256.toLatin1(), sha256Hex("content"));
        QVERIFY(QFile::exists(path(record->path)));
    }

    void forgetsSettingsAndKeepsCaches()
    {
        const JobFolder folder(m_data->path(), m_job);
        QVERIFY(folder.forgetSettings()); // no home yet
        const auto make = [&](const char *name) {
            const QString file = folder.home() + u'/' + QString::fromLatin1(name);
            QVERIFY(QDir().mkpath(QFileInfo(file).path()));
            QFile made(file);
            QVERIFY(made.open(QIODevice::WriteOnly) && made.write("x") == 1);
        };
        const QByteArrayList kept{".cache/pip/x", ".cargo/registry/x", "go/pkg/x", "build/x", ".npm/_cacache/x"};
        const QByteArrayList gone{".config/flake8",     ".flake8",    ".local/lib/python3.13/site-packages/x.pth",
                                  ".cargo/config.toml", ".gitconfig", ".npmrc"};
        for (const QByteArray &name : kept + gone)
            make(name);
        const QString outside = m_data->filePath(QStringLiteral("outside"));
        QVERIFY(QDir().mkpath(outside + QStringLiteral("/config")));
        QVERIFY(QFile::link(outside, folder.home() + QStringLiteral("/.linked")));
        QVERIFY(folder.forgetSettings());
        for (const QByteArray &name : kept)
            QVERIFY2(QFile::exists(folder.home() + u'/' + QString::fromLatin1(name)), name.constData());
        for (const QByteArray &name : gone)
            QVERIFY2(!QFile::exists(folder.home() + u'/' + QString::fromLatin1(name)), name.constData());
        QVERIFY(!QFileInfo(folder.home() + QStringLiteral("/.linked")).isSymLink());
        // A cache that is a link is none; what it leads to is not touched.
        QVERIFY(QDir(folder.home() + QStringLiteral("/.cargo")).removeRecursively());
        QVERIFY(QFile::link(outside, folder.home() + QStringLiteral("/.cargo")));
        QVERIFY(folder.forgetSettings());
        QVERIFY(QFileInfo::exists(outside + QStringLiteral("/config")));
        QVERIFY(!QFileInfo(folder.home() + QStringLiteral("/.cargo")).isSymLink());
    }

    void refusesNamesThatSteer_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name :
             {"",       ".",          "..",           "../x",    "a/../x",    "a/..",     "/etc/x",
              "a//x",   "a/b/x",      "./x",          ".hidden", "a/.hidden", "x/",       "~/x",
              "a b",    "a\\b",       "a\nb",         "x\n",     "a:b",       "home/x",   "home/.bashrc",
              "logs/x", "logs/x.log", "reports/../x", "CON/..",  "$(id)",     "%2e%2e/x", "a*"})
            QTest::newRow(name) << QString::fromLatin1(name);
        QTest::newRow("zero") << QStringLiteral("a") + QChar(0) + QStringLiteral("b");
        QTest::newRow("zero and up") << QStringLiteral("a") + QChar(0) + QStringLiteral("/../../x");
        QTest::newRow("dots of another script") << QString(QChar(0x2025)) + QStringLiteral("/x");
        QTest::newRow("full width dots") << QString(2, QChar(0xff0e)) + QStringLiteral("/x");
        QTest::newRow("right to left") << QString(QChar(0x202e)) + QStringLiteral("x");
        QTest::newRow("too long") << QString(101, u'a');
        QTest::newRow("too long a folder") << QString(41, u'a') + QStringLiteral("/x");
    }
    void refusesNamesThatSteer()
    {
        QFETCH(QString, name);
        const QByteArrayList before = listing();
        const auto record = write(name);
        QVERIFY(!record);
        QCOMPARE(record.error().kind, ErrorKind::Invalid);
        QVERIFY(!toText(record.error()).contains(QChar(0x202e)) && !toText(record.error()).contains(u'\n'));
        QCOMPARE(listing(), before);
    }

    void replacesALinkAndNeverWritesThroughIt()
    {
        QVERIFY(write(QStringLiteral("PATCH.diff")));
        const QString outside = m_data->filePath(QStringLiteral("outside"));
        QFile file(outside);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("precious") == 8);
        file.close();
        QVERIFY(QFile::remove(path(QStringLiteral("PATCH.diff"))));
        QVERIFY(QFile::link(outside, path(QStringLiteral("PATCH.diff"))));
        QVERIFY(write(QStringLiteral("PATCH.diff")));
        QVERIFY(!QFileInfo(path(QStringLiteral("PATCH.diff"))).isSymLink());
        // A FIFO and a second name of a file: replaced as well, not opened.
        QVERIFY(QFile::remove(path(QStringLiteral("PATCH.diff"))));
        QVERIFY(::mkfifo(QFile::encodeName(path(QStringLiteral("PATCH.diff"))).constData(), 0600) == 0);
        QVERIFY(write(QStringLiteral("PATCH.diff")));
        QVERIFY(QFile::remove(path(QStringLiteral("PATCH.diff"))));
        QVERIFY(::link(QFile::encodeName(outside).constData(),
                       QFile::encodeName(path(QStringLiteral("PATCH.diff"))).constData())
                == 0);
        QVERIFY(write(QStringLiteral("PATCH.diff")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("precious"));
    }
};

QTEST_GUILESS_MAIN(JobFolderTest)
#include "jobfoldertest.moc"
