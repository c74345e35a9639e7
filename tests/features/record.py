# SPDX-License-Identifier: Apache-2.0
"""Gates that are answered from the record, with the real tools and the real sandbox."""

import json
import os
import shutil
import signal
import struct
import subprocess
import sys

from world import (FAILED, KILLPOINT, OK, WAITS, World, check, check_repository, git, leftovers, main, make_repository, write)

CONTRACT = """contract:
  language: python
  pipeline:
    - name: implement
    - name: unit-test
    - name: coverage
    - name: lint
    - name: security
    - name: review
    - name: boundary
    - name: integrate
    - name: tcr
    - name: deploy
"""
SOURCE = '"""Prices."""\n\n\ndef price(n):\n    """Of n pieces."""\n    return n * 2\n'
TESTS = """import os

from shop import price


def test_price():
    assert price(2) == 4


def test_machine():
    assert not os.path.exists("machine.log"), "a machine that is not ready"
"""
GATES = ["implement", "unit-test", "coverage", "lint", "security", "review"]
FRESH = ["boundary", "integrate", "tcr", "deploy"]  # never answered


def shop(folder):
    """A job of a person that has come to its gate."""
    world = World(folder)
    repo = make_repository(f"{folder}/repo", CONTRACT)
    os.unlink(f"{repo}/src/one.py")  # nobody tests it
    write(f"{repo}/shop.py", SOURCE)
    write(f"{repo}/.gitignore", "*.log\n")
    write(f"{repo}/tests/test_shop.py", TESTS)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "A shop")
    world.expect(OK, "new", "-s", "one", "--task", "Change the price", repo=repo)
    write(f"{repo}/.factory/one/shop.py", SOURCE.replace("n * 2", "2 * n"))
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    return world, repo


def shown(world, repo, slug="one"):
    return json.loads(world.expect(OK, "show", "-s", slug, "--detailed", "--json", repo=repo).stdout.splitlines()[0])


def newest(job, stage):
    return [attempt for attempt in job["attempts"] if attempt["stage"] == stage][-1]


def ran(job, stage, number):
    return [command for command in job["commands"] if command["stage"] == stage and command["attempt"] == number]


def again(world, repo, *more):
    world.expect(OK, "retry", "-s", "one", "--from", "implement", repo=repo)
    return world.expect((OK, WAITS), "run", "-s", "one", *more, repo=repo).stdout


def what_has_not_changed_is_not_run_again(folder):
    world, repo = shop(folder)
    first = shown(world, repo)
    said = again(world, repo)
    job = shown(world, repo)
    for stage in GATES:
        attempt = newest(job, stage)
        check(attempt["number"] == 2 and attempt["state"] == "passed", f"{stage}: {attempt}")
        check(attempt["verdict"]["record"] == {"job": job["id"], "stage": stage, "attempt": 1}, f"{stage}: {attempt['verdict']}")
        check(not ran(job, stage, 2), f"{stage} ran: {ran(job, stage, 2)}")
        check(f"(answered from the record: {stage}/1)" in said, f"the table does not say so of {stage}: {said}")
    for stage in FRESH:
        check("record" not in (newest(job, stage).get("verdict") or {}), f"{stage}: {newest(job, stage)}")
    check(ran(job, "tcr", 2), "tcr did not run")
    check(job["gate"] == first["gate"], "the gate shows something else")
    text = world.expect(OK, "show", "-s", "one", "--detailed", repo=repo).stdout
    check("factory log -s one --stage unit-test --attempt 1" in text, f"it is not said where the evidence lies: {text}")
    audit = world.expect(OK, "audit", "show", "-s", "one", "--json", repo=repo).stdout
    check('"record":' in audit, "the audit log does not say so")
    world.expect(OK, "approve", "-s", "one", "--comment", "seen", repo=repo)
    check("2 * n" in git(repo, "show", "main:shop.py"), "the change is not on main")
    check("answered from the record" not in git(repo, "log", "--format=%B", "main"), "a commit speaks of it, and nothing was committed")


def fresh_runs_it_all_the_same(folder):
    world, repo = shop(folder)
    again(world, repo, "--fresh")
    job = shown(world, repo)
    for stage in GATES:
        check("record" not in newest(job, stage)["verdict"], f"{stage}: {newest(job, stage)}")
    check(ran(job, "unit-test", 2), "the tests did not run")
    world.expect(OK, "stage", "-s", "one", "--stage", "unit-test", repo=repo)
    check(newest(shown(world, repo), "unit-test")["verdict"]["record"]["attempt"] == 2, "the newest pass does not answer")
    world.expect(OK, "stage", "-s", "one", "--stage", "unit-test", "--fresh", repo=repo)
    check(ran(shown(world, repo), "unit-test", 4), "the tests did not run")


def a_fresh_retry_forgets_the_record(folder):
    world, repo = shop(folder)
    world.expect(OK, "retry", "-s", "one", "--from", "implement", "--fresh", repo=repo)
    world.expect(WAITS, "run", "-s", "one", repo=repo)  # which was not asked for anything fresh itself
    for stage in GATES:
        check("record" not in newest(shown(world, repo), stage)["verdict"], f"{stage}: {newest(shown(world, repo), stage)}")
    check('"fresh":true' in world.expect(OK, "audit", "show", "-s", "one", "--json", repo=repo).stdout.replace(" ", ""), "the audit log does not say so")
    # Nor does another job's record answer it; what passed since does.
    world.expect(OK, "new", "-s", "two", "--task", "Change the price", repo=repo)
    write(f"{repo}/.factory/two/shop.py", SOURCE.replace("n * 2", "2 * n"))
    world.expect(WAITS, "run", "-s", "two", repo=repo)
    check("record" in newest(shown(world, repo, "two"), "unit-test")["verdict"], "the other job was not answered")
    again(world, repo)
    check(newest(shown(world, repo), "unit-test")["verdict"]["record"]["attempt"] == 2, f"{newest(shown(world, repo), 'unit-test')}")


def an_ignored_file_is_an_input(folder):
    world, repo = shop(folder)
    write(f"{repo}/.factory/one/machine.log", "up\n")
    check(git(f"{repo}/.factory/one", "status", "--porcelain") == "", "it is not ignored")
    done = world.factory("stage", "-s", "one", "--stage", "unit-test", repo=repo)
    check(done.returncode == FAILED, f"exit {done.returncode}: {done.stdout}{done.stderr}")
    os.unlink(f"{repo}/.factory/one/machine.log")
    # The tree has failed since: what passed before is in doubt.
    world.expect(OK, "rewind", "-s", "one", "--to", "unit-test/2", repo=repo)
    world.expect(OK, "stage", "-s", "one", "--from", "implement", "--to", "unit-test", repo=repo)
    check("record" not in newest(shown(world, repo), "unit-test")["verdict"], f"{newest(shown(world, repo), 'unit-test')}")


def files_in_the_home_are_inputs(folder):
    world, repo = shop(folder)
    home = f"{world.data}/jobs/{world.show('one', repo)['id']}/home"
    write(f"{home}/build/CMakeCache.txt", "anything\n")
    world.expect(OK, "stage", "-s", "one", "--stage", "lint", repo=repo)
    check("record" not in newest(shown(world, repo), "lint")["verdict"], f"{newest(shown(world, repo), 'lint')}")
    write(f"{home}/.config/flake8", "[flake8]\nselect = E\n")
    world.expect(OK, "stage", "-s", "one", "--stage", "lint", repo=repo)
    check(not os.path.exists(f"{home}/.config"), "settings that a command may have left are still in the home")
    check("record" in newest(shown(world, repo), "lint")["verdict"], f"{newest(shown(world, repo), 'lint')}")


def a_job_on_the_same_tree_is_answered(folder):
    world, repo = shop(folder)
    world.expect(OK, "new", "-s", "two", "--task", "Change the price", repo=repo)
    write(f"{repo}/.factory/two/shop.py", SOURCE.replace("n * 2", "2 * n"))
    said = world.expect(WAITS, "run", "-s", "two", repo=repo).stdout
    one, two = shown(world, repo), shown(world, repo, "two")
    for stage in GATES:
        check(newest(two, stage)["verdict"]["record"] == {"job": one["id"], "slug": "one", "stage": stage, "attempt": 1},
              f"{stage}: {newest(two, stage)}")
    check(f"of job one, {one['id']}" in said, f"it is not said whose record it is: {said}")
    text = world.expect(OK, "show", "-s", "two", "--detailed", repo=repo).stdout
    check(f"factory log -s {one['id']} --stage unit-test --attempt 1" in text, f"{text}")
    # Another change is judged itself.
    world.expect(OK, "new", "-s", "three", "--task", "Change the price", repo=repo)
    write(f"{repo}/.factory/three/shop.py", SOURCE.replace("n * 2", "n + n"))
    world.expect(WAITS, "run", "-s", "three", repo=repo)
    check("record" not in newest(shown(world, repo, "three"), "unit-test")["verdict"], "another tree was answered")


def the_setting_switches_it_off(folder):
    world, repo = shop(folder)
    write(f"{world.data}/openfactory.yaml", "answer_from_record: false\n")
    again(world, repo)
    check("record" not in newest(shown(world, repo), "unit-test")["verdict"], "it is answered all the same")


def killed_at_any_commit_it_goes_on(folder):
    """SIGKILL before and after syncs of a run whose gates are answered: nothing is left half done, nothing passes twice."""
    world, repo = shop(folder)
    world.expect(OK, "retry", "-s", "one", "--from", "implement", repo=repo)
    place, kept = folder, f"{folder}-kept"
    shutil.copytree(place, kept, symlinks=True, ignore=shutil.ignore_patterns("wake"))

    def run(kill=None):
        counts = f"{folder}/counts"
        env = {"LD_PRELOAD": KILLPOINT, "OPENFACTORY_KILL_COUNTS": counts,
               "ASAN_OPTIONS": world.env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0", **({"OPENFACTORY_KILL": kill} if kill else {})}
        done = world.factory("run", "-s", "one", repo=repo, env=env)
        with open(counts, "rb") as file:
            return done.returncode, struct.unpack("7Q", file.read(56))[0]

    code, syncs = run()
    check(code == WAITS and syncs > 20, f"exit {code}, {syncs} syncs")
    killed = 0
    try:
        for number in range(2, 40, 5):
            for side in ("before", "after"):
                subprocess.run(["find", place, "-mindepth", "1", "-delete"], check=True)
                subprocess.run(["cp", "-a", f"{kept}/.", place], check=True)
                code, _ = run(f"sync:{number}:{side}")
                killed += code == -signal.SIGKILL
                check(not leftovers(), "processes outlive the kill")
                world.expect(WAITS, "run", "-s", "one", repo=repo)
                job = shown(world, repo)
                for stage in GATES:
                    mine = [attempt for attempt in job["attempts"] if attempt["stage"] == stage and attempt["state"] == "passed"]
                    check(len(mine) == 2, f"{stage} passed {len(mine)} times after sync:{number}:{side}")
                    check(mine[1]["verdict"]["record"]["attempt"] == 1, f"{stage} was run again: {mine[1]}")
                check(not [a for a in job["attempts"] if a["state"] == "running"], "an attempt is left running")
                check_repository(repo)
                world.expect(OK, "audit", "verify")
    finally:
        shutil.rmtree(kept, ignore_errors=True)
    check(killed >= 6, f"only {killed} were killed")


if __name__ == "__main__":
    sys.exit(main({case.__name__: case for case in (
        what_has_not_changed_is_not_run_again, fresh_runs_it_all_the_same, a_fresh_retry_forgets_the_record, an_ignored_file_is_an_input,
        files_in_the_home_are_inputs, a_job_on_the_same_tree_is_answered, the_setting_switches_it_off,
        killed_at_any_commit_it_goes_on)}, "record"))
