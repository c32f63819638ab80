# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field
from datetime import datetime

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data

#: the statuses of an execution that has not ended
RUNNING = ("InProgress", "Stopping")


@dataclass(frozen=True)
class Run:
    """One execution of one action."""

    id: str
    stage: str
    action: str
    status: str
    category: str = ""
    started: datetime | None = None
    updated: datetime | None = None
    by: str | None = None
    summary: str | None = None
    external_id: str | None = None
    url: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    configuration: t.Mapping[str, str] = field(default_factory=dict)
    variables: t.Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        return f"{self.stage}/{self.action}"

    @property
    def is_running(self) -> bool:
        return self.status == "InProgress"

    @property
    def is_approval(self) -> bool:
        return self.category == "Approval"

    @property
    def seconds(self) -> float | None:
        """How long it took; nothing while it runs."""
        if self.is_running or not self.started or not self.updated:
            return None
        return round((self.updated - self.started).total_seconds(), 1)

    def result(self) -> dict[str, t.Any]:
        return {
            "action_execution_id": self.id,
            "stage": self.stage,
            "action": self.action,
            "category": self.category,
            "status": self.status,
            "started": moment(self.started),
            "updated": moment(self.updated),
            "duration": self.seconds,
            "updated_by": self.by,
            "summary": self.summary,
            "external_execution_id": None if self.is_approval else self.external_id,
            "external_execution_url": self.url,
            "error_code": self.error_code,
            "error_message": self.error_message,
            "output_variables": dict(self.variables),
        }


def moment(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def run_from(detail: Data) -> Run:
    """An entry of ListActionExecutions."""
    given, output = detail.get("input", {}), detail.get("output", {})
    outcome = output.get("executionResult", {})
    error = outcome.get("errorDetails", {})
    return Run(
        id=detail["actionExecutionId"],
        stage=detail["stageName"],
        action=detail["actionName"],
        status=detail["status"],
        category=given.get("actionTypeId", {}).get("category", ""),
        started=detail.get("startTime"),
        updated=detail.get("lastUpdateTime"),
        by=detail.get("updatedBy"),
        summary=outcome.get("externalExecutionSummary"),
        external_id=outcome.get("externalExecutionId"),
        url=outcome.get("externalExecutionUrl"),
        error_code=error.get("code"),
        error_message=error.get("message"),
        configuration=given.get("resolvedConfiguration") or given.get("configuration", {}),
        variables=output.get("outputVariables", {}),
    )


@dataclass(frozen=True)
class Snapshot:
    """An execution at one moment: what AWS says about it, and the executions of its actions, oldest first."""

    id: str
    runs: tuple[Run, ...] = ()
    execution: Data = field(default_factory=dict)

    @property
    def status(self) -> str:
        return str(self.execution.get("status", "InProgress"))

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING

    @property
    def latest(self) -> dict[str, Run]:
        """The last execution of each action, by its place."""
        return {run.place: run for run in self.runs}

    def running(self) -> list[Run]:
        return [run for run in self.runs if run.is_running]

    def pending(self) -> list[Run]:
        """The approvals that somebody has to answer."""
        return [run for run in self.running() if run.is_approval]

    def failed(self) -> list[Run]:
        return [run for run in self.latest.values() if run.status == "Failed"]

    def culprits(self) -> list[Run]:
        """The actions that made the execution fail: those of stages that others follow were skipped."""
        last = next(reversed(self.stages()), "")
        return [run for run in self.failed() if run.stage == last]

    def succeeded(self) -> list[str]:
        return [place for place, run in self.latest.items() if run.status == "Succeeded"]

    def stages(self) -> dict[str, str]:
        """The status of each stage that has begun, in their order."""
        names = list(dict.fromkeys(run.stage for run in self.runs))
        statuses = {name: self._passed(name) for name in names[:-1]}
        if names:
            statuses[names[-1]] = "InProgress" if self.is_running else self.status
        return statuses

    def _passed(self, stage: str) -> str:
        """How a stage ended that others follow: one with a failed action was skipped."""
        return "Skipped" if any(run.stage == stage for run in self.failed()) else "Succeeded"


def snapshot_from(execution_id: str, details: t.Iterable[Data], execution: Data | None = None) -> Snapshot:
    """A snapshot from the answers of the API, which lists the newest first."""
    return Snapshot(execution_id, tuple(run_from(detail) for detail in details)[::-1], execution or {})


def result(snapshot: Snapshot) -> dict[str, t.Any]:
    """What AWS says about the execution, as modules return it."""
    found = snapshot.execution
    return {
        "status_summary": found.get("statusSummary"),
        "pipeline_version": found.get("pipelineVersion"),
        "execution_mode": found.get("executionMode"),
        "execution_type": found.get("executionType"),
        "trigger_type": found.get("trigger", {}).get("triggerType"),
        "trigger_detail": found.get("trigger", {}).get("triggerDetail"),
        "rollback_target_execution_id": found.get("rollbackMetadata", {}).get("rollbackTargetPipelineExecutionId"),
        "variables": {entry["name"]: entry["resolvedValue"] for entry in found.get("variables", [])},
        "artifact_revisions": [_revision(entry) for entry in found.get("artifactRevisions", [])],
    }


def pending_result(run: Run) -> dict[str, t.Any]:
    """An approval that somebody has to answer, as modules return it."""
    return {
        "stage": run.stage,
        "action": run.action,
        "since": moment(run.started),
        "custom_data": run.configuration.get("CustomData"),
        "external_entity_link": run.configuration.get("ExternalEntityLink"),
    }


def _revision(entry: Data) -> dict[str, t.Any]:
    return {
        "name": entry.get("name"),
        "revision_id": entry.get("revisionId"),
        "revision_summary": entry.get("revisionSummary"),
        "revision_url": entry.get("revisionUrl"),
    }
