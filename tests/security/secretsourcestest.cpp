// SPDX-License-Identifier: Apache-2.0
/// Where secrets are read from, and which files are not to be believed.
#include "core/security/secretsources.h"

#include "tests/testlib/expect.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace openfactory;

class SecretSourcesTest : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    SecretSources::Places m_places;

    void put(const QString &path, const QByteArray &bytes, mode_t mode)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
        file.close();
        QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode), 0);
    }
    FoundSecrets read() const { return SecretSources(m_places).read(); }
    static QByteArray valueOf(const FoundSecrets &found, const QString &name)
    {
        for (const Secret &secret : found.secrets) {
            if (secret.name == name)
                return secret.value;
        }
        return "(none)";
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_places = {m_folder->filePath(QStringLiteral("run")), m_folder->filePath(QStringLiteral("own")),
                    QProcessEnvironment()};
        for (const QString &folder : {m_places.mounted, m_places.own}) {
            QVERIFY(QDir().mkdir(folder));
            QCOMPARE(::chmod(QFile::encodeName(folder).constData(), 0700), 0);
        }
    }

    void readsAllThreeSourcesAndLaterOnesWin()
    {
        put(m_places.mounted + u"/token", "from-the-mount\n", 0444);
        put(m_places.mounted + u"/db.password", "mounted-password", 0400);
        put(m_places.own + u"/token", "from-the-owner\r\n", 0600);
        m_places.environment.insert(QStringLiteral("OPENFACTORY_SECRET_API_KEY"), QStringLiteral("from-environment"));
        m_places.environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/bin"));
        const FoundSecrets found = read();
        QCOMPARE(found.secrets.size(), 3u);
        QVERIFY(found.refused.empty());
        QCOMPARE(valueOf(found, QStringLiteral("token")), "from-the-owner");
        QCOMPARE(valueOf(found, QStringLiteral("db.password")), "mounted-password");
        QCOMPARE(valueOf(found, QStringLiteral("API_KEY")), "from-environment");
    }

    void takesTheServiceManagersCredentials()
    {
        const QString folder = m_places.mounted + u"/../credentials";
        QVERIFY(QDir().mkpath(folder));
        put(folder + u"/token", "from-the-manager\n", 0400);
        put(folder + u"/only-there", "a-service-secret", 0400);
        put(folder + u"/open", "anybody-writes-it", 0666);
        put(m_places.own + u"/token", "from-the-owner", 0600);
        m_places.environment.insert(QStringLiteral("CREDENTIALS_DIRECTORY"), folder);
        auto found = SecretSources(m_places).read();
        QCOMPARE(valueOf(found, QStringLiteral("only-there")), "a-service-secret");
        QCOMPARE(valueOf(found, QStringLiteral("token")), "from-the-owner"); // the person's own wins
        QCOMPARE(found.refused.size(), size_t(1));
        m_places.environment.insert(QStringLiteral("CREDENTIALS_DIRECTORY"), QStringLiteral("credentials"));
        found = SecretSources(m_places).read();
        QVERIFY(std::ranges::none_of(found.secrets, [](const Secret &one) { return one.name == u"only-there"; }));
    }

    void keepsTheLastLineEndOfAKey()
    {
        put(m_places.own + u"/key", "line one\nline two\n", 0600);
        QCOMPARE(valueOf(read(), QStringLiteral("key")), "line one\nline two\n");
    }

    void missingFoldersAreNoError()
    {
        m_places.mounted += u"/none";
        m_places.own.clear();
        QVERIFY(read().secrets.empty() && read().refused.empty());
    }

    void refusesFilesOfTheOwnerThatOthersReach_data()
    {
        QTest::addColumn<int>("mode");
        for (const int mode : {0640, 0604, 0620, 0602, 0644, 0666})
            QTest::addRow("%o", mode) << mode;
    }
    void refusesFilesOfTheOwnerThatOthersReach()
    {
        QFETCH(int, mode);
        put(m_places.own + u"/open", "some-secret-value", mode_t(mode));
        put(m_places.own + u"/closed", "other-secret-value", 0600);
        const FoundSecrets found = read();
        QCOMPARE(found.secrets.size(), 1u); // the others still count
        QCOMPARE(found.refused.size(), 1u);
        QCOMPARE(found.refused[0].kind, ErrorKind::Denied);
        QVERIFY(found.refused[0].doing.contains(u"open") && found.refused[0].hint.startsWith(u"chmod 600"));
        QVERIFY(!toText(found.refused[0]).contains(u"some-secret"));
        // Nobody gets it, and nobody sees it.
        SecretMasker masker;
        OF_OK(masker.add(found.secrets));
        OF_OK(masker.maskOnly(found.exposed));
        QVERIFY(!masker.secret(QStringLiteral("open")));
        QCOMPARE(masker.mask("a some-secret-value here"), QByteArray("a [masked] here"));
    }

    void givesNothingOfAnOpenFolderAndMasksIt_data()
    {
        QTest::addColumn<bool>("mounted");
        QTest::addColumn<int>("mode");
        for (const int mode : {0710, 0750, 0755, 0777})
            QTest::addRow("own, %o", mode) << false << mode;
        QTest::newRow("mounted") << true << 0777;
    }
    void givesNothingOfAnOpenFolderAndMasksIt()
    {
        QFETCH(bool, mounted);
        QFETCH(int, mode);
        const QString folder = mounted ? m_places.mounted : m_places.own;
        put(folder + u"/token", "some-secret-value\n", 0600);
        put(folder + u"/open", "other-secret-value", 0666);
        QCOMPARE(::chmod(QFile::encodeName(folder).constData(), mode_t(mode)), 0);
        const FoundSecrets found = read();
        QVERIFY(found.secrets.empty());
        QCOMPARE(found.refused.size(), 2u);
        QCOMPARE(found.refused[0].kind, ErrorKind::Denied);
        QVERIFY(found.refused[0].hint.startsWith(u"chmod 700"));
        QVERIFY(found.refused[1].hint.startsWith(u"chmod 600"));
        SecretMasker masker;
        OF_OK(masker.maskOnly(found.exposed));
        QVERIFY(!masker.secret(QStringLiteral("token")));
        QCOMPARE(masker.mask("a some-secret-value, other-secret-value"), QByteArray("a [masked], [masked]"));
    }

    void refusesAFolderThatIsALink()
    {
        put(m_places.own + u"/token", "some-secret-value", 0600);
        const QString link = m_folder->filePath(QStringLiteral("link"));
        QVERIFY(QFile::link(m_places.own, link));
        m_places.own = link;
        QVERIFY(read().secrets.empty());
        QCOMPARE(read().refused.size(), 1u);
    }

    void refusesMountedFilesThatOthersMayWrite()
    {
        put(m_places.mounted + u"/token", "some-secret-value", 0666);
        QVERIFY(read().secrets.empty());
        QCOMPARE(read().refused.at(0).kind, ErrorKind::Denied);
    }

    void refusesFilesOfAnotherUser()
    {
        if (::geteuid() != 0)
            QSKIP("only root can give a file away");
        for (const QString &folder : {m_places.own, m_places.mounted}) {
            put(folder + u"/token", "some-secret-value", 0600);
            QCOMPARE(::chown(QFile::encodeName(folder + u"/token").constData(), 65534, 65534), 0);
        }
        QVERIFY(read().secrets.empty());
        QCOMPARE(read().refused.size(), 2u);
    }

    void refusesLinksFifosAndFoldersOfTheOwner()
    {
        const QString outside = m_folder->filePath(QStringLiteral("outside"));
        put(outside, "some-secret-value", 0600);
        QVERIFY(QFile::link(outside, m_places.own + u"/link"));
        QCOMPARE(::mkfifo(QFile::encodeName(m_places.own + u"/fifo").constData(), 0600), 0);
        QVERIFY(QDir().mkdir(m_places.own + u"/folder"));
        const FoundSecrets found = read(); // and does not hang on the fifo
        QVERIFY(found.secrets.empty());
        QCOMPARE(found.refused.size(), 3u);
        QVERIFY(found.refused[2].said.contains(u"symbolic link")); // fifo, folder, link
    }

    void followsTheLinksOfAClusterMount()
    {
        QVERIFY(QDir().mkpath(m_places.mounted + u"/..2026"));
        put(m_places.mounted + u"/..2026/token", "cluster-secret", 0444);
        QVERIFY(QFile::link(QStringLiteral("..2026"), m_places.mounted + u"/..data"));
        QVERIFY(QFile::link(QStringLiteral("..data/token"), m_places.mounted + u"/token"));
        QVERIFY(QDir().mkpath(m_places.mounted + u"/kubernetes.io"));
        const FoundSecrets found = read();
        QCOMPARE(valueOf(found, QStringLiteral("token")), "cluster-secret");
        QCOMPARE(found.secrets.size(), 1u);
        QVERIFY(found.refused.empty());
    }

    void refusesBadNames()
    {
        put(m_places.own + u"/-option", "some-secret-value", 0600);
        put(m_places.own + u"/two words", "some-secret-value", 0600);
        put(m_places.own + u"/line\nend", "some-secret-value", 0600);
        put(m_places.own + u'/' + QString(65, u'a'), "some-secret-value", 0600);
        put(m_places.own + u"/.hidden", "some-secret-value", 0600);
        m_places.environment.insert(QStringLiteral("OPENFACTORY_SECRET_"), QStringLiteral("some-secret-value"));
        const FoundSecrets found = read();
        QVERIFY(found.secrets.empty());
        QCOMPARE(found.refused.size(), 5u);
        for (const Error &error : found.refused)
            QVERIFY(!toText(error).contains(u'\n') && !toText(error).contains(u"some-secret"));
    }

    void refusesAHugeFile()
    {
        put(m_places.own + u"/huge", QByteArray("0123456789abcdef").repeated(5000), 0600);
        QVERIFY(read().secrets.empty());
        QCOMPARE(read().refused.at(0).kind, ErrorKind::Invalid);
    }
};

QTEST_GUILESS_MAIN(SecretSourcesTest)
#include "secretsourcestest.moc"
