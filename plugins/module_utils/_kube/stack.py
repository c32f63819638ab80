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
        "Give allow_controller_replacement: true if that is wanted; etcd must then survive elsewhere."
    )


def _what(change: Change) -> str:
    if change.action == "Remove":
        return f"{change.logical_resource_id} would be removed"
    verb = "replaced" if change.replacement == "True" else "restarted or replaced"
    because = f" ({', '.join(change.properties)} changes)" if change.properties else ""
    return f"{change.logical_resource_id} would be {verb}{because}"


def check_owner(cluster: str, stack: Stack | None) -> None:
    """Refuse to touch a stack that has the name of the cluster by chance."""
    if stack is not None and stack.tags.get(CLUSTER_TAG) != cluster:
        raise CollectionError(
            f"There is a stack {stack.stack_name}, but it is not that of a cluster: it has no tag "
            f"{CLUSTER_TAG}={cluster}. Give the cluster another name."
        )
