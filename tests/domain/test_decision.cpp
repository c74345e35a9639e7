// SPDX-License-Identifier: Apache-2.0
#include "core/domain/decision.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

namespace {

Decision approval(const QStringList &risks = {}, const QString &comment = {})
{
    Decision decision;
    decision.gate = QStringLiteral("deploy");
    decision.acceptedRisks = risks;
    decision.comment = comment;
    return decision;
}

Risk risk(const char *name, const char *acceptedBy = "")
{
    Risk risk;
    risk.name = QString::fromLatin1(name);
    risk.acceptedBy = QString::fromLatin1(acceptedBy);
    return risk;
}

const Binding kShown{QStringLiteral("d"), QStringLiteral("e"), QStringLiteral("c")};

} // namespace

class TestDecision : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void decisionHoldsForWhatWasShownOnly()
    {
        QVERIFY(!whyVoid(kShown, kShown));
        const auto why = [](Binding now) { return whyVoid(kShown, now).value_or(QString()); };
        QCOMPARE(why({QStringLiteral("x"), kShown.evidence, kShown.contract}),
                 QStringLiteral("the diff changed after the decision"));
        QCOMPARE(why({kShown.diff, QStringLiteral("x"), kShown.contract}),
                 QStringLiteral("the evidence changed after the decision"));
        QCOMPARE(why({kShown.diff, kShown.evidence, {}}), QStringLiteral("the contract changed after the decision"));
        QCOMPARE(why({}), QStringLiteral("the diff and the evidence and the contract changed after the decision"));
    }

    void digestFollowsEachPart()
    {
        const QString digest = kShown.digest();
        QCOMPARE(digest.size(), 64);
        QCOMPARE(digest, kShown.digest());
        QSet<QString> all{digest};
        all.insert(Binding{QStringLiteral("x"), kShown.evidence, kShown.contract}.digest());
        all.insert(Binding{kShown.diff, QStringLiteral("x"), kShown.contract}.digest());
        all.insert(Binding{kShown.diff, kShown.evidence, QStringLiteral("x")}.digest());
        all.insert(Binding{QStringLiteral("de"), QString(), kShown.contract}.digest()); // parts do not run together
        all.insert(Binding{kShown.evidence, kShown.diff, kShown.contract}.digest());
        Binding planned = kShown;
        planned.spec = QStringLiteral("s");
        all.insert(planned.digest());
        QCOMPARE(all.size(), 7);
        QVERIFY(whyVoid(planned, kShown)->startsWith(QStringLiteral("the spec or the plan changed")));
    }

    void approvalNeedsEveryOpenRiskByName()
    {
        const std::vector<Risk> risks{risk("coverage"), risk("lint"), risk("static-not-measured", "anna")};
        const QString why = QStringLiteral("it is a prototype");
        OF_OK(checkDecision(approval(), {}, false));
        OF_OK(checkDecision(approval({QStringLiteral("coverage"), QStringLiteral("lint")}, why), risks, false));
        OF_REFUSED(checkDecision(approval({QStringLiteral("coverage")}, why), risks, false), ErrorKind::Denied,
                   QStringLiteral("lint"));
        OF_REFUSED(checkDecision(approval({}, why), risks, false), ErrorKind::Denied, QStringLiteral("coverage, lint"));
        OF_REFUSED(checkDecision(
                       approval({QStringLiteral("coverage"), QStringLiteral("lint"), QStringLiteral("luck\x1b")}, why),
                       risks, false),
                   ErrorKind::Invalid, QStringLiteral("luck\\x1b"));
        OF_REFUSED(checkDecision(approval({QStringLiteral("coverage"), QStringLiteral("lint")}, QStringLiteral("  ")),
                                 risks, false),
                   ErrorKind::Invalid, QStringLiteral("comment"));
    }

    void rejectAndRequestNeedAComment()
    {
        for (const auto kind : {DecisionKind::Reject, DecisionKind::RequestChanges}) {
            Decision decision = approval();
            decision.kind = kind;
            decision.comment = QStringLiteral(" \n");
            OF_REFUSED(checkDecision(decision, {}, false), ErrorKind::Invalid, QStringLiteral("comment"));
            decision.comment = QStringLiteral("the name is wrong");
            OF_OK(checkDecision(decision, {risk("lint")}, false)); // open risks are no matter then
            decision.acceptedRisks = {QStringLiteral("lint")};
            OF_REFUSED(checkDecision(decision, {risk("lint")}, false), ErrorKind::Invalid,
                       QStringLiteral("only an approval"));
        }
    }

    void nothingOverridesAnAbsoluteFailure()
    {
        OF_REFUSED(checkDecision(approval({}, QStringLiteral("do it")), {}, true), ErrorKind::Denied,
                   QStringLiteral("no decision overrides"));
        for (const auto kind : {DecisionKind::Reject, DecisionKind::RequestChanges}) {
            Decision decision = approval();
            decision.kind = kind;
            OF_REFUSED(checkDecision(decision, {}, true), ErrorKind::Invalid, QStringLiteral("comment"));
            decision.comment = QStringLiteral("stay inside the contract");
            OF_OK(checkDecision(decision, {}, true));
            QCOMPARE(remarkOf(decision).message, decision.comment);
        }
    }

    void gradualIsNotBuiltYet()
    {
        Decision decision = approval();
        decision.strategy = Strategy::Gradual;
        OF_REFUSED(checkDecision(decision, {}, false), ErrorKind::Unsupported, QStringLiteral("not built yet"));
    }
};

QTEST_GUILESS_MAIN(TestDecision)
#include "test_decision.moc"
