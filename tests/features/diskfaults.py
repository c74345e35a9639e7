# SPDX-License-Identifier: Apache-2.0
"""A disk that fails (test 5 of the hardening list) and one that is full (test 6), at the Nth call that asks something of it.

A failed sync of the store: the engine halts, says so, and writes nothing to the store any more, although the disk would take
it; a start afterwards finishes the job. A full disk: what ran is recorded, the job is paused and says why, and goes on once
there is space. OPENFACTORY_KILL_ALL=1 tries every point; else a sample for OPENFACTORY_FAULT_SECONDS each, chosen by the seed.
"""

import os
import shutil
import signal
import struct
import subprocess
import sys
import time

from killeverywhere import CLASSES, PHASES, SUITES, Kills
from world import (ENVIRONMENT, FAILED, OK, WAITS, Wrong, adopt_orphans, check, check_done, check_repository, finish, leftovers, say,
                   scratch, seeded)

COUNTERS = [*CLASSES, "store", "failed", "store_failed", "store_writes_after"]


class Faults(Kills):
    def fault(self, phase, what, number, action):
        """The phase with that fault: how it ended, and what the counters say."""
        world = self.put(phase)
        done, _ = self.start(world, phase, f"{what}:{number}:{action}")
        with open(f"{self.folder}/counts", "rb") as file:
            counts = dict(zip(COUNTERS, struct.unpack(f"{len(COUNTERS)}Q", file.read(8 * len(COUNTERS)))))
        left = leftovers()
        check(not left, f"processes are left: {left}")
        return world, done, counts

    def goes_on(self, world):
        """Where the fault failed the job itself, a person retries it; the facts at the end are the same."""
        job = world.show("one", self.repo)
        if job and job["state"] == "failed":
            world.expect(OK, "retry", "-s", "one", repo=self.repo)
        finish(world, self.repo, "one", self.playbook)
        check_done(world, self.repo, "one")
        check_repository(self.repo)
        world.expect(OK, "audit", "verify")

    def failed_sync(self, phase, what, number):
        """True where the disk refused something."""
        world, done, counts = self.fault(phase, what, number, "EIO")
        said = done.stdout + done.stderr
        check(done.returncode in (PHASES[phase][1], ENVIRONMENT, FAILED, WAITS), f"exit {done.returncode}\n{said}")
        # A store that is not made yet has promised nothing: SQLite takes the half of it back.
        unmade = done.returncode == ENVIRONMENT and world.show("one", self.repo) is None
        check(counts["store_writes_after"] == 0 or unmade, f"the store was written to after its sync had failed: {counts}\n{said}")
        if done.returncode != PHASES[phase][1]:
            check("nput/output error" in said, f"the error is not said: {said}")
        if counts["store_failed"] and done.returncode != PHASES[phase][1]:
            check(done.returncode == ENVIRONMENT and "factory: could not" in done.stderr, f"not halted visibly: exit {done.returncode} {said}")
        self.goes_on(world)
        return counts["failed"] > 0

    def full_disk(self, phase, what, number):
        """True where something met the full disk."""
        world, done, counts = self.fault(phase, what, number, "ENOSPC")
        said = done.stdout + done.stderr
        check(done.returncode in (PHASES[phase][1], ENVIRONMENT, FAILED, WAITS), f"exit {done.returncode}\n{said}")
        job = world.show("one", self.repo)
        if job:
            check(job["state"] != "failed", f"a full disk failed the job: {job['note']}\n{said}")
            check(job["state"] != "running", f"the job is left running\n{said}")
            store = world.store()
            unfinished = store.value("SELECT count(*) FROM commands WHERE finished=0")
            leases = store.value("SELECT count(*) FROM leases")
            store.close()
            check(unfinished == 0, f"the result of {unfinished} commands is lost\n{said}")
            check(leases == 0, f"a lease is left\n{said}")
        if done.returncode != PHASES[phase][1]:
            check("free space" in said or "disk full" in said or "No space left" in said or "disk is full" in said, f"exit {done.returncode}, and the full disk is not named: {said}")
            check(not job or job["paused"] or job["state"] == "created" or job["wait"] == "retry" or phase == "gate", f"not paused: {job}\n{said}")
        self.goes_on(world)
        return counts["failed"] > 0


def tried(faults, points, act, name, seconds, random, wanted):
    everything = os.environ.get("OPENFACTORY_KILL_ALL") == "1"
    if not everything:
        random.shuffle(points)
    end = time.monotonic() + seconds
    count = met = 0
    failures = []
    for point in points:
        if not everything and time.monotonic() > end and met >= 3:
            break
        count += 1
        try:
            met += act(*point)
        except (Wrong, subprocess.TimeoutExpired) as error:
            failures.append(point)
            say(f"FAIL {name} {':'.join(map(str, point))}: {error}")
            if len(failures) <= 5:
                shutil.rmtree(f"{faults.folder}/failed-{name}-{len(failures)}", ignore_errors=True)
                subprocess.run(["cp", "-a", faults.place, f"{faults.folder}/failed-{name}-{len(failures)}"], check=False)
            for pid in leftovers(0):
                os.kill(pid, signal.SIGKILL)
    say(f"{name}: {count} of {len(points)} points, {met} met the fault, {len(failures)} failed{', see ' + faults.folder if failures else ''}")
    check(wanted or met >= 3, f"{name}: hardly any point met the fault")
    return failures


def main():
    adopt_orphans()
    random = seeded("diskfaults")
    seconds = float(os.environ.get("OPENFACTORY_FAULT_SECONDS", "12"))
    faults = Faults(scratch("disk"))
    counted = faults.prepare(SUITES["light"])
    wanted = [word.split(":") for word in sys.argv[1:]]  # PHASE:CLASS:N
    points = [(p, w, int(n)) for p, w, n in wanted] or [(p, w, n) for p in counted for w in ("store", "sync", "write", "make") for n in range(1, counted[p][w] + 1)]
    suites = {"store-sync": (("store",), faults.failed_sync), "other-sync": (("sync",), faults.failed_sync),
              "full-disk": (("write", "make"), faults.full_disk)}
    failures = []
    for name, (classes, act) in suites.items():
        mine = [point for point in points if point[1] in classes]
        if mine:
            failures += tried(faults, mine, act, name, seconds / (2 if name == "other-sync" else 1), random, wanted)
    if not failures:
        shutil.rmtree(faults.folder, ignore_errors=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
