# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations on executions: start, stop, retry, roll back, approve, list."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult

from ...settings import VIA_HEADER
from . import gates
from .actions.approval import decided
from .base import Base
from .errors import CodePipelineError
from .executions import Execution, StageRun
from .listings import action_details, latest_or_all, rule_details
from .pipelines import Pipeline
from .rollback import check_target, roll_back
from .starts import start
from .state import describe_state


class ExecutionOperations(Base):
    @property
    def pipeline(self) -> Pipeline:
        return self.backend.get(self.params["pipelineName"])

    def start_pipeline_execution(self) -> ActionResult:
        pipeline = self.backend.get(self.params["name"])
        token = self.params.get("clientRequestToken")
        if token is None or token not in pipeline.tokens:
            by_event = self.headers.get(VIA_HEADER) == "events"
            kind = "CloudWatchEvent" if by_event else "StartPipelineExecution"
            trigger = {"triggerType": kind, "triggerDetail": self.caller}
            variables, revisions = self.params.get("variables", []), self.params.get("sourceRevisions", [])
            execution = start(self.backend, pipeline, trigger, variables, revisions)
            token = token or execution.id
            pipeline.tokens[token] = execution.id
        return ActionResult({"pipelineExecutionId": pipeline.tokens[token]})

    def put_action_revision(self) -> ActionResult:
        pipeline = self.pipeline
        pipeline.action(self.params["stageName"], self.params["actionName"])
        trigger = {"triggerType": "PutActionRevision", "triggerDetail": self.params["actionName"]}
        execution = start(self.backend, pipeline, trigger, [], [])
        return ActionResult({"newRevision": True, "pipelineExecutionId": execution.id})

    def stop_pipeline_execution(self) -> ActionResult:
        pipeline = self.pipeline
        execution = pipeline.executions.get(self.params["pipelineExecutionId"])
        how = "abandon" if self.params.get("abandon") else "wait"
        if execution is None or not execution.is_running:
            raise CodePipelineError(
                "PipelineExecutionNotStoppableException",
                f"The execution '{self.params['pipelineExecutionId']}' of the pipeline '{pipeline.name}' cannot be"
                " stopped: it is not in progress",
            )
        if execution.stopping == how:
            raise CodePipelineError(
                "DuplicatedStopRequestException", f"The execution '{execution.id}' is already in a Stopping state"
            )
        execution.stopping, execution.status = how, "Stopping"
        execution.stop_reason = self.params.get("reason") or execution.stop_reason
        self.backend.engine.pump(pipeline)
        return ActionResult({"pipelineExecutionId": execution.id})

    def retry_stage_execution(self) -> ActionResult:
        pipeline, name = self.pipeline, self.params["stageName"]
        pipeline.stage(name)
        execution = pipeline.executions.get(self.params["pipelineExecutionId"])
        if execution is None or (execution.mode != "PARALLEL" and pipeline.latest.get(name) is not execution):
            raise CodePipelineError(
                "NotLatestPipelineExecutionException",
                f"The execution '{self.params['pipelineExecutionId']}' is not the latest one in stage '{name}'",
            )
        stage = execution.stage
        if stage.name != name or stage.status not in ("Failed", "Stopped") or execution.is_running:
            raise _not_retryable(name, "it is neither failed nor stopped")
        if execution.version != pipeline.version:
            raise _not_retryable(name, "the pipeline has been changed since")
        self._retry(pipeline, execution, stage)
        return ActionResult({"pipelineExecutionId": execution.id})

    def _retry(self, pipeline: Pipeline, execution: Execution, stage: StageRun) -> None:
        execution.status, execution.stopping = "InProgress", None
        stage.again(self.params["retryMode"] == "ALL_ACTIONS", gates.MANUAL)
        entry = stage.conditions.get("beforeEntry")
        if entry is not None and entry.status not in ("Succeeded", "Overridden"):
            gates.evaluate(self.backend.engine, pipeline, execution, "beforeEntry")
        self.backend.engine.pump(pipeline)

    def rollback_stage(self) -> ActionResult:
        pipeline, stage, wanted = self.pipeline, self.params["stageName"], self.params["targetPipelineExecutionId"]
        pipeline.stage(stage)
        target = check_target(pipeline, stage, pipeline.execution(wanted))
        trigger = {"triggerType": "ManualRollback", "triggerDetail": self.caller}
        execution = roll_back(self.backend.engine, pipeline, stage, target, trigger)
        return ActionResult({"pipelineExecutionId": execution.id})

    def put_approval_result(self) -> ActionResult:
        pipeline, token = self.pipeline, self.params["token"]
        action = pipeline.action(self.params["stageName"], self.params["actionName"])
        found = next(
            (
                (execution, run)
                for execution in pipeline.executions.values()
                for run in execution.history
                if (run.stage, run.name, run.token) == (self.params["stageName"], action["name"], token)
            ),
            None,
        )
        if found is None:
            raise _invalid_token()
        execution, run = found
        if run.status != "InProgress":
            raise _completed() if run.decided else _invalid_token()
        result, run.decided = self.params["result"], True
        outcome = decided(result["status"] == "Approved", result["summary"], self.caller)
        self.backend.engine.finish(pipeline, execution, run, outcome)
        return ActionResult({"approvedAt": run.changed})

    def override_stage_condition(self) -> ActionResult:
        pipeline, name = self.pipeline, self.params["stageName"]
        pipeline.stage(name)
        gates.override(self.backend.engine, pipeline, name, self.params["pipelineExecutionId"], self._gate())
        return ActionResult({})

    def _gate(self) -> str:
        return {"BEFORE_ENTRY": "beforeEntry", "ON_SUCCESS": "onSuccess"}[self.params["conditionType"]]

    def get_pipeline_state(self) -> ActionResult:
        return ActionResult(describe_state(self.backend.get(self.params["name"])))

    def get_pipeline_execution(self) -> ActionResult:
        execution = self.pipeline.execution(self.params["pipelineExecutionId"])
        return ActionResult({"pipelineExecution": execution.describe()})

    def list_pipeline_executions(self) -> ActionResult:
        executions = list(self.pipeline.executions.values())[::-1]
        wanted = self.params.get("filter", {}).get("succeededInStage", {}).get("stageName")
        if wanted is not None:
            executions = [item for item in executions if _succeeded_in(item, wanted, self.pipeline.version)]
        page, token = self.page([item.summary() for item in executions])
        return ActionResult({"pipelineExecutionSummaries": page, "nextToken": token})

    def list_action_executions(self) -> ActionResult:
        pipeline = self.pipeline
        runs = [
            (execution, run)
            for execution, latest in self._filtered(pipeline)
            for run in latest_or_all(execution.history, latest)
        ]
        page, token = self.page([action_details(self.backend, execution, run) for execution, run in reversed(runs)])
        return ActionResult({"actionExecutionDetails": page, "nextToken": token})

    def list_rule_executions(self) -> ActionResult:
        rules = [(execution, rule) for execution, _ in self._filtered(self.pipeline) for rule in execution.rules]
        page, token = self.page([rule_details(self.region, execution, rule) for execution, rule in reversed(rules)])
        return ActionResult({"ruleExecutionDetails": page, "nextToken": token})

    def _filtered(self, pipeline: Pipeline) -> list[tuple[Execution, bool]]:
        """The executions that the filter leaves, each with whether only the last run of an action is asked for."""
        chosen: dict[str, Any] = self.params.get("filter", {})
        latest = chosen.get("latestInPipelineExecution", {})
        wanted = latest.get("pipelineExecutionId") or chosen.get("pipelineExecutionId")
        if wanted is None:
            return [(execution, False) for execution in pipeline.executions.values()]
        return [(pipeline.execution(wanted), latest.get("startTimeRange") == "Latest")]


def _succeeded_in(execution: Execution, stage: str, version: int) -> bool:
    run = execution.run_of(stage)
    return run is not None and run.status == "Succeeded" and execution.version == version


def _not_retryable(stage: str, why: str) -> CodePipelineError:
    return CodePipelineError("StageNotRetryableException", f"Stage '{stage}' cannot be retried: {why}")


def _invalid_token() -> CodePipelineError:
    return CodePipelineError(
        "InvalidApprovalTokenException", "The approval token is invalid or the approval request has expired."
    )


def _completed() -> CodePipelineError:
    return CodePipelineError(
        "ApprovalAlreadyCompletedException", "The approval action has already been approved or rejected."
    )
