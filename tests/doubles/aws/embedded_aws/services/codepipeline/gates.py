# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The conditions of a stage: before it, after its success, after its failure, and what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...settings import settings
from .errors import CodePipelineError
from .executions import ConditionRun, Execution, RuleRun
from .pipelines import Pipeline
from .rollback import roll_back_failed
from .rules import check

if TYPE_CHECKING:
    from .engine import Engine

AUTOMATED, MANUAL = "AutomatedStageRetry", "ManualStageRetry"


def evaluate(engine: Engine, pipeline: Pipeline, execution: Execution, gate: str) -> None:
    """Evaluate the rules of a condition in the background; the execution stands still until that is done."""
    stage = execution.stage
    condition = stage.declaration[gate]["conditions"][0]
    stage.gate = gate
    stage.conditions[gate] = run = ConditionRun(
        rules=[RuleRun(rule, stage.name) for rule in condition["rules"]],
    )
    execution.rules += run.rules

    def work() -> None:
        for rule in run.rules:
            check(engine, execution, rule)
        with engine.backend.lock:
            if stage.gate == gate and execution.is_running:
                _decide(engine, pipeline, execution, gate, run)
                engine.pump(pipeline)

    engine.later(settings.codepipeline_delay, work)


def _decide(engine: Engine, pipeline: Pipeline, execution: Execution, gate: str, run: ConditionRun) -> None:
    stage = execution.stage
    failed = [rule for rule in run.rules if rule.status != "Succeeded"]
    if execution.stopping:
        run.end("Cancelled")
        stage.gate, stage.status = None, "Stopped"
        execution.end("Stopped")
    elif not failed:
        run.end("Succeeded")
        stage.gate = None
        _passed(engine, pipeline, execution, gate)
    else:
        run.end("Failed", f"Rule {failed[0].declaration['name']} failed")
        result = stage.declaration[gate]["conditions"][0].get("result", "FAIL")
        _result(engine, pipeline, execution, gate, result)


def _passed(engine: Engine, pipeline: Pipeline, execution: Execution, gate: str) -> None:
    if gate == "onSuccess":
        engine.leave(pipeline, execution, "Succeeded")
    elif gate == "onFailure":
        _fail(execution)


def _result(engine: Engine, pipeline: Pipeline, execution: Execution, gate: str, result: str) -> None:
    stage = execution.stage
    if result == "SKIP":
        stage.gate = None
        engine.leave(pipeline, execution, "Skipped")
        return
    if result == "RETRY" and not stage.retries.get(AUTOMATED):
        mode = stage.declaration[gate].get("retryConfiguration", {}).get("retryMode", "FAILED_ACTIONS")
        stage.again(mode == "ALL_ACTIONS", AUTOMATED)
        return
    _fail(execution)
    if result == "ROLLBACK":
        roll_back_failed(engine, pipeline, execution, stage)


def _fail(execution: Execution) -> None:
    execution.stage.status = "Failed"
    execution.end("Failed")


def actions_succeeded(engine: Engine, pipeline: Pipeline, execution: Execution) -> None:
    if "onSuccess" in execution.stage.declaration and execution.type == "STANDARD":
        evaluate(engine, pipeline, execution, "onSuccess")
    else:
        engine.leave(pipeline, execution, "Succeeded")


def stage_failed(engine: Engine, pipeline: Pipeline, execution: Execution) -> None:
    on_failure = execution.stage.declaration.get("onFailure", {})
    if execution.stopping:
        execution.stage.status = "Stopped"
        execution.end("Stopped")
    elif execution.type != "STANDARD" or execution.outdated:
        _fail(execution)
    elif on_failure.get("conditions"):
        evaluate(engine, pipeline, execution, "onFailure")
    else:
        _result(engine, pipeline, execution, "onFailure", on_failure.get("result", "FAIL"))


def override(engine: Engine, pipeline: Pipeline, stage: str, execution_id: str, gate: str) -> None:
    """Go on in spite of a condition that failed; raises when there is none."""
    execution = pipeline.executions.get(execution_id)
    if execution is None or (execution.mode != "PARALLEL" and pipeline.latest.get(stage) is not execution):
        raise CodePipelineError(
            "NotLatestPipelineExecutionException",
            f"The execution '{execution_id}' is not the latest one in stage '{stage}'",
        )
    condition = execution.stage.conditions.get(gate)
    if execution.stage.name != stage or execution.stage.gate != gate or condition is None:
        raise _not_overridable(stage, gate)
    if condition.status != "Failed" or execution.version != pipeline.version:
        raise _not_overridable(stage, gate)
    condition.end("Overridden")
    execution.stage.gate, execution.stage.status, execution.status = None, "InProgress", "InProgress"
    if gate == "onSuccess":
        engine.leave(pipeline, execution, "Succeeded")
    engine.pump(pipeline)


def _not_overridable(stage: str, gate: str) -> CodePipelineError:
    return CodePipelineError(
        "ConditionNotOverridableException", f"The condition {gate} of stage '{stage}' cannot be overridden"
    )
