# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The spec of the role: it fits a stack with other options, sees what somebody changed, and writes nothing."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path
from xml.etree import ElementTree

import pytest

STACK = "ci"
OPTIONS = {
    "jenkins_ecs_stack_name": STACK,
    "jenkins_ecs_public_access_cidr": "0.0.0.0/0",
    "jenkins_ecs_allow_world_access": True,
    "jenkins_ecs_vpc_cidr": "10.20.48.0/21",
    "jenkins_ecs_public_host_name": "jenkins.example.com",
    "jenkins_ecs_key_pair": "ops",
    "jenkins_ecs_instance_type": "t4g.large",
    "jenkins_ecs_min_instances": 3,
    "jenkins_ecs_max_instances": 9,
    "jenkins_ecs_memory": 2048,
    "jenkins_ecs_plugins": ["configuration-as-code:1", "git:2"],
    "jenkins_ecs_container_insights": "disabled",
    "jenkins_ecs_log_retention_days": 7,
    "jenkins_ecs_termination_protection": True,
    "jenkins_ecs_tags": {"team": "build", "cost center": "42"},
}


@pytest.fixture
def verify(run_playbook: t.Any, tmp_path: Path) -> t.Callable[..., tuple[str, set[str]]]:
    """Verifies the stack; returns the output and the titles of the examples that failed."""

    def run(**more: t.Any) -> tuple[str, set[str]]:
        role = {"name": "containerci.aws.jenkins_ecs", "tasks_from": "verify"}
        tasks = [{"name": "Verify", "ansible.builtin.include_role": role}]
        playbook = tmp_path / "verify.yml"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
        reports = tmp_path / "reports"
        _status, output = run_playbook(str(playbook), spec_junit_dir=str(reports), **{**OPTIONS, **more})
        cases = [case for report in reports.glob("*.xml") for case in ElementTree.parse(report).iter("testcase")]
        bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
        assert cases or "There is no stack" in output, output
        return output, {str(case.get("name")) for case in bad}

    return run


def ids(aws: t.Any) -> dict[str, str]:
    resources = aws.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in resources}


def meddle(aws: t.Any) -> set[str]:
    """Change something in each part of the stack; the titles of the examples that have to see it."""
    found = ids(aws)
    ssh = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    aws.client("ec2").authorize_security_group_ingress(GroupId=found["InstanceSecurityGroup"], IpPermissions=[ssh])
    idle = {"ConnectionSettings": {"IdleTimeout": 60}}
    balancer = found["PublicLoadBalancer"]
    aws.client("elb").modify_load_balancer_attributes(LoadBalancerName=balancer, LoadBalancerAttributes=idle)
    anybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "elasticfilesystem:ClientMount"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [anybody]})
    aws.client("efs").put_file_system_policy(FileSystemId=found["FileSystem"], Policy=policy)
    aws.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName=found["AutoScalingGroup"], MaxSize=20)
    aws.client("ecs").update_service(cluster=found["Cluster"], service=found["JenkinsService"], desiredCount=2)
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    role = found["ProxyExecutionRole"]
    aws.client("iam").put_role_policy(RoleName=role, PolicyName="x", PolicyDocument=json.dumps(everything))
    aws.client("logs").put_retention_policy(logGroupName=found["AgentLogGroup"], retentionInDays=1)
    return {
        "let in the two load balancers only",
        f"does not let in SSH (security group {found['InstanceSecurityGroup']})",
        f"is in both zones and keeps long connections (elb {balancer})",
        "refuses everybody without TLS",
        "lets this account in through its mount targets only",
        "has no other rule",
        "has min size 3 and has max size 9",
        "never has more than one controller, because two would ruin one home (desired_count)",
        f"names every action (iam role {role})",
        f"keeps its logs as long as was asked for (log group {found['AgentLogGroup']})",
    }


def test_the_spec_fits_the_options_and_sees_changes(aws: t.Any, run_playbook: t.Any, verify: t.Any) -> None:
    aws.client("ec2").create_key_pair(KeyName="ops")
    certificate = aws.client("acm").request_certificate(DomainName="jenkins.example.com")["CertificateArn"]
    options = {**OPTIONS, "jenkins_ecs_certificate_arn": certificate}
    status, output = run_playbook("playbooks/jenkins_ecs.yml", **options)
    assert status == 0, output
    aws.forget()
    output, bad = verify(jenkins_ecs_certificate_arn=certificate)
    assert bad == set(), output
    assert aws.log("write") == []
    expected = meddle(aws)
    output, bad = verify(jenkins_ecs_certificate_arn=certificate)
    assert expected - bad == set(), output
    assert bad - expected <= {"is stable"}


def test_a_stack_that_is_not_there(verify: t.Any) -> None:
    output, _bad = verify()
    assert f"There is no stack '{STACK}' of this role" in " ".join(output.split())
