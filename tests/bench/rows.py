# SPDX-License-Identifier: Apache-2.0
"""One function for each row of the table."""

import glob
import os
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import time

import peers
import windows
from measure import call, cpu_seconds, git, seconds

JOBS = int(os.environ.get("OPENFACTORY_BENCH_JOBS", "1000000"))


def job(bench, folder, mode, count, *words, file="-"):
    return bench.ours("job", folder, mode, count, file, *words)


def job_folder(bench, where, name, secrets=0):
    folder = bench.folder(where, name)
    peers.small_repository(f"{folder}/repo", {".gitignore": "big\n"})
    os.makedirs(f"{folder}/data/secrets", mode=0o700)
    chosen = random.Random(8)
    for i in range(secrets):
        with open(os.open(f"{folder}/data/secrets/secret{i}", os.O_WRONLY | os.O_CREAT, 0o600), "w") as secret:
            secret.write("".join(chosen.choice("abcdefghijkmnopqrstuvwxyz0123456789") for _ in range(40)))
    return folder


def engine(bench):
    """1000 commands `true` of one job, sandbox off: intent and result committed with one sync each"""
    def measured(where, count):
        folder = job_folder(bench, where, "row1")
        return bench.alternate({
            "ours": lambda: job(bench, folder, "off", count, "true")["ms_per_command"],
            "floor": lambda: bench.ours("floor", folder, "spawn", count)["ms_per_command"],
            "ninja": lambda: peers.ninja(f"{folder}/ninja", count)})
    disk, ram = measured(bench.disk, 1000 // bench.pairs), measured(bench.ram, 1000)
    add = bench.table.add
    add(1, "a command of a job", disk["ours"], "ms", "<= 1.05 ms")
    add(1, "", disk["ours"], "ms", "<= 1.15x", "spawn + 2 raw commits", disk["floor"])
    add(1, "", disk["ours"], "ms", "<= 1.6x", "ninja -j1", disk["ninja"])
    add(1, "", disk["ours"], "ms", ">= 80x faster", "buildbot step", peers.buildbot(bench.folder(bench.disk, "buildbot"), 200, 3), faster=True)
    add(1, "the same where a sync costs nothing (RAM)", ram["ours"], "ms", "", "spawn + 2 raw commits", ram["floor"])
    add(1, "", ram["ours"], "ms", "<= 1.6x", "ninja -j1", ram["ninja"])
    bench.table.say(1, "", "not measured: not in Debian", "DBOS step")


def sandbox(bench):
    """the same job with the sandbox on, one for the stage (warm) and one for each command (cold)"""
    add = bench.table.add
    for where, name, targets in ((bench.disk, "disk", ("<= 1.15x", ">= 3x faster", "<= 1.2 ms")), (bench.ram, "RAM", ("", "", "<= 1.2 ms"))):
        folder = job_folder(bench, where, "row2")
        found = bench.alternate({
            "cold": lambda: job(bench, folder, "cold", 50, "true")["ms_per_command"],
            "bare": lambda: bench.ours("floor", folder, "bwrap", 50)["ms_per_command"],
            "warm": lambda: job(bench, folder, "warm", 150, "true")["ms_per_command"]})
        add(2, f"sandboxed command, cold, {name}", found["cold"], "ms", targets[0], "bare bwrap + 2 raw commits", found["bare"])
        add(2, f"sandboxed command, warm, {name}", found["warm"], "ms", targets[1], "bare bwrap + 2 raw commits", found["bare"], faster=True)
        add(2, "", found["warm"], "ms", targets[2])


def checkpoint(bench):
    """5000 checkpoints, one transaction each"""
    folder = bench.folder(bench.disk, "row3")
    found = bench.alternate({kind: lambda kind=kind: bench.ours("commits", folder, kind, 5000 // bench.pairs)
                             for kind in ("store", "raw", "append")})
    ours, raw, append = found["store"], found["raw"], found["append"]
    add = bench.table.add
    add(3, "checkpoint p50", ours["p50_us"], "us", "<= 1.15x", "raw SQLite WAL FULL", raw["p50_us"])
    add(3, "checkpoint p99", ours["p99_us"], "us", "<= 1.15x", "raw SQLite WAL FULL", raw["p99_us"])
    add(3, "checkpoints per second", ours["per_s"], "/s", ">= 0.65x", "append + fdatasync", append["per_s"])
    trace = f"{folder}/trace"
    call(["strace", "-f", "-y", "-o", trace, "-e", "trace=fsync,fdatasync,sync_file_range,msync,sync", bench.ofbench, "commits", folder,
          "store", "1000"])
    with open(trace) as file:
        syncs = [line for line in file if "sync(" in line and "openfactory.db-wal" in line]
    # Beside its own sync of the log, 1020 commits share those of SQLite's checkpoints: one each thousand pages.
    add(3, "syncs of the log per commit", round(len(syncs) / 1020, 2), "", "<= 1.05")


def store_folder(bench):
    """A data directory with JOBS jobs and one that is under way; made once for rows 4 and 14."""
    folder = f"{bench.disk}/store"
    if os.path.exists(f"{folder}/filled"):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    steps = range(1, 63)
    contract = ("contract:\n  language: python\n  pipeline:\n    - name: implement\n      command: \"test -f README\"\n"
                + "".join(f"    - name: step-{i}\n      kind: command\n      command: \"bash step.sh {i}\"\n" for i in steps)
                + "    - name: accept\n")
    peers.small_repository(f"{folder}/repo", {"contract.yaml": contract, ".gitignore": "ledger\n",
                                             "step.sh": "echo $1 $EPOCHREALTIME >>ledger\nsleep 0.02\n"})
    with open(f"{folder}/playbook.yaml", "w") as file:
        file.write("playbook: bench\nchanges:\n  - for: implement\n    summary: change\n    write: {\"src.py\": \"x = 1\\n\"}\n")
    factory(bench, folder, "new", "-s", "resume", "--playbook", f"{folder}/playbook.yaml")
    peers.fill_store(f"{folder}/data/openfactory.db", JOBS)
    open(f"{folder}/filled", "w").close()
    return folder


def environment(folder):
    return {"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8", "OPENFACTORY_DATA": f"{folder}/data"}


def factory(bench, folder, *words):
    return call([bench.factory, *words], cwd=f"{folder}/repo", env=environment(folder))


def ledger(folder):
    """The commands that came to run: stage number and wall time."""
    found = glob.glob(f"{folder}/repo/.factory-workspaces/*/ledger")
    if not found:
        return []
    with open(found[0]) as file:
        return [(int(line.split()[0]), float(line.split()[1])) for line in file.read().splitlines()]


def passed(folder):
    """How often each stage of the job under way has passed, as the store says."""
    store = sqlite3.connect(f"file:{folder}/data/openfactory.db?mode=ro", uri=True, timeout=10)
    rows = store.execute("SELECT stage, count(*) FROM attempts a JOIN jobs j ON j.num=a.job WHERE j.slug='resume' AND a.state='passed' "
                         "GROUP BY stage").fetchall()
    store.close()
    return dict(rows)


def resume(bench):
    """a job of 62 stages, killed again and again beside a million stored jobs, until its next command runs"""
    folder = store_folder(bench)
    chosen = random.Random(4)

    def start():
        return subprocess.Popen([bench.factory, "run", "-s", "resume"], cwd=f"{folder}/repo", env=environment(folder),
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait(holds, process):
        end = time.monotonic() + 60
        while not holds():
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError("the job under way does not go on")
            time.sleep(0.001)

    times, repeated, lost = [], 0, 0
    process = start()
    for _ in range(20):
        goal = len(ledger(folder)) + chosen.randint(1, 3)
        wait(lambda: len(ledger(folder)) >= goal, process)
        time.sleep(chosen.random() * 0.04)
        process.kill()
        killed = time.time()
        process.wait()
        process = start()
        done = passed(folder)
        fresh = []

        def resumed():
            fresh[:] = [line for line in ledger(folder) if line[1] > killed + 0.01]
            return fresh
        wait(resumed, process)
        times.append((fresh[0][1] - killed) * 1000)
        repeated += f"step-{fresh[0][0]}" in done
        now = passed(folder)
        lost += sum(1 for stage in done if stage not in now)
        repeated += sum(1 for count in now.values() if count > 1)
    process.terminate()
    process.wait()
    commits = git(f"{folder}/repo", "log", "--all", "--format=%(trailers:key=OpenFactory-Step,valueonly,separator=%x2C)").split()
    repeated += len(commits) - len(set(commits))
    times.sort()
    add = bench.table.add
    add(4, f"kill -9 to next command, {JOBS} jobs, p50", statistics.median(times), "ms", "<= 300 ms")
    add(4, "worst of 20", times[-1], "ms", "<= 300 ms")
    add(4, "finished steps lost", lost, "", "= 0")
    add(4, "finished steps or commits done twice", repeated, "", "= 0")


def cancel(bench):
    """a tree of 100 processes with daemons, cancelled 100 times"""
    found = bench.ours("cancel", bench.folder(bench.ram, "row5"), 100)
    add = bench.table.add
    add(5, "cancel to zero processes, p50", found["p50"], "ms", "", "bare bwrap, killed", found["bare_p50"])
    add(5, "cancel to zero processes, p99", found["p99"], "ms", "<= 10 ms", "bare bwrap, killed", found["bare_p99"])
    add(5, "survivors", found["survivors"], "", "= 0")


def repository(bench, where):
    folder = f"{where}/files"
    return folder if os.path.exists(folder) else peers.large_repository(folder, 20000)


def drop_worktree(repo, slug):
    shutil.rmtree(f"{repo}/.factory-workspaces/{slug}-00000001")
    shutil.rmtree(f"{repo}/.git/worktrees/{slug}-00000001")
    git(repo, "update-ref", "-d", f"refs/heads/factory/{slug}")


def worktree(bench):
    """a workspace of 20000 files"""
    for where, name, pairs in ((bench.ram, "RAM", bench.pairs), (bench.disk, "disk", 3)):
        repo = repository(bench, where)

        def ours(how="cold"):
            found = bench.ours("worktree", repo, how, how)
            drop_worktree(repo, how)
            return found

        def theirs():
            spent = seconds(["git", "worktree", "add", "-q", "--detach", f"{where}/peer"], cwd=repo) * 1000
            git(repo, "worktree", "remove", "--force", f"{where}/peer")
            return spent
        found = bench.alternate({"ours": ours, "prepared": lambda: ours("prepared"), "git": theirs}, pairs)
        bench.table.add(6, f"cold worktree, 20k files, {name}", found["ours"]["create_ms"], "ms", "<= 1.05x" if name == "RAM" else "",
                        "git worktree add", found["git"])
        bench.table.add(6, f"prepared worktree, 20k files, {name}", found["prepared"]["create_ms"], "ms", "<= 10 ms" if name == "RAM" else "")
        bench.table.add(6, "", found["prepared"]["create_ms"], "ms", "<= 0.02x" if name == "RAM" else "", "git worktree add", found["git"])


def touch(folder, round_):
    """100 edits and 100 new files, spread over the tree."""
    for i in range(100):
        number = (i * 197 + round_ * 31) % 20000
        place = f"{folder}/part{number // 1000}/folder{number // 50}"
        with open(f"{place}/file{number}.py", "a") as file:
            file.write(f"edited = {round_}\n")
        with open(f"{place}/new{i}.py", "w") as file:
            file.write(f"new = {round_}\n" * 100)


def content(folder):
    found = {}
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in names:
            if name != ".git":
                with open(f"{root}/{name}", "rb") as file:
                    found[os.path.relpath(f"{root}/{name}", folder)] = file.read()
    return found


def revert(bench):
    """100 edits and 100 new files taken back in 20000"""
    repo = repository(bench, bench.ram)
    bench.ours("worktree", repo, "revert")
    ours_at, peer_at = f"{repo}/.factory-workspaces/revert-00000001", f"{bench.ram}/revert-peer"
    git(repo, "worktree", "add", "-q", "--detach", peer_at)
    before = content(ours_at)
    rounds = iter(range(1000))
    quiet = {"stdout": subprocess.DEVNULL, "check": True, "cwd": peer_at}

    def ours():
        touch(ours_at, next(rounds))
        return bench.ours("revert", repo, "revert")["restore_ms"]

    def theirs():
        touch(peer_at, next(rounds))
        begin = time.perf_counter()
        subprocess.run(["git", "reset", "-q", "--hard"], **quiet)
        subprocess.run(["git", "clean", "-qffdx"], **quiet)
        return (time.perf_counter() - begin) * 1000
    found = bench.alternate({"ours": ours, "git": theirs})
    add = bench.table.add
    add(7, "revert of 200 in 20k files", found["ours"], "ms", "<= 1.1x", "git reset --hard; git clean -ffdx", found["git"])
    after = content(ours_at)
    add(7, "files that differ from the start", sum(before.get(name) != after.get(name) for name in before.keys() | after.keys()), "", "= 0")
    bench.table.say(7, "overlay drop", "not built")


def ingest(bench):
    """a log of 10 million lines through a real job: masked against 1000 needles, indexed, stored"""
    lines = 10_000_000
    folder = job_folder(bench, bench.ram, "row8", secrets=60)
    log, short = f"{folder}/big.log", f"{folder}/short.log"
    with open(log, "w") as file:
        subprocess.run(["seq", "-f", "%010.0f INFO  worker-7 handled request in 12.4 ms, queue length 31, next wake-up in 250 ms", str(lines)],
                       stdout=file, check=True)
    with open(short, "w") as file:
        subprocess.run(["head", "-n", "1000000", log], stdout=file, check=True)

    def ours():
        found = job(bench, folder, "warm", 1, "cat", "big", file=log)
        for name in glob.glob(f"{folder}/data/jobs/*/logs/*") + glob.glob(f"{folder}/repo/.factory-workspaces/*/big"):
            os.unlink(name)
        if found["last_bytes"] != os.path.getsize(log):
            raise RuntimeError("the log is not whole")
        return lines / found["last_ms"] / 1000

    def shell(line, count):
        return lambda: count / seconds(["sh", "-c", line], cwd=folder) / 1e6

    def sqlite():
        if os.path.exists(f"{folder}/lines.db"):
            os.unlink(f"{folder}/lines.db")
        call(["sqlite3", f"{folder}/lines.db", "PRAGMA journal_mode=WAL", "CREATE TABLE line(text)"])
        return 1 / seconds(["sqlite3", f"{folder}/lines.db", ".mode ascii", ".separator \"\\x1f\" \"\\n\"", ".import short.log line"], cwd=folder)
    found = bench.alternate({"ours": ours, "tee": shell("cat big.log | tee tee.out >/dev/null", lines),
                             "script": shell("script -q -c 'cat short.log' typescript >/dev/null", 1_000_000), "sqlite": sqlite})
    add = bench.table.add
    add(8, "log lines taken in, M/s", found["ours"], "M/s", ">= 10 M/s")
    add(8, "", found["ours"], "M/s", ">= 0.9x", "cat | tee", found["tee"])
    add(8, "", found["ours"], "M/s", ">= 10x", "script", found["script"])
    add(8, "", found["ours"], "M/s", ">= 9x", "SQLite, a row a line", found["sqlite"])
    shutil.rmtree(folder)


def redaction(bench):
    """256 MiB masked against 1000 needles on one core (CPU time)"""
    folder = bench.folder(bench.ram, "row9")
    size = 256 << 20
    needles = bench.ours("mask-corpus", folder, size, 1000)["needles"]
    search = {"cwd": folder, "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}}
    found = bench.alternate({
        "clean": lambda: bench.ours("mask", folder, "clean", 65536)["gb_per_s"],
        "small": lambda: bench.ours("mask", folder, "clean", 4096)["gb_per_s"],
        "dirty": lambda: bench.ours("mask", folder, "dirty", 65536)["gb_per_s"],
        "rg": lambda: size / cpu_seconds(["rg", "-j1", "--no-mmap", "-cF", "-f", "needles", "clean.log"], **search) / 1e9,
        "grep": lambda: size / cpu_seconds(["grep", "-cF", "-f", "needles", "clean.log"], **search) / 1e9})
    add = bench.table.add
    add(9, f"masking, clean, {needles:.0f} needles", found["clean"], "GB/s", ">= 3 GB/s")
    add(9, "masking, one hit a kB", found["dirty"], "GB/s", ">= 1 GB/s")
    add(9, "masking, clean, writes of 4 KiB", found["small"], "GB/s")
    add(9, "", found["clean"], "GB/s", ">= 5x", "rg -F", found["rg"])
    add(9, "", found["clean"], "GB/s", ">= 24x", "grep -F", found["grep"])
    bench.ours("mask", folder, "dirty", 4099, f"{folder}/masked.log")
    count = ["rg", "--no-config", "-acF", "-f", "needles"]
    planted = int(call([*count, "dirty.log"], **search))
    missed = subprocess.run([*count, "masked.log"], stdin=subprocess.DEVNULL, capture_output=True, text=True, **search).stdout.strip()
    add(9, f"lines with a needle left, of {planted}", int(missed or 0), "", "= 0")
    shutil.rmtree(folder)


def job_list(bench):
    """a list of a million jobs: first page, jumps, filters, counts"""
    data = f"{store_folder(bench)}/data"
    add = bench.table.add
    starts = [seconds([bench.ofbench, "lists", data, "first"]) * 1000 for _ in range(bench.pairs)]
    found = bench.ours("lists", data, "all")
    add(14, f"process start to first page, {JOBS} jobs", statistics.median(starts), "ms", "<= 60 ms")
    add(14, "store opened and first page", found["open_and_first_ms"], "ms")
    add(14, "page jump p99", found["jump_p99_ms"], "ms", "<= 8 ms", "raw SQL, six columns", found["raw_jump_p99_ms"])
    add(14, "page jump p50", found["jump_p50_ms"], "ms", "", "raw SQL, six columns", found["raw_jump_p50_ms"])
    add(14, "filtered page, worst of all filters", found["filter_worst_ms"], "ms", "<= 50 ms")
    add(14, "search for two words, p99", found["search_p99_ms"], "ms", "<= 50 ms")
    add(14, "memory after walking the whole list", found["anonymous_mb"], "MB", "<= 80 MB")
    add(14, "counts by page, state and SQL agree", found["counts_agree"], "", "= 1")
    windows.console_list(bench, data, JOBS)


def console_start(bench):
    """the console from its start to a list of a million jobs; then 20 s at rest"""
    windows.cold_start(bench, f"{store_folder(bench)}/data", JOBS)
