# SPDX-License-Identifier: Apache-2.0
"""What no decision overrides, end to end: tests that get weaker, a repository within, a secret in the history."""

import json
import os
import sys

from world import OK, REFUSED, WAITS, World, check, git, main, make_repository, write

CONTRACT = """contract:
  language: python
  pipeline:
    - name: implement
      command: "test -f README"
    - name: boundary
    - name: deploy
"""
TESTS = "from shop import price\n\n\ndef test_price():\n    assert price(2) == 4\n    assert price(3) == 6\n"


def shop(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", CONTRACT)
    write(f"{repo}/shop.py", "def price(n):\n    return n * 2\n")
    write(f"{repo}/tests/test_shop.py", TESTS)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "A shop")
    world.expect(OK, "new", "-s", "one", repo=repo)
    return world, repo, f"{repo}/.factory/one"


def newest(world, repo, stage):
    shown = json.loads(world.expect(OK, "show", "-s", "one", "--detailed", "--json", repo=repo).stdout.splitlines()[0])
    return [attempt for attempt in shown["attempts"] if attempt["stage"] == stage][-1]


def breach(world, repo, said):
    """The boundary says so, and nobody can approve it."""
    before = git(repo, "rev-parse", "main")
    world.factory("run", "-s", "one", repo=repo)
    attempt = newest(world, repo, "boundary")
    messages = [finding["message"] for finding in attempt["verdict"]["findings"]]
    check(attempt["state"] == "failed" and any(said in message for message in messages), f"{attempt['state']}: {messages}")
    world.expect(REFUSED, "approve", "-s", "one", "--comment", "all the same", repo=repo)
    check(git(repo, "rev-parse", "main") == before, "main moved")


def test_file_renamed_away(folder):
    world, repo, workspace = shop(folder)
    git(workspace, "mv", "tests/test_shop.py", "tests/shop_checks.py")
    breach(world, repo, "test_shop.py")


def fewer_assertions(folder):
    world, repo, workspace = shop(folder)
    write(f"{workspace}/tests/test_shop.py", TESTS.replace("    assert price(3) == 6\n", "    price(3)\n"))
    breach(world, repo, "assertion")


def repository_within(folder):
    world, repo, workspace = shop(folder)
    write(f"{workspace}/shop.py", "def price(n):\n    return 2 * n\n")
    os.makedirs(f"{workspace}/vendor")
    git(f"{workspace}/vendor", "init", "-q")
    write(f"{workspace}/vendor/code.py", "y = 1\n")
    breach(world, repo, "repository of its own")


def secret_in_a_commit_that_a_later_one_takes_away(folder):
    """It is in no diff of the whole, but the history would hold it for good."""
    world, repo, workspace = shop(folder)
    write(f"{workspace}/shop.py", 'KEY = "AKIA' + 'Z2YQ7MXW3KLP5TRB"\n')
    git(workspace, "commit", "-qam", "With a key")
    write(f"{workspace}/shop.py", "def price(n):\n    return 2 * n\n")
    git(workspace, "commit", "-qam", "Without it")
    world.factory("run", "-s", "one", repo=repo)
    attempt = newest(world, repo, "implement")
    check(attempt["state"] == "failed" and "secret" in attempt["verdict"]["summary"], f"{attempt}")
    check("in commit" in attempt["verdict"]["findings"][0]["message"], f"{attempt['verdict']['findings']}")
    world.expect(REFUSED, "approve", "-s", "one", "--comment", "x", repo=repo)
    git(workspace, "reset", "-q", "--soft", "main")  # one commit, without it
    git(workspace, "commit", "-qm", "Without it from the start")
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    world.expect(OK, "approve", "-s", "one", repo=repo)
    check("KEY" not in git(repo, "log", "-p", "main"), "the key is in the history of main")


if __name__ == "__main__":
    sys.exit(main({case.__name__: case for case in (
        test_file_renamed_away, fewer_assertions, repository_within, secret_in_a_commit_that_a_later_one_takes_away)}, "boundary"))
