# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import itertools
import typing as t
import uuid
from dataclasses import dataclass, replace

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import operations, wording
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Api, Overtaken
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import Snapshot
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.operations import Plan, Request
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.waiters import Follower
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

_REPLANS = 3
#: how many executions are searched for one that runs or that has a token: what AWS lists at once
_RECENT = 100


@dataclass(frozen=True)
class Manner:
    """How the work is done, as opposed to what is wanted."""

    check: bool = False
    wait: bool = True
    at_approval: bool = False


@dataclass(frozen=True)
class Outcome:
    """What was done, or would be done in check mode, and the execution as it is now."""

    changed: bool
    plan: Plan
    snapshot: Snapshot | None = None


class Operator:
    """Brings an execution to the wanted state: reads, plans, applies, follows it to its end."""

    def __init__(self, api: Api, follower: Follower, request: Request, manner: Manner) -> None:
        self._api = api
        self._follower = follower
        self._request = request
        self._manner = manner
        self._pipeline = request.pipeline

    def started(self) -> Outcome:
        return self._run(self._plan_start, self._start)

    def awaited(self) -> Outcome:
        return self._run(lambda: Plan(execution_id=self._request.execution_id or self._newest()))

    def stopped(self) -> Outcome:
        return self._run(self._plan_stop, self._stop, succeed=False)

    def retried(self) -> Outcome:
        return self._run(self._plan_retry, self._retry)

    def rolled_back(self) -> Outcome:
        return self._run(self._plan_roll_back, self._roll_back)

    def _run(
        self,
        make_plan: t.Callable[[], Plan],
        apply: t.Callable[[Plan], tuple[Snapshot, bool]] | None = None,
        succeed: bool = True,
    ) -> Outcome:
        plan = make_plan()
        known, changed = Snapshot(plan.execution_id), bool(plan.sentence)
        if changed and self._manner.check:
            return Outcome(True, plan)
        if changed and apply:
            plan, known, changed = self._applied(plan, make_plan, apply)
        if not known.id:
            return Outcome(changed, plan)
        outcome = self._followed(Outcome(changed, plan), known, self._manner.at_approval and succeed)
        return self._judged(outcome) if succeed else outcome

    def _applied(
        self, plan: Plan, make_plan: t.Callable[[], Plan], apply: t.Callable[[Plan], tuple[Snapshot, bool]]
    ) -> tuple[Plan, Snapshot, bool]:
        """Make the planned request; if somebody else has made it needless or impossible, plan again."""
        for _round in range(_REPLANS):
            if not plan.sentence:
                return plan, Snapshot(plan.execution_id), False
            try:
                known, changed = apply(plan)
            except Overtaken:
                before, plan = plan, make_plan()
                if plan == before:
                    raise
            else:
                return plan if changed else Plan(execution_id=known.id), known, changed
        raise CollectionError(f"The executions of pipeline {self._pipeline} keep being changed by somebody else.")

    def _followed(self, outcome: Outcome, known: Snapshot, at_approval: bool) -> Outcome:
        if self._manner.wait and not self._manner.check:
            return replace(outcome, snapshot=self._follow(outcome, known, at_approval))
        if not outcome.changed:
            return replace(outcome, snapshot=self._follower.complete(self._follower.look(known.id)))
        return replace(outcome, snapshot=known if known.is_running else replace(known, execution={}))

    def _follow(self, outcome: Outcome, known: Snapshot, at_approval: bool) -> Snapshot:
        try:
            return self._follower.follow(known, at_approval, fresh=outcome.changed)
        except CollectionError as error:
            last = error.details.pop("snapshot", known)
            raise CollectionError(error.message, **error.details, outcome=replace(outcome, snapshot=last)) from error

    def _judged(self, outcome: Outcome) -> Outcome:
        """The outcome, unless the execution has ended otherwise than well."""
        now = outcome.snapshot
        if now is None or now.is_running or now.status == "Succeeded":
            return outcome
        state = self._api.state(self._pipeline) if now.status == "Failed" and not now.culprits() else None
        reason = self._stop_reason(now.id) if now.status == "Stopped" else ""
        raise CollectionError(wording.ending(self._pipeline, now, state, reason), outcome=outcome)

    # What each state asks of AWS

    def _plan_start(self) -> Plan:
        return operations.plan_start(self._api.pipeline(self._pipeline).declaration, self._request)

    def _start(self, _plan: Plan) -> tuple[Snapshot, bool]:
        known = {entry["pipelineExecutionId"] for entry in self._recent()} if self._request.token else set()
        options = {
            "variables": [{"name": name, "value": value} for name, value in self._request.variables.items()],
            "sourceRevisions": list(self._request.revisions),
        }
        given = {name: value for name, value in options.items() if value}
        started = self._api.start(self._pipeline, self._request.token or str(uuid.uuid4()), **given)
        return Snapshot(started), started not in known

    def _plan_stop(self) -> Plan:
        chosen: Data | None
        if self._request.execution_id:
            chosen = self._api.execution(self._pipeline, self._request.execution_id)
        else:
            chosen = operations.only_running(self._pipeline, self._recent())
        return operations.plan_stop(chosen, self._request) if chosen else Plan()

    def _stop(self, plan: Plan) -> tuple[Snapshot, bool]:
        before = self._follower.look(plan.execution_id)
        self._api.stop(self._pipeline, plan.execution_id, self._request.abandon, self._request.reason)
        return replace(before, execution={"status": "Stopping"}), True

    def _plan_retry(self) -> Plan:
        return operations.plan_retry(self._api.state(self._pipeline), self._request)

    def _retry(self, plan: Plan) -> tuple[Snapshot, bool]:
        before = self._follower.look(plan.execution_id)
        self._api.retry(self._pipeline, plan.stage, plan.execution_id, self._request.retry_mode)
        return before, True

    def _plan_roll_back(self) -> Plan:
        declaration = self._api.pipeline(self._pipeline).declaration
        state = self._api.state(self._pipeline)
        current = self._api.execution(self._pipeline, operations.latest_in(state, self._request))
        earlier = self._api.executions(self._pipeline, succeeded_in=self._request.stage)
        return operations.plan_roll_back(declaration, state, current, earlier, self._request)

    def _roll_back(self, plan: Plan) -> tuple[Snapshot, bool]:
        return Snapshot(self._api.roll_back(self._pipeline, plan.stage, plan.target_id)), True

    # Reading

    def _recent(self) -> list[Data]:
        return list(itertools.islice(self._api.executions(self._pipeline), _RECENT))

    def _newest(self) -> str:
        newest = next(iter(self._api.executions(self._pipeline)), None)
        if newest is None:
            raise CollectionError(f"Pipeline {self._pipeline} has never run; start it with state=started.")
        return str(newest["pipelineExecutionId"])

    def _stop_reason(self, execution_id: str) -> str:
        found = [entry for entry in self._recent() if entry["pipelineExecutionId"] == execution_id]
        return str(found[0].get("stopTrigger", {}).get("reason", "")) if found else ""
