# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role as its user meets it: real ansible-playbook runs against the embedded AWS."""

from __future__ import annotations

import base64
import json
import os
import re
import signal
import subprocess
import time
import typing as t
from dataclasses import dataclass
from pathlib import Path

import pytest

PLAYBOOK = "playbooks/jenkins_ecs.yml"
STACK = "jenkins-ecs"
OFFICE = "203.0.113.0/24"
ONE_LINE = {"ANSIBLE_CALLBACK_RESULT_FORMAT": "json", "ANSIBLE_CALLBACK_FORMAT_PRETTY": "false"}

BROKEN = """
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.20.0.0/16}
  Lost:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 192.168.1.0/24}
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
        found = re.search(r"(?:FAILED!|failed: .*?\)) => (\{.*\})$", self.output, re.MULTILINE)
        assert found, self.output
        return str(json.loads(found[1])["msg"])


class Role(t.Protocol):
    def __call__(self, *options: str, **variables: t.Any) -> Run: ...


@pytest.fixture
def role(aws: t.Any, run_playbook: t.Any) -> Role:
    """Runs the playbook of the role; keyword arguments are the role's options without their prefix."""

    def run(*options: str, environment: dict[str, str] | None = None, **given: t.Any) -> Run:
        if given.get("state") != "absent":
            given.setdefault("public_access_cidr", OFFICE)
        variables = {f"jenkins_ecs_{name}": value for name, value in given.items()}
        aws.forget()
        status, output = run_playbook(PLAYBOOK, *options, environment={**ONE_LINE, **(environment or {})}, **variables)
        return Run(status, output, [entry["operation"] for entry in aws.log("write")])

    return run


@pytest.fixture
def build(role: Role) -> Role:
    """Runs the playbook, which must end well."""

    def run(*options: str, **given: t.Any) -> Run:
        done = role(*options, **given)
        assert done.status == 0, done.output
        return done

    return run


def stack(aws: t.Any) -> dict[str, t.Any]:
    found: dict[str, t.Any] = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    return found


def outputs(aws: t.Any) -> dict[str, str]:
    return {output["OutputKey"]: output["OutputValue"] for output in stack(aws)["Outputs"]}


def stacks(aws: t.Any) -> list[str]:
    return [found["StackName"] for found in aws.client("cloudformation").describe_stacks()["Stacks"]]


def file_systems(aws: t.Any) -> list[str]:
    return [found["FileSystemId"] for found in aws.client("efs").describe_file_systems()["FileSystems"]]


def task_definition(aws: t.Any, family: str) -> dict[str, t.Any]:
    found: dict[str, t.Any] = aws.client("ecs").describe_task_definition(taskDefinition=family)["taskDefinition"]
    return found


def home(aws: t.Any) -> str:
    """The file system that the controller mounts."""
    volumes = {volume["name"]: volume for volume in task_definition(aws, f"{STACK}-jenkins")["volumes"]}
    return str(volumes["home"]["efsVolumeConfiguration"]["fileSystemId"])


ZONES = {"availability_zone_1": "us-east-1a", "availability_zone_2": "us-east-1b"}


@pytest.mark.parametrize(
    ("given", "option", "said"),
    [
        pytest.param(
            {**ZONES, "availability_zone_2": "us-east-1a"},
            "availability_zone_2",
            ["'us-east-1a'", "two different zones"],
            id="both zones equal",
        ),
        pytest.param(
            {**ZONES, "availability_zone_2": "eu-central-1b"},
            "availability_zone_2",
            ["'eu-central-1b'", "us-east-1a, us-east-1b"],
            id="zone of another region",
        ),
        pytest.param({"instance_type": "t3.micro"}, "instance_type", ["'t3.micro'", "t2.small"], id="small instances"),
        pytest.param(
            {"public_access_cidr": "203.0.113.0/33"}, "public_access_cidr", ["'203.0.113.0/33'"], id="no range"
        ),
        pytest.param({"public_access_cidr": ""}, "public_access_cidr", ["203.0.113.0/24"], id="range not given"),
        pytest.param(
            {"public_access_cidr": "0.0.0.0/0"},
            "public_access_cidr",
            ["'0.0.0.0/0'", "whole internet", "jenkins_ecs_allow_world_access"],
            id="world without consent",
        ),
    ],
)
def test_bad_input_is_refused_in_one_sentence(role: Role, given: dict[str, str], option: str, said: list[str]) -> None:
    done = role(**given)
    assert done.status == 2
    assert f"jenkins_ecs_{option}" in done.refusal
    assert not [words for words in said if words not in done.refusal]
    assert "\n" not in done.refusal
    assert "Traceback" not in done.output
    assert done.writes == []


def test_the_world_is_let_in_with_consent(build: Role) -> None:
    assert build("--check", public_access_cidr="0.0.0.0/0", allow_world_access=True).writes == []


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize(
    ("environment", "said"),
    [
        pytest.param({"AWS_ACCESS_KEY_ID": "AKIAWRONGWRONGWRONG0"}, "check the credentials", id="wrong credentials"),
        pytest.param({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "http://127.0.0.1:9", id="unreachable endpoint"),
    ],
)
def test_an_account_that_cannot_be_used_is_reported_soon(
    role: Role, environment: dict[str, str], said: str, state: str
) -> None:
    start = time.monotonic()
    done = role(state=state, environment=environment)
    assert time.monotonic() - start < 45
    assert done.status == 2
    assert said in done.refusal
    assert "the credentials, the region and the endpoint" in done.refusal
    assert "\n" not in done.refusal
    assert done.writes == []


def test_a_stack_that_never_came_up_is_replaced_only_with_consent(role: Role, build: Role, aws: t.Any) -> None:
    aws.client("cloudformation").create_stack(StackName=STACK, TemplateBody=BROKEN)
    assert aws.wait_for_stack(STACK)["StackStatus"] == "ROLLBACK_COMPLETE"

    refused = role()
    assert refused.status == 2
    assert f"Stack {STACK} is in ROLLBACK_COMPLETE: resource Lost (AWS::EC2::Subnet) failed: " in refused.refusal
    assert "replace_failed" in refused.refusal
    assert refused.writes == []

    assert build(replace_failed=True).writes == ["DeleteStack", "CreateStack"]
    assert stack(aws)["StackStatus"] == "CREATE_COMPLETE"


def test_build_then_again_then_change(role: Role, build: Role, aws: t.Any) -> None:
    foreseen = build("--check", "--diff")
    assert (foreseen.changed, foreseen.writes, stacks(aws)) == (1, [], [])
    assert "JenkinsService" in foreseen.output

    built = build("-v")
    assert (built.changed, built.writes) == (1, ["CreateStack"])
    assert f"Jenkins: {outputs(aws)['PublicJenkinsURL']}" in built.output

    again = build("-v")
    assert (again.changed, again.writes) == (0, [])

    moved = role(vpc_cidr="10.1.0.0/16")
    assert (moved.status, moved.writes) == (2, [])
    assert "jenkins_ecs_vpc_cidr is '10.1.0.0/16', but stack jenkins-ecs has 10.0.0.0/16" in moved.refusal

    before = stack(aws)
    shown = build("--check", "--diff", instance_type="t3.large")
    assert (shown.changed, shown.writes) == (1, ["CreateChangeSet", "DeleteChangeSet"])
    assert "Modify LaunchTemplate (AWS::EC2::LaunchTemplate)" in shown.output
    assert re.search(r"^-.*InstanceType: t3\.medium$", shown.output, re.MULTILINE)
    assert re.search(r"^\+.*InstanceType: t3\.large$", shown.output, re.MULTILINE)
    assert stack(aws) == before
    assert aws.client("cloudformation").list_change_sets(StackName=STACK)["Summaries"] == []

    changed = build("-v", instance_type="t3.large")
    assert (changed.changed, changed.writes) == (1, ["CreateChangeSet", "ExecuteChangeSet"])
    assert "Tell the outputs" in changed.output
    assert_password_is_only_in_its_secret(aws, [foreseen, built, again, shown, changed])


def assert_password_is_only_in_its_secret(aws: t.Any, runs: list[Run]) -> None:
    secret = aws.client("secretsmanager").get_secret_value(SecretId=outputs(aws)["JenkinsAdminSecretArn"])
    password = json.loads(secret["SecretString"])["password"]
    cloudformation, ec2 = aws.client("cloudformation"), aws.client("ec2")
    template = ec2.describe_launch_templates()["LaunchTemplates"][0]["LaunchTemplateId"]
    places = {
        "screen": [run.output for run in runs],
        "stack": stack(aws),
        "events": cloudformation.describe_stack_events(StackName=STACK)["StackEvents"],
        "template": cloudformation.get_template(StackName=STACK)["TemplateBody"],
        "user data": user_data(ec2, template),
        "tasks": [task_definition(aws, f"{STACK}-{name}") for name in ("jenkins", "proxy")],
    }
    assert len(password) >= 32
    assert not [place for place, content in places.items() if password in json.dumps(content, default=str)]


def user_data(ec2: t.Any, template: str) -> str:
    versions = ec2.describe_launch_template_versions(LaunchTemplateId=template)["LaunchTemplateVersions"]
    texts = [base64.b64decode(version["LaunchTemplateData"]["UserData"]).decode() for version in versions]
    assert all("ECS_CLUSTER" in text for text in texts)
    return "".join(texts)


def test_progress_is_seen_and_an_interrupted_run_is_taken_up(start_playbook: t.Any, aws: t.Any) -> None:
    aws.configure(cloudformation_delay=0.2)
    first = start_playbook(PLAYBOOK, jenkins_ecs_public_access_cidr=OFFICE)
    try:
        assert wait_for_line(first, "CREATE_COMPLETE  Vpc  AWS::EC2::VPC")
        assert stack(aws)["StackStatus"] == "CREATE_IN_PROGRESS"
        aws.configure(cloudformation_delay=5)
    finally:
        kill_with_descendants(first)

    second = start_playbook(PLAYBOOK, jenkins_ecs_public_access_cidr=OFFICE)
    assert wait_for_line(second, f"TASK [containerci.aws.jenkins_ecs : Stack {STACK}]")
    assert wait_for_line(second, "  CREATE_")
    assert stack(aws)["StackStatus"] == "CREATE_IN_PROGRESS"
    aws.configure(cloudformation_delay=0)
    output = second.communicate(timeout=120)[0]
    assert second.returncode == 0, output
    assert "CREATE_COMPLETE  ProxyService" in output
    assert "changed=0" in output
    assert [entry["operation"] for entry in aws.log("write")] == ["CreateStack"]
    assert stack(aws)["StackStatus"] == "CREATE_COMPLETE"


def wait_for_line(process: subprocess.Popen[str], wanted: str) -> bool:
    assert process.stdout
    return any(wanted in line for line in process.stdout)


def kill_with_descendants(process: subprocess.Popen[str]) -> None:
    """As a machine that loses power does: Ansible's workers have process groups of their own."""
    for pid in [process.pid, *descendants(process.pid)]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.communicate(timeout=30)


def descendants(pid: int) -> list[int]:
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = [pid]
    for parent in found:
        found += [child for child, its_parent in parents.items() if its_parent == parent]
    return found[1:]


def test_the_home_survives_the_stack_and_is_restored(build: Role, role: Role, aws: t.Any) -> None:
    build()
    kept = outputs(aws)["JenkinsFileSystemId"]

    foreseen = build("--check", state="absent")
    assert (foreseen.changed, foreseen.writes, stacks(aws)) == (1, [], [STACK])
    assert kept in foreseen.output

    removed = build(state="absent")
    assert (removed.changed, removed.writes) == (1, ["DeleteStack"])
    assert f"jenkins_ecs_file_system_id={kept}" in removed.output
    assert (stacks(aws), file_systems(aws)) == ([], [kept])

    again = build(state="absent")
    assert (again.changed, again.writes, file_systems(aws)) == (0, [], [kept])

    build(file_system_id=kept)
    assert (home(aws), outputs(aws)["JenkinsFileSystemId"], file_systems(aws)) == (kept, kept, [kept])

    forgotten = build()
    assert (forgotten.changed, forgotten.writes) == (0, [])
    changed = build(memory=2048)
    assert changed.changed == 1
    assert (home(aws), file_systems(aws)) == (kept, [kept])

    mistaken = role(state="absent", file_system="delete", file_system_id="fs-00000000")
    assert mistaken.status == 2
    assert "jenkins_ecs_file_system_id is 'fs-00000000'" in mistaken.refusal
    assert (mistaken.writes, stacks(aws)) == ([], [STACK])


def test_the_home_is_deleted_on_request(build: Role, aws: t.Any) -> None:
    build()
    home_id = outputs(aws)["JenkinsFileSystemId"]
    other = aws.client("efs").create_file_system(CreationToken="other")["FileSystemId"]

    foreseen = build("--check", state="absent", file_system="delete")
    assert (foreseen.changed, foreseen.writes) == (2, [])
    assert f"File system {home_id} would be deleted" in foreseen.output

    removed = build(state="absent", file_system="delete")
    assert (removed.changed, removed.writes) == (2, ["DeleteStack", "DeleteFileSystem"])
    assert (stacks(aws), file_systems(aws)) == ([], [other])

    for named in ({}, {"file_system_id": home_id}):
        again = build(state="absent", file_system="delete", **named)
        assert (again.changed, again.writes, file_systems(aws)) == (0, [], [other])
