# SPDX-License-Identifier: Apache-2.0
"""A virtual screen whose pixels are read from its memory: when a window shows what it will show in the end."""

import mmap
import os
import select
import shutil
import struct
import subprocess
import tempfile
import time

SIZE = (1280, 900)


class Screen:
    """`with Screen(folder) as screen`: an X server of our own; programs start in an empty home."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        self.home = tempfile.mkdtemp(prefix="screen-", dir=self.folder)
        told, tell = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(tell), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-fbdir", self.home, "-nolisten", "tcp",
                                        "-noreset"], pass_fds=[tell], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(tell)
        number = b""
        while not number.endswith(b"\n"):
            if not select.select([told], [], [], 30)[0] or not (part := os.read(told, 20)):
                raise RuntimeError("Xvfb does not start")
            number += part
        os.close(told)
        self.env = {"PATH": "/usr/bin:/bin:/usr/games", "HOME": self.home, "LC_ALL": "C.UTF-8", "DISPLAY": ":" + number.decode().strip(),
                    "QT_QPA_PLATFORM": "xcb", "NO_AT_BRIDGE": "1", "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.home}/none",
                    "XDG_RUNTIME_DIR": self.home, "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
        with open(f"{self.home}/Xvfb_screen0", "rb") as file:
            self.memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        head = struct.unpack(">20I", self.memory[:80])  # the header of an X window dump
        self.start, self.stride = head[0] + 12 * head[19], head[12]
        return self

    def __exit__(self, *_):
        self.memory.close()
        self.server.terminate()
        self.server.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def picture(self, area):
        """Every third row of an area (left, top, right, bottom)."""
        left, top, right, bottom = area
        return [self.memory[self.start + y * self.stride + left * 4:self.start + y * self.stride + right * 4] for y in range(top, bottom, 3)]

    def run(self, words, **more):
        return subprocess.Popen(words, env={**self.env, **more.pop("env", {})}, stdin=subprocess.DEVNULL, stdout=more.pop("stdout", subprocess.DEVNULL),
                                stderr=subprocess.DEVNULL, **more)

    def keys(self, *words):
        subprocess.run(["xdotool", *words], env=self.env, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def focus(self):
        """Gives the keyboard to the largest window that is shown: without a window manager nobody does."""
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "."], env=self.env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                               check=True).stdout.split()

        def size(window):
            said = subprocess.run(["xdotool", "getwindowgeometry", "--shell", window], env=self.env, stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout
            values = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
            return int(values.get("WIDTH", 0)) * int(values.get("HEIGHT", 0))
        if not found:
            raise RuntimeError("there is no window")
        self.keys("windowfocus", "--sync", max(found, key=size))

    def settled(self, area, begin, quiet=1.0, limit=60, like=0.9):
        """ms from `begin` until the area looks as it will in the end (nine of ten rows of pixels), once it was `quiet` seconds
        without a change."""
        seen = [(begin, self.picture(area))]
        while True:
            now, picture = time.perf_counter(), self.picture(area)
            if picture != seen[-1][1]:
                seen.append((now, picture))
                if len(seen) > 400:
                    del seen[1:200]  # a thing that moves all the time; its end counts
            elif len(seen) > 1 and now - seen[-1][0] > quiet:
                break
            if now - begin > limit:
                raise RuntimeError("the screen did not come to rest" if len(seen) > 1 else "nothing came to the screen")
            time.sleep(0.0005)
        last = seen[-1][1]
        done = seen[-1][0]
        for at, picture in reversed(seen[1:]):
            if sum(a == b for a, b in zip(picture, last)) < like * len(last):
                break
            done = at
        return (done - begin) * 1000

    def shows(self, words, area, **more):
        """ms from the start of a program until the area shows what it will show; the program is left running."""
        quiet = more.pop("quiet", 1.0)
        limit = more.pop("limit", 60)
        begin = time.perf_counter()
        process = self.run(words, **more)
        try:
            return self.settled(area, begin, quiet, limit), process
        except RuntimeError:
            end(process)
            raise


def end(process):
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def memory(process):
    """MB: what only this process has, and its share of everything."""
    with open(f"/proc/{process.pid}/smaps_rollup") as file:
        kb = {line.split(":")[0]: int(line.split()[1]) for line in file if line.rstrip().endswith("kB")}
    return (kb["Private_Dirty"] + kb["Private_Clean"]) / 1024, kb["Private_Dirty"] / 1024, kb["Pss"] / 1024


def wakeups(process):
    """How often its threads went to sleep so far."""
    count = 0
    for task in os.listdir(f"/proc/{process.pid}/task"):
        with open(f"/proc/{process.pid}/task/{task}/status") as file:
            count += sum(int(line.split()[1]) for line in file if line.startswith(("voluntary_ctxt", "nonvoluntary_ctxt")))
    return count
