# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""How a command fails while it runs."""

from __future__ import annotations


class Failure(Exception):
    """An error of the command: the message in a block on stderr, and an exit status."""

    def __init__(self, message: str, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


class Panic(Exception):
    """The real tool would crash here (exit status 101)."""
