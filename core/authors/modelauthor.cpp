// SPDX-License-Identifier: Apache-2.0
#include "core/authors/modelauthor.h"

#include "core/authors/editsanswer.h"
#include "core/authors/modelcalls.h"
#include "core/base/jsonschema.h"
#include "core/base/text.h"

namespace openfactory {

namespace {

constexpr int mostRepairs = 2;         ///< calls that may mend an answer, beside the first
constexpr qsizetype mostEcho = 24'000; ///< characters of a refused answer that are shown to the model again

/// For the prompt: what the answer and the talk about a refused one leave of the context.
Result<qint64> promptTokens(const ModelSettings &settings)
{
    const qint64 left = settings.contextTokens - settings.maxTokens - settings.contextTokens / 10;
    if (left >= 1000)
        return left;
    return fail(ErrorKind::Invalid, QStringLiteral("ask the model %1").arg(settings.name),
                QStringLiteral("its context of %1 tokens has no room beside answers of up to %2")
                    .arg(settings.contextTokens)
                    .arg(settings.maxTokens),
                QStringLiteral("lower max_tokens or raise context_tokens of models.%1").arg(settings.name));
}

/// The answer with what is wrong with it, so that the next one can be better.
void sayWhatIsWrong(std::vector<ModelMessage> &messages, const QString &answer, const QString &why)
{
    messages.resize(2); // rules and task; of answers only the last one counts
    messages.push_back({QStringLiteral("assistant"), answer.left(mostEcho)});
    messages.push_back(
        {QStringLiteral("user"),
         QStringLiteral("Your answer was not taken, and nothing was changed: %1\nGive the whole answer anew, "
                        "with all of its edits.")
             .arg(why)});
}

} // namespace

ModelAuthor::ModelAuthor(ModelClient model, ModelClient stronger, ModelTools tools)
    : m_model(std::move(model)),
      m_stronger(std::move(stronger)),
      m_tools(std::move(tools))
{}

Result<ChangeAnswer> ModelAuthor::change(const ChangeRequest &asked, const std::stop_token &stop)
{
    const ModelClient &client = asked.failure ? m_stronger : m_model;
    OF_TRY(contract, contractOf(asked.job->identity));
    OF_TRY(tokens, promptTokens(client.settings()));
    ModelRequest request;
    request.schema = editsSchema();
    request.schemaName = QStringLiteral("edits");
    OF_TRY(prompt, changePrompt(asked, contract, {m_tools.toolchains, m_tools.git, tokens}));
    request.messages = std::move(prompt);
    const EditRules rules{&contract, asked.ticket, m_tools.masker, m_tools.secretScan};
    QString why;
    for (int call = 0; call <= mostRepairs; ++call) {
        OF_TRY(outcome, callModel(client, request, call == 0 ? QStringLiteral("change") : QStringLiteral("repair"),
                                  asked.calls, stop));
        if (!outcome.reply)
            return ChangeAnswer{ChangeAnswer::Kind::Wait, {}, outcome.awaited, outcome.retryAfter};
        const auto made = [&]() -> Result<ChangeAnswer> {
            OF_TRY(answer, readEditsAnswer(outcome.reply->text.toUtf8()));
            if (answer.edits.empty())
                return ChangeAnswer{ChangeAnswer::Kind::Nothing, answer.summary};
            OF_TRY(workspace, WorkspaceEdit::open(asked.workspace));
            OF_CHECK(prepareAnswer(workspace, answer, rules));
            if (stop.stop_requested())
                return fail(ErrorKind::Cancelled, QStringLiteral("make the change"), QStringLiteral("it was stopped"));
            OF_CHECK(workspace.apply());
            return ChangeAnswer{ChangeAnswer::Kind::Changed, answer.summary};
        }();
        const bool mendable = !made
                              && (made.error().kind == ErrorKind::Invalid || made.error().kind == ErrorKind::Conflict
                                  || made.error().kind == ErrorKind::Denied);
        if (!mendable)
            return made;
        why = toText(made.error());
        OF_CHECK(tellRefused(outcome.call, why, asked.calls));
        sayWhatIsWrong(request.messages, outcome.reply->text, why);
    }
    return fail(ErrorKind::Invalid,
                QStringLiteral("make the change that the model %1 answered").arg(client.settings().name),
                QStringLiteral("%1 answers in a row could not be taken, and nothing was changed; the last one: %2")
                    .arg(mostRepairs + 1)
                    .arg(why),
                QStringLiteral("name another model, split the task, or do it by hand; then: factory retry"));
}

Result<DocumentAnswer> ModelAuthor::document(const DocumentRequest &asked, const std::stop_token &stop)
{
    const auto known = m_tools.schemas.find(asked.kind);
    if (known == m_tools.schemas.end())
        return fail(ErrorKind::Unsupported, QStringLiteral("write the %1").arg(toName(asked.kind)),
                    QStringLiteral("there is no schema of it"));
    const ModelClient &client = asked.failure ? m_stronger : m_model;
    OF_TRY(schema, JsonSchema::compile(known->second, toName(asked.kind)));
    OF_TRY(contract, contractOf(asked.job->identity));
    OF_TRY(tokens, promptTokens(client.settings()));
    ModelRequest request;
    request.schema = known->second;
    request.schemaName = toName(asked.kind);
    request.sendSchema = !asked.mayAsk; // a server that keeps to it could not ask
    request.strict = false;             // they have properties that may be left out
    OF_TRY(prompt, documentPrompt(asked, contract,
                                  {m_tools.toolchains, m_tools.git, tokens - qint64(known->second.size()) / 3}));
    request.messages = std::move(prompt);
    QString why;
    QByteArray last;
    for (int call = 0; call <= mostRepairs; ++call) {
        OF_TRY(outcome, callModel(client, request, call == 0 ? QStringLiteral("document") : QStringLiteral("repair"),
                                  asked.calls, stop));
        DocumentAnswer answer;
        if (!outcome.reply) {
            answer.kind = DocumentAnswer::Kind::Wait;
            answer.awaited = outcome.awaited;
            answer.retryAfter = outcome.retryAfter;
            return answer;
        }
        const QByteArray text = outcome.reply->text.toUtf8();
        if (const QString question = questionIn(text); asked.mayAsk && !question.isEmpty()) {
            answer.kind = DocumentAnswer::Kind::Question;
            answer.question = question;
            return answer;
        }
        const auto read = schema.read(text);
        if (read) {
            answer.kind = DocumentAnswer::Kind::Written;
            answer.document = text;
            return answer;
        }
        why = toText(read.error());
        last = text;
        OF_CHECK(tellRefused(outcome.call, why, asked.calls));
        sayWhatIsWrong(request.messages, outcome.reply->text, why);
    }
    // Evidence for the stage's next attempt, which is limited too.
    DocumentAnswer answer;
    answer.kind = DocumentAnswer::Kind::Written;
    answer.document = last;
    answer.fault = why;
    return answer;
}

Result<ModelCheck> checkModel(const ModelClient &client, AuthorCalls *calls, const std::stop_token &stop)
{
    ModelRequest request;
    request.messages = {{QStringLiteral("system"), QStringLiteral("You answer in JSON.")},
                        {QStringLiteral("user"), QStringLiteral("Answer with {\"ready\": true}.")}};
    request.schema =
        R"({"type":"object","additionalProperties":false,"required":["ready"],"properties":{"ready":{"type":"boolean"}}})";
    request.schemaName = QStringLiteral("ready");
    request.maxTokens = std::min<qint64>(client.settings().maxTokens, 1024); // some think before they answer
    OF_TRY(schema, JsonSchema::compile(request.schema, QStringLiteral("the check")));
    OF_TRY(tokens, promptTokens(client.settings()));
    (void)tokens;
    const QString doing = QStringLiteral("check the model %1").arg(client.settings().name);
    OF_TRY(outcome, callModel(client, request, QStringLiteral("check"), calls, stop));
    if (outcome.error)
        return std::unexpected(*outcome.error);
    if (!outcome.reply)
        return fail(ErrorKind::Denied, doing,
                    QStringLiteral("the call was not made; it wants %1").arg(outcome.awaited));
    const ModelReply &reply = *outcome.reply;
    ModelCheck check;
    check.model = reply.model.isEmpty() ? client.settings().model : reply.model;
    check.latency = reply.latency;
    check.inputTokens = reply.inputTokens;
    check.outputTokens = reply.outputTokens;
    if (const auto read = schema.read(reply.text.toUtf8()); !read) {
        const QString why = QStringLiteral("it answers, but not in the JSON that it is asked for: %1")
                                .arg(read.error().said);
        OF_CHECK(tellRefused(outcome.call, why, calls));
        return fail(ErrorKind::Unsupported, doing, why, QStringLiteral("name a model that can follow a JSON schema"));
    }
    check.structured = reply.structured;
    return check;
}

} // namespace openfactory
