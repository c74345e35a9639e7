// SPDX-License-Identifier: Apache-2.0
#include "core/engine/gatesahead.h"

#include "core/engine/evidence.h"
#include "core/engine/recordanswer.h"

namespace openfactory {

namespace {

/// On the thread beside: the inputs first, then the verdict.
Result<void> judgeAhead(CopyContext &context, const StageHandler &handler, std::optional<Verdict> &answer)
{
    const SideJob &job = context.side();
    const auto plan = handler.inputs(context);
    if (!plan || !*plan || (*plan)->keepsCaches())
        return fail(ErrorKind::Unsupported, QStringLiteral("judge ahead"),
                    QStringLiteral("it has to be run, or builds on what lies in the job's home"));
    OF_CHECK(context.open());
    const auto inputs = inputsOf(*job.ports, context, handler,
                                 {context.workspace().path, context.home(), job.content, job.tree, job.base});
    if (!inputs)
        return fail(ErrorKind::Unsupported, QStringLiteral("judge ahead"),
                    QStringLiteral("what the verdict follows from cannot be told"));
    context.ledger().judge(inputsKey(*inputs));
    OF_TRY(said, handler.run(context));
    const auto *verdict = std::get_if<Verdict>(&said);
    // What may pass later is no verdict on the change, and the load of what runs beside must not be one either.
    if (!verdict || verdict->outcome == Outcome::Transient)
        return fail(ErrorKind::Unsupported, QStringLiteral("judge ahead"), QStringLiteral("it came to no verdict"));
    // In the workspace, what it left there (ignored files) would be met by the gates after it.
    if (verdict->outcome != Outcome::Failed && !context.isAsMade())
        return fail(ErrorKind::Unsupported, QStringLiteral("judge ahead"), QStringLiteral("it leaves files behind"));
    answer = *verdict;
    return {};
}

} // namespace

GatesAhead::GatesAhead(JobSession &session, std::stop_token stop) : m_session(session), m_stop(std::move(stop))
{}

GatesAhead::~GatesAhead() = default;

void GatesAhead::begin(const AttemptRecord &attempt, int last)
{
    const auto &stages = m_session.pipeline().stages;
    const auto here = m_session.pipeline().indexOf(attempt.stage);
    if (!m_session.ports().places || !here)
        return;
    const auto attempts = m_session.store().attempts(m_session.job().id());
    if (!attempts)
        return; // the next write says it
    std::vector<const StageDefinition *> wanted;
    for (int i = *here + 1; i < int(stages.size()) && i <= last; ++i) {
        const StageDefinition &stage = stages[size_t(i)];
        if (isGate(stage.kind) || stage.kind == StageKind::Implement)
            break; // what lies there then may be something else
        const auto known = m_begun.find(stage.name);
        if (known != m_begun.end() && known->second.tree == attempt.tree)
            continue;
        if (known != m_begun.end())
            m_begun.erase(known);
        const bool onRecord = m_session.ports().settings.answerFromRecord
                              && std::ranges::any_of(*attempts, [&](const AttemptRecord &one) {
                                     return one.stage == stage.name && one.tree == attempt.tree && !one.inputs.isEmpty()
                                            && one.state == AttemptState::Passed
                                            && one.endedMs >= m_session.progress().freshMs;
                                 });
        if (takesCommand(stage.kind) && !onRecord) // the others look at more than the files, or are quick
            wanted.push_back(&stage);
    }
    const auto given = wanted.empty() ? std::nullopt : sideJobOf(m_session, attempt, *wanted.front(), 0);
    if (!given)
        return;
    for (const StageDefinition *stage : wanted) {
        SideJob job = *given;
        job.stage = *stage;
        job.attempt = nextAttempt(*attempts, stage->name);
        begin(std::move(job));
    }
}

void GatesAhead::begin(SideJob job)
{
    const StageHandler *handler = m_session.ports().handlers->handler(job.stage.kind);
    if (!handler)
        return;
    const QString stage = job.stage.name;
    Begun begun{job.tree, job.attempt, std::make_shared<std::optional<Verdict>>(), nullptr};
    begun.work = std::make_unique<SideWork>(
        std::move(job), m_stop,
        [handler, answer = begun.verdict](CopyContext &context) { return judgeAhead(context, *handler, *answer); });
    m_begun.emplace(stage, std::move(begun));
}

Result<std::optional<Verdict>> GatesAhead::judgeApart(AttemptContext &context, const StageHandler &handler,
                                                      const AttemptRecord &attempt)
{
    const auto given = takesCommand(context.stage().kind)
                           ? sideJobOf(m_session, attempt, context.stage(), attempt.number)
                           : std::nullopt;
    if (!given)
        return std::nullopt;
    std::optional<Verdict> verdict; // written before the work ends, which is waited for
    SideWork work(*given, m_stop, [&](CopyContext &copy) -> Result<void> {
        OF_CHECK(copy.open());
        OF_TRY(said, handler.run(copy));
        if (auto *one = std::get_if<Verdict>(&said))
            verdict = std::move(*one);
        return {};
    });
    OF_TRY(done, context.take(work));
    return done ? verdict : std::nullopt;
}

Result<std::optional<Verdict>> GatesAhead::answer(AttemptContext &context, AttemptRecord &attempt)
{
    auto found = m_begun.extract(attempt.stage);
    if (found.empty())
        return std::nullopt;
    Begun &begun = found.mapped();
    if (begun.attempt != attempt.number || attempt.inputs.isEmpty() || !begun.work->isBegun())
        return std::nullopt;
    const QString judged = [&] {
        const WithoutPlace waiting(m_session.ports().places.get());
        return begun.work->ledger().judged();
    }();
    if (judged != attempt.inputs)
        return std::nullopt;
    OF_TRY(done, context.take(*begun.work));
    if (!done || !*begun.verdict)
        return std::nullopt;
    attempt.startedMs = std::min(attempt.startedMs, begun.work->startedMs());
    attempt.endedMs = begun.work->endedMs();
    return *begun.verdict;
}

} // namespace openfactory
