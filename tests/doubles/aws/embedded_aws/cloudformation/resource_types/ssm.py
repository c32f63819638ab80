# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::SSM::*"""

from __future__ import annotations

from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import pick, tag_list, text, without


class Taggable(Handler):
    """SSM tags its resources by kind and name."""

    kind = ""

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = tag_list(context.tags(properties))
        if tags:
            context.client("ssm").add_tags_to_resource(ResourceType=self.kind, ResourceId=physical_id, Tags=tags)

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("ssm").remove_tags_from_resource(ResourceType=self.kind, ResourceId=physical_id, TagKeys=keys)


@handles("AWS::SSM::Parameter")
class Parameter(Taggable):
    kind = "Parameter"

    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("Name") or context.new_name()
        tags = tag_list(context.tags(properties))
        context.client("ssm").put_parameter(Name=name, Tags=tags, **without(properties, "Name", "Tags"))
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        if without(before, "Tags") != without(after, "Tags"):
            context.client("ssm").put_parameter(Name=physical_id, Overwrite=True, **without(after, "Name", "Tags"))
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ssm").delete_parameter(Name=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        arn = f"arn:aws:ssm:{context.region}:{context.account}:parameter/{physical_id.removeprefix('/')}"
        return {"Arn": arn, **pick(properties, "Type", "Value")}


@handles("AWS::SSM::Document")
class Document(Taggable):
    kind = "Document"
    heeds = frozenset(
        {"Content", "DocumentFormat", "DocumentType", "Name", "Tags", "TargetType", "UpdateMethod", "VersionName"}
    )

    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("Name") or context.new_name(128)
        shape = pick(properties, "DocumentFormat", "TargetType", "VersionName")
        context.client("ssm").create_document(
            Name=name,
            Content=text(properties["Content"]),
            DocumentType=properties.get("DocumentType", "Command"),
            Tags=tag_list(context.tags(properties)),
            **shape,
        )
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """Reached with UpdateMethod NewVersion only; with Replace a change makes a new document."""
        ssm, parts = context.client("ssm"), ("Content", "DocumentFormat", "TargetType", "VersionName")
        if pick(before, *parts) != pick(after, *parts):
            version = ssm.update_document(
                Name=physical_id,
                Content=text(after["Content"]),
                DocumentVersion="$LATEST",
                **pick(after, *parts[1:]),
            )["DocumentDescription"]["DocumentVersion"]
            ssm.update_document_default_version(Name=physical_id, DocumentVersion=version)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ssm").delete_document(Name=physical_id)
