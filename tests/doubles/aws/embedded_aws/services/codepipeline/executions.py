# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""An execution of a pipeline: its stages, their actions and conditions, its artifacts and variables."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from .structure import Declaration

RUNNING = ("InProgress", "Stopping")


def now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Artifact:
    """Where an artifact lies, and for the artifact of a source what it was made of."""

    name: str
    bucket: str
    key: str
    revision: dict[str, Any] | None = None

    def detail(self) -> dict[str, Any]:
        return {"name": self.name, "s3location": {"bucket": self.bucket, "key": self.key}}

    def location(self) -> dict[str, Any]:
        return {"type": "S3", "s3Location": {"bucketName": self.bucket, "objectKey": self.key}}


@dataclass(frozen=True)
class Outcome:
    """How an action ended."""

    status: str = "Succeeded"
    summary: str | None = None
    external_id: str | None = None
    external_url: str | None = None
    error: dict[str, str] | None = None
    variables: dict[str, str] = field(default_factory=dict)
    revision: dict[str, Any] | None = None
    by: str | None = None


class ActionFailed(Exception):
    """An action cannot do what it is told; code is one of the service's failure types."""

    def __init__(self, message: str, code: str = "JobFailed", external_id: str | None = None) -> None:
        super().__init__(message)
        self.outcome = Outcome("Failed", None, external_id, error={"code": code, "message": message})


@dataclass
class ActionRun:
    """One execution of one action; status is empty until it starts."""

    declaration: Declaration
    stage: str
    id: str = field(default_factory=new_id)
    status: str = ""
    token: str | None = None
    decided: bool = False
    percent: int | None = None
    configuration: dict[str, str] = field(default_factory=dict)
    inputs: list[Artifact] = field(default_factory=list)
    outputs: list[Artifact] = field(default_factory=list)
    outcome: Outcome = field(default_factory=lambda: Outcome("InProgress"))
    started: datetime | None = None
    changed: datetime | None = None

    @property
    def name(self) -> str:
        return str(self.declaration["name"])

    @property
    def order(self) -> int:
        return int(self.declaration["runOrder"])

    def begin(self) -> None:
        self.status, self.started, self.changed = "InProgress", now(), now()

    def end(self, outcome: Outcome) -> None:
        self.outcome, self.status, self.changed = outcome, outcome.status, now()


@dataclass
class RuleRun:
    """One evaluation of one rule of a condition."""

    declaration: Declaration
    stage: str
    id: str = field(default_factory=new_id)
    status: str = "InProgress"
    summary: str | None = None
    configuration: dict[str, str] = field(default_factory=dict)
    error: dict[str, str] | None = None
    started: datetime = field(default_factory=now)
    changed: datetime = field(default_factory=now)


@dataclass
class ConditionRun:
    status: str = "InProgress"
    summary: str | None = None
    rules: list[RuleRun] = field(default_factory=list)
    changed: datetime = field(default_factory=now)

    def end(self, status: str, summary: str | None = None) -> None:
        self.status, self.summary, self.changed = status, summary, now()


@dataclass
class StageRun:
    """One stage in one execution; gate names the condition that is being evaluated or that failed."""

    declaration: Declaration
    status: str = ""
    actions: list[ActionRun] = field(default_factory=list)
    conditions: dict[str, ConditionRun] = field(default_factory=dict)
    gate: str | None = None
    retries: dict[str, int] = field(default_factory=dict)
    last_retry: str | None = None

    def __post_init__(self) -> None:
        self.actions = self.actions or [ActionRun(action, self.name) for action in self.declaration["actions"]]

    @property
    def name(self) -> str:
        return str(self.declaration["name"])

    def action(self, name: str) -> ActionRun | None:
        return next((run for run in self.actions if run.name == name), None)

    def again(self, all_actions: bool, trigger: str) -> None:
        """Make the actions ready for another run: all of them, or those that did not succeed."""
        self.actions = [
            ActionRun(run.declaration, self.name) if all_actions or run.status != "Succeeded" else run
            for run in self.actions
        ]
        self.retries[trigger] = self.retries.get(trigger, 0) + 1
        self.last_retry, self.status, self.gate = trigger, "InProgress", None
        self.conditions.pop("onSuccess", None)
        self.conditions.pop("onFailure", None)


@dataclass
class Execution:
    pipeline: str
    declaration: Declaration
    trigger: dict[str, str]
    variables: dict[str, str] = field(default_factory=dict)
    source_revisions: dict[str, dict[str, str]] = field(default_factory=dict)
    id: str = field(default_factory=new_id)
    number: int = 0
    status: str = "InProgress"
    status_summary: str | None = None
    type: str = "STANDARD"
    rollback_target: str | None = None
    started: datetime = field(default_factory=now)
    updated: datetime = field(default_factory=now)
    stages: list[StageRun] = field(default_factory=list)
    index: int = 0
    entered: bool = False
    stopping: str | None = None
    stop_reason: str | None = None
    outdated: bool = False
    told: str = ""
    history: list[ActionRun] = field(default_factory=list)
    rules: list[RuleRun] = field(default_factory=list)
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    namespaces: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stages = [StageRun(stage) for stage in self.declaration["stages"]]
        self.namespaces["codepipeline"] = {"PipelineExecutionId": self.id}
        self.namespaces["variables"] = self.variables

    @property
    def version(self) -> int:
        return int(self.declaration["version"])

    @property
    def mode(self) -> str:
        return str(self.declaration["executionMode"])

    @property
    def stage(self) -> StageRun:
        return self.stages[self.index]

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING

    def run_of(self, stage: str) -> StageRun | None:
        return next((run for run in self.stages if run.name == stage), None)

    def artifact(self, name: str) -> Artifact:
        """An artifact that an earlier action has made; it has not when its stage was skipped."""
        if name not in self.artifacts:
            raise ActionFailed(f"The artifact {name} was not made in this execution", "ConfigurationError")
        return self.artifacts[name]

    def end(self, status: str, summary: str | None = None) -> None:
        self.status, self.updated = status, now()
        self.status_summary = summary or self.status_summary

    @property
    def rollback(self) -> dict[str, str] | None:
        return {"rollbackTargetPipelineExecutionId": self.rollback_target} if self.rollback_target else None

    def describe(self) -> dict[str, Any]:
        return {
            "pipelineName": self.pipeline,
            "pipelineVersion": self.version,
            "pipelineExecutionId": self.id,
            "status": self.status,
            "statusSummary": self.status_summary,
            "artifactRevisions": [
                {"name": name, **_without(artifact.revision, "actionName")}
                for name, artifact in self.artifacts.items()
                if artifact.revision
            ],
            "variables": [{"name": name, "resolvedValue": value} for name, value in self.variables.items()],
            "trigger": self.trigger,
            "executionMode": self.mode,
            "executionType": self.type,
            "rollbackMetadata": self.rollback,
        }

    def summary(self) -> dict[str, Any]:
        return {
            "pipelineExecutionId": self.id,
            "status": self.status,
            "statusSummary": self.status_summary,
            "startTime": self.started,
            "lastUpdateTime": self.updated,
            "sourceRevisions": [
                _without(artifact.revision, "created", "revisionChangeIdentifier")
                for artifact in self.artifacts.values()
                if artifact.revision
            ],
            "trigger": self.trigger,
            "stopTrigger": {"reason": self.stop_reason} if self.stop_reason else None,
            "executionMode": self.mode,
            "executionType": self.type,
            "rollbackMetadata": self.rollback,
        }


def _without(values: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}
