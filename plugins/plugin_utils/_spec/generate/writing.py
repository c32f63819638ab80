# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

import yaml

WIDTH = 120
_PLAIN = re.compile(r"[A-Za-z0-9/_.](?:[\w/.+@~ -]*[\w/.+@~-])?", re.ASCII)
_TEMPLATE = re.compile(r"\{[{%#]")
#: numbers of versions and modes look like other numbers, so they are quoted also where YAML does not need it
_QUOTED = ("be_installed", "version", "mode")
_resolver = yaml.resolver.Resolver()


class Template(str):
    """A text with a template of Ansible, which is written as it is."""


def text(spec: t.Sequence[t.Mapping[str, t.Any]]) -> str:
    """A spec as a person would write it."""
    return "\n".join(_group(group) for group in spec)


def _group(group: t.Mapping[str, t.Any]) -> str:
    lines = [f"- describe: {flow(group['describe'])}", "  examples:"]
    for node in group["examples"]:
        for number, (key, value) in enumerate(node.items()):
            lines += _entry("    - " if number == 0 else "      ", key, value)
    return "\n".join(lines) + "\n"


def _entry(indent: str, key: str, value: t.Any) -> list[str]:
    """A key with its value in one line, or with a line for each item where that would be too long."""
    name = flow(key)
    line = f"{indent}{name}: {flow(value, key)}"
    if len(line) <= WIDTH or not isinstance(value, (dict, list)):
        return [line]
    inside = " " * (len(indent) + 2)
    if isinstance(value, list):
        return [f"{indent}{name}:", *(f"{inside}- {flow(item, key)}" for item in value)]
    return [f"{indent}{name}:", *(part for inner, item in value.items() for part in _entry(inside, inner, item))]


def flow(value: t.Any, key: str = "") -> str:
    """A value in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(name)}: {flow(item, name)}" for name, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(item, key) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _scalar(value, key in _QUOTED) if isinstance(value, str) else str(value)


def _scalar(value: str, quoted: bool) -> str:
    if not quoted and _PLAIN.fullmatch(value) and _stays_text(value):
        return value
    written = "'" + value.replace("'", "''") + "'"
    is_literal = _TEMPLATE.search(value) and not isinstance(value, Template)
    return f"!unsafe {written}" if is_literal else written


def _stays_text(value: str) -> bool:
    """Whether YAML reads the text as text, not as a number, a boolean, a date or the end of a document."""
    tag = _resolver.resolve(yaml.ScalarNode, value, (True, False))
    return bool(tag == "tag:yaml.org,2002:str") and value != "..."
