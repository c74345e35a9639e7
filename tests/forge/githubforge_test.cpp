// SPDX-License-Identifier: Apache-2.0
/// Branches, protection and pull requests against the fake GitHub.
#include "tests/forge/githubworld.h"

using namespace openfactory;

class GitHubForgeTest : public QObject {
    Q_OBJECT

    std::unique_ptr<GitHubWorld> world;

    Result<void> push(const QString &branch, std::optional<CommitId> expected = {}, char commit = 'd')
    {
        return world->forge.push({QStringLiteral("/repository"), commitOf(commit), branch, std::move(expected)}, {});
    }
    static PullRequest wanted(const QString &base = QStringLiteral("main"))
    {
        PullRequest pull;
        pull.branch = QStringLiteral("factory/one");
        pull.base = base;
        pull.title = QStringLiteral("Add a thing ✓");
        return pull;
    }

private Q_SLOTS:
    void init() { world = std::make_unique<GitHubWorld>(); }
    void cleanup()
    {
        QCOMPARE(world->breach(), QString());
        world.reset();
    }

    void factsNameWhatIsProtectedAndRequired()
    {
        world->fake.with([](GitHubState &state) {
            for (int i = 0; i < 150; ++i)
                state.protectedBranches.insert(QStringLiteral("release/%1").arg(i));
            state.summary = {{QStringLiteral("contexts"), QJsonArray{QStringLiteral("lint")}}};
            state.rules = {
                QJsonObject{{QStringLiteral("type"), QStringLiteral("required_status_checks")},
                            {QStringLiteral("parameters"),
                             QJsonObject{{QStringLiteral("required_status_checks"),
                                          QJsonArray{QJsonObject{{QStringLiteral("context"), QStringLiteral("tests")},
                                                                 {QStringLiteral("integration_id"), 15368}}}}}}}};
            state.scopes = "repo, workflow, admin:org";
        });
        const auto facts = world->forge.facts(QStringLiteral("main"), {});
        OF_OK(facts);
        QCOMPARE(facts->defaultBranch, QStringLiteral("main"));
        QCOMPARE(facts->protectedBranches.size(), 151);
        QVERIFY(facts->name.endsWith(QStringLiteral("/octo/widgets")));
        QVERIFY(facts->canPush);
        QVERIFY(facts->requiredKnown);
        QCOMPARE(facts->required.size(), 2u);
        QVERIFY((facts->required[0] == RequiredCheck{QStringLiteral("tests"), QStringLiteral("15368")}));
        QVERIFY((facts->required[1] == RequiredCheck{QStringLiteral("lint"), {}}));
        QCOMPARE(facts->scopesTooWide, QStringList({QStringLiteral("workflow"), QStringLiteral("admin:org")}));
    }

    void whatMayNotBeSeenIsUnknownAndNotNone_data()
    {
        QTest::addColumn<int>("rulesStatus");
        QTest::addColumn<int>("classicStatus");
        QTest::addColumn<QByteArray>("classic");
        QTest::addColumn<bool>("known");
        const auto message = [](const char *text) { return QByteArray("{\"message\": \"") + text + "\"}"; };
        QTest::newRow("both read") << 200 << 200 << QByteArray("{\"contexts\": [\"tests\"]}") << true;
        QTest::newRow("not protected so") << 200 << 404 << message("Branch not protected") << true;
        QTest::newRow("no checks") << 200 << 404 << message("Required status checks not enabled") << true;
        QTest::newRow("hidden") << 200 << 404 << message("Not Found") << false;
        QTest::newRow("refused") << 200 << 403 << message("Resource not accessible by personal access token") << false;
        QTest::newRow("no rulesets") << 404 << 200 << QByteArray("{\"contexts\": [\"tests\"]}") << false;
        QTest::newRow("rulesets refused") << 403 << 404 << message("Branch not protected") << false;
    }

    void whatMayNotBeSeenIsUnknownAndNotNone()
    {
        QFETCH(int, rulesStatus);
        QFETCH(int, classicStatus);
        QFETCH(QByteArray, classic);
        QFETCH(bool, known);
        world->fake.with([&](GitHubState &state) {
            state.rulesStatus = rulesStatus;
            state.classicStatus = classicStatus;
            state.classic = classic;
        });
        const auto facts = world->forge.facts(QStringLiteral("main"), {});
        OF_OK(facts);
        QCOMPARE(facts->requiredKnown, known);
        QCOMPARE(facts->required.size(), classicStatus == 200 ? 1u : 0u);
    }

    void aReadOnlyTokenCannotPush()
    {
        world->fake.with([](GitHubState &state) { state.canPush = false; });
        QVERIFY(!world->forge.facts(QStringLiteral("main"), {})->canPush);
    }

    void aBranchIsThereOrNot()
    {
        QCOMPARE(**world->forge.branchHead(QStringLiteral("factory/one"), {}), commitOf('b'));
        QVERIFY(!world->forge.branchHead(QStringLiteral("factory/two"), {})->has_value());
        // Nothing is said of a branch by a repository that this token may not see.
        world->fake.with([](GitHubState &state) { state.visible = false; });
        OF_REFUSED(world->forge.branchHead(QStringLiteral("factory/two"), {}), ErrorKind::NotFound,
                   QStringLiteral("octo/widgets"));
    }

    void pushesOverHttpsWithTheToken()
    {
        OF_OK(push(QStringLiteral("factory/new")));
        QCOMPARE(world->remotes.pushes.size(), 1u);
        const auto &[remote, request] = world->remotes.pushes[0];
        QCOMPARE(remote.url, world->fake.remote());
        QCOMPARE(remote.user, QStringLiteral("x-access-token"));
        QCOMPARE(remote.password, world->token);
        QCOMPARE(request.branch, QStringLiteral("factory/new"));
        QVERIFY(!request.expected);

        OF_OK(push(QStringLiteral("factory/new"))); // it is there
        QCOMPARE(world->remotes.pushes.size(), 1u);
        OF_OK(push(QStringLiteral("factory/new"), commitOf('d'), 'e'));
        OF_REFUSED(push(QStringLiteral("factory/new"), commitOf('d'), 'f'), ErrorKind::Conflict,
                   QStringLiteral("moved")); // by somebody else
    }

    void neverPushesToAProtectedBranch_data()
    {
        QTest::addColumn<QString>("branch");
        for (const char *branch : {"main", "refs/heads/main", "HEAD", "heads/main", "+main", ":main", "factory",
                                   "Factory/one", "", "release/1"})
            QTest::newRow(branch) << QString::fromLatin1(branch);
    }

    void neverPushesToAProtectedBranch()
    {
        QFETCH(QString, branch);
        OF_REFUSED(push(branch), ErrorKind::Denied, QStringLiteral("push"));
        QVERIFY(world->remotes.pushes.empty());
    }

    void neverPushesWhereGitHubProtectsTheJobsBranch()
    {
        world->fake.with([](GitHubState &state) { state.protectedBranches.insert(QStringLiteral("factory/one")); });
        OF_REFUSED(push(QStringLiteral("factory/one"), commitOf('b')), ErrorKind::Denied, QStringLiteral("protected"));
        world->fake.with([](GitHubState &state) {
            state.protectedBranches.erase(QStringLiteral("factory/one"));
            state.defaultBranch = QStringLiteral("factory/one");
        });
        OF_REFUSED(push(QStringLiteral("factory/one"), commitOf('b')), ErrorKind::Denied, QStringLiteral("protected"));
        world->fake.with([](GitHubState &state) {
            state.defaultBranch = QStringLiteral("main");
            state.rules = {QJsonObject{{QStringLiteral("type"), QStringLiteral("pull_request")}}};
        });
        OF_REFUSED(push(QStringLiteral("factory/one"), commitOf('b')), ErrorKind::Denied, QStringLiteral("ruleset"));
        QVERIFY(world->remotes.pushes.empty());
    }

    void opensADraftOnce()
    {
        const auto opened = world->forge.openPull(wanted(), QStringLiteral("the body"), {});
        OF_OK(opened);
        QCOMPARE(opened->number, 1);
        QVERIFY(opened->draft && opened->state == PullRequest::State::Open);
        QCOMPARE(opened->head, commitOf('b'));
        QCOMPARE(opened->title, wanted().title);
        const auto again = world->forge.openPull(wanted(), QStringLiteral("another"), {});
        OF_OK(again);
        QVERIFY(*again == *opened);
        QCOMPARE(world->fake.count("POST", "/pulls"), 1);
        QVERIFY(*world->forge.findPull(QStringLiteral("factory/one"), {}) == opened);
        QVERIFY(!world->forge.findPull(QStringLiteral("factory/two"), {})->has_value());
    }

    void withoutDraftsItIsAnOrdinaryOne()
    {
        world->fake.with([](GitHubState &state) { state.drafts = false; });
        const auto opened = world->forge.openPull(wanted(), {}, {});
        OF_OK(opened);
        QVERIFY(!opened->draft);
        QCOMPARE(world->fake.count("POST", "/pulls"), 2);
    }

    void aLostAnswerOpensNoSecondOne_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("manner");
        QTest::newRow("closed") << 200 << int(FakeReply::Manner::Close);
        QTest::newRow("truncated") << 201 << int(FakeReply::Manner::Truncate);
        QTest::newRow("stalled") << 201 << int(FakeReply::Manner::Stall);
        QTest::newRow("502") << 502 << int(FakeReply::Manner::Fine);
    }

    void aLostAnswerOpensNoSecondOne()
    {
        QFETCH(int, status);
        QFETCH(int, manner);
        world->fake.fault({"POST",
                           "/pulls",
                           {.status = status, .body = QByteArray(500, ' '), .manner = FakeReply::Manner(manner)},
                           1,
                           true});
        const auto opened = world->forge.openPull(wanted(), {}, {});
        OF_OK(opened);
        QCOMPARE(opened->number, 1);
        QCOMPARE(world->fake.count("POST", "/pulls"), 1);
    }

    void whatIsOpenButNotListedIsWaitedFor()
    {
        OF_OK(world->forge.openPull(wanted(), {}, {}));
        world->fake.with([](GitHubState &state) { state.listsPulls = false; });
        OF_REFUSED(world->forge.openPull(wanted(), {}, {}), ErrorKind::Unavailable, QStringLiteral("does not list it"));
    }

    void aRefusedPullRequestIsNotTriedAgain()
    {
        PullRequest pull = wanted();
        pull.branch = QStringLiteral("factory/gone");
        OF_REFUSED(world->forge.openPull(pull, {}, {}), ErrorKind::Invalid, QStringLiteral("head is invalid"));
        QCOMPARE(world->fake.count("POST", "/pulls"), 1);
    }

    void anOpenOneToAnotherBaseIsAConflict()
    {
        OF_OK(world->forge.openPull(wanted(QStringLiteral("next")), {}, {}));
        OF_REFUSED(world->forge.openPull(wanted(), {}, {}), ErrorKind::Conflict, QStringLiteral("next"));
    }

    void somebodyClosesMergesAndForcePushes()
    {
        OF_OK(world->forge.openPull(wanted(), {}, {}));
        const auto found = [this] { return **world->forge.findPull(QStringLiteral("factory/one"), {}); };
        world->fake.with([](GitHubState &state) { state.pulls[0].head = commitOf('f'); });
        QCOMPARE(found().head, commitOf('f'));
        world->fake.with([](GitHubState &state) { state.pulls[0].open = false; });
        QCOMPARE(toName(found().state), QStringLiteral("closed"));
        world->fake.with([](GitHubState &state) { state.pulls[0].merged = true; });
        QCOMPARE(toName(found().state), QStringLiteral("merged"));
        // The newest counts, in any state; a fork's branch of the same name is none of ours.
        world->fake.with([](GitHubState &state) {
            state.pulls.push_back({2, QStringLiteral("factory/one"), QStringLiteral("main"), commitOf('c')});
            state.pulls.push_back({3, QStringLiteral("factory/one"), QStringLiteral("main"), commitOf('c')});
            state.pulls.back().repository = QStringLiteral("mallory/widgets");
            state.pulls.push_back({4, QStringLiteral("factory/one"), QStringLiteral("next"), commitOf('c'), false});
            state.pulls.back().repository.clear();
            state.pulls.push_back({5, QStringLiteral("factory/two"), QStringLiteral("main"), commitOf('c')});
            state.ignoresHead = true;
            state.pulls[2].base = QStringLiteral("fork"); // the world's check counts by branch and base
        });
        QCOMPARE(found().number, 2);
    }

    void describesAPullRequest()
    {
        OF_OK(world->forge.openPull(wanted(), {}, {}));
        world->fake.fault({"PATCH", "/pulls/1", {.status = 502}, 2});
        OF_OK(world->forge.describePull(1, QStringLiteral("new ✓ <!-- marker -->"), {}));
        world->fake.with(
            [](GitHubState &state) { QCOMPARE(state.pulls[0].body, QStringLiteral("new ✓ <!-- marker -->")); });
        OF_REFUSED(world->forge.describePull(9, {}, {}), ErrorKind::NotFound, QStringLiteral("octo/widgets"));
    }
};

QTEST_GUILESS_MAIN(GitHubForgeTest)
#include "githubforge_test.moc"
