# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes roles, users, groups and policies; each function returns the name of its resource."""

from __future__ import annotations

import json
import typing as t

from integration.aws_spec_resources.common import POLICY, ROLE, TAGS


def iam_role(aws: t.Any) -> str:
    iam = aws.client("iam")
    iam.create_role(
        RoleName="app", AssumeRolePolicyDocument=ROLE, Description="the app", MaxSessionDuration=7200, Tags=TAGS
    )
    iam.put_role_policy(RoleName="app", PolicyName="read-config", PolicyDocument=json.dumps(POLICY))
    iam.attach_role_policy(RoleName="app", PolicyArn=_policy(aws))
    return "app"


def iam_user(aws: t.Any) -> str:
    iam = aws.client("iam")
    iam.create_user(UserName="ann", Tags=TAGS)
    iam.put_user_policy(UserName="ann", PolicyName="own", PolicyDocument=json.dumps(POLICY))
    iam.attach_user_policy(UserName="ann", PolicyArn=_policy(aws))
    iam.create_group(GroupName="ops")
    iam.add_user_to_group(GroupName="ops", UserName="ann")
    return "ann"


def iam_group(aws: t.Any) -> str:
    iam_user(aws)
    iam = aws.client("iam")
    iam.put_group_policy(GroupName="ops", PolicyName="own", PolicyDocument=json.dumps(POLICY))
    iam.attach_group_policy(GroupName="ops", PolicyArn=_policy(aws))
    return "ops"


def _policy(aws: t.Any) -> str:
    iam = aws.client("iam")
    for found in iam.list_policies(Scope="Local")["Policies"]:
        return str(found["Arn"])
    return str(iam.create_policy(PolicyName="read", PolicyDocument=json.dumps(POLICY), Tags=TAGS)["Policy"]["Arn"])


def iam_policy(aws: t.Any) -> str:
    iam_role(aws)
    iam_group(aws)
    return "read"


def instance_profile(aws: t.Any) -> str:
    iam = aws.client("iam")
    iam.create_instance_profile(InstanceProfileName="app", Tags=TAGS)
    iam.add_role_to_instance_profile(InstanceProfileName="app", RoleName=iam_role(aws))
    return "app"
