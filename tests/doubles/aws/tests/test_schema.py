# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from embedded_aws.cloudformation import schema
from embedded_aws.cloudformation.errors import ResourceFailure


def test_scalars_take_the_type_of_the_schema():
    properties = {"DesiredCount": "2", "EnableECSManagedTags": "true", "TaskDefinition": 7}
    assert schema.conform("AWS::ECS::Service", properties) == {
        "DesiredCount": 2,
        "EnableECSManagedTags": True,
        "TaskDefinition": "7",
    }


@pytest.mark.parametrize(
    ("kind", "properties", "reason"),
    [
        ("AWS::ECS::Service", {"DesiredCounts": 1}, "extraneous key [DesiredCounts] is not permitted"),
        ("AWS::EC2::SecurityGroup", {}, "required key [GroupDescription] not found"),
        ("AWS::ECS::Service", {"DesiredCount": "many"}, "expected type integer at #/DesiredCount"),
        (
            "AWS::EFS::FileSystem",
            {"BackupPolicy": {"State": "ENABLED"}},
            "extraneous key [State] is not permitted at #/BackupPolicy",
        ),
    ],
)
def test_properties_that_aws_refuses(kind, properties, reason):
    with pytest.raises(ResourceFailure) as refused:
        schema.conform(kind, properties)
    assert reason in str(refused.value)


def test_unknown_types_have_no_schema():
    assert schema.of("AWS::Nope::Thing") is None


@pytest.mark.parametrize(
    ("kind", "before", "after", "replacing"),
    [
        ("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}, {"CidrBlock": "10.1.0.0/16"}, {"CidrBlock"}),
        ("AWS::EC2::VPC", {"EnableDnsSupport": True}, {"EnableDnsSupport": False}, set()),
        ("AWS::EFS::AccessPoint", {"PosixUser": {"Uid": "1"}}, {"PosixUser": {"Uid": "2"}}, {"PosixUser"}),
        ("AWS::ECS::Service", {"DesiredCount": 1}, {"DesiredCount": 2}, set()),
    ],
)
def test_what_a_change_replaces(kind, before, after, replacing):
    assert schema.replacing(kind, before, after) == replacing
