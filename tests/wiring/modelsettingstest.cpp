// SPDX-License-Identifier: Apache-2.0
/// What openfactory.yaml may say of models, and where it is told to be wrong.
#include "app/wiring/settings.h"
#include "app/wiring/settingsfile.h"
#include "tests/testlib/expect.h"

using namespace openfactory;

namespace {

const QByteArray kGood = "workers: 3\n"
                         "models:\n"
                         "  local:\n"
                         "    url: http://127.0.0.1:8080/v1\n"
                         "    model: qwen\n"
                         "    price: {input: 0, output: 0, currency: EUR}\n"
                         "  hosted:\n"
                         "    url: https://models.example/v1\n"
                         "    model: big-1\n"
                         "    key: MODEL_KEY\n"
                         "    temperature: 0.2\n"
                         "    max_tokens: 4096\n"
                         "    context_tokens: 128000\n"
                         "    price: {input: 2.5, output: 10, currency: EUR}\n"
                         "    organization: org-1\n"
                         "    ca_file: /etc/ssl/own.pem\n"
                         "    proxy: http://proxy.example:3128\n"
                         "    retries: 2\n"
                         "    timeouts: {connect: 5, first_byte: 60, idle: 30, total: 600}\n"
                         "model: local\n"
                         "gate_failing_model: hosted\n"
                         "job_budget: {tokens: 200000, cost: 1.5}\n";

} // namespace

class ModelSettingsTest : public QObject {
    Q_OBJECT

    static Result<SettingsRead> read(const QByteArray &text)
    {
        return readSettingsText(text, QStringLiteral("openfactory.yaml"));
    }

private Q_SLOTS:
    void reads()
    {
        const auto settings = read(kGood);
        OF_OK(settings);
        const ModelsSettings &models = settings->settings.models;
        QCOMPARE(models.find({})->name, QStringLiteral("local"));
        QCOMPARE(models.gateFailingModel, QStringLiteral("hosted"));
        const ModelSettings *hosted = models.find(QStringLiteral("hosted"));
        QVERIFY(hosted);
        QCOMPARE(hosted->url, QUrl(QStringLiteral("https://models.example/v1")));
        QCOMPARE(hosted->key, QStringLiteral("MODEL_KEY"));
        QCOMPARE(hosted->temperature, std::optional(0.2));
        QCOMPARE(hosted->maxTokens, 4096);
        QCOMPARE(hosted->contextTokens, 128'000);
        QCOMPARE(hosted->price->output, 10.0);
        QCOMPARE(hosted->caFile, QStringLiteral("/etc/ssl/own.pem"));
        QCOMPARE(hosted->timeouts.idle, std::chrono::milliseconds(30'000));
        QCOMPARE(hosted->retries, 2);
        QCOMPARE(settings->settings.engine.jobBudget, (JobBudget{200'000, 1'500'000, QStringLiteral("EUR")}));
        QVERIFY(!models.find(QStringLiteral("nobody")));
        OF_OK(read("workers: 1\n"));
    }

    void staysWhenTheConsoleChangesOtherKeys()
    {
        const auto changed = changeSettings(kGood, {{QStringLiteral("workers"), QStringLiteral("5")}},
                                            QStringLiteral("f"));
        OF_OK(changed);
        QCOMPARE(*changed, QByteArray(kGood).replace("workers: 3", "workers: 5"));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("said");
        const auto row = [](const char *name, const char *from, const char *to, const char *said) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QString::fromUtf8(said);
        };
        row("unknown key", "retries: 2", "retrys: 2", "openfactory.yaml:18:5");
        row("no url", "    url: http://127.0.0.1:8080/v1\n", "", "url");
        row("no model", "    model: qwen\n", "", "model");
        row("not a URL", "http://127.0.0.1:8080/v1", "localhost", "expected a URL");
        row("another scheme", "http://127.0.0.1:8080/v1", "file:///etc/passwd", "expected a URL");
        row("a key in the URL", "https://models.example/v1", "https://me:sk-1@models.example/v1", "must not hold");
        row("http beyond this machine", "https://models.example/v1", "http://models.example/v1", "allow_http");
        row("http to what only looks like this machine", "https://models.example/v1", "http://127.0.0.1.example/v1",
            "allow_http");
        row("the key itself", "key: MODEL_KEY", "key: 'sk proj 123'", "name of a secret");
        row("temperature", "temperature: 0.2", "temperature: 9", "openfactory.yaml:11:18");
        row("no room", "max_tokens: 4096", "max_tokens: 127000", "leaves no room");
        row("price without currency", "currency: EUR}\n  hosted", "}\n  hosted", "");
        row("relative file", "/etc/ssl/own.pem", "own.pem", "absolute");
        row("proxy", "http://proxy.example:3128", "proxy.example", "expected a URL");
        row("timeout", "idle: 30", "idle: 0", "openfactory.yaml:19");
        row("no such default", "model: local\ngate", "model: nobody\ngate", "no model \"nobody\"");
        row("no such stronger one", "gate_failing_model: hosted", "gate_failing_model: x", "no model \"x\"");
        row("budget", "tokens: 200000", "tokens: -1", "outside");
        row("a limit on what has no price", "    price: {input: 0, output: 0, currency: EUR}\n", "",
            "models.local has no price");
        row("two currencies", "price: {input: 0, output: 0, currency: EUR}",
            "price: {input: 0, output: 0, currency: USD}", "cannot be added up");
        row("a name", "  local:\n", "  \"lo cal\":\n", "is not 1 to 40");
        row("twice", "  hosted:\n", "  local:\n", "");
    }
    void refuses()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, said);
        QVERIFY2(kGood.contains(from), "the row is out of date");
        const auto settings = read(QByteArray(kGood).replace(from, to));
        QVERIFY2(!settings, "it was taken");
        const QString text = toText(settings.error());
        QVERIFY2(text.contains(said) && text.contains(QStringLiteral("openfactory.yaml:")), qPrintable(text));
    }

    void takesHttpByName()
    {
        OF_OK(read(
            QByteArray(kGood).replace("https://models.example/v1", "http://models.example/v1\n    allow_http: true")));
    }
};

QTEST_GUILESS_MAIN(ModelSettingsTest)
#include "modelsettingstest.moc"
