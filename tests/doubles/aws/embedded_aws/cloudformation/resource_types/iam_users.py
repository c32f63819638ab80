# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::IAM::User, Group, AccessKey, UserToGroupAddition"""

from __future__ import annotations

from typing import Any

from moto.iam.models import iam_backends

from ..handler import Context, Handler, Properties, handles
from ._shapes import pick, tag_list
from .iam import inline_policies


def _set_policies(context: Context, kind: str, name: str, before: Properties, after: Properties) -> None:
    """The policies of a user or a group, attached and inline."""
    iam, who = context.client("iam"), {f"{kind.capitalize()}Name": name}
    old, new = set(before.get("ManagedPolicyArns", [])), set(after.get("ManagedPolicyArns", []))
    for arn in sorted(new - old):
        getattr(iam, f"attach_{kind}_policy")(**who, PolicyArn=arn)
    for arn in sorted(old - new):
        getattr(iam, f"detach_{kind}_policy")(**who, PolicyArn=arn)
    for policy, text in inline_policies(after).items():
        getattr(iam, f"put_{kind}_policy")(**who, PolicyName=policy, PolicyDocument=text)
    for policy in inline_policies(before).keys() - inline_policies(after).keys():
        getattr(iam, f"delete_{kind}_policy")(**who, PolicyName=policy)


@handles("AWS::IAM::User")
class User(Handler):
    heeds = frozenset({"Groups", "ManagedPolicyArns", "Path", "Policies", "Tags", "UserName"})

    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("UserName") or context.new_name(64)
        tags = tag_list(context.tags(properties))
        context.client("iam").create_user(UserName=name, Tags=tags, **pick(properties, "Path"))
        self._settle(context, name, {}, properties)
        return name

    def _settle(self, context: Context, name: str, before: Properties, after: Properties) -> None:
        old, new = set(before.get("Groups", [])), set(after.get("Groups", []))
        for group in sorted(new - old):
            context.client("iam").add_user_to_group(UserName=name, GroupName=group)
        for group in sorted(old - new):
            context.client("iam").remove_user_from_group(UserName=name, GroupName=group)
        _set_policies(context, "user", name, before, after)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        if before.get("Path") != after.get("Path"):
            context.client("iam").update_user(UserName=physical_id, NewPath=after.get("Path", "/"))
        self._settle(context, physical_id, before, after)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        self._settle(context, physical_id, properties, {})
        context.client("iam").delete_user(UserName=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return pick(context.client("iam").get_user(UserName=physical_id)["User"], "Arn")

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("iam").tag_user(UserName=physical_id, Tags=tag_list(context.tags(properties)))

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("iam").untag_user(UserName=physical_id, TagKeys=keys)


@handles("AWS::IAM::Group")
class Group(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("GroupName") or context.new_name(128)
        context.client("iam").create_group(GroupName=name, **pick(properties, "Path"))
        _set_policies(context, "group", name, {}, properties)
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        if before.get("Path") != after.get("Path"):
            context.client("iam").update_group(GroupName=physical_id, NewPath=after.get("Path", "/"))
        _set_policies(context, "group", physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        _set_policies(context, "group", physical_id, properties, {})
        context.client("iam").delete_group(GroupName=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return pick(context.client("iam").get_group(GroupName=physical_id)["Group"], "Arn")


@handles("AWS::IAM::UserToGroupAddition")
class UserToGroupAddition(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        self._change(context, "add_user_to_group", properties["GroupName"], properties["Users"])
        return context.new_name(128)

    def _change(self, context: Context, operation: str, group: str, users: list[str]) -> None:
        for user in users:
            getattr(context.client("iam"), operation)(GroupName=group, UserName=user)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self._change(context, "add_user_to_group", after["GroupName"], after["Users"])
        kept = after["Users"] if before["GroupName"] == after["GroupName"] else []
        gone = [user for user in before["Users"] if user not in kept]
        self._change(context, "remove_user_from_group", before["GroupName"], gone)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        self._change(context, "remove_user_from_group", properties["GroupName"], properties["Users"])

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Id": physical_id}


@handles("AWS::IAM::AccessKey")
class AccessKey(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        iam, user = context.client("iam"), properties["UserName"]
        key = iam.create_access_key(UserName=user)["AccessKey"]["AccessKeyId"]
        iam.update_access_key(UserName=user, AccessKeyId=key, Status=properties.get("Status", "Active"))
        return key

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        status = after.get("Status", "Active")
        context.client("iam").update_access_key(UserName=after["UserName"], AccessKeyId=physical_id, Status=status)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("iam").delete_access_key(UserName=properties["UserName"], AccessKeyId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        secret = iam_backends[context.account]["aws"].access_keys[physical_id].secret_access_key
        return {"Id": physical_id, "SecretAccessKey": secret}
