# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""S3: the conditions of bucket policies about TLS and encryption; moto takes no notice of any and refuses all."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import request
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket

HEADERS = ("x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id")
# whether a value (None when the request has none) meets what the policy lists
OPERATORS: dict[str, Callable[[str | None, list[str]], bool]] = {
    "Bool": lambda value, listed: value is not None and value.lower() in [item.lower() for item in listed],
    "Null": lambda value, listed: str(value is None).lower() in [item.lower() for item in listed],
    "StringEquals": lambda value, listed: value is not None and value in listed,
    "StringNotEquals": lambda value, listed: value is None or value not in listed,
    "StringNotEqualsIfExists": lambda value, listed: value is None or value not in listed,
}


def install() -> None:
    FakeBucket.get_permission = _permission  # type: ignore[method-assign]


def _permission(bucket: FakeBucket, action: str, resource: str) -> PermissionResult:
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    policy = json.loads(bucket.policy)
    given = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    statements = [statement for statement in given if _counts(statement)]
    return IAMPolicy(json.dumps({**policy, "Statement": statements})).is_action_permitted(action, resource)


def _counts(statement: dict[str, Any]) -> bool:
    """Whether its conditions are met; one that is not known here is taken for met, as moto does."""
    return all(
        OPERATORS[operator](_value(key), _listed(wanted))
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
        if operator in OPERATORS and (key == "aws:SecureTransport" or key.removeprefix("s3:") in HEADERS)
    )


def _value(key: str) -> str | None:
    """Every request counts as one with TLS: on AWS, the SDK would use it."""
    return "true" if key == "aws:SecureTransport" else request.headers.get(key.removeprefix("s3:"))


def _listed(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]
