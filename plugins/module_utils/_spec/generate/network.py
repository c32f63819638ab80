# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import Choice, Fact, Notes
from ansible_collections.containerci.aws.plugins.module_utils._spec.server import file_facts as facts
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.process import Process, processes
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.service_managers import (
    Systemd,
    services,
    unit_name,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.sockets import (
    TABLES,
    Listener,
    listeners,
    only_ipv6,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

EPHEMERAL = "/proc/sys/net/ipv4/ip_local_port_range"
_EVERYWHERE = ("0.0.0.0", "::")
_LINK_LOCAL = ("fe8", "fe9", "fea", "feb")


def of_services(host: Host, names: t.Collection[str]) -> list[Process]:
    """The processes of services: those in their control groups; without systemd, those of the same name."""
    if not isinstance(services(host), Systemd):
        return [process for process in processes(host) if process.comm in names]
    units = {unit_name(name) for name in names}
    return [process for process in processes(host) if units.intersection(_control_groups(host, process))]


def _control_groups(host: Host, process: Process) -> list[str]:
    try:
        with open(host.path(f"/proc/{process.pid}/cgroup"), encoding="utf-8", errors="replace") as stream:
            return stream.read().replace("\n", "/").split("/")
    except OSError:
        return []  # it has ended meanwhile


def user_number(host: Host, process: Process) -> int | None:
    """The number of the effective user of a process."""
    try:
        with open(host.path(f"/proc/{process.pid}/status"), encoding="utf-8", errors="replace") as stream:
            row = next((line.split() for line in stream if line.startswith("Uid:")), [])
    except OSError:
        return None
    return int(row[2]) if len(row) > 2 else None


def holders(host: Host) -> dict[str, list[Process]]:
    """By inode, the processes that have a socket open; those of other users are only known to root."""

    def read() -> dict[str, list[Process]]:
        found: dict[str, list[Process]] = {}
        for process in processes(host):
            for inode in _sockets(host, process):
                found.setdefault(inode, []).append(process)
        return found

    return host.once("holders of sockets", read)


def _sockets(host: Host, process: Process) -> set[str]:
    try:
        links = [os.readlink(entry.path) for entry in os.scandir(host.path(f"/proc/{process.pid}/fd"))]
    except OSError:
        return set()
    return {link[len("socket:[") : -1] for link in links if link.startswith("socket:[")}


def socket_users(host: Host) -> dict[str, int]:
    """By inode, the number of the user who has opened a socket, which everybody can see."""

    def read() -> dict[str, int]:
        there = [path for path in TABLES.values() if facts.status(host, path)]
        rows = [line.split() for path in there for line in host.read(path).splitlines()[1:]]
        return {row[9]: int(row[7]) for row in rows if len(row) > 9}

    return host.once("users of sockets", read)


def _belongs(host: Host, listener: Listener, processes_of_origin: t.Collection[Process]) -> bool:
    """Whether one of the processes has the socket open; where that is hidden, whether a user of their own opened it."""
    pids = {process.pid for process in processes_of_origin}
    known = holders(host).get(listener.inode)
    if known:
        return any(process.pid in pids for process in known)
    own_users = {user_number(host, process) for process in processes_of_origin} - {None, 0}
    return socket_users(host).get(listener.inode) in own_users


def users_behind(host: Host, found: t.Iterable[Listener]) -> set[int | None]:
    """The numbers of the users whose processes have the sockets open, or who have opened them."""
    numbers: set[int | None] = set()
    for listener in found:
        known = [user_number(host, process) for process in holders(host).get(listener.inode, [])]
        numbers.update(known or [socket_users(host).get(listener.inode)])
    return numbers


def chosen_listeners(host: Host, choice: Choice, origin: t.Sequence[Process], notes: Notes) -> list[Listener]:
    """The sockets to document: the ports of the options, those of the processes that belong to from, or all that
    have no ephemeral port."""
    everything = [listener for protocol in TABLES for listener in listeners(host, protocol)]
    everything = [listener for listener in everything if not listener.address.startswith(_LINK_LOCAL)]
    found = [listener for listener in everything if any(listener.port in ports for ports in choice.ports or ())]
    for ports in choice.ports or ():
        if not any(listener.port in ports for listener in found):
            notes.add(f"nothing listens on {_told(ports)}")
    if choice.origins:
        own = [one for one in everything if one not in found and _belongs(host, one, origin)]
        found += _lasting(host, own, notes)
    elif choice.ports is None:
        found = _lasting(host, everything, notes)
    return found


def _told(ports: range) -> str:
    return f"the ports {ports[0]}-{ports[-1]}" if len(ports) > 1 else f"port {ports[0]}"


def _lasting(host: Host, found: t.Sequence[Listener], notes: Notes) -> list[Listener]:
    """Without those whose port may be another one after the next start."""
    first, last = _ephemeral(host)
    for listener in found:
        if first <= listener.port <= last and listener.protocol.startswith("tcp"):
            notes.add(
                f"port {listener.port} is left out: it may have been chosen by the kernel ({first}-{last}); "
                f"the option ports chooses it"
            )
    return [listener for listener in found if not first <= listener.port <= last]


def _ephemeral(host: Host) -> tuple[int, int]:
    try:
        first, last = host.read(EPHEMERAL).split()
    except (CannotTell, ValueError):
        return 32768, 60999
    return int(first), int(last)


def ports(host: Host, chosen: t.Sequence[Listener]) -> list[Fact]:
    """The facts about ports: on which protocols and addresses something listens, and which processes do."""
    by_port: dict[int, list[Listener]] = {}
    for listener in chosen:
        by_port.setdefault(listener.port, []).append(listener)
    return [_port(host, port, by_port[port]) for port in sorted(by_port)]


def _port(host: Host, port: int, found: t.Sequence[Listener]) -> Fact:
    listens = sorted({place for listener in found for place in _places(host, listener)})
    everywhere = {protocol for protocol, address in listens if not address}
    fact: Fact = {
        "name": port,
        "listens": [
            {"protocol": protocol, "address": address}
            for protocol, address in listens
            if not address or protocol not in everywhere
        ],
    }
    owners = [holders(host).get(listener.inode, []) for listener in found]
    if all(owners):
        fact["processes"] = sorted({first[0].comm for first in owners})
    return fact


def _places(host: Host, listener: Listener) -> list[tuple[str, str]]:
    """Protocol and address, no address for all of them; a socket for both kinds of IP counts twice."""
    address = "" if listener.address in _EVERYWHERE else listener.address
    protocol = listener.protocol
    if protocol.endswith("6") and address and ":" not in address:
        return [(protocol[:-1], address)]  # an IPv4 address in an IPv6 socket
    places = [(protocol, address)]
    if listener.address == "::" and protocol.endswith("6") and _accepts_ipv4(host, listener):
        places.append((protocol[:-1], ""))
    return places


def _accepts_ipv4(host: Host, listener: Listener) -> bool:
    try:
        return not only_ipv6(host, listener)
    except CannotTell:
        return False
