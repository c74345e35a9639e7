# SPDX-License-Identifier: Apache-2.0
"""The pull request of a job on the local forge: pushed through git's own receive-pack, judged by a CI that runs on the
pushed commit, mended by its evidence; and all the ways in which a job may not be done.

  pullrequest.py [CASE...]
  pullrequest.py kill [run:CLASS:N:SIDE]...    see killeverywhere.py
"""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time

from killeverywhere import Kills, try_points
from world import (ENVIRONMENT, FACTORY, FAILED, NOT_FOUND, OK, REFUSED, WAITS, World, adopt_orphans, check, check_done, git, main, make_repository, read, say,
                   scratch, write)

CONTRACT = """contract:
  language: python
  pipeline:
    - name: implement
      command: "test -f README"
    - name: unit-test
      command: "test -f README"
    - name: docs
      failure: soft
      command: "test -f docs"
    - name: boundary
    - name: integrate
    - name: tcr
    - name: pull-request
    - name: deploy
    - name: release
"""
CI = """#!/bin/sh
test -f right-one || { echo "src/one.py:1: error: right-one is missing"; exit 1; }
"""
FIRST = """playbook: light
changes:
  - for: implement
    summary: "wrong"
    write: {"src/one.py": "x = 2\\n", "wrong-one": "w\\n"}
"""
MENDED = """  - for: pull-request
    summary: "right"
    write: {"src/one.py": "x = 3\\n", "right-one": "r\\n"}
    delete: ["wrong-one"]
"""
FILES = {".ci/run": CI}


def job(folder, changes="", files=None):
    """A job on a repository of its own; a person's where there is no playbook."""
    world = World(folder)
    repo = make_repository(f"{folder}/repo", CONTRACT, FILES if files is None else files)
    more = []
    if changes:
        write(f"{folder}/playbook.yaml", changes)
        more = ["--playbook", f"{folder}/playbook.yaml"]
    world.expect(OK, "new", "-s", "one", *more, repo=repo)
    return world, repo


def forge_of(world):
    bare = [name for name in os.listdir(f"{world.data}/forge") if name.endswith(".git")]
    check(len(bare) == 1, f"repositories of the forge: {bare}")
    return f"{world.data}/forge/{bare[0]}"


def pushes(world):
    """What the forge's own hook wrote down."""
    return [line.split() for line in read(f"{forge_of(world)}/openfactory-pushes").decode().splitlines()]


def rows(world, sql, *values):
    store = world.store()
    try:
        return store.rows(sql, *values)
    finally:
        store.close()


def newest(world, repo, stage):
    shown = json.loads(world.expect(OK, "show", "-s", "one", "--detailed", "--json", repo=repo).stdout.splitlines()[0])
    return shown, [attempt for attempt in shown["attempts"] if attempt["stage"] == stage][-1]


def check_forge(world, repo, heads):
    """Each head was pushed once, nothing else; one pull request; one verdict of the CI on each head."""
    taken = pushes(world)
    check(all(line[0] == "taken" and line[1] == "refs/heads/factory/one" for line in taken), f"pushes: {taken}")
    check(len({line[3] for line in taken}) == len(taken) == heads, f"not {heads} pushes: {taken}")
    pulls = rows(world, "SELECT number, state, head FROM forge_pulls")
    check(len(pulls) == 1 and pulls[0]["number"] == 1, f"pull requests: {[dict(row) for row in pulls]}")
    checks = rows(world, "SELECT commit_id, status, conclusion FROM forge_checks ORDER BY id")
    check(len(checks) == heads == len({row["commit_id"] for row in checks}), f"checks: {[dict(row) for row in checks]}")
    check(all(row["status"] == "completed" for row in checks), f"checks: {[dict(row) for row in checks]}")
    check(git(forge_of(world), "rev-parse", "factory/one").strip() == taken[-1][3], "the branch on the forge is elsewhere")
    return checks


def check_mended(world, repo):
    checks = check_forge(world, repo, 2)
    check([row["conclusion"] for row in checks] == ["failure", "success"], f"{[dict(row) for row in checks]}")
    head = rows(world, "SELECT head_commit FROM jobs")[0]["head_commit"]
    check(checks[1]["commit_id"] == head, "the successful check is not the head's")
    ident = world.show("one", repo)["id"]
    folder = f"{world.data}/jobs/{ident}"
    manifest = json.loads(read(f"{folder}/MANIFEST.json"))
    listed = {entry["path"]: entry["sha256"] for entry in manifest["artifacts"]}
    for name in ("FINAL_SUMMARY.md", "RUNBOOK.md", "TEST_REPORT.md", "SECURITY_NOTES.md", "PATCH.diff"):
        check(name in listed, f"{name} is not in the manifest: {sorted(listed)}")
    for path, digest in listed.items():
        check(hashlib.sha256(read(f"{folder}/{path}")).hexdigest() == digest, f"{path} is not what the manifest says")
    summary = read(f"{folder}/FINAL_SUMMARY.md").decode()
    check(head in summary and "Check `tests`" in summary and "success" in summary, summary)


def mended_by_evidence(folder):
    world, repo = job(folder, FIRST + MENDED)
    said = world.expect(WAITS, "run", "-s", "one", repo=repo).stdout
    check("pull-request" in said and "failed" in said, said)
    _, first = newest(world, repo, "pull-request")
    failed = rows(world, "SELECT verdict FROM attempts WHERE stage='pull-request' AND number=1")[0]
    verdict = json.loads(failed["verdict"])
    cause = verdict["findings"][0]
    check((cause["file"], cause["line"], cause["message"]) == ("src/one.py", 1, "right-one is missing"), f"the cause is not there: {verdict}")
    check(first["state"] == "passed" and "success" in first["verdict"]["summary"], str(first))
    world.expect(OK, "approve", "-s", "one", "--accept-risk", "docs", "--comment", "none needed", repo=repo)
    check_done(world, repo, "one", reverted=0, mended=1)
    check_mended(world, repo)
    shown = world.expect(OK, "show", "-s", "one", repo=repo).stdout
    check("pull request" in shown and "check tests" in shown and "success on" in shown, shown)
    body = rows(world, "SELECT body FROM forge_pulls")[0]["body"]
    check("| `implement` | passed |" in body and "docs" in body, body)
    world.expect(OK, "audit", "verify")


def nobody_mends_it(folder):
    world, repo = job(folder, FIRST)
    world.expect(FAILED, "run", "-s", "one", repo=repo)
    shown, _ = newest(world, repo, "pull-request")
    check(shown["state"] == "ci_failed" and "no further change" in shown["note"], f"{shown['state']}: {shown['note']}")
    check_forge(world, repo, 1)
    check(git(repo, "rev-list", "--count", "main").strip() == "1", "main has moved")


def two_fixes_are_all(folder):
    useless = "".join(f'  - for: pull-request\n    summary: "try {n}"\n    write: {{"src/one.py": "x = {n}\\n"}}\n' for n in range(10, 15))
    world, repo = job(folder, FIRST + useless)
    world.expect(FAILED, "run", "-s", "one", repo=repo)
    shown, last = newest(world, repo, "pull-request")
    check(shown["state"] == "ci_failed" and last["number"] == 3, f"{shown['state']}, attempt {last['number']}")
    check_forge(world, repo, 3)


def person(folder):
    """A person's job whose first change the CI refuses."""
    world, repo = job(folder)
    write(f"{repo}/.factory/one/src/one.py", "x = 2\n")
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    shown, first = newest(world, repo, "pull-request")
    check(shown["state"] == "waiting" and shown["wait"] == "change" and first["state"] == "failed", f"{shown['state']}, {shown['wait']}: {first}")
    write(f"{repo}/.factory/one/right-one", "r\n")
    return world, repo


def a_person_mends_it(folder):
    world, repo = person(folder)
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    check(world.show("one", repo)["wait"] == "approval", str(world.show("one", repo)))
    check_forge(world, repo, 2)


def somebody_else_pushes(folder):
    world, repo = person(folder)
    git(folder, "clone", "-q", forge_of(world), "other")
    other = f"{folder}/other"
    git(other, "checkout", "-q", "factory/one")
    write(f"{other}/theirs", "t\n")
    git(other, "add", "-A")
    git(other, "commit", "-qm", "Theirs")
    git(other, "push", "-q", "origin", "factory/one")
    theirs = git(other, "rev-parse", "HEAD").strip()
    world.expect((WAITS, FAILED), "run", "-s", "one", repo=repo)
    shown, last = newest(world, repo, "pull-request")
    check(last["state"] == "failed" and "somebody else" in last["verdict"]["summary"], str(last))
    check(git(forge_of(world), "rev-parse", "factory/one").strip() == theirs, "what somebody else pushed is gone")


def the_pull_request_is_closed(folder):
    world, repo = person(folder)
    with sqlite3.connect(f"{world.data}/openfactory.db") as store:
        store.execute("UPDATE forge_pulls SET state='closed'")
    world.expect((WAITS, FAILED), "run", "-s", "one", repo=repo)
    _, last = newest(world, repo, "pull-request")
    check(last["state"] == "failed" and "closed" in last["verdict"]["summary"], str(last))
    check(len(rows(world, "SELECT number FROM forge_pulls")) == 1, "another pull request was opened")


def closed_at_the_very_end(folder):
    world, repo = job(folder, FIRST + MENDED)
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    with sqlite3.connect(f"{world.data}/openfactory.db") as store:
        store.execute("UPDATE forge_pulls SET state='closed'")
    world.expect((WAITS, FAILED), "approve", "-s", "one", "--accept-risk", "docs", "--comment", "none needed", repo=repo)
    shown, _ = newest(world, repo, "pull-request")
    check(shown["state"] != "done", "done without an open pull request")
    check(any(row["action"] == "job.not-done" for row in rows(world, "SELECT json_extract(entry, '$.action') AS action FROM audit")), "nothing says why")


def a_slug_again(folder):
    """The branch and the pull request of an earlier job of the slug are not taken for the new one's."""
    world, repo = job(folder, FIRST + MENDED)
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    world.expect(OK, "approve", "-s", "one", "--accept-risk", "docs", "--comment", "none needed", repo=repo)
    write(f"{folder}/again.yaml", 'playbook: again\nchanges:\n  - summary: "more"\n    write: {"src/two.py": "y = 1\\n"}\n')
    world.expect(OK, "new", "-s", "one", "--playbook", f"{folder}/again.yaml", repo=repo)
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    check(world.show("one", repo)["wait"] == "approval", str(world.show("one", repo)))
    pulls = [tuple(row) for row in rows(world, "SELECT number, state FROM forge_pulls ORDER BY number")]
    check(pulls == [(1, "merged"), (2, "open")], f"{pulls}")
    check(len(pushes(world)) == 3, f"{pushes(world)}")


def the_hook_protects(folder):
    world, repo = person(folder)
    git(folder, "clone", "-q", forge_of(world), "other")
    other = f"{folder}/other"
    write(f"{other}/mine", "m\n")
    git(other, "add", "-A")
    git(other, "commit", "-qm", "Mine")
    done = git(other, "push", "origin", "HEAD:main", may_fail=True)
    check(done.returncode != 0 and "protected" in done.stderr, f"pushed to main: {done.stderr}")
    done = git(other, "push", "origin", "HEAD:refs/tags/t", may_fail=True)
    check(done.returncode != 0, "pushed a tag")
    refused = [line for line in pushes(world) if line[0] == "refused"]
    check([line[1] for line in refused] == ["refs/heads/main", "refs/tags/t"], f"{refused}")


def nothing_to_run(folder):
    """A repository whose CI says nothing is not one whose checks succeed."""
    world, repo = job(folder, FIRST, files={".ci/run.txt": "nothing\n", "pyproject.toml": "[project]\nname = 'one'\n"})
    world.factory("run", "-s", "one", repo=repo)
    check(world.show("one", repo)["state"] in ("ci_failed", "waiting"), str(world.show("one", repo)))
    check(world.show("one", repo)["wait"] != "approval", "at the gate without a successful check")


def a_cancelled_job_ends_its_check(folder):
    world, repo = job(folder, FIRST, files={".ci/run": "#!/bin/sh\nsleep 300\n"})
    process = subprocess.Popen([FACTORY, "run", "-s", "one"], cwd=repo, env=world.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: [row for row in rows(world, "SELECT status FROM forge_checks") if row["status"] == "in_progress"], "the check runs")
        world.expect(OK, "cancel", "-s", "one", repo=repo)
        wait_until(lambda: rows(world, "SELECT conclusion FROM forge_checks")[0]["conclusion"] == "cancelled" or process.poll() is not None, "the check ends")
    finally:
        process.terminate()
        process.wait(60)
    check(world.show("one", repo)["state"] == "cancelled", str(world.show("one", repo)))


def wait_until(holds, what):
    end = time.monotonic() + 120
    while not holds():
        check(time.monotonic() < end, f"does not happen: {what}")
        time.sleep(0.1)


def a_slug_alone_makes_no_job(folder):
    world, repo = job(folder)
    said = world.expect(NOT_FOUND, "run", "-s", "oen", repo=repo).stderr
    check("no job of that name" in said and world.show("oen", repo) is None, said)


def a_retry_runs_it_again(folder):
    """A flaky check: the same commit, judged again because a person asks for it."""
    world, repo = job(folder, FIRST, files={".ci/run": "#!/bin/sh\ntest -f right-one\n"})
    world.expect(FAILED, "run", "-s", "one", repo=repo)
    check(world.show("one", repo)["state"] == "ci_failed", str(world.show("one", repo)))
    before = len(rows(world, "SELECT id FROM forge_checks"))
    world.expect(OK, "retry", "-s", "one", "--from", "pull-request", repo=repo)
    world.factory("run", "-s", "one", repo=repo)
    after = rows(world, "SELECT id, commit_id FROM forge_checks ORDER BY id")
    check(len(after) == before + 1 and len({row["commit_id"] for row in after}) == 1, f"{[dict(row) for row in after]}")
    check(len(pushes(world)) == 1, "it was pushed again")


def forge_rows(world):
    return rows(world, "SELECT id, commit_id, status, conclusion FROM forge_checks ORDER BY id")


def a_check_is_run_again(folder):
    """By command: after it ended the job, and after it succeeded; once each, also where the run is killed after it."""
    world, repo = job(folder, FIRST, files={".ci/run": "#!/bin/sh\ntest -f right-one\n"})
    said = world.expect(NOT_FOUND, "check", "rerun", "-s", "one", repo=repo).stderr
    check("no check" in said, said)
    world.expect(FAILED, "run", "-s", "one", repo=repo)
    said = world.expect(REFUSED, "check", "cancel", "-s", "one", repo=repo).stderr
    check("it has ended as failure" in said, said)
    said = world.expect(NOT_FOUND, "check", "rerun", "lint", "-s", "one", repo=repo).stderr
    check('no check "lint"' in said, said)
    world.expect(OK, "check", "rerun", "-s", "one", repo=repo)
    shown = world.show("one", repo)
    check(shown["state"] == "waiting", str(shown))
    world.expect(FAILED, "run", "-s", "one", repo=repo)
    after = forge_rows(world)
    check(len(after) == 2 and len({row["commit_id"] for row in after}) == 1, f"{[dict(row) for row in after]}")
    audit = [row["action"] for row in rows(world, "SELECT json_extract(entry, '$.action') AS action FROM audit")]
    check(audit.count("check.rerun-wished") == 1 and audit.count("forge.rerun-check") == 1, f"{audit}")
    # As it is after a kill between the forge's act and the record of it: the wish is there, and was heard.
    world.expect(OK, "check", "rerun", "-s", "one", repo=repo)
    with sqlite3.connect(f"{world.data}/openfactory.db") as store:
        store.execute("UPDATE job_pulls SET judged=?, wish=?",
                      (after[0]["id"], json.dumps({"kind": "rerun", "check": after[0]["id"], "actor": "operator:x"})))
    world.expect(FAILED, "run", "-s", "one", repo=repo)
    check(len(forge_rows(world)) == 2, "run again twice by one wish")
    check(rows(world, "SELECT judged FROM job_pulls")[0]["judged"].split()[0] == after[1]["id"], "the new run was not judged")


def a_success_is_run_again(folder):
    """The job goes back from its gate, and is not let through by the older success while the new run is queued."""
    world, repo = job(folder, FIRST.replace("wrong-one", "right-one"))
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    check(world.show("one", repo)["wait"] == "approval", str(world.show("one", repo)))
    world.expect(OK, "check", "rerun", "-s", "one", repo=repo)
    shown = world.show("one", repo)
    check(shown["state"] == "waiting" and shown["wait"] != "approval", str(shown))
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    check(world.show("one", repo)["wait"] == "approval", str(world.show("one", repo)))
    after = forge_rows(world)
    check([row["conclusion"] for row in after] == ["success", "success"], f"{[dict(row) for row in after]}")
    judged = rows(world, "SELECT judged FROM job_pulls")[0]["judged"].split()[0]
    check(judged == after[1]["id"], "the older run was judged")
    world.expect(OK, "approve", "-s", "one", "--accept-risk", "docs", "--comment", "none needed", repo=repo)


def a_check_is_cancelled(folder):
    world, repo = job(folder, FIRST, files={".ci/run": "#!/bin/sh\nsleep 300\n"})
    process = subprocess.Popen([FACTORY, "run", "-s", "one"], cwd=repo, env=world.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        # What the job itself knows of it: the forge's own row is there a moment earlier.
        wait_until(lambda: any('"in_progress"' in row["checks"] or '"queued"' in row["checks"] for row in rows(world, "SELECT checks FROM job_pulls")),
                   "the check is there")
        said = world.expect(REFUSED, "check", "rerun", "-s", "one", repo=repo).stderr
        check("has not ended" in said, said)
        world.expect(OK, "check", "cancel", "-s", "one", repo=repo)
        wait_until(lambda: process.poll() is not None, "the job ends")
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)
    check(process.returncode == FAILED, f"exit {process.returncode}")
    shown, last = newest(world, repo, "pull-request")
    check(shown["state"] == "ci_failed" and "cancelled the check tests" in last["verdict"]["summary"], f"{shown['state']}: {last}")
    after = forge_rows(world)
    check([row["conclusion"] for row in after] == ["cancelled"], f"{[dict(row) for row in after]}")
    world.expect(OK, "check", "rerun", "-s", "one", repo=repo)
    check(world.show("one", repo)["state"] == "waiting", str(world.show("one", repo)))
    world.expect(OK, "cancel", "-s", "one", repo=repo)


def killed_at_each_commit_of_the_first_look(folder):
    """What was read of a check is kept before the verdict on it: a kill in between must not have the check run again."""
    adopt_orphans()
    kills = Kills(folder, CONTRACT, FIRST + MENDED, check_mended, files=FILES, reverted=0, mended=1)
    commits = kills.prepare(["run"])["run"]["store"]
    judged = 0
    for number in range(commits * 45 // 100, commits * 65 // 100):  # from the gates before it to the change that mends
        kills.kill_at("run", "store", number, "before")
        judged += bool(rows(World(kills.place), "SELECT 1 FROM attempts WHERE stage='pull-request' AND state='interrupted'"))
    check(judged > 0, "the pull request was not met: look for it at other commits")


def what_is_integrated_is_not_decided_on_again(folder):
    """The forge's copy of the target cannot be moved after the merge: once it can, the job ends without a second question."""
    world, repo = job(folder, FIRST.replace("wrong-one", "right-one"))
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    bare = forge_of(world)
    write(f"{bare}/refs/heads/main.lock", "")  # of somebody who is at work there
    world.expect((ENVIRONMENT, FAILED, WAITS), "approve", "-s", "one", "--accept-risk", "docs", "--comment", "no docs", repo=repo)
    merges = git(repo, "rev-list", "--merges", "main").split()
    check(len(merges) == 1 and world.show("one", repo)["state"] != "done", "the merge is made, and the job is not done yet")
    os.unlink(f"{bare}/refs/heads/main.lock")
    world.expect(OK, "run", "-s", "one", repo=repo)
    check(git(repo, "rev-list", "--merges", "main").split() == merges, "it was merged twice")
    store = world.store()
    decided = store.rows("SELECT id FROM decisions")
    store.close()
    check(len(decided) == 1, "it was decided on twice")


CASES = {case.__name__: case for case in (
    mended_by_evidence, nobody_mends_it, two_fixes_are_all, a_person_mends_it, somebody_else_pushes, the_pull_request_is_closed,
    closed_at_the_very_end, a_slug_again, the_hook_protects, nothing_to_run, a_cancelled_job_ends_its_check, a_slug_alone_makes_no_job, a_retry_runs_it_again,
    a_check_is_run_again, a_success_is_run_again, a_check_is_cancelled, what_is_integrated_is_not_decided_on_again, killed_at_each_commit_of_the_first_look)}


def kill(words):
    adopt_orphans()
    wanted = [(p, w, int(n), s) for p, w, n, s in (word.split(":") for word in words)]
    kills = Kills(scratch("kill"), CONTRACT, FIRST + MENDED, check_mended, files=FILES, reverted=0, mended=1)
    return 1 if try_points(kills, ["run"], wanted, os.environ.get("OPENFACTORY_KILL_ALL") == "1",
                           float(os.environ.get("OPENFACTORY_KILL_SECONDS", "100"))) else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["kill"]:
        sys.exit(kill(sys.argv[2:]))
    bad = main(CASES, "pull")
    sys.exit(bad or (kill([]) if len(sys.argv) == 1 else 0))
