# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

from dataclasses import replace

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import wording
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Api, ExecutionMissing
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import Snapshot, snapshot_from
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._core.progress import Report, silent

#: seconds after a write in which AWS may still show what was before
_GRACE = 30.0


class Follower:
    """Follows executions of one pipeline and shows what happens in them."""

    def __init__(self, api: Api, pipeline: str, patience: Patience, report: Report = silent) -> None:
        self._api = api
        self._pipeline = pipeline
        self._patience = patience
        self._report = report

    def look(self, execution_id: str) -> Snapshot:
        """The execution now. While its actions run well, its own status cannot be but InProgress or Stopping."""
        now = self._runs(execution_id)
        if now.running() and not now.failed():
            return now
        execution = self._api.execution(self._pipeline, execution_id)
        ended = not replace(now, execution=execution).is_running
        return replace(self._runs(execution_id) if ended else now, execution=execution)

    def complete(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot with all that AWS says about the execution."""
        if snapshot.execution:
            return snapshot
        return replace(snapshot, execution=self._api.execution(self._pipeline, snapshot.id))

    def follow(self, known: Snapshot, at_approval: bool = False, fresh: bool = False) -> Snapshot:
        """Wait for the end of an execution; with at_approval also no longer than until an approval is pending.

        With fresh, the execution was written to a moment ago, and what is known is not shown again. Otherwise the
        execution is joined on its way, and what has happened so far is shown in short.
        """
        self._patience.restart_pauses()
        trusted = self._patience.clock() + (_GRACE if fresh else 0)
        before, noted = known if fresh else None, False
        while True:
            now = self._look_again(known, doubtful=self._patience.clock() < trusted)
            for line in wording.lines(before, now) if before else wording.overview(now):
                self._report(*line)
            if not now.is_running or (at_approval and now.pending()):
                return self.complete(now)
            stands = before is not None and now.runs == before.runs and not now.running()
            noted = stands and (noted or self._note(now))
            if not self._patience.pause():
                raise self._late(now)
            before = now

    def _look_again(self, known: Snapshot, doubtful: bool) -> Snapshot:
        try:
            now = self.look(known.id)
        except ExecutionMissing:
            if doubtful:
                return replace(known, execution={})
            raise
        is_stale = doubtful and not known.is_running and now.runs == known.runs
        return replace(known, execution={}) if is_stale else now

    def _runs(self, execution_id: str) -> Snapshot:
        return snapshot_from(execution_id, self._api.action_executions(self._pipeline, execution_id))

    def _note(self, now: Snapshot) -> bool:
        """Say once why nothing happens."""
        why = wording.waiting(now.id, self._api.state(self._pipeline))
        if why:
            self._report(f"The execution {why}", "note")
        return bool(why)

    def _late(self, now: Snapshot) -> CollectionError:
        state = None if now.running() else self._api.state(self._pipeline)
        return CollectionError(
            f"Execution {now.id} of pipeline {self._pipeline} has not ended after {self._patience.timeout:g} s: it "
            f"{wording.standing(now, state)}. AWS goes on with it: wait for the rest with state=awaited.",
            snapshot=self.complete(now),
        )
