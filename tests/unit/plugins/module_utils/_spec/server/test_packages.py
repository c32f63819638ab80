# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packages of every package manager, as its database or its own tool tells them."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from unit.plugins.module_utils._spec.server import machine

Compiled = t.Callable[[t.Any], list[dict[str, t.Any]]]

# The family, what makes it, a package, its version, and another version that is installed beside it.
FAMILIES = {
    "apk": (
        {"/lib/apk/db/installed": "C:Q1=\nP:musl\nV:1.2.5-r0\nA:x86_64\nT:the library\nF:lib\n\nP:ssl\nV:3-r1\n"},
        "musl",
        "1.2.5-r0",
        None,
    ),
    "pacman": ({"/var/lib/pacman/local/acl-2.3.2-1/desc": ""}, "acl", "2.3.2-1", None),
    "rpm": (
        {
            "/var/lib/rpm/rpmdb.sqlite": "",
            "/tools/rpm": "#!/bin/sh\nprintf '%s\\tx86_64\\n' 'bash\t5.1-2' 'kernel\t5.14-1' 'kernel\t5.14-2'\n",
        },
        "kernel",
        "5.14-2",
        "5.14-1",
    ),
    "npm": (
        {"/tools/npm": '#!/bin/sh\necho \'{"dependencies": {"yarn": {"version": "1.22.22"}}}\'\n'},
        "yarn",
        "1.22.22",
        None,
    ),
    "gem": (
        {"/tools/gem": "#!/bin/sh\necho 'bundler (default: 2.3.7, 2.3.1)'\necho 'ox (1.18.1 x86_64-linux-gnu)'\n"},
        "bundler",
        "2.3.7",
        "2.3.1",
    ),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_package_of_the_family(family: str, compiled: Compiled, root: Path) -> None:
    files, name, version, other = FAMILIES[family]
    subject = {"name": name, "provider": family}
    spec: list[dict[str, t.Any]] = [
        {"expect": {"package": subject}, "to": "be_installed"},
        {"expect": {"package": subject}, "to": {"be_installed": other or version}},
        {"expect": {"package": subject}, "its": {"version": version}},
        {"expect": {"package": {"name": "none", "provider": family}}, "not_to": "be_installed"},
        {"expect": {"package": subject}, "not_to": {"be_installed": "9.9"}},
    ]
    case = {"examples": compiled(spec), "host": {}, "change": {"files": files}}
    assert [one["status"] for one in machine.outcomes(root, case)] == ["passed"] * len(spec)


@pytest.mark.parametrize("family", ["apk", "pacman", "rpm"])
def test_the_system_is_recognized(family: str, compiled: Compiled, root: Path) -> None:
    files, name, _version, _other = FAMILIES[family]
    examples = compiled([{"expect": {"package": name}, "to": "be_installed"}])
    change = {"files": files, "without": ["/var/lib/dpkg"]}
    (outcome,) = machine.outcomes(root, {"examples": examples, "host": {}, "change": change})
    assert outcome["status"] == "passed"


@pytest.mark.parametrize(
    ("change", "provider", "told"),
    [
        ({"without": ["/var/lib/dpkg"]}, None, "Example Linux 12 has no package database that is known"),
        ({"files": {"/var/lib/dpkg/status": ""}}, None, "/var/lib/dpkg/status is broken: it has no packages at all"),
        ({"files": {"/tools/rpm": "#!/bin/sh\n"}}, "rpm", "rpm -qa is broken: it has no packages at all"),
        ({"files": {"/tools/rpm": "#!/bin/sh\necho rpmdb >&2\nexit 1\n"}}, "rpm", "rpm -qa failed: rpmdb"),
        ({"files": {"/tools/gem": "#!/bin/sh\necho no >&2\nexit 1\n"}}, "gem", "gem list failed: no"),
        ({"without": ["/var/lib/pacman"]}, "pacman", "/var/lib/pacman/local: no such file or directory"),
    ],
)
def test_a_database_that_cannot_be_read_is_an_error(
    change: dict[str, t.Any], provider: str | None, told: str, compiled: Compiled, root: Path
) -> None:
    subject = {"name": "none", "provider": provider} if provider else "none"
    examples = compiled([{"expect": {"package": subject}, "not_to": "be_installed"}])
    (outcome,) = machine.outcomes(root, {"examples": examples, "host": {}, "change": change})
    assert outcome["status"] == "error"
    assert told in outcome["checks"][0]["got"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gone", "removed, only its configuration is left"),
        ("half", "not completely installed, dpkg calls it half-configured"),
        ("ap", "not installed; installed: app 1:9.0.70-2+deb12u1"),
        ("zzz", "not installed"),
    ],
)
def test_what_is_not_installed_is_explained(name: str, told: str, compiled: Compiled, root: Path) -> None:
    examples = compiled([{"expect": {"package": name}, "to": "be_installed"}])
    (outcome,) = machine.outcomes(root, {"examples": examples, "host": {}, "change": {}})
    assert outcome["checks"][0]["got"] == told
