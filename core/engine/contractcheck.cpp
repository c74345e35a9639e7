// SPDX-License-Identifier: Apache-2.0
#include "core/engine/contractcheck.h"

#include "core/base/text.h"

#include <algorithm>
#include <set>

namespace openfactory {

namespace {

/// Longer command lines are cut for people.
constexpr qsizetype kLongestCommand = 120;
constexpr QLatin1StringView kReports("/reports"); // only to have commands planned; nothing is run

QString commandLine(const QStringList &argv, const std::set<QString> &files)
{
    const QString list = QStringLiteral("FILES...");
    QStringList words;
    for (const QString &word : shownWords(argv)) {
        const bool isFile = files.contains(word);
        if (!isFile)
            words += displayable(word.left(kLongestCommand));
        else if (words.isEmpty() || words.last() != list)
            words += list;
    }
    QString line = words.join(u' ').simplified();
    if (line.size() > kLongestCommand)
        line = line.left(kLongestCommand) + u'\u2026';
    return line;
}

/// Puts the report together. One use.
class Checker {
public:
    Checker(const EnginePorts &ports, const QString &root, ContractReading reading, QString pipeline)
        : m_ports(ports),
          m_root(root),
          m_pipeline(std::move(pipeline)),
          m_reading(std::move(reading)),
          m_contract(m_reading.contract)
    {}

    Result<ContractReport> run()
    {
        for (const Error &fault : m_reading.faults)
            m_report.remarks.push_back({Severity::Error, yaml::placeOf(fault), fault.said, fault.hint});
        OF_CHECK(lookAtFiles());
        lookAtNames();
        const auto toolchain = lookAtLanguage();
        if (!isFaultIn(QStringLiteral("pipeline")) && !isFaultIn(QStringLiteral("skip")))
            OF_CHECK(lookAtStages(toolchain));
        std::ranges::stable_sort(m_report.remarks, {}, [](const ContractRemark &remark) {
            return remark.place.value_or(yaml::Place{std::numeric_limits<int>::max(), 0});
        });
        return std::move(m_report);
    }

private:
    void say(Severity severity, const QString &key, const QString &said, const QString &hint = {})
    {
        const auto place = m_reading.places.find(key);
        const bool known = !key.isEmpty() && place != m_reading.places.end();
        m_report.remarks.push_back({severity, known ? std::optional(place->second) : std::nullopt, said, hint});
    }

    bool isAtFault(const yaml::Place &place) const
    {
        return std::ranges::any_of(m_reading.faults, [&](const Error &fault) { return yaml::placeOf(fault) == place; });
    }

    /// Whether a fault lies among the lines of a key's value: what was read of it is not all then.
    bool isFaultIn(const QString &key) const
    {
        std::optional<std::pair<int, int>> lines;
        for (const auto &[name, place] : m_reading.places) {
            if (name == key || name.startsWith(key + u'.') || name.startsWith(key + u'['))
                lines = {std::min(lines ? lines->first : place.line, place.line),
                         std::max(lines ? lines->second : place.line, place.line)};
        }
        return std::ranges::any_of(m_reading.faults, [&](const Error &fault) {
            const auto place = yaml::placeOf(fault);
            return !place || (lines && place->line >= lines->first && place->line <= lines->second);
        });
    }

    Result<void> lookAtFiles()
    {
        OF_TRY(facts, m_ports.git->inspect(m_root));
        m_report.target = m_contract.target.isEmpty() ? facts.headBranch : m_contract.target;
        auto commit = m_ports.git->resolve(m_root, QStringLiteral("refs/heads/") + m_report.target);
        if (!commit && !m_contract.target.isEmpty())
            say(Severity::Error, QStringLiteral("target"),
                QStringLiteral("there is no branch \"%1\"").arg(displayable(m_contract.target)),
                QStringLiteral(
                    "name a branch of this repository, or leave target out: then it is the one checked out"));
        if (!commit && !facts.headCommit.isEmpty())
            commit = facts.headCommit;
        if (!commit) {
            say(Severity::Warning, {}, QStringLiteral("the repository has no commit yet: patterns match nothing"),
                QStringLiteral("commit what there is first"));
            return {};
        }
        OF_TRY(files, m_ports.git->files(m_root, *commit));
        m_files = std::move(files);
        m_report.files = qint64(m_files.size());
        lookAtPatterns(QStringLiteral("allowed_files"), m_contract.allowedFiles,
                       QStringLiteral("fine where a job is to make such files; else mend the spelling"));
        lookAtPatterns(QStringLiteral("forbidden_files"), m_contract.forbiddenFiles,
                       QStringLiteral("it forbids nothing that is there; look at the spelling"));
        const auto open = [&](const RepoPath &path) {
            const auto any = [&](const QStringList &globs) {
                return std::ranges::any_of(globs, [&](const QString &glob) { return matchesGlob(path, glob); });
            };
            return !isProtectedPath(path) && any(m_contract.allowedFiles) && !any(m_contract.forbiddenFiles);
        };
        if (m_reading.faults.empty() && !m_files.empty() && std::ranges::none_of(m_files, open))
            say(Severity::Warning, QStringLiteral("allowed_files"),
                QStringLiteral("no file that is there may be changed: allowed_files, forbidden_files and what is "
                               "protected leave none"),
                QStringLiteral("open what the job is about"));
        return {};
    }

    void lookAtPatterns(const QString &key, const QStringList &globs, const QString &hint)
    {
        for (qsizetype i = 0; i < globs.size(); ++i) {
            const QString place = QStringLiteral("%1[%2]").arg(key).arg(i);
            if (!m_reading.places.contains(place) || isAtFault(m_reading.places.at(place))) // the default; said already
                continue;
            const auto matches = [&](const RepoPath &path) { return matchesGlob(path, globs[i]); };
            if (std::ranges::any_of(m_files, matches))
                continue;
            const QString lower = globs[i].toLower();
            const auto alike = std::ranges::find_if(
                m_files, [&](const RepoPath &path) { return matchesGlob(path.toLower(), lower); });
            const bool folder = std::ranges::any_of(
                m_files, [&](const RepoPath &path) { return matchesGlob(path, globs[i] + u'/'); });
            say(Severity::Warning, place,
                QStringLiteral("\"%1\" matches none of the %2 on %3")
                    .arg(displayable(globs[i]), counted(m_report.files, QStringLiteral("file")), m_report.target),
                folder ? QStringLiteral("it is a folder: write \"%1/**\"").arg(displayable(globs[i]))
                : alike != m_files.end()
                    ? QStringLiteral("upper and lower case count: there is %1").arg(displayPath(*alike))
                    : hint);
        }
    }

    /// Names that stand for something outside of the contract.
    void lookAtNames()
    {
        for (qsizetype i = 0; i < m_contract.protectedBranches.size(); ++i) {
            const QString &name = m_contract.protectedBranches[i];
            if (!m_ports.git->resolve(m_root, QStringLiteral("refs/heads/") + name))
                say(Severity::Warning, QStringLiteral("protected_branches[%1]").arg(i),
                    QStringLiteral("there is no branch \"%1\" here").arg(displayable(name)),
                    QStringLiteral("fine where it is made later; else mend the spelling"));
            if (name == m_report.target)
                say(Severity::Warning, QStringLiteral("protected_branches[%1]").arg(i),
                    QStringLiteral("\"%1\" is the branch that jobs integrate into: none could be approved")
                        .arg(displayable(name)),
                    QStringLiteral("name another target, or take it out"));
        }
        for (qsizetype i = 0; i < m_contract.secrets.size(); ++i) {
            if (!m_ports.masker->secret(m_contract.secrets[i]))
                say(Severity::Warning, QStringLiteral("secrets[%1]").arg(i),
                    QStringLiteral("no secret \"%1\" is known on this host").arg(displayable(m_contract.secrets[i])),
                    QStringLiteral("put it into the folder secrets of the data directory, or into /run/secrets"));
        }
        for (size_t i = 0; i < m_contract.allowedCommands.size(); ++i) {
            const QString program = m_contract.allowedCommands[i].value(0);
            if (!m_ports.runner->hasProgram(program))
                say(Severity::Warning, QStringLiteral("allowed_commands[%1]").arg(i),
                    QStringLiteral("the program %1 is not installed where commands run").arg(displayable(program)),
                    QStringLiteral("install it for all users, or take the pattern out"));
        }
    }

    std::optional<ToolchainInfo> lookAtLanguage()
    {
        const auto found = m_ports.toolchains->detect(m_root);
        if (m_contract.language.isEmpty()) {
            if (!found) {
                say(Severity::Warning, {}, found.error().said, found.error().hint);
                return std::nullopt;
            }
            m_report.language = found->front().language;
            m_report.others = found->front().others;
            return found->front();
        }
        const auto named = m_ports.toolchains->byName(m_contract.language);
        if (!named) {
            say(Severity::Error, QStringLiteral("language"), named.error().said, named.error().hint);
            return std::nullopt;
        }
        m_report.language = named->language;
        bool there = false;
        for (const auto &info : found.value_or(std::vector<ToolchainInfo>())) {
            there = there || info.language == named->language;
            if (info.language != named->language)
                m_report.others += info.language;
        }
        if (!there)
            say(Severity::Warning, QStringLiteral("language"),
                QStringLiteral("nothing in the repository looks like %1").arg(displayable(m_contract.language)),
                m_report.others.isEmpty() ? QString()
                                          : QStringLiteral("it looks like %1").arg(m_report.others.join(u", ")));
        return *named;
    }

    /// Limits that are written down and that no stage of the pipeline looks at.
    void lookAtLimits(const Pipeline &pipeline)
    {
        const auto looked = [&](std::initializer_list<StageKind> kinds) {
            return std::ranges::any_of(kinds, [&](StageKind kind) { return pipeline.indexOf(kind).has_value(); });
        };
        const auto warn = [&](const QString &key, const QString &stage) {
            const auto stated = std::ranges::find_if(m_reading.places, [&](const auto &place) {
                return place.first == key || place.first.startsWith(key + u'[');
            });
            if (stated != m_reading.places.end())
                say(Severity::Warning, stated->first,
                    QStringLiteral("nothing looks at %1: this pipeline has no stage %2").arg(key, stage),
                    QStringLiteral("name a pipeline with %1, or take the limit out").arg(stage));
        };
        if (!looked({StageKind::Boundary})) {
            for (const char *key : {"allowed_files", "forbidden_files", "max_lines_changed", "max_function_lines",
                                    "import_cycles_allowed", "new_dependencies_allowed", "approved_dependencies"})
                warn(QLatin1String(key), QStringLiteral("boundary"));
        }
        if (!looked({StageKind::Coverage, StageKind::Tcr}))
            warn(QStringLiteral("required_test_coverage"), QStringLiteral("coverage"));
    }

    Result<void> lookAtStages(const std::optional<ToolchainInfo> &toolchain)
    {
        OF_TRY(builtIn, builtInPipeline(m_pipeline.isEmpty() ? m_contract.pipeline : m_pipeline));
        const auto pipeline = effectivePipeline(m_contract, builtIn);
        if (!pipeline) {
            say(Severity::Error, pipelineKey(m_contract, m_reading.places, pipeline.error()), pipeline.error().said,
                pipeline.error().hint);
            return {};
        }
        lookAtLimits(*pipeline);
        if (!m_reading.faults.empty())
            return {}; // what the stages come to is told of a contract that can be used
        for (size_t i = 0; i < pipeline->stages.size(); ++i) {
            const StageDefinition &definition = pipeline->stages[i];
            OF_TRY(stage, stageOn(m_ports, m_root, m_files, toolchain.value_or(ToolchainInfo{}), definition));
            const bool hard = definition.failure != FailureClass::Soft;
            const QString key = m_contract.stages ? QStringLiteral("pipeline[%1]").arg(i) : QStringLiteral("pipeline");
            for (const QString &missing : stage.missing)
                say(Severity::Warning, key, QStringLiteral("%1: %2").arg(definition.name, missing),
                    hard ? QStringLiteral("without it the stage fails; install it, or give the stage another command")
                         : QStringLiteral("without it the stage is a risk, \"not measured\""));
            if (toolchain || !takesCommand(definition.kind) || !definition.command.isEmpty()) {
                m_report.stages.push_back(std::move(stage));
                continue;
            }
            say(hard ? Severity::Error : Severity::Warning, key,
                QStringLiteral("%1 has no command, and no language says one").arg(definition.name),
                QStringLiteral("add command: to the stage, or language: to the contract"));
            m_report.stages.push_back(std::move(stage));
        }
        return {};
    }

    const EnginePorts &m_ports;
    QString m_root;
    QString m_pipeline; ///< in place of the contract's; empty: the contract's
    ContractReading m_reading;
    const Contract &m_contract;
    std::vector<RepoPath> m_files;
    ContractReport m_report;
};

} // namespace

qint64 ContractReport::count(Severity severity) const
{
    return std::ranges::count(remarks, severity, &ContractRemark::severity);
}

Result<ContractReport> checkContract(const EnginePorts &ports, const QString &root, const QByteArray &yaml,
                                     const QString &file, const QString &pipeline)
{
    ContractReading reading = readContract(yaml.isEmpty() ? QByteArrayLiteral("\n") : yaml, file);
    if (const auto held = secretInContract(*ports.masker, yaml, file))
        reading.faults.push_back(*held);
    return Checker(ports, root, std::move(reading), pipeline).run();
}

QString pipelineKey(const Contract &contract, const std::map<QString, yaml::Place> &places, const Error &refusal)
{
    const auto stages = contract.stages.value_or(std::vector<StageDefinition>());
    for (size_t i = stages.size(); i-- > 0;) { // of two of a name the second one is at fault
        const QString name = displayable(stages[i].name);
        if (refusal.said.contains(u'"' + name + u'"') || refusal.said.startsWith(name + QStringLiteral(" comes after"))
            || refusal.said.endsWith(QStringLiteral(": ") + name))
            return QStringLiteral("pipeline[%1]").arg(i);
    }
    const QString key = QStringLiteral("pipeline");
    return places.contains(key) ? key : QStringLiteral("skip");
}

std::optional<Error> secretInContract(const Masker &masker, const QByteArray &yaml, const QString &file)
{
    if (!masker.holdsSecret(yaml))
        return std::nullopt;
    const auto lines = yaml.split('\n');
    const auto line = std::ranges::find_if(lines, [&](const QByteArray &text) { return masker.holdsSecret(text); });
    const auto number = line == lines.end() ? 1 : line - lines.begin() + 1; // else it goes over lines
    return Error{
        ErrorKind::Invalid, QStringLiteral("read %1:%2:1").arg(displayable(file)).arg(number),
        QStringLiteral("the value of a known secret stands in it"),
        QStringLiteral("name the secret in the list \"secrets\", and commands get it as a variable; every commit "
                       "that has this file has the value")};
}

Result<ContractStage> stageOn(const EnginePorts &ports, const QString &root, const std::vector<RepoPath> &files,
                              const ToolchainInfo &toolchain, const StageDefinition &definition)
{
    ContractStage stage;
    stage.definition = definition;
    if (!takesCommand(definition.kind))
        return stage;
    if (!definition.command.isEmpty()) {
        stage.commands += commandLine(definition.command, {});
        if (!ports.runner->hasProgram(definition.command.first()))
            stage.missing += QStringLiteral("the program %1 is not installed where commands run")
                                 .arg(displayable(definition.command.first()));
        return stage;
    }
    if (toolchain.language.isEmpty())
        return stage;
    OF_TRY(plan, ports.toolchains->plan(toolchain, definition.kind, root, kReports, files));
    stage.nothing = plan.nothingToDo;
    for (const auto *commands : {&plan.commands, &plan.fixes}) {
        for (const PlannedCommand &command : *commands) {
            std::set<QString> names;
            const QString prefix = command.folder.isEmpty() ? QString() : command.folder + u'/';
            for (const RepoPath &path : files) {
                if (const QString name = QString::fromUtf8(path); name.startsWith(prefix))
                    names.insert(name.mid(prefix.size()));
            }
            const QString where = command.folder.isEmpty()
                                      ? QString()
                                      : QStringLiteral(" (in %1)").arg(displayable(command.folder));
            if (const QString line = commandLine(command.argv, names) + where;
                commands == &plan.commands && !stage.commands.contains(line))
                stage.commands += line;
            if (command.optional || ports.runner->hasProgram(command.needed()))
                continue;
            const QString missing = command.howToInstall.isEmpty()
                                        ? QStringLiteral("%1 is not installed").arg(command.needed())
                                        : QStringLiteral("%1 is not installed (%2)")
                                              .arg(command.needed(), command.howToInstall);
            if (!stage.missing.contains(missing))
                stage.missing += missing;
        }
    }
    return stage;
}

} // namespace openfactory
