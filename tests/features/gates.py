# SPDX-License-Identifier: Apache-2.0
"""The rules of the gate and of the queue, end to end: through the command line, on real repositories."""

import glob
import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

from world import (DAMAGED, ENVIRONMENT, FACTORY, FAILED, NOT_FOUND, OK, REFUSED, USAGE, WAITS, World, check, check_done, check_repository, contract, git, main,
                   make_repository, playbook, read, write)

ACCEPT = ["--accept-risk", "docs", "--comment", "no docs needed"]


def at_gate(folder, text=None, slug="one", changes=None):
    """A light job that waits for its decision."""
    world = World(folder)
    repo = make_repository(f"{folder}/repo", text or contract(slug))
    write(f"{folder}/playbook.yaml", changes or playbook(slug))
    world.expect(WAITS, "run", "-s", slug, "--playbook", f"{folder}/playbook.yaml", repo=repo)
    return world, repo


def refused(world, repo, said, *words, code=REFUSED):
    """Refused with that code, and a sentence that holds `said`; and nothing was merged."""
    before = git(repo, "rev-parse", "main")
    done = world.expect(code, *words, repo=repo)
    check(done.stderr.startswith("factory: could not "), f"no sentence for people: {done.stderr}")
    check(said in done.stderr, f"not said: {said!r} but {done.stderr}")
    check(git(repo, "rev-parse", "main") == before, "main moved all the same")
    return done


def state(world, repo, slug="one"):
    job = world.show(slug, repo)
    return job["state"], job["wait"] if job["state"] == "waiting" else ""


def risk_has_to_be_accepted_by_name(folder):
    world, repo = at_gate(folder)
    refused(world, repo, "docs", "approve", "-s", "one", "--comment", "x")
    refused(world, repo, "coverage", "approve", "-s", "one", "--accept-risk", "coverage", "--comment", "x", code=USAGE)
    refused(world, repo, "", "approve", "-s", "one", "--binding", "0123456789abcdef", *ACCEPT)
    check(state(world, repo) == ("waiting", "approval"), f"{state(world, repo)}")
    world.expect(OK, "approve", "-s", "one", *ACCEPT, repo=repo)
    check_done(world, repo, "one")
    check_repository(repo)


def a_log_rewritten_whole_is_betrayed_by_the_merge(folder):
    """Who can write to the data directory can make a chain and an anchor that fit each other; not one that fits the repository."""
    world, repo = at_gate(folder)
    world.expect(OK, "approve", "-s", "one", *ACCEPT, repo=repo)
    said = world.expect(OK, "audit", "verify", repo=repo).stdout
    check("1 merge of the jobs' repositories confirms it" in said, said)
    trailer = git(repo, "log", "-1", "--format=%(trailers:key=OpenFactory-Audit,valueonly)", "main").strip()
    check(re.fullmatch(r"[0-9]+ [0-9a-f]{64}", trailer), f"the merge carries {trailer!r}")
    with sqlite3.connect(f"{world.data}/openfactory.db") as store:
        previous, seq = "0" * 64, 0
        for seq, text in store.execute("SELECT seq, entry FROM audit ORDER BY seq").fetchall():
            text = re.sub(r'^\{"seq":\d+,"previous":"[0-9a-f]{64}",', f'{{"seq":{seq},"previous":"{previous}",', text)
            if seq == 1:
                text = re.sub(r'"actor":"[^"]*"', '"actor":"operator:somebody-else"', text)
            previous = hashlib.sha256(text.encode()).hexdigest()
            store.execute("UPDATE audit SET hash=?, entry=? WHERE seq=?", (previous, text, seq))
    store.close()
    write(f"{world.data}/audit.head", f"{seq:020d} {previous}\n")
    done = world.expect(DAMAGED, "audit", "verify", repo=repo)
    check("is not the one that the merge" in done.stdout, f"not betrayed: {done.stdout}{done.stderr}")


def second_decision_is_refused(folder):
    world, repo = at_gate(folder)
    world.expect(OK, "approve", "-s", "one", "--no-run", *ACCEPT, repo=repo)
    refused(world, repo, "decided already", "approve", "-s", "one", "--no-run", *ACCEPT)
    refused(world, repo, "decided already", "reject", "-s", "one", "--comment", "no")
    world.expect(OK, "run", "-s", "one", repo=repo)
    refused(world, repo, "", "approve", "-s", "one", *ACCEPT)
    check_done(world, repo, "one")


def change_after_the_decision_voids_it(folder):
    world, repo = at_gate(folder)
    world.expect(OK, "approve", "-s", "one", "--no-run", *ACCEPT, repo=repo)
    write(f"{repo}/.factory/one/src/one.py", "x = 4\n")
    main_before = git(repo, "rev-parse", "main")
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    check(git(repo, "rev-parse", "main") == main_before, "something was merged that nobody saw")
    check(state(world, repo) == ("waiting", "approval"), f"{state(world, repo)}")
    shown = json.loads(world.expect(OK, "show", "-s", "one", "--detailed", "--json", repo=repo).stdout.splitlines()[0])
    check("diff" in shown["decisions"][0]["void"], f"not void, or not said why: {shown['decisions']}")


def a_decision_on_what_no_gate_judged_is_refused_at_once(folder):
    """Files or commits that came after the gate opened: named, with what to do, and nothing is recorded or merged."""
    world, repo = at_gate(folder)
    workspace = f"{repo}/.factory/one"
    write(f"{workspace}/src/one.py", "x = 4\n")
    write(f"{workspace}/new", "n\n")
    for words in (("approve", *ACCEPT), ("reject", "--comment", "no")):
        said = refused(world, repo, "new, src/one.py", words[0], "-s", "one", *words[1:]).stderr
        check("factory retry -s one" in said and "stash -u" in said, f"not said what to do: {said}")
    check(not world.show("one", repo)["integrated"], "it was merged")
    git(workspace, "stash", "-u")  # as it says
    git(workspace, "stash", "apply")
    git(workspace, "add", "-A")
    git(workspace, "commit", "-qm", "Mine")
    refused(world, repo, "got commits after the gate opened", "approve", "-s", "one", *ACCEPT)
    git(workspace, "reset", "-q", "--hard", "HEAD^")
    # The target gets the commits too: what one brings and the next takes back, and a message.
    write(f"{workspace}/sneaked", "payload\n")
    git(workspace, "add", "-A")
    git(workspace, "commit", "-qm", "Bring it")
    git(workspace, "rm", "-q", "sneaked")
    git(workspace, "commit", "-qm", "Approved-by: the boss")
    said = refused(world, repo, "got commits after the gate opened", "approve", "-s", "one", *ACCEPT).stderr
    check("Bring it" in said and "Approved-by: the boss" in said, f"not named: {said}")
    git(workspace, "reset", "-q", "--hard", "HEAD^^")
    git(workspace, "commit", "-q", "--amend", "-m", "Another message")
    refused(world, repo, "Another message", "approve", "-s", "one", *ACCEPT)
    git(workspace, "reset", "-q", "--hard", "HEAD@{1}")
    write(f"{workspace}/wrong", "put aside\n")
    git(workspace, "stash", "-u")
    world.expect(OK, "approve", "-s", "one", *ACCEPT, repo=repo)
    check_done(world, repo, "one")


def a_clean_rebase_is_no_other_change(folder):
    """Same commits on a target that moved: the gate's answer stands. One more, that changes nothing in the end, voids it."""
    world, repo = at_gate(folder)
    workspace = f"{repo}/.factory/one"
    write(f"{repo}/other", "by somebody else\n")
    git(repo, "add", "other")
    git(repo, "commit", "-qm", "Other work")
    git(workspace, "rebase", "-q", "main")
    world.expect(OK, "approve", "-s", "one", "--no-run", *ACCEPT, repo=repo)
    git(workspace, "commit", "-q", "--allow-empty", "-m", "Looked at by nobody")
    before = git(repo, "rev-parse", "main")
    said = world.expect(WAITS, "run", "-s", "one", repo=repo).stdout
    check("is void: the diff changed" in said and git(repo, "rev-parse", "main") == before, f"merged unseen: {said}")
    world.expect(OK, "approve", "-s", "one", *ACCEPT, repo=repo)  # shown by now
    check(world.show("one", repo)["state"] == "done", "not done")


def what_was_changed_at_the_gate_is_judged_anew(folder):
    """The new gate shows the change that its stages have judged, and that is what is merged."""
    world, repo = at_gate(folder)
    world.expect(OK, "approve", "-s", "one", "--no-run", *ACCEPT, repo=repo)
    write(f"{repo}/.factory/one/src/one.py", "x = 4\n")
    said = world.expect(WAITS, "run", "-s", "one", repo=repo).stdout
    check("the decision at deploy is void: the diff changed" in said, f"not told: {said}")
    attempts = json.loads(world.expect(OK, "show", "-s", "one", "--detailed", "--json", repo=repo).stdout.splitlines()[0])["attempts"]
    passed = [attempt["stage"] for attempt in attempts if attempt["state"] == "passed"]
    check(passed.count("boundary") == 2 and passed.count("unit-test") == 2, f"the gate opened on what nothing has judged: {passed}")
    world.expect(OK, "approve", "-s", "one", *ACCEPT, repo=repo)
    check(git(repo, "show", "main:src/one.py") == "x = 4\n", "another change was merged than the gate showed")


def a_target_that_took_the_change_voids_a_decision(folder):
    world, repo = at_gate(folder)
    git(repo, "merge", "-q", "--no-ff", "-m", "By hand", "factory/one")
    before = git(repo, "rev-parse", "main")
    said = world.expect(REFUSED, "approve", "-s", "one", *ACCEPT, repo=repo).stderr
    check("the diff changed after the gate opened" in said and "main" in said, said)
    check(git(repo, "rev-parse", "main") == before, "main moved")


def protected_target_is_refused(folder):
    world, repo = at_gate(folder, contract("one") + "  protected_branches: [main]\n")
    refused(world, repo, "protected", "approve", "-s", "one", *ACCEPT)
    check(state(world, repo) == ("waiting", "approval"), f"{state(world, repo)}")


def uncommitted_work_in_the_way_is_kept(folder):
    world, repo = at_gate(folder)
    write(f"{repo}/src/one.py", "x = 'mine'\n")
    write(f"{repo}/notes.txt", "mine too\n")
    before = git(repo, "rev-parse", "main")
    done = world.factory("approve", "-s", "one", *ACCEPT, repo=repo)
    check(done.returncode == WAITS, f"exit {done.returncode}: {done.stdout}{done.stderr}")
    check("src/one.py" in done.stdout + done.stderr and "let the job go on: factory run" in world.show("one", repo)["waits_for"] + done.stdout + done.stderr,
          f"not said what to do: {done.stdout}{done.stderr}")
    check(git(repo, "rev-parse", "main") == before, "main moved under uncommitted work")
    check(read(f"{repo}/src/one.py") == b"x = 'mine'\n" and read(f"{repo}/notes.txt") == b"mine too\n", "work was lost")
    git(repo, "checkout", "-q", "src/one.py")
    world.expect(OK, "run", "-s", "one", repo=repo)  # the decision still holds: what was shown is what is merged
    check(read(f"{repo}/notes.txt") == b"mine too\n", "an untracked file was lost")
    os.unlink(f"{repo}/notes.txt")
    check_done(world, repo, "one", alone=False)
    check_repository(repo)


def a_workspace_that_was_removed_is_no_change(folder):
    world, repo = at_gate(folder)
    shutil.rmtree(os.path.realpath(f"{repo}/.factory/one"))
    world.expect(OK, "approve", "-s", "one", *ACCEPT, repo=repo)
    check_done(world, repo, "one")
    check_repository(repo)


def moved_target_with_a_clean_merge_goes_through(folder):
    world, repo = at_gate(folder)
    write(f"{repo}/elsewhere", "new\n")
    git(repo, "add", "elsewhere")
    git(repo, "commit", "-qm", "Move on")
    world.expect(OK, "approve", "-s", "one", *ACCEPT, repo=repo)
    check_done(world, repo, "one", alone=False)
    check(git(repo, "show", "main:elsewhere") == "new\n", "the other change is gone")
    check_repository(repo)


def conflict_waits_for_its_resolution(folder):
    world, repo = at_gate(folder)
    write(f"{repo}/src/one.py", "x = 'theirs'\n")
    git(repo, "commit", "-qam", "Change the same line")
    done = world.factory("approve", "-s", "one", *ACCEPT, repo=repo)
    check(done.returncode == WAITS, f"exit {done.returncode}: {done.stdout}{done.stderr}")
    check(state(world, repo) == ("waiting", "conflict"), f"{state(world, repo)}: {done.stdout}")
    workspace = f"{repo}/.factory/one"
    check(git(workspace, "merge", "main", may_fail=True).returncode != 0, "there is no conflict")
    write(f"{workspace}/src/one.py", "x = 3\n")
    git(workspace, "commit", "-qam", "Resolve")
    world.expect(OK, "retry", "-s", "one", repo=repo)
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    check(state(world, repo) == ("waiting", "approval"), f"{state(world, repo)}")
    world.expect(OK, "approve", "-s", "one", *ACCEPT, repo=repo)
    check(git(repo, "show", "main:src/one.py") == "x = 3\n", "the resolution is not on main")
    check(len(git(repo, "rev-list", "--first-parent", "--merges", "main").split()) == 1, "not one merge")
    check_repository(repo)


def no_without_a_comment(folder):
    world, repo = at_gate(folder)
    refused(world, repo, "comment", "reject", "-s", "one", code=USAGE)
    refused(world, repo, "comment", "request-changes", "-s", "one", "--comment", "  ", code=USAGE)
    check(state(world, repo) == ("waiting", "approval"), f"{state(world, repo)}")
    world.expect(OK, "reject", "-s", "one", "--comment", "wrong approach", repo=repo)
    job = world.show("one", repo)
    check(job["state"] == "failed" and "wrong approach" in job["note"], f"{job['state']}: {job['note']}")
    check(os.path.isdir(job["workspace"]), "the workspace is gone")


def requested_changes_go_back_to_the_author(folder):
    more = playbook("one") + '  - for: deploy\n    summary: "asked for"\n    write: {"src/more.py": "y = 1\\n"}\n'
    world, repo = at_gate(folder, changes=more)
    world.expect(OK, "request-changes", "-s", "one", "--comment", "more", repo=repo)
    check(state(world, repo) == ("waiting", "approval"), f"{state(world, repo)}")
    check("+y = 1" in world.expect(OK, "diff", "-s", "one", repo=repo).stdout, "the author did not answer")
    world.expect(OK, "approve", "-s", "one", *ACCEPT, repo=repo)
    check(git(repo, "show", "main:src/more.py") == "y = 1\n", "what was asked for is not on main")


def broken_boundary_cannot_be_approved(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", contract("one") + '  forbidden_files: ["src/**"]\n')
    write(f"{folder}/playbook.yaml", playbook("one"))
    world.expect(FAILED, "run", "-s", "one", "--playbook", f"{folder}/playbook.yaml", repo=repo)
    refused(world, repo, "boundary", "approve", "-s", "one", *ACCEPT)
    check(state(world, repo)[0] == "failed", "it did not fail")


def slow_job(folder, seconds=60):
    """A worker that runs a job whose command only ends by being ended."""
    world = World(folder, "busy_poll_ms: 100\nidle_poll_ms: 300\n")
    text = contract("one").replace('"test -f README"', f'"sleep {seconds}"')
    repo = make_repository(f"{folder}/repo", text)
    write(f"{folder}/playbook.yaml", playbook("one"))
    world.expect(OK, "new", "-s", "one", "--playbook", f"{folder}/playbook.yaml", repo=repo)
    worker = subprocess.Popen([FACTORY, "worker"], cwd=folder, env=world.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    until(lambda: sleeping(seconds), "the command does not run")
    return world, repo, worker


def sleeping(seconds):
    found = []
    for pid in os.listdir("/proc"):
        try:
            if pid.isdigit() and read(f"/proc/{pid}/cmdline") == b"sleep\0%d\0" % seconds:
                found.append(int(pid))
        except OSError:
            pass
    return found


def until(holds, what, seconds=60):
    end = time.monotonic() + seconds
    while not holds():
        check(time.monotonic() < end, what)
        time.sleep(0.05)


def end(worker):
    worker.send_signal(signal.SIGTERM)
    check(worker.wait(60) == 130, "the worker did not park")


def cancel_ends_the_process_tree(folder):
    seconds = 61  # its own number, so that it can be told from other tests'
    world, repo, worker = slow_job(folder, seconds)
    world.expect(OK, "cancel", "-s", "one", repo=repo)
    until(lambda: not sleeping(seconds), "the command outlives the cancel", 10)
    until(lambda: world.show("one", repo)["state"] == "cancelled", "the job is not cancelled")
    end(worker)
    shown = json.loads(world.expect(OK, "show", "-s", "one", "--detailed", "--json", repo=repo).stdout.splitlines()[0])
    check(all(command["ending"] == "cancelled" for command in shown["commands"]), f"{shown['commands']}")
    check(os.path.isdir(shown["workspace"]), "the workspace is gone")


def a_killed_worker_leaves_nothing_running(folder):
    seconds = 62
    world, repo, worker = slow_job(folder, seconds)
    worker.kill()
    worker.wait()
    until(lambda: not sleeping(seconds), "the command outlives its engine", 10)
    check(world.show("one", repo)["state"] == "running", "the store tells of something that nobody wrote")
    check(world.factory("watchdog", repo=repo).returncode == FAILED, "the watchdog sees nothing")
    check("its process ended" in world.expect(REFUSED, "retry", "-s", "one", repo=repo).stderr, "not said what to do")
    said = world.expect(OK, "cancel", "-s", "one", repo=repo).stdout
    check("one: cancelled" in said and world.show("one", repo)["state"] == "cancelled", f"an orphan cannot be cancelled: {said}")
    store = world.store()
    check(not store.rows("SELECT stage FROM attempts WHERE state='running'"), "an attempt of an ended job runs")
    store.close()


def pause_and_resume(folder):
    world = World(folder, "busy_poll_ms: 100\nidle_poll_ms: 300\n")
    repo = make_repository(f"{folder}/repo", contract("one"))
    write(f"{folder}/playbook.yaml", playbook("one"))
    world.expect(OK, "new", "-s", "one", "--playbook", f"{folder}/playbook.yaml", repo=repo)
    world.expect(OK, "pause", "-s", "one", "--reason", "later", repo=repo)
    world.expect(OK, "worker", "--until-idle", repo=repo)
    check(not world.show("one", repo)["stages"], "a paused job was run")
    world.expect(OK, "pause", "--engine", repo=repo)
    world.expect(OK, "resume", "-s", "one", repo=repo)
    said = world.expect(WAITS, "run", "-s", "one", repo=repo).stdout
    check("one: waiting for the engine to go on" in said, f"not said why it does not run: {said}")
    world.expect(REFUSED, "stage", "-s", "one", "--stage", "implement", repo=repo)
    said = world.expect(OK, "worker", "--until-idle", repo=repo).stderr
    check("the engine is paused" in said, f"not said why nothing starts: {said}")
    worker = subprocess.Popen([FACTORY, "worker"], cwd=folder, env=world.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    check("worker ready" in worker.stdout.readline(), "no worker")
    time.sleep(1)  # several polls, in which nothing may happen
    check(not world.show("one", repo)["stages"], "a paused engine started a job")
    world.expect(OK, "resume", "--engine", repo=repo)
    until(lambda: state(world, repo) == ("waiting", "approval"), "the job does not go on")
    end(worker)


def dependencies_are_waited_for(folder):
    world, repo = at_gate(folder)
    write(f"{folder}/two.yaml", playbook("two"))
    write(f"{folder}/two-contract.yaml", contract("two"))
    world.expect(OK, "new", "-s", "two", "--playbook", f"{folder}/two.yaml", "--contract", f"{folder}/two-contract.yaml", "--after", "one", repo=repo)
    world.expect(OK, "worker", "--until-idle", repo=repo)
    check(not world.show("two", repo)["stages"], "a job ran before what it depends on")
    said = world.expect(WAITS, "run", "-s", "two", repo=repo).stdout
    check("two: waiting for one, which is waiting" in said, f"not said why it does not run: {said}")
    said = world.expect(REFUSED, "stage", "-s", "two", "--from", "implement", "--to", "deploy", repo=repo).stderr
    check("the job waits for one, which is waiting" in said, f"{said}")
    world.expect(OK, "approve", "-s", "one", *ACCEPT, repo=repo)
    world.expect(OK, "worker", "--until-idle", repo=repo)
    check(state(world, repo, "two") == ("waiting", "approval"), f"{state(world, repo, 'two')}")


def a_cancelled_dependency_is_not_waited_for(folder):
    world, repo = at_gate(folder)
    world.expect(OK, "new", "-s", "two", "--after", "one", repo=repo)
    world.expect(OK, "cancel", "-s", "one", repo=repo)
    said = world.expect(REFUSED, "run", "-s", "two", repo=repo).stderr
    check("never be done" in said and "factory cancel -s two" in said, f"not said why and what to do: {said}")


def an_answer_that_cannot_be_written_is_an_error(folder):
    world, repo = at_gate(folder)
    with open("/dev/full", "w") as full:
        done = subprocess.run([FACTORY, "show", "-s", "one"], cwd=repo, env=world.env, stdin=subprocess.DEVNULL, stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=60)
    check(done.returncode == ENVIRONMENT and "could not write to standard output" in done.stderr, f"exit {done.returncode}: {done.stderr}")


def retry_goes_on_with_a_failed_job(folder):
    world, repo = at_gate(folder)
    world.expect(OK, "reject", "-s", "one", "--comment", "not yet", repo=repo)
    world.expect(OK, "retry", "-s", "one", "--from", "docs", repo=repo)
    world.expect(OK, "worker", "--until-idle", repo=repo)
    check(state(world, repo) == ("waiting", "approval"), f"{state(world, repo)}")


def rewind_brings_every_byte_back(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", contract("one"))
    world.expect(OK, "new", "-s", "one", repo=repo)
    workspace = os.path.realpath(f"{repo}/.factory/one")
    files = {b"plain": b"a\n", "\u00fcml\u00e4ut".encode(): b"\0\xff\r\n", b"sp ace 'q' \"d\"": b"x", b"new\nline": b"y", b"raw\xff\xfe": b"z",
             b"src/one.py": b"x = 9\r\n", b"dir/deep/er": b"1"}
    for name, content in files.items():
        path = os.path.join(os.fsencode(workspace), name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
    os.chmod(os.path.join(os.fsencode(workspace), b"plain"), 0o755)
    os.symlink("nowhere", f"{workspace}/link")
    os.unlink(f"{workspace}/README")
    os.mkdir(f"{workspace}/README")
    write(f"{workspace}/README/file", "a folder in place of a file\n")
    world.expect(FAILED, "stage", "-s", "one", "--stage", "unit-test", "--from", "implement", repo=repo)
    write(f"{workspace}/later", "what lies there at the rewind\n")
    check(os.path.isfile(f"{workspace}/README"), "the failure was not reverted")
    attempts = json.loads(world.expect(OK, "show", "-s", "one", "--detailed", "--json", repo=repo).stdout.splitlines()[0])["attempts"]
    reverted = [f"{attempt['stage']}/{attempt['number']}" for attempt in attempts if attempt["state"] == "reverted"]
    check(len(reverted) == 1, f"{attempts}")
    world.expect((OK, WAITS), "rewind", "-s", "one", "--to", reverted[0], repo=repo)
    for name, content in files.items():
        check(read(os.path.join(os.fsencode(workspace), name)) == content, f"{name} came back as something else")
    check(os.stat(f"{workspace}/plain").st_mode & 0o111, "the mode is lost")
    check(os.readlink(f"{workspace}/link") == "nowhere", "the link is lost")
    check(read(f"{workspace}/README/file") == b"a folder in place of a file\n", "the folder is lost")
    kept = git(repo, "for-each-ref", "--format=%(refname)", "refs/openfactory").split()
    check(any(git(repo, "show", f"{ref}:later", may_fail=True).returncode == 0 for ref in kept), "what lay there at the rewind is lost")


def broken_audit_is_told_at_the_start(folder):
    """A log that was changed, or a store older than its witness: whoever acts says so and does nothing (hardening.md, B29)."""
    world, repo = at_gate(folder)
    database, copy = f"{world.data}/openfactory.db", f"{folder}/yesterday.db"
    with sqlite3.connect(database) as store, sqlite3.connect(copy) as other:
        store.backup(other)
    store.close()
    other.close()
    world.expect(OK, "pause", "-s", "one", repo=repo)
    world.expect(OK, "resume", "-s", "one", repo=repo)
    for name in (database, f"{database}-wal", f"{database}-shm"):
        if os.path.exists(name):
            os.unlink(name)
    shutil.copy(copy, database)
    for words in (("run", "-s", "one"), ("approve", "-s", "one", *ACCEPT), ("worker", "--until-idle"), ("new", "-s", "two")):
        refused(world, repo, "older copy of the store", *words, code=DAMAGED)
    check(state(world, repo) == ("waiting", "approval"), f"{state(world, repo)}")
    write(f"{world.data}/openfactory.yaml", "broken_audit: warn\n")
    done = world.expect(OK, "approve", "-s", "one", *ACCEPT, repo=repo)
    check("older copy of the store" in done.stderr, f"went on without a word: {done.stderr}")
    check(state(world, repo)[0] == "done", f"{state(world, repo)}")


def changed_audit_entry_is_told_at_the_start(folder):
    world, repo = at_gate(folder)
    with sqlite3.connect(f"{world.data}/openfactory.db") as store:
        store.execute("UPDATE audit SET entry=replace(entry, 'job.parked', 'job.perked') WHERE seq=(SELECT max(seq) FROM audit)")
    store.close()
    refused(world, repo, "was changed", "approve", "-s", "one", *ACCEPT, code=DAMAGED)
    refused(world, repo, "was changed", "run", "-s", "one", code=DAMAGED)


def own_contract_elsewhere_is_protected(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo")
    write(f"{repo}/ci/strict.yaml", contract("one"))
    os.symlink("ci", f"{repo}/link")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Contract")
    write(f"{folder}/playbook.yaml", playbook("one") + '  - for: docs\n    summary: "lenient"\n    write: {"ci/strict.yaml": "contract: {}\\n", "docs": "d\\n"}\n')
    refused(world, repo, "link inside the repository", "new", "-s", "one", "--contract", f"{repo}/link/strict.yaml", code=USAGE)
    world.expect(FAILED, "run", "-s", "one", "--playbook", f"{folder}/playbook.yaml", "--contract", "ci/strict.yaml", repo=repo)
    note = world.show("one", repo)["note"]
    check("ci/strict.yaml is the job's own contract" in note, note)


def newer_store_is_not_called_damaged(folder):
    world, repo = at_gate(folder)
    with sqlite3.connect(f"{world.data}/openfactory.db") as store:
        store.execute("PRAGMA user_version=99")
    store.close()
    said = world.expect(ENVIRONMENT, "list", repo=repo).stderr
    check("newer version: its schema is 99" in said and "damaged" not in said and "use the newer" in said, said)


def hints_help(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo")
    said = world.expect(NOT_FOUND, "new", "-s", "one", "--contract", "none.yaml", repo=repo).stderr
    check("--contract" in said.split("next:")[1], said)
    write(f"{folder}/file", "")
    done = world.factory("list", "--data", f"{folder}/file/data", repo=repo)
    check(done.returncode != OK and "--data" in done.stderr.split("next:")[1], done.stderr)


def interrupted_job_says_so(folder):
    seconds = 63
    world, repo, worker = slow_job(folder, seconds)
    worker.kill()
    worker.wait()
    until(lambda: not sleeping(seconds), "the command outlives its engine", 10)
    job = world.show("one", repo)
    check(job["interrupted"] and "its process ended" in job["waits_for"], f"{job}")
    check("interrupted" in world.expect(OK, "list", repo=repo).stdout, "the list says it runs")
    shown = world.expect(OK, "show", "-s", "one", "--detailed", repo=repo).stdout
    check("running" not in shown and shown.count("interrupted") >= 3, f"one place says that it runs: {shown}")
    goes_on = subprocess.Popen([FACTORY, "run", "-s", "one"], cwd=repo, env=world.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE, text=True)
    said = goes_on.stderr.readline()
    check("goes on where it stood" in said and "waits for" not in said, said)
    world.expect(OK, "cancel", "-s", "one", repo=repo)
    check(goes_on.wait(60) in (FAILED, 130), f"exit {goes_on.returncode}")
    goes_on.stderr.close()
    until(lambda: world.show("one", repo)["state"] == "cancelled", "it is not cancelled")


def merge_that_is_not_committed_is_named(folder):
    """In the folder of main: its conflicts are resolved, and a commit is all that is missing."""
    world, repo = at_gate(folder)
    git(repo, "checkout", "-q", "-b", "side")
    write(f"{repo}/README", "side\n")
    git(repo, "commit", "-qam", "Side")
    git(repo, "checkout", "-q", "main")
    write(f"{repo}/README", "main\n")
    git(repo, "commit", "-qam", "Main")
    check(git(repo, "merge", "side", may_fail=True).returncode != 0, "there is no conflict")
    said = world.expect(WAITS, "approve", "-s", "one", *ACCEPT, repo=repo).stdout
    check("waiting for a person to clear the way" in said and "with conflicts is under way" in said, said)
    write(f"{repo}/README", "both\n")
    git(repo, "add", "README")
    said = world.expect(WAITS, "run", "-s", "one", repo=repo).stdout
    check("but it is not committed" in said and "commit it: git -C" in said, said)
    git(repo, "commit", "-qm", "Both")
    world.expect(OK, "run", "-s", "one", repo=repo)
    check(state(world, repo)[0] == "done", f"{state(world, repo)}")


PYTHON = """contract:
  language: python
  pipeline:
    - name: implement
    - name: unit-test
    - name: boundary
    - name: deploy
"""


def python_job(folder, slow=""):
    """A job of a person on a small Python repository."""
    world = World(folder)
    repo = make_repository(f"{folder}/repo", PYTHON)
    write(f"{repo}/calc.py", "def add(a, b):\n    return a + b\n")
    write(f"{repo}/tests/test_calc.py", f"import time\nfrom calc import add\n\n\ndef test_add():\n    {slow or 'pass'}\n    assert add(1, 2) == 3\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "A calculator")
    world.expect(OK, "new", "-s", "one", repo=repo)
    return world, repo, f"{repo}/.factory/one"


def what_a_person_writes_while_a_gate_runs_is_kept(folder):
    world, repo, workspace = python_job(folder, "open('running', 'w').close() or time.sleep(3)")
    write(f"{repo}/.git/info/exclude", "running\n.factory*\n")
    write(f"{workspace}/calc.py", "def add(a, b):\n    return b + a\n")
    process = subprocess.Popen([FACTORY, "run", "-s", "one"], cwd=repo, env=world.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    end = time.monotonic() + 60
    while not os.path.exists(f"{workspace}/running"):
        check(time.monotonic() < end and process.poll() is None, "the tests did not begin")
        time.sleep(0.02)
    write(f"{workspace}/mine.txt", "an hour of work\n")
    process.communicate(timeout=120)
    left = git(repo, "for-each-ref", "--format=%(refname)", "refs/openfactory").split()
    kept = [ref for ref in left if "mine.txt" in git(repo, "ls-tree", "--name-only", ref).split()]
    check(os.path.exists(f"{workspace}/mine.txt") or kept, f"the file is gone: {left}")
    shown = world.expect(OK, "show", "-s", "one", "--detailed", repo=repo).stdout
    check(os.path.exists(f"{workspace}/mine.txt") or kept[0] in shown, f"nobody says where it is: {shown}")


SLOW_STAGE = """contract:
  pipeline:
    - name: implement
      command: "python3 slow.py"
    - name: deploy
"""
HUGE = 520 * 1024 * 1024  # more than is searched for a secret


def write_huge(path):
    with open(path, "wb") as file:
        file.truncate(HUGE)


def begin_stage(world, repo):
    return subprocess.Popen([FACTORY, "stage", "-s", "one", "--stage", "implement"], cwd=repo, env=world.env, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def stage_that_runs(folder, script):
    """A job of a person with a change that is not committed, and its stage, which is under way."""
    world = World(folder)
    repo = make_repository(f"{folder}/repo", SLOW_STAGE)
    write(f"{repo}/slow.py", script)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Slow")
    world.expect(OK, "new", "-s", "one", "--task", "t", repo=repo)
    workspace = f"{repo}/.factory/one"
    write(f"{workspace}/change.txt", "a change\n")
    return world, repo, workspace, begin_stage(world, repo)


def slow_stage(folder, code):
    """Ends with that code, once the file `go` is there; run once more, as something was written meanwhile, it ends at once. (What lies in
    the job's home keeps it from being run in a copy then.)"""
    world, repo, workspace, stage = stage_that_runs(folder, f"""import os, sys, time
once = os.path.expanduser("~/once")
if not os.path.exists(once):
    open(once, "w").close()
    open("begun", "w").close()
    while not os.path.exists("go"):
        time.sleep(0.05)
sys.exit({code})
""")
    until(lambda: os.path.exists(f"{workspace}/begun"), "the stage does not begin")
    write(f"{workspace}/mine.txt", "written meanwhile\n")
    write(f"{workspace}/README", "edited meanwhile\n")
    write_huge(f"{workspace}/huge.bin")
    write(f"{workspace}/note.txt", "AKIA" + "Q7ZP3KX5" * 2 + "\n")
    return world, repo, workspace, stage


def check_kept(world, repo, attempt=1):
    """What was written meanwhile is in the kept state, or beside the workspace where no commit may hold it; and both are named."""
    left = f"refs/openfactory/{world.show('one', repo)['id']}/implement/{attempt}-left"
    check(git(repo, "show", f"{left}:mine.txt") == "written meanwhile\n", "the new file is not kept")
    check(git(repo, "show", f"{left}:README") == "edited meanwhile\n", "the edit is not kept")
    check("huge.bin" not in git(repo, "ls-tree", "-r", "--name-only", left), "a commit holds what could not be searched")
    beside = [f"{place}/{name}" for place, _, names in os.walk(f"{repo}/.factory-workspaces") if "/.left-in-one-" in place for name in names]
    sizes = {os.path.basename(path): os.path.getsize(path) for path in beside}
    check(sizes.get("huge.bin") == HUGE and "note.txt" in sizes, f"beside the workspace: {sizes}")
    shown = world.expect(OK, "show", "-s", "one", "--detailed", repo=repo).stdout
    check(f"git restore --source={left}" in shown and "huge.bin" in shown and "note.txt" in shown, shown)


def what_a_person_writes_while_a_stage_fails_is_kept(folder):
    world, repo, workspace, stage = slow_stage(folder, 1)
    write(f"{workspace}/go", "")
    check(stage.wait(60) in (WAITS, FAILED), f"exit {stage.returncode}")
    check(not os.path.exists(f"{workspace}/mine.txt"), "the change is not taken back")
    check_kept(world, repo)
    world.expect((OK, WAITS), "rewind", "-s", "one", "--to", "implement/1", repo=repo)
    check(read(f"{workspace}/change.txt") == b"a change\n", "what was judged does not come back")


def what_a_person_writes_while_a_stage_passes_is_kept(folder):
    world, repo, workspace, stage = slow_stage(folder, 0)
    write(f"{workspace}/go", "")
    check(stage.wait(60) in (OK, WAITS), f"exit {stage.returncode}")
    check_kept(world, repo)
    check(git(workspace, "show", "HEAD:change.txt") == "a change\n", "the change is not committed")


def what_a_person_writes_after_a_kill_is_kept(folder):
    world, repo, workspace, stage = slow_stage(folder, 0)
    stage.kill()
    stage.wait()
    go_on(world, repo)
    check_kept(world, repo)


def go_on(world, repo):
    """The stage once more, to its end."""
    again = begin_stage(world, repo)
    check(again.wait(60) in (OK, WAITS), f"exit {again.returncode}")


def a_stop_does_not_wait_for_all_that_is_to_be_read(folder):
    """Files of many GB that a command left: the job is parked soon, and put in order by who goes on with it."""
    world, repo, workspace, stage = stage_that_runs(
        folder, "import os\nfor i in range(40):\n    os.truncate(os.open(f'big{i}', os.O_CREAT | os.O_WRONLY), 1 << 30)\n")
    until(lambda: os.path.exists(f"{workspace}/big39"), "the command does not come to its end")
    time.sleep(1)
    asked = time.monotonic()
    stage.send_signal(signal.SIGINT)
    check(stage.wait(60) == 130, f"exit {stage.returncode}")
    took = time.monotonic() - asked
    check(took < 10, f"parked after {took:.1f} s")
    job = world.show("one", repo)
    check(job["state"] == "waiting" and "free worker" in job["waits_for"], f"{job}")
    world.expect(OK, "cancel", "-s", "one", repo=repo, limit=20)
    check(os.path.exists(f"{workspace}/big39") and read(f"{workspace}/change.txt") == b"a change\n", "what lay there is gone")


def what_a_person_writes_before_a_stop_is_kept(folder):
    world, repo, workspace, stage = slow_stage(folder, 0)
    stage.send_signal(signal.SIGINT)
    check(stage.wait(60) == 130, f"exit {stage.returncode}")
    go_on(world, repo)  # where the stop came before all was read, it is put in order now
    check_kept(world, repo)


def a_name_of_gits_own_does_not_outlive_its_attempt(folder):
    """No tree can hold it, so no revert takes it back: it would fail the next change, which has no part in it."""
    world, repo, workspace, stage = stage_that_runs(folder, """import os, sys
os.makedirs("x/.GIT")
os.makedirs("sub/.git")
open("x/.GIT/precious", "w").close()
sys.exit(1)
""")
    check(stage.wait(60) in (WAITS, FAILED), f"exit {stage.returncode}")
    check(not os.path.lexists(f"{workspace}/x/.GIT") and not os.path.lexists(f"{workspace}/sub/.git"), f"left: {os.listdir(workspace)}")
    beside = [name for place, _, names in os.walk(f"{repo}/.factory-workspaces") if "/.left-in-one-" in place for name in names]
    check("precious" in beside, f"what the command wrote is gone: {beside}")
    shown = world.expect(OK, "show", "-s", "one", "--detailed", repo=repo).stdout
    check("named as git's own" in shown and "x/.GIT" in shown and "sub/.git" in shown, shown)


def what_was_ignored_meanwhile_is_not_committed_unjudged(folder):
    """A rule that came while a gate ran goes with what was not judged; so does the file that it hid, which no gate saw."""
    for code, ends in ((0, (OK, WAITS)), (1, (WAITS, FAILED))):
        world, repo, workspace, stage = slow_stage(f"{folder}/{code}", code)
        write(f"{workspace}/.gitignore", "*.dat\n")
        write(f"{workspace}/private.dat", "not for others\n")
        write(f"{workspace}/go", "")
        check(stage.wait(60) in ends, f"exit {stage.returncode}")
        check("private.dat" not in git(workspace, "ls-tree", "-r", "--name-only", "HEAD"), "what no gate judged is committed")
        check(git(workspace, "status", "--porcelain") == "", f"left in the workspace: {git(workspace, 'status', '--porcelain')}")
        lefts = git(repo, "for-each-ref", "--format=%(refname)", "refs/openfactory").split()
        check(any("private.dat" in git(repo, "ls-tree", "--name-only", ref).split() for ref in lefts), f"the file is gone: {lefts}")


def what_is_ignored_outlives_a_rewind_that_takes_its_rule(folder):
    world, repo, workspace, stage = stage_that_runs(folder, "import sys\nsys.exit(1)\n")
    check(stage.wait(60) in (WAITS, FAILED), f"exit {stage.returncode}")
    write(f"{workspace}/.gitignore", "*.dat\n")
    write(f"{workspace}/private.dat", "not for others\n")
    world.expect((OK, WAITS), "rewind", "-s", "one", "--to", "implement/1", repo=repo)
    check(read(f"{workspace}/change.txt") == b"a change\n" and not os.path.exists(f"{workspace}/.gitignore"), "it is not rewound")
    check(read(f"{workspace}/private.dat") == b"not for others\n", "what was ignored is changed")


def what_is_ignored_and_in_the_way_is_put_aside(folder):
    """A revert, a pass and a rewind write a file again where an ignored one, or a folder with one, has come to lie."""
    for code, ends in ((0, (OK, WAITS)), (1, (WAITS, FAILED))):
        world, repo, workspace, stage = slow_stage(f"{folder}/{code}", code)
        os.unlink(f"{workspace}/src/one.py")
        write(f"{workspace}/src/one.py/deep", "in a folder\n")
        if code:  # the other way round: a file where a folder was
            shutil.rmtree(f"{workspace}/src")
            write(f"{workspace}/src", "in a folder\n")
        write(f"{repo}/.git/info/exclude", ".factory*\nsrc\ndeep\n")
        write(f"{workspace}/go", "")
        check(stage.wait(60) in ends, f"exit {stage.returncode}")
        check(os.path.isfile(f"{workspace}/src/one.py"), "the file is not back")
        aside, = glob.glob(f"{repo}/.factory-workspaces/.left-in-one-*-ignored")
        kept = glob.glob(f"{aside}/**", recursive=True)
        check([read(path) for path in kept if os.path.isfile(path)] == [b"in a folder\n"], f"{code}: what was ignored is gone: {kept}")
        shown = world.expect(OK, "show", "-s", "one", "--detailed", repo=repo).stdout
        check(f"in the way of what was put back, or written in that moment; put into {aside}" in shown, shown)
    write(f"{workspace}/change.txt", "mine, and ignored\n")
    write(f"{repo}/.git/info/exclude", ".factory*\nchange.txt\n")
    said = world.expect((OK, WAITS), "rewind", "-s", "one", "--to", "implement/1", repo=repo).stdout
    check(read(f"{workspace}/change.txt") == b"a change\n", "it is not rewound")
    check(read(f"{aside}/change.txt") == b"mine, and ignored\n", "what was ignored is gone")
    check(f"put into {aside}: change.txt" in said, f"nobody says where it is: {said}")


def what_was_judged_is_committed_though_somebody_took_it_away(folder):
    """The gate's own command, or a person with git stash: the verdict is of the change, and so is the commit."""
    world, repo, workspace, stage = stage_that_runs(folder, "import os\nos.unlink('change.txt')\n")
    check(stage.wait(60) in (OK, WAITS), f"exit {stage.returncode}")
    check(git(workspace, "show", "HEAD:change.txt") == "a change\n", "what passed is not committed")
    check(read(f"{workspace}/change.txt") == b"a change\n" and git(workspace, "status", "--porcelain") == "", "the workspace is not what was judged")


def what_no_commit_can_hold_is_named_at_once(folder):
    world, repo, workspace, stage = stage_that_runs(folder, "")
    stage.wait(60)
    write(f"{workspace}/more.txt", "more\n")
    os.makedirs(f"{workspace}/x/.GIT")
    subprocess.run(["git", "init", "-q", f"{workspace}/nested"], check=True, env=world.env)
    said = world.expect((OK, WAITS), "stage", "-s", "one", "--stage", "implement", repo=repo).stdout
    check("2 names that the change does not hold" in said, said)
    shown = world.expect(OK, "show", "-s", "one", "--detailed", repo=repo).stdout
    check("x/.GIT" in shown and "nested is a repository of its own" in shown, shown)


def tests_that_leave_no_report_do_not_pass(folder):
    world, repo, workspace = python_job(folder)
    write(f"{workspace}/calc.py", "def add(a, b):\n    return a - b\n")
    write(f"{workspace}/tests/test_a.py", "import os\n\n\ndef test_a():\n    os._exit(0)\n")
    world.factory("run", "-s", "one", repo=repo)
    attempt = [one for one in world.show("one", repo)["attempts"] if one["stage"] == "unit-test"][-1]
    check(attempt["verdict"]["outcome"] == "failed" and "what ran is not known" in attempt["verdict"]["summary"], f"{attempt}")


if __name__ == "__main__":
    sys.exit(main({case.__name__: case for case in (
        risk_has_to_be_accepted_by_name, a_log_rewritten_whole_is_betrayed_by_the_merge, second_decision_is_refused, change_after_the_decision_voids_it,
        a_decision_on_what_no_gate_judged_is_refused_at_once, a_clean_rebase_is_no_other_change, what_was_changed_at_the_gate_is_judged_anew, a_target_that_took_the_change_voids_a_decision, protected_target_is_refused,
        uncommitted_work_in_the_way_is_kept, a_workspace_that_was_removed_is_no_change, moved_target_with_a_clean_merge_goes_through, conflict_waits_for_its_resolution,
        no_without_a_comment, requested_changes_go_back_to_the_author, broken_boundary_cannot_be_approved, cancel_ends_the_process_tree,
        a_killed_worker_leaves_nothing_running, pause_and_resume, dependencies_are_waited_for,
        a_cancelled_dependency_is_not_waited_for, an_answer_that_cannot_be_written_is_an_error, retry_goes_on_with_a_failed_job,
        rewind_brings_every_byte_back, broken_audit_is_told_at_the_start, changed_audit_entry_is_told_at_the_start,
        own_contract_elsewhere_is_protected, newer_store_is_not_called_damaged, hints_help, interrupted_job_says_so,
        merge_that_is_not_committed_is_named, what_a_person_writes_while_a_gate_runs_is_kept,
        what_a_person_writes_while_a_stage_fails_is_kept, what_a_person_writes_while_a_stage_passes_is_kept,
        what_a_person_writes_after_a_kill_is_kept, what_a_person_writes_before_a_stop_is_kept,
        a_stop_does_not_wait_for_all_that_is_to_be_read, a_name_of_gits_own_does_not_outlive_its_attempt,
        what_was_ignored_meanwhile_is_not_committed_unjudged, what_no_commit_can_hold_is_named_at_once, what_is_ignored_and_in_the_way_is_put_aside,
        what_was_judged_is_committed_though_somebody_took_it_away,
        what_is_ignored_outlives_a_rewind_that_takes_its_rule, tests_that_leave_no_report_do_not_pass)}, "gates"))
