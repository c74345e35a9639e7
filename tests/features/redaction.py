# SPDX-License-Identifier: Apache-2.0
"""Secrets that a job's command gets and gives away in every way it can (test 15 of the hardening list, and 16 as far as a job
goes without a forge): random encodings, random neighbours, split at random points, with pauses, over two streams. Afterwards no
form of them stands in anything that the program wrote or said. OPENFACTORY_LONG=1 gives away fifty times as much."""

import base64
import json
import os
import re
import sys
import urllib.parse
import xml.sax.saxutils
import zlib

from world import FAILED, OK, USAGE, WAITS, World, check, git, main, make_repository, read, say, seeded, write

CONTRACT = """contract:
  secrets: [TOKEN, KEY_FILE]
  pipeline:
    - name: implement
      command: "python3 leak.py"
    - name: docs
      failure: soft
      command: "python3 leak.py fail"
    - name: deploy
"""
CHANGE = 'playbook: p\nchanges:\n  - for: implement\n    summary: "s"\n    write: {"a": "x"}\n'

# Writes the parts that the plan names, each as it stands, to its stream, with its pause.
LEAK = """import base64, json, os, sys, time
secrets = [os.environb[b"TOKEN"], os.environb[b"KEY_FILE"]]
exec(open("forms.py").read())
for which, form, before, after, cuts, streams, pause in json.load(open("plan.json")):
    whole = FORMS[form](secrets[which], before.encode(), after.encode()) + b"\\n"
    points = [0] + [int(cut * len(whole)) for cut in cuts] + [len(whole)]
    for i in range(len(points) - 1):
        os.write(streams[i % len(streams)], whole[points[i]:points[i + 1]])
        if pause:
            time.sleep(pause)
sys.exit(3 if sys.argv[1:] == ["fail"] else 0)
"""

# How tools write a secret; given to the job as a file, and used here for the plan.
FORMS = '''
import urllib.parse, xml.sax.saxutils, shlex
FORMS = {
    "raw": lambda s, b, a: b + s + a,
    "base64": lambda s, b, a: base64.b64encode(b + s + a),
    "base64-url": lambda s, b, a: base64.urlsafe_b64encode(b + s + a),
    "hex": lambda s, b, a: (b + s + a).hex().encode(),
    "HEX": lambda s, b, a: (b + s + a).hex().upper().encode(),
    "percent": lambda s, b, a: b + urllib.parse.quote(s.decode(), safe="").encode() + a,
    "json": lambda s, b, a: json.dumps({"k": (b + s + a).decode()}).encode(),
    "xml": lambda s, b, a: b + xml.sax.saxutils.escape(s.decode()).encode() + a,
    "shell": lambda s, b, a: shlex.quote((b + s + a).decode()).encode(),
    "pair": lambda s, b, a: base64.b64encode(b"user:" + s),
    "twice": lambda s, b, a: s + s + b + s,
}
'''


def needles(secret):
    """What must not stand anywhere: the secret, and the part of each encoding that its neighbours cannot change."""
    found = {secret, secret.hex().encode(), secret.hex().upper().encode(), urllib.parse.quote(secret.decode(), safe="").encode(),
             json.dumps(secret.decode()).encode()[1:-1], json.dumps(secret.decode(), ensure_ascii=False).encode()[1:-1],
             xml.sax.saxutils.escape(secret.decode()).encode()}
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"x" * shift + secret).rstrip(b"=")
            inner = whole[(shift * 8 + 5) // 6:len(whole) - 1]
            found.add(inner)
    for line in secret.splitlines():
        if len(line) >= 8:
            found.add(line)
    return found


def everything(folder, repo):
    """All bytes that were left: files with their names, and git's objects as they were before compression."""
    for top in (f"{folder}/data", repo):
        for where, folders, names in os.walk(top):
            if where == f"{folder}/data" and "secrets" in folders:
                folders.remove("secrets")
            if re.fullmatch(f"{re.escape(folder)}/data/jobs/[^/]+", where) and "home" in folders:
                folders.remove("home")  # the job's own; nothing is read from it but reports
            for name in names:
                path = os.path.join(where, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                content = read(path)
                yield path, os.fsencode(path) + b"\0" + content
                if "/.git/objects/" in path and len(name) == 38:
                    yield path, zlib.decompress(content)


def gives_nothing_away(folder):
    random = seeded("redaction")
    world = World(folder)
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !\"'$%&/\\+=<>~-_.\u00e9"
    token = "".join(random.choice(letters) for _ in range(random.randrange(9, 40))).strip().ljust(9, "q")
    key = "-----BEGIN PRIVATE KEY-----\n" + "\n".join(base64.b64encode(random.randbytes(48)).decode() for _ in range(6)) + "\n-----END PRIVATE KEY-----"
    for name, value in (("TOKEN", token), ("KEY_FILE", key)):
        write(f"{world.data}/secrets/{name}", value)
        os.chmod(f"{world.data}/secrets/{name}", 0o600)
    os.chmod(f"{world.data}/secrets", 0o700)
    forms = {}
    exec(FORMS, {"base64": base64, "json": json}, forms)
    plan = []
    for _ in range(20000 if os.environ.get("OPENFACTORY_LONG") == "1" else 400):
        which = random.randrange(2)
        form = random.choice([name for name in forms["FORMS"] if which == 0 or name not in ("percent", "shell", "xml")])
        cuts = sorted(random.random() for _ in range(random.choice((0, 1, 1, 2, 5))))
        streams = random.choice(([1], [2], [1, 2], [2, 1]))
        pause = random.choice((0, 0, 0, 0, 0.001, 0.004)) if random.random() < 0.98 else 0.3
        plan.append([which, form, "".join(random.choice("ab=\u00e4 ") for _ in range(random.randrange(4))), random.choice(("", "z", "zz", "z/z")), cuts, streams, pause])
    repo = make_repository(f"{folder}/repo", CONTRACT)
    write(f"{repo}/leak.py", LEAK)
    write(f"{repo}/forms.py", FORMS)
    write(f"{repo}/plan.json", json.dumps(plan))
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Leak")
    write(f"{folder}/playbook.yaml", CHANGE)

    said = []

    def ask(code, *words):
        done = world.expect(code, *words, repo=repo)
        said.append((" ".join(words), (done.stdout + done.stderr).encode()))
        return done

    ask(OK, "new", "-s", "one", "--task", f"use {token} well", "--playbook", f"{folder}/playbook.yaml")
    ask(WAITS, "run", "-s", "one")
    for words in (["show", "-s", "one", "--detailed"], ["show", "-s", "one", "--detailed", "--json"], ["log", "-s", "one", "--stage", "implement", "--raw"],
                  ["log", "-s", "one", "--stage", "docs"], ["diff", "-s", "one"], ["artifacts", "-s", "one"], ["audit", "show"], ["list", "--json"]):
        ask(OK, *words)
    ask(OK, "approve", "-s", "one", "--accept-risk", "docs", "--comment", f"no docs, and no {token} either")
    ask((OK, FAILED), "show", "-s", "one", "--detailed", "--json")

    store = world.store()
    logs = [row["log_path"] for row in store.rows("SELECT log_path FROM commands WHERE finished=1")]
    job = store.value("SELECT id FROM jobs")
    store.close()
    masked = sum(read(f"{world.data}/jobs/{job}/{log}").count(b"[masked]") for log in logs)
    check(len(logs) == 2 and masked > len(plan), f"only {masked} marks in {logs}: the job gave nothing away")
    leaks = []
    searched = 0
    wanted = needles(token.encode()) | {line for line in needles(key.encode()) if b"PRIVATE KEY" not in line or b"\n" in line}
    for place, content in [*said, *everything(folder, repo)]:
        searched += len(content)
        leaks += [f"{place} holds {needle[:6]!r}... of {len(needle)} bytes" for needle in wanted if needle in content]
    say(f"{len(plan)} x 2 given away, {masked} marks, {len(wanted)} needles, {searched} bytes searched")
    check(not leaks, "; ".join(leaks[:5]))


def gives_nothing_away_by_names_and_words(folder):
    """What an author calls its change, a file that a command names by the secret, and a task that a job is named after."""
    world = World(folder, "gates_at_once: 1\n")  # in the workspace itself, not in a copy of it
    token = "0f3a9b7c5d1e2f4a6b8c"
    write(f"{world.data}/secrets/TOKEN", token)
    os.chmod(f"{world.data}/secrets/TOKEN", 0o600)
    os.chmod(f"{world.data}/secrets", 0o700)
    contract = ('contract:\n  secrets: [TOKEN]\n  pipeline:\n    - name: implement\n      command: "test -f README"\n'
                '    - name: unit-test\n      command: "python3 name.py"\n    - name: deploy\n')
    repo = make_repository(f"{folder}/repo", contract)
    write(f"{repo}/name.py", "import os, sys\nopen('leak-' + os.environ['TOKEN'], 'w').write('l')\nopen('kept', 'w').write('k')\nsys.exit(1)\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Names")
    write(f"{folder}/playbook.yaml", f'playbook: p\nchanges:\n  - summary: "use {token} here"\n    write: {{"a": "x"}}\n')
    made = world.expect(OK, "new", "--task", f"use {token} well", "--playbook", f"{folder}/playbook.yaml", "--json", repo=repo)
    slug = json.loads(made.stdout.splitlines()[0])["slug"]
    check(slug == "use-masked-well", slug)
    said = [made.stdout, world.factory("run", "-s", slug, repo=repo).stdout]
    shown = world.expect((OK, FAILED), "show", "-s", slug, "--detailed", repo=repo).stdout
    check("use [masked] here" in shown + said[1], shown)
    said += [shown, world.expect(OK, "audit", "show", "--json", repo=repo).stdout]
    refused = world.expect(USAGE, "new", "-s", f"x-{token}", repo=repo).stderr
    check("slug holds" in refused and token not in refused, refused)
    world.expect(OK, "export", "-s", slug, "--html", f"{folder}/data/page.html", repo=repo)
    world.expect(OK, "new", "-s", "mine", repo=repo)
    write(f"{repo}/.factory/mine/a", "y")
    said.append(world.factory("run", "-s", "mine", repo=repo).stdout)
    said.append(world.expect(OK, "show", "-s", "mine", "--detailed", repo=repo).stdout)
    kept = git(repo, "for-each-ref", "--format=%(refname)", "refs/openfactory").split()
    files = [name for ref in kept for name in git(repo, "ls-tree", "-r", "--name-only", ref).split()]
    check("kept" in files, f"what the command left was not kept at all: {kept} {files}")
    leaks = [place for place, content in [*enumerate(text.encode() for text in said), *everything(folder, repo)]
             if token.encode() in content and "/.factory-workspaces/" not in str(place)]
    check(not leaks, f"it stands in {leaks}")


def what_is_too_large_to_be_searched_is_not_committed(folder):
    """A person's file of which nobody can say whether it holds a secret; told as that, kept where it lies."""
    world = World(folder)
    repo = make_repository(f"{folder}/repo", 'contract:\n  pipeline:\n    - name: implement\n      command: "test -f README"\n    - name: deploy\n')
    world.expect(OK, "new", "-s", "large", repo=repo)
    workspace = f"{repo}/.factory/large"
    with open(f"{workspace}/huge", "wb") as file:
        file.truncate(520 * 1024 * 1024)
    write(f"{workspace}/a", "y")
    said = world.expect((WAITS, FAILED), "stage", "-s", "large", "--stage", "implement", repo=repo).stdout
    check("files too large to be searched for a secret" in said and "adds a secret" not in said, said)
    shown = world.expect(OK, "show", "-s", "large", "--detailed", repo=repo).stdout
    check("huge is larger than 512 MB" in shown and ".gitignore" in shown, shown)
    check(os.path.getsize(f"{workspace}/huge") == 520 * 1024 * 1024, "the file was touched")
    write(f"{repo}/.git/info/exclude", "/.factory\n/.factory-workspaces\nhuge\n")
    world.expect((OK, WAITS), "stage", "-s", "large", "--stage", "implement", repo=repo)
    check(git(workspace, "show", "--name-only", "--format=", "HEAD").split() == ["a"], "something else was committed")


if __name__ == "__main__":
    sys.exit(main({case.__name__: case for case in (gives_nothing_away, gives_nothing_away_by_names_and_words,
                                                    what_is_too_large_to_be_searched_is_not_committed)}, "redaction"))
