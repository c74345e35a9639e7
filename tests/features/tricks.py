# SPDX-License-Identifier: Apache-2.0
"""The boundary cannot be passed: by no decision, flag, edit of a contract, rename, link, submodule, mode, case, or state of
git. Each trick is tried on the built program by a job of its own; each one ends with a breach that names the path, with
nothing approved and nothing merged."""

import json
import os
import shutil
import subprocess
import sys

from world import DAMAGED, FAILED, OK, REFUSED, WAITS, World, check, git, main, make_repository, write

CONTRACT = """contract:
  language: python
  allowed_files: ["src/**", "tests/**", "*.toml", "*.txt", "Docs/**"]
  forbidden_files: ["src/secret/**", "README", "LICENSE", "src/\u00e9t\u00e9.py"]
  max_lines_changed: 50
  new_dependencies_allowed: false
  pipeline:
    - {name: implement, command: "test -f src/one.py"}
    - {name: boundary, attempts: 1}
    - {name: integrate}
    - {name: deploy}
"""
FILES = {"LICENSE": "free\n", "src/secret/key.py": "KEY = 1\n", "src/two.py": "".join(f"y{i} = {i}\n" for i in range(40)), "ci/strict.yaml": CONTRACT,
         "pyproject.toml": '[project]\nname = "shop"\ndependencies = []\n', "docs/index.md": "x\n", "src/docs": None}


def factory_of(folder):
    world = World(folder)
    repo = make_repository(f"{folder}/repo", CONTRACT, {name: text for name, text in FILES.items() if text is not None})
    os.symlink("../docs", f"{repo}/src/docs")
    git(repo, "add", "-A")
    inner = make_repository(f"{folder}/inner")
    git(repo, "-c", "protocol.file.allow=always", "submodule", "add", "-q", inner, "src/module")
    git(repo, "commit", "-qam", "With a link and a submodule")
    return world, repo


def newest(world, repo, slug, stage="boundary"):
    shown = json.loads(world.expect(OK, "show", "-s", slug, "--detailed", "--json", repo=repo).stdout.splitlines()[0])
    attempts = [attempt for attempt in shown["attempts"] if attempt["stage"] == stage]
    return (attempts[-1] if attempts else None), shown


def stands(world, repo, slug, rule, path, words=("run",)):
    """The boundary says so, and neither a decision nor a flag gets past it."""
    before = git(repo, "rev-parse", "main")
    world.factory(*words, "-s", slug, repo=repo)
    attempt, shown = newest(world, repo, slug)
    check(attempt and attempt["state"] == "failed" and shown["state"] == "failed", f"{slug}: {shown['state']}, {shown['note']}, {attempt}")
    found = [(finding["rule"], finding["file"]) for finding in attempt["verdict"]["findings"] if finding["severity"] == "error"]
    check((rule, path) in found, f"{slug}: not {rule} {path!r} but {found}")
    for more in ([], ["--accept-risk", "boundary"], ["--strategy", "direct"]):
        done = world.factory("approve", "-s", slug, "--comment", "all the same", *more, repo=repo)
        check(done.returncode not in (OK, WAITS), f"{slug}: approved, {more}")
    check(git(repo, "rev-parse", "main") == before, f"{slug}: main moved")


def tricks(folder, cases):
    world, repo = factory_of(folder)
    for name, (make, rule, path) in cases.items():
        slug = name.replace(" ", "-").lower()
        world.expect(OK, "new", "-s", slug, repo=repo)
        workspace = f"{repo}/.factory/{slug}"
        make(workspace)
        stands(world, repo, slug, rule, path)


def append(path, text="more = 1\n"):
    def make(workspace):
        write(f"{workspace}/{path}", (open(f"{workspace}/{path}").read() if os.path.exists(f"{workspace}/{path}") else "") + text)
    return make


def moved(old, new):
    def make(workspace):
        os.makedirs(os.path.dirname(f"{workspace}/{new}") or workspace, exist_ok=True)
        os.rename(f"{workspace}/{old}", f"{workspace}/{new}")
    return make


def both(*makes):
    def make(workspace):
        for one in makes:
            one(workspace)
    return make


def link(path, target, keep=False):
    def make(workspace):
        if not keep and os.path.lexists(f"{workspace}/{path}"):
            (shutil.rmtree if os.path.isdir(f"{workspace}/{path}") and not os.path.islink(f"{workspace}/{path}") else os.unlink)(f"{workspace}/{path}")
        os.symlink(target, f"{workspace}/{path}")
    return make


def in_git(*words, after=lambda workspace: None):
    def make(workspace):
        after(workspace)
        git(workspace, *words)
    return make


def renames_and_case(folder):
    """What moves away counts, what moves in counts, and a name that some file system takes for a closed one is that one."""
    tricks(folder, {
        "moved away": (moved("README", "src/README"), "forbidden_files", "README"),
        "moved in": (moved("src/two.py", "src/secret/two.py"), "forbidden_files", "src/secret/two.py"),
        "moved out": (moved("src/two.py", "elsewhere.py"), "allowed_files", "elsewhere.py"),
        "moved and changed": (both(moved("LICENSE", "src/licence.txt"), append("src/licence.txt", "more\n")), "forbidden_files", "LICENSE"),
        "file becomes folder": (both(lambda workspace: os.unlink(f"{workspace}/README"), append("README/x.txt")), "forbidden_files", "README"),
        "case of a file": (append("readme"), "forbidden_files", "readme"),
        "case of a folder": (append("src/Secret/more.py"), "forbidden_files", "src/Secret/more.py"),
        "case by a rename": (moved("src/secret", "src/SECRET"), "forbidden_files", "src/SECRET/key.py"),
        "case of the contract": (append("Contract.YAML"), "protected", "Contract.YAML"),
        "case of an allowed folder": (append("docs/more.md"), "allowed_files", "docs/more.md"),
        "other form of a letter": (append("src/e\u0301te\u0301.py"), "forbidden_files", "src/e\u0301te\u0301.py"),
        "invisible letter": (append("src/.git\u200b/config"), "protected", "src/.git\u200b/config"),
        "invisible letter in ci": (append(".git\u200chub/workflows/x.yml"), "protected", ".git\u200chub/workflows/x.yml"),
        "short name": (both(append("src/one.py"), append("src/git~1/config")), "unstorable-name", "src/git~1"),
        "point at the end": (both(append("src/one.py"), append("src/.git./config")), "unstorable-name", "src/.git."),
        "closed name with a point": (append("README."), "forbidden_files", "README."),
        "line end in a name": (append("bad\nname.py"), "allowed_files", "bad\nname.py"),
    })


def links_modes_and_submodules(folder):
    def module_elsewhere(workspace):
        git(workspace, "update-index", "--cacheinfo", f"160000,{git(workspace, 'rev-parse', 'HEAD').strip()},src/module")
        git(workspace, "commit", "-qm", "Another commit of the module")

    def new_module(workspace):
        git(workspace, "update-index", "--add", "--cacheinfo", f"160000,{git(workspace, 'rev-parse', 'HEAD').strip()},src/other")
        git(workspace, "commit", "-qm", "A module")
        os.makedirs(f"{workspace}/src/other")

    def link_in_a_commit(workspace):
        blob = subprocess.run(["git", "-c", "safe.directory=*", "hash-object", "-w", "--stdin"], cwd=workspace, input="/etc/passwd", capture_output=True, text=True, check=True).stdout.strip()
        git(workspace, "update-index", "--add", "--cacheinfo", f"120000,{blob},src/passwd")
        git(workspace, "commit", "-qm", "A link")
        git(workspace, "checkout", "-q", "--", "src/passwd")

    tricks(folder, {
        "link out": (link("src/out", "../../outside"), "symlink", "src/out"),
        "link to the root": (link("src/etc", "/etc"), "symlink", "src/etc"),
        "link into git": (link("src/hooks", "../.git/hooks"), "symlink", "src/hooks"),
        "link through another": (both(link("src/first", ".."), link("src/second", "first/../../x")), "symlink", "src/second"),
        "link in a commit": (link_in_a_commit, "symlink", "src/passwd"),
        "closed file becomes a link": (link("README", "src/one.py"), "forbidden_files", "README"),
        "closed folder becomes a link": (link("src/secret", "two.py"), "forbidden_files", "src/secret/key.py"),
        "folder becomes a link": (link("tests", "docs"), "allowed_files", "tests"),
        "written through a link": (append("src/docs/index.md"), "allowed_files", "docs/index.md"),
        "mode of a closed file": (lambda workspace: os.chmod(f"{workspace}/README", 0o755), "forbidden_files", "README"),
        "mode in a commit": (in_git("commit", "-qam", "Mode", after=lambda workspace: os.chmod(f"{workspace}/LICENSE", 0o755)), "forbidden_files", "LICENSE"),
        "closed file taken away": (lambda workspace: os.unlink(f"{workspace}/LICENSE"), "forbidden_files", "LICENSE"),
        "submodule": (new_module, "submodule", "src/other"),
        "submodule at another commit": (module_elsewhere, "submodule", "src/module"),
        "modules file": (append(".gitmodules", '[submodule "x"]\n\tpath = src/x\n\turl = https://example.org/x\n'), "protected", ".gitmodules"),
    })


def what_git_is_told(folder):
    """Flags of the index, settings and ignore rules hide nothing from the engine."""
    def told(*words, before=lambda workspace: None):
        def make(workspace):
            before(workspace)
            git(workspace, *words)
            append("README", "changed\n")(workspace)
        return make

    def filtered(workspace):
        write(f"{workspace}/src/.gitattributes", "* -diff -text filter=none\n")
        write(f"{workspace}/src/two.py", "".join(f"z{i} = {i}\n" for i in range(60)))

    def orphan(workspace):
        git(workspace, "update-index", "--no-skip-worktree", "README")
        append("README", "changed\n")(workspace)
        git(workspace, "commit", "-qam", "Changed")
        git(workspace, "replace", "HEAD", "HEAD~1")

    tricks(folder, {
        "assume unchanged": (told("update-index", "--assume-unchanged", "README"), "forbidden_files", "README"),
        "skip worktree": (told("update-index", "--skip-worktree", "README"), "forbidden_files", "README"),
        "untracked by git": (told("rm", "-q", "--cached", "README"), "forbidden_files", "README"),
        "mode is not looked at": (both(told("config", "core.fileMode", "false"), lambda workspace: os.chmod(f"{workspace}/LICENSE", 0o755)), "forbidden_files", "README"),
        "ignored and added": (both(append("src/.gitignore", "hidden.py\n"), append("src/secret/hidden.py"), in_git("add", "-f", "src/secret/hidden.py")),
                              "forbidden_files", "src/secret/hidden.py"),
        "attributes hide lines": (filtered, "max_lines_changed", ""),
        "replaced commit": (orphan, "forbidden_files", "README"),
        "committed and taken back by halves": (both(append("README", "a\n"), in_git("commit", "-qam", "Change"), append("README", "b\n"), in_git("add", "-A")), "forbidden_files", "README"),
        "one line each in many commits": (lambda workspace: [(append(f"src/n{i}.py", "a = 1\n" * 11)(workspace), git(workspace, "add", "-A"), git(workspace, "commit", "-qm", f"{i}"))
                                                              for i in range(5)], "max_lines_changed", ""),
    })


def manifests_under_other_names(folder):
    tricks(folder, {
        "optional dependency": (append("pyproject.toml", '[project.optional-dependencies]\ntest = ["left-pad"]\n'), "new_dependencies_allowed", "pyproject.toml"),
        "dependency group": (append("pyproject.toml", '[dependency-groups]\ndev = ["left-pad"]\n'), "new_dependencies_allowed", "pyproject.toml"),
        "another requirements file": (append("requirements-dev.txt", "left-pad==1\n"), "new_dependencies_allowed", "requirements-dev.txt"),
        "requirements in a folder": (append("src/requirements/test.txt", "left-pad==1\n"), "new_dependencies_allowed", "src/requirements/test.txt"),
        "case of a manifest": (append("Requirements.txt", "left-pad==1\n"), "new_dependencies_allowed", "Requirements.txt"),
    })


def contracts_and_orders(folder):
    """The contract that counts is the one that was frozen; no order of stages goes round the boundary."""
    world, repo = factory_of(folder)
    world.expect(OK, "new", "-s", "one", "--contract", f"{repo}/ci/strict.yaml", repo=repo)
    workspace = f"{repo}/.factory/one"
    open_contract = CONTRACT.replace('forbidden_files: ["src/secret/**", "README", "LICENSE", "src/\u00e9t\u00e9.py"]', "forbidden_files: []").replace('"src/**"', '"**"')
    append("README")(workspace)
    write(f"{repo}/ci/strict.yaml", open_contract)  # the owner's own file: for later jobs
    write(f"{repo}/contract.yaml", open_contract)
    stands(world, repo, "one", "forbidden_files", "README")
    git(repo, "checkout", "-q", "--", "ci", "contract.yaml")
    write(f"{workspace}/ci/strict.yaml", open_contract)
    world.expect(OK, "retry", "-s", "one", repo=repo)
    stands(world, repo, "one", "protected", "ci/strict.yaml")
    git(workspace, "checkout", "-q", "main", "--", "ci")
    write(f"{workspace}/contract.yaml", open_contract)
    world.expect(OK, "retry", "-s", "one", repo=repo)
    stands(world, repo, "one", "protected", "contract.yaml")
    git(workspace, "checkout", "-q", "main", "--", "contract.yaml")
    before = git(repo, "rev-parse", "main")
    for words in (("stage", "-s", "one", "--stage", "integrate"), ("stage", "-s", "one", "--stage", "deploy"), ("stage", "-s", "one", "--stage", "deploy", "--from", "integrate", "--to", "deploy"),
                  ("retry", "-s", "one", "--from", "integrate"), ("retry", "-s", "one", "--from", "deploy"), ("run", "-s", "one", "--fresh"), ("retry", "-s", "one", "--fresh"), ("rewind", "-s", "one", "--to", "boundary/1")):
        world.factory(*words, repo=repo)
        world.factory("run", "-s", "one", repo=repo)
        done = world.factory("approve", "-s", "one", "--comment", "all the same", repo=repo)
        check(done.returncode not in (OK, WAITS), f"{words}: approved")
        _, shown = newest(world, repo, "one")
        check(shown["state"] == "failed" or shown["wait"] == "change", f"{words}: {shown['state']} {shown.get('wait')}")
        check(not [attempt for attempt in shown["attempts"] if attempt["stage"] in ("integrate", "deploy")], f"{words}: a stage after the boundary ran")
    world.factory("reject", "-s", "one", "--comment", "no", repo=repo)
    world.factory("approve", "-s", "one", "--comment", "and yet", repo=repo)
    check(git(repo, "rev-parse", "main") == before, "main moved")


def changed_after_the_boundary_passed(folder):
    world, repo = factory_of(folder)
    world.expect(OK, "new", "-s", "one", repo=repo)
    workspace = f"{repo}/.factory/one"
    append("src/one.py")(workspace)
    world.expect(WAITS, "run", "-s", "one", repo=repo)
    before = git(repo, "rev-parse", "main")
    for make in (append("README"), in_git("commit", "-qam", "Late", after=append("README")), lambda workspace: os.chmod(f"{workspace}/LICENSE", 0o755)):
        make(workspace)
        world.expect(REFUSED, "approve", "-s", "one", "--comment", "quick", repo=repo)
        check(git(repo, "rev-parse", "main") == before, "main moved")
    world.factory("retry", "-s", "one", repo=repo)
    stands(world, repo, "one", "forbidden_files", "README")


if __name__ == "__main__":
    sys.exit(main({case.__name__: case for case in (
        renames_and_case, links_modes_and_submodules, what_git_is_told, manifests_under_other_names, contracts_and_orders, changed_after_the_boundary_passed)}, "tricks"))
