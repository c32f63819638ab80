# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the makers of AWS resources share."""

from __future__ import annotations

import json
import typing as t

POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
TAGS = [{"Key": "Name", "Value": "main"}, {"Key": "env", "Value": "test"}]
SMALL_TAGS = [{"key": "env", "value": "test"}]
IMAGE = "ami-12c6146b"
ACCOUNT = "123456789012"


def trust(service: str) -> str:
    """The policy of a role that a service may take."""
    principal = {"Service": f"{service}.amazonaws.com"}
    return json.dumps({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}]})


ROLE = trust("ec2")


def tagged(kind: str) -> list[dict[str, t.Any]]:
    """What makes a resource of EC2 have the tags."""
    return [{"ResourceType": kind, "Tags": TAGS}]


def resource_policy(resource: str, action: str = "*") -> str:
    """A policy of a resource: anybody in the account may do it, but not without TLS."""
    account = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    tls = {"Bool": {"aws:SecureTransport": "false"}}
    allow = {"Sid": "Account", "Effect": "Allow", "Principal": account, "Action": action, "Resource": resource}
    deny = {
        "Sid": "Tls",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": action,
        "Resource": resource,
        "Condition": tls,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [allow, deny]})
