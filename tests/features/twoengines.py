# SPDX-License-Identifier: Apache-2.0
"""Two workers on one data directory, twenty jobs in three repositories, random SIGKILLs: every job ends once, the audit
chain verifies, no merge is doubled. OPENFACTORY_LONG=1 kills for two minutes instead of twenty seconds."""

import os
import signal
import subprocess
import sys
import time

from world import (FACTORY, OK, World, Wrong, check, check_done, check_repository, contract, decided, leftovers, main,
                   make_repository, playbook, read, say, seeded, write)

JOBS = 20
REPOSITORIES = 3


def start(world):
    return subprocess.Popen([FACTORY, "worker", "--workers", "2"], cwd=world.folder, env=world.env, stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=open(f"{world.folder}/worker.log", "ab"))


def catches(process, number):
    """Whether the process has come so far that a signal does not just end it, or is gone."""
    if process.poll() is not None:
        return True
    caught = next(line for line in read(f"/proc/{process.pid}/status").decode().splitlines() if line.startswith("SigCgt:"))
    return int(caught.split()[1], 16) >> (number - 1) & 1 == 1


def two_engines(folder):
    random = seeded("twoengines")
    seconds = 120 if os.environ.get("OPENFACTORY_LONG") == "1" else 20
    world = World(folder, "busy_poll_ms: 200\nidle_poll_ms: 500\n")
    repos = [make_repository(f"{folder}/repo{i}") for i in range(REPOSITORIES)]
    jobs = []
    waiting = [f"job{i}" for i in range(JOBS)]
    workers = [start(world), start(world)]
    kills = 0
    begun = time.monotonic()
    following = begun + random.uniform(0.2, 1.5)
    spread = seconds / JOBS  # jobs arrive all through the time of the kills
    done = set()
    try:
        while len(done) < JOBS:
            now = time.monotonic()
            check(now < begun + seconds + 400, f"only {len(done)} of {JOBS} jobs came to an end")
            while waiting and now >= begun + spread * (JOBS - len(waiting)):
                slug = waiting.pop(0)
                repo = repos[len(waiting) % REPOSITORIES]
                write(f"{folder}/{slug}.yaml", playbook(slug))
                write(f"{folder}/{slug}-contract.yaml", contract(slug))
                world.expect(OK, "new", "-s", slug, "--playbook", f"{folder}/{slug}.yaml", "--contract", f"{folder}/{slug}-contract.yaml",
                             repo=repo)
                jobs.append((slug, repo))
            if now < begun + seconds and now >= following:
                victim = random.randrange(2)
                workers[victim].send_signal(signal.SIGKILL)
                workers[victim].wait()
                workers[victim] = start(world)
                kills += 1
                following = time.monotonic() + random.uniform(0.2, 1.5)
            for i, worker in enumerate(workers):
                if worker.poll() is not None:
                    raise Wrong(f"a worker ended by itself: exit {worker.returncode}")
            store = world.store()
            states = {row["slug"]: row for row in store.rows("SELECT slug, id, state, wait_kind, note FROM jobs")}
            store.close()
            for slug, repo in jobs:
                row = states.get(slug)
                if row is None or slug in done:
                    continue
                check(row["state"] not in ("failed", "cancelled"), f"{slug} is {row['state']}: {row['note']}")
                if row["state"] == "done":
                    done.add(slug)
                elif row["wait_kind"] == "approval" and not decided(world, row["id"]):
                    # The gate may be answered or move between the look and the act: then the next look tells.
                    world.factory("approve", "-s", slug, "--accept-risk", "docs", "--comment", "no docs needed", "--no-run", repo=repo)
            time.sleep(0.05)
    finally:
        for worker in workers:
            late = time.monotonic() + 30  # one of them may have been started just now
            while not catches(worker, signal.SIGTERM) and time.monotonic() < late:
                time.sleep(0.01)
            worker.send_signal(signal.SIGTERM)
        codes = [worker.wait(60) for worker in workers]
    check(codes == [130, 130], f"the workers did not park: {codes}")
    left = leftovers()
    check(not left, f"processes are left: {left}")
    for slug, repo in jobs:
        check_done(world, repo, slug, alone=False)
    for repo in repos:
        check_repository(repo)
    world.expect(OK, "audit", "verify")
    store = world.store()
    check(store.value("SELECT count(*) FROM jobs") == JOBS, "a job was made twice")
    interrupted = store.value("SELECT count(*) FROM attempts WHERE state='interrupted'")
    store.close()
    say(f"{kills} kills, {JOBS} jobs done, {interrupted} attempts interrupted, {time.monotonic() - begun:.0f} s")
    check(kills >= 3, "hardly anything was killed")


if __name__ == "__main__":
    sys.exit(main({"two_engines": two_engines}, "two"))
