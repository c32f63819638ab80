# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import dataclasses
import difflib
import typing as t

SYNTAX = "SpecSyntaxError"
Step = str | int


@dataclasses.dataclass(frozen=True)
class Place:
    """Where something stands: in a file, below these keys, and for a person below these titles."""

    file: str | None = None
    lines: t.Mapping[tuple[Step, ...], int] = dataclasses.field(default_factory=dict)
    keys: tuple[Step, ...] = ()
    trail: tuple[str, ...] = ()

    def below(self, key: Step, label: str | None = None) -> Place:
        """The place of a key or an item; an empty label stands for nothing that a person would count."""
        shown = label if label is not None else str(key + 1 if isinstance(key, int) else key)
        trail = (*self.trail, shown) if shown else self.trail
        return dataclasses.replace(self, keys=(*self.keys, key), trail=trail)

    def named(self, title: str) -> Place:
        """The same place with a title instead of a number."""
        return dataclasses.replace(self, trail=(*self.trail[:-1], title))

    @property
    def line(self) -> int | None:
        """The line of the key, or of the nearest thing around it whose line is known."""
        for length in range(len(self.keys), -1, -1):
            if self.keys[:length] in self.lines:
                return self.lines[self.keys[:length]]
        return None


@dataclasses.dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a spec; kind is the class of the problem."""

    kind: str
    message: str
    file: str | None
    line: int | None
    path: str
    word: str
    suggestion: str | None

    def as_result(self) -> dict[str, t.Any]:
        result = dataclasses.asdict(self)
        return {"class": result.pop("kind"), **result}


class Problems:
    """Collects everything that is wrong, so that all of it is told at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []

    def add(self, kind: str, message: str, place: Place, word: t.Any = "", suggestion: str | None = None) -> None:
        path = " > ".join(place.trail)
        problem = Problem(kind, message, place.file, place.line, path, str(word), suggestion)
        # A list of subjects repeats what is wrong with each of them.
        if problem not in self.found:
            self.found.append(problem)


def nearest(word: t.Any, words: t.Iterable[str]) -> str | None:
    found = difflib.get_close_matches(str(word), list(words), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(suggestion: str | None) -> str:
    return f"; did you mean {suggestion}?" if suggestion else ""
