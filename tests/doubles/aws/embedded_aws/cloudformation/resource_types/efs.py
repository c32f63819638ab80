# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::EFS::*"""

from __future__ import annotations

import json
import secrets
from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import pick, tag_list, without


@handles("AWS::EFS::FileSystem")
class FileSystem(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        efs = context.client("efs")
        arguments = pick(
            properties,
            "AvailabilityZoneName",
            "Encrypted",
            "KmsKeyId",
            "PerformanceMode",
            "ProvisionedThroughputInMibps",
            "ThroughputMode",
        )
        tags = tag_list(context.tags(properties, "FileSystemTags"))
        file_system = efs.create_file_system(CreationToken=secrets.token_hex(16), Tags=tags, **arguments)[
            "FileSystemId"
        ]
        self._settle(context, file_system, {}, properties)
        return file_system

    def _settle(self, context: Context, file_system: str, before: Properties, after: Properties) -> None:
        efs = context.client("efs")
        changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
        if "BackupPolicy" in changed:
            policy = after.get("BackupPolicy", {"Status": "DISABLED"})
            efs.put_backup_policy(FileSystemId=file_system, BackupPolicy=policy)
        if "LifecyclePolicies" in changed:
            efs.put_lifecycle_configuration(
                FileSystemId=file_system, LifecyclePolicies=after.get("LifecyclePolicies", [])
            )
        if "FileSystemPolicy" in changed and "FileSystemPolicy" in after:
            efs.put_file_system_policy(FileSystemId=file_system, Policy=json.dumps(after["FileSystemPolicy"]))

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        throughput = pick(after, "ThroughputMode", "ProvisionedThroughputInMibps")
        if throughput != pick(before, "ThroughputMode", "ProvisionedThroughputInMibps"):
            context.client("efs").update_file_system(FileSystemId=physical_id, **throughput)
        self._settle(context, physical_id, before, after)
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("efs").delete_file_system(FileSystemId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        found = context.client("efs").describe_file_systems(FileSystemId=physical_id)["FileSystems"][0]
        return {"FileSystemId": physical_id, "Arn": found["FileSystemArn"]}

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = tag_list(context.tags(properties, "FileSystemTags"))
        context.client("efs").tag_resource(ResourceId=physical_id, Tags=tags)


@handles("AWS::EFS::MountTarget")
class MountTarget(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        return context.client("efs").create_mount_target(**properties)["MountTargetId"]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        groups = after["SecurityGroups"]
        context.client("efs").modify_mount_target_security_groups(MountTargetId=physical_id, SecurityGroups=groups)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("efs").delete_mount_target(MountTargetId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        target = context.client("efs").describe_mount_targets(MountTargetId=physical_id)["MountTargets"][0]
        return {"Id": physical_id, "IpAddress": target["IpAddress"]}


@handles("AWS::EFS::AccessPoint")
class AccessPoint(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        arguments = without(properties, "AccessPointTags", "ClientToken")
        arguments["ClientToken"] = properties.get("ClientToken") or secrets.token_hex(16)
        tags = tag_list(context.tags(properties, "AccessPointTags"))
        return context.client("efs").create_access_point(Tags=tags, **arguments)["AccessPointId"]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("efs").delete_access_point(AccessPointId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        point = context.client("efs").describe_access_points(AccessPointId=physical_id)["AccessPoints"][0]
        return {"AccessPointId": physical_id, "Arn": point["AccessPointArn"]}

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = tag_list(context.tags(properties, "AccessPointTags"))
        context.client("efs").tag_resource(ResourceId=physical_id, Tags=tags)
