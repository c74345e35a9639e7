# SPDX-License-Identifier: Apache-2.0
"""A job whose author is a real coding agent (opencode, from npm) with a model's server on loopback that streams, is slow and
fails now and then: the agent works in the sandbox, reaches that server and nobody else, and its changes are judged."""

import http.server
import json
import os
import sys
import threading
import time

from redaction import everything, needles
from world import OK, WAITS, World, check, git, main, make_repository, read, write

AGENT = os.environ["OPENFACTORY_AGENT"]
KEY = "sk-canary-8Hk3Vn5Xs1Rw7Qe2"
# What the model has the agent run: every way out but its own.
PROBE = """import json, os, socket, sys, urllib.request
found = {}
def attempt(name, act):
    try:
        found[name] = act()
    except Exception as error:
        found[name] = type(error).__name__ + ": " + str(error)
def direct(address):
    socket.create_connection(address, timeout=5).close()
    return "reached"
port = int(sys.argv[1])
attempt("other by proxy", lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20).read().decode())
attempt("other direct", lambda: direct(("127.0.0.1", port)))
attempt("outside direct", lambda: direct(("192.0.2.1", 443)))
attempt("interfaces", lambda: sorted(name for _, name in socket.if_nameindex()))
json.dump(found, open("found.json", "w"))
"""


CONTRACT = """contract:
  pipeline:
    - {name: implement, command: "test -f README"}
    - {name: unit-test, command: "test -f right-one"}
    - name: deploy
"""


class Model:
    """Chat completions, streamed. It has a plan: a wrong change first, a right one for whoever shows it the failure."""

    def __init__(self, other):
        self.prompts = []  # the person's words of each conversation, each once
        self.keys = set()
        self.asked = 0
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked += 1
                outer.keys.add(self.headers.get("Authorization"))
                if outer.asked == 2:  # broken once: the agent tries again
                    text = b'{"error": {"message": "overloaded", "type": "server_error"}}'
                    self.send_response(503)
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True
                message, finish = outer.answer(body, other)
                usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
                for choices in ([{"index": 0, "delta": message, "finish_reason": None}], [{"index": 0, "delta": {}, "finish_reason": finish}], []):
                    chunk = {"id": "one", "object": "chat.completion.chunk", "created": 1, "model": body["model"], "choices": choices}
                    self.wfile.write(b"data: " + json.dumps(chunk if choices else {**chunk, "usage": usage}).encode() + b"\n\n")
                    self.wfile.flush()
                    time.sleep(0.3)  # as slow as one may be
                self.wfile.write(b"data: [DONE]\n\n")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, body, other):
        said = {"role": "assistant", "content": "It is done."}
        if not body.get("tools"):
            return said, "stop"  # a title for the conversation
        words = json.dumps([message["content"] for message in body["messages"] if message["role"] == "user"])
        if words not in self.prompts:
            self.prompts.append(words)
        done = sum(message["role"] == "tool" for message in body["messages"])
        name = "right-one" if "test -f right-one: exit 1" in words else "wrong-one"
        plan = [("bash", {"command": f"python3 probe.py {other}", "description": "Look around"}), ("write", {"filePath": name, "content": "x\n"}),
                ("write", {"filePath": "src/one.py", "content": "x = 3\n"})]
        if done >= len(plan):
            return said, "stop"
        tool, words = plan[done]
        call = {"index": 0, "id": f"call_{done}", "type": "function", "function": {"name": tool, "arguments": json.dumps(words)}}
        return {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def works_in_the_sandbox(folder):
    reached = []

    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            reached.append(self.path)
            self.send_response(200)
            self.end_headers()

    other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    model = Model(other.server_port)
    try:
        config = {"model": "local/tiny", "small_model": "local/tiny", "autoupdate": False, "share": "disabled",
                  "provider": {"local": {"npm": "@ai-sdk/openai-compatible", "models": {"tiny": {}},
                                         "options": {"baseURL": f"http://127.0.0.1:{model.port}/v1", "apiKey": "{env:LOCAL_KEY}"}}}}
        world = World(folder, f"""agents:
  opencode:
    preset: opencode
    program: {AGENT}
    folders: [{os.path.dirname(os.path.dirname(AGENT))}]
    model: local/tiny
    environment: {{OPENCODE_CONFIG_CONTENT: {json.dumps(json.dumps(config))}}}
    secrets: {{LOCAL_KEY: AGENT_SECRET}}
    hosts: ["127.0.0.1:{model.port}"]
agent: opencode
""")
        write(f"{world.data}/secrets/AGENT_SECRET", KEY)
        os.chmod(f"{world.data}/secrets/AGENT_SECRET", 0o600)
        os.chmod(f"{world.data}/secrets", 0o700)
        repo = make_repository(f"{folder}/repo", CONTRACT)
        write(f"{repo}/probe.py", PROBE)
        git(repo, "add", "-A")
        git(repo, "commit", "-qm", "The probe")
        done = world.expect(WAITS, "run", "-s", "one", "--author", "agent", "--task", "make right-one", repo=repo)
        found = json.loads(read(f"{repo}/.factory/one/found.json"))
        check("403" in found["other by proxy"] and "Error" in found["other direct"] and "Error" in found["outside direct"], f"ways out: {found}")
        check(found["interfaces"] == ["lo"] and not reached, f"{found} {reached}")
        check(model.keys == {f"Bearer {KEY}"}, f"{len(model.keys)} keys")
        check(len(model.prompts) == 2 and "make right-one" in model.prompts[0], f"what it was asked: {model.prompts}")
        store = world.store()
        calls = store.rows("SELECT * FROM author_calls ORDER BY number")
        check([row["ending"] for row in calls] == ["answered", "answered"], f"runs: {[row['ending'] for row in calls]}")
        check(store.value("SELECT count(*) FROM attempts WHERE stage='unit-test' AND state='reverted'") == 1, "the wrong change was not taken back")
        rows = store.rows("SELECT * FROM commands WHERE attempt=0 ORDER BY seq")
        check(len(rows) == 2 and all(row["finished"] and "filtered-proxy" in row["layers"] for row in rows), "its commands")
        job = world.show("one", repo)
        log = b"".join(read(f"{world.data}/jobs/{job['id']}/{row['log_path']}") for row in rows)
        check(b'"tool":"write"' in log, "its events are not in its log")
        store.close()
        world.expect(OK, "approve", "-s", "one", "--comment", "fine", repo=repo)
        check(git(repo, "show", "main:src/one.py") == "x = 3\n", "main does not hold the change")
        for needle in needles(KEY.encode()):
            check(needle not in (done.stdout + done.stderr).encode(), "the key was said")
            for path, content in everything(folder, repo):
                check(needle not in content, f"the key stands in {path}")
        print(f"     {model.asked} requests to the model's server", flush=True)
    finally:
        model.close()
        other.shutdown()
        other.server_close()


if __name__ == "__main__":
    sys.exit(main({"works_in_the_sandbox": works_in_the_sandbox}, "npmagent"))
