# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles that services assume: whether one may, and the credentials it gets."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from ..settings import settings


def is_assumable(account: str, arn: str, service: str) -> bool:
    """Whether the role is there and trusts the service, for instance lambda.amazonaws.com."""
    try:
        trust = iam_backends[account]["aws"].get_role_by_arn(arn).assume_role_policy_document
    except NotFoundException:
        return False
    return any(_trusts(statement, service) for statement in _list(json.loads(trust).get("Statement")))


def _trusts(statement: dict[str, Any], service: str) -> bool:
    principal = statement.get("Principal", {})
    services = ["*"] if principal == "*" else _list(principal.get("Service"))
    actions = _list(statement.get("Action"))
    return (
        statement.get("Effect") == "Allow"
        and bool({"*", service} & set(services))
        and bool({"*", "sts:*", "sts:AssumeRole"} & set(actions))
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def environment(account: str, region: str, role: str | None, session: str) -> dict[str, str]:
    """Variables that point a process at the embedded AWS, with credentials of the role, and at nothing else."""
    variables = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{settings.port}",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }
    if role is None:
        return variables
    assumed = sts_backends[account]["aws"].assume_role(region, session[:64], role, "", 3600, "")
    return {
        **variables,
        "AWS_ACCESS_KEY_ID": assumed.access_key_id,
        "AWS_SECRET_ACCESS_KEY": assumed.secret_access_key,
        "AWS_SESSION_TOKEN": assumed.session_token,
    }
