# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the actions of an execution say, as JSON: told.py EXECUTION"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from typing import Any

import boto3

PIPELINE = "habitat-pipeline"


def texts(place: dict[str, str]) -> dict[str, str]:
    body = boto3.client("s3").get_object(Bucket=place["bucket"], Key=place["key"])["Body"].read()
    archive = zipfile.ZipFile(io.BytesIO(body))
    return {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}


def told(run: dict[str, Any], commands: dict[str, str]) -> dict[str, Any]:
    output = run.get("output", {})
    has_artifacts = run["actionName"] != "Source" and run["status"] == "Succeeded"
    artifacts = output.get("outputArtifacts", []) if has_artifacts else []
    return {
        "status": run["status"],
        "summary": output.get("executionResult", {}).get("externalExecutionSummary", ""),
        "variables": output.get("outputVariables", {}),
        "command": commands.get(f"{PIPELINE}-{run['actionName']}", ""),
        "artifacts": {name: text for item in artifacts for name, text in texts(item["s3location"]).items()},
    }


def commands_of(execution: str) -> dict[str, str]:
    """What became of the command with each document."""
    pages = boto3.client("ssm").get_paginator("list_commands").paginate()
    commands = [command for page in pages for command in page["Commands"]]
    mine = [command for command in commands if command["Parameters"].get("Execution") == [execution]]
    return {command["DocumentName"]: command["Status"] for command in mine}


def main(execution: str) -> None:
    codepipeline: Any = boto3.client("codepipeline")
    wanted = {"pipelineExecutionId": execution}
    runs = codepipeline.list_action_executions(pipelineName=PIPELINE, filter=wanted)["actionExecutionDetails"]
    commands = commands_of(execution)
    print(json.dumps({run["actionName"]: told(run, commands) for run in runs}))


if __name__ == "__main__":
    main(*sys.argv[1:])
