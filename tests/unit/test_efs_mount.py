# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""What the role efs_mount puts into /etc/fstab and does about a mount that differs, rendered by Ansible itself."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from botocore.session import Session
from unit.efs_mount_role import AMAZON, BOOT, EFS, HELPER, HOME, NAME, RECOMMENDED, value

FAILED = {"__efs_mount_lookup": {"rc": 2}}
IN_ZONE_B = {"__efs_mount_instance": {"region": "eu-west-1", "availabilityZone": "eu-central-1b"}}
TARGETS = {"mount_targets": {"eu-central-1a": "10.0.0.5", "eu-central-1b": "10.0.1.5"}}
OLDEST = {"file_system_id": "fs-01234567"}

LINES = [
    ({"file_system_id": EFS}, {}, f"{NAME}:/ {HOME} nfs4 {RECOMMENDED},noresvport,{BOOT}"),
    ({"file_system_id": EFS, "directory": "/a/b/"}, {}, f"{NAME}:/a/b {HOME} nfs4 {RECOMMENDED},noresvport,{BOOT}"),
    (
        {"file_system_id": EFS, "region": "cn-north-1"},
        {},
        f"{EFS}.efs.cn-north-1.amazonaws.com.cn:/ {HOME} nfs4 {RECOMMENDED},noresvport,{BOOT}",
    ),
    # The region is that of the instance, where none is given; the mount helper knows it itself.
    (
        {"file_system_id": EFS},
        {"efs_mount_region": "", **IN_ZONE_B},
        f"{EFS}.efs.eu-west-1.amazonaws.com:/ {HOME} nfs4 {RECOMMENDED},noresvport,{BOOT}",
    ),
    ({"file_system_id": EFS}, {"efs_mount_region": "", **IN_ZONE_B, **HELPER}, f"{EFS}:/ {HOME} efs tls,{BOOT}"),
    # The mount helper: where it is, where it can be had, and where it is not wanted.
    ({"file_system_id": EFS}, HELPER, f"{EFS}:/ {HOME} efs tls,region=eu-central-1,{BOOT}"),
    ({"file_system_id": EFS}, AMAZON, f"{EFS}:/ {HOME} efs tls,region=eu-central-1,{BOOT}"),
    (
        {"file_system_id": EFS},
        {"efs_mount_utils_package": "amazon-efs-utils"},
        f"{EFS}:/ {HOME} efs tls,region=eu-central-1,{BOOT}",
    ),
    ({"file_system_id": EFS, "method": "nfs"}, HELPER, f"{NAME}:/ {HOME} nfs4 {RECOMMENDED},noresvport,{BOOT}"),
    ({"file_system_id": EFS, "tls": False}, HELPER, f"{EFS}:/ {HOME} efs region=eu-central-1,{BOOT}"),
    ({"file_system_id": EFS, "iam": True}, HELPER, f"{EFS}:/ {HOME} efs tls,iam,region=eu-central-1,{BOOT}"),
    (
        {"file_system_id": EFS, "access_point": "fsap-0123456789abcdef0", "options": ["ro"]},
        HELPER,
        f"{EFS}:/ {HOME} efs tls,accesspoint=fsap-0123456789abcdef0,region=eu-central-1,ro,{BOOT}",
    ),
    # The name does not resolve: the mount target in the zone, the first one if the zone is not known, none if none is.
    (
        {"file_system_id": EFS, **TARGETS},
        {**FAILED, **IN_ZONE_B},
        f"10.0.1.5:/ {HOME} nfs4 {RECOMMENDED},noresvport,{BOOT}",
    ),
    ({"file_system_id": EFS, **TARGETS}, FAILED, f"10.0.0.5:/ {HOME} nfs4 {RECOMMENDED},noresvport,{BOOT}"),
    ({"file_system_id": EFS, **TARGETS}, IN_ZONE_B, f"{NAME}:/ {HOME} nfs4 {RECOMMENDED},noresvport,{BOOT}"),
    ({"file_system_id": EFS}, FAILED, f"{NAME}:/ {HOME} nfs4 {RECOMMENDED},noresvport,{BOOT}"),
    (
        {"file_system_id": EFS, "mount_targets": {"eu-central-1a": "fd00::5"}},
        FAILED,
        f"[fd00::5]:/ {HOME} nfs4 {RECOMMENDED},noresvport,{BOOT}",
    ),
    (
        {"file_system_id": EFS, **TARGETS},
        {**HELPER, **FAILED, **IN_ZONE_B},
        f"{EFS}:/ {HOME} efs tls,region=eu-central-1,mounttargetip=10.0.1.5,{BOOT}",
    ),
    # Other servers may insist on privileged ports. The mount helper is for EFS only.
    ({"server": "nfs.test", "directory": "/export"}, HELPER, f"nfs.test:/export {HOME} nfs4 {RECOMMENDED},{BOOT}"),
    ({"server": "fd00::7"}, {}, f"[fd00::7]:/ {HOME} nfs4 {RECOMMENDED},{BOOT}"),
    # An option replaces what it contradicts, and nothing else.
    (
        {"file_system_id": EFS, "options": ["soft", "vers=4.2", "rsize=65536", "resvport"]},
        {},
        f"{NAME}:/ {HOME} nfs4 wsize=1048576,timeo=600,retrans=2,soft,vers=4.2,rsize=65536,resvport,{BOOT}",
    ),
    (
        {"server": "nfs.test", "options": ["port=20490", "ro", "hard"]},
        {},
        f"nfs.test:/ {HOME} nfs4 {RECOMMENDED.replace('hard,', '')},port=20490,ro,hard,{BOOT}",
    ),
]


@pytest.mark.parametrize(("item", "variables", "line"), LINES)
def test_the_line_of_a_file_system(item: dict[str, Any], variables: dict[str, Any], line: str) -> None:
    assert value("__efs_mount_line", item, **variables) == f"{line} 0 0"


def test_the_domain_of_every_region_is_that_of_its_partition() -> None:
    partitions = Session().get_data("endpoints")["partitions"]
    expected = {region: partition["dnsSuffix"] for partition in partitions for region in partition["regions"]}
    assert len(expected) > 20
    assert {region: value("__efs_mount_domain", {"region": region}) for region in expected} == expected


@pytest.mark.parametrize(
    ("path", "unit"),
    [("/srv", "srv.mount"), ("/srv/my-data", r"srv-my\x2ddata.mount"), ("/a_b/c.d", "a_b-c.d.mount")],
)
def test_the_unit_is_the_one_that_systemd_makes(path: str, unit: str) -> None:
    assert value("__efs_mount_unit", {"path": path}) == unit


PLAIN = {"server": "nfs.test", "directory": "/export"}
LINE = f"nfs.test:/export {HOME} nfs4 {RECOMMENDED},{BOOT} 0 0"


def on_a_host(line: str = LINE, source: str = "nfs.test:/export", stale: bool = False) -> dict[str, Any]:
    """What the role has read: a line of /etc/fstab, a mount, and the mark of an earlier run."""
    mounts = [{"target": HOME, "source": source, "fstype": "nfs4", "options": "rw"}] if source else []
    other = "# a comment\nUUID=1 / ext4 defaults 0 1\n"
    return {
        "__efs_mount_table": {"content": base64.b64encode(f"{other}{line}\n".encode()).decode()},
        "__efs_mount_kernel": {"stdout": json.dumps({"filesystems": mounts})},
        "__efs_mount_stale": {"stat": {"exists": stale}},
    }


CHANGES = [
    ("as wanted", on_a_host(), "nothing"),
    ("not mounted", on_a_host(source=""), "nothing"),
    ("as wanted, by its address", on_a_host(source="10.0.0.5:/export"), "nothing"),
    ("as wanted, but its name does not resolve now", {**on_a_host(), **FAILED}, "nothing"),
    ("read-only", on_a_host(LINE.replace(BOOT, f"ro,{BOOT}")), "remount"),
    ("smaller reads", on_a_host(LINE.replace("rsize=1048576", "rsize=65536")), "replace"),
    ("soft and read-only", on_a_host(LINE.replace("hard", "soft,ro")), "replace"),
    ("needed to start the host", on_a_host(LINE.replace(",nofail", "")), "nothing"),
    ("another directory", on_a_host(LINE.replace("/export", "/old"), "nfs.test:/old"), "replace"),
    ("another server is mounted", on_a_host(source="other.test:/export"), "replace"),
    ("mounted by hand", on_a_host(""), "replace"),
    ("an earlier run found it busy", on_a_host(stale=True), "replace"),
]


@pytest.mark.parametrize(("host", "plan"), [pytest.param(*row[1:], id=row[0]) for row in CHANGES])
def test_what_is_done_about_a_mount(host: dict[str, Any], plan: str) -> None:
    item = {**PLAIN, "mount_targets": {"a": "10.0.0.5"}}
    differs = value("__efs_mount_differs", item, **host)
    remountable = value("__efs_mount_remountable", item, **host)
    assert ("remount" if remountable else "replace" if differs else "nothing") == plan


@pytest.mark.parametrize(("tunnels", "differs"), [(1, False), (0, True)])
def test_a_tunnel_counts_only_if_it_leads_to_the_file_system(tunnels: int, differs: bool) -> None:
    item = {"file_system_id": EFS}
    host = on_a_host(value("__efs_mount_line", item, **HELPER), "127.0.0.1:/")
    found = {"__efs_mount_tunnels": {"matched": tunnels}}
    assert value("__efs_mount_differs", item, **HELPER, **host, **found) is differs


@pytest.mark.parametrize(
    "line",
    [f"# {LINE}", LINE.replace(HOME, f"{HOME}2"), LINE.replace(HOME, f"/mnt{HOME}"), f"{HOME} /other none bind 0 0"],
)
def test_lines_of_others_are_not_taken_for_ours(line: str) -> None:
    assert value("__efs_mount_lines", PLAIN, **on_a_host(line)) == []
