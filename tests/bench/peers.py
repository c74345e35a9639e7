# SPDX-License-Identifier: Apache-2.0
"""Peers that need more than one command line, and the files that rows work on."""

import os
import random
import socket
import sqlite3
import subprocess
import time

from measure import call, git, seconds


def ninja(folder, edges):
    """ms for each of so many independent edges that run `true`, one at a time."""
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/build.ninja", "w") as file:
        file.write("rule t\n command = true\n" + "".join(f"build out{i}: t\n" for i in range(edges)))
    return seconds(["ninja", "-C", folder, "-j1", "--quiet"]) / edges * 1000


MASTER = """
from buildbot.plugins import schedulers, steps, util, worker
BuildmasterConfig = {
    'workers': [worker.Worker('w', 'p')], 'protocols': {'pb': {'port': 'tcp:PORT:interface=127.0.0.1'}},
    'schedulers': [schedulers.Periodic(name='always', builderNames=['b'], periodicBuildTimer=1)],
    'builders': [util.BuilderConfig(name='b', workernames=['w'], factory=util.BuildFactory(
        [steps.ShellCommand(command=['true'], name='s%d' % i) for i in range(STEPS)]))],
    'db': {'db_url': 'sqlite:///state.sqlite'}, 'buildbotNetUsageData': None, 'title': 'bench', 'titleURL': 'http://127.0.0.1/',
    'buildbotURL': 'http://127.0.0.1/',
}
"""


def buildbot(folder, steps, builds):
    """ms for each step: master and worker over loopback, SQLite; the median of the builds."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    call(["buildbot", "create-master", f"{folder}/master"])
    with open(f"{folder}/master/master.cfg", "w") as file:
        file.write(MASTER.replace("PORT", str(port)).replace("STEPS", str(steps)))
    call(["buildbot-worker", "create-worker", f"{folder}/worker", f"127.0.0.1:{port}", "w", "p"])
    running = []
    try:
        for program, where in (("buildbot", "master"), ("buildbot-worker", "worker")):
            running.append(subprocess.Popen([program, "start", "--nodaemon", f"{folder}/{where}"], stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL))
        store = f"file:{folder}/master/state.sqlite?mode=ro"
        end = time.monotonic() + 300
        while True:
            with sqlite3.connect(store, uri=True, timeout=10) as state:
                done = state.execute("SELECT b.id, (max(s.complete_at) - min(s.started_at)) * 1000.0 / ? FROM builds b JOIN steps s "
                                     "ON s.buildid=b.id WHERE b.complete_at IS NOT NULL AND b.results=0 GROUP BY b.id",
                                     (steps,)).fetchall()
            state.close()
            if len(done) >= builds:
                return sorted(ms for _, ms in done)[len(done) // 2]
            if time.monotonic() > end or any(process.poll() is not None for process in running):
                with open(f"{folder}/master/twistd.log", errors="replace") as log:
                    raise RuntimeError(f"buildbot came to no end: {log.read()[-500:]}")
            time.sleep(0.5)
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


def small_repository(folder, files=None):
    os.makedirs(folder)
    for name, text in {"README": "a repository\n", **(files or {})}.items():
        os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
        with open(f"{folder}/{name}", "w") as file:
            file.write(text)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Begin")
    return folder


def large_repository(folder, files):
    """Files of 20 to 220 lines, 3.5 kB on average, in folders of 50; packed."""
    chosen = random.Random(6)
    lines = [f"value_{i} = {chosen.getrandbits(32):08x}  # note\n" for i in range(20000)]
    for i in range(files):
        path = f"{folder}/part{i // 1000}/folder{i // 50}"
        if i % 50 == 0:
            os.makedirs(path)
        with open(f"{path}/file{i}.py", "w") as file:
            start = chosen.randrange(19000)
            file.write(f"# {i}\n" + "".join(lines[start:start + chosen.randint(20, 220)]))
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Begin")
    git(folder, "repack", "-adq")
    return folder


FILL = """
INSERT INTO repositories(num, path) SELECT 1000 + value, '/repository/' || value FROM (
    WITH RECURSIVE s(value) AS (SELECT 0 UNION ALL SELECT value + 1 FROM s WHERE value < 19) SELECT value FROM s);
CREATE TEMP TABLE fresh AS WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < JOBS) SELECT n, 1000 + n AS num FROM s;
INSERT INTO jobs(num, id, repository, slug, title, branch, target, author, author_source, trace_id, created_ms, state, wait_kind, wait_what,
    wait_since_ms, wake_at, wake_boot, stage_index, note, workspace, base_commit, good_commit, head_commit, author_rounds, answering,
    attempt_mark, gate_diff, gate_evidence, gate_contract, tried_tree, integrated, priority, paused, pause_reason, cancel_asked, archived,
    revision, updated_ms, finished_ms)
SELECT num, printf('01ARZ3NDEK%016d', n), 1000 + n % 20, 'job-' || n, 'Mend what number ' || n || ' says about part ' || (n * 7919 % 100003),
    'factory/job-' || n, 'main', 'person', '', printf('%032x', n), 1700000000000 + n * 1000,
    CASE WHEN n % 100 < 90 THEN 'done' WHEN n % 100 < 95 THEN 'failed' WHEN n % 100 < 98 THEN 'cancelled' ELSE 'waiting' END,
    CASE WHEN n % 100 < 98 THEN 'none' ELSE 'approval' END, '', 0, NULL, '', n % 9, 'integrated into main', '/workspaces/job-' || n,
    printf('%040x', n), printf('%040x', n + 1), printf('%040x', n + 2), n % 4, '', 0, '', '', '', '',
    CASE WHEN n % 100 < 90 THEN printf('%040x', n + 3) ELSE '' END, 'P' || (CASE WHEN n % 50 = 0 THEN 0 ELSE 1 + n % 3 END), 0, '', 0, 0,
    20, 1700000000000 + n * 1000, CASE WHEN n % 100 < 98 THEN 1700000000000 + n * 1000 ELSE 0 END FROM fresh;
INSERT INTO job_texts(job, task, pipeline, contract) SELECT num, 'Mend what number ' || n || ' says', 'pipeline: factory' || char(10),
    'contract: {}' || char(10) FROM fresh;
INSERT INTO events(job, revision, kind, stage, attempt, detail, at_ms) SELECT num, 1, 'state', '', 0, '{"state":"created"}', n FROM fresh;
INSERT INTO events(job, revision, kind, stage, attempt, detail, at_ms) SELECT num, 20, 'state', '', 0, '{"state":"done"}', n FROM fresh;
DROP TABLE fresh;
"""


def fill_store(file, jobs):
    """Puts so many jobs, as a store has them after years, into one that nobody has open."""
    store = sqlite3.connect(file, isolation_level=None)
    store.executescript("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-1000000;"
                        "BEGIN;" + FILL.replace("JOBS", str(jobs)) + "COMMIT; PRAGMA journal_mode=WAL;")
    store.close()
