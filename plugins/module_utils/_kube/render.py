# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import hashlib
import typing as t
from dataclasses import dataclass, field

from ansible_collections.containerci.aws.plugins.module_utils._kube import cloudformation, nodes
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster
from ansible_collections.containerci.aws.plugins.module_utils._kube.ignition import readable
from ansible_collections.containerci.aws.plugins.module_utils._kube.nodes import Secrets
from ansible_collections.containerci.aws.plugins.module_utils._kube.pointer import Configuration

TEMPLATE = "stack-template.json"


@dataclass(frozen=True)
class Rendered:
    """Everything that a cluster is made of: the same input gives the same bytes."""

    cluster: Cluster
    configurations: tuple[Configuration, ...] = field(repr=False)
    template: str = field(repr=False)

    @property
    def objects(self) -> dict[str, bytes]:
        """What goes into the bucket, by key."""
        return {each.key: each.text.encode() for each in self.configurations}

    @property
    def userdata(self) -> dict[str, str]:
        """The configurations of the machines by file name; they hold secrets."""
        return {f"userdata/{each.role}.ign": each.text for each in self.configurations}

    def readable(self) -> dict[str, t.Any]:
        """The configurations for people, each secret as its fingerprint."""
        return {each.role: readable(each.text) for each in self.configurations}


@dataclass(frozen=True)
class Images:
    """The ids of the images: workers come and go, controllers keep what they were made of."""

    controllers: str
    workers: str

    def warning(self) -> str:
        if self.controllers == self.workers:
            return ""
        return (
            f"The controllers keep the image {self.controllers}, workers get {self.workers}; "
            "give allow_controller_replacement: true to replace the controllers too."
        )


_LONGEST_BUCKET = 63


def default_bucket(cluster: Cluster) -> str:
    """A bucket for the cluster alone; the ARN of the key says which account it is in."""
    account = cluster.kms_key_arn.split(":")[4]
    name = f"kube-aws-{account}-{cluster.region}-{cluster.name.lower()}".rstrip("-")
    if len(name) <= _LONGEST_BUCKET:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: _LONGEST_BUCKET - 9].rstrip('-')}-{digest}"


def render(cluster: Cluster, secrets: Secrets, images: Images, bucket: str) -> Rendered:
    controllers = [nodes.controller(cluster, secrets, index) for index in range(cluster.controller.count)]
    workers = {pool.name: nodes.worker(cluster, secrets, pool) for pool in cluster.pools}
    template = cloudformation.template(
        cluster,
        images.workers,
        [each.user_data(bucket) for each in controllers],
        {name: each.user_data(bucket) for name, each in workers.items()},
        bucket,
    )
    for index in range(len(controllers)):
        template["Resources"][f"InstanceController{index}"]["Properties"]["ImageId"] = images.controllers
    return Rendered(cluster, (*controllers, *workers.values()), cloudformation.render(template))
