# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import errno
import os
import socket
import struct
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Address, Boolean, Integer, OneOf
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.process import processes
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Verdict,
    its,
    matcher,
)

TABLES = {"tcp": "/proc/net/tcp", "tcp6": "/proc/net/tcp6", "udp": "/proc/net/udp", "udp6": "/proc/net/udp6"}
UNIX = "/proc/net/unix"
_WAITS = {"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}
_SOCK_DIAG_BY_FAMILY = 20
_DUMP_REQUEST = 0x301
_DONE, _ERROR = 3, 2
_DIAG_SKV6ONLY = 11
_NUMBERS = {"tcp6": socket.IPPROTO_TCP, "udp6": socket.IPPROTO_UDP}
_LISTEN_OR_CLOSE = 1 << 10 | 1 << 7
_IPV4_MAPPED = bytes(10) + b"\xff\xff"


class Listener(t.NamedTuple):
    """A socket that waits for connections or datagrams."""

    protocol: str
    address: str
    port: int
    inode: str


def listeners(host: Host, protocol: str) -> list[Listener]:
    """The listening sockets of one protocol, from the kernel's table."""
    return host.once(("listeners", protocol), lambda: _read(host, protocol))


def _read(host: Host, protocol: str) -> list[Listener]:
    table = TABLES[protocol]
    if protocol.endswith("6") and not os.path.exists(host.path(table)) and os.path.exists(host.path(table[:-1])):
        return []  # a kernel without IPv6
    found = []
    for line in host.read(table).splitlines()[1:]:
        fields = line.split()
        if len(fields) > 9 and fields[3] == _WAITS[protocol]:
            address, _colon, port = fields[1].partition(":")
            found.append(Listener(protocol, _address(address), int(port, 16), fields[9]))
    return found


def _address(text: str) -> str:
    """An address of the kernel: words of four bytes in the byte order of the machine. ::ffff:a.b.c.d is a.b.c.d."""
    packed = b"".join(struct.pack("=I", int(text[start : start + 8], 16)) for start in range(0, len(text), 8))
    packed = packed[12:] if packed.startswith(_IPV4_MAPPED) else packed
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)


def only_ipv6(host: Host, listener: Listener) -> bool:
    """Whether an IPv6 socket refuses IPv4; raises CannotTell when the kernel does not say."""
    known = host.once(("only IPv6", listener.protocol), lambda: _ask_kernel(listener.protocol))
    if listener.inode not in known:
        raise CannotTell(f"the kernel does not tell whether [::]:{listener.port} also accepts IPv4", "netlink")
    return known[listener.inode]


def _ask_kernel(protocol: str) -> dict[str, bool]:
    """By inode, whether the IPv6 sockets of a protocol are V6ONLY (sock_diag(7))."""
    body = struct.pack("=BBBxI", socket.AF_INET6, _NUMBERS[protocol], 0xFF, _LISTEN_OR_CLOSE) + bytes(48)
    header = struct.pack("=IHHII", 16 + len(body), _SOCK_DIAG_BY_FAMILY, _DUMP_REQUEST, 1, 0)
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4) as channel:
            channel.settimeout(2)
            channel.send(header + body)
            return _answers(channel)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotTell(f"the kernel does not tell which sockets are only for IPv6: {reason}", "netlink") from None


def _answers(channel: socket.socket) -> dict[str, bool]:
    found: dict[str, bool] = {}
    while True:
        data = channel.recv(1 << 16)
        while len(data) >= 16:
            length, kind = struct.unpack("=IH", data[:6])
            if kind == _ERROR:
                raise OSError(errno.EPROTO, "sock_diag is not available")
            if kind == _DONE or length < 16:
                return found
            message = data[16:length]
            (inode,) = struct.unpack("=I", message[68:72])
            found[str(inode)] = _attribute(message[72:], _DIAG_SKV6ONLY)
            data = data[(length + 3) & ~3 :]


def _attribute(data: bytes, wanted: int) -> bool:
    while len(data) >= 4:
        length, kind = struct.unpack("=HH", data[:4])
        if length < 4:
            break
        if kind == wanted:
            return bool(data[4])
        data = data[(length + 3) & ~3 :]
    return False


def owners(host: Host) -> dict[str, str]:
    """By inode, the process that has the socket open: "nginx, pid 812"; those of others need root."""
    return host.once("socket owners", lambda: _owners(host))


def _owners(host: Host) -> dict[str, str]:
    found: dict[str, str] = {}
    for process in processes(host):
        try:
            links = [os.readlink(entry.path) for entry in os.scandir(f"{process.path}/fd")]
        except OSError:
            continue
        for link in links:
            if link.startswith("socket:["):
                found.setdefault(link[8:-1], f"{process.comm}, pid {process.pid}")
    return found


class Port(Resource):
    """A TCP or UDP port of this machine, as the tables of the kernel have it."""

    word = "port"
    name_kind = Integer(1, 65535)
    needs_running_system = True

    @matcher(
        aliases={"with": "protocol"},
        joint="on",
        protocol=OneOf("tcp", "tcp6", "udp", "udp6"),
        address=Address(),
        strict=Boolean(),
    )
    def be_listening(self, protocol: str = "", address: str = "", strict: bool = False) -> Verdict:
        """Something waits there. tcp and udp: reachable over IPv4, also by a socket for both (not with strict)."""
        found = self._listeners(protocol, strict)
        addresses = {address, "::"} if address == "0.0.0.0" and protocol in ("tcp", "udp") else {address}
        passed = any(not address or listener.address in addresses for listener in found)
        return Verdict(
            passed, lambda: self._got(found, protocol), ", ".join(TABLES[name] for name in self._tables(protocol))
        )

    @its()
    def protocols(self) -> list[str]:
        """The protocols that something waits for, such as [tcp, tcp6]."""
        return sorted({listener.protocol for listener in self._listeners("", False)})

    @its()
    def addresses(self) -> list[str]:
        """The local addresses that something waits on."""
        return sorted({listener.address for listener in self._listeners("", False)})

    @its()
    def processes(self) -> list[str]:
        """The names of the processes that wait; needs root for those of other users."""
        known = owners(self.world)
        found = [known.get(listener.inode, "") for listener in self._listeners("", False)]
        if "" in found:
            raise CannotTell("the process behind the socket can only be seen by root", "/proc")
        return sorted({name.partition(",")[0] for name in found})

    @staticmethod
    def _tables(protocol: str) -> list[str]:
        return [protocol] if protocol else list(TABLES)

    def _at(self, protocol: str) -> list[Listener]:
        return [listener for listener in listeners(self.world, protocol) if listener.port == self.name]

    def _listeners(self, protocol: str, strict: bool) -> list[Listener]:
        found = [listener for table in self._tables(protocol) for listener in self._at(table)]
        if protocol in ("tcp", "udp") and not strict and not found:
            found = [listener for listener in self._at(f"{protocol}6") if self._accepts_ipv4(listener)]
        return found

    def _accepts_ipv4(self, listener: Listener) -> bool:
        return ":" not in listener.address or (listener.address == "::" and not only_ipv6(self.world, listener))

    def _got(self, found: t.Sequence[Listener], protocol: str) -> str:
        everywhere = found or [listener for table in TABLES for listener in self._at(table)]
        if not everywhere:
            return f"nothing listens on port {self.name}"
        known = owners(self.world)
        told = []
        for listener in everywhere:
            place = f"[{listener.address}]" if ":" in listener.address else listener.address
            owner = f" ({known[listener.inode]})" if listener.inode in known else ""
            told.append(f"{listener.protocol} {place}:{listener.port}{owner}")
        nothing = "" if found else f"; nothing on {protocol}"
        return listing(dict.fromkeys(told)) + nothing


class UnixSocket(Resource):
    """A unix socket by its path, or by its name in the abstract name space (@name)."""

    word = "socket"
    aliases = ("unix_socket",)
    needs_running_system = True

    @matcher()
    def be_listening(self) -> Verdict:
        """A process accepts connections there."""
        states = self._states()
        accepting = [state for state in states if state]
        return Verdict(bool(accepting), self._got(states), UNIX)

    @matcher()
    def exist(self) -> Verdict:
        """The socket is open in some process."""
        states = self._states()
        return Verdict(bool(states), self._got(states), UNIX)

    def _states(self) -> list[bool]:
        """For each open socket of that name, whether it accepts connections (the flag __SO_ACCEPTCON)."""
        rows = [line.split(None, 7) for line in self.world.read(UNIX).splitlines()[1:]]
        return [bool(int(row[3], 16) & 0x10000) for row in rows if len(row) > 7 and self._is(row[7])]

    def _is(self, path: str) -> bool:
        if path == self.name:
            return True
        # /var/run is a link to /run, and a socket has the name it was opened with.
        return path.startswith("/") and os.path.realpath(path) == os.path.realpath(self.name)

    def _got(self, states: t.Sequence[bool]) -> str:
        if not states:
            return f"no process has {self.name} open"
        return "a process accepts connections" if any(states) else "open, but nobody accepts connections"


RESOURCES = (Port, UnixSocket)
