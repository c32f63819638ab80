# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""How reading a command line ends when there is nothing to run."""

from __future__ import annotations

from fake_hab.grammar import Command


class Refusal(Exception):
    """A usage error; `kind` is the name that clap has for it."""

    def __init__(self, kind: str, message: str, command: Command) -> None:
        super().__init__(message)
        self.kind = kind
        self.command = command


class ShowHelp(Exception):
    def __init__(self, command: Command) -> None:
        super().__init__("help")
        self.command = command


class ShowVersion(Exception):
    def __init__(self, command: Command) -> None:
        super().__init__("version")
        self.command = command


HELP_BECAUSE_EMPTY = "DisplayHelpOnMissingArgumentOrSubcommand"
