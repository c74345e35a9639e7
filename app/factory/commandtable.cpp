// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commandtable.h"

#include "app/factory/commands.h"
#include "core/base/text.h"
#include "core/domain/pipeline.h"

namespace openfactory::cli {

namespace {

Option option(const char *name, char letter, const char *value, const char *help, const char *completes = "")
{
    return {QString::fromLatin1(name),
            letter ? QChar(QLatin1Char(letter)) : QChar(),
            QString::fromLatin1(value),
            QString::fromUtf8(help),
            {},
            false,
            QString::fromLatin1(completes)};
}

Option choice(const char *name, const char *value, const QStringList &choices, const char *help)
{
    Option made = option(name, 0, value, help);
    made.choices = choices;
    return made;
}

Option repeated(Option made)
{
    made.repeats = true;
    return made;
}

Option slug()
{
    return option("slug", 's', "SLUG", "the job: its slug or id", "slug");
}

const QStringList kPriorities{QStringLiteral("P0"), QStringLiteral("P1"), QStringLiteral("P2"), QStringLiteral("P3")};
const QStringList kSmokePipelines{QStringLiteral("factory"), QStringLiteral("openfactory")};
const QStringList kStatuses{QStringLiteral("created"),         QStringLiteral("in_progress"),
                            QStringLiteral("passed_pipeline"), QStringLiteral("failed_pipeline"),
                            QStringLiteral("integrated"),      QStringLiteral("cancelled")};
const QStringList kStrategies{QStringLiteral("direct"), QStringLiteral("gradual")};

std::vector<Option> newJobOptions()
{
    return {
        slug(),
        option("title", 0, "TEXT", "one line for people"),
        option("task", 0, "TEXT", "what is to be done"),
        option("contract", 0, "FILE", "the contract; default: contract.yaml in the repository's root, if there is one",
               "file"),
        choice("pipeline", "NAME", builtInPipelineNames(), "in place of the contract's; openfactory is the whole way"),
        option("target", 0, "BRANCH", "branch to integrate into; default: the contract's, else the one checked out"),
        option("playbook", 0, "FILE", "let this playbook make the changes instead of a person", "file"),
        option("author", 0, "WHO",
               "who makes the changes: person, model[:NAME] or agent[:NAME], as named in openfactory.yaml"),
        option("review-spec", 0, "", "wait for a person to accept the spec (factory spec)"),
        option("dry-run", 0, "", "only tell the plan: stages, their commands, the author and what it may use up"),
        choice("priority", "P", kPriorities, "P0 is the most urgent; default P2"),
        repeated(option("after", 0, "SLUG", "start only when that job is done", "slug"))};
}

/// The job of a command about one may be named without -s, where nothing else is: `factory show my-feature`.
std::vector<Command> withJobWord(std::vector<Command> commands)
{
    for (Command &command : commands) {
        const bool isAboutJob = std::ranges::contains(command.options, QStringLiteral("slug"), &Option::name);
        if (isAboutJob && command.words.isEmpty() && command.name != u"new")
            command.words = kJobWord;
    }
    return commands;
}
} // namespace

const std::vector<Option> &commonOptions()
{
    static const std::vector<Option> options{
        option("repo", 0, "FOLDER", "the repository; default: the one that holds the current folder", "folder"),
        option("data", 0, "FOLDER", "the data directory; default: $OPENFACTORY_DATA, else $XDG_DATA_HOME/openfactory",
               "folder"),
        option("json", 0, "", "answer in JSON"),
        option("help", 'h', "", "help on the command"),
    };
    return options;
}

const std::vector<Command> &commandTable()
{
    const auto text = [](const char *words) { return QString::fromUtf8(words); };
    static const std::vector<Command> table = withJobWord({
        {text("new"),
         text("create a job with its isolated worktree"),
         text(
             "Makes a job on the repository: branch factory/SLUG and a worktree below .factory-workspaces, reachable as .factory/SLUG.\n"
             "The language is detected. With a person as author, change files there, then run `factory stage`."),
         newJobOptions(),
         {},
         {},
         text("factory new -s my-feature"),
         newJob},
        {text("run"),
         text("create a job, or take one up, and run it here"),
         text(
             "Runs the job in the foreground until it is done, fails, or waits for a person. Ctrl-C parks it; the same command goes on with it.\n"
             "A job that was paused is resumed by this."),
         [] {
             auto all = newJobOptions();
             all.push_back(option("watch", 0, "", "wait for a person's changes and judge each one"));
             all.push_back(option("fresh", 0, "", "answer no gate from the record"));
             return all;
         }(),
         {},
         {},
         text("factory run -s my-feature --playbook changes.yaml"),
         runJob},
        {text("stage"),
         text("run one stage or a range by hand"),
         text(
             "Runs stages on what lies in the workspace: a pass commits it, a hard failure reverts it (the reverted state is kept)."),
         {slug(), option("stage", 0, "STAGE", "the stage", "stage"),
          option("from", 0, "STAGE", "first stage of a range", "stage"),
          option("to", 0, "STAGE", "last stage of a range", "stage"),
          option("fresh", 0, "", "answer no gate from the record")},
         {},
         {},
         text("factory stage -s my-feature --stage unit-test --from implement --to lint"),
         runStages},
        {text("approve"),
         text("approve at the gate: the change is integrated"),
         text("Shows what the gate rests on and decides on exactly that. Every open risk has to be accepted by name."),
         {slug(), choice("strategy", "STRATEGY", kStrategies, "how it goes live"),
          repeated(option("accept-risk", 0, "NAME", "accept this risk")), option("comment", 0, "TEXT", "why"),
          option("binding", 0, "DIGEST", "decide only if the gate still shows this (from factory show)"),
          option("no-run", 0, "", "record the decision, let a worker carry it out")},
         {},
         {},
         text("factory approve -s my-feature --accept-risk coverage --comment \"tested by hand\""),
         approve},
        {text("reject"),
         text("reject at the gate, with a comment"),
         text("The job ends as failed; `factory retry` takes it up again."),
         {slug(), option("comment", 0, "TEXT", "why (needed)"), option("no-run", 0, "", "record the decision only")},
         {},
         {},
         text("factory reject -s my-feature --comment \"wrong approach\""),
         reject},
        {text("request-changes"),
         text("send the change back to its author, with a comment"),
         text("The author gets the comment as evidence and makes another change."),
         {slug(), option("comment", 0, "TEXT", "what to change (needed)"),
          option("no-run", 0, "", "record the decision only")},
         {},
         {},
         text("factory request-changes -s my-feature --comment \"handle empty input\""),
         requestChanges},
        {text("answer"),
         text("answer the question that a job waits with"),
         text(
             "A job asks one question at the most, while its spec is written. After factory retry it goes on without an answer, on assumptions."),
         {slug(), option("text", 0, "TEXT", "the answer, instead of ANSWER")},
         text("[ANSWER]"),
         {},
         text("factory answer -s my-feature \"in euros\""),
         answerQuestion},
        {text("spec"),
         text("look at a job's spec before it is frozen, and accept it"),
         text(
             "For a job made with --review-spec. edit puts FILE in the draft's place, or says where the draft lies; YAML, as in docs/pipeline.md.\n"
             "accept freezes what lies there: every later decision is bound to it."),
         {slug()},
         text("show | edit [FILE] | accept"),
         {text("show"), text("edit"), text("accept")},
         text("factory spec accept -s my-feature"),
         reviewSpec,
         StoreUse::Writes,
         2},
        {text("show"),
         text("a job: state, stages, attempts, risks"),
         text("With --detailed: findings, commands, reverted states, artifacts."),
         {slug(), option("detailed", 0, "", "everything"), option("stage", 0, "STAGE", "this stage only", "stage")},
         {},
         {},
         text("factory show -s my-feature --detailed"),
         showJob,
         StoreUse::Reads},
        {text("list"),
         text("jobs by priority and status"),
         {},
         {choice("priority", "P", kPriorities, "only these"), choice("status", "STATUS", kStatuses, "only these"),
          option("all", 0, "", "of every repository"), option("archived", 0, "", "the archived ones instead"),
          option("limit", 0, "N", "at the most; default 100")},
         {},
         {},
         text("factory list --priority P1 --status in_progress"),
         listJobs,
         StoreUse::Reads},
        {text("search"),
         text("jobs by words in them, their commands and findings"),
         text("A word finds what begins with it; a job is found that holds every word. Archived jobs are found too."),
         {option("limit", 0, "N", "at the most; default 50")},
         text("WORDS..."),
         {},
         text("factory search discount ruff"),
         searchJobs,
         StoreUse::Reads},
        {text("log"),
         text("the output of a job's commands"),
         text("Without --stage: of the last command. Secrets are masked; control characters are shown, not obeyed."),
         {slug(), option("stage", 0, "STAGE", "of this stage", "stage"),
          option("attempt", 0, "N", "of this attempt; default: the last; 0: what the author ran for the stage"),
          option("command", 0, "N", "of this command; default: all"), option("raw", 0, "", "bytes as stored")},
         {},
         {},
         text("factory log -s my-feature --stage unit-test"),
         showLog,
         StoreUse::Reads},
        {text("diff"),
         text("the change of a job, or of a reverted attempt"),
         {},
         {slug(), option("attempt", 0, "STAGE/N", "what this attempt was judged on"),
          option("stat", 0, "", "file names and counts only")},
         {},
         {},
         text("factory diff -s my-feature --attempt unit-test/1"),
         showDiff,
         StoreUse::Reads},
        {text("cancel"),
         text("end a job"),
         text("Its worktree and everything recorded stay."),
         {slug()},
         {},
         {},
         text("factory cancel -s my-feature"),
         cancelJob},
        {text("pause"),
         text("pause a job, or the whole engine"),
         {},
         {slug(), option("engine", 0, "", "no job is started by any engine on this data directory"),
          option("reason", 0, "TEXT", "for those who wonder")},
         {},
         {},
         text("factory pause -s my-feature"),
         pauseJob},
        {text("resume"),
         text("let a paused job, or the engine, go on"),
         {},
         {slug(), option("engine", 0, "", "the whole engine")},
         {},
         {},
         text("factory resume -s my-feature"),
         resumeJob},
        {text("retry"),
         text("take up a failed or waiting job again"),
         {},
         {slug(), option("from", 0, "STAGE", "from this stage on", "stage"),
          option("fresh", 0, "", "answer no gate from what is on record by now")},
         {},
         {},
         text("factory retry -s my-feature --from lint"),
         retryJob},
        {text("ticket"),
         text("take over a ticket of a job, or hand it back to its author"),
         text(
             "take: you make its change in the worktree; an author that works on it is stopped, and what it began is undone.\n"
             "N is the ticket's number (factory show); 0: the change as a whole, also what is mended after the tickets."),
         {slug()},
         text("take N | give-back N"),
         {text("take"), text("give-back")},
         text("factory ticket take 2 -s my-feature"),
         actOnTicket,
         StoreUse::Writes,
         2},
        {text("check"),
         text("run a check of the pull request again, or end it"),
         text(
             "By the engine, at its next look at the forge. NAME is a check of the pushed commit; default: tests.\n"
             "rerun: a job that its failed check ended waits for it again. cancel: the job ends as ci_failed until it is run again."),
         {slug()},
         text("rerun [NAME] | cancel [NAME]"),
         {text("rerun"), text("cancel")},
         text("factory check rerun -s my-feature"),
         actOnCheck,
         StoreUse::Writes,
         2},
        {text("set"),
         text("change a job's priority, or put it away"),
         text("An archived job is left out of factory list and is not run; nothing of it is removed."),
         {slug(), choice("priority", "P", kPriorities, "P0 is the most urgent"),
          option("archive", 0, "", "put it away"), option("unarchive", 0, "", "take it back")},
         {},
         {},
         text("factory set -s my-feature --priority P0"),
         setJob},
        {text("rewind"),
         text("bring back what an attempt was judged on"),
         text("What lies in the workspace now is kept as a snapshot first."),
         {slug(), option("to", 0, "STAGE/N", "the attempt")},
         {},
         {},
         text("factory rewind -s my-feature --to unit-test/1"),
         rewindJob},
        {text("clean"),
         text("remove the caches of jobs that are over"),
         text(
             "Tools keep caches in a job's home. Those of jobs that are done, cancelled or rolled back are of no more use.\n"
             "Logs, reports, artifacts and the record stay, as do the caches of jobs that can still be run."),
         {option("dry-run", 0, "", "say what they hold, and remove nothing")},
         {},
         {},
         text("factory clean --dry-run"),
         cleanCaches,
         StoreUse::Reads},
        {text("artifacts"),
         text("the files that a job left"),
         {},
         {slug()},
         {},
         {},
         text("factory artifacts -s my-feature"),
         listArtifacts,
         StoreUse::Reads},
        {text("export"),
         text("a job as an archive, as one page of HTML, or its findings"),
         text(
             "The archive (tar) holds the record, changes, logs, artifacts and audit entries; the page stands for itself;\n"
             "SARIF is what editors and code scanning read, the task list is Qt Creator's: what the newest attempts found.\n"
             "Secrets are masked. The file appears whole or not at all."),
         {slug(), option("html", 0, "FILE", "as one page", "file"),
          option("archive", 0, "FILE", "as a tar archive", "file"),
          option("sarif", 0, "FILE", "its findings as SARIF 2.1.0", "file"),
          option("tasks", 0, "FILE", "its findings as a task list", "file")},
         {},
         {},
         text("factory export my-feature --html my-feature.html"),
         exportJob,
         StoreUse::Reads},
        {text("contract"),
         text("check a contract, or write one fitted to the repository"),
         text(
             "check: everything wrong with FILE (default: contract.yaml of the repository) at once, with file:line:column: what is unknown or not\n"
             "allowed, patterns that match nothing, tools that are missing. Exit code 2 when no job could be made with it.\n"
             "init: a commented contract.yaml with the languages, folders and commands that are there."),
         {option("force", 0, "", "init: replace the contract that is there")},
         text("check [FILE] | init"),
         {text("check"), text("init")},
         text("factory contract check"),
         contract,
         StoreUse::None,
         2},
        {text("audit"),
         text("the audit log: verify its chain, or read it"),
         {},
         {slug()},
         text("verify | show"),
         {text("verify"), text("show")},
         text("factory audit verify"),
         auditLog,
         StoreUse::Reads},
        {text("doctor"),
         text("what this host has, and how to get what is missing"),
         {},
         {},
         {},
         {},
         text("factory doctor"),
         doctor,
         StoreUse::None},
        {text("watchdog"),
         text("look for jobs that nobody runs or that wait too long"),
         text("Exit code 1 when something needs a look."),
         {},
         {},
         {},
         text("factory watchdog"),
         watchdog},
        {text("worker"),
         text("run jobs until stopped"),
         text("Takes jobs from the store as they become ready. Ctrl-C parks what runs; a second one ends at once."),
         {option("workers", 0, "N", "jobs at the same time"),
          option("watch", 0, "", "judge people's changes as they are made"),
          option("until-idle", 0, "", "end when nothing is left to run")},
         {},
         {},
         text("factory worker --workers 2"),
         runWorker},
        {text("model"),
         text("the models that jobs may ask: list them, or check one"),
         text(
             "check: one small call that says whether the server is there, takes the key, knows the model and keeps to a JSON schema; without\n"
             "NAME the default model. list: those of openfactory.yaml."),
         {},
         text("check [NAME] | list"),
         {text("check"), text("list")},
         text("factory model check"),
         model,
         StoreUse::None,
         2},
        {text("discover"),
         text("find ideas for jobs (not built yet)"),
         text("Not built yet: this says so."),
         {},
         {},
         {},
         text("factory discover"),
         discover,
         StoreUse::None},
        {text("smoke"),
         text("prove that the factory works on this host"),
         text(
             "Makes a small Python repository with a real defect, and runs a job on it: a wrong change is reverted, a right one kept, one coverage "
             "risk accepted, the change integrated. Exit code 0 only if each fact was read back from the store and from git."),
         {choice(
              "pipeline", "NAME", kSmokePipelines,
              "factory: the ten stages; openfactory: the whole way, with a question, tickets, a pull request and its CI"),
          option("keep", 0, "FOLDER", "work in this folder and keep it", "folder")},
         {},
         {},
         text("factory smoke"),
         smoke,
         StoreUse::None},
        {text("completion"),
         text("a completion script for a shell"),
         {},
         {},
         text("bash | zsh | fish"),
         {text("bash"), text("zsh"), text("fish")},
         text("factory completion bash"),
         completion,
         StoreUse::None},
        {text("man"),
         text("the manual page as scdoc source"),
         {},
         {},
         {},
         {},
         text("factory man | scdoc > factory.1"),
         man,
         StoreUse::None},
        {text("help"),
         text("help on a command, or on exit-codes"),
         {},
         {},
         text("[COMMAND]"),
         {},
         text("factory help stage"),
         help,
         StoreUse::None},
    });
    return table;
}

const Command *findCommand(const QString &name)
{
    for (const auto &command : commandTable()) {
        if (command.name == name)
            return &command;
    }
    return nullptr;
}

std::vector<Option> allOptions(const Command &command)
{
    std::vector<Option> all = command.options;
    all.insert(all.end(), commonOptions().begin(), commonOptions().end());
    return all;
}

} // namespace openfactory::cli
