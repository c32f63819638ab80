# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The build boxes: instances with the tag of the stack whose agent answers."""

from __future__ import annotations

from typing import Any

from .problems import Problem
from .settings import Settings

#: an Auto Scaling group of one has two for a moment, while one replaces the other
MAXIMUM = 2


def online(ssm: Any, settings: Settings) -> list[str]:
    key, _equals, value = settings.tag.partition("=")
    filters = [{"Key": f"tag:{key}", "Values": [value]}, {"Key": "PingStatus", "Values": ["Online"]}]
    pages = ssm.get_paginator("describe_instance_information").paginate(Filters=filters)
    return sorted(item["InstanceId"] for page in pages for item in page["InstanceInformationList"])


def choose(ssm: Any, settings: Settings) -> str:
    """Always the same one of those that answer; empty if none does."""
    found = online(ssm, settings)
    if len(found) > MAXIMUM:
        message = f"{len(found)} instances have the tag {settings.tag}, but at most {MAXIMUM} may"
        raise Problem("ConfigurationError", f"{message}: {', '.join(found)}")
    return found[0] if found else ""
