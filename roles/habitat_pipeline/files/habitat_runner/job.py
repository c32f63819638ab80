# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The job that CodePipeline hands over: what is to be done, and where its artifacts lie."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from .continuation import Token, load
from .problems import Problem

EXECUTION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIMEOUT = range(30, 36_001)
#: what each action reads and writes; each artifact is a parameter of its document
ACTIONS: dict[str, tuple[str, ...]] = {
    "Stage-SourceCode": ("Source",),
    "Initialize-Habitat": (),
    "Test-StaticAnalysis": ("Source",),
    "Build-HabitatPackage": ("Source", "Package"),
    "Create-TestEnvironment": ("Package",),
    "Test-HabitatPackage": ("Source", "Package", "TestReport"),
    "Publish-HabitatPackage": ("Package",),
}
REQUIRED, OPTIONAL = {"action", "execution", "timeout"}, {"revision"}


@dataclass(frozen=True)
class Job:
    """parameters: those of the document; an artifact is bucket/key. The credentials of the job stay where they are."""

    id: str
    action: str
    execution: str
    timeout: int
    parameters: dict[str, str]
    token: Token | None


def job_of(event: dict[str, Any]) -> Job:
    given = event["CodePipeline.job"]
    data = given["data"]
    wanted = user_parameters(data["actionConfiguration"]["configuration"].get("UserParameters", ""))
    action, execution = wanted["action"], wanted["execution"]
    token = load(data["continuationToken"]) if data.get("continuationToken") else None
    if token and (token.action, token.execution) != (action, execution):
        raise Problem("ConfigurationError", f"the continuation token belongs to {token.action} of another execution")
    revision = {"Revision": wanted["revision"]} if "revision" in wanted else {}
    return Job(given["id"], action, execution, wanted["timeout"], {**artifacts(action, data), **revision}, token)


def user_parameters(text: str) -> dict[str, Any]:
    """Checked; whoever reads the pipeline reads them, so there is no place for a secret."""
    given = _object(text)
    if given["action"] not in ACTIONS:
        known = ", ".join(ACTIONS)
        raise Problem("ConfigurationError", f"the action {given['action']!r} is not known; known are {known}")
    if not isinstance(given["execution"], str) or not EXECUTION.fullmatch(given["execution"]):
        message = "the execution must be #{codepipeline.PipelineExecutionId}"
        raise Problem("ConfigurationError", f"{message}, and is {given['execution']!r}")
    # True and 60.0 are equal to numbers of the range, too.
    if isinstance(given["timeout"], (bool, float)) or given["timeout"] not in TIMEOUT:
        limits = f"{TIMEOUT.start} to {TIMEOUT.stop - 1}"
        raise Problem("ConfigurationError", f"the timeout is {given['timeout']!r}, but must be {limits} seconds")
    if not isinstance(given.get("revision", ""), str):
        raise Problem("ConfigurationError", f"the revision must be a text, and is {given['revision']!r}")
    return given


def _object(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise Problem("ConfigurationError", "UserParameters must be a JSON object")
    for what, names in (("lack", REQUIRED - set(given)), ("must not have", set(given) - REQUIRED - OPTIONAL)):
        if names:
            raise Problem("ConfigurationError", f"UserParameters {what} {', '.join(sorted(names))}")
    return given


def artifacts(action: str, data: dict[str, Any]) -> dict[str, str]:
    found = {}
    for item in [*data.get("inputArtifacts", []), *data.get("outputArtifacts", [])]:
        place = item["location"]["s3Location"]
        found[item["name"]] = f"{place['bucketName']}/{place['objectKey']}"
    missing = [name for name in ACTIONS[action] if name not in found]
    if missing:
        raise Problem("ConfigurationError", f"{action} needs the artifact {missing[0]}")
    return {name: found[name] for name in ACTIONS[action]}
