# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::CodeBuild::*"""

from __future__ import annotations

from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import lower_first, tag_list, without

HEEDED = (
    "Artifacts",
    "Cache",
    "ConcurrentBuildLimit",
    "Description",
    "EncryptionKey",
    "Environment",
    "LogsConfig",
    "Name",
    "QueuedTimeoutInMinutes",
    "SecondaryArtifacts",
    "SecondarySources",
    "ServiceRole",
    "Source",
    "SourceVersion",
    "Tags",
    "TimeoutInMinutes",
    "VpcConfig",
)


def _shape(context: Context, properties: Properties) -> dict[str, Any]:
    shape = lower_first(without(properties, "Name", "Tags"))
    for source in (shape["source"], *shape.get("secondarySources", [])):
        if "buildSpec" in source:
            source["buildspec"] = source.pop("buildSpec")
    return {**shape, "tags": tag_list(context.tags(properties), "key", "value")}


@handles("AWS::CodeBuild::Project")
class Project(Handler):
    heeds = frozenset(HEEDED)

    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("Name") or context.new_name(150)
        context.client("codebuild").create_project(name=name, **_shape(context, properties))
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        context.client("codebuild").update_project(name=physical_id, **_shape(context, after))

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("codebuild").delete_project(name=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        arn = f"arn:aws:codebuild:{context.region}:{context.account}:project/{physical_id}"
        return {"Arn": arn, "Id": physical_id}

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = tag_list(context.tags(properties), "key", "value")
        context.client("codebuild").update_project(name=physical_id, tags=tags)
