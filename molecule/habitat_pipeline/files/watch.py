# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes the arguments of every process that it sees, each once: watch.py FILE"""

from __future__ import annotations

import sys
import time
from pathlib import Path


def main(target: Path) -> None:
    seen: set[bytes] = set()
    with target.open("ab", buffering=0) as notes:
        while True:
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    line = path.read_bytes().replace(b"\0", b" ").replace(b"\n", b" ")
                except OSError:
                    continue
                if line not in seen:
                    seen.add(line)
                    notes.write(line + b"\n")
            time.sleep(0.005)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
