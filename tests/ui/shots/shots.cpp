// SPDX-License-Identifier: Apache-2.0
/// Renders the console's windows into pictures, as they are: a real engine on a real store.
///
///   consoleshots make FOLDER            makes the data that is shown below FOLDER: a fresh one, the demo at its gate,
///   a
///                                       failed and a blocked job, one with odd files, ten thousand jobs
///   consoleshots take FOLDER OUT NAME   takes every picture into OUT; NAME is "light", "dark"; the scale is Qt's own
///
/// Each picture is called <what>-<scheme>-<per cent>[-<language>].png.
#include "app/openfactory/appearance.h"
#include "app/openfactory/application.h"
#include "app/wiring/process.h"
#include "app/wiring/smokerepository.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/engine/jobfolder.h"
#include "core/store/sqlitejobstore.h"
#include "ui/dialogs/ask.h"
#include "ui/dialogs/exportdialog.h"
#include "ui/dialogs/newjobdialog.h"
#include "ui/dialogs/settingsdialog.h"
#include "ui/pages/gatepage.h"
#include "ui/pages/jobpage.h"
#include "ui/pages/jobspage.h"
#include "ui/widgets/bannerstack.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTest>
#include <QTranslator>
#include <QTreeView>

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

using namespace openfactory;
using namespace openfactory::ui;

namespace {

constexpr int kJobs = 10'000;

template<class T>
T need(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(toText(result.error())));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

void until(const char *what, const std::function<bool()> &done, int seconds = 60)
{
    if (!QTest::qWaitFor(done, seconds * 1000))
        qFatal("it did not come to this: %s", what);
}

/// Runs a job of the data folder until it rests.
Job settle(Application &console, const JobId &id)
{
    Job job;
    const auto store = need(openStore(console.console().dataFolder, *console.console().clock, OpenMode::ReadOnly));
    until(
        "a job at rest",
        [&] {
            job = need(store->job(id));
            return isEnded(job.progress.state)
                   || (job.progress.state == JobState::Waiting && job.progress.wait.kind != WaitKind::Retry
                       && job.progress.wait.kind != WaitKind::Checks);
        },
        180);
    return job;
}

Job make(Application &console, const NewJob &wanted)
{
    std::optional<Job> made;
    console.console().desk->ask(
        &console, [wanted](OperatorSide &side) { return side.desk().create(wanted); },
        [&](Result<Job> job) { made = need(std::move(job)); });
    until("a job that was made", [&] { return made.has_value(); });
    return *made;
}

/// The demo at its gate, a person's job that waits, one that fails for good, one that its contract blocks.
void makeDemo(const QString &folder)
{
    auto console = need(Application::create(folder));
    console->start();
    std::optional<Job> demo;
    QSignalSpy started(console.get(), &Application::started);
    until("an engine", [&] { return !started.isEmpty(); });
    console->console().desk->ask(
        console.get(), [make = console->console().makeDemo](OperatorSide &side) { return make(side, false); },
        [&](Result<Job> job) { demo = need(std::move(job)); });
    until("a demo", [&] { return demo.has_value(); });
    const Job gate = settle(*console, demo->id());
    std::printf("demo: %s\n", qPrintable(toName(gate.progress.state)));

    const QString shop = gate.identity.repository;
    NewJob person;
    person.slug = QStringLiteral("express-surcharge");
    person.title = QStringLiteral(
        "Charge express parcels by weight <b>and</b> by zone, with a title that is much longer than any "
        "column or header has room for on a small screen");
    person.task = QStringLiteral("Express parcels cost the same in every zone. They should cost more where it is far.");
    person.repository = shop;
    person.contract = "contract:\n  language: python\n";
    (void)settle(*console, make(*console, person).id());

    const auto playbook = [&](const char *name, const QByteArray &path, const QByteArray &text) {
        const QString file = folder + QStringLiteral("/demo/") + QLatin1String(name) + QStringLiteral(".yaml");
        need(writeFileAtomically(
            file, "playbook: shots\nchanges:\n  - for: implement\n    summary: \"a change\"\n    write:\n      \""
                      + path + "\": \"" + text + "\"\n"));
        return file;
    };
    NewJob failing = person;
    failing.slug = QStringLiteral("round-prices");
    failing.title = QStringLiteral("Round all prices to whole cents");
    failing.author = AuthorKind::Playbook;
    failing.authorSource = playbook("failing", "shop/pricing.py", "def total(prices):\\n    return None\\n");
    std::printf("failing: %s\n", qPrintable(toName(settle(*console, make(*console, failing).id()).progress.state)));
    NewJob blocked = failing;
    blocked.slug = QStringLiteral("bump-version");
    blocked.title = QStringLiteral("Bump the version of the shop");
    blocked.contract = "contract:\n  language: python\n  forbidden_files: [\"shop/__init__.py\"]\n";
    blocked.authorSource = playbook("blocked", "shop/__init__.py",
                                    "\\\"\\\"\\\"A small shop, version 2.\\\"\\\"\\\"\\n");
    std::printf("blocked: %s\n", qPrintable(toName(settle(*console, make(*console, blocked).id()).progress.state)));
    QSignalSpy ended(console.get(), &Application::ended);
    console->stop();
    until("the end", [&] { return !ended.isEmpty(); });
}

/// An artifact of the demo in Markdown, with what is not to be followed in it, as a stage of a contract may leave one.
void addMarkdown(const QString &folder)
{
    const QByteArray text = "# What was done\n\nThe discount is taken **in per cent** now:\n\n"
                            "- `discounted(200, 10)` gives 180\n- a price of 0 stays 0\n\n"
                            "| price | percent | result |\n|---|---|---|\n| 200 | 10 | 180 |\n| 50 | 0 | 50 |\n\n"
                            "```python\nreturn price - price * percent / 100\n```\n\n"
                            "![a picture](https://tracker.example/pixel.png) and [a link](file:///etc/passwd), "
                            "<b>markup</b> and \xe2\x80\xaehidden\xe2\x80\xac text.\n";
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("markdown"));
        database.setDatabaseName(folder + QStringLiteral("/openfactory.db"));
        if (!database.open())
            qFatal("the store could not be opened");
        QSqlQuery query(database);
        if (!query.exec(QStringLiteral("SELECT id FROM jobs WHERE num=1")) || !query.next())
            qFatal("there is no demo");
        need(writeFileAtomically(
            folder + QStringLiteral("/jobs/") + query.value(0).toString() + QStringLiteral("/SUMMARY.md"), text));
        query.finish();
        if (!query.exec(
                QStringLiteral("INSERT INTO artifacts(job, stage, attempt, name, path, size, sha256, created_ms) "
                               "SELECT 1, 'deploy', 1, 'SUMMARY.md', 'SUMMARY.md', %1, '%2', created_ms FROM jobs "
                               "WHERE num=1")
                    .arg(text.size())
                    .arg(QLatin1String(sha256Hex(text)))))
            qFatal("%s", qPrintable(query.lastError().text()));
        database.close();
    }
    QSqlDatabase::removeDatabase(QStringLiteral("markdown"));
}

/// A job whose change holds names that steer, long ones, and sources that git does not see; at its gate.
/// What a coding agent said, as if one had worked on the job.
void addAgentLog(Application &console, const JobId &id)
{
    CommandRecord command;
    command.stage = QStringLiteral("implement");
    command.attempt = 0;
    command.argv = {QStringLiteral("claude"), QStringLiteral("--print")};
    command.finished = true;
    command.exitCode = 0;
    command.ending = QStringLiteral("exit");
    command.startedMs = console.console().clock->wallMs();
    command.logPath = JobFolder::logPath(command.stage, 0, 1);
    const QByteArray log =
        R"j({"type":"system","subtype":"init","model":"sonnet"})j"
        "\n"
        R"j({"type":"assistant","message":{"content":[{"type":"thinking","thinking":"The discount is a fraction.\nA per cent is meant."},{"type":"text","text":"I look at the prices first."}]}})j"
        "\n"
        R"j({"type":"assistant","message":{"content":[{"type":"tool_use","name":"Bash","input":{"command":"python3 -m pytest -q"}}]}})j"
        "\n"
        R"j({"type":"user","message":{"content":[{"type":"tool_result","is_error":true,"content":"E   assert 180 == 20\n1 failed, 3 passed"}]}})j"
        "\n"
        R"j({"type":"assistant","message":{"content":[{"type":"tool_use","name":"Edit","input":{"file_path":"shop/pricing.py","old_string":"price - discount","new_string":"price * (1 - discount / 100)"}}]}})j"
        "\n"
        R"j({"type":"user","message":{"content":[{"type":"tool_result","content":"shop/pricing.py was changed"}]}})j"
        "\n"
        "a line that is no event\n"
        R"j({"type":"result","subtype":"success","result":"The discount is a per cent now, and the tests pass.","usage":{"input_tokens":5120,"output_tokens":341}})j"
        "\n";
    command.outputBytes = log.size();
    const JobFolder folder(console.console().dataFolder, id);
    need(makeFolder(folder.path() + QStringLiteral("/logs")));
    need(writeFileAtomically(folder.path() + u'/' + command.logPath, log));
    const auto store = need(openStore(console.console().dataFolder, *console.console().clock));
    Step step;
    step.job = id;
    step.commands.push_back(command);
    need(store->commit(step));
}

void makeOdd(const QString &folder)
{
    auto console = need(Application::create(folder));
    QSignalSpy started(console.get(), &Application::started);
    console->start();
    until("an engine", [&] { return !started.isEmpty(); });
    NewJob wanted;
    wanted.slug = QStringLiteral("odd-names-and-a-slug-that-is-as-long-as-they-may-b");
    wanted.title = QStringLiteral("Take files with <b>odd</b> names \u202egnp.exe");
    wanted.task = QStringLiteral("Whoever made them \x1b[31mmeant no good.");
    wanted.repository = need(makeSmokeRepository(folder + QStringLiteral("/demo"))).folder;
    wanted.contract = "contract:\n  language: python\n";
    const Job job = settle(*console, make(*console, wanted).id());
    const QByteArray deep = "shop/a-folder-with-a-long-name/"
                            + QByteArray("and-a-file-whose-name-goes-on-").repeated(4);
    const std::pair<QByteArray, QByteArray> files[]{
        {".gitignore", "local_*.py\n"},
        {"local_prices.py", "X = 1\n"},
        {"shop/<b>bold</b>.txt", "<i>not</i> markup\n"},
        {"shop/two\nlines.txt", "one\ntwo\n"},
        {"shop/txt.\xe2\x80\xaeyp.exe", "if a \xe2\x80\xae} \xe2\x81\xa6if admin\xe2\x81\xa9 \x1b[31mred\n"},
        {"shop/not-\xff-text.bin", QByteArray("a\0b", 3)},
        {deep + ".txt", QByteArray("a line that is much longer than the window is wide, ").repeated(20) + '\n'}};
    for (const auto &[path, content] : files) {
        const QByteArray file = QFile::encodeName(job.progress.workspace) + '/' + path;
        need(makeFolder(QFile::decodeName(file.left(file.lastIndexOf('/')))));
        const int made = ::open(file.constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (made < 0 || ::write(made, content.constData(), size_t(content.size())) != content.size())
            qFatal("%s could not be written", file.constData());
        ::close(made);
    }
    bool asked = false;
    console->console().desk->ask(
        console.get(), [id = job.id()](OperatorSide &side) { return side.desk().retry(id, {}); },
        [&](const Result<void> &done) {
            if (!done)
                qFatal("%s", qPrintable(toText(done.error())));
            asked = true;
        });
    until("a job that goes on", [&] { return asked; });
    QTest::qWait(500);
    const Job rests = settle(*console, job.id());
    addAgentLog(*console, job.id());
    std::printf("odd: %s\n", qPrintable(toName(rests.progress.state)));
    QSignalSpy ended(console.get(), &Application::ended);
    console->stop();
    until("the end", [&] { return !ended.isEmpty(); });
}

/// The whole way, each stop in a job of its own: one that asks, one whose spec is to be accepted, one at its gate after
/// a CI that said no once.
void makeWhole(const QString &folder)
{
    auto console = need(Application::create(folder));
    QSignalSpy started(console.get(), &Application::started);
    console->start();
    until("an engine", [&] { return !started.isEmpty(); });
    const SmokeRepository repository = need(makeSmokeRepository(folder + QStringLiteral("/whole"), SmokeKind::Whole));
    NewJob wanted;
    wanted.repository = repository.folder;
    wanted.task = QStringLiteral("Give regular customers a discount, and say in which unit it is.");
    wanted.contract = repository.contract;
    wanted.author = AuthorKind::Playbook;
    wanted.authorSource = repository.playbook;
    wanted.reviewSpec = true;
    const auto answer = [&](const JobId &id) {
        bool done = false;
        console->console().desk->ask(
            console.get(), [id](OperatorSide &side) { return side.desk().answer(id, QStringLiteral("in per cent")); },
            [&](const Result<void> &answered) {
                if (!answered)
                    qFatal("%s", qPrintable(toText(answered.error())));
                done = true;
            });
        until("an answer", [&] { return done; });
    };
    for (const char *slug : {"asks", "to-accept", "discount"}) {
        wanted.slug = QLatin1String(slug);
        wanted.reviewSpec = wanted.slug == u"to-accept";
        const JobId id = settle(*console, make(*console, wanted).id()).id();
        if (wanted.slug != u"asks")
            answer(id);
        const Job job = settle(*console, id);
        std::printf("%s: %s, %s\n", slug, qPrintable(toName(job.progress.state)),
                    qPrintable(toName(job.progress.wait.kind)));
    }
    QSignalSpy ended(console.get(), &Application::ended);
    console->stop();
    until("the end", [&] { return !ended.isEmpty(); });
}

/// Ten thousand jobs in every state, written past the engine: what is shown is the list.
void makeMany(const QString &demo, const QString &folder)
{
    need(makeFolder(folder));
    const SystemClock clock;
    need(backupStore(demo, folder + QStringLiteral("/openfactory.db")));
    QFile::copy(demo + QStringLiteral("/audit.head"), folder + QStringLiteral("/audit.head"));
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("many"));
        database.setDatabaseName(folder + QStringLiteral("/openfactory.db"));
        if (!database.open())
            qFatal("the store could not be opened");
        QSqlQuery query(database);
        const auto run = [&](const QString &sql) {
            if (!query.exec(sql))
                qFatal("%s", qPrintable(query.lastError().text()));
        };
        run(QStringLiteral("BEGIN"));
        const qint64 now = clock.wallMs();
        const QString states[]{QStringLiteral("done"), QStringLiteral("failed"), QStringLiteral("cancelled"),
                               QStringLiteral("done"), QStringLiteral("done")};
        for (int i = 0; i < kJobs; ++i) {
            const QString id = JobId::create().text();
            run(QStringLiteral(
                    "INSERT INTO jobs(id, repository, slug, title, branch, target, author, author_source, trace_id, created_ms, "
                    "state, wait_kind, wait_what, wait_since_ms, wake_boot, stage_index, note, workspace, base_commit, good_commit, "
                    "head_commit, author_rounds, answering, attempt_mark, gate_diff, gate_evidence, gate_contract, tried_tree, "
                    "integrated, priority, paused, pause_reason, cancel_asked, archived, revision, updated_ms, finished_ms) "
                    "SELECT '%1', repository, slug || '-%2', title || ' %2', branch, target, author, author_source, trace_id, %3, "
                    "'%4', 'none', '', 0, '', %5, note, '', '', '', '', 0, '', 0, '', '', '', '', '', 'P%6', 0, '', 0, 0, 1, %3, %7 "
                    "FROM jobs WHERE num=%8")
                    .arg(id)
                    .arg(i)
                    .arg(now - qint64(kJobs - i) * 60'000)
                    .arg(states[i % 5])
                    .arg(i % 5 == 1 ? 3 : 10)
                    .arg(i % 4)
                    .arg(now - qint64(kJobs - i) * 60'000 + 40'000 + i % 900'000)
                    .arg(1 + i % 4));
        }
        run(QStringLiteral(
            "INSERT INTO job_texts(job, task, pipeline, contract) SELECT j.num, '', t.pipeline, t.contract "
            "FROM jobs j, job_texts t WHERE t.job=1 AND j.num>4"));
        run(QStringLiteral(
            "INSERT INTO attempts(job, stage, number, state, started_ms, ended_ms, before_commit, start_commit, "
            "after_commit, tree, fingerprint, note, verdict) SELECT j.num, a.stage, a.number, a.state, "
            "a.started_ms, a.ended_ms, '', '', '', '', '', a.note, a.verdict FROM jobs j, attempts a "
            "WHERE a.job=1 AND j.num>4 AND a.state<>'parked'"));
        run(QStringLiteral("COMMIT"));
        database.close();
    }
    QSqlDatabase::removeDatabase(QStringLiteral("many"));
}

class Camera {
public:
    Camera(QString out, QString scheme) : m_out(std::move(out)), m_scheme(std::move(scheme)) {}
    void take(QWidget &widget, const QString &what)
    {
        QTest::qWait(30);
        const int percent = qRound(widget.devicePixelRatioF() * 100);
        QString name = QStringLiteral("%1/%2-%3-%4").arg(m_out, what, m_scheme).arg(percent);
        if (const QString language = qEnvironmentVariable("OPENFACTORY_LANGUAGE"); !language.isEmpty())
            name += u'-' + language;
        if (!widget.grab().save(name + QStringLiteral(".png")))
            qFatal("%s could not be written", qPrintable(name));
        std::printf("%s.png\n", qPrintable(name));
    }

private:
    QString m_out;
    QString m_scheme;
};

JobId jobOf(const Application &console, const char *slug)
{
    const auto store = need(openStore(const_cast<Application &>(console).console().dataFolder,
                                      *const_cast<Application &>(console).console().clock, OpenMode::ReadOnly));
    return need(store->find(QLatin1String(slug), {})).id();
}

void takeFresh(const QString &folder, Camera &camera)
{
    auto console = need(Application::create(folder + QStringLiteral("/fresh")));
    MainWindow &window = console->window();
    window.show();
    camera.take(window, QStringLiteral("skeleton"));
    QSignalSpy filled(&window.jobsPage().model(), &JobListModel::filled);
    console->start(false);
    until("an empty list", [&] { return !filled.isEmpty(); });
    for (const char *page : {"welcome", "jobs", "needs", "ci", "rollouts", "artifacts", "activity"}) {
        window.showPage(QLatin1String(page));
        QTest::qWait(150);
        camera.take(window, QStringLiteral("empty-") + QLatin1String(page));
    }
}

void takeDemo(const QString &folder, Camera &camera)
{
    auto console = need(Application::create(folder + QStringLiteral("/demo")));
    MainWindow &window = console->window();
    window.show();
    QSignalSpy filled(&window.jobsPage().model(), &JobListModel::filled);
    console->start(false);
    until("a list", [&] { return !filled.isEmpty() && window.needsYou().model().rowCount() > 0; });
    QTest::qWait(500);
    for (const char *page : {"jobs", "needs", "artifacts", "activity"}) {
        window.showPage(QLatin1String(page));
        QTest::qWait(200);
        camera.take(window, QLatin1String(page));
    }
    window.jobsPage().setFilter(QStringLiteral("nothing-like-this colour:red"));
    window.showPage(QStringLiteral("jobs"));
    QTest::qWait(300);
    camera.take(window, QStringLiteral("jobs-nomatch"));
    window.jobsPage().setFilter({});

    const auto job = [&](const char *slug, const QStringList &tabs) {
        window.openJob(jobOf(*console, slug));
        until("a job's details", [&] { return window.jobPage().presenter().details() != nullptr; });
        for (const QString &tab : tabs) {
            window.jobPage().showTab(tab);
            QTest::qWait(400);
            camera.take(window, QStringLiteral("job-%1-%2").arg(QLatin1String(slug), tab));
        }
    };
    job("fix-discount",
        {QStringLiteral("overview"), QStringLiteral("timeline"), QStringLiteral("log"), QStringLiteral("changes"),
         QStringLiteral("tests"), QStringLiteral("ci"), QStringLiteral("artifacts"), QStringLiteral("audit")});
    window.jobPage().showTab(QStringLiteral("artifacts"));
    auto *artifacts = window.jobPage().findChild<QTreeView *>(QStringLiteral("artifactTable"));
    for (int row = 0; row < artifacts->model()->rowCount(); ++row) {
        if (!artifacts->model()->index(row, 0).data().toString().endsWith(u".md"))
            continue;
        artifacts->setCurrentIndex(artifacts->model()->index(row, 0));
        QTest::qWait(400);
        camera.take(window, QStringLiteral("job-fix-discount-markdown"));
        break;
    }
    window.jobPage().select({QStringLiteral("unit-test"), 1, 0});
    for (const char *tab : {"log", "changes"}) {
        window.jobPage().showTab(QLatin1String(tab));
        QTest::qWait(700);
        camera.take(window, QStringLiteral("job-reverted-") + QLatin1String(tab));
        if (auto *found = window.jobPage().findChild<QLineEdit *>(QStringLiteral("diffFindText"));
            found && QLatin1String(tab) == u"changes") {
            window.jobPage().findChild<QAction *>(QStringLiteral("diffFind"))->trigger();
            found->setText(QStringLiteral("discount"));
            QTest::qWait(300);
            camera.take(window, QStringLiteral("job-reverted-find"));
            window.jobPage().findChild<QAbstractButton *>(QStringLiteral("diffFindClose"))->click();
        }
    }
    job("round-prices", {QStringLiteral("overview"), QStringLiteral("log")});
    job("bump-version", {QStringLiteral("overview")});
    job("express-surcharge", {QStringLiteral("overview"), QStringLiteral("changes")});

    window.openJob(jobOf(*console, "fix-discount"));
    window.jobPage().showTab(QStringLiteral("overview"));
    window.showHints();
    for (int i = 1; i <= 3; ++i) {
        QTest::qWait(200);
        camera.take(window, QStringLiteral("hint-%1").arg(i));
        window.findChild<QPushButton *>(QStringLiteral("coachNext"))->click();
    }

    const auto gate = [&](const char *slug, const QString &name) {
        window.openGate(jobOf(*console, slug));
        until("a gate", [&] { return window.gatePage().presenter().isRead(); });
        QTest::qWait(200);
        camera.take(window, name);
    };
    gate("bump-version", QStringLiteral("gate-hardstop"));
    gate("express-surcharge", QStringLiteral("gate-change"));
    gate("fix-discount", QStringLiteral("gate"));
    window.gatePage().findChild<QPushButton *>(QStringLiteral("cardReview"))->click();
    QTest::qWait(500);
    camera.take(window, QStringLiteral("gate-review"));
    window.gatePage().findChild<QPushButton *>(QStringLiteral("cardReview"))->click();
    GatePresenter &presenter = window.gatePage().presenter();
    presenter.setDecision(DecisionKind::Approve);
    presenter.setAccepted(QStringLiteral("coverage"), true);
    presenter.setComment(QStringLiteral("Shipping has tests of its own elsewhere."));
    Q_EMIT presenter.changed();
    QTest::qWait(100);
    camera.take(window, QStringLiteral("gate-filled"));
    {
        auto *dialog = new GateDialog(console->console(), jobOf(*console, "fix-discount"), &window);
        dialog->show();
        until("a gate", [&] { return dialog->page().presenter().isRead(); });
        QTest::qWait(200);
        camera.take(*dialog, QStringLiteral("gate-dialog"));
        delete dialog;
    }
    window.showPage(QStringLiteral("doctor"));
    QTest::qWait(4000);
    camera.take(window, QStringLiteral("doctor"));

    {
        QSettings().remove(QStringLiteral("newJob")); // what an earlier call has typed
        auto *dialog = new NewJobDialog(console->console(), &window);
        dialog->show();
        camera.take(*dialog, QStringLiteral("new-job"));
        dialog->findChild<QLineEdit *>(QStringLiteral("newJobRepository"))
            ->setText(folder + QStringLiteral("/demo/demo/shop"));
        dialog->findChild<QPlainTextEdit *>(QStringLiteral("newJobTask"))
            ->setPlainText(QStringLiteral("Charge express parcels by weight and by zone"));
        QTest::qWait(1500);
        camera.take(*dialog, QStringLiteral("new-job-planned"));
        dialog->findChild<QLineEdit *>(QStringLiteral("newJobSlug"))->setText(QStringLiteral("Not A Slug"));
        QTest::qWait(1500);
        camera.take(*dialog, QStringLiteral("new-job-invalid"));
        delete dialog;
    }
    {
        auto *dialog = new SettingsDialog(console->console(), &window);
        dialog->show();
        camera.take(*dialog, QStringLiteral("settings"));
        dialog->showTab(QStringLiteral("keys"));
        camera.take(*dialog, QStringLiteral("settings-keys"));
        dialog->showTab(QStringLiteral("data"));
        QTest::qWait(600);
        camera.take(*dialog, QStringLiteral("settings-data"));
        dialog->showTab(QStringLiteral("host"));
        auto *verdict = dialog->findChild<QWidget *>(QStringLiteral("hostSettings"))
                            ->findChild<QLabel *>(QStringLiteral("doctorVerdict"));
        until("a look at the host", [verdict] { return !verdict->text().contains(u'…'); });
        camera.take(*dialog, QStringLiteral("settings-host"));
        dialog->showTab(QStringLiteral("engine"));
        QTest::qWait(300);
        auto *workers = dialog->findChild<QLineEdit *>(QStringLiteral("setting-workers"));
        workers->selectAll();
        QTest::keyClicks(workers, QStringLiteral("65"));
        camera.take(*dialog, QStringLiteral("settings-engine"));
        dialog->showTab(QStringLiteral("models"));
        QTest::qWait(600);
        camera.take(*dialog, QStringLiteral("settings-models-none"));
        auto *text = dialog->findChild<QPlainTextEdit *>(QStringLiteral("modelsText"));
        text->setPlainText(QStringLiteral("models:\n  local:\n    url: http://127.0.0.1:9/v1\n    model: qwen3-coder\n"
                                          "    price: {input: 0, output: 0, currency: EUR}\n  hosted:\n"
                                          "    url: https://models.example/v1\n    model: big-1\n    key: MODEL_KEY\n"
                                          "    price: {input: 2.5, output: 10, currency: EUR}\nmodel: local\n"
                                          "gate_failing_model: hosted\njob_budget: {tokens: 200000}\n"
                                          "agents:\n  claude:\n    preset: claude\n    key: ANTHROPIC_KEY\n"
                                          "    tokens_per_run: 100000\n"));
        QTest::qWait(800);
        dialog->findChild<QPushButton *>(QStringLiteral("modelsTry"))->click();
        auto *tried = dialog->findChild<QLabel *>(QStringLiteral("modelsTried"));
        until("what came of the try", [tried] { return !tried->text().contains(u'…'); });
        camera.take(*dialog, QStringLiteral("settings-models"));
        text->setPlainText(
            text->toPlainText().replace(QStringLiteral("tokens: 200000"), QStringLiteral("tokens: many")));
        QTest::qWait(800);
        camera.take(*dialog, QStringLiteral("settings-models-invalid"));
        delete dialog;
    }
    {
        auto *dialog = new ExportDialog(console->console(),
                                        {{jobOf(*console, "fix-discount"), QStringLiteral("fix-discount")}}, &window);
        dialog->show();
        camera.take(*dialog, QStringLiteral("export"));
        dialog->writeInto(folder + QStringLiteral("/no/where/fix-discount.tar"));
        QTest::qWait(1000);
        camera.take(*dialog, QStringLiteral("export-failed"));
        dialog->writeInto(folder + QStringLiteral("/fix-discount.tar"));
        QTest::qWait(2000);
        camera.take(*dialog, QStringLiteral("export-done"));
        delete dialog;
        std::vector<ExportDialog::Exported> several;
        for (const char *slug : {"fix-discount", "round-prices", "bump-version"})
            several.push_back({jobOf(*console, slug), QLatin1String(slug)});
        dialog = new ExportDialog(console->console(), several, &window);
        dialog->show();
        camera.take(*dialog, QStringLiteral("export-several"));
        dialog->writeInto(folder + QStringLiteral("/no/where"));
        until("three failures",
              [dialog] { return dialog->findChild<QPushButton *>(QStringLiteral("exportChoose"))->isVisible(); });
        camera.take(*dialog, QStringLiteral("export-several-failed"));
        delete dialog;
    }
    ask(&window, QStringLiteral("Cancel fix-discount?"),
        JobPage::tr(
            "What runs is stopped and the job ends. The worktree and every attempt stay, but the job cannot go on."),
        JobPage::tr("Cancel the job"), JobPage::tr("Keep it"), [] {});
    QTest::qWait(100);
    for (QWidget *box : QApplication::topLevelWidgets()) {
        if (box->objectName() == u"askDialog" && box->isVisible()) {
            camera.take(*box, QStringLiteral("ask"));
            box->close();
        }
    }
    QTest::qWait(100); // the other question is gone
    window.setRunning(2);
    window.close(); // asks
    QTest::qWait(100);
    if (auto *box = window.findChild<QMessageBox *>(QStringLiteral("askDialog"))) {
        camera.take(*box, QStringLiteral("quit"));
        box->close();
        QTest::qWait(100);
    }
    window.setRunning(0);
    window.findChild<QAction *>(QStringLiteral("actionPalette"))->trigger();
    QTest::qWait(300);
    camera.take(window, QStringLiteral("palette"));
    if (auto *bar = window.findChild<QWidget *>(QStringLiteral("commandBar")))
        bar->close();
    window.showPage(QStringLiteral("jobs"));
    window.setEngineProblem(JobPage::tr("The disk refused a read or a write of the store, so the engine has stopped"));
    window.banners().show({QStringLiteral("paused"), KMessageWidget::Information,
                           MainWindow::tr("The engine is paused: what runs goes on, nothing new starts."),
                           MainWindow::tr("Resume"), false});
    window.banners().show(
        {QStringLiteral("recovered"), KMessageWidget::Positive,
         MainWindow::tr("Recovered after an unclean stop: %1").arg(QStringLiteral("fix-discount at integration")),
         MainWindow::tr("Show"), true, MainWindow::tr("Copy report"), QStringLiteral("what happened")});
    QTest::qWait(700);
    camera.take(window, QStringLiteral("banners"));
    window.resize(960, 600);
    window.openJob(jobOf(*console, "express-surcharge"));
    QTest::qWait(300);
    camera.take(window, QStringLiteral("small"));
}

void takeWhole(const QString &folder, Camera &camera)
{
    auto console = need(Application::create(folder + QStringLiteral("/wholeway")));
    MainWindow &window = console->window();
    window.show();
    QSignalSpy filled(&window.jobsPage().model(), &JobListModel::filled);
    console->start(false);
    until("a list", [&] { return !filled.isEmpty(); });
    window.openJob(jobOf(*console, "discount"));
    until("a job's details", [&] { return window.jobPage().presenter().details() != nullptr; });
    for (const char *tab : {"overview", "timeline", "plan", "ci"}) {
        window.jobPage().showTab(QLatin1String(tab));
        QTest::qWait(600);
        camera.take(window, QStringLiteral("whole-") + QLatin1String(tab));
    }
    window.jobPage().showTab(QStringLiteral("plan"));
    auto *documents = window.jobPage().findChild<QTreeView *>(QStringLiteral("planDocuments"));
    documents->setCurrentIndex(documents->model()->index(0, 0)); // the preflight
    QTest::qWait(500);
    camera.take(window, QStringLiteral("whole-preflight"));
    documents->setCurrentIndex(documents->model()->index(documents->model()->rowCount() - 1, 0));
    QTest::qWait(500);
    camera.take(window, QStringLiteral("whole-ticket"));
    const auto gate = [&](const char *slug, const char *name) {
        window.openGate(jobOf(*console, slug));
        until("a gate", [&] { return window.gatePage().presenter().isRead(); });
        QTest::qWait(400);
        camera.take(window, QLatin1String(name));
    };
    gate("discount", "whole-gate");
    gate("asks", "whole-question");
    gate("to-accept", "whole-spec");
    window.gatePage().findChild<QPushButton *>(QStringLiteral("documentChange"))->click();
    auto *edit = window.gatePage().findChild<QPlainTextEdit *>(QStringLiteral("documentEdit"));
    edit->setPlainText(QStringLiteral("scope: 5\n"));
    window.gatePage().findChild<QPushButton *>(QStringLiteral("documentSave"))->click();
    QTest::qWait(500);
    camera.take(window, QStringLiteral("whole-spec-refused"));
    window.showPage(QStringLiteral("ci"));
    QTest::qWait(300);
    camera.take(window, QStringLiteral("whole-pulls"));
}

void takeOdd(const QString &folder, Camera &camera)
{
    auto console = need(Application::create(folder + QStringLiteral("/odd")));
    MainWindow &window = console->window();
    window.show();
    QSignalSpy filled(&window.jobsPage().model(), &JobListModel::filled);
    console->start(false);
    until("a list", [&] { return !filled.isEmpty(); });
    QTest::qWait(500);
    camera.take(window, QStringLiteral("odd-jobs"));
    until("its row", [&] { return window.jobsPage().model().rowAt(0) != nullptr; });
    const JobId job = window.jobsPage().model().rowAt(0)->id;
    window.openJob(job);
    until("a job's details", [&] { return window.jobPage().presenter().details() != nullptr; });
    for (const char *tab : {"overview", "log", "changes", "artifacts"}) {
        window.jobPage().showTab(QLatin1String(tab));
        QTest::qWait(700);
        camera.take(window, QStringLiteral("odd-") + QLatin1String(tab));
    }
    window.jobPage().showTab(QStringLiteral("log"));
    window.jobPage().select({QStringLiteral("implement"), 0, 1});
    QTest::qWait(1500);
    camera.take(window, QStringLiteral("odd-agent-log"));
    window.openGate(job);
    until("a gate", [&] { return window.gatePage().presenter().isRead(); });
    window.gatePage().presenter().setDecision(DecisionKind::Approve);
    Q_EMIT window.gatePage().presenter().changed();
    QTest::qWait(500);
    camera.take(window, QStringLiteral("odd-gate"));
}

/// The store is deleted under the window, and an act is tried.
void takeLost(const QString &folder, Camera &camera)
{
    const QString lost = folder + QStringLiteral("/lost");
    QDir(lost).removeRecursively();
    need(makeFolder(lost));
    need(backupStore(folder + QStringLiteral("/demo"), lost + QStringLiteral("/openfactory.db")));
    QFile::copy(folder + QStringLiteral("/demo/audit.head"), lost + QStringLiteral("/audit.head"));
    auto console = need(Application::create(lost));
    MainWindow &window = console->window();
    window.show();
    QSignalSpy started(console.get(), &Application::started);
    console->start(false);
    until("a list", [&] { return !started.isEmpty() && window.jobsPage().model().rowCount() > 0; });
    QTest::qWait(500);
    QFile::remove(lost + QStringLiteral("/openfactory.db"));
    console->console().feed->look();
    until("a banner", [&] { return window.banners().ids().contains(QStringLiteral("store")); });
    window.jobsPage().view()->selectAll();
    for (QAction *action : window.jobsPage().view()->actions()) {
        if (action->shortcut() == QKeySequence(Qt::CTRL | Qt::Key_R))
            action->trigger();
    }
    until("a refusal", [&] { return window.banners().ids().contains(QStringLiteral("refused")); });
    QTest::qWait(700);
    camera.take(window, QStringLiteral("store-lost"));
}

void takeMany(const QString &folder, Camera &camera)
{
    auto console = need(Application::create(folder + QStringLiteral("/many")));
    MainWindow &window = console->window();
    window.show();
    console->start(false);
    until("a long list", [&] { return window.jobsPage().model().rowCount() > kJobs; });
    window.showPage(QStringLiteral("jobs"));
    QTest::qWait(700);
    camera.take(window, QStringLiteral("jobs-10000"));
    window.jobsPage().view()->scrollToBottom();
    QTest::qWait(700);
    camera.take(window, QStringLiteral("jobs-10000-end"));
}

} // namespace

int main(int argc, char *argv[])
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    prepareAppearance();
    QApplication::setOrganizationName(QStringLiteral("openfactory-shots"));
    QApplication::setApplicationName(QStringLiteral("openfactory"));
    const QApplication app(argc, argv);
    const QStringList words = QApplication::arguments().mid(1);
    if (words.value(0) == u"make" && words.size() == 2) {
        makeDemo(words[1] + QStringLiteral("/demo"));
        addMarkdown(words[1] + QStringLiteral("/demo"));
        makeMany(words[1] + QStringLiteral("/demo"), words[1] + QStringLiteral("/many"));
        makeOdd(words[1] + QStringLiteral("/odd"));
        makeWhole(words[1] + QStringLiteral("/wholeway"));
        return 0;
    }
    if (words.value(0) != u"take" || words.size() < 4 || words.size() > 5) {
        std::fprintf(stderr, "usage: consoleshots make FOLDER | take FOLDER OUT light|dark [PART]\n");
        return 2;
    }
    loadLanguage();
    applyScheme(words[3]);
    need(makeFolder(words[2]));
    Camera camera(words[2], words[3]);
    const std::pair<const char *, void (*)(const QString &, Camera &)> parts[]{
        {"fresh", takeFresh}, {"demo", takeDemo}, {"odd", takeOdd},
        {"whole", takeWhole}, {"lost", takeLost}, {"many", takeMany}};
    for (const auto &[name, take] : parts) {
        if (words.size() == 4 || words[4] == QLatin1StringView(name))
            take(words[1], camera);
    }
    return 0;
}
