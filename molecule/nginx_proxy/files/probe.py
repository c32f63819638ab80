# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Talk to a proxy as people and load balancers do, and print what was seen, as JSON: probe.py OPTIONS, also JSON.

port, tls: where the proxy is; hello: the line of the proxy protocol before each request, if any
asks: by name, requests with line, headers, and perhaps a port, a source address, a hello of their own, or how often
upload: size in MiB; moves: the addresses between which the upstream moves; stop: the service at the first of them
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

OPTIONS = json.loads(sys.argv[1])
HOSTS = Path("/etc/jenkins_proxy.hosts")
PIECE = os.urandom(1 << 20)


def connect(port: int = OPTIONS["port"], source: str = "127.0.0.1") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(source, 0))
    if port != OPTIONS["port"] or not OPTIONS.get("tls"):
        return connection
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(connection, server_hostname="jenkins.example.com")


def request(line: str, *headers: str, hello: str = OPTIONS.get("hello", "")) -> bytes:
    named = [] if any(header.startswith("Host:") for header in headers) else ["Host: jenkins.example.com"]
    return (hello + "\r\n".join([f"{line} HTTP/1.1", *named, *headers, "", ""])).encode()


def rest(connection: socket.socket) -> bytes:
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return received


def parse(received: bytes) -> dict[str, Any]:
    head, _, body = received.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines if ": " in line)
    answer = {"status": int((first.split() or ["", "0"])[1]) if first.startswith("HTTP/") else 0, "body": body}
    return {**answer, "headers": {name.lower(): value for name, value in headers.items()}}


def ask(
    line: str, headers: list[str] | None = None, port: int = OPTIONS["port"], source: str = "127.0.0.1", **hello: str
) -> dict[str, Any]:
    """A whole answer: its status, headers and body, and what the upstream saw if it answered itself."""
    with connect(port, source) as connection:
        connection.sendall(request(line, "Connection: close", *(headers or []), **hello))
        answer = parse(rest(connection))
    return {**answer, "seen": json.loads(answer["body"])} if answer["body"].startswith("{") else answer


def ask_often(times: int = 1, **what: Any) -> Any:
    return ask(**what) if times == 1 else [ask(**what)["status"] for _ in range(times)]


def conversation() -> dict[str, Any]:
    """A text frame, masked as the standard wants it, and the frame that comes back."""
    key, mask, text = base64.b64encode(os.urandom(16)).decode(), b"mask", b"hello"
    with connect() as connection:
        upgrade = ("Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}")
        connection.sendall(request("GET /ws", "Connection: Upgrade", *upgrade))
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(1024)
        masked = bytes(byte ^ mask[n % 4] for n, byte in enumerate(text))
        connection.sendall(bytes([0x81, 0x80 | len(text)]) + mask + masked)
        frame = connection.recv(1024)
    expected = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode(), usedforsecurity=False).digest()
    accepted = parse(received)["headers"].get("sec-websocket-accept") == base64.b64encode(expected).decode()
    return {"status": parse(received)["status"], "accepted": accepted, "frame": frame.hex(), "text": frame[2:].decode()}


def stream() -> list[float]:
    """Seconds from the first piece of a slow answer to each of its pieces."""
    times: dict[str, float] = {}
    received = b""
    with connect() as connection:
        connection.sendall(request("GET /stream", "Connection: close"))
        while piece := connection.recv(65536):
            received += piece
            for name in re.findall(r"piece \d", received.decode()):
                times.setdefault(name, time.monotonic())
    first = min(times.values())
    return [moment - first for moment in times.values()]


def upload() -> dict[str, Any]:
    """Whether Jenkins got a large upload whole, and before its end was sent."""
    digest = hashlib.sha256()
    with connect() as connection:
        length = len(PIECE) * OPTIONS["upload"]
        connection.sendall(request("POST /upload", "Connection: close", f"Content-Length: {length}"))
        for number in range(OPTIONS["upload"]):
            connection.sendall(PIECE)
            digest.update(PIECE)
            if number == 0:
                time.sleep(1)
                second_began = time.monotonic()
        seen = json.loads(parse(rest(connection))["body"])
    return {"bytes": length, "whole": seen["sha256"] == digest.hexdigest(), "ahead": second_began - seen["began"]}


def point_to(address: str) -> None:
    HOSTS.write_text(f"{address} jenkins.test\n")
    subprocess.run(["systemctl", "reload", "dnsmasq"], check=True)


def proxy_processes() -> list[str]:
    return subprocess.run(["pgrep", "nginx"], check=True, capture_output=True, text=True).stdout.split()


def backend() -> str:
    answer = ask("GET /")
    return str(answer["seen"]["backend"]) if answer["status"] == 200 else ""


def move() -> dict[str, Any]:
    """The upstream gets another address; perhaps the old one does not answer any more."""
    first, second = OPTIONS["moves"]
    before, processes, after = backend(), proxy_processes(), ""
    began = time.monotonic()
    try:
        point_to(second)
        subprocess.run(["systemctl", "stop", *OPTIONS.get("stop", [])], check=bool(OPTIONS.get("stop")))
        while after != second and time.monotonic() < began + 30:
            time.sleep(0.5)
            after = backend()
        seconds, same = time.monotonic() - began, proxy_processes() == processes
    finally:
        subprocess.run(["systemctl", "start", *OPTIONS.get("stop", [])], check=bool(OPTIONS.get("stop")))
        point_to(first)
    return {"before": before, "after": after, "seconds": seconds, "same_processes": same}


found = {name: ask_often(**what) for name, what in OPTIONS["asks"].items()}
found |= {"conversation": conversation(), "stream": stream(), "upload": upload()}
print(json.dumps({**found, "move": move()}))
