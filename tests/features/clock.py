# SPDX-License-Identifier: Apache-2.0
"""A wall clock that jumps by a day, ten years and the hour of summer time, while jobs run (test 7 of the hardening list): leases,
waits, time limits and order are as if it had not. A preload gives the program the clock; the file that it reads is the hand."""

import json
import mmap
import os
import signal
import sqlite3
import struct
import subprocess
import sys
import threading
import time

from killeverywhere import PHASES, SUITES
from world import (FACTORY, LIMIT, OK, REFUSED, WAITS, World, check, check_done, check_repository, contract, git, main, make_repository,
                   playbook, seeded, write)

CLOCK = os.environ.get("OPENFACTORY_CLOCKSHIFT", "")
DAY = 86_400
YEARS = 3653 * DAY

# What it has to wait for: the first call of a stage takes too long, which is a transient failure; the second passes.
WAITING = """contract:
  pipeline:
    - name: implement
      command: "python3 once.py"
    - name: deploy
  limits: {command_timeout_seconds: 2}
"""
ONCE = """import os, time
if not os.path.exists(os.environ["HOME"] + "/been-here"):
    open(os.environ["HOME"] + "/been-here", "w").close()
    print("began", flush=True)
    time.sleep(600)
"""
CHANGE = 'playbook: p\nchanges:\n  - for: implement\n    summary: "s"\n    write: {"a": "x"}\n'


class Hand:
    """The hand on the clock of the processes started with its environment."""

    def __init__(self, folder):
        self.path = f"{folder}/clock"
        write(self.path, "\0" * 8)
        self.file = open(self.path, "r+b")
        self.shift = mmap.mmap(self.file.fileno(), 8)

    def env(self, world):
        return {**world.env, "LD_PRELOAD": CLOCK, "OPENFACTORY_CLOCK": self.path, "TZ": "Europe/Berlin"}

    def by(self, seconds):
        self.shift[:] = struct.pack("q", int(seconds))


def until(holds, what, seconds=LIMIT):
    end = time.monotonic() + seconds
    while True:
        got = holds()
        if got:
            return got
        check(time.monotonic() < end, what)
        time.sleep(0.02)


def begun(folder, text, files, settings=""):
    world = World(folder, settings)
    repo = make_repository(f"{folder}/repo", text)
    for name, content in files.items():
        write(f"{repo}/{name}", content)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "More")
    write(f"{folder}/playbook.yaml", CHANGE)
    return world, repo, Hand(folder)


def look(world, sql, *values):
    """The answer, or nothing where the store is not made yet."""
    if not os.path.exists(f"{world.data}/openfactory.db"):
        return None
    store = world.store()
    try:
        row = store.connection.execute(sql, values).fetchone()
        return row[0] if row else None
    except sqlite3.OperationalError:
        return None
    finally:
        store.close()


def a_whole_job(folder):
    """The clock jumps all through a job; nothing of it shows but in times."""
    random = seeded("clock")
    world = World(folder, "lease_ms: 2000\nbusy_poll_ms: 100\n")
    repo = make_repository(f"{folder}/repo", contract("one"))
    write(f"{folder}/playbook.yaml", playbook("one"))
    hand = Hand(folder)
    autumn = 1_792_889_990 - int(time.time())  # ten seconds before the hour is told twice, in Berlin, 2026
    jumps = [DAY, -DAY, YEARS, -YEARS, autumn, autumn + 3600, 0]
    over = threading.Event()

    def jump():
        while not over.is_set():
            hand.by(random.choice(jumps))
            time.sleep(0.03)

    thread = threading.Thread(target=jump)
    thread.start()
    try:
        for phase in SUITES["light"]:
            done = world.factory(*[word.replace("../", f"{folder}/") for word in PHASES[phase][0]], repo=repo, env=hand.env(world))
            check(done.returncode == PHASES[phase][1], f"{phase}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    finally:
        over.set()
        thread.join()
    check_done(world, repo, "one")
    check_repository(repo)
    world.expect(OK, "audit", "verify")
    store = world.store()
    long = store.value("SELECT count(*) FROM commands WHERE duration_ms<0 OR duration_ms>?", LIMIT * 1000)
    interrupted = store.value("SELECT count(*) FROM attempts WHERE state='interrupted'")
    stages = [row["stage"] for row in store.rows("SELECT stage FROM attempts ORDER BY num")]
    times = [json.loads(row["entry"])["at"] for row in store.rows("SELECT entry FROM audit ORDER BY seq")]
    store.close()
    check(long == 0, "a duration was taken from the wall clock")
    check(interrupted == 0, "a lease was lost to the wall clock")
    check(stages == ["implement", "unit-test", "implement", "unit-test", "docs", "boundary", "integrate", "tcr", "deploy"], f"order: {stages}")
    check(max(times) - min(times) > 1000 * DAY, "the clock did not jump: the preload does not work")


def a_lease_is_no_matter_of_the_wall_clock(folder):
    world, repo, hand = begun(folder, WAITING.replace("seconds: 2", "seconds: 600"), {"once.py": ONCE}, "lease_ms: 3000\n")
    process = subprocess.Popen([FACTORY, "run", "-s", "one", "--playbook", f"{folder}/playbook.yaml"], cwd=repo, env=hand.env(world),
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: look(world, "SELECT count(*) FROM commands WHERE finished=0"), "no command runs")
        epoch = look(world, "SELECT epoch FROM leases")
        for jump in (YEARS, -YEARS, DAY, 0):
            hand.by(jump)
            before = look(world, "SELECT deadline FROM leases")
            other = world.factory("run", "-s", "one", repo=repo, env=hand.env(world))
            check(other.returncode == REFUSED, f"with the clock off by {jump} s another process took the job: exit {other.returncode} {other.stdout}{other.stderr}")
            until(lambda: look(world, "SELECT deadline FROM leases") > before, "the lease is not prolonged any more")
        check(process.poll() is None and look(world, "SELECT epoch FROM leases") == epoch, "the owner gave up")
        process.send_signal(signal.SIGTERM)
        check(process.wait(LIMIT) == 130, f"exit {process.returncode}")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def a_wait_and_a_limit_end_though_the_clock_goes_back(folder):
    """A command that takes too long is ended, and the wait after it is over in time, with the clock set back by ten years each."""
    world, repo, hand = begun(folder, WAITING, {"once.py": ONCE})
    process = subprocess.Popen([FACTORY, "run", "-s", "one", "--playbook", f"{folder}/playbook.yaml"], cwd=repo, env=hand.env(world),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        until(lambda: look(world, "SELECT count(*) FROM commands WHERE finished=0"), "no command runs")
        hand.by(-YEARS)  # the limit must end it all the same
        until(lambda: look(world, "SELECT count(*) FROM jobs WHERE wait_kind='retry' AND timed=1"), "the job does not wait for another try")
        wake = look(world, "SELECT wake_at FROM jobs")
        hand.by(-2 * YEARS)
        until(lambda: look(world, "SELECT count(*) FROM attempts WHERE stage='implement'") == 2, "the wait does not end")
        check(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000 >= wake, "the wait ended too early")
        said, _ = process.communicate(timeout=LIMIT)
        check(process.returncode == WAITS, f"exit {process.returncode} {said}")
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    check(look(world, "SELECT ending FROM commands ORDER BY attempt LIMIT 1") == "timeout", "it was not the limit")


def a_wait_is_not_cut_short_by_a_clock_that_goes_forward(folder):
    world, repo, hand = begun(folder, WAITING, {"once.py": ONCE})
    world.expect(OK, "new", "-s", "one", "--playbook", f"{folder}/playbook.yaml", repo=repo)
    process = subprocess.Popen([FACTORY, "worker"], cwd=repo, env=hand.env(world), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        wake = until(lambda: look(world, "SELECT wake_at FROM jobs WHERE wait_kind='retry' AND timed=1"), "the job does not wait")
        hand.by(YEARS)
        world.expect(OK, "list", repo=repo)
        until(lambda: look(world, "SELECT count(*) FROM attempts WHERE stage='implement'") == 2, "the wait does not end")
        check(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000 >= wake, "the wait was cut short by the wall clock")
        until(lambda: look(world, "SELECT wait_kind FROM jobs") == "approval", "the job does not go on")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(LIMIT)


if __name__ == "__main__":
    check(CLOCK, "OPENFACTORY_CLOCKSHIFT is not set")
    sys.exit(main({case.__name__: case for case in (
        a_whole_job, a_lease_is_no_matter_of_the_wall_clock, a_wait_and_a_limit_end_though_the_clock_goes_back,
        a_wait_is_not_cut_short_by_a_clock_that_goes_forward)}, "clock"))
