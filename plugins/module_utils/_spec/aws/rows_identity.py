# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.iam import Group, Policy, Role, User
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import RecordResource, make
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import Part, RecordType, Way, haves

_ABSENT = ("NoSuchEntity",)

IAM_ROLE = RecordType(
    word="iam_role",
    service="iam",
    operation="get_role",
    path="Role",
    identity="Arn",
    ways=(Way(parameter="RoleName"),),
    absent=_ABSENT,
    have=haves("Path", "MaxSessionDuration", "Description"),
)
IAM_USER = RecordType(
    word="iam_user",
    service="iam",
    operation="get_user",
    path="User",
    identity="Arn",
    ways=(Way(parameter="UserName"),),
    absent=_ABSENT,
    have=haves("Path"),
)
IAM_GROUP = RecordType(
    word="iam_group",
    service="iam",
    operation="get_group",
    path="Group",
    identity="Arn",
    ways=(Way(parameter="GroupName"),),
    absent=_ABSENT,
    tags=False,
    have=haves("Path"),
    parts={"users": Part("get_group", {"GroupName": "GroupName"}, "Users", summary="Its members.")},
)
IAM_POLICY = RecordType(
    word="iam_policy",
    service="iam",
    operation="get_policy",
    path="Policy",
    identity="Arn",
    ways=(
        Way(pattern="arn:", parameter="PolicyArn"),
        Way(field="PolicyName", operation="list_policies", path="Policies[]", constants={"Scope": "Local"}),
    ),
    absent=_ABSENT,
    tags=Part("list_policy_tags", {"PolicyArn": "Arn"}, "Tags", default=[]),
    be={"attachable": ("IsAttachable", True), "attached": ("AttachmentCount", True)},
    have=haves("Path", "AttachmentCount", "DefaultVersionId"),
)
INSTANCE_PROFILE = RecordType(
    word="instance_profile",
    aliases=("iam_instance_profile",),
    service="iam",
    operation="get_instance_profile",
    path="InstanceProfile",
    identity="Arn",
    ways=(Way(parameter="InstanceProfileName"),),
    absent=_ABSENT,
    have={"path": "Path", "role": "Roles[].RoleName"},
)

TYPES: t.Sequence[type[RecordResource]] = [
    make(IAM_ROLE, Role),
    make(IAM_USER, User),
    make(IAM_GROUP, Group),
    make(IAM_POLICY, Policy),
    make(INSTANCE_PROFILE),
]
