# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import itertools
import typing as t
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Api, Pipeline, PipelineMissing
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.approvals import (
    Approval,
    in_snapshot,
    pending_in_state,
)
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import moment, snapshot_from
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import CONDITIONS, Data, stage_result

_WEEK = 7 * 24 * 60


@dataclass(frozen=True)
class Overview:
    """Everything that is known about one pipeline."""

    pipeline: Pipeline
    state: Data
    executions: tuple[Data, ...] = ()
    tags: t.Mapping[str, str] = field(default_factory=dict)
    pending: tuple[Approval, ...] = ()

    @property
    def declaration(self) -> Data:
        return self.pipeline.declaration


def overview(api: Api, name: str, version: int | None, executions: int) -> Overview | None:
    """Read a pipeline; nothing if there is none of this name."""
    try:
        pipeline = api.pipeline(name, version)
    except PipelineMissing:
        return None
    state = api.state(name)
    recent = tuple(itertools.islice(api.executions(name), executions)) if executions else ()
    is_parallel = pipeline.declaration.get("executionMode") == "PARALLEL"
    pending = _pending_in_parallel(api, name) if is_parallel else pending_in_state(state)
    return Overview(pipeline, state, recent, api.tags(pipeline.metadata["pipelineArn"]), tuple(pending))


def _pending_in_parallel(api: Api, name: str) -> t.Iterator[Approval]:
    """The state of a pipeline shows one execution only, so each that runs is asked for."""
    for summary in api.executions(name):
        if summary["status"] == "InProgress":
            execution_id = summary["pipelineExecutionId"]
            snapshot = snapshot_from(execution_id, api.action_executions(name, execution_id))
            yield from (approval for approval in in_snapshot(snapshot) if approval.state == "pending")


def result(found: Overview, now: datetime) -> dict[str, t.Any]:
    declaration, metadata = found.declaration, found.pipeline.metadata
    return {
        "name": declaration["name"],
        "arn": metadata.get("pipelineArn"),
        "version": declaration["version"],
        "pipeline_type": declaration.get("pipelineType", "V1"),
        "execution_mode": declaration.get("executionMode", "SUPERSEDED"),
        "created": moment(metadata.get("created")),
        "updated": moment(metadata.get("updated")),
        "tags": dict(found.tags),
        "definition": declaration,
        "stages": [stage_result(stage) for stage in declaration["stages"]],
        "state": [_stage_state(stage) for stage in found.state.get("stageStates", [])],
        "pending_approvals": [_pending(declaration, approval, now) for approval in found.pending],
        "executions": [_execution(summary) for summary in found.executions],
    }


def _stage_state(state: Data) -> dict[str, t.Any]:
    latest, inbound = state.get("latestExecution", {}), state.get("inboundTransitionState", {})
    waiting = state.get("inboundExecutions") or [state["inboundExecution"]] if state.get("inboundExecution") else []
    return {
        "stage": state["stageName"],
        "status": latest.get("status"),
        "pipeline_execution_id": latest.get("pipelineExecutionId"),
        "waiting_executions": [execution["pipelineExecutionId"] for execution in waiting],
        "transition": {
            "enabled": inbound.get("enabled", True),
            "reason": inbound.get("disabledReason"),
            "changed_by": inbound.get("lastChangedBy"),
            "changed_at": moment(inbound.get("lastChangedAt")),
        },
        "conditions": {
            option: state[f"{key}ConditionState"].get("latestExecution", {}).get("status")
            for option, key in CONDITIONS.items()
            if f"{key}ConditionState" in state
        },
        "actions": [_action_state(action) for action in state.get("actionStates", [])],
    }


def _action_state(state: Data) -> dict[str, t.Any]:
    latest, revision = state.get("latestExecution", {}), state.get("currentRevision", {})
    error = latest.get("errorDetails", {})
    return {
        "action": state["actionName"],
        "status": latest.get("status"),
        "summary": latest.get("summary"),
        "changed_at": moment(latest.get("lastStatusChange")),
        "changed_by": latest.get("lastUpdatedBy"),
        "percent_complete": latest.get("percentComplete"),
        "error_code": error.get("code"),
        "error_message": error.get("message"),
        "external_execution_url": latest.get("externalExecutionUrl"),
        "entity_url": state.get("entityUrl"),
        "revision_id": revision.get("revisionId"),
        "revision_url": state.get("revisionUrl"),
    }


def _pending(declaration: Data, approval: Approval, now: datetime) -> dict[str, t.Any]:
    action = _declared(declaration, approval)
    minutes = action.get("timeoutInMinutes", _WEEK)
    expires = approval.since + timedelta(minutes=minutes) if approval.since else None
    return {
        "stage": approval.stage,
        "action": approval.action,
        "pipeline_execution_id": approval.execution_id,
        "custom_data": action.get("configuration", {}).get("CustomData"),
        "external_entity_link": action.get("configuration", {}).get("ExternalEntityLink"),
        "since": moment(approval.since),
        "token_age": int((now - approval.since).total_seconds()) if approval.since else None,
        "expires": moment(expires),
    }


def _declared(declaration: Data, approval: Approval) -> Data:
    """The action of an approval; nothing if it has been removed since it was asked for."""
    for stage in declaration["stages"]:
        for action in stage["actions"]:
            if (stage["name"], action["name"]) == (approval.stage, approval.action):
                return dict(action)
    return {}


def _execution(summary: Data) -> dict[str, t.Any]:
    trigger = summary.get("trigger", {})
    return {
        "pipeline_execution_id": summary["pipelineExecutionId"],
        "status": summary["status"],
        "status_summary": summary.get("statusSummary"),
        "started": moment(summary.get("startTime")),
        "updated": moment(summary.get("lastUpdateTime")),
        "trigger_type": trigger.get("triggerType"),
        "trigger_detail": trigger.get("triggerDetail"),
        "execution_mode": summary.get("executionMode"),
        "execution_type": summary.get("executionType"),
        "source_revisions": [_revision(revision) for revision in summary.get("sourceRevisions", [])],
    }


def _revision(revision: Data) -> dict[str, t.Any]:
    return {
        "action": revision["actionName"],
        "revision_id": revision.get("revisionId"),
        "summary": revision.get("revisionSummary"),
        "url": revision.get("revisionUrl"),
    }
