# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._efs.api import Api
from ansible_collections.containerci.aws.plugins.module_utils._efs.shapes import FileSystem, MountTarget


@dataclass
class Outcome:
    """What was done (or would be done in check mode)."""

    changed: bool = False
    file_system: FileSystem | None = None
    actions: list[str] = field(default_factory=list)


def plan(current: FileSystem | None, targets: t.Sequence[MountTarget]) -> str:
    """What is to be done: nothing, await (it goes already), drain (its mount targets go already), delete or refuse."""
    if current is None or current.life_cycle_state == "deleted":
        return "nothing"
    if current.is_going:
        return "await"
    if not all(target.is_going for target in targets):
        return "refuse"
    return "drain" if any(target.life_cycle_state == "deleting" for target in targets) else "delete"


def refusal(file_system_id: str, targets: t.Sequence[MountTarget]) -> CollectionError:
    names = ", ".join(f"{target.mount_target_id} in {target.subnet_id}" for target in targets if not target.is_going)
    return CollectionError(
        f"File system {file_system_id} still has mount targets ({names}); "
        "delete them, or the stack they belong to, first."
    )


class Remover:
    """Removes one file system: reads, plans, applies, waits."""

    def __init__(
        self, api: Api, patience: Patience, file_system_id: str, check: bool = False, wait: bool = True
    ) -> None:
        self._api = api
        self._patience = patience
        self._id = file_system_id
        self._check = check
        self._wait = wait

    def absent(self) -> Outcome:
        found = self._api.file_system(self._id)
        targets = self._api.mount_targets(self._id) if found else []
        step = plan(found, targets)
        if step == "refuse":
            raise refusal(self._id, targets)
        outcome = Outcome(file_system=found)
        if step in ("delete", "drain"):
            outcome.changed = True
            outcome.actions.append(f"Delete file system {self._id}.")
        if not self._check:
            self._apply(step)
        return outcome

    def _apply(self, step: str) -> None:
        if step == "drain":
            self._drain()
        if step in ("delete", "drain"):
            self._api.delete_file_system(self._id)
        if self._wait and step != "nothing":
            self._until(self._is_gone, f"File system {self._id} was not deleted")

    def _drain(self) -> None:
        if not self._wait:
            raise CollectionError(
                f"The mount targets of file system {self._id} are still being deleted and the task shall not wait; "
                "run it again later."
            )
        self._until(self._has_no_targets, f"The mount targets of file system {self._id} were not deleted")

    def _is_gone(self) -> bool:
        found = self._api.file_system(self._id)
        return found is None or found.life_cycle_state == "deleted"

    def _has_no_targets(self) -> bool:
        return all(target.life_cycle_state == "deleted" for target in self._api.mount_targets(self._id))

    def _until(self, reached: t.Callable[[], bool], otherwise: str) -> None:
        self._patience.restart_pauses()
        while not reached():
            if not self._patience.pause():
                raise CollectionError(
                    f"{otherwise} within {self._patience.timeout:g} s; run the task again to wait for it."
                )
