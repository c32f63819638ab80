# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Promises of the CloudFormation template of manual_approval, read from the template as data."""

from __future__ import annotations

import io
import json
import typing as t
import zipfile
from pathlib import Path
from unittest import mock

import pytest
import yaml

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import load

ROLE = Path(__file__).resolve().parents[2] / "roles" / "manual_approval"
TEXT = (ROLE / "files" / "manual_approval.yaml").read_text()
TEMPLATE = load(TEXT)
RESOURCES = TEMPLATE.resources

# The actions that IAM cannot narrow to a resource, by the service authorization reference.
WITHOUT_RESOURCE = {"codepipeline:PutJobFailureResult", "codepipeline:PutJobSuccessResult"}


def listed(value: t.Any) -> list[t.Any]:
    return value if isinstance(value, list) else [value]


def chosen(node: t.Any, conditions: t.Mapping[str, bool]) -> t.Any:
    """The template as it is under these conditions."""
    if isinstance(node, dict):
        if list(node) == ["Fn::If"]:
            name, yes, no = node["Fn::If"]
            return chosen(yes if conditions[name] else no, conditions)
        return {key: chosen(value, conditions) for key, value in node.items() if not is_nothing(value, conditions)}
    if isinstance(node, list):
        return [chosen(item, conditions) for item in node if not is_nothing(item, conditions)]
    return node


def is_nothing(node: t.Any, conditions: t.Mapping[str, bool]) -> bool:
    while isinstance(node, dict) and list(node) == ["Fn::If"]:
        name, yes, no = node["Fn::If"]
        node = yes if conditions[name] else no
    return node == {"Ref": "AWS::NoValue"}


def conditions(source: str = "CodeCommit", **more: bool) -> dict[str, bool]:
    sources = {name: name == f"From{source}" for name in ("FromCodeCommit", "FromConnection", "FromS3")}
    return {**dict.fromkeys(TEMPLATE.section("Conditions"), False), **sources, **more}


def stages(**more: bool) -> list[dict[str, t.Any]]:
    return t.cast("list[dict[str, t.Any]]", chosen(RESOURCES["Pipeline"], conditions(**more))["Properties"]["Stages"])


def statements() -> list[tuple[str, dict[str, t.Any]]]:
    """What the roles allow, whatever the source."""
    found = []
    for name, role in RESOURCES.items():
        for policy in role.get("Properties", {}).get("Policies", []) if role["Type"] == "AWS::IAM::Role" else []:
            for entry in policy["PolicyDocument"]["Statement"]:
                found.append((name, entry["Fn::If"][1] if "Fn::If" in entry else entry))
    return found


def test_the_promised_parameters_and_outputs_exist() -> None:
    assert {"RepositoryName", "RepositoryBranch", "SNSTopic", "Email"} <= set(TEMPLATE.parameters)
    assert "PipelineUrl" in TEMPLATE.section("Outputs")


def test_every_parameter_is_an_option_of_the_role() -> None:
    variables = yaml.safe_load((ROLE / "vars" / "main.yml").read_text())
    assert set(variables["__manual_approval_parameters"]) | {"ExploratoryTesting"} == set(TEMPLATE.parameters)


@pytest.mark.parametrize(("name", "statement"), statements())
def test_permissions_are_narrow(name: str, statement: dict[str, t.Any]) -> None:
    actions = set(listed(statement["Action"]))
    assert not [action for action in actions if "*" in action]
    if "*" in listed(statement["Resource"]):
        assert actions <= WITHOUT_RESOURCE


@pytest.mark.parametrize("source", ["CodeCommit", "Connection", "S3"])
def test_every_source_hands_over_the_same_artifact(source: str) -> None:
    (action,) = stages(source=source)[0]["Actions"]
    assert (action["ActionTypeId"]["Category"], action["OutputArtifacts"]) == ("Source", [{"Name": "Source"}])


def test_exploratory_testing_is_all_that_its_condition_changes() -> None:
    without, with_it = stages(), stages(HasExploratoryTesting=True)
    assert [stage["Name"] for stage in without] == ["Source", "Build", "Staging", "Production"]
    assert [stage["Name"] for stage in with_it] == ["Source", "Build", "Staging", "ExploratoryTesting", "Production"]
    assert [stage for stage in with_it if stage["Name"] != "ExploratoryTesting"] == without
    uses = [name for name, resource in RESOURCES.items() if "HasExploratoryTesting" in json.dumps(resource)]
    assert uses == ["Pipeline"]


@pytest.mark.parametrize("name", ["ArtifactBucket", "EnvironmentBucket"])
def test_buckets_are_closed_encrypted_and_outlive_the_stack(name: str) -> None:
    bucket, policy = RESOURCES[name], RESOURCES[f"{name}Policy"]["Properties"]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {"true"}
    assert bucket["Properties"]["BucketEncryption"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_template_fits_into_a_request() -> None:
    assert len(TEXT.encode()) <= 51_200


class Bucket:
    """A bucket in memory, as the resource of boto3."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.objects = self

    def put_object(self, Key: str, Body: bytes) -> None:  # noqa: N803 (as the SDK names them)
        self.content[Key] = Body

    def filter(self, Prefix: str) -> list[t.Any]:  # noqa: N803
        return [mock.Mock(key=key, **self._acts(key)) for key in list(self.content) if key.startswith(Prefix)]

    def _acts(self, key: str) -> dict[str, t.Any]:
        return {
            "delete": lambda: self.content.pop(key),
            "get": lambda: {"Body": io.BytesIO(self.content[key])},
        }


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> dict[str, t.Any]:
    """The code of the function, and the bucket that it deploys to."""
    bucket = Bucket()
    monkeypatch.setenv("BUCKET", "environments")
    monkeypatch.setattr("boto3.resource", lambda _service: mock.Mock(Bucket=lambda _name: bucket))
    code: dict[str, t.Any] = {"bucket": bucket}
    exec(RESOURCES["Function"]["Properties"]["Code"]["ZipFile"], code)
    return code


def test_a_deployment_replaces_what_was_there_and_nothing_else(function: dict[str, t.Any]) -> None:
    function["bucket"].content = {"staging/old.html": b"", "staging/index.html": b"1", "production/old.html": b""}
    function["deploy"]("staging", {"index.html": b"2", "a/b.css": b"c"})
    assert function["bucket"].content == {
        "staging/index.html": b"2",
        "staging/a/b.css": b"c",
        "production/old.html": b"",
    }
    assert (
        function["test"]("staging", {"index.html": b"2", "a/b.css": b"c"}) == "Files in staging as they were built: 2"
    )


@pytest.mark.parametrize("there", [{}, {"staging/index.html": b"1"}, {"staging/index.html": b"2", "staging/x": b""}])
def test_a_test_notices_what_is_missing_wrong_or_too_much(function: dict[str, t.Any], there: dict[str, bytes]) -> None:
    function["bucket"].content = there
    with pytest.raises(AssertionError, match="staging does not hold what was built"):
        function["test"]("staging", {"index.html": b"2"})


def test_a_failure_ends_the_job(function: dict[str, t.Any], monkeypatch: pytest.MonkeyPatch) -> None:
    codepipeline = mock.Mock()
    monkeypatch.setattr("boto3.client", lambda *_name, **_options: codepipeline)
    data = {"actionConfiguration": {"configuration": {"UserParameters": '{"environment": "staging", "step": "dploy"}'}}}
    function["handler"]({"CodePipeline.job": {"id": "7", "data": data}}, mock.Mock(aws_request_id="r"))
    (call,) = codepipeline.put_job_failure_result.mock_calls
    assert call.kwargs["jobId"] == "7"
    assert "dploy" in call.kwargs["failureDetails"]["message"]


def test_the_build_is_read_with_the_credentials_of_the_job(
    function: dict[str, t.Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("site/", "")
        archive.writestr("site/index.html", "<p>")
    used: dict[str, t.Any] = {}

    def client(_service: str, **options: t.Any) -> mock.Mock:
        used.update(options)
        return mock.Mock(get_object=lambda **_place: {"Body": io.BytesIO(packed.getvalue())})

    monkeypatch.setattr("boto3.client", client)
    keys = {"accessKeyId": "AKIA", "secretAccessKey": "s", "sessionToken": "t"}
    place = {"location": {"s3Location": {"bucketName": "b", "objectKey": "k"}}}
    assert function["built"]({"inputArtifacts": [place], "artifactCredentials": keys}) == {"site/index.html": b"<p>"}
    assert (used["aws_access_key_id"], used["aws_session_token"]) == ("AKIA", "t")
