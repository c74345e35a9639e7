// SPDX-License-Identifier: Apache-2.0
/// What an exported job holds, and what it never holds: markup of others, secrets, half a file.
#include "core/engine/jobexport.h"

#include "core/engine/findingsexport.h"
#include "core/toolchain/reports.h"
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

    void findingsAreReadBackByWhoeverReadsSarif()
    {
        const auto attempt = [](const char *stage, int number, std::vector<Finding> findings) {
            AttemptRecord record;
            record.stage = QString::fromLatin1(stage);
            record.number = number;
            record.verdict.emplace().findings = std::move(findings);
            return record;
        };
        Finding failed;
        failed.tool = QStringLiteral("pytest");
        failed.file = "tests/odd name\tof %41 <x>.py";
        failed.line = 7;
        failed.message = QStringLiteral("assert 1 == 2 in <b>markup</b>");
        Finding style;
        style.tool = QStringLiteral("flake8");
        style.rule = QStringLiteral("E501");
        style.severity = Severity::Warning;
        style.file = "src/a.py";
        style.message = QStringLiteral("line too long");
        style.before = true;
        Finding whole;
        whole.tool = QStringLiteral("boundary");
        whole.rule = QStringLiteral("max_lines_changed");
        whole.message = QStringLiteral("900\tlines\n\u202e");
        AttemptRecord running;
        running.stage = QStringLiteral("lint");
        running.number = 3;
        const auto standing = standingFindings(
            {attempt("unit-test", 1, {style, whole}), attempt("unit-test", 2, {failed}), attempt("lint", 1, {style}),
             attempt("lint", 2, {}), running, attempt("boundary", 1, {style, whole})});
        QCOMPARE(standing.size(), 3U);

        EngineWorld world;
        const Job job = world.personJob(QStringLiteral("one"));
        const QByteArray sarif = sarifOf(job, standing);
        const auto read = readSarif(sarif, ReportPaths(QStringLiteral("/work"), {}));
        OF_OK(read);
        QCOMPARE(read->findings.size(), 3U);
        QCOMPARE(read->findings[0].tool, failed.tool);
        QCOMPARE(read->findings[0].file, failed.file);
        QCOMPARE(read->findings[0].line, 7);
        QCOMPARE(read->findings[0].message, failed.message);
        QCOMPARE(read->findings[1].rule, whole.rule); // errors first
        QVERIFY(read->findings[1].file.isEmpty());
        QCOMPARE(read->findings[2].rule, style.rule);
        QCOMPARE(toName(read->findings[2].severity), toName(Severity::Warning));
        QCOMPARE(sarif.count("\"unchanged\""), 1);
        OF_OK(readSarif(sarifOf(job, {}), ReportPaths(QStringLiteral("/work"), {})));

        const QList<QByteArray> lines = tasksOf(QStringLiteral("/work"), standing).trimmed().split('\n');
        QCOMPARE(lines.size(), 3);
        for (const QByteArray &line : lines)
            QCOMPARE(line.count('\t'), 3);
        QCOMPARE(lines[1], "/work/src/a.py\t-1\twarn\tboundary: line too long");
        QVERIFY(!lines[2].contains("\xe2\x80\xae"));

        MaskingWorld masking;
        const Job done = hostile(masking);
        for (const auto form : {&JobExport::sarif, &JobExport::tasks})
            OF_OK((exporter(masking).*form)(done.id(), file(QStringLiteral("findings"))));
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
