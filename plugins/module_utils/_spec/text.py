# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import difflib
import json
import re
import typing as t

LIMIT = 512
_DIFF_LINES = 20


def shown(value: t.Any) -> str:
    """A value as a person would write it, cut at LIMIT characters."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "surrogateescape")
    if isinstance(value, str) and value and value == value.strip() and "\n" not in value:
        return cut(f"'{value}'")
    if value is None:
        return "nothing"
    return cut(json.dumps(value, default=str, ensure_ascii=False))


def printable(text: str) -> str:
    """The text with escapes for bytes that are no UTF-8, and for what terminals and XML take for something else."""
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a pair, as JSON can have it
        data = text.encode("utf-8", "backslashreplace")
    plain = data.decode("utf-8", "backslashreplace")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]", lambda found: f"\\x{ord(found.group()):02x}", plain)


def excerpt(text: str) -> str:
    """A text that can be long, such as the content of a file: only its beginning."""
    return shown(text) if len(text) <= 100 else f"{shown(text[:80])} and {len(text) - 80} characters more"


def cut(text: str, limit: int = LIMIT) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def listing(items: t.Iterable[t.Any], nothing: str = "nothing") -> str:
    """Words separated by commas."""
    return cut(", ".join(str(item) for item in items)) or nothing


def words(name: str) -> str:
    return name.replace("_", " ")


def slug(text: str) -> str:
    """A title as part of an id: lower case, only letters, digits, dots and dashes."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower()).strip("-.") or "example"


def difference(expected: str, got: str) -> list[str]:
    """The unified difference of two texts of several lines, one line of context, cut; empty for short ones."""
    if "\n" not in expected.strip("\n") and "\n" not in got.strip("\n"):
        return []
    lines = list(difflib.unified_diff(expected.splitlines(), got.splitlines(), "expected", "got", lineterm="", n=1))
    if len(lines) <= _DIFF_LINES:
        return lines
    return [*lines[:_DIFF_LINES], f"… {len(lines) - _DIFF_LINES} more lines"]
