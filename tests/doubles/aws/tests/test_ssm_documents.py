# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command documents: what they may be, their parameters, and commands of several steps."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from embedded_aws.pipelines import eventually
from embedded_aws.services.ssm import documents
from embedded_aws.services.ssm.errors import SsmError
from embedded_aws.testing import code_of


def step(name: str, *lines: str, action: str = documents.SHELL, **options: Any) -> dict[str, Any]:
    inputs = {"runCommand": list(lines), **options.pop("inputs", {})}
    return {"action": action, "name": name, "inputs": inputs, **options}


def document(*steps: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    return {"schemaVersion": "2.2", "parameters": parameters, "mainSteps": list(steps)}


STRING = {"type": "String"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ([], "schema version"),
        ({"schemaVersion": "9"}, "schema version, 9"),
        ({"schemaVersion": "2.2", "mainSteps": []}, "must have mainSteps"),
        ({"schemaVersion": "1.2"}, "must have a runtimeConfig"),
        (document(step("a b", "true")), "step name 'a b'"),
        (document(step("a", "true"), step("a", "true")), "not unique"),
        (document(step("a", "true", action="")), "step a has no action"),
        (document(step("a", "echo {{ colour }}")), "parameter colour is used and not defined"),
        (document(step("a", "true"), colour={"type": "Colour"}), "Parameter colour must have a type"),
    ],
)
def test_documents_that_aws_refuses(content, problem):
    with pytest.raises(SsmError, match=problem) as refused:
        documents.check(content)
    assert refused.value.code == "InvalidDocumentContent"


@pytest.mark.parametrize(
    ("declared", "given", "value"),
    [
        (STRING, ["a"], "a"),
        ({"type": "String", "default": "b"}, None, "b"),
        ({"type": "StringList"}, ["a", "b"], ["a", "b"]),
        ({"type": "Integer"}, ["-7"], "-7"),
        ({"type": "StringMap"}, ['{"a": "b"}'], {"a": "b"}),
        ({"type": "String", "allowedValues": ["build", "test"]}, ["test"], "test"),
    ],
)
def test_values_of_parameters(declared, given, value):
    assert documents.values({"parameters": {"p": declared}}, {"p": given} if given else {}) == {"p": value}


@pytest.mark.parametrize(
    ("declared", "given", "problem"),
    [
        (STRING, None, "p has no value and no default"),
        (STRING, ["a", "b"], "p takes one value"),
        ({"type": "String", "allowedPattern": "[a-z]+"}, ["a1"], r"p does not match \[a-z\]\+"),
        ({"type": "String", "allowedValues": ["build", "test"]}, ["live"], "p must be one of build, test"),
        ({"type": "String", "maxChars": 2}, ["abc"], "p is too short or too long"),
        ({"type": "StringList", "minItems": 1}, [], "p has too few or too many values"),
        ({"type": "Integer"}, ["x"], "p must be an integer"),
        ({"type": "Boolean"}, ["x"], "p must be true or false"),
    ],
)
def test_values_that_aws_refuses(declared, given, problem):
    with pytest.raises(SsmError, match=problem) as refused:
        documents.values({"parameters": {"p": declared}}, {} if given is None else {"p": given})
    assert refused.value.code == "InvalidParameters"


@pytest.mark.parametrize(
    ("node", "result"),
    [
        ("{{ list }}", ["a", "b"]),
        (["first", "{{list}}", "last"], ["first", "a", "b", "last"]),
        ("echo {{ text }} {{ text }}", "echo x x"),
        ("{{ list }}!", '["a", "b"]!'),
        ({"k": ["{{ text }}"]}, {"k": ["x"]}),
        ("{{ other }} and {{ global:DATE }}", "{{ other }} and {{ global:DATE }}"),
    ],
)
def test_parameters_are_put_in(node, result):
    assert documents.rendered(node, {"list": ["a", "b"], "text": "x"}) == result


@pytest.fixture
def ssm(aws) -> Any:
    return aws.client("ssm")


def create(ssm, content: Any, form: str = "JSON", **options: Any) -> dict[str, Any]:
    text = json.dumps(content) if form == "JSON" else yaml.safe_dump(content)
    given = {"Name": "Work", "Content": text, "DocumentFormat": form, **options}
    return ssm.create_document(**given)["DocumentDescription"]


def run(ssm, instance: str, **options: Any) -> dict[str, Any]:
    """The invocation with its details, once it has ended."""
    sent = ssm.send_command(**{"DocumentName": "Work", "InstanceIds": [instance], **options})["Command"]

    def found() -> dict[str, Any] | None:
        listed = ssm.list_command_invocations(CommandId=sent["CommandId"], Details=True)["CommandInvocations"][0]
        return None if listed["Status"] in ("Pending", "InProgress") else listed

    return eventually(found, "the command has ended")


def outcomes(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(item["Name"], item["StatusDetails"], item["Output"]) for item in found["CommandPlugins"]]


@pytest.mark.parametrize("form", ["JSON", "YAML"])
def test_a_document_of_ones_own_runs_with_its_parameters(ssm, launch, tmp_path, form):
    inputs = {"workingDirectory": str(tmp_path), "timeoutSeconds": "{{ seconds }}"}
    content = document(
        step("greet", "echo {{ who }} in $(pwd)", inputs=inputs),
        who={"type": "String", "allowedPattern": "[a-z]+"},
        seconds={"type": "String", "default": "9"},
    )
    assert create(ssm, content, form)["DocumentType"] == "Command"
    found = run(ssm, launch()[0], Parameters={"who": ["ann"]})
    assert outcomes(found) == [("greet", "Success", f"ann in {tmp_path}\n")]


def test_steps_run_one_after_the_other_and_the_first_failure_is_that_of_the_command(ssm, launch):
    windows = {"StringEquals": ["platformType", "Windows"]}
    create(
        ssm,
        document(
            step("one", "echo 1"),
            step("other", "echo never", precondition=windows),
            step("two", "exit 4"),
            step("three", "echo 3", inputs={"onFailure": "exit"}),
            step("four", "false", inputs={"onFailure": "exit"}),
            step("five", "echo never"),
        ),
    )
    box = launch()[0]
    found = run(ssm, box)
    assert (found["Status"], [item["ResponseCode"] for item in found["CommandPlugins"]]) == (
        "Failed",
        [0, 0, 4, 0, 1, -1],
    )
    assert outcomes(found) == [
        ("one", "Success", "1\n"),
        ("other", "Success", ""),
        ("two", "Failed", ""),
        ("three", "Success", "3\n"),
        ("four", "Failed", ""),
        ("five", "Skipped", ""),
    ]
    ask = {"CommandId": found["CommandId"], "InstanceId": box}
    assert ssm.get_command_invocation(**ask, PluginName="three")["StandardOutputContent"] == "3\n"
    for arguments in ({}, {"PluginName": "none"}):
        with pytest.raises(ssm.exceptions.InvalidPluginName):
            ssm.get_command_invocation(**ask, **arguments)


def test_an_action_that_the_double_does_not_run_says_so(ssm, launch):
    create(ssm, document(step("fetch", action="aws:downloadContent")))
    found = run(ssm, launch()[0])
    assert found["Status"] == "Failed"
    assert "The embedded AWS does not run aws:downloadContent" in found["CommandPlugins"][0]["Output"]


def test_a_command_takes_the_version_that_it_names(ssm, launch):
    create(ssm, document(step("say", "echo 1")))
    text = json.dumps(document(step("say", "echo 2")))
    ssm.update_document(Name="Work", Content=text, DocumentVersion="$LATEST")
    box = launch()[0]
    for version, said in (("$DEFAULT", "1\n"), ("$LATEST", "2\n"), ("2", "2\n")):
        assert outcomes(run(ssm, box, DocumentVersion=version)) == [("say", "Success", said)]
    ssm.update_document_default_version(Name="Work", DocumentVersion="2")
    assert outcomes(run(ssm, box)) == [("say", "Success", "2\n")]
    shown = ssm.describe_document(Name="Work")["Document"]
    assert (shown["DefaultVersion"], shown["PlatformTypes"]) == ("2", ["Linux", "MacOS"])


def test_the_documents_of_aws_are_there(ssm):
    shown = ssm.describe_document(Name="AWS-RunShellScript")["Document"]
    assert (shown["Owner"], [item["Name"] for item in shown["Parameters"]]) == (
        "Amazon",
        ["commands", "workingDirectory", "executionTimeout"],
    )


@pytest.mark.parametrize(
    ("content", "options", "code"),
    [
        (document(step("a", "{{ b }}")), {}, "InvalidDocumentContent"),
        ({"schemaVersion": "2.2"}, {}, "InvalidDocumentContent"),
        (document(step("a", "x" * 66_000)), {}, "MaxDocumentSizeExceeded"),
        (document(step("a", "true")), {"Content": "{"}, "InvalidDocumentContent"),
        (document(step("a", "true")), {"Name": "AWS-Mine"}, "ValidationException"),
    ],
)
def test_documents_that_the_api_refuses(ssm, content, options, code):
    assert code_of(create, ssm=ssm, content=content, **options) == code


def test_a_document_can_be_deleted_and_is_then_unknown(ssm, launch):
    create(ssm, document(step("a", "true")))
    ssm.delete_document(Name="Work")
    with pytest.raises(ssm.exceptions.InvalidDocument):
        run(ssm, launch()[0])
