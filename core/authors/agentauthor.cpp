// SPDX-License-Identifier: Apache-2.0
#include "core/authors/agentauthor.h"

#include "core/authors/agent/agentusage.h"
#include "core/authors/prompt.h"
#include "core/base/text.h"

#include <QElapsedTimer>

namespace openfactory {

namespace {

/// Of an agent's output, from its end: what is longer has no sum of turns to be sure of.
constexpr qint64 kMostStream = 64LL * 1024 * 1024;

QString hostsText(const std::vector<ReachableHost> &hosts)
{
    QStringList names;
    for (const ReachableHost &host : hosts)
        names << QStringLiteral("%1:%2").arg(host.host).arg(host.port);
    return names.join(QStringLiteral(", "));
}

/// How the run is told, for the record and for people.
struct Ending {
    QString name;
    QString said; ///< empty: it went well
};

Ending endingOf(const Result<CommandOutcome> &outcome, const QStringList &refused)
{
    const QString wanted = refused.isEmpty() ? QString()
                                             : QStringLiteral("; it wanted to reach %1, which it may not")
                                                   .arg(refused.mid(0, 5).join(QStringLiteral(", ")));
    if (!outcome)
        return {toName(outcome.error().kind), toText(outcome.error())};
    using How = CommandOutcome::Ending;
    if (outcome->ending == How::Exit && outcome->exitCode == 0)
        return {QStringLiteral("answered"), {}};
    if (outcome->ending == How::Cancelled)
        return {QStringLiteral("cancelled"), QStringLiteral("it was stopped")};
    if (outcome->ending == How::Exit)
        return {QStringLiteral("failed"),
                QStringLiteral("it ended with exit code %1%2").arg(outcome->exitCode).arg(wanted)};
    return {toName(outcome->ending), QStringLiteral("it was ended: %1%2").arg(toName(outcome->ending), wanted)};
}

} // namespace

AgentAuthor::AgentAuthor(AgentSettings settings, Workspaces &git, std::unique_ptr<Author> documents)
    : m_settings(std::move(settings)),
      m_git(git),
      m_documents(std::move(documents))
{}

Result<ChangeAnswer> AgentAuthor::change(const ChangeRequest &asked, const std::stop_token &stop)
{
    const QString doing = QStringLiteral("let the agent %1 make the change").arg(m_settings.name);
    if (!asked.commands)
        return fail(ErrorKind::Internal, doing, QStringLiteral("nobody runs its command"));
    OF_TRY(contract, contractOf(asked.job->identity));
    AuthorCommand command;
    command.argv = m_settings.argv;
    command.program = m_settings.program;
    command.folders = m_settings.folders;
    command.prompt = agentPrompt(asked, contract).toUtf8();
    command.asInput = m_settings.prompt == AgentSettings::Prompt::Input;
    command.environment = m_settings.environment;
    command.secrets = m_settings.secrets;
    command.limits.time = m_settings.timeout;
    command.limits.memoryMb = m_settings.memoryMb;
    command.limits.processes = m_settings.processes;

    AuthorCallRecord call;
    call.purpose = QStringLiteral("agent");
    call.name = m_settings.name;
    call.baseUrl = hostsText(m_settings.hosts);
    call.model = m_settings.model;
    call.tries = 1;
    call.reckonedTokens = m_settings.reckonedTokens;
    if (asked.calls) {
        OF_TRY(refused, asked.calls->begin(call, command.prompt));
        if (refused)
            return ChangeAnswer{ChangeAnswer::Kind::Wait, {}, *refused, {}};
    }
    std::unique_ptr<FilterProxy> proxy;
    if (!m_settings.hosts.empty()) {
        OF_TRY(started, FilterProxy::start(m_settings.hosts));
        proxy = std::move(started);
        command.proxySocket = proxy->socketPath();
    }
    QElapsedTimer time;
    time.start();
    const auto outcome = asked.commands->run(command, stop);
    const Ending ending = endingOf(outcome, proxy ? proxy->refused() : QStringList());
    proxy.reset();
    call.latencyMs = time.elapsed();
    call.ending = ending.name;
    call.note = ending.said;
    const bool cut = outcome && outcome->outputBytes > kMostStream;
    const AgentUsage usage = agentUsage(asked.commands->lastOutput(kMostStream), cut);
    call.inputTokens = usage.inputTokens;
    call.outputTokens = usage.outputTokens;
    if (asked.calls)
        OF_CHECK(asked.calls->end(call, {}));
    if (!outcome)
        return std::unexpected(outcome.error());
    if (!ending.said.isEmpty())
        return fail(outcome->ending == CommandOutcome::Ending::Cancelled ? ErrorKind::Cancelled : ErrorKind::Invalid,
                    doing, ending.said,
                    QStringLiteral("its log says more (factory log --stage %1 --attempt 0); then: factory retry")
                        .arg(asked.stage));
    const JobIdentity &job = asked.job->identity;
    OF_TRY(state, m_git.state(workspaceOfJob(job, asked.workspace)));
    if (state.tree == asked.tree)
        return ChangeAnswer{ChangeAnswer::Kind::Nothing,
                            QStringLiteral("the agent %1 changed nothing").arg(m_settings.name)};
    return ChangeAnswer{ChangeAnswer::Kind::Changed,
                        asked.ticket
                            ? QStringLiteral("%1: change by the agent %2").arg(asked.ticket->name, m_settings.name)
                            : QStringLiteral("change by the agent %1").arg(m_settings.name)};
}

Result<DocumentAnswer> AgentAuthor::document(const DocumentRequest &request, const std::stop_token &stop)
{
    if (!m_documents)
        return fail(ErrorKind::Unsupported, QStringLiteral("write the %1").arg(toName(request.kind)),
                    QStringLiteral("an agent writes no documents, and the settings have no default model for that"),
                    QStringLiteral("name one with model: in openfactory.yaml, then: factory retry"));
    return m_documents->document(request, stop);
}

} // namespace openfactory
