# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import (
    CollectionError,
    error_code,
)
from ansible_collections.containerci.aws.plugins.module_utils._core.service import Service
from ansible_collections.containerci.aws.plugins.module_utils._efs import shapes
from ansible_collections.containerci.aws.plugins.module_utils._efs.shapes import FileSystem, MountTarget


class FileSystemGone(CollectionError):
    """The file system does not exist (any more)."""


class Api(Service):
    """EFS, each operation once."""

    name = "elasticfilesystem"
    page_tokens = ("NextMarker", "Marker")

    def file_system(self, file_system_id: str) -> FileSystem | None:
        try:
            found = self._call("describe_file_systems", FileSystemId=file_system_id)["FileSystems"]
        except FileSystemGone:
            return None
        return shapes.file_system_from(found[0]) if found else None

    def mount_targets(self, file_system_id: str) -> list[MountTarget]:
        try:
            pages = list(self._pages("describe_mount_targets", FileSystemId=file_system_id))
        except FileSystemGone:
            return []
        return [shapes.mount_target_from(target) for page in pages for target in page["MountTargets"]]

    def delete_file_system(self, file_system_id: str) -> None:
        try:
            self._call("delete_file_system", FileSystemId=file_system_id)
        except FileSystemGone:
            return

    def explain(self, error: Exception, method: str) -> CollectionError:
        if error_code(error) == "FileSystemNotFound":
            return FileSystemGone("The file system does not exist.")
        return super().explain(error, method)
