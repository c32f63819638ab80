# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How facts become a spec."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.generate.build import Detail, spec
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.grammar import Grammar
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import Place, Problems
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.source import Document

FACTS: dict[str, list[dict[str, t.Any]]] = {
    "package": [{"name": "cron", "version": "3.0"}, {"name": "nginx", "version": "1.10"}],
    "service": [
        {"name": "cron", "enabled": True, "running": True, "user": "", "file": ""},
        {"name": "app", "enabled": False, "running": True, "user": "app", "file": ""},
        {"name": "off", "enabled": False, "running": False, "user": "", "file": ""},
        {"name": "nightly.timer", "enabled": True, "running": True, "user": "", "file": ""},
    ],
    "port": [
        {"name": 22, "listens": [{"protocol": "tcp", "address": ""}], "processes": ["sshd"]},
        {"name": 80, "listens": [{"protocol": "tcp", "address": ""}, {"protocol": "tcp6", "address": ""}]},
        {"name": 5432, "listens": [{"protocol": "tcp", "address": "127.0.0.1"}], "processes": ["postgres"]},
    ],
    "user": [
        {"name": "a", "uid": 1, "gid": 2, "group": "a", "groups": ["a", "adm"], "home": "/home/a", "shell": "/bin/sh"},
        {"name": "b", "uid": 3, "gid": 2, "group": "a", "groups": ["a"], "home": "/", "shell": "/bin/sh"},
    ],
    "mount": [
        {"path": "/", "device": "/dev/sda1", "network": False, "type": "ext4", "options": ["rw"], "asked_options": []},
        {"path": "/n", "device": "f:/n", "network": True, "type": "nfs", "options": ["rw"], "asked_options": ["ro"]},
    ],
    "fstab": [{"mount_point": "/n", "device": "f:/n", "network": True, "type": "nfs"}],
    "cron": [{"user": "a", "entry": "@daily x"}, {"user": "a", "entry": "@daily y"}],
    "file": [
        {"path": "/etc/a", "type": "file", "mode": "0644", "owner": "root", "group": "root", "sha256sum": "1f"},
        {"path": "/etc/b", "type": "file", "mode": "0644", "owner": "root", "group": "root", "sha256sum": "2f"},
        {"path": "/etc/d", "type": "directory", "mode": "0755", "owner": "root", "group": "root"},
        {"path": "/etc/l", "type": "symlink", "target": "a"},
        {"path": "/run/p", "type": "pipe", "mode": "0600", "owner": "root", "group": "root"},
    ],
    "kernel_parameter": [{"name": "vm.swappiness", "value": 10}, {"name": "net.x", "value": 10}],
    "kernel_module": [{"name": "loop"}],
    "selinux": [{"mode": "enforcing"}],
}  # fmt: skip
TABLE = {"mode": "0644", "owner": "root", "group": "root"}


def example(word: str, name: t.Any, expected: t.Any, key: str = "to") -> dict[str, t.Any]:
    return {"expect": word if name is None else {word: name}, key: expected}


CASES: list[tuple[str, str, dict[str, t.Any], list[dict[str, t.Any]]]] = [
    ("package", "standard", {}, [example("package", ["cron", "nginx"], "be_installed")]),
    (
        "package", "minimal", {"versions": True},
        [
            example("package", "cron", {"be_installed": "3.0"}),
            example("package", "nginx", {"be_installed": "1.10"}),
        ],
    ),
    (
        "service", "standard", {},
        [
            example("service", "cron", ["be_enabled", "be_running"]),
            example("service", "app", "be_running"),
            example("service", "off", "be_installed"),
            example("service", "nightly.timer", ["be_enabled", "be_running"]),
        ],
    ),
    (
        "service", "full", {"excluded": ["service.enabled", "*.running"]},
        [
            example("service", ["cron", "app", "off"], "be_installed"),
            example("service", "app", {"user": "app"}, "its"),
            example("service", "nightly.timer", "be_installed"),
        ],
    ),
    ("port", "minimal", {}, [example("port", [22, 80, 5432], "be_listening")]),
    (
        "port", "standard", {},
        [
            example("port", 22, {"be_listening": "tcp"}),
            example("port", 80, [{"be_listening": "tcp"}, {"be_listening": "tcp6"}]),
            example("port", 5432, {"be_listening": {"protocol": "tcp", "address": "127.0.0.1"}}),
        ],
    ),
    (
        "port", "full", {"excluded": ["port.address"]},
        [
            example("port", [22, 5432], {"be_listening": "tcp"}),
            example("port", 22, {"processes": ["sshd"]}, "its"),
            example("port", 80, [{"be_listening": "tcp"}, {"be_listening": "tcp6"}]),
            example("port", 5432, {"processes": ["postgres"]}, "its"),
        ],
    ),
    ("user", "minimal", {}, [example("user", ["a", "b"], "exist")]),
    (
        "user", "standard", {"excluded": ["user.home"]},
        [
            example("user", "a", {"groups": ["a", "adm"], "shell": "/bin/sh"}, "its"),
            example("user", "b", {"groups": ["a"], "shell": "/bin/sh"}, "its"),
        ],
    ),
    (
        "user", "full", {"excluded": ["user.h*", "user.s*", "user.groups"]},
        [
            example("user", "a", {"uid": 1, "gid": 2, "group": "a"}, "its"),
            example("user", "b", {"uid": 3, "gid": 2, "group": "a"}, "its"),
        ],
    ),
    ("mount", "minimal", {}, [example("mount", ["/", "/n"], "be_mounted")]),
    (
        "mount", "standard", {},
        [
            example("mount", "/", {"be_mounted": {"type": "ext4"}}),
            example("mount", "/n", {"be_mounted": {"device": "f:/n", "type": "nfs", "options": ["ro"]}}),
        ],
    ),
    (
        "mount", "full", {},
        [
            example("mount", "/", {"be_mounted": {"device": "/dev/sda1", "type": "ext4", "options": ["rw"]}}),
            example("mount", "/n", {"be_mounted": {"device": "f:/n", "type": "nfs", "options": ["rw"]}}),
        ],
    ),
    ("fstab", "minimal", {}, [example("fstab", None, {"have_entry": {"mount_point": "/n"}})]),
    (
        "fstab", "standard", {},
        [example("fstab", None, {"have_entry": {"mount_point": "/n", "device": "f:/n", "type": "nfs"}})],
    ),
    (
        "cron", "minimal", {},
        [example("cron", "a", {"have_entry": "@daily x"}), example("cron", "a", {"have_entry": "@daily y"})],
    ),
    (
        "file", "minimal", {},
        [
            example("file", ["/etc/a", "/etc/b"], "be_file"),
            example("file", "/etc/d", "be_directory"),
            example("file", "/etc/l", {"be_linked_to": "a"}),
            example("file", "/run/p", "be_pipe"),
        ],
    ),
    (
        "file", "standard", {"checksums": True, "excluded": ["file.type"]},
        [
            example("file", ["/etc/a", "/etc/b"], TABLE, "its"),
            example("file", "/etc/a", {"sha256sum": "1f"}, "its"),
            example("file", "/etc/b", {"sha256sum": "2f"}, "its"),
            example("file", "/etc/d", {**TABLE, "mode": "0755"}, "its"),
            example("file", "/etc/l", {"be_linked_to": "a"}),
            example("file", "/run/p", {**TABLE, "mode": "0600"}, "its"),
        ],
    ),
    (
        "file", "standard", {"excluded": ["file.*"]},
        [
            example("file", ["/etc/a", "/etc/b", "/etc/d", "/run/p"], "exist"),
            example("file", "/etc/l", {"be_linked_to": "a"}),
        ],
    ),
    (
        "kernel_parameter", "minimal", {},
        [example("kernel_parameter", ["vm.swappiness", "net.x"], {"value": 10}, "its")],
    ),
    (
        "kernel_parameter", "full", {"excluded": ["kernel_parameter.value"]},
        [example("kernel_parameter", ["vm.swappiness", "net.x"], "exist")],
    ),
    ("kernel_module", "standard", {}, [example("kernel_module", "loop", "be_loaded")]),
    ("selinux", "standard", {}, [example("selinux", None, "be_enforcing")]),
]  # fmt: skip


@pytest.mark.parametrize(("resource", "level", "options", "examples"), CASES)
def test_what_is_said(resource: str, level: str, options: dict[str, t.Any], examples: list[dict[str, t.Any]]) -> None:
    groups = spec({resource: FACTS[resource]}, Detail(level, **options))
    assert [node for group in groups for node in group["examples"]] == examples


def test_groups_are_in_the_order_of_a_document_and_only_those_that_are_needed() -> None:
    titles = [group["describe"] for group in spec(FACTS, Detail("standard"))]
    assert titles == ["Packages", "Services", "Network", "Users", "Mounts", "Scheduled jobs", "Files", "Kernel"]
    assert spec({"package": [], "file": []}, Detail("standard")) == []


@pytest.mark.parametrize("level", ["minimal", "standard", "full"])
def test_all_of_it_is_a_valid_spec(level: str) -> None:
    problems = Problems()
    documents = [Document(spec(FACTS, Detail(level, versions=True, checksums=True)), Place())]
    assert Grammar(VOCABULARY, problems, lambda *_ignored: []).read(documents)
    assert problems.found == []
