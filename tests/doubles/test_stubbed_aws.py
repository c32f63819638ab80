# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The double that gives prepared answers: it gives them, and nothing that AWS would not."""

from __future__ import annotations

import datetime

import pytest
from botocore.exceptions import ClientError, ParamValidationError, StubAssertionError, StubResponseError
from doubles.stubbed_aws import StubbedAws

ANSWERS = {
    "describe_vpcs": {"Vpcs": [{"VpcId": "vpc-1"}]},
    "elb.describe_load_balancers": {"LoadBalancerDescriptions": [{"LoadBalancerName": "classic"}]},
    "elbv2.describe_load_balancers": {"LoadBalancers": [{"LoadBalancerName": "new"}]},
    "describe_subnets": {"Subnets": [{"SubnetName": "x"}]},
    "get_role": {"Role": {"RoleName": "app"}},
    "get_user": "NoSuchEntity",
}


def test_answers_are_given_as_often_as_they_are_asked_for() -> None:
    client = StubbedAws(ANSWERS)("ec2", "")
    assert [client.describe_vpcs()["Vpcs"][0]["VpcId"] for _ in range(2)] == ["vpc-1", "vpc-1"]


def test_an_answer_can_be_that_of_one_service() -> None:
    aws = StubbedAws(ANSWERS)
    assert aws("elb", "").describe_load_balancers()["LoadBalancerDescriptions"][0]["LoadBalancerName"] == "classic"
    assert aws("elbv2", "").describe_load_balancers()["LoadBalancers"][0]["LoadBalancerName"] == "new"


def test_what_the_api_always_tells_is_told() -> None:
    role = StubbedAws(ANSWERS)("iam", "").get_role(RoleName="app")["Role"]
    assert role["RoleName"] == "app"
    assert isinstance(role["CreateDate"], datetime.datetime)


def test_what_is_refused() -> None:
    aws = StubbedAws(ANSWERS)
    with pytest.raises((StubResponseError, StubAssertionError)):
        aws("ec2", "").describe_instances()
    with pytest.raises(ParamValidationError):
        aws("ec2", "").describe_vpcs(Filter="x")
    with pytest.raises(KeyError, match="SubnetName"):
        aws("ec2", "").describe_subnets()
    with pytest.raises(ClientError, match="NoSuchEntity"):
        aws("iam", "").get_user(UserName="ann")
