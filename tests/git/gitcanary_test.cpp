// SPDX-License-Identifier: Apache-2.0
/// hardening.md, B-git and test 18: whatever is planted in a repository or a worktree, no engine call runs a program of
/// it. Each row plants a program that leaves a file when it runs; where the git command would run it, the test sees
/// that it does, so that a canary that cannot sing is not taken for a silent one.
#include "core/git/gitworkspaces.h"
#include "tests/testlib/expect.h"
#include "tests/testlib/scratchrepository.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QScopeGuard>
#include <QTest>

#include <functional>

using namespace openfactory;

namespace {

const GitIdentity identity{QStringLiteral("Factory"), QStringLiteral("factory@example.org"), {}};

QStringList words(const char *text)
{
    return QString::fromLatin1(text).split(QLatin1Char(' '));
}

} // namespace

class GitCanaryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void runsNoProgramOfTheConfiguration_data();
    void runsNoProgramOfTheConfiguration();
    void runsNoHook_data();
    void runsNoHook();
    void followsNoRewrittenGitFile();
    void followsNoNestedRepository();
    void followsNoSubmodule();
    void leavesTheFolderThatCoreWorktreeNames();
    void readsNoConfigurationOfTheUser();
    void obeysNoEnvironment();
    void usesNoTemplate();
    void readsObjectsOfAlternatesOnly();
    void opensNoRepositoryOfAnotherUser();

private:
    /// Every call of the port, on a repository that may be prepared before, and a workspace that may be after create().
    void callEverything(const std::function<void()> &afterCreate = {});
    QStringList fired() const { return QDir(m_cage).entryList({QStringLiteral("fired*")}, QDir::Files); }
    void forget() const
    {
        for (const QString &name : fired())
            QFile::remove(m_cage + QLatin1Char('/') + name);
    }
    void configure(const char *key, const QString &value, const QString &folder = {}) const
    {
        m_repository->git({QStringLiteral("config"), QString::fromLatin1(key), value}, folder);
    }

    std::unique_ptr<ScratchRepository> m_repository;
    WorkspaceRef m_workspace;
    QString m_cage;
    QString m_canary; ///< a program that leaves a file in the cage
    GitWorkspaces m_git{identity};
};

void GitCanaryTest::init()
{
    m_repository = std::make_unique<ScratchRepository>();
    m_repository->write("a.txt", "1\n2\n3\n4\n5\n6\n7\n");
    m_repository->write("b.txt", "b\n");
    m_repository->commitAll();
    m_workspace = m_repository->workspace(QStringLiteral("job"));
    m_cage = m_repository->outside() + QStringLiteral("/cage");
    m_canary = m_cage + QStringLiteral("/canary");
    ScratchRepository::writeAt(m_cage, "canary", "#!/bin/sh\n: > " + QFile::encodeName(m_cage) + "/fired-$$\n", 0755);
}

void GitCanaryTest::callEverything(const std::function<void()> &afterCreate)
{
    const QString path = m_repository->path();
    const QString target = QStringLiteral("main");
    const auto facts = m_git.inspect(path);
    OF_OK(facts);
    const auto base = m_git.resolve(path, QStringLiteral("HEAD"));
    OF_OK(base);
    OF_OK(m_git.create(m_workspace, *base, {}));
    if (afterCreate)
        afterCreate();
    OF_OK(m_git.inspect(m_workspace.path));
    OF_OK(m_git.create(m_workspace, *base, {}));
    ScratchRepository::writeAt(m_workspace.path, "a.txt", "one\n2\n3\n4\n5\n6\n7\n");
    ScratchRepository::writeAt(m_workspace.path, "new.txt", "new\n");
    OF_OK(m_git.state(m_workspace));
    OF_OK(m_git.diffToWorkspace(m_workspace, *base));
    const auto kept = m_git.snapshot(m_workspace, QStringLiteral("refs/openfactory/J/s/1"), QStringLiteral("why"));
    OF_OK(kept);
    OF_OK(m_git.snapshots(m_workspace, QStringLiteral("refs/openfactory/")));
    OF_OK(m_git.restore(m_workspace, *base));
    OF_OK(m_git.apply(m_workspace, m_git.state(m_workspace)->head, kept->commit));
    const auto head = m_git.commit(m_workspace, noteOf("work", QStringLiteral("S1")));
    OF_OK(head);
    OF_OK(m_git.findStep(m_workspace, QStringLiteral("S1")));
    OF_OK(m_git.diff(path, *base, *head, false));
    OF_OK(m_git.patch(path, *base, *head));
    OF_OK(m_git.blob(path, *head, "a.txt"));
    OF_OK(m_git.previewMerge(path, *head, target));
    OF_OK(m_git.mergeBase(path, *head, *base));
    OF_OK(m_git.integrate(m_workspace, *head, target, *base, noteOf("merge", QStringLiteral("S2"))));
    OF_OK(m_git.findIntegration(path, target, QStringLiteral("S2")));
    QVERIFY(QFile::exists(path + QStringLiteral("/new.txt")));
}

void GitCanaryTest::runsNoProgramOfTheConfiguration_data()
{
    QTest::addColumn<QString>("keys"); ///< each set to the canary, or to the value after "="
    QTest::addColumn<QByteArray>("attributes");
    QTest::addColumn<QStringList>(
        "trigger"); ///< a git command that runs it; empty where there is none without a network
    const auto row = [](const char *name, const char *keys, const char *attributes, const QStringList &trigger) {
        QTest::newRow(name) << QString::fromLatin1(keys) << QByteArray(attributes) << trigger;
    };
    row("fsmonitor", "core.fsmonitor", "", words("status"));
    row("external diff", "diff.external", "", words("diff HEAD~1"));
    row("textconv", "diff.x.textconv", "* diff=x\n", words("diff HEAD~1"));
    row("diff command", "diff.x.command", "* diff=x\n", words("diff HEAD~1"));
    row("clean filter", "filter.x.clean filter.x.required=true", "* filter=x\n", words("add -A"));
    row("smudge filter", "filter.x.smudge filter.x.required=true", "* filter=x\n", words("checkout HEAD~1 -- a.txt"));
    row("filter process", "filter.x.process", "* filter=x\n", words("add -A"));
    row("merge driver", "merge.x.driver", "* merge=x\n", words("merge -q side"));
    row("default merge driver", "merge.x.driver merge.default=x", "", words("merge -q side"));
    row("signing", "gpg.program commit.gpgsign=true", "", words("commit -q --allow-empty -m x"));
    row("signing with ssh",
        "gpg.ssh.program gpg.ssh.defaultKeyCommand gpg.format=ssh commit.gpgsign=true tag.gpgsign=true", "",
        words("commit -q --allow-empty -m x"));
    row("ssh command", "core.sshCommand remote.origin.url=ssh://127.0.0.1/x", "", words("fetch -q origin"));
    row("alias", "alias.co=!CANARY alias.status=!CANARY alias.commit=!CANARY", "", words("co"));
    row("credential helper", "credential.helper=!CANARY", "", {});
    row("all the rest",
        "core.pager core.editor core.askPass core.gitProxy core.alternateRefsCommand sequence.editor interactive.diffFilter "
        "uploadpack.packObjectsHook receive.procReceiveRefs trailer.OpenFactory-Step.command trailer.OpenFactory-Step.cmd "
        "gc.recentObjectsHook submodule.x.update=!CANARY difftool.x.cmd mergetool.x.cmd browser.x.cmd man.x.cmd remote.origin.uploadpack "
        "safe.directory=* remote.origin.vcs=ext uploadpack.allowFilter=true protocol.ext.allow=always imap.tunnel pager.status pager.diff",
        "", {});
}

void GitCanaryTest::runsNoProgramOfTheConfiguration()
{
    QFETCH(QString, keys);
    QFETCH(QByteArray, attributes);
    QFETCH(QStringList, trigger);
    // Two commits and a side branch that needs a merge of a.txt.
    m_repository->git(words("switch -qc side"));
    m_repository->write("a.txt", "1\n2\n3\n4\n5\n6\nside\n");
    m_repository->commitAll();
    m_repository->git(words("switch -q main"));
    m_repository->write("a.txt", "main\n2\n3\n4\n5\n6\n7\n");
    if (!attributes.isEmpty())
        m_repository->write(".gitattributes", attributes);
    m_repository->commitAll();
    for (const QString &key : keys.split(QLatin1Char(' '))) {
        QString value = key.section(QLatin1Char('='), 1).replace(QStringLiteral("CANARY"), m_canary);
        if (value.isEmpty())
            value = m_canary;
        configure(key.section(QLatin1Char('='), 0, 0).toLatin1().constData(), value);
    }
    forget();
    if (!trigger.isEmpty()) {
        const QString copy = m_repository->outside() + QStringLiteral("/copy");
        QProcess process;
        process.start(QStringLiteral("cp"), {QStringLiteral("-a"), m_repository->path(), copy});
        QVERIFY(process.waitForFinished() && process.exitCode() == 0);
        ScratchRepository::writeAt(copy, "a.txt.new", "x\n");
        std::ignore = m_repository->tryGit(trigger, copy);
        QVERIFY2(!fired().isEmpty(), "git does not run this one: the row tests nothing");
        forget();
    }
    callEverything([&] {
        if (!attributes.isEmpty())
            ScratchRepository::writeAt(m_workspace.path, ".gitattributes", attributes);
    });
    QCOMPARE(fired(), QStringList());
}

void GitCanaryTest::runsNoHook_data()
{
    QTest::addColumn<int>("where");
    QTest::newRow("in the hooks folder") << 0;
    QTest::newRow("by core.hooksPath") << 1;
    QTest::newRow("by an included file") << 2;
    QTest::newRow("by a conditionally included file") << 3;
    QTest::newRow("by the configuration of the worktree") << 4;
}

void GitCanaryTest::runsNoHook()
{
    QFETCH(int, where);
    const QString folder = where == 0 ? QString(m_repository->path() + QStringLiteral("/.git/hooks"))
                                      : QString(m_cage + QStringLiteral("/hooks"));
    QFile canary(m_canary);
    QVERIFY(canary.open(QIODevice::ReadOnly));
    const QByteArray script = canary.readAll();
    for (const char *hook : {"pre-commit", "post-commit", "commit-msg", "prepare-commit-msg", "post-checkout",
                             "post-merge", "pre-merge-commit", "reference-transaction", "post-index-change", "update",
                             "pre-push", "post-rewrite", "pre-auto-gc", "fsmonitor-watchman"})
        ScratchRepository::writeAt(folder, hook, script, 0755);
    const QByteArray setting = "[core]\n\thooksPath = " + QFile::encodeName(folder)
                               + "\n\tfsmonitor = " + QFile::encodeName(m_canary) + '\n';
    ScratchRepository::writeAt(m_cage, "included", setting);
    if (where == 1)
        configure("core.hooksPath", folder);
    else if (where == 2)
        configure("include.path", m_cage + QStringLiteral("/included"));
    else if (where == 3)
        configure("includeIf.gitdir:/**.path", m_cage + QStringLiteral("/included"));
    else if (where == 4)
        configure("extensions.worktreeConfig", QStringLiteral("true"));
    callEverything([&] {
        if (where == 4) {
            ScratchRepository::writeAt(m_repository->path() + QStringLiteral("/.git"), "config.worktree", setting);
            ScratchRepository::writeAt(m_repository->path() + QStringLiteral("/.git/worktrees/") + m_workspace.name,
                                       "config.worktree", setting);
        }
    });
    QCOMPARE(fired(), QStringList());
    m_repository->git(words("commit -q --allow-empty -m x"), m_workspace.path);
    QVERIFY(!fired().isEmpty()); // they do sing
}

void GitCanaryTest::followsNoRewrittenGitFile()
{
    ScratchRepository evil(QStringLiteral("evil"));
    evil.write("a.txt", "evil\n");
    const CommitId theirs = evil.commitAll();
    configure("core.fsmonitor", m_canary, evil.path());
    configure("core.worktree", m_repository->outside() + QStringLiteral("/away"), evil.path());
    QDir(m_repository->outside()).mkdir(QStringLiteral("away"));
    callEverything([&] {
        ScratchRepository::writeAt(m_workspace.path, ".git", "gitdir: " + QFile::encodeName(evil.path()) + "/.git\n");
        std::ignore = m_repository->tryGit(words("status"), m_workspace.path);
        QVERIFY(!fired().isEmpty());
        forget();
    });
    QCOMPARE(fired(), QStringList());
    QCOMPARE(evil.head(QStringLiteral("main")), theirs);
    QVERIFY(QDir(m_repository->outside() + QStringLiteral("/away")).isEmpty());
}

void GitCanaryTest::followsNoNestedRepository()
{
    callEverything([&] {
        for (const char *name : {"/inner", "/deep/er"}) {
            const QString inner = m_workspace.path + QLatin1StringView(name);
            m_repository->git({QStringLiteral("init"), QStringLiteral("-q"), inner});
            configure("core.fsmonitor", m_canary, inner);
            ScratchRepository::writeAt(inner, "x", "x\n");
            std::ignore = m_repository->tryGit(words("status"), inner);
        }
        // A whole git folder's content without its name: git would take the workspace for a bare repository.
        m_repository->git({QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("--bare"),
                           m_workspace.path + QStringLiteral("/bare")});
        configure("core.fsmonitor", m_canary, m_workspace.path + QStringLiteral("/bare"));
        QVERIFY(!fired().isEmpty());
        forget();
    });
    QCOMPARE(fired(), QStringList());
}

void GitCanaryTest::followsNoSubmodule()
{
    ScratchRepository other(QStringLiteral("other"));
    other.write("lib", "1\n");
    other.commitAll();
    m_repository->git({QStringLiteral("-c"), QStringLiteral("protocol.file.allow=always"), QStringLiteral("submodule"),
                       QStringLiteral("--quiet"), QStringLiteral("add"), other.path(), QStringLiteral("sub")});
    m_repository->git({QStringLiteral("config"), QStringLiteral("-f"), QStringLiteral(".gitmodules"),
                       QStringLiteral("submodule.sub.ignore"), QStringLiteral("none")});
    m_repository->commitAll();
    configure("core.fsmonitor", m_canary, m_repository->path() + QStringLiteral("/sub"));
    configure("submodule.sub.update", QStringLiteral("!") + m_canary);
    forget();
    callEverything([&] {
        m_repository->git(
            {QStringLiteral("clone"), QStringLiteral("-q"), other.path(), m_workspace.path + QStringLiteral("/sub")});
        configure("core.fsmonitor", m_canary, m_workspace.path + QStringLiteral("/sub"));
        std::ignore = m_repository->tryGit(words("status"), m_workspace.path);
        QVERIFY(!fired().isEmpty());
        ScratchRepository::writeAt(m_workspace.path, ".gitmodules",
                                   "[submodule \"sub\"]\n\tpath = sub\n\turl = ext::" + QFile::encodeName(m_canary)
                                       + "\n\tupdate = !" + QFile::encodeName(m_canary) + '\n');
        forget();
    });
    QCOMPARE(fired(), QStringList());
}

void GitCanaryTest::leavesTheFolderThatCoreWorktreeNames()
{
    const CommitId base = m_repository->head();
    OF_OK(m_git.create(m_workspace, base, {}));
    const QString away = m_repository->outside() + QStringLiteral("/away");
    QDir().mkpath(away);
    configure("core.worktree", away);
    QCOMPARE(m_git.inspect(m_repository->path()).error().kind, ErrorKind::Denied);
    QCOMPARE(m_git.create(m_repository->workspace(QStringLiteral("other")), base, {}).error().kind, ErrorKind::Denied);
    QCOMPARE(m_git.restore(m_workspace, base).error().kind, ErrorKind::Denied);
    QCOMPARE(m_git.integrate(m_workspace, base, QStringLiteral("main"), base, noteOf("x")).error().kind,
             ErrorKind::Denied);
    QVERIFY(QDir(away).isEmpty());
}

void GitCanaryTest::readsNoConfigurationOfTheUser()
{
    // libgit2 looks for it once per process, before any test: what is planted now would be read by each open all the
    // same.
    const QByteArray home = qgetenv("HOME");
    const auto back = qScopeGuard([&] { qputenv("HOME", home); });
    qputenv("HOME", QFile::encodeName(m_cage));
    qputenv("XDG_CONFIG_HOME", QFile::encodeName(m_cage));
    const QByteArray setting =
        "[core]\n\tfsmonitor = " + QFile::encodeName(m_canary)
        + "\n\tautocrlf = true\n[user]\n\tname = Evil\n[init]\n\tdefaultBranch = evil\n[merge]\n\tff = only\n";
    ScratchRepository::writeAt(m_cage, ".gitconfig", setting);
    ScratchRepository::writeAt(m_cage, "git/config", setting);
    callEverything();
    QCOMPARE(fired(), QStringList());
    QCOMPARE(m_repository->git(words("log -1 --format=%an main")), QByteArray("Factory\n"));
    QFile file(m_repository->path() + QStringLiteral("/new.txt"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("new\n"));
}

void GitCanaryTest::obeysNoEnvironment()
{
    ScratchRepository evil(QStringLiteral("evil"));
    evil.write("a.txt", "evil\n");
    const CommitId theirs = evil.commitAll();
    const QByteArray canary = QFile::encodeName(m_canary);
    const QByteArray git = QFile::encodeName(evil.path()) + "/.git";
    const std::pair<const char *, QByteArray> settings[] = {
        {"GIT_DIR", git},
        {"GIT_WORK_TREE", QFile::encodeName(evil.path())},
        {"GIT_INDEX_FILE", git + "/index"},
        {"GIT_COMMON_DIR", git},
        {"GIT_OBJECT_DIRECTORY", git + "/objects"},
        {"GIT_ALTERNATE_OBJECT_DIRECTORIES", git + "/objects"},
        {"GIT_NAMESPACE", "evil"},
        {"GIT_EXTERNAL_DIFF", canary},
        {"GIT_SSH_COMMAND", canary},
        {"GIT_SSH", canary},
        {"GIT_ASKPASS", canary},
        {"GIT_PAGER", canary},
        {"GIT_EDITOR", canary},
        {"GIT_PROXY_COMMAND", canary},
        {"GIT_TEMPLATE_DIR", QFile::encodeName(m_cage)},
        {"GIT_CONFIG_COUNT", "1"},
        {"GIT_CONFIG_KEY_0", "core.fsmonitor"},
        {"GIT_CONFIG_VALUE_0", canary},
        {"GIT_CONFIG_GLOBAL", QFile::encodeName(m_cage) + "/included"},
        {"GIT_AUTHOR_NAME", "Evil"},
        {"GIT_COMMITTER_NAME", "Evil"}};
    const auto back = qScopeGuard([&] {
        for (const auto &[name, value] : settings)
            qunsetenv(name);
    });
    for (const auto &[name, value] : settings)
        qputenv(name, value);
    ScratchRepository::writeAt(m_cage, "included", "[core]\n\tfsmonitor = " + canary + '\n');
    callEverything();
    QCOMPARE(fired(), QStringList());
    QCOMPARE(evil.head(QStringLiteral("main")), theirs);
    QCOMPARE(evil.git(words("status --porcelain")), QByteArray());
    QCOMPARE(m_repository->git(words("log -1 --format=%an%cn main")), QByteArray("FactoryFactory\n"));
}

void GitCanaryTest::usesNoTemplate()
{
    ScratchRepository::writeAt(m_cage, "template/hooks/post-checkout",
                               "#!/bin/sh\n: > " + QFile::encodeName(m_cage) + "/fired\n", 0755);
    configure("init.templateDir", m_cage + QStringLiteral("/template"));
    callEverything();
    QCOMPARE(fired(), QStringList());
    QVERIFY(!QFileInfo::exists(m_repository->path() + QStringLiteral("/.git/hooks/post-checkout")));
    QVERIFY(!QFileInfo::exists(m_repository->path() + QStringLiteral("/.git/worktrees/") + m_workspace.name
                               + QStringLiteral("/hooks")));
}

void GitCanaryTest::readsObjectsOfAlternatesOnly()
{
    ScratchRepository other(QStringLiteral("other"));
    other.write("lib", "1\n");
    const CommitId theirs = other.commitAll();
    configure("core.fsmonitor", m_canary, other.path());
    m_repository->write(".git/objects/info/alternates", QFile::encodeName(other.path()) + "/.git/objects\n");
    const QByteArrayList before = ScratchRepository::listing(other.path() + QStringLiteral("/.git"));
    callEverything();
    QCOMPARE(fired(), QStringList());
    // Nothing is written there, and what is there can be read.
    QCOMPARE(ScratchRepository::listing(other.path() + QStringLiteral("/.git")), before);
    QCOMPARE(m_git.blob(m_repository->path(), theirs, "lib").value(), QByteArray("1\n"));
}

/// safe.directory: who owns the folder owns its configuration, and no setting, not even the user's own, says otherwise.
void GitCanaryTest::opensNoRepositoryOfAnotherUser()
{
    const CommitId base = m_repository->head();
    OF_OK(m_git.create(m_workspace, base, {}));
    configure("safe.directory", QStringLiteral("*"));
    configure("core.fsmonitor", m_canary);
    const QByteArray home = qgetenv("HOME");
    const auto back = qScopeGuard([&] {
        qputenv("HOME", home);
        for (const char *name : {"XDG_CONFIG_HOME", "GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0"})
            qunsetenv(name);
    });
    ScratchRepository::writeAt(m_cage, ".gitconfig", "[safe]\n\tdirectory = *\n");
    ScratchRepository::writeAt(m_cage, "git/config", "[safe]\n\tdirectory = *\n");
    qputenv("HOME", QFile::encodeName(m_cage));
    qputenv("XDG_CONFIG_HOME", QFile::encodeName(m_cage));
    qputenv("GIT_CONFIG_COUNT", "1");
    qputenv("GIT_CONFIG_KEY_0", "safe.directory");
    qputenv("GIT_CONFIG_VALUE_0", "*");
    QProcess give;
    give.start(QStringLiteral("chown"), {QStringLiteral("-R"), QStringLiteral("12345:12345"), m_repository->path()});
    QVERIFY(give.waitForFinished());
    if (give.exitCode() != 0)
        QSKIP("SKIP_NOT_ROOT: this process cannot give a folder away");
    const auto refused = [](const auto &result) {
        return !result && result.error().kind == ErrorKind::Denied
               && result.error().hint.contains(QStringLiteral("another user"));
    };
    QVERIFY(refused(m_git.inspect(m_repository->path())));
    QVERIFY(refused(m_git.inspect(m_workspace.path)));
    QVERIFY(refused(m_git.create(m_repository->workspace(QStringLiteral("other")), base, {})));
    QVERIFY(refused(m_git.state(m_workspace)));
    QVERIFY(refused(m_git.restore(m_workspace, base)));
    QVERIFY(refused(m_git.integrate(m_workspace, base, QStringLiteral("main"), base, noteOf("x"))));
    QCOMPARE(fired(), QStringList());
}

QTEST_GUILESS_MAIN(GitCanaryTest)
#include "gitcanary_test.moc"
