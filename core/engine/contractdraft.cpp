// SPDX-License-Identifier: Apache-2.0
#include "core/engine/contractdraft.h"

#include "core/base/text.h"
#include "core/engine/contractcheck.h"

#include <algorithm>
#include <set>

namespace openfactory {

namespace {

/// More patterns than this are no help: then everything is allowed, and a comment says so.
constexpr size_t kMostPatterns = 40;
/// What a person reads in one sitting.
constexpr int kLinesToReview = 400;

/// A YAML text in double quotes; nothing in it means anything to YAML or to a terminal.
QString quoted(const QString &text)
{
    return u'"' + QString(text).replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\"")) + u'"';
}

/// The characters of a path that mean something in a glob stand for themselves in brackets.
QString globOf(const QString &path)
{
    QString glob;
    for (const QChar c : path)
        glob += QStringView(u"*?[\\").contains(c) ? u'[' + QString(c) + u']' : QString(c);
    return glob;
}

bool isPlain(const QString &path)
{
    return displayable(path) == path;
}

/// Globs of what a job is about: the folders of sources and tests, and the kinds of files that lie at the top.
QStringList allowedGlobs(const SourceLayout &layout, const std::vector<RepoPath> &files)
{
    std::set<QString> globs;
    for (const QString &place : layout.sources + layout.tests) {
        const bool isFile = std::ranges::binary_search(files, place.toUtf8());
        const QString name = place.mid(place.lastIndexOf(u'/') + 1);
        const qsizetype point = name.lastIndexOf(u'.');
        if (!isFile)
            globs.insert(globOf(place) + QStringLiteral("/**"));
        else if (point > 0)
            globs.insert(globOf(place.chopped(name.size())) + u'*' + globOf(name.mid(point)));
        else
            globs.insert(globOf(place));
    }
    QStringList out;
    for (const QString &glob : globs) {
        const bool matches = std::ranges::any_of(files, [&](const RepoPath &path) { return matchesGlob(path, glob); });
        if (matches && isPlain(glob)) // what git does not hold is nothing to open
            out += glob;
    }
    return out.size() > qsizetype(kMostPatterns) ? QStringList() : out;
}

/// What a change of code has no business with.
QStringList forbiddenGlobs(const std::vector<RepoPath> &files)
{
    QStringList out;
    for (const RepoPath &path : files) {
        const QByteArray name = path.toUpper();
        const bool legal = !path.contains('/')
                           && (name.startsWith("LICEN") || name.startsWith("COPYING") || name == "NOTICE");
        if (legal && isPlain(QString::fromUtf8(path)))
            out += globOf(QString::fromUtf8(path));
    }
    return out;
}

/// The draft as it grows.
class Draft {
public:
    void line(const QString &text) { m_text += (text.isEmpty() ? QString() : QStringLiteral("  ") + text) + u'\n'; }
    void comment(const QString &text) { line(QStringLiteral("# ") + text); }
    void list(const QString &key, const QStringList &items)
    {
        line(key + u':');
        for (const QString &item : items)
            line(QStringLiteral("  - ") + quoted(item));
    }
    QByteArray text() const
    {
        return (QStringLiteral(
                    "# What a job on this repository may change and must reach. Read when a job is made, and "
                    "frozen with it.\n# Every key is optional; docs/contract.md of OpenFactory explains "
                    "them. After a change: factory contract check\ncontract:\n")
                + m_text)
            .toUtf8();
    }

private:
    QString m_text;
};

void writeLanguage(Draft &draft, const Result<std::vector<ToolchainInfo>> &found)
{
    if (!found) {
        draft.comment(QStringLiteral("No language was recognised: each stage needs a command of its own (pipeline: "
                                     "below), or say"));
        draft.comment(QStringLiteral("language: python"));
        return;
    }
    const ToolchainInfo &main = found->front();
    draft.comment(QStringLiteral("Recognised by %1%2.")
                      .arg(displayable(main.evidence),
                           main.others.isEmpty()
                               ? QString()
                               : QStringLiteral("; there is also %1").arg(main.others.join(QStringLiteral(", ")))));
    draft.line(QStringLiteral("language: ") + main.language);
}

Result<void> writePipeline(Draft &draft, const EnginePorts &ports, const QString &root,
                           const std::vector<RepoPath> &files, const ToolchainInfo &toolchain)
{
    const QString name = Contract{}.pipeline;
    OF_TRY(pipeline, builtInPipeline(name));
    draft.line({});
    draft.comment(toolchain.language.isEmpty()
                      ? QStringLiteral("The stages: own commands, as no language says any.")
                      : QStringLiteral("The stages: factory (ten) or tcr (nine). Here they run:"));
    for (const StageDefinition &definition :
         toolchain.language.isEmpty() ? std::vector<StageDefinition>() : pipeline.stages) {
        OF_TRY(stage, stageOn(ports, root, files, toolchain, definition));
        QStringList said = stage.commands;
        if (said.isEmpty() && takesCommand(definition.kind))
            said += QStringLiteral("nothing: ") + stage.nothing;
        QString label = definition.name;
        for (const QString &text : said) {
            draft.comment(QStringLiteral("  %1  %2").arg(label.leftJustified(11), displayable(text)));
            label.clear();
        }
        for (const QString &missing : stage.missing)
            draft.comment(QStringLiteral("  %1  missing here: %2").arg(QString(11, u' '), missing));
    }
    if (toolchain.language.isEmpty()) {
        draft.comment(QStringLiteral("A stage of your own has a command, split into words, without a shell."));
        draft.line(QStringLiteral("pipeline:"));
        draft.comment(QStringLiteral("  - {name: implement, command: \"make\"}"));
        draft.comment(QStringLiteral("  - {name: unit-test, command: \"make test\"}"));
        for (const char *stage : {"boundary", "integrate", "deploy"})
            draft.line(QStringLiteral("  - ") + QString::fromLatin1(stage));
        return {};
    }
    draft.line(QStringLiteral("pipeline: ") + name);
    draft.line(
        QStringLiteral("tcr: strict   # what a hard failure takes back: strict, relaxed (keeps tests), build-first"));
    draft.comment(QStringLiteral("skip: [coverage]   # stages to leave out; a list under pipeline: replaces them all"));
    return {};
}

void writeBoundary(Draft &draft, const SourceLayout &layout, const std::vector<RepoPath> &files)
{
    draft.line({});
    draft.comment(QStringLiteral("Per cent of lines that tests must reach; below it is a risk that a person accepts."));
    draft.line(QStringLiteral("required_test_coverage: 80"));
    draft.line({});
    draft.comment(QStringLiteral("The boundary: no decision overrides it. Globs from the root; ** goes over folders."));
    const QStringList allowed = allowedGlobs(layout, files);
    if (allowed.isEmpty()) {
        draft.comment(QStringLiteral("No folders of sources were found, so every file may be changed."));
        draft.line(QStringLiteral("allowed_files: [\"**\"]"));
    } else {
        draft.list(QStringLiteral("allowed_files"), allowed);
    }
    if (const QStringList forbidden = forbiddenGlobs(files); forbidden.isEmpty())
        draft.comment(QStringLiteral("forbidden_files: [\"LICENSE\"]   # wins over allowed_files"));
    else
        draft.list(QStringLiteral("forbidden_files"), forbidden);
    draft.line(QStringLiteral("max_lines_changed: %1   # added and removed; what a person reads in one sitting")
                   .arg(kLinesToReview));
    draft.line(QStringLiteral("max_function_lines: %1   # of a function that a change makes or lets grow")
                   .arg(Contract{}.maxFunctionLines));
    draft.line(QStringLiteral("new_dependencies_allowed: false"));
    draft.comment(QStringLiteral("approved_dependencies: [requests]   # these may come in all the same"));
}

void writeRest(Draft &draft, const QString &branch)
{
    draft.line({});
    if (!branch.isEmpty() && isPlain(branch))
        draft.comment(
            QStringLiteral("target: %1   # the branch to integrate into; default: the one checked out").arg(branch));
    draft.comment(QStringLiteral("protected_branches: [release]   # never integrated into"));
    draft.comment(QStringLiteral("allowed_commands: [\"python3 scripts/check.py {path}\"]   # beside the stages' own"));
    draft.comment(QStringLiteral("environment: {TZ: UTC}"));
    draft.comment(QStringLiteral("secrets: [DB_PASSWORD]   # names; their values are masked everywhere"));
    draft.line(QStringLiteral("limits: {command_timeout_seconds: 900, memory_mb: 4096, processes: 512}"));
}

} // namespace

Result<QByteArray> draftContract(const EnginePorts &ports, const QString &root)
{
    OF_TRY(facts, ports.git->inspect(root));
    std::vector<RepoPath> files;
    if (!facts.headCommit.isEmpty()) {
        OF_TRY(listed, ports.git->files(root, facts.headCommit));
        files = std::move(listed);
    }
    const auto found = ports.toolchains->detect(root);
    const ToolchainInfo toolchain = found ? found->front() : ToolchainInfo{};
    SourceLayout layout;
    for (const auto &info : found.value_or(std::vector<ToolchainInfo>())) { // a change may be in any of them
        const auto places = ports.toolchains->layout(info, root);
        layout.sources += places ? places->sources : QStringList();
        layout.tests += places ? places->tests : QStringList();
    }
    Draft draft;
    writeLanguage(draft, found);
    OF_CHECK(writePipeline(draft, ports, root, files, toolchain));
    writeBoundary(draft, layout, files);
    writeRest(draft, facts.headBranch);
    return draft.text();
}

} // namespace openfactory
