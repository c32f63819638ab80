# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Package identifiers and how Habitat orders versions."""

from __future__ import annotations

import functools
import re
import typing as t

_VERSION = re.compile(r"([\d.]+)(.+)?", re.ASCII)


class Ident(t.NamedTuple):
    origin: str
    name: str
    version: str | None = None
    release: str | None = None

    @classmethod
    def parse(cls, text: str) -> Ident:
        return cls(*text.split("/"))

    def __str__(self) -> str:
        return "/".join(word for word in self if word is not None)

    @property
    def is_full(self) -> bool:
        return self.version is not None and self.release is not None

    def satisfies(self, wanted: Ident) -> bool:
        return all(word is None or own == word for own, word in zip(self, wanted))

    def artifact_name(self, target: str) -> str:
        return "-".join([*map(str, self), target]) + ".hart"


def compare_versions(one: str, other: str) -> int:
    """Negative, zero or positive, as the real tool orders two versions; text when one of them has no number."""
    result = numeric_order(one, other)
    return result if result is not None else (one > other) - (one < other)


def numeric_order(one: str, other: str) -> int | None:
    """The order by numbers and extension; None when one of the versions cannot be read so."""
    first, second = _split(one), _split(other)
    if first is None or second is None:
        return None
    length = max(len(first[0]), len(second[0]))
    numbers = [parts + [0] * (length - len(parts)) for parts, _extension in (first, second)]
    if numbers[0] != numbers[1]:
        return 1 if numbers[0] > numbers[1] else -1
    left, right = first[1], second[1]
    if left is None or right is None:
        return (left is None) - (right is None)
    return (left > right) - (left < right)


def _split(version: str) -> tuple[list[int], str | None] | None:
    match = _VERSION.search(version)
    if match is None:
        return None
    parts = match[1].split(".")
    if not all(part and int(part) < 2**64 for part in parts):
        return None
    extension = match[2]
    if extension is not None and len(extension) > 1 and extension.startswith("-"):
        extension = extension[1:]
    return [int(part) for part in parts], extension


def compare(one: Ident, other: Ident) -> int:
    """The order of two full idents of one name; the origin does not count."""
    by_version = compare_versions(one.version or "", other.version or "")
    if by_version:
        return by_version
    return ((one.release or "") > (other.release or "")) - ((one.release or "") < (other.release or ""))


def _compare_by_parts(one: Ident, other: Ident) -> int:
    """The comparator of 'hab pkg list': it answers "less" both ways for versions that are not numeric."""
    for left, right in zip(one[:2], other[:2]):
        if left != right:
            return 1 if str(left) > str(right) else -1
    result = numeric_order(one.version or "", other.version or "")
    if result is None:
        return -1
    return result or ((one.release or "") > (other.release or "")) - ((one.release or "") < (other.release or ""))


newest_key = functools.cmp_to_key(compare)
listing_key = functools.cmp_to_key(_compare_by_parts)
