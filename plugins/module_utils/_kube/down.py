# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.converge import (
    Converger,
    Manner,
    Outcome,
)
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.plan import Desired
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import Stack
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.waiters import Follower
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._core.progress import Report
from ansible_collections.containerci.aws.plugins.module_utils._kube.clouds import Clouds
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster
from ansible_collections.containerci.aws.plugins.module_utils._kube.objects import Store
from ansible_collections.containerci.aws.plugins.module_utils._kube.orphans import VOLUME, Orphan
from ansible_collections.containerci.aws.plugins.module_utils._kube.up import Params, place_of


@dataclass
class Down:
    """What was done to take a cluster down, or would be done in check mode."""

    outcome: Outcome
    actions: list[str] = field(default_factory=list)
    orphans: list[Orphan] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Downer:
    """Takes down what Kubernetes made, the stack, and the objects; the asset directory stays."""

    def __init__(self, clouds: Clouds, cluster: Cluster, params: Params, check: bool, report: Report) -> None:
        patience = Patience(params["wait_timeout"])
        self._api = clouds.cloudformation()
        self._orphanage = clouds.orphanage(cluster.name, patience)
        self._store = Store(clouds.s3(), place_of(cluster, params))
        self._follower = Follower(self._api, patience, report)
        self._cluster = cluster
        self._params = params
        self._check = check

    def run(self, current: Stack | None) -> Down:
        resources = self._api.resources(current.stack_id) if current else []
        owned = {change.physical_resource_id or "" for change in resources}
        orphans = self._orphanage.find(owned)
        wanted = Desired(
            self._cluster.name,
            termination_protection=self._params["termination_protection"],
            role_arn=self._params["role_arn"],
        )
        manner = Manner(
            check=self._check,
            wait=self._params["wait"],
            prepare=lambda: self._check_orphans(orphans),
            commit=lambda: self._delete(_in_the_way(orphans)),
        )
        outcome = Converger(self._api, self._follower, wanted, manner).absent()
        result = Down(outcome, orphans=orphans)
        if self._params["delete_orphans"]:
            if current is None:
                self._delete(_in_the_way(orphans))
            self._delete([orphan for orphan in orphans if orphan.kind == VOLUME])
            result.actions += [f"Delete {orphan.sentence()}." for orphan in orphans]
        elif orphans:
            result.warnings.append(f"Kubernetes has left {_listed(orphans)}.")
        result.actions += outcome.actions + self._emptied()
        return result

    def _check_orphans(self, orphans: t.Sequence[Orphan]) -> None:
        if orphans and not self._params["delete_orphans"]:
            raise CollectionError(
                f"Kubernetes has made what would be left behind: {_listed(orphans)}. Nothing was deleted. "
                "Delete the services and volume claims of the cluster, or give delete_orphans: true.",
                orphans=[orphan.result() for orphan in orphans],
            )

    def _delete(self, orphans: t.Sequence[Orphan]) -> None:
        if not self._check:
            self._orphanage.delete(orphans)

    def _emptied(self) -> list[str]:
        """The cluster's objects go, and the bucket that this module made, once it is empty."""
        keys = self._store.all_keys()
        lines = [f"Delete object {key}." for key in keys]
        if not self._check:
            self._store.delete(keys)
        if self._params["create_bucket"] and self._store.holds_only(keys):
            lines.append(f"Delete bucket {self._params['assets_bucket']}.")
            if not self._check:
                self._store.delete_bucket()
        return lines


def _in_the_way(orphans: t.Iterable[Orphan]) -> list[Orphan]:
    """What goes before the stack; volumes are free only when its machines are gone."""
    return [orphan for orphan in orphans if orphan.kind != VOLUME]


def _listed(orphans: t.Iterable[Orphan]) -> str:
    return ", ".join(orphan.sentence() for orphan in orphans)
