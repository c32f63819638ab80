# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fixtures for the tests of the api.py files; each names its service in a constant SERVICE."""

from __future__ import annotations

import typing as t

import boto3
import pytest
from botocore.stub import Stubber


@pytest.fixture
def stub(request: pytest.FixtureRequest) -> t.Iterator[Stubber]:
    service = request.module.SERVICE
    client = boto3.client(service, region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b")
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def pauses() -> list[float]:
    """The seconds that were slept."""
    return []
