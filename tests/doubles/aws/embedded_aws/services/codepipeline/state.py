# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""GetPipelineState: for each stage, what was last seen there."""

from __future__ import annotations

from typing import Any

from .executions import ActionRun, ConditionRun, Execution, RuleRun, StageRun
from .gates import AUTOMATED, MANUAL
from .pipelines import Pipeline
from .queues import waiting


def describe_state(pipeline: Pipeline) -> dict[str, Any]:
    return {
        "pipelineName": pipeline.name,
        "pipelineVersion": pipeline.version,
        "stageStates": [_stage(pipeline, stage) for stage in pipeline.declaration["stages"]],
        "created": pipeline.created,
        "updated": pipeline.updated,
    }


def _stage(pipeline: Pipeline, stage: dict[str, Any]) -> dict[str, Any]:
    name = stage["name"]
    latest = pipeline.latest.get(name)
    run = latest.run_of(name) if latest else None
    inbound = [_stage_execution(execution, "InProgress") for execution in waiting(pipeline, name)]
    shown = {
        "stageName": name,
        "inboundExecution": inbound[-1] if inbound else None,
        "inboundExecutions": inbound,
        "inboundTransitionState": pipeline.transition(name).describe(),
        "actionStates": [_action(pipeline, action, run) for action in stage["actions"]],
    }
    if latest is None or run is None:
        return shown
    gates = ("beforeEntry", "onSuccess", "onFailure")
    conditions = {f"{gate}ConditionState": _condition(run.conditions.get(gate)) for gate in gates if gate in stage}
    return {
        **shown,
        "latestExecution": _stage_execution(latest, run.status),
        **conditions,
        "retryStageMetadata": _retries(run),
    }


def _stage_execution(execution: Execution, status: str) -> dict[str, Any]:
    return {"pipelineExecutionId": execution.id, "status": status, "type": execution.type}


def _retries(run: StageRun) -> dict[str, Any] | None:
    if not run.last_retry:
        return None
    return {
        "autoStageRetryAttempt": run.retries.get(AUTOMATED),
        "manualStageRetryAttempt": run.retries.get(MANUAL),
        "latestRetryTrigger": run.last_retry,
    }


def _action(pipeline: Pipeline, declaration: dict[str, Any], stage: StageRun | None) -> dict[str, Any]:
    run = stage.action(declaration["name"]) if stage else None
    shown: dict[str, Any] = {"actionName": declaration["name"], "entityUrl": _entity_url(pipeline.region, declaration)}
    if run is None or not run.status:
        return shown
    shown["latestExecution"] = _action_execution(run)
    if pipeline.declaration["executionMode"] == "PARALLEL":  # there, ListActionExecutions tells the token
        shown["latestExecution"]["token"] = None
    revision = run.outcome.revision
    if revision:
        shown["revisionUrl"] = revision["revisionUrl"]
        shown["currentRevision"] = {
            "revisionId": revision["revisionId"],
            "revisionChangeId": revision["revisionChangeIdentifier"],
            "created": revision["created"],
        }
    return shown


def _action_execution(run: ActionRun) -> dict[str, Any]:
    outcome = run.outcome
    return {
        "actionExecutionId": run.id,
        "status": run.status,
        "summary": outcome.summary,
        "lastStatusChange": run.changed,
        "token": run.token if run.status == "InProgress" else None,
        "lastUpdatedBy": outcome.by,
        "externalExecutionId": outcome.external_id,
        "externalExecutionUrl": outcome.external_url,
        "percentComplete": run.percent,
        "errorDetails": outcome.error,
    }


def _entity_url(region: str, declaration: dict[str, Any]) -> str | None:
    configuration, console = declaration["configuration"], f"https://{region}.console.aws.amazon.com"
    provider = declaration["actionTypeId"]["provider"]
    if provider == "S3" and "S3Bucket" in configuration:
        return f"https://console.aws.amazon.com/s3/home?region={region}#"
    paths = {
        "CodeBuild": "/codebuild/home?region={0}#/projects/{ProjectName}/view",
        "CodeCommit": "/codecommit/home?region={0}#/repository/{RepositoryName}/browse/{BranchName}/--/",
        "ECS": "/ecs/home?region={0}#/clusters/{ClusterName}/services/{ServiceName}",
        "Lambda": "/lambda/home?region={0}#/functions/{FunctionName}",
    }
    path = paths.get(provider)
    return console + path.format(region, **configuration) if path else None


def _condition(run: ConditionRun | None) -> dict[str, Any] | None:
    if run is None:
        return None
    latest = {"status": run.status, "summary": run.summary}
    rules = [_rule(rule) for rule in run.rules]
    state = {"latestExecution": {**latest, "lastStatusChange": run.changed}, "ruleStates": rules}
    return {"latestExecution": latest, "conditionStates": [state]}


def _rule(rule: RuleRun) -> dict[str, Any]:
    latest = {
        "ruleExecutionId": rule.id,
        "status": rule.status,
        "summary": rule.summary,
        "lastStatusChange": rule.changed,
        "errorDetails": rule.error,
    }
    return {"ruleName": rule.declaration["name"], "latestExecution": latest}
