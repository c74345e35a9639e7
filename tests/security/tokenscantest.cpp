// SPDX-License-Identifier: Apache-2.0
/// The secret scan of a change: hits, near misses, hostile lines. Tokens are put together here, so that no scanner of a
/// forge takes this file for a leak.
#include "core/security/tokenscan.h"

#include "core/security/secretmasker.h"
#include "core/security/tokenrules.h"

#include <QElapsedTimer>
#include <QTest>

using namespace openfactory;

namespace {

const QByteArray letters = "Zk3vJ9qLw8RtY2mBc5DxG7hNs4PfQ6aEuT1iVoWyKjHgMbXrCzSl0dnF"; // 56, no placeholder in it

QByteArray some(qsizetype length)
{
    return letters.repeated(8).first(length);
}

DiffLine line(DiffLine::Kind kind, int number, const QByteArray &text)
{
    return {kind, kind == DiffLine::Kind::Added ? 0 : number, kind == DiffLine::Kind::Removed ? 0 : number, text};
}

ChangeSet changeWith(const QList<QByteArray> &added)
{
    FileChange file;
    file.path = file.oldPath = "src/app.py";
    DiffHunk hunk;
    int number = 10;
    for (const QByteArray &text : added)
        hunk.lines.push_back(line(DiffLine::Kind::Added, number++, text));
    file.hunks.push_back(hunk);
    ChangeSet change;
    change.files.push_back(file);
    return change;
}

QStringList rulesOf(const std::vector<Finding> &findings)
{
    QStringList rules;
    for (const Finding &finding : findings)
        rules += finding.rule;
    return rules;
}

} // namespace

class TokenScanTest : public QObject {
    Q_OBJECT
    SecretMasker m_none;
    int m_row = 0;

private Q_SLOTS:
    void knowsTheFormsOfTokens_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QByteArray>("hit");
        QTest::addColumn<QByteArray>("miss"); // looks alike, is none
        const auto row = [this](const char *rule, const QByteArray &hit, const QByteArray &miss) {
            QTest::addRow("%s %d", rule, ++m_row) << QString::fromLatin1(rule) << hit << miss;
        };
        row("github-token", "t = 'ghp_" + some(36) + "'", "t = 'ghp_" + some(20) + "'");
        row("github-token", "gho_" + some(36), "ghp_" + QByteArray(36, 'x'));
        row("github-token", "url: https://ghs_" + some(36) + "@github.com/a/b", "myghs_" + some(36));
        row("github-fine-grained-token", "github_pat_" + some(22) + "_" + some(50), "github_pat_name");
        row("gitlab-token", "glpat-" + some(20), "glpat-short");
        row("aws-access-key", "AKIA" + QByteArray("9Z01Q8R7T6W5V4U3"), "AKIA" + QByteArray("9Z01Q8R7T6W5V4U"));
        row("aws-access-key", "key_AKIA" + QByteArray("9Z01Q8R7T6W5V4U3"), "AKIA" + QByteArray("9Z01Q8R7T6W5V4U3X"));
        row("aws-access-key", "\"ASIA" + QByteArray("Z2YQ7MXW3KLP5TRB\""), "AKIA" + QByteArray("AAAAAAAAAAAAAAAA"));
        row("aws-access-key", "id AKIA" + QByteArray("Z2YQ7MXW3KLP5TRB"), "AKIA" + QByteArray("IOSFODNN7EXAMPLE"));
        row("aws-secret-key", "aws_secret_access_key = " + some(40), "aws_secret_access_key = " + some(39));
        row("slack-token", "xoxb-" + QByteArray("2847561930-") + some(24), "xoxb-placeholder");
        row("slack-webhook", "https://hooks.slack.com/services/" + some(9) + "/" + some(11) + "/" + some(24),
            "https://hooks.slack.com/services/");
        row("anthropic-key", "sk-ant-" + QByteArray("api03-") + some(60), "sk-ant-short");
        row("openai-key", "sk-" + QByteArray("proj-") + some(48), "sk-learn-pipeline-with-many-words");
        row("stripe-key", "sk_live_" + some(24), "sk_test_" + some(24));
        row("google-api-key", "AIza" + some(35), "AIza" + some(30));
        row("google-oauth-secret", "GOCSPX-" + some(28), "GOCSPX-" + some(10));
        row("npm-token", "//registry/:_authToken=npm_" + some(36), "npm_config_cache_directory_of_the_user_x");
        row("pypi-token", "pypi-" + some(80), "pypi-publish");
        row("huggingface-token", "hf_" + some(34), "hf_hub_download");
        row("sendgrid-key", "SG." + some(22) + "." + some(43), "SG.short.short");
        row("private-key", "-----BEGIN RSA " + QByteArray("PRIVATE KEY-----\\nProc-Type: 4,ENCRYPTED\\n\\n") + some(56),
            "-----BEGIN PUBLIC KEY-----\\n" + some(56));
        row("private-key", "    \"-----BEGIN " + QByteArray("PRIVATE KEY-----\\n") + some(40),
            "text.startswith('-----BEGIN PRIVATE KEY-----')");
        row("private-key", "-----BEGIN PGP " + QByteArray("PRIVATE KEY BLOCK-----") + some(40),
            "-----BEGIN " + QByteArray("PRIVATE KEY-----") + QByteArray(64, 'A'));
        row("json-web-token", "eyJ" + some(30) + ".eyJ" + some(60) + "." + some(43), "eyJ" + some(30) + "." + some(60));
        row("url-password", "postgres://admin:" + QByteArray("Zk3vJ9qLw8") + "@db.internal/app",
            "postgres://admin:${DB_PASSWORD}@db/app");
        row("url-password", "redis://:x@h amqp://u:" + QByteArray("tr0ub4dor&3x") + "@h",
            "postgres://app:" + QByteArray("s3cret-pass1") + "@localhost/app");
        row("url-password", "amqp://u:" + QByteArray("tr0ub4dor&3x!") + "@h", "http://localhost:8080/@user");
        row("assigned-secret", "password = \"" + QByteArray("tr0ub4dor&3x-Zk3vJ") + "\"",
            "password = \"" + QByteArray("tr0ub4dor&3x") + "\"");
        row("assigned-secret", "api_key: '" + some(20) + "'", "api_key: '<your key>'");
        row("assigned-secret", "\"client_secret\": \"" + some(16) + "\",",
            "\"client_secret_name\": \"my-database-password\",");
        row("assigned-secret", "DB_PASSWORD: str = '" + some(16) + "'", "DB_PASSWORD = os.environ['DB_PASSWORD']");
        row("assigned-secret", "config[\"secret_key\"] = b\"" + some(24) + "\"",
            "token_url = \"https://auth.example.org/token/v2\"");
        row("assigned-secret", "$token => '" + some(20) + "'", "token = \"aaaaaaaaaaaaaaaaaaaaaaa1\"");
        row("assigned-secret", "passphrase := \"" + some(18) + "\"", "def test_password_is_hashed(): pass");
    }
    void knowsTheFormsOfTokens()
    {
        QFETCH(QString, rule);
        QFETCH(QByteArray, hit);
        QFETCH(QByteArray, miss);
        const auto findings = TokenScan(m_none).scan(changeWith({"ordinary = 1", hit, "more = 2"}));
        QCOMPARE(rulesOf(findings), QStringList{rule});
        QCOMPARE(findings[0].file, RepoPath("src/app.py"));
        QCOMPARE(findings[0].line, 11);
        QVERIFY(!findings[0].suggestion.isEmpty());
        for (const QString &text : {findings[0].message, findings[0].suggestion}) {
            for (qsizetype at = 0; at + 8 <= hit.size(); ++at)
                QVERIFY2(!letters.contains(hit.sliced(at, 8)) || !text.contains(QString::fromLatin1(hit.sliced(at, 8))),
                         qPrintable(text));
        }
        QCOMPARE(rulesOf(TokenScan(m_none).scan(changeWith({miss}))), QStringList());
    }

    void findsRegisteredSecretsInAnyEncoding_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QByteArray secret = "correct horse 'battery'";
        QTest::newRow("raw") << "x = \"" + secret + "\"";
        QTest::newRow("base64") << "x = " + QByteArray("user:" + secret).toBase64();
        QTest::newRow("hex") << secret.toHex();
        QTest::newRow("percent") << "https://h/?k=" + secret.toPercentEncoding();
        QTest::newRow("json") << QByteArray(R"({"k": "correct horse \u0027battery\u0027"})");
    }
    void findsRegisteredSecretsInAnyEncoding()
    {
        QFETCH(QByteArray, text);
        SecretMasker masker;
        QVERIFY(masker.add({{QStringLiteral("s"), "correct horse 'battery'", QStringLiteral("test")}}));
        const auto findings = TokenScan(masker).scan(changeWith({"a", "b", text}));
        QCOMPARE(rulesOf(findings), QStringList{QStringLiteral("known-secret")});
        QCOMPARE(findings[0].line, 12);
        QVERIFY(!findings[0].message.contains(u"horse"));
        QVERIFY(TokenScan(m_none).scan(changeWith({"a", "b", text})).empty());
    }

    void findsASecretOverSeveralLines()
    {
        SecretMasker masker;
        QVERIFY(masker.add(
            {{QStringLiteral("s"), "ab12\ncd34\nef56", QStringLiteral("test")}})); // each line too short to stand alone
        ChangeSet change = changeWith({"x", "ab12", "cd34", "ef56", "y"});
        QCOMPARE(rulesOf(TokenScan(masker).scan(change)), QStringList{QStringLiteral("known-secret")});
        auto &lines = change.files[0].hunks[0].lines;
        lines.insert(lines.begin() + 2, line(DiffLine::Kind::Removed, 5, "old")); // stands in the way in the diff only
        QCOMPARE(rulesOf(TokenScan(masker).scan(change)), QStringList{QStringLiteral("known-secret")});
        lines.insert(lines.begin() + 2, line(DiffLine::Kind::Context, 5, "kept"));
        QVERIFY(TokenScan(masker).scan(change).empty());
    }

    void findsAKeyWhereItStarts()
    {
        const QByteArray armour = "-----BEGIN " + QByteArray("PRIVATE KEY-----");
        const auto findings = TokenScan(m_none).scan(
            changeWith({"a", armour, some(50), some(50), "-----END PRIVATE KEY-----"}));
        QCOMPARE(rulesOf(findings), QStringList{QStringLiteral("private-key")});
        QCOMPARE(findings[0].line, 11);
        QVERIFY(TokenScan(m_none).scan(changeWith({"if " + armour + " in text:", "    return parse(text)"})).empty());
    }

    void looksAtAddedLinesOnly()
    {
        ChangeSet change = changeWith({});
        const QByteArray token = "ghp_" + some(36);
        change.files[0].hunks[0].lines = {line(DiffLine::Kind::Context, 1, token),
                                          line(DiffLine::Kind::Removed, 2, token)};
        QVERIFY(TokenScan(m_none).scan(change).empty());
    }

    void findsASecretInAFileNameAndDoesNotRepeatIt()
    {
        SecretMasker masker;
        QVERIFY(masker.add({{QStringLiteral("s"), "correct-horse", QStringLiteral("test")}}));
        ChangeSet change = changeWith({"token = 'ghp_" + some(36) + "'"});
        change.files[0].path = "keys/correct-horse.txt";
        const auto findings = TokenScan(masker).scan(change);
        QCOMPARE(rulesOf(findings), (QStringList{QStringLiteral("known-secret"), QStringLiteral("github-token")}));
        for (const Finding &finding : findings)
            QVERIFY(!finding.file.contains("correct-horse") && !finding.message.contains(u"correct-horse"));
        change.files[0].status = FileStatus::Deleted;
        QVERIFY(TokenScan(masker).scan(change).empty());
    }

    void staysFastOnHostileLines_data()
    {
        QTest::addColumn<QByteArray>("text");
        const qsizetype size = 1024 * 1024;
        const auto filled = [&](const QByteArray &unit) { return unit.repeated(size / unit.size()); };
        QTest::newRow("one letter") << filled("a");
        QTest::newRow("token words") << filled("tokentoken");
        QTest::newRow("open assignments") << filled("token=\"");
        QTest::newRow("half JSON web tokens") << filled("eyJ-");
        QTest::newRow("half keys") << filled("sk-");
        QTest::newRow("half urls") << filled("a://b:");
        QTest::newRow("aws") << filled("aws_key ");
        QTest::newRow("dashes") << filled("-----BEGIN A ");
        QTest::newRow("not UTF-8") << filled("\xff\xc3\xfe");
        QTest::newRow("NUL") << QByteArray(size, '\0');
    }
    void staysFastOnHostileLines()
    {
        QFETCH(QByteArray, text);
        QElapsedTimer timer;
        timer.start();
        // The token at the end is found: nothing gave up on the way.
        const auto findings = TokenScan(m_none).scan(changeWith({text + " ghp_" + some(36)}));
        QVERIFY(rulesOf(findings).contains(QStringLiteral("github-token")));
        QVERIFY2(timer.elapsed() < 20'000, "catastrophic"); // a net against minutes, not an expectation
    }

    void findsATokenWhereverALongLineIsCut()
    {
        const QByteArray token = "ghp_" + some(36);
        for (qsizetype before = 56'000; before < 66'000; before += 61)
            QCOMPARE(
                TokenScan(m_none).scan(changeWith({QByteArray(before, ' ') + token + QByteArray(70'000, ' ')})).size(),
                1u);
    }

    void findsATokenAmongTheBytesOfACompiledFile_data()
    {
        QTest::addColumn<QByteArray>("token");
        const auto row = [](const char *name, const QByteArray &begin, int more) {
            QTest::newRow(name) << begin + some(more);
        };
        QTest::newRow("AWS") << QByteArray("AK") + "IAQ4ZJ7TWM2XK5P8RB";
        row("GitHub",
            "gh"
            "p_",
            36);
        row("Google",
            "AI"
            "za",
            35);
        row("npm",
            "np"
            "m_",
            36);
        row("Hugging Face",
            "hf"
            "_",
            34);
        QTest::newRow("SendGrid") << QByteArray("S") + "G." + some(22) + '.' + some(43);
    }
    void findsATokenAmongTheBytesOfACompiledFile()
    {
        QFETCH(QByteArray, token);
        const TokenScan scan(m_none);
        // As Python, Java and others keep a text: how long it is, then the letters, then the sign of what comes next.
        for (const char next : {'N', ')', 'r', '1', '\0'}) {
            const QByteArray bytes = QByteArray("\0\0\0\x01z", 5) + char(token.size()) + token + next
                                     + QByteArray("\0\xe3", 2);
            QCOMPARE(scan.scanContent("c.pyc", bytes).size(), 1u);
        }
        if (token.startsWith("AK")) // in a text, a longer word is another
            QVERIFY(scan.scanContent("a.txt", token + "N").empty());
    }

    void aMarkLetsItsRulePassOnItsLineOnly_data()
    {
        QTest::addColumn<QList<QByteArray>>("lines");
        QTest::addColumn<QStringList>("found");
        QTest::addColumn<QStringList>("allowed");
        const QByteArray token = "gh"
                                 "p_"
                                 + some(36);
        const QByteArray other = "gl"
                                 "pat-"
                                 + some(20);
        const QByteArray mark = "openfactory: allow-secret(github-token): from the forge's own manual";
        const QString rule = QStringLiteral("github-token");
        const auto row = [](const char *name, const QList<QByteArray> &lines, const QStringList &found,
                            const QStringList &allowed) { QTest::newRow(name) << lines << found << allowed; };
        const QByteArray line = "key = \"" + token + "\"  # ";
        row("in a comment of Python", {line + mark}, {}, {rule});
        row("of C++", {"auto k = \"" + token + "\"; // " + mark}, {}, {rule});
        row("of HTML", {"<b>" + token + "</b> <!-- " + mark + " -->"}, {}, {rule});
        row("of C", {"k = \"" + token + "\"; /* " + mark + " */"}, {}, {rule});
        row("on the line before", {"# " + mark, line}, {rule}, {});
        row("for the line after it only", {line + mark, line}, {rule}, {rule});
        row("not in a comment", {"key = \"" + token + "\" " + mark}, {rule}, {});
        row("of another rule", {line + "openfactory: allow-secret(gitlab-token): from the forge's own manual"}, {rule},
            {});
        row("of all rules", {line + "openfactory: allow-secret(*): from the forge's own manual"}, {rule}, {});
        row("without a reason", {line + "openfactory: allow-secret(github-token): x"}, {rule}, {});
        row("with a token in its reason", {line + mark + ' ' + token}, {rule}, {});
        row("beside a token of another rule", {"a = \"" + other + "\"; k = \"" + token + "\"  # " + mark},
            {QStringLiteral("gitlab-token")}, {});
        row("in front of the token", {"x = 1  # " + mark + ' ' + token}, {rule}, {});
        row("where there is nothing to allow", {"x = 1  # " + mark}, {}, {});
        row("on a line of a machine", {QByteArray(5000, ' ') + line + mark}, {rule}, {});
    }
    void aMarkLetsItsRulePassOnItsLineOnly()
    {
        QFETCH(QList<QByteArray>, lines);
        QFETCH(QStringList, found);
        QFETCH(QStringList, allowed);
        const TokenScan scan(m_none);
        const ChangeSet change = changeWith(lines);
        QCOMPARE(rulesOf(scan.scan(change)), found);
        const auto marks = scan.marks(change);
        QCOMPARE(rulesOf(marks), allowed);
        for (const Finding &mark : marks) {
            QVERIFY2(mark.message.contains(QStringLiteral("from the forge's own manual")), qPrintable(mark.message));
            QVERIFY(!mark.message.contains(QString::fromLatin1(some(36))));
            QVERIFY(mark.line >= 10);
        }
        // No mark counts in what has no lines: nobody looks at those.
        const bool any = !found.isEmpty() || !allowed.isEmpty();
        QCOMPARE(!scan.scanContent("a", lines.join('\n')).empty(), any);
    }

    void noMarkLetsAKnownSecretPass()
    {
        SecretMasker masker;
        const QByteArray token = "gh"
                                 "p_"
                                 + some(36);
        QVERIFY(masker.add({{QStringLiteral("TOKEN"), token, QStringLiteral("test")}}));
        const TokenScan scan(masker);
        const ChangeSet change = changeWith(
            {"k = \"" + token + "\"  # openfactory: allow-secret(github-token): from the forge's own manual",
             "k = 1  # openfactory: allow-secret(known-secret): it is only an example"});
        QCOMPARE(rulesOf(scan.scan(change)), QStringList{QStringLiteral("known-secret")});
        QVERIFY(scan.marks(change).empty());
    }

    void tellsPlaceholdersAndEntropyApart()
    {
        QCOMPARE(entropyOf(u"aaaa"), 0.0);
        QCOMPARE(entropyOf(u"abcd"), 2.0);
        for (const char *text :
             {"changeme", "<token>", "${TOKEN}", "{{ token }}", "$TOKEN", "your-token", "%(token)s", "xxxxxxxx"})
            QVERIFY2(isPlaceholder(QString::fromLatin1(text)), text);
        QVERIFY(!isPlaceholder(QString::fromLatin1(some(30))));
    }
};

QTEST_GUILESS_MAIN(TokenScanTest)
#include "tokenscantest.moc"
