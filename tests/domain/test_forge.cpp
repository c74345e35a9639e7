// SPDX-License-Identifier: Apache-2.0
/// What the checks of a commit say, and what a job may push. `done` hangs on the first: every other way to it is a row.
#include "core/domain/forge.h"
#include "tests/testlib/expect.h"

Q_DECLARE_METATYPE(openfactory::RequiredVerdict::Kind)
Q_DECLARE_METATYPE(std::vector<openfactory::Check>)

using namespace openfactory;

namespace {

const CommitId kHead(40, u'a');
const CommitId kOther(40, u'b');

Check checkOf(CheckStatus status, CheckConclusion conclusion, const QString &app = QStringLiteral("ci"),
              const CommitId &commit = kHead, qint64 started = 1)
{
    Check check;
    check.id = QStringLiteral("1");
    check.name = QStringLiteral("tests");
    check.app = app;
    check.commit = commit;
    check.status = status;
    check.conclusion = conclusion;
    check.startedMs = started;
    return check;
}

Check completed(CheckConclusion conclusion, const QString &app = QStringLiteral("ci"), const CommitId &commit = kHead,
                qint64 started = 1)
{
    return checkOf(CheckStatus::Completed, conclusion, app, commit, started);
}

} // namespace

class ForgeTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aWishFitsCheckAndJob()
    {
        using Kind = CheckWish::Kind;
        const Check done = completed(CheckConclusion::Failure);
        const Check open = checkOf(CheckStatus::Running, CheckConclusion::None);
        for (const JobState state : {JobState::Waiting, JobState::Failed, JobState::CiFailed})
            OF_OK(checkWishable(Kind::Rerun, done, state));
        for (const JobState state : {JobState::Created, JobState::Running, JobState::Done, JobState::Cancelled})
            OF_REFUSED(checkWishable(Kind::Rerun, done, state), ErrorKind::Conflict, toName(state));
        OF_REFUSED(checkWishable(Kind::Rerun, open, JobState::Waiting), ErrorKind::Conflict,
                   QStringLiteral("not ended"));
        OF_OK(checkWishable(Kind::Cancel, open, JobState::Waiting));
        OF_REFUSED(checkWishable(Kind::Cancel, open, JobState::CiFailed), ErrorKind::Conflict,
                   QStringLiteral("ci_failed"));
        OF_REFUSED(checkWishable(Kind::Cancel, done, JobState::Waiting), ErrorKind::Conflict,
                   QStringLiteral("ended as failure"));
    }

    void wishesAndLimitsAreKeptAsTheyAre()
    {
        const CheckWish wish{CheckWish::Kind::Cancel, QStringLiteral("check-run/7"), QStringLiteral("operator:ann")};
        QCOMPARE(checkWishFrom(toJson(wish)), wish);
        QCOMPARE(checkWishFrom({}), CheckWish());
        QCOMPARE(checkWishFrom({{QStringLiteral("kind"), QStringLiteral("merge")}}).kind, CheckWish::Kind::None);
        const RequestLimit limit{5000, 12, 1'795'771'800'000, 1'795'771'000'000};
        QCOMPARE(requestLimitFrom(toJson(limit)), std::optional(limit));
        QVERIFY(!requestLimitFrom({}));
    }

    void onlySuccessOnTheHeadIsSuccess_data()
    {
        using Kind = RequiredVerdict::Kind;
        QTest::addColumn<std::vector<Check>>("checks");
        QTest::addColumn<QString>("app");
        QTest::addColumn<Kind>("kind");
        const auto row = [](const char *name, const std::vector<Check> &checks, Kind kind, const char *app = "") {
            QTest::newRow(name) << checks << QString::fromLatin1(app) << kind;
        };
        using C = CheckConclusion;
        row("success", {completed(C::Success)}, Kind::Success);
        row("nobody reported", {}, Kind::Missing);
        for (const C conclusion : {C::None, C::Failure, C::Neutral, C::Skipped, C::Cancelled, C::TimedOut,
                                   C::ActionRequired, C::Stale, C::Error})
            row(qPrintable(toName(conclusion)), {completed(conclusion)}, Kind::Failed);
        row("queued", {checkOf(CheckStatus::Queued, C::None)}, Kind::Pending);
        row("running, with a conclusion that means nothing yet", {checkOf(CheckStatus::Running, C::Success)},
            Kind::Pending);
        row("another commit", {completed(C::Success, QStringLiteral("ci"), kOther)}, Kind::Missing);
        Check queued = checkOf(CheckStatus::Queued, C::None, QStringLiteral("ci"), kHead, 0);
        queued.id = QStringLiteral("2");
        row("queued again after a success", {completed(C::Success), queued}, Kind::Pending);
        row("queued again, listed first", {queued, completed(C::Success)}, Kind::Pending);
        Check unbegun = completed(C::Cancelled, QStringLiteral("ci"), kHead, 0);
        unbegun.endedMs = 2;
        row("cancelled before it began, after a success", {completed(C::Success), unbegun}, Kind::Failed);
        Check named = completed(C::Success);
        named.name = QStringLiteral("Tests");
        row("another name", {named}, Kind::Missing);
        row("another app than the required one", {completed(C::Success, QStringLiteral("evil"))}, Kind::Missing, "ci");
        row("the required app among others", {completed(C::Failure, QStringLiteral("evil")), completed(C::Success)},
            Kind::Success, "ci");
        row("two apps, where anybody's counts, and one is not content",
            {completed(C::Success), completed(C::Failure, QStringLiteral("other"))}, Kind::Failed);
        row("two apps, and one runs",
            {completed(C::Success), checkOf(CheckStatus::Running, C::None, QStringLiteral("other"))}, Kind::Pending);
        row("an old success, a new failure",
            {completed(C::Success), completed(C::Failure, QStringLiteral("ci"), kHead, 2)}, Kind::Failed);
        row("an old failure, a new success, told in the other order",
            {completed(C::Success, QStringLiteral("ci"), kHead, 2), completed(C::Failure)}, Kind::Success);
        row("an old success that runs again",
            {completed(C::Success), checkOf(CheckStatus::Queued, C::None, QStringLiteral("ci"), kHead, 2)},
            Kind::Pending);
    }
    void onlySuccessOnTheHeadIsSuccess()
    {
        QFETCH(std::vector<Check>, checks);
        QFETCH(QString, app);
        QFETCH(RequiredVerdict::Kind, kind);
        const RequiredVerdict verdict = requiredVerdict({QStringLiteral("tests"), app}, checks, kHead);
        QVERIFY2(verdict.kind == kind, qPrintable(verdict.said));
        QVERIFY(!verdict.said.isEmpty());
        QCOMPARE(verdict.check.has_value(), kind != RequiredVerdict::Kind::Missing);
    }

    void noHeadHasNoVerdict()
    {
        const Check check = completed(CheckConclusion::Success, QStringLiteral("ci"), QString());
        QVERIFY(requiredVerdict({QStringLiteral("tests"), {}}, {check}, QString()).kind
                == RequiredVerdict::Kind::Missing);
    }

    void aJobPushesBranchesOfItsOwnOnly()
    {
        const QStringList rules{QStringLiteral("main"), QStringLiteral("factory/kept")};
        OF_OK(checkPushable(QStringLiteral("factory/one"), QStringLiteral("main"), rules));
        for (const auto *branch : {"main", "release", "", "factory", "refs/heads/factory/one", "Factory/one"})
            OF_REFUSED(checkPushable(QString::fromLatin1(branch), QStringLiteral("main"), rules), ErrorKind::Denied,
                       QStringLiteral("branches of its own"));
        OF_REFUSED(checkPushable(QStringLiteral("factory/kept"), QStringLiteral("main"), rules), ErrorKind::Denied,
                   QStringLiteral("protected"));
        OF_REFUSED(checkPushable(QStringLiteral("factory/t"), QStringLiteral("factory/t"), {}), ErrorKind::Denied,
                   QStringLiteral("protected"));
    }

    void aCheckSurvivesItsJson()
    {
        Check check = completed(CheckConclusion::TimedOut);
        check.summary = QStringLiteral("\u202e\"<b>");
        check.url = QStringLiteral("https://localhost/1");
        check.endedMs = qint64(1) << 50;
        const auto back = checkFromJson(toJson(check));
        OF_OK(back);
        QVERIFY(*back == check);
        QJsonObject unknown = toJson(check);
        unknown[QStringLiteral("conclusion")] = QStringLiteral("fine");
        OF_REFUSED(checkFromJson(unknown), ErrorKind::Corrupt, QStringLiteral("unknown"));
    }

    void theForgesOwnRuleNamesTheReporter()
    {
        ForgeFacts facts;
        facts.required = {{QStringLiteral("lint"), {}}, {QStringLiteral("tests"), QStringLiteral("ci")}};
        QCOMPARE(requiredCheckIn(facts, QStringLiteral("tests")).app, QStringLiteral("ci"));
        QCOMPARE(requiredCheckIn(facts, QStringLiteral("docs")).app, QString());
    }
};

QTEST_GUILESS_MAIN(ForgeTest)
#include "test_forge.moc"
