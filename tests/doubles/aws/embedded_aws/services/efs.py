# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""EFS: moto has no PutBackupPolicy, no UpdateFileSystem and no DescribeTags."""

from __future__ import annotations

import json
from typing import Any

from moto.efs import urls
from moto.efs.exceptions import FileSystemNotFound
from moto.efs.models import FileSystem
from moto.efs.responses import EFSResponse

JSON = {"Content-Type": "application/json"}


class EfsApi(EFSResponse):
    def put_backup_policy(self) -> Any:
        policy = self._get_param("BackupPolicy")
        self._file_system()._backup = policy["Status"] in ("ENABLED", "ENABLING")
        return json.dumps({"BackupPolicy": policy}), JSON

    def update_file_system(self) -> Any:
        file_system = self._file_system()
        file_system.throughput_mode = self._get_param("ThroughputMode") or file_system.throughput_mode
        file_system.provisioned_throughput_in_mibps = self._get_param("ProvisionedThroughputInMibps")
        return json.dumps(file_system.info_json()), {**JSON, "status": 202}

    def describe_tags(self) -> Any:
        file_system = self._file_system()
        return json.dumps({"Tags": self.efs_backend.list_tags_for_resource(file_system.file_system_id)}), JSON

    def _file_system(self) -> FileSystem:
        wanted = self._get_param("FileSystemId")
        if wanted not in self.efs_backend.file_systems_by_id:
            raise FileSystemNotFound(wanted)
        return self.efs_backend.file_systems_by_id[wanted]


def install() -> None:
    urls.url_paths["/2015-02-01/tags/<file_system_id>/"] = EfsApi.dispatch
    for path in urls.url_paths:
        urls.url_paths[path] = EfsApi.dispatch
