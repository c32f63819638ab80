# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role habitat_pipeline as its user meets it: real ansible-playbook runs against the embedded AWS."""

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import dataclass
from pathlib import Path

import pytest

from embedded_aws.pipelines import eventually, zipped

PLAYBOOK = "playbooks/habitat_pipeline.yml"
ONE_LINE = {"ANSIBLE_CALLBACK_RESULT_FORMAT": "json", "ANSIBLE_CALLBACK_FORMAT_PRETTY": "false"}
STEP = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: containerci.aws.habitat_pipeline
        tasks_from: verify
"""


@dataclass(frozen=True)
class Run:
    """What a user has after a run: the exit status, the screen, and what it did to the account."""

    status: int
    output: str
    writes: list[str]

    @property
    def changed(self) -> int:
        return int(re.findall(r"changed=(\d+)", self.output)[-1])

    @property
    def refusal(self) -> str:
        """What the first failed task said."""
        found = re.search(r"FAILED! => (\{.*\})$", self.output, re.MULTILINE)
        assert found, self.output
        return str(json.loads(found[1])["msg"]).replace("\n", " ")


@pytest.fixture
def role(aws: t.Any, run_playbook: t.Any, tmp_path: Path) -> t.Callable[..., Run]:
    """Runs the role; keyword arguments are its options without their prefix."""

    def run(*options: str, verify: bool = False, **given: t.Any) -> Run:
        defaults = {"origin": "acme", "accept_license": True}
        variables = {f"habitat_pipeline_{name}": value for name, value in {**defaults, **given}.items()}
        step = tmp_path / "verify.yml"
        step.write_text(STEP)
        aws.forget()
        playbook = str(step) if verify else PLAYBOOK
        status, output = run_playbook(playbook, *options, environment=ONE_LINE, **variables)
        return Run(status, output, [entry["operation"] for entry in aws.log("write")])

    return run


def outputs(aws: t.Any, stack: str = "habitat-pipeline") -> dict[str, str]:
    found = aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}


def buckets(aws: t.Any) -> set[str]:
    return {bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"origin": ""}, "habitat_pipeline_origin is '', but it must name the origin"),
        ({"origin": "Acme"}, "habitat_pipeline_origin is 'Acme', but it must name the origin"),
        ({"accept_license": False}, "habitat_pipeline_accept_license is false, but hab does nothing before"),
        ({"stack_name": "1st"}, "habitat_pipeline_stack_name is '1st', but it must begin with a letter"),
        ({"vpc_id": "vpc-0123"}, "habitat_pipeline_vpc_id is 'vpc-0123' and habitat_pipeline_subnet_ids is []"),
        ({"email": "me"}, "habitat_pipeline_email is 'me', but it must be a mail address"),
        ({"runner_concurrency": 3}, "habitat_pipeline_runner_concurrency is 3, but it must be 0, 1 or 2"),
        ({"build_timeout": 5}, "habitat_pipeline_build_timeout is 5, but it must be 60 to 36000 seconds"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_mistake_is_told_before_anything_is_written(role: t.Any, given: dict[str, t.Any], expected: str) -> None:
    run = role(**given)
    assert expected in run.refusal
    assert run.writes == []


def test_check_mode_foresees_the_run_and_the_second_run_changes_nothing(role: t.Any, aws: t.Any) -> None:
    foreseen = role("--check", "--diff")
    assert (foreseen.status, foreseen.writes) == (0, [])
    made = role()
    assert (made.status, made.changed) == (0, foreseen.changed)
    again = role()
    assert (again.status, again.changed, again.writes) == (0, 0, [])
    verified = role(verify=True)
    assert verified.status == 0, verified.output


def test_the_function_is_the_archive_that_was_uploaded(role: t.Any, aws: t.Any) -> None:
    assert role().status == 0
    bucket = outputs(aws, "habitat-pipeline-code")["BucketName"]
    s3, function = aws.client("s3"), outputs(aws)["RunnerName"]
    keys = {item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]}
    assert {key.split("/")[0] for key in keys} == {"runner", "scripts"}
    runner = next(key for key in keys if key.startswith("runner/"))
    body = s3.get_object(Bucket=bucket, Key=runner)["Body"].read()
    found = aws.client("lambda").get_function_configuration(FunctionName=function)
    assert (found["CodeSize"], found["Handler"]) == (len(body), "habitat_runner.handler.handle")
    assert found["Runtime"] == "python3.13"


def test_a_box_in_a_network_of_ones_own(role: t.Any, aws: t.Any) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/24")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.1.0.0/25")["Subnet"]["SubnetId"]
    given = {"vpc_id": vpc, "subnet_ids": [subnet], "email": "me@example.com", "channel": "prod"}
    assert role(**given).status == 0
    verified = role(verify=True, **given)
    assert verified.status == 0, verified.output


def test_an_upload_starts_the_pipeline_and_its_failure_is_a_sentence(role: t.Any, aws: t.Any) -> None:
    """Without a box the runner would wait for ten minutes; a document that is gone fails at once."""
    assert role().status == 0
    aws.client("ssm").delete_document(Name="habitat-pipeline-Stage-SourceCode")
    bucket, codepipeline = outputs(aws)["SourceBucketName"], aws.client("codepipeline")
    aws.client("s3").put_object(Bucket=bucket, Key="source.zip", Body=zipped(**{"plan.sh": "pkg_name=app"}))

    def failed() -> list[str]:
        stages = codepipeline.get_pipeline_state(name="habitat-pipeline")["stageStates"]
        runs = [action.get("latestExecution", {}) for stage in stages for action in stage["actionStates"]]
        return [run["errorDetails"]["message"] for run in runs if "Stage-SourceCode" in str(run.get("errorDetails"))]

    message = eventually(failed, "the action fails")[0]
    assert message.startswith("Stage-SourceCode failed: AWS refused SendCommand: InvalidDocument")


def test_the_spec_notices_what_somebody_changed(role: t.Any, aws: t.Any) -> None:
    assert role().status == 0
    aws.client("s3").delete_public_access_block(Bucket=outputs(aws)["ArtifactBucketName"])
    aws.client("logs").put_retention_policy(logGroupName=outputs(aws)["CommandLogGroupName"], retentionInDays=365)
    run = role(verify=True)
    assert run.status != 0
    assert "are closed to the public (FAILED" in run.output
    assert re.search(r"are kept for a month \(log group .*CommandLogGroup.*\(FAILED", run.output)


@pytest.mark.parametrize(("fate", "stay"), [("retain", True), ("delete", False)])
def test_the_buckets_stay_unless_they_shall_go(role: t.Any, aws: t.Any, fate: str, stay: bool) -> None:
    assert role().status == 0
    made = buckets(aws)
    assert len(made) == 3
    assert role("--check", state="absent", buckets=fate).writes == []
    gone = role(state="absent", buckets=fate)
    assert gone.status == 0
    assert all(name in gone.output for name in made)
    assert buckets(aws) == (made if stay else set())
    assert role(state="absent", buckets=fate).changed == 0
