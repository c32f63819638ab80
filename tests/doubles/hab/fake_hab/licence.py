# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The licence has to be accepted before anything runs."""

from __future__ import annotations

import getpass
import sys
import time
import typing as t
from pathlib import Path

from fake_hab.context import Context
from fake_hab.failure import Failure

_SKIP = {"--help", "-h", "--version", "-V"}
_NOT_ACCEPTED = "License agreement not accepted. We can't continue."
_QUESTION = "Do you accept the 1 product license?"


class Quit(Exception):
    """The user answered "quit": exit status 0, and nothing was done."""


def check(context: Context) -> None:
    if context.words[:1] == ["license"] or _SKIP & set(context.words):
        return
    choice = context.environment.get("HAB_LICENSE")
    if choice == "accept":
        _write(context)
    if choice in ("accept", "accept-no-persist"):
        return
    if choice == "deny":
        raise Failure(_NOT_ACCEPTED)
    if not any(path.is_file() for path in (_of_root(context), _of_user(context))):
        _prompt(context)


def accept(context: Context) -> None:
    if _own(context).is_file():
        context.ui.line("You have already accepted the license.")
        return
    context.ui.line("\nAccepting 1 product license...")
    _write(context)
    context.ui.line(f"{context.ui.glyph('✓')}  1 product license accepted.\n")


def _of_root(context: Context) -> Path:
    return context.hab / "accepted-licenses" / "habitat"


def _of_user(context: Context) -> Path:
    return Path(context.environment.get("HOME", "/")) / ".hab" / "accepted-licenses" / "habitat"


def _own(context: Context) -> Path:
    return _of_root(context) if context.is_root else _of_user(context)


def _write(context: Context) -> None:
    path = _own(context)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        f"date_accepted: {time.strftime('%Y-%m-%dT%H:%M:%S')}.{time.time_ns() % 10**9:09d}Z",
        "accepting_product: hab",
        f"accepting_product_version: {context.release}",
        f"user: {getpass.getuser()}",
        "file_format: '1.0'",
    ]
    path.write_text("\n".join(["---", *lines, ""]), encoding="utf-8")


def _prompt(context: Context) -> None:
    """Ask twice; an open standard input is waited for, so a caller that leaves it open hangs."""
    context.ui.line("+---------------------------------------------+\n            Chef License Acceptance\n")
    context.ui.line("Before you can continue, 1 product license must be accepted.")
    context.ui.line("View the license at https://www.chef.io/end-user-license-agreement\n")
    context.ui.line("License that needs accepting:\n\n  * Habitat\n")
    answers = _answers()
    for attempt in (1, 2):
        context.ui.raw(f"{_QUESTION} [yes/No/quit] ")
        answer = next(answers)
        if answer in ("q", "quit"):
            raise Quit
        if answer in ("y", "yes"):
            accept(context)
            return
        if attempt == 1:
            context.ui.line("\nIf you do not accept this license you will not be able to use Chef products.\n")
    context.ui.line("\n+---------------------------------------------+")
    raise Failure(_NOT_ACCEPTED)


def _answers() -> t.Iterator[str]:
    """Lower-case answers; nonsense is asked again by taking the next line, the end of the input is a no."""
    while True:
        line = sys.stdin.readline()
        answer = line.strip().lower()
        if not line or answer in ("", "y", "yes", "n", "no", "q", "quit"):
            yield answer
