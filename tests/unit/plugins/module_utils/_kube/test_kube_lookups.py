# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is looked up once: images and checksums."""

from __future__ import annotations

import datetime
import typing as t
from dataclasses import replace

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import downloads, lock
from ansible_collections.containerci.aws.plugins.module_utils._kube.ami import Image, Wish, newest
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster
from ansible_collections.containerci.aws.plugins.module_utils._kube.nodes import ecr_provider_url, sysext_url
from ansible_collections.containerci.aws.plugins.module_utils._kube.validation import validate

OLD = Image("ami-1", "Flatcar-stable-4593.2.4-hvm", "2026-07-06T08:00:00.000Z")
NEW = Image("ami-2", "Flatcar-stable-4593.2.5-hvm", "2026-08-10T08:00:00.000Z")
ALIKE = Image("ami-3", "Flatcar-stable-4593.2.5-mine-hvm", "2026-09-01T08:00:00.000Z")
SUM = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


@pytest.fixture
def cluster() -> Cluster:
    found, findings = validate(
        {
            "clusterName": "demo",
            "externalDNSName": "api.example.org",
            "region": "eu-central-1",
            "availabilityZone": "eu-central-1a",
            "keyName": "admin",
            "kmsKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/1",
        }
    )
    assert found is not None, findings
    return found


@pytest.mark.parametrize(("version", "image"), [("", NEW), ("4593.2.4", OLD)])
def test_the_newest_image_that_fits_is_taken(version: str, image: Image) -> None:
    assert newest([OLD, NEW, ALIKE], Wish("stable", "amd64", version)) == image


def test_an_image_that_nobody_publishes_is_said_to_be_missing() -> None:
    with pytest.raises(CollectionError, match=r"no image Flatcar-beta-1\.2\.3-hvm for arm64"):
        newest([ALIKE], Wish("beta", "arm64", "1.2.3"))


@pytest.mark.parametrize(("day", "warned"), [("2027-03-01", False), ("2027-04-15", True)])
def test_an_old_image_is_warned_of(day: str, warned: bool) -> None:
    text = NEW.warning(datetime.date.fromisoformat(day))
    assert bool(text) == warned
    assert not replace(NEW, name="of mine").warning(datetime.date.fromisoformat(day))


def test_an_image_stays_until_the_question_changes(cluster: Cluster) -> None:
    held = lock.read(lock.Lock().with_image(cluster, NEW, False).text())
    assert held.image(cluster) == NEW
    assert held.image(replace(cluster, os=replace(cluster.os, channel="beta"))) is None
    assert held.image(replace(cluster, region="us-east-1")) is None


def test_controllers_keep_their_image_until_they_may_be_replaced(cluster: Cluster) -> None:
    held = lock.Lock().with_image(cluster, OLD, False).with_image(cluster, NEW, False)
    assert (held.controllers, held.image(cluster)) == (OLD.image_id, NEW)
    assert held.with_image(cluster, NEW, True).controllers == NEW.image_id


def test_a_checksum_is_looked_up_once_and_a_given_one_never(cluster: Cluster) -> None:
    urls = [sysext_url(cluster), ecr_provider_url(cluster)]
    assert lock.missing_checksums(cluster, lock.Lock()) == urls
    held = lock.read(lock.Lock().with_checksum(urls[0], SUM).with_checksum(urls[1], SUM).text())
    assert lock.missing_checksums(cluster, held) == []
    assert lock.filled_in(cluster, held).sysext_sha256 == SUM
    given = replace(cluster, sysext_sha256="a" * 64, ecr=False)
    assert lock.missing_checksums(given, lock.Lock()) == []
    assert lock.filled_in(given, held).sysext_sha256 == "a" * 64


def test_a_lock_that_was_edited_badly_is_refused() -> None:
    with pytest.raises(CollectionError, match=r"cluster\.lock\.json cannot be understood"):
        lock.read("{}")


URL = "https://example.org/extensions/kubernetes-v1.36.2-x86-64.raw"
LIST = "https://example.org/extensions/kubernetes/SHA256SUMS"


@pytest.mark.parametrize(
    ("url", "pages", "found"),
    [
        (URL, {LIST: f"{'0' * 64}  other.raw\n{SUM}  kubernetes-v1.36.2-x86-64.raw\n"}, SUM),
        ("https://example.org/bin/tool", {"https://example.org/bin/tool.sha256": f"{SUM}\n"}, SUM),
        (URL, {LIST: f"{SUM}  other.raw\n"}, "no checksum of kubernetes-v1.36.2-x86-64.raw"),
        (URL, {LIST: "oops  kubernetes-v1.36.2-x86-64.raw\n"}, "is no sha256: 'oops'"),
    ],
)
def test_where_checksums_are_published(url: str, pages: dict[str, str], found: str) -> None:
    get: t.Callable[[str], str] = pages.__getitem__
    if found == SUM:
        assert downloads.checksum(url, get) == SUM
        return
    with pytest.raises(CollectionError, match=found):
        downloads.checksum(url, get)
