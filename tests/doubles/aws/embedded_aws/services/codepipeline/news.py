# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of executions: EventBridge is told of each new state."""

from __future__ import annotations

from ..events import emit
from .executions import Execution
from .pipelines import Pipeline

KIND = "CodePipeline Pipeline Execution State Change"
STATES = {"Cancelled": "CANCELED"}


def tell(pipeline: Pipeline) -> None:
    for execution in pipeline.executions.values():
        if execution.status != execution.told:
            state, execution.told = _state(execution), execution.status
            detail = {
                "pipeline": pipeline.name,
                "execution-id": execution.id,
                "start-time": f"{execution.started:%Y-%m-%dT%H:%M:%SZ}",
                "state": state,
                "version": execution.version,
            }
            emit(pipeline.account, pipeline.region, "aws.codepipeline", KIND, [pipeline.arn], detail)


def _state(execution: Execution) -> str:
    if execution.status == "InProgress":
        return "RESUMED" if execution.told else "STARTED"
    return STATES.get(execution.status, execution.status.upper())
