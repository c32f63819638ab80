#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""A double of /sbin/mount.nfs4 and /sbin/mount.efs, for kernels that have no NFS client.

It refuses what the real ones and the kernel refuse, talks NFSv4.1 to the real server, asks it for the directory, and
keeps trying a server that is dead. Only the last step is played: an empty tmpfs of the same source is mounted, which
holds none of the server's files. Calls are written to LOG, one JSON object each.
"""

from __future__ import annotations

import json
import os
import re
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

LOG = Path("/var/log/mount_double.jsonl")
TUNNELS = Path("/run/efs")
FAILED = 32  # as mount(8) says: mount failure
NUMBER = r"[0-9]+"
WORDS_OF_FLAGS = "ro rw suid nosuid dev nodev exec noexec atime noatime diratime nodiratime relatime sync async"
FLAGS = WORDS_OF_FLAGS.split()
# nfs(5): what has a value, and what has none.
VALUES = {
    "nfsvers": r"4(\.[0-2])?", "vers": r"4(\.[0-2])?", "minorversion": "[0-2]", "rsize": NUMBER, "wsize": NUMBER,
    "timeo": NUMBER, "retrans": NUMBER, "port": NUMBER, "retry": NUMBER, "acregmin": NUMBER, "acregmax": NUMBER,
    "acdirmin": NUMBER, "acdirmax": NUMBER, "actimeo": NUMBER, "nconnect": "[1-9]|1[0-6]", "proto": "tcp6?",
    "sec": "sys|krb5[ip]?", "lookupcache": "all|none|pos|positive", "local_lock": "none|all|flock|posix",
    "clientaddr": r"[0-9a-fA-F.:]+",
}  # fmt: skip
WORDS = "hard soft softerr resvport noresvport ac noac cto nocto fsc nofsc bg fg intr nointr sharecache nosharecache"
WORDS_OF_MOUNT = "remount _netdev nofail auto noauto defaults"
NFS = dict.fromkeys(f"{WORDS} {WORDS_OF_MOUNT} {WORDS_OF_FLAGS}".split(), "") | VALUES
EFS = NFS | {
    "tls": "", "iam": "", "noocsp": "", "ocsp": "", "accesspoint": "fsap-[0-9a-f]{17}", "az": "[a-z0-9-]+",
    "region": "[a-z]+(-[a-z]+)+-[0-9]", "mounttargetip": "[0-9a-fA-F.:]+", "tlsport": NUMBER,
}  # fmt: skip
OPPOSITES = [{"hard", "soft", "softerr"}, {"ro", "rw"}, {"resvport", "noresvport"}, {"nfsvers", "vers"}]


class Refused(Exception):
    """What the real helper or the kernel would refuse."""


def parsed(text: str, known: dict[str, str]) -> dict[str, str]:
    """The options by name; anything unknown, malformed, repeated or contradictory is refused."""
    options: dict[str, str] = {}
    for part in text.split(","):
        name, equals, value = part.partition("=")
        if name not in known:
            raise Refused(f"unknown mount option '{part}'")
        if bool(equals) != bool(known[name]) or not re.fullmatch(known[name], value):
            raise Refused(f"an incorrect mount option was specified: '{part}'")
        if name in options:
            raise Refused(f"mount option '{name}' is given twice")
        options[name] = value
    for group in OPPOSITES:
        if len(group & set(options)) > 1:
            raise Refused(f"mount options exclude each other: {', '.join(sorted(group & set(options)))}")
    return options


def check_efs(options: dict[str, str]) -> None:
    for name in ("iam", "accesspoint"):
        if name in options and "tls" not in options:
            raise Refused(f'The "tls" option is required when mounting via "{name}"')
    if {"tls", "port"} <= set(options):
        raise Refused('The "port" and "tls" options are mutually exclusive')


def split(source: str) -> tuple[str, str]:
    found = re.fullmatch(r"(\[[0-9a-fA-F:]+\]|[A-Za-z0-9_.-]+):(/.*)", source)
    if not found:
        raise Refused(f"remote share not in 'host:dir' format: '{source}'")
    return found[1].strip("[]"), found[2]


def minor_version(options: dict[str, str]) -> int:
    version = options.get("nfsvers", options.get("vers", ""))
    if "." not in version:
        raise Refused("this double wants to be told the minor version: nfsvers=4.1")
    return int(version[2:])


def exchange_id(minor: int) -> bytes:
    """The first request of an NFSv4.1 client (RFC 8881, 18.35), as a record of ONC RPC."""

    def opaque(data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + data + b"\0" * (-len(data) % 4)

    credentials = opaque(struct.pack(">I", 0) + opaque(b"double") + struct.pack(">III", 0, 0, 0))
    call = struct.pack(">6I", 1, 0, 2, 100003, 4, 1) + struct.pack(">I", 1) + credentials + struct.pack(">II", 0, 0)
    owner = os.urandom(8) + opaque(b"mount double %d" % os.getpid())
    body = call + opaque(b"") + struct.pack(">III", minor, 1, 42) + owner + struct.pack(">III", 0, 0, 0)
    return struct.pack(">I", 0x80000000 | len(body)) + body


def status_of(reply: bytes) -> int:
    """The status of the compound in a reply without a verifier."""
    _size, _call, kind, denied, _flavor, length, refused = struct.unpack(">7I", reply[:28])
    if (kind, denied, refused) != (1, 0, 0):
        raise Refused("the server does not speak NFSv4")
    return int(struct.unpack(">I", reply[28 + length : 32 + length])[0])


def greet(host: str, port: int, minor: int) -> None:
    """Hard, as the kernel: without a timeout."""
    with socket.create_connection((host, port)) as connection:
        connection.sendall(exchange_id(minor))
        reply = connection.recv(4096)
    status = status_of(reply)
    if status:
        raise Refused("Protocol not supported" if status == 10021 else f"the server answers with NFS error {status}")


def reach(host: str, port: int, minor: int, minutes: float) -> None:
    end = time.monotonic() + 60 * minutes
    while True:
        try:
            return greet(host, port, minor)
        except OSError as error:
            if time.monotonic() > end:
                raise Refused(str(error)) from None
            time.sleep(1)


def look_up(host: str, port: int, directory: str) -> None:
    url = f"nfs://{host}{directory.rstrip('/')}/?version=4&nfsport={port}"
    listing = subprocess.run(["nfs-ls", url], capture_output=True, text=True)
    if listing.returncode:
        reason = "No such file or directory" if "NOENT" in listing.stderr else listing.stderr.strip()
        raise Refused(f"mounting {host}:{directory} failed, reason given by server: {reason}")


def calls() -> list[dict[str, str]]:
    return [json.loads(line) for line in LOG.read_text().splitlines()] if LOG.exists() else []


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", "--internal-only", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise Refused(done.stderr.strip())


def specific(options: dict[str, str]) -> dict[str, str]:
    """What the kernel does not change while the file system is mounted."""
    return {name: value for name, value in options.items() if name not in [*FLAGS, *WORDS_OF_MOUNT.split()]}


def nfs(source: str, path: str, text: str) -> None:
    options = parsed(text, NFS)
    flags = [name for name in options if name in FLAGS]
    if "remount" in options:
        before = [call for call in calls() if call["path"] == path][-1]
        if specific(parsed(before["options"], NFS)) != specific(options):
            raise Refused("an incorrect mount option was specified")
        return mount("--options-mode", "ignore", "-o", ",".join(["remount", *flags]), path)
    host, directory = split(source)
    port = int(options.get("port", "2049"))
    reach(host, port, minor_version(options), float(options.get("retry", "2")))
    look_up(host, port, directory)
    return mount("-t", "tmpfs", "-o", ",".join(flags or ["rw"]), source, path)


def efs(source: str, path: str, text: str) -> None:
    options = parsed(text, EFS)
    check_efs(options)
    if "remount" in options:
        raise Refused("this double does not change a mount of EFS")
    system, directory = split(source)
    if not re.fullmatch(r"fs-[0-9a-f]+", system):
        raise Refused(f"Invalid file system name: {system}")
    address = options.get("mounttargetip") or f"{system}.efs.{options.get('region', 'eu-central-1')}.amazonaws.com"
    reach(address, 2049, 1, 0)
    look_up(address, 2049, directory)
    flags = [name for name in options if name in FLAGS]
    mount("-t", "tmpfs", "-o", ",".join(flags or ["rw"]), f"127.0.0.1:{directory}", path)
    TUNNELS.mkdir(exist_ok=True)
    (TUNNELS / f"{system}.{path.strip('/').replace('/', '.')}.20049").touch()


def main() -> int:
    name = Path(sys.argv[0]).name
    try:
        source, path, dash_o, text = sys.argv[1:]
        if dash_o != "-o" or not Path(path).is_dir():
            raise ValueError
    except ValueError:
        print(f"{name}: usage: {name} SOURCE DIRECTORY -o OPTIONS", file=sys.stderr)
        return 1
    try:
        (efs if name == "mount.efs" else nfs)(source, path, text)
    except Refused as refusal:
        print(f"{name}: {refusal}", file=sys.stderr)
        return FAILED
    with LOG.open("a") as log:
        print(json.dumps({"helper": name, "source": source, "path": path, "options": text}), file=log)
    return 0


if __name__ == "__main__":
    sys.exit(main())
