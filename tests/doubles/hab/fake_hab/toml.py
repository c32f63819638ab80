# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The part of TOML that Habitat's own files use: tables, texts, numbers, booleans and lists of them."""

from __future__ import annotations

import json
import re
import typing as t

Table = dict[str, t.Any]

_KEY = r'(?:[A-Za-z0-9_-]+|"[^"\n]*"|\'[^\'\n]*\')'
_PATH = re.compile(rf"{_KEY}(?:\s*\.\s*{_KEY})*")
_ITEM = re.compile(r'\s*("(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|\[|\]|,|#[^\n]*|[^\s,\[\]#]+)\s*')


class NotToml(ValueError):
    """The text is no TOML, or uses a part of it that is not known here."""


def loads(text: str) -> Table:
    root: Table = {}
    table = root
    for line in _statements(text):
        if line.startswith("["):
            table = _open(root, line)
            continue
        key, equals, value = line.partition("=")
        names = _names(key)
        if not equals or not value.strip():
            raise NotToml(f"expected a key and a value: {line}")
        target = _descend(table, names[:-1])
        if names[-1] in target:
            raise NotToml(f"the key {names[-1]} is there twice")
        target[names[-1]] = _value(value)
    return root


def _statements(text: str) -> t.Iterator[str]:
    """Lines without comments; a list may go on over several lines."""
    pending = ""
    for line in text.splitlines():
        pending += _without_comment(line).strip()
        is_header = pending.startswith("[")
        if not is_header and _unquoted(pending).count("[") > _unquoted(pending).count("]"):
            pending += " "
        elif pending:
            yield pending
            pending = ""
    if pending:
        raise NotToml("a list is not closed")


def _unquoted(text: str) -> str:
    return re.sub(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'', "", text)


def _without_comment(line: str) -> str:
    match = re.match(r'(?:[^"\'#]|"(?:[^"\\]|\\.)*"|\'[^\']*\')*', line)
    return match[0] if match else line


def _names(text: str) -> list[str]:
    text = text.strip()
    if _PATH.fullmatch(text) is None:
        raise NotToml(f"not a key: {text}")
    return [name.strip("\"'") for name in re.findall(_KEY, text)]


def _open(root: Table, line: str) -> Table:
    double = line.startswith("[[")
    match = re.fullmatch(r"\[\[(.*)\]\]" if double else r"\[(.*)\]", line)
    if match is None:
        raise NotToml(f"not a table: {line}")
    names = _names(match[1])
    if not double:
        return _descend(root, names)
    rows = _descend(root, names[:-1]).setdefault(names[-1], [])
    rows.append({})
    return t.cast(Table, rows[-1])


def _descend(table: Table, names: t.Sequence[str]) -> Table:
    for name in names:
        below = table.setdefault(name, {})
        table = below[-1] if isinstance(below, list) and below else below
        if not isinstance(table, dict):
            raise NotToml(f"{name} is not a table")
    return table


def _value(text: str) -> t.Any:
    words = _words(text)
    value = _take(words)
    if words:
        raise NotToml(f"not a value: {text.strip()}")
    return value


def _words(text: str) -> list[str]:
    words, position = [], 0
    while position < len(text):
        match = _ITEM.match(text, position)
        if match is None:
            raise NotToml(f"not a value: {text.strip()}")
        words.append(match[1])
        position = match.end()
    return words


def _take(words: list[str]) -> t.Any:
    word = words.pop(0) if words else ""
    if word != "[":
        return _scalar(word)
    values = []
    while words and words[0] != "]":
        values.append(_take(words))
        if words and words[0] == ",":
            words.pop(0)
    if not words:
        raise NotToml("a list is not closed")
    words.pop(0)
    return values


def _scalar(word: str) -> t.Any:
    if word.startswith("'") and word.endswith("'") and len(word) > 1:
        return word[1:-1]
    if re.fullmatch(r"[+-]?[0-9_]+", word):
        return int(word.replace("_", ""))
    if word in ("true", "false") or word.startswith('"') or re.fullmatch(r"[+-]?[0-9]+\.[0-9]+", word):
        try:
            return json.loads(word.lstrip("+"))
        except ValueError:
            pass
    raise NotToml(f"not a value: {word}")


def dumps(table: Table) -> str:
    plain = [f"{key} = {json.dumps(value)}" for key, value in table.items() if not isinstance(value, dict)]
    below = [f"\n[{key}]\n{dumps(value)}" for key, value in table.items() if isinstance(value, dict)]
    return "\n".join([*plain, *below]) + ("\n" if plain and not below else "")
