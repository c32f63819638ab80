# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The command tree of hab-cli.json as objects."""

from __future__ import annotations

import dataclasses
import json
import typing as t
from pathlib import Path

from fake_hab import legacy

CONTRACT = Path(__file__).resolve().parent.parent / "contract"


@dataclasses.dataclass(frozen=True)
class Arg:
    """An option, a switch or a positional; what it does is told by `action`."""

    id: str
    long: str | None = None
    short: str | None = None
    index: int | None = None
    action: str = "set"  # set, append, true, help or version
    type: str = "string"
    least: int = 1
    most: int | None = 1
    required: bool = False
    required_unless: str | None = None
    required_if: t.Mapping[str, t.Sequence[str]] = dataclasses.field(default_factory=dict)
    env: str | None = None
    default: str | None = None
    default_missing: str | None = None
    choices: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    delimiter: str | None = None
    hyphens: bool = False
    trailing: bool = False
    value_name: str | None = None
    hidden: bool = False

    @property
    def takes_value(self) -> bool:
        return self.action in ("set", "append")

    @property
    def several_values(self) -> bool:
        return self.takes_value and (self.least, self.most) not in ((0, 0), (1, 1))

    @property
    def is_multiple(self) -> bool:
        return self.several_values or self.action == "append"

    def accepts_more(self, count: int) -> bool:
        return self.most is None or count < self.most

    def __str__(self) -> str:
        value = f"<{self.value_name or self.id}>"
        if self.index is not None:
            return value
        name = self.long or self.short or self.id
        return f"{name} {value}" if self.takes_value else name


@dataclasses.dataclass(frozen=True)
class Group:
    id: str
    members: tuple[str, ...]
    required: bool
    exclusive: bool


@dataclasses.dataclass(frozen=True)
class Command:
    path: tuple[str, ...]
    args: tuple[Arg, ...]
    groups: tuple[Group, ...]
    subcommands: tuple[str, ...]
    needs_words: bool
    needs_subcommand: bool

    @property
    def positionals(self) -> list[Arg]:
        return [arg for arg in self.args if arg.index is not None]

    def by_id(self, name: str) -> Arg | None:
        return next((arg for arg in self.args if arg.id == name), None)

    def by_long(self, name: str) -> Arg | None:
        return next((arg for arg in self.args if arg.long == f"--{name}"), None)

    def by_short(self, letter: str) -> Arg | None:
        return next((arg for arg in self.args if arg.short == f"-{letter}"), None)

    def by_index(self, index: int) -> Arg | None:
        return next((arg for arg in self.args if arg.index == index), None)


class Grammar:
    def __init__(self, tree: dict[str, t.Any]) -> None:
        self._commands = tree["commands"]
        self._programs = tree["external"]

    @classmethod
    def load(cls, old: bool = False) -> Grammar:
        tree = json.loads((CONTRACT / "hab-cli.json").read_text(encoding="utf-8"))
        return cls(legacy.tree(tree) if old else tree)

    def paths(self) -> list[str]:
        return list(self._commands)

    def command(self, path: t.Sequence[str]) -> Command:
        return _command(tuple(path), self._commands[" ".join(path)])

    def program(self, name: str) -> Command:
        """A program that hab starts and that has a parser of the same kind (the exporters)."""
        node = {"help_flag": True, "version_flag": True, "subcommand_required": False, **self._programs[name]}
        return _command((name,), node)


def _command(path: tuple[str, ...], node: dict[str, t.Any]) -> Command:
    args = [_arg(entry) for entry in [*node["positionals"], *node["flags"]]]
    if node["help_flag"]:
        args.append(Arg("help", "--help", "-h", action="help"))
    if node["version_flag"]:
        args.append(Arg("version", "--version", "-V", action="version"))
    groups = tuple(
        Group(group["id"], tuple(group["members"]), group["required"], group["exclusive"])
        for group in node.get("groups", [])
    )
    return Command(
        path,
        tuple(args),
        groups,
        tuple(node.get("subcommands", [])),
        node["no_args_shows_help"],
        node["subcommand_required"],
    )


def _arg(entry: dict[str, t.Any]) -> Arg:
    least, most = entry["values_per_occurrence"]
    action = "true" if not entry.get("takes_value", True) else ("append" if entry["multiple"] else "set")
    return Arg(
        id=entry.get("id") or entry["long"],
        long=entry.get("long"),
        short=entry.get("short"),
        index=entry.get("index"),
        action=action,
        type=entry["type"],
        least=least,
        most=most,
        required=entry["required"],
        required_unless=entry.get("required_unless"),
        required_if=entry.get("required_if", {}),
        env=entry.get("env"),
        default=_first_word(entry.get("default")),
        default_missing=entry.get("default_missing_value"),
        choices=tuple(entry.get("choices", [])),
        conflicts=tuple(entry.get("conflicts", [])),
        requires=tuple(entry.get("requires", [])),
        delimiter=entry.get("value_delimiter"),
        hyphens=entry.get("allow_hyphen_values", False),
        trailing=entry.get("trailing_var_arg", False),
        value_name=entry.get("value_name"),
        hidden=entry.get("hidden", False),
    )


def _first_word(default: str | None) -> str | None:
    """A default without the remark in brackets that may follow it."""
    return default.split(" (")[0] if default is not None else None
