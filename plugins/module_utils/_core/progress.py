# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import os
import typing as t

VARIABLE = "CONTAINERCI_AWS_PROGRESS"

Outcome = str  # one of: running, ok, failed, note, and detail, which is only shown with -v

Report = t.Callable[[str, Outcome], None]


def silent(text: str, outcome: Outcome = "running") -> None:
    """Show nothing."""


class ProgressFile:
    """Appends one line per event to the file that the action plugin follows."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __call__(self, text: str, outcome: Outcome = "running") -> None:
        line = json.dumps({"text": text, "outcome": outcome})
        try:
            with open(self._path, "a", encoding="utf-8") as stream:
                stream.write(f"{line}\n")
        except OSError:
            # Progress is a courtesy: a full disk or another user's file must not fail the task.
            return


def from_environment(environ: t.Mapping[str, str] | None = None) -> Report:
    """The writer that the environment asks for."""
    path = (os.environ if environ is None else environ).get(VARIABLE)
    return ProgressFile(path) if path else silent


def parse(line: str) -> tuple[str, Outcome] | None:
    """What a line of the file says; nothing for a line that is not ours."""
    try:
        entry = json.loads(line)
        return str(entry["text"]), str(entry["outcome"])
    except (ValueError, KeyError, TypeError):
        return None
