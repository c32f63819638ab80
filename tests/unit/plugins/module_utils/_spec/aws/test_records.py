# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading from AWS: what is asked, how often, and which errors mean what."""

from __future__ import annotations

import socket
import time
import typing as t

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.records import Records, iam_action, plain
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

KEYS = {"region_name": "us-east-1", "aws_access_key_id": "a", "aws_secret_access_key": "b"}


class Stubbed:
    """Records whose only client gives the answers that were put in."""

    def __init__(self, service: str) -> None:
        self.client = boto3.client(service, **KEYS)
        self.answers = Stubber(self.client)
        self.answers.activate()
        self.records = Records(lambda _service, _region: self.client)

    def named(self, word: str, name: str) -> list[dict[str, t.Any]]:
        return self.records.named(VOCABULARY[word].row, name, "", {})  # type: ignore[attr-defined]

    def want(self, word: str, *names: str) -> None:
        for name in names:
            self.records.want(VOCABULARY[word].row, name, "", {})  # type: ignore[attr-defined]


def test_ids_and_names_are_two_requests_for_any_number() -> None:
    aws = Stubbed("ec2")
    first, second = ({"VpcId": f"vpc-{digit}", "Tags": [{"Key": "Name", "Value": f"n{digit}"}]} for digit in "12")
    aws.answers.add_response(
        "describe_vpcs", {"Vpcs": [first]}, {"Filters": [{"Name": "vpc-id", "Values": ["vpc-1", "vpc-9"]}]}
    )
    aws.answers.add_response(
        "describe_vpcs", {"Vpcs": [second]}, {"Filters": [{"Name": "tag:Name", "Values": ["n2", "n8"]}]}
    )
    aws.want("vpc", "vpc-1", "vpc-9", "n2", "n8")
    found = {name: aws.named("vpc", name) for name in ("vpc-1", "n2", "vpc-9", "n8")}
    assert found == {"vpc-1": [first], "n2": [second], "vpc-9": [], "n8": []}
    assert aws.records.api_calls == {"ec2.DescribeVpcs": 2}
    aws.answers.assert_no_pending_responses()


def test_one_name_that_is_absent_is_asked_for_alone() -> None:
    aws = Stubbed("ecr")
    aws.answers.add_client_error("describe_repositories", "RepositoryNotFoundException", "no")
    aws.answers.add_response(
        "describe_repositories", {"repositories": [{"repositoryName": "app"}]}, {"repositoryNames": ["app"]}
    )
    aws.answers.add_client_error("describe_repositories", "RepositoryNotFoundException", "no")
    aws.want("ecr_repository", "app", "web")
    assert [len(aws.named("ecr_repository", name)) for name in ("app", "web")] == [1, 0]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("UnauthorizedOperation", "do not allow ec2:DescribeVpcs"),
        ("RequestLimitExceeded", "throttled ec2:DescribeVpcs"),
        ("ExpiredToken", "expired"),
        ("InternalError", "refused ec2:DescribeVpcs"),
    ],
)
def test_an_error_is_kept_for_all_names_of_the_request(code: str, words: str) -> None:
    aws = Stubbed("ec2")
    aws.client.meta.events.unregister("needs-retry.ec2", unique_id="retry-config-ec2")
    aws.answers.add_client_error("describe_vpcs", code, "said no")
    aws.want("vpc", "a", "b")
    for name in ("a", "b"):
        with pytest.raises(CannotTell, match=words):
            aws.named("vpc", name)


def test_forget_asks_again() -> None:
    aws = Stubbed("iam")
    aws.answers.add_client_error("get_group", "NoSuchEntity")
    aws.answers.add_client_error("get_group", "AccessDenied")
    assert aws.named("iam_group", "ops") == []
    assert aws.named("iam_group", "ops") == []
    aws.records.forget()
    with pytest.raises(CannotTell, match="iam:GetGroup"):
        aws.named("iam_group", "ops")


def test_an_endpoint_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        endpoint = f"http://127.0.0.1:{server.getsockname()[1]}"
        patience = Config(read_timeout=0.3, retries={"mode": "adaptive", "total_max_attempts": 4})
        records = Records(
            lambda service, _region: boto3.client(service, endpoint_url=endpoint, config=patience, **KEYS), timeout=0.5
        )
        started = time.monotonic()
        for operation in ("get_caller_identity", "get_session_token"):
            with pytest.raises(CannotTell, match="did not answer"):
                records.call("sts", operation)
        assert time.monotonic() - started < 10
    assert records.account() is None


def test_no_region_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    records = Records(lambda service, _region: boto3.session.Session().client(service))
    with pytest.raises(CannotTell, match="No AWS region is known"):
        records.call("ec2", "describe_vpcs")


@pytest.mark.parametrize(
    ("service", "operation", "action"),
    [
        ("ec2", "DescribeVpcs", "ec2:DescribeVpcs"),
        ("elbv2", "DescribeTags", "elasticloadbalancing:DescribeTags"),
        ("efs", "DescribeFileSystems", "elasticfilesystem:DescribeFileSystems"),
        ("s3", "HeadBucket", "s3:ListBucket"),
        ("s3", "GetBucketEncryption", "s3:GetEncryptionConfiguration"),
    ],
)
def test_what_iam_calls_an_operation(service: str, operation: str, action: str) -> None:
    assert iam_action(service, operation) == action


def test_answers_are_in_the_types_of_json() -> None:
    import datetime

    when = datetime.datetime(2026, 1, 2, tzinfo=datetime.UTC)
    assert plain({"a": [when, b"x", 1, None, True]}) == {"a": ["2026-01-02T00:00:00+00:00", "eA==", 1, None, True]}
