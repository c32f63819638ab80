# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pieces that rows are made of: paths in answers, names, ways to look up, tags."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._spec import paths
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import (
    BY_TAG_NAME,
    RecordType,
    Way,
    by_id,
    dig,
    means_absent,
    snake,
    states,
    tag_map,
    tags_of,
)

ANSWER = {
    "Reservations": [{"Instances": [{"Id": 1}, {"Id": 2}]}, {"Instances": [{"Id": 3}]}, {}],
    "State": {"Name": "ok"},
    "Empty": None,
}
ROW = RecordType(
    "box",
    "ec2",
    "describe_boxes",
    "Boxes[]",
    "BoxId",
    (by_id("box-id", "BoxId", "box"), BY_TAG_NAME),
    filters="Filters",
)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("Reservations[].Instances[]", [{"Id": 1}, {"Id": 2}, {"Id": 3}]),
        ("Reservations[].Instances[].Id", [1, 2, 3]),
        ("Reservations.1.Instances.0.Id", 3),
        ("Reservations.9.Instances", None),
        ("State.Name", "ok"),
        ("State.Name.More", None),
        ("Nothing[]", []),
        ("Empty.Name", None),
        (("State", "Name"), "ok"),
    ],
)
def test_what_is_at_a_path(path: t.Any, found: t.Any) -> None:
    assert dig(ANSWER, path) == found


@pytest.mark.parametrize(
    ("api", "written"),
    [
        ("VpcId", "vpc_id"),
        ("DBInstanceIdentifier", "db_instance_identifier"),
        ("DNSName", "dns_name"),
        ("Ebs", "ebs"),
        ("TargetGroupARNs", "target_group_arns"),
        ("desiredCount", "desired_count"),
        ("Status", "status"),
    ],
)
def test_names_of_the_api_in_snake_case(api: str, written: str) -> None:
    assert snake(api) == written


@pytest.mark.parametrize(
    "written", ["vpc_id", "VpcId", "db_instance_identifier", "dns_name", "ebs", "target_group_arns", "desired_count"]
)
def test_a_property_finds_its_field(written: str) -> None:
    record = dict.fromkeys(("VpcId", "DBInstanceIdentifier", "DNSName", "Ebs", "TargetGroupARNs", "desiredCount"))
    assert paths.key_of(record, written) in record


@pytest.mark.parametrize(
    ("record", "written"),
    [
        ({"Env": 1}, "ENV"),
        ({"DNSName": 1, "DnsName": 2}, "dnsname"),
        ({"port": 1}, "PORT"),
        (tag_map([{"Key": "Env", "Value": "x"}]), "env"),
    ],
)
def test_a_property_finds_nothing_else(record: dict[str, t.Any], written: str) -> None:
    assert paths.key_of(record, written) is None


@pytest.mark.parametrize(
    ("name", "filters"),
    [("box-0a1", ["box-id"]), ("main", ["tag:Name"]), ("box-main", ["tag:Name"]), ("box-", ["tag:Name"])],
)
def test_ids_and_names_are_looked_up_differently(name: str, filters: list[str]) -> None:
    assert [way.filter for way in ROW.ways_for(name)] == filters


def test_how_names_are_asked_for() -> None:
    names = ["a", "b", "c"]
    assert Way(filter="tag:Name").request(names, "Filter", "Name") == {
        "Filter": [{"Name": "tag:Name", "Values": names}]
    }
    assert Way(parameter="Names", size=2).chunks(names) == [["a", "b"], ["c"]]
    assert Way(parameter="Names", size=2).request(["a"], "", "") == {"Names": ["a"]}
    assert Way(parameter="Name").chunks(names) == [["a"], ["b"], ["c"]]
    assert Way(parameter="Name").request(["a"], "", "") == {"Name": "a"}
    assert Way(constants={"Scope": "Local"}).request(names, "", "") == {"Scope": "Local"}
    assert Way().chunks([]) == []


@pytest.mark.parametrize(
    ("way", "record", "name", "said"),
    [
        (Way(field="Name"), {"Name": "a"}, "a", True),
        (Way(field="Name"), {"Name": "ab"}, "a", False),
        (Way(field="Arn", suffix=True), {"Arn": "arn:x:topic"}, "topic", True),
        (Way(field="Arn", suffix=True), {"Arn": "arn:x:my-topic"}, "topic", False),
        (BY_TAG_NAME, {"Tags": [{"Key": "Name", "Value": "a"}]}, "a", True),
        (BY_TAG_NAME, {"Tags": []}, "a", False),
        (Way(), {}, "a", True),
    ],
)
def test_whether_a_record_is_the_one(way: Way, record: dict[str, t.Any], name: str, said: bool) -> None:
    assert way.is_said_by(record, name) is said


@pytest.mark.parametrize(
    "record",
    [
        {"Tags": [{"Key": "env", "Value": "x"}]},
        {"tags": [{"key": "env", "value": "x"}]},
        {"TagList": [{"Key": "env", "Value": "x"}]},
        {"Tags": [{"TagKey": "env", "TagValue": "x"}]},
        {"tags": {"env": "x"}},
    ],
)
def test_tags_are_a_map(record: dict[str, t.Any]) -> None:
    assert tags_of(record) == {"env": "x"}


@pytest.mark.parametrize(
    ("code", "message", "absent"),
    [
        ("NoSuchEntity", "gone", True),
        ("ValidationError", "Stack with id x does not exist", True),
        ("ValidationError", "1 validation error detected", False),
        ("AccessDenied", "no", False),
    ],
)
def test_which_errors_mean_absent(code: str, message: str, absent: bool) -> None:
    assert means_absent(code, message, ("NoSuchEntity", "ValidationError: does not exist")) is absent


def test_words_for_states() -> None:
    assert list(states("State", "available", "in-use", "PendingDeletion", "CREATE_COMPLETE")) == [
        "available",
        "in_use",
        "pending_deletion",
        "create_complete",
    ]


@pytest.mark.parametrize(
    ("row", "arn", "name"),
    [
        (ROW, "arn:aws:ec2:eu-west-1:1:box/box-0a1", "box-0a1"),
        (ROW, "arn:aws:s3:::logs", "logs"),
        (ROW, "arn:aws:ecr:eu-west-1:1:repository/team/app", "team/app"),
        (ROW, "arn:aws:logs:eu-west-1:1:log-group:/app/web:*", "/app/web"),
        (ROW, "arn:aws:swf:eu-west-1:1:/domain/orders", "orders"),
        (ROW, "arnold", "arnold"),
        (dataclasses.replace(ROW, service="iam"), "arn:aws:iam::1:role/path/app", "app"),
        (dataclasses.replace(ROW, arns=True), "arn:aws:x:eu-west-1:1:box/a", "arn:aws:x:eu-west-1:1:box/a"),
        (dataclasses.replace(ROW, ways=(Way(pattern="arn:"),)), "arn:aws:x::1:box/a", "arn:aws:x::1:box/a"),
    ],
)
def test_the_name_in_an_arn(row: RecordType, arn: str, name: str) -> None:
    assert row.own_name(arn) == name
