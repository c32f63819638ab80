# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import dataclasses
import fnmatch
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

T = t.TypeVar("T")
Fact = dict[str, t.Any]
Facts = dict[str, list[Fact]]

RESOURCES = (
    "package",
    "service",
    "port",
    "user",
    "mount",
    "cron",
    "file",
    "kernel_parameter",
    "kernel_module",
    "selinux",
)
#: the options with patterns of names, by resource
PATTERNS = {
    "package": "packages",
    "service": "services",
    "user": "users",
    "mount": "mounts",
    "file": "files",
    "kernel_parameter": "kernel_parameters",
}


class Notes(list[str]):
    """What the reader of a generated spec has to know: what is left out, and why."""

    def add(self, note: str) -> None:
        if note not in self:
            self.append(note)

    def attempt(self, what: str, read: t.Callable[[], T]) -> T | None:
        """What read() returns; when it cannot be told, a note and nothing."""
        try:
            return read()
        except CannotTell as error:
            self.add(f"{what}: {error.message}")
            return None


@dataclasses.dataclass(frozen=True)
class Choice:
    """What is to be documented, as the options of the module say."""

    resources: tuple[str, ...]
    patterns: t.Mapping[str, tuple[str, ...] | None]
    ports: tuple[range, ...] | None
    origins: tuple[str, ...]
    checksums: bool

    @classmethod
    def read(cls, params: t.Mapping[str, t.Any]) -> Choice:
        patterns = {word: params[option] for word, option in PATTERNS.items()}
        return cls(
            resources=tuple(params["resources"] or RESOURCES),
            patterns={word: _patterns(given) for word, given in patterns.items()},
            ports=None if params["ports"] is None else tuple(_range(text) for text in params["ports"]),
            origins=tuple(params["from"] or ()),
            checksums=params["checksums"],
        )

    def pick(
        self,
        resource: str,
        known: t.Iterable[str],
        default: t.Callable[[], t.Iterable[str]],
        related: t.Iterable[str],
        notes: Notes,
    ) -> list[str]:
        """The sorted names to document: those the patterns choose and those that belong to from, or the default."""
        patterns = self.patterns[resource]
        chosen = set(related) if self.origins else set()
        if patterns is None:
            return sorted(chosen if self.origins else set(default()))
        names = set(known)
        for pattern in patterns:
            found = set(fnmatch.filter(names, pattern))
            chosen |= found
            if not found:
                notes.add(f"no {resource.replace('_', ' ')} matches '{pattern}'")
        return sorted(chosen)


def _patterns(given: t.Sequence[str] | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(pattern.rstrip("/") or "/" for pattern in given)


def _range(text: str) -> range:
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?", str(text).strip())
    first, last = (int(found.group(1)), int(found.group(2) or found.group(1))) if found else (0, 0)
    if not 1 <= first <= last <= 65535:
        raise CollectionError(
            f"The option ports has '{text}'; it takes ports such as 8080 and ranges such as 8000-8100."
        )
    return range(first, last + 1)
