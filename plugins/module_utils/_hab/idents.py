# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import functools
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError

_ORIGIN = re.compile(r"[a-z0-9][a-z0-9_-]{0,254}")
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_VERSION = re.compile(r"[^/\s]+")
_NUMBERS = re.compile(r"([0-9.]+)(.*)", re.DOTALL)
_LARGEST = 2**64


class Ident(t.NamedTuple):
    """What a package is called: origin/name, and a version and a release to say it more exactly."""

    origin: str
    name: str
    version: str = ""
    release: str = ""

    def __str__(self) -> str:
        return "/".join(filter(None, self))

    @property
    def is_full(self) -> bool:
        return bool(self.release)

    @property
    def package(self) -> Ident:
        """The same without version and release."""
        return Ident(self.origin, self.name)

    def accepts(self, other: Ident) -> bool:
        """Whether the other is (one of) what this one names."""
        return all(not mine or mine == theirs for mine, theirs in zip(self, other))


def parse(text: str, option: str = "name") -> Ident:
    """The ident that a user wrote."""
    words = text.split("/")
    patterns = (_ORIGIN, _NAME, _VERSION, _VERSION)
    fits = 2 <= len(words) <= 4 and all(pattern.fullmatch(word) for pattern, word in zip(patterns, words))
    if not fits:
        raise HabError(
            f"{option} is {text!r}, which is no name of a package; write origin/name, origin/name/version or "
            "origin/name/version/release.",
            "invalid",
        )
    return Ident(*words)


def parse_full(text: str, option: str) -> Ident:
    ident = parse(text, option)
    if not ident.is_full:
        raise HabError(f"{option} is {text!r}, which is not complete; write origin/name/version/release.", "invalid")
    return ident


def parse_origin(text: str, option: str = "origin") -> str:
    if not _ORIGIN.fullmatch(text):
        raise HabError(
            f"{option} is {text!r}, which is no name of an origin; allowed are lower-case letters, digits, - and _.",
            "invalid",
        )
    return text


def parse_list(text: str) -> list[Ident]:
    """The full idents that `hab pkg list` printed, one a line."""
    found = (line.strip().split("/") for line in text.splitlines())
    return [Ident(*words) for words in found if len(words) == 4 and all(words)]


def _numbers(version: str) -> tuple[list[int], str] | None:
    """The numbers of a version and what follows them; nothing when it cannot be compared by numbers."""
    found = _NUMBERS.search(version)
    if not found:
        return None
    parts = found[1].split(".")
    if not all(part and int(part) < _LARGEST for part in parts):
        return None
    numbers = [int(part) for part in parts]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return numbers, found[2]


def is_numeric(version: str) -> bool:
    return _numbers(version) is not None


def _order(left: t.Any, right: t.Any) -> int:
    return int(left > right) - int(left < right)


def compare_versions(left: str, right: str) -> int:
    """-1, 0 or 1, as Habitat orders versions, which is neither semantic versioning nor the order of `hab pkg list`."""
    ours, theirs = _numbers(left), _numbers(right)
    if ours is None or theirs is None:
        return _order(left, right)
    if ours[0] != theirs[0]:
        return _order(ours[0], theirs[0])
    if not ours[1] or not theirs[1]:
        return _order(not ours[1], not theirs[1])
    return _order(_extension(ours[1]), _extension(theirs[1]))


def _extension(text: str) -> str:
    return text[1:] if text.startswith("-") else text


def compare(left: Ident, right: Ident) -> int:
    return compare_versions(left.version, right.version) or _order(left.release, right.release)


def newest_first(idents: t.Iterable[Ident]) -> list[Ident]:
    return sorted(idents, key=functools.cmp_to_key(compare), reverse=True)
