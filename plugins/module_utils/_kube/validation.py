# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""From what a user wrote to a Cluster, or to everything that is wrong with it."""

from __future__ import annotations

import datetime
import ipaddress
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._kube import rules_machines
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
from ansible_collections.containerci.aws.plugins.module_utils._kube.findings import Findings
from ansible_collections.containerci.aws.plugins.module_utils._kube.keys import (
    KEYS,
    POOL_KEYS,
    SUBNET_KEYS,
    Key,
    in_snake_case,
    is_snake_case,
)
from ansible_collections.containerci.aws.plugins.module_utils._kube.rules import check, subnets_of
from ansible_collections.containerci.aws.plugins.module_utils._kube.values import Values, read

#: the place of a controller in its subnet, as kube-aws had it
_CONTROLLER_OFFSET = 50


def validate(given: t.Any, today: datetime.date | None = None) -> tuple[Cluster | None, Findings]:
    """A mapping of keys to a Cluster; None when anything was found. Both spellings of keys are accepted."""
    findings = Findings()
    if not isinstance(given, dict):
        findings.add("cluster", given, "it must be a mapping of keys to values")
        return None, findings
    written = read(given, KEYS, findings)
    values = _with_defaults(written, KEYS)
    values["subnets"] = tuple(_with_defaults(each, SUBNET_KEYS) for each in values["subnets"])
    values["worker_pools"] = tuple(_with_defaults(each, POOL_KEYS) for each in values["worker_pools"])
    misread = {finding.key for finding in findings.found}
    # A rule must not judge the default of a key whose own value was refused.
    for key in KEYS:
        if key.name in misread and key.kind not in ("subnets", "pools", "bool"):
            values.pop(key.option, None)
    check(values, written, findings)
    rules_machines.check(values, today or datetime.date.today(), findings)
    if is_snake_case(given):
        findings.rename(in_snake_case)
    return (None if findings else _cluster(values)), findings


def _with_defaults(values: Values, keys: t.Sequence[Key]) -> Values:
    return {**{key.option: key.default for key in keys if key.default is not None}, **values}


def _cluster(values: Values) -> Cluster:
    subnets = tuple(_subnet(each) for _key, each in subnets_of(values))
    count = values["controller_count"]
    addresses = values["controller_ips"] or tuple(filter(None, [values["controller_ip"]]))
    return Cluster(
        name=values["cluster_name"],
        external_dns_name=values["external_dns_name"],
        kubernetes_version="v" + values["kubernetes_version"].lstrip("v"),
        subnets=subnets,
        controller=Controller(count, values["controller_instance_type"], _volume(values, "controller_root_volume")),
        controller_ips=addresses or _controller_addresses(subnets, count),
        etcd_volume=_volume(values, "etcd_volume"),
        pools=(_first_pool(values), *(_pool(each) for each in values["worker_pools"])),
        dns_service_ip=values["dns_service_ip"] or str(ipaddress.ip_network(values["service_cidr"])[10]),
        hosted_zone_id=values["hosted_zone_id"].rsplit("/", 1)[-1],
        cni="calico" if values["use_calico"] else values["cni"],
        sysext_base_url=values["sysext_base_url"].rstrip("/"),
        os=_os(values),
        tls=_tls(values),
        tags=values["stack_tags"],
        **{name: values[name] for name in _PLAIN},
    )


_PLAIN = (
    "region", "kms_key_arn", "key_name", "vpc_id", "vpc_cidr", "route_table_id", "pod_cidr", "service_cidr", "api_port",
    "api_cidrs", "ssh_cidrs", "create_record_set", "record_set_ttl", "hosted_zone", "ecr", "sysext_sha256",
    "ecr_provider_sha256", "auto_patch_kubernetes", "bootstrap_token_ttl",
)  # fmt: skip


def _subnet(values: Values) -> Subnet:
    place = values["availability_zone"], values["instance_cidr"]
    return Subnet(*place, id=values.get("id", ""), private=values.get("private", False))


def _controller_addresses(subnets: tuple[Subnet, ...], count: int) -> tuple[str, ...]:
    """One address for each controller, spread over the subnets."""
    networks = [ipaddress.ip_network(subnet.cidr) for subnet in subnets]
    found = []
    for index in range(count):
        network = networks[index % len(networks)]
        offset = _CONTROLLER_OFFSET if network.num_addresses > 2 * _CONTROLLER_OFFSET else 5
        found.append(str(network[offset + index // len(networks)]))
    return tuple(found)


def _volume(values: Values, prefix: str) -> Volume:
    return Volume(values[f"{prefix}_size"], values[f"{prefix}_type"], values[f"{prefix}_iops"])


def _first_pool(values: Values) -> Pool:
    count, price = values["worker_count"], values["worker_spot_price"]
    return Pool(
        "default", (values["worker_instance_type"],), count, count, count, _volume(values, "worker_root_volume"),
        spot=bool(price), spot_price=price,
    )  # fmt: skip


def _pool(values: Values) -> Pool:
    count: int = values["count"]
    return Pool(
        name=values["name"],
        instance_types=tuple(values["instance_types"]),
        count=count,
        min=int(values.get("min_count", count)),
        max=int(values.get("max_count", count)),
        volume=_volume(values, "root_volume"),
        spot=values["spot"],
        spot_price=values["spot_price"],
        autoscaled=values["autoscaled"],
        labels=values["labels"],
        taints=tuple(Taint(each["key"], each["effect"], each.get("value", "")) for each in values["taints"]),
    )


def _os(values: Values) -> Os:
    return Os(
        channel=values["release_channel"],
        version=values["os_version"],
        ami=values["ami"],
        ami_ssm_parameter=values["ami_ssm_parameter"],
        arch=rules_machines.architecture_of(values),
        auto_update=values["os_auto_update"],
    )


def _tls(values: Values) -> Tls:
    return Tls(
        ca_days=values["tls_ca_duration_days"],
        cert_days=values["tls_cert_duration_days"],
        key_type=values["tls_key_type"],
        renew_before_days=values["tls_renew_before_days"],
    )
