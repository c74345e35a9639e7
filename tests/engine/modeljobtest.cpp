// SPDX-License-Identifier: Apache-2.0
/// A job whose author is a model: its calls in the store, its budget, a provider that fails, and a process that died.
#include "core/engine/authorledger.h"
#include "tests/engine/engineworld.h"
#include "tests/testlib/expect.h"
#include "tests/testlib/modelserver.h"

#include <QJsonArray>

using namespace openfactory;

namespace {

const QByteArray kGates = "contract:\n  pipeline:\n    - name: implement\n    - name: unit-test\n    - name: boundary\n"
                          "    - name: deploy\n";
const QByteArray kKey = "sk-canary-0123456789";

QByteArray writes(const QByteArray &path, const QByteArray &text)
{
    return "{\"summary\":\"write " + path + "\",\"edits\":[{\"kind\":\"write\",\"path\":\"" + path
           + "\",\"old\":\"\",\"text\":\"" + text + "\"}]}";
}

struct ModelWorld : EngineWorld {
    ModelWorld() : scan(masker), git(GitIdentity{QStringLiteral("Factory"), QStringLiteral("factory@localhost"), {}})
    {
        if (!masker.add({{QStringLiteral("KEY"), kKey, QStringLiteral("test")}}))
            qFatal("the key is not taken");
        ModelSettings model;
        model.name = QStringLiteral("local");
        model.url = server.url();
        model.model = QStringLiteral("m1");
        model.key = QStringLiteral("KEY");
        model.retries = 0;
        ModelsSettings settings{{{model.name, model}}, model.name, {}};
        authors.setModels(settings, {&toolchains, &git, &masker, &scan, &manual, {}});
        ports.authors = &authors;
        ports.masker = &masker;
        ports.secretScan = &scan;
    }
    Job modelJob(const QString &slug)
    {
        NewJob wanted = plain(slug, kGates);
        wanted.author = AuthorKind::Model;
        wanted.task = QStringLiteral("write b.txt");
        return made(wanted);
    }
    QByteArray artifact(const Job &job, const QString &name) const
    {
        QFile file(ports.settings.dataFolder + QStringLiteral("/jobs/") + job.id().text() + u'/' + name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    std::vector<AuthorCallRecord> calls(const Job &job) const { return *store->authorCalls(job.id()); }

    ModelServer server;
    SecretMasker masker;
    TokenScan scan;
    GitWorkspaces git;
    AuthorsByKind authors;
};

} // namespace

class ModelJobTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aWrongAnswerIsRevertedAndTheNextOneParksAtTheGate()
    {
        ModelWorld world;
        const Job job = world.modelJob(QStringLiteral("one"));
        world.server.say(writes("broken-unit-test", "assert 1 == 2, " + kKey.first(9) + "..."));
        world.server.say(writes("b.txt", "second"));
        const auto end = world.run(job);
        OF_OK(end);
        QCOMPARE(*end, JobRun::End::Parked);
        QCOMPARE(world.ledger(job),
                 QStringLiteral("implement/1 passed, unit-test/1 reverted, implement/2 passed, unit-test/2 "
                                "passed, boundary/1 passed, deploy/1 parked"));
        const auto calls = world.calls(job);
        QCOMPARE(calls.size(), size_t(2));
        QCOMPARE(calls[0].stage, QStringLiteral("implement"));
        QCOMPARE(calls[1].stage, QStringLiteral("unit-test"));
        QCOMPARE(calls[1].round, 2);
        for (const AuthorCallRecord &call : calls) {
            QVERIFY(call.finished);
            QCOMPARE(call.ending, QStringLiteral("answered"));
            QCOMPARE(call.inputTokens, std::optional<qint64>(11));
            QVERIFY(!call.cost); // nobody named a price
            QVERIFY(world.artifact(job, call.prompt).contains("write b.txt"));
            QVERIFY(world.artifact(job, call.answer).contains("summary"));
        }
        const auto artifacts = *world.store->artifacts(job.id());
        QCOMPARE(std::ranges::count_if(artifacts, [](const auto &one) { return one.name.startsWith(u"model/"); }), 4);
        // What failed is what the second prompt says.
        QVERIFY(world.artifact(job, calls[1].prompt).contains("assert 1 == 2"));
    }

    void asksAnewWhereAProcessDiedInTheMiddle()
    {
        ModelWorld world;
        const Job job = world.modelJob(QStringLiteral("one"));
        Step died; // what a process leaves that was killed while it waited for the answer
        died.job = job.id();
        AuthorCallRecord lost;
        lost.number = 1;
        lost.stage = QStringLiteral("implement");
        lost.round = 1;
        lost.reckonedTokens = 5000;
        died.authorCalls.push_back(lost);
        OF_OK(world.store->commit(died));
        world.server.say(writes("b.txt", "second"));
        OF_OK(world.run(job));
        const auto calls = world.calls(job);
        QCOMPARE(calls.size(), size_t(2));
        QCOMPARE(calls[0].ending, QStringLiteral("interrupted"));
        QVERIFY(calls[0].finished && !calls[0].inputTokens);
        QCOMPARE(calls[1].number, 2);
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
        const AuthorSpending spent = spendingOf(calls);
        QCOMPARE(spent.tokens, 5018);
        QCOMPARE(spent.reckoned, 1);
    }

    void parksAtItsBudgetUntilThatIsRaised()
    {
        ModelWorld world;
        world.ports.settings.jobBudget.tokens = 10;
        const Job job = world.modelJob(QStringLiteral("one"));
        const auto end = world.run(job);
        OF_OK(end);
        QCOMPARE(*end, JobRun::End::Parked);
        const Progress parked = world.now(job).progress;
        QCOMPARE(parked.wait.kind, WaitKind::Change);
        QVERIFY2(parked.wait.what.contains(QStringLiteral("raise job_budget in openfactory.yaml")),
                 qPrintable(parked.wait.what));
        QCOMPARE(world.server.connections(), 0);
        world.ports.settings.jobBudget.tokens = 1'000'000;
        OF_OK(world.desk->retry(job.id(), {}));
        world.server.say(writes("b.txt", "second"));
        OF_OK(world.run(job));
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
    }

    void waitsForAProviderThatIsDown()
    {
        ModelWorld world;
        const Job job = world.modelJob(QStringLiteral("one"));
        world.server.answer({.status = 503, .text = "{}"});
        OF_OK(world.run(job));
        const Progress parked = world.now(job).progress;
        QCOMPARE(parked.state, JobState::Waiting);
        QCOMPARE(parked.wait.kind, WaitKind::Retry);
        QVERIFY(parked.wait.wakeAtBootMs && *parked.wait.wakeAtBootMs >= world.manual.bootMs() + 60'000);
        QVERIFY2(parked.wait.what.contains(QStringLiteral("the provider is down")), qPrintable(parked.wait.what));
        world.manual.advance(std::chrono::minutes(2));
        world.server.say(writes("b.txt", "second"));
        OF_OK(world.run(job));
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
    }

    void failsAtOnceWhereTheKeyIsRefusedAndGoesOnLater()
    {
        ModelWorld world;
        const Job job = world.modelJob(QStringLiteral("one"));
        world.server.answer({.status = 401, .text = "{\"error\":{\"message\":\"no such key " + kKey + "\"}}"});
        OF_REFUSED(world.run(job), ErrorKind::Denied, QStringLiteral("refuses the key"));
        const Progress failed = world.now(job).progress;
        QCOMPARE(failed.state, JobState::Failed);
        QVERIFY(failed.note.contains(QStringLiteral("factory model check local")));
        QVERIFY(!failed.note.contains(QString::fromUtf8(kKey)));
        OF_OK(world.desk->retry(job.id(), {}));
        world.server.say(writes("b.txt", "second"));
        OF_OK(world.run(job));
        QCOMPARE(world.now(job).progress.wait.kind, WaitKind::Approval);
    }

    void stopsInTheMiddleOfACall()
    {
        ModelWorld world;
        const Job job = world.modelJob(QStringLiteral("one"));
        world.server.answer({.silent = true});
        std::stop_source stop;
        const std::unique_ptr<QThread> later(QThread::create([&] {
            while (world.server.requests().empty())
                QThread::msleep(5);
            stop.request_stop();
        }));
        later->start();
        const auto end = world.run(job, [](JobRun &run) { return run.run(); }, stop.get_token());
        later->wait();
        OF_OK(end);
        QCOMPARE(*end, JobRun::End::Queued);
        QCOMPARE(world.calls(job).at(0).ending, QStringLiteral("cancelled"));
        QVERIFY(world.store->openIntents(job.id())->empty());
    }
};

QTEST_GUILESS_MAIN(ModelJobTest)
#include "modeljobtest.moc"
