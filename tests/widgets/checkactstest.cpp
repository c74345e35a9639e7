// SPDX-License-Identifier: Apache-2.0
/// The buttons below a check: what they may do, what they ask for, and what is said where they may not.
#include "ui/widgets/checkacts.h"

#include <QDesktopServices>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace openfactory;
using namespace openfactory::ui;

class Browser : public QObject {
    Q_OBJECT
public:
    QList<QUrl> opened;
public Q_SLOTS:
    void open(const QUrl &url) { opened << url; }
};

class CheckActsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void wishesWhatIsPossible()
    {
        CheckActs acts;
        auto *again = acts.findChild<QPushButton *>(QStringLiteral("checkRerun"));
        auto *cancel = acts.findChild<QPushButton *>(QStringLiteral("checkCancel"));
        auto *why = acts.findChild<QLabel *>(QStringLiteral("checkWhy"));
        QVERIFY(again && cancel && why);
        QVERIFY(!again->isEnabled() && !cancel->isEnabled() && !why->text().isEmpty());
        QSignalSpy wished(&acts, &CheckActs::wished);
        Check check;
        check.id = QStringLiteral("check-run/7");
        check.name = QStringLiteral("tests");
        check.status = CheckStatus::Running;
        acts.setCheck(check, JobState::Waiting);
        QVERIFY(!again->isEnabled() && cancel->isEnabled());
        cancel->click();
        QCOMPARE(wished.size(), 1);
        QCOMPARE(wished[0][0].value<CheckWish::Kind>(), CheckWish::Kind::Cancel);
        QCOMPARE(wished[0][1].toString(), check.id);
        check.status = CheckStatus::Completed;
        check.conclusion = CheckConclusion::Failure;
        for (const JobState state : {JobState::Waiting, JobState::CiFailed, JobState::Failed}) {
            acts.setCheck(check, state);
            QVERIFY(again->isEnabled() && !cancel->isEnabled());
            QVERIFY2(why->text().contains(check.name), qPrintable(why->text()));
        }
        again->click();
        QCOMPARE(wished[1][0].value<CheckWish::Kind>(), CheckWish::Kind::Rerun);
        for (const JobState state : {JobState::Running, JobState::Done, JobState::Cancelled}) {
            acts.setCheck(check, state);
            QVERIFY(!again->isEnabled() && !cancel->isEnabled() && !why->text().isEmpty());
        }
    }

    void opensOnlyAnAddressOfTheWeb()
    {
        CheckActs acts;
        auto *open = acts.findChild<QPushButton *>(QStringLiteral("checkOpenPull"));
        QVERIFY(open && open->isHidden());
        Browser browser;
        QDesktopServices::setUrlHandler(QStringLiteral("https"), &browser, "open");
        for (const char *bad : {"", "file:///etc/passwd", "javascript:alert(1)", "/srv/forge/x.git", "https:///no-host",
                                "openfactory://gate/x", "ht tp://x"}) {
            acts.setPull(QString::fromLatin1(bad));
            QVERIFY2(open->isHidden(), bad);
        }
        acts.setPull(QStringLiteral("https://forge.example/o/r/pull/7"));
        QVERIFY(!open->isHidden());
        open->click();
        QCOMPARE(browser.opened, QList<QUrl>{QUrl(QStringLiteral("https://forge.example/o/r/pull/7"))});
        QDesktopServices::unsetUrlHandler(QStringLiteral("https"));
    }
};

QTEST_MAIN(CheckActsTest)
#include "checkactstest.moc"
