// SPDX-License-Identifier: Apache-2.0
/// The digest of a hostile folder: all of it counts, no link is followed, nothing can make it wait or run away.
#include "core/engine/foldercontent.h"

#include "tests/testlib/scratchrepository.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <sys/stat.h>

using namespace openfactory;

namespace {

bool nothing(const RepoPath &, bool)
{
    return false;
}

} // namespace

class FolderContentTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyDifferenceCounts()
    {
        const QTemporaryDir folder;
        const auto digest = [&] { return contentDigest(folder.path(), nothing).value(); };
        QList<QByteArray> seen{digest()};
        const auto differs = [&](const char *what) {
            const QByteArray now = digest();
            const bool is = !seen.contains(now);
            seen << now;
            if (!is)
                qWarning("%s is not seen", what);
            return is;
        };
        ScratchRepository::writeAt(folder.path(), "a/b", "1");
        QVERIFY(differs("a file"));
        ScratchRepository::writeAt(folder.path(), "a/b", "2");
        QVERIFY(differs("its content"));
        ScratchRepository::writeAt(folder.path(), "a/b", "2", 0755);
        QVERIFY(differs("its execute bit"));
        QVERIFY(QFile::rename(folder.filePath(QStringLiteral("a/b")), folder.filePath(QStringLiteral("a/c"))));
        QVERIFY(differs("its name"));
        QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("empty")));
        QVERIFY(differs("an empty folder"));
        ScratchRepository::linkAt(folder.path(), "link", "/etc/passwd");
        QVERIFY(differs("a link"));
        ScratchRepository::removeAt(folder.path(), "link");
        ScratchRepository::linkAt(folder.path(), "link", "/etc/group");
        QVERIFY(differs("its target"));
        QCOMPARE(digest(), seen.last());
    }

    void whatIsLeftOutIsNotLookedAt()
    {
        const QTemporaryDir folder;
        const auto digest = [&] {
            return contentDigest(folder.path(), [](const RepoPath &path, bool isFolder) {
                return isFolder ? path == ".cache" : path == "kept/tracked";
            });
        };
        ScratchRepository::writeAt(folder.path(), "kept/tracked", "1");
        const auto before = digest();
        QVERIFY(before);
        ScratchRepository::writeAt(folder.path(), "kept/tracked", "2");
        ScratchRepository::writeAt(folder.path(), ".cache/x", "2");
        QCOMPARE(digest(), before);
        ScratchRepository::writeAt(folder.path(), "kept/.cache", "a file of that name elsewhere");
        QVERIFY(digest() != before);
    }

    void neitherLinksNorPipesHoldItUp()
    {
        const QTemporaryDir folder;
        ScratchRepository::linkAt(folder.path(), "round", ".");
        ScratchRepository::linkAt(folder.path(), "out", "/");
        QVERIFY(::mkfifo(QFile::encodeName(folder.filePath(QStringLiteral("pipe"))).constData(), 0600) == 0);
        QVERIFY(contentDigest(folder.path(), nothing));
        // A link in the place of the folder itself.
        const QTemporaryDir other;
        ScratchRepository::linkAt(other.path(), "home", QFile::encodeName(folder.path()));
        QVERIFY(!contentDigest(other.filePath(QStringLiteral("home")), nothing));
        QVERIFY(!contentDigest(other.filePath(QStringLiteral("absent")), nothing));
    }

    void tooMuchIsNoAnswer()
    {
        const QTemporaryDir folder;
        for (int i = 0; i < 5; ++i)
            ScratchRepository::writeAt(folder.path(), "d/" + QByteArray::number(i), QByteArray(100, 'x'));
        QVERIFY(contentDigest(folder.path(), nothing, {.files = 6, .bytes = 500, .depth = 1}));
        QVERIFY(!contentDigest(folder.path(), nothing, {.files = 5, .bytes = 500, .depth = 1}));
        QVERIFY(!contentDigest(folder.path(), nothing, {.files = 6, .bytes = 499, .depth = 1}));
        QVERIFY(!contentDigest(folder.path(), nothing, {.files = 6, .bytes = 500, .depth = 0}));
    }
};

QTEST_GUILESS_MAIN(FolderContentTest)
#include "foldercontenttest.moc"
