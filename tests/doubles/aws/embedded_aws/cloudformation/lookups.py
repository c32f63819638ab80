# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine asks of other services of the same account: zones, SSM parameters, secrets, ids."""

from __future__ import annotations

import json
import re
from typing import Any

from botocore.exceptions import ClientError

from ..settings import internal_client
from .errors import ValidationError

# parameter type -> (service, operation, argument, whether the argument is a list)
EXISTENCE = {
    "AWS::EC2::AvailabilityZone::Name": ("ec2", "describe_availability_zones", "ZoneNames", True),
    "AWS::EC2::Image::Id": ("ec2", "describe_images", "ImageIds", True),
    "AWS::EC2::Instance::Id": ("ec2", "describe_instances", "InstanceIds", True),
    "AWS::EC2::KeyPair::KeyName": ("ec2", "describe_key_pairs", "KeyNames", True),
    "AWS::EC2::SecurityGroup::Id": ("ec2", "describe_security_groups", "GroupIds", True),
    "AWS::EC2::Subnet::Id": ("ec2", "describe_subnets", "SubnetIds", True),
    "AWS::EC2::VPC::Id": ("ec2", "describe_vpcs", "VpcIds", True),
    "AWS::Route53::HostedZone::Id": ("route53", "get_hosted_zone", "Id", False),
    "AWS::SSM::Parameter::Name": ("ssm", "get_parameter", "Name", False),
}


class AccountLookups:
    def __init__(self, account: str, region: str) -> None:
        self.account, self.region = account, region

    def _client(self, service: str, region: str | None = None) -> Any:
        return internal_client(service, region or self.region, self.account, "cloudformation")

    def zones(self, region: str) -> list[str]:
        zones = self._client("ec2", region).describe_availability_zones()["AvailabilityZones"]
        return sorted(zone["ZoneName"] for zone in zones)

    def exists(self, kind: str, value: str) -> bool:
        """Whether a value of an AWS-specific parameter type is there; unknown types are not checked."""
        if kind == "AWS::EC2::AvailabilityZone::Name":
            return value in self.zones(self.region)
        if kind not in EXISTENCE:
            return True
        service, operation, argument, is_list = EXISTENCE[kind]
        try:
            getattr(self._client(service), operation)(**{argument: [value] if is_list else value})
        except ClientError:
            return False
        return True

    def ssm_parameter(self, name: str) -> str | None:
        try:
            return self._client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
        except ClientError:
            return None

    def dynamic_reference(self, service: str, reference: str) -> str:
        if service in ("ssm", "ssm-secure"):
            value = self.ssm_parameter(reference)
            if value is None:
                raise ValidationError(f"Parameter {reference} cannot be fetched from the parameter store")
            return value
        secret_id, key = _secret_reference(reference)
        text = self._client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"]
        return json.loads(text)[key] if key else text


def _secret_reference(reference: str) -> tuple[str, str]:
    match = re.fullmatch(
        r"(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:[^:]+|[^:]+)(?::SecretString)?(?::([^:]*))?.*", reference
    )
    if match is None:
        raise ValidationError(f"Template error: the dynamic reference {reference} cannot be read")
    return match[1], match[2] or ""
