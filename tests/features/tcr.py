# SPDX-License-Identifier: Apache-2.0
"""What a hard failure takes back, as the contract has it; all of it comes back whole."""

import os
import sys

from world import FAILED, OK, World, check, git, main, make_repository, read, write

CONTRACT = """contract:
  language: python
  tcr: VARIANT
  pipeline:
    - name: implement
      command: "test -f builds"
    - name: unit-test
      command: "test -f passes"
    - name: deploy
"""


def job(folder, variant):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", CONTRACT.replace("VARIANT", variant))
    world.expect(OK, "new", "-s", "one", repo=repo)
    return world, repo, f"{repo}/.factory/one"


def state(workspace):
    """Which of the planted files are there, and the source's content."""
    names = [name for name in ("builds", "src/new.py", "tests/test_new.py") if os.path.exists(f"{workspace}/{name}")]
    return read(f"{workspace}/src/one.py").decode().strip(), names


def plant(workspace, builds):
    write(f"{workspace}/src/one.py", "x = 2\n")
    write(f"{workspace}/src/new.py", "y = 1\n")
    write(f"{workspace}/tests/test_new.py", "def test_new():\n    assert 1\n")
    if builds:
        write(f"{workspace}/builds", "")


def case(variant, after_build, after_test):
    def run(folder):
        for builds, expected in ((False, after_build), (True, after_test)):
            world, repo, workspace = job(f"{folder}/{builds}", variant)
            plant(workspace, builds)
            everything = state(workspace)
            world.expect(FAILED, "stage", "-s", "one", "--from", "implement", "--to", "unit-test", repo=repo)
            check(state(workspace) == expected, f"builds: {builds}: {state(workspace)}, not {expected}")
            if state(workspace) == everything:
                continue
            stage = "unit-test/1" if builds else "implement/1"
            world.expect(OK, "rewind", "-s", "one", "--to", stage, repo=repo)
            check(state(workspace) == everything, f"after the rewind: {state(workspace)}")
            # Once it is right, all of it is kept.
            write(f"{workspace}/builds", "")
            write(f"{workspace}/passes", "")
            world.factory("run", "-s", "one", repo=repo)
            world.expect(OK, "approve", "-s", "one", repo=repo)
            check(git(repo, "show", "main:src/one.py") == "x = 2\n" and "test_new" in git(repo, "show", "main:tests/test_new.py"), "main")
    run.__name__ = variant.replace("-", "_")
    return run


GONE, TESTS, ALL = ("x = 1", []), ("x = 1", ["tests/test_new.py"]), ("x = 2", ["src/new.py", "tests/test_new.py"])

if __name__ == "__main__":
    cases = (case("strict", GONE, GONE), case("relaxed", TESTS, TESTS), case("build-first", ALL, GONE))
    sys.exit(main({one.__name__: one for one in cases}, "tcr"))
