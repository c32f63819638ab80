# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""What is wrong with a cluster.yaml: all of it at once."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """A key as it was written, its value, and what is allowed instead."""

    key: str
    value: t.Any
    reason: str

    def __str__(self) -> str:
        return f"{self.key} is {'not set' if self.value is None else repr(self.value)}, but {self.reason}"


@dataclass
class Findings:
    """Collects findings, and warnings that stop nothing."""

    found: list[Finding] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def add(self, key: str, value: t.Any, reason: str) -> None:
        self.found.append(Finding(key, value, reason))

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def rename(self, change: t.Callable[[str], str]) -> None:
        """Change the names of keys, in reasons too."""
        self.found = [Finding(change(each.key), each.value, change(each.reason)) for each in self.found]
        self.warnings = [change(each) for each in self.warnings]

    def __bool__(self) -> bool:
        return bool(self.found)

    def __str__(self) -> str:
        return "; ".join(str(finding) for finding in self.found)
