# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options of a module reach the clients of its session."""

from __future__ import annotations

import os
import types
import typing as t
from pathlib import Path

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._core.connection import Session

KEYS = {"access_key": "AKIA1", "secret_key": "secret", "session_token": "token"}


def session(timeout: float = 10, **params: t.Any) -> Session:
    return Session(types.SimpleNamespace(params={"validate_certs": True, "region": "eu-west-1", **params}), timeout)


def credentials(client: t.Any) -> tuple[str, str, str | None]:
    return tuple(client._request_signer._credentials.get_frozen_credentials())[:3]


def profiles(**content: str) -> None:
    """Write the configuration of the SDK."""
    text = "".join(f"[profile {name}]\n{settings}\n" for name, settings in content.items())
    Path(os.environ["AWS_CONFIG_FILE"]).write_text(text)


def test_keys_and_token() -> None:
    assert credentials(session(**KEYS).client("ec2")) == ("AKIA1", "secret", "token")


def test_a_profile_with_its_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    profiles(ci="aws_access_key_id = AKIA2\naws_secret_access_key = other\nregion = eu-north-1")
    made = session(profile="ci", region=None)
    client = made.client("ec2")
    assert credentials(client)[:2] == ("AKIA2", "other")
    assert (client.meta.region_name, made.known_region) == ("eu-north-1", "eu-north-1")


def test_a_profile_that_takes_a_role() -> None:
    profiles(
        base="aws_access_key_id = AKIA2\naws_secret_access_key = other",
        ci="role_arn = arn:aws:iam::123456789012:role/ci\nsource_profile = base",
    )
    client = session(profile="ci").client("ec2")
    assert client._request_signer._credentials.method == "assume-role"


def test_regions_and_endpoint() -> None:
    made = session(**KEYS, endpoint_url="http://127.0.0.1:4566")
    own, other = made.client("ec2"), made.client("s3", "us-west-2")
    assert (own.meta.region_name, other.meta.region_name) == ("eu-west-1", "us-west-2")
    assert own.meta.endpoint_url == other.meta.endpoint_url == "http://127.0.0.1:4566"
    assert other.meta.config.s3["addressing_style"] == "path"


@pytest.mark.parametrize(
    ("options", "verify"),
    [
        ({}, True),
        ({"validate_certs": False}, False),
        ({"aws_ca_bundle": "/etc/ssl/own.pem"}, "/etc/ssl/own.pem"),
        ({"aws_ca_bundle": "/etc/ssl/own.pem", "validate_certs": False}, False),
    ],
)
def test_certificates(options: dict[str, t.Any], verify: t.Any) -> None:
    assert session(**KEYS, **options).client("ec2")._endpoint.http_session._verify == verify


def test_patience() -> None:
    config = session(3, **KEYS).client("ec2").meta.config
    assert (config.retries["mode"], config.connect_timeout, config.read_timeout) == ("adaptive", 3, 3)
    own = {"read_timeout": 7, "retries": {"mode": "standard", "total_max_attempts": 2}}
    config = session(3, **KEYS, aws_config=own).client("ec2").meta.config
    assert (config.retries["mode"], config.retries["total_max_attempts"], config.read_timeout) == ("standard", 2, 7)


def test_one_session_for_all_clients() -> None:
    made = session(**KEYS)
    made.client("ec2")
    first = made._session
    made.client("s3")
    assert made._session is first
