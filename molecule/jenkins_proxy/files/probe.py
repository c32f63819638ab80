# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Talk to the proxy as the load balancer and people do, and print what was seen, as JSON."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

CLIENT = "198.51.100.7"
HELLO = f"PROXY TCP4 {CLIENT} 127.0.0.1 40000 80\r\n"
HOSTS = Path("/etc/jenkins_proxy.hosts")
PIECE = b"0123456789abcdef" * 65536
PIECES = 24


def request(line: str, *headers: str, hello: str = HELLO) -> bytes:
    lines = [f"{line} HTTP/1.1", "Host: jenkins.example.com", *headers, "", ""]
    return (hello + "\r\n".join(lines)).encode()


def connect(port: int = 80) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def rest(connection: socket.socket) -> bytes:
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return received


def ask(line: str, *headers: str, port: int = 80) -> dict[str, Any]:
    """A whole answer: its status, headers and body."""
    with connect(port) as connection:
        connection.sendall(request(line, "Connection: close", *headers))
        return parse(rest(connection))


def parse(received: bytes) -> dict[str, Any]:
    head, _, body = received.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return {"status": int((first.split() or ["", "0"])[1]), "headers": headers, "body": body}


def arrived(line: str, *headers: str) -> dict[str, Any]:
    """What Jenkins saw of a request."""
    seen: dict[str, Any] = json.loads(ask(line, *headers)["body"])
    return seen


def forged() -> dict[str, Any]:
    names = ("X-Forwarded-For", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port")
    return arrived("GET /job/a%2Fb/?q=%2F%20", *(f"{name}: 192.0.2.66" for name in names))


def conversation() -> dict[str, Any]:
    with connect() as connection:
        connection.sendall(request("GET /ws", "Connection: Upgrade", "Upgrade: websocket"))
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(1024)
        connection.sendall(b"hello")
        return {**parse(received), "said": connection.recv(1024).decode()}


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
    with connect() as connection:
        length = len(PIECE) * PIECES
        connection.sendall(request("POST /upload", "Connection: close", f"Content-Length: {length}"))
        connection.sendall(PIECE)
        time.sleep(1)
        last_began = time.monotonic()
        for _ in range(PIECES - 1):
            connection.sendall(PIECE)
        seen = json.loads(parse(rest(connection))["body"])
    whole = seen["sha256"] == hashlib.sha256(PIECE * PIECES).hexdigest()
    return {"bytes": length, "whole": whole, "streamed": seen["began"] < last_began}


def unannounced() -> str:
    """What somebody gets who does not come through the load balancer."""
    with connect() as connection:
        connection.sendall(request("GET /", "Connection: close", hello=""))
        return rest(connection).decode()


def point_to(address: str) -> None:
    HOSTS.write_text(f"{address} jenkins.test\n")
    subprocess.run(["systemctl", "reload", "dnsmasq"], check=True)


def proxy_processes() -> list[str]:
    return subprocess.run(["pgrep", "nginx"], check=True, capture_output=True, text=True).stdout.split()


def move() -> dict[str, Any]:
    """The load balancer gets another address, and the old one does not answer any more."""
    before, processes = arrived("GET /")["backend"], proxy_processes()
    began = time.monotonic()
    try:
        point_to("127.0.0.3")
        subprocess.run(["systemctl", "stop", "jenkins_backend@127.0.0.2"], check=True)
        while (answer := ask("GET /"))["status"] != 200 and time.monotonic() < began + 30:
            time.sleep(0.5)
        after = json.loads(answer["body"])["backend"] if answer["status"] == 200 else ""
        seconds = time.monotonic() - began
        same = proxy_processes() == processes
    finally:
        subprocess.run(["systemctl", "start", "jenkins_backend@127.0.0.2"], check=True)
        point_to("127.0.0.2")
    return {"before": before, "after": after, "seconds": seconds, "same_processes": same}


found = {
    "forged": forged(),
    "conversation": conversation(),
    "stream": stream(),
    "upload": upload(),
    "unannounced": unannounced(),
    "redirect": ask("GET /job/a%2Fb?q=1", port=8082),
    "move": move(),
}
print(json.dumps(found))
