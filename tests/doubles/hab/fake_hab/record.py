# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Every run leaves one line in the log, for tests to read; values of variables only as digests."""

from __future__ import annotations

import hashlib
import json
import os
import time
import typing as t
from pathlib import Path

from fake_hab.context import Context


class Record:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._started = time.time()

    def write(self, code: int) -> None:
        path = self._context.setting("LOG")
        if path:
            append(Path(path), {**self._entry(), "exit": code})

    def _entry(self) -> dict[str, t.Any]:
        environment = self._context.environment
        variables = {name: value for name, value in environment.items() if name.startswith("HAB")}
        return {
            "argv": self._context.words,
            "cwd": os.getcwd(),
            "environment": {
                name: digest(value) for name, value in sorted(variables.items()) if not name.startswith("HAB_STUB_")
            },
            "stdin": self._context.stdin_hash,
            "uid": os.getuid(),
            "started": self._started,
            "ended": time.time(),
        }


def digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest()


def append(path: Path, entry: dict[str, t.Any]) -> None:
    line = json.dumps(entry) + "\n"
    with path.open("a", encoding="utf-8") as log:
        log.write(line)
