# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""What is made in the asset directory, from the description of a cluster to its template."""

from __future__ import annotations

import datetime
import os
import typing as t
from dataclasses import dataclass, field, replace

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import (
    ami,
    assets,
    document,
    downloads,
    kubeconfig,
    lock,
)
from ansible_collections.containerci.aws.plugins.module_utils._kube.assets import Wanted
from ansible_collections.containerci.aws.plugins.module_utils._kube.clouds import Clouds
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster
from ansible_collections.containerci.aws.plugins.module_utils._kube.description import Description, Params
from ansible_collections.containerci.aws.plugins.module_utils._kube.nodes import Secrets
from ansible_collections.containerci.aws.plugins.module_utils._kube.render import Images, Rendered, render
from ansible_collections.containerci.aws.plugins.module_utils._kube.validation import validate


@dataclass(frozen=True)
class Made:
    """What a task has made in memory, and what of it is to be written."""

    cluster: Cluster
    plan: assets.Plan
    image: ami.Image
    texts: t.Mapping[str, str] = field(default_factory=dict, repr=False)
    rendered: Rendered | None = None
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def actions(self) -> list[str]:
        changes = [f"{change.action.capitalize()} {change.path}." for change in self.plan.changes]
        folders = [f"Protect {folder}." for folder in self.plan.open_folders]
        return [f"Make {reason}." for reason in self.reasons] + changes + folders

    def kubeconfig(self) -> str:
        return kubeconfig.render(self.cluster, self.texts) if "admin.pem" in self.texts else ""


def has_cluster_files(directory: assets.Directory) -> bool:
    return "ca.pem" in directory.credentials()


def initialize(description: Description, directory: assets.Directory) -> Made:
    """A cluster.yaml to begin with; one that is there belongs to the user."""
    wanted = [Wanted(assets.CLUSTER, document.write(description.given), only_if_missing=True)]
    warnings = list(description.warnings)
    present = directory.files.get(assets.CLUSTER)
    if present and not _means(present.text, description.cluster):
        warnings.append(
            f"{assets.CLUSTER} exists and says something else than the option cluster; it is left as it is."
        )
    planned = assets.plan(directory, wanted)
    return Made(description.cluster, planned, ami.Image(description.cluster.os.ami), warnings=tuple(warnings))


def _means(text: str, cluster: Cluster) -> bool:
    """Whether a cluster.yaml describes that very cluster."""
    given, findings = document.parse(text)
    return not findings and validate(given)[0] == cluster


class Workshop:
    """Makes keys, certificates, configurations and the template; nothing is written here."""

    def __init__(
        self,
        params: Params,
        description: Description,
        directory: assets.Directory,
        clouds: t.Callable[[], Clouds],
        now: datetime.datetime,
        new_controllers: bool = False,
    ) -> None:
        self._params = params
        self._description = description
        self._directory = directory
        self._clouds = clouds
        self._now = now
        self._new_controllers = new_controllers or params["allow_controller_replacement"]

    def credentials(self) -> Made:
        """The keys and certificates, and the kubeconfig that is made of them."""
        cluster = self._description.cluster
        texts, reasons, warnings = self._pki(cluster)
        made = Made(cluster, assets.Plan(), ami.Image(cluster.os.ami), texts, None, reasons, warnings)
        return replace(made, plan=assets.plan(self._directory, [*self._described(), *_of_credentials(made)]))

    def everything(self) -> Made:
        held = lock.read(self._text(assets.LOCK))
        image, held = self._image(held)
        cluster, held = self._checksums(held)
        texts, reasons, warnings = self._pki(cluster)
        images = Images(cluster.os.ami or held.controllers, image.image_id)
        rendered = render(cluster, _secrets(texts), images, self._params["assets_bucket"])
        about_images = filter(None, (image.warning(self._now.date()), images.warning()))
        warnings = (*self._description.warnings, *warnings, *about_images)
        made = Made(cluster, assets.Plan(), image, texts, rendered, reasons, warnings)
        locked = [Wanted(assets.LOCK, held.text())] if held != lock.Lock() else []
        wanted = [
            *self._described(),
            *locked,
            *_of_credentials(made),
            *(Wanted(name, text) for name, text in rendered.userdata.items()),
            Wanted(assets.TEMPLATE, rendered.template),
        ]
        return replace(made, plan=assets.plan(self._directory, wanted))

    def _text(self, name: str) -> str:
        found = self._directory.files.get(name)
        return found.text if found else ""

    def _described(self) -> list[Wanted]:
        """A cluster that is described in the task is also described in its directory."""
        if self._params["cluster"] is None:
            return []
        present = self._text(assets.CLUSTER)
        if present and _means(present, self._description.cluster):
            return [Wanted(assets.CLUSTER, present)]
        return [Wanted(assets.CLUSTER, document.write(self._description.given))]

    def _image(self, held: lock.Lock) -> tuple[ami.Image, lock.Lock]:
        """The given image, the one that was found before, or the newest, in this order."""
        cluster = self._description.cluster
        if cluster.os.ami:
            return ami.Image(cluster.os.ami), held
        image = None if self._params["refresh_ami"] else held.image(cluster)
        if image is None:
            clouds = self._clouds()
            image = ami.find(lock.wish(cluster), clouds.ec2(), clouds.ssm)
        return image, held.with_image(cluster, image, self._new_controllers)

    def _checksums(self, held: lock.Lock) -> tuple[Cluster, lock.Lock]:
        for url in lock.missing_checksums(self._description.cluster, held):
            held = held.with_checksum(url, downloads.checksum(url))
        return lock.filled_in(self._description.cluster, held), held

    def _pki(self, cluster: Cluster) -> tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]:
        from ansible_collections.containerci.aws.plugins.module_utils._kube import pki, pki_shapes  # slow to load

        wish = pki_shapes.Wish(cluster, self._authority(), self._params["force_new_ca"])
        texts = self._directory.credentials()
        planned = pki.plan(wish, texts, self._now)
        found = pki.carry_out(wish, planned, texts, self._now)
        return found, tuple(map(str, planned.steps)), planned.warnings

    def _authority(self) -> t.Any:
        from ansible_collections.containerci.aws.plugins.module_utils._kube.certificates import Pair

        if not self._params["ca_cert"]:
            return None
        return Pair(_own(self._params, "ca_cert"), _own(self._params, "ca_key"))


def _own(params: Params, option: str) -> str:
    try:
        with open(params[option], encoding="utf-8") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError) as error:
        raise CollectionError(f"The file {params[option]} ({option}) cannot be read: {error}.") from error


def _secrets(texts: t.Mapping[str, str]) -> Secrets:
    from ansible_collections.containerci.aws.plugins.module_utils._kube import pki

    return Secrets(pki.ca_hash(texts), pki.token(texts), pki.on_controllers(texts))


def _of_credentials(made: Made) -> list[Wanted]:
    return [*assets.credentials(made.texts), Wanted(assets.KUBECONFIG, made.kubeconfig())]


def needs_aws(params: Params, description: Description, directory: assets.Directory) -> bool:
    """Whether AWS has to be asked for an image."""
    cluster = description.cluster
    if cluster.os.ami:
        return False
    held = directory.files.get(assets.LOCK)
    return bool(params["refresh_ami"]) or lock.read(held.text if held else "").image(cluster) is None


def plan_file(path: str, text: str, is_ours: t.Callable[[str], bool]) -> assets.Plan:
    """One file somewhere else; a file that holds something else is not overwritten."""
    before = ""
    if os.path.lexists(path):
        before = _own({"dest": path}, "dest")
        if before and before != text and not is_ours(before):
            raise CollectionError(f"The file {path} (dest) holds something else; move it, or give another dest.")
    action = "create" if not os.path.lexists(path) else "keep" if before == text else "replace"
    return assets.Plan((assets.Change(os.path.basename(path), action, before, text),))
