# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::KMS::*"""

from __future__ import annotations

from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import pick, tag_list, text

CREATED = ("BypassPolicyLockoutSafetyCheck", "Description", "KeySpec", "KeyUsage", "MultiRegion", "Origin")


@handles("AWS::KMS::Key")
class Key(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        policy = {"Policy": text(properties["KeyPolicy"])} if "KeyPolicy" in properties else {}
        tags = tag_list(context.tags(properties), "TagKey", "TagValue")
        key = context.client("kms").create_key(Tags=tags, **pick(properties, *CREATED), **policy)
        identifier = key["KeyMetadata"]["KeyId"]
        self._settle(context, identifier, {}, properties)
        return identifier

    def _settle(self, context: Context, key: str, before: Properties, after: Properties) -> None:
        kms = context.client("kms")
        rotation = ("EnableKeyRotation", "RotationPeriodInDays")
        if pick(before, *rotation) != pick(after, *rotation):
            if after.get("EnableKeyRotation"):
                kms.enable_key_rotation(KeyId=key, **pick(after, "RotationPeriodInDays"))
            else:
                kms.disable_key_rotation(KeyId=key)
        if before.get("Enabled", True) != after.get("Enabled", True):
            (kms.enable_key if after.get("Enabled", True) else kms.disable_key)(KeyId=key)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        kms = context.client("kms")
        if before.get("Description") != after.get("Description"):
            kms.update_key_description(KeyId=physical_id, Description=after.get("Description", ""))
        if before.get("KeyPolicy") != after.get("KeyPolicy") and "KeyPolicy" in after:
            kms.put_key_policy(KeyId=physical_id, PolicyName="default", Policy=text(after["KeyPolicy"]))
        self._settle(context, physical_id, before, after)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        window = properties.get("PendingWindowInDays", 30)
        context.client("kms").schedule_key_deletion(KeyId=physical_id, PendingWindowInDays=window)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Arn": f"arn:aws:kms:{context.region}:{context.account}:key/{physical_id}", "KeyId": physical_id}

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = tag_list(context.tags(properties), "TagKey", "TagValue")
        context.client("kms").tag_resource(KeyId=physical_id, Tags=tags)

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("kms").untag_resource(KeyId=physical_id, TagKeys=keys)


@handles("AWS::KMS::Alias")
class Alias(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        context.client("kms").create_alias(**properties)
        return properties["AliasName"]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        context.client("kms").update_alias(**after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("kms").delete_alias(AliasName=physical_id)
