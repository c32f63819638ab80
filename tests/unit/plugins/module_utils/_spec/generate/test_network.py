# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How sockets become facts about ports."""

from __future__ import annotations

import typing as t
from pathlib import Path
from unittest import mock

import pytest
from unit.plugins.module_utils._spec.generate.small_server import host

from ansible_collections.containerci.aws.plugins.module_utils._spec.generate import network
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.sockets import Listener
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

DUAL = {"1": False, "2": True}


@pytest.mark.parametrize(
    ("found", "listens"),
    [
        ([("tcp", "0.0.0.0", "")], [("tcp", "")]),
        ([("tcp", "0.0.0.0", ""), ("tcp", "127.0.0.1", "")], [("tcp", "")]),
        ([("tcp", "127.0.0.1", ""), ("tcp", "10.0.0.1", "")], [("tcp", "10.0.0.1"), ("tcp", "127.0.0.1")]),
        ([("tcp6", "::", "1")], [("tcp", ""), ("tcp6", "")]),
        ([("tcp6", "::", "2")], [("tcp6", "")]),
        ([("tcp6", "::", "not told")], [("tcp6", "")]),
        ([("tcp6", "::1", "1")], [("tcp6", "::1")]),
        ([("tcp6", "127.0.0.1", "1")], [("tcp", "127.0.0.1")]),
        ([("udp6", "::", "1"), ("udp", "0.0.0.0", "3")], [("udp", ""), ("udp6", "")]),
    ],
)
def test_where_a_port_listens(server: Path, found: list[tuple[str, str, str]], listens: list[tuple[str, str]]) -> None:
    def only_ipv6(_host: t.Any, listener: Listener) -> bool:
        if listener.inode not in DUAL:
            raise CannotTell("the kernel does not tell")
        return DUAL[listener.inode]

    listeners = [Listener(protocol, address, 80, inode) for protocol, address, inode in found]
    with mock.patch.object(network, "only_ipv6", only_ipv6):
        (port,) = network.ports(host(server), listeners)
    assert [(place["protocol"], place["address"]) for place in port["listens"]] == listens


def test_the_processes_of_a_port_are_only_told_when_all_are_seen(server: Path) -> None:
    seen, hidden = Listener("tcp", "0.0.0.0", 80, "1"), Listener("tcp", "0.0.0.0", 80, "2")
    assert network.ports(host(server), [seen])[0]["processes"] == ["nginx"]
    assert "processes" not in network.ports(host(server), [seen, hidden])[0]


def test_without_systemd_the_processes_of_a_service_have_its_name(server: Path) -> None:
    machine = host(server)
    machine.service_manager = "none"
    assert [process.pid for process in network.of_services(machine, ["nginx"])] == [10, 11]
