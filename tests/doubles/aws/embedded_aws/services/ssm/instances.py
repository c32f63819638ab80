# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Managed instances: the EC2 instances with a profile whose role EC2 may assume."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from ...settings import settings
from .. import roles

#: an instance with this tag is the Docker container that the value names
BOX = "containerci:box"


@dataclass(frozen=True)
class Managed:
    id: str
    role: str
    tags: dict[str, str]
    address: str
    running: bool

    @property
    def name(self) -> str:
        return self.tags.get("Name", "")

    @property
    def container(self) -> str:
        return self.tags.get(BOX, "")

    @property
    def online(self) -> bool:
        return self.running and self.id not in settings.ssm_offline


def managed(account: str, region: str) -> dict[str, Managed]:
    """By id; an instance that shuts down or is gone is none."""
    found = {}
    for reservation in ec2_backends[account][region].reservations.values():
        for instance in reservation.instances:
            role = _role(account, region, instance.id)
            if role and instance.state in ("pending", "running", "stopping", "stopped"):
                tags = {tag["key"]: tag["value"] for tag in instance.get_tags()}
                running = instance.state == "running"
                found[instance.id] = Managed(instance.id, role, tags, instance.private_ip, running)
    return found


def _role(account: str, region: str, instance: str) -> str:
    association = ec2_backends[account][region].iam_instance_profile_associations.get(instance)
    profiles = iam_backends[account]["aws"].instance_profiles.values()
    attached = [
        role
        for item in profiles
        if association and item.arn == association.iam_instance_profile.arn
        for role in item.roles
    ]
    return next((role.arn for role in attached if roles.is_assumable(account, role.arn, "ec2.amazonaws.com")), "")


def chosen(instances: dict[str, Managed], targets: list[dict[str, Any]]) -> list[Managed]:
    """The instances that match every target."""
    return [item for item in instances.values() if all(_matches(item, target) for target in targets)]


def _matches(instance: Managed, target: dict[str, Any]) -> bool:
    key, values = target["Key"], target.get("Values", [])
    if key == "InstanceIds":
        return "*" in values or instance.id in values
    if key == "tag-key":
        return any(value in instance.tags for value in values)
    return instance.tags.get(key.removeprefix("tag:")) in values if key.startswith("tag:") else False
