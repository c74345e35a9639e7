# SPDX-License-Identifier: Apache-2.0
"""SIGKILL at every durable boundary, and before and after every call that leaves something outside the process; then
start again: the same final facts, nothing done twice (tests 1 and 2 of the hardening list).

  killeverywhere.py [light|smoke|whole]  the phases of a light job (default), or `factory smoke` with the real tools, of the
                                         pipeline factory or of openfactory, the whole way
  killeverywhere.py PHASE:CLASS:N:SIDE   just that point

OPENFACTORY_KILL_ALL=1 tries every state, which is every call before it is made and the last after it, because what one call
leaves is what the next begins with; writes come last, for they are the most and the least. Else a sample of every class and
both sides for OPENFACTORY_KILL_SECONDS, chosen by the seed.
OPENFACTORY_KILL_SHARE=I/N takes every Nth point, so that N processes share the work.
"""

import collections
import itertools
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time

from world import (FACTORY, KILLPOINT, OK, WAITS, World, Wrong, adopt_orphans, check, check_done, check_repository, contract,
                   finish, git, leftovers, make_repository, playbook, say, scratch, seeded, write)

CLASSES = ["sync", "rename", "unlink", "make", "write", "exec"]
SMOKE = ["smoke", "--json", "--keep", "kept"]
# The words of each phase, and the exit code of one that nobody killed. A phase begins where the one before it ended.
PHASES = {
    "run": (["run", "-s", "one", "--playbook", "../playbook.yaml"], WAITS),
    "gate": (["approve", "-s", "one", "--accept-risk", "docs", "--comment", "no docs needed"], OK),
    "smoke": (SMOKE, OK),
    "whole": ([*SMOKE, "--pipeline", "openfactory"], OK),
}
SUITES = {"light": ["run", "gate"], "smoke": ["smoke"], "whole": ["whole"]}
SMOKES = ["smoke", "whole"]
PART = 60  # syncs of a part of a long phase


def words(phase):
    """The words of a phase, or of the phase that a part belongs to, and the exit code of one that nobody killed."""
    return PHASES[phase.split(".")[0]]


def long(phase):
    return phase.split(".")[0] in SMOKES


class Kills:
    def __init__(self, folder, contract_yaml=contract("one"), playbook_yaml=playbook("one"), check_more=None, files=None, **done):
        """`check_more(kills)` and `done`, for check_done(), say what else holds of the job in the end."""
        self.folder = folder
        self.contract, self.changes, self.check_more, self.done = contract_yaml, playbook_yaml, check_more, done
        self.files = files
        self.place = f"{folder}/w"  # the same for every run: a worktree knows its path
        self.repo = f"{self.place}/repo"
        self.playbook = f"{self.place}/playbook.yaml"

    def put(self, phase):
        """The state before the phase, back in place."""
        shutil.rmtree(self.place, ignore_errors=True)
        subprocess.run(["cp", "-a", "--sparse=always", f"{self.folder}/{phase}", self.place], check=True)
        # A lock that a killed process left is known by its birth: after the word that was left of it. A copy has its own.
        for where, _, names in os.walk(self.place):
            for lock in [f"{where}/{name}" for name in names if name.endswith(".lock")]:
                shutil.copy2(lock, f"{lock}.born")
                os.rename(f"{lock}.born", lock)
        return World(self.place)

    def keep(self, phase):
        subprocess.run(["cp", "-a", "--sparse=always", self.place, f"{self.folder}/{phase}"], check=True)

    def start(self, world, phase, kill=None):
        """Runs the phase with the counters; returns exit code (negative: signal) and the counts."""
        file = f"{self.folder}/counts"
        if os.path.exists(file):
            os.unlink(file)
        env = {"LD_PRELOAD": KILLPOINT, "OPENFACTORY_KILL_COUNTS": file,
               "ASAN_OPTIONS": world.env.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        if kill:
            env["OPENFACTORY_KILL"] = kill
        done = world.factory(*words(phase)[0], repo=self.place if long(phase) else self.repo, env=env)
        with open(file, "rb") as counted:
            return done, dict(zip([*CLASSES, "store"], struct.unpack("7Q", counted.read(56))))

    def prepare(self, phases):
        """Makes the states before each phase, and counts the points of each."""
        world = World(self.place)
        if phases[0] not in SMOKES:
            make_repository(self.repo, self.contract, self.files)
            write(self.playbook, self.changes)
        points = {}
        for phase in phases:
            if long(phase):
                done = self.prepare_parts(world, phase, points)
            else:
                self.keep(phase)
                done, points[phase] = self.start(world, phase)
            check(done.returncode == words(phase)[1], f"{phase}, not killed: exit {done.returncode}\n{done.stdout}{done.stderr}")
        self.check_end(world, phases[-1])
        return points

    def prepare_parts(self, world, phase, points):
        """A long phase is cut by kills into parts, so that a point costs one part and the rest, not the whole from its
        beginning. Returns how the last part ended."""
        for part in itertools.count():
            self.keep(f"{phase}.{part}")
            done, points[f"{phase}.{part}"] = self.start(world, phase, f"sync:{PART}:before")
            check(not (left := leftovers()), f"processes outlive the kill: {left}")
            if done.returncode != -signal.SIGKILL:
                return done

    def check_end(self, world, phase):
        """Goes on after the kill, as a person would, and checks all that must hold in the end."""
        if long(phase):
            check_smoke(world, self.place, words(phase)[0])
            return
        finish(world, self.repo, "one", self.playbook)
        check_done(world, self.repo, "one", **self.done)
        if self.check_more:
            self.check_more(world, self.repo)
        check_repository(self.repo)
        world.expect(OK, "audit", "verify")

    def kill_at(self, phase, what, number, side):
        """True where the process was killed there; raises Wrong where the restart does not make it good."""
        world = self.put(phase)
        done, _ = self.start(world, phase, f"{what}:{number}:{side}")
        check(done.returncode in (-signal.SIGKILL, words(phase)[1]), f"exit {done.returncode}\n{done.stdout}{done.stderr}")
        left = leftovers()
        check(not left, f"processes outlive the kill: {left}")
        self.check_end(world, phase)
        return done.returncode == -signal.SIGKILL


def check_smoke(world, place, words=SMOKE):
    """The facts of `factory smoke` are its own account; beside them git's: one merge, one commit of each step."""
    done = world.expect(OK, *words, repo=place)
    answer = json.loads(done.stdout.splitlines()[-1])
    check(answer["green"] and all(fact["holds"] for fact in answer["facts"]), f"not green: {answer}")
    repo = f"{place}/kept/shop"
    check(len(git(repo, "rev-list", "--merges", "main").split()) == 1, "not one merge")
    steps = git(repo, "log", "--all", "--format=%(trailers:key=OpenFactory-Step,valueonly,separator=%x2C)").split()
    check(len(steps) == len(set(steps)), f"a step was done twice: {steps}")
    check_repository(repo)


def chosen(points, everything, random):
    """Every point, or all of them in an order that takes from each class in turn."""
    groups = []
    for what in sorted(CLASSES, key=lambda what: what == "write"):
        sides = ["before"] if what == "exec" or everything else ["before", "after"]
        groups.append([(phase, what, n, side) for phase, counts in points.items() for n in range(1, counts[what] + 1) for side in sides])
    if everything:
        groups.append([(phase, what, counts[what], "after") for phase, counts in points.items() for what in CLASSES[:-1] if counts[what]])
    if everything:
        return list(itertools.chain(*groups))
    for group in groups:
        random.shuffle(group)
    return [point for row in itertools.zip_longest(*groups) for point in row if point]


def try_points(kills, phases, wanted=(), everything=False, seconds=50.0):
    """Kills at the wanted points, at every one, or for so long at some of every class; the names of those that failed."""
    random = seeded("killeverywhere")
    points = kills.prepare(phases)
    seen = {what: sum(counts[what] for counts in points.values()) for what in CLASSES}
    say(f"points: {points}, in all {seen}: {sum(seen.values())} states")
    for what in CLASSES:
        check(seen[what] > 0, f"no call of class {what} was seen: the preload does not work")
    share, shares = map(int, os.environ.get("OPENFACTORY_KILL_SHARE", "0/1").split("/"))
    order = list(wanted) or chosen(points, everything, random)[share::shares]
    tried, killed, failures = collections.Counter(), collections.Counter(), []
    end = time.monotonic() + seconds
    for point in order:
        if not everything and not wanted and time.monotonic() > end and sum(killed.values()) >= 3:
            break
        tried[point[1]] += 1
        if tried.total() % 100 == 0:
            say(f"tried {dict(tried)}, killed {dict(killed)}, {len(failures)} failed so far")
        try:
            killed[point[1]] += kills.kill_at(*point)
        except (Wrong, subprocess.TimeoutExpired) as error:
            name = ":".join(map(str, point))
            failures.append(name)
            say(f"FAIL {name}: {error}")
            shutil.rmtree(f"{kills.folder}/failed-{len(failures)}", ignore_errors=True)
            if len(failures) <= 5:
                shutil.copytree(kills.place, f"{kills.folder}/failed-{len(failures)}", symlinks=True,
                                ignore=shutil.ignore_patterns("wake")) # sockets
            for pid in leftovers(0):
                os.kill(pid, signal.SIGKILL)
    say(f"tried {dict(tried)}, killed {dict(killed)}, {len(failures)} failed{', see ' + kills.folder if failures else ''}")
    check(sum(killed.values()) >= min(len(order), 3), "hardly anything was killed")
    # Calls come and go from run to run, so a few numbers are past the last one; a class that is never hit is a broken preload.
    # An exec is a child's own, and the process goes on without it.
    for what in set(tried) - {"exec"}:
        check(tried[what] < 5 or killed[what] >= 0.8 * tried[what], f"of {tried[what]} points of {what} only {killed[what]} killed anything")
    if not failures:
        shutil.rmtree(kills.folder, ignore_errors=True)
    return failures


def main():
    adopt_orphans()
    check(FACTORY and KILLPOINT, "OPENFACTORY_FACTORY and OPENFACTORY_KILLPOINT are not set")
    wanted = [(p, w, int(n), s) for p, w, n, s in (word.split(":") for word in sys.argv[1:] if ":" in word)]
    suites = [word for word in sys.argv[1:] if ":" not in word] or [wanted[0][0].split(".")[0] if wanted and long(wanted[0][0]) else "light"]
    failures = try_points(Kills(scratch("kill")), SUITES[suites[0]], wanted, os.environ.get("OPENFACTORY_KILL_ALL") == "1",
                          float(os.environ.get("OPENFACTORY_KILL_SECONDS", "100")))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
