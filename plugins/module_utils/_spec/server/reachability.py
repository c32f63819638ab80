# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import errno
import json
import os
import re
import socket
import struct
import threading
import time
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import (
    Boolean,
    Integer,
    Kind,
    Map,
    Number,
    OneOf,
    Path,
    Text,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Verdict,
    its,
    matcher,
)

_NOT_FOUND = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
_NOBODY = {*_NOT_FOUND, errno.EADDRNOTAVAIL, errno.EHOSTUNREACH, errno.ENETUNREACH}
_MOST = 1 << 26  # bytes of a body
_ECHO = 8


def in_time(seconds: float, look_up: t.Callable[[], t.Any], what: str) -> t.Any:
    """The result of a function that cannot be interrupted: it is left behind when its time is over."""
    outcome: list[t.Any] = []

    def work() -> None:
        try:
            outcome.append((look_up(), None))
        except Exception as error:  # raised again below
            outcome.append((None, error))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcome:
        raise CannotTell(f"{what} did not answer within {seconds:g} s")
    value, error = outcome[0]
    if error:
        raise error
    return value


class HostResource(Resource):
    """Another host (or this one): its name and whether it can be reached from here."""

    word = "host"
    needs_running_system = True
    slow = True

    @matcher(by=OneOf("dns", "hosts", "any"), joint="by")
    def be_resolvable(self, by: str = "any") -> Verdict:
        """The name has an address: from /etc/hosts, from DNS only, or from either."""
        found = self._in_hosts() if by == "hosts" else self._resolve(without_hosts=by == "dns")
        return Verdict(bool(found), listing(found, "no address"), "/etc/hosts" if by == "hosts" else "resolver")

    @matcher(aliases={"with": "port"}, joint="on", port=Integer(1, 65535), proto=OneOf("tcp", "udp"), timeout=Number())
    def be_reachable(self, port: int | None = None, proto: str = "tcp", timeout: float = 5) -> Verdict:
        """The host answers on the port, or without a port to an echo request (ping)."""
        if not self._resolve():
            return Verdict(False, f"{self.name} has no address", "resolver")
        if port is None:
            return self._ping(timeout)
        if proto == "udp":
            raise CannotTell("whether something reads a UDP port cannot be seen from outside")
        return self._connect(port, timeout)

    @its(Text())
    def ipaddress(self) -> str:
        """The first address."""
        return self._first(self._resolve())

    @its(Text())
    def ipv4_address(self) -> str:
        """The first IPv4 address."""
        return self._first([address for address in self._resolve() if ":" not in address])

    @its(Text())
    def ipv6_address(self) -> str:
        """The first IPv6 address."""
        return self._first([address for address in self._resolve() if ":" in address])

    def _first(self, addresses: list[str]) -> str:
        if not addresses:
            raise CannotTell(f"{self.name} has no such address", "resolver")
        return addresses[0]

    def _in_hosts(self) -> list[str]:
        rows = [line.partition("#")[0].split() for line in self.world.read("/etc/hosts").splitlines()]
        return [row[0] for row in rows if self.name in row[1:]]

    def _resolve(self, without_hosts: bool = False) -> list[str]:
        addresses = self.world.once(("resolve", self.name), self._ask)
        if without_hosts and addresses and set(addresses) <= set(self._in_hosts()):
            # The resolver answers from the file first; DNS itself has to be asked by its own tool.
            done = self.world.run([self.world.tool("getent"), "-s", "dns", "ahosts", self.name])
            return list(dict.fromkeys(line.split()[0] for line in done.stdout.splitlines() if line.strip()))
        return t.cast("list[str]", addresses)

    def _ask(self) -> list[str]:
        def look_up() -> list[t.Any]:
            return socket.getaddrinfo(self.name, None, type=socket.SOCK_STREAM)

        try:
            found = in_time(self.world.timeout or 10, look_up, "the resolver")
        except socket.gaierror as error:
            if error.errno in _NOT_FOUND:
                return []
            raise CannotTell(f"the resolver failed: {error.strerror}", "resolver") from None
        return list(dict.fromkeys(str(answer[4][0]) for answer in found))

    def _connect(self, port: int, timeout: float) -> Verdict:
        reason = ""
        for address in self._resolve():
            try:
                with socket.create_connection((address, port), timeout=timeout):
                    return Verdict(True, f"{address} accepts connections")
            except OSError as error:
                reason = f"{address}: {(error.strerror or str(error)).lower()}"
        return Verdict(False, reason, "connect")

    def _ping(self, timeout: float) -> Verdict:
        address = self._first([one for one in self._resolve() if ":" not in one])
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP) as channel:
                channel.settimeout(timeout)
                channel.connect((address, 0))
                channel.send(_echo_request())
                channel.recv(1024)
                return Verdict(True, f"{address} answers", "ping")
        except PermissionError:
            return self._ping_by_tool(address, timeout)
        except OSError as error:
            return Verdict(False, f"{address}: {(error.strerror or str(error)).lower()}", "ping")

    def _ping_by_tool(self, address: str, timeout: float) -> Verdict:
        command = [self.world.tool("ping"), "-n", "-c", "1", "-W", str(max(1, int(timeout))), address]
        done = self.world.run(command, timeout=timeout + 2)
        if done.exit_status not in (0, 1):
            raise CannotTell(f"ping failed: {done.stderr.strip() or done.exit_status}", "ping")
        return Verdict(done.exit_status == 0, f"{address} answers" if done.exit_status == 0 else "no answer", "ping")


def _echo_request() -> bytes:
    """The kernel fills in the identifier and, for such sockets, the checksum."""
    return struct.pack("!BBHHH", _ECHO, 0, 0, os.getpid() & 0xFFFF, int(time.time()) & 0xFFFF)


class Answer(t.NamedTuple):
    """What an HTTP server answered."""

    status: int
    headers: dict[str, str]
    body: str
    url: str


class Url(Text):
    name = "a URL (http:// or https://)"

    def check(self, value: t.Any) -> str:
        url = super().check(value)
        if not re.match(r"https?://[^/\s]", url):
            raise self.unfit(value)
        return url


class Http(Resource):
    """The answer to one HTTP request from this machine. Each status is an answer; no connection is an error."""

    word = "http"
    name_kind = Url()
    name_can_be_secret = True
    needs_running_system = True
    slow = True
    instead_of_name = ("url",)
    parameters: t.ClassVar[t.Mapping[str, Kind]] = {
        "url": Url(),
        "method": Text(),
        "headers": Map(Text()),
        "body": Text(),
        "username": Text(),
        "password": Text(),
        "validate_certs": Boolean(),
        "follow_redirects": Boolean(),
        "timeout": Number(),
        "ca_path": Path(),
        "client_cert": Path(),
        "client_key": Path(),
    }

    @classmethod
    def label(cls, name: t.Any, parameters: t.Mapping[str, t.Any]) -> str:
        return f"http {cls.told_name(name or parameters.get('url'))}"

    @classmethod
    def told_name(cls, name: t.Any) -> t.Any:
        """Without a password in it."""
        return name and re.sub(r"^(https?://)[^/@]*@", r"\1", str(name))

    @matcher()
    def be_reachable(self) -> Verdict:
        """The server answers, whatever the status."""
        answer = self.world.once(self._key, self._ask)
        if isinstance(answer, str):
            return Verdict(False, answer)
        return Verdict(True, f"status {answer.status}")

    @its(Integer())
    def status(self) -> int:
        """The status code."""
        return self._answer.status

    @its(Text())
    def body(self) -> str:
        """The body."""
        return self._answer.body

    @its()
    def body_as_json(self) -> t.Any:
        """The body read as JSON."""
        try:
            return json.loads(self._answer.body)
        except ValueError as error:
            raise CannotTell(f"the body is not JSON: {error}") from None

    @its()
    def headers(self) -> dict[str, str]:
        """The headers, with names in lower case."""
        return self._answer.headers

    @its(Text())
    def content_type(self) -> str:
        """The media type, without its parameters."""
        return self._answer.headers.get("content-type", "").partition(";")[0].strip()

    @its(Text())
    def url(self) -> str:
        """The address that answered, after redirects."""
        return str(self.told_name(self._answer.url))

    @property
    def _key(self) -> t.Any:
        return ("http", self.name, json.dumps(self.parameters_given, sort_keys=True))

    @property
    def _answer(self) -> Answer:
        answer = self.world.once(self._key, self._ask)
        if isinstance(answer, str):
            raise CannotTell(answer, "http")
        return t.cast(Answer, answer)

    def _ask(self) -> Answer | str:
        """The answer, or why there is none; raises CannotTell when somebody is there but cannot be understood."""
        from http.client import HTTPException

        try:
            with self._open() as answer:
                headers = {key.lower(): value for key, value in answer.headers.items()}
                # Where redirects are not followed, Ansible names the address that was not asked.
                url = answer.geturl() if self.parameter("follow_redirects", True) else self._address
                return Answer(answer.status, headers, _text(answer), url)
        except (OSError, HTTPException, ValueError) as error:
            return _no_answer(error)

    def _open(self) -> t.Any:
        from urllib.error import HTTPError

        from ansible.module_utils.urls import open_url

        try:
            return open_url(self._address, **self._settings())
        except HTTPError as error:
            return error

    @property
    def _address(self) -> str:
        return str(self.parameter("url") or self.name)

    def _settings(self) -> dict[str, t.Any]:
        return {
            "method": self.parameter("method", "GET"),
            "headers": self.parameter("headers"),
            "data": self.parameter("body"),
            "url_username": self.parameter("username"),
            "url_password": self.parameter("password"),
            "force_basic_auth": True,
            "validate_certs": self.parameter("validate_certs", True),
            "follow_redirects": "all" if self.parameter("follow_redirects", True) else "none",
            "timeout": self.parameter("timeout", self.world.timeout),
            "ca_path": self.parameter("ca_path"),
            "client_cert": self.parameter("client_cert"),
            "client_key": self.parameter("client_key"),
            "use_proxy": False,
            "use_netrc": False,
        }


def _text(answer: t.Any) -> str:
    data = answer.read(_MOST)
    try:
        return str(data.decode(answer.headers.get_content_charset("utf-8"), "replace"))
    except LookupError:
        return str(data.decode("utf-8", "replace"))


def _no_answer(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    told = f"no answer: {getattr(reason, 'strerror', None) or reason}".replace("\n", " ")
    nobody = isinstance(reason, (ConnectionError, TimeoutError, socket.timeout))
    if nobody or getattr(reason, "errno", None) in _NOBODY:
        return told
    raise CannotTell(told, "http")


RESOURCES = (HostResource, Http)
