# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rolling a stage back: a new execution that runs this one stage with what an earlier execution had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import CodePipelineError
from .executions import Execution, StageRun
from .pipelines import Pipeline
from .queues import is_inside

if TYPE_CHECKING:
    from .engine import Engine


def check_target(pipeline: Pipeline, stage: str, target: Execution) -> Execution:
    """The execution to roll back to; raises why it is none."""
    if pipeline.declaration["pipelineType"] != "V2":
        raise _unable("Stage rollback can only be used with V2 pipelines")
    if pipeline.declaration["executionMode"] == "PARALLEL":
        raise _unable("Stage rollback is not available for pipelines in PARALLEL mode")
    if pipeline.declaration["stages"][0]["name"] == stage:
        raise _unable("A source stage cannot be rolled back")
    if any(is_inside(other, stage) for other in pipeline.executions.values()):
        raise _unable(f"Stage '{stage}' is currently running")
    if target.type == "ROLLBACK":
        raise _unable(f"The execution '{target.id}' is itself a rollback")
    if target.version != pipeline.version:
        raise CodePipelineError(
            "PipelineExecutionOutdatedException",
            f"The execution '{target.id}' ran version {target.version} of the pipeline, which is outdated",
        )
    run = target.run_of(stage)
    if run is None or run.status != "Succeeded":
        raise _unable(f"The execution '{target.id}' did not succeed in stage '{stage}'")
    return target


def _unable(message: str) -> CodePipelineError:
    return CodePipelineError("UnableToRollbackStageException", message)


def roll_back(engine: Engine, pipeline: Pipeline, stage: str, target: Execution, trigger: dict[str, str]) -> Execution:
    execution = Execution(pipeline.name, pipeline.declaration, trigger, dict(target.variables))
    execution.type, execution.rollback_target = "ROLLBACK", target.id
    execution.index = [run.name for run in execution.stages].index(stage)
    execution.artifacts = dict(target.artifacts)
    execution.namespaces = {**target.namespaces, "codepipeline": {"PipelineExecutionId": execution.id}}
    return engine.start(pipeline, execution)


def roll_back_failed(engine: Engine, pipeline: Pipeline, failed: Execution, stage: StageRun) -> None:
    """Roll a failed stage back to the last execution that succeeded in it; without one it stays failed."""
    for target in reversed(pipeline.executions.values()):
        run = target.run_of(stage.name)
        is_good = target is not failed and target.type == "STANDARD" and target.version == pipeline.version
        if is_good and run is not None and run.status == "Succeeded":
            trigger = {"triggerType": "AutomatedRollback", "triggerDetail": failed.id}
            roll_back(engine, pipeline, stage.name, target, trigger)
            return
