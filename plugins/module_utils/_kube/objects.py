# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube.bucket import (
    Api,
    Bucket,
    Listed,
    settings_to_change,
    wanted_bucket,
)


@dataclass(frozen=True)
class Place:
    """Where the node configurations of a cluster lie, and the key that encrypts them."""

    bucket: str
    cluster: str
    key_arn: str
    region: str
    manages_bucket: bool

    @property
    def prefix(self) -> str:
        return f"{self.cluster}/"

    @property
    def partition(self) -> str:
        return self.key_arn.split(":")[1] if self.key_arn.startswith("arn:") else "aws"


@dataclass(frozen=True)
class Plan:
    """What is to be written before the stack is changed."""

    create_bucket: bool = False
    settings: tuple[str, ...] = ()
    put: tuple[str, ...] = ()

    def sentences(self, bucket: str) -> list[str]:
        lines = [f"Create bucket {bucket}."] if self.create_bucket else []
        if self.settings and not self.create_bucket:
            lines.append(f"Set {', '.join(self.settings).replace('_', ' ')} of bucket {bucket}.")
        return lines + [f"Put object {key}." for key in self.put]


def plan(place: Place, have: Bucket, listed: t.Sequence[Listed], wanted: t.Iterable[str]) -> Plan:
    """The objects carry a hash of their content in the name: one that is there is the right one."""
    if not have.exists and not place.manages_bucket:
        raise CollectionError(
            f"The bucket {place.bucket} (assets_bucket) does not exist; create it, or give create_bucket: true."
        )
    want = wanted_bucket(place.bucket, place.key_arn, place.partition)
    there = {item.key for item in listed}
    return Plan(
        create_bucket=not have.exists,
        settings=tuple(settings_to_change(have, want)) if place.manages_bucket else (),
        put=tuple(key for key in wanted if key not in there),
    )


def superfluous(listed: t.Sequence[Listed], wanted: t.Collection[str], keep: int) -> list[str]:
    """The keys to delete: of each kind all but the wanted one and the newest others, so that `keep` remain."""
    kinds: dict[str, list[Listed]] = {}
    for item in listed:
        kinds.setdefault(item.key.rsplit("-", 1)[0], []).append(item)
    gone = []
    for items in kinds.values():
        others = sorted((i for i in items if i.key not in wanted), key=lambda item: item.modified, reverse=True)
        spare = max(0, keep - (len(items) - len(others)))
        gone += [item.key for item in others[spare:]]
    return sorted(gone)


class Store:
    """Brings bucket and objects to the wanted state."""

    def __init__(self, api: Api, place: Place) -> None:
        self._api = api
        self._place = place

    def _want(self) -> Bucket:
        return wanted_bucket(self._place.bucket, self._place.key_arn, self._place.partition)

    def plan(self, wanted: t.Collection[str]) -> Plan:
        bucket = self._place.bucket
        have = self._api.bucket(bucket) if self._place.manages_bucket else Bucket(exists=self._api.exists(bucket))
        listed = self._api.objects(bucket, self._place.prefix) if have.exists else []
        return plan(self._place, have, listed, wanted)

    def apply(self, todo: Plan, bodies: t.Mapping[str, bytes]) -> None:
        place = self._place
        if todo.create_bucket:
            self._api.create(place.bucket, place.region)
        want = self._want()
        for setting in todo.settings:
            self._api.apply(place.bucket, setting, want)
        for key in todo.put:
            self._api.put(place.bucket, key, bodies[key], place.key_arn)

    def superfluous(self, wanted: t.Collection[str], keep: int) -> list[str]:
        return superfluous(self._api.objects(self._place.bucket, self._place.prefix), wanted, keep)

    def all_keys(self) -> list[str]:
        return [item.key for item in self._api.objects(self._place.bucket, self._place.prefix)]

    def delete(self, keys: t.Iterable[str]) -> None:
        for key in keys:
            self._api.delete_object(self._place.bucket, key)

    def holds_only(self, keys: t.Collection[str]) -> bool:
        """Whether there is a bucket as this module makes them, and nothing in it but these objects."""
        bucket = self._place.bucket
        if settings_to_change(self._api.bucket(bucket), self._want()):
            return False
        return all(item.key in keys for item in self._api.objects(bucket, ""))

    def delete_bucket(self) -> None:
        self._api.delete_bucket(self._place.bucket)
