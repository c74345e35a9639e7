// SPDX-License-Identifier: Apache-2.0
/// The rules of .gitignore against git's own answers, on random trees and rules.
#include "core/git/folder.h"
#include "core/git/ignorerules.h"
#include "core/git/scan.h"
#include "tests/testlib/scratchrepository.h"

#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QTest>

#include <fcntl.h>

using namespace openfactory;
using namespace openfactory::git;

class GitIgnoreTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void agreesWithGit();
    void matchesGlobs_data();
    void matchesGlobs();
    void isNotSlowedDownByAHostilePattern();
};

void GitIgnoreTest::agreesWithGit()
{
    // Always the same, so that a red run is a change's fault; OPENFACTORY_SEED looks further.
    bool given = false;
    const quint32 asked = qEnvironmentVariable("OPENFACTORY_SEED").toUInt(&given);
    const quint32 seed = given ? asked : 20261128;
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    const auto one = [&](const QByteArrayList &from) { return from[random.bounded(int(from.size()))]; };
    const QByteArrayList names{"a", "b", "ab", "a.c", "b.c", "b c", "#x", "!y", "A", "a[b", "trail ", "\xc3\xa4"};
    const QByteArrayList pieces{"a",     "b",           "c",  "*",  "*", "**", "/", "/", "?", "[ab]", "[!a]",
                                "[a-c]", "[[:alpha:]]", ".c", "\\", " ", "#",  "!", "A", "[", "]",    "\\ "};
    for (int round = 0; round < 60; ++round) {
        ScratchRepository repository;
        for (int i = 0; i < 50; ++i) {
            QByteArray path = one(names);
            for (int depth = random.bounded(4); depth > 0; --depth)
                path += '/' + one(names);
            // A name that is a file already cannot be a folder too.
            bool free = true;
            for (qsizetype slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1))
                free = free
                       && !QFileInfo(repository.path() + QLatin1Char('/') + QString::fromUtf8(path.first(slash)))
                               .isFile();
            if (free && !QFileInfo(repository.path() + QLatin1Char('/') + QString::fromUtf8(path)).isDir())
                repository.write(path, "x");
        }
        const auto rules = [&] {
            QByteArray text;
            for (int line = random.bounded(1, 6); line > 0; --line) {
                if (random.bounded(4) == 0)
                    text += '!';
                for (int piece = random.bounded(1, 6); piece > 0; --piece)
                    text += one(pieces);
                text += one({"\n", "\n", "/\n", " \n", "\r\n"});
            }
            return text;
        };
        for (const char *folder : {"", "a/", "ab/b/"}) {
            if (QFileInfo(repository.path() + QLatin1Char('/') + QLatin1StringView(folder)).isDir())
                repository.write(QByteArray(folder) + ".gitignore", rules());
        }
        const QByteArray excludes = rules();
        repository.write(".git/info/exclude", excludes);

        const QByteArray answer = repository.git({QStringLiteral("ls-files"), QStringLiteral("-z"),
                                                  QStringLiteral("--others"), QStringLiteral("--exclude-standard")});
        QByteArrayList expected = answer.split('\0');
        expected.removeAll(QByteArray());
        std::sort(expected.begin(), expected.end());

        const Descriptor folder(::open(QFile::encodeName(repository.path()).constData(), O_RDONLY | O_DIRECTORY));
        const IndexFile nothing;
        const auto scan = scanFolder({folder.get(), &nothing, &nothing.entries(), excludes, nullptr, {}});
        QVERIFY(scan);
        QByteArrayList found;
        for (const IndexEntry &entry : scan->entries)
            found += entry.path;
        if (found != expected)
            qWarning("excludes: %s root: %s", excludes.toPercentEncoding(" \n*?[]!/\\#.").constData(),
                     repository
                         .git({QStringLiteral("grep"), QStringLiteral("--no-index"), QStringLiteral("-h"),
                               QStringLiteral("-e"), QString(), QStringLiteral("--"),
                               QStringLiteral(":(glob)**/.gitignore")})
                         .constData());
        QCOMPARE(found, expected);
    }
}

void GitIgnoreTest::matchesGlobs_data()
{
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char *pattern, const char *text, bool matches) {
        QTest::addRow("%s on %s", pattern, text) << QByteArray(pattern) << QByteArray(text) << matches;
    };
    row("a/**/b", "a/b", true);
    row("a/**/b", "a/x/y/b", true);
    row("a/**/b", "a/xb", false);
    row("**/b", "b", true);
    row("**/b", "x/y/b", true);
    row("a/**", "a/x/y", true);
    row("a/**", "a", false);
    // As git does it, whatever its manual says: after plain text two stars are as at the beginning.
    row("a**/b", "ab", true);
    row("a**/b", "ax/y/b", true);
    row("a**/", "a", true);
    row("a**/", "ab", false);
    row("[a]**/b", "ax/y/b", false);
    row("a**b", "a/b", false);
    row("a*c", "a/c", false);
    row("a?c", "a/c", false);
    row("*/x*/*y", "q/xz/py", true);
    row("a**b", "axxb", true);
    row("a**b", "ax/xb", false);
    row("**/a*b/**/c*", "x/ab/y/z/aab/q/cc", true);
    row("[]a]", "]", true);
    row("[!]a]", "b", true);
    row("[a-]", "-", true);
    row("[\\]]", "]", true);
    row("[[:digit:]x]", "7", true);
    row("[[:nonsense:]]", "n", false);
    row("[/]", "/", false);
    row("a[", "a[", false);
    row("a\\*", "a*", true);
    row("a\\*", "ab", false);
    row("\xff*", "\xff\xfe", true);
}

void GitIgnoreTest::matchesGlobs()
{
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, text);
    QFETCH(bool, matches);
    QCOMPARE(Glob(pattern).matches(text), matches);
}

void GitIgnoreTest::isNotSlowedDownByAHostilePattern()
{
    // Would not end in anybody's lifetime by trying all ways.
    QVERIFY(!Glob(QByteArray("a*").repeated(400) + 'b').matches(QByteArray(4000, 'a')));
    QVERIFY(!Glob(QByteArray("**/a/").repeated(400) + 'b').matches(QByteArray("a/").repeated(2000)));
}

QTEST_GUILESS_MAIN(GitIgnoreTest)
#include "gitignore_test.moc"
