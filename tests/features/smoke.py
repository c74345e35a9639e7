# SPDX-License-Identifier: Apache-2.0
"""`factory smoke`, and every reading command on what it left, with the exit codes that `factory help exit-codes` documents."""

import json
import sys

from world import FAILED, NOT_FOUND, OK, REFUSED, USAGE, World, check, git, main, read


def smoke(folder):
    world = World(folder)
    kept = f"{folder}/kept"
    done = world.expect(OK, "smoke", "--json", "--keep", kept)
    answer = json.loads(done.stdout.splitlines()[-1])
    check(answer["green"] and len(answer["facts"]) >= 14, f"not green: {answer}")
    check(all(fact["holds"] for fact in answer["facts"]), f"a fact does not hold: {answer['facts']}")
    again = world.expect(OK, "smoke", "--json", "--keep", kept)
    check(json.loads(again.stdout.splitlines()[-1])["green"], "a second call is not green")
    repo = f"{kept}/shop"
    check(len(git(repo, "rev-list", "--merges", "main").split()) == 1, "not one merge")

    world.env["OPENFACTORY_DATA"] = world.data = f"{kept}/data"
    slug = ["-s", "fix-discount"]

    def ask(code, *words):
        return world.expect(code, *words, repo=repo).stdout

    check("sandbox" in ask(OK, "doctor"), "doctor does not speak of the sandbox")
    listed = json.loads(ask(OK, "list", "--json").splitlines()[0])["jobs"]
    check([job["slug"] for job in listed] == ["fix-discount"] and listed[0]["status"] == "integrated", f"list: {listed}")
    check(json.loads(ask(OK, "list", "--json", "--status", "in_progress").splitlines()[0])["jobs"] == [], "list by status")
    shown = json.loads(ask(OK, "show", *slug, "--detailed", "--json").splitlines()[0])
    check(shown["state"] == "done" and len(shown["attempts"]) >= 10 and shown["commands"] and shown["artifacts"], f"show: {shown}")
    check(any(attempt["state"] == "reverted" for attempt in shown["attempts"]), "show names no reverted attempt")
    check("refs/openfactory/" in ask(OK, "show", *slug, "--detailed") or "reverted" in ask(OK, "show", *slug, "--detailed"), "show")
    check("passed" in ask(OK, "log", *slug, "--stage", "unit-test"), "the log of unit-test holds no result")
    check("+    return price - price * percent / 100" in ask(OK, "diff", *slug), "the diff lacks the right line")
    check("+    return price - price * percent\n" in ask(OK, "diff", *slug, "--attempt", "unit-test/1"), "the reverted diff is lost")
    check("PATCH.diff" in ask(OK, "artifacts", *slug), "artifacts")
    check("CHANGED" not in ask(OK, "artifacts", *slug), "an artifact was changed")
    report = json.loads(ask(OK, "audit", "verify", "--json").splitlines()[0])
    check(report["sound"] and report["entries"] > 10, f"audit: {report}")
    check("job.integrated" in ask(OK, "audit", "show"), "the audit log does not tell of the merge")
    check(json.loads(ask(OK, "watchdog", "--json").splitlines()[0])["troubles"] == [], "the watchdog finds trouble in a done job")
    ask(NOT_FOUND, "show", "-s", "no-such-job")
    ask(NOT_FOUND, "log", *slug, "--stage", "no-such-stage")
    ask(USAGE, "show", *slug, "--no-such-option")
    ask(USAGE, "no-such-command")
    ask(REFUSED, "approve", *slug)
    ask(REFUSED, "cancel", *slug)
    help_text = ask(OK, "help", "exit-codes")
    check(all(f"{code}" in help_text for code in range(8)) and "130" in help_text, f"exit codes: {help_text}")

    # The log of a job is not written by hand: one changed byte of the audit log is found, by number.
    import sqlite3
    with sqlite3.connect(f"{world.data}/openfactory.db") as store:
        store.execute("UPDATE audit SET entry=replace(entry, 'job.created', 'job.creeted') WHERE entry LIKE '%job.created%'")
    store.close()
    damaged = world.factory("audit", "verify", repo=repo)
    check(damaged.returncode not in (OK, USAGE, NOT_FOUND), f"a changed entry was not found: exit {damaged.returncode}")
    check(damaged.returncode in (FAILED, 6), f"exit {damaged.returncode}")


def whole(folder):
    """From a sentence to release documents, and the same command again."""
    world = World(folder)
    words = ["smoke", "--json", "--pipeline", "openfactory", "--keep", f"{folder}/kept"]
    for _ in range(2):
        answer = json.loads(world.expect(OK, *words).stdout.splitlines()[-1])
        check(answer["green"] and len(answer["facts"]) >= 22 and all(fact["holds"] for fact in answer["facts"]), f"not green: {answer}")
    world.env["OPENFACTORY_DATA"] = world.data = f"{folder}/kept/data"
    repo = f"{folder}/kept/shop"
    shown = world.expect(OK, "show", "-s", "fix-discount", "--detailed", repo=repo).stdout
    check("AC-1" in shown and "per-cent" in shown and "check tests" in shown, shown)
    check(world.expect(OK, "audit", "verify", repo=repo), "audit")


if __name__ == "__main__":
    sys.exit(main({"smoke": smoke, "whole": whole}, "smoke"))
