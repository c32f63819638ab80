# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""What the role efs_mount refuses, each in one sentence that names the option and what is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from unit.efs_mount_role import AMAZON, CLIENT, EFS, HELPER, HOME, ROLE, VARIABLES

TASKS = DataLoader().load_from_file(str(ROLE / "tasks" / "check.yml"), trusted_as_template=True)


def listed(conditions: Any) -> list[Any]:
    return conditions if isinstance(conditions, list) else [conditions]


def refusals(variables: dict[str, Any]) -> Iterator[str]:
    """The messages of the assertions that fail, in order."""
    block = next(task for task in TASKS if "block" in task)
    templar = Templar(loader=DataLoader(), variables={**VARIABLES, **block["vars"], **variables})

    def hold(conditions: Any) -> bool:
        return all(templar.evaluate_conditional(condition) for condition in listed(conditions))

    wanted = block["block"] if hold(block["when"]) else []
    for task in [*(one for one in TASKS if "block" not in one), *wanted]:
        check = task["ansible.builtin.assert"]
        if hold(task.get("when", [])):
            # Ansible renders the message in any case.
            message = templar.template(check["fail_msg"])
            if not hold(check["that"]):
                yield message


def first_refusal(item: dict[str, Any], **variables: Any) -> str:
    known = {"ansible_facts": CLIENT, "__efs_mount_helper": {"stat": {"exists": False}}}
    return next(refusals({**known, "__efs_mount_item": {"path": HOME, **item}, **variables}), "")


POINT = "fsap-0123456789abcdef0"
REFUSED = [
    ({"path": "srv"}, "path is 'srv', but it must be an absolute path"),
    ({"path": "/srv/a b", "state": "absent"}, "path is '/srv/a b'"),
    ({"path": "/"}, "path is '/'"),
    ({"path": "/srv/"}, "path is '/srv/'"),
    ({}, f"{HOME} must have either file_system_id, for EFS, or server"),
    ({"file_system_id": EFS, "server": "nfs.test"}, f"{HOME} must have either"),
    ({"file_system_id": "fs-XYZ"}, "file_system_id of /var/lib/jenkins_home is 'fs-XYZ'"),
    ({"file_system_id": "${FileSystem}"}, "is '${FileSystem}', but it must be like fs-0123456789abcdef0"),
    ({"file_system_id": EFS, "access_point": "fsap-1"}, "access_point of /var/lib/jenkins_home is 'fsap-1'"),
    ({"server": "nfs.test/export"}, "is 'nfs.test/export', but it must be a host name or an address"),
    ({"server": "nfs.test", "directory": "export"}, "directory of /var/lib/jenkins_home is 'export'"),
    ({"server": "nfs.test", "directory": "/a b"}, "directory of /var/lib/jenkins_home is '/a b'"),
    ({"server": "nfs.test", "options": ["ro,soft"]}, "options of /var/lib/jenkins_home are 'ro,soft'"),
    ({"file_system_id": EFS, "options": ["tls"]}, "none of those that the role sets itself"),
    ({"file_system_id": EFS, "mount_targets": {"a": "subnet-1"}}, "has 'subnet-1', but it must map zones to IP"),
    ({"server": "nfs.test", "tls": True}, "asks for tls, which works with file_system_id only"),
    ({"server": "nfs.test", "method": "efs_utils"}, "asks for method efs_utils, which works with file_system_id"),
    ({"file_system_id": EFS, "iam": True, "method": "nfs"}, "asks for iam with method nfs, but only the EFS mount"),
    ({"file_system_id": EFS, "iam": True, "tls": False}, "has tls false, but iam and access_point need TLS"),
    ({"file_system_id": EFS, "tls": True}, "amazon-efs-utils is neither installed nor a package of Debian"),
    ({"file_system_id": EFS, "iam": True, "access_point": POINT}, "asks for iam, access_point, but amazon-efs-utils"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "message"), REFUSED)
def test_what_is_refused(item: dict[str, Any], message: str) -> None:
    assert message in first_refusal(item)


ACCEPTED = [
    ({"file_system_id": EFS}, {}),
    ({"state": "absent"}, {}),
    ({"file_system_id": EFS, "tls": False}, {}),
    ({"file_system_id": EFS, "tls": True, "iam": True, "access_point": POINT}, HELPER),
    ({"file_system_id": EFS, "tls": True, "iam": True, "access_point": POINT}, AMAZON),
    ({"file_system_id": EFS, "iam": True}, {"efs_mount_utils_package": "efs-utils"}),
    ({"server": "10.0.0.7", "directory": "/export", "options": ["ro", "nfsvers=4.2"]}, {}),
    ({"file_system_id": "${FileSystem}", "access_point": "${Point}"}, {"__efs_mount_references": True, **HELPER}),
    # User data is rendered without a host, so nothing is known about one.
    (
        {"file_system_id": "${FileSystem}", "iam": True},
        {"__efs_mount_references": True, "__efs_mount_utils_available": True, "ansible_facts": {}},
    ),
]


@pytest.mark.parametrize(("item", "variables"), ACCEPTED)
def test_what_is_accepted(item: dict[str, Any], variables: dict[str, Any]) -> None:
    assert first_refusal(item, **variables) == ""
