# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Executions for the tests: short ways to write them, and a pipeline that plays a script."""

from __future__ import annotations

import typing as t
from collections import deque
from datetime import UTC, datetime, timedelta

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Pipeline
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import Run, Snapshot
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience

Data = dict[str, t.Any]

ID = "11111111-1111-4111-8111-111111111111"
OTHER = "22222222-2222-4222-8222-222222222222"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def run(place: str, status: str, number: int = 0, **more: t.Any) -> Run:
    """The execution of an action; one that has ended took four seconds."""
    stage, action = place.split("/")
    ended = NOON if status == "InProgress" else NOON + timedelta(seconds=4)
    return Run(f"{place}-{number}", stage, action, status, started=NOON, updated=ended, **more)


def snapshot(*runs: Run, status: str = "", **fields: t.Any) -> Snapshot:
    return Snapshot(ID, runs, {"status": status, **fields} if status else {})


def detail(found: Run) -> Data:
    """The run as ListActionExecutions shows it."""
    error = {"code": found.error_code, "message": found.error_message}
    result = {"externalExecutionSummary": found.summary, "externalExecutionId": found.external_id}
    return {
        "actionExecutionId": found.id,
        "stageName": found.stage,
        "actionName": found.action,
        "status": found.status,
        "startTime": found.started,
        "lastUpdateTime": found.updated,
        "updatedBy": found.by,
        "input": {"actionTypeId": {"category": found.category}, "configuration": dict(found.configuration)},
        "output": {"executionResult": {**result, **({"errorDetails": error} if found.error_code else {})}},
    }


class ScriptedPipeline:
    """Stands for the API of one pipeline; with each pause begins the next scene, the last one stays for ever."""

    def __init__(self, *scenes: Snapshot | Exception, state: Data | None = None, declaration: Data | None = None):
        self.scenes = deque(scenes)
        self.state_now: Data = state or {}
        self.declaration = declaration or {}
        self.calls: list[str] = []
        self.now = 0.0
        self.pauses: list[float] = []

    def clock(self) -> float:
        """Time that passes only by sleeping."""
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.pauses.append(seconds)
        if len(self.scenes) > 1:
            self.scenes.popleft()

    def patience(self, timeout: float) -> Patience:
        return Patience(timeout, clock=self.clock, sleep=self.sleep)

    def scene(self, operation: str) -> Snapshot:
        self.calls.append(operation)
        found = self.scenes[0]
        if isinstance(found, Exception):
            raise found
        return found

    def action_executions(self, _pipeline: str, _execution_id: str) -> list[Data]:
        return [detail(found) for found in self.scene("ListActionExecutions").runs][::-1]

    def execution(self, _pipeline: str, execution_id: str) -> Data:
        found = self.scene("GetPipelineExecution").execution or {"status": "InProgress"}
        return {"pipelineExecutionId": execution_id, **found}

    def state(self, _pipeline: str) -> Data:
        self.calls.append("GetPipelineState")
        return self.state_now

    def pipeline(self, _name: str) -> Pipeline:
        self.calls.append("GetPipeline")
        return Pipeline(self.declaration)
