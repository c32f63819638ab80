# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::IAM::*"""

from __future__ import annotations

import json
from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import changed, pick, tag_list


def document(policy: Any) -> str:
    return policy if isinstance(policy, str) else json.dumps(policy)


def inline_policies(properties: Properties) -> dict[str, str]:
    return {policy["PolicyName"]: document(policy["PolicyDocument"]) for policy in properties.get("Policies", [])}


@handles("AWS::IAM::Role")
class Role(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("RoleName") or context.new_name(64)
        context.client("iam").create_role(
            RoleName=name,
            AssumeRolePolicyDocument=document(properties["AssumeRolePolicyDocument"]),
            Tags=tag_list(context.tags(properties)),
            **pick(properties, "Path", "Description", "MaxSessionDuration", "PermissionsBoundary"),
        )
        self._set_policies(context, name, {}, properties)
        return name

    def _set_policies(self, context: Context, name: str, before: Properties, after: Properties) -> None:
        iam = context.client("iam")
        old, new = set(before.get("ManagedPolicyArns", [])), set(after.get("ManagedPolicyArns", []))
        for arn in sorted(new - old):
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        for arn in sorted(old - new):
            iam.detach_role_policy(RoleName=name, PolicyArn=arn)
        for policy, text in inline_policies(after).items():
            iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=text)
        for policy in inline_policies(before).keys() - inline_policies(after).keys():
            iam.delete_role_policy(RoleName=name, PolicyName=policy)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        iam, trust = context.client("iam"), document(after["AssumeRolePolicyDocument"])
        iam.update_assume_role_policy(RoleName=physical_id, PolicyDocument=trust)
        options = changed(before, after, {"Description": "", "MaxSessionDuration": 3600})
        if options:
            iam.update_role(RoleName=physical_id, **{**pick(after, "Description"), **options})
        if before.get("PermissionsBoundary") != after.get("PermissionsBoundary"):
            if "PermissionsBoundary" in after:
                iam.put_role_permissions_boundary(RoleName=physical_id, **pick(after, "PermissionsBoundary"))
            else:
                iam.delete_role_permissions_boundary(RoleName=physical_id)
        self._set_policies(context, physical_id, before, after)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        self._set_policies(context, physical_id, properties, {})
        context.client("iam").delete_role(RoleName=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        role = context.client("iam").get_role(RoleName=physical_id)["Role"]
        return pick(role, "Arn", "RoleId")

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("iam").tag_role(RoleName=physical_id, Tags=tag_list(context.tags(properties)))

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("iam").untag_role(RoleName=physical_id, TagKeys=keys)


@handles("AWS::IAM::Policy")
class Policy(Handler):
    """An inline policy put on roles, users and groups."""

    def create(self, context: Context, properties: Properties) -> str:
        self._put(context, properties)
        return context.new_name(128)

    def _put(self, context: Context, properties: Properties) -> None:
        arguments = {"PolicyName": properties["PolicyName"], "PolicyDocument": document(properties["PolicyDocument"])}
        for kind, names in self._targets(properties):
            for name in names:
                getattr(context.client("iam"), f"put_{kind.lower()}_policy")(**{f"{kind}Name": name}, **arguments)

    def _targets(self, properties: Properties) -> list[tuple[str, list[str]]]:
        return [(kind, properties.get(f"{kind}s", [])) for kind in ("Role", "User", "Group")]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self._put(context, after)
        if before["PolicyName"] != after["PolicyName"]:
            self.delete(context, physical_id, before)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        for kind, names in self._targets(properties):
            for name in names:
                delete = getattr(context.client("iam"), f"delete_{kind.lower()}_policy")
                delete(**{f"{kind}Name": name}, PolicyName=properties["PolicyName"])


@handles("AWS::IAM::InstanceProfile")
class InstanceProfile(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("InstanceProfileName") or context.new_name(128)
        iam = context.client("iam")
        iam.create_instance_profile(InstanceProfileName=name, **pick(properties, "Path"))
        for role in properties["Roles"]:
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        iam = context.client("iam")
        for role in before["Roles"]:
            iam.remove_role_from_instance_profile(InstanceProfileName=physical_id, RoleName=role)
        for role in after["Roles"]:
            iam.add_role_to_instance_profile(InstanceProfileName=physical_id, RoleName=role)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        iam = context.client("iam")
        for role in properties["Roles"]:
            iam.remove_role_from_instance_profile(InstanceProfileName=physical_id, RoleName=role)
        iam.delete_instance_profile(InstanceProfileName=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return pick(
            context.client("iam").get_instance_profile(InstanceProfileName=physical_id)["InstanceProfile"], "Arn"
        )


@handles("AWS::IAM::ManagedPolicy")
class ManagedPolicy(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        iam = context.client("iam")
        arn = iam.create_policy(
            PolicyName=properties.get("ManagedPolicyName") or context.new_name(128),
            PolicyDocument=document(properties["PolicyDocument"]),
            Tags=tag_list(context.tags(properties)),
            **pick(properties, "Path", "Description"),
        )["Policy"]["Arn"]
        for kind, name in _attached(properties):
            getattr(iam, f"attach_{kind.lower()}_policy")(**{f"{kind}Name": name}, PolicyArn=arn)
        return arn

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        iam = context.client("iam")
        if before["PolicyDocument"] != after["PolicyDocument"]:
            text = document(after["PolicyDocument"])
            old = [version["VersionId"] for version in iam.list_policy_versions(PolicyArn=physical_id)["Versions"]]
            iam.create_policy_version(PolicyArn=physical_id, PolicyDocument=text, SetAsDefault=True)
            for version in old:
                iam.delete_policy_version(PolicyArn=physical_id, VersionId=version)
        for kind, name in _attached(after) - _attached(before):
            getattr(iam, f"attach_{kind.lower()}_policy")(**{f"{kind}Name": name}, PolicyArn=physical_id)
        for kind, name in _attached(before) - _attached(after):
            getattr(iam, f"detach_{kind.lower()}_policy")(**{f"{kind}Name": name}, PolicyArn=physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        iam = context.client("iam")
        for kind, name in _attached(properties):
            getattr(iam, f"detach_{kind.lower()}_policy")(**{f"{kind}Name": name}, PolicyArn=physical_id)
        iam.delete_policy(PolicyArn=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"PolicyArn": physical_id}


def _attached(properties: Properties) -> set[tuple[str, str]]:
    return {(kind, name) for kind in ("Role", "User", "Group") for name in properties.get(f"{kind}s", [])}
