# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""What has to hold for the arguments of a command together: conflicts and what is required."""

from __future__ import annotations

from fake_hab.grammar import Arg, Command
from fake_hab.matches import Matches
from fake_hab.refusal import HELP_BECAUSE_EMPTY, Refusal


def validate(command: Command, matches: Matches) -> None:
    if command.needs_words and not matches.explicit():
        raise Refusal(HELP_BECAUSE_EMPTY, "", command)
    if command.needs_subcommand:
        raise Refusal("MissingSubcommand", "a subcommand is required but one was not provided", command)
    for name in matches.explicit():
        other = _conflict(command, matches, name)
        if other is not None:
            message = f"the argument '{command.by_id(name)}' cannot be used with '{command.by_id(other)}'"
            raise Refusal("ArgumentConflict", message, command)
    missing = _missing(command, matches)
    if missing:
        names = "\n  ".join(missing)
        raise Refusal(
            "MissingRequiredArgument", f"the following required arguments were not provided:\n  {names}", command
        )


def _direct_conflicts(command: Command, name: str) -> set[str]:
    arg = command.by_id(name)
    found = set(arg.conflicts) if arg else set()
    for group in command.groups:
        if group.exclusive and name in group.members:
            found |= set(group.members) - {name}
    return found


def _conflict(command: Command, matches: Matches, name: str) -> str | None:
    """An argument that was given and excludes the named one, or is excluded by it."""
    own = _direct_conflicts(command, name)
    for other in matches.explicit():
        if other != name and (other in own or name in _direct_conflicts(command, other)):
            return other
    return None


def _missing(command: Command, matches: Matches) -> list[str]:
    wanted = [arg.id for arg in command.args if arg.required and not arg.required_unless]
    wanted += [group.id for group in command.groups if group.required]
    wanted += [name for given in matches.explicit() for name in _required_by(command, given)]
    names = [name for name in dict.fromkeys(wanted) if not matches.is_explicit(name)]
    names += [arg.id for arg in command.args if not matches.is_explicit(arg.id) and _has_condition(arg, matches)]
    return [str(command.by_id(name) or f"<{name}>") for name in names]


def _has_condition(arg: Arg, matches: Matches) -> bool:
    if arg.required_unless and not matches.is_explicit(arg.required_unless):
        return True
    return any(
        matches.is_explicit(other) and set(values) & set(matches.values(other))
        for other, values in arg.required_if.items()
    )


def _required_by(command: Command, name: str) -> list[str]:
    """All that an argument asks for, also through what it asks for."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        arg = command.by_id(waiting.pop())
        new = [other for other in (arg.requires if arg else ()) if other not in found]
        found += new
        waiting += new
    return found
