# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import typing as t

import pytest
from botocore.stub import Stubber

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._efs.api import Api

ID = "fs-0123456789abcdef0"
SERVICE = "efs"


@pytest.fixture
def api(stub: Stubber, pauses: list[float]) -> Api:
    return Api(stub.client, sleep=pauses.append)


def answer() -> dict[str, t.Any]:
    return {
        "OwnerId": "123456789012",
        "CreationToken": "c",
        "FileSystemId": ID,
        "CreationTime": datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC),
        "LifeCycleState": "available",
        "Name": "home",
        "NumberOfMountTargets": 0,
        "SizeInBytes": {"Value": 6144},
        "PerformanceMode": "generalPurpose",
        "Tags": [{"Key": "Name", "Value": "home"}],
    }


def target(number: int) -> dict[str, t.Any]:
    return {
        "MountTargetId": f"fsmt-0000000{number}",
        "FileSystemId": ID,
        "SubnetId": f"subnet-0000000{number}",
        "LifeCycleState": "available",
    }


def test_a_file_system_is_read_in_words_of_python(api: Api, stub: Stubber) -> None:
    stub.add_response("describe_file_systems", {"FileSystems": [answer()]}, {"FileSystemId": ID})
    found = api.file_system(ID)
    assert found is not None
    assert found.result() == {
        "file_system_id": ID,
        "name": "home",
        "life_cycle_state": "available",
        "size_in_bytes": 6144,
        "tags": {"Name": "home"},
    }


@pytest.mark.parametrize(
    ("operation", "method", "expected"),
    [
        ("describe_file_systems", "file_system", None),
        ("describe_mount_targets", "mount_targets", []),
        ("delete_file_system", "delete_file_system", None),
    ],
)
def test_a_file_system_that_does_not_exist_is_no_error(
    api: Api, stub: Stubber, operation: str, method: str, expected: t.Any
) -> None:
    stub.add_client_error(operation, "FileSystemNotFound", "gone", http_status_code=404)
    assert getattr(api, method)(ID) == expected


def test_all_mount_targets_are_read(api: Api, stub: Stubber) -> None:
    stub.add_response("describe_mount_targets", {"MountTargets": [target(1)], "NextMarker": "n"}, {"FileSystemId": ID})
    stub.add_response("describe_mount_targets", {"MountTargets": [target(2)]}, {"FileSystemId": ID, "Marker": "n"})
    assert [(found.mount_target_id, found.subnet_id) for found in api.mount_targets(ID)] == [
        ("fsmt-00000001", "subnet-00000001"),
        ("fsmt-00000002", "subnet-00000002"),
    ]


@pytest.mark.parametrize("code", ["ThrottlingException", "TooManyRequests"])
def test_throttling_is_waited_out_with_growing_pauses(api: Api, stub: Stubber, pauses: list[float], code: str) -> None:
    for _ in range(3):
        stub.add_client_error("describe_file_systems", code, "Rate exceeded", http_status_code=429)
    stub.add_response("describe_file_systems", {"FileSystems": []})
    assert api.file_system(ID) is None
    assert pauses == sorted(set(pauses))
    assert len(pauses) == 3


def test_endless_throttling_ends_in_a_sentence(api: Api, stub: Stubber) -> None:
    for _ in range(8):
        stub.add_client_error("delete_file_system", "ThrottlingException", "Rate exceeded", http_status_code=429)
    with pytest.raises(CollectionError, match="AWS throttled elasticfilesystem:DeleteFileSystem"):
        api.delete_file_system(ID)


def test_a_denied_operation_is_named_as_in_a_policy_and_not_repeated(
    api: Api, stub: Stubber, pauses: list[float]
) -> None:
    stub.add_client_error("delete_file_system", "AccessDeniedException", "not authorized", http_status_code=403)
    with pytest.raises(CollectionError, match="do not allow elasticfilesystem:DeleteFileSystem") as failure:
        api.delete_file_system(ID)
    assert failure.value.details == {"error_code": "AccessDeniedException"}
    assert pauses == []
