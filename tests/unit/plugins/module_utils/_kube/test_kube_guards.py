# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is refused before anything is written."""

from __future__ import annotations

import typing as t
from dataclasses import replace

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import Change, Stack
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import preflight, stack
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster
from ansible_collections.containerci.aws.plugins.module_utils._kube.preflight import Facts, Net
from ansible_collections.containerci.aws.plugins.module_utils._kube.render import default_bucket
from ansible_collections.containerci.aws.plugins.module_utils._kube.validation import validate

GIVEN = {
    "clusterName": "demo",
    "externalDNSName": "api.example.org",
    "region": "eu-central-1",
    "availabilityZone": "eu-central-1a",
    "keyName": "admin",
    "kmsKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/1",
}
GOOD = Facts(types={"t3.medium": ["x86_64"]}, zones=["eu-central-1a"])
IN_VPC = {"vpcId": "vpc-0123", "routeTableId": "rtb-0123"}
OTHER = Net("subnet-1", "10.0.0.0/25", "eu-central-1a")


def cluster(**more: t.Any) -> Cluster:
    found, findings = validate({**GIVEN, **more})
    assert found is not None, findings
    return found


@pytest.mark.parametrize(
    ("given", "facts", "key", "reason"),
    [
        ({}, {"types": {}}, "controllerInstanceType", "eu-central-1 has no such instance type"),
        ({}, {"types": {"t3.medium": ["arm64"]}}, "controllerInstanceType", "it runs arm64"),
        ({}, {"zones": ["eu-central-1b"]}, "availabilityZone", "it must be one of eu-central-1b"),
        ({}, {"key_pair": False}, "keyName", "eu-central-1 has no such key pair"),
        ({}, {"kms_key": None}, "kmsKeyArn", "there is no such key"),
        ({}, {"kms_key": "PendingDeletion"}, "kmsKeyArn", "the key is PendingDeletion"),
        ({"ami": "ami-0123"}, {"image": False}, "ami", "eu-central-1 has no such image"),
        (IN_VPC, {"vpc_cidrs": None}, "vpcId", "eu-central-1 has no such VPC"),
        (IN_VPC, {"vpc_cidrs": ["10.9.0.0/16"]}, "vpcCIDR", "vpc-0123 has 10.9.0.0/16"),
        (IN_VPC, {"route_table": False}, "routeTableId", "eu-central-1 has no such route table"),
        (IN_VPC, {"subnets": [OTHER]}, "instanceCIDR", "it overlaps with 10.0.0.0/25 of the existing subnet-1"),
        ({"hostedZone": "example.org"}, {"hosted_zones": []}, "hostedZone", "exactly one such zone, not 0"),
        (
            {"hostedZoneId": "Z1"},
            {"hosted_zones": ["other.org."]},
            "externalDNSName",
            "not in the hosted zone other.org",
        ),
        ({"hostedZoneId": "Z1"}, {"record": True}, "externalDNSName", "has a record of that name already"),
    ],
)
def test_what_does_not_fit_is_found(given: dict[str, t.Any], facts: dict[str, t.Any], key: str, reason: str) -> None:
    there = {"vpc_cidrs": ["10.0.0.0/16"]} if "vpcId" in given else {}
    zones = {"hosted_zones": ["example.org."]} if "hostedZoneId" in given else {}
    found = preflight.findings(cluster(**given), replace(GOOD, **{**there, **zones, **facts}))
    assert key in {finding.key for finding in found}
    assert reason in " ".join(finding.reason for finding in found)


def test_what_fits_is_not_found() -> None:
    assert preflight.findings(cluster(), GOOD) == []
    ours = replace(GOOD, vpc_cidrs=["10.0.0.0/16"], subnets=[OTHER])
    assert preflight.findings(cluster(**IN_VPC), ours, own_subnets=["subnet-1"]) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            Change("Modify", "InstanceController0", "T", replacement="True", properties=("ImageId",)),
            "would be replaced",
        ),
        (Change("Modify", "InstanceController0", "T", replacement="Conditional"), "would be restarted or replaced"),
        (Change("Remove", "EtcdVolume2", "T"), "EtcdVolume2 would be removed"),
        (Change("Modify", "NetworkInterfaceController0", "T", replacement="True"), "would be replaced"),
        (Change("Modify", "InstanceController0", "T", replacement="False"), ""),
        (Change("Add", "InstanceController1", "T"), ""),
        (Change("Remove", "AutoScaleWorkerBatch", "T"), ""),
        (Change("Modify", "LaunchTemplateWorkerDefault", "T", replacement="True"), ""),
    ],
)
def test_only_what_endangers_the_control_plane_is_refused(change: Change, words: str) -> None:
    reason = stack.refusal([change])
    assert (words in reason) if words else reason == ""


def test_a_stack_is_ours_by_its_tag() -> None:
    stack.check_owner("demo", None)
    stack.check_owner("demo", Stack("arn", "demo", "CREATE_COMPLETE", tags={"kube-aws/cluster": "demo"}))
    for tags in ({}, {"kube-aws/cluster": "other"}):
        with pytest.raises(CollectionError, match="not that of a cluster"):
            stack.check_owner("demo", Stack("arn", "demo", "CREATE_COMPLETE", tags=tags))


@pytest.mark.parametrize("name", ["demo", "Demo", "d" * 128])
def test_the_name_of_the_bucket_is_one_that_s3_takes(name: str) -> None:
    bucket = default_bucket(cluster(clusterName=name))
    assert len(bucket) <= 63
    assert bucket == bucket.lower()
    assert bucket.startswith("kube-aws-123456789012-eu-central-1-d")
