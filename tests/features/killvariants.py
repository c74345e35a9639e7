# SPDX-License-Identifier: Apache-2.0
"""SIGKILL during jobs whose contract takes less back (tcr: relaxed, build-first): what a revert is to leave is left,
whenever the process died, and nothing else. And while a formatter mends files: it is committed once, or lint runs again.

  killvariants.py [relaxed|build-first|mended] [run:CLASS:N:SIDE]...    see killeverywhere.py
"""

import os
import sys

from killeverywhere import Kills, try_points
from world import FACTORY, KILLPOINT, adopt_orphans, check, contract, git, playbook, say, scratch

# The test that the reverted change brought is part of the next one.
RELAXED = playbook("one").replace('"wrong-one": "w\\n"', '"wrong-one": "w\\n", "tests/test_one.py": "def test_one():\\n    assert 1\\n"')
# The first change does not compile and stays; the second one does, is wrong, and takes both along.
BUILD_FIRST = """playbook: light
changes:
  - for: implement
    summary: "does not compile"
    write: {"src/one.py": "x = 1.5\\n", "first-one": "f\\n"}
  - for: implement
    summary: "wrong"
    write: {"src/one.py": "x = 2\\n", "wrong-one": "w\\n", "builds-one": "b\\n"}
  - for: unit-test
    summary: "right"
    write: {"src/one.py": "x = 3\\n", "builds-one": "b\\n", "right-one": "r\\n"}
"""


def with_tests(_, repo):
    check("def test_one" in git(repo, "show", "main:tests/test_one.py"), "main does not hold the test")


def with_the_first(world, repo):
    ident = world.show("one", repo)["id"]
    kept = git(repo, "for-each-ref", "--format=%(refname)", f"refs/openfactory/{ident}/unit-test").split()
    files = [git(repo, "ls-tree", "--name-only", ref).split() for ref in kept]
    wrong = [names for names in files if "wrong-one" in names]
    check(wrong and all("first-one" in names for names in wrong), f"what did not compile was not kept for the next change: {files}")
    check(git(repo, "show", "main:first-one", may_fail=True).returncode != 0, "what was reverted is on main")
    store = world.store()
    try:
        failed = store.value("SELECT count(*) FROM attempts WHERE stage='implement' AND state='failed'")
        check(failed == 1, f"implement failed {failed} times")
    finally:
        store.close()


# A real formatter mends the right change; the wrong one never gets there.
MENDED = playbook("one").replace("x = 3", "x=3")


def by_the_formatter(world, repo):
    store = world.store()
    try:
        said = store.value("SELECT json_extract(verdict, '$.summary') FROM attempts WHERE stage='lint' AND state='passed'")
    finally:
        store.close()
    check("mended" in said or "no violations" == said, f"lint: {said}")  # mended by the attempt that was killed
    log = git(repo, "log", "--format=%s", "main")
    check(sum(line.startswith("one: lint") for line in log.splitlines()) == 1, f"not one commit of what lint mended: {log}")


VARIANTS = {
    "relaxed": (contract("one") + "  tcr: relaxed\n", RELAXED, with_tests, {}),
    "build-first": (contract("one").replace("test -f README", "test -f builds-one") + "  tcr: build-first\n", BUILD_FIRST, with_the_first,
                    {"changes": 3}),
    "mended": (contract("one").replace("    - name: docs\n", "    - name: lint\n    - name: docs\n"), MENDED, by_the_formatter,
               {"files": {"pyproject.toml": "[tool.black]\n"}}),
}


def main():
    adopt_orphans()
    check(FACTORY and KILLPOINT, "OPENFACTORY_FACTORY and OPENFACTORY_KILLPOINT are not set")
    wanted = [(p, w, int(n), s) for p, w, n, s in (word.split(":") for word in sys.argv[1:] if ":" in word)]
    failed = []
    for name in [word for word in sys.argv[1:] if ":" not in word] or VARIANTS:
        say(f"{name}:")
        contract_yaml, playbook_yaml, more, done = VARIANTS[name]
        kills = Kills(scratch("kill"), contract_yaml, playbook_yaml, more, **done)
        failed += try_points(kills, ["run"], wanted, os.environ.get("OPENFACTORY_KILL_ALL") == "1",
                             float(os.environ.get("OPENFACTORY_KILL_SECONDS", "100")))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
