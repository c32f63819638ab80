# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Other shapes of clusters, other permissions, and the progress that people see."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml
from integration.kube import SHA256, Kube
from integration.modules import ModuleFailed


@pytest.fixture
def kube(aws: t.Any, run_module: t.Callable[..., dict[str, t.Any]], tmp_path: Path) -> Kube:
    return Kube(aws, run_module, tmp_path / "demo")


def zone(kube: Kube) -> str:
    made = kube.aws.client("route53").create_hosted_zone(Name="example.org", CallerReference="one")
    return str(made["HostedZone"]["Id"].rsplit("/", 1)[1])


def three_controllers(kube: Kube) -> dict[str, t.Any]:
    subnets = [
        {"availability_zone": f"us-east-1{letter}", "instance_cidr": f"10.0.{index}.0/24"}
        for index, letter in enumerate("abc")
    ]
    return {
        "availabilityZone": None,
        "subnets": subnets,
        "controllerCount": 3,
        "createRecordSet": True,
        "hostedZoneId": zone(kube),
    }


def test_three_controllers_behind_a_load_balancer(kube: Kube) -> None:
    wanted = three_controllers(kube)
    done = kube.run("present", cluster=wanted)
    assert len(done["cluster"]["controller_ips"]) == 3
    assert done["cluster"]["load_balancer"].endswith(".amazonaws.com")
    assert kube.run("present", cluster=wanted)["changed"] is False
    assert [entry["index"] for entry in kube.info(cluster=wanted)["controllers"]] == [0, 1, 2]
    with pytest.raises(ModuleFailed, match="InstanceController1 would be removed"):
        kube.run("present", cluster={**wanted, "controllerCount": 1})
    names = [f"InstanceController{index}" for index in range(3)]
    newer = {**wanted, "ami": kube.other_image()}
    balancers = kube.aws.client("elbv2")
    silent = {"TargetGroupArn": kube.resources()["BalancerTargets"], "Targets": [{"Id": "10.0.1.50"}]}
    balancers.deregister_targets(**silent)
    kube.aws.forget()
    with pytest.raises(ModuleFailed, match=r"controllers 10\.0\.1\.50 do not answer after 4 s"):
        kube.run("present", cluster=newer, allow_controller_replacement=True, wait_timeout=4)
    assert "ExecuteChangeSet" not in kube.writes()
    balancers.register_targets(**silent)
    kube.aws.forget()
    done = kube.run("present", cluster=newer, allow_controller_replacement=True)
    assert kube.finished(done, *names) == [
        (name, status) for name in names for status in ("DELETE_COMPLETE", "CREATE_COMPLETE")
    ]
    order = [entry["operation"] for entry in kube.aws.log()]
    steps = [each for each in order if each in ("DescribeTargetHealth", "ExecuteChangeSet")]
    assert steps == ["DescribeTargetHealth", *["ExecuteChangeSet"] * 2] * 3 + steps[:2]
    assert kube.run("absent", cluster=wanted)["changed"]


def test_a_name_that_is_taken_is_not_taken_over(kube: Kube) -> None:
    identity = zone(kube)
    record = {"Name": "api.example.org", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    kube.aws.client("route53").change_resource_record_sets(
        HostedZoneId=identity, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    )
    for by in ({"hostedZoneId": identity}, {"hostedZone": "example.org"}):
        with pytest.raises(ModuleFailed, match="has a record of that name already"):
            kube.run("present", cluster={"createRecordSet": True, **by})


def test_a_vpc_that_exists_is_used_and_stays(kube: Kube) -> None:
    ec2 = kube.aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    wanted = {"vpcId": vpc, "routeTableId": table}
    other = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.128/25")["Subnet"]["SubnetId"]
    with pytest.raises(ModuleFailed, match=r"overlaps with 10\.0\.0\.128/25"):
        kube.run("present", cluster=wanted)
    ec2.delete_subnet(SubnetId=other)
    with pytest.raises(ModuleFailed, match=f"vpcCIDR is '10.0.0.0/24', but {vpc} has 10"):
        kube.run("present", cluster={**wanted, "vpcCIDR": "10.0.0.0/24"})
    kube.run("present", cluster=wanted)
    assert kube.run("present", cluster={**wanted, "workerCount": 2})["changed"]
    kube.run("absent", cluster=wanted)
    assert ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"]


def test_who_may_not_make_a_change_set_still_sees_the_changes(kube: Kube) -> None:
    kube.run("present")
    kube.aws.fail("cloudformation", "CreateChangeSet", code="AccessDenied", status=403)
    predicted = kube.run("present", check=True, cluster={"workerCount": 2})
    assert kube.changes(predicted) == {("Modify", "AutoScaleWorkerDefault")}
    assert "do not allow a change set" in str(predicted["warnings"])


def test_a_bucket_of_others_is_used_and_kept(kube: Kube) -> None:
    options = {"assets_bucket": "ours", "create_bucket": False}
    with pytest.raises(ModuleFailed, match=r"The bucket ours \(assets_bucket\) does not exist"):
        kube.run("present", **options)
    kube.aws.client("s3").create_bucket(Bucket="ours")
    kube.run("present", **options)
    kube.run("absent", **options)
    assert "Contents" not in kube.aws.client("s3").list_objects_v2(Bucket="ours")


def test_the_image_is_found_once(kube: Kube) -> None:
    first = kube.run("rendered")
    assert (first["cluster"]["ami"], first["cluster"]["os_version"]) == ("ami-0f1a7ca45932005aa", "4593.2.5")
    kube.aws.forget()
    assert kube.run("rendered")["changed"] is False
    assert kube.aws.log() == []
    older = kube.run("rendered", cluster={"osVersion": "4593.2.4"})
    assert older["cluster"]["ami"] == kube.other_image()
    kube.aws.client("ssm").put_parameter(Name="/os/image", Value=kube.other_image(), Type="String")
    own = kube.run("rendered", cluster={"amiSsmParameter": "/os/image"})
    assert own["cluster"]["ami"] == kube.other_image()
    with pytest.raises(ModuleFailed, match=r"SSM parameter /nowhere \(ami_ssm_parameter\) does not exist"):
        kube.run("rendered", cluster={"amiSsmParameter": "/nowhere"})


def test_a_newer_image_replaces_workers_and_not_controllers(kube: Kube) -> None:
    kube.run("present", cluster={"osVersion": "4593.2.4"})
    newer = kube.run("present", refresh_ami=True)
    assert ("Modify", "LaunchTemplateWorkerDefault") in kube.changes(newer)
    assert ("Modify", "InstanceController0") not in kube.changes(newer)
    assert "The controllers keep the image ami-0f1a7ca45932004aa" in str(newer["warnings"])
    assert kube.run("present")["changed"] is False
    both = kube.run("present", allow_controller_replacement=True)
    assert ("Modify", "InstanceController0") in kube.changes(both)


def test_the_events_of_the_stack_are_shown_while_they_happen(
    kube: Kube, run_playbook: t.Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    task = {"containerci.aws.kube_aws": {"asset_dir": str(kube.directory), "cluster": kube.cluster()}}
    play = [{"hosts": "localhost", "gather_facts": False, "connection": "local", "tasks": [task]}]
    playbook = tmp_path / "play.yml"
    playbook.write_text(yaml.safe_dump(play))
    status, output = run_playbook(str(playbook), "-i", "localhost,", "--diff")
    assert status == 0, output
    assert "CREATE_COMPLETE  InstanceController0  AWS::EC2::Instance" in output
    assert "PRIVATE KEY-----" not in output
    assert SHA256 in output
