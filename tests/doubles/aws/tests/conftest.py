# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from embedded_aws import strict
from embedded_aws.fixtures import aws, server  # noqa: F401
from embedded_aws.pipelines import Pipelines
from embedded_aws.testing import EmbeddedAws


@pytest.fixture
def cloudformation(aws: EmbeddedAws) -> Any:
    return aws.client("cloudformation")


@pytest.fixture
def pipelines(aws: EmbeddedAws) -> Pipelines:
    """What pipelines need, and none of them yet."""
    made = Pipelines(aws)
    made.prepare()
    return made


@pytest.fixture
def launch(aws: EmbeddedAws) -> Callable[..., list[str]]:
    """Starts instances with an instance profile and tags; "__" in a tag's key stands for ":"."""
    statement = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam = aws.client("iam")
    iam.create_role(RoleName="box", AssumeRolePolicyDocument=trust)
    iam.create_instance_profile(InstanceProfileName="box")
    iam.add_role_to_instance_profile(InstanceProfileName="box", RoleName="box")

    def start(profile: str = "box", count: int = 1, **tags: str) -> list[str]:
        options: dict[str, Any] = {"IamInstanceProfile": {"Name": profile}} if profile else {}
        if tags:
            listed = [{"Key": key.replace("__", ":"), "Value": value} for key, value in tags.items()]
            options["TagSpecifications"] = [{"ResourceType": "instance", "Tags": listed}]
        found = aws.client("ec2").run_instances(ImageId="ami-12c6146b", MinCount=count, MaxCount=count, **options)
        return [item["InstanceId"] for item in found["Instances"]]

    return start


@pytest.fixture
def checked(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """A client whose answers have the names and types of the model; AWS itself keeps no minimum in its answers."""
    monkeypatch.setattr(strict, "_limits", lambda *_: iter(()))
    return lambda service: strict.check_answers(type(aws).client.__wrapped__(aws, service))
