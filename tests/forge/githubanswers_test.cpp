// SPDX-License-Identifier: Apache-2.0
/// Answers are read by type, with the place in the error; what is not understood is no success.
#include "core/forge/githubanswers.h"
#include "tests/testlib/expect.h"

#include <QJsonObject>

using namespace openfactory;
using namespace openfactory::github;

namespace {

/// JSON with ' for ".
QJsonDocument document(QByteArray json)
{
    QJsonParseError error;
    const QJsonDocument parsed = QJsonDocument::fromJson(json.replace('\'', '"'), &error);
    if (error.error != QJsonParseError::NoError)
        qFatal("the test's own JSON: %s", qPrintable(error.errorString()));
    return parsed;
}

const QByteArray kCommit(40, 'c');

/// A check run with one value replaced.
QJsonDocument run(const QByteArray &key = {}, const QByteArray &value = {})
{
    QJsonObject object =
        document("{'id': 7, 'name': 'tests', 'head_sha': '" + kCommit
                 + "', 'status': 'completed', 'conclusion': 'success', "
                   "'started_at': '2026-01-01T00:00:01Z', 'completed_at': '2026-01-01T00:00:02Z', "
                   "'html_url': 'https://github.com/o/r/runs/7', 'app': {'id': 15368, 'slug': 'github-actions'}, "
                   "'output': {'title': 'fine', 'summary': 's', 'text': 't', 'annotations_count': 2}}")
            .object();
    if (!key.isEmpty())
        object[QString::fromLatin1(key)] = document("[" + value + "]").array().first();
    return QJsonDocument(object);
}

GitHubAddress address()
{
    return *githubAddress(QStringLiteral("git@github.com:octo/widgets"));
}

} // namespace

class GitHubAnswersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsACheckRun()
    {
        const auto facts = checkRunFrom(run());
        OF_OK(facts);
        const Check expected{QStringLiteral("check-run/7"),
                             QStringLiteral("tests"),
                             QStringLiteral("15368"),
                             QString::fromLatin1(kCommit),
                             CheckStatus::Completed,
                             CheckConclusion::Success,
                             1767225601000,
                             1767225602000,
                             QStringLiteral("fine"),
                             QStringLiteral("https://github.com/o/r/runs/7")};
        QVERIFY(facts->check == expected);
        QCOMPARE(facts->text, QStringLiteral("s\n\nt"));
        QCOMPARE(facts->annotations, 2);
    }

    void onlySuccessIsSuccess_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<QByteArray>("conclusion");
        QTest::addColumn<QString>("read");
        const auto row = [](const char *status, const char *conclusion, const char *read) {
            QTest::addRow("%s %s", status, conclusion)
                << QByteArray(status) << QByteArray(conclusion) << QString::fromLatin1(read);
        };
        row("'completed'", "'success'", "completed success");
        for (const char *other :
             {"failure", "neutral", "skipped", "cancelled", "timed_out", "action_required", "stale"})
            row("'completed'", qPrintable(QStringLiteral("\"%1\"").arg(QLatin1String(other))),
                qPrintable(QStringLiteral("completed %1").arg(QLatin1String(other))));
        row("'completed'", "'startup_failure'", "completed error");
        row("'completed'", "'Success'", "completed error");
        row("'completed'", "'success '", "completed error");
        row("'completed'", "''", "completed error");
        row("'completed'", "null", "completed error");
        row("'in_progress'", "'success'", "in_progress none");
        row("'queued'", "'success'", "queued none");
        row("'waiting'", "null", "queued none");
        row("'requested'", "null", "queued none");
        row("'pending'", "null", "queued none");
        row("'COMPLETED'", "'success'", "queued none");
        row("'new in 2030'", "'success'", "queued none");
    }

    void onlySuccessIsSuccess()
    {
        QFETCH(QByteArray, status);
        QFETCH(QByteArray, conclusion);
        QFETCH(QString, read);
        QJsonObject object = run("status", status).object();
        object[QStringLiteral("conclusion")] = document("[" + conclusion + "]").array().first();
        const auto facts = checkRunFrom(QJsonDocument(object));
        OF_OK(facts);
        QCOMPARE(toName(facts->check.status) + QLatin1Char(' ') + toName(facts->check.conclusion), read);
    }

    void refusesTheWrongType_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *key, const char *value, const char *said) {
            QTest::addRow("%s %s", key, value) << QByteArray(key) << QByteArray(value) << QString::fromLatin1(said);
        };
        row("id", "'7'", "id: expected a whole number, got a text");
        row("id", "7.5", "id: expected a whole number, got a number");
        row("id", "-7", "id: expected a whole number");
        row("id", "1e300", "id: expected a whole number");
        row("id", "null", "id: expected a whole number, got null");
        row("name", "{}", "name: expected a text, got an object");
        row("head_sha", "'main'", "head_sha: expected a commit id");
        row("head_sha", "'CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC'", "head_sha: expected a commit id");
        row("status", "true", "status: expected a text, got true or false");
        row("conclusion", "[]", "conclusion: expected a text, got a list");
        row("app", "[]", "app.id: expected a whole number, got nothing");
        row("app", "{'id': '15368'}", "app.id: expected a whole number, got a text");
        row("output", "{'summary': 1}", "output.summary: expected a text, got a number");
        row("started_at", "5", "started_at: expected a text, got a number");
    }

    void refusesTheWrongType()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, value);
        QFETCH(QString, said);
        OF_REFUSED(checkRunFrom(run(key, value)), ErrorKind::Invalid, said);
        const QJsonDocument list(QJsonObject{{QStringLiteral("total_count"), 1},
                                             {QStringLiteral("check_runs"), QJsonArray{run(key, value).object()}}});
        OF_REFUSED(checkRunsFrom(list), ErrorKind::Invalid, QStringLiteral("check_runs[0].") + said);
    }

    void hostileTextIsBounded()
    {
        const auto big = [](const QByteArray &unit, int times) { return '"' + unit.repeated(times) + '"'; };
        const auto facts = checkRunFrom(run(
            "output", "{'title':" + big("x", 100'000) + ", 'summary':" + big("\\u202e", 400'000) + ", 'text': null}"));
        OF_OK(facts);
        QCOMPARE(facts->check.summary.size(), 200);
        QVERIFY(facts->text.size() <= 256 * 1024);
        // No address but one of the web is handed on.
        for (const char *url : {"'javascript:alert(1)'", "'file:///etc/passwd'", "'https://'", "'x'"})
            QVERIFY(checkRunFrom(run("html_url", url))->check.url.isEmpty());
        const QString line = checkRunFrom(run("output", "{'title': 'a\\nb\\r\\nc'}"))->check.summary;
        QCOMPARE(line, QStringLiteral("a b c"));
    }

    void aRequiredCheckKeepsItsApp()
    {
        const auto rules = rulesFrom(
            document("[ "
                     "{'type': 'deletion'}, "
                     "{'type': 'required_status_checks', 'parameters': {'required_status_checks': [ "
                     "{'context': 'tests', 'integration_id': 15368}, {'context': 'lint'}, "
                     "{'context': 'docs', 'integration_id': null}, {'context': 'any', 'integration_id': -1}]}}]"));
        OF_OK(rules);
        QCOMPARE(rules->required.size(), 4u);
        QVERIFY((rules->required[0] == RequiredCheck{QStringLiteral("tests"), QStringLiteral("15368")}));
        QVERIFY((rules->required[1] == RequiredCheck{QStringLiteral("lint"), {}}));
        QVERIFY((rules->required[2] == RequiredCheck{QStringLiteral("docs"), {}}));
        QVERIFY((rules->required[3] == RequiredCheck{QStringLiteral("any"), {}}));
        QVERIFY(rules->guards);
        QVERIFY(!rulesFrom(document("[{'type': 'deletion'}, {'type': 'non_fast_forward'}]"))->guards);

        const auto classic = requiredFrom(
            document("{'contexts': ['tests', 'old'], 'checks': [{'context': 'tests', 'app_id': 5}]}").object());
        OF_OK(classic);
        QCOMPARE(classic->size(), 2u);
        QVERIFY((classic->at(0) == RequiredCheck{QStringLiteral("tests"), QStringLiteral("5")}));
        QVERIFY((classic->at(1) == RequiredCheck{QStringLiteral("old"), {}}));
    }

    void aRuleThatIsNotUnderstoodIsNotDropped()
    {
        OF_REFUSED(rulesFrom(document("[{'type': 'required_status_checks'}]")), ErrorKind::Invalid,
                   QStringLiteral("[0].parameters.required_status_checks: expected a list, got nothing"));
        OF_REFUSED(rulesFrom(document("[{'type': 'required_status_checks', 'parameters': "
                                      "{'required_status_checks': [{'context': ''}]}}]")),
                   ErrorKind::Invalid, QStringLiteral("context: expected a name"));
        OF_REFUSED(rulesFrom(document("{'message': 'x'}")), ErrorKind::Invalid,
                   QStringLiteral("the whole: expected a list, got an object"));
    }

    void aRefHasToBeTheBranch()
    {
        const auto ref = [](const QByteArray &name, const QByteArray &type) {
            return document("{'ref': '" + name + "', 'object': {'type': '" + type + "', 'sha': '" + kCommit + "'}}");
        };
        QCOMPARE(*refFrom(ref("refs/heads/factory/one", "commit"), QStringLiteral("factory/one")),
                 QString::fromLatin1(kCommit));
        OF_REFUSED(refFrom(ref("refs/heads/factory/one-more", "commit"), QStringLiteral("factory/one")),
                   ErrorKind::Invalid, QStringLiteral("refs/heads/factory/one"));
        OF_REFUSED(refFrom(ref("refs/heads/factory/one", "tag"), QStringLiteral("factory/one")), ErrorKind::Invalid,
                   QStringLiteral("a commit"));
        OF_REFUSED(refFrom(document("[]"), QStringLiteral("factory/one")), ErrorKind::Invalid,
                   QStringLiteral("expected an object, got a list"));
    }

    void onlyPullRequestsOfOurBranchCount()
    {
        const auto pull = [](int number, const char *ref, const char *repository) {
            return QStringLiteral("{'number': %1, 'state': 'open', 'title': 't', 'head': {'ref': '%2', 'sha': '%3', "
                                  "'repo': %4}, 'base': {'ref': 'main'}}")
                .arg(number)
                .arg(QLatin1String(ref), QString::fromLatin1(kCommit), QLatin1String(repository))
                .toUtf8();
        };
        const QByteArray list = "[" + pull(1, "factory/one", "{'full_name': 'octo/widgets'}") + ","
                                + pull(9, "factory/one", "{'full_name': 'mallory/widgets'}") + ","
                                + pull(8, "factory/one", "null") + ","
                                + pull(7, "factory/two", "{'full_name': 'octo/widgets'}") + ","
                                + pull(3, "factory/one", "{'full_name': 'Octo/Widgets'}") + "]";
        const auto pulls = pullsFrom(document(list), address(), QStringLiteral("factory/one"));
        OF_OK(pulls);
        QCOMPARE(pulls->size(), 2u);
        QCOMPARE(pulls->at(0).number, 3);
        QCOMPARE(pulls->at(1).number, 1);
    }

    void pathsOfAnnotationsStayInside_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("inside");
        QTest::newRow("file") << QStringLiteral("src/a b/é.py") << true;
        for (const char *path : {"/etc/passwd", "../x", "a/../../x", "a//b", ".", ".git/config", "a/.GIT/x",
                                 "a\\u0000b", "a\\nb", "\\u202etxt.exe"})
            QTest::newRow(path) << QString::fromUtf8(path) << false;
    }

    void pathsOfAnnotationsStayInside()
    {
        QFETCH(QString, path);
        QFETCH(bool, inside);
        const auto findings = annotationsFrom(
            document(QStringLiteral("[{'path': '%1', 'start_line': 3, 'annotation_level': 'failure', 'title': 'T', "
                                    "'message': 'bad'}]")
                         .arg(path)
                         .toUtf8()),
            QStringLiteral("tests"));
        OF_OK(findings);
        QCOMPARE(findings->at(0).file.isEmpty(), !inside);
        QCOMPARE(findings->at(0).line, inside ? 3 : 0);
        QVERIFY(findings->at(0).message.endsWith(QStringLiteral("bad")));
        QVERIFY(findings->at(0).severity == Severity::Error);
    }

    void idsAreOurs()
    {
        QCOMPARE(checkIdFrom(QStringLiteral("check-run/12"))->number, 12);
        QVERIFY(!checkIdFrom(QStringLiteral("status/3"))->isRun);
        for (const char *id : {"", "12", "check-run", "check-run/", "check-run/0", "check-run/-1", "check-run/1/2",
                               "run/1", "check-run/../1", "status/x"})
            QVERIFY2(!checkIdFrom(QString::fromLatin1(id)), id);
    }
};

QTEST_GUILESS_MAIN(GitHubAnswersTest)
#include "githubanswers_test.moc"
