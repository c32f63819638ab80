# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order that somebody adds a stage right before the next UpdatePipeline: edit.py PIPELINE STAGE."""

from __future__ import annotations

import json
import sys

import boto3

MANUAL = {"category": "Approval", "owner": "AWS", "provider": "Manual", "version": "1"}


def main(pipeline: str, stage: str) -> None:
    declaration = boto3.client("codepipeline").get_pipeline(name=pipeline)["pipeline"]
    declaration["stages"].append({"name": stage, "actions": [{"name": stage, "actionTypeId": MANUAL}]})
    edit = {"service": "codepipeline", "method": "update_pipeline", "parameters": {"pipeline": declaration}}
    print(json.dumps({"service": "codepipeline", "operation": "UpdatePipeline", "first": edit}))


if __name__ == "__main__":
    main(*sys.argv[1:])
