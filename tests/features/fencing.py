# SPDX-License-Identifier: Apache-2.0
"""An owner that is stopped past its lease and goes on later (test 8 of the hardening list): meanwhile another process has
taken its job, and the first one writes nothing any more, neither to the store nor to git nor to the workspace.

OPENFACTORY_FENCE_SECONDS is the time for a sample of points at which the first is stopped, chosen by the seed;
OPENFACTORY_KILL_ALL=1 tries every point.
"""

import fcntl
import glob
import hashlib
import os
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time

from killeverywhere import PHASES, SUITES, Kills, chosen
from world import (FACTORY, FAILED, KILLPOINT, LIMIT, OK, REFUSED, WAITS, World, Wrong, adopt_orphans, check, check_done, check_repository, finish, git,
                   leftovers, make_repository, read, say, scratch, seeded, write)

SETTINGS = "lease_ms: 500\nbusy_poll_ms: 100\nidle_poll_ms: 200\n"
TABLES = ("jobs", "attempts", "commands", "artifacts", "intents", "risks", "decisions", "events", "audit")

SLOW = """contract:
  pipeline:
    - name: implement
      command: "python3 slow.py"
    - name: deploy
"""
# Writes into the workspace, a line at a time, and passes where nobody else did.
SLOW_SCRIPT = """import sys, time
for i in range(300):
    with open("lines", "a") as file:
        file.write("line\\n")
    time.sleep(0.01)
sys.exit(open("lines").read().count("line") != 300)
"""


def picture(world, repo):
    """Everything that a job leaves: rows, refs, files of the workspaces and of the repository."""
    store = world.store()
    rows = {table: [tuple(row) for row in store.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3")] for table in TABLES}
    store.close()
    files = {}
    for folder, folders, names in os.walk(repo):
        if "/.git" in folder[len(repo):] or folder == f"{repo}/.factory":
            continue
        for name in names:
            path = os.path.join(folder, name)
            files[path] = os.readlink(path) if os.path.islink(path) else hashlib.sha256(read(path)).hexdigest()
    return {**rows, "refs": git(repo, "for-each-ref"), "files": files}


def differences(before, after):
    return [key for key in before if before[key] != after[key]]


def stopped(process, seconds=LIMIT):
    """True when it stopped, False when it ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pid, status = os.waitpid(process.pid, os.WNOHANG | os.WUNTRACED)
        if pid:
            if os.WIFSTOPPED(status):
                return True
            process.returncode = os.waitstatus_to_exitcode(status)
            return False
        time.sleep(0.005)
    raise Wrong("it neither stops nor ends")


def deadline(world):
    """When the last lease ends, in milliseconds of boot time; 0 where there is none."""
    if not os.path.exists(f"{world.data}/openfactory.db"):
        return 0
    store = world.store()
    try:
        return store.value("SELECT coalesce(max(deadline), 0) FROM leases")
    except sqlite3.OperationalError:  # not made yet
        return 0
    finally:
        store.close()


def lease_over(world):
    """Waits until no lease is in force."""
    until(lambda: deadline(world) < time.clock_gettime(time.CLOCK_BOOTTIME) * 1000, "a stopped process prolongs its lease")


def held(*paths):
    """Whether somebody holds a lock of an open file on the first byte of one of the files."""
    for path in paths:
        with open(path, "rb+") as file:
            asked = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 1, 0)
            if struct.unpack("hhqqi4x", fcntl.fcntl(file, 36, asked))[0] != fcntl.F_UNLCK:  # F_OFD_GETLK
                return True
    return False


def until(holds, what, seconds=LIMIT):
    end = time.monotonic() + seconds
    while not holds():
        check(time.monotonic() < end, what)
        time.sleep(0.02)


class Fences(Kills):
    def put(self, phase):
        world = super().put(phase)
        write(f"{world.data}/openfactory.yaml", SETTINGS)
        return world

    def stop_at(self, phase, what, number):
        """True where the first process was stopped there."""
        world = self.put(phase)
        env = {**world.env, "LD_PRELOAD": KILLPOINT, "OPENFACTORY_KILL": f"{what}:{number}:stop"}
        first = subprocess.Popen([FACTORY, *PHASES[phase][0]], cwd=self.repo, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True)
        try:
            was = stopped(first)
            if was and (held(*glob.glob(f"{world.data}/openfactory.lock")) or not deadline(world)):
                # In the middle of a write: nobody can take anything from it, so it goes on as the owner it is. Or no owner.
                first.send_signal(signal.SIGCONT)
                first.communicate(timeout=LIMIT)
                was = False
            elif was and held(*glob.glob(f"{world.data}/jobs/*/effects.lock")):
                self.waits_for(world, first)
            elif was:
                lease_over(world)
                finish(world, self.repo, "one", self.playbook)
                before = picture(world, self.repo)
                first.send_signal(signal.SIGCONT)
                said, _ = first.communicate(timeout=LIMIT)
                changed = differences(before, picture(world, self.repo))
                check(not changed, f"the first process changed {changed} after it was fenced: exit {first.returncode} {said}")
            else:
                first.communicate(timeout=LIMIT)
        finally:
            if first.returncode is None:
                first.kill()
                first.communicate()
        left = leftovers()
        check(not left, f"processes are left: {left}")
        finish(world, self.repo, "one", self.playbook)
        check_done(world, self.repo, "one")
        check_repository(self.repo)
        world.expect(OK, "audit", "verify")
        return was

    def waits_for(self, world, first):
        """Stopped in the middle of an effect: the other one takes the job, says whom it waits for, and goes on afterwards."""
        lease_over(world)
        other = subprocess.Popen([FACTORY, "run", "-s", "one"], cwd=self.repo, env=world.env, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            until(lambda: "stands still" in (world.show("one", self.repo) or {}).get("waits_for", ""), "not said that another process stands in the way")
            first.send_signal(signal.SIGCONT)
            said, _ = first.communicate(timeout=LIMIT)
            also, _ = other.communicate(timeout=LIMIT)
            check(other.returncode in (OK, WAITS), f"exit {other.returncode} {also}, after {said}")
        finally:
            if other.returncode is None:
                other.kill()
                other.communicate()


def in_the_middle_of_a_command():
    """The owner is stopped while its command runs, which goes on writing into the workspace; another process takes the job
    and runs the command again, which finds nobody else at work."""
    folder = scratch("fence-command")
    world = World(folder, SETTINGS)
    repo = make_repository(f"{folder}/repo", SLOW)
    write(f"{repo}/slow.py", SLOW_SCRIPT)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Slow")
    write(f"{folder}/playbook.yaml", 'playbook: p\nchanges:\n  - for: implement\n    summary: "s"\n    write: {"a": "x"}\n')
    world.expect(OK, "new", "-s", "one", "--playbook", f"{folder}/playbook.yaml", repo=repo)
    first = subprocess.Popen([FACTORY, "run", "-s", "one"], cwd=repo, env=world.env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
    try:
        lines = f"{repo}/.factory/one/lines"
        until(lambda: os.path.exists(lines), "the command does not start")
        while True:
            first.send_signal(signal.SIGSTOP)
            check(stopped(first), "it is not stopped")
            if not held(f"{world.data}/openfactory.lock"):
                break
            first.send_signal(signal.SIGCONT)  # it was about to prolong its lease: nobody could take anything from it
            time.sleep(0.02)
        lease_over(world)
        world.expect(WAITS, "run", "-s", "one", repo=repo)
        before = picture(world, repo)
        first.send_signal(signal.SIGCONT)
        said, _ = first.communicate(timeout=LIMIT)
    finally:
        if first.returncode is None:
            first.kill()
            first.communicate()
    check(not leftovers(), "processes are left")
    changed = differences(before, picture(world, repo))
    check(not changed, f"the first process changed {changed} after it was fenced: exit {first.returncode} {said}")
    store = world.store()
    states = [row["state"] for row in store.rows("SELECT state FROM attempts WHERE stage='implement' ORDER BY num")]
    store.close()
    check(states == ["interrupted", "passed"], f"two commands wrote into the workspace at the same time: {states}")
    shutil.rmtree(folder, ignore_errors=True)


def ended_by_another_while_it_is_cancelled():
    """The job of a killed process is cancelled, by one that is stopped on its way; meanwhile another takes it and ends it as
    it was told. The first one then says that it is cancelled, which is what was asked of it."""
    folder = scratch("fence-cancel")
    world = World(f"{folder}/all", SETTINGS)
    repo = make_repository(f"{folder}/all/repo", SLOW)
    write(f"{repo}/slow.py", SLOW_SCRIPT)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Slow")
    write(f"{folder}/playbook.yaml", 'playbook: p\nchanges:\n  - for: implement\n    summary: "s"\n    write: {"a": "x"}\n')
    world.expect(OK, "new", "-s", "one", "--playbook", f"{folder}/playbook.yaml", repo=repo)
    owner = subprocess.Popen([FACTORY, "run", "-s", "one"], cwd=repo, env=world.env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    until(lambda: os.path.exists(f"{repo}/.factory/one/lines"), "the command does not start")
    owner.kill()
    owner.wait()
    until(lambda: not leftovers(0), "the command outlives its engine")
    lease_over(world)
    subprocess.run(["cp", "-a", f"{folder}/all", f"{folder}/kept"], check=True)
    met = 0
    for number in range(1, 40):
        shutil.rmtree(f"{folder}/all")
        subprocess.run(["cp", "-a", f"{folder}/kept", f"{folder}/all"], check=True)
        env = {**world.env, "LD_PRELOAD": KILLPOINT, "OPENFACTORY_KILL": f"make:{number}:stop"}
        first = subprocess.Popen([FACTORY, "cancel", "-s", "one"], cwd=repo, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, text=True)
        try:
            if not stopped(first):
                break
            locks = glob.glob(f"{world.data}/openfactory.lock") + glob.glob(f"{world.data}/jobs/*/effects.lock")
            other, faster = None, False
            if not held(*locks) and asked_to_end(world):
                lease_over(world)
                other = subprocess.Popen([FACTORY, "run", "-s", "one"], cwd=repo, env=world.env, stdin=subprocess.DEVNULL,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    other.wait(2)
                    check(world.show("one", repo)["state"] == "cancelled", "the other one did not end it")
                    faster = True
                    met += 1
                except subprocess.TimeoutExpired:
                    pass  # the first one stands in its way, with the lock of the mirrored files
            first.send_signal(signal.SIGCONT)
            said, _ = first.communicate(timeout=LIMIT)
            told = "told to stop" if other and not faster else "cancelled"
            check(first.returncode == OK and told in said, f"stopped at {number}: exit {first.returncode} {said}")
            check(not other or other.wait(LIMIT) in (FAILED, REFUSED), f"stopped at {number}: the other one's exit {other and other.returncode}")
        finally:
            if first.returncode is None:
                first.kill()
                first.communicate()
        if met == 2:
            break
    check(met, "the first was never stopped where another could end the job")
    say(f"a cancel that another was faster than: {met} of {number} points")
    shutil.rmtree(folder, ignore_errors=True)


def asked_to_end(world):
    store = world.store()
    try:
        return bool(store.value("SELECT cancel_asked FROM jobs"))
    finally:
        store.close()


def main():
    adopt_orphans()
    check(FACTORY and KILLPOINT, "OPENFACTORY_FACTORY and OPENFACTORY_KILLPOINT are not set")
    everything = os.environ.get("OPENFACTORY_KILL_ALL") == "1"
    seconds = float(os.environ.get("OPENFACTORY_FENCE_SECONDS", "15"))
    random = seeded("fencing")
    in_the_middle_of_a_command()
    ended_by_another_while_it_is_cancelled()
    fences = Fences(scratch("fence"))
    points = fences.prepare(SUITES["light"])
    wanted = [word.split(":") for word in sys.argv[1:]]  # PHASE:CLASS:N
    order = [(p, w, int(n)) for p, w, n in wanted] or [point[:3] for point in chosen(points, everything, random) if point[3] == "before"]
    end = time.monotonic() + seconds
    tried = met = 0
    failures = []
    for point in order:
        if not everything and not wanted and time.monotonic() > end and met >= 3:
            break
        tried += 1
        try:
            met += fences.stop_at(*point)
        except (Wrong, subprocess.TimeoutExpired) as error:
            failures.append(point)
            say(f"FAIL {':'.join(map(str, point))}: {error}")
            if len(failures) <= 5:
                shutil.rmtree(f"{fences.folder}/failed-{len(failures)}", ignore_errors=True)
                subprocess.run(["cp", "-a", fences.place, f"{fences.folder}/failed-{len(failures)}"], check=False)
            for pid in leftovers(0):
                os.kill(pid, signal.SIGKILL)
    say(f"{tried} of {len(order)} points, stopped at {met}, {len(failures)} failed{', see ' + fences.folder if failures else ''}")
    check(met >= min(3, len(order)), "hardly ever stopped")
    if not failures:
        shutil.rmtree(fences.folder, ignore_errors=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
