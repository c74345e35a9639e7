// SPDX-License-Identifier: Apache-2.0
/// Tampering with the audit log (hardening.md B29, test 23): whatever is changed, taken out, put in, moved or put back,
/// the first bad entry is named. OPENFACTORY_LONG=1 flips every byte of the log; else every eleventh, from a chosen
/// start.
#include "core/store/auditchain.h"

#include "core/base/text.h"
#include "tests/store/storefixture.h"

#include <QFile>
#include <QRandomGenerator>

using namespace openfactory;

namespace {

constexpr int kEntries = 200;

struct Entry {
    qint64 seq = 0;
    QByteArray hash;
    QByteArray entry;
};

} // namespace

class AuditChainTest : public QObject {
    Q_OBJECT

    std::unique_ptr<StoreFolder> m_folder;
    std::unique_ptr<StoreLock> m_lock;
    std::unique_ptr<Database> m_database; ///< behind the store's back
    QString m_anchor;

    /// Does something to the log, looks at it, and takes it back.
    AuditReport afterwards(const std::function<void()> &tamper)
    {
        auto transaction = WriteTransaction::begin(*m_database);
        if (!transaction)
            qFatal("%s", qPrintable(toText(transaction.error())));
        tamper();
        return verified();
    }
    AuditReport verified()
    {
        auto report = AuditChain(*m_database, m_anchor).verify();
        if (!report)
            qFatal("%s", qPrintable(toText(report.error())));
        return *report;
    }
    void sql(const QString &text, SqlValues values = {})
    {
        if (auto done = m_database->run(text, values); !done)
            qFatal("%s", qPrintable(toText(done.error())));
    }
    std::vector<Entry> entries()
    {
        std::vector<Entry> all;
        auto rows = m_database->select(QStringLiteral("SELECT seq, hash, entry FROM audit ORDER BY seq"));
        while (rows && rows->next())
            all.push_back({rows->number(0), rows->bytes(1), rows->bytes(2)});
        return all;
    }
    void put(const Entry &entry)
    {
        sql(QStringLiteral("INSERT OR REPLACE INTO audit(seq, hash, entry) VALUES(?,?,?)"),
            {entry.seq, entry.hash, entry.entry});
    }
    /// The same content as another link of the chain, with everything about it computed anew.
    static Entry forged(const Entry &from, qint64 seq, const QByteArray &previous, const QString &action)
    {
        AuditRecord record = readEntry(from.entry, from.hash).value();
        record.seq = seq;
        record.previous = QString::fromLatin1(previous);
        record.action = action;
        const QByteArray text = canonicalEntry(record);
        return {seq, sha256Hex(text), text};
    }
    void openBehind()
    {
        m_lock = std::make_unique<StoreLock>(LockFile::open(m_folder->file(QStringLiteral("openfactory.lock"))).value(),
                                             std::make_shared<WriteGate>());
        m_database = Database::open(m_folder->file(QStringLiteral("openfactory.db")), m_lock.get()).value();
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<StoreFolder>();
        m_anchor = m_folder->file(QStringLiteral("audit.head"));
        NEED(store, m_folder->open());
        NEED_OK(store->audit(newAudit(QStringLiteral("first"))));
        openBehind();
        NEED(transaction, WriteTransaction::begin(*m_database));
        AuditChain chain(*m_database, m_anchor);
        std::vector<AuditRecord> records;
        for (int i = 2; i <= kEntries; ++i)
            records.push_back(newAudit(QStringLiteral("attempt.passed"),
                                       {{QStringLiteral("stage"), QStringLiteral("stage-%1").arg(i)},
                                        {QStringLiteral("text"), QStringLiteral("\u00fcber \"all\"\n")}}));
        NEED_OK(chain.append(records, 1'800'000'000'000));
        NEED_OK(transaction.commit([&] { chain.advanceAnchor(); }));
    }
    void cleanup()
    {
        m_database.reset();
        m_lock.reset();
        m_folder.reset();
    }

    void aWholeLogIsSound()
    {
        const AuditReport report = verified();
        QVERIFY2(report.sound, qPrintable(report.said));
        QCOMPARE(report.entries, kEntries);
        QCOMPARE(report.firstBad, 0);
    }

    void namesTheEntryOfAnyFlippedByte()
    {
        const bool all = qEnvironmentVariableIntValue("OPENFACTORY_LONG") == 1;
        const int stride = all ? 1 : 11;
        const int start = all ? 0 : int(QRandomGenerator::global()->bounded(stride));
        qInfo("every byte from %d in steps of %d", start, stride);
        int flips = 0;
        int at = 0;
        for (const Entry &whole : entries()) {
            for (qsizetype i = 0; i < whole.entry.size() + whole.hash.size(); ++i, ++at) {
                if (at % stride != start)
                    continue;
                Entry flipped = whole;
                QByteArray &part = i < whole.entry.size() ? flipped.entry : flipped.hash;
                char &byte = part[i < whole.entry.size() ? i : i - whole.entry.size()];
                byte = char(byte ^ (1 << (at % 8)));
                const AuditReport report = afterwards([&] { put(flipped); });
                if (report.sound || report.firstBad != whole.seq)
                    QFAIL(qPrintable(QStringLiteral("byte %1 of entry %2: %3, %4")
                                         .arg(i)
                                         .arg(whole.seq)
                                         .arg(report.firstBad)
                                         .arg(report.said)));
                ++flips;
            }
        }
        QVERIFY(flips > kEntries * 10);
        QVERIFY(verified().sound); // each was taken back
    }

    void namesWhereEntriesWereTakenOut_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<int>("firstBad");
        QTest::newRow("the last") << QStringLiteral("seq=200") << 200;
        QTest::newRow("the tail") << QStringLiteral("seq>150") << 151;
        QTest::newRow("one within") << QStringLiteral("seq=77") << 77;
        QTest::newRow("the first") << QStringLiteral("seq=1") << 1;
        QTest::newRow("all") << QStringLiteral("1=1") << 1;
    }
    void namesWhereEntriesWereTakenOut()
    {
        QFETCH(QString, where);
        QFETCH(int, firstBad);
        const AuditReport report = afterwards([&] { sql(QStringLiteral("DELETE FROM audit WHERE ") + where); });
        QVERIFY(!report.sound);
        QCOMPARE(report.firstBad, firstBad);
        QVERIFY2(report.said.contains(QString::number(firstBad)) || report.said.contains(QString::number(firstBad - 1)),
                 qPrintable(report.said));
    }

    void namesEntriesThatChangedPlaces()
    {
        const auto all = entries();
        const auto swap = [&](size_t a, size_t b) {
            put({all[a].seq, all[b].hash, all[b].entry});
            put({all[b].seq, all[a].hash, all[a].entry});
        };
        for (const auto &[a, b] : {std::pair(40, 41), std::pair(0, 199), std::pair(198, 199)}) {
            const AuditReport report = afterwards([&] { swap(size_t(a), size_t(b)); });
            QVERIFY(!report.sound);
            QCOMPARE(report.firstBad, a + 1);
        }
    }

    void namesWhatWasPutIn()
    {
        const auto all = entries();
        // In the middle, with the rest moved along, every hash of the new one right.
        const AuditReport between = afterwards([&] {
            for (size_t i = all.size(); i-- > 100;)
                put({all[i].seq + 1, all[i].hash, all[i].entry});
            put(forged(all[100], 101, all[99].hash, QStringLiteral("decision.made")));
        });
        QVERIFY(!between.sound);
        QCOMPARE(between.firstBad, 102);
        // Copies of an entry, at the end: it does not follow.
        const AuditReport copied = afterwards([&] { put({201, all[199].hash, all[199].entry}); });
        QVERIFY(!copied.sound);
        QCOMPARE(copied.firstBad, 201);
        // Before the first.
        const AuditReport before = afterwards([&] { put({0, all[0].hash, all[0].entry}); });
        QVERIFY(!before.sound);
        QCOMPARE(before.firstBad, 1);
    }

    void namesAnEntryRewrittenWithAFittingHash()
    {
        const auto all = entries();
        const AuditReport one = afterwards(
            [&] { put(forged(all[120], 121, all[119].hash, QStringLiteral("attempt.failed"))); });
        QVERIFY(!one.sound);
        QCOMPARE(one.firstBad, 122); // it fits itself; what follows does not follow it
        // The whole rest computed anew: a chain without fault, but not the one whose head lies outside.
        const AuditReport rest = afterwards([&] {
            QByteArray previous = all[119].hash;
            for (size_t i = 120; i < all.size(); ++i) {
                const Entry entry = forged(all[i], all[i].seq, previous, QStringLiteral("attempt.failed"));
                put(entry);
                previous = entry.hash;
            }
        });
        QVERIFY(!rest.sound);
        QCOMPARE(rest.firstBad, kEntries);
        QVERIFY2(rest.said.contains(QStringLiteral("anchored")), qPrintable(rest.said));
    }

    void seesYesterdaysStore()
    {
        const QString file = m_folder->file(QStringLiteral("openfactory.db"));
        const QString yesterday = m_folder->folder.filePath(QStringLiteral("yesterday"));
        m_database.reset(); // the last connection: the file is whole by itself
        QVERIFY(QFile::copy(file, yesterday));
        {
            NEED(store, m_folder->open());
            for (int i = 0; i < 5; ++i)
                NEED_OK(store->audit(newAudit(QStringLiteral("decision.made"))));
        }
        QVERIFY(QFile::remove(file));
        QVERIFY(QFile::copy(yesterday, file));
        NEED(store, m_folder->open());
        NEED(report, store->verifyAudit());
        QVERIFY(!report.sound);
        QCOMPARE(report.firstBad, kEntries + 1);
        QVERIFY2(report.said.contains(QStringLiteral("older copy")), qPrintable(report.said));
        // Work goes on, and does not cover the trace: neither before nor after the log is as long as it was.
        for (int i = 0; i < 9; ++i) {
            NEED_OK(store->audit(newAudit(QStringLiteral("job.created"))));
            NEED(later, store->verifyAudit());
            QVERIFY(!later.sound);
            QCOMPARE(later.firstBad, std::min(kEntries + 2 + i, kEntries + 5));
        }
    }

    /// A start reads what is new, whatever lies before it; the whole walk reads all.
    void verifiesWhatIsNewSinceTheLastTime()
    {
        const QString point = m_folder->file(QStringLiteral("audit.verified"));
        AuditChain chain(*m_database, m_anchor);
        NEED(first, chain.verifyNew(point));
        QVERIFY2(first.sound, qPrintable(first.said));
        QCOMPARE(first.entries, kEntries);
        QVERIFY(QFile::exists(point));
        const auto all = entries();
        put(forged(all[10], 11, all[9].hash, QStringLiteral("attempt.failed"))); // before the point
        NEED(second, chain.verifyNew(point));
        QVERIFY(second.sound);
        NEED(whole, chain.verify());
        QVERIFY(!whole.sound);
        QVERIFY(QFile::remove(point)); // without it, all is read once
        NEED(third, chain.verifyNew(point));
        QVERIFY(!third.sound);
        QVERIFY(!QFile::exists(point)); // a broken log is no verified one
    }

    void aVerifiedPointThatTheLogDoesNotHaveIsTold()
    {
        const QString point = m_folder->file(QStringLiteral("audit.verified"));
        AuditChain chain(*m_database, m_anchor);
        NEED(first, chain.verifyNew(point));
        QVERIFY(first.sound);
        const auto all = entries();
        put(forged(all.back(), kEntries, all[all.size() - 2].hash, QStringLiteral("decision.made")));
        NEED(later, chain.verifyNew(point));
        QVERIFY(!later.sound);
        QCOMPARE(later.firstBad, kEntries);
        QVERIFY2(later.said.contains(QStringLiteral("verified before")), qPrintable(later.said));
    }

    void saysThatTheAnchorIsGoneOrDamaged()
    {
        QFile anchor(m_anchor);
        QVERIFY(anchor.open(QIODevice::ReadWrite));
        const QByteArray line = anchor.readAll();
        for (qsizetype i = 0; i < line.size(); ++i) {
            QByteArray flipped = line;
            flipped[i] = char(flipped[i] ^ 1);
            QVERIFY(anchor.seek(0) && anchor.write(flipped) == flipped.size() && anchor.flush());
            QVERIFY2(!verified().sound, qPrintable(QString::number(i)));
        }
        anchor.close();
        QVERIFY(QFile::remove(m_anchor));
        const AuditReport report = verified();
        QVERIFY(!report.sound);
        QVERIFY2(report.said.contains(QStringLiteral("missing")), qPrintable(report.said));
        // No later write makes it again, as if nothing had happened.
        m_database.reset();
        NEED(store, m_folder->open());
        NEED_OK(store->audit(newAudit(QStringLiteral("job.created"))));
        QVERIFY(!QFile::exists(m_anchor));
    }

    void anAnchorLeftBehindByAKillIsNoFault()
    {
        QFile anchor(m_anchor);
        QVERIFY(anchor.open(QIODevice::ReadOnly));
        const QByteArray before = anchor.readAll();
        m_database.reset();
        NEED(store, m_folder->open());
        NEED_OK(store->audit(newAudit(QStringLiteral("job.created"))));
        QFile behind(m_anchor);
        QVERIFY(behind.open(QIODevice::ReadWrite) && behind.write(before) == before.size());
        behind.close();
        NEED(report, store->verifyAudit());
        QVERIFY2(report.sound, qPrintable(report.said));
        NEED_OK(store->audit(newAudit(QStringLiteral("job.created")))); // and it is brought along
        NEED(head, AuditChain::readAnchor(m_anchor));
        QCOMPARE(head->seq, kEntries + 2);
    }
};

QTEST_GUILESS_MAIN(AuditChainTest)
#include "auditchaintest.moc"
