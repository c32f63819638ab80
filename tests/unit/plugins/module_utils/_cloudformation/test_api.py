# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import typing as t

import pytest
from botocore.stub import Stubber

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.api import Api, StackGone
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

ARN = "arn:aws:cloudformation:eu-central-1:123456789012:stack/s/1"
NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
SERVICE = "cloudformation"


@pytest.fixture
def api(stub: Stubber, pauses: list[float]) -> Api:
    return Api(stub.client, sleep=pauses.append)


def event(number: int) -> dict[str, t.Any]:
    return {
        "StackId": ARN,
        "StackName": "s",
        "EventId": str(number),
        "Timestamp": NOW,
        "PhysicalResourceId": ARN,
        "ResourceStatus": "CREATE_COMPLETE",
    }


def test_a_stack_is_read_in_words_of_python(api: Api, stub: Stubber) -> None:
    answer = {
        "StackId": ARN,
        "StackName": "s",
        "StackStatus": "CREATE_COMPLETE",
        "CreationTime": NOW,
        "Parameters": [{"ParameterKey": "P", "ParameterValue": "v"}],
        "Outputs": [{"OutputKey": "Url", "OutputValue": "http://x"}],
        "Tags": [{"Key": "k", "Value": "v"}],
    }
    stub.add_response("describe_stacks", {"Stacks": [answer]}, {"StackName": "s"})
    stack = api.stack("s")
    assert stack is not None
    assert (stack.parameters, stack.outputs, stack.tags) == ({"P": "v"}, {"Url": "http://x"}, {"k": "v"})
    assert stack.creation_time == "2026-11-22T00:00:00+00:00"


def test_a_stack_that_does_not_exist_is_no_error(api: Api, stub: Stubber) -> None:
    stub.add_client_error("describe_stacks", "ValidationError", "Stack with id s does not exist")
    assert api.stack("s") is None


def test_writing_to_a_stack_that_is_gone_says_so(api: Api, stub: Stubber) -> None:
    stub.add_client_error("create_change_set", "ValidationError", "Stack [s] does not exist")
    with pytest.raises(StackGone, match="does not exist"):
        api.create_change_set("s", "c", "{}")


def test_other_validation_errors_keep_the_words_of_aws(api: Api, stub: Stubber) -> None:
    stub.add_client_error("describe_stacks", "ValidationError", "1 validation error detected")
    with pytest.raises(CollectionError, match="1 validation error detected"):
        api.stack("s")


def test_throttling_is_waited_out_with_growing_pauses(api: Api, stub: Stubber, pauses: list[float]) -> None:
    for _ in range(3):
        stub.add_client_error("describe_stacks", "Throttling", "Rate exceeded", http_status_code=400)
    stub.add_response("describe_stacks", {"Stacks": []})
    assert api.stack("s") is None
    assert pauses == sorted(set(pauses))
    assert len(pauses) == 3


def test_endless_throttling_ends_in_a_sentence(api: Api, stub: Stubber) -> None:
    for _ in range(8):
        stub.add_client_error("delete_stack", "Throttling", "Rate exceeded", http_status_code=400)
    with pytest.raises(CollectionError, match="AWS throttled cloudformation:DeleteStack"):
        api.delete_stack("s", "token")


def test_a_denied_operation_is_named_and_not_repeated(api: Api, stub: Stubber, pauses: list[float]) -> None:
    stub.add_client_error("create_stack", "AccessDenied", "User is not authorized")
    with pytest.raises(CollectionError, match="do not allow cloudformation:CreateStack"):
        api.create_stack("s", "{}")
    assert pauses == []


def test_events_are_read_page_by_page_and_only_as_far_as_needed(api: Api, stub: Stubber) -> None:
    stub.add_response("describe_stack_events", {"StackEvents": [event(4), event(3)], "NextToken": "n"})
    stub.add_response(
        "describe_stack_events",
        {"StackEvents": [event(2)], "NextToken": "m"},
        {"StackName": ARN, "NextToken": "n"},
    )
    events = api.events(ARN)
    assert [next(events).event_id for _ in range(3)] == ["4", "3", "2"]


def test_a_long_change_set_is_read_to_its_end(api: Api, stub: Stubber) -> None:
    def page(name: str, **more: str) -> dict[str, t.Any]:
        change = {"Type": "Resource", "ResourceChange": {"Action": "Modify", "LogicalResourceId": name}}
        return {"ChangeSetId": "c", "StackId": ARN, "Status": "CREATE_COMPLETE", "Changes": [change], **more}

    stub.add_response("describe_change_set", page("A", NextToken="n"), {"ChangeSetName": "c"})
    stub.add_response("describe_change_set", page("B"), {"ChangeSetName": "c", "NextToken": "n"})
    assert [change.logical_resource_id for change in api.change_set("c").changes] == ["A", "B"]


def test_resources_that_are_gone_already_are_not_deleted_again(api: Api, stub: Stubber) -> None:
    def summary(name: str, status: str) -> dict[str, t.Any]:
        return {
            "LogicalResourceId": name,
            "ResourceType": "T",
            "LastUpdatedTimestamp": NOW,
            "ResourceStatus": status,
        }

    summaries = [summary("A", "CREATE_COMPLETE"), summary("B", "DELETE_COMPLETE")]
    stub.add_response("list_stack_resources", {"StackResourceSummaries": summaries})
    assert [(c.action, c.logical_resource_id) for c in api.resources(ARN)] == [("Remove", "A")]
