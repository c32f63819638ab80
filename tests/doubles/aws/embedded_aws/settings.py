# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knobs of a running embedded AWS, and how its parts call each other."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

ACCOUNT = "123456789012"
ACCESS_KEY_ID = "AKIAEMBEDDEDAWSLOCAL"
SECRET_ACCESS_KEY = "only-known-to-the-embedded-aws"
VIA_HEADER = "x-embedded-aws-via"
ACCOUNT_HEADER = "x-moto-account-id"


@dataclass
class Settings:
    """cloudformation_delay: seconds that each resource of a stack takes."""

    port: int = 4566
    cloudformation_delay: float = 0.0

    def reset(self) -> None:
        self.cloudformation_delay = 0.0


settings = Settings()


@functools.cache
def internal_client(service: str, region: str, account: str, via: str) -> Any:
    """A client for the embedded AWS itself; its calls are logged as made by the service named in via."""
    client = boto3.client(
        service,
        region_name=region,
        endpoint_url=f"http://127.0.0.1:{settings.port}",
        aws_access_key_id=ACCESS_KEY_ID,
        aws_secret_access_key=SECRET_ACCESS_KEY,
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )

    def identify(request: Any, **_: Any) -> None:
        request.headers[VIA_HEADER] = via
        request.headers[ACCOUNT_HEADER] = account

    client.meta.events.register("before-send", identify)
    client.meta.events.register("provide-client-params", lambda params, model, **_: typed(model.input_shape, params))
    return client


def typed(shape: Any, value: Any) -> Any:
    """A value with its scalars in the types of the API's model: templates write "1000" where the API wants 1000."""
    if shape is None or value is None:
        return value
    if shape.type_name == "structure" and isinstance(value, dict):
        return {key: typed(shape.members.get(key), item) for key, item in value.items()}
    if shape.type_name == "list" and isinstance(value, list):
        return [typed(shape.member, item) for item in value]
    if shape.type_name in ("integer", "long") and isinstance(value, str):
        return int(value)
    if shape.type_name in ("float", "double") and isinstance(value, str):
        return float(value)
    if shape.type_name == "boolean" and isinstance(value, str):
        return value.lower() == "true"
    if shape.type_name == "string" and isinstance(value, (bool, int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return value
