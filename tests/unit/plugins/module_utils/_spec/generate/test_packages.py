# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What package databases know: what was asked for, configuration files, and what belongs to which package."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from unit.plugins.module_utils._spec.generate.small_server import build, host

from ansible_collections.containerci.aws.plugins.module_utils._spec.generate import packages
from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import Notes
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

APK = {
    "/lib/apk/db/installed": "P:nginx\nV:1.2-r0\nA:x86_64\n\nP:musl\nV:1-r0\n\nP:curl\nV:8-r0\n",
    "/etc/apk/world": "nginx=1.2-r0\ncurl>8\n.virtual\n!conflict\n",
}
PACMAN = {
    "/var/lib/pacman/local/nginx-1.2-1/desc": "%NAME%\nnginx\n\n%VERSION%\n1.2-1\n",
    "/var/lib/pacman/local/pcre-8-1/desc": "%NAME%\npcre\n\n%VERSION%\n8-1\n\n%REASON%\n1\n",
}
# It answers as rpm does, for the arguments it is given.
RPM = """#!/bin/sh
case "$1" in
    -qa) printf 'nginx\\t1.2-1\\tx86_64\\nbash\\t5-1\\tx86_64\\n' ;;
    -qc) echo /etc/nginx/nginx.conf; echo '(contains no files)' ;;
    -ql) echo /usr/lib/systemd/system/nginx.service ;;
    -qf) shift 3; for path; do
        case "$path" in *nginx*) echo nginx ;; *) echo "file $path is not owned by any package" ;; esac; done ;;
    *) exit 1 ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> t.Callable[[dict[str, str]], Host]:
    def make(files: dict[str, str]) -> Host:
        build(tmp_path, files, {})
        return host(tmp_path)

    return make


@pytest.fixture
def with_rpm(machine: t.Callable[[dict[str, str]], Host], tmp_path: Path) -> Host:
    paths = ("/var/lib/rpm/Packages", "/usr/lib/systemd/system/nginx.service", "/usr/lib/systemd/system/own.service")
    found = machine({**dict.fromkeys(paths, ""), "/tools/rpm": RPM})
    (tmp_path / "tools" / "rpm").chmod(0o755)
    return found


@pytest.mark.parametrize(("files", "names"), [(APK, {"nginx", "curl"}), (PACMAN, {"nginx"})], ids=["apk", "pacman"])
def test_what_was_asked_for(
    machine: t.Callable[[dict[str, str]], Host], files: dict[str, str], names: set[str]
) -> None:
    found = machine(files)
    assert packages.asked_for(found) == names
    assert packages.conffiles(found, ["nginx"]) == packages.owners(found, ["/etc/nginx.conf"]) == {}
    assert packages.changed_conffiles(found, Notes()) == set()
    assert packages.files_of(found, "nginx") == []


def test_rpm_does_not_know_what_was_asked_for_but_what_belongs_together(with_rpm: Host) -> None:
    with pytest.raises(CannotTell, match="rpm does not say which were asked for"):
        packages.asked_for(with_rpm)
    units = [f"/usr/lib/systemd/system/{name}.service" for name in ("nginx", "own", "missing")]
    assert packages.owners(with_rpm, units) == {units[0]: "nginx"}
    assert packages.files_of(with_rpm, "nginx") == [units[0]]
    assert packages.conffiles(with_rpm, ["nginx"]) == {"/etc/nginx/nginx.conf": ""}
    assert packages.conffiles(with_rpm, []) == {}


def test_a_configuration_file_that_may_not_be_read_is_noted(server: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found, notes = host(server), Notes()
    assert packages.changed_conffiles(found, notes) == {"/etc/nginx/nginx.conf"}
    assert notes == []
    real = packages._md5

    def forbidden(machine: Host, path: str) -> str | None:
        if path.endswith("nginx.conf"):
            raise CannotTell(f"{path}: permission denied", path)
        return real(machine, path)

    monkeypatch.setattr(packages, "_md5", forbidden)
    assert packages.changed_conffiles(found, notes) == set()
    assert notes == ["configuration file: /etc/nginx/nginx.conf: permission denied"]
