# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import time
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import (
    THROTTLING_CODES,
    CollectionError,
    error_code,
    is_aws_error,
    translate,
)
from ansible_collections.containerci.aws.plugins.module_utils._efs import shapes
from ansible_collections.containerci.aws.plugins.module_utils._efs.shapes import FileSystem, MountTarget

_ATTEMPTS = 8
_THROTTLING = THROTTLING_CODES | {"TooManyRequests"}


class FileSystemGone(CollectionError):
    """The file system does not exist (any more)."""


class Api:
    """EFS, each operation once; throttling and pagination stay in here."""

    def __init__(self, client: t.Any, sleep: t.Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

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

    def _pages(self, method: str, **parameters: t.Any) -> t.Iterator[dict[str, t.Any]]:
        answer = self._call(method, **parameters)
        yield answer
        while answer.get("NextMarker"):
            answer = self._call(method, Marker=answer["NextMarker"], **parameters)
            yield answer

    def _call(self, method: str, **parameters: t.Any) -> dict[str, t.Any]:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return dict(getattr(self._client, method)(**parameters))
            except Exception as error:  # botocore's base classes cannot be named where it is not installed
                if not is_aws_error(error):
                    raise
                if error_code(error) not in _THROTTLING or attempt == _ATTEMPTS:
                    raise self._explain(error, method) from error
            self._sleep(min(0.5 * 2**attempt, 20.0))
        raise AssertionError("unreachable")

    def _explain(self, error: Exception, method: str) -> CollectionError:
        if error_code(error) == "FileSystemNotFound":
            return FileSystemGone("The file system does not exist.")
        return translate(error, "elasticfilesystem", self._client.meta.method_to_api_mapping.get(method, method))
