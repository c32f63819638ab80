# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The part of handlebars that templates of packages use: values, if, unless and each."""

from __future__ import annotations

import dataclasses
import re
import typing as t

_TAG = re.compile(r"\{\{!--.*?--\}\}|\{\{\{(.*?)\}\}\}|\{\{(.*?)\}\}", re.DOTALL)
_BLOCKS = ("if", "unless", "each")


class BadTemplate(ValueError):
    """The template cannot be read, or uses a helper that is not known here."""


@dataclasses.dataclass
class _Block:
    kind: str
    argument: str = ""
    name: str = "this"
    body: list[t.Any] = dataclasses.field(default_factory=list)
    otherwise: list[t.Any] = dataclasses.field(default_factory=list)
    in_else: bool = False

    def add(self, part: t.Any) -> None:
        (self.otherwise if self.in_else else self.body).append(part)


def render(template: str, data: t.Mapping[str, t.Any]) -> str:
    return _render(_parse(template).body, [dict(data)])


def _parse(template: str) -> _Block:
    stack = [_Block("root")]
    position = 0
    for match in _TAG.finditer(template):
        stack[-1].add(_text(template[position : match.start()]))
        position = match.end()
        tag = (match[1] or match[2] or "!").strip().strip("~").strip()
        _take_tag(stack, tag)
    stack[-1].add(_text(template[position:]))
    if len(stack) > 1:
        raise BadTemplate(f"the block {stack[-1].kind} is not closed")
    return stack[0]


def _text(text: str) -> str:
    if "{{" in text:
        raise BadTemplate("a tag is not closed")
    return text


def _take_tag(stack: list[_Block], tag: str) -> None:
    if tag.startswith("!"):
        return
    if tag.startswith("#"):
        stack.append(_open(tag[1:].strip()))
    elif tag.startswith("/"):
        block = stack.pop() if len(stack) > 1 else None
        if block is None or block.kind != tag[1:].strip():
            raise BadTemplate(f"{{{{{tag}}}}} closes nothing")
        stack[-1].add(block)
    elif tag == "else":
        stack[-1].in_else = True
    elif re.fullmatch(r"[@\w.\[\]/-]+", tag):
        stack[-1].add(("value", tag))
    else:
        raise BadTemplate(f"the double does not know {{{{{tag}}}}}")


def _open(text: str) -> _Block:
    match = re.fullmatch(r"(\w+)\s+([@\w.\[\]-]+)(?:\s+as\s+\|(\w+)[^|]*\|)?", text)
    if match is None or match[1] not in _BLOCKS:
        raise BadTemplate(f"the double does not know {{{{#{text}}}}}")
    return _Block(match[1], match[2], match[3] or "this")


def _render(parts: list[t.Any], scopes: list[dict[str, t.Any]]) -> str:
    return "".join(_part(part, scopes) for part in parts)


def _part(part: t.Any, scopes: list[dict[str, t.Any]]) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, tuple):
        value = _lookup(part[1], scopes)
        return {None: "", True: "true", False: "false"}.get(value, str(value)) if _is_plain(value) else str(value)
    value = _lookup(part.argument, scopes)
    if part.kind != "each":
        wanted = bool(value) == (part.kind == "if")
        return _render(part.body if wanted else part.otherwise, scopes)
    items = list(value.values()) if isinstance(value, dict) else list(value or [])
    if not items:
        return _render(part.otherwise, scopes)
    return "".join(_render(part.body, [{"this": item, part.name: item}, *scopes]) for item in items)


def _is_plain(value: t.Any) -> bool:
    return value is None or isinstance(value, bool)


def _lookup(path: str, scopes: list[dict[str, t.Any]]) -> t.Any:
    names = [name.strip("[]") for name in path.split(".")]
    for scope in scopes:
        if names[0] in scope:
            value: t.Any = scope
            for name in names:
                value = value.get(name) if isinstance(value, dict) else None
            return value
    return None
