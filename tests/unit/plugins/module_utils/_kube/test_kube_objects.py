# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube.bucket import Bucket, Listed, wanted_bucket
from ansible_collections.containerci.aws.plugins.module_utils._kube.objects import Place, plan, superfluous

KEY = "arn:aws:kms:eu-central-1:123456789012:key/1"
PLACE = Place("files", "demo", KEY, "eu-central-1", manages_bucket=True)
GOOD = wanted_bucket("files", KEY)
OLD, NEW = "demo/ignition/worker-default-0000000000000001.ign", "demo/ignition/worker-default-0000000000000002.ign"


@pytest.mark.parametrize(
    ("have", "listed", "sentences"),
    [
        (Bucket(), [], ["Create bucket files.", f"Put object {NEW}."]),
        (GOOD, [OLD], [f"Put object {NEW}."]),
        (GOOD, [OLD, NEW], []),
        (
            replace(GOOD, policy=None, encryption=[]),
            [NEW],
            ["Set encryption, policy of bucket files."],
        ),
    ],
)
def test_only_what_is_missing_is_written(have: Bucket, listed: list[str], sentences: list[str]) -> None:
    found = plan(PLACE, have, [Listed(key, "2026") for key in listed], [NEW])
    assert found.sentences("files") == sentences


def test_a_bucket_of_others_is_left_alone_and_must_exist() -> None:
    theirs = replace(PLACE, manages_bucket=False)
    assert plan(theirs, Bucket(exists=True), [], [NEW]).settings == ()
    with pytest.raises(CollectionError, match=r"The bucket files \(assets_bucket\) does not exist"):
        plan(theirs, Bucket(), [], [NEW])


@pytest.mark.parametrize(
    ("keep", "gone"),
    [(1, ["w-1", "w-2", "w-4"]), (2, ["w-1", "w-2"]), (3, ["w-1"]), (9, [])],
)
def test_the_wanted_object_and_the_newest_others_are_kept(keep: int, gone: list[str]) -> None:
    listed = [Listed("w-1", "2021"), Listed("w-2", "2022"), Listed("w-3", "2023"), Listed("w-4", "2024")]
    assert superfluous([*listed, Listed("c-1", "2021")], {"w-3", "c-1"}, keep) == gone


def test_the_policy_lets_nothing_in_that_is_not_encrypted_with_the_key() -> None:
    denied = {s["Sid"]: s["Condition"] for s in GOOD.policy["Statement"]}
    assert denied["OnlyWithTheKey"]["StringNotEquals"] == {"s3:x-amz-server-side-encryption-aws-kms-key-id": KEY}
    assert denied["OnlyWithTls"] == {"Bool": {"aws:SecureTransport": "false"}}
