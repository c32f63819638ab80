# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.api import Api, StackGone
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import (
    ChangeSet,
    Drift,
    Event,
    still_in_progress,
)
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._core.progress import Report, silent


@dataclass(frozen=True)
class Followed:
    """The end of an operation: the stack's last status and what happened on the way."""

    status: str
    events: tuple[Event, ...]


def newest_event(api: Api, stack_id: str) -> str | None:
    """The place in the history after which an operation begins."""
    return next((event.event_id for event in api.events(stack_id)), None)


def running_since(api: Api, stack_id: str) -> str | None:
    """The last event before the operation that is under way."""
    for event in api.events(stack_id):
        if event.is_stack and not event.status.endswith("_IN_PROGRESS"):
            return event.event_id
    return None


class Follower:
    """Follows the events of one operation until the stack comes to rest."""

    def __init__(self, api: Api, patience: Patience, report: Report = silent) -> None:
        self._api = api
        self._patience = patience
        self._report = report

    def follow(self, name: str, stack_id: str, mark: str | None, token: str | None = None) -> Followed:
        self._patience.restart_pauses()
        events: list[Event] = []
        while True:
            try:
                new = self._since(stack_id, mark)
            except StackGone:
                return Followed("DELETE_COMPLETE", tuple(events))
            mark = new[-1].event_id if new else mark
            ours = [event for event in new if token is None or event.token in (None, token)]
            for event in ours:
                self._show(event)
            events += ours
            final = [e.status for e in ours if e.is_stack and not e.status.endswith("_IN_PROGRESS")]
            if final:
                return Followed(final[-1], tuple(events))
            if not self._patience.pause():
                raise self._late(name, events)

    def settled(self, name: str, stack_id: str, is_busy: t.Callable[[str], bool]) -> None:
        """Follow an operation that somebody else has begun."""
        mark = running_since(self._api, stack_id)
        self._patience.restart_pauses()
        events: list[Event] = []
        while True:
            stack = self._api.stack(stack_id)
            new = self._since(stack_id, mark) if stack else []
            mark = new[-1].event_id if new else mark
            for event in new:
                self._show(event)
            events += new
            if stack is None or not is_busy(stack.stack_status):
                return
            if not self._patience.pause():
                raise self._late(name, events)

    def change_set(self, change_set_id: str) -> ChangeSet:
        self._patience.restart_pauses()
        while True:
            found = self._api.change_set(change_set_id)
            if found.is_finished:
                return found
            if not self._patience.pause():
                raise CollectionError(f"Change set {change_set_id} was not ready after {self._patience.timeout:g} s.")

    def drifts(self, stack_id: str) -> list[Drift]:
        """What somebody else changed in the stack, as CloudFormation finds it now."""
        self._patience.restart_pauses()
        detection = self._api.detect_drift(stack_id)
        while True:
            status, reason = self._api.drift_status(detection)
            if status == "DETECTION_FAILED":
                raise CollectionError(f"CloudFormation could not detect the drift of the stack: {reason}")
            if status == "DETECTION_COMPLETE":
                return self._api.drifts(stack_id)
            if not self._patience.pause():
                raise CollectionError(f"The drift of the stack was not known after {self._patience.timeout:g} s.")

    def _since(self, stack_id: str, mark: str | None) -> list[Event]:
        new = []
        for event in self._api.events(stack_id):
            if event.event_id == mark:
                break
            new.append(event)
        return new[::-1]

    def _show(self, event: Event) -> None:
        failed = event.status.endswith("_FAILED") or "ROLLBACK" in event.status
        outcome = "failed" if failed else "ok" if event.status.endswith("_COMPLETE") else "running"
        parts = [event.status, event.logical_resource_id, event.resource_type]
        self._report("  ".join(parts + ([event.reason] if failed and event.reason else [])), outcome)

    def _late(self, name: str, events: list[Event]) -> CollectionError:
        busy = ", ".join(still_in_progress(events)) or "the stack itself"
        return CollectionError(
            f"Stack {name} was not finished after {self._patience.timeout:g} s; still in progress: {busy}. "
            "AWS goes on with it: run the task again to wait for the rest.",
            events=[event.result() for event in events],
        )
