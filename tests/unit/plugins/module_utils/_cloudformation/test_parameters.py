# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation import parameters
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import ParameterSpec, load
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

TEMPLATE = load("""
Parameters:
  Name: {Type: String}
  Size: {Type: Number, Default: 1}
  Zones: {Type: CommaDelimitedList, Default: 'a,b'}
  Kind: {Type: String, Default: small, AllowedValues: [small, big]}
  Secret: {Type: String, NoEcho: true, Default: none}
Resources: {A: {Type: X}}
""")
CURRENT = {"Name": "n", "Size": "1", "Zones": "a,b", "Kind": "small", "Secret": "****"}


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (5, "5"), (["a", 1, False], "a,1,false"), ({"b": 1, "a": 2}, '{"a": 2, "b": 1}')],
)
def test_values_become_what_cloudformation_takes(value: object, text: str) -> None:
    assert parameters.given({"X": value, "Gone": None}) == {"X": text}


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("String", "a", "a", True),
        ("String", "1", "1.0", False),
        ("Number", "1", "1.0", True),
        ("Number", "1", "x", False),
        ("CommaDelimitedList", "a, b", "a,b", True),
        ("List<Number>", "a,b", "b,a", False),
        ("AWS::SSM::Parameter::Value<String>", "/a", "/b", False),
    ],
)
def test_equality_depends_on_the_type(kind: str, one: str, other: str, same: bool) -> None:
    assert parameters.same_value(ParameterSpec("P", kind), one, other) is same


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "needs a value for the parameter Name"),
        ({"Name": "n", "Naem": "x"}, "has no parameter Naem; it has Kind, Name"),
        ({"Name": "n", "Kind": "huge"}, "Kind must be one of small, big; it is huge"),
    ],
)
def test_wrong_parameters_are_refused_before_aws_is_asked(values: dict[str, str], expected: str) -> None:
    with pytest.raises(CollectionError, match=expected):
        parameters.for_create(TEMPLATE, values)


def test_a_new_stack_gets_what_is_given_and_shows_no_secret() -> None:
    plan = parameters.for_create(TEMPLATE, {"Name": "n", "Secret": "hidden"})
    assert {"ParameterKey": "Secret", "ParameterValue": "hidden"} in plan.request
    assert plan.shown == {"Name": "n", "Size": "1", "Zones": "a,b", "Kind": "small", "Secret": "****"}


def test_what_is_the_same_or_not_given_keeps_its_value() -> None:
    plan = parameters.for_update(TEMPLATE, {"Size": "1.0", "Zones": "a, b"}, CURRENT, {"Secret"})
    assert not plan.changed
    assert all(entry.get("UsePreviousValue") for entry in plan.request)


def test_only_a_different_value_is_sent() -> None:
    plan = parameters.for_update(TEMPLATE, {"Kind": "big"}, CURRENT, {"Secret"})
    assert plan.changed
    assert [entry for entry in plan.request if "ParameterValue" in entry] == [
        {"ParameterKey": "Kind", "ParameterValue": "big"}
    ]


def test_a_parameter_that_is_new_and_not_given_gets_its_default() -> None:
    plan = parameters.for_update(TEMPLATE, {}, {"Name": "n"})
    assert [entry["ParameterKey"] for entry in plan.request] == ["Name"]
    assert plan.shown["Kind"] == "small"


@pytest.mark.parametrize(("resend", "changed"), [(False, False), (True, True)])
def test_a_hidden_value_is_sent_only_with_consent(resend: bool, changed: bool) -> None:
    plan = parameters.for_update(TEMPLATE, {"Secret": "new one"}, CURRENT, {"Secret"}, resend)
    assert plan.changed is changed
    assert "new one" not in plan.shown.values()


def test_a_value_that_is_no_longer_hidden_is_sent() -> None:
    open_template = load("Parameters: {Secret: {Type: String}}\nResources: {A: {Type: X}}")
    plan = parameters.for_update(open_template, {"Secret": "v"}, {"Secret": "****"}, {"Secret"})
    assert plan.request == ({"ParameterKey": "Secret", "ParameterValue": "v"},)
