# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a role exists and trusts the one who wants to assume it."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import iam_backends

from ..roles import is_assumable
from .errors import structure

SERVICE = "codepipeline.amazonaws.com"


def check_assumable(role_arn: str, by: str | None) -> None:
    """Raise unless the role trusts CodePipeline itself or, for the role of an action, the pipeline's role."""
    if by is None:
        if not is_assumable(role_arn.split(":")[4], role_arn, SERVICE):
            raise structure(f"CodePipeline is not authorized to perform AssumeRole on role {role_arn}")
        return
    account = by.split(":")[4]
    if not _trusted(role_arn) & {by, account, f"arn:aws:iam::{account}:root", "*"}:
        raise structure(f"{by} is not authorized to perform AssumeRole on role {role_arn}")


def _trusted(role_arn: str) -> set[str]:
    """The accounts, users and roles that a role trusts."""
    roles = iam_backends[role_arn.split(":")[4]]["aws"].roles.values()
    role = next((role for role in roles if role.arn == role_arn), None)
    found: set[str] = set()
    for statement in _list(json.loads(role.assume_role_policy_document).get("Statement", [])) if role else []:
        principal = statement.get("Principal", {})
        if statement.get("Effect") == "Allow":
            found |= {"*"} if principal == "*" else set(_list(principal.get("AWS", [])))
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
