# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""What the modules return: everything but secrets."""

from __future__ import annotations

import datetime
import hashlib
import os
import typing as t
from dataclasses import dataclass

from ansible_collections.containerci.aws.plugins.module_utils._core.diff import to_text
from ansible_collections.containerci.aws.plugins.module_utils._kube import assets, lock
from ansible_collections.containerci.aws.plugins.module_utils._kube.ami import Image
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster
from ansible_collections.containerci.aws.plugins.module_utils._kube.description import Params
from ansible_collections.containerci.aws.plugins.module_utils._kube.local import Made
from ansible_collections.containerci.aws.plugins.module_utils._kube.stack import endangers

if t.TYPE_CHECKING:
    from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.converge import Outcome
    from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import Change, Stack

Result = dict[str, t.Any]


@dataclass(frozen=True)
class View:
    """A cluster as the result of a task shows it: made is None where nothing was rendered."""

    params: Params
    cluster: Cluster
    directory: assets.Directory
    made: Made | None
    stack: Stack | None
    now: datetime.datetime

    @property
    def _texts(self) -> t.Mapping[str, str]:
        return self.made.texts if self.made and self.made.texts else self.directory.credentials()

    def _image(self) -> Image | None:
        if self.made and self.made.image.image_id:
            return self.made.image
        if self.cluster.os.ami:
            return Image(self.cluster.os.ami)
        held = self.directory.files.get(assets.LOCK)
        return lock.read(held.text if held else "").image(self.cluster)

    def cluster_facts(self) -> Result:
        cluster, image = self.cluster, self._image()
        outputs = self.stack.outputs if self.stack else {}
        return {
            "name": cluster.name,
            "region": cluster.region,
            "stack_id": self.stack.stack_id if self.stack else None,
            "stack_status": self.stack.stack_status if self.stack else None,
            "controller_ips": outputs["ControllerIP"].split(",") if "ControllerIP" in outputs else [],
            "load_balancer": outputs.get("LoadBalancer"),
            "endpoint": f"https://{cluster.external_dns_name}:{cluster.api_port}",
            "ami": image.image_id if image else None,
            "os_version": (image.os_version if image else "") or None,
            "kubernetes_version": cluster.kubernetes_version,
            "ca_cert_hash": self._ca_hash(),
            "kubeconfig_path": self._kubeconfig_path(),
        }

    def _ca_hash(self) -> str | None:
        if "ca.pem" not in self._texts:
            return None
        from ansible_collections.containerci.aws.plugins.module_utils._kube import pki

        return pki.ca_hash(self._texts)

    def _kubeconfig_path(self) -> str | None:
        known = set(self.directory.files) | {change.path for change in (self.made.plan.files if self.made else ())}
        return os.path.join(self.params["asset_dir"], assets.KUBECONFIG) if assets.KUBECONFIG in known else None

    def certificates(self) -> list[Result]:
        if "ca.pem" not in self._texts:
            return []
        from ansible_collections.containerci.aws.plugins.module_utils._kube import pki

        return pki.overview(self._texts, self.now)

    def files(self) -> list[Result]:
        planned = self.made.plan.files if self.made else ()
        return [{**change.result(), "path": os.path.join(self.params["asset_dir"], change.path)} for change in planned]

    def kubeconfig(self) -> str | None:
        held = self.directory.files.get(assets.KUBECONFIG)
        return (self.made.kubeconfig() if self.made else "") or (held.text if held else None)


def with_file(result: Result, path: str, planned: assets.Plan) -> Result:
    """The result of a task that has also written one file somewhere else."""
    change = planned.files[0]
    done = [f"{change.action.capitalize()} {path}."] if change.is_one else []
    headers = {"before_header": path, "after_header": path}
    return {
        **result,
        "changed": result["changed"] or change.is_one,
        "actions": [*result["actions"], *done],
        "files": [*result["files"], {**change.result(), "path": path}],
        "diff": [*result["diff"], *([{**change.diff(), **headers}] if change.is_one else [])],
    }


def of_outcome(outcome: Outcome) -> Result:
    return {
        "changes": [change.result() for change in outcome.changes],
        "events": [event.result() for event in outcome.events],
    }


def present_diff(made: Made, outcome: Outcome) -> list[Result]:
    """The files, the configurations of the machines among them, and then the stack with what happens to it."""
    files = [change.diff() for change in made.plan.changes if change.path != assets.TEMPLATE]
    if not outcome.before and not outcome.after and not outcome.changes:
        return files
    lines = [_line(change) for change in outcome.changes]
    after = {**outcome.after, "Changes": lines} if lines else outcome.after
    header = f"stack {made.cluster.name}"
    stack = {"before": to_text(outcome.before), "after": to_text(after)}
    return [*files, {"before_header": header, "after_header": header, **stack}]


def _line(change: Change) -> str:
    return f"!!! CONTROL PLANE: {change.sentence()}" if endangers(change) else change.sentence()


def absent_diff(outcome: Outcome, actions: t.Sequence[str]) -> Result:
    before = {**outcome.before, "Resources": [change.logical_resource_id for change in outcome.changes]}
    return {"before": to_text(before if outcome.changes or outcome.before else None), "after": to_text(list(actions))}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
