# SPDX-License-Identifier: Apache-2.0
"""Bad input of every kind: a sentence that says what, why and what to do, the documented exit code, nothing half-made."""

import ctypes
import os
import sqlite3
import stat
import subprocess
import sys

from world import (DAMAGED, ENVIRONMENT, FACTORY, FAILED, NOT_FOUND, OK, REFUSED, USAGE, WAITS, World, check, contract, git, main, make_repository,
                   playbook, read, run, write)

ESCAPES = ["../x", "..", "a/../../x", "/etc/passwd", "a\x00b".replace("\x00", "%00"), "a/b", ".git"]


def begin(folder, text=""):
    return World(folder), make_repository(f"{folder}/repo", text)


def refuses(world, repo, codes, *words, hint=True, **more):
    """Refused in a sentence, and the repository and the store are as before."""
    before = picture(world, repo)
    done = world.expect(codes, *words, repo=repo, **more)
    lines = done.stderr.splitlines()
    said = [line for line in lines if line.startswith("factory: could not ")]
    check(said, f"factory {' '.join(words)}: no sentence for people: {done.stderr}")
    check(not hint or lines[-1].startswith("  next:"), f"factory {' '.join(words)}: not said what to do: {done.stderr}")
    check("\x1b" not in done.stderr, "an escape reached the terminal")
    check(picture(world, repo) == before, f"factory {' '.join(words)}: half-made: {before} -> {picture(world, repo)}")
    return done.stderr


def picture(world, repo):
    """Jobs, refs, worktrees and what lies beside them."""
    jobs = None
    if os.path.exists(f"{world.data}/openfactory.db"):
        try:
            store = world.store()
            jobs = [tuple(row) for row in store.rows("SELECT slug, state FROM jobs ORDER BY num")]
            store.close()
        except sqlite3.Error:
            jobs = "unreadable"
    there = {name: sorted(os.listdir(f"{repo}/{name}")) for name in (".factory-workspaces",) if os.path.isdir(f"{repo}/{name}")}
    if not os.path.isdir(repo):
        return jobs
    refs = git(repo, "for-each-ref", may_fail=True).stdout
    trees = git(repo, "worktree", "list", "--porcelain", may_fail=True).stdout
    # A store without a job is no half-made thing.
    return (jobs or None, refs, trees, {name: entries for name, entries in there.items() if entries})


def names_that_steer(folder):
    world, repo = begin(folder, contract("one"))
    refuses(world, repo, USAGE, "new", "-s", "a" * 51)
    refuses(world, repo, USAGE, "new", "-s", "", hint=False)
    refuses(world, repo, USAGE, "new", "-s", "Grand \u00fcml\u00e4ut \x1b[31m")
    for bad in ESCAPES:
        refuses(world, repo, USAGE, "new", "-s", bad)
        refuses(world, repo, (USAGE, NOT_FOUND), "new", "-s", "fine", "--target", bad)
        if bad != ".git":
            refuses(world, repo, (USAGE, NOT_FOUND, ENVIRONMENT), "new", "-s", "fine", "--contract", f"{bad}-no-such", hint=False)
    world.expect(OK, "new", "-s", "one", repo=repo)
    for bad in ESCAPES:
        refuses(world, repo, (USAGE, NOT_FOUND), "show", "-s", bad, hint=False)
        refuses(world, repo, (USAGE, NOT_FOUND), "stage", "-s", "one", "--stage", bad)
        refuses(world, repo, (USAGE, NOT_FOUND), "rewind", "-s", "one", "--to", f"{bad}/1")
        refuses(world, repo, (USAGE, NOT_FOUND), "rewind", "-s", "one", "--to", bad)
        refuses(world, repo, (USAGE, NOT_FOUND), "log", "-s", "one", "--stage", bad, hint=False)
        refuses(world, repo, (USAGE, NOT_FOUND), "diff", "-s", "one", "--attempt", f"{bad}/1", hint=False)
        refuses(world, repo, (USAGE, NOT_FOUND), "retry", "-s", "one", "--from", bad, hint=False)
    refuses(world, repo, (REFUSED, USAGE), "new", "-s", "one")  # the name is taken by a live job


def repositories_that_do_not_do(folder):
    world, repo = begin(folder)
    empty, bare, shallow, detached, plain = (f"{folder}/{name}" for name in ("empty", "bare", "shallow", "detached", "plain"))
    os.makedirs(empty)
    git(empty, "init", "-q", "-b", "main")
    git(folder, "clone", "-q", "--bare", repo, bare)
    git(folder, "clone", "-q", repo, detached)
    git(detached, "checkout", "-q", "--detach")
    write(f"{repo}/second", "2\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Second")
    git(folder, "clone", "-q", "--depth", "1", f"file://{repo}", shallow)
    os.makedirs(plain)
    check("commit" in refuses(world, empty, USAGE, "new", "-s", "one"), "not said that a commit is missing")
    check("bare" in refuses(world, bare, USAGE, "new", "-s", "one"), "not said that it is bare")
    check("detached" in refuses(world, detached, USAGE, "new", "-s", "one"), "not said that HEAD is detached")
    refuses(world, plain, (USAGE, NOT_FOUND), "new", "-s", "one", "--repo", plain)
    refuses(world, repo, (USAGE, NOT_FOUND), "new", "-s", "one", "--repo", f"{folder}/no-such")
    for name, option, wanted in (("names", "--object-format=sha256", "SHA-1"), ("tables", "--ref-format=reftable", "git refs migrate")):
        git(folder, "init", "-q", "-b", "main", option, name)
        write(f"{folder}/{name}/first", "1\n")
        git(f"{folder}/{name}", "add", "-A")
        git(f"{folder}/{name}", "commit", "-qm", "First")
        said = refuses(world, f"{folder}/{name}", ENVIRONMENT, "new", "-s", "one")
        check(wanted in said, f"{option}: not said what to do: {said}")
    # A shallow clone has all that a job needs.
    write(f"{folder}/light.yaml", playbook("light"))
    write(f"{folder}/light-contract.yaml", contract("light"))
    world.expect(WAITS, "run", "-s", "light", "--contract", f"{folder}/light-contract.yaml", "--playbook", f"{folder}/light.yaml", repo=shallow)
    world.expect(OK, "approve", "-s", "light", "--accept-risk", "docs", "--comment", "no docs needed", repo=shallow)
    check(git(shallow, "show", "main:right-light").strip() == "r", "nothing was merged")
    for expression in ("main~0", "main^0", "main@{0}", "ma:in"):
        check("no name of a branch" in refuses(world, repo, USAGE, "new", "-s", "expression", "--target", expression), expression)
    world.expect(OK, "new", "-s", "named", "--target", "main", repo=detached)
    check(detached in world.expect(OK, "list", repo=repo).stdout + shallow, "not said where there are jobs")

    damaged = make_repository(f"{folder}/damaged")
    head = git(damaged, "rev-parse", "HEAD").strip()
    os.unlink(f"{damaged}/.git/objects/{head[:2]}/{head[2:]}")
    said = refuses(world, damaged, ENVIRONMENT, "new", "-s", "one")
    check(head in said and "git fsck" in said, f"a commit is missing: {said}")
    crooked = make_repository(f"{folder}/crooked")
    write(f"{crooked}/.git/config", "[core\n")
    said = refuses(world, crooked, USAGE, "new", "-s", "one")
    check("config" in said and "mend that line" in said, f"a configuration that cannot be read: {said}")
    for place in (f"{repo}/.git/data", f"{shallow}/.factory-workspaces/data"):
        said = refuses(world, repo, USAGE, "list", "--data", place)
        check("outside of every repository" in said, said)


def slugs_that_are_taken(folder):
    world, repo = begin(folder, contract("one"))
    world.expect(OK, "new", "-s", "one", repo=repo)
    write(f"{folder}/bad.yaml", "playbook: p\nchanges:\n  - summary: s\n    write: {a: x}\n")
    world.expect(OK, "new", "-s", "bad", "--playbook", f"{folder}/bad.yaml", "--after", "one", repo=repo)
    world.expect(OK, "cancel", "-s", "one", repo=repo)
    done = world.factory("watchdog", repo=repo)
    check(done.returncode == FAILED and "comes after one, which is cancelled" in done.stdout, f"{done.returncode}: {done.stdout}")
    check("pause" in refuses(world, repo, REFUSED, "pause", "-s", "one"), "a job that is over was paused")
    world.expect(OK, "new", "-s", "two", "--playbook", f"{folder}/bad.yaml", repo=repo)
    world.factory("run", "-s", "two", repo=repo)
    check(world.show("two", repo)["state"] == "failed", "it is to fail")
    said = refuses(world, repo, REFUSED, "new", "-s", "two")
    check("keeps its slug" in said and "factory cancel -s two" in said, said)
    os.symlink("elsewhere.yaml", f"{folder}/link.yaml")
    check("symbolic link" in refuses(world, repo, USAGE, "new", "-s", "linked", "--contract", f"{folder}/link.yaml"), "not said that it is a link")
    os.makedirs(f"{repo}/.factory/three/mine")
    check(f".factory/three" in refuses(world, repo, REFUSED, "new", "-s", "three"), "not said what is in the way")
    git(repo, "switch", "-qc", "factory/here")
    said = refuses(world, repo, REFUSED, "new", "-s", "here")
    check("git switch factory/here" not in said, said)


def files_that_are_no_files(folder):
    world, repo = begin(folder, contract("one"))
    world.expect(OK, "new", "-s", "one", repo=repo)
    os.mkfifo(f"{folder}/pipe")
    for form in ("--html", "--archive", "--sarif", "--tasks"):
        check("no file but a pipe" in refuses(world, repo, REFUSED, "export", "one", form, f"{folder}/pipe"), form)
        check(stat.S_ISFIFO(os.lstat(f"{folder}/pipe").st_mode), f"{form} put a file in the place of the pipe")
    os.unlink(f"{world.data}/openfactory.db")
    done = world.factory("doctor", repo=repo)
    check(done.returncode == ENVIRONMENT and "openfactory.db is gone" in done.stdout, f"{done.returncode}: {done.stdout}")


def contracts_that_do_not_hold(folder):
    world, repo = begin(folder)
    bomb = "contract:\n  environment:\n    a: &a x\n" + "".join(f"    {c}: &{c} [*{p},*{p},*{p},*{p},*{p},*{p},*{p},*{p},*{p}]\n"
                                                                 for p, c in zip("abcdefgh", "bcdefghi"))
    cases = {
        "broken": ("contract: [\n", USAGE, ":"),
        "twice": ("contract:\n  language: python\n  language: go\n", USAGE, "language"),
        "unknown-key": ("contract:\n  langauge: python\n", USAGE, "langauge"),
        "wrong-type": ("contract:\n  max_lines_changed: many\n", USAGE, ":2"),
        "bomb": (bomb, USAGE, ""),
        "language": ("contract:\n  language: cobol\n", (USAGE, NOT_FOUND, ENVIRONMENT), "cobol"),
        "pipeline": ("contract:\n  pipeline: nonsense\n", USAGE, "nonsense"),
        "rollout": ("contract:\n  pipeline:\n    - {name: fast, kind: rollout}\n    - name: deploy\n", ENVIRONMENT, "not built yet"),
        "forge": ("contract:\n  forge: gitlab\n", USAGE, "expected local or github"),
        "gradual": ("contract:\n  strategy: gradual\n", ENVIRONMENT, "not built yet"),
        "shell": ('contract:\n  pipeline:\n    - {name: unit-test, command: "test -f a && rm -rf /"}\n    - name: deploy\n', USAGE, "script"),
        "stage-name": ("contract:\n  pipeline:\n    - {name: ../../x, command: pytest}\n    - name: deploy\n", USAGE, "../../x"),
        "stage-folder": ("contract:\n  pipeline:\n    - {name: a/b, command: pytest}\n    - name: deploy\n", USAGE, "a/b"),
        "stage-absolute": ("contract:\n  pipeline:\n    - {name: /etc, command: pytest}\n    - name: deploy\n", USAGE, "/etc"),
        "no-gate": ("contract:\n  pipeline:\n    - name: implement\n", USAGE, ""),
        "target": ("contract:\n  target: ../main\n", USAGE, "branch"),
        "glob": ('contract:\n  allowed_files: ["../**"]\n', USAGE, ".."),
        "variable": ("contract:\n  environment: {LD_PRELOAD: /workspace/x.so}\n", USAGE, "variable.yaml:2:29: "),
        "soft-env": ("contract:\n  pipeline:\n    - name: implement\n    - name: docs\n      failure: soft\n      command: env true\n"
                     "    - name: deploy\n", USAGE, "soft-env.yaml:6:16: env starts other programs"),
        "soft-path": ("contract:\n  pipeline:\n    - {name: docs, failure: soft, command: /bin/true}\n    - name: deploy\n", USAGE, "bare program name"),
        "find": ('contract:\n  pipeline:\n    - {name: docs, command: [find, ., -exec, id, ";"]}\n    - name: deploy\n', USAGE, "into a script in the repository"),
        "nul": ('contract:\n  environment: {A: "x\\0y"}\n', USAGE, "nul.yaml:2:20: the value of A holds a NUL character"),
        "nul-command": ('contract:\n  pipeline:\n    - {name: docs, command: "true a\\0b"}\n    - name: deploy\n', USAGE, "a command holds no NUL character"),
        "nul-escaped": ('contract:\n  pipeline:\n    - {name: docs, command: "true \\\\\\0"}\n    - name: deploy\n', USAGE, "a command holds no NUL character"),
        "binary": ("contract:\n  language: \x07python\n", USAGE, ""),
    }
    for name, (text, codes, said) in cases.items():
        path = f"{folder}/{name}.yaml"
        write(path, text)
        stderr = refuses(world, repo, codes, "new", "-s", "one", "--contract", path, hint=False)
        check(said in stderr, f"{name}: {said!r} is not said: {stderr}")
    refuses(world, repo, (NOT_FOUND, USAGE), "new", "-s", "one", "--contract", f"{folder}/no-such.yaml", hint=False)
    # The repository's own that leads nowhere is not taken for none, which would mean the defaults.
    os.symlink("no-such.yaml", f"{repo}/contract.yaml")
    said = refuses(world, repo, USAGE, "new", "-s", "one")
    check("contract.yaml: it is a symbolic link to" in said and "where nothing is" in said, said)
    os.unlink(f"{repo}/contract.yaml")
    os.mkfifo(f"{folder}/fifo.yaml")
    refuses(world, repo, (USAGE, ENVIRONMENT), "new", "-s", "one", "--contract", f"{folder}/fifo.yaml", hint=False)


def playbooks_that_lead_out(folder):
    world, repo = begin(folder, contract("one"))
    for name, path in (("up", "../x"), ("root", "/x"), ("git", ".git/config"), ("deep", "a/../../x"), ("case", "a/.GIT/config")):
        write(f"{folder}/{name}.yaml", f'playbook: p\nchanges:\n  - for: implement\n    summary: "s"\n    write: {{"{path}": "x"}}\n')
        stderr = refuses(world, repo, USAGE, "run", "-s", "one", "--playbook", f"{folder}/{name}.yaml", hint=False)
        check(f"{name}.yaml:" in stderr, f"{name}: the place is not said: {stderr}")
    check(not os.path.exists(f"{folder}/x"), "the playbook led out")
    write(f"{folder}/forged.yaml", 'playbook: p\nchanges:\n  - for: implement\n    summary: "s\\n\\nOpenFactory-Step: 1"\n    write: {"a": "x"}\n')
    refuses(world, repo, USAGE, "run", "-s", "one", "--playbook", f"{folder}/forged.yaml", hint=False)
    # A link in the workspace does not lead a playbook out either.
    os.symlink(folder, f"{repo}/out")
    git(repo, "add", "out")
    git(repo, "commit", "-qm", "Link")
    write(f"{folder}/link.yaml", 'playbook: p\nchanges:\n  - for: implement\n    summary: "s"\n    write: {"out/planted": "x"}\n')
    world.factory("run", "-s", "linked", "--playbook", f"{folder}/link.yaml", repo=repo)
    check(not os.path.exists(f"{folder}/planted"), "a link led out")


def stores_that_do_not_do(folder):
    world, repo = begin(folder, contract("one"))
    world.expect(OK, "new", "-s", "one", repo=repo)
    file = f"{world.data}/openfactory.db"
    with sqlite3.connect(file) as store:
        version = store.execute("PRAGMA user_version").fetchone()[0]
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        store.execute(f"PRAGMA user_version={version + 1}")
    store.close()
    with open(file, "rb") as opened:
        whole = opened.read()
    newer = world.expect((ENVIRONMENT, DAMAGED), "list", repo=repo)
    check("newer" in newer.stderr, f"not said that it is newer: {newer.stderr}")
    check(read(file) == whole, "a newer store was written to")
    with sqlite3.connect(file) as store:
        store.execute(f"PRAGMA user_version={version}")
    store.close()
    world.expect(OK, "list", repo=repo)

    for beside in ("-wal", "-shm"):
        if os.path.exists(file + beside):
            os.unlink(file + beside)
    whole = read(file)
    for size in (0, 1, 99, 100, 5000, len(whole) // 2, len(whole) - 4096):
        with open(file, "wb") as opened:
            opened.write(whole[:size])
        cut = world.expect(DAMAGED, "list", repo=repo)
        check("factory: could not" in cut.stderr and len(cut.stderr.splitlines()) >= 2, f"cut to {size}: {cut.stderr}")
        world.expect(DAMAGED, "new", "-s", "two", repo=repo)
    with open(file, "wb") as opened:
        opened.write(whole)
    world.expect(OK, "show", "-s", "one", repo=repo)
    world.expect(OK, "audit", "verify", repo=repo)


def folders_of_something_else(folder):
    """A mistyped --data is neither filled nor closed to others."""
    world, repo = begin(folder, contract("one"))

    def mode(path):
        return stat.S_IMODE(os.lstat(path).st_mode)

    for bits in (0o1777, 0o755):
        place = f"{folder}/others-{bits:o}"
        write(f"{place}/other", "x\n")
        os.chmod(place, bits)
        for words in (("list",), ("show", "-s", "one"), ("audit", "verify"), ("new", "-s", "one"), ("worker", "--until-idle")):
            said = refuses(world, repo, USAGE, *words, "--data", place)
            check(place in said and 'holds "other"' in said, said)
        told = world.expect(ENVIRONMENT, "doctor", "--data", place, repo=repo).stdout
        check('holds "other"' in told, told)
        check(mode(place) == bits and os.listdir(place) == ["other"], f"{place} was changed: {mode(place):o} {os.listdir(place)}")
    # Empty, but everybody's: the next file in it may be somebody else's.
    shared = f"{folder}/shared"
    os.makedirs(shared)
    os.chmod(shared, 0o1777)
    said = refuses(world, repo, USAGE, "list", "--data", shared)
    check("mode 1777" in said and f"chmod 700 {shared}" in said, said)
    check(mode(shared) == 0o1777 and not os.listdir(shared), "the shared folder was changed")
    # What a person puts there first is no hindrance, nor is a folder of ours that was opened too wide.
    mine = f"{folder}/mine"
    os.makedirs(f"{mine}/secrets", mode=0o700)
    write(f"{mine}/openfactory.yaml", "workers: 1\n")
    os.chmod(mine, 0o755)
    world.expect(OK, "new", "-s", "one", "--data", mine, repo=repo)
    write(f"{mine}/notes", "x\n")
    os.chmod(mine, 0o755)
    world.expect(OK, "list", "--data", mine, repo=repo)
    check(mode(mine) == 0o700, f"our own folder is open to others: {mode(mine):o}")


def no_home(folder):
    """Without a home nothing says where the data lies; it is not the root of the disk."""
    world, repo = begin(folder, contract("one"))
    for home in (None, "", "somewhere"):
        env = {**{key: value for key, value in world.env.items() if key not in ("OPENFACTORY_DATA", "HOME")}, **({} if home is None else {"HOME": home})}
        for words in (("list",), ("new", "-s", "one"), ("contract", "check")):
            done = run([FACTORY, *words], cwd=repo, env=env)
            check(done.returncode == ENVIRONMENT and "neither HOME nor XDG_DATA_HOME" in done.stderr and "--data" in done.stderr, f"HOME={home}: exit {done.returncode}: {done.stdout}{done.stderr}")
        done = run([FACTORY, "doctor"], cwd=repo, env=env)
        check(done.returncode == ENVIRONMENT and "neither HOME nor XDG_DATA_HOME" in done.stdout, f"exit {done.returncode}: {done.stdout}{done.stderr}")
        check(run([FACTORY, "help"], cwd=repo, env=env).returncode == OK, "help needs a home")
        check(run([FACTORY, "list"], cwd=repo, env={**env, "XDG_DATA_HOME": f"{folder}/share"}).returncode == OK, "XDG_DATA_HOME is enough")
    check(not os.path.exists(f"{repo}/somewhere"), "a relative home was taken")
    check(os.path.exists(f"{folder}/share/openfactory/openfactory.db"), "XDG_DATA_HOME was not used")


def a_host_that_cannot_run_commands(folder):
    """No folder for temporary files: the job is none the worse, and goes on where it is mended."""
    world, repo = begin(folder, contract("one"))
    write(f"{folder}/playbook.yaml", playbook("one"))
    world.expect(OK, "new", "-s", "one", "--playbook", f"{folder}/playbook.yaml", repo=repo)
    broken = {"TMPDIR": f"{folder}/no-such"}
    for words in (("run", "-s", "one"), ("stage", "-s", "one", "--stage", "implement"), ("worker", "--until-idle"),
                  ("run", "-s", "two", "--playbook", f"{folder}/playbook.yaml")):
        done = world.expect(ENVIRONMENT, *words, repo=repo, env=broken)
        check(f"no temporary folder can be made in {folder}/no-such" in done.stderr and "set TMPDIR" in done.stderr, f"{words}: {done.stderr}")
        check(words[0] == "worker" or f"factory run -s {words[2]}" in done.stderr, f"{words}: not said what to do then: {done.stderr}")
        for slug in ("one", "two")[:2 if "two" in words else 1]:
            job = world.show(slug, repo)
            check(job["state"] == "waiting" and job["wait"] == "retry" and not job["attempts"], f"{words}: the job is {job}")
    said = world.expect(ENVIRONMENT, "smoke", repo=repo, env=broken).stderr
    check(f"TMPDIR names {folder}/no-such" in said, said)
    told = world.expect(ENVIRONMENT, "doctor", repo=repo, env=broken).stdout
    check(f"{folder}/no-such" in told and "TMPDIR" in told, told)
    world.expect(WAITS, "run", "-s", "one", repo=repo)


def a_folder_that_may_not_be_written(folder):
    world, repo = begin(folder, contract("one"))
    words = []
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "65534:65534", folder], check=True)
        os.chmod(folder, 0o755)
        words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    def factory(*arguments):
        return run([*words, FACTORY, *arguments], cwd=repo, env=world.env)

    if factory("help").returncode != OK:
        return "the built program cannot be reached by an ordinary user here"
    os.chmod(repo, 0o555)
    os.chmod(f"{repo}/.git", 0o555)
    before = git(repo, "for-each-ref")
    done = factory("new", "-s", "one")
    os.chmod(repo, 0o755)
    os.chmod(f"{repo}/.git", 0o755)
    check(done.returncode in (ENVIRONMENT, REFUSED), f"exit {done.returncode}: {done.stderr}")
    check("factory: could not" in done.stderr, f"no sentence: {done.stderr}")
    check(git(repo, "for-each-ref") == before, "a branch is left")
    check("No jobs yet" in factory("list").stdout, "a job is left that could never be")
    check(factory("new", "-s", "one").returncode == OK, "it can be written now")
    os.chmod(world.data, 0o500)
    for words_of_it in (("list",), ("show", "-s", "one"), ("audit", "verify"), ("search", "one"), ("list", "--json")):
        done = factory(*words_of_it)
        check(done.returncode == OK and "nothing can be written" in done.stderr, f"{words_of_it}: {done.stdout}{done.stderr}")
    check(factory("pause", "-s", "one").returncode == REFUSED, "paused where nothing can be written")
    os.chmod(world.data, 0o700)
    before = git(repo, "for-each-ref")
    os.makedirs(f"{folder}/closed")
    os.chmod(f"{folder}/closed", 0o555)
    if words:
        os.chown(f"{folder}/closed", 65534, 65534)
    done = factory("new", "-s", "two", "--data", f"{folder}/closed/data")
    check(done.returncode in (ENVIRONMENT, REFUSED) and "factory: could not" in done.stderr, f"exit {done.returncode}: {done.stderr}")
    check(git(repo, "for-each-ref") == before, "a branch is left")
    return None


def a_full_disk(folder):
    own = ["unshare", "--user", "--map-root-user", "--mount"]
    if os.environ.get("OPENFACTORY_OWN_MOUNTS") != "1":
        if run([*own, "true"]).returncode:
            return "no mount namespace may be made here"
        done = run([*own, sys.executable, "-B", __file__, "a_full_disk"], env={**os.environ, "OPENFACTORY_OWN_MOUNTS": "1"}, limit=300)
        check(done.returncode == 0, done.stdout + done.stderr)
        return "a tmpfs may not be mounted here" if "skip" in done.stdout else None
    disk = f"{folder}/disk"
    os.makedirs(disk)
    if ctypes.CDLL(None).mount(b"tmpfs", disk.encode(), b"tmpfs", 0, b"size=40m,mode=0700"):
        return "a tmpfs may not be mounted here"
    try:
        world = World(disk, "disk_floor_mb: 8\n")
        repo = make_repository(f"{disk}/repo", contract("one"))
        write(f"{disk}/playbook.yaml", playbook("one"))
        world.expect(OK, "new", "-s", "one", "--playbook", f"{disk}/playbook.yaml", repo=repo)
        space = os.statvfs(disk)
        with open(f"{disk}/filler", "wb") as filler:
            filler.write(b"\0" * (space.f_bavail * space.f_frsize - 4 * 1024 * 1024))
        done = world.factory("run", "-s", "one", repo=repo)
        job = world.show("one", repo)
        check(job["paused"] and "disk full" in done.stdout + done.stderr, f"not paused for the disk: {job} {done.stdout}{done.stderr}")
        check(job["state"] in ("waiting", "created"), f"{job['state']}")
        told = world.expect(FAILED, "watchdog").stdout
        check("one: paused by the engine: disk full" in told and "factory resume -s one" in told, told)
        # Not a byte left: a person's act is refused in a sentence, or done; the store stays whole.
        with open(f"{disk}/filler2", "wb", buffering=0) as filler:
            try:
                while filler.write(b"\0" * 65536):
                    pass
            except OSError:
                pass
        check("one" in world.expect(OK, "list", repo=repo).stdout, "what there is cannot be seen")
        done = world.factory("new", "-s", "two", "--playbook", f"{disk}/playbook.yaml", repo=repo)
        check(done.returncode in (OK, ENVIRONMENT), f"exit {done.returncode}: {done.stderr}")
        # What is written onto it from elsewhere is refused by its name, and nothing is left of it.
        other, others = begin(f"{folder}/other", contract("one"))
        other.expect(OK, "new", "-s", "one", repo=others)
        for form in ("--archive", "--html"):
            said = refuses(other, others, ENVIRONMENT, "export", "one", form, f"{disk}/export")
            check("No space left" in said and "make room" in said, said)
            check(not [name for name in os.listdir(disk) if name.startswith("export")], f"half an export: {os.listdir(disk)}")
        # With room for the store and none for the workspace the job is there: the same command again would find its slug taken.
        words = ["new", "-s", "far", "--playbook", f"{disk}/playbook.yaml"]
        said = other.expect(ENVIRONMENT, *words, repo=repo).stderr
        check("the job far exists all the same, and is paused" in said and "free some space, then: factory run -s far" in said, said)
        check(other.show("far", repo)["paused"], "it is said to be paused")
        os.unlink(f"{disk}/filler")
        os.unlink(f"{disk}/filler2")
        other.expect(REFUSED, *words, repo=repo)
        other.expect(WAITS, "run", "-s", "far", repo=repo)
        world.expect(OK, "audit", "verify", repo=repo)
        world.expect(WAITS, "run", "-s", "one", repo=repo)
        world.expect(OK, "approve", "-s", "one", "--accept-risk", "docs", "--comment", "x", repo=repo)
        check(git(repo, "show", "main:src/one.py") == "x = 3\n", "something was lost")
        return None
    finally:
        ctypes.CDLL(None).umount2(disk.encode(), 2)  # MNT_DETACH


if __name__ == "__main__":
    sys.exit(main({case.__name__: case for case in (
        names_that_steer, slugs_that_are_taken, files_that_are_no_files, repositories_that_do_not_do, contracts_that_do_not_hold, playbooks_that_lead_out, stores_that_do_not_do,
        folders_of_something_else, no_home, a_host_that_cannot_run_commands, a_folder_that_may_not_be_written, a_full_disk)}, "bad"))
