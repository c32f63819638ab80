# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The variables of the role efs_mount, as Ansible evaluates them for one file system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

ROLE = Path(__file__).resolve().parents[2] / "roles" / "efs_mount"
EFS = "fs-0123456789abcdef0"
NAME = f"{EFS}.efs.eu-central-1.amazonaws.com"
HOME = "/var/lib/jenkins_home"
RECOMMENDED = "nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2"
BOOT = "_netdev,nofail"


def role_variables() -> dict[str, Any]:
    loader = DataLoader()
    files = [ROLE / "defaults" / "main.yml", ROLE / "vars" / "main.yml"]
    return {
        key: value
        for file in files
        for key, value in loader.load_from_file(str(file), trusted_as_template=True).items()
    }


VARIABLES = role_variables()
CLIENT = {"os_family": "Debian", "distribution": "Debian", "service_mgr": "systemd"}


def value(name: str, item: dict[str, Any], **variables: Any) -> Any:
    """A variable of the role, as it is for one file system."""
    given = {"__efs_mount_item": {"path": HOME, **item}, "efs_mount_region": "eu-central-1", "ansible_facts": CLIENT}
    given["__efs_mount_helper"] = {"stat": {"exists": False}}
    return Templar(loader=DataLoader(), variables={**VARIABLES, **given, **variables}).template(VARIABLES[name])


HELPER = {"__efs_mount_helper": {"stat": {"exists": True}}}
AMAZON = {"ansible_facts": {"os_family": "RedHat", "distribution": "Amazon"}}
