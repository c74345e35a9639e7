// SPDX-License-Identifier: Apache-2.0
#include "core/engine/authorrunner.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/engine/stagecommand.h"

#include <QFile>
#include <QFileInfo>

namespace openfactory {

namespace {

const QString kPromptSlot = QStringLiteral("{prompt_file}");

/// A file in the job's home for as long as the command runs, under a name that no earlier command could know.
class PromptFile {
public:
    explicit PromptFile(const QString &home) : m_name(QStringLiteral("prompt-%1.md").arg(newUlid())), m_home(home) {}
    ~PromptFile() { QFile::remove(path()); }
    QString path() const { return m_home + QLatin1Char('/') + m_name; }
    QString inside(const QString &homeInside) const { return seenAs(homeInside, m_home) + QLatin1Char('/') + m_name; }

private:
    QString m_name;
    QString m_home;
};

} // namespace

AuthorRunner::AuthorRunner(JobSession &session, QString stage) : m_session(session), m_stage(std::move(stage))
{}

Result<void> AuthorRunner::tell(const CommandRecord &record)
{
    QJsonObject detail{{QStringLiteral("seq"), record.seq}};
    if (record.finished)
        detail[QStringLiteral("ending")] = record.ending;
    Step step;
    step.commands.push_back(record);
    step.events.push_back(m_session.event(
        record.finished ? QStringLiteral("command-ended") : QStringLiteral("command-started"), m_stage, 0, detail));
    return m_session.write(std::move(step));
}

Result<CommandOutcome> AuthorRunner::run(const AuthorCommand &command, const std::stop_token &stop)
{
    const EnginePorts &ports = m_session.ports();
    const QString home = m_session.folder().home();
    const PromptFile prompt(home);
    const QString promptInside = prompt.inside(ports.settings.homeInside);
    OF_CHECK(makeFolder(home));
    OF_CHECK(makeFolder(m_session.folder().path() + QStringLiteral("/logs")));
    OF_CHECK(m_session.folder().forgetSettings()); // of an earlier command, which would steer this one
    OF_CHECK(writeFileAtomically(prompt.path(), ports.masker->mask(command.prompt)));

    PlannedCommand planned;
    for (QString word : command.argv)
        planned.argv << word.replace(kPromptSlot, promptInside);
    OF_CHECK(checkRoom(ports.settings, m_session.folder().path(), planned));
    CommandRecord record = recordOf(ports, planned);
    record.stage = m_stage;
    record.attempt = 0;
    OF_TRY(earlier, m_session.store().commands(m_session.job().id()));
    for (const CommandRecord &one : earlier) {
        if (one.stage == m_stage && one.attempt == 0)
            record.seq = std::max(record.seq, one.seq + 1);
    }
    record.logPath = JobFolder::logPath(m_stage, 0, record.seq);

    const QString data = QFileInfo(ports.settings.dataFolder).canonicalFilePath();
    for (const QString &folder : command.folders) {
        if (data == folder || data.startsWith(folder + u'/') || folder.startsWith(data + u'/'))
            return fail(ErrorKind::Denied, QStringLiteral("show %1 to the author's command").arg(displayable(folder)),
                        QStringLiteral("it holds the data directory, with every secret, or lies in it"),
                        QStringLiteral("keep the agent elsewhere (folders of the agent, in openfactory.yaml)"));
    }
    CommandRequest request;
    request.argv = planned.argv;
    request.allowed = {CommandPattern{planned.argv}}; // the operator's settings name it, and nothing else
    request.program = command.program;
    request.environment = command.environment;
    request.secretVariables = command.secrets;
    request.proxySocket = command.proxySocket;
    if (command.asInput)
        request.input = promptInside;
    request.limits = command.limits;
    request.scope.workspace = m_session.workspace().path;
    request.scope.gitFolder = m_session.gitFolder();
    request.scope.home = home;
    request.scope.readOnly = command.folders;
    request.logPath = m_session.folder().path() + QLatin1Char('/') + record.logPath;
    m_log = request.logPath;
    OF_CHECK(tell(record));
    const auto outcome = ports.runner->run(request, stop);
    finish(record, outcome);
    OF_CHECK(tell(record));
    return outcome;
}

QByteArray AuthorRunner::lastOutput(qint64 mostBytes) const
{
    QFile log(m_log);
    if (m_log.isEmpty() || !log.open(QIODevice::ReadOnly))
        return {};
    const qint64 from = std::max<qint64>(0, log.size() - mostBytes);
    log.seek(from);
    const QByteArray end = log.read(mostBytes);
    return from == 0 ? end : end.sliced(end.indexOf('\n') + 1);
}

} // namespace openfactory
