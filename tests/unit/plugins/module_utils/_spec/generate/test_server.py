# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is found out about a server: by itself, by patterns, and by what belongs to a name."""

from __future__ import annotations

import json
import typing as t

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

Gathered = t.Callable[..., t.Any]

EVERYTHING = {
    "package": ["cron", "nginx", "nginx-common", "redis"],
    "service": ["cron", "firewall", "jboss", "nginx", "nightly.timer", "pg@15-main"],
    "port": [68, 80, 8080, 9990],
    "user": ["deploy", "jboss", "postgres", "root", "www-data"],
    "cron": ["deploy", "jboss"],
    "kernel_parameter": ["net.ipv4.ip_forward", "vm.swappiness"],
    "kernel_module": ["br_netfilter"],
    "selinux": [],
}


def test_by_itself_it_tells_what_makes_the_server_what_it_is(gathered: Gathered) -> None:
    found = gathered()
    names = {resource: found.names(resource, "user" if resource == "cron" else "name") for resource in EVERYTHING}
    assert names == EVERYTHING
    assert found.names("mount", "path") == ["/", "/data", "/share"]
    assert found.names("fstab", "mount_point") == ["/data"]
    assert found.names("file", "path") == [
        "/etc/nginx/nginx.conf",
        "/etc/systemd/system/jboss.service",
        "/etc/systemd/system/nightly.timer",
    ]


def test_what_is_left_out_is_told(gathered: Gathered) -> None:
    notes = "\n".join(gathered().notes)
    for note in (
        "port 50000 is left out: it may have been chosen by the kernel (32768-60999); the option ports chooses it",
        "mount /later is left out: it stands in fstab, but nothing is mounted there",
        "a line of cron deploy is left out: it may hold a secret",
        "a line of mount /cifs is left out: it may hold a secret",
        "kernel parameter vm.swappiness is 10, but a file sets it to 60",
        "kernel parameters net.ipv4.conf.*.rp_filter are left out",
        "kernel parameter net.ipv6.conf.all.stable_secret is left out: it is a secret",
    ):
        assert note in notes
    assert "40000" not in notes  # a client of UDP


def test_nothing_secret_is_told_in_any_way(gathered: Gathered) -> None:
    found = gathered(checksums=True, files=["/etc/shadow", "/proc/10/environ"])
    assert "hunter2" not in json.dumps([found.facts, found.notes])


@pytest.mark.parametrize(
    ("resource", "options", "names"),
    [
        ("package", {"packages": ["nginx*", "bas?"]}, ["bash", "nginx", "nginx-common"]),
        ("package", {"packages": ["gone"]}, []),
        ("service", {"services": ["systemd-*", "stopped"]}, ["stopped", "systemd-pstore"]),
        ("service", {"services": ["web"]}, []),
        ("port", {"ports": ["50000", "1-79"]}, [68, 50000]),
        ("user", {"users": ["i*", "sync"]}, ["idle", "sync"]),
        ("mount", {"mounts": ["/r*"]}, ["/run"]),
        ("kernel_parameter", {"kernel_parameters": ["net.*.ip_f*"]}, ["net.ipv4.ip_forward"]),
        ("file", {"files": ["/etc/nginx/", "/etc/cron*"]}, ["/etc/cron.d", "/etc/crontab", "/etc/nginx"]),
        ("service", {"from": ["nginx"]}, ["nginx"]),
        ("package", {"from": ["nginx"]}, ["nginx", "nginx-common"]),
        ("port", {"from": ["nginx"]}, [80]),
        ("user", {"from": ["nginx"]}, ["www-data"]),
        ("file", {"from": ["nginx"]}, ["/etc/nginx/mime.types", "/etc/nginx/nginx.conf"]),
        ("port", {"from": ["jboss"]}, [8080, 9990]),
        ("port", {"from": ["jboss"], "ports": ["50000"]}, [8080, 9990, 50000]),
        ("user", {"from": ["jboss"], "users": ["deploy"]}, ["deploy", "jboss"]),
        ("file", {"from": ["jboss"]}, ["/etc/systemd/system/jboss.service"]),
        ("cron", {"from": ["jboss"]}, ["jboss"]),
        ("mount", {"from": ["nginx"]}, []),
        ("kernel_parameter", {"from": ["nginx"]}, []),
        ("kernel_module", {"from": ["nginx"]}, []),
    ],
)  # fmt: skip
def test_what_the_options_choose(
    gathered: Gathered, resource: str, options: dict[str, t.Any], names: list[t.Any]
) -> None:
    found = gathered(resources=[resource], **options)
    key = {"mount": "path", "file": "path", "cron": "user"}.get(resource, "name")
    assert found.names(resource, key) == names
    assert set(found.facts) <= {resource, "fstab"}


def test_a_pattern_without_a_match_is_told(gathered: Gathered) -> None:
    found = gathered(resources=["package", "port"], packages=["tomcat*"], ports=["81", "90-99"])
    assert sorted(found.notes) == [
        "no package matches 'tomcat*'",
        "nothing listens on port 81",
        "nothing listens on the ports 90-99",
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"from": ["ngixn"]},
            "The option from has 'ngixn', which is no installed package and no service; similar: nginx.",
        ),
        ({"from": ["gone"]}, "The option from has 'gone', which is no installed package and no service"),
        ({"ports": ["http"]}, "The option ports has 'http'; it takes ports such as 8080 and ranges such as 8000-8100."),
        ({"ports": ["90-80"]}, "The option ports has '90-80'"),
        ({"ports": ["70000"]}, "The option ports has '70000'"),
        ({"ports": ["0"]}, "The option ports has '0'"),
    ],
)
def test_wrong_options_are_told(gathered: Gathered, options: dict[str, t.Any], message: str) -> None:
    with pytest.raises(CollectionError) as failure:
        gathered(**options)
    assert message in failure.value.message


def test_only_what_is_needed_is_looked_at(gathered: Gathered) -> None:
    found = gathered(resources=["kernel_module"], without=["/tools", "/var/lib/dpkg", "/proc/net"])
    assert found.names("kernel_module") == ["br_netfilter"]
    assert found.notes == []


def test_what_cannot_be_told_is_noted_and_stops_nothing(gathered: Gathered) -> None:
    found = gathered(without=["/tools", "/var/lib/dpkg", "/proc/net"])
    assert found.names("kernel_module") == ["br_netfilter"]
    assert found.facts["package"] == found.facts["service"] == found.facts["port"] == []
    notes = "\n".join(found.notes)
    for source in (
        "packages: Linux has no package database",
        "services: systemctl was not found",
        "ports: /proc/net/tcp",
    ):
        assert source in notes
