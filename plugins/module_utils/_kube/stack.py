# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""What is special about the stack of a cluster: nothing may take away its controllers unasked."""

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation import template
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.plan import Desired
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import Change, Stack
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube.cloudformation import is_protected, stack_policy
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster

CLUSTER_TAG = "kube-aws/cluster"


def desired(cluster: Cluster, body: str, params: t.Mapping[str, t.Any]) -> Desired:
    return Desired(
        name=cluster.name,
        template=template.load(body),
        template_body=body,
        tags={**cluster.tags, CLUSTER_TAG: cluster.name},
        replace_failed=params["replace_failed"],
        termination_protection=params["termination_protection"],
        stack_policy=stack_policy(),
        role_arn=params["role_arn"],
    )


def endangers(change: Change) -> bool:
    """Whether a controller, its address or its etcd may be replaced, removed or restarted by the change."""
    if not is_protected(change.logical_resource_id):
        return False
    return change.action == "Remove" or change.replacement in ("True", "Conditional")


def refusal(changes: t.Sequence[Change]) -> str:
    """Why the changes must not be made without consent; empty if they may."""
    listed = [_what(change) for change in changes if endangers(change)]
    if not listed:
        return ""
    return (
        f"The update would endanger the control plane: {'; '.join(listed)}. Nothing was changed. "
        "Give allow_controller_replacement: true if controllers shall be replaced, one after another. "
        f"{_about_data(changes)}"
    )


def _about_data(changes: t.Sequence[Change]) -> str:
    lost = [each for each in changes if endangers(each) and each.resource_type == "AWS::EC2::Volume"]
    return "The etcd data on those volumes would be lost." if lost else "The etcd data would be kept."


def _what(change: Change) -> str:
    if change.action == "Remove":
        return f"{change.logical_resource_id} would be removed"
    verb = "replaced" if change.replacement == "True" else "restarted or replaced"
    because = f" ({', '.join(change.properties)} changes)" if change.properties else ""
    return f"{change.logical_resource_id} would be {verb}{because}"


def check_version(cluster: Cluster, running: t.Sequence[str]) -> None:
    """Refuse what Kubernetes cannot do: go back to an older version, or leave out a minor one."""
    if not running:
        return
    wanted = cluster.kubernetes_version
    newest, oldest = max(running, key=_numbers), min(running, key=_numbers)
    given = f"kubernetesVersion is {wanted}, but the cluster {cluster.name} runs"
    if _numbers(wanted) < _numbers(newest):
        raise CollectionError(f"{given} {newest} and cannot go back; give {newest} or a newer release.")
    major, minor, _patch = _numbers(oldest)
    if _numbers(wanted)[:2] > (major, minor + 1):
        raise CollectionError(
            f"{given} {oldest} and cannot leave out v{major}.{minor + 1}; give that minor version first."
        )


def check_authorities(cluster: Cluster, params: t.Mapping[str, t.Any]) -> None:
    """A new controller joins those that are there, and they would not trust it."""
    if params["force_new_ca"] and cluster.is_ha:
        raise CollectionError(
            f"force_new_ca is true, but the cluster {cluster.name} exists and has {cluster.controller.count} "
            "controllers, which cannot be replaced one after another with new authorities; make a new cluster."
        )


def warning_of_version(cluster: Cluster, running: t.Sequence[str]) -> str:
    wanted = cluster.kubernetes_version
    if not cluster.is_ha or set(running) <= {wanted}:
        return ""
    return (
        f"A controller that joins others takes the version of the control plane from them, not {wanted} from its own "
        f"configuration; run kubeadm upgrade apply {wanted} on one of the controllers when they are new, and kubeadm "
        "upgrade node on the others."
    )


def _numbers(version: str) -> tuple[int, ...]:
    """v1.36.2 -> 1, 36, 2"""
    return tuple(int(part) for part in version.lstrip("v").split("."))


def check_owner(cluster: str, stack: Stack | None) -> None:
    """Refuse to touch a stack that has the name of the cluster by chance."""
    if stack is not None and stack.tags.get(CLUSTER_TAG) != cluster:
        raise CollectionError(
            f"There is a stack {stack.stack_name}, but it is not that of a cluster: it has no tag "
            f"{CLUSTER_TAG}={cluster}. Give the cluster another name."
        )
