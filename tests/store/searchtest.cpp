// SPDX-License-Identifier: Apache-2.0
/// Full text search: what is written is found at once, whatever is typed is only text, and an older store is taken
/// along.
#include "core/store/datafolder.h"
#include "core/store/migrations.h"
#include "tests/store/storefixture.h"

#include <QRandomGenerator>

namespace openfactory {

class SearchTest : public QObject {
    Q_OBJECT

    static CommandRecord command(const QStringList &argv)
    {
        CommandRecord record;
        record.stage = QStringLiteral("lint");
        record.argv = argv;
        record.ending = QStringLiteral("exit");
        return record;
    }
    static AttemptRecord attempt(const QString &message)
    {
        AttemptRecord record;
        record.stage = QStringLiteral("lint");
        record.state = AttemptState::Failed;
        record.verdict = Verdict{};
        record.verdict->outcome = Outcome::Failed;
        Finding finding;
        finding.file = "src/basket.py";
        finding.rule = QStringLiteral("E501");
        finding.message = message;
        record.verdict->findings.push_back(finding);
        return record;
    }
    static QString found(JobStore &store, const QString &typed)
    {
        const auto jobs = store.search(typed, 50);
        if (!jobs)
            return toText(jobs.error());
        QStringList slugs;
        for (const Job &job : *jobs)
            slugs << job.slug().text();
        return slugs.join(u' ');
    }
    /// Two jobs; the second has a command and a finding.
    static void fill(JobStore &store)
    {
        NEED_OK(store.create(newJob(QStringLiteral("fix-discount")), newAudit(QStringLiteral("job.created"))));
        Job other = newJob(QStringLiteral("other"));
        other.identity.title = QStringLiteral("Bücher zählen");
        NEED_OK(store.create(other, newAudit(QStringLiteral("job.created"))));
        Step step = stepOf(other.id());
        AttemptRecord running = attempt({});
        running.state = AttemptState::Running;
        running.verdict.reset();
        step.attempts.push_back(running);
        step.commands.push_back(command({QStringLiteral("ruff"), QStringLiteral("--output-format=sarif")}));
        NEED_OK(store.commit(step));
        step.attempts.front() = attempt(QStringLiteral("line too long"));
        step.commands.front().finished = true;
        NEED_OK(store.commit(step));
    }
    static void look(JobStore &store)
    {
        QCOMPARE(found(store, QStringLiteral("discount")), QStringLiteral("fix-discount"));
        QCOMPARE(found(store, QStringLiteral("fix-dis")), QStringLiteral("fix-discount"));
        QCOMPARE(found(store, QStringLiteral("bucher")),
                 QStringLiteral("other")); // without marks, as keyboards have it
        QCOMPARE(found(store, QStringLiteral("well")), QStringLiteral("other fix-discount")); // the task; newest first
        QCOMPARE(found(store, QStringLiteral("ruff SARIF")), QStringLiteral("other"));
        QCOMPARE(found(store, QStringLiteral("basket.py")), QStringLiteral("other"));
        QCOMPARE(found(store, QStringLiteral("e501 too zahlen")), QStringLiteral("other")); // the finding and the title
        QCOMPARE(found(store, QStringLiteral("discount ruff")), QString());
        QCOMPARE(found(store, QStringLiteral("iscount")), QString());
    }

private Q_SLOTS:
    void findsWhatWasWritten()
    {
        StoreFolder folder;
        NEED(store, folder.open());
        fill(*store);
        look(*store);
        NEED(jobs, store->search(QStringLiteral("well"), 1));
        QCOMPARE(jobs.size(), size_t(1));
    }

    void takesAnOlderStoreAlong()
    {
        StoreFolder folder;
        {
            NEED(store, folder.open());
            fill(*store);
        }
        {
            StoreLock lock(LockFile::open(folder.file(QStringLiteral("openfactory.lock"))).value(),
                           std::make_shared<WriteGate>());
            NEED(database, Database::open(folder.file(QStringLiteral("openfactory.db")), &lock));
            for (const char *sql : {"DROP TRIGGER search_job",
                                    "DROP TRIGGER search_ended",
                                    "DROP TRIGGER search_ended_at_once",
                                    "DROP VIEW search_new",
                                    "DROP VIEW attempt_words",
                                    "DROP TABLE search",
                                    "ALTER TABLE jobs DROP COLUMN searched",
                                    "DROP INDEX attempts_by_inputs",
                                    "ALTER TABLE attempts DROP COLUMN inputs",
                                    "ALTER TABLE attempts DROP COLUMN any_job",
                                    "ALTER TABLE jobs DROP COLUMN fresh_ms",
                                    "ALTER TABLE jobs DROP COLUMN documents",
                                    "ALTER TABLE jobs DROP COLUMN review_spec",
                                    "ALTER TABLE jobs DROP COLUMN gate_spec",
                                    "ALTER TABLE decisions DROP COLUMN binding_spec",
                                    "ALTER TABLE attempts DROP COLUMN ticket",
                                    "ALTER TABLE jobs DROP COLUMN taken",
                                    "DROP TABLE job_pulls",
                                    "DROP TABLE forge_pulls",
                                    "DROP TABLE forge_checks",
                                    "DROP TABLE author_calls",
                                    "DROP INDEX jobs_by_age",
                                    "DROP INDEX jobs_by_end",
                                    "DROP INDEX jobs_paused",
                                    "PRAGMA user_version=3"})
                NEED_OK(database->run(QLatin1String(sql)));
        }
        NEED(store, folder.open());
        look(*store);
        // And it goes on from there.
        NEED(job, store->find(QStringLiteral("other"), {}));
        Step step = stepOf(job.id());
        AttemptRecord next = attempt({});
        next.number = 2;
        next.verdict.reset();
        CommandRecord more = command({QStringLiteral("mypy")});
        more.attempt = 2;
        step.attempts.push_back(next);
        step.commands.push_back(more);
        NEED_OK(store->commit(step));
        QCOMPARE(found(*store, QStringLiteral("mypy bucher")), QStringLiteral("other"));
    }

    void whateverIsTypedIsText()
    {
        StoreFolder folder;
        NEED(store, folder.open());
        fill(*store);
        for (const char *typed :
             {"\"", "AND", "a OR", "NEAR(", "NEAR(a b, 3)", "words:x", "-x", "^x", "x*", "*", "{words}:x", "(", ")",
              "x + y", "'; DROP TABLE jobs; --", "a\"b", "\\", "%", "\x01\x02x"})
            NEED_OK(store->search(QString::fromUtf8(typed), 10));
        const QString signs = QStringLiteral("ab\"*-+^(){}:,.'\\ANDORNEAR \t\u00e4\u4e2d\U0001f600");
        QRandomGenerator random(20);
        for (int i = 0; i < 2000; ++i) {
            QString typed;
            for (int n = random.bounded(1, 12); n > 0; --n)
                typed += signs[random.bounded(int(signs.size()))];
            const auto result = store->search(typed, 10);
            QVERIFY2(result, qPrintable(typed));
        }
    }
};

} // namespace openfactory

using openfactory::SearchTest;
QTEST_GUILESS_MAIN(SearchTest)
#include "searchtest.moc"
