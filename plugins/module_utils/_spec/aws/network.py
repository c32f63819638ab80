# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import TaggedResource
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import Record, dig, tags_of
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.security_groups import (
    Ports,
    Protocol,
    limits,
    ranged,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Integer, Network, OneOf, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Verdict, its, matcher

SUBNET_FIELDS = ("SubnetId", "CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch", "State")
INSTANCE_FIELDS = ("InstanceId", "PublicIpAddress", "SubnetId")


class Vpc(TaggedResource):
    """What is in a VPC and at its edges."""

    def _within(self, operation: str, path: str, filters: str = "Filters") -> list[Record]:
        wanted: dict[str, t.Any] = {filters: [{"Name": "vpc-id", "Values": [self.record["VpcId"]]}]}
        return list(dig(self.call(operation, **wanted), path) or [])

    def _attached(self, operation: str, path: str) -> list[Record]:
        wanted = [{"Name": "attachment.vpc-id", "Values": [self.record["VpcId"]]}]
        return list(dig(self.call(operation, Filters=wanted), path) or [])

    def _routed(self, goes: t.Callable[[Record], bool]) -> list[Record]:
        """The subnets whose routes have one that goes so."""
        tables = self._within("describe_route_tables", "RouteTables")
        subnets = self._within("describe_subnets", "Subnets")
        return [subnet for subnet in subnets if any(map(goes, routes_of(subnet["SubnetId"], tables)))]

    @its()
    def subnets(self) -> list[Record]:
        """The subnets."""
        return brief(self._within("describe_subnets", "Subnets"), SUBNET_FIELDS)

    @its()
    def public_subnets(self) -> list[Record]:
        """The subnets with a route to an internet gateway."""
        return brief(self._routed(to_the_internet), SUBNET_FIELDS)

    @its()
    def private_subnets(self) -> list[Record]:
        """The subnets without a route to an internet gateway."""
        public = {subnet["SubnetId"] for subnet in self._routed(to_the_internet)}
        subnets = self._within("describe_subnets", "Subnets")
        return brief([subnet for subnet in subnets if subnet["SubnetId"] not in public], SUBNET_FIELDS)

    @its()
    def natted_subnets(self) -> list[Record]:
        """The subnets with a route through a NAT gateway or NAT instance."""
        return brief(self._routed(_through_nat), SUBNET_FIELDS)

    @its()
    def nats(self) -> list[str]:
        """The ids of the NAT gateways, and of the instances that routes go through."""
        gateways = self._within("describe_nat_gateways", "NatGateways", "Filter")
        working = [gateway["NatGatewayId"] for gateway in gateways if gateway.get("State") in ("pending", "available")]
        return sorted({*working, *self._nat_instances()})

    def _nat_instances(self) -> set[str]:
        tables = self._within("describe_route_tables", "RouteTables")
        return {route["InstanceId"] for route in dig(tables, "[].Routes[]") or () if route.get("InstanceId")}

    @its()
    def network_acls(self) -> list[Record]:
        """The network ACLs; they can be compared with C(have_default_rules)."""
        return self._within("describe_network_acls", "NetworkAcls")

    @its(Integer())
    def size(self) -> int:
        """The number of subnets."""
        return len(self._within("describe_subnets", "Subnets"))

    @its()
    def virtual_private_gateway(self) -> str | None:
        """The id of the virtual private gateway."""
        gateways = self._attached("describe_vpn_gateways", "VpnGateways")
        return next((str(gateway["VpnGatewayId"]) for gateway in gateways), None)

    @its()
    def public_ec2_instances(self) -> list[Record]:
        """The instances with a public address."""
        instances = self._within("describe_instances", "Reservations[].Instances[]")
        return brief([one for one in instances if one.get("PublicIpAddress")], INSTANCE_FIELDS)

    @its()
    def public_non_nat_ec2_instances(self) -> list[Record]:
        """The instances with a public address that no route goes through."""
        nats = self._nat_instances()
        return [instance for instance in self.public_ec2_instances() if instance["InstanceId"] not in nats]

    @matcher()
    def be_attached_to_an_internet_gateway(self) -> Verdict:
        """An internet gateway is attached."""
        gateways = self._attached("describe_internet_gateways", "InternetGateways")
        found = [str(gateway["InternetGatewayId"]) for gateway in gateways]
        return Verdict(bool(found), listing(found, "no internet gateway"), "ec2:DescribeInternetGateways")

    @matcher()
    def be_attached_to_an_virtual_private_gateway(self) -> Verdict:
        """A virtual private gateway is attached."""
        found = self.virtual_private_gateway()
        return Verdict(bool(found), found or "no virtual private gateway", "ec2:DescribeVpnGateways")

    @matcher()
    def be_attached_to_a_virtual_private_gateway(self) -> Verdict:
        """A virtual private gateway is attached."""
        return self.be_attached_to_an_virtual_private_gateway()  # type: ignore[no-any-return]


class RouteTable(TaggedResource):
    """Where a route table leads."""

    _DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")

    @matcher(destination=Text(), target=Text())
    def have_route(self, destination: str, target: str = "") -> Verdict:
        """There is an active route to the destination and, if one is given, through the target (its id or local)."""
        routes = [route for route in self.record.get("Routes", ()) if route.get("State", "active") == "active"]
        found = {self._destination(route): self._targets(route) for route in routes}
        passed = destination in found and (not target or target in found[destination])
        lines = [f"{place} through {listing(targets)}" for place, targets in found.items()]
        return Verdict(passed, "; ".join(lines) or "no route", self.source)

    def _destination(self, route: Record) -> str:
        return next((str(route[field]) for field in self._DESTINATIONS if route.get(field)), "")

    def _targets(self, route: Record) -> list[str]:
        others = (*self._DESTINATIONS, "Origin", "State", "InstanceOwnerId")
        return [str(value) for field, value in route.items() if field not in others and value]


class AclRule(t.NamedTuple):
    """An entry of a network ACL."""

    number: int
    action: str
    protocol: str
    ports: str
    network: str

    def __str__(self) -> str:
        number = "*" if self.number == LAST_RULE else self.number
        return f"{number} {self.action} {self.protocol} {self.ports} {self.network}"


LAST_RULE = 32767


class NetworkAcl(TaggedResource):
    """What a network ACL lets in and out."""

    def _entries(self, egress: bool) -> list[AclRule]:
        return acl_rules(self.record, egress)

    def _rule(self, egress: bool, network: str, action: str, protocol: str, port: str, number: int | None) -> Verdict:
        low, high = limits(port) if port else (0, 0)

        def fits(rule: AclRule) -> bool:
            first, last = limits(rule.ports)
            return (
                (rule.network, rule.action) == (network, action)
                and (not protocol or rule.protocol == protocol)
                and (not port or (first <= low and high <= last))
                and number in (None, rule.number)
            )

        found = self._entries(egress)
        return Verdict(any(map(fits, found)), "; ".join(map(str, found)) or "no rule", self.source)

    @matcher(
        network=Network(),
        action=OneOf("allow", "deny"),
        protocol=Protocol(),
        port=Ports(),
        number=Integer(1, LAST_RULE),
    )
    def have_inbound_rule(
        self, network: str, action: str = "allow", protocol: str = "", port: str = "", number: int | None = None
    ) -> Verdict:
        """There is such a rule for what comes in from the network."""
        return self._rule(False, network, action, protocol, port, number)

    @matcher(
        network=Network(),
        action=OneOf("allow", "deny"),
        protocol=Protocol(),
        port=Ports(),
        number=Integer(1, LAST_RULE),
    )
    def have_outbound_rule(
        self, network: str, action: str = "allow", protocol: str = "", port: str = "", number: int | None = None
    ) -> Verdict:
        """There is such a rule for what goes out to the network."""
        return self._rule(True, network, action, protocol, port, number)

    @matcher()
    def have_default_rules(self) -> Verdict:
        """Everything may come in and go out, as in the network ACL that a VPC is made with."""
        found = self._entries(False) + self._entries(True)
        return Verdict(are_default(self.record), "; ".join(map(str, found)) or "no rule", self.source)

    @its(Integer())
    def size(self) -> int:
        """The number of entries."""
        return len(self.record.get("Entries", ()))


def acl_rules(acl: Record, egress: bool) -> list[AclRule]:
    """The rules of a network ACL for one direction, in their order."""
    return sorted(_acl_rule(entry) for entry in acl.get("Entries", ()) if bool(entry.get("Egress")) is egress)


def are_default(acl: Record) -> bool:
    """Whether the rules of a network ACL are those that AWS gives the one of a new VPC."""
    rules = [rule for egress in (False, True) for rule in acl_rules(acl, egress) if rule.number != LAST_RULE]
    everything = [rule for rule in rules if rule[1:] == ("allow", "all", "all", "0.0.0.0/0")]
    own = [rule for rule in rules if rule.network not in ("0.0.0.0/0", "::/0") or rule.action != "allow"]
    return len(everything) == 2 and not own


def _acl_rule(entry: Record) -> AclRule:
    ports = entry.get("PortRange") or {}
    return AclRule(
        entry["RuleNumber"],
        entry["RuleAction"],
        Protocol().check(str(entry["Protocol"])),
        ranged(ports.get("From", -1), ports.get("To", -1)),
        str(entry.get("CidrBlock") or entry.get("Ipv6CidrBlock")),
    )


def routes_of(subnet: str, tables: t.Iterable[Record]) -> list[Record]:
    """The routes of a subnet: those of its own route table, else of the main one of the VPC."""
    main: Record = {}
    for table in tables:
        if subnet in dig(table, "Associations[].SubnetId"):
            return list(table.get("Routes", ()))
        main = table if any(dig(table, "Associations[].Main")) else main
    return list(main.get("Routes", ()))


def to_the_internet(route: Record) -> bool:
    return str(route.get("GatewayId", "")).startswith("igw-") and route.get("State", "active") == "active"


def _through_nat(route: Record) -> bool:
    return bool(route.get("NatGatewayId") or route.get("InstanceId")) and route.get("State", "active") == "active"


def brief(records: t.Iterable[Record], fields: t.Sequence[str]) -> list[Record]:
    """What is worth telling of records, with their names."""
    return [
        {"Name": tags_of(record).get("Name"), **{field: record.get(field) for field in fields}} for record in records
    ]
