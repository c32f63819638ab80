# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from embedded_aws.cloudformation.errors import ValidationError
from embedded_aws.cloudformation.intrinsics import Evaluator

TEMPLATE = {
    "Conditions": {
        "Yes": {"Fn::Equals": [{"Ref": "Name"}, "ci"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
        "Either": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "No"}]},
    },
    "Mappings": {"Sizes": {"us-east-1": {"small": "t3.small"}}},
}


@pytest.fixture
def evaluator():
    return Evaluator(
        TEMPLATE,
        {"Name": "ci", "List": ["a", "b"]},
        {"AWS::Region": "us-east-1"},
        resource=lambda name: f"id-of-{name}",
        attribute=lambda name, attribute: f"{attribute}-of-{name}",
        zones=lambda region: [f"{region}a", f"{region}b"],
        dynamic=lambda service, reference: f"<{service} {reference}>",
        imported=lambda name: f"import-{name}",
    )


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"Ref": "Name"}, "ci"),
        ({"Ref": "Vpc"}, "id-of-Vpc"),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"A": {"Ref": "AWS::NoValue"}, "B": 1}, {"B": 1}),
        (["x", {"Ref": "AWS::NoValue"}], ["x"]),
        ({"Fn::GetAtt": ["Vpc", "CidrBlock"]}, "CidrBlock-of-Vpc"),
        ({"Fn::GetAtt": "Lb.SourceSecurityGroup.GroupName"}, "SourceSecurityGroup.GroupName-of-Lb"),
        ({"Fn::Sub": "${Name}-${Vpc.Id}-${!Kept}-${AWS::Region}"}, "ci-Id-of-Vpc-${Kept}-us-east-1"),
        ({"Fn::Sub": ["${Local}/${Name}", {"Local": {"Ref": "List"}}]}, "a,b/ci"),
        ({"Fn::Join": [":", [{"Ref": "Name"}, 8080, True]]}, "ci:8080:true"),
        ({"Fn::Select": ["1", {"Fn::GetAZs": ""}]}, "us-east-1b"),
        ({"Fn::GetAZs": "eu-west-1"}, ["eu-west-1a", "eu-west-1b"]),
        ({"Fn::Split": [",", "a,b"]}, ["a", "b"]),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "AWS::Region"}, "small"]}, "t3.small"),
        ({"Fn::If": ["Yes", "on", "off"]}, "on"),
        ({"Fn::If": ["Both", "on", "off"]}, "off"),
        ({"Fn::If": ["Either", "on", "off"]}, "on"),
        ({"Fn::Base64": "hello"}, "aGVsbG8="),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, ["10.0.0.0/24", "10.0.1.0/24"]),
        ({"Fn::ImportValue": "vpc"}, "import-vpc"),
        ({"Fn::Length": {"Ref": "List"}}, 2),
        ({"Fn::ToJsonString": {"a": {"Ref": "Name"}}}, '{"a":"ci"}'),
        ("{{resolve:ssm:/a/b}} x", "<ssm /a/b> x"),
        (
            {"Statement": {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}},
            {"Statement": {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}},
        ),
    ],
)
def test_values(evaluator, node, value):
    assert evaluator.value(node) == value


@pytest.mark.parametrize(
    "node", [{"Fn::Nope": 1}, {"Fn::Select": ["5", ["a"]]}, {"Fn::FindInMap": ["Sizes", "eu-west-1", "small"]}]
)
def test_what_cannot_be_evaluated_is_a_template_error(evaluator, node):
    with pytest.raises(ValidationError) as refused:
        evaluator.value(node)
    assert refused.value.message.startswith("Template error: Fn::")
