# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How executions start: variables, source revisions, limits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .errors import CodePipelineError, validation
from .executions import Execution
from .pipelines import Pipeline
from .queues import CONCURRENT

if TYPE_CHECKING:
    from .backend import CodePipelineBackend

REVISION_TYPES = {
    "CodeCommit": {"COMMIT_ID"},
    "CodeStarSourceConnection": {"COMMIT_ID"},
    "GitHub": {"COMMIT_ID"},
    "ECR": {"IMAGE_DIGEST"},
    "S3": {"S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY"},
}


def begin(backend: CodePipelineBackend, pipeline: Pipeline, trigger: dict[str, str]) -> Execution | None:
    """Start an execution by itself; none starts when a variable has no value."""
    try:
        return start(backend, pipeline, trigger, [], [])
    except CodePipelineError:
        return None


def start(
    backend: CodePipelineBackend,
    pipeline: Pipeline,
    trigger: dict[str, str],
    variables: list[dict[str, str]],
    revisions: list[dict[str, str]],
) -> Execution:
    """Start an execution of the pipeline as it is now; raises what AWS does not accept."""
    values = _values(pipeline, variables)
    overrides = dict(_overrides(pipeline, revisions))
    running = sum(execution.is_running for execution in pipeline.executions.values())
    if pipeline.declaration["executionMode"] != "SUPERSEDED" and running >= CONCURRENT:
        raise CodePipelineError(
            "ConcurrentPipelineExecutionsLimitExceededException",
            f"The pipeline '{pipeline.name}' has reached the limit of {CONCURRENT} concurrent executions",
        )
    return backend.engine.start(pipeline, Execution(pipeline.name, pipeline.declaration, trigger, values, overrides))


def _values(pipeline: Pipeline, given: list[dict[str, str]]) -> dict[str, str]:
    variables = pipeline.declaration.get("variables", [])
    declared = {variable["name"]: variable.get("defaultValue") for variable in variables}
    unknown = sorted({variable["name"] for variable in given} - declared.keys())
    if unknown:
        raise validation(f"The following variables are not declared in the pipeline: {', '.join(unknown)}")
    values = {**declared, **{variable["name"]: variable["value"] for variable in given}}
    missing = sorted(name for name, value in values.items() if value is None)
    if missing:
        raise validation(f"The following variables have neither a value nor a default value: {', '.join(missing)}")
    return {name: str(value) for name, value in values.items()}


def _overrides(pipeline: Pipeline, revisions: list[dict[str, str]]) -> Iterable[tuple[str, dict[str, Any]]]:
    sources = {action["name"]: action for action in pipeline.declaration["stages"][0]["actions"]}
    for revision in revisions:
        name, kind = revision["actionName"], revision["revisionType"]
        if name not in sources:
            raise validation(f"The source revision names the action '{name}', which is no source action")
        provider = sources[name]["actionTypeId"]["provider"]
        if kind not in REVISION_TYPES.get(provider, set()):
            raise validation(f"The revision type {kind} is not valid for the {provider} source action '{name}'")
        allowed = sources[name]["configuration"].get("AllowOverrideForS3ObjectKey", "false")
        if kind == "S3_OBJECT_KEY" and allowed != "true":
            raise validation(f"The source action '{name}' does not allow to override its S3 object key")
        yield name, revision
