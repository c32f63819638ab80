# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""What values have to be to each other. Every rule looks at all values and adds what it finds."""

from __future__ import annotations

import ipaddress
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._kube.findings import Findings
from ansible_collections.containerci.aws.plugins.module_utils._kube.keys import snake_case
from ansible_collections.containerci.aws.plugins.module_utils._kube.values import Values

_REGION = r"[a-z]{2}(-iso[a-z]?|-gov)?-[a-z]+-\d"
_PATTERNS = {
    "clusterName": (r"[A-Za-z][A-Za-z0-9-]{0,127}", "it must be letters, digits and hyphens, a letter first"),
    "region": (_REGION, "it must be an AWS region, such as eu-central-1"),
    "kmsKeyArn": (r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+", "it must be the ARN of a KMS key"),
    "vpcId": (r"(vpc-[0-9a-f]+)?", "it must be the id of a VPC, such as vpc-0123456789abcdef0"),
    "routeTableId": (r"(rtb-[0-9a-f]+)?", "it must be the id of a route table"),
    "hostedZoneId": (r"((/hostedzone/)?[A-Z0-9]+)?", "it must be the id of a hosted zone, such as Z0123456789ABC"),
    "ami": (r"(ami-[0-9a-f]+)?", "it must be the id of an image, such as ami-0123456789abcdef0"),
    "sysextSHA256": (r"([0-9a-f]{64})?", "it must be a SHA-256 checksum in hex"),
    "ecrProviderSHA256": (r"([0-9a-f]{64})?", "it must be a SHA-256 checksum in hex"),
    "bootstrapTokenTTL": (r"(\d+h)?(\d+m)?(\d+s)?(?<=[hms])", "it must be a duration, such as 24h or 0s"),
    "osVersion": (r"(\d+\.\d+\.\d+)?", "it must be a version of Flatcar, such as 4593.2.5"),
}
#: of the fifty that AWS allows, some are needed for the cluster itself
_MOST_TAGS = 40
_TAGS = "AWS allows keys of 1 to 128 characters without aws: in front, and values of up to 256"
#: ports of a controller that are taken
_TAKEN = {22, 179, 2379, 2380, 4240, 10248, 10249, 10250, 10256, 10257, 10259}


def check(values: Values, given: t.Container[str], findings: Findings) -> None:
    """values with all defaults; given has the options that were really written."""
    for key, (pattern, reason) in _PATTERNS.items():
        option = snake_case(key)
        if option in values and not re.fullmatch(pattern, values[option]):
            findings.add(key, values[option], reason)
    _subnets(values, given, findings)
    _ranges(values, findings)
    _places(values, findings)
    _controllers(values, findings)
    _existing_vpc(values, findings)
    _records(values, given, findings)
    _validity(values, findings)
    _tags(values, findings)


def _network(values: Values, option: str) -> ipaddress.IPv4Network | None:
    return ipaddress.IPv4Network(values[option]) if values.get(option) else None


def _subnets(values: Values, given: t.Container[str], findings: Findings) -> None:
    if not values["subnets"]:
        if not values.get("availability_zone"):
            findings.add("availabilityZone", None, "it must be set, or subnets")
        return
    for option, key in (("availability_zone", "availabilityZone"), ("instance_cidr", "instanceCIDR")):
        if option in given and values.get(option):
            findings.add(key, values[option], "it must not be set together with subnets")


def subnets_of(values: Values) -> list[tuple[str, Values]]:
    """The subnets with the names of the keys that hold their addresses."""
    if values["subnets"]:
        return [(f"subnets[{index}].instanceCIDR", each) for index, each in enumerate(values["subnets"])]
    alone = {"availability_zone": values.get("availability_zone", ""), "instance_cidr": values.get("instance_cidr", "")}
    return [("instanceCIDR", alone)]


def _ranges(values: Values, findings: Findings) -> None:
    vpc = _network(values, "vpc_cidr")
    seen: list[tuple[str, ipaddress.IPv4Network]] = []
    for key, subnet in subnets_of(values):
        network = _network(subnet, "instance_cidr")
        if network is None:
            continue
        if vpc and not network.subnet_of(vpc):
            findings.add(key, str(network), f"vpcCIDR {vpc} does not contain it")
        if not 16 <= network.prefixlen <= 28:
            findings.add(key, str(network), "AWS allows subnets from /16 to /28")
        for other, its in seen:
            if network.overlaps(its):
                findings.add(key, str(network), f"it overlaps with {other} {its}")
        seen.append((key, network))
    if vpc and not 16 <= vpc.prefixlen <= 28:
        findings.add("vpcCIDR", str(vpc), "AWS allows VPCs from /16 to /28")
    _inner_ranges(values, vpc, findings)


def _inner_ranges(values: Values, vpc: ipaddress.IPv4Network | None, findings: Findings) -> None:
    pods, services = _network(values, "pod_cidr"), _network(values, "service_cidr")
    for key, network in (("podCIDR", pods), ("serviceCIDR", services)):
        if network and vpc and network.overlaps(vpc):
            findings.add(key, str(network), f"it overlaps with vpcCIDR {vpc}")
    if pods and services and services.overlaps(pods):
        findings.add("serviceCIDR", str(services), f"it overlaps with podCIDR {pods}")
    if pods and not 8 <= pods.prefixlen <= 23:
        findings.add("podCIDR", str(pods), "it must be from /8 to /23, because each node takes a /24 of it")
    if services is None:
        return
    if not 12 <= services.prefixlen <= 28:
        findings.add(
            "serviceCIDR", str(services), "it must be from /12 to /28, so that it has room for the API and the DNS"
        )
    _dns(values, services, findings)
    first = values.get("kubernetes_service_ip")
    if first and services.num_addresses > 1 and first != str(services[1]):
        findings.add("kubernetesServiceIP", first, f"it is always the first address of serviceCIDR, {services[1]}")


def _dns(values: Values, services: ipaddress.IPv4Network, findings: Findings) -> None:
    if not values.get("dns_service_ip"):
        return
    dns = ipaddress.IPv4Address(values["dns_service_ip"])
    if dns not in services:
        findings.add("dnsServiceIP", str(dns), f"serviceCIDR {services} does not contain it")
    elif services.num_addresses > 10 and dns == services[1]:
        findings.add("dnsServiceIP", str(dns), "the first address of serviceCIDR is that of the API")


def _controllers(values: Values, findings: Findings) -> None:
    count = values.get("controller_count", 1)
    if count == 2:
        findings.add("controllerCount", count, "it must be 1 or 3: two controllers cannot outvote a third that is lost")
    networks = [network for _key, each in subnets_of(values) if (network := _network(each, "instance_cidr"))]
    if values.get("controller_ip") and values.get("controller_ips"):
        findings.add("controllerIP", values["controller_ip"], "it must not be set together with controllerIPs")
    if values.get("controller_ip") and count > 1:
        findings.add("controllerIP", values["controller_ip"], "several controllers need controllerIPs")
    several = values.get("controller_ips", ())
    if several and len(several) != count:
        findings.add("controllerIPs", list(several), f"it must have one address for each of the {count} controllers")
    if len(set(several)) != len(several):
        findings.add("controllerIPs", list(several), "each controller needs an address of its own")
    named = [("controllerIP", values.get("controller_ip"))] + [("controllerIPs", address) for address in several]
    for key, address in named:
        if address:
            _controller_address(key, ipaddress.IPv4Address(address), networks, findings)


def _controller_address(
    key: str, address: ipaddress.IPv4Address, networks: list[ipaddress.IPv4Network], findings: Findings
) -> None:
    home = next((network for network in networks if address in network), None)
    if networks and home is None:
        findings.add(key, str(address), "no instanceCIDR contains it")
    elif home and (int(address) - int(home.network_address) < 4 or address == home.broadcast_address):
        findings.add(key, str(address), f"AWS keeps the first four addresses and the last one of {home} for itself")


def _places(values: Values, findings: Findings) -> None:
    """Everything is in one region."""
    region = values.get("region", "")
    if not re.fullmatch(_REGION, region):
        return
    zones = [("availabilityZone", values.get("availability_zone"))]
    zones += [
        (f"subnets[{i}].availabilityZone", each.get("availability_zone")) for i, each in enumerate(values["subnets"])
    ]
    for key, zone in zones:
        if zone and not re.fullmatch(rf"{region}(-[a-z]+-\d+)?[a-z]", zone):
            findings.add(key, zone, f"it must be a zone of {region}, such as {region}a")
    arn = values.get("kms_key_arn", "")
    if arn.startswith("arn:") and arn.split(":")[3:4] != [region]:
        findings.add("kmsKeyArn", arn, f"the key must be in {region}")
    port = values.get("api_port")
    if port in _TAKEN:
        findings.add("apiPort", port, "controllers use that port for something else")


def _existing_vpc(values: Values, findings: Findings) -> None:
    for index, subnet in enumerate(values["subnets"]):
        if not re.fullmatch(r"(subnet-[0-9a-f]+)?", subnet.get("id", "")):
            findings.add(f"subnets[{index}].id", subnet["id"], "it must be the id of a subnet")
    if values.get("vpc_id"):
        return
    if values.get("route_table_id"):
        findings.add("routeTableId", values["route_table_id"], "it needs vpcId")
    for index, subnet in enumerate(values["subnets"]):
        if subnet.get("id"):
            findings.add(f"subnets[{index}].id", subnet["id"], "an existing subnet needs vpcId")
        if subnet.get("private"):
            reason = "a new VPC has no way out for machines without a public address; it needs vpcId"
            findings.add(f"subnets[{index}].private", True, reason)


def _records(values: Values, given: t.Container[str], findings: Findings) -> None:
    zone, zone_id = values.get("hosted_zone"), values.get("hosted_zone_id")
    if zone and zone_id:
        findings.add("hostedZone", zone, "it must not be set together with hostedZoneId")
    name = values.get("external_dns_name")
    if zone and name and not f".{name}".endswith(f".{zone.rstrip('.')}"):
        findings.add("externalDNSName", name, f"it is not in hostedZone {zone}")
    if values["create_record_set"]:
        if not (zone or zone_id):
            findings.add("createRecordSet", True, "it needs hostedZoneId or hostedZone")
    elif "record_set_ttl" in given and values.get("record_set_ttl") != 300:
        findings.add("recordSetTTL", values.get("record_set_ttl"), "it means nothing without createRecordSet")
    if values.get("controller_count") == 3 and not values["create_record_set"]:
        findings.add("controllerCount", 3, "machines find three controllers by name only; it needs createRecordSet")


def _validity(values: Values, findings: Findings) -> None:
    authority, leaf = values.get("tls_ca_duration_days"), values.get("tls_cert_duration_days")
    if authority and leaf and leaf > authority:
        findings.add("tlsCertDurationDays", leaf, f"certificates cannot outlive their CA, which lives {authority} days")
    before = values.get("tls_renew_before_days")
    if leaf and before is not None and before >= leaf:
        findings.add("tlsRenewBeforeDays", before, f"it must be less than tlsCertDurationDays, which is {leaf}")


def _tags(values: Values, findings: Findings) -> None:
    tags = values.get("stack_tags", {})
    for name, value in tags.items():
        if not 1 <= len(name) <= 128 or name.lower().startswith("aws:") or len(value) > 256:
            findings.add("stackTags", {name: value}, _TAGS)
    if len(tags) > _MOST_TAGS:
        findings.add("stackTags", len(tags), f"there must be at most {_MOST_TAGS}")
