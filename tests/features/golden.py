# SPDX-License-Identifier: Apache-2.0
"""The command line word for word: help, list, show, decisions, contracts, errors, against the files in tests/golden.

What differs from run to run (times, ids, hashes, folders) is replaced by names, and runs of blanks are folded, so that a column's width
does not count. A change of what people read shows as a diff of those files: `tests/golden/update` writes them anew.
"""

import difflib
import os
import re
import sys

from world import Wrong, World, check, contract, git, main, make_repository, playbook, write

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden")
UPDATE = os.environ.get("OPENFACTORY_GOLDEN_UPDATE") == "1"
DURATION = r"\d+(?:\.\d+)? (?:ms|s|min|h|d)(?: \d+ (?:s|min|h))?"
SCRUBS = (
    (r"\b[0-9A-HJKMNP-TV-Z]{26}\b", "ID"),
    (r"(\b[a-z][a-z0-9_]*)-[0-9a-hjkmnp-tv-z]{8}\b(?=/|$|\s|:|\")", r"\1-ID"),
    (r"\b[0-9a-f]{64}\b|\b[0-9a-f]{40}\b|\b[0-9a-f]{32}\b|\b(?=[0-9a-f]*[0-9])[0-9a-f]{12,16}\b", "HASH"),
    (rf"\b{DURATION} ago\b|\bjust now\b", "AGO"),
    (rf"\b{DURATION}(?![\w-])", "TIME"),
    (r"peak \d+ MiB", "peak N MiB"),
    (r"\d+ bytes of output", "N bytes of output"),
    (r"layers: [^\n]*", "layers: LAYERS"),
    (r"\b\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?", "DATE"),
    (r"operator:[\w.-]+", "operator:USER"),
    (r"\(\d+ bytes\)", "(N bytes)"),
    (r"(?m)(?<=/1) +\d+ +(?=sound$)", "  N  "),
    (r"(?<=\S) {2,}", "  "),
)


class Transcript:
    """What a person types and what is answered."""

    def __init__(self, world, repo=None):
        self.world, self.repo, self.text = world, repo, ""

    def factory(self, *words, cwd=None):
        done = self.world.factory(*words, repo=cwd or self.repo)
        shown = " ".join(f'"{word}"' if " " in word or not word else word for word in words)
        self.text += f"$ factory {shown}\n{done.stdout}"
        self.text += "".join(f"! {line}\n" for line in done.stderr.splitlines())
        self.text += f"(exit {done.returncode})\n\n"
        return done

    def compare(self, name):
        text = self.text.replace(os.path.realpath(self.world.folder), "FOLDER").replace(self.world.folder, "FOLDER")
        for pattern, name_of_it in SCRUBS:
            text = re.sub(pattern, name_of_it, text)
        path = os.path.join(GOLDEN, f"{name}.txt")
        if UPDATE:
            write(path, text)
            return
        if not os.path.exists(path):
            raise Wrong(f"there is no {path}: run tests/golden/update")
        with open(path) as file:
            expected = file.read()
        if text != expected:
            diff = "\n".join(difflib.unified_diff(expected.splitlines(), text.splitlines(), f"golden/{name}.txt", "now", lineterm=""))
            raise Wrong(f"it reads otherwise; where that is meant, run tests/golden/update\n{diff}")


def help_texts(folder):
    told = Transcript(World(folder))
    told.factory("help")
    told.factory("help", "exit-codes")
    names = re.findall(r"^  ([a-z-]+) +\S", told.text.split("\n\n")[2], re.MULTILINE)
    check(len(names) > 20, f"no commands in {told.text}")
    for name in names:
        told.factory("help", name)
    told.compare("help")


def a_job(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", contract("shop"))
    write(f"{folder}/shop.yaml", playbook("shop"))
    told = Transcript(world, repo)
    told.factory("list")
    told.factory("new", "-s", "shop", "--title", "Double the price", "--priority", "P1", "--playbook", f"{folder}/shop.yaml")
    told.factory("list")
    told.factory("run", "-s", "shop")
    told.factory("list", "--status", "passed_pipeline")
    told.factory("list", "--priority", "P2")
    told.factory("show", "-s", "shop")
    told.factory("show", "-s", "shop", "--detailed")
    told.factory("show", "-s", "shop", "--stage", "docs")
    told.factory("diff", "-s", "shop", "--stat")
    told.factory("diff", "-s", "shop", "--attempt", "unit-test/1", "--stat")
    told.factory("log", "-s", "shop", "--stage", "docs")
    told.factory("artifacts", "-s", "shop")
    told.factory("watchdog")
    told.factory("approve", "-s", "shop")
    told.factory("reject", "-s", "shop")
    told.factory("approve", "-s", "shop", "--accept-risk", "docs", "--comment", "no docs needed")
    told.factory("show", "-s", "shop")
    told.factory("list")
    told.factory("approve", "-s", "shop")
    told.factory("audit", "verify")
    told.compare("job")


def a_person_at_the_gates(folder):
    world = World(folder)
    files = "contract:\n  language: python\n  allowed_files: ['src/**']\n  pipeline:\n    - name: implement\n      command: \"test -f README\"\n    - name: review\n    - name: boundary\n    - name: deploy\n"
    repo = make_repository(f"{folder}/repo", files)
    told = Transcript(world, repo)
    told.factory("new", "-s", "cart")
    write(f"{repo}/.factory/cart/src/one.py", '"""One."""\n\n\ndef load(text):\n    """Loads."""\n    try:\n        return eval(text)\n    except Exception:\n        pass\n')
    write(f"{repo}/.factory/cart/docs.md", "a file that the contract closes\n")
    told.factory("stage", "-s", "cart", "--from", "implement", "--to", "boundary")
    told.factory("show", "-s", "cart", "--detailed")
    told.factory("approve", "-s", "cart", "--comment", "all the same")
    told.factory("list")
    told.compare("gates")


def contracts(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo")
    told = Transcript(world, repo)
    told.factory("contract", "check")
    write(f"{repo}/mine.yaml", "contract:\n  langauge: python\n  allowed_files: [src/**, lib/**]\n  max_lines_changed: many\n  pipeline:\n    - {name: implement, command: \"make | tee log\"}\n    - deploy\n")
    told.factory("contract", "check", "mine.yaml")
    write(f"{repo}/mine.yaml", "contract:\n  allowed_files: [src/**, lib/**, src]\n  protected_branches: [release]\n  secrets: [NO_SUCH]\n  pipeline:\n    - {name: implement, command: test -f README}\n    - deploy\n")
    told.factory("contract", "check", "mine.yaml")
    told.factory("contract", "init", "mine.yaml")
    told.factory("new", "-s", "one", "--contract", "absent.yaml")
    told.compare("contract")


PLANNED = """playbook: plan
question: "Which file?"
spec:
  title: "A note"
  scope: ["a note in {answer}"]
  non_goals: []
  assumptions: []
  acceptance_criteria: [{id: AC-1, text: "the note is there"}]
  constraints: []
  risks: []
architecture:
  components: [{name: notes, purpose: "hold text", files: [{path: src/note.txt, state: new}]}]
  data_flow: ["none"]
  interfaces: []
  storage: []
  test_strategy: ["by eye"]
tickets:
  - tickets: [{number: 1, name: note, goal: "Write it.", files: ["src/*"], commands: ["sh -c id"], tests: [], done: ["it is there"], criteria: [], depends_on: []}]
  - tickets: [{number: 1, name: note, goal: "Write it.", files: ["src/*"], commands: [], tests: [], done: ["it is there"], criteria: [AC-1], depends_on: []}]
changes:
  - ticket: 1
    summary: "Write too much"
    write: {src/note.txt: "a\\n", other.txt: "b\\n"}
  - ticket: 1
    summary: "Write it"
    write: {src/note.txt: "a\\n"}
"""


def a_planned_job(folder):
    world = World(folder)
    stages = "".join(f"    - name: {name}\n" for name in ("spec", "architecture", "tickets"))
    repo = make_repository(f"{folder}/repo", f"contract:\n  language: python\n  pipeline:\n{stages}    - name: implement\n      command: test -f README\n    - name: deploy\n")
    write(f"{folder}/plan.yaml", PLANNED)
    told = Transcript(world, repo)
    told.factory("new", "-s", "note", "--playbook", f"{folder}/plan.yaml", "--review-spec")
    told.factory("answer", "-s", "note", "too early")
    told.factory("run", "-s", "note")
    told.factory("answer", "-s", "note", "")
    told.factory("answer", "-s", "note", "src/note.txt")
    told.factory("answer", "-s", "note", "src/other.txt")
    told.factory("run", "-s", "note")
    told.factory("spec", "show", "-s", "note")
    told.factory("spec", "edit", "-s", "note")
    write(f"{folder}/wrong.yaml", "scope: []\n")
    told.factory("spec", "edit", f"{folder}/wrong.yaml", "-s", "note")
    told.factory("spec", "accept", "-s", "note")
    told.factory("spec", "accept", "-s", "note")
    told.factory("run", "-s", "note")
    told.factory("show", "-s", "note")
    told.factory("show", "-s", "note", "--detailed")
    told.factory("new", "-s", "mine")
    told.factory("run", "-s", "mine")
    told.compare("planned")


def errors(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo")
    os.makedirs(f"{folder}/elsewhere")
    told = Transcript(world, repo)
    told.factory("frobnicate")
    told.factory("list", "--colour")
    told.factory("list", "--status", "done")
    told.factory("list", "--limit", "many")
    told.factory("show")
    told.factory("show", "-s", "absent")
    told.factory("show", "-s", "../x")
    told.factory("new", "-s", "Not A Slug")
    told.factory("new", "-s", "one", "--target", "nowhere")
    told.factory("new", "-s", "one", cwd=f"{folder}/elsewhere")
    told.factory("run", "-s", "one", "--playbook", "absent.yaml")
    told.factory("stage", "-s", "absent", "--stage", "lint")
    told.factory("answer", "-s", "absent", "--text", "yes")
    told.factory("rewind", "-s", "absent", "--to", "lint")
    told.factory("export", "absent")
    told.factory("audit", "burn")
    told.factory("help", "frobnicate")
    told.factory("list", "one", "two")
    told.compare("errors")


if __name__ == "__main__":
    sys.exit(main({case.__name__: case for case in (help_texts, a_job, a_planned_job, a_person_at_the_gates, contracts, errors)}, "golden"))
