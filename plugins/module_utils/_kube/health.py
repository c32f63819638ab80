# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""Whether controllers answer, as the load balancer before several of them sees it: it asks each for /readyz."""

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._kube.clouds import Clouds
from ansible_collections.containerci.aws.plugins.module_utils._kube.preflight import Account


def wait_until_up(clouds: Clouds, patience: Patience, stack_id: str, addresses: t.Sequence[str]) -> None:
    """Return when all these controllers are healthy, and at once if the stack has no load balancer."""
    found = clouds.cloudformation().resources(stack_id)
    group = next((each.physical_resource_id for each in found if each.logical_resource_id == "BalancerTargets"), None)
    if group is None:
        return
    balancers = Account(clouds.connect("elbv2"), "elbv2")
    patience.restart_pauses()
    while silent := _silent(balancers, group, addresses):
        if not patience.pause():
            raise CollectionError(
                f"The controllers {', '.join(silent)} do not answer after {patience.timeout:g} s, "
                "so nothing else was taken out."
            )


def _silent(balancers: Account, group: str, addresses: t.Sequence[str]) -> list[str]:
    answer = balancers.ask("describe_target_health", TargetGroupArn=group) or {}
    healthy = {
        each["Target"]["Id"]
        for each in answer.get("TargetHealthDescriptions", [])
        if each["TargetHealth"]["State"] == "healthy"
    }
    return [address for address in addresses if address not in healthy]
