# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::ECR::*"""

from __future__ import annotations

from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import lower_first, pick, tag_list, text


@handles("AWS::ECR::Repository")
class Repository(Handler):
    heeds = frozenset(
        {
            "EmptyOnDelete",
            "EncryptionConfiguration",
            "ImageScanningConfiguration",
            "ImageTagMutability",
            "LifecyclePolicy",
            "RepositoryName",
            "RepositoryPolicyText",
            "Tags",
        }
    )

    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("RepositoryName") or context.new_name().lower()
        shape = lower_first(pick(properties, "EncryptionConfiguration"))
        tags = tag_list(context.tags(properties))
        context.client("ecr").create_repository(repositoryName=name, tags=tags, **shape)
        self._settle(context, name, {}, properties)
        return name

    def _settle(self, context: Context, name: str, before: Properties, after: Properties) -> None:
        ecr, repository = context.client("ecr"), {"repositoryName": name}
        changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
        if "ImageScanningConfiguration" in changed:
            scanning = lower_first(after.get("ImageScanningConfiguration", {"ScanOnPush": False}))
            ecr.put_image_scanning_configuration(**repository, imageScanningConfiguration=scanning)
        if "ImageTagMutability" in changed:
            mutability = after.get("ImageTagMutability", "MUTABLE")
            ecr.put_image_tag_mutability(**repository, imageTagMutability=mutability)
        if "LifecyclePolicy" in changed:
            policy = after.get("LifecyclePolicy", {}).get("LifecyclePolicyText")
            if policy:
                ecr.put_lifecycle_policy(**repository, lifecyclePolicyText=policy)
            else:
                ecr.delete_lifecycle_policy(**repository)
        if "RepositoryPolicyText" in changed:
            if "RepositoryPolicyText" in after:
                ecr.set_repository_policy(**repository, policyText=text(after["RepositoryPolicyText"]))
            else:
                ecr.delete_repository_policy(**repository)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self._settle(context, physical_id, before, after)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        force = properties.get("EmptyOnDelete", False)
        context.client("ecr").delete_repository(repositoryName=physical_id, force=force)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        found = context.client("ecr").describe_repositories(repositoryNames=[physical_id])["repositories"][0]
        return {"Arn": found["repositoryArn"], "RepositoryUri": found["repositoryUri"]}

    def _arn(self, context: Context, name: str) -> str:
        return f"arn:aws:ecr:{context.region}:{context.account}:repository/{name}"

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags, arn = tag_list(context.tags(properties)), self._arn(context, physical_id)
        context.client("ecr").tag_resource(resourceArn=arn, tags=tags)

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("ecr").untag_resource(resourceArn=self._arn(context, physical_id), tagKeys=keys)
