# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters of every kind, and what is rendered from them; the keys are no real ones."""

from __future__ import annotations

import base64
import hashlib
import json
import typing as t
from dataclasses import dataclass, replace

from ansible_collections.containerci.aws.plugins.module_utils._kube import cloudformation, nodes
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import (
    Cluster,
    Controller,
    Os,
    Pool,
    Subnet,
    Taint,
    Tls,
    Volume,
)
from ansible_collections.containerci.aws.plugins.module_utils._kube.pointer import Configuration

Data = dict[str, t.Any]

KEY_ARN = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
BUCKET = "containerci-kubernetes"
AMI = "ami-0123456789abcdef0"
NAMES = ("ca", "etcd/ca", "front-proxy-ca", "sa")


def _pem(name: str, label: str) -> str:
    body = base64.b64encode(hashlib.sha512(f"{name} {label}".encode()).digest() * 2).decode()
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


PKI = {
    **{f"{name}.key": _pem(name, "PRIVATE KEY") for name in NAMES},
    **{f"{name}.crt": _pem(name, "CERTIFICATE") for name in NAMES[:3]},
    "sa.pub": _pem("sa", "PUBLIC KEY"),
}
TOKEN = "abcdef.0123456789abcdef"
SECRETS = nodes.Secrets("sha256:" + "ab" * 32, TOKEN, PKI)

ZONES = ("eu-central-1a", "eu-central-1b", "eu-central-1c")
SUBNETS = tuple(Subnet(zone, f"10.0.{index}.0/24") for index, zone in enumerate(ZONES))
WORKERS = Pool("workers", ("t3.medium",), 2, 2, 2, Volume())
CLUSTER = Cluster(
    name="blue",
    region="eu-central-1",
    external_dns_name="api.blue.example.com",
    kms_key_arn=KEY_ARN,
    key_name="operators",
    subnets=SUBNETS[:1],
    controller=Controller(),
    controller_ips=("10.0.0.50",),
    pools=(WORKERS,),
    sysext_sha256="cd" * 32,
    ecr_provider_sha256="12" * 32,
    os=Os(ami=AMI),
)
HA = replace(
    CLUSTER,
    subnets=SUBNETS,
    controller=Controller(3, "m6i.large"),
    controller_ips=("10.0.0.50", "10.0.1.50", "10.0.2.50"),
    create_record_set=True,
    hosted_zone_id="Z0123456789ABCDEFGHIJ",
)
SPOT = replace(WORKERS, spot=True, spot_price="0.05", instance_types=("m6i.large", "m5.large"))
GPU = Pool(
    "gpu-nodes",
    ("g5.xlarge",),
    1,
    0,
    5,
    Volume(100, "io2", 3000),
    autoscaled=True,
    labels={"accelerator": "nvidia", "team": "ml"},
    taints=(Taint("accelerator", "NoSchedule", "nvidia"), Taint("slow", "PreferNoSchedule")),
)
EXISTING = replace(
    CLUSTER,
    vpc_id="vpc-0123456789abcdef0",
    route_table_id="rtb-0123456789abcdef0",
)
OWN_SUBNETS = (
    *(Subnet(zone, f"10.0.{index}.0/24", f"subnet-0000000{index}") for index, zone in enumerate(ZONES)),
    *(Subnet(zone, f"10.0.1{index}.0/24", f"subnet-0000001{index}", private=True) for index, zone in enumerate(ZONES)),
)

VARIANTS = {
    "new VPC": CLUSTER,
    "existing VPC": EXISTING,
    "existing VPC without a route table": replace(EXISTING, route_table_id=""),
    "existing subnets": replace(EXISTING, route_table_id="", subnets=OWN_SUBNETS),
    "existing private subnets, three controllers": replace(
        HA,
        vpc_id=EXISTING.vpc_id,
        subnets=OWN_SUBNETS[3:],
        controller_ips=("10.0.10.50", "10.0.11.50", "10.0.12.50"),
    ),
    "private controllers behind a public load balancer": replace(
        HA,
        vpc_id=EXISTING.vpc_id,
        subnets=OWN_SUBNETS,
        controller_ips=("10.0.10.50", "10.0.11.50", "10.0.12.50"),
    ),
    "three controllers": HA,
    "Route 53 by id": replace(CLUSTER, create_record_set=True, hosted_zone_id="Z0123456789ABCDEFGHIJ"),
    "Route 53 by name": replace(CLUSTER, create_record_set=True, hosted_zone="example.com", record_set_ttl=60),
    "spot": replace(CLUSTER, pools=(SPOT,)),
    "worker pools": replace(HA, pools=(WORKERS, GPU, replace(SPOT, name="spot"))),
    "no workers yet": replace(CLUSTER, pools=(replace(WORKERS, count=0, min=0, max=0),)),
    "open to some": replace(CLUSTER, api_cidrs=("203.0.113.0/24",), ssh_cidrs=("203.0.113.7/32",), api_port=443),
    "Calico": replace(CLUSTER, cni="calico"),
    "Cilium": replace(CLUSTER, cni="cilium"),
    "no network of pods": replace(CLUSTER, cni="none", ecr=False),
    "another address of the DNS": replace(CLUSTER, dns_service_ip="10.3.0.53"),
    "arm64, RSA, everything updates itself": replace(
        CLUSTER,
        os=Os(channel="lts", arch="arm64", auto_update=True, ami=AMI),
        tls=Tls(730, 180, "rsa-2048", 60),
        auto_patch_kubernetes=True,
        key_name="",
        bootstrap_token_ttl="24h0m0s",
        etcd_volume=Volume(20, "gp3", 4000),
        kubernetes_version="v1.34.9",
    ),
}


@dataclass(frozen=True)
class Rendered:
    """Everything that is rendered from a cluster."""

    controllers: tuple[Configuration, ...]
    workers: dict[str, Configuration]
    template: Data

    @property
    def configurations(self) -> list[Configuration]:
        return [*self.controllers, *self.workers.values()]


def render(cluster: Cluster) -> Rendered:
    controllers = tuple(nodes.controller(cluster, SECRETS, index) for index in range(cluster.controller.count))
    workers = {pool.name: nodes.worker(cluster, SECRETS, pool) for pool in cluster.pools}
    template = cloudformation.template(
        cluster,
        AMI,
        [each.user_data(BUCKET) for each in controllers],
        {name: each.user_data(BUCKET) for name, each in workers.items()},
        BUCKET,
    )
    return Rendered(controllers, workers, template)


RENDERED = {name: render(cluster) for name, cluster in VARIANTS.items()}


def files(configuration: Configuration) -> dict[str, Data]:
    """The files of a machine by their paths, with the text of those that carry one."""
    found = {}
    for file in json.loads(configuration.text)["storage"]["files"]:
        source = file["contents"]["source"]
        prefix = "data:;base64,"
        if source.startswith(prefix):
            file["text"] = base64.b64decode(source[len(prefix) :]).decode()
        found[file["path"]] = file
    return found


def units(configuration: Configuration) -> dict[str, Data]:
    return {unit["name"]: unit for unit in json.loads(configuration.text)["systemd"]["units"]}
