# SPDX-License-Identifier: Apache-2.0
"""What a change's sources are made of, end to end: rule packs in five languages, import cycles, long functions."""

import json
import sys

from world import OK, REFUSED, WAITS, World, check, git, main, make_repository, write

CONTRACT = """contract:
  language: python
  pipeline:
    - name: implement
      command: "test -f README"
    - name: review
    - name: boundary
    - name: deploy
"""
# file -> (content, the rule and the line that have to come first)
PLANTS = {
    "src/shop.py": ('"""A shop."""\n\n\ndef find(db, name):\n    """By name."""\n    db.execute(f"SELECT a FROM t WHERE b = {name}")\n', "sql-from-strings", 6),
    "shop/shop.go": ('package shop\n\n// Find finds.\nfunc Find(p string) {\n\tif err := f(p); err != nil {\n\t}\n}\n', "swallowed-error", 5),
    "lib/shop.rs": ('// A shop.\nfn find() {\n    let text = "unsafe { }";\n    unsafe { g() }\n}\n', "unsafe-block", 4),
    "cc/shop.cpp": ('#include <cstring>\nvoid find(char *a, const char *b)\n{\n    strcpy(a, b); // strcpy\n}\n', "unsafe-call", 4),
    "web/shop.ts": ("/* const password = 'hunter22'; */\nconst password = 'hunter22';\n", "hard-coded-secret", 2),
}


def job(folder, files, contract=CONTRACT):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", contract)
    for path, text in files.items():
        write(f"{repo}/{path}", text)
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "--allow-empty", "-m", "Files")
    world.expect(OK, "new", "-s", "one", repo=repo)
    return world, repo, f"{repo}/.factory/one"


def newest(world, repo, stage):
    shown = json.loads(world.expect(OK, "show", "-s", "one", "--detailed", "--json", repo=repo).stdout.splitlines()[0])
    return [attempt for attempt in shown["attempts"] if attempt["stage"] == stage][-1]


def each_language_is_reviewed(folder):
    world, repo, workspace = job(folder, {})
    for path, (text, _, _) in PLANTS.items():
        write(f"{workspace}/{path}", text)
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    findings = newest(world, repo, "review")["verdict"]["findings"]
    for path, (_, rule, line) in PLANTS.items():
        mine = [finding for finding in findings if finding["file"] == path]
        check(mine and (mine[0]["rule"], mine[0]["line"]) == (rule, line) and mine[0]["suggestion"], f"{path}: {mine}")
        check(len(mine) == 1, f"{path}: more than was planted: {mine}")
    told = world.expect(OK, "show", "-s", "one", "--detailed", repo=repo).stdout
    check("web/shop.ts:2" in told and "hunter22" not in told, told)
    world.expect(OK, "approve", "-s", "one", "--accept-risk", "review", "--comment", "looked at", repo=repo)


def breach(world, repo, rule, place):
    world.factory("run", "-s", "one", repo=repo)
    attempt = newest(world, repo, "boundary")
    found = [(finding["rule"], f"{finding['file']}:{finding['line']}") for finding in attempt["verdict"]["findings"]]
    check(attempt["state"] == "failed" and found == [(rule, place)], f"{attempt['state']}: {found}")
    world.expect(REFUSED, "approve", "-s", "one", "--comment", "all the same", repo=repo)
    return attempt["verdict"]["findings"][0]["message"]


def an_import_cycle(folder):
    files = {"src/p/__init__.py": "", "src/p/a.py": "from p import b\n", "src/p/b.py": "x = 1\n",
             "src/p/c.py": "import p.d\n", "src/p/d.py": "import p.c\n"}
    world, repo, workspace = job(folder, files)
    write(f"{workspace}/src/p/d.py", "import p.c\nx = 2\n")  # in a cycle that was there
    write(f"{workspace}/src/p/b.py", "x = 1\n\nfrom p import a\n")
    said = breach(world, repo, "import_cycles_allowed", "src/p/b.py:3")
    check("src/p/b.py -> src/p/a.py -> src/p/b.py" in said, said)
    write(f"{workspace}/src/p/b.py", "def f():\n    from p import a\n    return a\n")  # as people break one
    world.expect(OK, "retry", "-s", "one", repo=repo)
    world.expect(WAITS, "run", "-s", "one", repo=repo)


def a_long_function(folder):
    long = "def long():\n" + "    x = 1\n" * 399
    world, repo, workspace = job(folder, {"src/old.py": long, "tests/test_a.py": "def test_a():\n    assert 1\n"})
    write(f"{workspace}/src/old.py", long.replace("x = 1", "x = 2"))  # as long as it was
    write(f"{workspace}/tests/test_a.py", "def test_a():\n    assert 1\n" + long)  # tests aside
    write(f"{workspace}/src/new.py", '"""New."""\n\n\n' + long.replace("long", "planted"))
    said = breach(world, repo, "max_function_lines", "src/new.py:4")
    check("the function planted has 400 lines, 300 are the most" in said, said)


def a_contract_may_allow_both(folder):
    contract = CONTRACT + "  import_cycles_allowed: true\n  max_function_lines: 0\n"
    world, repo, workspace = job(folder, {"a.py": "import b\n", "b.py": "\n"}, contract)
    write(f"{workspace}/b.py", "import a\n\n\ndef long():\n" + "    x = 1\n" * 399)
    world.expect(WAITS, "run", "-s", "one", repo=repo)


if __name__ == "__main__":
    sys.exit(main({case.__name__: case for case in (
        each_language_is_reviewed, an_import_cycle, a_long_function, a_contract_may_allow_both)}, "review"))
