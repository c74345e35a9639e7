#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads the #include lines of the tree and names every arrow that runs the wrong way.

    rules.py ROOT

The arrows, from docs/architecture.md:

    pages, dialogs -> widgets -> models -> (the engine's OperatorDesk, the store's read side) -> domain -> base
    engine, stages -> domain
    every adapter  -> domain, never another adapter
    app            -> anything

Prints one "file:line: what" for each breach and exits 1 if there is any.
"""

import re
import sys
from pathlib import Path

ADAPTERS = "store git process toolchain security forge authors policy delivery discovery api".split()

# What a room may include besides itself. An entry that ends in .h is a pattern for single headers of a room.
DOMAIN = ["core/base", "core/domain"]
READ_SIDE = [
    *["core/engine/operatordesk.h", "core/engine/mirror.h", "core/engine/jobfolder.h", "core/engine/planview.h"],
    *["core/store/read*.h", "core/store/*reader.h"],
]
MODELS = DOMAIN + READ_SIDE
LOG_FILES = ["core/process/logformat.h", "core/process/logindex.h"]  # a log's own format
ALLOWED = {
    "core/base": [],
    "core/domain": ["core/base"],
    "core/http": ["core/base"],
    "core/engine": DOMAIN,
    "core/stages": DOMAIN,
    **{f"core/{name}": DOMAIN for name in ADAPTERS},
    "core/authors": [*DOMAIN, "core/http"],
    "core/forge": [*DOMAIN, "core/http"],
    "ui/models": MODELS,
    "ui/widgets": MODELS + LOG_FILES + ["ui/models"],
    "ui/dialogs": MODELS + ["ui/models", "ui/widgets"],
    "ui/pages": MODELS + ["ui/models", "ui/widgets", "ui/dialogs"],
}

# Libraries that belong to one room: what is included -> where it may be.
LIBRARIES = [
    (re.compile(r"^git2(\.h$|/)"), "libgit2", ["core/git"]),
    (re.compile(r"^seccomp\.h$"), "libseccomp", ["core/process"]),
    (re.compile(r"^hs(/|\.h$|_)"), "Vectorscan", ["core/security"]),
    (re.compile(r"^yaml-cpp/"), "yaml-cpp", ["core/base"]),
    (re.compile(r"^(QtSql/|QSql|sqlite3\.h$)"), "SQL", ["core/store", "ui/models"]),
    (
        re.compile(r"^(QtWidgets/|QtGui/|QWidget$|QApplication$|QGuiApplication$|QDialog$|QMainWindow$|QPainter$)"),
        "windows",
        ["ui", "app/openfactory"],
    ),
    (
        re.compile(r"^(QtWidgets/|QWidget$|QDialog$|QMainWindow$)"),
        "QWidget",
        ["ui/widgets", "ui/pages", "ui/dialogs", "app/openfactory"],
    ),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
GENERATED = re.compile(r"(^|/)(moc_[^/]*\.cpp|[^/]*\.moc|ui_[^/]*\.h|qrc_[^/]*\.cpp|[^/]*version\.h)$")
# Types and functions of libgit2. git_* in strings, comments and our own longer names do not count.
GIT_NAME = re.compile(r"(?<![\w.:>])git_[a-z]\w*")
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)

SPDX = "SPDX-License-Identifier: Apache-2.0"
SPDX_SUFFIXES = {".cpp", ".h", ".cmake", ".py", ".sh", ".bash", ".sql", ".yaml", ".yml", ".scd", ".md"}
SPDX_FOLDERS = ["app", "core", "ui", "cmake", "resources", "tests", "packaging", "docs"]
# Test data is what other programs write: golden files, scratch repositories, corpora.
SPDX_EXEMPT = re.compile(r"(^|/)(data|golden|corpus|fixtures)/")


def room_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else parts[0]


def may_include(room, header):
    if room.startswith("app/") or room_of(header) == room:
        return True
    for entry in ALLOWED[room]:
        if entry.endswith(".h"):
            if Path(header).match(entry) and room_of(header) == room_of(entry):
                return True
        elif room_of(header) == entry:
            return True
    return False


def check_include(room, bracket, header):
    ours = header.split("/")[0] in ("core", "ui", "app", "tests") and "/" in header
    if ours:
        if ".." in header.split("/"):
            return f'write "{header}" from the root, without ".."'
        if header.startswith("tests/"):
            return f"{room} includes test code: {header}"
        if not may_include(room, header):
            return f"{room} may not include {header}"
        return None
    if bracket == '"' and not GENERATED.search(header):
        return f'write "{header}" from the root, as "core/..." or "ui/..."; a library goes in <>'
    for pattern, library, rooms in LIBRARIES:
        at_home = any(room == home or room.startswith(home + "/") for home in rooms)
        if pattern.search(header) and not at_home and not (library == "SQL" and room.startswith("app/")):
            return f"{library} (<{header}>) belongs to {', '.join(rooms)} alone"
    return None


def blank(match):
    return "\n" * match.group(0).count("\n")


def check_source(root, file):
    path = file.relative_to(root).as_posix()
    room = room_of(path)
    text = file.read_text(encoding="utf-8", errors="replace")
    if not room.startswith("app/") and room not in ALLOWED:
        yield f"{path}:1: {room} is no room of the design; add it to tests/architecture/rules.py with its arrows"
        return
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        problem = match and check_include(room, *match.groups())
        if problem:
            yield f"{path}:{number}: {problem}"
    if path.endswith(".h") and room != "core/git":
        for number, line in enumerate(COMMENT_OR_STRING.sub(blank, text).splitlines(), 1):
            match = GIT_NAME.search(line)
            if match:
                yield f"{path}:{number}: {match.group(0)} of libgit2 in a header"


def includes_of(file):
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return [(number, *match.groups()) for number, line in enumerate(lines, 1) if (match := INCLUDE.match(line))]


def check_git_stays_home(root, files):
    """Headers of core/git may show libgit2 to the room itself; those that others see, directly or through one another,
    may not."""
    waiting = [
        header
        for file in files
        if room_of(file.relative_to(root).as_posix()) != "core/git"
        for _, _, header in includes_of(file)
        if room_of(header) == "core/git"
    ]
    seen = set()
    while waiting:
        path = waiting.pop()
        file = root / path
        if path in seen or not file.is_file():
            continue
        seen.add(path)
        for number, _, header in includes_of(file):
            if header.startswith("git2"):
                yield f"{path}:{number}: <{header}> in a header that other rooms see"
            elif room_of(header) == "core/git":
                waiting.append(header)
        text = COMMENT_OR_STRING.sub(blank, file.read_text(encoding="utf-8", errors="replace"))
        for number, line in enumerate(text.splitlines(), 1):
            if match := GIT_NAME.search(line):
                yield f"{path}:{number}: {match.group(0)} of libgit2 in a header that other rooms see"


def check_licence(root, file):
    with file.open(encoding="utf-8", errors="replace") as stream:
        head = "".join(line for _, line in zip(range(5), stream))
    if SPDX not in head:
        yield f"{file.relative_to(root).as_posix()}:1: no line \"{SPDX}\" near the top"


def files_below(root, folders):
    for folder in folders:
        for file in sorted((root / folder).rglob("*")):
            if file.is_file() and not file.is_symlink() and "__pycache__" not in file.parts:
                yield file


def breaches(root):
    sources = [file for file in files_below(root, ["core", "ui", "app"]) if file.suffix in (".cpp", ".h")]
    for file in sources:
        yield from check_source(root, file)
    yield from check_git_stays_home(root, sources)
    for file in [*files_below(root, SPDX_FOLDERS), root / "CMakeLists.txt"]:
        wanted = file.suffix in SPDX_SUFFIXES or file.name == "CMakeLists.txt"
        if wanted and not SPDX_EXEMPT.search(file.relative_to(root).as_posix()):
            yield from check_licence(root, file)


def main():
    root = Path(sys.argv[1]).resolve()
    sources = sum(1 for file in files_below(root, ["core", "ui", "app"]) if file.suffix in (".cpp", ".h"))
    found = list(breaches(root))
    print(*found, sep="\n")
    print(f"{sources} sources read, {len(found)} breaches")
    return 1 if found or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
