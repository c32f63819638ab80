# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Faults on demand: HAB_STUB_SLEEP, HAB_STUB_FAIL and HAB_STUB_PANIC."""

from __future__ import annotations

import time

from fake_hab.context import Context
from fake_hab.failure import Failure, Panic


def apply(context: Context, path: str) -> None:
    """SLEEP is `[COMMAND:]SECONDS`, FAIL is `COMMAND:CODE:TEXT`, PANIC is `COMMAND` or 1; one on each line."""
    for line in context.setting("SLEEP").splitlines():
        command, colon, seconds = line.rpartition(":")
        if not colon or command == path:
            time.sleep(float(seconds))
    if {path, "1"} & set(context.setting("PANIC").splitlines()):
        raise Panic("a fault that was asked for")
    for line in context.setting("FAIL").splitlines():
        command, code, text = line.split(":", 2)
        if command == path:
            raise Failure(text, int(code))
