# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which resources the double has, and where they live in the API."""

from __future__ import annotations

import dataclasses
import re
import typing as t

VERSION = "v1.36.2"
_VERBS = ["create", "delete", "get", "list", "patch"]


@dataclasses.dataclass(frozen=True)
class Resource:
    """A kind of object; prefix is the path of its group and version."""

    prefix: str
    plural: str
    kind: str
    namespaced: bool
    written: bool

    @property
    def api_version(self) -> str:
        return self.prefix.split("/", 1)[1]


RESOURCES = (
    Resource("api/v1", "namespaces", "Namespace", namespaced=False, written=False),
    Resource("api/v1", "nodes", "Node", namespaced=False, written=False),
    Resource("api/v1", "pods", "Pod", namespaced=True, written=False),
    Resource("api/v1", "services", "Service", namespaced=True, written=True),
    Resource("apis/apps/v1", "deployments", "Deployment", namespaced=True, written=True),
)

_PATH = re.compile(r"^(api/v1|apis/[a-z.]+/v\d+)(?:/namespaces/([^/]+)(?=/))?/([a-z]+)(?:/([^/]+))?$")


class Place(t.NamedTuple):
    """What a path means; name is empty for a collection."""

    resource: Resource
    namespace: str
    name: str


def place(path: str) -> Place | None:
    """/apis/apps/v1/namespaces/default/deployments/web -> its place."""
    match = _PATH.match(path.strip("/"))
    if not match:
        return None
    prefix, namespace, plural, name = (part or "" for part in match.groups())
    for resource in RESOURCES:
        if (resource.prefix, resource.plural) == (prefix, plural) and (resource.namespaced or not namespace):
            return Place(resource, namespace, name)
    return None


def discovery(path: str) -> dict[str, t.Any] | None:
    """What the API tells of itself."""
    path = path.strip("/")
    if path == "version":
        return {"major": "1", "minor": VERSION.split(".")[1], "gitVersion": VERSION, "platform": "linux/amd64"}
    if path == "api":
        return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}
    if path == "apis":
        version = {"groupVersion": "apps/v1", "version": "v1"}
        group = {"name": "apps", "versions": [version], "preferredVersion": version}
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [group]}
    found = [_described(resource) for resource in RESOURCES if resource.prefix == path]
    group_version = path.split("/", 1)[-1]
    return {"kind": "APIResourceList", "groupVersion": group_version, "resources": found} if found else None


def _described(resource: Resource) -> dict[str, t.Any]:
    verbs = _VERBS if resource.written else ["get", "list"]
    return {
        "name": resource.plural, "singularName": resource.kind.lower(), "namespaced": resource.namespaced,
        "kind": resource.kind, "verbs": verbs,
    }  # fmt: skip
