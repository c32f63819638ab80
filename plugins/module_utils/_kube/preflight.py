# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""What only AWS can tell about a cluster before it is made: whether everything exists, and fits."""

from __future__ import annotations

import ipaddress
import typing as t
from dataclasses import dataclass, field

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError, error_code
from ansible_collections.containerci.aws.plugins.module_utils._core.service import Service
from ansible_collections.containerci.aws.plugins.module_utils._kube.ami import ARCHITECTURES
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster
from ansible_collections.containerci.aws.plugins.module_utils._kube.findings import Finding

_ABSENT = frozenset(
    {
        "InvalidKeyPair.NotFound",
        "InvalidSubnetID.NotFound",
        "InvalidVpcID.NotFound",
        "NoSuchHostedZone",
        "NotFoundException",
    }
)


class _Absent(CollectionError):
    """AWS does not know it."""


@dataclass(frozen=True)
class Net:
    """A subnet of the VPC."""

    id: str
    cidr: str
    zone: str


@dataclass(frozen=True)
class Facts:
    """What AWS knows about what a cluster names; None for what does not exist."""

    types: t.Mapping[str, t.Sequence[str]] = field(default_factory=dict)
    zones: t.Collection[str] = ()
    key_pair: bool = True
    image: bool = True
    route_table: bool = True
    kms_key: str | None = "Enabled"
    vpc_cidrs: t.Sequence[str] | None = ()
    subnets: t.Sequence[Net] = ()
    hosted_zones: t.Sequence[str] | None = None  # the domains of the zones that can be meant
    record: bool = False


class Account(Service):
    """Each question once; the name is that of the service whose client it was given."""

    def __init__(self, client: t.Any, name: str) -> None:
        super().__init__(client)
        self.name = name

    def ask(self, method: str, **parameters: t.Any) -> dict[str, t.Any] | None:
        try:
            return self._call(method, **parameters)
        except _Absent:
            return None

    def pages(self, method: str, **parameters: t.Any) -> list[dict[str, t.Any]]:
        return list(self._pages(method, **parameters))

    def explain(self, error: Exception, method: str) -> CollectionError:
        if error_code(error) in _ABSENT:
            return _Absent("It does not exist.")
        return super().explain(error, method)


def types_of(cluster: Cluster) -> dict[str, str]:
    """Every instance type with the key that names it."""
    found = {cluster.controller.instance_type: "controllerInstanceType"}
    for index, pool in enumerate(cluster.pools):
        for name in pool.instance_types:
            found.setdefault(name, f"workerPools[{index - 1}].instanceTypes" if index else "workerInstanceType")
    return found


class Reader:
    """Asks AWS for the facts; what a cluster does not use is not asked for."""

    def __init__(self, client: t.Callable[[str], t.Any]) -> None:
        self._client = client

    def read(self, cluster: Cluster, is_new: bool) -> Facts:
        ec2 = Account(self._client("ec2"), "ec2")
        zones = self._zones(cluster)
        return Facts(
            types=_types(ec2, list(types_of(cluster))),
            zones=_zones(ec2),
            key_pair=not cluster.key_name or ec2.ask("describe_key_pairs", KeyNames=[cluster.key_name]) is not None,
            image=_is_there(ec2, "describe_images", "Images", "image-id", cluster.os.ami),
            route_table=_is_there(
                ec2, "describe_route_tables", "RouteTables", "route-table-id", cluster.route_table_id
            ),
            kms_key=self._key(cluster.kms_key_arn),
            vpc_cidrs=_vpc(ec2, cluster.vpc_id),
            subnets=_subnets(ec2, cluster.vpc_id),
            hosted_zones=None if zones is None else list(zones.values()),
            record=is_new and zones is not None and any(self._record(cluster, zone) for zone in zones),
        )

    def _key(self, arn: str) -> str | None:
        if not arn:
            return "Enabled"
        answer = Account(self._client("kms"), "kms").ask("describe_key", KeyId=arn)
        return str(answer["KeyMetadata"]["KeyState"]) if answer else None

    def _zones(self, cluster: Cluster) -> dict[str, str] | None:
        """The zones that can be meant, id and domain; None if none is."""
        if not cluster.hosted_zone_id and not cluster.hosted_zone:
            return None
        route53 = Account(self._client("route53"), "route53")
        if cluster.hosted_zone_id:
            answer = route53.ask("get_hosted_zone", Id=cluster.hosted_zone_id)
            return {cluster.hosted_zone_id: answer["HostedZone"]["Name"]} if answer else {}
        wanted = _dotted(cluster.hosted_zone)
        answer = route53.ask("list_hosted_zones_by_name", DNSName=wanted) or {}
        return {zone["Id"]: zone["Name"] for zone in answer.get("HostedZones", []) if zone["Name"] == wanted}

    def _record(self, cluster: Cluster, zone: str) -> bool:
        if not cluster.create_record_set:
            return False
        name = _dotted(cluster.external_dns_name)
        route53 = Account(self._client("route53"), "route53")
        answer = route53.ask(
            "list_resource_record_sets",
            HostedZoneId=zone,
            StartRecordName=name,
            StartRecordType="A",
            MaxItems="1",
        )
        records = answer["ResourceRecordSets"] if answer else []
        return any(record["Name"] == name and record["Type"] == "A" for record in records)


def _is_there(ec2: Account, method: str, key: str, name: str, wanted: str) -> bool:
    """Whether something is not asked for, or is found by its id."""
    return not wanted or any(page[key] for page in ec2.pages(method, Filters=[{"Name": name, "Values": [wanted]}]))


def _types(ec2: Account, names: list[str]) -> dict[str, list[str]]:
    filters = [{"Name": "instance-type", "Values": names}]
    return {
        item["InstanceType"]: item["ProcessorInfo"]["SupportedArchitectures"]
        for page in ec2.pages("describe_instance_types", Filters=filters)
        for item in page["InstanceTypes"]
    }


def _zones(ec2: Account) -> list[str]:
    answer = ec2.ask("describe_availability_zones") or {}
    return [zone["ZoneName"] for zone in answer.get("AvailabilityZones", [])]


def _vpc(ec2: Account, vpc: str) -> list[str] | None:
    if not vpc:
        return []
    answer = ec2.ask("describe_vpcs", VpcIds=[vpc])
    if not answer:
        return None
    found = answer["Vpcs"][0]
    blocks = [block["CidrBlock"] for block in found.get("CidrBlockAssociationSet", [])]
    return [found["CidrBlock"], *(block for block in blocks if block != found["CidrBlock"])]


def _subnets(ec2: Account, vpc: str) -> list[Net]:
    if not vpc:
        return []
    pages = ec2.pages("describe_subnets", Filters=[{"Name": "vpc-id", "Values": [vpc]}])
    return [
        Net(item["SubnetId"], item["CidrBlock"], item["AvailabilityZone"]) for page in pages for item in page["Subnets"]
    ]


def findings(cluster: Cluster, facts: Facts, own_subnets: t.Collection[str] = ()) -> list[Finding]:
    """Everything that does not fit; own_subnets are those that the cluster's stack has made."""
    return [
        *_about_types(cluster, facts),
        *_about_names(cluster, facts),
        *_about_vpc(cluster, facts),
        *_about_subnets(cluster, facts, own_subnets),
        *_about_dns(cluster, facts),
    ]


def _about_types(cluster: Cluster, facts: Facts) -> t.Iterator[Finding]:
    wanted = ARCHITECTURES[cluster.os.arch]
    for name, key in types_of(cluster).items():
        if name not in facts.types:
            yield Finding(key, name, f"{cluster.region} has no such instance type")
        elif wanted not in facts.types[name]:
            offers = " and ".join(facts.types[name])
            yield Finding(key, name, f"it runs {offers}, and architecture is {cluster.os.arch}")


def _about_names(cluster: Cluster, facts: Facts) -> t.Iterator[Finding]:
    if not facts.key_pair:
        yield Finding("keyName", cluster.key_name, f"{cluster.region} has no such key pair")
    if not facts.image:
        yield Finding("ami", cluster.os.ami, f"{cluster.region} has no such image, or none that you may use")
    if not facts.route_table:
        yield Finding("routeTableId", cluster.route_table_id, f"{cluster.region} has no such route table")
    if facts.kms_key is None:
        yield Finding("kmsKeyArn", cluster.kms_key_arn, "there is no such key, or none that you may use")
    elif facts.kms_key != "Enabled":
        yield Finding("kmsKeyArn", cluster.kms_key_arn, f"the key is {facts.kms_key}; it must be Enabled")
    for subnet in cluster.subnets:
        zone = subnet.availability_zone
        if zone and zone not in facts.zones:
            listed = ", ".join(sorted(facts.zones))
            yield Finding("availabilityZone", zone, f"it must be one of {listed}")


def _about_vpc(cluster: Cluster, facts: Facts) -> t.Iterator[Finding]:
    if not cluster.vpc_id:
        return
    if facts.vpc_cidrs is None:
        yield Finding("vpcId", cluster.vpc_id, f"{cluster.region} has no such VPC")
    elif cluster.vpc_cidr not in facts.vpc_cidrs:
        yield Finding("vpcCIDR", cluster.vpc_cidr, f"{cluster.vpc_id} has {', '.join(facts.vpc_cidrs)}")


def _about_subnets(cluster: Cluster, facts: Facts, own: t.Collection[str]) -> t.Iterator[Finding]:
    if not cluster.vpc_id or facts.vpc_cidrs is None:
        return
    there = {net.id: net for net in facts.subnets}
    for subnet in cluster.subnets:
        if subnet.id:
            if subnet.id not in there:
                yield Finding("subnets", subnet.id, f"{cluster.vpc_id} has no such subnet")
            continue
        wanted = ipaddress.ip_network(subnet.cidr)
        for net in facts.subnets:
            if net.id not in own and wanted.overlaps(ipaddress.ip_network(net.cidr)):
                yield Finding("instanceCIDR", subnet.cidr, f"it overlaps with {net.cidr} of the existing {net.id}")


def _about_dns(cluster: Cluster, facts: Facts) -> t.Iterator[Finding]:
    if facts.hosted_zones is None:
        return
    key = "hostedZoneId" if cluster.hosted_zone_id else "hostedZone"
    value = cluster.hosted_zone_id or cluster.hosted_zone
    if len(facts.hosted_zones) != 1:
        yield Finding(key, value, f"there must be exactly one such zone, not {len(facts.hosted_zones)}")
        return
    name, zone = _dotted(cluster.external_dns_name), facts.hosted_zones[0]
    if name != zone and not name.endswith(f".{zone}"):
        yield Finding("externalDNSName", cluster.external_dns_name, f"it is not in the hosted zone {zone}")
    if facts.record:
        yield Finding("externalDNSName", cluster.external_dns_name, "the hosted zone has a record of that name already")


def _dotted(name: str) -> str:
    return name if name.endswith(".") else f"{name}."
