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
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import (
    NEVER_CAME_UP,
    Drift,
    Stack,
    is_in_progress,
)
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import Template
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.waiters import Follower
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._core.progress import Report
from ansible_collections.containerci.aws.plugins.module_utils._kube import cloudformation, health, preflight, stack
from ansible_collections.containerci.aws.plugins.module_utils._kube.clouds import Clouds
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster
from ansible_collections.containerci.aws.plugins.module_utils._kube.description import refuse
from ansible_collections.containerci.aws.plugins.module_utils._kube.objects import Place, Plan, Store
from ansible_collections.containerci.aws.plugins.module_utils._kube.render import Rendered
from ansible_collections.containerci.aws.plugins.module_utils._kube.roll import Roller

Params = t.Mapping[str, t.Any]


@dataclass
class Up:
    """What was done to bring a cluster up, or would be done in check mode."""

    outcome: Outcome
    actions: list[str] = field(default_factory=list)
    drifts: list[Drift] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        return bool(self.actions)


def place_of(cluster: Cluster, params: Params) -> Place:
    return Place(params["assets_bucket"], cluster.name, cluster.kms_key_arn, cluster.region, params["create_bucket"])


def check_account(clouds: Clouds, cluster: Cluster, current: Stack | None) -> None:
    """Everything that AWS knows better, all in one failure."""
    facts = clouds.reader().read(cluster, is_new=current is None)
    found = preflight.findings(cluster, facts, _own_subnets(clouds, cluster, current))
    if found:
        raise refuse(found)


def _own_subnets(clouds: Clouds, cluster: Cluster, current: Stack | None) -> list[str]:
    """In a VPC that exists, the subnets of the stack itself are no obstacle."""
    if current is None or not cluster.vpc_id:
        return []
    resources = clouds.cloudformation().resources(current.stack_id)
    return [r.physical_resource_id or "" for r in resources if r.resource_type == "AWS::EC2::Subnet"]


class Upper:
    """Brings bucket, objects and stack of a cluster to what was rendered.

    What the stack refers to is written right before the stack: a refused update leaves everything as it was.
    """

    def __init__(
        self,
        clouds: Clouds,
        rendered: Rendered,
        params: Params,
        check: bool,
        report: Report,
        write_files: t.Callable[[], None],
    ) -> None:
        self._clouds = clouds
        self._rendered = rendered
        self._cluster = rendered.cluster
        self._params = params
        self._check = check
        self._write_files = write_files
        self._api = clouds.cloudformation()
        self._patience = Patience(params["wait_timeout"])
        self._follower = Follower(self._api, self._patience, report)
        self._store = Store(clouds.s3(), place_of(rendered.cluster, params))
        self._todo = Plan()
        self._written = False
        self._warning = ""

    def run(self, current: Stack | None) -> Up:
        drifts = self._drifts(current)
        self._todo = self._store.plan(self._rendered.objects)
        wanted = stack.desired(self._cluster, self._rendered.template, self._params)
        manner = self._manner(lambda: self._prepare(current))
        if self._params["allow_controller_replacement"]:
            outcome = Roller(self._api, self._follower, wanted, manner, self._wait_until_up).present()
        else:
            outcome = Converger(self._api, self._follower, wanted, manner).present()
        if not self._check:
            self._write()
        warnings = [*outcome.warnings, *filter(None, [self._warning])]
        if current is not None and drifts:
            warnings.append(drift_sentence(current, drifts))
        written = self._todo.sentences(self._params["assets_bucket"])
        return Up(outcome, [*written, *outcome.actions, *self._tidied(outcome)], drifts, warnings)

    def _prepare(self, current: Stack | None) -> None:
        if current is not None and current.stack_status not in NEVER_CAME_UP:
            self._check_running(self._api.template(current.stack_id))
        check_account(self._clouds, self._cluster, current)

    def _check_running(self, running: Template) -> None:
        versions = cloudformation.versions(running.body)
        stack.check_version(self._cluster, versions)
        stack.check_authorities(self._cluster, self._params)
        self._warning = stack.warning_of_version(self._cluster, versions)

    def _wait_until_up(self, stack_id: str, controllers: list[int]) -> None:
        if self._cluster.is_ha and controllers:
            addresses = [self._cluster.controller_ips[index] for index in controllers]
            health.wait_until_up(self._clouds, self._patience, stack_id, addresses)

    def _write(self) -> None:
        if not self._written:
            self._written = True
            self._write_files()
            self._store.apply(self._todo, self._rendered.objects)

    def _manner(self, prepare: t.Callable[[], None]) -> Manner:
        consent = self._params["allow_controller_replacement"]
        return Manner(
            check=self._check,
            wait=self._params["wait"],
            on_create_failure=self._params["on_failure"],
            prepare=prepare,
            commit=self._write,
            refuse=None if consent else stack.refusal,
            lift_policy=consent,
        )

    def _tidied(self, outcome: Outcome) -> list[str]:
        """Old objects go only after an update that succeeded: until then a rollback needs them."""
        if self._check or not outcome.changed or not self._params["wait"]:
            return []
        keys = self._store.superfluous(self._rendered.objects, self._params["keep_objects"])
        self._store.delete(keys)
        return [f"Delete object {key}." for key in keys]

    def _drifts(self, current: Stack | None) -> list[Drift]:
        """What somebody else has changed in a stack that is at rest."""
        if self._params["drift"] == "ignore" or self._check or current is None or is_in_progress(current.stack_status):
            return []
        found = self._follower.drifts(current.stack_id)
        if found and self._params["drift"] == "fail":
            raise CollectionError(
                f"{drift_sentence(current, found)} Nothing was changed. Change them back, or give drift: report.",
                drift=[drift.result() for drift in found],
            )
        return found


def drift_sentence(current: Stack, drifts: t.Sequence[Drift]) -> str:
    listed = "; ".join(drift.sentence() for drift in drifts)
    return f"Somebody has changed resources of stack {current.stack_name}: {listed}."
