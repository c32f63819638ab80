# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import (
    MAXIMUM_BODY,
    from_api,
    load,
    normalise,
)
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

RESOURCE = "Resources: {Topic: {Type: 'AWS::SNS::Topic', Properties: {TopicName: %s}}}"


def name_of(value: str) -> object:
    return load(RESOURCE % value).resources["Topic"]["Properties"]["TopicName"]


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("!Ref Name", "{Ref: Name}"),
        ("!Sub '${Name}-x'", "{'Fn::Sub': '${Name}-x'}"),
        ("!Sub ['${N}', {N: !Ref Name}]", "{'Fn::Sub': ['${N}', {N: {Ref: Name}}]}"),
        ("!GetAtt Elb.DNSName", "{'Fn::GetAtt': [Elb, DNSName]}"),
        ("!GetAtt Nested.Outputs.Url", "{'Fn::GetAtt': [Nested, Outputs.Url]}"),
        ("!GetAtt [Elb, DNSName]", "{'Fn::GetAtt': 'Elb.DNSName'}"),
        ("!If [Https, 443, 80]", "{'Fn::If': [Https, '443', \"80\"]}"),
        ("!Condition Https", "{Condition: Https}"),
        ("!Select [0, !GetAZs '']", "{'Fn::Select': [0, {'Fn::GetAZs': ''}]}"),
        ("!Join ['', [a, !Ref B]]", "{'Fn::Join': ['', [a, {Ref: B}]]}"),
        ("!Cidr {a: 1}", "{'Fn::Cidr': {a: '1'}}"),
        ("true", "'true'"),
    ],
)
def test_short_and_long_form_are_the_same(short: str, long: str) -> None:
    assert name_of(short) == name_of(long)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a", "b"), ("!Ref A", "!Ref B"), ("!Ref A", "!Sub A"), ("'010'", "8"), ("[a, b]", "[b, a]")],
)
def test_different_meanings_stay_different(one: str, other: str) -> None:
    assert name_of(one) != name_of(other)


def test_comments_order_and_formatting_do_not_count() -> None:
    text = "# comment\nResources:\n  B:\n    Type: X\n  A: {Type: 'Y'}\n"
    assert load(text) == load('{"Resources": {"A": {"Type": "Y"}, "B": {"Type": "X"}}}')


def test_an_answer_of_aws_in_json_equals_the_yaml_it_was_made_from() -> None:
    answer = {"Resources": {"A": {"Type": "X", "Properties": {"Port": 80, "On": True, "Rate": 0.5, "Gone": None}}}}
    assert from_api(answer) == load(
        "Resources: {A: {Type: X, Properties: {Port: 80, On: true, Rate: 0.5, Gone: null}}}"
    )


@pytest.mark.parametrize("written", ["2012-10-17", "0755", "on", "1_000", "12:30:00", "1e3"])
def test_scalars_are_read_as_they_are_written(written: str) -> None:
    assert name_of(written) == written


def test_merge_keys_and_anchors_are_resolved() -> None:
    text = "X: &x {Type: T}\nResources:\n  A:\n    <<: *x\n    Condition: C\n"
    assert load(text).resources == {"A": {"Type": "T", "Condition": "C"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Resources: {A: [", "neither YAML nor JSON"),
        ("a: b\n c: d\n", "in line 2"),
        ("just text", "no section Resources"),
        ("Resources: {}", "no section Resources"),
        ("", "no section Resources"),
        ("Resources: " + "x" * MAXIMUM_BODY, "at most 51200"),
    ],
)
def test_a_broken_template_is_explained_in_one_line(text: str, expected: str) -> None:
    with pytest.raises(CollectionError, match=expected) as caught:
        load(text)
    assert "\n" not in caught.value.message


def test_parameters_are_read_with_what_matters_to_a_caller() -> None:
    text = """
    Parameters:
      Secret: {Type: String, NoEcho: true}
      Zones: {Type: 'List<AWS::EC2::AvailabilityZone::Name>'}
      Size: {Type: Number, Default: 5, AllowedValues: [5, 6]}
    Resources: {A: {Type: X}}
    """
    specs = load(text).parameters
    assert specs["Secret"].no_echo
    assert specs["Zones"].is_list
    assert (specs["Size"].default, specs["Size"].allowed, specs["Size"].no_echo) == ("5", ("5", "6"), False)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


@given(values)
def test_the_normal_form_of_a_normal_form_is_itself(value: object) -> None:
    once = normalise(value)
    assert normalise(once) == once


@given(values)
def test_the_way_through_json_does_not_change_the_meaning(value: object) -> None:
    body = {"Resources": {"A": {"Type": "X", "Properties": value}}}
    assert load(json.dumps(body)) == from_api(body)
