# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""KMS: how a key goes."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("name", ["KeyId", "Arn"])
def test_a_key_is_deleted_by_either_name(aws, name):
    kms = aws.client("kms")
    key = kms.create_key()["KeyMetadata"]
    kms.schedule_key_deletion(KeyId=key[name], PendingWindowInDays=7)
    assert kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]["KeyState"] == "PendingDeletion"
