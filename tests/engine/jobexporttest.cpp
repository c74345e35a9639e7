// SPDX-License-Identifier: Apache-2.0
/// What an exported job holds, and what it never holds: markup of others, secrets, half a file.
#include "core/engine/jobexport.h"

#include "tests/engine/engineworld.h"
#include "tests/testlib/expect.h"

#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>

#include <sys/resource.h>

#include <csignal>

using namespace openfactory;

namespace {
/// A world whose masker can be told of secrets.
struct MaskingWorld : EngineWorld {
    MaskingWorld() { ports.masker = &masker; }
    SecretMasker masker;
};
} // namespace

class JobExportTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    const QByteArray m_token = "correct horse battery";

    QString file(const QString &name) const { return m_folder.filePath(name); }
    static QByteArray content(const QString &path)
    {
        QFile read(path);
        return read.open(QIODevice::ReadOnly) ? read.readAll() : QByteArray();
    }
    /// A job at its gate, with hostile words in it, whose change takes a secret out of the repository.
    Job hostile(MaskingWorld &world) const
    {
        if (!world.masker.add({{QStringLiteral("TOKEN"), m_token, QStringLiteral("test")}}))
            qFatal("the secret was not taken");
        world.repository.write("old.txt", "token " + m_token + "\n");
        world.repository.commitAll();
        const QString playbook = world.repository.outside() + QStringLiteral("/p.yaml");
        QFile text(playbook);
        if (!text.open(QIODevice::WriteOnly)
            || text.write("playbook: test\nchanges:\n  - summary: \"a change\"\n    write:\n      \"old.txt\": "
                          "\"</pre><script>alert(1)</script>\\n\"\n")
                   < 0)
            qFatal("the playbook could not be written");
        text.close();
        NewJob wanted = world.plain(QStringLiteral("hostile"));
        wanted.title = QStringLiteral("<img src=x onerror=alert(1)> & \u202e\x1b[31m");
        wanted.task = QStringLiteral("</pre><script src=\"https://example.org/x.js\"></script>");
        wanted.author = AuthorKind::Playbook;
        wanted.authorSource = playbook;
        const Job job = world.made(wanted);
        if (!world.run(job))
            qFatal("the job did not run");
        return world.now(job);
    }
    JobExport exporter(MaskingWorld &world, std::stop_token stop = {},
                       std::function<void(int, int)> progress = {}) const
    {
        return {.store = *world.store,
                .git = *world.ports.git,
                .masker = *world.ports.masker,
                .dataFolder = world.ports.settings.dataFolder,
                .stop = std::move(stop),
                .progress = std::move(progress)};
    }

private Q_SLOTS:
    void thePageNeedsNothingAndRunsNothing()
    {
        MaskingWorld world;
        const Job job = hostile(world);
        OF_OK(exporter(world).page(job.id(), file(QStringLiteral("job.html"))));
        const QByteArray html = content(file(QStringLiteral("job.html")));
        QVERIFY(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;")); // of the diff
        QVERIFY(html.contains("&lt;img src=x onerror=alert(1)&gt; &amp; "));
        QVERIFY(html.contains("default-src 'none'"));
        for (const char *never :
             {"<script", "<img", "<link", "<iframe", "src=\"", "href=", "url(", "@import", "\x1b", "\xe2\x80\xae"})
            QVERIFY2(!html.contains(never), never);
        QVERIFY(!html.contains(m_token));
        for (const char *part : {"unit-test/1", "<h2>Attempts</h2>", "<h2>Audit</h2>", "job.created", "gate unit-test"})
            QVERIFY2(html.contains(part), part);
        QCOMPARE(html.count("<details>"), html.count("</details>"));
    }

    void theArchiveHoldsTheWholeRecord()
    {
        MaskingWorld world;
        const Job job = hostile(world);
        std::vector<int> steps;
        int all = 0;
        OF_OK(exporter(world, {}, [&](int done, int parts) {
                  steps.push_back(done);
                  all = parts;
              }).archive(job.id(), file(QStringLiteral("job.tar"))));
        QCOMPARE(int(steps.size()), all);
        QCOMPARE(steps.back(), all);
        QProcess tar;
        tar.start(QStringLiteral("tar"),
                  {QStringLiteral("-xf"), file(QStringLiteral("job.tar")), QStringLiteral("-C"), m_folder.path()});
        QVERIFY(tar.waitForFinished());
        QVERIFY2(tar.exitCode() == 0, tar.readAllStandardError().constData());
        const QString root = file(QStringLiteral("hostile/"));
        const QJsonObject record = QJsonDocument::fromJson(content(root + QStringLiteral("job.json"))).object();
        QCOMPARE(record[u"id"].toString(), job.id().text());
        QCOMPARE(size_t(record[u"attempts"].toArray().size()), world.store->attempts(job.id())->size());
        QVERIFY(!QJsonDocument::fromJson(content(root + QStringLiteral("audit.json"))).array().isEmpty());
        QVERIFY(content(root + QStringLiteral("changes/job.diff")).contains("<script>alert(1)"));
        QCOMPARE(content(root + QStringLiteral("logs/unit-test-1-1.log")), QByteArray("fine"));
        QVERIFY(!content(file(QStringLiteral("job.tar"))).contains(m_token));
        QCOMPARE(content(file(QStringLiteral("job.tar"))).size() % 512, 0);
    }

    void whatIsStoppedLeavesNothing()
    {
        MaskingWorld world;
        const Job job = hostile(world);
        QTemporaryDir folder;
        const QString kept = folder.filePath(QStringLiteral("job.tar"));
        QFile before(kept);
        QVERIFY(before.open(QIODevice::WriteOnly) && before.write("earlier") == 7);
        before.close();
        std::stop_source stop;
        const auto halt = [&](int done, int) {
            if (done == 2)
                stop.request_stop();
        };
        OF_REFUSED(exporter(world, stop.get_token(), halt).archive(job.id(), kept), ErrorKind::Cancelled,
                   QStringLiteral("stopped"));
        QCOMPARE(content(kept), QByteArray("earlier"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    void saysWhatRefusedTheFile()
    {
        MaskingWorld world;
        const Job job = hostile(world);
        QTemporaryDir folder;
        OF_REFUSED(exporter(world).page(job.id(), folder.filePath(QStringLiteral("no/where.html"))),
                   ErrorKind::NotFound, QStringLiteral("where.html"));
        QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("taken.tar")));
        const auto taken = exporter(world).archive(job.id(), folder.filePath(QStringLiteral("taken.tar")));
        QVERIFY(!taken && !taken.error().said.isEmpty() && !taken.error().hint.isEmpty());
        // The disk takes the first 8 KiB only. Files have no limit in this process but this one.
        const rlimit before = [] {
            rlimit limit{};
            ::getrlimit(RLIMIT_FSIZE, &limit);
            return limit;
        }();
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit little{8192, before.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &little), 0);
        const auto cut = exporter(world).archive(job.id(), folder.filePath(QStringLiteral("job.tar")));
        ::setrlimit(RLIMIT_FSIZE, &before);
        QVERIFY2(!cut && cut.error().said.contains(QStringLiteral("too large")), qPrintable(errorText(cut)));
        QVERIFY(!cut.error().hint.isEmpty());
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList());
    }
};

QTEST_GUILESS_MAIN(JobExportTest)
#include "jobexporttest.moc"
