// SPDX-License-Identifier: Apache-2.0
/// The client of a model against a server that streams, stands still, breaks off and refuses.
#include "core/authors/model/modelclient.h"

#include "core/authors/model/chatanswer.h"
#include "core/security/secretmasker.h"
#include "tests/testlib/manualclock.h"
#include "tests/testlib/modelserver.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace openfactory;
using Form = ScriptedAnswer::Form;
using std::chrono::milliseconds;

namespace {

const QByteArray kKey = "sk-canary-0123456789abcdef";
const QByteArray kSchema =
    "{\"type\":\"object\",\"required\":[\"ready\"],\"properties\":{\"ready\":{\"type\":\"boolean\"}}}";

/// Real time, but sleeping takes none: what was slept is kept.
class SleeplessClock : public SystemClock {
public:
    bool sleep(Milliseconds time, const std::stop_token &stop) const override
    {
        slept.push_back(time);
        return !stop.stop_requested();
    }
    mutable std::vector<Milliseconds> slept;
};

/// The body of an error as most servers write it.
QByteArray said(const QByteArray &message, const char *code = "")
{
    QJsonObject error{{QStringLiteral("message"), QString::fromUtf8(message)}};
    if (*code != 0)
        error[QStringLiteral("code")] = QString::fromUtf8(code);
    return QJsonDocument(QJsonObject{{QStringLiteral("error"), error}}).toJson();
}

QString told(const std::expected<ModelReply, ModelFailure> &reply)
{
    return reply ? QString(u"answered " + reply->text)
                 : QString(toName(reply.error().fault) + u": " + toText(reply.error().error));
}

} // namespace

class ModelClientTest : public QObject {
    Q_OBJECT

    SecretMasker m_masker;
    SleeplessClock m_clock;
    std::unique_ptr<ModelServer> m_server;

    ModelSettings settings() const
    {
        ModelSettings made;
        made.name = QStringLiteral("local");
        made.url = m_server->url();
        made.model = QStringLiteral("asked-model");
        made.key = QStringLiteral("MODEL_KEY");
        made.temperature = 0.2;
        made.retries = 2;
        return made;
    }
    std::expected<ModelReply, ModelFailure> ask(ModelSettings settings, const QByteArray &schema = {},
                                                const std::stop_token &stop = {},
                                                const QString &words = QStringLiteral("hello"))
    {
        ModelRequest request;
        request.messages = {{QStringLiteral("system"), QStringLiteral("be brief")}, {QStringLiteral("user"), words}};
        request.schema = schema;
        request.schemaName = QStringLiteral("ready");
        return ModelClient(std::move(settings), m_masker, m_clock, std::make_shared<ModelHabits>()).ask(request, stop);
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_masker.add({{QStringLiteral("MODEL_KEY"), kKey, QStringLiteral("test")},
                              {QStringLiteral("OTHER"), "another-canary-secret", QStringLiteral("test")}}));
    }
    void init()
    {
        m_server = std::make_unique<ModelServer>();
        m_clock.slept.clear();
    }

    void answers_data()
    {
        QTest::addColumn<ScriptedAnswer>("answer");
        QTest::addColumn<bool>("counted");
        const QByteArray text = "Gr\xc3\xbc\xc3\x9f"
                                "e, \xf0\x9f\x98\x80 \\n and more words than one part of a stream takes, for sure";
        for (const qsizetype chunk : {1, 2, 3, 5, 17, 4096})
            QTest::addRow("in chunks of %d", int(chunk)) << ScriptedAnswer{.text = text, .chunk = chunk} << true;
        QTest::newRow("whole, though a stream was asked for")
            << ScriptedAnswer{.form = Form::Whole, .text = text} << true;
        QTest::newRow("with a length") << ScriptedAnswer{.form = Form::Whole, .text = text, .chunk = 0} << true;
        QTest::newRow("no [DONE]") << ScriptedAnswer{.text = text, .done = false} << true;
        QTest::newRow("the connection ends without its last chunk")
            << ScriptedAnswer{.text = text, .cutAfter = 1'000'000} << true;
        QTest::newRow("comments between") << ScriptedAnswer{.text = text, .comments = true} << true;
        QTest::newRow("\\r\\n") << ScriptedAnswer{.text = text, .comments = true, .lineEnd = "\r\n"} << true;
        QTest::newRow("\\r") << ScriptedAnswer{.text = text, .lineEnd = "\r"} << true;
        QTest::newRow("nobody counts") << ScriptedAnswer{.text = text, .usage = false} << false;
        QTest::newRow("slow") << ScriptedAnswer{.text = text, .before = milliseconds(300)} << true;
    }
    void answers()
    {
        QFETCH(ScriptedAnswer, answer);
        QFETCH(bool, counted);
        m_server->answer(answer);
        const auto reply = ask(settings());
        QVERIFY2(reply, qPrintable(told(reply)));
        QCOMPARE(reply->text, QString::fromUtf8(answer.text));
        QCOMPARE(reply->model, QStringLiteral("served-model"));
        QCOMPARE(reply->tries, 1);
        QCOMPARE(reply->inputTokens, counted ? std::optional<qint64>(11) : std::nullopt);
        QCOMPARE(reply->outputTokens, counted ? std::optional<qint64>(7) : std::nullopt);
        QVERIFY(m_clock.slept.empty());
    }

    void sendsWhatTheSettingsSay()
    {
        m_server->say("{\"ready\":true}");
        ModelSettings wanted = settings();
        wanted.organization = QStringLiteral("org-1");
        wanted.url.setPath(QStringLiteral("/v1/"));
        const auto reply = ask(wanted, kSchema, {}, QStringLiteral("it holds another-canary-secret inside"));
        QVERIFY2(reply, qPrintable(told(reply)));
        QVERIFY(reply->structured);
        const auto request = m_server->requests().at(0);
        QVERIFY(request.head.startsWith("POST /v1/chat/completions HTTP/1.1"));
        QCOMPARE(request.header("Authorization"), "Bearer " + kKey);
        QCOMPARE(request.header("OpenAI-Organization"), QByteArray("org-1"));
        QCOMPARE(request.body[QStringLiteral("model")].toString(), QStringLiteral("asked-model"));
        QCOMPARE(request.body[QStringLiteral("temperature")].toDouble(), 0.2);
        QCOMPARE(request.body[QStringLiteral("max_tokens")].toInt(), 8192);
        const QJsonObject format = request.body[QStringLiteral("response_format")].toObject();
        QCOMPARE(format[QStringLiteral("type")].toString(), QStringLiteral("json_schema"));
        QVERIFY(!request.body[QStringLiteral("messages")][1][QStringLiteral("content")].toString().contains(
            QStringLiteral("another-canary-secret")));
    }

    void asksInWordsWhereThereIsNoStructuredOutput()
    {
        m_server->withoutSchema = true;
        m_server->say("Sure!\n```json\n{\"ready\": true, \"x\": \"}\"}\n```\nHope that helps.");
        const auto reply = ask(settings(), kSchema);
        QVERIFY2(reply, qPrintable(told(reply)));
        QVERIFY(!reply->structured);
        QCOMPARE(reply->text, QStringLiteral("{\"ready\": true, \"x\": \"}\"}"));
        const auto requests = m_server->requests();
        QCOMPARE(requests.size(), size_t(2));
        QVERIFY(!requests[1].body.contains(QStringLiteral("response_format")));
        const auto last = requests[1].body[QStringLiteral("messages")].toArray().last();
        QVERIFY(last[QStringLiteral("content")].toString().contains(QStringLiteral("\"required\":[\"ready\"]")));
    }

    void concedesWhatAServerDoesNotTake_data()
    {
        QTest::addColumn<QByteArray>("complaint");
        QTest::addColumn<QString>("gone");
        QTest::newRow("stream_options") << QByteArray("Unknown parameter: stream_options")
                                        << QStringLiteral("stream_options");
        QTest::newRow("temperature") << QByteArray("Unsupported value: 'temperature'") << QStringLiteral("temperature");
        QTest::newRow("max_tokens") << QByteArray("Use 'max_completion_tokens' instead")
                                    << QStringLiteral("max_tokens");
    }
    void concedesWhatAServerDoesNotTake()
    {
        QFETCH(QByteArray, complaint);
        QFETCH(QString, gone);
        m_server->answer({.status = 400, .text = said(complaint)});
        m_server->say("fine");
        const auto reply = ask(settings());
        QVERIFY2(reply, qPrintable(told(reply)));
        QVERIFY(m_server->requests()[0].body.contains(gone));
        QVERIFY(!m_server->requests()[1].body.contains(gone));
    }

    void fails_data()
    {
        QTest::addColumn<ScriptedAnswer>("answer");
        QTest::addColumn<QString>("fault");
        QTest::addColumn<int>("requests");
        const auto error = [](int status, const QByteArray &body) {
            return ScriptedAnswer{.status = status, .text = body};
        };
        QTest::newRow("401") << error(401, said("Incorrect API key provided", "invalid_api_key")) << "key-refused" << 1;
        QTest::newRow("403") << error(403, "no") << "key-refused" << 1;
        QTest::newRow("404") << error(404, said("The model x does not exist", "model_not_found")) << "model-unknown"
                             << 1;
        QTest::newRow("404 of Ollama") << error(404, "{\"error\":\"model x not found, try pulling it first\"}")
                                       << "model-unknown" << 1;
        QTest::newRow("context") << error(400,
                                          said("The maximum context length is 4096 tokens", "context_length_exceeded"))
                                 << "context-too-long" << 1;
        QTest::newRow("context of llama.cpp")
            << error(400, said("the request exceeds the available context size")) << "context-too-long" << 1;
        QTest::newRow("413") << error(413, "") << "context-too-long" << 1;
        QTest::newRow("quota") << error(429, said("You exceeded your current quota", "insufficient_quota")) << "budget"
                               << 1;
        QTest::newRow("rate") << error(429, said("slow down")) << "rate-limited" << 3;
        QTest::newRow("500") << error(500, "<html>oops") << "down" << 3;
        QTest::newRow("503") << error(503, said("loading model")) << "down" << 3;
        QTest::newRow("not a completion") << ScriptedAnswer{.form = Form::Raw, .text = "<html>hello"} << "down" << 3;
        QTest::newRow("wrong JSON") << ScriptedAnswer{.form = Form::Raw, .text = "{\"choices\":\"none\"}"} << "down"
                                    << 3;
        QTest::newRow("empty") << ScriptedAnswer{.text = ""} << "down" << 3;
        QTest::newRow("cut in the middle")
            << ScriptedAnswer{.text = QByteArray(2000, 'x'), .cutAfter = 900} << "down" << 3;
        QTest::newRow("no answer at all") << ScriptedAnswer{.hangUp = true} << "down" << 3; // each sent once
        QTest::newRow("over before its end")
            << ScriptedAnswer{.text = "half", .done = false, .finishReason = false} << "down" << 3;
        QTest::newRow("max_tokens") << ScriptedAnswer{.text = "half", .finish = "length"} << "answer-too-long" << 1;
        QTest::newRow("filter") << ScriptedAnswer{.text = "half", .finish = "content_filter"} << "refused" << 1;
        QTest::newRow("giant") << ScriptedAnswer{.form = Form::Whole,
                                                 .text = QByteArray(40 * 1024 * 1024, 'x'),
                                                 .chunk = 65536}
                               << "answer-too-long" << 1;
        QTest::newRow("one giant event") << ScriptedAnswer{.form = Form::Raw,
                                                           .text = "data: " + QByteArray(6 * 1024 * 1024, 'x'),
                                                           .type = "text/event-stream",
                                                           .chunk = 65536}
                                         << "answer-too-long" << 1;
        QTest::newRow("error in the stream")
            << ScriptedAnswer{.form = Form::Raw,
                              .text =
                                  "data: {\"error\":{\"message\":\"upstream broke\",\"type\":\"server_error\"}}\n\n",
                              .type = "text/event-stream"}
            << "down" << 3;
        QTest::newRow("redirect") << ScriptedAnswer{.status = 307, .headers = {"Location: http://127.0.0.2:9/v1/steal"}}
                                  << "misconfigured" << 1;
        QTest::newRow("418") << error(418, "") << "misconfigured" << 1;
    }
    void fails()
    {
        QFETCH(ScriptedAnswer, answer);
        QFETCH(QString, fault);
        QFETCH(int, requests);
        for (int i = 0; i < requests; ++i)
            m_server->answer(answer);
        const auto reply = ask(settings());
        QVERIFY2(!reply, "it was answered");
        QVERIFY2(toName(reply.error().fault) == fault, qPrintable(told(reply)));
        QCOMPARE(int(m_server->requests().size()), requests);
        QCOMPARE(reply.error().tries, requests);
        QVERIFY(!reply.error().error.said.isEmpty());
        QVERIFY2(!reply.error().error.hint.isEmpty(), "it does not say what to do");
        QVERIFY(!toText(reply.error().error).contains(QString::fromUtf8(kKey)));
    }

    void triesAgainAndHonoursRetryAfter()
    {
        m_server->answer({.status = 429, .text = "{}", .headers = {"Retry-After: 7"}});
        m_server->answer({.status = 503, .text = "{}"});
        m_server->say("fine");
        const auto reply = ask(settings());
        QVERIFY2(reply, qPrintable(told(reply)));
        QCOMPARE(reply->tries, 3);
        QCOMPARE(m_clock.slept.size(), size_t(2));
        QCOMPARE(m_clock.slept[0], milliseconds(7000));
        QVERIFY(m_clock.slept[1] >= milliseconds(1000) && m_clock.slept[1] <= milliseconds(2000));
    }

    void leavesALongRetryAfterToTheJob()
    {
        m_server->answer({.status = 429, .text = "{}", .headers = {"Retry-After: 3600"}});
        const auto reply = ask(settings());
        QVERIFY(!reply);
        QCOMPARE(toName(reply.error().fault), QStringLiteral("rate-limited"));
        QVERIFY(reply.error().retryAfter == milliseconds(3'600'000));
        QVERIFY(m_clock.slept.empty());
    }

    void readsRetryAfter()
    {
        const qint64 now = QDateTime::fromString(QStringLiteral("2026-11-27T10:00:00Z"), Qt::ISODate)
                               .toMSecsSinceEpoch();
        QVERIFY(retryAfterOf("5", now) == milliseconds(5000));
        QVERIFY(retryAfterOf("0.25", now) == milliseconds(250));
        QVERIFY(retryAfterOf("Fri, 27 Nov 2026 10:00:30 GMT", now) == milliseconds(30'000));
        QVERIFY(retryAfterOf("Fri, 27 Nov 2026 09:00:00 GMT", now) == milliseconds(0));
        for (const QByteArray bad : {"", "soon", "-5", "nan", "1e300", "Fri, 99 Nov 2026 10:00:00 GMT"})
            QVERIFY2(!retryAfterOf(bad, now), bad.constData());
    }

    void neverSendsTheKeyElsewhere()
    {
        ModelServer other;
        m_server->answer({.status = 302, .headers = {"Location: " + other.url().toEncoded()}});
        QVERIFY(!ask(settings()));
        QCOMPARE(other.connections(), 0);
        ModelSettings open = settings();
        open.url = QUrl(QStringLiteral("http://192.0.2.1/v1"));
        const auto reply = ask(open);
        QVERIFY(!reply);
        QVERIFY2(toText(reply.error().error).contains(QStringLiteral("not https")), qPrintable(told(reply)));
    }

    void namesAMissingKey()
    {
        ModelSettings wrong = settings();
        wrong.key = QStringLiteral("NOWHERE");
        const auto reply = ask(wrong);
        QVERIFY(!reply);
        QCOMPARE(toName(reply.error().fault), QStringLiteral("key-refused"));
        QVERIFY(reply.error().error.said.contains(QStringLiteral("NOWHERE")));
        QCOMPARE(m_server->connections(), 0);
    }

    void masksWhatTheServerRepeats()
    {
        m_server->answer({.status = 401, .text = said("wrong key " + kKey)});
        const auto reply = ask(settings());
        QVERIFY(!reply);
        QVERIFY2(!toText(reply.error().error).contains(QString::fromUtf8(kKey)), qPrintable(told(reply)));
    }

    void limits_data()
    {
        QTest::addColumn<ScriptedAnswer>("answer");
        QTest::addColumn<QString>("words");
        QTest::newRow("first byte") << ScriptedAnswer{.silent = true} << QStringLiteral("no answer began");
        QTest::newRow("idle") << ScriptedAnswer{.form = Form::Stream, .hang = true} << QStringLiteral("stood still");
    }
    void limits()
    {
        QFETCH(ScriptedAnswer, answer);
        QFETCH(QString, words);
        ModelSettings quick = settings();
        quick.retries = 0;
        quick.timeouts.firstByte = quick.timeouts.idle = milliseconds(300);
        m_server->answer(answer);
        const auto reply = ask(quick);
        QVERIFY(!reply);
        QVERIFY2(reply.error().error.said.contains(words), qPrintable(told(reply)));
    }

    void nobodyListens()
    {
        ModelSettings nowhere = settings();
        m_server.reset();
        const auto reply = ask(nowhere);
        QVERIFY(!reply);
        QCOMPARE(toName(reply.error().fault), QStringLiteral("down"));
        QCOMPARE(reply.error().tries, 3);
        m_server = std::make_unique<ModelServer>();
    }

    void stops_data()
    {
        QTest::addColumn<ScriptedAnswer>("answer");
        QTest::newRow("before the answer") << ScriptedAnswer{.silent = true};
        QTest::newRow("in the middle") << ScriptedAnswer{.form = Form::Stream, .hang = true};
    }
    void stops()
    {
        QFETCH(ScriptedAnswer, answer);
        m_server->answer(answer);
        std::stop_source stop;
        const std::unique_ptr<QThread> later(QThread::create([&] {
            while (m_server->requests().empty())
                QThread::msleep(5);
            stop.request_stop();
        }));
        later->start();
        const auto reply = ask(settings(), {}, stop.get_token()); // its own limits are minutes
        later->wait();
        QVERIFY(!reply);
        QCOMPARE(toName(reply.error().fault), QStringLiteral("cancelled"));
        QCOMPARE(reply.error().error.kind, ErrorKind::Cancelled);
    }

    void refusesAnAuthorityFileThatIsNone()
    {
        ModelSettings wrong = settings();
        wrong.caFile = QStringLiteral("/nonexistent/ca.pem");
        const auto reply = ask(wrong);
        QVERIFY(!reply);
        QVERIFY2(told(reply).contains(QStringLiteral("/nonexistent/ca.pem")), qPrintable(told(reply)));
    }

    void findsTheJsonInAText()
    {
        QCOMPARE(jsonIn(QStringLiteral(" {\"a\":1} ")), QStringLiteral("{\"a\":1}"));
        QCOMPARE(jsonIn(QStringLiteral("<think>{\"b\":2}</think>x {\"a\":{\"c\":\"}{\\\"\"}} y")),
                 QStringLiteral("{\"a\":{\"c\":\"}{\\\"\"}}"));
        QCOMPARE(jsonIn(QStringLiteral("none")), QStringLiteral("none"));
        QCOMPARE(jsonIn(QStringLiteral("{\"a\":1")), QStringLiteral("{\"a\":1"));
    }
};

QTEST_GUILESS_MAIN(ModelClientTest)
#include "modelclienttest.moc"
