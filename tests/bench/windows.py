# SPDX-License-Identifier: Apache-2.0
"""Rows 10 to 15: what a person at the console waits for, by the pixels of a virtual screen."""

import glob
import json
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import time

import peers
from measure import GIT_ENV, call, git, seconds
from screen import Screen, end, memory, wakeups

LINES = 10_000_000
LOG = (500, 330, 1200, 800)  # the log on a job's page
ROWS = (200, 250, 900, 600)  # rows of the list of jobs, below the filter with its blinking cursor
MIDDLE = (200, 150, 900, 600)  # no frame, no status bar, no clock


def log_of(bench):
    """A log of 10 million lines as a real command leaves it, with its index; made once for rows 10 and 11."""
    folder = bench.folder(bench.ram, "row10")
    if not os.path.exists(f"{folder}/big.log.idx"):
        with open(f"{folder}/plain", "w") as file:
            subprocess.run(["seq", "-f", "%010.0f INFO  worker-7 handled request in 12.4 ms, queue length 31, next wake-up in 250 ms", str(LINES)],
                           stdout=file, check=True)
        call([bench.ofview, "write", f"{folder}/plain", f"{folder}/big.log"], env=offscreen())
        os.unlink(f"{folder}/plain")
    return f"{folder}/big.log"


def offscreen():
    return {"PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}


def figures(text):
    return {name: float(value) for name, value in (line.split() for line in text.splitlines() if line.count(" ") == 1)}


def shown(screen, words, area=MIDDLE, look=None, **more):
    """ms until its window shows what it will; what `look` says of the running program."""
    spent, process = screen.shows(words, area, **more)
    said = look(process) if look else None
    end(process)
    return spent, said


def open_log(bench):
    """a log of 10 million lines, opened at its end"""
    log, add, used = log_of(bench), bench.table.add, {}
    with Screen(bench.ram) as screen:
        def side(name, words, **more):
            def measure():
                spent, used[name] = shown(screen, words, look=memory, **more)
                return spent
            return measure
        xterm = ["xterm", "-geometry", "150x50+0+0", "-e"]
        found = bench.alternate({"ours": side("ours", [bench.ofview, "log", log]), "empty": side("empty", [bench.ofview, "empty"])})
        found |= bench.alternate({"less": side("less", [*xterm, "less", "+G", log])}, 3)
        # lnav runs below xterm: its memory is asked for by name.
        spent, process = screen.shows([*xterm, "lnav", log], MIDDLE, quiet=4.0, limit=120)
        lnav = children(process.pid)
        used["lnav"] = memory(lnav[0]) if lnav else (0, 0, 0)
        end(process)
        found["lnav"] = spent
    index = bench.alternate({"ours": lambda: figures(call([bench.ofview, "log", log, "once"], env=offscreen()))["indexed_ms"],
                             "wc": lambda: seconds(["wc", "-l", log]) * 1000})
    add(10, "process start to the end of the log on the screen", found["ours"], "ms", "", "an empty window", found["empty"])
    add(10, "what the log adds to an empty window", found["ours"] - found["empty"], "ms", "<= 50 ms")
    add(10, "", found["ours"], "ms", ">= 25x faster", "lnav", found["lnav"], faster=True)
    add(10, "", found["ours"], "ms", "", "less +G", found["less"], faster=True)
    add(10, "all lines known, from process start", index["ours"], "ms", "<= 250 ms")
    add(10, "", index["ours"], "ms", "<= 1.75x", "wc -l", index["wc"])
    add(10, "private memory written", used["ours"][1], "MB", "<= 20 MB", "an empty window", used["empty"][1])
    if used["lnav"][1]:
        add(10, "", used["ours"][1], "MB", ">= 20x less", "lnav", used["lnav"][1], faster=True)


class children(list):
    """The processes below one, as memory() wants them."""

    def __init__(self, parent):
        super().__init__()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat") as file:
                    if int(file.read().rsplit(")", 1)[1].split()[1]) == parent:
                        self.append(type("Process", (), {"pid": int(pid)}))
            except OSError:
                pass


def jump_in_log(bench):
    """jumps and searches in a log of 10 million lines; a log that grows by 100,000 lines a second"""
    log, add = log_of(bench), bench.table.add
    needle = "0009999999 INFO"
    with Screen(bench.ram) as screen:
        def ours():
            return figures(subprocess.run([bench.ofview, "jumps", log, "300", needle], env=screen.env, stdin=subprocess.DEVNULL, capture_output=True,
                                          text=True, check=True).stdout)
        found = bench.alternate({"ours": ours, "rg": lambda: seconds(["rg", "--no-config", "-cF", needle, log]) * 1000})
        growing = f"{bench.ram}/growing.log"
        flood = figures(subprocess.run([bench.ofview, "append", growing, "10"], env=screen.env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                       check=True).stdout)
        os.unlink(growing)
    add(11, "jump to a random line, repainted, p50", found["ours"]["jump_p50_ms"], "ms")
    add(11, "jump to a random line, repainted, p99", found["ours"]["jump_p99_ms"], "ms", "<= 4 ms")
    add(11, "page down, repainted, p99", found["ours"]["page_p99_ms"], "ms", "<= 4 ms")
    add(11, "all lines with a text found", found["ours"]["find_ms"], "ms", "<= 1.5x", "rg -F", found["rg"])
    add(11, "lines a second into an open log", flood["lines_per_s"], "/s", ">= 100000 /s" if flood["lines_per_s"] < 99000 else "")
    add(11, "frame while it grows, p95", flood["frame_p95_ms"], "ms", "<= 16.7 ms")
    add(11, "frame while it grows, worst", flood["frame_worst_ms"], "ms")


MARKS = """import sys, time
end = time.time() + 25
n = 0
while time.time() < end:
    n += 1
    sys.stdout.write(f"mark {n} {'#' * (n * 7 % 60 + 1)}\\n")
    sys.stdout.flush()
    with open("ledger", "a") as file:
        file.write(f"{time.time():.6f}\\n")
    time.sleep(0.09 + n * 13 % 40 / 1000)
"""


def await_lines(ledger, wait):
    end_ = time.time() + wait
    while not (os.path.exists(ledger()) and os.path.getsize(ledger()) > 200):
        if time.time() > end_:
            raise RuntimeError("no line comes")
        time.sleep(0.05)


def delays(screen, area, ledger, wait):
    """ms from each line of the ledger until the next change of the area, for 10 seconds: median, 99th of a hundred, and how many of a hundred lines
    were not seen before the next one was written. Such a line counts with the time that it had, which is too little: a view that shows none of them
    would have the time between two lines as its figure."""
    await_lines(ledger, wait)
    changes, last = [], screen.picture(area)
    begin = time.time()
    while time.time() < begin + 10:
        picture, now = screen.picture(area), time.time()
        if picture != last:
            changes.append(now)
            last = picture
        time.sleep(0.0005)
    with open(ledger()) as file:
        marks = [float(line) for line in file if line.endswith("\n")]
    found, unseen = [], 0
    for mark, after in zip(marks, marks[1:]):
        if begin < mark < begin + 9.5:
            seen = [(change - mark) * 1000 for change in changes if mark <= change < after][:1]
            unseen += not seen
            found += seen or [(after - mark) * 1000]
    if len(found) < 50:
        raise RuntimeError(f"only {len(found)} lines were written")
    return statistics.median(found), sorted(found)[len(found) * 99 // 100], 100 * unseen / len(found)


def live_line(bench):
    """lines of a running command, written until seen, while two other jobs write as fast as they can"""
    folder = bench.folder(bench.disk, "row12")
    shutil.rmtree(folder)
    os.makedirs(f"{folder}/data")
    os.chmod(f"{folder}/data", 0o700)
    with open(f"{folder}/data/openfactory.yaml", "w") as file:
        file.write("workers: 3\n")
    env = {"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8", "OPENFACTORY_DATA": f"{folder}/data"}
    flood = "import time\nend = time.time() + 40\nwhile time.time() < end:\n    print('handled request in 12.4 ms, queue length 31\\n' * 200, end='', flush=True)\n    time.sleep(0.001)\n"
    repo = peers.small_repository(f"{folder}/repo", {"marks.py": MARKS, "flood.py": flood, ".gitignore": "ledger\n"})
    ids = {}
    for name in ("flood", "flood2", "marks"):
        with open(f"{folder}/{name}.yaml", "w") as file:
            file.write("contract:\n  language: python\n  pipeline:\n    - name: implement\n      command: \"test -f README\"\n    - name: work\n      kind: command\n"
                       f"      command: \"python3 {name.rstrip('2')}.py\"\n    - name: accept\n")
        with open(f"{folder}/playbook.yaml", "w") as file:
            file.write("playbook: bench\nchanges:\n  - for: implement\n    summary: change\n    write: {\"src.py\": \"x = 1\\n\"}\n")
        said = call([bench.factory, "new", "--json", "-s", name, "--contract", f"{folder}/{name}.yaml", "--playbook", f"{folder}/playbook.yaml"], cwd=repo, env=env)
        ids[name] = json.loads(said)["id"]
    with Screen(bench.ram) as screen:
        process = screen.run([bench.console, "--data", f"{folder}/data", f"openfactory://job/{ids['marks']}/work/1#log"])
        try:
            def ledger():
                return next(iter(glob.glob(f"{repo}/.factory-workspaces/marks-*/ledger")), "")
            await_lines(ledger, 60)
            ours = delays(screen, LOG, ledger, 5)
            if ours[2] > 50:
                raise RuntimeError(f"{ours[2]:.0f} % of the lines were not seen: what is watched does not show the log")
        finally:
            end(process)
        theirs = {}
        for name, words in {"lnav": ["lnav"], "tail": ["tail", "-n", "100", "-f"], "less": ["less", "+F"]}.items():
            place = f"{bench.ram}/row12-{name}"
            os.makedirs(place)
            with open(f"{place}/log", "w") as log:
                noise = [subprocess.Popen(["python3", f"{repo}/flood.py"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) for _ in range(2)]
                writer = subprocess.Popen(["python3", f"{repo}/marks.py"], cwd=place, stdin=subprocess.DEVNULL, stdout=log)
                viewer = screen.run(["xterm", "-geometry", "150x50+0+0", "-e", *words, f"{place}/log"])
                try:
                    theirs[name] = delays(screen, (0, 0, 900, 650), lambda: f"{place}/ledger", 30)
                finally:
                    for one in (viewer, writer, *noise):
                        end(one)
    add = bench.table.add
    add(12, "line written until it is seen, p50", ours[0], "ms", "<= 17 ms", "tail -f in xterm", theirs["tail"][0])
    add(12, "", ours[1], "ms", "<= 33 ms", "tail -f in xterm, p99", theirs["tail"][1])
    add(12, "lines not seen before the next one", ours[2], "%", "= 0", "tail -f in xterm", theirs["tail"][2])
    add(12, "", ours[0], "ms", ">= 11x faster", "lnav", theirs["lnav"][0], faster=True)
    add(12, "", ours[0], "ms", "", "less +F", theirs["less"][0], faster=True)


def large_diff(bench):
    """a change of 50,000 lines in 200 files"""
    folder = f"{bench.ram}/row13"
    if not os.path.exists(folder):
        os.makedirs(folder)
        git(folder, "init", "-q", "-b", "main")
        for round_ in range(2):
            for i in range(200):
                with open(f"{folder}/file{i}.py", "w") as file:
                    for line in range(1000):
                        changed = 400 <= line < 523 and round_
                        file.write(f"value_{line} = compute({line * 7919 % 1000 + (1 if changed else 0)}, \"note {line}\")  # part {i}\n")
            git(folder, "add", "-A")
            git(folder, "commit", "-qm", f"Round {round_}")
    old, new = git(folder, "rev-parse", "HEAD~1").strip(), git(folder, "rev-parse", "HEAD").strip()
    lines = git(folder, "diff", old, new).count("\n")
    add = bench.table.add
    with Screen(bench.ram) as screen:
        def side(*words, cwd=folder, quiet=1.0):
            return lambda: shown(screen, words, area=(300, 150, 900, 600), cwd=cwd, quiet=quiet)[0]
        found = bench.alternate({"ours": side(bench.ofview, "diff", folder, old, new), "empty": side(bench.ofview, "empty"),
                                 "git": lambda: seconds(["git", "diff", old, new], cwd=folder, env=GIT_ENV) * 1000})
        found |= bench.alternate({"gitk": side("gitk", f"{old}..{new}", quiet=2.0), "qgit": side("qgit", f"{old}..{new}", quiet=2.0)}, 3)
    add(13, f"process start to the change on the screen, {lines} lines", found["ours"], "ms", "<= 150 ms", "an empty window", found["empty"])
    add(13, "what the change adds to an empty window", found["ours"] - found["empty"], "ms", "<= 100 ms", "git diff", found["git"])
    add(13, "", found["ours"], "ms", ">= 3.5x faster", "gitk", found["gitk"], faster=True)
    add(13, "", found["ours"], "ms", ">= 1x faster", "qgit", found["qgit"], faster=True)


def console(bench, screen, data):
    """Starts the console on a data directory: (ms until its list stands, process)."""
    return screen.shows([bench.console, "--data", data], MIDDLE, quiet=1.5)


def console_list(bench, data, jobs):
    """The console's part of row 14."""
    add = bench.table.add
    with Screen(bench.ram) as screen:
        starts, typed, used = [], [], 0.0
        for _ in range(bench.pairs):
            spent, process = console(bench, screen, data)
            starts.append(spent)
            screen.focus()
            screen.keys("key", "slash", "sleep", "0.3", "type", "--delay", "40", "number 791")
            time.sleep(1.5)
            begin = time.perf_counter()
            screen.keys("key", "9")
            typed.append(screen.settled(ROWS, begin, 0.8, 20))
            used = memory(process)
            end(process)
        process = screen.run([bench.console, "--data", data, "--profile"], stdout=subprocess.PIPE, text=True)
        try:
            screen.settled(MIDDLE, time.perf_counter(), 1.5)
            screen.focus()
            screen.keys("key", "ctrl+2", *["Page_Down"] * 20, "sleep", "1")
            before = screen.picture(ROWS)
            made = updates(f"{data}/openfactory.db", 50, 30)
            time.sleep(1)
            moved = sum(a != b for a, b in zip(before, screen.picture(ROWS)))
            screen.keys("key", "ctrl+q")
            said = process.communicate(timeout=30)[0]
        finally:
            end(process)
    add(14, f"console: process start to the list on the screen, {jobs} jobs", statistics.median(starts), "ms", "<= 60 ms")
    add(14, "console: keystroke to the filtered list", statistics.median(typed), "ms", "<= 50 ms")
    add(14, "console: private memory written", used[1], "MB", "<= 80 MB")
    add(14, "console: store updates a second, for 30 s", made, "/s", ">= 50 /s" if made < 49.5 else "")
    add(14, "console: rows of pixels that moved meanwhile", moved, "", "= 0")
    for name, limit in (("frames p95", "<= 16.7 ms"), ("worst time without an answer", "")):
        add(14, f"console: {name}, with its start", float(re.search(rf"{name}: ([0-9.]+) ms", said)[1]), "ms", limit)


def updates(file, rate, wait):
    """Changes jobs of a store, old and new ones in turn, so often a second, each in a transaction as another process does: how often it did."""
    store = sqlite3.connect(file, isolation_level=None, timeout=5)
    newest = store.execute("SELECT max(num) FROM jobs").fetchone()[0]
    begin, count = time.perf_counter(), 0
    while time.perf_counter() - begin < wait:
        num = newest - count % 7 * (newest // 8)
        store.execute("BEGIN IMMEDIATE")
        store.execute("UPDATE jobs SET revision=revision+1, note=? WHERE num=?", (f"update {count}", num))
        store.execute("INSERT INTO events(job, revision, kind, stage, attempt, detail, at_ms) SELECT num, revision, 'state', '', 0, '{}', ? FROM jobs WHERE num=?",
                      (int(time.time() * 1000), num))
        store.execute("COMMIT")
        count += 1
        time.sleep(max(0.0, count / rate - (time.perf_counter() - begin)))
    store.close()
    return count / (time.perf_counter() - begin)


def cold_start(bench, data, jobs):
    add = bench.table.add
    repo = f"{bench.ram}/row15"
    if not os.path.exists(repo):
        peers.small_repository(repo)
    with Screen(bench.ram) as screen:
        def side(*words, **more):
            return lambda: shown(screen, words, **more)[0]
        found = bench.alternate({"ours": lambda: shown(screen, [bench.console, "--data", data], quiet=1.5)[0], "empty": side(bench.ofview, "empty")})
        found |= bench.alternate({"qbittorrent": side("qbittorrent", "--confirm-legal-notice", quiet=2.0), "kwrite": side("kwrite", quiet=2.0),
                                  "git-cola": side("git-cola", "-r", repo, quiet=2.0)}, 3)
        spent, process = console(bench, screen, data)
        time.sleep(5)
        woken, begin = wakeups(process), time.perf_counter()
        time.sleep(20)
        rate = (wakeups(process) - woken) / (time.perf_counter() - begin)
        used = memory(process)
        end(process)
    add(15, f"cold start to content, {jobs} jobs", found["ours"], "ms", "<= 80 ms")
    add(15, "", found["ours"], "ms", "<= 1.8x", "an empty Qt window", found["empty"])
    for peer in ("qbittorrent", "kwrite", "git-cola"):
        add(15, "", found["ours"], "ms", ">= 1x faster", peer, found[peer], faster=True)
    add(15, "wake-ups a second while nothing happens, all threads", round(rate, 2), "/s", "= 0")
    add(15, "share of memory (PSS)", used[2], "MB", "<= 60 MB")
