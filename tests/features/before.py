# SPDX-License-Identifier: Apache-2.0
"""What was there before the change is told apart from what it brings, with the real tools."""

import json
import os
import sys

from world import FAILED, OK, WAITS, World, check, git, main, make_repository, write

CONTRACT = """contract:
  language: python
  pipeline:
    - name: implement
    - name: unit-test
    - name: lint
    - name: boundary
    - name: integrate
    - name: tcr
    - name: deploy
"""
OLD = 'import os\n\n\ndef price(n):\n    return n * 2\n'
TESTS = 'from shop import price\n\n\ndef test_price():\n    assert price(2) == 4\n\n\ndef test_old():\n    assert price(1) == 3\n'


def shop(folder, tests=TESTS, contract=CONTRACT, more=None):
    """A repository whose main has a failing test and an unused import; a job of a person."""
    world = World(folder)
    repo = make_repository(f"{folder}/repo", contract, more)
    write(f"{repo}/shop.py", OLD)
    write(f"{repo}/tests/test_shop.py", tests)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "A shop")
    world.expect(OK, "new", "-s", "one", "--task", "Change the price", repo=repo)
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    return world, repo, f"{repo}/.factory/one"


def newest(world, repo, stage):
    shown = json.loads(world.expect(OK, "show", "-s", "one", "--detailed", "--json", repo=repo).stdout.splitlines()[0])
    return [attempt for attempt in shown["attempts"] if attempt["stage"] == stage][-1], shown


def an_old_failure_is_a_risk(folder):
    world, repo, workspace = shop(folder)
    write(f"{workspace}/shop.py", OLD.replace("n * 2", "2 * n"))
    said = world.expect(WAITS, "run", "-s", "one", repo=repo).stdout
    attempt, shown = newest(world, repo, "unit-test")
    check(attempt["verdict"]["outcome"] == "failed_before", f"{attempt}")
    check("failed_before" in said and "soft_failed" not in said, f"the table shows something else: {said}")
    check([finding.get("before") for finding in attempt["verdict"]["findings"]] == [True], f"{attempt['verdict']['findings']}")
    lint, _ = newest(world, repo, "lint")
    check(lint["verdict"]["outcome"] == "passed" and "before" in lint["verdict"]["summary"], f"{lint['verdict']}")
    risks = [risk["name"] for risk in shown["risks"]]
    check(risks == ["unit-test"], f"{risks}")
    world.expect(OK, "approve", "-s", "one", "--accept-risk", "unit-test", "--comment", "an old one", repo=repo)
    check("2 * n" in git(repo, "show", "main:shop.py"), "the change is not on main")


def a_tool_that_says_no_to_passed_tests_is_compared_too(folder):
    """Such as a coverage that is asked for: no test fails, the exit code says no, and it did so before the change."""
    no = "def pytest_sessionfinish(session):\n    session.exitstatus = 1\n"
    tests = "from shop import price\n\n\ndef test_price():\n    assert price(2) == 4\n"
    world, repo, workspace = shop(folder, tests, more={"conftest.py": no})
    write(f"{workspace}/shop.py", OLD.replace("n * 2", "2 * n"))
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    attempt, shown = newest(world, repo, "unit-test")
    summary = attempt["verdict"]["summary"]
    check(attempt["verdict"]["outcome"] == "failed_before" and "1 passed, but" in summary and "exit 1" in summary, f"{attempt}")
    check("unit-test" in [risk["name"] for risk in shown["risks"]], f"{shown['risks']}")
    # Where the change brings it, it is the change's failure, and the exit code stands in the cause.
    folder = f"{folder}/new"
    os.mkdir(folder)
    world, repo, workspace = shop(folder, tests)
    write(f"{workspace}/conftest.py", no)
    said = world.expect(WAITS, "run", "-s", "one", repo=repo).stdout
    attempt, _ = newest(world, repo, "unit-test")
    check(attempt["state"] == "reverted" and "exit 1" in attempt["verdict"]["summary"], f"{attempt}")
    check("exit 1" in said, said)


def a_new_failure_beside_it_is_hard_and_first(folder):
    world, repo, workspace = shop(folder)
    write(f"{workspace}/shop.py", OLD.replace("n * 2", "n * 5"))
    done = world.factory("stage", "-s", "one", "--stage", "unit-test", "--from", "implement", "--to", "unit-test", repo=repo)
    check(done.returncode == FAILED, f"exit {done.returncode}: {done.stdout}{done.stderr}")
    attempt, _ = newest(world, repo, "unit-test")
    found = [(finding["message"].split()[0:1], finding.get("before", False)) for finding in attempt["verdict"]["findings"]]
    check([old for _, old in found] == [False, True], f"{attempt['verdict']['findings']}")
    check("test_price" in json.dumps(attempt["verdict"]["findings"][0]), f"{attempt['verdict']['findings'][0]}")
    check("n * 2" in git(workspace, "show", "HEAD:shop.py"), "the broken change was not taken back")


def an_old_finding_excuses_one_new_one_only(folder):
    """The same message a second time in the file is a finding of the change: what was there once counts once."""
    world, repo, workspace = shop(folder)
    write(f"{workspace}/shop.py", OLD + "\n\ndef cost(n):\n    import os\n    return n\n")
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    lint, _ = newest(world, repo, "lint")
    unused = [finding for finding in lint["verdict"]["findings"] if finding["rule"] == "F401"]
    check(sorted(finding.get("before", False) for finding in unused) == [False, True], f"{lint['verdict']}")
    check(lint["verdict"]["outcome"] == "soft_failed", f"{lint['verdict']}")


def tests_that_could_not_begin_before_are_not_measured(folder):
    """A package that the machine lacks: no fault of the change, which stays, and no pass."""
    world, repo, workspace = shop(folder, more={"tests/test_far.py": "import package_that_is_not_there\n"})
    write(f"{workspace}/shop.py", OLD.replace("n * 2", "2 * n"))
    world.expect(FAILED, "run", "-s", "one", repo=repo)
    attempt, shown = newest(world, repo, "unit-test")
    verdict = attempt["verdict"]
    check(verdict["outcome"] == "not_measured" and "package_that_is_not_there" in verdict["summary"], f"{verdict}")
    check(verdict["findings"][0]["file"] == "tests/test_far.py" and shown["state"] == "failed", f"{shown['state']}: {verdict}")
    check("2 * n" in git(workspace, "show", "HEAD:shop.py"), "the change was taken back")


def an_import_that_the_change_breaks_is_its_fault(folder):
    world, repo, workspace = shop(folder, more={"tests/test_far.py": "import package_that_is_not_there\n"})
    write(f"{workspace}/tests/test_new.py", "import another_that_is_not_there\n")
    world.expect(FAILED, "stage", "-s", "one", "--stage", "unit-test", "--from", "implement", "--to", "unit-test", repo=repo)
    attempt, _ = newest(world, repo, "unit-test")
    check(attempt["verdict"]["outcome"] == "failed" and attempt["state"] == "reverted", f"{attempt}")


NOW_AND_THEN = """from pathlib import Path


def test_now_and_then():
    seen = Path("seen")
    before = seen.exists()
    seen.touch()
    assert not before
"""


def a_test_that_fails_now_and_then_is_told_apart(folder):
    """It passes the first time: the run for coverage says so, and where that is left out the last run of all."""
    flaky = {"tests/test_flaky.py": NOW_AND_THEN, ".gitignore": "/seen\n__pycache__\n"}
    tests = TESTS.replace("price(1) == 3", "price(1) == 2")
    for name, contract, failing in (("a", CONTRACT.replace("    - name: lint", "    - name: coverage\n    - name: lint"), "coverage"),
                                    ("b", CONTRACT, "tcr")):
        world, repo, workspace = shop(f"{folder}/{name}", tests, contract)
        for path, text in flaky.items():
            write(f"{workspace}/{path}", text)
        world.factory("run", "-s", "one", repo=repo)
        check(newest(world, repo, "unit-test")[0]["state"] == "passed", "it failed the first time")
        verdict = newest(world, repo, failing)[0]["verdict"]
        check(verdict["outcome"] == ("soft_failed" if failing == "coverage" else "failed"), f"{verdict}")
        first = verdict["findings"][0]
        check((first["file"], first["line"]) == ("tests/test_flaky.py", 8) and "test_now_and_then" in first["message"], f"{first}")
        check("it passed in unit-test" in first["suggestion"], f"{first}")
        check("1 failed" in verdict["summary"], f"{verdict['summary']}")


def nothing_is_left_of_the_comparison(folder):
    world, repo, workspace = shop(folder)
    write(f"{workspace}/shop.py", OLD.replace("n * 2", "2 * n"))
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    job = world.show("one", repo)
    check(not os.path.exists(f"{world.data}/jobs/{job['id']}/base"), "the copy of the base is still there")
    check(git(workspace, "status", "--porcelain") == "", "the workspace is not clean")


if __name__ == "__main__":
    sys.exit(main({case.__name__: case for case in (
        an_old_failure_is_a_risk, a_tool_that_says_no_to_passed_tests_is_compared_too, a_new_failure_beside_it_is_hard_and_first, an_old_finding_excuses_one_new_one_only,
        tests_that_could_not_begin_before_are_not_measured, an_import_that_the_change_breaks_is_its_fault, a_test_that_fails_now_and_then_is_told_apart, nothing_is_left_of_the_comparison)}, "before"))
