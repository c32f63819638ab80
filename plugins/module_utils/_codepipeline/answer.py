# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import itertools
import typing as t
from dataclasses import dataclass, replace

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import approvals, wording
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Api, Overtaken
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.approvals import Approval, Decision, Wish
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import RUNNING, Snapshot
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.waiters import Follower
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._core.progress import Report, silent

_ATTEMPTS = 3
#: how many executions are searched for those that run: what AWS lists at once
_RECENT = 100


@dataclass(frozen=True)
class Outcome:
    """What was done, or would be done in check mode."""

    changed: bool
    approval: Approval | None = None
    #: why nothing can be answered yet, in check mode
    why: str = ""


class Answerer:
    """Answers one approval: waits for it, decides, answers."""

    def __init__(self, api: Api, wish: Wish, patience: Patience, report: Report = silent, check: bool = False) -> None:
        self._api = api
        self._wish = wish
        self._patience = patience
        self._report = report
        self._check = check
        self._follower = Follower(api, wish.pipeline, patience)

    def run(self) -> Outcome:
        declaration = self._api.pipeline(self._wish.pipeline).declaration
        meant = approvals.places(declaration, self._wish)
        read = self._read_parallel if declaration.get("executionMode") == "PARALLEL" else self._read
        noted, refusals = "", 0
        while True:
            decision = read(meant)
            try:
                outcome = self._outcome(decision)
            except Overtaken:
                refusals += 1
                if refusals == _ATTEMPTS:
                    raise
                continue
            if outcome:
                return outcome
            if decision.kind == "never" or not self._patience.pause():
                raise self._not_pending(meant, decision.why)
            if decision.why != noted:
                self._report(f"No approval is pending: {decision.why}", "note")
                noted = decision.why

    def _outcome(self, decision: Decision) -> Outcome | None:
        if decision.kind == "answer" and decision.approval:
            return Outcome(True, self._answered(decision.approval))
        if decision.kind == "done":
            return Outcome(False, decision.approval)
        if decision.kind == "wait" and self._check and self._patience.timeout > 0:
            return Outcome(True, why=decision.why)
        return None

    def _answered(self, approval: Approval) -> Approval:
        after = replace(approval, state=self._wish.state, summary=self._wish.summary or None, since=None)
        if self._check:
            return after
        result = {"status": self._wish.state.capitalize(), "summary": self._wish.summary}
        when = self._api.answer_approval(self._wish.pipeline, approval.stage, approval.action, approval.token, result)
        return replace(after, since=when)

    def _read(self, meant: t.Collection[str]) -> Decision:
        state = self._api.state(self._wish.pipeline)
        chosen = approvals.choose(self._wish, meant, approvals.pending_in_state(state))
        if chosen:
            return Decision("answer", chosen)
        execution_id = self._wish.execution_id or approvals.newest(state)
        return self._decided(meant, self._follower.look(execution_id) if execution_id else None, state)

    def _read_parallel(self, meant: t.Collection[str]) -> Decision:
        """The state of a pipeline does not tell parallel executions apart, so each is looked at for itself."""
        executions = list(itertools.islice(self._api.executions(self._wish.pipeline), _RECENT))
        running = [entry["pipelineExecutionId"] for entry in executions if entry["status"] in RUNNING]
        newest = executions[0]["pipelineExecutionId"] if executions else ""
        main = self._wish.execution_id or newest
        wanted = [main] if self._wish.execution_id else [main, *(each for each in running if each != main)]
        looks = [self._follower.look(each) for each in wanted if each]
        pending = [a for look in looks for a in approvals.in_snapshot(look) if a.state == "pending"]
        chosen = approvals.choose(self._wish, meant, pending)
        return Decision("answer", chosen) if chosen else self._decided(meant, looks[0] if looks else None, {})

    def _decided(self, meant: t.Collection[str], snapshot: Snapshot | None, state: Data) -> Decision:
        standing = f"execution {snapshot.id} {wording.standing(snapshot, state)}" if snapshot else ""
        return approvals.decide(self._wish, meant, snapshot, standing)

    def _not_pending(self, meant: t.Collection[str], why: str) -> CollectionError:
        what = f"approval {', '.join(meant)}" if len(meant) == 1 else f"any of the approvals {', '.join(meant)}"
        waited = f" after {self._patience.timeout:g} s" if self._patience.timeout > 0 else ""
        return CollectionError(f"Pipeline {self._wish.pipeline} does not wait for {what}{waited}: {why}.")
