# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The entry of the function: jobs of CodePipeline, and its news of executions that were stopped."""

from __future__ import annotations

import os
import time
from typing import Any

import boto3
from botocore.config import Config

from .runner import Runner
from .settings import Settings

CONFIG = Config(retries={"mode": "adaptive", "total_max_attempts": 4}, connect_timeout=3, read_timeout=15)
# made once: the next invocations find them
SSM, CODEPIPELINE = boto3.client("ssm", config=CONFIG), boto3.client("codepipeline", config=CONFIG)


def handle(event: dict[str, Any], context: Any) -> None:
    runner = Runner(Settings.of(os.environ), SSM, CODEPIPELINE, time.time, print)
    if "CodePipeline.job" in event:
        runner.run(event, context.get_remaining_time_in_millis)
    else:
        runner.stopped(event["detail"]["execution-id"])
