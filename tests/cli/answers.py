# SPDX-License-Identifier: Apache-2.0
"""What the commands answer: the seeds' forms, --json, exit codes, sentences for people, settings, hostile text."""

import json
import os
import re
import sqlite3
import sys
import unicodedata

from world import (FACTORY, DAMAGED, ENVIRONMENT, FAILED, NOT_FOUND, OK, REFUSED, USAGE, WAITS, World, check, contract, git, main,
                   make_repository, playbook, read, run, write)

DESIGN = ("new run stage approve reject answer show list log diff cancel pause retry rewind artifacts audit doctor watchdog "
          "worker discover smoke help").split()

SEED = """contract:
  language: python
  pipeline:
    - {name: implement, command: "test -f README"}
    - {name: unit-test, command: "test -f README"}
    - {name: coverage, kind: command, failure: soft, command: "test -f README"}
    - {name: lint, kind: command, failure: soft, command: "test -f README"}
    - name: deploy
"""


def told(done, code=None):
    """The objects on standard output, which holds nothing else; an error's exit code is the program's."""
    check(done.stdout.endswith("\n") or not done.stdout, f"cut off: {done.stdout!r}")
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    check(objects and all(isinstance(item, dict) for item in objects), f"no objects of {done.args[1:]}: {done.stdout!r} {done.stderr!r}")
    for item in objects:
        if "error" in item:
            check(item["error"]["exit"] == done.returncode, f"exit {done.returncode}, told {item}")
            for key in ("kind", "doing", "said", "means"):
                check(item["error"][key], f"no {key}: {item}")
    check(code is None or done.returncode == code, f"exit {done.returncode}, not {code}: {done.stdout}{done.stderr}")
    return objects


def sentences(done):
    """What happened, what it means, what to do next; on standard error only."""
    lines = done.stderr.splitlines()
    check(not done.stdout, f"an error on standard output: {done.stdout!r}")
    check(lines and lines[0].startswith("factory: could not "), f"what happened? {done.stderr!r}")
    check(lines[-2].startswith("  means: ") and lines[-2].endswith(f"(exit code {done.returncode})"), f"what does it mean? {done.stderr!r}")
    check(re.match(r"  next:  \S", lines[-1]), f"what to do? {done.stderr!r}")


def commands_of_the_design(folder):
    world = World(folder)
    names = [command["command"] for command in told(world.factory("help", "--json"), OK)[0]["commands"]]
    check(not set(DESIGN) - set(names), f"unknown: {set(DESIGN) - set(names)}")
    help_text = world.expect(OK, "help").stdout
    for name in names:
        check(re.search(rf"^  {name} ", help_text, re.M), f"help does not name {name}")
        check(name in world.expect(OK, "help", name).stdout, f"no help on {name}")
        check(world.expect(OK, name, "--help").stdout == world.expect(OK, "help", name).stdout, f"{name} --help differs")
    done = world.factory("discover")
    check(done.returncode == ENVIRONMENT and "not built yet" in done.stderr, f"{done.returncode} {done.stderr}")
    sentences(done)
    repo = make_repository(f"{folder}/repo", SEED)
    world.expect(OK, "new", "-s", "one", repo=repo)
    done = world.factory("answer", "-s", "one", "--text", "yes", repo=repo)
    check(done.returncode == REFUSED and "asks no question" in done.stderr, f"{done.returncode} {done.stderr}")
    check(world.factory().returncode == USAGE, "no command at all")
    sentences(world.factory("nonsense"))


def seeds_forms(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", SEED)

    def seed(line, code=OK):
        return world.expect(code, *line.split()[1:], repo=repo)

    seed("factory new -s my-feature")
    seed("factory stage -s my-feature --stage implement")
    done = seed("factory stage -s my-feature --stage unit-test --from implement --to lint")
    for name in ("implement", "unit-test", "coverage", "lint"):
        check(re.search(rf"^{name} .* passed ", done.stdout, re.M), f"{name} did not run: {done.stdout}")
    check(not re.search("^deploy", done.stdout, re.M), f"more than the range ran: {done.stdout}")
    check("ledger" in seed("factory show -s my-feature --detailed").stdout, "nothing detailed")
    world.expect(OK, "new", "-s", "urgent", "--priority", "P1", repo=repo)
    world.expect(OK, "stage", "-s", "urgent", "--stage", "implement", repo=repo)
    listed = seed("factory list --priority P1 --status in_progress").stdout
    check("urgent" in listed and "my-feature" not in listed, listed)
    world.expect(WAITS, "run", "-s", "my-feature", repo=repo)
    done = world.factory("approve", "-s", "my-feature", "--strategy", "gradual", repo=repo)
    check(done.returncode == ENVIRONMENT and "not built yet" in done.stderr and "--strategy direct" in done.stderr, f"{done.returncode} {done.stderr}")
    seed("factory help")
    seed("factory approve -s my-feature --strategy direct")
    check(world.show("my-feature", repo)["state"] == "done", "not integrated")


def json_everywhere(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", contract("one"))
    write(f"{folder}/playbook.yaml", playbook("one"))

    def ask(*words, code=OK):
        done = world.factory(*words, "--json", repo=repo)
        return told(done, code)

    accept = ("--accept-risk", "docs", "--comment", "x")
    for words in (["help"], ["help", "stage"], ["help", "exit-codes"], ["man"], ["completion", "bash"], ["list"], ["watchdog"],
                  ["audit", "verify"], ["pause", "--engine"], ["resume", "--engine"], ["worker", "--until-idle"]):
        ask(*words)
    told(world.factory("--json", "--repo", repo, "list"), OK)  # common options before the command
    told(world.factory("doctor", "--json", repo=repo))
    ask("show", "-s", "one", code=NOT_FOUND)
    ask("nonsense", code=USAGE)
    ask("list", "--priority", "P9", code=USAGE)
    ask("completion", "csh", code=USAGE)
    ask("discover", code=ENVIRONMENT)
    ask("new", "-s", "two", "--priority", "P0")
    ask("set", "-s", "two", "--priority", "P3")
    ask("pause", "-s", "two", "--reason", "later")
    ask("resume", "-s", "two")
    ask("log", "-s", "two", code=NOT_FOUND)
    ask("stage", "-s", "two", "--stage", "implement")
    ask("stage", "-s", "two", "--stage", "nothing", code=NOT_FOUND)
    ask("cancel", "-s", "two")
    ask("set", "-s", "two", "--archive")
    check([job["slug"] for job in ask("list", "--archived")[0]["jobs"]] == ["two"], "not archived")
    ask("run", "-s", "one", "--playbook", f"{folder}/playbook.yaml", code=WAITS)
    ask("answer", "-s", "one", "--text", "x", code=REFUSED)
    ask("show", "-s", "one", "--detailed")
    ask("log", "-s", "one")
    ask("diff", "-s", "one")
    ask("diff", "-s", "one", "--stat")
    ask("artifacts", "-s", "one")
    ask("audit")
    ask("audit", "-s", "one")
    ask("approve", "-s", "one", code=REFUSED)
    ask("reject", "-s", "one", code=USAGE)
    ask("request-changes", "-s", "one", "--comment", "other")
    ask("rewind", "-s", "one", "--to", "unit-test/1")
    ask("retry", "-s", "one", code=(None))
    ask("run", "-s", "one", code=(None))
    ask("approve", "-s", "one", *accept, code=None)
    os.truncate(f"{world.data}/audit.head", 0)
    ask("audit", "verify", code=DAMAGED)


def a_dry_run_makes_nothing(folder):
    world = World(folder, "models:\n  fast: {url: 'http://127.0.0.1:9/v1', model: tiny, price: {input: 0.5, output: 1.5, currency: EUR}}\nmodel: fast\n"
                          "job_budget: {tokens: 100000}\n")
    repo = make_repository(f"{folder}/repo", SEED)
    for command in ("new", "run"):
        done = world.expect(OK, command, "--task", "Add a flag", "--author", "model", "--dry-run", repo=repo)
        for told_too in ("add-a-flag", "factory/add-a-flag", "tiny at http://127.0.0.1:9/v1", "at most 32768 tokens and 0.0246 EUR a call", "100000 tokens",
                         "test -f README"):
            check(told_too in done.stdout, f"no \"{told_too}\" in {done.stdout}")
        check(not re.search("^security ", done.stdout, re.M), "a stage that the contract does not name")
    plan = told(world.factory("new", "--task", "Add a flag", "--dry-run", "--json", repo=repo), OK)[0]
    check([stage["name"] for stage in plan["stages"]] == ["implement", "unit-test", "coverage", "lint", "deploy"], f"{plan}")
    check(plan["author"]["call_cost_millionths"] is None and plan["budget"]["tokens"] == 100000, f"{plan}")
    sentences(world.factory("new", "--task", "Add a flag", "--author", "model:none", "--dry-run", repo=repo))
    for words, said in ((["--task", "\u65e5\u672c\u8a9e"], "a slug could be made of"), ([], "neither a slug nor a task")):
        done = world.factory("new", *words, repo=repo)
        sentences(done)
        check(done.returncode == USAGE and said in done.stderr and "-s SLUG" in done.stderr, f"{words}: {done.returncode} {done.stderr}")
    check(not os.path.exists(f"{repo}/.factory") and git(repo, "branch", "--list", "factory/*") == "", "something was made")
    check(told(world.factory("list", "--all", "--json", repo=repo), OK)[0]["jobs"] == [], "a job was made")
    world.expect(OK, "new", "-s", "one", repo=repo)
    world.expect(OK, "stage", "-s", "one", "--stage", "implement", repo=repo)
    plan = told(world.factory("run", "-s", "one", "--dry-run", "--json", repo=repo), OK)[0]
    check([stage["name"] for stage in plan["stages"]] == ["unit-test", "coverage", "lint", "deploy"], f"not from where it stands: {plan}")


def errors_are_sentences(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", contract("one"))
    for words in (["show", "-s", "nobody"], ["new", "-s", "UPPER"], ["new"], ["stage", "-s", "nobody", "--stage", "x"], ["list", "--limit", "0"],
                  ["new", "-s", "x", "--contract", "absent.yaml"], ["new", "-s", "x", "--target", "absent"], ["worker", "--workers", "0"],
                  ["new", "-s", "x", "--playbook", "absent.yaml"], ["new", "-s", "x", "--after", "absent"], ["rewind", "-s", "x", "--to", "y"],
                  ["log", "-s", "nobody", "--attempt", "x"], ["pause", "-s", "nobody", "--engine"], ["set", "-s", "nobody"], ["completion"]):
        done = world.factory(*words, repo=repo)
        check(done.returncode not in (OK, WAITS, 130) and done.returncode > 0, f"{words}: exit {done.returncode}")
        sentences(done)
    done = world.factory("new", "-s", "x")  # outside of any repository
    sentences(done)


def what_follows_from_a_contract_names_its_line(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", contract("one"))
    for line, said in (("language: cobol", "cobol"), ("target: nowhere", 'no branch "nowhere"'), ("pipeline: [{name: implement}, {name: rollout}]", "rollout"),
                       ("allowed_files: [a, a: b]", "")):
        write(f"{folder}/wrong.yaml", f"contract:\n  forbidden_files: [x]\n  {line}\n")
        done = world.factory("new", "-s", "x", "--contract", f"{folder}/wrong.yaml", repo=repo)
        sentences(done)
        check(done.returncode not in (OK, WAITS) and "wrong.yaml:3:" in done.stderr and said in done.stderr, f"{line}: {done.returncode} {done.stderr}")
    for stages, place in (("[{name: implement}, {name: deploy}, {name: boundary}]", "3:49"), ("[{name: implement}, {name: x, kind: rollout}, {name: deploy}]", "3:33"),
                          ("[{name: implement}, {name: lint}, {name: lint}, {name: deploy}]", "3:47")):
        write(f"{folder}/wrong.yaml", f"contract:\n  forbidden_files: [x]\n  pipeline: {stages}\n")
        done = world.factory("new", "-s", "x", "--contract", f"{folder}/wrong.yaml", repo=repo)
        check(f"wrong.yaml:{place}" in done.stderr, f"{stages}: not at {place}: {done.stderr}")
    write(f"{folder}/wrong.yaml", "playbook: one\nchanges:\n  - for: nothing: at all\n")
    done = world.factory("new", "-s", "x", "--playbook", f"{folder}/wrong.yaml", repo=repo)
    check("wrong.yaml:3:" in done.stderr and "mend that place" in done.stderr, f"{done.stderr}")
    check(told(world.factory("list", "--json", repo=repo), OK)[0]["jobs"] == [], "a job was made")
    write(f"{folder}/protected.yaml", contract("one") + "  protected_branches: [main]\n")
    said = world.expect(OK, "new", "-s", "x", "--contract", f"{folder}/protected.yaml", repo=repo).stderr
    check("main is protected by the contract" in said and "--target" in said, f"not said that it can never be approved: {said}")


def words_name_the_job_and_the_act(folder):
    """A job may be named without -s; what is refused is called what it is; --stat tells more than counts."""
    world = World(folder)
    repo = make_repository(f"{folder}/repo", contract("one"), {"a.txt": "".join(f"{i}\n" for i in range(40)), "run.sh": "#!/bin/sh\n"})
    world.expect(OK, "new", "-s", "one", repo=repo)
    where = told(world.factory("show", "one", "--json", repo=repo), OK)[0]["workspace"]
    os.rename(f"{where}/a.txt", f"{where}/b.txt")
    os.chmod(f"{where}/run.sh", 0o755)
    write(f"{where}/two\nlines\\n.txt", "odd\n")
    world.expect(OK, "stage", "one", "--stage", "implement", repo=repo)
    stat = world.expect(OK, "diff", "one", "--stat", repo=repo).stdout
    check("b.txt | +0 -0, renamed from a.txt" in stat and "run.sh | +0 -0, mode 100644 to 100755" in stat, f"{stat}")
    files = {file["path"]: file for file in told(world.factory("diff", "one", "--json", repo=repo), OK)[0]["files"]}
    check("two\nlines\\n.txt" in files, f"not the name itself: {files}")
    check(files["b.txt"]["old_path"] == "a.txt" and files["b.txt"]["status"] == "renamed" and files["run.sh"]["new_mode"] == "100755", f"{files}")
    said = world.factory("stage", "one", "--stage", "security", repo=repo).stderr
    check("no such stage" in said and re.search("a job made with --pipeline [a-z]+ has security", said), f"not said where that stage is: {said}")
    write(f"{where}/more.txt", "not judged yet\n")
    said = world.expect(OK, "rewind", "one", "--to", "implement/1", repo=repo).stdout
    kept = re.search(r"git restore --source=(refs/openfactory/\S+)", said)
    check(kept and git(repo, "show", f"{kept[1]}:more.txt") == "not judged yet\n", f"not said where the work is: {said}")
    said = world.factory("run", "one", "--task", "another", "--priority", "P0", repo=repo).stderr
    check("goes on as it was made" in said, f"options that are not used: {said}")
    world.expect(OK, "cancel", "one", repo=repo)
    check("the job is cancelled" in world.expect(REFUSED, "run", "one", repo=repo).stderr, "it is there, and over")
    check("would come after one, which is cancelled" in world.expect(REFUSED, "new", "-s", "two", "--after", "one", repo=repo).stderr,
          "made to wait for what never comes")
    for words, act in ((["stage", "one", "--stage", "implement"], "run stages of one"), (["rewind", "one", "--to", "implement/1"], "rewind one"),
                       (["retry", "one"], "retry one"), (["pause", "one"], "pause one")):
        done = world.expect(REFUSED, *words, repo=repo)
        check(f"could not {act}: the job is cancelled" in done.stderr, f"{words}: {done.stderr}")
    done = world.factory("--json", repo=repo)
    check(done.returncode == USAGE and "no command" in done.stderr, f"{done.returncode}: {done.stderr}")


def doctor_says_what_stops_jobs(folder):
    """What every other command stumbles over is red there, too; a secret that is of no use stops nothing."""
    world = World(folder)
    repo = make_repository(f"{folder}/repo", contract("one"))
    world.expect(OK, "new", "-s", "one", repo=repo)
    usable = world.factory("doctor", repo=repo).returncode

    def red():
        done = world.factory("doctor", "--json", repo=repo)
        answer = told(done)[0]
        return done.returncode, {check["name"]: check["said"] for check in answer["checks"] if check["state"] == "missing"}

    os.makedirs(f"{world.data}/secrets", mode=0o700, exist_ok=True)
    os.close(os.open(f"{world.data}/secrets/EMPTY", os.O_WRONLY | os.O_CREAT, 0o600))
    world.expect(OK, "list", repo=repo)
    code, found = red()
    check(code == usable and "EMPTY" in found.get("secret", ""), f"exit {code}: {found}")
    os.unlink(f"{world.data}/secrets/EMPTY")
    os.rename(f"{world.data}/audit.head", f"{world.data}/away")
    code, found = red()
    check(code == ENVIRONMENT and "audit chain" in found, f"exit {code}: {found}")
    os.rename(f"{world.data}/away", f"{world.data}/audit.head")
    with sqlite3.connect(f"{world.data}/openfactory.db") as store:
        version = store.execute("PRAGMA user_version").fetchone()[0]
        store.execute(f"PRAGMA user_version = {version + 1000}")
    store.close()
    code, found = red()
    check(code == ENVIRONMENT and "newer" in found.get("store", ""), f"exit {code}: {found}")


def settings_are_strict(folder):
    repo = make_repository(f"{folder}/repo", contract("one"))
    for number, (text, place, said) in enumerate((
            ("workers: 2\nbusypoll: 1\n", "2:1", "busypoll"), ("workers: many\n", "1:10", ""), ("workers: 0\n", "1:10", "1 to 64"),
            ("sandbox: maybe\n", "1:10", "on or off"), ("workers: 1\nworkers: 2\n", "2:1", "workers"),
            ("author: {name: OpenFactory, mail: x}\n", "1:29", "mail"), ("author: {name: \"\"}\n", "1:16", "line"),
            ("author:\n  co_author: nobody\n", "2:14", "Name <mail>"), ("watch_people: yes\n", "1:15", ""), ("- a\n", "1:1", ""),
            ("a: [\n", "2:1", ""))):
        world = World(f"{folder}/{number}", text)
        done = world.factory("list", repo=repo)
        check(done.returncode == USAGE and f"openfactory.yaml:{place}" in done.stderr and said in done.stderr, f"{text!r}: {done.returncode} {done.stderr}")
        check(world.factory("doctor", repo=repo).returncode == ENVIRONMENT, f"doctor is content with {text!r}")
    for number, text in enumerate(("", "# nothing\n", "workers: 3\n")):
        World(f"{folder}/good{number}", text or "\n").expect(OK, "list", repo=repo)


def commits_are_by_whom_was_said(folder):
    world = World(folder, 'author: {name: From File, email: file@localhost, co_author: "Ada <ada@localhost>"}\n')
    repo = make_repository(f"{folder}/repo", SEED)

    def made(slug, env):
        world.expect(OK, "new", "-s", slug, repo=repo, env=env)
        write(f"{repo}/.factory/{slug}/src/one.py", f"x = '{slug}'\n")
        world.expect(OK, "stage", "-s", slug, "--stage", "implement", repo=repo, env=env)
        return git(repo, "log", "-1", "--format=%an <%ae> %(trailers:key=Co-authored-by,valueonly)", f"factory/{slug}").strip()

    check(made("file", {}) == "From File <file@localhost> Ada <ada@localhost>", made("file2", {}))
    env = {"OPENFACTORY_AUTHOR_NAME": "From Environment", "OPENFACTORY_CO_AUTHOR": "Bea <bea@localhost>"}
    check(made("env", env) == "From Environment <file@localhost> Bea <bea@localhost>", made("env2", env))
    done = world.factory("list", repo=repo, env={"OPENFACTORY_AUTHOR_NAME": "two\nlines"})
    check(done.returncode == USAGE and "OPENFACTORY_AUTHOR_NAME" in done.stderr, f"{done.returncode} {done.stderr}")


HOSTILE = "\x1b]52;c;aGk=\x07\x1b[2J\u202ereversed\u202c\u200b\x9b31m\r%1%2%3 <img src=x>"


def harmless(text, what):
    for c in text:
        bad = unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs") and c not in "\n\t"
        check(not bad, f"{what} lets {c!r} through: {text[max(0, text.index(c) - 40):][:120]!r}")


def hostile_text_is_shown(folder):
    """Titles, tasks, comments, names of files, an author's words and what commands print: all of it comes from others."""
    world = World(f"{folder}/a%2b %1")  # the data directory's name is nobody's place to fill in, either
    name = "a%1%2\x1b]0;x\x07\u202e b\nc"
    text = contract("one").replace('command: "test -f docs"', 'command: "cat nasty-one"')
    repo = make_repository(f"{world.folder}/repo", text)
    # What would steer a terminal is no summary at all.
    write(f"{folder}/summary.yaml", "playbook: hostile\nchanges:\n  - {for: implement, summary: " + json.dumps(HOSTILE) + ", write: {a: b}}\n")
    done = world.expect(USAGE, "new", "-s", "refused", "--playbook", f"{folder}/summary.yaml", repo=repo)
    check("summary.yaml:3:" in done.stderr, done.stderr)
    world.expect(OK, "new", "-s", "one", "--title", HOSTILE, "--task", HOSTILE + "\nmore", repo=repo)
    for path, content in ((name, "x\n"), ("right-one", "r\n"), ("nasty-one", HOSTILE + "\n")):
        write(f"{repo}/.factory/one/{path}", content)
    asked = [["run", "-s", "one"], ["show", "-s", "one"], ["show", "-s", "one", "--detailed"], ["list"], ["list", "--all"], ["log", "-s", "one"],
             ["log", "-s", "one", "--stage", "docs"], ["diff", "-s", "one", "--stat"], ["artifacts", "-s", "one"], ["audit"],
             ["pause", "-s", "one", "--reason", HOSTILE], ["show", "-s", "one"], ["list"], ["resume", "-s", "one"],
             ["request-changes", "-s", "one", "--comment", HOSTILE], ["show", "-s", "one", "--detailed"], ["watchdog"], ["doctor"],
             ["show", "-s", HOSTILE], ["show", "-s", "one", "--stage", HOSTILE], ["diff", "-s", "one", "--attempt", HOSTILE],
             ["rewind", "-s", "one", "--to", HOSTILE], ["log", "-s", "one", "--stage", HOSTILE], ["new", "-s", HOSTILE], [HOSTILE],
             ["new", "-s", "x", "--contract", HOSTILE], ["new", "-s", "x", "--playbook", HOSTILE], ["new", "-s", "x", "--target", HOSTILE],
             ["new", "-s", "x", "--after", HOSTILE], ["list", "--repo", HOSTILE], ["list", "--data", f"{folder}/{HOSTILE.replace('/', '')}"],
             ["help", HOSTILE], ["completion", HOSTILE], ["list", "--status", HOSTILE], ["list", HOSTILE]]
    for words in asked:
        for more in ([], ["--json"]):
            if more and words[0] in ("run", "request-changes"):
                continue
            done = run([FACTORY, *words, *more], cwd=repo, env=world.env)
            harmless(done.stdout, f"factory {words} {more}")
            harmless(done.stderr, f"factory {words} {more}, errors:")
            check("<img src=x>" in done.stdout or HOSTILE not in words or more or done.returncode == OK or "\\x1b" in done.stderr, f"{words}: not shown: {done.stdout}{done.stderr}")
    stat = world.factory("diff", "-s", "one", "--stat", repo=repo).stdout
    check("a%1%2\\x1b]0;x\\x07\\u202e b\\nc | +1 -0" in stat, f"a name was changed: {stat!r}")
    # On a terminal the diff itself steers nothing; in a pipe it is the patch, byte for byte.
    done = run(["script", "-qec", f"'{FACTORY}' diff -s one", "/dev/null"], cwd=repo, env={**world.env, "TERM": "xterm"})
    harmless(done.stdout.replace("\r\n", "\n"), "diff on a terminal")
    check("\\x1b]52;c" in done.stdout, f"not shown: {done.stdout!r}")
    for line in read(f"{repo}/.factory/tasks.json"), read(f"{repo}/.factory/audit.log"):
        check(b"\x1b" not in line and b"\x07" not in line, "a mirror holds a control character")


if __name__ == "__main__":
    cases = [commands_of_the_design, seeds_forms, a_dry_run_makes_nothing, json_everywhere, errors_are_sentences, what_follows_from_a_contract_names_its_line,
             words_name_the_job_and_the_act, doctor_says_what_stops_jobs, settings_are_strict, commits_are_by_whom_was_said, hostile_text_is_shown]
    sys.exit(main({case.__name__: case for case in cases}, "answers"))
