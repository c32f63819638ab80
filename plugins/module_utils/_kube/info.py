# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""How a cluster is doing, as far as AWS knows."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import (
    Change,
    Drift,
    Stack,
    is_in_progress,
)
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.waiters import Follower
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._kube.cloudformation_nodes import logical_name
from ansible_collections.containerci.aws.plugins.module_utils._kube.clouds import Clouds
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster
from ansible_collections.containerci.aws.plugins.module_utils._kube.description import Params
from ansible_collections.containerci.aws.plugins.module_utils._kube.orphans import Orphan
from ansible_collections.containerci.aws.plugins.module_utils._kube.preflight import Account
from ansible_collections.containerci.aws.plugins.module_utils._kube.up import drift_sentence

_POOL, _CONTROLLER = "AutoScale", "InstanceController"


@dataclass
class Look:
    """What was found; empty for a cluster that does not exist."""

    controllers: list[dict[str, t.Any]] = field(default_factory=list)
    worker_pools: list[dict[str, t.Any]] = field(default_factory=list)
    drifts: list[Drift] = field(default_factory=list)
    orphans: list[Orphan] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def result(self) -> dict[str, t.Any]:
        return {
            "controllers": self.controllers,
            "worker_pools": self.worker_pools,
            "drift": [drift.result() for drift in self.drifts],
            "orphans": [orphan.result() for orphan in self.orphans],
        }


def look(clouds: Clouds, cluster: Cluster, params: Params, current: Stack | None) -> Look:
    found = Look()
    patience = Patience(params["wait_timeout"])
    resources = clouds.cloudformation().resources(current.stack_id) if current else []
    if resources:
        found.controllers = _controllers(clouds, _named(resources, _CONTROLLER))
        found.worker_pools = _pools(clouds, cluster, _named(resources, _POOL))
    if params["drift"] and current and not is_in_progress(current.stack_status):
        found.drifts = Follower(clouds.cloudformation(), patience).drifts(current.stack_id)
        found.warnings += [drift_sentence(current, found.drifts)] if found.drifts else []
    if params["orphans"]:
        owned = {change.physical_resource_id or "" for change in resources}
        found.orphans = clouds.orphanage(cluster.name, patience).find(owned)
    return found


def _named(resources: t.Iterable[Change], prefix: str) -> dict[str, str]:
    """Physical names to what they are called after the prefix."""
    return {
        change.physical_resource_id: change.logical_resource_id[len(prefix) :]
        for change in resources
        if change.logical_resource_id.startswith(prefix) and change.physical_resource_id
    }


def _controllers(clouds: Clouds, names: t.Mapping[str, str]) -> list[dict[str, t.Any]]:
    if not names:
        return []
    ec2 = Account(clouds.connect("ec2"), "ec2")
    filters = [{"Name": "instance-id", "Values": list(names)}]
    machines = [
        machine
        for page in ec2.pages("describe_instances", Filters=filters)
        for reservation in page["Reservations"]
        for machine in reservation["Instances"]
    ]
    found = [
        {
            "index": int(names[machine["InstanceId"]]),
            "instance_id": machine["InstanceId"],
            "state": machine["State"]["Name"],
            "private_ip": machine.get("PrivateIpAddress"),
            "public_ip": machine.get("PublicIpAddress"),
        }
        for machine in machines
    ]
    return sorted(found, key=lambda entry: int(entry["index"]))


def _pools(clouds: Clouds, cluster: Cluster, names: t.Mapping[str, str]) -> list[dict[str, t.Any]]:
    """A pool that is no longer described has the name that the stack knows."""
    if not names:
        return []
    described = {logical_name(pool): pool.name for pool in cluster.pools}
    autoscaling = Account(clouds.connect("autoscaling"), "autoscaling")
    groups = [
        group
        for page in autoscaling.pages("describe_auto_scaling_groups", AutoScalingGroupNames=list(names))
        for group in page["AutoScalingGroups"]
    ]
    found = [
        {
            "name": described.get(name := names[group["AutoScalingGroupName"]], name),
            "desired": group["DesiredCapacity"],
            "min": group["MinSize"],
            "max": group["MaxSize"],
            "in_service": sum(machine["LifecycleState"] == "InService" for machine in group["Instances"]),
        }
        for group in groups
    ]
    return sorted(found, key=lambda entry: str(entry["name"]))
