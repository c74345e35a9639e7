# SPDX-License-Identifier: Apache-2.0
"""A job from its task to the gate: a spec with one question, an architecture, two tickets of which one is reverted once. And the same
killed at sampled points of every phase: the same facts in the end, nothing done twice.

  tickets.py [plain|review|killed] [PHASE:CLASS:N:SIDE]...    see killeverywhere.py
"""

import hashlib
import os
import sys

from killeverywhere import PHASES, Kills, try_points
from world import (FACTORY, KILLPOINT, OK, REFUSED, USAGE, WAITS, World, check, check_repository, git, main, make_repository, read,
                   scratch, write)

CONTRACT = """contract:
  language: python
  allowed_files: ["src/**", "tests/**"]
  pipeline:
    - name: spec
    - name: architecture
    - name: tickets
    - name: implement
      command: "test -f README"
    - name: unit-test
    - name: boundary
    - name: deploy
"""

PLAYBOOK = """playbook: cart
question: "Which currency?"
spec:
  title: "A cart"
  scope: ["a cart that adds up, in {answer}"]
  non_goals: ["no shop"]
  assumptions: ["prices are integers"]
  acceptance_criteria:
    - {id: AC-1, text: "the total is the sum of the prices"}
    - {id: AC-2, text: "a cart can be emptied"}
  constraints: []
  risks: ["none is known"]
architecture:
  components:
    - name: cart
      purpose: "holds prices"
      files:
        - {path: src/one.py, state: exists}
        - {path: src/cart.py, state: new}
  data_flow: ["prices in, a total out"]
  interfaces: ["Cart.add, Cart.total, Cart.empty"]
  storage: []
  test_strategy: ["a unit test for each criterion"]
tickets:
  tickets:
    - number: 1
      name: empty-cart
      goal: "A cart can be emptied."
      files: [src/cart.py, tests/test_empty.py]
      commands: []
      tests: [{name: "tests/test_empty.py::test_empty", fails_before: true}]
      done: ["the test passes"]
      criteria: [AC-2]
      depends_on: [2]
    - number: 2
      name: total
      goal: "The total is the sum."
      files: ["src/cart.py", "tests/test_cart.py"]
      commands: []
      tests: [{name: "tests/test_cart.py::test_total", fails_before: true}]
      done: ["the test passes"]
      criteria: [AC-1]
      depends_on: []
changes:
  - ticket: 2
    summary: "Multiply"
    write: {src/cart.py: "%(wrong)s", tests/test_cart.py: "%(total)s"}
  - ticket: 2
    summary: "Add"
    write: {src/cart.py: "%(right)s", tests/test_cart.py: "%(total)s"}
  - ticket: 1
    summary: "Empty"
    replace: [{file: src/cart.py, old: "    def total", new: "    def empty(self):\\n        self.prices = []\\n\\n    def total"}]
    write: {tests/test_empty.py: "%(empty)s"}
"""
CART = "class Cart:\\n    def __init__(self, *prices):\\n        self.prices = list(prices)\\n\\n    def total(self):\\n        return %s\\n"
IMPORT = "import pathlib\\nimport sys\\n\\nsys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'src'))\\nfrom cart import Cart\\n\\n\\n"
PLAYBOOK = PLAYBOOK % {"wrong": CART % "self.prices[0] * self.prices[1]", "right": CART % "sum(self.prices)",
                       "total": IMPORT + "def test_total():\\n    assert Cart(1, 2).total() == 3\\n",
                       "empty": IMPORT + "def test_empty():\\n    cart = Cart(1, 2)\\n    cart.empty()\\n    assert cart.total() == 0\\n"}

RUN = ["run", "-s", "one", "--playbook", "../playbook.yaml"]
PHASES.update({"plan": (RUN, WAITS), "answer": (["answer", "-s", "one", "euros"], OK), "tickets": (["run", "-s", "one"], WAITS)})


def to_the_gate(world, repo):
    """What a person does: looks, answers, goes on."""
    for _ in range(12):
        job = world.show("one", repo)
        if job is None:
            world.expect((OK, WAITS), *RUN, repo=repo)
        elif job["wait"] == "clarification":
            world.expect(OK, "answer", "-s", "one", "euros", repo=repo)
        elif job["wait"] == "approval":
            return job
        else:
            check(job["state"] != "failed", f"it failed: {job['note']}")
            world.expect((OK, WAITS), "run", "-s", "one", repo=repo)
    check(False, f"it does not come to the gate: {job}")


def facts_of(world, repo):
    """What must be the same however often the process was killed on the way."""
    job = to_the_gate(world, repo)
    folder = f"{world.data}/jobs/{job['id']}"
    for kind, name in (("spec", "SPEC.json"), ("architecture", "ARCHITECTURE.json"), ("tickets", "TICKETS.json")):
        check(hashlib.sha256(read(f"{folder}/{name}")).hexdigest() == job["frozen"][kind], f"{name} is not what is frozen")
    store = world.store()
    try:
        num = store.value("SELECT num FROM jobs WHERE id=?", job["id"])
        check(store.value("SELECT count(*) FROM intents WHERE job=? AND state='open'", num) == 0, "an intent is left open")
        check(store.value("SELECT count(*) FROM commands WHERE job=? AND finished=0", num) == 0, "a command is left unfinished")
        check(store.value("SELECT gate_spec FROM jobs WHERE num=?", num), "the gate is not bound to the spec")
        actions = store.actions(job["id"])
        reverted = store.rows("SELECT ticket, verdict FROM attempts WHERE job=? AND state='reverted'", num)
        passed = store.rows("SELECT stage, ticket FROM attempts WHERE job=? AND state='passed' ORDER BY num", num)
    finally:
        store.close()
    check("test_total" in reverted[0]["verdict"], f"the reverted change failed at something else: {reverted[0]['verdict']}")
    steps = git(repo, "log", "--all", "--format=%(trailers:key=OpenFactory-Step,valueonly,separator=%x2C)").split()
    check(len(steps) == len(set(steps)), f"a step was done twice: {steps}")
    check(git(f"{repo}/.factory/one", "status", "--porcelain") == "", "the workspace is not clean")
    check_repository(repo)
    world.expect(OK, "audit", "verify")
    return {"frozen": job["frozen"], "question": job["question"], "answer": job["answer"], "criteria": job["criteria"],
            "tickets": job["tickets"], "tree": git(repo, "rev-parse", "factory/one^{tree}").strip(),
            "commits": git(repo, "log", "--format=%s", "main..factory/one").split("\n"),
            "patches": {name: hashlib.sha256(read(f"{folder}/TICKETS/{name}.patch")).hexdigest() for name in ("0001-empty-cart", "0002-total")},
            "reverted": [row["ticket"] for row in reverted], "passed": [(row["stage"], row["ticket"]) for row in passed],
            "actions": {name: actions[name] for name in ("question.answered", "ticket.done", "author.changed", "attempt.reverted")}}


WANTED = {"question": "Which currency?", "answer": "euros", "commits": ["one: ticket 1, empty-cart", "one: ticket 2, total", ""], "reverted": [2],
          "passed": [("spec", 0), ("architecture", 0), ("tickets", 0), ("implement", 2), ("implement", 1), ("unit-test", 0), ("boundary", 0)],
          "actions": {"question.answered": 1, "ticket.done": 2, "author.changed": 3, "attempt.reverted": 1}}


def plain(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", CONTRACT)
    write(f"{folder}/playbook.yaml", PLAYBOOK)
    asked = world.expect(WAITS, *RUN, repo=repo)
    check("an answer to: Which currency?" in asked.stdout, f"it does not say what it waits for: {asked.stdout}")
    world.expect(USAGE, "answer", "-s", "one", "", repo=repo)
    facts = facts_of(world, repo)
    for name, wanted in WANTED.items():
        check(facts[name] == wanted, f"{name}: {facts[name]}, not {wanted}")
    world.expect(REFUSED, "answer", "-s", "one", "dollars", repo=repo)
    job = world.show("one", repo)
    folder = f"{world.data}/jobs/{job['id']}"
    check(b"that adds up, in euros" in read(f"{folder}/SPEC.md"), "the answer is not in the spec")
    check([criterion["tickets"] for criterion in job["criteria"]] == [[2], [1]], f"criteria: {job['criteria']}")
    check(all(one.get("ticket") == 2 for one in job["attempts"] if one["state"] == "reverted"), "show --json names no ticket")
    shown = world.expect(OK, "show", "-s", "one", "--detailed", repo=repo).stdout
    for line in ("question: Which currency?", "answer:   euros", "AC-1 the total is the sum of the prices (ticket 2)", "ticket 1 empty-cart: done", "for ticket 2"):
        check(line in shown, f"show does not say: {line}\n{shown}")
    # A frozen document that somebody changes is no base for a decision any more.
    spec = read(f"{folder}/SPEC.json").decode()
    write(f"{folder}/SPEC.json", spec.replace("sum", "product"))
    refused = world.expect(REFUSED, "approve", "-s", "one", "--comment", "seen", repo=repo)
    check("the spec or the plan changed" in refused.stderr, f"approve: {refused.stderr}")
    check("CHANGED after it was frozen: SPEC.json" in world.expect(OK, "show", "-s", "one", repo=repo).stdout, "show does not tell")
    write(f"{folder}/SPEC.json", spec)
    world.expect(OK, "approve", "-s", "one", "--comment", "seen", repo=repo)
    check(b"sum(self.prices)" in read(f"{repo}/src/cart.py"), "main does not hold the change")


def review(folder):
    """A person looks at the spec before it is frozen."""
    world = World(folder)
    repo = make_repository(f"{folder}/repo", CONTRACT)
    write(f"{folder}/playbook.yaml", PLAYBOOK.replace('question: "Which currency?"\n', ""))
    world.expect(OK, "new", "-s", "one", "--playbook", "../playbook.yaml", "--review-spec", repo=repo)
    world.expect(REFUSED, "spec", "accept", "-s", "one", repo=repo)
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    draft = world.expect(OK, "spec", "show", "-s", "one", repo=repo).stdout
    check("in not answered" in draft, f"the draft: {draft}")
    write(f"{folder}/mine.yaml", draft.replace("in not answered", "in crowns"))
    write(f"{folder}/wrong.yaml", draft.replace("AC-2", "AC-1"))
    wrong = world.expect(USAGE, "spec", "edit", "../wrong.yaml", "-s", "one", repo=repo)
    check("AC-1 was given before" in wrong.stderr, f"it does not say what is wrong: {wrong.stderr}")
    world.expect(OK, "spec", "edit", "../mine.yaml", "-s", "one", repo=repo)
    world.expect(OK, "spec", "accept", "-s", "one", repo=repo)
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    job = world.show("one", repo)
    check(b"in crowns" in read(f"{world.data}/jobs/{job['id']}/SPEC.json"), "the spec is not what was accepted")
    check(job["wait"] == "approval", f"it waits for {job['waits_for']}")


class TicketKills(Kills):
    same = None  # the facts of the run that nobody killed

    def check_end(self, world, _phase):
        facts = facts_of(world, self.repo)
        TicketKills.same = TicketKills.same or facts
        for name, wanted in TicketKills.same.items():
            check(facts[name] == wanted, f"{name}: {facts[name]}, not {wanted}")


def killed(folder):
    check(KILLPOINT, "OPENFACTORY_KILLPOINT is not set")
    points = [(p, w, int(n), s) for p, w, n, s in (word.split(":") for word in sys.argv[1:] if ":" in word)]
    kills = TicketKills(scratch("kill"), CONTRACT, PLAYBOOK)
    failures = try_points(kills, ["plan", "answer", "tickets"], points, os.environ.get("OPENFACTORY_KILL_ALL") == "1",
                          float(os.environ.get("OPENFACTORY_KILL_SECONDS", "100")))
    check(not failures, f"after a kill it is not the same: {failures}")


if __name__ == "__main__":
    check(FACTORY, "OPENFACTORY_FACTORY is not set")
    if any(":" in word for word in sys.argv[1:]):
        killed(None)
        sys.exit(0)
    sys.exit(main({case.__name__: case for case in (plain, review, killed)}, "tickets"))
