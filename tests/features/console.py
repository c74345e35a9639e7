# SPDX-License-Identifier: Apache-2.0
"""The console as a person who cannot see it has it: found and worked through the accessibility bus, under a virtual screen.

  console.py demo     a fresh home: from the first start to the first approved gate, then the same job by `factory show`
  console.py killed   SIGKILL in several stages of the demo, start again: a true banner, nothing doubled
  console.py without_display   what it is asked for in words it says all the same, and else why it cannot start

Runs itself again inside a virtual screen and a session bus of its own.
"""

import json
import os
import signal
import subprocess
import sys
import time

from world import ENVIRONMENT, OK, World, Wrong, check, main, run, say

CONSOLE = os.environ.get("OPENFACTORY_CONSOLE", "")
LIMIT = 180  # seconds; what a first start to the first approved gate may take


def until(what, look, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise Wrong(f"it did not come to this: {what}")


class Screen:
    """The console's widgets by their object or accessible names."""

    def __init__(self, world, more=()):
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi, GLib
        self.atspi, self.errors = Atspi, GLib.Error
        env = dict(world.env, QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1", QT_QPA_PLATFORM="xcb", XDG_CONFIG_HOME=f"{world.folder}/config",
                   **{name: os.environ[name] for name in ("DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS") if name in os.environ})
        self.process = subprocess.Popen([CONSOLE, "--data", world.data, *more], env=env, stdin=subprocess.DEVNULL)
        self.app = until("a window on the accessibility bus", self.find_app, 60)

    def find_app(self):
        desktop = self.atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            app = desktop.get_child_at_index(i)
            try:
                if app and app.get_process_id() == self.process.pid and app.get_child_count() > 0:
                    return app
            except self.errors:
                pass
        return None

    def walk(self, node=None, depth=0):
        node = node or self.app
        yield node
        if depth > 24:
            return
        try:
            for i in range(min(node.get_child_count(), 400)):
                child = node.get_child_at_index(i)
                if child:
                    yield from self.walk(child, depth + 1)
        except self.errors:
            return

    def seen(self, node):
        return node.get_state_set().contains(self.atspi.StateType.SHOWING)

    def find(self, name, role=None):
        """The first widget on the screen that is called so, or whose name begins so."""
        for node in self.walk():
            try:
                if node.get_name().startswith(name) and self.seen(node) and (role is None or node.get_role() == role):
                    return node
            except self.errors:
                continue
        return None

    def press(self, name, seconds=60):
        button = until(f"\"{name}\" on the screen", lambda: self.find(name), seconds)
        done = until(f"\"{name}\" to be pressed", lambda: button.get_state_set().contains(self.atspi.StateType.ENABLED)
                     and button.get_action_iface().do_action(0), seconds)
        check(done, f"{name} cannot be pressed")

    def write(self, name, text):
        field = until(f"a field \"{name}\"", lambda: next((node for node in self.walk() if node.get_name() == name and self.seen(node)
                                                           and node.get_editable_text_iface()), None))
        check(field.get_editable_text_iface().set_text_contents(text), f"nothing can be written into {name}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)

    def close(self):
        self.process.terminate()
        self.process.wait(20)


def job_of(world):
    return world.show("fix-discount", f"{world.data}/demo/shop") if os.path.isdir(f"{world.data}/demo/shop") else None


def approve(screen, world):
    screen.press("Review", 120)
    screen.press("Approve")
    screen.press("I accept the risk coverage")
    screen.write("Comment", "shipping has tests of its own elsewhere")
    button = screen.atspi.Role.PUSH_BUTTON if hasattr(screen.atspi.Role, "PUSH_BUTTON") else screen.atspi.Role.BUTTON
    submit = until("a submit button", lambda: screen.find("Approve", button))
    until("a decision that may be submitted", lambda: submit.get_state_set().contains(screen.atspi.StateType.ENABLED))
    submit.get_action_iface().do_action(0)
    return until("the job to be done", lambda: (job_of(world) or {}).get("state") == "done" and job_of(world), 90)


def demo(folder):
    world = World(folder)
    started = time.monotonic()
    screen = Screen(world)
    try:
        screen.press("Run the demo")
        until("a gate", lambda: (job_of(world) or {}).get("wait") == "approval", 120)
        # The banner of the gate is on each page.
        for page in ("Needs you", "Jobs", "CI", "Rollouts", "Artifacts", "Activity"):
            item = until(f"the page {page}", lambda: screen.find(page, screen.atspi.Role.LIST_ITEM))
            item.get_action_iface().do_action(0) if item.get_action_iface() else None
            until("the banner of the gate", lambda: screen.find("Review…"))
        job = approve(screen, world)
        took = time.monotonic() - started
        check(took < LIMIT, f"it took {took:.0f} s")
        say(f"  first start to approved gate: {took:.1f} s")
        check(job["decisions"][0]["kind"] == "approve" and job["decisions"][0]["actor"].startswith("operator:"), f"decision: {job['decisions']}")
        check(any(attempt["state"] == "reverted" for attempt in job["attempts"]), "nothing was taken back in the demo")
    finally:
        screen.close()
    # The second start shows the list.
    again = Screen(world)
    try:
        until("the list", lambda: again.find("Title: Take the discount in per cent") or again.find("Take the discount in per cent"))
        check(not again.find("A software factory on your desk"), "the second start shows the welcome again")
    finally:
        again.close()


def killed(folder):
    banners = 0
    for stage in ("unit-test", "coverage", "integration", "tcr"):
        world = World(f"{folder}/{stage}")
        screen = Screen(world)
        screen.press("Run the demo")
        until(f"the stage {stage}", lambda: any(attempt["stage"] == stage for attempt in (job_of(world) or {}).get("attempts", [])), 120)
        screen.kill()
        # On a busy machine the stage may be over, and the job at its gate, before the kill: then nothing was interrupted.
        interrupted = job_of(world)["state"] == "running"
        screen = Screen(world)
        try:
            banners += interrupted
            if interrupted:
                until("a true banner", lambda: screen.find("Recovered after an unclean stop: fix-discount"))
            until("a gate", lambda: (job_of(world) or {}).get("wait") == "approval", 120)
            job = approve(screen, world)
            passed = [attempt for attempt in job["attempts"] if attempt["stage"] == "tcr" and attempt["state"] == "passed"]
            check(len(passed) == 1, f"tcr passed {len(passed)} times")
            reverted = [attempt for attempt in job["attempts"] if attempt["state"] == "reverted"]
            check(len(reverted) == 1, f"{len(reverted)} attempts were taken back")
            check(len([one for one in job["decisions"] if one["consumedBy"]]) == 1, "not one decision was used")
            recovered = json.loads(world.expect(OK, "audit", "verify", "--json").stdout.splitlines()[0])
            check(recovered["sound"], "the audit chain is broken")
        finally:
            screen.close()
    check(banners > 0, "no kill met a running job")


def without_display(folder):
    bare = {name: value for name, value in World(folder).env.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    for env in (bare, {**bare, "DISPLAY": ":4099"}):  # none, and one that nobody answers at
        for word, wanted in (("--version", "openfactory "), ("--help", "--data")):
            done = run([CONSOLE, word], cwd=folder, env=env)
            check(done.returncode == 0 and wanted in done.stdout, f"{word}: exit {done.returncode}: {done.stdout}{done.stderr}")
    done = run([CONSOLE], cwd=folder, env=bare)
    check(done.returncode == ENVIRONMENT and "DISPLAY" in done.stderr and "factory" in done.stderr, f"exit {done.returncode}: {done.stderr}")


# The bus is not this process's child, which looks for what the console leaves behind.
BUS = """for bus in /usr/libexec/at-spi-bus-launcher /usr/lib/at-spi2-core/at-spi-bus-launcher; do [ ! -x $bus ] || break; done
$bus --launch-immediately 2>/dev/null & pid=$!
sleep 0.5
"$@"
code=$?
kill $pid
exit $code"""

if __name__ == "__main__":
    if os.environ.get("OPENFACTORY_INSIDE") == "1":
        sys.exit(main({"demo": demo, "killed": killed, "without_display": without_display}, "console"))
    os.environ["OPENFACTORY_INSIDE"] = "1"
    os.execvp("xvfb-run", ["xvfb-run", "-a", "-s", "-screen 0 1400x900x24", "dbus-run-session", "--", "sh", "-c", BUS, "sh",
                           sys.executable, "-B", *sys.argv])
