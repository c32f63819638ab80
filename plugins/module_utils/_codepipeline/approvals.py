# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from datetime import datetime

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import Run, Snapshot, moment
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

_STATES = {"InProgress": "pending", "Succeeded": "approved", "Failed": "rejected"}
_LONGEST_SUMMARY = 512


@dataclass(frozen=True)
class Approval:
    """A manual approval in one execution of a pipeline."""

    stage: str
    action: str
    execution_id: str
    #: pending, approved or rejected
    state: str
    token: str = ""
    #: when it was asked for or answered
    since: datetime | None = None
    by: str | None = None
    summary: str | None = None
    error: str | None = None

    @property
    def place(self) -> str:
        return f"{self.stage}/{self.action}"

    def result(self) -> dict[str, t.Any]:
        """Everything but the token."""
        is_pending = self.state == "pending"
        return {
            "stage": self.stage,
            "action": self.action,
            "pipeline_execution_id": self.execution_id,
            "state": self.state,
            "summary": self.summary,
            "decided_by": self.by,
            "decided_at": None if is_pending else moment(self.since),
        }

    def __str__(self) -> str:
        return f"{self.place} of execution {self.execution_id}"


@dataclass(frozen=True)
class Wish:
    """The answer that a task wants to give."""

    pipeline: str
    #: approved or rejected
    state: str
    stage: str = ""
    action: str = ""
    execution_id: str = ""
    summary: str = ""


@dataclass(frozen=True)
class Decision:
    """What to do: answer the approval, nothing because it was answered so, or wait because of the why."""

    kind: str
    approval: Approval | None = None
    why: str = ""


def pending_in_state(state: Data) -> list[Approval]:
    """The approvals that wait, from GetPipelineState, which has their tokens."""
    found = []
    for stage in state.get("stageStates", []):
        execution_id = stage.get("latestExecution", {}).get("pipelineExecutionId", "")
        for action in stage.get("actionStates", []):
            latest = action.get("latestExecution", {})
            if latest.get("status") == "InProgress" and latest.get("token"):
                found.append(
                    Approval(
                        stage["stageName"],
                        action["actionName"],
                        execution_id,
                        "pending",
                        latest["token"],
                        latest.get("lastStatusChange"),
                    )
                )
    return found


def newest(state: Data) -> str:
    """The execution that entered the pipeline last; empty if none ever did."""
    first: Data = next(iter(state.get("stageStates", [])), {})
    return str(first.get("latestExecution", {}).get("pipelineExecutionId", ""))


def in_snapshot(snapshot: Snapshot) -> list[Approval]:
    """All approvals that an execution has reached; the tokens are those of pipelines whose executions are parallel."""
    return [
        _from_run(snapshot.id, run) for run in snapshot.latest.values() if run.is_approval and run.status in _STATES
    ]


def _from_run(execution_id: str, run: Run) -> Approval:
    state = _STATES[run.status]
    return Approval(
        stage=run.stage,
        action=run.action,
        execution_id=execution_id,
        state=state,
        token=run.external_id or "" if state == "pending" else "",
        since=run.updated,
        by=run.by,
        summary=run.summary,
        error=run.error_message,
    )


def places(declaration: Data, wish: Wish) -> list[str]:
    """The approval actions of the pipeline that the wish can mean; raises if there are none."""
    if len(wish.summary) > _LONGEST_SUMMARY:
        raise CollectionError(f"summary may have {_LONGEST_SUMMARY} characters; it has {len(wish.summary)}.")
    stages = [stage["name"] for stage in declaration["stages"]]
    if wish.stage and wish.stage not in stages:
        raise CollectionError(
            f"Pipeline {wish.pipeline} has no stage {wish.stage}; the stages are {', '.join(stages)}."
        )
    everywhere = [
        (stage["name"], action["name"])
        for stage in declaration["stages"]
        for action in stage["actions"]
        if action["actionTypeId"]["category"] == "Approval"
    ]
    meant = [
        f"{stage}/{action}" for stage, action in everywhere if wish.stage in ("", stage) and wish.action in ("", action)
    ]
    if not meant:
        known = ", ".join(f"{stage}/{action}" for stage, action in everywhere) or "none"
        raise CollectionError(f"Pipeline {wish.pipeline} has no {_meant(wish)}; its approvals are: {known}.")
    return meant


def _meant(wish: Wish) -> str:
    name = f"approval action {wish.action}" if wish.action else "approval action"
    return f"{name} in stage {wish.stage}" if wish.stage else name


def choose(wish: Wish, meant: t.Collection[str], pending: t.Iterable[Approval]) -> Approval | None:
    """The pending approval to answer, if there is one; raises if there are several."""
    found = [a for a in pending if a.place in meant and wish.execution_id in ("", a.execution_id)]
    if len(found) > 1:
        raise CollectionError(
            f"Pipeline {wish.pipeline} has {len(found)} pending approvals; say with stage, action or "
            f"pipeline_execution_id which one is meant: {', '.join(map(str, found))}."
        )
    return found[0] if found else None


def decide(wish: Wish, meant: t.Collection[str], snapshot: Snapshot | None, standing: str) -> Decision:
    """What to do if no approval is pending; snapshot is the execution that is meant, standing what it does."""
    if snapshot is None:
        return Decision("wait", why="it has never run")
    answered = [a for a in in_snapshot(snapshot) if a.place in meant and a.state != "pending"]
    is_all = len(answered) == len(meant)
    if not answered or (snapshot.is_running and not is_all):
        return Decision("wait" if snapshot.is_running or not wish.execution_id else "never", why=standing)
    last = answered[-1]
    if last.state != wish.state:
        raise CollectionError(f"The approval {last} was {_answer(last)}.", approval=last)
    return Decision("done", last)


def _answer(approval: Approval) -> str:
    when = f" at {moment(approval.since)}" if approval.since else ""
    said = approval.summary or approval.error
    return f"{approval.state}{f' by {approval.by}' if approval.by else ''}{when}{f': {said}' if said else ''}".rstrip(
        "."
    )
