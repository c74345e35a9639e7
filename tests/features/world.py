# SPDX-License-Identifier: Apache-2.0
"""What the tests of whole jobs share: repositories, light jobs, the command line, and the checker of what must hold.

A light job's commands are `test -f FILE`, so that a whole job (author, revert, commit, risk, gate, merge) is over in a
moment. Nothing here reads the program's own account of itself only: the facts come from git and from the store's file.
"""

import collections
import ctypes
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

FACTORY = os.environ.get("OPENFACTORY_FACTORY", "")
KILLPOINT = os.environ.get("OPENFACTORY_KILLPOINT", "")
LIMIT = int(os.environ.get("OPENFACTORY_LIMIT", "120"))  # seconds that one command may take on a machine that does other things; a net, not an expectation

# Exit codes of `factory help exit-codes`.
OK, FAILED, USAGE, NOT_FOUND, REFUSED, ENVIRONMENT, DAMAGED, WAITS = range(8)

CONTRACT = """contract:
  language: python
  pipeline:
    - name: implement
      command: "test -f README"
    - name: unit-test
      command: "test -f right-NAME"
    - name: docs
      failure: soft
      command: "test -f docs"
    - name: boundary
    - name: integrate
    - name: tcr
    - name: deploy
"""

# The first change is wrong and is reverted, the second is right; nobody writes the docs, so a risk is left.
PLAYBOOK = """playbook: light
changes:
  - for: implement
    summary: "wrong"
    write: {"src/NAME.py": "x = 2\\n", "wrong-NAME": "w\\n"}
  - for: unit-test
    summary: "right"
    write: {"src/NAME.py": "x = 3\\n", "right-NAME": "r\\n"}
"""


def contract(name):
    return CONTRACT.replace("NAME", name)


def playbook(name):
    return PLAYBOOK.replace("NAME", name)


class Wrong(Exception):
    """A fact that does not hold."""


def check(holds, what):
    if not holds:
        raise Wrong(what)


def say(text):
    print(text, flush=True)


def run(words, cwd=None, env=None, limit=LIMIT, **more):
    return subprocess.run(words, cwd=cwd, env=env, timeout=limit, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          errors="replace", **more)


def git(folder, *words, may_fail=False):
    env = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
    for who in ("AUTHOR", "COMMITTER"):
        env[f"GIT_{who}_NAME"], env[f"GIT_{who}_EMAIL"] = "Owner", "owner@localhost"
    done = run(["git", "-c", "safe.directory=*", *words], cwd=folder, env=env)
    if done.returncode and not may_fail:
        raise Wrong(f"git {' '.join(words)} in {folder}: {done.stderr}")
    return done.stdout if not may_fail else done


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def make_repository(folder, contract="", files=None):
    for path, text in (files or {}).items():
        write(f"{folder}/{path}", text)
    write(f"{folder}/README", "a repository\n")
    write(f"{folder}/src/one.py", "x = 1\n")
    if contract:
        write(f"{folder}/contract.yaml", contract)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Begin")
    return folder


def adopt_orphans():
    """Makes this process the parent of what a killed one leaves behind, so that nothing can hide."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def children():
    """The processes whose parent is this one, whichever of its threads made them; a thread may end while they are listed."""
    for task in os.listdir("/proc/self/task"):
        try:
            with open(f"/proc/self/task/{task}/children") as file:
                yield from map(int, file.read().split())
        except (FileNotFoundError, ProcessLookupError):
            pass


def leftovers(seconds=5.0):
    """Processes below this one that are still there after that time, at the most: number -> what it is."""
    end = time.monotonic() + seconds
    while True:
        alive = {}
        for pid in children():
            try:
                gone, _ = os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                continue
            if not gone:
                alive[pid] = read(f"/proc/{pid}/cmdline").replace(b"\0", b" ").decode(errors="replace").strip()
        if not alive or time.monotonic() > end:
            return alive
        time.sleep(0.01)


class World:
    """A data directory and a folder for repositories, both below one temporary folder."""

    def __init__(self, folder, settings=""):
        self.folder = folder
        self.data = f"{folder}/data"
        self.env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": f"{folder}/home", "LC_ALL": "C.UTF-8",
                    "OPENFACTORY_DATA": self.data, "TMPDIR": os.environ.get("TMPDIR", "/tmp")}
        for name in ("ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]
        os.makedirs(f"{folder}/home", exist_ok=True)
        if settings:
            write(f"{self.data}/openfactory.yaml", settings)

    def factory(self, *words, repo=None, limit=LIMIT, env=None, **more):
        return run([FACTORY, *words], cwd=repo or self.folder, env={**self.env, **(env or {})}, limit=limit, **more)

    def expect(self, code, *words, repo=None, **more):
        done = self.factory(*words, repo=repo, **more)
        codes = code if isinstance(code, tuple) else (code,)
        check(done.returncode in codes, f"factory {' '.join(words)}: exit {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
        return done

    def show(self, slug, repo):
        """The job as `factory show --json` tells it; None where there is none."""
        done = self.expect((OK, NOT_FOUND), "show", "-s", slug, "--json", repo=repo)
        return json.loads(done.stdout.splitlines()[0]) if done.returncode == OK else None

    def store(self):
        return Store(f"{self.data}/openfactory.db")


class Store:
    """The store's file, read by somebody else."""

    def __init__(self, path):
        self.connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.connection.row_factory = sqlite3.Row

    def rows(self, sql, *values):
        return self.connection.execute(sql, values).fetchall()

    def value(self, sql, *values):
        return self.connection.execute(sql, values).fetchone()[0]

    def close(self):
        self.connection.close()

    def actions(self, job):
        entries = (json.loads(row[0]) for row in self.rows("SELECT entry FROM audit ORDER BY seq"))
        return collections.Counter(entry["action"] for entry in entries if entry.get("job") == job)


def check_done(world, repo, slug, reverted=1, alone=True, changes=None, mended=0):
    """All that must hold of a finished light job, whatever happened on the way. One that is not alone on its target may
    have met a moved target, and then went through the last gates again. `changes`: of the author, where not each but the
    last was reverted. `mended`: changes that a failed check on the forge asked for; each goes through the gates again."""
    store = world.store()
    try:
        jobs = store.rows("SELECT num, id, state, head_commit, integrated, workspace FROM jobs WHERE slug=? AND repository="
                          "(SELECT num FROM repositories WHERE path=?)", slug, os.path.realpath(repo))
        check(len(jobs) == 1, f"{len(jobs)} jobs {slug}")
        job = jobs[0]
        num, ident = job["num"], job["id"]
        check(job["state"] == "done", f"{slug} is {job['state']}")
        attempts = store.rows("SELECT stage, state FROM attempts WHERE job=?", num)
        states = collections.Counter((row["stage"], row["state"]) for row in attempts)
        check(not [row for row in attempts if row["state"] == "running"], f"an attempt is left running: {dict(states)}")
        for stage, wanted in (("unit-test", 1), ("boundary", 1), ("integrate", 1), ("tcr", 1), ("deploy", 1)):
            check(states[stage, "passed"] == wanted + (mended if stage != "deploy" else 0) or (not alone and states[stage, "passed"] > wanted), f"{stage} passed {states[stage, 'passed']} times: {dict(states)}")
        check(states["implement", "passed"] == reverted + mended + 1, f"implement: {dict(states)}")
        check(states["unit-test", "reverted"] == reverted, f"reverted: {dict(states)}")
        check(states["docs", "soft-failed"] + states["docs", "soft_failed"] >= 1, f"docs: {dict(states)}")
        check(store.value("SELECT count(*) FROM commands WHERE job=? AND finished=0", num) == 0, "a command is left unfinished")
        check(store.value("SELECT count(*) FROM intents WHERE job=? AND state='open'", num) == 0, "an intent is left open")
        check(store.value("SELECT count(*) FROM leases WHERE job=?", num) == 0, "the lease is left")
        check(store.value("SELECT count(*) FROM decisions WHERE job=? AND consumed_by<>''", num) == 1, "not one decision was used")
        check(store.value("SELECT count(*) FROM risks WHERE job=? AND accepted_by<>''", num) == 1, "the risk is not accepted")
        actions = store.actions(ident)
        for action in ("job.created", "workspace.created", "job.integrated", "job.done", "attempt.reverted"):
            wanted = reverted if action == "attempt.reverted" else 1
            check(actions[action] == wanted, f"{action} {actions[action]} times in the audit log: {dict(actions)}")
        check(actions["author.changed"] == (changes or reverted + mended + 1), f"the author was taken up {actions['author.changed']} times")
        check(actions["decision.made"] == store.value("SELECT count(*) FROM decisions WHERE job=?", num), "a decision is not in the audit log")
        intents = {row["key"]: row["state"] for row in store.rows("SELECT key, state FROM intents WHERE job=?", num)}
    finally:
        store.close()

    merges = git(repo, "log", "--first-parent", "--merges", "--format=%H%x00%P%x00%(trailers:key=OpenFactory-Job,valueonly,separator=%x2C)", "main")
    mine = [line.split("\0") for line in merges.splitlines() if line.split("\0")[2] == ident]
    check(len(mine) == 1, f"{len(mine)} merges of {slug} on main")
    check(mine[0][0] == job["integrated"] and mine[0][1].split()[1] == job["head_commit"], f"the merge of {slug} is another")
    steps = collections.Counter()
    for line in git(repo, "log", "--all", "--format=%(trailers:key=OpenFactory-Step,valueonly,separator=%x2C)").splitlines():
        if line:
            steps[line] += 1
    check(not [step for step, count in steps.items() if count > 1], f"a step was done twice: {steps}")
    for key, state in intents.items():
        check(steps[key] <= (state == "done"), f"intent {key} is {state}, with {steps[key]} effects")
    check(git(repo, "show", f"main:src/{slug}.py") == "x = 3\n", "main does not hold the right change")
    check(git(repo, "show", f"main:wrong-{slug}", may_fail=True).returncode != 0, "main holds the wrong change")
    check(read(f"{repo}/src/{slug}.py") == b"x = 3\n", "the files of main did not follow")
    check(git(job["workspace"], "status", "--porcelain") == "", "the workspace is not clean")
    check(git(job["workspace"], "rev-parse", "HEAD").strip() == job["head_commit"], "the workspace is not at the job's head")
    kept = git(repo, "for-each-ref", "--format=%(refname)", f"refs/openfactory/{ident}/unit-test").split()
    wrongs = [ref for ref in kept if git(repo, "show", f"{ref}:wrong-{slug}", may_fail=True).returncode == 0]
    check(len(wrongs) >= reverted, "the reverted change is not in the ledger")


def check_repository(repo):
    check(git(repo, "status", "--porcelain") == "", f"the files of main are not as committed: {git(repo, 'status', '--porcelain')}")
    fsck = git(repo, "fsck", "--no-dangling", "--no-progress", may_fail=True)
    check(fsck.returncode == 0, f"git fsck: {fsck.stdout}{fsck.stderr}")
    locks = [os.path.join(root, name) for root, _, names in os.walk(f"{repo}/.git") for name in names if name.endswith(".lock")]
    check(not locks, f"locks are left: {locks}")


def finish(world, repo, slug, playbook):
    """What a person does after a crash: looks, goes on, decides. Returns how many acts it took."""
    for act in range(1, 12):
        job = world.show(slug, repo)
        if job is None:
            world.expect((OK, WAITS), "run", "-s", slug, "--playbook", playbook, repo=repo)
        elif job["state"] == "done":
            return act
        elif job["state"] == "waiting" and job["wait"] == "approval" and not decided(world, job["id"]):
            world.expect(OK, "approve", "-s", slug, "--accept-risk", "docs", "--comment", "no docs needed", repo=repo)
        else:
            check(job["state"] != "failed", f"{slug} failed: {job['note']}")
            world.expect((OK, WAITS), "run", "-s", slug, repo=repo)
    facts = {key: job[key] for key in ("state", "wait", "waits_for", "note", "paused")}
    raise Wrong(f"{slug} does not come to an end: {facts}")


def decided(world, ident):
    store = world.store()
    try:
        return store.value("SELECT count(*) FROM decisions d JOIN jobs j ON j.num=d.job WHERE j.id=? AND d.consumed_by='' AND d.void_reason=''", ident) > 0
    finally:
        store.close()


def scratch(prefix):
    return tempfile.mkdtemp(prefix=f"openfactory-{prefix}-")


def seeded(name):
    seed = int(os.environ.get("OPENFACTORY_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)
    say(f"{name}: OPENFACTORY_SEED={seed}")
    return random.Random(seed)


def main(cases, folder_prefix):
    """Runs the cases (name -> function of a fresh folder), all of them; keeps the folder of one that failed."""
    adopt_orphans()
    wanted = sys.argv[1:]
    failed = [name for name in wanted if name not in cases]
    for name, case in cases.items():
        if wanted and name not in wanted:
            continue
        folder = scratch(folder_prefix)
        started = time.monotonic()
        try:
            skipped = case(folder)
            left = leftovers()
            check(not left, f"processes are left: {left}")
            say(f"{'skip' if skipped else 'ok  '} {name} ({time.monotonic() - started:.1f} s){': ' + skipped if skipped else ''}")
            subprocess.run(["chmod", "-R", "u+rwX", folder], check=False, stderr=subprocess.DEVNULL)
            shutil.rmtree(folder, ignore_errors=True)
        except (Wrong, subprocess.TimeoutExpired, OSError, sqlite3.Error, KeyError, ValueError, IndexError) as error:
            say(f"FAIL {name} ({time.monotonic() - started:.1f} s) in {folder}: {type(error).__name__}: {error}")
            failed.append(name)
            for pid in leftovers(0):
                os.kill(pid, signal.SIGKILL)
    say(f"{len(failed)} failed" + (f": {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0
