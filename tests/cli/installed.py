# SPDX-License-Identifier: Apache-2.0
"""What `cmake --install` puts into a prefix: a factory that works from there, its completions in the real shells, its
manual page in the real `man`."""

import json
import os
import pty
import re
import select
import sys
import time

from world import FACTORY, LIMIT, OK, World, check, main, make_repository, run

BUILD = os.environ["OPENFACTORY_BUILD"]


def installed(folder):
    prefix = f"{folder}/prefix"
    done = run(["cmake", "--install", BUILD, "--prefix", prefix])
    check(done.returncode == 0, done.stderr)
    world = World(folder)
    world.env["PATH"] = f"{prefix}/bin:{world.env['PATH']}"
    return world, prefix


def commands():
    return [command["command"] for command in json.loads(run([FACTORY, "help", "--json"]).stdout)["commands"]]


def works_from_there(folder):
    world, prefix = installed(folder)
    files = {os.path.relpath(os.path.join(root, name), prefix) for root, _, names in os.walk(prefix) for name in names}
    wanted = {"bin/factory", "libexec/openfactory/of-sandbox-init", "libexec/openfactory/of-sandbox-probe",
              "share/man/man1/factory.1", "share/bash-completion/completions/factory",
              "share/zsh/site-functions/_factory", "share/fish/vendor_completions.d/factory.fish"}
    check(wanted <= files, f"missing: {sorted(wanted - files)}")
    # The helpers of the prefix are used, not those of the build: without them there is no sandbox.
    binary = f"{prefix}/bin/factory"
    done = run([binary, "smoke", "--keep", f"{folder}/smoke"], cwd=folder, env=world.env, limit=300)
    check(done.returncode == OK and "facts hold" in done.stdout, f"exit {done.returncode}: {done.stdout}{done.stderr}")
    os.rename(f"{prefix}/libexec", f"{prefix}/libexec.away")
    done = run([binary, "doctor"], cwd=folder, env=world.env)
    check(done.returncode == 5 and "of-sandbox-init" in done.stdout, f"exit {done.returncode}: {done.stdout}{done.stderr}")


def manual_page(folder):
    world, prefix = installed(folder)
    page = f"{prefix}/share/man/man1/factory.1"
    done = run(["man", "--warnings", "-l", page], env={**world.env, "MANWIDTH": "100", "MANPAGER": "cat", "LC_ALL": "C.UTF-8"})
    check(done.returncode == 0 and not done.stderr, f"exit {done.returncode}: {done.stderr}")
    text = re.sub(r".\x08", "", done.stdout)
    for name in commands():
        check(re.search(rf"^ +{name}$", text, re.M), f"the page has no section {name}")
    words = " ".join(text.split())
    told = json.loads(run([FACTORY, "help", "--json"]).stdout)
    for code, means in told["exit_codes"].items():
        check(f"{code} {means}" in words, f"the page does not say exit code {code}: {means}")
    for command in told["commands"]:
        for option in command["options"]:
            check(f"--{option['name']}" in words, f"the page does not say --{option['name']} of {command['command']}")


def with_jobs(folder):
    world, prefix = installed(folder)
    repo = make_repository(f"{folder}/repo", "contract: {language: python}\n")
    world.expect(OK, "new", "-s", "red-fox", repo=repo)
    world.expect(OK, "new", "-s", "red-hen", repo=repo)
    return world, prefix, repo


# What is typed, and what has to be offered for it.
CASES = [("app", {"approve"}),
         ("show --det", {"--detailed"}),
         ("list --priority P", {"P0", "P1", "P2", "P3"}),
         ("list --status pass", {"passed_pipeline"}),
         ("show -s red", {"red-fox", "red-hen"}),
         ("approve --slug red-h", {"red-hen"}),
         ("stage --from uni", {"unit-test"}),
         ("audit v", {"verify"}),
         ("completion f", {"fish"}),
         ("help exit", {"exit-codes"})]


def bash(folder):
    world, prefix, repo = with_jobs(folder)
    cases = CASES + [("list --status=pass", {"passed_pipeline"}), ("run --playbook REA", {"README"})]
    script = f"source '{prefix}/share/bash-completion/completions/factory'\n" + """
ask() {
    COMP_LINE="factory $1"; COMP_POINT=${#COMP_LINE}
    read -ra COMP_WORDS <<<"${COMP_LINE//=/ = }"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _factory; printf '%s\\n' "${COMPREPLY[*]}"
}
""" + "".join(f"ask '{typed}'\n" for typed, _ in cases)
    done = run(["bash", "--norc", "-c", script], cwd=repo, env=world.env)
    check(done.returncode == 0 and not done.stderr, done.stderr)
    for (typed, wanted), got in zip(cases, done.stdout.split("\n")):
        check(set(got.split()) == wanted, f"{typed}: {got!r}, not {wanted}")


def fish(folder):
    world, prefix, repo = with_jobs(folder)
    env = {**world.env, "XDG_DATA_DIRS": f"{prefix}/share:/usr/share", "XDG_CONFIG_HOME": f"{folder}/home", "TERM": "xterm"}
    script = "".join(f"echo (complete -C 'factory {typed}' | string split -f1 \\t)\n" for typed, _ in CASES)
    done = run(["fish", "-c", script], cwd=repo, env=env)
    check(done.returncode == 0, done.stderr)
    for (typed, wanted), got in zip(CASES, done.stdout.split("\n")):
        check(set(got.split()) == wanted, f"{typed}: {got!r}, not {wanted}")


def zsh(folder):
    """zsh completes on a terminal only: what is typed there has to become the one candidate, or list them all."""
    world, prefix, repo = with_jobs(folder)
    dump = f"{folder}/dump"
    env = {**world.env, "TERM": "xterm", "ZDOTDIR": f"{folder}/home"}
    pid, master = pty.fork()
    if pid == 0:
        os.chdir(repo)
        os.execvpe("zsh", ["zsh", "-f", "-i"], env)
    text = ""

    def until(wanted):
        nonlocal text
        end = time.monotonic() + LIMIT
        while not re.search(wanted, text):
            ready, _, _ = select.select([master], [], [], 0.2)
            if ready:
                text += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", os.read(master, 65536).decode("utf-8", "replace"))
            check(time.monotonic() < end, f"{wanted!r} did not come: {text!r}")
        seen, text = text, ""
        return seen

    def tell(line):
        os.write(master, line.encode())

    tell(f"PS1='ready> '; fpath=('{prefix}/share/zsh/site-functions' $fpath); autoload -Uz compinit; compinit -u -d '{dump}'; "
         "setopt no_list_beep no_beep; zstyle ':completion:*' list-prompt ''; zstyle ':completion:*' menu no; LISTMAX=9999; "
         "bindkey -e; echo set-$((1+1))\n")
    until("set-2[\\s\\S]*ready> ")
    for typed, wanted in CASES:
        # A marker is typed after the completion: once it is shown, all that was offered was shown before it.
        tell(f"factory {typed}\t")
        if len(wanted) == 1:
            seen = until(re.escape(next(iter(wanted))))
        else:
            tell("\t")
            seen = until("[\\s\\S]*".join(sorted(wanted)))
        check("not found" not in seen and "error" not in seen, f"{typed}: {seen!r}")
        tell("\x15echo next-$((1+2))\n")
        until("next-3[\\s\\S]*ready> ")
    tell("exit\n")
    try:
        while os.read(master, 65536):
            pass
    except OSError:
        pass
    os.waitpid(pid, 0)


if __name__ == "__main__":
    cases = [works_from_there, manual_page, bash, fish, zsh]
    sys.exit(main({case.__name__: case for case in cases}, "installed"))
