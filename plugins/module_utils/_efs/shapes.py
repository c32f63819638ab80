# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
from dataclasses import asdict, dataclass

_GOING = frozenset({"deleting", "deleted"})


@dataclass(frozen=True)
class MountTarget:
    """A network address of a file system in one subnet."""

    mount_target_id: str
    subnet_id: str
    life_cycle_state: str

    @property
    def is_going(self) -> bool:
        return self.life_cycle_state in _GOING


@dataclass(frozen=True)
class FileSystem:
    """A file system as DescribeFileSystems shows it."""

    file_system_id: str
    name: str | None
    life_cycle_state: str
    size_in_bytes: int
    tags: dict[str, str]

    @property
    def is_going(self) -> bool:
        return self.life_cycle_state in _GOING

    def result(self) -> dict[str, t.Any]:
        return asdict(self)


def file_system_from(answer: t.Mapping[str, t.Any]) -> FileSystem:
    return FileSystem(
        file_system_id=answer["FileSystemId"],
        name=answer.get("Name") or None,
        life_cycle_state=answer["LifeCycleState"],
        size_in_bytes=int(answer["SizeInBytes"]["Value"]),
        tags={tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])},
    )


def mount_target_from(answer: t.Mapping[str, t.Any]) -> MountTarget:
    return MountTarget(
        mount_target_id=answer["MountTargetId"],
        subnet_id=answer["SubnetId"],
        life_cycle_state=answer["LifeCycleState"],
    )
