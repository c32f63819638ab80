# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be measured is an error and never a pass, whatever is expected; what passes with time is tried again."""

from __future__ import annotations

import io
import time
import types
import typing as t

import pytest
from aws_spec_tables import Spec
from botocore.awsrequest import AWSResponse
from integration.aws_spec_resources import identity, network

from ansible_collections.containerci.aws.plugins.module_utils._core.connection import Session
from embedded_aws.settings import ACCESS_KEY_ID, SECRET_ACCESS_KEY

FAULT = """<?xml version="1.0"?>
<Response><Errors><Error><Code>{code}</Code><Message>said no</Message></Error></Errors></Response>
"""


def session(aws: t.Any, **options: t.Any) -> Session:
    """A session as the module makes it, for the embedded AWS."""
    params = {
        "access_key": ACCESS_KEY_ID,
        "secret_key": SECRET_ACCESS_KEY,
        "region": "us-east-1",
        "endpoint_url": aws.endpoint_url,
        **options,
    }
    return Session(types.SimpleNamespace(params=params), 10)


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between attempts are the SDK's own."""
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)


class Body(io.BytesIO):
    """A body as urllib3 gives it."""

    def stream(self, **_others: t.Any) -> t.Iterator[bytes]:
        yield self.read()


class Faulty:
    """Clients whose first requests get faults instead of answers."""

    def __init__(self, aws: t.Any, *faults: tuple[int, str]) -> None:
        self._session = session(aws)
        self.faults = list(faults)

    def __call__(self, service: str, region: str) -> t.Any:
        client = self._session.client(service, region)

        def answer(request: t.Any, **_others: t.Any) -> AWSResponse | None:
            if not self.faults:
                return None
            status, code = self.faults.pop(0)
            return AWSResponse(request.url, status, {}, Body(FAULT.format(code=code).encode()))

        client.meta.events.register("before-send", answer)
        return client


ASKED = {"expect": {"vpc": "main"}, "to": "exist"}
DENIED = {"expect": {"vpc": "main"}, "not_to": "exist"}


@pytest.mark.parametrize(
    "fault", [(503, "RequestLimitExceeded"), (400, "Throttling"), (500, "InternalError"), (503, "Unavailable")]
)
def test_what_passes_is_tried_again(aws: t.Any, fault: tuple[int, str]) -> None:
    network.vpc(aws)
    spec = Spec(Faulty(aws, fault, fault))
    assert spec.told(ASKED)[0] == "passed"
    assert spec.records.api_calls == {"ec2.DescribeVpcs": 1}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ((403, "UnauthorizedOperation"), "do not allow ec2:DescribeVpcs"),
        ((403, "AccessDenied"), "do not allow ec2:DescribeVpcs"),
        ((400, "RequestExpired"), "have expired"),
        ((500, "InternalError"), "refused ec2:DescribeVpcs"),
        ((501, "NotImplemented"), "refused ec2:DescribeVpcs"),
        ((503, "RequestLimitExceeded"), "throttled ec2:DescribeVpcs"),
    ],
)
def test_what_does_not_pass_is_an_error(aws: t.Any, fault: tuple[int, str], words: str) -> None:
    network.vpc(aws)
    spec = Spec(Faulty(aws, *[fault] * 4))
    for outcome in spec.run([ASKED, DENIED]):
        found = outcome["checks"][0]["got"]
        assert (outcome["status"], words in found) == ("error", True), found
    assert spec.records.permissions == {"ec2:DescribeVpcs"}


@pytest.mark.parametrize("kind", ["vpc", "iam_role", "s3_bucket", "sqs_queue", "ecs_cluster"])
def test_wrong_credentials_are_no_absence(aws: t.Any, kind: str) -> None:
    spec = Spec(session(aws, access_key="AKIANOTHERE").client)
    assert spec.told({"expect": {kind: "main"}, "not_to": "exist"})[0] == "error"


def test_an_endpoint_that_does_not_have_the_operation(aws: t.Any) -> None:
    identity.iam_role(aws)
    spec = Spec(session(aws).client)
    for expected in ("to", "not_to"):
        status, found = spec.told({"expect": {"iam_role": "app"}, expected: {"be_allowed_action": "s3:*"}})
        assert (status, "iam:SimulatePrincipalPolicy" in found) == ("error", True)


def test_an_endpoint_that_is_down_is_told_once_and_soon(aws: t.Any) -> None:
    spec = Spec(session(aws, endpoint_url="http://127.0.0.1:9").client)
    started = time.monotonic()
    kinds = ("vpc", "subnet", "ami", "ebs_volume")
    outcomes = spec.run([{"expect": {kind: "main"}, "not_to": "exist"} for kind in kinds])
    assert {outcome["status"] for outcome in outcomes} == {"error"}
    assert "cannot be reached" in outcomes[-1]["checks"][0]["got"]
    assert time.monotonic() - started < 12
