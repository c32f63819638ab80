# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a long command costs in Lambda time: the runner of habitat_pipeline beside one that polls until the end.

Both have the same command done in the same run, as actions of a pipeline in the embedded AWS, with functions and a
command that really run. What is compared is the billed duration in the logs of the functions. CodePipeline does not say
how soon it invokes a function again; PAUSE is that time.

scripts/run python benchmarks/habitat_runner.py [SECONDS [PAUSE]]
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RUNNER = ROOT / "roles" / "habitat_pipeline" / "files"
sys.path.insert(0, str(ROOT / "tests" / "doubles" / "aws"))

from embedded_aws.pipelines import ENDED, Pipelines, action, eventually, stage, zipped  # noqa: E402
from embedded_aws.testing import EmbeddedAws  # noqa: E402

POLLING = """
import json, os, time, boto3

def handle(event, context):
    job = event["CodePipeline.job"]
    wanted = json.loads(job["data"]["actionConfiguration"]["configuration"]["UserParameters"])
    ssm, codepipeline = boto3.client("ssm"), boto3.client("codepipeline")
    box = ssm.describe_instance_information()["InstanceInformationList"][0]["InstanceId"]
    parameters = {"Execution": [wanted["execution"]], "Key": [job["id"] + ".0"], "Timeout": ["3600"]}
    command = ssm.send_command(DocumentName="app-Initialize-Habitat", InstanceIds=[box], Parameters=parameters)
    wanted = {"CommandId": command["Command"]["CommandId"], "InstanceId": box}
    status = ""
    while status != "Success":
        time.sleep(2)
        status = ssm.list_command_invocations(**wanted)["CommandInvocations"][0]["Status"]
    codepipeline.put_job_success_result(jobId=job["id"])
"""
REPORT = "echo outcome=succeeded; echo; echo"
PARAMETERS = {"action": "Initialize-Habitat", "execution": "#{codepipeline.PipelineExecutionId}", "timeout": 3600}


def trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def document(seconds: int) -> str:
    def step(name: str, *lines: str) -> dict[str, Any]:
        return {"action": "aws:runShellScript", "name": name, "inputs": {"runCommand": ["#!/bin/bash", *lines]}}

    parameters = {name: {"type": "String"} for name in ("Execution", "Key", "Timeout")}
    steps = [step("action", f"sleep {seconds}"), step("report", REPORT)]
    return json.dumps({"schemaVersion": "2.2", "parameters": parameters, "mainSteps": steps})


def make_box(aws: EmbeddedAws) -> None:
    """An instance with a profile and the tag that the runner looks for."""
    iam = aws.client("iam")
    iam.create_role(RoleName="box", AssumeRolePolicyDocument=trust("ec2"))
    profile = iam.create_instance_profile(InstanceProfileName="box")["InstanceProfile"]["Arn"]
    iam.add_role_to_instance_profile(InstanceProfileName="box", RoleName="box")
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "habitat-pipeline", "Value": "app"}]}]
    ec2 = aws.client("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    ec2.run_instances(
        ImageId=image, MinCount=1, MaxCount=1, IamInstanceProfile={"Arn": profile}, TagSpecifications=tags
    )


def make_function(aws: EmbeddedAws, name: str, handler: str, code: bytes) -> None:
    variables = {"PIPELINE": "demo", "DOCUMENT_PREFIX": "app", "BOX_TAG": "habitat-pipeline=app", "LOG_GROUP": "/box"}
    aws.client("lambda").create_function(
        FunctionName=name,
        Role="arn:aws:iam::123456789012:role/function",
        Runtime="python3.13",
        Handler=handler,
        Timeout=900,
        Code={"ZipFile": code},
        Environment={"Variables": variables},
    )


def billed(aws: EmbeddedAws, name: str) -> tuple[float, int]:
    """Seconds, and the number of invocations."""
    pages = aws.client("logs").get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{name}")
    text = "\n".join(event["message"] for page in pages for event in page["events"])
    times = [int(found) for found in re.findall(r"Billed Duration: (\d+) ms", text)]
    return sum(times) / 1000, len(times)


def main(seconds: int, pause: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        aws = EmbeddedAws(Path(folder) / "server.log")
        try:
            aws.configure(codepipeline_continuation=pause)
            pipelines = Pipelines(aws)
            pipelines.prepare()
            make_box(aws)
            aws.client("iam").create_role(RoleName="function", AssumeRolePolicyDocument=trust("lambda"))
            aws.client("ssm").create_document(
                Name="app-Initialize-Habitat", Content=document(seconds), DocumentType="Command"
            )
            command = [sys.executable, str(RUNNER / "archive.py"), str(RUNNER / "habitat_runner"), "habitat_runner"]
            packed = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
            make_function(aws, "runner", "habitat_runner.handler.handle", base64.b64decode(packed["base64"]))
            make_function(aws, "polling", "index.handle", zipped(**{"index.py": POLLING}))
            both = [
                action("Invoke/AWS/Lambda", name, {"FunctionName": name, "UserParameters": json.dumps(PARAMETERS)})
                for name in ("runner", "polling")
            ]
            execution = pipelines.create(stage("Work", *both))
            status = eventually_ended(pipelines, execution, seconds + 300)
            ours, theirs = billed(aws, "runner"), billed(aws, "polling")
        finally:
            aws.stop()
    assert status == "Succeeded", status
    print(f"a command of {seconds} s, invoked again after {pause} s:")
    print(
        f"runner : polling = {ours[0] / theirs[0]:.3f} ({ours[0]:.1f} s in {ours[1]} invocations : {theirs[0]:.1f} s)"
    )


def eventually_ended(pipelines: Pipelines, execution: str, seconds: float) -> str:
    def ended() -> str | None:
        found = str(pipelines.execution(execution)["status"])
        return found if found in ENDED else None

    return str(eventually(ended, "the pipeline ends", seconds))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300, float(sys.argv[2]) if len(sys.argv) > 2 else 30.0)
