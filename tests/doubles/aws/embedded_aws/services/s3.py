# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""S3: bucket policies that refuse requests without TLS; moto takes no notice of their condition and refuses all."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket


def install() -> None:
    FakeBucket.get_permission = _permission  # type: ignore[method-assign]


def _permission(bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    policy = json.loads(bucket.policy)
    given = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    statements = [statement for statement in given if not _is_against_plain_text(statement)]
    return IAMPolicy(json.dumps({**policy, "Statement": statements})).is_action_permitted(action, resource)


def _is_against_plain_text(statement: dict[str, Any]) -> bool:
    """Every request counts as one with TLS: on AWS, the SDK would use it."""
    secure = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
    return statement["Effect"] == "Deny" and str(secure).lower() == "false"
