# SPDX-License-Identifier: Apache-2.0
"""How the bench measures and what it prints."""

import os
import re
import resource
import statistics
import subprocess
import time

GIT_ENV = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
           **{f"GIT_{who}_{what}": "bench@localhost" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}}


def call(words, **more):
    """Runs to the end; returns what it said, or raises with its words."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, **more)
    if done.returncode:
        raise RuntimeError(f"{os.path.basename(words[0])} {words[1]}: exit {done.returncode}: {done.stderr[-300:]}")
    return done.stdout


def git(folder, *words):
    return call(["git", *words], cwd=folder, env=GIT_ENV)


def seconds(words, **more):
    """Wall time of a command whose output nobody wants."""
    begin = time.perf_counter()
    subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, **more)
    return time.perf_counter() - begin


def cpu_seconds(words, codes=(0, 1), **more):
    """CPU time of a command: the same on a machine that does other things."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, **more)
    if done.returncode not in codes:
        raise RuntimeError(f"{words[0]}: exit {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Bench:
    def __init__(self, ofbench, factory, ram, disk, pairs, table, ofview, console):
        self.ofbench, self.factory, self.ram, self.disk, self.pairs, self.table = ofbench, factory, ram, disk, pairs, table
        self.ofview, self.console = ofview, console

    def ours(self, *words):
        """One call of ofbench: its figures by name."""
        return {name: float(value) for name, value in
                (line.split() for line in call([self.ofbench, *map(str, words)]).splitlines() if " " in line)}

    def folder(self, where, name):
        path = f"{where}/{name}"
        os.makedirs(path, exist_ok=True)
        return path

    def alternate(self, sides, pairs=None):
        """Measures each side in turn, several times; the medians by name (of each figure, where a side has several)."""
        found = {name: [] for name in sides}
        for _ in range(pairs or self.pairs):
            for name, measure in sides.items():
                found[name].append(measure())
        return {name: {key: statistics.median(one[key] for one in values) for key in values[0]}
                if isinstance(values[0], dict) else statistics.median(values) for name, values in found.items()}


class Table:
    """A target is "<= 1.15x" (of the ratio) or "<= 10 ms" (of our own figure)."""

    def __init__(self):
        self.lines = []

    def add(self, row, figure, ours, unit, target="", peer="", theirs=None, faster=False):
        """`faster`: the ratio is theirs to ours, as in "80x faster than"."""
        ratio = None if theirs is None or not theirs or not ours else theirs / ours if faster else ours / theirs
        verdict = ""
        if wanted := re.match(r"(<=|>=|=) ([\d.]+)(x?)", target):
            value = ratio if wanted[3] else ours
            limit = float(wanted[2])
            verdict = "pass" if {"<=": value <= limit, ">=": value >= limit, "=": value == limit}[wanted[1]] else "miss"
        self.lines.append({"row": row, "figure": figure, "ours": ours, "unit": unit, "peer": peer, "theirs": theirs, "ratio": ratio,
                           "target": target, "verdict": verdict})

    def say(self, row, figure, verdict, peer=""):
        self.lines.append({"row": row, "figure": figure, "ours": None, "unit": "", "peer": peer, "theirs": None, "ratio": None,
                           "target": "", "verdict": verdict})

    def failed(self, row, error):
        self.say(row, str(error).strip().replace("\n", " ")[:400], "failed")

    def show(self, about):
        def number(value, unit=""):
            return "" if value is None else f"{value:.4g}{' ' + unit if unit else ''}"

        head = ("row", "figure", "ours", "peer", "ratio", "target", "")
        cells = [(str(line["row"]), line["figure"], number(line["ours"], line["unit"]),
                  f"{line['peer']} {number(line['theirs'])}".strip(), f"{number(line['ratio'])}x" if line["ratio"] else "",
                  line["target"], line["verdict"]) for line in self.lines]
        print(f"{about['date']}, {about['cpu']}, {about['cores']} cores, Linux {about['kernel']}, commit {about['commit']}, load "
              f"{about['load']:.1f} to {about['load_after']:.1f}\n")
        print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
        for line in cells:
            print("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |")
