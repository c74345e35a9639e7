# SPDX-License-Identifier: Apache-2.0
"""Gates side by side, with the real tools and the real sandbox: they overlap, are recorded as one after another, and
end with their job, whatever ends it."""

import json
import os
import signal
import subprocess
import sys
import time

from world import (FACTORY, KILLPOINT, LIMIT, OK, WAITS, World, check, check_repository, git, leftovers, main, make_repository, say,
                   seeded, write)

CONTRACT = """contract:
  language: python
  required_test_coverage: 50
  pipeline:
    - name: implement
    - name: unit-test
    - name: coverage
    - name: lint
    - name: review
    - name: boundary
    - name: integrate
    - name: tcr
    - name: deploy
"""
SOURCE = '"""Prices."""\n\n\ndef price(n):\n    """Of n pieces."""\n    return n * 2\n'
# The tests of the change take a moment, so that there is something to overlap; what they write to the sources must
# reach no other gate.
TESTS = '''"""Of the prices."""

import sys
import time

from shop import price


def test_price():
    """Takes its time."""
    time.sleep(0 if sys.gettrace() and QUICK else SECONDS)
    assert price(2) == 4
'''
SPOIL = '''

def test_spoil():
    """Tries to show the other gates another source."""
    with open("shop.py", "a") as file:
        file.write("def  price( n ) :  return 1\\n")
'''


def shop(folder, gates, seconds, more="", quick=False):
    """A job of a person with its change in the workspace; two gates at once, whatever the machine has."""
    world = World(folder, f"gates_at_once: {gates}\n")
    repo = make_repository(f"{folder}/repo", CONTRACT)
    os.unlink(f"{repo}/src/one.py")
    write(f"{repo}/shop.py", SOURCE)
    tests = TESTS.replace("QUICK", str(quick))
    write(f"{repo}/tests/test_shop.py", tests.replace("SECONDS", "0"))
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "A shop")
    world.expect(OK, "new", "-s", "one", "--task", "Change the price", repo=repo)
    write(f"{repo}/.factory/one/shop.py", SOURCE.replace("n * 2", "2 * n"))
    write(f"{repo}/.factory/one/tests/test_shop.py", tests.replace("SECONDS", str(seconds)) + more)
    return world, repo


def shown(world, repo):
    return json.loads(world.expect(OK, "show", "-s", "one", "--detailed", "--json", repo=repo).stdout.splitlines()[0])


def spans(job):
    """When each stage's commands ran."""
    found = {}
    for command in job["commands"]:
        begin, end = command["startedMs"], command["startedMs"] + command["durationMs"]
        known = found.get(command["stage"], (begin, end))
        found[command["stage"]] = (min(known[0], begin), max(known[1], end))
    return found


def told(world, job):
    """What the record says, without times and without names that differ from run to run."""
    store = world.store()
    try:
        num = store.value("SELECT num FROM jobs WHERE id=?", job["id"])
        events = [(row["kind"], row["stage"], row["attempt"]) for row in store.rows("SELECT kind, stage, attempt FROM events WHERE job=? ORDER BY seq", num)]
        artifacts = [(row["name"], row["stage"]) for row in store.rows("SELECT name, stage FROM artifacts WHERE job=? ORDER BY name", num)]
    finally:
        store.close()
    attempts = [(a["stage"], a["number"], a["state"], (a.get("verdict") or {}).get("summary")) for a in job["attempts"]]
    commands = [(c["stage"], c["attempt"], c["seq"], c["exitCode"]) for c in job["commands"]]
    return events, sorted(artifacts), attempts, commands


def no_trace(world):
    left = [os.path.join(root, name) for root, folders, _ in os.walk(f"{world.data}/jobs") for name in folders if name == "beside"]
    check(not any(os.listdir(folder) for folder in left), f"copies are left: {left}")


def gates_overlap_and_the_record_is_the_same(folder):
    records, gates = [], []
    for at_once in (1, 2):
        world, repo = shop(f"{folder}/{at_once}", at_once, 2)
        world.expect(WAITS, "run", "-s", "one", repo=repo)
        job = shown(world, repo)
        found = spans(job)
        overlap = found["unit-test"][1] > found["coverage"][0]
        check(overlap == (at_once == 2), f"{at_once} at once: {found}")
        tcr = [command for command in job["commands"] if command["stage"] == "tcr"]
        ends = [command["startedMs"] + command["durationMs"] for command in tcr]
        check((ends[0] > tcr[-2]["startedMs"]) == (at_once == 2), f"tcr, {at_once} at once: {tcr}")
        check(job["attempts"][2]["stage"] == "coverage" and (job["attempts"][2]["startedMs"] < job["attempts"][1]["endedMs"]) == (at_once == 2),
              f"when the attempts began: {job['attempts'][1:3]}")
        records.append(told(world, job))
        # What a gate is bound to holds the commits' messages, which name the job: what it shows is compared.
        gates.append((git(repo, "diff", "main...factory/one"), job["risks"], [a.get("verdict") for a in job["attempts"]]))
        for stage in ("coverage", "lint"):
            log = world.expect(OK, "log", "-s", "one", "--stage", stage, repo=repo).stdout
            check(stage == "lint" or "passed" in log, f"the log of {stage}: {log}")
        no_trace(world)
        world.expect(OK, "approve", "-s", "one", "--comment", "seen", repo=repo)
        check("2 * n" in git(repo, "show", "main:shop.py"), "the change is not on main")
        world.expect(OK, "audit", "verify")
        check_repository(repo)
    for one, two in zip(*records):
        check(one == two, f"one after another: {one}\nside by side: {two}")
    check(gates[0] == gates[1], "the gates show something else")


def an_attempt_ends_when_it_ended_and_not_in_its_turn(folder):
    world, repo = shop(folder, 2, 15, quick=True)
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    job = shown(world, repo)
    found = spans(job)
    if found["coverage"][1] + 1000 > found["unit-test"][1]:
        return say(f"the machine is too slow to tell: {found}")
    ends = {attempt["stage"]: attempt["endedMs"] for attempt in job["attempts"]}
    check(ends["coverage"] < found["unit-test"][1], f"it ended when its turn came: {ends}, commands {found}")


def nothing_of_one_gate_reaches_another(folder):
    world, repo = shop(folder, 2, 1, SPOIL)
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    job = shown(world, repo)
    states = {attempt["stage"]: attempt["state"] for attempt in job["attempts"]}
    check(states["lint"] == "passed" and states["unit-test"] == "passed", f"{states}")
    check("return 1" not in git(repo, "show", "factory/one:shop.py"), "what the tests wrote is in the change")


def wait_for(world, repo, holds, process):
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        check(process.poll() is None, f"it ended: exit {process.returncode}")
        if holds():
            return
        time.sleep(0.05)
    raise OSError("it did not come to that point")


def begin(world, repo):
    return subprocess.Popen([FACTORY, "run", "-s", "one"], cwd=repo, env=world.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def tests_running(world):
    """How many sandboxes of this world run tests: other tests beside this one do the same, so what is mounted tells."""
    count = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
            with open(f"/proc/{pid}/mountinfo") as file:
                ours = world.folder in file.read()
        except OSError:
            continue
        count += ours and words[0].endswith(b"python3") and any(word.startswith(b"--junitxml=/home/job/") for word in words)
    return count


def cancel_ends_both(folder):
    world, repo = shop(folder, 2, 600)
    process = begin(world, repo)
    wait_for(world, repo, lambda: tests_running(world) >= 2, process)
    begun = time.monotonic()
    world.expect(OK, "cancel", "-s", "one", repo=repo)
    process.wait(LIMIT)
    say(f"     cancelled in {time.monotonic() - begun:.1f} s")
    process.stdout.close()
    check(not leftovers(), "processes outlive the cancel")
    check(tests_running(world) == 0, "tests go on")
    job = shown(world, repo)
    check(job["state"] == "cancelled", f"{job['state']}")
    check(all(command["finished"] for command in job["commands"]), f"{job['commands']}")
    no_trace(world)


def a_kill_while_both_run_is_recovered(folder):
    world, repo = shop(folder, 2, 5)
    process = begin(world, repo)
    wait_for(world, repo, lambda: tests_running(world) >= 2, process)
    process.kill()
    process.wait()
    process.stdout.close()
    check(not leftovers(), "processes outlive the kill")
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    job = shown(world, repo)
    passed = [attempt["stage"] for attempt in job["attempts"] if attempt["state"] == "passed"]
    check(len(passed) == len(set(passed)), f"a stage passed twice: {passed}")
    check(not [attempt for attempt in job["attempts"] if attempt["state"] == "running"], "an attempt is left running")
    no_trace(world)
    world.expect(OK, "approve", "-s", "one", "--comment", "seen", repo=repo)
    check("2 * n" in git(repo, "show", "main:shop.py"), "the change is not on main")
    world.expect(OK, "audit", "verify")
    check_repository(repo)


def killed_at_any_sync_it_goes_on(folder):
    """SIGKILL at syncs of a run whose gates overlap, chosen by the seed: every stage passes once."""
    chosen = seeded("ahead")
    for _ in range(4):
        number = chosen.randrange(4, 60)
        place = f"{folder}/{number}"
        world, repo = shop(place, 2, 0.3)
        env = {**world.env, "LD_PRELOAD": KILLPOINT, "OPENFACTORY_KILL_COUNTS": f"{place}/counts", "OPENFACTORY_KILL": f"sync:{number}:after",
               "ASAN_OPTIONS": world.env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        done = world.factory("run", "-s", "one", repo=repo, env=env)
        check(done.returncode in (-signal.SIGKILL, WAITS), f"exit {done.returncode}: {done.stdout}{done.stderr}")
        check(not leftovers(), "processes outlive the kill")
        world.expect((OK, WAITS), "run", "-s", "one", repo=repo)
        job = shown(world, repo)
        check(job["state"] == "waiting" and job["wait"] == "approval", f"sync:{number}: {job['state']} {job['wait']} {job['note']}")
        passed = [attempt["stage"] for attempt in job["attempts"] if attempt["state"] == "passed"]
        check(len(passed) == len(set(passed)) == 8, f"sync:{number}: {passed}")
        check(all(command["finished"] for command in job["commands"]), f"sync:{number}: {job['commands']}")
        no_trace(world)
        world.expect(OK, "audit", "verify")
        check_repository(repo)


if __name__ == "__main__":
    sys.exit(main({case.__name__: case for case in (
        gates_overlap_and_the_record_is_the_same, an_attempt_ends_when_it_ended_and_not_in_its_turn, nothing_of_one_gate_reaches_another, cancel_ends_both,
        a_kill_while_both_run_is_recovered, killed_at_any_sync_it_goes_on)}, "ahead"))
