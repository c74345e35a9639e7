// SPDX-License-Identifier: Apache-2.0
#include "core/base/file.h"
#include "tests/testlib/expect.h"

#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

using namespace openfactory;

namespace {

/// No file can grow beyond this while it lives: a disk that is full, as far as a writer can tell.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        getrlimit(RLIMIT_FSIZE, &m_before);
        m_signal = std::signal(SIGXFSZ, SIG_IGN);
        rlimit limit = m_before;
        limit.rlim_cur = bytes;
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_signal);
    }
    FileSizeLimit(const FileSizeLimit &) = delete;
    FileSizeLimit &operator=(const FileSizeLimit &) = delete;

private:
    rlimit m_before{};
    void (*m_signal)(int) = SIG_DFL;
};

mode_t modeOf(const QString &path)
{
    struct stat facts{};
    return ::lstat(QFile::encodeName(path).constData(), &facts) == 0 ? facts.st_mode & 07777 : 0;
}

} // namespace

class TestFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void writesAndReplacesWholeFiles()
    {
        const QString path = at("new/deep/er/file");
        OF_OK(writeFileAtomically(path, "one"));
        OF_OK(writeFileAtomically(path, "two"));
        QCOMPARE(*readSmallFile(path), QByteArray("two"));
        OF_OK(writeFileAtomically(path, {}));
        QCOMPARE(*readSmallFile(path), QByteArray());
        QCOMPARE(modeOf(path), mode_t(0600));
        QCOMPARE(modeOf(at("new/deep")), mode_t(0700));
        QCOMPARE(entries("new/deep/er"), QStringList{QStringLiteral("file")});
    }

    void aFullDiskKeepsTheOldFile()
    {
        const QString path = at("file");
        OF_OK(writeFileAtomically(path, "old"));
        {
            const FileSizeLimit limit(100'000);
            const auto written = writeFileAtomically(path, QByteArray(300'000, 'x'));
            OF_REFUSED(written, ErrorKind::Io, path);
        }
        QCOMPARE(*readSmallFile(path), QByteArray("old"));
        QCOMPARE(entries(""), QStringList{QStringLiteral("file")}); // nothing half-written is left either
    }

    void aLinkIsReplacedAndItsTargetStays()
    {
        OF_OK(writeFileAtomically(at("target"), "kept"));
        QVERIFY(QFile::link(at("target"), at("link")));
        OF_OK(writeFileAtomically(at("link"), "new"));
        QVERIFY(!QFileInfo(at("link")).isSymLink());
        QCOMPARE(*readSmallFile(at("target")), QByteArray("kept"));
    }

    void aFolderInTheWayIsAnError()
    {
        OF_OK(makeFolder(at("folder/inner")));
        QVERIFY(!writeFileAtomically(at("folder"), "x"));
        QCOMPARE(entries(""), QStringList{QStringLiteral("folder")});
        OF_OK(writeFileAtomically(at("file"), "x"));
        QVERIFY(!makeFolder(at("file")));
        QVERIFY(!makeFolder(at("file/below")));
        QVERIFY(!writeFileAtomically(at("file/below"), "x"));
    }

    void readersNeverSeeAHalfWrittenFile()
    {
        const QString path = at("file");
        const QByteArray one(200'000, '1');
        const QByteArray two(150'000, '2');
        OF_OK(writeFileAtomically(path, one));
        std::atomic<bool> whole = true;
        {
            std::jthread reader([&](const std::stop_token &stop) {
                while (!stop.stop_requested()) {
                    const auto read = readSmallFile(path);
                    if (!read || (*read != one && *read != two))
                        whole = false;
                }
            });
            for (int i = 0; i < 30; ++i)
                OF_OK(writeFileAtomically(path, i % 2 ? one : two));
        }
        QVERIFY(whole);
    }

    void readsRegularFilesOnly()
    {
        OF_OK(writeFileAtomically(at("file"), "content"));
        QVERIFY(QFile::link(at("file"), at("link")));
        QVERIFY(!readSmallFile(at("link")));
        QCOMPARE(::mkfifo(QFile::encodeName(at("fifo")).constData(), 0600), 0);
        OF_REFUSED(readSmallFile(at("fifo")), ErrorKind::Invalid,
                   QStringLiteral("not a regular file")); // and does not hang
        OF_REFUSED(readSmallFile(at("")), ErrorKind::Invalid, QStringLiteral("not a regular file"));
        OF_REFUSED(readSmallFile(QStringLiteral("/dev/zero")), ErrorKind::Invalid,
                   QStringLiteral("not a regular file"));
        OF_REFUSED(readSmallFile(at("missing")), ErrorKind::NotFound, at("missing"));
    }

    void readsUpToTheLimit()
    {
        OF_OK(writeFileAtomically(at("file"), QByteArray(1000, 'x')));
        QCOMPARE(readSmallFile(at("file"), 1000)->size(), 1000);
        OF_REFUSED(readSmallFile(at("file"), 999), ErrorKind::Invalid, QStringLiteral("larger than 999 bytes"));
    }

    void aNameWithNulIsNoOtherFile()
    {
        OF_OK(writeFileAtomically(at("file"), "x"));
        const QString path = at("file") + QChar(0) + QStringLiteral(".yaml");
        OF_REFUSED(readSmallFile(path), ErrorKind::Invalid, QStringLiteral("NUL"));
        OF_REFUSED(writeFileAtomically(path, "y"), ErrorKind::Invalid, QStringLiteral("NUL"));
        OF_REFUSED(makeFolder(at("new") + QChar(0)), ErrorKind::Invalid, QStringLiteral("NUL"));
        OF_REFUSED(readBeneath(at(""), QByteArray("file\0x", 6), 100), ErrorKind::Invalid, QStringLiteral("NUL"));
        QCOMPARE(*readSmallFile(at("file")), QByteArray("x"));
    }

    void readsBeneathAFolderOnly_data()
    {
        QTest::addColumn<QByteArray>("relative");
        QTest::addColumn<bool>("good");
        const auto row = [](const char *name, const char *relative, bool good) {
            QTest::newRow(name) << QByteArray(relative) << good;
        };
        row("a file", "inside", true);
        row("deep", "deep/er/file", true);
        row("dots inside", "./deep/../inside", true);
        row("a name that is not UTF-8", "caf\xe9", true);
        row("out by ..", "../outside", false);
        row("out and in again", "../root/inside", false);
        row("absolute", "/etc/hostname", false);
        row("link to outside", "out-link", false);
        row("link to inside", "in-link", false);
        row("link as a folder", "folder-link/outside", false);
        row("link to itself", "loop", false);
        row("FIFO", "fifo", false);
        row("the folder itself", ".", false);
        row("nothing", "", false);
        row("missing", "missing", false);
    }
    void readsBeneathAFolderOnly()
    {
        QFETCH(QByteArray, relative);
        QFETCH(bool, good);
        const QString root = at("root");
        OF_OK(writeFileAtomically(at("outside"), "secret"));
        OF_OK(writeFileAtomically(root + QStringLiteral("/inside"), "content"));
        OF_OK(writeFileAtomically(root + QStringLiteral("/deep/er/file"), "content"));
        const auto inRoot = [&](const char *name) -> QByteArray { return QFile::encodeName(root) + '/' + name; };
        const auto link = [&](const char *target, const char *name) {
            QCOMPARE(::symlink(target, inRoot(name).constData()), 0);
        };
        link("../outside", "out-link");
        link("inside", "in-link");
        link("..", "folder-link");
        link("loop", "loop");
        QCOMPARE(::mkfifo(inRoot("fifo").constData(), 0600), 0);
        QCOMPARE(::link(inRoot("inside").constData(), inRoot("caf\xe9").constData()), 0);
        const auto read = readBeneath(root, relative, 1000);
        QCOMPARE(read.has_value(), good);
        if (good)
            QCOMPARE(*read, QByteArray("content"));
    }

    void writesBeneathAFolderOnly()
    {
        const QString root = at("below");
        OF_OK(makeFolder(root));
        OF_OK(writeFileAtomically(at("outside/file"), "secret"));
        QVERIFY(QFile::link(at("outside"), root + QStringLiteral("/link")));
        QVERIFY(QFile::link(at("outside/file"), root + QStringLiteral("/file")));
        OF_OK(writeBeneath(root, "a/b/new", "x", 0755));
        QVERIFY(QFileInfo(root + QStringLiteral("/a/b/new")).isExecutable());
        OF_OK(writeBeneath(root, "file", "y")); // the link is replaced, what it led to stays
        QCOMPARE(*readSmallFile(root + QStringLiteral("/file")), QByteArray("y"));
        for (const char *path :
             {"link/file", "../outside/file", "a/../../outside/file", "/etc/x", "a//b", "a/", "", ".."})
            QVERIFY2(!writeBeneath(root, path, "z"), path);
        QCOMPARE(*readSmallFile(at("outside/file")), QByteArray("secret"));
    }

    void magicLinksAreNotFollowed()
    {
        const QString process = QStringLiteral("/proc/%1").arg(::getpid());
        QVERIFY(QFileInfo::exists(process + QStringLiteral("/root/etc/passwd")));
        QVERIFY(!readBeneath(process, "root/etc/passwd", 100'000));
        OF_OK(readBeneath(process, "status", 100'000));
    }

    void aSwappedLinkIsNeverFollowed()
    {
        // While one thread exchanges a folder and a link to outside, reading gives the inside or an error.
        const QString root = at("root");
        OF_OK(writeFileAtomically(at("outside/file"), "secret"));
        OF_OK(writeFileAtomically(root + QStringLiteral("/a/file"), "content"));
        QVERIFY(QFile::link(at("outside"), root + QStringLiteral("/b")));
        const QByteArray a = QFile::encodeName(root) + "/a";
        const QByteArray b = QFile::encodeName(root) + "/b";
        int good = 0;
        {
            std::jthread swapper([&](const std::stop_token &stop) {
                while (!stop.stop_requested())
                    ::renameat2(AT_FDCWD, a.constData(), AT_FDCWD, b.constData(), RENAME_EXCHANGE);
            });
            for (int i = 0; i < 20'000; ++i) {
                const auto read = readBeneath(root, "a/file", 1000);
                QVERIFY(!read || *read == "content");
                good += read.has_value();
            }
        }
        QVERIFY2(good > 0 && good < 20'000, qPrintable(QStringLiteral("%1 of 20000: nothing was swapped").arg(good)));
    }

    void realPathFollowsEveryLink()
    {
        QDir().mkpath(at("one/two"));
        QVERIFY(QFile::link(at("one"), at("link")));
        QVERIFY(QFile::link(QStringLiteral("nowhere"), at("broken")));
        const QString real = QFileInfo(m_folder->path()).canonicalFilePath() + QStringLiteral("/one/two");
        QCOMPARE(realPath(at("link/two")), real);
        QCOMPARE(realPath(at("link/../one/./two")), real);
        QCOMPARE(realPath(at("broken")), QString());
        QCOMPARE(realPath(at("missing")), QString());
        QCOMPARE(realPath(QString()), QString());
    }

private:
    QString at(const char *name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    QStringList entries(const char *name) const
    {
        return QDir(at(name)).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestFile)
#include "test_file.moc"
