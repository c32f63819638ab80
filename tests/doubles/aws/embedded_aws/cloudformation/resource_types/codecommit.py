# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::CodeCommit::*"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from ...services.codecommit.api import backend
from ...services.codecommit.repository import USER, Files, checked_path, put
from ..handler import Context, Handler, Properties, handles
from ._shapes import lower_first, pick


@handles("AWS::CodeCommit::Repository")
class Repository(Handler):
    heeds = frozenset({"Code", "RepositoryDescription", "RepositoryName", "Tags", "Triggers"})

    def create(self, context: Context, properties: Properties) -> str:
        codecommit, name = context.client("codecommit"), properties["RepositoryName"]
        description = {"repositoryDescription": properties.get("RepositoryDescription", "")}
        made = codecommit.create_repository(repositoryName=name, tags=context.tags(properties), **description)
        if "Triggers" in properties:
            codecommit.put_repository_triggers(repositoryName=name, triggers=lower_first(properties["Triggers"]))
        if "Code" in properties:
            self._commit(context, name, properties["Code"])
        return made["repositoryMetadata"]["repositoryId"]

    def _commit(self, context: Context, name: str, code: Properties) -> None:
        """The files of an archive in S3 become the first commit."""
        where = {"VersionId": code["S3"]["ObjectVersion"]} if "ObjectVersion" in code["S3"] else {}
        answer = context.client("s3").get_object(**pick(code["S3"], "Bucket", "Key"), **where)
        files: Files = {}
        with zipfile.ZipFile(io.BytesIO(answer["Body"].read())) as archive:
            for item in archive.infolist():
                if not item.is_dir():
                    put(files, checked_path(item.filename), archive.read(item), _mode(item))
        repository = backend(context.account, context.region).get(name)
        repository.commit(code.get("BranchName", "main"), None, "Initial commit by AWS CloudFormation", USER, files)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        codecommit, name = context.client("codecommit"), after["RepositoryName"]
        if before["RepositoryName"] != name:
            codecommit.update_repository_name(oldName=before["RepositoryName"], newName=name)
        if before.get("RepositoryDescription") != after.get("RepositoryDescription"):
            codecommit.update_repository_description(
                repositoryName=name, repositoryDescription=after.get("RepositoryDescription", "")
            )
        if before.get("Triggers") != after.get("Triggers"):
            codecommit.put_repository_triggers(repositoryName=name, triggers=lower_first(after.get("Triggers", [])))
        arn = self._arn(context, name)
        gone = sorted(context.tags(before).keys() - context.tags(after).keys())
        if gone:
            codecommit.untag_resource(resourceArn=arn, tagKeys=gone)
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("codecommit").delete_repository(repositoryName=properties["RepositoryName"])

    def _arn(self, context: Context, name: str) -> str:
        return f"arn:aws:codecommit:{context.region}:{context.account}:{name}"

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        name = properties["RepositoryName"]
        found = context.client("codecommit").get_repository(repositoryName=name)["repositoryMetadata"]
        return {
            "Arn": found["Arn"],
            "CloneUrlHttp": found["cloneUrlHttp"],
            "CloneUrlSsh": found["cloneUrlSsh"],
            "Name": name,
            "RepositoryId": physical_id,
        }

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = context.tags(properties)
        if tags:
            arn = self._arn(context, properties["RepositoryName"])
            context.client("codecommit").tag_resource(resourceArn=arn, tags=tags)


def _mode(item: zipfile.ZipInfo) -> str:
    return "EXECUTABLE" if item.external_attr >> 16 & 0o100 else "NORMAL"
