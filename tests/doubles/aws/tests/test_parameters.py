# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from embedded_aws.cloudformation.errors import ValidationError
from embedded_aws.cloudformation.parameters import Lookups, Parameter, check_rules, resolve

LOOKUPS = Lookups(exists=lambda kind, value: value == "us-east-1a", ssm=lambda name: {"/ami": "ami-1"}.get(name))


def given(name, value):
    return [{"ParameterKey": name, "ParameterValue": value}]


@pytest.mark.parametrize(
    ("declared", "text", "value"),
    [
        ({"Type": "String"}, "x", "x"),
        ({"Type": "Number", "MinValue": 8}, "8", "8"),
        ({"Type": "CommaDelimitedList"}, "a, b", ["a", "b"]),
        ({"Type": "CommaDelimitedList"}, "", []),
        ({"Type": "AWS::EC2::AvailabilityZone::Name"}, "us-east-1a", "us-east-1a"),
        ({"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"}, "/ami", "ami-1"),
    ],
)
def test_values(declared, text, value):
    assert resolve({"P": declared}, given("P", text), {}, LOOKUPS)["P"].value == value


@pytest.mark.parametrize(
    ("declared", "text", "message"),
    [
        ({"Type": "Number"}, "x", "Parameter 'P' must be a number"),
        ({"Type": "Number", "MinValue": 8}, "7", "Parameter 'P' must be a number not less than 8"),
        ({"Type": "Number", "MaxValue": 8}, "9", "Parameter 'P' must be a number not greater than 8"),
        ({"Type": "String", "AllowedValues": ["a", "b"]}, "c", "Parameter 'P' must be one of AllowedValues [a, b]"),
        ({"Type": "String", "AllowedPattern": "[a-z]+"}, "a1", "Parameter 'P' must match pattern [a-z]+"),
        (
            {"Type": "String", "AllowedPattern": "[a-z]+", "ConstraintDescription": "letters"},
            "1",
            "Parameter P failed to satisfy constraint: letters",
        ),
        ({"Type": "String", "MinLength": 2}, "a", "Parameter 'P' must contain at least 2 characters"),
        ({"Type": "String", "MaxLength": 2}, "abc", "Parameter 'P' must contain at most 2 characters"),
        (
            {"Type": "AWS::EC2::AvailabilityZone::Name"},
            "us-west-2a",
            "parameter value us-west-2a for parameter name P does not exist",
        ),
        (
            {"Type": "AWS::SSM::Parameter::Value<String>"},
            "/nope",
            "Unable to fetch parameters [/nope] from parameter store",
        ),
    ],
)
def test_constraints(declared, text, message):
    with pytest.raises(ValidationError) as refused:
        resolve({"P": declared}, given("P", text), {}, LOOKUPS)
    assert message in refused.value.message


def test_missing_and_unknown_parameters_are_named():
    with pytest.raises(ValidationError, match=r"\[P\] must have values"):
        resolve({"P": {"Type": "String"}}, [], {}, LOOKUPS)
    with pytest.raises(ValidationError, match=r"\[Q\] do not exist in the template"):
        resolve({}, given("Q", "x"), {}, LOOKUPS)


def test_the_previous_value_is_kept_on_demand():
    use = [{"ParameterKey": "P", "UsePreviousValue": True}]
    assert (
        resolve({"P": {"Type": "String", "Default": "d"}}, use, {"P": Parameter("old", "old")}, LOOKUPS)["P"].value
        == "old"
    )
    with pytest.raises(ValidationError, match="usePreviousValue"):
        resolve({"P": {"Type": "String"}}, use, {}, LOOKUPS)


def test_no_echo_values_are_never_shown():
    secret = resolve({"P": {"Type": "String", "NoEcho": True}}, given("P", "s3cret"), {}, LOOKUPS)["P"]
    assert secret.value == "s3cret"
    assert secret.describe("P") == {"ParameterKey": "P", "ParameterValue": "****"}


def test_a_failed_rule_says_its_description():
    template = {"Rules": {"Zones": {"Assertions": [{"Assert": False, "AssertDescription": "The zones must differ"}]}}}
    with pytest.raises(ValidationError, match="The zones must differ"):
        check_rules(template, lambda node: node)
