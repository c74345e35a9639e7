#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each rule of rules.py is broken once in a small tree made for it, and has to be caught there."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import rules

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"


def found(files, licence=LICENCE):
    """What rules.py says about a tree of {path: text}."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "CMakeLists.txt").write_text("# SPDX-License-Identifier: Apache-2.0\n")
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(licence + text)
        return list(rules.breaches(root))


ALLOWED = [
    ("core/domain/job.h", '#include "core/base/error.h"'),
    ("core/engine/scheduler.cpp", '#include "core/domain/job.h"'),
    ("core/engine/scheduler.cpp", '#include "core/engine/scheduler.h"\n#include "scheduler.moc"'),
    ("core/stages/lint.cpp", '#include "core/base/text.h"'),
    ("core/git/repository.cpp", '#include <git2.h>\n#include "core/git/handles.h"\ngit_repository *r;'),
    ("core/git/handles.h", "#include <git2.h>\nusing Handle = std::unique_ptr<git_tree>;"),
    ("core/git/repository.h", "/// wraps git_repository_open\nQString m_git_name;"),
    ("core/store/database.cpp", "#include <QSqlDatabase>"),
    ("app/wiring/factory.cpp", '#include "core/git/repository.h"\n#include "core/store/database.h"'),
    ("ui/models/jobs.cpp", '#include "core/engine/operatordesk.h"\n#include "core/store/readmodel.h"\n#include <QSqlQuery>'),
    ("ui/widgets/logreader.h", '#include "core/process/logindex.h"'),
    ("ui/pages/jobspage.cpp", '#include "ui/widgets/logview.h"\n#include <QWidget>'),
]

REFUSED = [
    ("base knows domain", "core/base/error.h", '#include "core/domain/job.h"'),
    ("domain knows an adapter", "core/domain/job.h", '#include "core/store/database.h"'),
    ("engine knows an adapter", "core/engine/jobrun.cpp", '#include "core/git/workspace.h"'),
    ("engine knows stages", "core/engine/jobrun.cpp", '#include "core/stages/lint.h"'),
    ("a stage knows the engine", "core/stages/lint.cpp", '#include "core/engine/jobrun.h"'),
    ("an adapter knows another", "core/git/push.cpp", '#include "core/process/sandbox.h"'),
    ("an adapter knows the engine", "core/store/rows.cpp", '#include "core/engine/scheduler.h"'),
    ("core knows the console", "core/engine/jobrun.cpp", '#include "ui/models/jobs.h"'),
    ("core knows the app", "core/domain/job.cpp", '#include "app/wiring/wiring.h"'),
    ("models know widgets", "ui/models/jobs.cpp", '#include "ui/widgets/logview.h"'),
    ("models know the scheduler", "ui/models/jobs.cpp", '#include "core/engine/scheduler.h"'),
    ("models write to the store", "ui/models/jobs.cpp", '#include "core/store/writer.h"'),
    ("models know QWidget", "ui/models/jobs.h", "#include <QWidget>"),
    ("widgets know processes", "ui/widgets/logview.cpp", '#include "core/process/spawn.h"'),
    ("widgets know pages", "ui/widgets/logview.cpp", '#include "ui/pages/jobspage.h"'),
    ("dialogs know pages", "ui/dialogs/approve.cpp", '#include "ui/pages/jobspage.h"'),
    ("the program includes tests", "core/base/clock.cpp", '#include "tests/testlib/manualclock.h"'),
    ("not written from the root", "core/base/clock.cpp", '#include "clock.h"'),
    ("written with ..", "core/git/push.cpp", '#include "core/git/../process/sandbox.h"'),
    ("spaces in the line", "core/git/push.cpp", '  #  include   "core/process/sandbox.h"'),
    ("libgit2 outside git", "core/store/rows.cpp", "#include <git2.h>"),
    ("a git_ type in a header elsewhere", "core/domain/git.h", "using Id = git_oid;"),
    ("SQL in the engine", "core/engine/jobrun.cpp", "#include <QSqlQuery>"),
    ("windows in core", "core/engine/jobrun.cpp", "#include <QtWidgets/QLabel>"),
    ("a room nobody planned", "core/misc/thing.h", "int x;"),
]


class Rules(unittest.TestCase):
    def test_lets_every_planned_arrow_pass(self):
        for path, text in ALLOWED:
            with self.subTest(path=path, text=text):
                self.assertEqual(found({path: text + "\n"}), [])

    def test_catches_every_breach_once_with_its_line(self):
        for name, path, text in REFUSED:
            with self.subTest(name):
                breaches = found({path: "\n" + text + "\n"})
                self.assertEqual(len(breaches), 1, breaches)
                expected_line = 1 if "nobody planned" in name else 3
                self.assertTrue(breaches[0].startswith(f"{path}:{expected_line}: "), breaches)

    def test_catches_libgit2_in_headers_that_others_see(self):
        shown = {
            "app/wiring/w.cpp": '#include "core/git/workspaces.h"\n',
            "core/git/workspaces.h": '#include "core/git/handles.h"\n',
        }
        self.assertEqual(found({**shown, "core/git/handles.h": "struct X; // git_tree\n"}), [])
        for text in ("#include <git2/tree.h>", "struct X { git_tree *m_tree; };"):
            with self.subTest(text):
                breaches = found({**shown, "core/git/handles.h": text + "\n"})
                self.assertEqual(len(breaches), 1, breaches)
                self.assertTrue(breaches[0].startswith("core/git/handles.h:2: "), breaches)

    def test_catches_a_file_without_licence_line(self):
        for path in ("core/base/x.h", "resources/pipelines/x.yaml", "tests/base/CMakeLists.txt", "packaging/x.bash"):
            with self.subTest(path):
                self.assertEqual(len(found({path: "x\n"}, licence="")), 1)
        self.assertEqual(found({"tests/toolchain/data/report.yaml": "x\n"}, licence=""), [])


if __name__ == "__main__":
    unittest.main()
