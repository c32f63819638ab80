# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build and test actions: a build of CodeBuild with the artifacts of the pipeline."""

from __future__ import annotations

import json
from typing import Any

from ....processes import pause
from ..executions import ActionFailed, Artifact, Outcome
from .work import Work

POLL = 0.05


def build(work: Work) -> Outcome:
    codebuild = work.client("codebuild")
    started = codebuild.start_build(projectName=work.configuration["ProjectName"], **_request(work))["build"]
    while work.run.status == "InProgress":
        found = codebuild.batch_get_builds(ids=[started["id"]])["builds"][0]
        if found["buildComplete"]:
            return _outcome(found)
        pause(POLL)
    return Outcome("Abandoned")


def _request(work: Work) -> dict[str, Any]:
    primary = _primary(work)
    outputs = work.declare_outputs()
    artifacts = {"type": "CODEPIPELINE"} | ({"location": _arn(outputs[0])} if len(outputs) == 1 else {})
    others = outputs if len(outputs) > 1 else []
    return {
        "sourceTypeOverride": "CODEPIPELINE",
        "sourceVersion": _arn(primary),
        "secondarySourcesOverride": [
            {"type": "CODEPIPELINE", "location": _arn(artifact), "sourceIdentifier": artifact.name}
            for artifact in work.run.inputs
            if artifact is not primary
        ],
        "artifactsOverride": artifacts,
        "secondaryArtifactsOverride": [
            {"type": "CODEPIPELINE", "location": _arn(artifact), "artifactIdentifier": artifact.name}
            for artifact in others
        ],
        "environmentVariablesOverride": _variables(work.configuration.get("EnvironmentVariables", "[]")),
        **({"buildspecOverride": work.configuration["BuildspecOverride"]} if _has_buildspec(work) else {}),
    }


def _has_buildspec(work: Work) -> bool:
    return "BuildspecOverride" in work.configuration


def _primary(work: Work) -> Artifact:
    wanted = work.configuration.get("PrimarySource")
    if wanted is None and len(work.run.inputs) > 1:
        raise ActionFailed(
            "The action has more than one input artifact, so that its configuration needs PrimarySource",
            "ConfigurationError",
        )
    return work.input(wanted)


def _arn(artifact: Artifact) -> str:
    return f"arn:aws:s3:::{artifact.bucket}/{artifact.key}"


def _variables(text: str) -> list[dict[str, str]]:
    try:
        found = json.loads(text)
        return [{"type": "PLAINTEXT", **item} for item in found]
    except (ValueError, TypeError) as error:
        message = f"EnvironmentVariables is not a JSON list of objects: {text}"
        raise ActionFailed(message, "ConfigurationError") from error


def _outcome(found: dict[str, Any]) -> Outcome:
    url = found.get("logs", {}).get("deepLink")
    if found["buildStatus"] == "SUCCEEDED":
        variables = {item["name"]: item["value"] for item in found.get("exportedEnvironmentVariables", [])}
        return Outcome("Succeeded", "Build succeeded", found["id"], url, variables=variables)
    phase = next((item for item in found["phases"] if item.get("phaseStatus", "SUCCEEDED") != "SUCCEEDED"), None)
    message = f"Build terminated with state: {found['buildStatus']}"
    if phase is not None:
        context = phase.get("contexts", [{}])[0]
        message += (
            f". Phase: {phase['phaseType']}, Code: {context.get('statusCode', '')},"
            f" Message: {context.get('message', '')}"
        )
    return Outcome("Failed", message, found["id"], url, error={"code": "JobFailed", "message": message})
