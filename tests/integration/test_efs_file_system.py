# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest


@pytest.fixture
def file_system(aws: t.Any) -> str:
    """A file system of nobody."""
    created = aws.client("efs").create_file_system(CreationToken="test", Tags=[{"Key": "Name", "Value": "home"}])
    return str(created["FileSystemId"])


@pytest.fixture
def remove(run_module: t.Any, aws: t.Any) -> t.Callable[..., dict[str, t.Any]]:
    """Runs the module, failing or not, and adds the operations that wrote something."""

    def run(check: bool = False, diff: bool = False, **params: t.Any) -> dict[str, t.Any]:
        aws.forget()
        try:
            result = run_module("efs_file_system", check=check, diff=diff, state="absent", **params)
        except Exception as failure:
            result = getattr(failure, "result", None)
            if result is None:
                raise
        return {**result, "writes": [entry["operation"] for entry in aws.log("write")]}

    return run


def existing(aws: t.Any) -> list[str]:
    return [found["FileSystemId"] for found in aws.client("efs").describe_file_systems()["FileSystems"]]


def mount_target(aws: t.Any, file_system: str) -> str:
    subnet = aws.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]
    made = aws.client("efs").create_mount_target(FileSystemId=file_system, SubnetId=subnet)
    return str(made["MountTargetId"])


def test_delete_and_again(remove: t.Any, aws: t.Any, file_system: str) -> None:
    other = aws.client("efs").create_file_system(CreationToken="other")["FileSystemId"]
    foreseen = remove(check=True, diff=True, id=file_system)
    assert (foreseen["changed"], foreseen["writes"]) == (True, [])
    assert "name: home" in foreseen["diff"]["before"]
    assert set(existing(aws)) == {file_system, other}

    deleted = remove(diff=True, id=file_system)
    assert (deleted["changed"], deleted["writes"]) == (True, ["DeleteFileSystem"])
    assert (deleted["actions"], deleted["diff"]) == (foreseen["actions"], foreseen["diff"])
    assert deleted["file_system"]["name"] == "home"
    assert existing(aws) == [other]

    again = remove(diff=True, id=file_system)
    assert (again["changed"], again["writes"], again["file_system"]) == (False, [], None)
    assert again["diff"] == {"before": "", "after": ""}


@pytest.mark.parametrize("check", [True, False])
def test_a_file_system_in_use_is_not_deleted(remove: t.Any, aws: t.Any, file_system: str, check: bool) -> None:
    target = mount_target(aws, file_system)
    refused = remove(check=check, id=file_system)
    assert refused["failed"]
    assert f"{file_system} still has mount targets ({target} in subnet-" in refused["msg"]
    assert refused["writes"] == []
    assert existing(aws) == [file_system]


def test_wrong_credentials_are_one_sentence(remove: t.Any, file_system: str) -> None:
    refused = remove(id=file_system, access_key="AKIAWRONGWRONGWRONG0", secret_key="wrong")
    assert refused["failed"]
    assert "access key" in refused["msg"]
    assert "\n" not in refused["msg"]
    assert "exception" not in refused
