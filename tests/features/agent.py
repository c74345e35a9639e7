# SPDX-License-Identifier: Apache-2.0
"""A whole job whose author is a command in the sandbox: what it is asked comes in, its key comes in, its provider's host can be
reached and nothing else can, what it leaves is judged, and a run that fails or dies in the middle leaves nothing."""

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time

from redaction import everything, needles
from world import FACTORY, LIMIT, OK, USAGE, WAITS, World, check, contract, git, main, make_repository, read, write

KEY = "sk-canary-5Rt8Yb2Nq6Wd1Mz4"

# The agent. It tries every door, writes down what it found, and does what it was asked.
AGENT = """import http.client, json, os, socket, sys, time, urllib.request
prompt = sys.stdin.read() if len(sys.argv) < 2 else open(sys.argv[1]).read()
allowed, other = json.load(open("ports.json"))
found = {"prompt": "make right-one" in prompt, "key": os.environ.get("AGENT_KEY", ""), "runs": 1}
def attempt(name, act):
    try:
        found[name] = act()
    except Exception as error:
        found[name] = type(error).__name__ + ": " + str(error)
def plain(port):
    return urllib.request.urlopen(f"http://127.0.0.1:{port}/plain", timeout=20).read().decode()
def tunnel(port):
    proxy = os.environ["HTTPS_PROXY"].removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(proxy[0], int(proxy[1]), timeout=20)
    connection.set_tunnel("127.0.0.1", port)
    connection.request("GET", "/tunnel")
    return connection.getresponse().read().decode()
def direct(address):
    socket.create_connection(address, timeout=5).close()
    return "reached"
attempt("plain allowed", lambda: plain(allowed))
attempt("plain other", lambda: plain(other))
attempt("tunnel allowed", lambda: tunnel(allowed))
attempt("tunnel other", lambda: tunnel(other))
attempt("direct allowed", lambda: direct(("127.0.0.1", allowed)))
attempt("direct other", lambda: direct(("127.0.0.1", other)))
attempt("direct outside", lambda: direct(("192.0.2.1", 80)))
attempt("interfaces", lambda: sorted(name for _, name in socket.if_nameindex()))
attempt("git", lambda: open(".git").read())
print("my key is", found["key"], flush=True)
found["key"] = bool(found["key"])
if os.path.exists("fail") or (os.path.exists("hang") and not os.path.exists("/home/job/hung")):
    open("half-made", "w").write("x")
    if os.path.exists("fail"):
        sys.exit(3)
    open("/home/job/hung", "w").write("x")
    time.sleep(600)
wrong = not os.path.exists("/home/job/was-here")
open("/home/job/was-here", "w").write("x")
os.makedirs("src", exist_ok=True)
open("src/one.py", "w").write("x = 2\\n" if wrong else "x = 3\\n")
open("wrong-one" if wrong else "right-one", "w").write("x\\n")
json.dump(found, open("found.json", "w"))
"""


class Host:
    def __init__(self, name):
        outer = self
        self.paths = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.paths.append(self.path)
                text = name.encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def world_with(folder, allowed, other, by_file=False, more="", files=()):
    argv = '[python3, agent.py, "{prompt_file}"]' if by_file else "[python3, agent.py]"
    world = World(folder, f"agents:\n  own:\n    argv: {argv}\n    prompt: {'file' if by_file else 'input'}\n    secrets: {{AGENT_KEY: AGENT_SECRET}}\n"
                          f"    hosts: [\"127.0.0.1:{allowed.port}\"]\n    timeout_seconds: 600\nagent: own\n{more}")
    write(f"{world.data}/secrets/AGENT_SECRET", KEY)
    os.chmod(f"{world.data}/secrets/AGENT_SECRET", 0o600)
    os.chmod(f"{world.data}/secrets", 0o700)
    repo = make_repository(f"{folder}/repo", contract("one"))
    write(f"{repo}/agent.py", AGENT)
    write(f"{repo}/ports.json", json.dumps([allowed.port, other.port]))
    for name in files:
        write(f"{repo}/{name}", "x\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "The agent")
    return world, repo


def gives_nothing_away(folder, repo, said):
    for needle in needles(KEY.encode()):
        check(needle not in said.encode(), "the key was said")
        for path, content in everything(folder, repo):
            check(needle not in content, f"the key stands in {path}")


def whole_job(folder, by_file=False):
    allowed, other = Host("allowed"), Host("other")
    try:
        world, repo = world_with(folder, allowed, other, by_file)
        done = world.expect(WAITS, "run", "-s", "one", "--author", "agent:own", "--task", "make right-one", repo=repo)
        job = world.show("one", repo)
        found = json.loads(read(f"{repo}/.factory/one/found.json"))
        check(found["prompt"] and found["key"], f"what came in: {found}")
        check(found["plain allowed"] == "allowed" and found["tunnel allowed"] == "allowed", f"its provider: {found}")
        check("403" in found["plain other"] and "403" in found["tunnel other"], f"another host: {found}")
        for door in ("direct allowed", "direct other", "direct outside"):
            check("reached" not in found[door] and "Error" in found[door], f"{door}: {found[door]}")
        check(found["interfaces"] == ["lo"], f"interfaces: {found['interfaces']}")
        check(not other.paths and set(allowed.paths) == {"/plain", "/tunnel"}, f"who was asked: {allowed.paths} {other.paths}")
        store = world.store()
        calls = store.rows("SELECT * FROM author_calls ORDER BY number")
        check([row["ending"] for row in calls][:2] == ["answered", "answered"] and calls[0]["input_tokens"] is None, "its runs are recorded")
        rows = store.rows("SELECT * FROM commands WHERE attempt=0 ORDER BY seq")
        check(rows and all(row["finished"] for row in rows) and "filtered-proxy" in rows[0]["layers"] and "no-network" in rows[0]["layers"], "its commands")
        log = b"".join(read(f"{world.data}/jobs/{job['id']}/{row['log_path']}") for row in rows)
        check(b"my key is [masked]" in log, f"its log: {log}")
        told = world.expect(OK, "log", "-s", "one", "--stage", "implement", "--attempt", "0", repo=repo).stdout
        check("my key is [masked]" in told and "--attempt 0" in world.expect(OK, "show", "-s", "one", "--detailed", repo=repo).stdout, f"it is not shown: {told}")
        check("my key" not in world.expect(OK, "log", "-s", "one", "--stage", "implement", repo=repo).stdout, "the stage's own log is another one")
        check(store.value("SELECT count(*) FROM attempts WHERE stage='unit-test' AND state='reverted'") == 1, "the wrong change")
        store.close()
        done2 = world.expect(OK, "approve", "-s", "one", "--accept-risk", "docs", "--comment", "fine", repo=repo)
        check(git(repo, "show", "main:src/one.py") == "x = 3\n", "main holds the change")
        gives_nothing_away(folder, repo, done.stdout + done.stderr + done2.stdout)
    finally:
        allowed.close()
        other.close()


def by_file(folder):
    whole_job(folder, by_file=True)


def fails(folder):
    allowed, other = Host("allowed"), Host("other")
    try:
        world, repo = world_with(folder, allowed, other, files=["fail"])
        done = world.factory("run", "-s", "one", "--author", "agent", "--task", "make right-one", repo=repo)
        job = world.show("one", repo)
        check(done.returncode not in (OK, WAITS) and job["state"] == "failed", f"exit {done.returncode}, {job['state']}")
        check("exit code 3" in job["note"] and f"127.0.0.1:{other.port}" in job["note"], job["note"])
        workspace = os.path.realpath(f"{repo}/.factory/one")
        check(not os.path.exists(f"{workspace}/half-made"), "what it left is not taken back")
        world.expect(USAGE, "new", "-s", "two", "--author", "agent:nobody", repo=repo)
    finally:
        allowed.close()
        other.close()


def killed(folder):
    allowed, other = Host("allowed"), Host("other")
    try:
        world, repo = world_with(folder, allowed, other, files=["hang"])
        first = subprocess.Popen([FACTORY, "run", "-s", "one", "--author", "agent", "--task", "make right-one"], cwd=repo, env=world.env,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + LIMIT
        hung = lambda: [name for root, _, names in os.walk(f"{world.data}/jobs") for name in names if name == "hung"]
        while not hung():
            check(time.monotonic() < end, "the agent was not started")
            time.sleep(0.05)
        first.send_signal(signal.SIGKILL)
        first.wait()
        world.expect(WAITS, "run", "-s", "one", repo=repo)
        workspace = os.path.realpath(f"{repo}/.factory/one")
        check(not os.path.exists(f"{workspace}/half-made"), "what the killed run left is still there")
        store = world.store()
        endings = [row["ending"] for row in store.rows("SELECT ending FROM author_calls ORDER BY number")]
        check(endings[:3] == ["interrupted", "answered", "answered"], f"runs: {endings}")
        check(store.value("SELECT count(*) FROM commands WHERE finished=0") == 0, "a command is left unfinished")
        store.close()
    finally:
        allowed.close()
        other.close()


def unsandboxed(folder):
    allowed, other = Host("allowed"), Host("other")
    try:
        world, repo = world_with(folder, allowed, other, more="sandbox: off\n")
        world.factory("run", "-s", "one", "--author", "agent", "--task", "make right-one", repo=repo)
        job = world.show("one", repo)
        check(job["state"] == "failed" and "sandbox is off" in job["note"], f"{job['state']}: {job['note']}")
        check(not allowed.paths, "it ran")
    finally:
        allowed.close()
        other.close()


if __name__ == "__main__":
    sys.exit(main({"whole_job": whole_job, "by_file": by_file, "fails": fails, "killed": killed, "unsandboxed": unsandboxed}, "agent"))
