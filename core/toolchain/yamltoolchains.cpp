// SPDX-License-Identifier: Apache-2.0
#include "core/toolchain/yamltoolchains.h"

#include "core/base/text.h"
#include "core/toolchain/layout.h"
#include "core/toolchain/reports.h"
#include "core/toolchain/structure.h"

#include <QDir>
#include <QFile>
#include <QSet>

namespace openfactory {

namespace {

/// How surely a folder is in a language, and what told.
struct Evidence {
    int strength = 0; ///< 0 not at all, 1 loose sources, 2 a project file in a sub-folder, 3 one at the root
    qsizetype sources = 0;
    QString file;
};

Evidence evidenceOf(const LanguageFile &language, const QStringList &files)
{
    const QSet<QString> all(files.begin(), files.end());
    for (const QString &name : language.projectFiles) {
        if (all.contains(name))
            return {3, 0, name};
    }
    for (const QString &path : files) {
        if (language.projectFiles.contains(path.mid(path.lastIndexOf(u'/') + 1)))
            return {2, 0, path};
    }
    for (const QString &path : files) {
        if (holdsSources(language, {path}))
            return {1, 0, path};
    }
    return {};
}

QStringList foldersToSkip(const std::vector<LanguageFile> &languages)
{
    QStringList skip;
    for (const auto &language : languages)
        skip += language.skip;
    skip.removeDuplicates();
    return skip;
}

} // namespace

Result<std::unique_ptr<YamlToolchains>> YamlToolchains::load(const QString &folder)
{
    std::unique_ptr<YamlToolchains> toolchains(new YamlToolchains);
    const QDir dir(folder);
    QSet<QString> readers;
    for (const QString &name : dir.entryList({QStringLiteral("*.yaml")}, QDir::Files, QDir::Name)) {
        QFile file(dir.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorKind::Io, QStringLiteral("read %1").arg(file.fileName()), file.errorString());
        OF_TRY(language, loadLanguageFile(file.readAll(), file.fileName()));
        if (toolchains->find(language.language))
            return fail(ErrorKind::Invalid, QStringLiteral("read %1").arg(file.fileName()),
                        QStringLiteral("the language \"%1\" was defined before").arg(language.language));
        for (const auto &[reader, definition] : language.readers) {
            if (readers.contains(reader))
                return fail(ErrorKind::Invalid, QStringLiteral("read %1").arg(file.fileName()),
                            QStringLiteral("the reader \"%1\" was defined before").arg(reader));
            readers.insert(reader);
        }
        toolchains->m_languages.push_back(std::move(language));
    }
    if (toolchains->builtNames().isEmpty())
        return fail(ErrorKind::NotFound, QStringLiteral("read toolchains"),
                    QStringLiteral("there is none in %1").arg(folder));
    return toolchains;
}

Result<std::vector<ToolchainInfo>> YamlToolchains::detect(const QString &folder) const
{
    OF_TRY(list, listFiles(folder, foldersToSkip(m_languages)));
    const QString doing = QStringLiteral("find the language of %1").arg(folder);
    std::vector<std::pair<const LanguageFile *, Evidence>> built;
    std::pair<const LanguageFile *, Evidence> unbuilt{nullptr, {}};
    for (const auto &language : m_languages) {
        Evidence evidence = evidenceOf(language, list.files);
        if (evidence.strength == 0)
            continue;
        if (!language.built) {
            if (evidence.strength > unbuilt.second.strength)
                unbuilt = {&language, evidence};
            continue;
        }
        evidence.sources = std::ranges::count_if(list.files,
                                                 [&](const QString &path) { return holdsSources(language, {path}); });
        built.emplace_back(&language, evidence);
    }
    // The one with most sources, of those that have a project at all.
    std::ranges::stable_sort(built, std::greater(), [](const auto &found) {
        const Evidence &evidence = found.second;
        return std::tuple(evidence.strength > 1, evidence.sources, evidence.strength);
    });
    const QString how = QStringLiteral("set `language:` in contract.yaml; built: %1").arg(builtNames());
    if (unbuilt.first && (built.empty() || unbuilt.second.strength > built.front().second.strength))
        return fail(ErrorKind::Unsupported, doing,
                    QStringLiteral("%1 is recognised (%2) but not built yet")
                        .arg(unbuilt.first->title, displayable(unbuilt.second.file)),
                    how);
    if (built.empty())
        return fail(ErrorKind::Unsupported, doing, QStringLiteral("no known language is recognised in it"), how);
    std::vector<ToolchainInfo> infos;
    for (const auto &[language, evidence] : built) {
        infos.push_back(infoOf(*language, evidence.file));
        for (const auto &[other, ignored] : built) {
            if (other != language)
                infos.back().others += other->language;
        }
    }
    return infos;
}

Result<ToolchainInfo> YamlToolchains::byName(const QString &name) const
{
    const LanguageFile *language = find(name);
    const QString doing = QStringLiteral("find the toolchain of \"%1\"").arg(displayable(name.left(60)));
    if (!language)
        return fail(ErrorKind::Unsupported, doing,
                    QStringLiteral("no language \"%1\" is known").arg(displayable(name.left(60))),
                    QStringLiteral("built: %1").arg(builtNames()));
    if (!language->built)
        return fail(ErrorKind::Unsupported, doing,
                    QStringLiteral("%1 is recognised but not built yet").arg(language->title),
                    QStringLiteral("built: %1").arg(builtNames()));
    return infoOf(*language, QStringLiteral("contract.yaml"));
}

Result<SourceLayout> YamlToolchains::layout(const ToolchainInfo &toolchain, const QString &folder) const
{
    const LanguageFile *language = find(toolchain.language);
    if (!language)
        return std::unexpected(byName(toolchain.language).error());
    OF_TRY(list, listFiles(folder, language->skip));
    SourceLayout layout;
    for (const Project &project : projectsOf(*language, list.files)) {
        const QString prefix = project.folder.isEmpty() ? QString() : project.folder + u'/';
        for (const QString &source : sourcesOf(*language, project.files))
            layout.sources += prefix + source;
        for (const QString &tests : testFoldersOf(*language, project.files))
            layout.tests += prefix + tests;
    }
    for (QStringList *places : {&layout.sources, &layout.tests}) {
        places->removeDuplicates();
        places->sort();
    }
    return layout;
}

bool YamlToolchains::isTest(const ToolchainInfo &toolchain, const RepoPath &path) const
{
    const QString name = QString::fromUtf8(path);
    return std::ranges::any_of(m_languages, [&](const LanguageFile &language) {
        return (language.language == toolchain.language || holdsSources(language, {name}))
               && openfactory::isTest(language, name);
    });
}

const LanguageFile *YamlToolchains::sourceLanguage(const RepoPath &path) const
{
    const QString name = QString::fromUtf8(path);
    const auto found = std::ranges::find_if(
        m_languages, [&](const LanguageFile &language) { return language.lexis && holdsSources(language, {name}); });
    return found == m_languages.end() || openfactory::isTest(*found, name) ? nullptr : &*found;
}

std::vector<SourceFunction> YamlToolchains::functions(const RepoPath &path, const QByteArray &source) const
{
    const LanguageFile *language = sourceLanguage(path);
    return language ? functionsOf(*language, source) : std::vector<SourceFunction>();
}

std::optional<RepoPath> YamlToolchains::importUnit(const RepoPath &path) const
{
    const LanguageFile *language = sourceLanguage(path);
    return language && language->imports ? std::optional(importUnitOf(*language, path)) : std::nullopt;
}

std::vector<SourceImport> YamlToolchains::imports(const RepoPath &path, const QByteArray &source,
                                                  const SourceFiles &files) const
{
    const LanguageFile *language = sourceLanguage(path);
    return language ? importsOf(*language, path, source, files) : std::vector<SourceImport>();
}

namespace {

bool names(const PlannedCommand &command, const QString &folder)
{
    const auto holds = [&](const QString &word) { return word.contains(folder + u'/'); };
    return std::ranges::any_of(command.argv, holds)
           || std::ranges::any_of(command.environment, [&](const auto &one) { return holds(one.second); });
}

} // namespace

Result<StagePlan> YamlToolchains::plan(const ToolchainInfo &toolchain, StageKind stage, const QString &folder,
                                       const QString &reports, const std::vector<RepoPath> &changedFiles) const
{
    const LanguageFile *language = find(toolchain.language);
    if (!language || !language->built)
        return std::unexpected(byName(toolchain.language).error());
    StagePlan plan;
    const auto found = language->stages.find(stage);
    if (found == language->stages.end()) {
        plan.nothingToDo = QStringLiteral("%1 has no tool for this stage").arg(language->title);
        return plan;
    }
    OF_TRY(list, listFiles(folder, language->skip));
    plan.stopAtFirst = found->second.stopAtFirst;
    plan.transientPatterns = found->second.transient;
    int number = 0;
    for (const Project &project : projectsOf(*language, list.files)) {
        Filling filling = fillingOf(*language, folder, project, changedFiles);
        filling.reports = reports;
        filling.cache = QDir::cleanPath(reports + QStringLiteral("/../.cache"));
        filling.part = ++number == 1 ? QString() : QStringLiteral("-%1").arg(number);
        const auto take = [&](const std::vector<CommandTemplate> &templates, std::vector<PlannedCommand> &commands) {
            for (const auto &one : templates) {
                if (!holds(one.when, filling.facts) || (project.leftover && one.needs.isEmpty()))
                    continue;
                if (!one.needs.isEmpty() && filling.lists[one.needs].isEmpty()) {
                    if (plan.nothingToDo.isEmpty())
                        plan.nothingToDo = one.nothing;
                    continue;
                }
                for (PlannedCommand &command : fill(one, filling)) {
                    command.folder = project.folder;
                    if (names(command, filling.cache))
                        command.caches << QStringLiteral(".cache");
                    if (!project.folder.isEmpty()) {
                        for (auto &report : command.reports)
                            report.kind += u'@' + project.folder;
                    }
                    commands.push_back(std::move(command));
                }
            }
        };
        take(found->second.commands, plan.commands);
        take(found->second.fixes, plan.fixes);
    }
    if (!plan.commands.empty())
        plan.nothingToDo.clear();
    else if (plan.nothingToDo.isEmpty())
        plan.nothingToDo = !found->second.nothing.isEmpty()
                               ? found->second.nothing
                               : QStringLiteral("%1 has nothing to do for this stage here").arg(language->title);
    return plan;
}

Result<Report> YamlToolchains::read(const QString &kind, const QByteArray &bytes, const QString &folder) const
{
    const QString name = kind.section(u'@', 0, 0);
    const ReportPaths paths(folder, kind.section(u'@', 1));
    if (bytes.size() > mostReportBytes && !name.startsWith(QStringLiteral("text:")))
        return std::unexpected(
            reportError(QStringLiteral("it has %1 bytes, %2 are the most").arg(bytes.size()).arg(mostReportBytes)));
    const auto readNamed = [&]() -> Result<Report> {
        if (name == QStringLiteral("junit"))
            return readJunit(bytes, paths);
        if (name == QStringLiteral("coverage-json"))
            return readCoverageJson(bytes, paths);
        if (name == QStringLiteral("cobertura"))
            return readCobertura(bytes, paths);
        if (name == QStringLiteral("bandit-json"))
            return readBanditJson(bytes, paths);
        if (name == QStringLiteral("mypy-json"))
            return readMypyJson(bytes, paths, reader(QStringLiteral("mypy")));
        if (name == QStringLiteral("go-test-json"))
            return readGoTest(bytes, paths, reader(QStringLiteral("go")));
        if (name.section(u'=', 0, 0) == QStringLiteral("go-cover"))
            return readGoCover(bytes, paths, name.section(u'=', 1));
        if (name == QStringLiteral("lcov"))
            return readLcov(bytes, paths);
        if (name == QStringLiteral("tap"))
            return readTap(bytes, paths);
        if (name == QStringLiteral("sarif"))
            return readSarif(bytes, paths);
        if (name.startsWith(QStringLiteral("text:"))) {
            if (const TextReader *text = reader(name.sliced(5)))
                return readText(bytes, paths, *text);
        }
        return fail(ErrorKind::Unsupported, QStringLiteral("read report"),
                    QStringLiteral("there is no reader for \"%1\"").arg(displayable(kind.left(80))));
    };
    OF_TRY(report, readNamed());
    for (Finding &finding : report.findings) {
        for (const auto &language : m_languages) {
            for (const auto &advice : language.advice) {
                if (!finding.suggestion.isEmpty())
                    break;
                if (const auto match = advice.matches.match(finding.message); match.hasMatch())
                    finding.suggestion = QString(advice.suggestion).replace(QStringLiteral("\\1"), match.captured(1));
            }
        }
    }
    return report;
}

std::vector<ToolNeed> YamlToolchains::tools() const
{
    std::vector<ToolNeed> needs;
    for (const auto &language : m_languages) {
        std::map<QString, std::pair<QStringList, QString>> programs; // stages, how to install
        for (const auto &[kind, stage] : language.stages) {
            for (const auto *commands : {&stage.commands, &stage.fixes}) {
                for (const auto &command : *commands) {
                    auto &[stages, install] = programs[command.rest.needed()];
                    if (!stages.contains(toName(kind)))
                        stages += toName(kind);
                    install = command.rest.howToInstall;
                }
            }
        }
        for (const auto &[program, need] : programs)
            needs.push_back(
                {program, language.title + QStringLiteral(": ") + need.first.join(QStringLiteral(", ")), need.second});
    }
    return needs;
}

const LanguageFile *YamlToolchains::find(const QString &name) const
{
    const auto found = std::ranges::find(m_languages, name, &LanguageFile::language);
    return found == m_languages.end() ? nullptr : &*found;
}

const TextReader *YamlToolchains::reader(const QString &name) const
{
    for (const auto &language : m_languages) {
        if (const auto found = language.readers.find(name); found != language.readers.end())
            return &found->second;
    }
    return nullptr;
}

QString YamlToolchains::builtNames() const
{
    QStringList names;
    for (const auto &language : m_languages) {
        if (language.built)
            names += language.language;
    }
    return names.join(QStringLiteral(", "));
}

ToolchainInfo YamlToolchains::infoOf(const LanguageFile &language, const QString &evidence) const
{
    ToolchainInfo info{language.language, evidence, {}, {}};
    const auto take = [&](const std::vector<CommandTemplate> &templates) {
        for (const auto &one : templates) {
            const auto patterns = patternsOf(one);
            info.allowed.insert(info.allowed.end(), patterns.begin(), patterns.end());
        }
    };
    for (const auto &[kind, stage] : language.stages) {
        take(stage.commands);
        take(stage.fixes);
    }
    return info;
}

} // namespace openfactory
