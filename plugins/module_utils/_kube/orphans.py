# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError, error_code
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._core.service import Service

_BATCH = 20
_BUSY = frozenset({"DependencyViolation", "ResourceInUse", "VolumeInUse"})

LOAD_BALANCER, TARGET_GROUP, SECURITY_GROUP, VOLUME = "load balancer", "target group", "security group", "volume"


@dataclass(frozen=True)
class Orphan:
    """Something in AWS that Kubernetes made for the cluster, and that no stack knows."""

    kind: str
    id: str
    name: str
    service: str

    def result(self) -> dict[str, str]:
        return {"kind": self.kind, "id": self.id, "name": self.name}

    def sentence(self) -> str:
        return f"{self.kind} {self.name}" + (f" ({self.id})" if self.id != self.name else "")


class Busy(CollectionError):
    """Something else still uses the resource."""


class _Tagged(Service):
    """A service whose resources carry the tag of the cluster."""

    def orphans(self, tag: str) -> list[Orphan]:
        raise NotImplementedError

    def delete(self, orphan: Orphan) -> None:
        raise NotImplementedError

    def explain(self, error: Exception, method: str) -> CollectionError:
        if error_code(error) in _BUSY:
            return Busy(super().explain(error, method).message)
        return super().explain(error, method)


class Classic(_Tagged):
    """Classic load balancers."""

    name = "elasticloadbalancing"
    page_tokens = ("NextMarker", "Marker")

    def orphans(self, tag: str) -> list[Orphan]:
        pages = self._pages("describe_load_balancers")
        names = [item["LoadBalancerName"] for page in pages for item in page["LoadBalancerDescriptions"]]
        found = []
        for batch in _batches(names):
            for item in self._call("describe_tags", LoadBalancerNames=batch)["TagDescriptions"]:
                if _has(item["Tags"], tag):
                    name = item["LoadBalancerName"]
                    found.append(Orphan(LOAD_BALANCER, name, name, "elb"))
        return found

    def delete(self, orphan: Orphan) -> None:
        self._call("delete_load_balancer", LoadBalancerName=orphan.id)


class Modern(_Tagged):
    """Network and application load balancers with their target groups."""

    name = "elasticloadbalancing"
    page_tokens = ("NextMarker", "Marker")

    def orphans(self, tag: str) -> list[Orphan]:
        balancers = self._tagged(tag, "describe_load_balancers", "LoadBalancers", "LoadBalancer")
        groups = self._tagged(tag, "describe_target_groups", "TargetGroups", "TargetGroup")
        return [Orphan(LOAD_BALANCER, arn, name, "elbv2") for arn, name in balancers] + [
            Orphan(TARGET_GROUP, arn, name, "elbv2") for arn, name in groups
        ]

    def _tagged(self, tag: str, method: str, key: str, noun: str) -> list[tuple[str, str]]:
        names = {item[f"{noun}Arn"]: item[f"{noun}Name"] for page in self._pages(method) for item in page[key]}
        tagged = [
            item["ResourceArn"]
            for batch in _batches(list(names))
            for item in self._call("describe_tags", ResourceArns=batch)["TagDescriptions"]
            if _has(item["Tags"], tag)
        ]
        return [(arn, names[arn]) for arn in tagged]

    def delete(self, orphan: Orphan) -> None:
        if orphan.kind == LOAD_BALANCER:
            self._call("delete_load_balancer", LoadBalancerArn=orphan.id)
        else:
            self._call("delete_target_group", TargetGroupArn=orphan.id)


class Ec2(_Tagged):
    """Security groups and volumes."""

    name = "ec2"

    def orphans(self, tag: str) -> list[Orphan]:
        tagged = [{"Name": "tag-key", "Values": [tag]}]
        groups = [g for page in self._pages("describe_security_groups", Filters=tagged) for g in page["SecurityGroups"]]
        volumes = [v for page in self._pages("describe_volumes", Filters=tagged) for v in page["Volumes"]]
        return [Orphan(SECURITY_GROUP, g["GroupId"], g["GroupName"], "ec2") for g in groups] + [
            Orphan(VOLUME, v["VolumeId"], _name(v), "ec2") for v in volumes if not _goes_with_its_instance(v)
        ]

    def delete(self, orphan: Orphan) -> None:
        if orphan.kind == VOLUME:
            self._call("delete_volume", VolumeId=orphan.id)
            return
        self._revoke(orphan.id)
        self._call("delete_security_group", GroupId=orphan.id)

    def _revoke(self, group: str) -> None:
        """Kubernetes lets its load balancers into the nodes' group; a group that is named there cannot be deleted."""
        naming = [{"Name": "ip-permission.group-id", "Values": [group]}]
        for page in self._pages("describe_security_groups", Filters=naming):
            for other in page["SecurityGroups"]:
                rules = [_only(rule, group) for rule in other["IpPermissions"] if _names(rule, group)]
                if rules:
                    self._call("revoke_security_group_ingress", GroupId=other["GroupId"], IpPermissions=rules)


def _names(rule: t.Mapping[str, t.Any], group: str) -> bool:
    return any(pair["GroupId"] == group for pair in rule.get("UserIdGroupPairs", []))


def _only(rule: t.Mapping[str, t.Any], group: str) -> dict[str, t.Any]:
    ports = {key: rule[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in rule}
    return {**ports, "UserIdGroupPairs": [{"GroupId": group}]}


def _batches(items: list[str]) -> list[list[str]]:
    return [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]


def _has(tags: t.Iterable[t.Mapping[str, str]], key: str) -> bool:
    return any(tag["Key"] == key for tag in tags)


def _name(item: t.Mapping[str, t.Any]) -> str:
    names = [tag["Value"] for tag in item.get("Tags", []) if tag["Key"] == "Name"]
    return names[0] if names and names[0] else str(item["VolumeId"])


def _goes_with_its_instance(volume: t.Mapping[str, t.Any]) -> bool:
    return any(attachment.get("DeleteOnTermination") for attachment in volume.get("Attachments", []))


class Orphanage:
    """Finds and deletes what Kubernetes left of a cluster."""

    def __init__(self, services: t.Mapping[str, _Tagged], cluster: str, patience: Patience) -> None:
        self._services = services
        self._tag = f"kubernetes.io/cluster/{cluster}"
        self._patience = patience

    def find(self, owned: t.Collection[str]) -> list[Orphan]:
        """All that carries the cluster's tag, but for what its stack owns itself."""
        found = [orphan for service in self._services.values() for orphan in service.orphans(self._tag)]
        return [orphan for orphan in found if orphan.id not in owned]

    def delete(self, orphans: t.Sequence[Orphan]) -> None:
        """Load balancers first: what belongs to them is only free some seconds after they are gone."""
        order = [LOAD_BALANCER, TARGET_GROUP, SECURITY_GROUP, VOLUME]
        for orphan in sorted(orphans, key=lambda item: order.index(item.kind)):
            self._delete(orphan)

    def _delete(self, orphan: Orphan) -> None:
        self._patience.restart_pauses()
        while True:
            try:
                self._services[orphan.service].delete(orphan)
                return
            except Busy as error:
                if not self._patience.pause():
                    raise CollectionError(f"The {orphan.sentence()} cannot be deleted: {error.message}") from error
