# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""What was given on the command line or in the environment, or came from a default."""

from __future__ import annotations

import dataclasses

from fake_hab.grammar import Arg, Command

LINE, ENVIRONMENT, DEFAULT = "line", "environment", "default"


@dataclasses.dataclass
class _Match:
    values: list[str]
    source: str  # line, environment or default


class Matches:
    def __init__(self, command: Command) -> None:
        self._found: dict[str, _Match] = {}
        self._groups = command.groups

    def add(self, arg: Arg, values: list[str], source: str) -> None:
        match = self._found.setdefault(arg.id, _Match([], source))
        match.values.extend(values)

    def has(self, name: str) -> bool:
        return name in self._found

    def values(self, name: str) -> list[str]:
        match = self._found.get(name)
        return list(match.values) if match else []

    def explicit(self) -> list[str]:
        return [name for name, match in self._found.items() if match.source != DEFAULT]

    def is_explicit(self, name: str) -> bool:
        """Whether an argument, or a member of a group, was given by the user."""
        members = next((group.members for group in self._groups if group.id == name), (name,))
        return any(member in self._found and self._found[member].source != DEFAULT for member in members)

    def is_on_line(self, name: str) -> bool:
        return name in self._found and self._found[name].source == LINE
