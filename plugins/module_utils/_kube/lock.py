# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""What was looked up once, so that a new release of others never rolls the machines of a cluster by surprise."""

from __future__ import annotations

import json
import typing as t
from dataclasses import asdict, dataclass, field, replace

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube.ami import Image, Wish
from ansible_collections.containerci.aws.plugins.module_utils._kube.assets import LOCK
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster
from ansible_collections.containerci.aws.plugins.module_utils._kube.nodes import ecr_provider_url, sysext_url


@dataclass(frozen=True)
class Lock:
    """The image for the question that was asked, that of the controllers, and the checksum of each URL."""

    images: t.Mapping[str, t.Mapping[str, str]] = field(default_factory=dict)
    checksums: t.Mapping[str, str] = field(default_factory=dict)
    controllers: str = ""

    def image(self, cluster: Cluster) -> Image | None:
        found = self.images.get(_question(cluster))
        return Image(**found) if found else None

    def with_image(self, cluster: Cluster, image: Image, new_controllers: bool) -> Lock:
        """Controllers keep their image: it matters only at the first boot, and they must not be replaced for it."""
        kept = image.image_id if new_controllers or not self.controllers else self.controllers
        return replace(self, images={_question(cluster): asdict(image)}, controllers=kept)

    def with_checksum(self, url: str, sha256: str) -> Lock:
        return replace(self, checksums={**self.checksums, url: sha256})

    def text(self) -> str:
        return f"{json.dumps(asdict(self), indent=2, sort_keys=True)}\n"


def read(text: str) -> Lock:
    """The lock; nothing was looked up yet if there is no text."""
    if not text:
        return Lock()
    try:
        data = json.loads(text)
        return Lock(dict(data["images"]), dict(data["checksums"]), str(data["controllers"]))
    except (ValueError, KeyError, TypeError) as error:
        raise CollectionError(f"The file {LOCK} cannot be understood ({error}); delete it to look up anew.") from error


def wish(cluster: Cluster) -> Wish:
    return Wish(cluster.os.channel, cluster.os.arch, cluster.os.version, cluster.os.ami_ssm_parameter)


def _question(cluster: Cluster) -> str:
    wanted = wish(cluster)
    what = wanted.parameter or f"{wanted.channel} {wanted.os_version or 'newest'} {wanted.architecture}"
    return f"{cluster.region} {what}"


def missing_checksums(cluster: Cluster, lock: Lock) -> list[str]:
    """The URLs whose checksums nobody knows yet."""
    wanted = [] if cluster.sysext_sha256 else [sysext_url(cluster)]
    if cluster.ecr and not cluster.ecr_provider_sha256:
        wanted.append(ecr_provider_url(cluster))
    return [url for url in wanted if url not in lock.checksums]


def filled_in(cluster: Cluster, lock: Lock) -> Cluster:
    """The cluster with the checksums that were looked up."""
    return replace(
        cluster,
        sysext_sha256=cluster.sysext_sha256 or lock.checksums.get(sysext_url(cluster), ""),
        ecr_provider_sha256=cluster.ecr_provider_sha256 or lock.checksums.get(ecr_provider_url(cluster), ""),
    )
