// SPDX-License-Identifier: Apache-2.0
#include "core/domain/contract.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

namespace {

FileChange changeOf(const RepoPath &path, FileStatus status = FileStatus::Modified)
{
    FileChange file;
    file.status = status;
    file.path = file.oldPath = path;
    file.oldMode = file.newMode = 0100644;
    file.added = 1;
    return file;
}

FileChange linkTo(const RepoPath &path, const QByteArray &target)
{
    FileChange file = changeOf(path, FileStatus::Added);
    file.oldMode = 0;
    file.newMode = 0120000;
    DiffHunk hunk;
    for (const auto &line : target.split('\n'))
        hunk.lines.push_back({DiffLine::Kind::Added, 0, int(hunk.lines.size()) + 1, line});
    // As git has it: a target does not end in a line end.
    hunk.lines.push_back({DiffLine::Kind::Context, 0, 0, "\\ No newline at end of file"});
    file.hunks = {hunk};
    return file;
}

QStringList rulesBroken(const Contract &contract, const std::vector<FileChange> &files)
{
    QStringList rules;
    for (const auto &finding : boundaryBreaches(contract, {files, {}}))
        rules += finding.rule + u' ' + QString::fromLatin1(finding.file.toPercentEncoding("/"));
    return rules;
}

Contract narrow()
{
    Contract contract;
    contract.allowedFiles = {QStringLiteral("src/**"), QStringLiteral("tests/")};
    contract.forbiddenFiles = {QStringLiteral("src/secret/**"), QStringLiteral("README.md")};
    return contract;
}

} // namespace

class TestBoundary : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void insideIsNoBreach()
    {
        QCOMPARE(rulesBroken(narrow(), {changeOf("src/a.py"), changeOf("tests/b/c.py", FileStatus::Added),
                                        changeOf("src/x", FileStatus::Deleted)}),
                 QStringList());
        QCOMPARE(rulesBroken(Contract(), {changeOf("anything"), changeOf("caf\xe9/\n", FileStatus::Added)}),
                 QStringList());
    }

    void everyPathOutsideIsNamed()
    {
        QCOMPARE(
            rulesBroken(narrow(), {changeOf("README.md"), changeOf("src/secret/k", FileStatus::Deleted),
                                   changeOf("setup.py"), changeOf("caf\xe9", FileStatus::Added)})
                .join(u','),
            QStringLiteral(
                "forbidden_files README.md,forbidden_files src/secret/k,allowed_files setup.py,allowed_files caf%E9"));
        Contract none;
        none.allowedFiles.clear();
        QCOMPARE(rulesBroken(none, {changeOf("a")}).join(u','), QStringLiteral("allowed_files a"));
    }

    void messagesSayWhatAndWhy()
    {
        const auto breaches = boundaryBreaches(
            narrow(), {{changeOf("README.md"), changeOf("docs/x\x1b.md", FileStatus::Added), changeOf("docs/y")}, {}});
        QCOMPARE(breaches[0].message, QStringLiteral("Modified README.md (forbidden by contract: README.md)"));
        QCOMPARE(breaches[1].message, QStringLiteral("New file docs/x\\x1b.md outside of allowed_files"));
        QCOMPARE(breaches[2].message, QStringLiteral("File docs/y not in allowed_files"));
        for (const auto &breach : breaches) {
            QCOMPARE(breach.severity, Severity::Error);
            QCOMPARE(breach.tool, QStringLiteral("boundary"));
            QVERIFY(!breach.suggestion.isEmpty());
        }
    }

    void aRenameCountsBothPaths()
    {
        FileChange out = changeOf("docs/a.py", FileStatus::Renamed);
        out.oldPath = "src/a.py";
        QCOMPARE(rulesBroken(narrow(), {out}).join(u','), QStringLiteral("allowed_files docs/a.py"));
        FileChange in = changeOf("src/a.py", FileStatus::Renamed);
        in.oldPath = "README.md";
        QCOMPARE(rulesBroken(narrow(), {in}).join(u','), QStringLiteral("forbidden_files README.md"));
        FileChange copied = changeOf("src/a.py", FileStatus::Copied); // reading is not touching
        copied.oldPath = "README.md";
        QCOMPARE(rulesBroken(narrow(), {copied}), QStringList());
    }

    void protectedPathsAreOpenToNobody_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("isProtected");
        const auto row = [](const char *path, bool isProtected) {
            QTest::newRow(path) << QByteArray(path) << isProtected;
        };
        for (const char *path : {"contract.yaml",
                                 "contract.yml",
                                 "Contract.yaml",
                                 ".factory/tasks.json",
                                 ".factory",
                                 ".factory-workspaces/x/a",
                                 ".gitmodules",
                                 ".github/workflows/ci.yml",
                                 ".GitHub/workflows/ci.yml",
                                 ".github/CODEOWNERS",
                                 ".gitlab-ci.yml",
                                 ".circleci/config.yml",
                                 ".travis.yml",
                                 "Jenkinsfile",
                                 "azure-pipelines.yml",
                                 "bitbucket-pipelines.yml",
                                 ".git/config",
                                 "a/.git/hooks/x",
                                 "a/.GIT",
                                 ".git"})
            row(path, true);
        for (const char *path :
             {"api/contract.yaml", "contract.yaml.md", "src/.github.py", "docs/.github/x", ".githubx/y", ".gitignore",
              ".gitattributes", "src/.gitkeep", "git", "factory/a", "sub/.factory/a"})
            row(path, false);
    }
    void protectedPathsAreOpenToNobody()
    {
        QFETCH(QByteArray, path);
        QFETCH(bool, isProtected);
        QCOMPARE(isProtectedPath(path), isProtected);
        QCOMPARE(rulesBroken(Contract(), {changeOf(path)}).isEmpty(), !isProtected); // though the contract allows all
        FileChange moved = changeOf("src/new", FileStatus::Renamed);
        moved.oldPath = path;
        QCOMPARE(rulesBroken(Contract(), {moved}).isEmpty(), !isProtected);
    }

    // A closed path is closed in every spelling that some file system takes for it; an open one in its own only.
    void spellingsOfOneName_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("rule");
        const auto row = [](const char *path, const char *rule) {
            QTest::newRow(path) << QByteArray(path) << QByteArray(rule);
        };
        row("readme.MD", "forbidden_files");
        row("README.md.", "forbidden_files");
        row("README.md ", "forbidden_files");
        row("README.md::$DATA", "forbidden_files");
        row("READ\u200dME.md", "forbidden_files");
        row("src/Secret/k", "forbidden_files");
        row("src/se\u212aret", ""); // the sign for kelvin is a k, which is no c
        row("SRC/a.py", "allowed_files");
        row("src/.Git /config", "protected");
        row("src/.g\u200bit/config", "protected");
        row("src/GIT~1/config", "protected");
        row(".GITHUB./x", "protected");
        row("Jen\u212ainsfile", "protected"); // but it is one here
        row("src/readme.md", "");
        row("src/git~2/config", "");
        row("src/a:b.py", "");
    }
    void spellingsOfOneName()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, rule);
        const auto breaches = boundaryBreaches(narrow(), {{changeOf(path, FileStatus::Added)}, {}});
        QCOMPARE(breaches.empty() ? QByteArray() : breaches.front().rule.toUtf8(), rule);
    }

    void theJobsOwnContractIsProtectedWhereverItLies()
    {
        Contract contract;
        contract.ownFile = QStringLiteral("ci/strict.yaml");
        const auto breaches = boundaryBreaches(contract, {{changeOf("ci/Strict.yaml"), changeOf("ci/other.yaml")}, {}});
        QCOMPARE(breaches.size(), size_t(1));
        QCOMPARE(breaches.front().rule, QStringLiteral("protected"));
        QVERIFY(breaches.front().message.contains(QStringLiteral("own contract")));
    }

    void tooManyLinesAreToldInNumbers()
    {
        Contract contract;
        contract.maxLinesChanged = 10;
        FileChange file = changeOf("a");
        file.added = 7;
        file.removed = 3;
        QCOMPARE(rulesBroken(contract, {file}), QStringList());
        const auto breaches = boundaryBreaches(contract, {{file, changeOf("b")}, {}});
        QCOMPARE(breaches.size(), size_t(1));
        QCOMPARE(breaches[0].message, QStringLiteral("11 lines changed (8 added, 3 removed), 10 are the most"));
        contract.maxLinesChanged = 0;
        QCOMPARE(rulesBroken(contract, {file, file, file}), QStringList());
    }

    void linksMustStayInside_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("target");
        QTest::addColumn<bool>("leaves");
        const auto row = [](const char *name, const char *path, const QByteArray &target, bool leaves) {
            QTest::newRow(name) << QByteArray(path) << target << leaves;
        };
        row("beside", "a/b", "c", false);
        row("below", "a/b", "c/d/e", false);
        row("up to the root", "a/b", "../README.md", false);
        row("up from deep", "a/b/c/d", "../../../x", false);
        row("dots", "a/b", "./././c//d", false);
        row("absolute", "a/b", "/etc/passwd", true);
        row("one too far", "a/b", "../../x", true);
        row("from the root", "b", "../x", true);
        row("only up", "b", "..", true);
        row("down and up again", "a/b", "c/../../../x", true);
        row("through another link", "a/b/c/d", "link/../../x", true);
        row("into .git", "a", ".git/hooks", true);
        row("into .git by another case", "a", "./.GIT", true);
        row("line end in the target", "a/b", "..\n/../../x", true);
        row("second line leaves", "a", "b/\n/../../../x", true);
    }
    void linksMustStayInside()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, target);
        QFETCH(bool, leaves);
        QCOMPARE(!rulesBroken(Contract(), {linkTo(path, target)}).isEmpty(), leaves);
        FileChange retargeted = linkTo(path, target);
        retargeted.status = FileStatus::Modified;
        retargeted.oldMode = 0120000;
        retargeted.hunks[0].lines.insert(retargeted.hunks[0].lines.begin(),
                                         {DiffLine::Kind::Removed, 1, 0, "harmless"});
        QCOMPARE(!rulesBroken(Contract(), {retargeted}).isEmpty(), leaves);
    }

    void linksThatCannotBeSeenAreBreaches()
    {
        FileChange blind = linkTo("a", "b");
        blind.hunks.clear();
        QCOMPARE(rulesBroken(Contract(), {blind}).join(u','), QStringLiteral("symlink a"));
        blind.binary = true;
        QCOMPARE(rulesBroken(Contract(), {blind}).join(u','), QStringLiteral("symlink a"));
        FileChange moved = changeOf("x/y/link", FileStatus::Renamed);
        moved.oldPath = "x/link";
        moved.oldMode = moved.newMode = 0120000;
        moved.added = 0;
        QCOMPARE(rulesBroken(Contract(), {moved}), QStringList()); // one folder more above it
        std::swap(moved.path, moved.oldPath);
        QCOMPARE(rulesBroken(Contract(), {moved}).join(u','), QStringLiteral("symlink x/link"));
        FileChange file = changeOf("src/a"); // a plain file whose content looks like a target
        file.hunks = linkTo("a", "/etc/passwd").hunks;
        QCOMPARE(rulesBroken(Contract(), {file}), QStringList());
    }

    void submodulesWhoseContentIsNotSeenAreBreaches()
    {
        FileChange module = changeOf("vendor/x", FileStatus::Added);
        module.oldMode = 0;
        module.newMode = 0160000;
        QCOMPARE(rulesBroken(Contract(), {module}).join(u','), QStringLiteral("submodule vendor/x"));
        module.status = FileStatus::TypeChanged;
        module.oldMode = 0100644;
        QCOMPARE(rulesBroken(Contract(), {module}).join(u','), QStringLiteral("submodule vendor/x"));
        module.status = FileStatus::Modified;
        module.oldMode = 0160000;
        QCOMPARE(rulesBroken(Contract(), {module}).join(u','), QStringLiteral("submodule vendor/x"));
        module.status = FileStatus::Renamed; // the same commit at another place
        module.oldPath = "vendor/y";
        module.added = 0;
        QCOMPARE(rulesBroken(Contract(), {module}), QStringList());
        module.status = FileStatus::Deleted;
        module.newMode = 0;
        QCOMPARE(rulesBroken(Contract(), {module}), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestBoundary)
#include "test_boundary.moc"
