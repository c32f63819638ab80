# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import ipaddress
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import (
    ROWS,
    RecordResource,
    TaggedResource,
    identity_of,
    known_as,
    one,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import Path, Record
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Kind, ListOf, Map, Text, Unfit
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Verdict, its, matcher

ALL = "all"
_SOURCE = "ec2:DescribeSecurityGroups"
_PROTOCOLS = {"-1": ALL, "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6"}
_PORTS = re.compile(r"(\d{1,5})(?:\s*-\s*(\d{1,5}))?$")


class Rule(t.NamedTuple):
    """Who may come in, or where one may go: its text is "tcp 443 10.0.0.0/8"."""

    protocol: str
    ports: str
    peer: str

    @classmethod
    def read(cls, text: str) -> Rule:
        protocol, ports, peer = text.split(" ", 2)
        return cls(protocol, ports, peer)

    def __str__(self) -> str:
        return " ".join(self)

    def opens(self, low: int, high: int, protocol: str) -> bool:
        """Whether all these ports are open with this protocol; without one, with tcp or udp."""
        first, last = limits(self.ports)
        return self._speaks(protocol) and first <= low and high <= last

    def touches(self, low: int, high: int, protocol: str) -> bool:
        """Whether one of these ports is open with this protocol."""
        first, last = limits(self.ports)
        return self._speaks(protocol) and first <= high and low <= last

    def _speaks(self, protocol: str) -> bool:
        return self.protocol in ((ALL, protocol) if protocol else (ALL, "tcp", "udp"))

    def is_for(self, peer: str) -> bool:
        """Whether the peer, a network or the id of a group, is among those of the rule."""
        try:
            return ipaddress.ip_network(peer).subnet_of(ipaddress.ip_network(self.peer))  # type: ignore[arg-type]
        except (ValueError, TypeError):
            return peer == self.peer


def limits(ports: str) -> tuple[int, int]:
    if ports == ALL:
        return 0, 65535
    first, _dash, last = ports.partition("-")
    return int(first), int(last or first)


class Ports(Kind):
    name = "a port, a range of ports such as '8000-8080', or all"

    def check(self, value: t.Any) -> str:
        if isinstance(value, (list, tuple)) and len(value) == 2:
            value = f"{value[0]}-{value[1]}"
        if value == ALL:
            return ALL
        found = _PORTS.match(str(value)) if isinstance(value, (int, str)) and not isinstance(value, bool) else None
        if not found:
            raise self.unfit(value)
        low, high = int(found.group(1)), int(found.group(2) or found.group(1))
        if low > high or high > 65535:
            raise self.unfit(value)
        return ranged(low, high)

    def schema(self) -> dict[str, t.Any]:
        return {"type": ["integer", "string"]}


class Protocol(Kind):
    name = "a protocol such as tcp, udp, icmp or all"

    def check(self, value: t.Any) -> str:
        text = str(value).lower()
        if isinstance(value, bool) or not re.fullmatch(r"-1|\d+|[a-z][a-z0-9]*", text):
            raise self.unfit(value)
        return _PROTOCOLS.get(text, text)

    def schema(self) -> dict[str, t.Any]:
        return {"type": ["integer", "string"]}


class Peer(Text):
    name = "a network (CIDR), a security group or a prefix list"

    def check(self, value: t.Any) -> str:
        text = super().check(value)
        if not re.match(r"[0-9a-fA-F:.]+/\d+$", text):
            return text
        try:
            return str(ipaddress.ip_network(text))
        except ValueError as error:
            raise Unfit(f"expected {self.name}: {error}") from None


class RuleKind(Kind):
    name = "a rule such as {port: 443, protocol: tcp, cidr: 10.0.0.0/8}"
    keys = ("port", "port_range", "protocol", "cidr", "group", "prefix_list")

    def check(self, value: t.Any) -> str:
        given = Map(names=self.keys).check(value)
        peers = [given[key] for key in ("cidr", "group", "prefix_list") if key in given]
        if len(peers) != 1:
            raise Unfit(f"expected {self.name}: one of cidr, group and prefix_list")
        protocol = Protocol().check(given.get("protocol", "tcp"))
        ports = given.get("port", given.get("port_range", ALL))
        return str(Rule(protocol, Ports().check(ports), Peer().check(peers[0])))

    def schema(self) -> dict[str, t.Any]:
        return Map(names=self.keys).schema()


def ranged(low: int, high: int) -> str:
    if (low, high) == (0, 65535) or low < 0:
        return ALL
    return str(low) if high <= low else f"{low}-{high}"


def rules(permissions: t.Iterable[Record]) -> list[Rule]:
    """The rules of a security group, one for each peer."""
    found = []
    for permission in permissions:
        spoken = str(permission["IpProtocol"])
        protocol = _PROTOCOLS.get(spoken, spoken)
        ports = ranged(permission.get("FromPort", -1), permission.get("ToPort", -1))
        peers = [
            *(item["CidrIp"] for item in permission.get("IpRanges", ())),
            *(item["CidrIpv6"] for item in permission.get("Ipv6Ranges", ())),
            *(item["PrefixListId"] for item in permission.get("PrefixListIds", ())),
            *(item["GroupId"] for item in permission.get("UserIdGroupPairs", ())),
        ]
        found += [Rule(protocol, ports, peer) for peer in peers]
    return found


class Guarded(RecordResource):
    """What is behind security groups, and what they let in and out."""

    GROUPS: t.ClassVar[Path] = "SecurityGroups"

    def groups(self) -> list[Record]:
        """The security groups."""
        row = ROWS["security_group"]
        ids = [str(group) for group in self.value(self.GROUPS) or ()]
        for group in ids:
            self.world.want(row, group, self.region, {})
        return [one(self.world.named(row, group, self.region, {}), row, group) for group in ids]

    def _rules(self, direction: str) -> list[Rule]:
        field = "IpPermissions" if direction == "in" else "IpPermissionsEgress"
        return rules(permission for group in self.groups() for permission in group.get(field) or ())

    def _peer(self, peer: str) -> str:
        """The peer as it stands in a rule: a group by its id."""
        if "/" in peer or peer.startswith("pl-"):
            return peer
        return str(identity_of(self, "security_group", peer))

    def _told(self, found: t.Iterable[Rule], nothing: str = "no rule") -> str:
        named = (
            rule._replace(peer=known_as(self, "security_group", rule.peer)) if rule.peer.startswith("sg-") else rule
            for rule in found
        )
        return listing(sorted(map(str, named)), nothing)

    def _opened(self, direction: str, port: str, protocol: str, peers: t.Sequence[str]) -> Verdict:
        found = [rule for rule in self._rules(direction) if rule.opens(*limits(port), protocol)]
        wanted = [self._peer(peer) for peer in peers]
        passed = all(any(rule.is_for(peer) for rule in found) for peer in wanted) if wanted else bool(found)
        return Verdict(passed, lambda: f"open: {self._told(found or self._rules(direction), 'nothing')}", _SOURCE)

    def _opened_only(self, direction: str, port: str, protocol: str, peers: t.Sequence[str]) -> Verdict:
        low, high = limits(port)
        rules_ = self._rules(direction)
        touching = [rule for rule in rules_ if rule.touches(low, high, protocol)]
        opening = {rule.peer for rule in touching if rule.opens(low, high, protocol)}
        passed = {rule.peer for rule in touching} == opening == {self._peer(peer) for peer in peers}
        return Verdict(passed, lambda: f"open: {self._told(touching or rules_, 'nothing')}", _SOURCE)

    def _exactly(self, direction: str, expected: t.Sequence[str]) -> Verdict:
        found = set(self._rules(direction))
        wanted = {rule._replace(peer=self._peer(rule.peer)) for rule in map(Rule.read, expected)}

        def got() -> str:
            parts = [self._told(found)]
            parts += [f"missing {self._told(wanted - found)}"] if wanted - found else []
            parts += [f"extra {self._told(found - wanted)}"] if found - wanted else []
            return "; ".join(parts)

        return Verdict(found == wanted, got, _SOURCE)

    @its()
    def inbound_rules(self) -> list[str]:
        """The rules for what may come in, such as "tcp 443 10.0.0.0/8"."""
        return sorted({str(rule) for rule in self._rules("in")})

    @its()
    def outbound_rules(self) -> list[str]:
        """The rules for what may go out."""
        return sorted({str(rule) for rule in self._rules("out")})

    @matcher(port=Ports(), protocol=Protocol(), source=ListOf(Peer()), aliases={"for": "source"}, joint="on port")
    def be_inbound_opened(self, port: str, protocol: str = "", source: t.Sequence[str] = ()) -> Verdict:
        """Traffic to the port may come in from all of these sources (C(for) is another name of C(source))."""
        return self._opened("in", port, protocol, source)

    @matcher(
        port=Ports(), protocol=Protocol(), destination=ListOf(Peer()), aliases={"for": "destination"}, joint="on port"
    )
    def be_outbound_opened(self, port: str, protocol: str = "", destination: t.Sequence[str] = ()) -> Verdict:
        """Traffic to the port may go out to all of these destinations (or C(for))."""
        return self._opened("out", port, protocol, destination)

    @matcher(port=Ports(), protocol=Protocol(), source=ListOf(Peer()), aliases={"for": "source"}, joint="on port")
    def be_inbound_opened_only(self, port: str, source: t.Sequence[str], protocol: str = "") -> Verdict:
        """Traffic to the port may come in from exactly these sources (or C(for))."""
        return self._opened_only("in", port, protocol, source)

    @matcher(
        port=Ports(), protocol=Protocol(), destination=ListOf(Peer()), aliases={"for": "destination"}, joint="on port"
    )
    def be_outbound_opened_only(self, port: str, destination: t.Sequence[str], protocol: str = "") -> Verdict:
        """Traffic to the port may go out to exactly these destinations (or C(for))."""
        return self._opened_only("out", port, protocol, destination)

    @matcher(rules=ListOf(RuleKind()))
    def have_ingress_rules(self, rules: t.Sequence[str]) -> Verdict:
        """These rules let something in, and no other."""
        return self._exactly("in", rules)

    @matcher(rules=ListOf(RuleKind()))
    def have_egress_rules(self, rules: t.Sequence[str]) -> Verdict:
        """These rules let something out, and no other."""
        return self._exactly("out", rules)


class SecurityGroup(Guarded, TaggedResource):
    """A security group."""

    def groups(self) -> list[Record]:
        return [self.record]
