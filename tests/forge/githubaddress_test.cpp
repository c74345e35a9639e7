// SPDX-License-Identifier: Apache-2.0
/// Remotes of every spelling lead to one address, and what is none is refused without repeating what may be a password.
#include "core/forge/githubrequests.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

class GitHubAddressTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEverySpelling_data()
    {
        QTest::addColumn<QString>("remote");
        QTest::addColumn<QString>("api");
        QTest::addColumn<QString>("git");
        const auto row = [](const char *remote, const char *api, const char *git) {
            QTest::newRow(remote) << QString::fromLatin1(remote) << QString::fromLatin1(api)
                                  << QString::fromLatin1(git);
        };
        const char *hub = "https://api.github.com";
        row("https://github.com/octo/widgets.git", hub, "https://github.com/octo/widgets.git");
        row("https://github.com/octo/widgets", hub, "https://github.com/octo/widgets.git");
        row("https://github.com/octo/widgets/", hub, "https://github.com/octo/widgets.git");
        row("https://GitHub.com/octo/widgets", hub, "https://github.com/octo/widgets.git");
        row("git@github.com:octo/widgets.git", hub, "https://github.com/octo/widgets.git");
        row("ssh://git@github.com/octo/widgets.git", hub, "https://github.com/octo/widgets.git");
        row("ssh://git@github.com:22/octo/a.b_c-d", hub, "https://github.com/octo/a.b_c-d.git");
        row("https://acme.ghe.com/octo/widgets", "https://api.acme.ghe.com", "https://acme.ghe.com/octo/widgets.git");
        row("git@git.example.org:octo/widgets", "https://git.example.org/api/v3",
            "https://git.example.org/octo/widgets.git");
        row("https://git.example.org:8443/octo/widgets", "https://git.example.org:8443/api/v3",
            "https://git.example.org:8443/octo/widgets.git");
        row("http://127.0.0.1:99/octo/widgets", "http://127.0.0.1:99/api/v3", "http://127.0.0.1:99/octo/widgets.git");
    }

    void readsEverySpelling()
    {
        QFETCH(QString, remote);
        QFETCH(QString, api);
        QFETCH(QString, git);
        const auto address = githubAddress(remote);
        OF_OK(address);
        QCOMPARE(address->api.toString(), api);
        QCOMPARE(address->git.toString(), git);
        QCOMPARE(address->owner, QStringLiteral("octo"));
    }

    void refusesWhatIsNone_data()
    {
        QTest::addColumn<QString>("remote");
        for (const char *remote : {"",
                                   "/home/me/widgets.git",
                                   "file:///srv/widgets.git",
                                   "https://github.com/octo",
                                   "https://github.com/octo/widgets/tree/main",
                                   "https://github.com/../widgets",
                                   "https://github.com/octo/..",
                                   "https://me:hush@github.com/octo/widgets",
                                   "https://hush@github.com/octo/widgets",
                                   "https://github.com/octo/widgets?token=hush",
                                   "https://github.com/octo/wid%2Fgets",
                                   "https://github.com/octo/wid gets",
                                   "http://github.com/octo/widgets",
                                   "git://github.com/octo/widgets",
                                   "github.com/octo/widgets",
                                   "git@github.com:/octo/widgets",
                                   "ext::sh -c hush",
                                   "-oProxyCommand=hush:o/w",
                                   "https://github.com/-octo/widgets",
                                   "https://github.com/octo/widgets#hush"})
            QTest::newRow(remote) << QString::fromLatin1(remote);
    }

    void refusesWhatIsNone()
    {
        QFETCH(QString, remote);
        const auto address = githubAddress(remote);
        QVERIFY2(!address, "it was accepted");
        QCOMPARE(address.error().kind, ErrorKind::Invalid);
        QVERIFY2(!toText(address.error()).contains(QStringLiteral("hush")), qPrintable(toText(address.error())));
    }

    void anApiOfItsOwnIsTaken()
    {
        const auto address = githubAddress(QStringLiteral("git@github.com:octo/widgets"),
                                           QStringLiteral("https://proxy.example.org/github/"));
        OF_OK(address);
        QCOMPARE(GitHubRequests(*address).repository().url(address->api).toString(),
                 QStringLiteral("https://proxy.example.org/github/repos/octo/widgets"));
        OF_REFUSED(githubAddress(QStringLiteral("git@github.com:octo/widgets"), QStringLiteral("http://example.org")),
                   ErrorKind::Invalid, QStringLiteral("https"));
    }

    void valuesStayInTheirSegment()
    {
        const GitHubAddress address = *githubAddress(QStringLiteral("git@github.com:octo/widgets"));
        const GitHubRequests requests(address);
        const auto path = [&](const GitHubRequest &request) { return request.url(address.api).toEncoded(); };
        QCOMPARE(path(requests.branch(QStringLiteral("factory/a?b#c%2F..é"))),
                 QByteArray("https://api.github.com/repos/octo/widgets/branches/factory%2Fa%3Fb%23c%252F..%C3%A9"));
        QCOMPARE(path(requests.ref(QStringLiteral("factory/one"))),
                 QByteArray("https://api.github.com/repos/octo/widgets/git/ref/heads%2Ffactory%2Fone"));
        QCOMPARE(path(requests.pullsFrom(QStringLiteral("factory/a&state=open"))),
                 QByteArray("https://api.github.com/repos/octo/widgets/pulls?head=octo%3Afactory%2Fa%26state%3Dopen"
                            "&state=all&sort=created&direction=desc&per_page=100"));
        QCOMPARE(path(requests.cancelRun(12)),
                 QByteArray("https://api.github.com/repos/octo/widgets/actions/runs/12/cancel"));
    }

    void textsAreCutToWhatGitHubTakes()
    {
        const GitHubRequests requests(*githubAddress(QStringLiteral("git@github.com:octo/widgets")));
        PullRequest pull;
        pull.title = QString(255, QLatin1Char('x')) + QStringLiteral("\U0001F600");
        const QJsonObject body = *requests.createPull(pull, QString(70'000, QLatin1Char('y')), true).body;
        QCOMPARE(body[QStringLiteral("title")].toString(), QString(255, QLatin1Char('x'))); // no half character
        QVERIFY(body[QStringLiteral("body")].toString().size() < 65'536);
        QVERIFY(body[QStringLiteral("body")].toString().endsWith(QStringLiteral("(5000 more characters did not fit)")));
    }
};

QTEST_GUILESS_MAIN(GitHubAddressTest)
#include "githubaddress_test.moc"
