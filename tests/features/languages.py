# SPDX-License-Identifier: Apache-2.0
"""Each language with its real tools, in jobs of the whole program: a sound change passes with the right counts, and each
planted fault is told by its stage, with its file and line first. A language whose tools are not installed is skipped by
name; what Debian has no tool for has a stand-in in tests/toolchain."""

import json
import os
import re
import shutil
import sys

from world import FAILED, OK, REFUSED, WAITS, World, check, git, main, write

STAGES = ["implement", "unit-test", "coverage", "lint", "static", "integration", "security"]
CONTRACT = """contract:
  required_test_coverage: 20
  pipeline:
""" + "".join(f"    - name: {name}\n      attempts: 1\n" for name in STAGES) + "    - name: deploy\n"


def repository(folder, files):
    repo = f"{folder}/repo"
    for name, text in {**files, "contract.yaml": CONTRACT}.items():
        write(f"{repo}/{name}", text)
    git(repo, "init", "-q", "-b", "main")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Begin")
    return repo


class Job:
    """A job in which a person makes changes, and stages are run one at a time."""

    def __init__(self, folder, files, settings=""):
        self.world = World(folder, settings)
        self.repo = repository(folder, files)
        self.world.expect(OK, "new", "-s", "one", "--contract", f"{self.repo}/contract.yaml", repo=self.repo)
        self.seen = {}  # stage -> attempts that were looked at
        self.workspace = os.path.realpath(f"{self.repo}/.factory/one")

    def write(self, name, text):
        write(f"{self.workspace}/{name}", text)

    def run(self, stage):
        """The newest verdict of the stage."""
        words = ("stage", "-s", "one", "--stage", stage)
        done = self.world.expect((OK, FAILED, WAITS, REFUSED), *words, repo=self.repo)
        if done.returncode == REFUSED:  # after a stage that failed, what comes first is run first
            self.world.expect((OK, FAILED, WAITS), *words, "--from", "implement", repo=self.repo)
        shown = json.loads(self.world.expect(OK, "show", "-s", "one", "--detailed", "--json", repo=self.repo).stdout.splitlines()[0])
        attempts = [attempt for attempt in shown["attempts"] if attempt["stage"] == stage and attempt.get("verdict")]
        check(len(attempts) > self.seen.get(stage, 0), f"{stage} was not run: {shown['note']} {shown['attempts'][-1]}")
        self.seen[stage] = len(attempts)
        return attempts[-1]["verdict"]

    def passes(self, stage, tests=None, **facts):
        verdict = self.run(stage)
        check(verdict["outcome"] == "passed", f"{stage}: {verdict}")
        counts = verdict.get("tests")
        check(tests is None or counts == dict(zip(("passed", "failed", "skipped"), tests)), f"{stage} counted {counts}, not {tests}")
        for name, value in facts.items():
            check(verdict["facts"].get(name) == value, f"{stage}: {name} is not {value}: {verdict['facts']}")
        return verdict

    def says(self, stage, place, words, outcome="failed", tests=None):
        """The first finding is at FILE:LINE and holds the words."""
        verdict = self.run(stage)
        check(verdict["outcome"] == outcome, f"{stage}: {verdict['outcome']}, not {outcome}: {verdict}")
        check(verdict["findings"], f"{stage} found nothing: {verdict}")
        first = verdict["findings"][0]
        check(f"{first['file']}:{first['line']}" == place and words in first["message"], f"{stage}: not {place} {words!r} first: {verdict['findings'][:3]}")
        counts = verdict.get("tests")
        check(tests is None or counts == dict(zip(("passed", "failed", "skipped"), tests)), f"{stage} counted {counts}, not {tests}")
        return verdict

    def clean(self, *ignored):
        """Nothing but the change lies in the workspace."""
        left = [line for line in git(self.workspace, "status", "--porcelain", "--ignored").splitlines() if line[3:] not in ignored]
        check(not left, f"left in the workspace: {left}")


def lacks(*programs):
    missing = [name for name in programs if not any(os.path.exists(f"{place}/{name}") for place in ("/usr/local/bin", "/usr/bin"))]
    return f"{', '.join(missing)} not installed" if missing else ""


GO = {
    "go.mod": "module example.org/shop\n\ngo 1.21\n",
    "price/price.go": "package price\n\n// Of is the price of some.\nfunc Of(amount, count int) int {\n\treturn amount * count\n}\n",
    "price/price_test.go": 'package price\n\nimport "testing"\n\nfunc TestOf(t *testing.T) {\n\tfor _, n := range []int{1, 2} {\n\t\tt.Run("n", '
                           'func(t *testing.T) {\n\t\t\tif Of(n, 2) != 2*n {\n\t\t\t\tt.Errorf("wrong for %d", n)\n\t\t\t}\n\t\t})\n\t}\n}\n',
    "price/old.go": "package price\n\nfunc old(n int) int {\n\tn = n // what others left behind is not the change's fault\n\treturn n\n}\n",
    "tools/gen/go.mod": "module example.org/gen\n\ngo 1.21\n",
    "api/go.mod": "module example.org/api\n\ngo 1.21\n",
    "api/api.go": "package api\n\nfunc Name() string { return \"api\" }\n",
    "api/api_test.go": 'package api\n\nimport "testing"\n\nfunc TestName(t *testing.T) {\n\tif Name() != "api" {\n\t\tt.Fatal("no")\n\t}\n}\n',
}


def go(folder):
    if lacks("go", "gofmt"):
        return lacks("go", "gofmt")
    job = Job(folder, GO)
    job.write("price/half.go", "package price\n\nfunc Half(n int) int {\n\treturn n/2\n}\n")
    job.passes("implement", language="go")
    job.passes("unit-test", tests=(4, 0, 0))
    verdict = job.passes("coverage", tests=(4, 0, 0), covered_lines=2, uncovered_lines=3)
    check(verdict["findings"][0]["file"] == "price/half.go" and verdict["changedCoveragePercent"] == 0, f"{verdict}")
    job.passes("lint", auto_fixed=True)
    job.passes("static")
    job.passes("integration", ran=False)
    job.write("price/db_test.go", '//go:build integration\n\npackage price\n\nimport (\n\t"net"\n\t"testing"\n)\n\nfunc TestDatabase(t *testing.T) {\n'
              '\tif _, err := net.Dial("tcp", "127.0.0.1:1"); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n')
    job.says("integration", "price/db_test.go:12", "connection refused", outcome="transient")  # the service is down, not the code broken
    os.unlink(f"{job.workspace}/price/db_test.go")
    verdict = job.run("security")
    check("gosec is not installed (go install" in verdict["summary"] or shutil.which("gosec"), f"{verdict}")
    job.clean()
    job.write("price/price_test.go", GO["price/price_test.go"].replace("!= 2*n", "!= n"))
    job.says("unit-test", "price/price_test.go:9", "TestOf/n: wrong for 1", tests=(1, 3, 0))
    job.write("api/api.go", "package api\n\nfunc Name() string {\n\tvar list []string\n\treturn list[3]\n}\n")
    job.says("unit-test", "api/api.go:5", "index out of range")
    job.write("api/api.go", "package api\n\nfunc Name() string {\n\tx := 1\n\treturn y\n}\n")
    job.says("implement", "api/api.go:4", "declared and not used: x")
    job.write("api/api.go", GO["api/api.go"])
    job.write("one/one.go", 'package one\n\nimport "example.org/shop/two"\n\nvar X = two.X\n')
    job.write("two/two.go", 'package two\n\nimport "example.org/shop/one"\n\nvar X = one.X\n')
    verdict = job.says("implement", "one/one.go:3", "closes a cycle: one -> two -> one")
    check("import cycle not allowed" in verdict["findings"][1]["message"], f"{verdict['findings']}")
    for name in ("one", "two"):
        shutil.rmtree(f"{job.workspace}/{name}", ignore_errors=True)
    job.write("go.mod", GO["go.mod"] + "\nrequire example.org/elsewhere v1.0.0\n")
    job.write("go.sum", "example.org/elsewhere v1.0.0 h1:iy+VFUOCP1a+8yFto/drg2CJ5u0yRoB7fZw3DKv/JXA=\nexample.org/elsewhere v1.0.0/go.mod h1:McXfInJRrz4CZXbZOBLb0bTZqETkiAhM9Iw0y3An2Bg=\n")
    job.write("price/far.go", 'package price\n\nimport "example.org/elsewhere"\n\nvar Far = elsewhere.X\n')
    verdict = job.run("implement")
    check(verdict["outcome"] == "not_measured" and "go mod vendor" in verdict["summary"] and os.path.exists(f"{job.workspace}/price/far.go"), f"{verdict}")
    for name in ("go.sum", "price/far.go"):
        os.unlink(f"{job.workspace}/{name}")
    job.write("go.mod", GO["go.mod"])
    job.write("price/vet.go", "package price\n\nfunc Same(n int) int {\n\tn = n\n\treturn n\n}\n")
    job.says("lint", "price/vet.go:4", "self-assignment of n", outcome="soft_failed")
    return None


RUST = {
    "Cargo.toml": '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n',
    ".gitignore": "Cargo.lock\n",
    "src/lib.rs": "//! A shop.\n\n/// The price of some.\n///\n/// ```\n/// assert_eq!(shop::price(2, 3), 6);\n/// ```\npub fn price(amount: i32, count: i32) -> i32 {\n"
                  "    amount * count\n}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn works() {\n        assert_eq!(price(2, 3), 6);\n    }\n\n"
                  "    #[test]\n    #[ignore]\n    fn later() {}\n}\n",
    "tests/outer.rs": "#[test]\nfn outer() {\n    assert_eq!(shop::price(1, 1), 1);\n}\n",
}


def rust(folder):
    if lacks("cargo", "rustfmt", "cargo-clippy", "llvm-cov"):
        return lacks("cargo", "rustfmt", "cargo-clippy", "llvm-cov")
    job = Job(folder, RUST)
    source = RUST["src/lib.rs"].replace("#[cfg(test)]", "pub fn half(n: i32) -> i32 {\n    n/2\n}\n\n#[cfg(test)]")
    job.write("src/lib.rs", source)
    job.passes("implement", language="rust")
    job.passes("unit-test", tests=(3, 0, 1))
    verdict = job.passes("coverage")
    check(verdict["changedCoveragePercent"] == 0 and verdict["findings"][0]["file"] == "src/lib.rs", f"{verdict}")
    job.passes("lint", auto_fixed=True)
    job.passes("integration", tests=(1, 0, 0))
    verdict = job.run("security")
    check("cargo-audit is not installed (cargo install" in verdict["summary"] or "no Cargo.lock" in verdict["summary"] or shutil.which("cargo-audit"), f"{verdict}")
    job.clean("Cargo.lock")
    job.write("src/lib.rs", RUST["src/lib.rs"].replace("price(2, 3), 6);\n    }", "price(2, 3), 7);\n    }"))
    job.says("unit-test", "src/lib.rs:18", "tests::works: assertion `left == right` failed left: 6 right: 7", tests=(2, 1, 1))
    job.write("tests/db.rs", '#[test]\nfn database() {\n    std::net::TcpStream::connect("127.0.0.1:1").unwrap();\n}\n')
    job.write("src/lib.rs", RUST["src/lib.rs"])
    job.says("unit-test", "tests/db.rs:3", "ConnectionRefused", outcome="transient")  # the service is down, not the code broken
    if os.path.exists(f"{job.workspace}/tests/db.rs"):  # this contract has one attempt, so it is taken back
        os.unlink(f"{job.workspace}/tests/db.rs")
    job.write("src/lib.rs", RUST["src/lib.rs"].replace("    amount * count", "    let unused = 1;\n    amount * cuont"))
    job.says("implement", "src/lib.rs:10", "cannot find value `cuont`")
    job.write("src/lib.rs", RUST["src/lib.rs"].replace("    amount * count", "    return amount * count;"))
    job.says("lint", "src/lib.rs:9", "unneeded `return`", outcome="soft_failed")
    return None


CPP = {
    "CMakeLists.txt": "cmake_minimum_required(VERSION 3.20)\nproject(shop CXX)\nenable_testing()\nadd_library(shop src/price.cpp)\ntarget_include_directories(shop PUBLIC src)\n"
                      "add_executable(price_test tests/price_test.cpp)\ntarget_link_libraries(price_test shop)\nadd_test(NAME price COMMAND price_test)\n"
                      "add_test(NAME later COMMAND price_test later)\nset_tests_properties(later PROPERTIES SKIP_RETURN_CODE 77)\n",
    ".clang-format": "BasedOnStyle: LLVM\n",
    ".clang-tidy": "Checks: '-*,bugprone-sizeof-expression'\n",
    "src/price.h": "#pragma once\nint price(int amount, int count);\nint half(int number);\n",
    "src/price.cpp": '#include "price.h"\n\nint price(int amount, int count) { return amount * count; }\n',
    "tests/price_test.cpp": '#undef NDEBUG\n#include "price.h"\n#include <cassert>\n\nint main(int argc, char **) {\n  if (argc > 1)\n    return 77;\n  assert(price(2, 3) == 6);\n}\n',
}


def cpp(folder):
    tools = ("cmake", "ninja", "g++", "gcovr", "clang-format", "clang-tidy", "cppcheck")
    if lacks(*tools):
        return lacks(*tools)
    job = Job(folder, CPP)
    job.write("src/price.cpp", CPP["src/price.cpp"] + "\nint half(int number) {\n  return number/2;\n}\n")
    job.passes("implement", language="cpp")
    job.passes("unit-test", tests=(1, 0, 1))
    verdict = job.passes("coverage", covered_lines=1, uncovered_lines=2)
    check(verdict["findings"][0]["file"] == "src/price.cpp" and verdict["findings"][0]["line"] == 5, f"{verdict}")
    job.passes("lint", auto_fixed=True)
    job.passes("static")
    job.passes("integration")
    job.clean()
    job.write("src/price.cpp", '#include "price.h"\n\nint price(int amount, int count) {\n  return sizeof(sizeof(amount)) == 77 ? 1 : amount * count;\n}\n')
    verdict = job.says("static", "src/price.cpp:4", "sizeof", outcome="soft_failed")
    check([finding for finding in verdict["findings"] if finding["rule"] == "bugprone-sizeof-expression"], f"{verdict}")
    job.write("src/price.cpp", '#include "price.h"\n\nint price(int amount, int count) {\n  int *p = nullptr;\n  if (count == 77)\n    return *p;\n  return amount + count;\n}\n')
    job.says("static", "src/price.cpp:6", "Null pointer dereference", outcome="soft_failed")
    job.write("src/price.cpp", '#include "price.h"\n\nint price(int amount, int count) {\n  int left_over;\n  return amount * count;\n}\n')
    job.says("static", "src/price.cpp:4", "Unused variable: left_over", outcome="soft_failed")
    job.write("src/price.cpp", '#include "price.h"\n\nint price(int amount, int count) {\n  int *p = nullptr;\n  if (count == 77)\n    return *p;\n  return amount + count;\n}\n')
    job.says("unit-test", "tests/price_test.cpp:8", "Assertion `price(2, 3) == 6' failed", tests=(0, 1, 1))
    job.write("src/price.cpp", '#include "price.h"\n\nint price(int amount, int count) {\n  int unused;\n  return amonut * count;\n}\nint other() { return "x"; }\n')
    job.says("implement", "src/price.cpp:5", "amonut")
    return None


JAVASCRIPT = {
    "package.json": '{\n  "name": "shop",\n  "version": "1.0.0",\n  "type": "module",\n  "scripts": {"pretest": "touch pretest-ran", "test": "node --test test/"}\n}\n',
    "src/price.js": "export function price(amount, count) {\n  return amount * count;\n}\n",
    "test/price.test.js": "import assert from 'node:assert';\nimport { test } from 'node:test';\nimport { price } from '../src/price.js';\n\n"
                          "test('price', () => {\n  assert.equal(price(2, 3), 6);\n});\n\ntest('later', { skip: true }, () => {});\n",
}


def javascript(folder):
    if lacks("node", "npm"):
        return lacks("node", "npm")
    job = Job(folder, JAVASCRIPT)
    job.write("src/half.cjs", "module.exports = (n) => n / 2;\n")
    job.passes("implement", language="javascript")
    job.passes("unit-test", tests=(1, 0, 1))
    verdict = job.run("coverage")
    check(verdict["outcome"] == "not_measured" and "c8" in verdict["summary"], f"{verdict}")
    job.write("test/lost.test.js", "import x from 'nowhere';\nx();\n")  # what is not installed is not the change's fault
    verdict = job.run("unit-test")
    check(verdict["outcome"] == "not_measured" and "npm ci" in verdict["summary"], f"{verdict}")
    check(os.path.exists(f"{job.workspace}/test/lost.test.js"), "it was reverted")
    os.unlink(f"{job.workspace}/test/lost.test.js")
    job.clean()  # the life-cycle script did not run
    job.write("test/price.test.js", JAVASCRIPT["test/price.test.js"].replace(", 6)", ", 7)"))
    job.says("unit-test", "test/price.test.js:6", "price", tests=(0, 1, 1))
    job.write("src/price.js", "export function price(amount, count) {\n  const = 3;\n}\n")
    job.says("implement", "src/price.js:2", "Unexpected token")
    return None


def gleam(folder):
    if not lacks("gleam"):
        return "gleam is installed: its stand-in is tried in tests/toolchain"
    job = Job(folder, {"gleam.toml": 'name = "shop"\n', "src/shop.gleam": "pub fn price() { 1 }\n"})
    job.write("src/shop.gleam", "pub fn price() { 2 }\n")
    verdict = job.run("implement")
    check(verdict["outcome"] == "not_measured" and "gleam is not installed (from gleam.run" in verdict["summary"], f"{verdict}")
    return None


def several_languages(folder):
    job = Job(folder, {**JAVASCRIPT, "server/go.mod": GO["go.mod"], "server/a.go": "package server\n", "server/b.go": "package server\n",
                       "server/c.go": "package server\n"})
    job.write("README", "x\n")
    if not lacks("go"):
        job.passes("implement", language="go", other_languages="javascript")
    world = World(f"{folder}/two")
    write(f"{folder}/two.yaml", CONTRACT.replace("contract:\n", "contract:\n  language: javascript\n"))
    world.expect(OK, "new", "-s", "two", "--contract", f"{folder}/two.yaml", repo=job.repo)
    if not lacks("node"):
        world.expect(OK, "stage", "-s", "two", "--stage", "implement", repo=job.repo)
        check('"language": "javascript"' in world.expect(OK, "show", "-s", "two", "--detailed", "--json", repo=job.repo).stdout.replace('":"', '": "'),
              "the contract's choice does not count")


def doctor_names_the_tools_of_each_language(folder):
    world = World(folder)
    text = world.factory("doctor").stdout
    for words in ("Go: implement", "Rust: ", "C\\+\\+: ", "JavaScript: ", "Gleam: ", "Python: unit-test, integration"):
        check(re.search(words, text), f"doctor does not name {words}: {text}")


CASES = {case.__name__: case for case in (go, rust, cpp, javascript, gleam, several_languages, doctor_names_the_tools_of_each_language)}

if __name__ == "__main__":
    sys.exit(main(CASES, "languages"))
