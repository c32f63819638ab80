# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Executions of actions and rules as the lists show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .catalog import key_of
from .executions import ActionRun, Execution, RuleRun
from .pipelines import MASK

if TYPE_CHECKING:
    from .backend import CodePipelineBackend


def latest_or_all(runs: list[ActionRun], latest: bool) -> list[ActionRun]:
    if not latest:
        return runs
    last = {(run.stage, run.name): run for run in runs}
    return [run for run in runs if last[run.stage, run.name] is run]


def action_details(backend: CodePipelineBackend, execution: Execution, run: ActionRun) -> dict[str, Any]:
    declaration = run.declaration
    found = backend.find_type(key_of(declaration["actionTypeId"]))
    secrets = found.secrets if found else set()
    return {
        "pipelineExecutionId": execution.id,
        "actionExecutionId": run.id,
        "pipelineVersion": execution.version,
        "stageName": run.stage,
        "actionName": run.name,
        "startTime": run.started,
        "lastUpdateTime": run.changed,
        "updatedBy": run.outcome.by,
        "status": run.status,
        "input": {
            "actionTypeId": declaration["actionTypeId"],
            "configuration": _masked(declaration["configuration"], secrets),
            "resolvedConfiguration": _masked(run.configuration, secrets),
            "roleArn": declaration.get("roleArn"),
            "region": declaration.get("region", backend.region_name),
            "inputArtifacts": [artifact.detail() for artifact in run.inputs],
            "namespace": declaration.get("namespace"),
        },
        "output": _output(run),
    }


def _output(run: ActionRun) -> dict[str, Any]:
    outcome = run.outcome
    result = {
        "externalExecutionId": outcome.external_id or run.token,
        "externalExecutionSummary": outcome.summary,
        "externalExecutionUrl": outcome.external_url,
        "errorDetails": outcome.error,
    }
    outputs = [artifact.detail() for artifact in run.outputs] if run.status == "Succeeded" else []
    return {"outputArtifacts": outputs, "executionResult": result, "outputVariables": outcome.variables}


def _masked(configuration: dict[str, str], secrets: set[str]) -> dict[str, str]:
    return {key: MASK if key in secrets else value for key, value in configuration.items()}


def rule_details(region: str, execution: Execution, rule: RuleRun) -> dict[str, Any]:
    return {
        "pipelineExecutionId": execution.id,
        "ruleExecutionId": rule.id,
        "pipelineVersion": execution.version,
        "stageName": rule.stage,
        "ruleName": rule.declaration["name"],
        "startTime": rule.started,
        "lastUpdateTime": rule.changed,
        "status": rule.status,
        "input": {
            "ruleTypeId": rule.declaration["ruleTypeId"],
            "configuration": rule.declaration.get("configuration", {}),
            "resolvedConfiguration": rule.configuration,
            "region": rule.declaration.get("region", region),
            "inputArtifacts": [],
        },
        "output": {"executionResult": {"externalExecutionSummary": rule.summary, "errorDetails": rule.error}},
    }
