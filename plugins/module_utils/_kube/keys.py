# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""Every key of cluster.yaml, once: its names, type, default and meaning."""

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass, field

#: what Flatcar is tested with, and until when it is maintained
KUBERNETES_MINORS = {"1.34": "2026-10-27", "1.35": "2027-02-28", "1.36": "2027-06-28"}
DEFAULT_KUBERNETES = "v1.36.2"
_PLURALS = {"apiCIDRs": "api_cidrs", "controllerIPs": "controller_ips", "sshCIDRs": "ssh_cidrs"}
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def snake_case(name: str) -> str:
    """externalDNSName -> external_dns_name"""
    return _PLURALS.get(name) or _WORDS.sub("_", name).lower()


@dataclass(frozen=True)
class Key:
    """One key.

    kind is str, int, bool, cidr, ip, url, name (a DNS name), instance_type, cidrs, ips, strs, map, subnets, pools or
    taints. A key with a since was one of kube-aws, since that version. A dead key is one that does nothing any more:
    meaning says why, and whoever writes it is told. A key that is required may still be empty where can_be_empty.
    """

    name: str
    kind: str
    meaning: str
    default: t.Any = None
    since: str = ""
    required: bool = False
    can_be_empty: bool = False
    is_dead: bool = False
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    option: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "option", snake_case(self.name))


_VOLUME_TYPES = ("gp2", "gp3", "io1", "io2", "standard")


def _volume(what: str, of: str, size: int) -> tuple[Key, Key, Key]:
    old = "" if what == "etcdVolume" else "v0.8.1"
    since = "" if what == "etcdVolume" else "v0.1.1"
    return (
        Key(f"{what}Size", "int", f"Size of {of}, in GiB.", size, since, low=8, high=16384),
        Key(f"{what}Type", "str", f"Type of {of}.", "gp3", old, choices=_VOLUME_TYPES),
        Key(
            f"{what}IOPS", "int", f"I/O operations a second of {of}; 0 leaves them to AWS.", 0, old, low=0, high=256000
        ),
    )


KEYS: tuple[Key, ...] = (
    Key("clusterName", "str", "Name of the cluster and of its stack.", "kubernetes", "v0.1.0", required=True),
    Key("externalDNSName", "name", "Name of the API, also in certificates.", None, "v0.1.0", required=True),
    Key("region", "str", "AWS region.", None, "v0.1.0", required=True),
    Key("availabilityZone", "str", "Zone of the only subnet. Needed without subnets.", "", "v0.1.0"),
    Key("keyName", "str", "EC2 key pair of the machines; '' makes machines that nobody can enter by SSH.", None,
        "v0.1.0", required=True, can_be_empty=True),
    Key("kmsKeyArn", "str", "ARN of the KMS key that encrypts what the machines read.", None, "v0.5.1", required=True),
    # network
    Key("vpcId", "str", "An existing VPC. Empty makes a new one.", "", "v0.6.0"),
    Key("routeTableId", "str", "Route table of new subnets in an existing VPC.", "", "v0.6.0"),
    Key("vpcCIDR", "cidr", "Addresses of the VPC, also of an existing one.", "10.0.0.0/16", "v0.4.0"),
    Key("instanceCIDR", "cidr", "Addresses of the only subnet.", "10.0.0.0/24", "v0.4.0"),
    Key("subnets", "subnets", "One subnet for each zone, instead of availabilityZone and instanceCIDR.", (), "v0.7.1"),
    Key("controllerIP", "ip", "Private address of the only controller. Empty takes one of its subnet.", "", "v0.4.0"),
    Key("controllerIPs", "ips", "Private address of each controller. Empty takes some of the subnets.", ()),
    Key("podCIDR", "cidr", "Addresses of pods.", "10.2.0.0/16", "v0.4.0"),
    Key("serviceCIDR", "cidr", "Addresses of services.", "10.3.0.0/24", "v0.4.0"),
    Key("dnsServiceIP", "ip", "Address of the DNS in the cluster: the tenth of serviceCIDR.", "", "v0.4.0"),
    Key("apiPort", "int", "Port of the API.", 6443, low=1, high=65535),
    Key("apiCIDRs", "cidrs", "Who may reach the API.", ("0.0.0.0/0",)),
    Key("sshCIDRs", "cidrs", "Who may reach the machines by SSH; nobody by default.", ()),
    # DNS
    Key("createRecordSet", "bool", "Whether Route 53 gets a record of externalDNSName.", False, "v0.6.1"),
    Key("recordSetTTL", "int", "Seconds that others may remember it.", 300, "v0.6.1", low=1, high=2147483647),
    Key("hostedZoneId", "str", "Id of the zone in Route 53.", "", "v0.7.1"),
    Key("hostedZone", "str", "Name of the zone in Route 53; better give hostedZoneId.", "", "v0.6.1"),
    # machines
    Key("controllerCount", "int", "Number of controllers, 1 or 3. Three need a hosted zone.", 1, low=1, high=3),
    Key("controllerInstanceType", "instance_type", "EC2 type of controllers.", "t3.medium", "v0.3.0"),
    *_volume("controllerRootVolume", "the root volume of controllers", 30),
    *_volume("etcdVolume", "the volume of etcd", 10),
    Key("workerCount", "int", "Number of workers in the first pool.", 1, "v0.1.0", low=0, high=5000),
    Key("workerInstanceType", "instance_type", "EC2 type of workers.", "t3.medium", "v0.3.0"),
    *_volume("workerRootVolume", "the root volume of workers", 30),
    Key("workerSpotPrice", "str", "Workers are spot instances of at most this price in dollars an hour.", "", "v0.4.0"),
    Key("workerPools", "pools", "More groups of workers.", ()),
    # operating system
    Key("releaseChannel", "str", "Channel of Flatcar.", "stable", "v0.3.0", choices=("alpha", "beta", "stable", "lts")),
    Key("osVersion", "str", "Version of Flatcar. Empty takes the newest, once.", ""),
    Key("ami", "str", "Image of the machines, instead of one that is looked up.", ""),
    Key("amiSsmParameter", "str", "Your own SSM parameter with the id of the image.", ""),
    Key("architecture", "str", "Processor of the machines. Empty takes that of their types.", "",
        choices=("", "amd64", "arm64")),
    Key("osAutoUpdate", "bool", "Whether Flatcar updates itself and restarts machines.", False),
    # Kubernetes
    Key("kubernetesVersion", "str", "Version of Kubernetes.", DEFAULT_KUBERNETES, "v0.5.1"),
    Key("cni", "str", "Network of pods. Only flannel is installed; for others the ports are opened.", "flannel",
        choices=("flannel", "calico", "cilium", "none")),
    Key("ecr", "bool", "Whether nodes get credentials for the registry of the account.", True),
    Key("sysextBaseURL", "url", "Where machines get Kubernetes from.", "https://extensions.flatcar.org/extensions"),
    Key("sysextSHA256", "str", "Checksum of that image. Empty looks it up, once.", ""),
    Key("ecrProviderSHA256", "str", "Checksum of the program that gets them. Empty looks it up, once.", ""),
    Key("autoPatchKubernetes", "bool", "Whether machines fetch new patch releases of Kubernetes by themselves.", False),
    Key("bootstrapTokenTTL", "str", "How long machines can join; 0s is for ever.", "0s"),
    # TLS
    Key("tlsCADurationDays", "int", "Validity of the CAs, in days.", 365, "v0.8.2", low=1, high=36500),
    Key("tlsCertDurationDays", "int", "Validity of all other certificates, in days.", 90, "v0.8.2", low=1, high=36500),
    Key("tlsRenewBeforeDays", "int", "They are made anew that many days before they end.", 30, low=0, high=36500),
    Key("tlsKeyType", "str", "Type of keys.", "ecdsa-p256", choices=("ecdsa-p256", "rsa-2048")),
    Key("stackTags", "map", "Tags of the stack and of all it holds.", {}, "v0.7.0"),
    # of kube-aws only
    Key("containerRuntime", "str", "The runtime; only containerd is left, and docker means it.", "containerd", "v0.8.2",
        choices=("containerd", "docker")),
    Key("useCalico", "bool", "The same as cni calico.", False, "v0.7.0"),
    Key("artifactURL", "url", "Nothing comes from there any more; Kubernetes comes from sysextBaseURL.", "", "v0.1.0",
        is_dead=True),
    Key("kubernetesServiceIP", "ip", "It is always the first address of serviceCIDR.", "", "v0.4.0", is_dead=True),
    Key("hyperkubeImageRepo", "str", "There is no hyperkube image any more.", "", "v0.5.1", is_dead=True),
)  # fmt: skip

SUBNET_KEYS: tuple[Key, ...] = (
    Key("availabilityZone", "str", "Zone of the subnet.", None, "v0.7.1", required=True),
    Key("instanceCIDR", "cidr", "Its addresses, also of an existing one.", None, "v0.7.1", required=True),
    Key("id", "str", "An existing subnet. Empty makes a new one.", ""),
    Key("private", "bool", "Whether machines in it get no public address; it then needs another way out.", False),
)

POOL_KEYS: tuple[Key, ...] = (
    Key("name", "str", "Name of the pool.", None, required=True),
    Key("instanceTypes", "strs", "EC2 types, the best first.", ("t3.medium",)),
    Key("count", "int", "Number of workers.", 1, low=0, high=5000),
    Key("minCount", "int", "Smallest number for the autoscaler; the default is count.", None, low=0, high=5000),
    Key("maxCount", "int", "Largest number for the autoscaler; the default is count.", None, low=0, high=5000),
    Key("autoscaled", "bool", "Whether a cluster autoscaler changes the number.", False),
    Key("spot", "bool", "Whether the workers are spot instances.", False),
    Key("spotPrice", "str", "Most dollars an hour for a spot instance; empty for the price on demand.", ""),
    *_volume("rootVolume", "the root volume", 30),
    Key("labels", "map", "Labels of the nodes.", {}),
    Key("taints", "taints", "Taints of the nodes.", ()),
)

TAINT_KEYS: tuple[Key, ...] = (
    Key("key", "str", "Key of the taint.", None, required=True),
    Key("value", "str", "Value of the taint.", ""),
    Key("effect", "str", "What it does.", None, required=True, choices=("NoSchedule", "PreferNoSchedule", "NoExecute")),
)


def by_name(keys: t.Iterable[Key]) -> dict[str, Key]:
    """Keys under both of their names: camelCase, and snake_case as Ansible has it."""
    return {name: key for key in keys for name in (key.name, key.option)}


_CAMEL_CASE = {key.name: key.option for key in (*KEYS, *SUBNET_KEYS, *POOL_KEYS, *TAINT_KEYS) if key.name != key.option}
_NAMES = re.compile(rf"\b({'|'.join(sorted(_CAMEL_CASE, key=len, reverse=True))})\b")


def in_snake_case(text: str) -> str:
    """The text with all names of keys as Ansible has them."""
    return _NAMES.sub(lambda found: _CAMEL_CASE[found[0]], text)


def is_snake_case(given: t.Iterable[t.Any]) -> bool:
    """Whether keys were written as Ansible has them."""
    return any("_" in str(name) for name in given)
