# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of security groups: what they open, for whom, and how a spec writes them."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.security_groups import (
    Peer,
    Ports,
    Protocol,
    Rule,
    RuleKind,
    rules,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Unfit


@pytest.mark.parametrize(
    ("rule", "low", "high", "protocol", "opens", "touches"),
    [
        ("tcp 443 0.0.0.0/0", 443, 443, "tcp", True, True),
        ("tcp 443 0.0.0.0/0", 443, 443, "", True, True),
        ("tcp 443 0.0.0.0/0", 443, 443, "udp", False, False),
        ("tcp 443 0.0.0.0/0", 440, 450, "tcp", False, True),
        ("tcp 440-450 0.0.0.0/0", 443, 443, "tcp", True, True),
        ("tcp 440-450 0.0.0.0/0", 450, 460, "tcp", False, True),
        ("tcp 440-450 0.0.0.0/0", 451, 460, "tcp", False, False),
        ("all all 0.0.0.0/0", 22, 22, "tcp", True, True),
        ("tcp all 0.0.0.0/0", 0, 65535, "", True, True),
        ("icmp all 0.0.0.0/0", 22, 22, "", False, False),
        ("icmp all 0.0.0.0/0", 0, 65535, "icmp", True, True),
        ("tcp all 0.0.0.0/0", 22, 22, "all", False, False),
    ],
)
def test_what_a_rule_opens(rule: str, low: int, high: int, protocol: str, opens: bool, touches: bool) -> None:
    assert Rule.read(rule).opens(low, high, protocol) is opens
    assert Rule.read(rule).touches(low, high, protocol) is touches


@pytest.mark.parametrize(
    ("peer", "asked", "included"),
    [
        ("0.0.0.0/0", "10.0.0.0/8", True),
        ("10.0.0.0/8", "0.0.0.0/0", False),
        ("10.0.0.0/8", "10.0.0.0/8", True),
        ("::/0", "2001:db8::/32", True),
        ("0.0.0.0/0", "::/0", False),
        ("sg-1", "sg-1", True),
        ("sg-1", "sg-2", False),
        ("0.0.0.0/0", "sg-1", False),
        ("pl-1", "pl-1", True),
    ],
)
def test_whom_a_rule_is_for(peer: str, asked: str, included: bool) -> None:
    assert Rule("tcp", "22", peer).is_for(asked) is included


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({"port": 443, "cidr": "0.0.0.0/0"}, "tcp 443 0.0.0.0/0"),
        ({"port": "443", "protocol": "TCP", "cidr": "10.0.0.0/8"}, "tcp 443 10.0.0.0/8"),
        ({"port_range": "8000-8080", "group": "web servers"}, "tcp 8000-8080 web servers"),
        ({"port_range": [8000, 8080], "protocol": 17, "group": "web"}, "udp 8000-8080 web"),
        ({"protocol": "all", "cidr": "0.0.0.0/0"}, "all all 0.0.0.0/0"),
        ({"protocol": "-1", "cidr": "::/0"}, "all all ::/0"),
        ({"port_range": "0-65535", "prefix_list": "pl-1"}, "tcp all pl-1"),
    ],
)
def test_how_a_rule_is_written(written: dict[str, t.Any], read: str) -> None:
    assert RuleKind().check(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "tcp",
        {"port": 443},
        {"port": 443, "cidr": "0.0.0.0/0", "group": "web"},
        {"port": 70000, "cidr": "0.0.0.0/0"},
        {"port_range": "9-1", "cidr": "0.0.0.0/0"},
        {"port": True, "cidr": "0.0.0.0/0"},
        {"port": 22, "cidr": "10.0.0.1/8"},
        {"ports": 22, "cidr": "10.0.0.0/8"},
        {"port": 22, "protocol": "t c p", "cidr": "10.0.0.0/8"},
    ],
)
def test_what_is_no_rule(written: t.Any) -> None:
    with pytest.raises(Unfit):
        RuleKind().check(written)


def test_a_rule_of_the_api_is_one_for_each_peer() -> None:
    permission = {
        "IpProtocol": "tcp",
        "FromPort": 22,
        "ToPort": 23,
        "IpRanges": [{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "10.1.0.0/16"}],
        "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
        "PrefixListIds": [{"PrefixListId": "pl-1"}],
        "UserIdGroupPairs": [{"GroupId": "sg-1", "UserId": "1"}],
    }
    peers = ("10.0.0.0/8", "10.1.0.0/16", "::/0", "pl-1", "sg-1")
    assert list(map(str, rules([permission]))) == [f"tcp 22-23 {peer}" for peer in peers]


@pytest.mark.parametrize(
    ("permission", "read"),
    [
        ({"IpProtocol": "-1"}, "all all 0.0.0.0/0"),
        ({"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535}, "tcp all 0.0.0.0/0"),
        ({"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1}, "icmp all 0.0.0.0/0"),
        ({"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1}, "icmp 8 0.0.0.0/0"),
        ({"IpProtocol": "50"}, "50 all 0.0.0.0/0"),
    ],
)
def test_protocols_and_ports_of_the_api(permission: dict[str, t.Any], read: str) -> None:
    assert str(rules([{**permission, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])[0]) == read


def test_what_stands_for_what() -> None:
    assert [Ports().check(value) for value in (22, "22", "1-2", "1 - 2", [1, 2], "all")] == [
        "22", "22", "1-2", "1-2", "1-2", "all",
    ]  # fmt: skip
    assert [Protocol().check(value) for value in (6, "17", "TCP", "-1")] == ["tcp", "udp", "tcp", "all"]
    assert [Peer().check(value) for value in ("10.0.0.0/8", "web", "a/b c")] == ["10.0.0.0/8", "web", "a/b c"]
