# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sixty inputs do not show: traps of AWS and Kubernetes, both spellings, defaults, and strict YAML."""

from __future__ import annotations

import datetime
import re
import typing as t

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster, Subnet, Taint, Volume
from ansible_collections.containerci.aws.plugins.module_utils._kube.document import parse, write
from ansible_collections.containerci.aws.plugins.module_utils._kube.findings import Findings
from ansible_collections.containerci.aws.plugins.module_utils._kube.keys import (
    KEYS,
    POOL_KEYS,
    SUBNET_KEYS,
    TAINT_KEYS,
    snake_case,
)
from ansible_collections.containerci.aws.plugins.module_utils._kube.validation import validate

from .test_kube_inputs import GOOD, OMIT, THIRD, TWO

TODAY = datetime.date(2026, 9, 1)
ID = "subnet-0123456789abcdef0"


def judged(**changes: t.Any) -> tuple[Cluster | None, Findings]:
    return validate({key: value for key, value in {**GOOD, **changes}.items() if value is not OMIT}, TODAY)


def cluster(**changes: t.Any) -> Cluster:
    made, findings = judged(**changes)
    assert made is not None, str(findings)
    return made


def pool(**keys: t.Any) -> dict[str, t.Any]:
    return {"workerPools": [{"name": "gpu", **keys}]}


def several(*subnets: dict[str, t.Any], **changes: t.Any) -> dict[str, t.Any]:
    return {"availabilityZone": OMIT, "subnets": list(subnets), **changes}


THREE = several(*TWO, THIRD, controllerCount=3)

TRAPS: list[tuple[dict[str, t.Any], str, str]] = [
    # what AWS refuses
    ({"vpcCIDR": "10.0.0.0/8", "instanceCIDR": "10.0.0.0/24"}, "vpcCIDR", "from /16 to /28"),
    ({"instanceCIDR": "10.0.0.0/29"}, "instanceCIDR", "from /16 to /28"),
    ({"controllerIP": "10.0.0.3"}, "controllerIP", "keeps the first four addresses"),
    ({"controllerIP": "10.0.0.255"}, "controllerIP", "the last one"),
    ({"availabilityZone": "eu-central-1a"}, "availabilityZone", "a zone of eu-west-1, such as eu-west-1a"),
    (several({**TWO[0], "availabilityZone": "b"}), "subnets[0].availabilityZone", "a zone of eu-west-1"),
    ({"kmsKeyArn": GOOD["kmsKeyArn"].replace("west", "central")}, "kmsKeyArn", "the key must be in eu-west-1"),
    ({"stackTags": {"aws:x": "y"}}, "stackTags", "without aws: in front"),
    ({"stackTags": {str(i): "" for i in range(41)}}, "stackTags", "at most 40"),
    ({"etcdVolumeIOPS": 6000}, "etcdVolumeIOPS", "a volume of type gp3 and 10 GiB has at most 5000"),
    ({"controllerRootVolumeIOPS": 2999}, "controllerRootVolumeIOPS", "from 3000"),
    (pool(rootVolumeType="io2"), "workerPools[0].rootVolumeIOPS", "from 100"),
    # an existing VPC
    (several({**TWO[0], "id": ID}), "subnets[0].id", "needs vpcId"),
    (several({**TWO[0], "id": "subnet"}, vpcId="vpc-1"), "subnets[0].id", "the id of a subnet"),
    (several({**TWO[0], "private": True}), "subnets[0].private", "it needs vpcId"),
    # several controllers
    (THREE, "controllerCount", "needs createRecordSet"),
    ({**THREE, "createRecordSet": True}, "createRecordSet", "hostedZoneId"),
    ({"controllerCount": 2}, "controllerCount", "1 or 3"),
    ({**THREE, "controllerIP": "10.0.0.50"}, "controllerIP", "need controllerIPs"),
    ({"controllerIPs": ["10.0.0.50", "10.0.0.51"]}, "controllerIPs", "each of the 1 controllers"),
    ({"controllerIPs": ["10.0.0.50"] * 3, "controllerCount": 3}, "controllerIPs", "an address of its own"),
    # what kubeadm and Kubernetes refuse
    ({"controllerInstanceType": "m3.medium"}, "controllerInstanceType", "two processors"),
    ({"controllerInstanceType": "m6g.medium", "workerInstanceType": "m6g.large"}, "controllerInstanceType", "two proc"),
    ({"controllerInstanceType": "t3.micro"}, "controllerInstanceType", "1700 MiB"),
    ({"externalDNSName": "Kube.example.com"}, "externalDNSName", "small letters"),
    ({"externalDNSName": "192.0.2.7"}, "externalDNSName", "a DNS name"),
    ({"podCIDR": "10.2.0.0/24"}, "podCIDR", "each node takes a /24"),
    ({"serviceCIDR": "10.3.0.0/29"}, "serviceCIDR", "from /12 to /28"),
    ({"apiPort": 10250}, "apiPort", "something else"),
    (pool(labels={"node-role.kubernetes.io/worker": ""}), "workerPools[0].labels", "a label of Kubernetes"),
    (pool(labels={"a b": ""}), "workerPools[0].labels", "no label that Kubernetes allows"),
    (pool(taints=[{"key": "a b", "effect": "NoSchedule"}]), "workerPools[0].taints[0].key", "name of a label"),
    (pool(taints=[{"key": "a", "effect": "Never"}]), "workerPools[0].taints[0].effect", "one of NoSchedule"),
    # versions
    ({"kubernetesVersion": "v1.4.6_coreos.0"}, "kubernetesVersion", "one of v1.34.x, v1.35.x, v1.36.x"),
    ({"kubernetesVersion": "v1.36"}, "kubernetesVersion", "the number of a release"),
    ({"kubernetesVersion": "v1.99.0"}, "kubernetesVersion", "one of v1.34.x"),
    ({"releaseChannel": "lts"}, "kubernetesVersion", "containerd 1.7, which Kubernetes 1.36 refuses"),
    ({"osVersion": "4081.3.10"}, "kubernetesVersion", "containerd 1.7"),
    ({"ami": "ami-1", "amiSsmParameter": "/x"}, "amiSsmParameter", "together with ami"),
    ({"useCalico": True, "cni": "cilium"}, "useCalico", "cni is cilium"),
    # what no longer exists
    ({"containerRuntime": "rkt"}, "containerRuntime", "one of containerd, docker"),
    ({"hyperkubeImageRepo": "registry.example.com/hyperkube"}, "hyperkubeImageRepo", "a mirror is sysextBaseURL"),
    # pools
    (pool(instanceTypes=[]), "workerPools[0].instanceTypes", "at least one"),
    (
        pool(instanceTypes=["m6g.large"]),
        "workerPools[0].instanceTypes",
        "it is arm64, and the other machines are amd64",
    ),
    (pool(count=3, minCount=4, autoscaled=True), "workerPools[0].minCount", "more than count, which is 3"),
    (pool(count=3, maxCount=2, autoscaled=True), "workerPools[0].maxCount", "less than count, which is 3"),
    (pool(count=1, maxCount=2), "workerPools[0].maxCount", "needs autoscaled"),
    (pool(spotPrice="0.05"), "workerPools[0].spotPrice", "without spot"),
    (pool(spotPrice="cheap", spot=True), "workerPools[0].spotPrice", "dollars an hour"),
    ({"workerSpotPrice": "cheap"}, "workerSpotPrice", "dollars an hour"),
    ({"workerPools": [{"name": "a-b"}, {"name": "AB"}]}, "workerPools[1].name", "another pool"),
    ({"workerPools": [{"name": "default"}]}, "workerPools[0].name", "another pool"),
    ({"workerPools": [{"name": "a_b"}]}, "workerPools[0].name", "letters, digits and hyphens"),
    ({"workerPools": [{}]}, "workerPools[0].name", "must be set"),
    ({"workerPools": {"name": "a"}}, "workerPools", "a list of mappings"),
    # values
    ({"tlsRenewBeforeDays": 90}, "tlsRenewBeforeDays", "less than tlsCertDurationDays, which is 90"),
    ({"vpcCIDR": "10.0.0.7/16"}, "vpcCIDR", "written as 10.0.0.0/16"),
    ({"bootstrapTokenTTL": "a day"}, "bootstrapTokenTTL", "such as 24h or 0s"),
    ({"sysextBaseURL": "mirror"}, "sysextBaseURL", "must be a URL"),
    ({"sysextSHA256": "abc"}, "sysextSHA256", "SHA-256"),
    ({"apiCIDRs": "0.0.0.0/0"}, "apiCIDRs", "must be a list"),
    ({"createRecordSet": "maybe"}, "createRecordSet", "true or false"),
    ({"stackTags": ["a"]}, "stackTags", "a mapping of strings"),
    ({"clusterName": ["a"]}, "clusterName", "a string"),
    ({"vpc_cidr": "10.0.0.0/16", "vpcCIDR": "10.0.0.0/16"}, "vpc_cidr", "the same key"),
    ({"hostedZone": "example.org", "createRecordSet": True}, "externalDNSName", "not in hostedZone example.org"),
]


@pytest.mark.parametrize(("changes", "key", "reason"), TRAPS, ids=[f"{key}-{why}" for _changes, key, why in TRAPS])
def test_a_trap_is_seen_before_anything_is_made(changes: dict[str, t.Any], key: str, reason: str) -> None:
    made, findings = judged(**changes)
    assert made is None
    found = [each for each in findings.found if each.key == key]
    assert any(reason in each.reason for each in found), str(findings)


@pytest.mark.parametrize(
    "changes",
    [
        {"keyName": ""},
        {"workerSpotPrice": 0.05},
        {"workerCount": "3", "createRecordSet": "no"},
        {"kubernetesVersion": "1.35.9", "releaseChannel": "lts"},
        {"dnsServiceIP": "10.3.0.53"},
        {"hyperkubeImageRepo": "registry.example.com/coreos/hyperkube"},
        {"containerRuntime": "docker"},
        {"controllerInstanceType": "t4g.medium", "workerInstanceType": "c7g.large"},
        {"etcdVolumeIOPS": 5000},
        {**THREE, "createRecordSet": True, "hostedZoneId": "/hostedzone/Z1"},
        several({**TWO[0], "id": ID, "private": True}, vpcId="vpc-1"),
        pool(labels={"node.kubernetes.io/x": "y", "team": ""}, instanceTypes=["m6i.large", "u-6tb1.metal"]),
        pool(count=2, minCount=0, maxCount=9, autoscaled=True, spot=True),
        {"availabilityZone": "eu-west-1-lax-1a"},
    ],
)
def test_what_is_unusual_and_right_is_accepted(changes: dict[str, t.Any]) -> None:
    assert cluster(**changes)


def test_a_version_that_is_not_maintained_any_more_is_told() -> None:
    old = {**GOOD, "kubernetesVersion": "v1.34.9"}
    assert validate(old, datetime.date(2026, 10, 27))[1].warnings == []
    assert "not maintained any more, since 2026-10-27" in validate(old, datetime.date(2026, 10, 28))[1].warnings[0]


# What is made of it


def test_what_is_not_said_is_as_kube_aws_had_it() -> None:
    made = cluster()
    assert (made.vpc_cidr, made.pod_cidr, made.service_cidr) == ("10.0.0.0/16", "10.2.0.0/16", "10.3.0.0/24")
    assert made.subnets == (Subnet("eu-west-1a", "10.0.0.0/24"),)
    assert (made.controller_ips, made.dns_service_ip) == (("10.0.0.50",), "10.3.0.10")
    assert (made.kubernetes_service_ip, made.record_set_ttl) == ("10.3.0.1", 300)
    assert (made.tls.ca_days, made.tls.cert_days) == (365, 90)
    assert (made.controller.volume, made.pools[0].count) == (Volume(30, "gp3", 0), 1)


def test_controllers_are_spread_over_the_subnets() -> None:
    made = cluster(**{**THREE, "createRecordSet": True, "hostedZoneId": "Z1"})
    assert made.controller_ips == ("10.0.0.50", "10.0.1.50", "10.0.2.50")
    narrow = cluster(instanceCIDR="10.0.0.0/28", controllerCount=3, createRecordSet=True, hostedZoneId="Z1")
    assert narrow.controller_ips == ("10.0.0.5", "10.0.0.6", "10.0.0.7")


def test_old_keys_keep_their_meaning() -> None:
    made = cluster(useCalico=True, workerSpotPrice=0.05, workerCount=4, kubernetesVersion="1.36.0")
    assert (made.cni, made.kubernetes_version) == ("calico", "v1.36.0")
    assert (made.pools[0].spot, made.pools[0].spot_price) == (True, "0.05")
    assert (made.pools[0].min, made.pools[0].count, made.pools[0].max) == (4, 4, 4)


def test_a_pool_is_what_it_was_described_as() -> None:
    taint = {"key": "gpu", "effect": "NoSchedule"}
    made = cluster(**pool(count=2, maxCount=5, autoscaled=True, labels={"a": 1}, taints=[taint])).pools[1]
    assert (made.name, made.min, made.count, made.max, made.labels) == ("gpu", 2, 2, 5, {"a": "1"})
    assert made.taints == (Taint("gpu", "NoSchedule"),)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, "amd64"),
        ({"controllerInstanceType": "m7gd.large", "workerInstanceType": "t4g.small"}, "arm64"),
        ({"controllerInstanceType": "g5.xlarge"}, "amd64"),
        ({"architecture": "amd64"}, "amd64"),
    ],
)
def test_the_image_is_for_the_processor_of_the_machines(changes: dict[str, t.Any], wanted: str) -> None:
    assert cluster(**changes).os.arch == wanted


def test_both_spellings_mean_the_same() -> None:
    camel = {**GOOD, "subnets": TWO, **pool(rootVolumeSize=50, taints=[{"key": "a", "effect": "NoExecute"}])}
    del camel["availabilityZone"]

    def snake(value: t.Any) -> t.Any:
        if isinstance(value, list):
            return [snake(item) for item in value]
        return {snake_case(key): snake(item) for key, item in value.items()} if isinstance(value, dict) else value

    assert validate(snake(camel), TODAY)[0] == validate(camel, TODAY)[0] is not None


def test_findings_speak_the_spelling_of_the_user() -> None:
    mine = {snake_case(key): value for key, value in GOOD.items()}
    _made, findings = validate({**mine, "instance_cidr": "10.1.0.0/24", "worker_cuont": 1}, TODAY)
    assert [str(each) for each in findings.found] == [
        "worker_cuont is 1, but there is no such key; did you mean worker_count?",
        "instance_cidr is '10.1.0.0/24', but vpc_cidr 10.0.0.0/16 does not contain it",
    ]


def test_what_is_missing_is_not_called_none() -> None:
    assert str(judged(region=OMIT)[1].found[0]) == "region is not set, but it must be set"


ANYTHING = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(["10.0.0.0/16"])
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
NAMES = st.sampled_from([key.name for key in (*KEYS, *SUBNET_KEYS, *POOL_KEYS, *TAINT_KEYS)])
NESTED = st.lists(st.dictionaries(NAMES, ANYTHING, max_size=4), max_size=2)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(NAMES, st.one_of(ANYTHING, NESTED), max_size=6))
def test_no_input_is_too_strange(changes: dict[str, t.Any]) -> None:
    made, findings = judged(**changes)
    assert (made is None) == bool(findings)


@given(ANYTHING)
def test_nothing_else_is_taken_for_a_cluster(value: t.Any) -> None:
    assert validate(value, TODAY)[0] is None


# cluster.yaml


def test_a_new_cluster_yaml_shows_every_key_that_means_something() -> None:
    text = write(GOOD)
    assert parse(text)[0] == GOOD
    assert validate(parse(text)[0], TODAY) == validate(GOOD, TODAY)
    shown = set(re.findall(r"^#?(\w+):", text, flags=re.MULTILINE))
    assert shown == {key.name for key in KEYS if not key.is_dead}
    assert max(map(len, text.splitlines())) <= 120


def test_all_that_stands_there_as_a_comment_is_the_default() -> None:
    text = re.sub(r"^#(?=\w+:|  ?- )", "", write(GOOD), flags=re.MULTILINE)
    content, findings = parse(text)
    assert not findings
    assert validate(content, TODAY)[0] == cluster()


def test_a_cluster_yaml_keeps_nested_values() -> None:
    given_keys = {
        **GOOD,
        **pool(labels={"a": "b"}, taints=[{"key": "x", "effect": "NoExecute"}]),
        "stackTags": {"a": "1"},
    }
    assert parse(write(given_keys))[0] == given_keys
    assert parse(write({snake_case(key): value for key, value in given_keys.items()}))[0] == given_keys


@pytest.mark.parametrize(
    ("text", "key", "value", "reason"),
    [
        ("a: 1\na: 2\n", "a", "2", "again in line 2"),
        ("subnets:\n- id: x\n  id: y\n", "id", "y", "again in line 3"),
        ("a: [1\n", "cluster.yaml", "line 2: expected ',' or ']', but got '<stream end>'", "must be YAML"),
        ("a: !vault x\n", "cluster.yaml", "line 1: could not determine a constructor for the tag '!vault'", "YAML"),
        ("? [a, b]\n: c\n", "cluster.yaml", "line 1: found unhashable key", "must be YAML"),
        ("a: 1\n---\nb: 2\n", "cluster.yaml", "line 2: but found another document", "must be YAML"),
        ("a: \x00\n", "cluster.yaml", "character 3", "control characters"),
        ("just words\n", "cluster.yaml", "a single value", "a mapping"),
    ],
)
def test_yaml_is_read_strictly(text: str, key: str, value: str, reason: str) -> None:
    found = parse(text)[1].found
    assert [(each.key, each.value) for each in found] == [(key, value)]
    assert reason in found[0].reason


def test_a_merged_mapping_is_no_key_written_twice() -> None:
    text = "a: &a {x: 1}\nb:\n  <<: *a\n  x: 2\n"
    content, findings = parse(text)
    assert (content["b"], bool(findings)) == ({"x": 2}, False)
    assert yaml.safe_load(text) == content
