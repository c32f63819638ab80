# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Knobs of a running embedded AWS, and how its parts call each other."""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
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
    """Seconds that things take, limits, and what really runs.

    cloudformation_delay: each resource of a stack
    codebuild_delay: each build that runs no commands
    codebuild_runs: whether builds run the commands of their buildspec, in bash on this machine
    codepipeline_delay: each action of a pipeline, before it does its work
    codepipeline_minute: each minute of a timeout
    codepipeline_continuation: until a Lambda function that answered with a continuation token is invoked again
    codepipeline_maximum: number of pipelines in an account and region
    ssm_delay: until a command that was sent is in progress
    ssm_invisible: until GetCommandInvocation knows of it
    ssm_second: each second of the time in which a command must be delivered
    ssm_offline: ids of the instances whose agent does not answer
    """

    port: int = 4566
    cloudformation_delay: float = 0.0
    codebuild_delay: float = 0.0
    codebuild_runs: bool = False
    codepipeline_delay: float = 0.0
    codepipeline_minute: float = 60.0
    codepipeline_continuation: float = 0.2
    codepipeline_maximum: int = 1000
    ssm_delay: float = 0.0
    ssm_invisible: float = 0.0
    ssm_second: float = 1.0
    ssm_offline: tuple[str, ...] = ()

    def reset(self) -> None:
        """Everything but the port as it was at the start."""
        for field in fields(self):
            if field.name != "port":
                setattr(self, field.name, field.default)


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
