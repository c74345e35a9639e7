# SPDX-License-Identifier: Apache-2.0
"""`factory contract check` and `factory contract init`, end to end."""

import json
import os
import sys

from world import NOT_FOUND, OK, REFUSED, USAGE, World, check, git, main, make_repository, read, write


def python_project(folder, contract=""):
    repo = make_repository(f"{folder}/repo", contract)
    write(f"{repo}/pyproject.toml", '[project]\nname = "one"\nversion = "1"\n')
    write(f"{repo}/tests/test_one.py", "def test_one():\n    assert 1\n")
    write(f"{repo}/LICENSE", "free\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "A project")
    return repo


def init_writes_what_check_takes(folder):
    world = World(folder)
    repo = python_project(folder)
    world.expect(NOT_FOUND, "contract", "check", repo=repo)
    told = world.expect(OK, "contract", "init", repo=repo).stdout
    check(f"written: {repo}/contract.yaml" in told, told)
    text = read(f"{repo}/contract.yaml").decode()
    for line in ("  language: python", '    - "src/**"', '    - "tests/**"', '    - "LICENSE"'):
        check(line in text.split("\n"), f"{line} is not in\n{text}")
    check("unit-test" in text and "pytest" in text, text)
    report = json.loads(world.expect(OK, "contract", "check", "--json", repo=repo).stdout)
    check(report["sound"] and report["language"] == "python" and report["file"] == "contract.yaml", report)
    check(not [remark for remark in report["remarks"] if "matches none" in remark["said"]], report["remarks"])
    # Nothing is overwritten silently; a person's edits are kept.
    write(f"{repo}/contract.yaml", text + "# mine\n")
    refused = world.expect(REFUSED, "contract", "init", repo=repo)
    check("--force" in refused.stderr and read(f"{repo}/contract.yaml").endswith(b"# mine\n"), refused.stderr)
    world.expect(OK, "contract", "init", "--force", repo=repo)
    check(read(f"{repo}/contract.yaml").decode() == text, "--force did not write the draft")
    # A job takes it, and nothing was made in the store before.
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "A contract")
    check(not os.path.exists(f"{world.data}/openfactory.db"), "a look at a contract made a store")
    world.expect(OK, "new", "-s", "one", repo=repo)


def check_tells_all_at_once(folder):
    world = World(folder)
    repo = python_project(folder)
    write(f"{folder}/mine.yaml", "contract:\n  max_line_changed: 3\n  allowed_files: [/src]\n  pipeline:\n"
          "    - {name: lint, command: 'env black'}\n    - deploy\n")
    done = world.expect(USAGE, "contract", "check", f"{folder}/mine.yaml", repo=repo)
    for words in ("mine.yaml:2:3: error: unknown key", "mine.yaml:3:19: error:", "mine.yaml:5:29: error: env starts",
                  "mine.yaml: 3 errors: no job can be made with it"):
        check(words in done.stdout, f"{words} is not in\n{done.stdout}")
    # The same file is refused when a job is made, and one that check takes is not.
    world.expect(USAGE, "new", "-s", "one", "--contract", f"{folder}/mine.yaml", repo=repo)
    write(f"{folder}/mine.yaml", "contract:\n  allowed_files: ['src/**', 'lib/**']\n")
    done = world.expect(OK, "contract", "check", f"{folder}/mine.yaml", repo=repo)
    check('mine.yaml:2:29: warning: "lib/**" matches none of the' in done.stdout, done.stdout)


def no_language_is_needed_for_own_commands(folder):
    world = World(folder)
    repo = f"{folder}/repo"
    write(f"{repo}/README", "a repository\n")
    git(folder, "init", "-q", "-b", "main", repo)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Begin")
    world.expect(OK, "contract", "init", repo=repo)
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "A contract")
    world.expect(OK, "new", "-s", "one", repo=repo)
    write(f"{repo}/.factory/one/README", "better\n")
    world.factory("run", "-s", "one", repo=repo)
    world.expect(OK, "approve", "-s", "one", repo=repo)
    check(git(repo, "show", "main:README") == "better\n", "the change is not on main")


def a_secret_in_it_is_not_shown(folder):
    """Wherever it stands in the contract: what is said of it names the place, never the value."""
    world = World(folder)
    secret = "Zq7vT2pLw9Xk4RmNb8sD"
    write(f"{world.data}/secrets/TOKEN", secret)
    os.chmod(f"{world.data}/secrets", 0o700)
    os.chmod(f"{world.data}/secrets/TOKEN", 0o600)
    os.chmod(world.data, 0o700)
    places = (f"  target: {secret}\n", f"  forbidden_files: [\"{secret}/**\"]\n", f"  secrets: [{secret}]\n", f"  {secret}: 1\n",
              f"  pipeline:\n    - name: implement\n      command: \"./{secret}/run\"\n")
    for number, place in enumerate(places):
        repo = make_repository(f"{folder}/repo{number}", "contract:\n  language: none\n" + place)
        for more in ((), ("--json",)):
            done = world.factory("contract", "check", *more, repo=repo)
            check(secret not in done.stdout + done.stderr, f"{place}: {done.stdout}{done.stderr}")
            check(done.stdout or done.stderr, f"{place}: nothing is said")
            if more and done.stdout:
                json.loads(done.stdout.splitlines()[0])


def a_link_to_nothing_is_no_missing_contract(folder):
    world = World(folder)
    repo = python_project(folder)
    os.symlink("/nonexistent/contract.yaml", f"{repo}/contract.yaml")
    said = world.factory("contract", "check", repo=repo)
    check(said.returncode != OK and "there is no contract.yaml" not in said.stderr, f"{said.returncode}: {said.stderr}")


def the_command_line_is_strict(folder):
    world = World(folder)
    repo = python_project(folder)
    for words in (["contract"], ["contract", "draft"], ["contract", "init", "x"], ["contract", "check", "a", "b"],
                  ["contract", "check", "--force"]):
        world.expect(USAGE, *words, repo=repo)
    world.expect(NOT_FOUND, "contract", "check", "absent.yaml", repo=repo)


if __name__ == "__main__":
    sys.exit(main({case.__name__: case for case in (
        init_writes_what_check_takes, check_tells_all_at_once, no_language_is_needed_for_own_commands,
        a_secret_in_it_is_not_shown, a_link_to_nothing_is_no_missing_contract, the_command_line_is_strict)}, "contract"))
