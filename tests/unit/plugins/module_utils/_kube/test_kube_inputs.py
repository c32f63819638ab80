# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sixty inputs that were given to kube-aws, and what kube_aws says to each."""

from __future__ import annotations

import typing as t

import pytest
import yaml

from ansible_collections.containerci.aws.plugins.module_utils._kube.document import parse
from ansible_collections.containerci.aws.plugins.module_utils._kube.findings import Findings
from ansible_collections.containerci.aws.plugins.module_utils._kube.validation import validate

GOOD: dict[str, t.Any] = {
    "clusterName": "kubernetes",
    "externalDNSName": "kubernetes.example.com",
    "keyName": "key",
    "region": "eu-west-1",
    "availabilityZone": "eu-west-1a",
    "kmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/6d9cb2d9-5b1c-4b6a-8ac6-2b8d6f8d7d63",
}
OMIT = object()
TWO = [
    {"availabilityZone": "eu-west-1a", "instanceCIDR": "10.0.0.0/24"},
    {"availabilityZone": "eu-west-1b", "instanceCIDR": "10.0.1.0/24"},
]
THIRD = {"availabilityZone": "eu-west-1c", "instanceCIDR": "10.0.2.0/24"}


def several(*subnets: dict[str, str], **changes: t.Any) -> dict[str, t.Any]:
    return {"availabilityZone": OMIT, "subnets": list(subnets), **changes}


def found(text: str) -> Findings:
    content, findings = parse(text)
    if findings:
        return findings
    return validate(content)[1]


def written(changes: dict[str, t.Any]) -> str:
    return yaml.safe_dump({key: value for key, value in {**GOOD, **changes}.items() if value is not OMIT})


TEXTS = [
    (3, "", "externalDNSName", "must be set"),
    (4, "clusterName: a\n\tregion: b\n", "cluster.yaml", "tabs"),
    (5, "- clusterName: a\n", "cluster.yaml", "a mapping"),
    (58, written({}) + "region: eu-central-1\n", "region", "twice"),
]

#: number in the list, what is changed in a good cluster.yaml, the key that is named, and a part of the reason
REJECTED = [
    (6, {"workerCount": "many"}, "workerCount", "whole number"),
    (7, {"workersCount": 3}, "workersCount", "did you mean workerCount?"),
    (8, {"externalDNSName": OMIT}, "externalDNSName", "must be set"),
    (9, {"keyName": OMIT}, "keyName", "must be set"),
    (10, {"region": OMIT}, "region", "must be set"),
    (11, {"availabilityZone": OMIT}, "availabilityZone", "must be set"),
    (12, {"clusterName": ""}, "clusterName", "must be set"),
    (13, {"kmsKeyArn": OMIT}, "kmsKeyArn", "must be set"),
    (14, {"vpcCIDR": "10.0.0.0"}, "vpcCIDR", "CIDR"),
    (15, {"instanceCIDR": "10.0.0.0/33"}, "instanceCIDR", "CIDR"),
    (16, {"instanceCIDR": "10.1.0.0/24"}, "instanceCIDR", "vpcCIDR 10.0.0.0/16 does not contain it"),
    (17, {"controllerIP": "10.0.0.999"}, "controllerIP", "IPv4 address"),
    (18, {"controllerIP": "10.0.1.50"}, "controllerIP", "no instanceCIDR contains it"),
    (19, {"podCIDR": "banana"}, "podCIDR", "CIDR"),
    (20, {"podCIDR": "10.0.4.0/24"}, "podCIDR", "overlaps with vpcCIDR"),
    (21, {"podCIDR": "10.0.0.0/8"}, "podCIDR", "overlaps with vpcCIDR"),
    (22, {"serviceCIDR": "10.3.0.0/xx"}, "serviceCIDR", "CIDR"),
    (23, {"serviceCIDR": "10.0.5.0/24", "dnsServiceIP": "10.0.5.10"}, "serviceCIDR", "overlaps with vpcCIDR"),
    (24, {"serviceCIDR": "10.2.5.0/24", "dnsServiceIP": "10.2.5.10"}, "serviceCIDR", "overlaps with podCIDR"),
    (25, {"dnsServiceIP": "x"}, "dnsServiceIP", "IPv4 address"),
    (26, {"dnsServiceIP": "10.4.0.10"}, "dnsServiceIP", "does not contain it"),
    (27, {"dnsServiceIP": "10.3.0.1"}, "dnsServiceIP", "that of the API"),
    (28, {"serviceCIDR": "10.3.0.10/32"}, "serviceCIDR", "room for the API"),
    (29, {"releaseChannel": "gamma"}, "releaseChannel", "one of alpha, beta, stable"),
    (30, {"recordSetTTL": 60}, "recordSetTTL", "without createRecordSet"),
    (31, {"createRecordSet": True}, "createRecordSet", "hostedZoneId"),
    (32, {"createRecordSet": True, "hostedZone": "example.com", "hostedZoneId": "Z1"}, "hostedZone", "together"),
    (33, {"createRecordSet": True, "hostedZoneId": "Z1", "recordSetTTL": 0}, "recordSetTTL", "from 1"),
    (34, {"routeTableId": "rtb-1"}, "routeTableId", "needs vpcId"),
    (36, {"controllerRootVolumeType": "gp2", "controllerRootVolumeIOPS": 500}, "controllerRootVolumeIOPS", "gp2"),
    (37, {"workerRootVolumeType": "io1", "workerRootVolumeIOPS": 50}, "workerRootVolumeIOPS", "from 100"),
    (38, {"workerRootVolumeType": "st1"}, "workerRootVolumeType", "one of gp2, gp3"),
    (39, {"subnets": TWO}, "availabilityZone", "together with subnets"),
    (40, several(*TWO, instanceCIDR="10.0.0.0/24"), "instanceCIDR", "together with subnets"),
    (41, several({"instanceCIDR": "10.0.0.0/24"}), "subnets[0].availabilityZone", "must be set"),
    (42, several({**TWO[0], "instanceCIDR": "10.0.0.0"}), "subnets[0].instanceCIDR", "CIDR"),
    (43, several(TWO[0], {**TWO[1], "instanceCIDR": "10.9.0.0/24"}), "subnets[1].instanceCIDR", "10.0.0.0/16 does not"),
    (44, several(*TWO, controllerIP="10.0.9.50"), "controllerIP", "no instanceCIDR contains it"),
    (45, several(TWO[0], {**TWO[1], "instanceCIDR": "10.0.0.128/25"}), "subnets[1].instanceCIDR", "subnets[0]"),
    (46, several(*TWO, {**THIRD, "instanceCIDR": "10.0.1.0/25"}), "subnets[2].instanceCIDR", "subnets[1]"),
    (47, {"workerCount": -1}, "workerCount", "from 0"),
    (49, {"region": "mars-1"}, "region", "AWS region"),
    (50, {"containerRuntime": "podman"}, "containerRuntime", "one of containerd, docker"),
    (51, {"kmsKeyArn": "nonsense"}, "kmsKeyArn", "ARN of a KMS key"),
    (52, {"clusterName": "Bad_Name!"}, "clusterName", "letters, digits and hyphens"),
    (53, {"vpcCIDR": "fd00::/56"}, "vpcCIDR", "IPv4 network"),
    (54, {"controllerInstanceType": "nope"}, "controllerInstanceType", "instance type"),
    (55, {"tlsCertDurationDays": 0}, "tlsCertDurationDays", "from 1"),
    (56, {"tlsCADurationDays": 30, "tlsCertDurationDays": 60}, "tlsCertDurationDays", "outlive"),
    (57, {"externalDNSName": "not a name!"}, "externalDNSName", "DNS name"),
    (59, {"artifactURL": "://x"}, "artifactURL", "must be a URL"),
    (60, {"kubernetesServiceIP": "10.9.9.9"}, "kubernetesServiceIP", "first address of serviceCIDR, 10.3.0.1"),
]

#: the pods have too little room in 20, and overlap with the services too in 21
TWO_FINDINGS = {20, 21}

ACCEPTED = [
    (1, {}),
    # kube-aws did not know gp3, which came years after it and is what AWS recommends now.
    (35, {"controllerRootVolumeType": "gp3"}),
    (48, {"workerCount": 0}),
    (59, {"artifactURL": "https://example.com/x"}),
    (60, {"kubernetesServiceIP": "10.3.0.1"}),
]


@pytest.mark.parametrize(("number", "text", "key", "reason"), TEXTS)
def test_a_text_that_is_rejected(number: int, text: str, key: str, reason: str) -> None:
    assert any(each.key == key and reason in each.reason for each in found(text).found), str(found(text))


@pytest.mark.parametrize(("number", "changes", "key", "reason"), REJECTED)
def test_an_input_that_is_rejected(number: int, changes: dict[str, t.Any], key: str, reason: str) -> None:
    findings = found(written(changes))
    first = findings.found[0]
    value = changes.get(first.key, OMIT)
    assert (first.key, reason in first.reason) == (key, True), str(findings)
    assert value is OMIT or first.value == value
    assert len(findings.found) == (2 if number in TWO_FINDINGS else 1)


@pytest.mark.parametrize(("number", "changes"), ACCEPTED)
def test_an_input_that_is_accepted(number: int, changes: dict[str, t.Any]) -> None:
    assert not found(written(changes)), str(found(written(changes)))


def test_what_means_nothing_any_more_is_told() -> None:
    assert [warning.split()[0] for warning in found(written({"artifactURL": "https://example.com/x"})).warnings] == [
        "artifactURL"
    ]


def test_all_findings_come_at_once() -> None:
    changes = {"region": "mars-1", "workerCount": -1, "podCIDR": "banana", "workersCount": 3}
    findings = found(written(changes))
    assert {each.key for each in findings.found} == set(changes)
    assert all(f"{each.key} is {each.value!r}, but" in str(findings) for each in findings.found)
