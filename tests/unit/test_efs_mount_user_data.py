# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The script that role efs_mount renders for user data: CloudFormation and Bash both take it as it is."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from unit.efs_mount_role import BOOT, EFS, HOME, RECOMMENDED, ROLE, VARIABLES

REFERENCES = {
    "file_system_id": "${FileSystem}",
    "access_point": "${AccessPoint}",
    "mount_targets": {"${Zone1}": "${Target1.IpAddress}", "${Zone2}": "${Target2.IpAddress}"},
    "owner": "1000",
}
OTHERS = [{"file_system_id": EFS, "method": "nfs"}, {"server": "nfs.test", "directory": "/export", "options": ["ro"]}]


def script(*items: dict[str, Any]) -> str:
    """What the facts of the tasks come to."""
    loader = DataLoader()
    loader.set_basedir(str(ROLE))
    tasks = loader.load_from_file(str(ROLE / "tasks" / "user_data.yml"), trusted_as_template=True)
    facts = [task["ansible.builtin.set_fact"] for task in tasks if "ansible.builtin.set_fact" in task]
    start, add = (fact["efs_mount_user_data"] for fact in facts)
    known = {**VARIABLES, "efs_mount_region": "${AWS::Region}", "__efs_mount_references": True}
    known["__efs_mount_utils_available"] = True
    text = Templar(loader=loader, variables=known).template(start)
    for item in items:
        variables = {**known, "__efs_mount_item": {"path": HOME, **item}, "efs_mount_user_data": text}
        text = Templar(loader=loader, variables=variables).template(add)
    return str(text)


def test_only_references_look_like_references() -> None:
    found = re.findall(r"\$\{[^}]*\}?", script(REFERENCES, *OTHERS))
    expected = {"FileSystem", "AccessPoint", "Zone1", "Zone2", "Target1.IpAddress", "Target2.IpAddress"}
    assert set(found) == {f"${{{name}}}" for name in [*expected, "AWS::Region", "AWS::URLSuffix"]}


def test_the_options_are_those_of_the_role() -> None:
    text = script(REFERENCES, *OTHERS)
    assert 'helper_options="tls,accesspoint=${AccessPoint},region=${AWS::Region},' + BOOT in text
    assert f"nfs_options='{RECOMMENDED},ro,{BOOT}'" in text
    assert re.findall("^helper=(.*)", text, re.MULTILINE) == ["always", "never", "never"]


def test_the_name_is_in_the_domain_of_the_region() -> None:
    assert 'name="${FileSystem}.efs.${AWS::Region}.${AWS::URLSuffix}"' in script(REFERENCES)


@pytest.mark.parametrize("checker", [["bash", "-n"], ["shellcheck", "--shell=bash", "--severity=warning", "-"]])
def test_bash_understands_it(checker: list[str]) -> None:
    if not shutil.which(checker[0]):
        pytest.skip(f"there is no {checker[0]} on this machine")
    text = re.sub(r"\$\{[A-Za-z0-9:.]+\}", "x", script(REFERENCES, *OTHERS))
    done = subprocess.run(checker, input=text, capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
