# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Promises of the CloudFormation template of habitat_pipeline and of the archives beside it, read as data."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import typing as t
import zipfile
from pathlib import Path

import pytest
import yaml

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import load

ROLE = Path(__file__).resolve().parents[2] / "roles" / "habitat_pipeline"
TEMPLATE = load((ROLE / "files" / "habitat_pipeline.yaml").read_text())
RESOURCES = TEMPLATE.resources
sys.path.insert(0, str(ROLE / "files"))

from habitat_runner import job  # noqa: E402

# The actions that IAM cannot narrow to a resource, by the service authorization reference.
WITHOUT_RESOURCE = re.compile(
    r"codepipeline:PutJob(Failure|Success)Result|ec2messages:\w+|ssmmessages:\w+|ssm:UpdateInstanceInformation"
    r"|ssm:(CancelCommand|DescribeInstanceInformation|ListCommandInvocations|ListCommands)"
)


def documents() -> dict[str, dict[str, t.Any]]:
    """The content of each document by the action that it is for."""
    found = [resource["Properties"] for resource in RESOURCES.values() if resource["Type"] == "AWS::SSM::Document"]
    return {item["Name"]["Fn::Sub"].removeprefix("${AWS::StackName}-"): item["Content"] for item in found}


def invocations() -> list[dict[str, t.Any]]:
    stages = RESOURCES["Pipeline"]["Properties"]["Stages"]
    actions = [action for stage in stages for action in stage["Actions"]]
    return [action for action in actions if action["ActionTypeId"]["Provider"] == "Lambda"]


def lines(action: str) -> str:
    return json.dumps(documents()[action]["mainSteps"])


def test_every_parameter_is_an_option_of_the_role() -> None:
    variables = yaml.safe_load((ROLE / "vars" / "main.yml").read_text())
    assert set(variables["__habitat_pipeline_parameters"]) == set(TEMPLATE.parameters)


def test_there_is_one_document_for_each_action_of_the_pipeline() -> None:
    assert set(documents()) == set(job.ACTIONS) == {action["Name"] for action in invocations()}


@pytest.mark.parametrize("action", job.ACTIONS)
def test_a_document_takes_what_the_runner_gives(action: str) -> None:
    parameters = documents()[action]["parameters"]
    needed = {name for name, parameter in parameters.items() if "default" not in parameter}
    assert needed == {"Execution", "Key", "Timeout", *job.ACTIONS[action]}


@pytest.mark.parametrize("action", job.ACTIONS)
def test_a_document_checks_and_hands_on_each_of_its_parameters(action: str) -> None:
    for name, parameter in documents()[action]["parameters"].items():
        assert parameter["type"] == "String"
        pattern = parameter.get("allowedPattern")
        assert pattern or parameter["allowedValues"] == ["true", "false"]
        assert not pattern or not re.fullmatch(pattern, "x'; rm -rf / #")
        if name not in ("Execution", "Key", "Timeout"):
            assert re.search(rf"\b[A-Z_]+='{{{{ {name} }}}}'", lines(action))


@pytest.mark.parametrize("action", job.ACTIONS)
def test_what_a_document_runs_is_bash(action: str) -> None:
    mapping = TEMPLATE.section("Mappings")["Script"]

    def text(line: t.Any) -> str:
        if isinstance(line, str):
            return line
        return line["Fn::Sub"] if "Fn::Sub" in line else mapping[line["Fn::FindInMap"][1]]["Text"]

    for step in documents()[action]["mainSteps"]:
        script = "\n".join(text(line) for line in step["inputs"]["runCommand"])
        assert script.startswith("#!/bin/bash\n")
        done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
        assert done.stderr == ""


@pytest.mark.parametrize("action", invocations(), ids=lambda action: action["Name"])
def test_the_pipeline_tells_the_runner_what_it_accepts(action: dict[str, t.Any]) -> None:
    text = action["Configuration"]["UserParameters"]
    given = (text["Fn::Sub"] if isinstance(text, dict) else text).replace("${BuildTimeout}", "3600")
    given = given.replace("#{codepipeline.PipelineExecutionId}", "11111111-2222-3333-4444-555555555555")
    assert job.user_parameters(given)["action"] == action["Name"]
    artifacts = [item["Name"] for item in [*action.get("InputArtifacts", []), *action.get("OutputArtifacts", [])]]
    assert set(job.ACTIONS[action["Name"]]) <= set(artifacts)


def test_a_person_is_asked_right_before_publishing() -> None:
    acceptance = RESOURCES["Pipeline"]["Properties"]["Stages"][-1]["Actions"]
    order = {action["Name"]: action["RunOrder"] for action in acceptance}
    assert order["Test-HabitatPackage"] < order["Approve"] < order["Publish-HabitatPackage"] == max(order.values())


def test_every_role_names_actions_and_resources() -> None:
    for resource in RESOURCES.values():
        for policy in resource["Properties"].get("Policies", []) if resource["Type"] == "AWS::IAM::Role" else []:
            for statement in policy["PolicyDocument"]["Statement"]:
                actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                assert not [action for action in actions if "*" in action]
                if statement["Resource"] == "*":
                    assert not [action for action in actions if not WITHOUT_RESOURCE.fullmatch(action)]


def test_nobody_can_log_in_to_the_box() -> None:
    data = RESOURCES["BoxTemplate"]["Properties"]["LaunchTemplateData"]
    assert "KeyName" not in data
    options = {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": "1"}
    assert data["MetadataOptions"] == options
    assert "SecurityGroupIngress" not in RESOURCES["BoxSecurityGroup"]["Properties"]


def test_the_setup_of_the_box_is_bash() -> None:
    data = RESOURCES["BoxTemplate"]["Properties"]["LaunchTemplateData"]["UserData"]["Fn::Base64"]["Fn::Sub"]
    script = re.sub(r"\$\{(\w+)\}", "value", data)
    done = subprocess.run(["shellcheck", "-"], input=script, capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_logs_end_and_failed_invocations_are_not_repeated() -> None:
    groups = [item for item in RESOURCES.values() if item["Type"] == "AWS::Logs::LogGroup"]
    assert [item["Properties"]["RetentionInDays"] for item in groups] == ["30", "30"]
    assert RESOURCES["RunnerInvocations"]["Properties"]["MaximumRetryAttempts"] == "0"


def packed(folder: Path, *prefix: str) -> dict[str, str]:
    command = [sys.executable, str(ROLE / "files" / "archive.py"), str(folder), *prefix]
    return t.cast("dict[str, str]", json.loads(subprocess.run(command, capture_output=True, check=True).stdout))


def test_the_archive_depends_on_its_files_alone(tmp_path: Path) -> None:
    source = ROLE / "files" / "habitat_runner"
    copy = tmp_path / "other" / "runner"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"), copy_function=shutil.copyfile)
    first, second = packed(source, "habitat_runner"), packed(copy, "habitat_runner")
    assert first == second
    content = base64.b64decode(first["base64"])
    assert hashlib.sha256(content).hexdigest() == first["sha256"]
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert "habitat_runner/handler.py" in names
    assert not [name for name in names if "__pycache__" in name]
    (copy / "handler.py").write_text("changed")
    assert packed(copy, "habitat_runner")["sha256"] != first["sha256"]
