# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services where systemd does not run, and the names of units."""

from __future__ import annotations

from pathlib import Path

import pytest
from unit.plugins.module_utils._spec.generate.small_server import build

from ansible_collections.containerci.aws.plugins.module_utils._spec.generate import units
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

STOPPED = {
    "/lib/systemd/system/nginx.service": "[Install]\n",
    "/lib/systemd/system/off.service": "[Install]\n",
    "/lib/systemd/system/worker@.service": "[Install]\n",
    "/lib/systemd/system/multi-user.target": "",
    "/etc/systemd/system/multi-user.target.wants/nginx.service": "",
    "/etc/systemd/system/multi-user.target.wants/getty@tty1.service": "",
    "/etc/systemd/system/multi-user.target.wants/remote-fs.target": "",
    "/etc/init.d/old": "#!/bin/sh\n",
    "/etc/init.d/README": "",
    "/etc/rc2.d/S01old": "",
}


def test_without_systemd_files_and_links_tell_and_nobody_knows_what_runs(tmp_path: Path) -> None:
    build(tmp_path, STOPPED, {})
    (tmp_path / "run/systemd/system").rmdir()
    host = Host(root=str(tmp_path))
    assert units.listed(host) == {"nginx": True, "off": False, "old": True, "getty@tty1": False}
    assert units.described(host, ["nginx", "off"]) == [
        units.Unit("nginx", True, None, "", ""),
        units.Unit("off", False, None, "", ""),
    ]


def test_a_failing_systemctl_is_told(tmp_path: Path) -> None:
    build(tmp_path, {"/tools/systemctl": "#!/bin/sh\necho 'no bus' >&2; exit 1\n"}, {})
    host = Host(root=str(tmp_path))
    host.search_path = f"{tmp_path}/tools"
    with pytest.raises(CannotTell, match="systemctl list-unit-files failed: no bus"):
        units.listed(host)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("nginx", "/lib/systemd/system/nginx.service"),
        ("nginx", "/etc/init.d/nginx"),
        ("pg@15-main", "/usr/lib/systemd/system/pg@.service"),
        ("backup.timer", "/lib/systemd/system/backup.timer"),
    ],
)
def test_the_files_of_a_service(name: str, file: str) -> None:
    assert units.names_in(["/etc/other", file], ["other", name]) == {name}
