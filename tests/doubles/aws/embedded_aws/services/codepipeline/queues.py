# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may enter a stage, and who has to wait or is overtaken: the execution modes of a pipeline."""

from __future__ import annotations

from .executions import Execution
from .pipelines import Pipeline

CONCURRENT = 50


def may_enter(pipeline: Pipeline, execution: Execution) -> bool:
    name = execution.stage.name
    if not pipeline.transition(name).enabled and execution.type == "STANDARD":
        return False
    if execution.mode == "PARALLEL":
        return True
    if any(is_inside(other, name) for other in pipeline.executions.values()):
        return False
    if execution.mode == "QUEUED":
        return not any(_is_before(other, execution) for other in waiting(pipeline, name))
    return not any(_is_before(execution, other) for other in waiting(pipeline, name))


def waiting(pipeline: Pipeline, stage: str) -> list[Execution]:
    """The executions that stand before a stage, oldest first."""
    return [
        execution
        for execution in pipeline.executions.values()
        if execution.is_running and not execution.entered and execution.stage.name == stage
    ]


def is_inside(execution: Execution, stage: str) -> bool:
    return execution.is_running and execution.entered and execution.stage.name == stage


def supersede(pipeline: Pipeline, execution: Execution) -> bool:
    """End an execution that waits while a newer one waits for the same stage; tell whether it was ended."""
    if execution.mode != "SUPERSEDED" or execution.type != "STANDARD":
        return False
    newer = [other for other in waiting(pipeline, execution.stage.name) if _is_before(execution, other)]
    if newer:
        execution.end("Superseded", f"Superseded by {newer[-1].id}")
    return bool(newer)


def _is_before(one: Execution, other: Execution) -> bool:
    return one.number < other.number
