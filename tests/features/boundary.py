# SPDX-License-Identifier: Apache-2.0
"""What no decision overrides, end to end: tests that get weaker, a repository within, a secret in the history."""

import json
import os
import shutil
import subprocess
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


def protected_though_the_boundary_is_left_out(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", CONTRACT.replace("    - name: boundary\n", ""))
    world.expect(OK, "new", "-s", "one", repo=repo)
    work = f"{repo}/.factory/one"
    write(f"{work}/.github/workflows/ci.yml", "on: push\n")
    world.factory("run", "-s", "one", repo=repo)
    attempt = newest(world, repo, "deploy")
    check(attempt["state"] == "failed" and ".github/workflows/ci.yml" in json.dumps(attempt["verdict"]), attempt)
    world.expect(REFUSED, "approve", "-s", "one", "--comment", "all the same", repo=repo)
    shutil.rmtree(f"{work}/.github")
    write(f"{work}/shop.py", "x = 2\n")
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    world.expect(OK, "approve", "-s", "one", "--comment", "now it is fine", repo=repo)


def what_is_taken_back_stays_in_the_history(folder):
    """A commit touches what no job may, and the next takes it back: no breach, and whoever decides is told."""
    world, repo, work = shop(folder)
    write(f"{work}/.github/workflows/ci.yml", "on: push\n")
    write(f"{work}/shop.py", "def price(n):\n    return 2 * n\n")
    git(work, "add", "-A")
    git(work, "commit", "-qm", "Sneak")
    sneaked = git(work, "rev-parse", "HEAD")[:12]
    git(work, "rm", "-q", ".github/workflows/ci.yml")
    git(work, "commit", "-qm", "Take it back")
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    findings = newest(world, repo, "boundary")["verdict"]["findings"]
    check([finding["file"] for finding in findings] == [".github/workflows/ci.yml"] and "taken back" in findings[0]["message"], f"{findings}")
    said = world.expect(OK, "show", "-s", "one", "--detailed", repo=repo).stdout
    check(".github/workflows/ci.yml" in said and sneaked in said, said)


def test_file_renamed_away(folder):
    world, repo, workspace = shop(folder)
    git(workspace, "mv", "tests/test_shop.py", "tests/shop_checks.py")
    breach(world, repo, "test_shop.py")


def repository_that_a_gate_leaves(folder):
    """The repository's own tests make one in the working folder: that is taken back, and no breach."""
    world = World(folder)
    contract = CONTRACT.replace("    - name: boundary\n", "    - {name: tests, kind: command, command: \"bash tools/tests.sh\"}\n    - name: boundary\n")
    repo = make_repository(f"{folder}/repo", contract)
    write(f"{repo}/tools/tests.sh", "mkdir -p made/inner && git init -q made && git init -q made/inner && echo x >made/file\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Tests that leave a repository")
    world.expect(OK, "new", "-s", "one", repo=repo)
    workspace = f"{repo}/.factory/one"
    write(f"{workspace}/b", "b\n")
    os.makedirs(f"{workspace}/mine")
    git(f"{workspace}/mine", "init", "-q")
    world.factory("run", "-s", "one", repo=repo)
    messages = [finding["message"] for finding in newest(world, repo, "boundary")["verdict"]["findings"]]
    check(len(messages) == 1 and "mine is a repository" in messages[0], f"boundary: {messages}")
    shutil.rmtree(f"{workspace}/mine")
    write(f"{workspace}/b", "c\n")
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    check(newest(world, repo, "boundary")["state"] == "passed", "what a gate left was counted against the change")
    check(not os.path.exists(f"{workspace}/made/file"), "it was not taken back")
    check(any(name.startswith(".left-in-one") for name in os.listdir(f"{repo}/.factory-workspaces")), "nothing was put aside")
    world.expect(OK, "approve", "-s", "one", "--comment", "as it is", repo=repo)


def too_large_to_be_compared(folder):
    world, repo, workspace = shop(folder)
    write(f"{workspace}/tests/test_shop.py", "def test_price(): pass\n" + "#\n" * 2_700_000)
    breach(world, repo, "no lines that can be compared")


def workspaces_lost(folder):
    """All workspaces were removed: the job's is there again, and another job can be made."""
    world, repo, workspace = shop(folder)
    shutil.rmtree(f"{repo}/.factory-workspaces")
    write(f"{folder}/note", "")
    done = world.factory("run", "-s", "one", repo=repo)
    check(done.returncode == WAITS and os.path.exists(f"{workspace}/tests/test_shop.py"), f"exit {done.returncode}: {done.stdout}{done.stderr}")
    shutil.rmtree(f"{repo}/.factory-workspaces")
    world.expect(OK, "cancel", "-s", "one", repo=repo)
    world.expect(OK, "new", "-s", "one", repo=repo)


def fewer_assertions(folder):
    world, repo, workspace = shop(folder)
    write(f"{workspace}/tests/test_shop.py", TESTS.replace("    assert price(3) == 6\n", "    price(3)\n"))
    breach(world, repo, "assertion")


def tests_hidden_by_a_later_one(folder):
    """The same number of tests run, under the same names; the tools count nothing as gone."""
    for number, (text, line, said) in enumerate(((TESTS + "\n\ndef test_price():\n    assert price\n", 9, "test_price is defined again"),
                                                 (TESTS + "\n\nimport pytest\n\n\n@pytest.mark.parametrize('n', [])\ndef test_more(n):\n    assert n\n", 12, "switched off"))):
        world, repo, workspace = shop(f"{folder}/{number}")
        write(f"{workspace}/tests/test_shop.py", text)
        breach(world, repo, said)
        first = newest(world, repo, "boundary")["verdict"]["findings"][0]
        check((first["file"], first["line"]) == ("tests/test_shop.py", line), f"{first}")


def tests_left_out_by_settings(folder):
    world, repo, workspace = shop(folder)
    for name, text in {"conftest.py": "collect_ignore = ['tests/test_shop.py']\n",
                       "pytest.ini": "[pytest]\naddopts = --deselect tests/test_shop.py::test_price\n"}.items():
        write(f"{workspace}/{name}", text)
        breach(world, repo, "leave tests out")
        os.unlink(f"{workspace}/{name}")
        world.factory("retry", "-s", "one", repo=repo)


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


def secret_in_history_by_other_ways(folder):
    """Taken away without a commit, in a message, in a name, in a history of its own, in a merge: none comes onto the target."""
    key = "AKIA" + "Z2YQ7MXW3KLP5TRB"
    world, repo, workspace = shop(folder)
    os.makedirs(f"{world.data}/secrets", mode=0o700, exist_ok=True)
    with os.fdopen(os.open(f"{world.data}/secrets/DB_PASSWORD", os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write("correct-horse-battery-7")
    clean = "def price(n):\n    return 2 * n\n"

    def put(text):
        write(f"{workspace}/shop.py", text)

    def taken_away_in_the_workspace():
        put(f'KEY = "{key}"\n')
        git(workspace, "commit", "-qam", "With a key")
        put(clean)

    def in_a_message():
        put(clean)
        git(workspace, "commit", "-qam", "Log in with correct-horse-battery-7")

    def in_a_name():
        put(clean)
        git(workspace, "commit", "-qam", "Price", "--author=correct-horse-battery-7 <owner@localhost>")

    def in_a_history_of_its_own():
        put(clean)
        git(workspace, "commit", "-qam", "Price")
        git(workspace, "checkout", "-q", "--orphan", "elsewhere")
        put(f'KEY = "{key}"\n')
        git(workspace, "commit", "-qam", "Elsewhere")
        git(workspace, "checkout", "-q", "factory/one")
        git(workspace, "merge", "-q", "-s", "ours", "--allow-unrelated-histories", "-m", "Join", "elsewhere")

    def in_a_merge():
        git(workspace, "checkout", "-q", "-b", "side")
        write(f"{workspace}/side.txt", "side\n")
        git(workspace, "add", "-A")
        git(workspace, "commit", "-qm", "Side")
        git(workspace, "checkout", "-q", "factory/one")
        put(clean)
        git(workspace, "commit", "-qam", "Price")
        git(workspace, "merge", "-q", "--no-commit", "side")
        put(f'KEY = "{key}"\n' + clean)
        git(workspace, "commit", "-qam", "Merge")
        put(clean)
        git(workspace, "commit", "-qam", "Without it")

    for way in (taken_away_in_the_workspace, in_a_message, in_a_name, in_a_history_of_its_own, in_a_merge):
        way()
        world.factory("run", "-s", "one", repo=repo)
        attempt = newest(world, repo, "implement")
        check(attempt["state"] == "failed" and "secret" in attempt["verdict"]["summary"], f"{way.__name__}: {attempt}")
        check("in commit" in attempt["verdict"]["findings"][0]["message"], f"{way.__name__}: {attempt['verdict']['findings']}")
        world.expect(REFUSED, "approve", "-s", "one", "--comment", "x", repo=repo)
        git(workspace, "reset", "-q", "--hard", "main")
    put(clean)
    git(workspace, "commit", "-qam", "Price, as in " + git(repo, "rev-parse", "main").strip())
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    world.expect(OK, "approve", "-s", "one", repo=repo)
    check("return 2 * n" in git(repo, "show", "main:shop.py"), "the change without a secret is not on main")


def links_that_lead_out(folder):
    world, repo, workspace = shop(folder)
    for name, target in {"up": "..", "src/up": "../..", "g": ".git"}.items():
        os.makedirs(os.path.dirname(f"{workspace}/{name}"), exist_ok=True)
        os.symlink(target, f"{workspace}/{name}")
        breach(world, repo, f"{name} links to")
        os.unlink(f"{workspace}/{name}")
        world.factory("retry", "-s", "one", repo=repo)


def secret_in_a_file_without_lines(folder):
    """Binary, in UTF-16, or too large for a diff: not committed, not even as a snapshot; what was there before is no news."""
    key = b"AKIA" + b"Z2YQ7MXW3KLP5TRB"
    world, repo, workspace = shop(folder)
    for name, content in {"nul.bin": b"\0\1" + key + b"\n", "wide.txt": (b"k = '" + key + b"'\n").decode().encode("utf-16"),
                          "large.txt": b"filler filler filler\n" * 300_000 + b"k = " + key + b"\n"}.items():
        with open(f"{workspace}/{name}", "wb") as file:
            file.write(content)
        world.factory("run", "-s", "one", repo=repo)
        attempt = newest(world, repo, "implement")
        check(attempt["state"] == "failed" and "secret" in attempt["verdict"]["summary"], f"{name}: {attempt}")
        check(attempt["verdict"]["findings"][0]["file"] == name, f"{attempt['verdict']['findings']}")
        os.unlink(f"{workspace}/{name}")
        world.factory("retry", "-s", "one", repo=repo)
    with open(f"{workspace}/plain.bin", "wb") as file:
        file.write(b"\0" * 100 + os.urandom(200_000))
    world.factory("run", "-s", "one", repo=repo)
    check(newest(world, repo, "implement")["state"] == "passed", "a binary file without a secret was refused")
    objects = git(repo, "cat-file", "--batch-all-objects", "--batch-check=%(objectname) %(objecttype)")
    for line in objects.splitlines():
        if line.endswith(" blob"):
            check(key not in subprocess.run(["git", "cat-file", "blob", line.split()[0]], cwd=repo, capture_output=True, check=True).stdout,
                  "the key is in the repository")


if __name__ == "__main__":
    sys.exit(main({case.__name__: case for case in (
        what_is_taken_back_stays_in_the_history, protected_though_the_boundary_is_left_out, test_file_renamed_away, repository_that_a_gate_leaves, fewer_assertions, too_large_to_be_compared, workspaces_lost, tests_hidden_by_a_later_one, tests_left_out_by_settings, repository_within, links_that_lead_out,
        secret_in_a_file_without_lines, secret_in_a_commit_that_a_later_one_takes_away,
        secret_in_history_by_other_ways)}, "boundary"))
