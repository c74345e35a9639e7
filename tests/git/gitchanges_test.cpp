// SPDX-License-Identifier: Apache-2.0
/// What a diff shows, that nothing hides in it, and what its hash is bound to.
#include "core/git/gitworkspaces.h"
#include "tests/testlib/expect.h"
#include "tests/testlib/scratchrepository.h"

#include <QFile>
#include <QSet>
#include <QTest>

#include <algorithm>

using namespace openfactory;

namespace {

const GitIdentity identity{QStringLiteral("Factory"), QStringLiteral("factory@example.org"), {}};

QByteArray numbered(int from, int to)
{
    QByteArray text;
    for (int i = from; i <= to; ++i)
        text += "line " + QByteArray::number(i) + '\n';
    return text;
}

/// Before and after of one repository, as commits.
struct Pair {
    ScratchRepository repository;
    CommitId from;
    CommitId to;
};

} // namespace

class GitChangesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void showsEveryKindOfChange();
    void listsFilesAndReadsEachOnDemand();
    void printsWhatGitPrintsAndGitAppliesIt();
    void comparesWithTheWorkspaceWithoutKeepingObjects();
    void hidesNothingForAttributesOrConfiguration();
    void showsDeceptions_data();
    void showsDeceptions();
    void callsFilesWithZeroBytesOrTooLargeBinary();
    void keepsItsHashThroughACleanRebase();
    void changesItsHashWithAnythingElse_data();
    void changesItsHashWithAnythingElse();
    void readsFilesOfCommits();

private:
    GitWorkspaces m_git{identity};
};

void GitChangesTest::showsEveryKindOfChange()
{
    ScratchRepository repository;
    repository.write("modified", numbered(1, 40));
    repository.write("deleted", "gone\n");
    repository.write("old name", numbered(1, 30));
    repository.write("mode", "same\n");
    repository.write("type", "nothing like any other\n");
    repository.write("binary", QByteArray("\0\1", 2));
    const CommitId from = repository.commitAll();
    QByteArray lines = numbered(1, 40);
    lines.replace("line 20\n", "line twenty\nand more\n");
    repository.write("modified", lines);
    ScratchRepository::removeAt(repository.path(), "deleted");
    ScratchRepository::removeAt(repository.path(), "old name");
    repository.write("new name", numbered(1, 30) + "end\n");
    repository.write("mode", "same\n", 0755);
    ScratchRepository::removeAt(repository.path(), "type");
    ScratchRepository::linkAt(repository.path(), "type", "modified");
    repository.write("binary", QByteArray("\0\2", 2));
    repository.write("added", "new\nfile");
    repository.git({QStringLiteral("update-index"), QStringLiteral("--add"), QStringLiteral("--cacheinfo"),
                    QStringLiteral("160000,%1,module").arg(from)});
    repository.git({QStringLiteral("add"), QStringLiteral("-A"), QStringLiteral("--"), QStringLiteral(":!module")});
    repository.git({QStringLiteral("commit"), QStringLiteral("-qm"), QStringLiteral("all")});
    const CommitId to = repository.head();

    const auto changes = m_git.diff(repository.path(), from, to, false);
    OF_OK(changes);
    QByteArrayList seen;
    for (const FileChange &file : changes->files) {
        seen += file.path + ' ' + QByteArray::number(int(file.status)) + ' ' + QByteArray::number(file.oldMode, 8) + ' '
                + QByteArray::number(file.newMode, 8) + ' '
                + (file.binary
                       ? QByteArray("binary")
                       : QByteArray(QByteArray::number(file.added) + '+' + QByteArray::number(file.removed) + '-'))
                + ' ' + file.oldPath;
    }
    const auto status = [](FileStatus value) { return QByteArray::number(int(value)); };
    QCOMPARE(seen, (QByteArrayList{"added " + status(FileStatus::Added) + " 0 100644 2+0- added",
                                   "binary " + status(FileStatus::Modified) + " 100644 100644 binary binary",
                                   "deleted " + status(FileStatus::Deleted) + " 100644 0 0+1- deleted",
                                   "mode " + status(FileStatus::Modified) + " 100644 100755 0+0- mode",
                                   "modified " + status(FileStatus::Modified) + " 100644 100644 2+1- modified",
                                   "module " + status(FileStatus::Added) + " 0 160000 1+0- module",
                                   "new name " + status(FileStatus::Renamed) + " 100644 100644 1+0- old name",
                                   "type " + status(FileStatus::TypeChanged) + " 100644 120000 1+1- type"}));
    QCOMPARE(changes->added(), 7);
    QCOMPARE(changes->removed(), 3);
    const DiffHunk &hunk = changes->files[4].hunks.at(0);
    QCOMPARE(hunk.header, QByteArray("line 16"));
    QCOMPARE(hunk.lines.size(), size_t(9));
    QCOMPARE(hunk.lines[3], (DiffLine{DiffLine::Kind::Removed, 20, 0, "line 20"}));
    QCOMPARE(hunk.lines[5], (DiffLine{DiffLine::Kind::Added, 0, 21, "and more"}));
    QCOMPARE(hunk.lines[6], (DiffLine{DiffLine::Kind::Context, 21, 22, "line 21"}));
    QCOMPARE(changes->files[5].hunks.at(0).lines.at(0).text, QByteArray("Subproject commit " + from.toLatin1()));
    QCOMPARE(changes->files[0].hunks.at(0).lines.back().text, QByteArray("\\ No newline at end of file"));

    const auto summary = m_git.diff(repository.path(), from, to, true);
    OF_OK(summary);
    QCOMPARE(summary->hash, changes->hash);
    QCOMPARE(summary->added(), changes->added());
    QVERIFY(std::ranges::all_of(summary->files, [](const FileChange &file) { return file.hunks.empty(); }));
}

void GitChangesTest::listsFilesAndReadsEachOnDemand()
{
    ScratchRepository repository;
    repository.write("modified", numbered(1, 40));
    repository.write("deleted", "gone\n");
    repository.write("deep/old name", numbered(1, 30));
    repository.write("mode", "same\n");
    repository.write("type", "nothing like any other\n");
    repository.write("binary", QByteArray("\0\1", 2));
    const CommitId from = repository.commitAll();
    repository.write("modified", numbered(2, 41));
    ScratchRepository::removeAt(repository.path(), "deleted");
    ScratchRepository::removeAt(repository.path(), "deep/old name");
    repository.write("new name", numbered(1, 30) + "end\n");
    repository.write("mode", "same\n", 0755);
    ScratchRepository::removeAt(repository.path(), "type");
    ScratchRepository::linkAt(repository.path(), "type", "modified");
    repository.write("binary", QByteArray("\0\2", 2));
    repository.write("added", "new\nfile");
    const CommitId to = repository.commitAll();
    const auto changes = m_git.diff(repository.path(), from, to, false);
    OF_OK(changes);
    const auto listed = m_git.changedFiles(repository.path(), from, to);
    OF_OK(listed);
    QCOMPARE(listed->size(), changes->files.size());
    QSet<QString> keys;
    for (size_t i = 0; i < listed->size(); ++i) {
        const ListedChange &file = (*listed)[i];
        QVERIFY(file.change.hunks.empty() && !file.change.binary);
        const auto read = m_git.fileChange(repository.path(), from, to, file.change);
        OF_OK(read);
        QVERIFY2(*read == changes->files[i], file.change.path);
        keys.insert(file.contentKey);
    }
    QCOMPARE(size_t(keys.size()), listed->size());
    // The same content by another commit keeps the key, other content does not.
    const auto keyOf = [&](const CommitId &commit) {
        const auto again = m_git.changedFiles(repository.path(), from, commit);
        const auto at = std::ranges::find(*again, QByteArray("modified"),
                                          [](const ListedChange &f) { return f.change.path; });
        return at == again->end() ? QString() : at->contentKey;
    };
    repository.write("unrelated", "x");
    QCOMPARE(keyOf(repository.commitAll()), keyOf(to));
    repository.write("modified", numbered(2, 42));
    QVERIFY(keyOf(repository.commitAll()) != keyOf(to));
    FileChange nowhere;
    nowhere.path = "../nowhere";
    QVERIFY(!m_git.fileChange(repository.path(), from, to, nowhere));
}

void GitChangesTest::printsWhatGitPrintsAndGitAppliesIt()
{
    ScratchRepository repository;
    repository.write("a", numbered(1, 60));
    repository.write("with space", numbered(1, 5));
    repository.write("quote\"d\nand \xc3\xa4\xff", "x\n");
    repository.write("gone", "1\n2");
    repository.write("same name", numbered(1, 20));
    repository.write("run", "x\n");
    repository.write("empty", "");
    repository.write("type", "1\n2\n3\n");
    repository.write("crlf", "1\r\n2\r\n");
    const CommitId from = repository.commitAll();
    QByteArray lines = numbered(1, 60);
    lines.replace("line 10\n", "line ten\n").replace("line 14\n", "").replace("line 50\n", "line 50\nmore\n");
    repository.write("a", lines);
    repository.write("with space", numbered(1, 4) + "line 5");
    repository.write("quote\"d\nand \xc3\xa4\xff", "y\n");
    ScratchRepository::removeAt(repository.path(), "gone");
    ScratchRepository::removeAt(repository.path(), "same name");
    repository.write("dir/other name", numbered(1, 19));
    repository.write("run", "x\n", 0755);
    repository.write("empty", "no more\n");
    repository.write("new empty", "");
    ScratchRepository::removeAt(repository.path(), "type");
    ScratchRepository::linkAt(repository.path(), "type", "1\n2");
    repository.write("crlf", "1\n2\r\n");
    repository.write("added", "1\n", 0755);
    const CommitId to = repository.commitAll();
    const auto patch = m_git.patch(repository.path(), from, to);
    OF_OK(patch);
    // Line by line, so that a difference is told readably; but for the figure that each estimates in its own way.
    const auto lineByLine = [](const QByteArray &text) {
        QByteArrayList all = text.split('\n');
        all.removeIf([](const QByteArray &line) { return line.startsWith("similarity index "); });
        return all;
    };
    QCOMPARE(lineByLine(*patch), lineByLine(repository.git({QStringLiteral("diff"), QStringLiteral("--full-index"),
                                                            QStringLiteral("-M"), from, to})));

    ScratchRepository::writeAt(repository.outside(), "patch", *patch);
    repository.git({QStringLiteral("checkout"), QStringLiteral("-q"), from});
    repository.git({QStringLiteral("apply"), QStringLiteral("--index"), QStringLiteral("--whitespace=nowarn"),
                    repository.outside() + QStringLiteral("/patch")});
    QCOMPARE(QString::fromLatin1(repository.git({QStringLiteral("write-tree")}).trimmed()),
             repository.head(to + QStringLiteral("^{tree}")));
}

void GitChangesTest::comparesWithTheWorkspaceWithoutKeepingObjects()
{
    ScratchRepository repository;
    repository.write("a", numbered(1, 10));
    const CommitId base = repository.commitAll();
    const WorkspaceRef workspace = repository.workspace(QStringLiteral("job"));
    OF_OK(m_git.create(workspace, base, {}));
    ScratchRepository::writeAt(workspace.path, "a", numbered(2, 10));
    ScratchRepository::writeAt(workspace.path, "new/b", "b\n");
    const QByteArray before = repository.git({QStringLiteral("count-objects")});
    const auto changes = m_git.diffToWorkspace(workspace, base);
    OF_OK(changes);
    QCOMPARE(changes->added(), 1);
    QCOMPARE(changes->removed(), 1);
    QCOMPARE(repository.git({QStringLiteral("count-objects")}), before);
    const auto done = m_git.commit(workspace, noteOf("x"));
    OF_OK(done);
    const auto same = m_git.diff(repository.path(), base, *done, false);
    OF_OK(same);
    QCOMPARE(same->hash, changes->hash);
    QCOMPARE(same->files, changes->files);
}

void GitChangesTest::hidesNothingForAttributesOrConfiguration()
{
    ScratchRepository repository;
    repository.write("a.txt", numbered(1, 5));
    repository.write("b.txt", numbered(1, 5));
    const CommitId from = repository.commitAll();
    repository.write("a.txt", numbered(1, 4) + "evil\n");
    repository.write("b.txt", numbered(1, 5) + "   \n");
    const CommitId plain = repository.commitAll();
    const auto expected = m_git.diff(repository.path(), from, plain, false);
    OF_OK(expected);
    for (const char *attributes :
         {"* -diff\n", "* binary\n", "* diff=x\n", "a.txt -text -diff linguist-generated\n", "* diff=x -merge\n"}) {
        for (const char *place : {".gitattributes", ".git/info/attributes"}) {
            repository.write(place, attributes);
            for (const char *setting : {"diff.x.binary=true", "diff.x.textconv=true", "diff.x.command=true",
                                        "diff.external=true", "diff.ignoreSubmodules=all", "diff.noprefix=true",
                                        "diff.algorithm=patience", "diff.context=0", "diff.renames=false"}) {
                const QList<QByteArray> parts = QByteArray(setting).split('=');
                repository.git(
                    {QStringLiteral("config"), QString::fromLatin1(parts[0]), QString::fromLatin1(parts[1])});
            }
            const auto seen = m_git.diff(repository.path(), from, plain, false);
            OF_OK(seen);
            QCOMPARE(seen->files, expected->files);
            QCOMPARE(seen->hash, expected->hash);
        }
    }
    // And where the attributes are committed together with the change.
    repository.write(".gitattributes", "* -diff\n");
    const auto seen = m_git.diff(repository.path(), from, repository.commitAll(), false);
    OF_OK(seen);
    QCOMPARE(seen->files.size(), size_t(3));
    QCOMPARE(seen->files[1].hunks, expected->files[0].hunks);
}

void GitChangesTest::showsDeceptions_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<QByteArray>("shown"); ///< an added line that must be there, to the byte
    const auto row = [](const char *tag, const QByteArray &before, const QByteArray &after, const QByteArray &shown) {
        QTest::newRow(tag) << before << after << shown;
    };
    row("carriage returns", "a\nb\n", "a\r\nb\n", "a\r");
    row("only carriage returns", "a\rb\n", "a\rc\n", "a\rc");
    row("trailing space", "a\n", "a \n", "a ");
    row("bidirectional override", "a\n", "a\xe2\x80\xae\n", "a\xe2\x80\xae");
    row("zero width", "ab\n",
        "a\xe2\x80\x8b"
        "b\n",
        "a\xe2\x80\x8b"
        "b");
    row("homoglyph", "scope\n", "s\xd1\x81ope\n", "s\xd1\x81ope");
    row("one line of a megabyte", QByteArray(1 << 20, 'x') + '\n', QByteArray(1 << 20, 'x') + "y\n",
        QByteArray(1 << 20, 'x') + 'y');
    row("not UTF-8", "a\n", "\xff\xfe\n", "\xff\xfe");
    row("escape sequences", "a\n", "\x1b[2Ja\n", "\x1b[2Ja");
    row("looks like a header", "a\n", "-- a/x\n+++ b/x\n@@ -1 +1 @@\n", "@@ -1 +1 @@");
    row("the last line end", "a\nb\n", "a\nb", "b");
}

void GitChangesTest::showsDeceptions()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QFETCH(QByteArray, shown);
    ScratchRepository repository;
    repository.write("x", before);
    const CommitId from = repository.commitAll();
    repository.write("x", after);
    const auto changes = m_git.diff(repository.path(), from, repository.commitAll(), false);
    OF_OK(changes);
    QCOMPARE(changes->files.size(), size_t(1));
    QVERIFY(!changes->files[0].binary);
    bool found = false;
    for (const DiffHunk &hunk : changes->files[0].hunks) {
        for (const DiffLine &line : hunk.lines)
            found = found || (line.kind == DiffLine::Kind::Added && line.text == shown);
    }
    QVERIFY(found);
}

void GitChangesTest::callsFilesWithZeroBytesOrTooLargeBinary()
{
    ScratchRepository repository;
    repository.write("zero", QByteArray(20'000, 'a') + QByteArray(1, '\0'));
    repository.write("large", QByteArray(5 << 20, 'a'));
    const CommitId from = repository.commitAll();
    repository.write("zero", QByteArray(20'000, 'b') + QByteArray(1, '\0'));
    repository.write("large", QByteArray((5 << 20) + 1, 'a'));
    const CommitId to = repository.commitAll();
    const auto changes = m_git.diff(repository.path(), from, to, false);
    OF_OK(changes);
    for (const FileChange &file : changes->files)
        QVERIFY2(file.binary && file.hunks.empty(), file.path.constData());
    const auto patch = m_git.patch(repository.path(), from, to);
    OF_OK(patch);
    QVERIFY(patch->contains("Binary files a/large and b/large differ\n"));
}

void GitChangesTest::keepsItsHashThroughACleanRebase()
{
    ScratchRepository repository;
    repository.write("a", numbered(1, 60));
    const CommitId base = repository.commitAll();
    repository.git({QStringLiteral("switch"), QStringLiteral("-qc"), QStringLiteral("topic")});
    QByteArray lines = numbered(1, 60);
    lines.replace("line 50\n", "fifty\n");
    repository.write("a", lines);
    repository.write("new", QByteArray("\0new", 4));
    const CommitId topic = repository.commitAll();
    repository.git({QStringLiteral("switch"), QStringLiteral("-q"), QStringLiteral("main")});
    repository.write("a", "a line before\n" + numbered(1, 60));
    repository.write("unrelated", "x\n");
    const CommitId target = repository.commitAll();
    repository.git({QStringLiteral("rebase"), QStringLiteral("-q"), QStringLiteral("main"), QStringLiteral("topic")});
    const auto before = m_git.diff(repository.path(), base, topic, true);
    const auto after = m_git.diff(repository.path(), target, repository.head(QStringLiteral("topic")), true);
    OF_OK(before);
    OF_OK(after);
    QCOMPARE(after->hash, before->hash);
    QCOMPARE(before->hash.size(), 64);
}

void GitChangesTest::changesItsHashWithAnythingElse_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("mode");
    const auto row = [](const char *tag, const char *path, const QByteArray &bytes, int mode) {
        QTest::newRow(tag) << QByteArray(path) << bytes << mode;
    };
    row("one letter", "new", "Text\n", 0644);
    row("a space", "new", "text \n", 0644);
    row("a carriage return", "new", "text\r\n", 0644);
    row("no line end", "new", "text", 0644);
    row("the mode", "new", "text\n", 0755);
    row("the name", "New", "text\n", 0644);
    row("binary content", "binary", QByteArray("\0b", 2), 0644);
    row("one more file", "more", "", 0644);
}

void GitChangesTest::changesItsHashWithAnythingElse()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, bytes);
    QFETCH(int, mode);
    ScratchRepository repository;
    repository.write("a", "a\n");
    const CommitId from = repository.commitAll();
    repository.write("new", "text\n");
    repository.write("binary", QByteArray("\0a", 2));
    const auto shown = m_git.diff(repository.path(), from, repository.commitAll(), true);
    OF_OK(shown);
    if (path == "New")
        ScratchRepository::removeAt(repository.path(), "new");
    repository.write(path, bytes, mode);
    const auto other = m_git.diff(repository.path(), from, repository.commitAll(), true);
    OF_OK(other);
    QVERIFY(other->hash != shown->hash);
}

void GitChangesTest::readsFilesOfCommits()
{
    ScratchRepository repository;
    repository.write("dir/a", "one\r\n");
    const CommitId commit = repository.commitAll();
    QCOMPARE(m_git.blob(repository.path(), commit, "dir/a").value(), QByteArray("one\r\n"));
    QCOMPARE(m_git.blob(repository.path(), commit, "dir").error().kind, ErrorKind::NotFound);
    QCOMPARE(m_git.blob(repository.path(), commit, "nowhere").error().kind, ErrorKind::NotFound);
    QCOMPARE(m_git.blob(repository.path(), commit, "../a").error().kind, ErrorKind::NotFound);
    QCOMPARE(m_git.blob(repository.path(), commit, QByteArray("dir\0/a", 6)).error().kind, ErrorKind::Invalid);
    QCOMPARE(m_git.blob(repository.path(), QStringLiteral("main"), "a").error().kind, ErrorKind::Invalid);
}

QTEST_GUILESS_MAIN(GitChangesTest)
#include "gitchanges_test.moc"
