# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

_COMPARE: dict[str, t.Callable[[int], bool]] = {
    "at_least": lambda order: order >= 0,
    "above": lambda order: order > 0,
    "at_most": lambda order: order <= 0,
    "below": lambda order: order < 0,
}


def compare(left: str, right: str) -> int:
    """-1, 0 or 1, by the rules of Debian (epoch:upstream-revision, ~ before everything), which fit others too."""
    for one, other in zip(_split(left), _split(right)):
        order = _compare_part(one, other)
        if order:
            return order
    return 0


def satisfies(version: str, wanted: str | dict[str, str]) -> bool:
    """Whether a version is the wanted one (equal, or equal without the parts that were not given) or in range."""
    if isinstance(wanted, dict):
        return all(_COMPARE[limit](compare(version, bound)) for limit, bound in wanted.items())
    without_epoch = version.partition(":")[2] or version
    return any(
        candidate == wanted
        for full in (version, without_epoch)
        for candidate in (full, full.rpartition("-")[0], full.rpartition("-")[0].partition("+")[0])
        if candidate
    )


def limits(wanted: str | dict[str, str]) -> str:
    """The wanted version in words."""
    if isinstance(wanted, dict):
        return " and ".join(f"{limit.replace('_', ' ')} {bound}" for limit, bound in wanted.items())
    return wanted


def _split(version: str) -> tuple[str, str, str]:
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, _dash, revision = rest.rpartition("-")
    return (epoch, upstream, revision) if upstream else (epoch, rest, "")


def _order(character: str) -> int:
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256


def _compare_part(left: str, right: str) -> int:
    while left or right:
        left_text, right_text = _leading(r"\D*", left), _leading(r"\D*", right)
        left, right = left[len(left_text) :], right[len(right_text) :]
        for position in range(max(len(left_text), len(right_text))):
            one = _order(left_text[position]) if position < len(left_text) else 0
            other = _order(right_text[position]) if position < len(right_text) else 0
            if one != other:
                return -1 if one < other else 1
        left_number, right_number = _leading(r"\d*", left), _leading(r"\d*", right)
        left, right = left[len(left_number) :], right[len(right_number) :]
        difference = int(left_number or 0) - int(right_number or 0)
        if difference:
            return -1 if difference < 0 else 1
    return 0


def _leading(pattern: str, text: str) -> str:
    found = re.match(pattern, text)
    return found.group(0) if found else ""
