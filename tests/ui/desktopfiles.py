# SPDX-License-Identifier: Apache-2.0
"""The desktop's own validators on what the console brings along."""

import os
import subprocess
import sys

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../resources/desktop")


def main():
    failed = 0
    for words in (["desktop-file-validate", f"{FOLDER}/org.openfactory.console.desktop"],
                  ["appstreamcli", "validate", "--no-net", "--override=url-homepage-missing=info", f"{FOLDER}/org.openfactory.console.metainfo.xml"]):
        done = subprocess.run(words, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        print(" ".join(words), done.returncode, done.stdout, done.stderr)
        failed += done.returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
