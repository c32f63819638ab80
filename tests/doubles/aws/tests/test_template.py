# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from embedded_aws.cloudformation import template
from embedded_aws.cloudformation.errors import ValidationError

TOPIC = "Type: AWS::SNS::Topic"


def test_short_forms_become_long_forms():
    loaded = template.load(
        "Resources: {A: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt B.Arn, X: !Sub '${B}'}},"
        " B: {Type: AWS::SQS::Queue}}"
    )
    assert loaded["Resources"]["A"]["Properties"] == {
        "DisplayName": {"Fn::GetAtt": ["B", "Arn"]},
        "X": {"Fn::Sub": "${B}"},
    }


def test_dates_stay_text():
    assert (
        template.load(f"AWSTemplateFormatVersion: 2010-09-09\nResources: {{A: {{{TOPIC}}}}}")[
            "AWSTemplateFormatVersion"
        ]
        == "2010-09-09"
    )


def test_json_is_accepted():
    assert (
        template.load('{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}')["Resources"]["A"]["Type"]
        == "AWS::SNS::Topic"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("just text", "unsupported structure"),
        ("Resources: [", "YAML not well-formed"),
        ("Description: nothing here", "At least one Resources member"),
        ("Resources: {A: {Properties: {}}}", "must contain a Type member"),
        (f"Resources: {{A: {{{TOPIC}}}}}\nParameter: {{}}", "Invalid template property or properties [Parameter]"),
        (f"Resources: {{A: {{{TOPIC}, Property: {{}}}}}}", "Invalid template resource property 'Property'"),
        (f"Resources: {{A: {{{TOPIC}, Condition: Nope}}}}", "Unresolved condition dependency Nope"),
        (f"Resources: {{A: {{{TOPIC}, DeletionPolicy: Keep}}}}", "invalid DeletionPolicy 'Keep'"),
        (
            f"Resources: {{A: {{{TOPIC}, DependsOn: Nope}}}}",
            "Unresolved resource dependencies [Nope] in the Resources block",
        ),
        (
            f"Resources: {{A: {{{TOPIC}}}}}\nOutputs: {{O: {{Value: !Ref Nope}}}}",
            "Unresolved resource dependencies [Nope] in the Outputs block",
        ),
        (
            f"Resources: {{A: {{{TOPIC}, DependsOn: B}}, B: {{{TOPIC}, DependsOn: [A]}}}}",
            "Circular dependency between resources: [A, B]",
        ),
    ],
)
def test_what_cloudformation_refuses(body, message):
    with pytest.raises(ValidationError) as refused:
        template.load(body)
    assert message in refused.value.message


def test_order_puts_the_needed_first():
    resources = {
        "Service": {"Type": "x", "DependsOn": "Route", "Properties": {"Cluster": {"Ref": "Cluster"}}},
        "Route": {"Type": "x", "Properties": {"Table": {"Fn::Sub": "${Table.Arn}"}}},
        "Cluster": {"Type": "x"},
        "Table": {"Type": "x"},
    }
    order = template.order(resources)
    assert order.index("Table") < order.index("Route") < order.index("Service")
    assert order.index("Cluster") < order.index("Service")


def test_a_property_called_depends_on_is_not_a_dependency():
    resources = {"Task": {"Type": "x", "Properties": {"DependsOn": [{"ContainerName": "configure"}]}}}
    assert template.order(resources) == ["Task"]


@pytest.mark.parametrize(
    ("resource", "needed"),
    [
        ({"Type": "AWS::SNS::Topic"}, None),
        ({"Type": "AWS::IAM::Role"}, "CAPABILITY_IAM"),
        ({"Type": "AWS::IAM::Role", "Properties": {"RoleName": "x"}}, "CAPABILITY_NAMED_IAM"),
    ],
)
def test_capabilities(resource, needed):
    assert template.needed_capability({"Resources": {"A": resource}}) == needed
