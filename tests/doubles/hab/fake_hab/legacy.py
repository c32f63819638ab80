# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The command line of Habitat 1.6, where it differs: aliases, a few more options, lists in one value."""

from __future__ import annotations

import copy
import typing as t

RELEASE = "1.6.1244/20250612081722"

# The words that an alias stands for.
ALIASES: dict[tuple[str, ...], tuple[str, ...]] = {
    ("install",): ("pkg", "install"),
    ("start",): ("svc", "start"),
    ("stop",): ("svc", "stop"),
    ("term",): ("sup", "term"),
    ("setup",): ("cli", "setup"),
    ("run",): ("sup", "run"),
    ("apply",): ("config", "apply"),
    ("sup", "status"): ("svc", "status"),
}

_GONE = ("svc bulkload", "origin secret", "bldr job")
_STRING = {"takes_value": True, "type": "string", "required": False, "multiple": False, "values_per_occurrence": [1, 1]}
_SWITCH = {"takes_value": False, "type": "bool", "required": False, "multiple": False, "values_per_occurrence": [0, 0]}


def expand(words: t.Sequence[str]) -> list[str]:
    """The words with an alias replaced."""
    for alias, meaning in ALIASES.items():
        if tuple(words[: len(alias)]) == alias:
            return [*meaning, *words[len(alias) :]]
    return list(words)


def tree(modern: dict[str, t.Any]) -> dict[str, t.Any]:
    """The command tree of 1.6, made from the present one."""
    old = copy.deepcopy(modern)
    commands = old["commands"]
    _option(commands, "pkg build", "--keys").update(type="string")
    _option(commands, "pkg uninstall", "--exclude").update(values_per_occurrence=[1, None])
    commands["pkg upload"]["flags"].append({"id": "NO_BUILD", "long": "--no-build", **_SWITCH})
    _option(commands, "pkg sign", "--origin").update(short="-o")
    commands["pkg export docker"] = commands["pkg export container"]
    commands["pkg export"]["subcommands"].insert(0, "docker")
    for path in _GONE:
        _add_leaf(commands, path)
    return old


def _option(commands: dict[str, t.Any], path: str, long: str) -> dict[str, t.Any]:
    return next(flag for flag in commands[path]["flags"] if flag["long"] == long)


def _add_leaf(commands: dict[str, t.Any], path: str) -> None:
    words = {"id": "args", "index": 1, **_STRING, "multiple": True, "values_per_occurrence": [1, None]}
    words.update({"allow_hyphen_values": True, "trailing_var_arg": True})
    commands[path] = {**commands["license accept"], "positionals": [words], "flags": []}
    group, name = path.split(" ")
    commands[group]["subcommands"].insert(0, name)
