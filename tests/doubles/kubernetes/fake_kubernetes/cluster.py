# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The objects of the double, and the controllers that work on them after a delay."""

from __future__ import annotations

import copy
import itertools
import time
import typing as t
import uuid

import kubernetes_validate  # type: ignore[import-untyped]

from fake_kubernetes.patches import patched
from fake_kubernetes.resources import RESOURCES, VERSION, Place

Object = dict[str, t.Any]


class Refused(Exception):
    """The API says no: an HTTP status, a reason as Kubernetes names it, and a sentence."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message


class Cluster:
    """nodes that become Ready, and Deployments and Services that become available, after delay seconds."""

    def __init__(self, controllers: int = 1, workers: int = 1, delay: float = 0.5) -> None:
        self._delay = delay
        self._started = time.monotonic()
        self._versions = itertools.count(1)
        self._objects: dict[Place, Object] = {}
        self._born: dict[Place, float] = {}
        self._put(self._place("namespaces", "", "default"), {"metadata": {"name": "default"}})
        for number in range(controllers + workers):
            role = "control-plane" if number < controllers else "worker"
            self._add_node(number, role)

    def _place(self, plural: str, namespace: str, name: str) -> Place:
        return Place(next(each for each in RESOURCES if each.plural == plural), namespace, name)

    def _add_node(self, number: int, role: str) -> None:
        name = f"ip-10-0-0-{50 + number}.ec2.internal"
        labels = {"kubernetes.io/hostname": name}
        if role == "control-plane":
            labels["node-role.kubernetes.io/control-plane"] = ""
        node = {"metadata": {"name": name, "labels": labels}, "status": {"nodeInfo": {"kubeletVersion": VERSION}}}
        self._put(self._place("nodes", "", name), node)

    def _put(self, place: Place, content: Object) -> None:
        kept = self._objects.get(place, {}).get("metadata", {})
        metadata = {**content["metadata"], "resourceVersion": str(next(self._versions))}
        metadata["uid"] = kept.get("uid") or str(uuid.uuid4())
        if place.namespace:
            metadata["namespace"] = place.namespace
        if place.resource.written:
            changed = bool(kept) and content.get("spec") != self._objects[place].get("spec")
            metadata["generation"] = kept.get("generation", 1) + (1 if changed else 0)
        head = {"apiVersion": place.resource.api_version, "kind": place.resource.kind}
        self._objects[place] = {**head, **content, "metadata": metadata}
        self._born[place] = time.monotonic()

    def read(self, place: Place, selector: str = "") -> Object:
        if place.name:
            return self._current(self._existing(place))
        items = [self._current(each) for each in self._objects if _within(each, place)]
        chosen = [each for each in items if _selected(each, selector)]
        version = str(next(self._versions))
        kind = f"{place.resource.kind}List"
        return {
            "apiVersion": place.resource.api_version, "kind": kind,
            "metadata": {"resourceVersion": version}, "items": chosen,
        }  # fmt: skip

    def _existing(self, place: Place) -> Place:
        if place not in self._objects:
            raise Refused(404, "NotFound", f'{place.resource.plural} "{place.name}" not found')
        return place

    def create(self, place: Place, content: Object, dry: bool) -> Object:
        name = content.get("metadata", {}).get("name", "")
        found = Place(place.resource, place.namespace, name)
        self._check(found, content)
        if found in self._objects:
            raise Refused(409, "AlreadyExists", f'{place.resource.plural} "{name}" already exists')
        return self._write(found, content, dry)

    def patch(self, place: Place, content_type: str, patch: Object, dry: bool) -> Object:
        before = self._objects[self._existing(place)]
        after = patched(before, patch, content_type)
        if after is None:
            raise Refused(
                415, "UnsupportedMediaType", f"the body of the request was in an unknown format: {content_type}"
            )
        self._check(place, after)
        return self._write(place, after, dry) if after != before else self._current(place)

    def _write(self, place: Place, content: Object, dry: bool) -> Object:
        if dry:
            return {**copy.deepcopy(content), "metadata": {**content["metadata"], "namespace": place.namespace}}
        self._put(place, content)
        return self._current(place)

    def delete(self, place: Place, dry: bool) -> Object:
        found = self._current(self._existing(place))
        if not dry:
            del self._objects[place]
        return found

    def _check(self, place: Place, content: Object) -> None:
        said = (content.get("apiVersion"), content.get("kind"))
        if said != (place.resource.api_version, place.resource.kind):
            raise Refused(400, "BadRequest", f"the object is {said}, but the path is of {place.resource.kind}")
        if self._place("namespaces", "", place.namespace) not in self._objects:
            raise Refused(404, "NotFound", f'namespaces "{place.namespace}" not found')
        try:
            kubernetes_validate.validate(  # type: ignore[no-untyped-call]
                content, VERSION.lstrip("v").rsplit(".", 1)[0], strict=True
            )
        except kubernetes_validate.ValidationError as error:
            raise Refused(422, "Invalid", f"{place.resource.kind} is invalid: {error.message}") from error
        if place.resource.kind == "Deployment":
            _check_selector(content)

    def _current(self, place: Place) -> Object:
        """The object with the status that its controller has given to it by now."""
        found = copy.deepcopy(self._objects[place])
        settled = time.monotonic() - self._born[place] >= self._delay
        if place.resource.kind in _STATUSES:
            status = _STATUSES[place.resource.kind](found, settled)
            found["status"] = {**found.get("status", {}), **status}
        return found

    def pods(self) -> list[Object]:
        """The pods of all Deployments that had the time to start."""
        found = []
        for place in list(self._objects):
            if place.resource.kind == "Deployment" and "readyReplicas" in self._current(place)["status"]:
                found += _pods(self._objects[place])
        return found


def _within(each: Place, place: Place) -> bool:
    return each.resource == place.resource and place.namespace in ("", each.namespace)


def _selected(found: Object, selector: str) -> bool:
    labels = found["metadata"].get("labels", {})
    for term in filter(None, selector.split(",")):
        name, equals, value = term.partition("=")
        if name.startswith("!"):
            if name[1:] in labels:
                return False
        elif name not in labels or (equals and labels[name] != value.lstrip("=")):
            return False
    return True


def _check_selector(content: Object) -> None:
    wanted = content["spec"]["selector"].get("matchLabels", {})
    labels = content["spec"]["template"].get("metadata", {}).get("labels", {})
    if not wanted or any(labels.get(name) != value for name, value in wanted.items()):
        raise Refused(422, "Invalid", "Deployment is invalid: `selector` does not match template `labels`")


def _node_status(_node: Object, settled: bool) -> Object:
    return {"conditions": [{"type": "Ready", "status": "True" if settled else "False", "reason": "KubeletReady"}]}


def _deployment_status(deployment: Object, settled: bool) -> Object:
    wanted = deployment["spec"].get("replicas", 1)
    status = {"observedGeneration": deployment["metadata"].get("generation", 1), "replicas": wanted}
    if not settled:
        return {**status, "unavailableReplicas": wanted}
    return {**status, "readyReplicas": wanted, "availableReplicas": wanted, "updatedReplicas": wanted}


def _service_status(service: Object, settled: bool) -> Object:
    if service["spec"].get("type") != "LoadBalancer" or not settled:
        return {"loadBalancer": {}}
    name = service["metadata"]["uid"].replace("-", "")
    return {"loadBalancer": {"ingress": [{"hostname": f"a{name}.eu-west-1.elb.amazonaws.com"}]}}


_STATUSES = {"Node": _node_status, "Deployment": _deployment_status, "Service": _service_status}


def _pods(deployment: Object) -> list[Object]:
    about, template = deployment["metadata"], deployment["spec"]["template"]
    return [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": f"{about['name']}-{about['uid'][:8]}-{number}",
                "namespace": about["namespace"],
                "labels": template["metadata"]["labels"],
            },
            "spec": template["spec"],
            "status": {"phase": "Running"},
        }
        for number in range(deployment["spec"].get("replicas", 1))
    ]
