# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy actions: a new image for an ECS service, files for a bucket."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from ..executions import ActionFailed, Outcome
from .work import Work

KEPT = (
    "containerDefinitions",
    "cpu",
    "executionRoleArn",
    "ephemeralStorage",
    "family",
    "memory",
    "networkMode",
    "pidMode",
    "placementConstraints",
    "proxyConfiguration",
    "requiresCompatibilities",
    "runtimePlatform",
    "taskRoleArn",
    "volumes",
)


def ecs(work: Work) -> Outcome:
    client, configuration = work.client("ecs"), work.configuration
    cluster, name = configuration["ClusterName"], configuration["ServiceName"]
    services = client.describe_services(cluster=cluster, services=[name])["services"]
    if not services:
        raise ActionFailed(f"The Amazon ECS service {name} does not exist", "ConfigurationError")
    images = _images(work, configuration.get("FileName", "imagedefinitions.json"))
    task = client.describe_task_definition(taskDefinition=services[0]["taskDefinition"])["taskDefinition"]
    containers = {container["name"]: container for container in task["containerDefinitions"]}
    for container, image in images.items():
        if container not in containers:
            raise ActionFailed(f"The AWS ECS container {container} does not exist", "ConfigurationError")
        containers[container]["image"] = image
    kept = {key: task[key] for key in KEPT if task.get(key)}
    made = client.register_task_definition(**kept)["taskDefinition"]["taskDefinitionArn"]
    client.update_service(cluster=cluster, service=name, taskDefinition=made)
    return Outcome("Succeeded", f"Deployed {made.rsplit('/', 1)[-1]} to {name}", made)


def _images(work: Work, file: str) -> dict[str, str]:
    text = work.file(file).decode()
    try:
        found: Any = json.loads(text)
        return {item["name"]: item["imageUri"] for item in found}
    except (ValueError, TypeError, KeyError) as error:
        raise ActionFailed(
            f"The image definition file {file} is not a JSON list of name and imageUri", "ConfigurationError"
        ) from error


def s3(work: Work) -> Outcome:
    client, configuration = work.client("s3"), work.configuration
    bucket, key = configuration["BucketName"], configuration.get("ObjectKey", "")
    body = work.read(work.input())
    if configuration["Extract"].lower() == "true":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            files = {f"{key}/{name}".lstrip("/"): archive.read(name) for name in archive.namelist() if name[-1] != "/"}
    elif key:
        files = {key: body}
    else:
        raise ActionFailed("ObjectKey is required when Extract is false", "ConfigurationError")
    for name, content in files.items():
        client.put_object(Bucket=bucket, Key=name, Body=content)
    return Outcome("Succeeded", f"Deployed {len(files)} object(s) to {bucket}")
