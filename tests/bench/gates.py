# SPDX-License-Identifier: Apache-2.0
"""The row about gates: a whole pipeline beside its own commands, typed by hand."""

import glob
import json
import os
import re
import shutil
import subprocess
import time

import peers
from measure import call, seconds

MODULES = 40
GATE = 7  # factory's exit code for a job that waits for a person
PLAYBOOK = """playbook: bench
changes:
  - for: implement
    summary: change
    write: {"shop/part0.py": "%s"}
"""


def module(number, factor=2):
    return (f'"""Part {number}."""\n\n\ndef price(pieces):\n    """Return the price of some pieces."""\n    if pieces < 0:\n'
            f'        raise ValueError("no pieces")\n    return pieces * {factor}\n')


def test(number):
    lines = "\n".join(f"    assert price({n}) == {n} * price(1)" for n in range(20))
    return (f"import pytest\n\nfrom shop.part{number} import price\n\n\ndef test_price():\n{lines}\n\n\ndef test_refuses():\n"
            "    with pytest.raises(ValueError):\n        price(-1)\n")


def project(folder):
    """A package of MODULES modules with their tests."""
    files = {"pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n', "shop/__init__.py": '"""A shop."""\n'}
    for number in range(MODULES):
        files[f"shop/part{number}.py"] = module(number)
        files[f"tests/test_part{number}.py"] = test(number)
    peers.small_repository(folder, files)


class Project:
    def __init__(self, bench, folder):
        self.bench, self.folder, self.repo = bench, folder, f"{folder}/repo"
        self.made = 0
        project(self.repo)
        self.env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8", "OPENFACTORY_DATA": f"{folder}/data"}

    def factory(self, *words):
        return call([self.bench.factory, *words], cwd=self.repo, env=self.env)

    def to_the_gate(self, *words):
        """One run of the job, to the gate; its wall time."""
        begin = time.perf_counter()
        done = subprocess.run([self.bench.factory, "run", "-s", self.slug, *words], cwd=self.repo, env=self.env,
                                    stdin=subprocess.DEVNULL, capture_output=True, text=True)
        took = time.perf_counter() - begin
        if done.returncode != GATE:
            raise RuntimeError(f"factory run: exit {done.returncode}: {done.stdout[-300:]}{done.stderr[-300:]}")
        return took

    def cold(self, at_once=1):
        """A job that was never there, from its making to its gate; so many gates at once, 0: as the machine has cores."""
        self.made += 1
        os.makedirs(f"{self.folder}/data", exist_ok=True)
        with open(f"{self.folder}/data/openfactory.yaml", "w") as file:
            file.write(f"gates_at_once: {at_once}\n")
        self.slug = f"job{self.made}"
        with open(f"{self.folder}/{self.slug}.yaml", "w") as file:
            file.write(PLAYBOOK % module(0, self.made + 2).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n"))
        return self.to_the_gate("--playbook", f"{self.folder}/{self.slug}.yaml")

    def unchanged(self):
        """The same job once more, from its first stage to its gate."""
        self.factory("retry", "-s", self.slug, "--from", "implement")
        return self.to_the_gate()

    def unchanged_gates(self):
        """The stages that only judge: what comes after them (tcr) runs in any case."""
        return seconds([self.bench.factory, "stage", "-s", self.slug, "--from", "implement", "--to", "review"], cwd=self.repo, env=self.env)

    def commands(self):
        """What the first attempt of each stage ran: stage, words, and whether that was all right."""
        shown = json.loads(self.factory("show", "-s", self.slug, "--detailed", "--json").splitlines()[0])
        return [(row["stage"], row["argv"], row["exitCode"]) for row in shown["commands"] if row["attempt"] == 1]

    def by_hand(self, commands):
        """Those commands one after the other in a checkout of the same content, no caches, no sandbox."""
        place = f"{self.folder}/hand"
        shutil.rmtree(place, ignore_errors=True)
        workspace = glob.glob(f"{self.repo}/.factory-workspaces/{self.slug}-*")[0]
        shutil.copytree(workspace, f"{place}/work", ignore=shutil.ignore_patterns(".git"))
        env = {"PATH": self.env["PATH"], "HOME": place, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "BLACK_CACHE_DIR": f"{place}/black"}
        total = 0.0
        for stage, words, code in commands:
            reports = f"{place}/reports-{stage}"
            os.makedirs(reports, exist_ok=True)
            words = [self.outside(word, f"{place}/work", reports) for word in words]
            begin = time.perf_counter()
            done = subprocess.run(words, cwd=f"{place}/work", env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            total += time.perf_counter() - begin
            if done.returncode != code:
                raise RuntimeError(f"by hand, {' '.join(words)[:200]}: exit {done.returncode}, not {code}: {done.stdout[-200:]}{done.stderr[-200:]}")
        return total

    @staticmethod
    def outside(word, workspace, reports):
        """A word with paths of the sandbox, as a person would type it."""
        word = re.sub(r"/home/job/reports-[0-9A-Za-z]+", reports, word)
        return word.replace("/workspace", workspace)


def stages(bench):
    """the ten stages on a Python package of 40 modules, beside the same commands typed one after the other"""
    project_ = Project(bench, bench.folder(bench.disk, "row16"))
    project_.cold()
    commands = project_.commands()
    judging = [command for command in commands if command[0] not in ("tcr", "boundary", "integrate", "deploy")]
    found = bench.alternate({"cold": project_.cold, "overlap": lambda: project_.cold(0), "hand": lambda: project_.by_hand(commands),
                             "unchanged": project_.unchanged, "hand gates": lambda: project_.by_hand(judging),
                             "unchanged gates": project_.unchanged_gates}, pairs=min(bench.pairs, 5))
    add = bench.table.add
    add(16, f"ten stages, {len(commands)} commands, cold", found["cold"] * 1000, "ms", "<= 1.1x", "the commands by hand", found["hand"] * 1000)
    if os.cpu_count() > 1:
        add(16, "ten stages, gates side by side, cold", found["overlap"] * 1000, "ms", "<= 0.7x", "the commands by hand", found["hand"] * 1000)
    else:
        bench.table.say(16, "ten stages, gates side by side (<= 0.7x)", "one core: nothing can overlap")
    add(16, "implement to review, nothing changed", found["unchanged gates"] * 1000, "ms", "<= 0.1x", "their commands by hand",
        found["hand gates"] * 1000)
    add(16, "ten stages, nothing changed (tcr runs)", found["unchanged"] * 1000, "ms", "<= 0.1x", "the commands by hand", found["hand"] * 1000)

