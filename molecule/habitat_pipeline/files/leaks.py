# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the secrets of the pipeline with all that AWS tells about it, and prints where one is found."""

from __future__ import annotations

import io
import json
import os
import urllib.request
import zipfile
from collections.abc import Iterable
from typing import Any

import boto3

PIPELINE = "habitat-pipeline"
#: these take or give the secrets themselves
RIGHTFUL = {"PutParameter"}


def pages(service: str, operation: str, key: str, **wanted: Any) -> list[Any]:
    found = boto3.client(service).get_paginator(operation).paginate(**wanted)
    return [item for page in found for item in page.get(key, [])]


def secrets() -> list[str]:
    ssm: Any = boto3.client("ssm")
    names = ["builder-token", "origin-secret-key"]
    wanted = [f"/{PIPELINE}/{name}" for name in names]
    found = ssm.get_parameters(Names=wanted, WithDecryption=True)["Parameters"]
    values = [item["Value"].rsplit("\n", 1)[-1] for item in found]
    assert len(values) == 2
    assert all(len(value) > 20 for value in values)
    return values


def requests() -> list[str]:
    with urllib.request.urlopen(f"{os.environ['AWS_ENDPOINT_URL']}/_embedded-aws/log?internal=1") as answer:  # noqa: S310
        entries = json.load(answer)
    return [json.dumps(entry) for entry in entries if entry["operation"] not in RIGHTFUL]


def configurations() -> list[str]:
    stages = boto3.client("codepipeline").get_pipeline(name=PIPELINE)["pipeline"]["stages"]
    return [json.dumps(action) for stage in stages for action in stage["actions"]]


def commands() -> list[str]:
    sent = pages("ssm", "list_commands", "Commands")
    done = pages("ssm", "list_command_invocations", "CommandInvocations", Details=True)
    return [json.dumps(item, default=str) for item in [*sent, *done]]


def logs() -> list[str]:
    groups = [group["logGroupName"] for group in pages("logs", "describe_log_groups", "logGroups")]
    return [
        event["message"]
        for group in groups
        for event in pages("logs", "filter_log_events", "events", logGroupName=group)
    ]


def objects() -> Iterable[str]:
    """All versions of all objects, and what is in those that are archives."""
    s3: Any = boto3.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        for version in pages("s3", "list_object_versions", "Versions", Bucket=bucket["Name"]):
            where = {"Bucket": bucket["Name"], "Key": version["Key"], "VersionId": version["VersionId"]}
            body = s3.get_object(**where)["Body"].read()
            yield body.decode(errors="replace")
            if zipfile.is_zipfile(io.BytesIO(body)):
                archive = zipfile.ZipFile(io.BytesIO(body))
                yield from (archive.read(name).decode(errors="replace") for name in archive.namelist())


def main() -> None:
    needles = secrets()
    places = {place.__name__: list(place()) for place in (requests, configurations, commands, logs, objects)}
    leaks = [
        f"{name}: {text[:80]}" for name, texts in places.items() for text in texts if any(n in text for n in needles)
    ]
    print(json.dumps({"leaks": leaks, "compared": {name: len(texts) for name, texts in places.items()}}))


if __name__ == "__main__":
    main()
