# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import RUNNING
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TOKEN = re.compile(r"[a-zA-Z0-9-]{1,128}")
_VARIABLE = re.compile(r"[A-Za-z0-9@\-_]{1,128}")
_LONGEST_VALUE = 1000
_LONGEST_REASON = 200
_REVISION_TYPES = {
    "CodeCommit": ("COMMIT_ID",),
    "CodeStarSourceConnection": ("COMMIT_ID",),
    "ECR": ("IMAGE_DIGEST",),
    "GitHub": ("COMMIT_ID",),
    "S3": ("S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY"),
}


@dataclass(frozen=True)
class Request:
    """What a task wants of the executions of a pipeline."""

    pipeline: str
    execution_id: str = ""
    variables: t.Mapping[str, str] = field(default_factory=dict)
    revisions: tuple[Data, ...] = ()
    token: str = ""
    abandon: bool = False
    reason: str = ""
    stage: str = ""
    retry_mode: str = "FAILED_ACTIONS"
    target_id: str = ""


@dataclass(frozen=True)
class Plan:
    """What is asked of AWS, nothing without a sentence, and the execution that it is about."""

    sentence: str = ""
    execution_id: str = ""
    stage: str = ""
    target_id: str = ""
    before: t.Mapping[str, t.Any] = field(default_factory=dict)
    after: t.Mapping[str, t.Any] = field(default_factory=dict)


def checked_id(option: str, value: str | None) -> str:
    """The ID of an execution that an option gives, empty when it gives none."""
    if value and not _ID.fullmatch(value):
        raise CollectionError(f"{option} must be the ID of an execution, a UUID in lower case; {value!r} is none.")
    return value or ""


# Start


def plan_start(declaration: Data, request: Request) -> Plan:
    findings = [
        *_token_findings(request.token),
        *_variable_findings(declaration.get("variables", []), request.variables),
        *_revision_findings(declaration["stages"][0]["actions"], request.revisions),
    ]
    if findings:
        raise CollectionError(f"Pipeline {request.pipeline} cannot be started so: {' '.join(findings)}")
    revisions = {entry["actionName"]: entry["revisionValue"] for entry in request.revisions}
    details = {"variables": dict(request.variables), "source_revisions": revisions}
    started = {"pipeline": request.pipeline, **{name: value for name, value in details.items() if value}}
    return Plan(f"Start pipeline {request.pipeline}.", after={"started": started})


def _token_findings(token: str) -> t.Iterator[str]:
    if token and not _TOKEN.fullmatch(token):
        yield f"client_request_token must have 1 to 128 letters, digits and hyphens, which {token!r} has not."


def _variable_findings(declared: list[Data], given: t.Mapping[str, str]) -> t.Iterator[str]:
    names = [variable["name"] for variable in declared]
    for name, value in given.items():
        if name not in names:
            yield f"variables names {name}, which the pipeline does not declare; it declares {_listed(names)}."
        elif not 1 <= len(value) <= _LONGEST_VALUE:
            yield f"The value of the variable {name} must have 1 to {_LONGEST_VALUE} characters; it has {len(value)}."
    for variable in declared:
        if variable["name"] not in given and variable.get("defaultValue") is None:
            yield f"The variable {variable['name']} has no default; give it a value in variables."


def _revision_findings(sources: list[Data], revisions: t.Sequence[Data]) -> t.Iterator[str]:
    providers = {action["name"]: action["actionTypeId"]["provider"] for action in sources}
    seen: set[str] = set()
    for revision in revisions:
        name, kind = revision["actionName"], revision["revisionType"]
        allowed = _REVISION_TYPES.get(providers.get(name, ""))
        if name not in providers:
            yield f"source_revisions names {name}, which is no source action; there is {_listed(list(providers))}."
        elif allowed and kind not in allowed:
            yield f"The revision of the {providers[name]} source {name} must be {' or '.join(allowed)}, not {kind}."
        if name in seen:
            yield f"source_revisions names {name} more than once."
        seen.add(name)


def _listed(names: t.Sequence[str]) -> str:
    return ", ".join(names) or "none"


# Stop


def plan_stop(execution: Data, request: Request) -> Plan:
    """Stop an execution unless it has ended or is being stopped; abandoning goes further than stopping."""
    if len(request.reason) > _LONGEST_REASON:
        raise CollectionError(f"reason may have {_LONGEST_REASON} characters; it has {len(request.reason)}.")
    execution_id, status = execution["pipelineExecutionId"], execution["status"]
    if status not in RUNNING or (status == "Stopping" and not request.abandon):
        return Plan(execution_id=execution_id)
    how = "abandoning its actions" if request.abandon else "letting its actions finish"
    return Plan(
        f"Stop execution {execution_id} of pipeline {request.pipeline}, {how}.",
        execution_id,
        before={"execution": {"status": status}},
        after={"execution": {"status": "Stopping", "abandon": request.abandon}},
    )


def only_running(pipeline: str, summaries: t.Sequence[Data]) -> Data | None:
    """The execution that "the running one" means: the only one, or the newest if none runs; none if none ever ran."""
    running = [entry for entry in summaries if entry["status"] in RUNNING]
    if len(running) > 1:
        ids = _listed([entry["pipelineExecutionId"] for entry in running])
        raise CollectionError(
            f"Pipeline {pipeline} has {len(running)} running executions; name one with pipeline_execution_id: {ids}."
        )
    return next(iter(running or summaries), None)


# Retry


def plan_retry(state: Data, request: Request) -> Plan:
    """Retry a stage that failed or was stopped; one that runs again or has succeeded is left alone."""
    stage = _stage(state, request) if request.stage else _failed_stage(state, request)
    if stage is None:
        newest = state["stageStates"][0].get("latestExecution", {}) if state.get("stageStates") else {}
        return Plan(execution_id=request.execution_id or newest.get("pipelineExecutionId", ""))
    name, latest = stage["stageName"], stage["latestExecution"]
    if request.execution_id and latest["pipelineExecutionId"] != request.execution_id:
        raise CollectionError(
            f"Execution {request.execution_id} is not the latest one in stage {name} of pipeline {request.pipeline}, "
            f"but execution {latest['pipelineExecutionId']} is; only that one can be retried."
        )
    if latest["status"] not in ("Failed", "Stopped"):
        return Plan(execution_id=latest["pipelineExecutionId"], stage=name)
    what = "all actions" if request.retry_mode == "ALL_ACTIONS" else "the failed actions"
    return Plan(
        f"Retry {what} of stage {name} in execution {latest['pipelineExecutionId']} of pipeline {request.pipeline}.",
        latest["pipelineExecutionId"],
        name,
        before={"stage": {"name": name, "status": latest["status"]}},
        after={"stage": {"name": name, "status": "InProgress", "retried": request.retry_mode.lower()}},
    )


def latest_in(state: Data, request: Request) -> str:
    """The execution that was last in the stage of the request."""
    return str(_stage(state, request)["latestExecution"]["pipelineExecutionId"])


def _stage(state: Data, request: Request) -> Data:
    """The stage that the request names, which must have run."""
    stages: dict[str, Data] = {stage["stageName"]: stage for stage in state.get("stageStates", [])}
    if request.stage not in stages:
        raise CollectionError(
            f"Pipeline {request.pipeline} has no stage {request.stage}; the stages are {_listed(list(stages))}."
        )
    if not stages[request.stage].get("latestExecution"):
        raise CollectionError(f"No execution has been in stage {request.stage} of pipeline {request.pipeline} yet.")
    return stages[request.stage]


def _failed_stage(state: Data, request: Request) -> Data | None:
    failed = []
    for stage in state.get("stageStates", []):
        latest = stage.get("latestExecution", {})
        is_meant = request.execution_id in ("", latest.get("pipelineExecutionId"))
        if latest.get("status") in ("Failed", "Stopped") and is_meant:
            failed.append(stage)
    if len(failed) > 1:
        names = _listed([stage["stageName"] for stage in failed])
        raise CollectionError(f"Pipeline {request.pipeline} has {len(failed)} failed stages; name one of {names}.")
    return failed[0] if failed else None


# Roll back


def plan_roll_back(declaration: Data, state: Data, current: Data, earlier: t.Iterable[Data], request: Request) -> Plan:
    """Roll a stage back to an execution that succeeded there, unless it is there already.

    Current is the execution that was last in the stage, earlier are those that succeeded in it, newest first.
    """
    _check_roll_back(declaration, request)
    latest = _stage(state, request)["latestExecution"]
    current_id, status = latest["pipelineExecutionId"], latest["status"]
    target_of_current = current.get("rollbackMetadata", {}).get("rollbackTargetPipelineExecutionId", "")
    is_there = status == "Succeeded" and request.target_id == current_id
    is_rolled_back = target_of_current and request.target_id in ("", target_of_current)
    if is_there or (is_rolled_back and status in ("InProgress", "Succeeded")):
        return Plan(execution_id=current_id, stage=request.stage)
    if status in RUNNING:
        raise CollectionError(
            f"Stage {request.stage} of pipeline {request.pipeline} cannot be rolled back while execution {current_id} "
            "is in it; wait for its end, or stop it."
        )
    target = _target(current_id, earlier, request)
    return Plan(
        f"Roll stage {request.stage} of pipeline {request.pipeline} back to execution {target}.",
        stage=request.stage,
        target_id=target,
        before={"stage": {"name": request.stage, "execution": target_of_current or current_id}},
        after={"stage": {"name": request.stage, "execution": target}},
    )


def _check_roll_back(declaration: Data, request: Request) -> None:
    kind, mode = declaration.get("pipelineType", "V1"), declaration.get("executionMode", "SUPERSEDED")
    if kind != "V2":
        raise CollectionError(f"Only pipelines of type V2 can roll back; pipeline {request.pipeline} is {kind}.")
    if mode == "PARALLEL":
        raise CollectionError(f"Pipeline {request.pipeline} runs its executions in PARALLEL, so it cannot roll back.")
    if declaration["stages"][0]["name"] == request.stage:
        raise CollectionError(f"Stage {request.stage} cannot be rolled back, because it is the source stage.")


def _target(current_id: str, earlier: t.Iterable[Data], request: Request) -> str:
    known: list[str] = []
    for entry in earlier:
        execution_id = entry["pipelineExecutionId"]
        if execution_id == current_id or entry.get("executionType") == "ROLLBACK":
            continue
        if request.target_id in ("", execution_id):
            return str(execution_id)
        known.append(execution_id)
    where = f"in stage {request.stage} with the present version of pipeline {request.pipeline}"
    if not known:
        raise CollectionError(f"There is nothing to roll back to: no other execution succeeded {where}.")
    raise CollectionError(
        f"target_execution_id {request.target_id} cannot be rolled back to, because only these executions succeeded "
        f"{where}: {_listed(known[:5])}{' and older ones' if known[5:] else ''}."
    )
