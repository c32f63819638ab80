# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import ipaddress
import os
import socket
import struct
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import (
    Address,
    Boolean,
    Integer,
    ListOf,
    Text,
    Unfit,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Verdict,
    its,
    matcher,
)

_NETLINK_ROUTE = 0
_GET_ADDRESSES = 22
_NEW_ADDRESS, _DONE = 20, 3
_LOCAL, _ADDRESS = 2, 1
_UP = 1
IPV6 = "/proc/net/if_inet6"
ROUTES = "/proc/net/route"
_DEFAULT = "default"


def addresses_v4(host: Host) -> dict[str, list[str]]:
    """The IPv4 addresses with their prefix by interface, asked from the kernel (rtnetlink(7))."""
    return host.once("IPv4 addresses", _ask_kernel)


def _ask_kernel() -> dict[str, list[str]]:
    request = struct.pack("=IHHIIBBBBi", 24, _GET_ADDRESSES, 0x301, 1, 0, socket.AF_INET, 0, 0, 0, 0)
    found: dict[str, list[str]] = {}
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_ROUTE) as channel:
            channel.settimeout(2)
            channel.send(request)
            while True:
                data = channel.recv(1 << 16)
                while len(data) >= 16:
                    length, kind = struct.unpack("=IH", data[:6])
                    if kind != _NEW_ADDRESS:
                        return found
                    _note(data[16:length], found)
                    data = data[(length + 3) & ~3 :]
    except OSError as error:
        raise CannotTell(f"the kernel does not tell its addresses: {error.strerror or error}", "netlink") from None


def _note(message: bytes, found: dict[str, list[str]]) -> None:
    _family, prefix, _flags, _scope, index = struct.unpack("=BBBBI", message[:8])
    parts = message[8:]
    values: dict[int, bytes] = {}
    while len(parts) >= 4:
        length, kind = struct.unpack("=HH", parts[:4])
        if length < 4:
            break
        values[kind] = parts[4:length]
        parts = parts[(length + 3) & ~3 :]
    address = values.get(_LOCAL) or values.get(_ADDRESS)
    if address:
        found.setdefault(socket.if_indextoname(index), []).append(f"{socket.inet_ntoa(address)}/{prefix}")


def addresses_v6(host: Host) -> dict[str, list[str]]:
    """The IPv6 addresses with their prefix by interface."""
    if not os.path.exists(host.path(IPV6)):
        return {}
    found: dict[str, list[str]] = {}
    for line in host.read(IPV6).splitlines():
        address, _index, prefix, _scope, _flags, name = line.split()
        text = socket.inet_ntop(socket.AF_INET6, bytes.fromhex(address))
        found.setdefault(name, []).append(f"{text}/{int(prefix, 16)}")
    return found


class InterfaceAddress(Text):
    def __init__(self, version: int) -> None:
        self.version = version
        self.name = f"an IPv{version} address, with or without its prefix"

    def check(self, value: t.Any) -> str:
        text = super().check(value)
        try:
            found = ipaddress.ip_interface(text)
        except ValueError as error:
            raise Unfit(f"expected {self.name}: {error}") from None
        if found.version != self.version:
            raise self.unfit(value)
        return str(found) if "/" in text else str(found.ip)


class Destination(Text):
    name = "default, a network (CIDR) or an address"

    def check(self, value: t.Any) -> str:
        text = super().check(value)
        if text in (_DEFAULT, "0.0.0.0/0"):
            return _DEFAULT
        try:
            return str(ipaddress.ip_network(text))
        except ValueError as error:
            raise Unfit(f"expected {self.name}: {error}") from None


class Interface(Resource):
    """A network interface."""

    word = "interface"
    needs_running_system = True

    @matcher()
    def exist(self) -> Verdict:
        """The interface exists."""
        return Verdict(self._exists, self._got, "/sys/class/net")

    @matcher()
    def be_up(self) -> Verdict:
        """The interface is switched on."""
        return Verdict(self._exists and self.up(), self._got, f"/sys/class/net/{self.name}/flags")

    @matcher(address=InterfaceAddress(4))
    def have_ipv4_address(self, address: str) -> Verdict:
        """The interface has the address, with or without its prefix."""
        return self._verdict(address, addresses_v4(self.world).get(self.name, []), "netlink")

    @matcher(address=InterfaceAddress(6))
    def have_ipv6_address(self, address: str) -> Verdict:
        """The interface has the address, with or without its prefix."""
        return self._verdict(address, addresses_v6(self.world).get(self.name, []), IPV6)

    @its(Boolean())
    def up(self) -> bool:
        """Whether it is switched on."""
        return bool(int(self._sys("flags"), 16) & _UP)

    @its(Integer())
    def mtu(self) -> int:
        """The largest packet, in bytes."""
        return int(self._sys("mtu"))

    @its(Integer())
    def speed(self) -> int:
        """The speed in Mbit/s."""
        return int(self._sys("speed"))

    @its(Text())
    def mac_address(self) -> str:
        """The hardware address."""
        return self._sys("address")

    @its(Text())
    def ipv4_address(self) -> str:
        """The first IPv4 address with its prefix."""
        return self._first(self.ipv4_addresses())

    @its(ListOf(Text()))
    def ipv4_addresses(self) -> list[str]:
        """All IPv4 addresses with their prefixes."""
        self._need()
        return addresses_v4(self.world).get(self.name, [])

    @its(Text())
    def ipv6_address(self) -> str:
        """The first IPv6 address with its prefix."""
        return self._first(self.ipv6_addresses())

    @its(ListOf(Text()))
    def ipv6_addresses(self) -> list[str]:
        """All IPv6 addresses with their prefixes."""
        self._need()
        return addresses_v6(self.world).get(self.name, [])

    @property
    def _exists(self) -> bool:
        return self.name in self._names

    @property
    def _names(self) -> list[str]:
        return t.cast("list[str]", self.world.once("interfaces", lambda: self.world.names("/sys/class/net")))

    def _need(self) -> None:
        if not self._exists:
            raise CannotTell(self._got(), "/sys/class/net")

    def _sys(self, name: str) -> str:
        self._need()
        return str(self.world.read(f"/sys/class/net/{self.name}/{name}")).strip()

    def _first(self, addresses: list[str]) -> str:
        if not addresses:
            raise CannotTell(f"{self.name} has no such address", "netlink")
        return addresses[0]

    def _verdict(self, wanted: str, addresses: list[str], source: str) -> Verdict:
        passed = any(wanted in (address, address.partition("/")[0]) for address in addresses)
        return Verdict(passed, listing(addresses, "no address") if self._exists else self._got(), source)

    def _got(self) -> str:
        if self._exists:
            return f"{self.name} is {'up' if self.up() else 'down'}"
        return f"no such interface; there are {listing(self._names)}"


class Route(t.NamedTuple):
    """A route of the IPv4 main table; a default route has the destination "default"."""

    destination: str
    gateway: str
    interface: str


def routes(host: Host) -> list[Route]:
    return host.once("routes", lambda: [_route(line.split()) for line in host.read(ROUTES).splitlines()[1:]])


def _route(fields: list[str]) -> Route:
    destination, gateway, mask = (struct.pack("=I", int(fields[column], 16)) for column in (1, 2, 7))
    prefix = bin(int.from_bytes(mask, "big")).count("1")
    network = f"{socket.inet_ntoa(destination)}/{prefix}"
    return Route(_DEFAULT if network == "0.0.0.0/0" else network, socket.inet_ntoa(gateway), fields[0])


class RoutingTable(Resource):
    """The IPv4 routes."""

    word = "routing_table"
    name_kind = None
    needs_running_system = True

    @matcher(destination=Destination(), gateway=Address(), interface=Text())
    def have_entry(self, destination: str, gateway: str = "", interface: str = "") -> Verdict:
        """A route to the destination (a network, or default), by this gateway and interface if they are given."""
        there = [route for route in routes(self.world) if route.destination == destination]
        passed = any(
            (not gateway or route.gateway == gateway) and (not interface or route.interface == interface)
            for route in there
        )
        told = [f"{one.destination} by {one.gateway} on {one.interface}" for one in there or routes(self.world)]
        return Verdict(passed, listing(told, "no routes"), ROUTES)


class DefaultGateway(Resource):
    """The default route."""

    word = "default_gateway"
    name_kind = None
    needs_running_system = True

    @matcher()
    def exist(self) -> Verdict:
        """There is a default route."""
        return Verdict(bool(self._routes), listing(route.gateway for route in self._routes), ROUTES)

    @its(Text())
    def ipaddress(self) -> str:
        """The address of the gateway."""
        return self._one.gateway

    @its(Text())
    def interface(self) -> str:
        """The interface that leads to it."""
        return self._one.interface

    @property
    def _routes(self) -> list[Route]:
        return [route for route in routes(self.world) if route.destination == _DEFAULT]

    @property
    def _one(self) -> Route:
        if not self._routes:
            raise CannotTell("there is no default route", ROUTES)
        return self._routes[0]


RESOURCES = (Interface, RoutingTable, DefaultGateway)
