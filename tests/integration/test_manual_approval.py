# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role manual_approval as its user meets it: real ansible-playbook runs against the embedded AWS."""

from __future__ import annotations

import json
import re
import typing as t
from dataclasses import dataclass
from pathlib import Path

import pytest

from embedded_aws.pipelines import Pipelines, eventually, zipped

PLAYBOOK = "playbooks/manual_approval.yml"
ONE_LINE = {"ANSIBLE_CALLBACK_RESULT_FORMAT": "json", "ANSIBLE_CALLBACK_FORMAT_PRETTY": "false"}
CONNECTION = "arn:aws:codeconnections:us-east-1:123456789012:connection/0f0e0d0c-0b0a-4908-8706-050403020100"
STEP = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.include_role:
        name: containerci.aws.manual_approval
        tasks_from: "{{ step }}"
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
        return str(json.loads(found[1])["msg"])


@pytest.fixture
def role(aws: t.Any, run_playbook: t.Any, tmp_path: Path) -> t.Callable[..., Run]:
    """Runs the role, or one step of it; keyword arguments are its options without their prefix."""

    def run(*options: str, step: str = "", **given: t.Any) -> Run:
        variables = {f"manual_approval_{name}": value for name, value in {"repository_name": "shop", **given}.items()}
        playbook = tmp_path / "step.yml"
        playbook.write_text(STEP)
        aws.forget()
        where = (str(playbook), {"step": step, **variables}) if step else (PLAYBOOK, variables)
        status, output = run_playbook(where[0], *options, environment=ONE_LINE, **where[1])
        return Run(status, output, [entry["operation"] for entry in aws.log("write")])

    return run


def stages(aws: t.Any) -> list[str]:
    found = aws.client("codepipeline").get_pipeline(name="manual-approval")["pipeline"]["stages"]
    return [stage["name"] for stage in found]


def outputs(aws: t.Any) -> dict[str, str]:
    stack = aws.client("cloudformation").describe_stacks(StackName="manual-approval")["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def buckets(aws: t.Any) -> set[str]:
    return {bucket["Name"] for bucket in aws.client("s3").list_buckets()["Buckets"]}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"repository_name": ""}, "manual_approval_repository_name is '', but a source of CodeCommit needs"),
        ({"source_provider": "CodeStarSourceConnection"}, "manual_approval_connection_arn is '', but"),
        (
            {"source_provider": "S3", "source_bucket": "b"},
            "manual_approval_source_object_key is '', but a source in S3",
        ),
        ({"source_provider": "GitHub"}, "value of manual_approval_source_provider must be one of"),
        ({"email": "testers"}, "manual_approval_email is 'testers', but it must be a mail address"),
        ({"review_link": "staging"}, "manual_approval_review_link is 'staging', but it must be a URL"),
    ],
)
def test_a_mistake_is_told_before_anything_is_written(role: t.Any, given: dict[str, t.Any], expected: str) -> None:
    run = role(**given)
    assert run.status != 0
    assert expected in run.refusal.replace("\n", " ")
    assert run.writes == []


def test_a_step_needs_the_stack(role: t.Any) -> None:
    run = role(step="exploratory_testing", exploratory_testing=True)
    assert "There is no stack 'manual-approval' of this role" in run.refusal
    assert run.writes == []


def test_the_stage_of_the_api_survives_an_update_of_the_stack(role: t.Any, aws: t.Any) -> None:
    testing = {"exploratory_testing": True, "exploratory_testing_by": "api"}
    assert role("--check", **testing).writes == []
    assert role(**testing).status == 0
    assert "ExploratoryTesting" in stages(aws)
    assert role(**testing).changed == 0

    changed = role(**testing, repository_branch="next")
    assert (changed.status, changed.changed) == (0, 2)
    assert "ExploratoryTesting" in stages(aws)
    assert role(**testing, repository_branch="next").changed == 0


@pytest.mark.parametrize("by", ["stack", "api"])
def test_the_stage_comes_and_goes(role: t.Any, aws: t.Any, by: str) -> None:
    assert role().status == 0
    testing = {"step": "exploratory_testing", "exploratory_testing_by": by}
    foreseen = role("--check", exploratory_testing=True, **testing)
    assert foreseen.changed == 1
    assert set(foreseen.writes) <= {"CreateChangeSet", "DeleteChangeSet"}
    assert stages(aws) == ["Source", "Build", "Staging", "Production"]
    for wanted, changed in ((True, 1), (True, 0), (False, 1), (False, 0)):
        assert role(exploratory_testing=wanted, **testing).changed == changed
        assert ("ExploratoryTesting" in stages(aws)) == wanted


def test_a_source_in_s3_is_released_by_a_new_object(role: t.Any, aws: t.Any) -> None:
    pipelines = Pipelines(aws)
    pipelines.prepare()
    configuration = {"EventBridgeConfiguration": {}}
    aws.client("s3").put_bucket_notification_configuration(Bucket="sources", NotificationConfiguration=configuration)
    given = {"source_provider": "S3", "source_bucket": "sources", "source_object_key": "app.zip", "repository_name": ""}
    assert role(**given).status == 0
    assert role(step="verify", **given).status == 0
    deployed = lambda: deployed_to(aws, "production")  # noqa: E731
    eventually(lambda: deployed() == b"first", "the first version is in production")
    pipelines.upload("second")
    eventually(lambda: deployed() == b"second", "the second version is in production")


def deployed_to(aws: t.Any, environment: str) -> bytes:
    s3, bucket = aws.client("s3"), outputs(aws)["EnvironmentBucketName"]
    found = s3.list_objects_v2(Bucket=bucket, Prefix=f"{environment}/").get("Contents", [])
    return b"".join(s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read() for entry in found)


def test_a_repository_behind_a_connection_and_a_function_of_ones_own(role: t.Any, aws: t.Any) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    own = aws.client("iam").create_role(RoleName="own", AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
    aws.client("lambda").create_function(
        FunctionName="own",
        Role=own["Role"]["Arn"],
        Runtime="python3.13",
        Handler="index.handler",
        Code={"ZipFile": zipped(**{"index.py": "def handler(event, context): pass"})},
    )
    topic = aws.client("sns").create_topic(Name="testers")["TopicArn"]
    given = {
        "source_provider": "CodeStarSourceConnection",
        "repository_name": "me/shop",
        "connection_arn": CONNECTION,
        "function_name": "own",
        "sns_topic": topic,
        "email": "testers@example.com",
        "exploratory_testing": True,
    }
    assert role(**given).status == 0
    verified = role(step="verify", **given)
    assert verified.status == 0, verified.output
    assert "EnvironmentBucketName" not in outputs(aws)


def test_the_spec_notices_what_somebody_changed(role: t.Any, aws: t.Any) -> None:
    assert role().status == 0
    aws.client("s3").delete_public_access_block(Bucket=outputs(aws)["ArtifactBucketName"])
    client = aws.client("codepipeline")
    declaration = client.get_pipeline(name="manual-approval")["pipeline"]
    declaration["stages"][-1]["actions"].pop()
    client.update_pipeline(pipeline=declaration)
    run = role(step="verify")
    assert run.status != 0
    assert "are closed to the public (FAILED" in run.output
    assert "deploys the same to production, and then tests it (stages[-1].actions[*].name) (FAILED" in run.output


@pytest.mark.parametrize(("fate", "stay"), [("retain", True), ("delete", False)])
def test_the_buckets_stay_unless_they_shall_go(role: t.Any, aws: t.Any, fate: str, stay: bool) -> None:
    assert role().status == 0
    made = {outputs(aws)["ArtifactBucketName"], outputs(aws)["EnvironmentBucketName"]}
    assert role("--check", state="absent", buckets=fate).writes == []
    gone = role(state="absent", buckets=fate)
    assert gone.status == 0
    assert all(name in gone.output for name in made)
    assert (made <= buckets(aws), bool(made & buckets(aws))) == (stay, stay)
    assert role(state="absent", buckets=fate).changed == 0
