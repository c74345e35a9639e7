// SPDX-License-Identifier: Apache-2.0
/// Completion scripts, made from the table of commands. Slugs are asked of `factory list` when they are needed.
#include "app/factory/commandtable.h"
#include "core/base/text.h"
#include "core/domain/pipeline.h"

namespace openfactory::cli {

namespace {

const QString kSlugs = QStringLiteral(
    R"(factory list --all --limit 1000 --json 2>/dev/null | grep -o '"slug":"[a-z0-9_-]*"' | cut -d'"' -f4)");

/// Names of every stage of the built-in pipelines; a contract may add others.
QStringList stageNames()
{
    QStringList names;
    for (const QString &pipeline : builtInPipelineNames()) {
        const auto loaded = builtInPipeline(pipeline);
        for (const auto &stage : loaded ? loaded->stages : std::vector<StageDefinition>{}) {
            if (!names.contains(stage.name))
                names << stage.name;
        }
    }
    return names;
}

/// What the command takes besides options.
QStringList wordsOf(const Command &command)
{
    QStringList words = command.wordChoices;
    if (command.name == QStringLiteral("help")) {
        for (const auto &other : commandTable())
            words << other.name;
        words << QStringLiteral("exit-codes");
    }
    return words;
}

/// Fixed values of an option; empty where they are no fixed set.
QStringList valuesOf(const Option &option)
{
    return option.completes == QStringLiteral("stage") ? stageNames() : option.choices;
}

QString quoted(QString words)
{
    return QLatin1Char('\'') + words.replace(u'\'', QStringLiteral("'\\''")) + QLatin1Char('\'');
}

QString bashScript()
{
    QStringList names;
    for (const auto &command : commandTable())
        names << command.name;
    QString text = QStringLiteral("# bash completion for factory\n") + QStringLiteral(R"(_factory_slugs() {
    @SLUGS@
}
_factory() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
    COMPREPLY=()
    # bash splits --option=value at the sign
    if [[ $current == = ]]; then
        current=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD-2]}
    fi
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W '@COMMANDS@' -- "$current")
        return
    fi
    case "${COMP_WORDS[1]}:$before" in
)");
    text.replace(QStringLiteral("@SLUGS@"), kSlugs).replace(QStringLiteral("@COMMANDS@"), names.join(u' '));
    for (const auto &command : commandTable()) {
        for (const auto &made : allOptions(command)) {
            if (made.value.isEmpty())
                continue;
            QString pattern = command.name + QStringLiteral(":--") + made.name;
            if (!made.letter.isNull())
                pattern += QLatin1Char('|') + command.name + QStringLiteral(":-") + made.letter;
            QString words = QStringLiteral("-W ''");
            if (!valuesOf(made).isEmpty())
                words = QStringLiteral("-W ") + quoted(valuesOf(made).join(u' '));
            else if (made.completes == QStringLiteral("slug"))
                words = QStringLiteral("-W \"$(_factory_slugs)\"");
            else if (made.completes == QStringLiteral("file"))
                words = QStringLiteral("-f");
            else if (made.completes == QStringLiteral("folder"))
                words = QStringLiteral("-d");
            text += QStringLiteral("    ") + pattern + QStringLiteral(")\n");
            if (words.size() == 2) // names of files: a folder gets its slash, a space its backslash
                text += QStringLiteral("        compopt -o filenames 2>/dev/null\n");
            text += QStringLiteral("        mapfile -t COMPREPLY < <(compgen ") + words
                    + QStringLiteral(" -- \"$current\")\n        return ;;\n");
        }
    }
    text += QStringLiteral("    esac\n    case \"${COMP_WORDS[1]}\" in\n");
    for (const auto &command : commandTable()) {
        QStringList words = wordsOf(command);
        for (const auto &made : allOptions(command))
            words << QStringLiteral("--") + made.name;
        const QString jobs = command.words == kJobWord ? QStringLiteral("\" $(_factory_slugs)\"") : QString();
        text += QStringLiteral("    ") + command.name + QStringLiteral(") mapfile -t COMPREPLY < <(compgen -W ")
                + quoted(words.join(u' ')) + jobs + QStringLiteral(" -- \"$current\") ;;\n");
    }
    return text + QStringLiteral("    esac\n}\ncomplete -F _factory factory\n");
}

/// For the descriptions of zsh's _arguments and _describe, where brackets and colons mean something.
QString zshDescription(QString words)
{
    return words.replace(u'[', u'(').replace(u']', u')').replace(u':', u',').replace(u'\'', QStringLiteral("'\\''"));
}

QString zshScript()
{
    QString text = QStringLiteral("#compdef factory\n") + QStringLiteral(R"zsh(_factory_slugs() {
    local -a slugs
    slugs=(${(f)"$(@SLUGS@)"})
    compadd -a slugs
}
_factory() {
    local -a commands
    commands=(
)zsh");
    text.replace(QStringLiteral("@SLUGS@"), kSlugs);
    for (const auto &command : commandTable())
        text += QStringLiteral("        '") + command.name + QLatin1Char(':') + zshDescription(command.summary)
                + QStringLiteral("'\n");
    text += QStringLiteral(R"(    )
    if (( CURRENT == 2 )); then
        _describe 'command' commands
        return
    fi
    shift words
    (( CURRENT-- ))
    case $words[1] in
)");
    for (const auto &command : commandTable()) {
        text += QStringLiteral("    ") + command.name + QStringLiteral(")\n        _arguments");
        for (const auto &made : allOptions(command)) {
            QString action;
            if (!made.value.isEmpty()) {
                action = QLatin1Char(':') + made.value.toLower() + QLatin1Char(':');
                if (!valuesOf(made).isEmpty())
                    action += QLatin1Char('(') + valuesOf(made).join(u' ') + QLatin1Char(')');
                else if (made.completes == QStringLiteral("slug"))
                    action += QStringLiteral("_factory_slugs");
                else if (made.completes == QStringLiteral("file"))
                    action += QStringLiteral("_files");
                else if (made.completes == QStringLiteral("folder"))
                    action += QStringLiteral("_files -/");
            }
            const QString tail = QLatin1Char('[') + zshDescription(made.help) + QLatin1Char(']') + action;
            const QString star = made.repeats ? QStringLiteral("*") : QString();
            const QString longForm = QStringLiteral("--") + made.name
                                     + (made.value.isEmpty() ? QString() : QStringLiteral("="));
            if (made.letter.isNull())
                text += QStringLiteral(" \\\n            '") + star + longForm + tail + QLatin1Char('\'');
            else
                text += QStringLiteral(" \\\n            '(-") + made.letter + QStringLiteral(" --") + made.name
                        + QStringLiteral(")'{-") + made.letter + QLatin1Char(',') + longForm + QStringLiteral("}'")
                        + tail + QLatin1Char('\'');
        }
        if (const QStringList words = wordsOf(command); !words.isEmpty())
            text += QStringLiteral(" \\\n            '1:what:(") + words.join(u' ') + QStringLiteral(")'");
        else if (command.words == kJobWord)
            text += QStringLiteral(" \\\n            '1:job:_factory_slugs'");
        text += QStringLiteral(" ;;\n");
    }
    // Autoloaded from fpath it is called; sourced it registers itself.
    return text + QStringLiteral(R"(    esac
}
if [[ $funcstack[1] == _factory ]]; then
    _factory "$@"
else
    compdef _factory factory
fi
)");
}

QString fishScript()
{
    QString text = QStringLiteral("# fish completion for factory\nfunction __factory_slugs\n    ") + kSlugs
                   + QStringLiteral("\nend\ncomplete -c factory -f\n");
    for (const auto &command : commandTable()) {
        text += QStringLiteral("complete -c factory -n __fish_use_subcommand -a ") + command.name
                + QStringLiteral(" -d ") + quoted(command.summary) + QLatin1Char('\n');
        const QString seen = QStringLiteral("complete -c factory -n '__fish_seen_subcommand_from ") + command.name
                             + QLatin1Char('\'');
        for (const auto &made : allOptions(command)) {
            text += seen + QStringLiteral(" -l ") + made.name;
            if (!made.letter.isNull())
                text += QStringLiteral(" -s ") + made.letter;
            if (!made.value.isEmpty())
                text += made.completes == QStringLiteral("file") || made.completes == QStringLiteral("folder")
                            ? QStringLiteral(" -r -F")
                            : QStringLiteral(" -x");
            if (!valuesOf(made).isEmpty())
                text += QStringLiteral(" -a ") + quoted(valuesOf(made).join(u' '));
            else if (made.completes == QStringLiteral("slug"))
                text += QStringLiteral(" -a '(__factory_slugs)'");
            text += QStringLiteral(" -d ") + quoted(made.help) + QLatin1Char('\n');
        }
        if (const QStringList words = wordsOf(command); !words.isEmpty())
            text += seen + QStringLiteral(" -a ") + quoted(words.join(u' ')) + QLatin1Char('\n');
        else if (command.words == kJobWord)
            text += seen + QStringLiteral(" -a '(__factory_slugs)'\n");
    }
    return text;
}

} // namespace

Result<QString> completionScript(const QString &shell)
{
    if (shell == QStringLiteral("bash"))
        return bashScript();
    if (shell == QStringLiteral("zsh"))
        return zshScript();
    if (shell == QStringLiteral("fish"))
        return fishScript();
    return fail(ErrorKind::Invalid, QStringLiteral("make a completion script"),
                shell.isEmpty() ? QStringLiteral("no shell was named")
                                : QStringLiteral("the shell \"%1\" is not known").arg(displayable(shell.left(40))),
                QStringLiteral("factory completion bash, zsh or fish"));
}

} // namespace openfactory::cli
