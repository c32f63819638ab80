# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""What a cluster is to be like, after all defaults and checks: the shapes that everything is rendered from."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Subnet:
    """One subnet; with id it exists already. Machines in a private one get no public address."""

    availability_zone: str
    cidr: str
    id: str = ""
    private: bool = False


@dataclass(frozen=True)
class Volume:
    """A disk: size in GiB; iops 0 leaves them to AWS."""

    size: int = 30
    type: str = "gp3"
    iops: int = 0


@dataclass(frozen=True)
class Taint:
    key: str
    effect: str
    value: str = ""


@dataclass(frozen=True)
class Controller:
    """The machines of the control plane, all alike: one or three."""

    count: int = 1
    instance_type: str = "t3.medium"
    volume: Volume = Volume()


@dataclass(frozen=True)
class Pool:
    """A group of workers. With several instance types, or spot, it is a mixed group.

    spot_price is in dollars an hour, empty for the price on demand as the limit; the nodes get labels and taints.
    """

    name: str
    instance_types: tuple[str, ...]
    count: int
    min: int
    max: int
    volume: Volume
    spot: bool = False
    spot_price: str = ""
    autoscaled: bool = False
    labels: t.Mapping[str, str] = field(default_factory=dict)
    taints: tuple[Taint, ...] = ()


@dataclass(frozen=True)
class Tls:
    """Validity in days; key_type is ecdsa-p256 or rsa-2048."""

    ca_days: int = 365
    cert_days: int = 90
    key_type: str = "ecdsa-p256"
    renew_before_days: int = 30


@dataclass(frozen=True)
class Os:
    """Flatcar: the image is ami, or is found by channel and version; arch is amd64 or arm64."""

    channel: str = "stable"
    version: str = ""
    ami: str = ""
    ami_ssm_parameter: str = ""
    arch: str = "amd64"
    auto_update: bool = False


@dataclass(frozen=True)
class Cluster:
    """A whole cluster. name is also the name of its stack."""

    name: str
    region: str
    external_dns_name: str
    kms_key_arn: str
    subnets: tuple[Subnet, ...]
    controller: Controller
    #: one private address for each controller
    controller_ips: tuple[str, ...]
    pools: tuple[Pool, ...]
    etcd_volume: Volume = Volume(size=10)
    key_name: str = ""
    vpc_id: str = ""
    vpc_cidr: str = "10.0.0.0/16"
    route_table_id: str = ""
    pod_cidr: str = "10.2.0.0/16"
    service_cidr: str = "10.3.0.0/24"
    dns_service_ip: str = "10.3.0.10"
    api_port: int = 6443
    api_cidrs: tuple[str, ...] = ("0.0.0.0/0",)
    ssh_cidrs: tuple[str, ...] = ()
    create_record_set: bool = False
    record_set_ttl: int = 300
    hosted_zone_id: str = ""
    #: name of the zone, when the id is not given
    hosted_zone: str = ""
    kubernetes_version: str = "v1.36.2"
    cni: str = "flannel"
    ecr: bool = True
    #: sha256 in hex of the credential provider; empty until it was looked up
    ecr_provider_sha256: str = ""
    #: whether new patch releases of Kubernetes are fetched by the machines themselves
    auto_patch_kubernetes: bool = False
    sysext_base_url: str = "https://extensions.flatcar.org/extensions"
    #: sha256 in hex; empty until it was looked up
    sysext_sha256: str = ""
    bootstrap_token_ttl: str = "0s"
    os: Os = Os()
    tls: Tls = Tls()
    tags: t.Mapping[str, str] = field(default_factory=dict)

    @property
    def is_ha(self) -> bool:
        """Whether a load balancer stands before several controllers."""
        return self.controller.count > 1

    def subnet_of_controller(self, index: int) -> int:
        """The first subnet that has its address."""
        address = ipaddress.ip_address(self.controller_ips[index])
        return next(i for i, each in enumerate(self.subnets) if address in ipaddress.ip_network(each.cidr))

    def zone_of_controller(self, index: int) -> str:
        return self.subnets[self.subnet_of_controller(index)].availability_zone

    @property
    def kubernetes_service_ip(self) -> str:
        """The first address of the services: the API inside the cluster."""
        return str(ipaddress.ip_network(self.service_cidr)[1])

    @property
    def kubernetes_minor(self) -> str:
        """v1.36.2 -> 1.36"""
        return ".".join(self.kubernetes_version.lstrip("v").split(".")[:2])
