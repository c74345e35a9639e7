# SPDX-License-Identifier: Apache-2.0
"""The live table and the ways to stop a run, on a real terminal (a pty) and in pipes."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import unicodedata

from world import (FACTORY, LIMIT, OK, WAITS, World, check, main, make_repository, run, write)

INTERRUPTED = 130
ESCAPE = "\x1b"
LONG = "a-stage-with-a-name-of-forty-characters-x"[:40]

# "hold" runs until it is told to end: a file that the test writes into the workspace, or a signal.
CONTRACT = f"""contract:
  language: python
  pipeline:
    - name: implement
      command: "test -f README"
    - name: {LONG}
      failure: soft
      command: "test -f README"
    - name: hold
      command: "tail -f README"
    - name: deploy
"""
QUICK = CONTRACT.replace('    - name: hold\n      command: "tail -f README"\n', "")

# An author may use characters that take two columns each, and more words than a narrow window has room for.
PLAYBOOK = """playbook: wide
changes:
  - for: implement
    summary: "漢字漢字漢字漢字漢字 and words enough to be wider than any narrow window is"
    write: {"src/one.py": "x = 2\\n"}
"""


def columns(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Terminal:
    """A program on a terminal of its own, as its session's leader."""

    def __init__(self, words, cwd, env, width=80):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.chdir(cwd)
            os.execve(words[0], words, env)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
        self.text = ""
        self.code = None

    def read(self, seconds):
        """Takes what comes within that time; False once the other end is closed."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        if ready:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                data = b""
            self.text += data.decode("utf-8", "replace")
            return bool(data)
        return True

    def until(self, wanted):
        end = time.monotonic() + LIMIT
        while wanted not in self.text:
            check(self.read(0.2) and time.monotonic() < end, f"{wanted!r} did not come: {self.text!r}")

    def press(self, data):
        os.write(self.master, data)

    def finish(self):
        end = time.monotonic() + LIMIT
        while self.read(0.2):
            check(time.monotonic() < end, f"it did not end: {self.text!r}")
        self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.master)
        return self.code


def holding(folder, text=CONTRACT):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", text)
    write(f"{folder}/playbook.yaml", PLAYBOOK)
    return world, repo, [FACTORY, "run", "-s", "one", "--playbook", f"{folder}/playbook.yaml"]


def on_screen(text):
    """The lines that stay on the screen: a carriage return with "erase" takes back what stands before it."""
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        lines.append(re.sub(r"\x1b\[[0-9;]*m", "", line.split("\r\x1b[K")[-1]))
    return lines


def table_fits(folder, width, **env):
    world, repo, words = holding(folder, QUICK)
    terminal = Terminal(words, repo, {**world.env, "TERM": "xterm-256color", **env}, width)
    check(terminal.finish() == WAITS, f"exit {terminal.code}: {terminal.text}")
    table = [line for line in on_screen(terminal.text) if line.startswith(("stage", "author", "implement", "a-stage", "deploy"))]
    check(len(table) == 5, f"not the rows of the table: {table}")
    for line in table:
        check(columns(line) <= width, f"{columns(line)} columns on {width}: {line!r}")
    # Whatever is written, each piece between two rewrites fits as well, or it could not be taken back.
    for piece in re.split(r"\r\x1b\[K|\r\n|\n", terminal.text):
        plain = re.sub(r"\x1b\[[0-9;]*[mK]|\r", "", piece)
        if plain.endswith("..."):
            check(columns(plain) < width, f"the running line is too wide: {plain!r}")
    return terminal.text


def wide_table(folder):
    text = table_fits(folder, 200)
    check("\x1b[32mpassed\x1b[0m" in text, f"no colour: {text!r}")
    check(LONG + "  1" in text, f"a long name runs into the next column: {text!r}")


def narrow_table(folder):
    table_fits(folder, 40)


def no_color(folder):
    text = table_fits(folder, 100, NO_COLOR="1")
    check("\x1b[3" not in text and "\x1b[0m" not in text, f"coloured: {text!r}")


def dumb_terminal(folder):
    text = table_fits(folder, 100, TERM="dumb")
    check(ESCAPE not in text, f"an escape on a dumb terminal: {text!r}")


def plain_lines_in_a_pipe(folder):
    world, repo, words = holding(folder, QUICK)
    done = run(words, cwd=repo, env={**world.env, "TERM": "xterm"})
    check(done.returncode == WAITS, f"exit {done.returncode}: {done.stderr}")
    check(ESCAPE not in done.stdout and "\r" not in done.stdout, f"not plain: {done.stdout!r}")
    check("wider than any narrow window is" in done.stdout, f"cut in a pipe: {done.stdout!r}")
    for name in ("implement", LONG, "deploy"):
        check(re.search(rf"^{name} +1 +[0-9.]+ m?s +\w+ ", done.stdout, re.M), f"no row of {name}: {done.stdout!r}")


def parked(world, repo):
    """Nothing runs the job any more, and nothing of the attempt is lost: it is taken up where it stood."""
    job = world.show("one", repo)
    check(job["state"] in ("waiting", "running") and not job["paused"], f"it is {job['state']}, {job['waits_for']}")
    check(job["waits_for"], "not said what it waits for")
    store = world.store()
    try:
        check(store.value("SELECT count(*) FROM leases") == 0, "the lease is left")
        check(store.value("SELECT count(*) FROM attempts WHERE state='running'") == 0, "an attempt is left running")
        check(store.value("SELECT count(*) FROM attempts WHERE state IN ('failed','reverted')") == 0, "stopping counted as a failure")
    finally:
        store.close()
    return job


def ctrl_c_parks(folder):
    world, repo, words = holding(folder)
    terminal = Terminal(words, repo, {**world.env, "TERM": "xterm"})
    terminal.until("hold ")
    # The terminal signals its whole foreground group. A sandbox in it would die first, and the change be blamed.
    children = []
    for task in os.listdir(f"/proc/{terminal.pid}/task"):
        with open(f"/proc/{terminal.pid}/task/{task}/children") as file:
            children += [int(pid) for pid in file.read().split()]
    groups = {os.getpgid(pid) for pid in children}
    check(groups and os.getpgid(terminal.pid) not in groups, f"a sandbox is in the terminal's group: {groups}")
    terminal.press(b"\x03")
    check(terminal.finish() == INTERRUPTED, f"exit {terminal.code}: {terminal.text}")
    check("parking" in terminal.text, f"not said: {terminal.text!r}")
    before = parked(world, repo)
    # The same command goes on with it.
    terminal = Terminal(words[:4], repo, {**world.env, "TERM": "xterm"})
    terminal.until("hold ")
    check("implement" not in terminal.text, f"a finished stage ran again: {terminal.text!r}")
    terminal.press(b"\x03")
    check(terminal.finish() == INTERRUPTED, f"exit {terminal.code}")
    check(parked(world, repo)["head"] == before["head"], "the head moved")


def ctrl_c_parks_a_stage(folder):
    world, repo, words = holding(folder)
    terminal = Terminal(words, repo, {**world.env, "TERM": "xterm"})
    terminal.until("hold ")
    terminal.press(b"\x03")
    terminal.finish()
    terminal = Terminal([FACTORY, "stage", "-s", "one", "--stage", "hold"], repo, {**world.env, "TERM": "xterm"})
    terminal.until("hold ")
    terminal.press(b"\x03")
    check(terminal.finish() == INTERRUPTED, f"exit {terminal.code}: {terminal.text}")
    parked(world, repo)


def second_ctrl_c_ends_at_once(folder):
    world, repo, words = holding(folder)
    terminal = Terminal(words, repo, {**world.env, "TERM": "xterm"})
    terminal.until("hold ")
    terminal.press(b"\x03\x03")
    check(terminal.finish() == INTERRUPTED, f"exit {terminal.code}: {terminal.text}")
    # Whatever it left is taken up as after a kill.
    terminal = Terminal(words[:4], repo, {**world.env, "TERM": "xterm"})
    terminal.until("hold ")
    terminal.press(b"\x03")
    check(terminal.finish() == INTERRUPTED, f"exit {terminal.code}: {terminal.text}")
    parked(world, repo)


def lost_terminal_parks(folder):
    world, repo, words = holding(folder)
    terminal = Terminal(words, repo, {**world.env, "TERM": "xterm"})
    terminal.until("hold ")
    os.close(terminal.master)  # the kernel sends SIGHUP
    check(os.waitstatus_to_exitcode(os.waitpid(terminal.pid, 0)[1]) == INTERRUPTED, "not parked")
    parked(world, repo)


def started(words, repo, env, **more):
    process = subprocess.Popen(words, cwd=repo, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **more)
    return process


def holds(world):
    """Waits until the stage that holds has its command running."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        try:
            store = world.store()
            try:
                if store.value("SELECT count(*) FROM commands WHERE stage='hold' AND finished=0"):
                    return
            finally:
                store.close()
        except Exception:  # not made yet
            pass
        time.sleep(0.02)
    check(False, "the stage does not start")


def signals_park(folder):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        where = f"{folder}/{number.name}"
        os.makedirs(where)
        world, repo, words = holding(where)
        process = started(words, repo, world.env, stderr=subprocess.DEVNULL)
        holds(world)
        process.send_signal(number)
        process.stdout.read()
        check(process.wait(LIMIT) == INTERRUPTED, f"{number.name}: exit {process.returncode}")
        parked(world, repo)


def closed_pipe_parks_a_run(folder):
    world, repo, words = holding(folder)
    process = started(words + ["--json"], repo, world.env, stderr=subprocess.DEVNULL)
    holds(world)
    time.sleep(1)  # nothing more is written while the command runs: the end of the reader alone has to be noticed
    process.stdout.close()
    check(process.wait(30) == INTERRUPTED, f"exit {process.returncode}")
    parked(world, repo)


def closed_pipe_ends_a_list(folder):
    world, repo, _ = holding(folder, QUICK)
    for slug in ("one", "two", "three"):
        world.expect(OK, "new", "-s", slug, repo=repo)
    line = run(["bash", "-c", f"set -o pipefail; '{FACTORY}' list | head -n 1; exit 0"], cwd=repo, env=world.env)
    check(line.stdout.startswith("slug") and not line.stderr, f"{line.stdout!r} {line.stderr!r}")
    # One that reads nothing at all: the store is closed all the same, so that the next one need not check it.
    for words in (["list"], ["show", "-s", "one", "--detailed"], ["audit", "--json"]):
        read, written = os.pipe()
        os.close(read)
        done = subprocess.run([FACTORY, *words], cwd=repo, env=world.env, stdout=written, stderr=subprocess.PIPE, text=True, timeout=LIMIT)
        os.close(written)
        check(done.returncode == OK and not done.stderr, f"{words}: exit {done.returncode}: {done.stderr}")
    done = run([FACTORY, "list"], cwd=repo, env=world.env)
    check(done.returncode == OK and not done.stderr, f"the store is unwell: {done.stderr}")


if __name__ == "__main__":
    cases = [wide_table, narrow_table, no_color, dumb_terminal, plain_lines_in_a_pipe, ctrl_c_parks, ctrl_c_parks_a_stage,
             second_ctrl_c_ends_at_once, lost_terminal_parks, signals_park, closed_pipe_parks_a_run, closed_pipe_ends_a_list]
    sys.exit(main({case.__name__: case for case in cases}, "terminal"))
