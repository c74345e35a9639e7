# SPDX-License-Identifier: Apache-2.0
"""The console as a person who cannot see it has it: found and worked through the accessibility bus, under a virtual screen.

  console.py demo     a fresh home: from the first start to the first approved gate, then the same job by `factory show`
  console.py whole    the demo of the whole way: a question, a gate, a release
  console.py killed   SIGKILL in each stage of the demo, at its gate and after the decision; start again: a true banner, nothing
                      doubled, unfinished comments and forms are back
  console.py large    a change of over 5,000 lines and a test log of a million, from the form of a new job to the decision. With
                      OPENFACTORY_PUBLIC=FOLDER on a clone of that repository, whose own tests are run.
  console.py notices  what the desktop is told of: a gate, a failure, nothing that nobody wants to hear; a click on it leads there
  console.py without_display   what it is asked for in words it says all the same, and else why it cannot start

Runs itself again inside a virtual screen and a session bus of its own.
"""

import collections
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time

from world import (ENVIRONMENT, OK, PLAYBOOK, World, Wrong, check, check_repository, contract, git, main, make_repository, playbook,
                   read, run, say, write)

CONSOLE = os.environ.get("OPENFACTORY_CONSOLE", "")
LIMIT = 180  # seconds; what a first start to the first approved gate may take


def until(what, look, seconds=60, pause=0.1):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(pause)
    raise Wrong(f"it did not come to this: {what}")


class Screen:
    """The console's widgets by their object or accessible names."""

    def __init__(self, world, more=(), out=None):
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi, GLib
        self.atspi, self.errors = Atspi, GLib.Error
        env = dict(world.env, QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1", QT_QPA_PLATFORM="xcb", XDG_CONFIG_HOME=f"{world.folder}/config",
                   **{name: os.environ[name] for name in ("DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS") if name in os.environ})
        # Enter on a line of a change opens it in an editor: a real one would stay.
        if not os.path.exists(f"{world.folder}/config/openfactory/openfactory.conf"):
            write(f"{world.folder}/config/openfactory/openfactory.conf", "[General]\neditor=true {file}\n")
        self.env = env
        self.process = subprocess.Popen([CONSOLE, "--data", world.data, *more], env=env, stdin=subprocess.DEVNULL, stdout=out)
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
        if not node:
            node = self.app
            node.clear_cache()  # no loop of ours hears that children came or went
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

    def click(self, name, role):
        node = until(f"\"{name}\" on the screen", lambda: self.find(name, role))
        place = node.get_component_iface().get_extents(self.atspi.CoordType.SCREEN)
        run(["xdotool", "mousemove", str(place.x + place.width // 2), str(place.y + place.height // 2), "click", "1"], env=os.environ)

    def write(self, name, text):
        field = until(f"a field \"{name}\"", lambda: next((node for node in self.walk() if node.get_name() == name and self.seen(node)
                                                           and node.get_editable_text_iface()), None))
        check(field.get_editable_text_iface().set_text_contents(text), f"nothing can be written into {name}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)

    def close(self):
        self.process.terminate()
        code = self.process.wait(20)
        check(code == 0, f"it was to end, and ended with {code}")


def job_of(world, demo="demo"):
    shop = f"{world.data}/{demo}/shop"
    return world.show("fix-discount", shop) if os.path.isdir(shop) else None


def submit(screen):
    button = screen.atspi.Role.PUSH_BUTTON if hasattr(screen.atspi.Role, "PUSH_BUTTON") else screen.atspi.Role.BUTTON
    decide = until("a submit button", lambda: screen.find("Approve", button))
    until("a decision that may be submitted", lambda: decide.get_state_set().contains(screen.atspi.StateType.ENABLED))
    decide.get_action_iface().do_action(0)


def decisions(world):
    store = world.store()
    try:
        return store.value("SELECT count(*) FROM decisions")
    finally:
        store.close()


def approve(screen, world, demo="demo"):
    screen.press("Review", 120)
    screen.press("Approve")
    screen.press("I accept the risk coverage")
    screen.write("Comment", "shipping has tests of its own elsewhere")
    submit(screen)
    return until("the job to be done", lambda: (job_of(world, demo) or {}).get("state") == "done" and job_of(world, demo), 90)


def whole(folder):
    """From a sentence to a release, by the console alone: a question answered, a gate approved after a CI that said no once."""
    world = World(folder)
    started = time.monotonic()
    screen = Screen(world)

    def waits_for(kind):
        return (job_of(world, "demo-whole") or {}).get("wait") == kind

    try:
        screen.press("Run the whole way")
        until("a question", lambda: waits_for("clarification"), 120)
        screen.press("Review", 120)
        screen.write("Your answer", "in per cent")
        screen.press("Send the answer")
        until("a gate", lambda: waits_for("approval"), 180)
        job = approve(screen, world, "demo-whole")
        say(f"  first start to released: {time.monotonic() - started:.1f} s")
        check(job["answer"] == "in per cent", f"answer: {job['answer']}")
        store = world.store()
        try:
            pushed = [row["kind"] for row in store.rows("SELECT kind FROM intents WHERE kind LIKE '%push%'")]
        finally:
            store.close()
        check(len(pushed) == 2, f"pushes: {pushed}")
        check("per cent" in git(f"{world.data}/demo-whole/shop", "show", "main:CHANGES.md"), "the change is not on main")
        names = {artifact["name"] for artifact in job["artifacts"]}
        check({"SPEC.md", "FINAL_SUMMARY.md", "MANIFEST.json"} <= names, f"artifacts: {sorted(names)}")
    finally:
        screen.close()


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
        # One more start, with a link: the window that is open shows it, and there is no other.
        job_id = job_of(world)["id"]
        check(not again.find("Stages, attempts and commands"), "the job's page is open already")
        other = subprocess.run([CONSOLE, "--data", world.data, f"openfactory://job/{job_id}/unit-test/1"], env=again.env,
                               stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
        check(other.returncode == 0 and not other.stderr, f"exit {other.returncode}: {other.stderr}")
        until("the linked job", lambda: again.find("Stages, attempts and commands"))
        check(again.process.poll() is None, "the first window went")
    finally:
        again.close()


def demo_rows(world):
    """What the store's file says of the demo: its job, and its attempts in the order they were made; None before that."""
    try:
        store = world.store()
    except sqlite3.OperationalError:
        return None
    try:
        jobs = store.rows("SELECT num, id, state, wait_kind FROM jobs")
        attempts = store.rows("SELECT stage, number, state FROM attempts ORDER BY num")
        recovered = store.rows("SELECT seq, stage FROM events WHERE kind='recovered' ORDER BY seq")
        return (jobs[0], attempts, recovered) if jobs else None
    except sqlite3.OperationalError:
        return None  # it is being made
    finally:
        store.close()


def kept(world, what):
    """Whether the console's own file holds a text: then a kill cannot take it."""
    path = f"{world.folder}/config/openfactory/openfactory.conf"
    return os.path.exists(path) and what in read(path).decode(errors="replace")


def field(screen, name, text):
    """A field of that name, once it holds the text."""
    def holds():
        for node in screen.walk():
            try:
                if node.get_name() == name and node.get_editable_text_iface():
                    if screen.atspi.Text.get_text(node, 0, -1) == text:
                        return node
            except screen.errors:
                continue
        return None
    return until(f"the field {name} with what was typed", holds)


FORM = {"Repository": "/no/repository", "Slug": "half-done", "Task": "Half a task"}


def check_form(screen):
    for name, text in FORM.items():
        field(screen, name, text)


def kill_in_each_stage(world, screen):
    """One kill in each stage until the job rests. Returns the screen, and the stages that were met as they ran."""
    tried, met = [], []
    while True:
        def look():
            rows = demo_rows(world)
            if not rows:
                return None
            job, attempts, _ = rows
            if job["state"] not in ("created", "running") and job["wait_kind"] != "retry":
                return "at rest"
            new = [attempt for attempt in attempts if attempt["stage"] not in tried]
            return new[-1]["stage"] if new and new[-1]["state"] == "running" else None

        stage = until("a stage that was not met yet, or the end", look, 180, 0.002)  # some take some ten milliseconds
        if stage == "at rest":
            return screen, met
        tried.append(stage)
        screen.kill()
        job, attempts, before = demo_rows(world)
        interrupted = job["state"] == "running"
        if interrupted and attempts[-1]["state"] == "running":
            met.append(attempts[-1]["stage"])
        screen = Screen(world)
        if interrupted:
            until("the engine to have looked", lambda: len(demo_rows(world)[2]) > len(before))
            at = demo_rows(world)[2][-1]["stage"]
            check(at == attempts[-1]["stage"] or attempts[-1]["state"] != "running", f"killed in {attempts[-1]['stage']}, recovered at {at}")
            until("a true banner", lambda: screen.find(f"Recovered after an unclean stop: fix-discount at {at}"))
        check_form(screen)


def nothing_doubled(world, shop, decided):
    """The store and git have each thing once, although the console was killed on the way."""
    store = world.store()
    try:
        check(store.value("SELECT count(*) FROM jobs") == 1, "not one job")
        job = store.rows("SELECT num, id, integrated, head_commit FROM jobs")[0]
        attempts = collections.Counter((row["stage"], row["state"]) for row in store.rows("SELECT stage, state FROM attempts"))
        check(not [key for key in attempts if key[1] == "running"], f"an attempt is left running: {dict(attempts)}")
        # The wrong change came as far as the tests; everything behind them passed once.
        for (stage, state), count in attempts.items():
            if state in ("passed", "soft_failed"):
                check(count == (2 if stage == "implement" else 1), f"{stage} {state} {count} times: {dict(attempts)}")
        check(attempts["unit-test", "reverted"] == 1, f"taken back: {dict(attempts)}")
        for table, where in (("commands", "finished=0"), ("intents", "state='open'"), ("leases", "1")):
            check(store.value(f"SELECT count(*) FROM {table} WHERE {where}") == 0, f"{table} with {where} are left")
        actions = store.actions(job["id"])
        once = ["job.created", "workspace.created", "attempt.reverted"] + (["decision.made", "job.integrated", "job.done"] if decided else [])
        for action in once:
            check(actions[action] == 1, f"{action} {actions[action]} times: {dict(actions)}")
        check(store.value("SELECT count(*) FROM decisions") == int(decided), "not as many decisions as were made")
    finally:
        store.close()
    steps = collections.Counter(line for line in git(shop, "log", "--all", "--format=%(trailers:key=OpenFactory-Step,valueonly,separator=%x2C)").splitlines() if line)
    check(not [step for step, count in steps.items() if count > 1], f"a step was done twice: {steps}")
    merges = git(shop, "log", "--first-parent", "--merges", "--format=%H", "main").split()
    check(merges == ([job["integrated"]] if decided else []), f"merges on main: {merges}")
    check_repository(shop)
    check(json.loads(world.expect(OK, "audit", "verify", "--json").stdout.splitlines()[0])["sound"], "the audit chain is broken")


def killed(folder):
    """One kill in each stage of one demo, then at its gate with everything half written, then after the decision."""
    world = World(folder)
    shop = f"{world.data}/demo/shop"
    screen = Screen(world)
    screen.press("Open a repository")
    for name, text in FORM.items():
        screen.write(name, text)
    until("the form to be kept", lambda: all(kept(world, text) for text in FORM.values()))
    screen.press("Run the demo")
    screen, met = kill_in_each_stage(world, screen)
    say(f"  killed while it ran: {', '.join(met)}")
    check(len(met) >= 4, f"only these stages were met as they ran: {met}")
    until("the gate", lambda: (job_of(world) or {}).get("wait") == "approval", 120)
    nothing_doubled(world, shop, False)

    # At the gate: half a comment, half a remark on a line.
    screen.press("Review", 120)
    screen.write("Comment", "half a tho")
    until("the comment to be kept", lambda: kept(world, "half a tho"))
    screen.press("Review here")
    screen.press("Comment…")
    screen.write("Comment on this line", "why th")
    until("the remark to be kept", lambda: kept(world, "remarkDraft"))
    recovered = len(demo_rows(world)[2])
    screen.kill()
    screen = Screen(world)
    field(screen, "Comment", "half a tho")
    field(screen, "Comment on this line", "why th")
    check_form(screen)
    check(len(demo_rows(world)[2]) == recovered and not screen.find("Recovered"), "a recovery is told of where nothing was interrupted")

    # Decided, and killed on the way to the end.
    screen.press("Approve")
    screen.press("I accept the risk coverage")
    screen.write("Comment", "shipping has tests of its own elsewhere")
    submit(screen)
    until("the decision in the store", lambda: decisions(world), 60)
    screen.kill()
    screen = Screen(world)
    try:
        until("the job to be done", lambda: (job_of(world) or {}).get("state") == "done", 90)
        nothing_doubled(world, shop, True)
        check_form(screen)
    finally:
        screen.close()


LARGE = """contract:
  language: python
  pipeline:
    - name: implement
      command: "python3 check.py"
    - name: unit-test
      command: "test -f table.json"
    - name: boundary
    - name: deploy
  max_lines_changed: 20000
"""
NOISE = """import json
for i in range(1_000_000):
    print("test", i, "ok")
json.load(open("table.json"))
"""


def own_repository(folder):
    """A repository whose check prints a million lines, and a change of 6,000 lines for it."""
    repo = f"{folder}/repo"
    write(f"{repo}/contract.yaml", LARGE)
    write(f"{repo}/check.py", NOISE)
    write(f"{repo}/table.json", "[]\n")
    git(repo, "init", "-q", "-b", "main")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "Begin")
    return repo, "table.json", "[\n" + ",\n".join(f'  ["row {i}", {i}]' for i in range(6000)) + "\n]\n"


def public_repository(folder, source):
    """A clone of a public one, and a module of 5,000 lines with its test for it."""
    repo = f"{folder}/repo"
    git(folder, "clone", "-q", source, repo)
    rows = "".join(f"def row_{i}(value: int) -> int:\n    \"\"\"Give the value and {i}.\"\"\"\n    return value + {i}\n\n\n" for i in range(1000))
    return repo, os.environ["OPENFACTORY_PUBLIC_FILE"], '"""Rows."""\n\n\n' + rows.rstrip("\n") + "\n"


def choose_tab(screen, name):
    tab = screen.find(name, screen.atspi.Role.PAGE_TAB)
    return tab and tab.get_action_iface().do_action(0)


def at_end(screen, name, line):
    """Asks a painted view for what it has not loaded, goes to its end, and looks whether the line is on the screen."""
    view = screen.find(name, screen.atspi.Role.TERMINAL)
    if not view:
        return False
    view.get_component_iface().grab_focus()
    run(["xdotool", "key", "Return", "End"], env=os.environ)
    return line in screen.atspi.Text.get_text(view.get_text_iface(), 0, -1)


def large(folder):
    world = World(folder)
    source = os.environ.get("OPENFACTORY_PUBLIC")
    repo, name, text = public_repository(folder, source) if source else own_repository(folder)
    watched = f"{folder}/watched"
    with open(watched, "w", encoding="utf-8") as out:
        screen = Screen(world, ["--profile"], out)

    def waits_for(kind):
        return (world.show("large", repo) or {}).get("wait") == kind

    try:
        started = time.monotonic()
        screen.press("Open a repository")
        for field_name, words in {"Repository": repo, "Slug": "large", "Task": "Add a large table"}.items():
            screen.write(field_name, words)
        screen.press("Make the job")
        until("the workspace", lambda: waits_for("change"), 120)
        write(f"{repo}/.factory/large/{name}", text)
        screen.press("Review")
        screen.press("I am done")
        until("the gate", lambda: waits_for("approval"), 3000, 0.5)
        say(f"  new job to gate: {time.monotonic() - started:.1f} s")
        screen.press("Review")
        until("the size of the change", lambda: any(f"+{len(text.splitlines())}" in (node.get_name() or "").replace(",", "") for node in screen.walk()), 30)
        # The log of the check: its end is there at once, however long it is.
        screen.press("Open job")
        until("the log's tab", lambda: choose_tab(screen, "Log"))
        screen.click("Stage: implement", screen.atspi.Role.LIST_ITEM)
        until("the log's last line", lambda: at_end(screen, "Log", "test 999999 ok" if not source else ""))
        screen.press("Review")
        # The change itself: so long a file is loaded when it is asked for; its last line is reached at once.
        screen.press("Review here")
        until("the file of the change", lambda: screen.find(f"{'Added' if source else 'Modified'} {name}"))
        until("the last line", lambda: at_end(screen, "Changes", text.splitlines()[-3].strip()))
        screen.press("Approve")
        for node in screen.walk():
            if node.get_name().startswith("I accept the risk"):
                node.get_action_iface().do_action(0)
        screen.write("Comment", "looked at, line by line")
        submit(screen)
        until("the job to be done", lambda: world.show("large", repo)["state"] == "done", 120)
        check(git(repo, "show", f"HEAD:{name}") == text, "the change is not on the target")
        check_repository(repo)
    finally:
        screen.close()
    say(f"  {read(watched).decode().splitlines()[-1]}")


class Desktop:
    """The notification service of a desktop, on this session's bus: keeps what it is told, and clicks like a person."""

    SPEC = """<node><interface name="org.freedesktop.Notifications">
    <method name="GetCapabilities"><arg type="as" direction="out"/></method>
    <method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/><arg type="s" direction="out"/>
      <arg type="s" direction="out"/></method>
    <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
      <arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/><arg type="i" direction="in"/>
      <arg type="u" direction="out"/></method>
    <method name="CloseNotification"><arg type="u" direction="in"/></method>
    <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
    <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal></interface></node>"""
    PATH, NAME = "/org/freedesktop/Notifications", "org.freedesktop.Notifications"

    def __init__(self):
        from gi.repository import Gio, GLib
        self.glib, self.told = GLib, []
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        self.bus.register_object(self.PATH, Gio.DBusNodeInfo.new_for_xml(self.SPEC).interfaces[0], self.call, None, None)
        Gio.bus_own_name_on_connection(self.bus, self.NAME, Gio.BusNameOwnerFlags.NONE, None, None)
        threading.Thread(target=GLib.MainLoop().run, daemon=True).start()

    def call(self, connection, sender, path, interface, method, parameters, invocation):
        answers = {"GetCapabilities": lambda: ("(as)", (["body", "body-markup", "actions"],)),
                   "GetServerInformation": lambda: ("(ssss)", ("desktop", "test", "1", "1.2")), "CloseNotification": lambda: ("()", ())}
        if method == "Notify":
            _, _, _, title, body, actions, _, _ = parameters.unpack()
            self.told.append({"title": title, "body": body, "actions": dict(zip(actions[::2], actions[1::2]))})
            answer = ("(u)", (len(self.told),))
        else:
            answer = answers[method]()
        invocation.return_value(self.glib.Variant(*answer))

    def titles(self):
        return [one["title"] for one in self.told]

    def click(self, number, action):
        self.bus.emit_signal(None, self.PATH, self.NAME, "ActionInvoked", self.glib.Variant("(us)", (number, action)))


def notices(folder):
    world = World(folder)
    desktop = Desktop()
    screen = Screen(world)
    try:
        until("the store", lambda: os.path.exists(f"{world.data}/openfactory.db"))
        repos = {}
        for name, changes in (("fails", PLAYBOOK.split("  - for: unit-test")[0]), ("waits", playbook("waits"))):
            repos[name] = make_repository(f"{folder}/{name}", contract(name))
            write(f"{folder}/{name}.yaml", changes.replace("NAME", name))
            world.expect(OK, "new", "-s", name, "--title", f"{name} <b>at once</b>", "--playbook", f"{folder}/{name}.yaml", repo=repos[name])
        until("a failure that is told", lambda: "A job failed" in desktop.titles(), 120)
        until("a gate that is told", lambda: "A job waits for you" in desktop.titles(), 120)
        check(world.show("fails", repos["fails"])["state"] == "failed", "it did not fail")
        for bubble in desktop.told:
            check("&lt;b&gt;" in bubble["body"], f"markup is read as such: {bubble}")
            check(not {"Approve", "Reject"} & set(bubble["actions"].values()), f"a decision in a bubble: {bubble}")
        check(sorted(desktop.titles()) == ["A job failed", "A job waits for you"], f"told: {desktop.titles()}")
        gate = desktop.titles().index("A job waits for you") + 1
        desktop.click(gate, "default")
        until("the gate", lambda: screen.find("Comment"))
        world.expect(OK, "approve", "-s", "waits", "--accept-risk", "docs", "--comment", "no docs needed", repo=repos["waits"])
        until("the job to be done", lambda: world.show("waits", repos["waits"])["state"] == "done", 60)
        time.sleep(1)
        check("A job is done" not in desktop.titles(), "nobody asked to be told of what is done")
    finally:
        screen.close()


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
        sys.exit(main({"demo": demo, "whole": whole, "killed": killed, "large": large, "notices": notices, "without_display": without_display}, "console"))
    os.environ["OPENFACTORY_INSIDE"] = "1"
    os.execvp("xvfb-run", ["xvfb-run", "-a", "-s", "-screen 0 1400x900x24", "dbus-run-session", "--", "sh", "-c", BUS, "sh",
                           sys.executable, "-B", *sys.argv])
