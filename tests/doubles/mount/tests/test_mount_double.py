# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The double of the mount helpers: it refuses what the real ones refuse, and really asks the server."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from doubles.mount import mount_double as double

RECOMMENDED = "rw,nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport,_netdev,nofail"


def test_recommended_options_are_taken() -> None:
    options = double.parsed(RECOMMENDED, double.NFS)
    assert (options["nfsvers"], options["hard"]) == ("4.1", "")
    assert double.minor_version(options) == 1


REFUSED = [
    ("hrad", "unknown mount option 'hrad'"),
    ("rsize=1M", "incorrect mount option was specified: 'rsize=1M'"),
    ("rsize", "incorrect mount option was specified: 'rsize'"),
    ("hard=1", "incorrect mount option was specified: 'hard=1'"),
    ("nfsvers=3", "incorrect mount option was specified: 'nfsvers=3'"),
    ("hard,,ro", "unknown mount option ''"),
    ("hard,soft", "exclude each other: hard, soft"),
    ("ro,rw", "exclude each other: ro, rw"),
    ("hard,hard", "'hard' is given twice"),
    ("tls", "unknown mount option 'tls'"),
    ("accesspoint=fsap-0123456789abcdef0", "unknown mount option"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_options_that_the_kernel_refuses(text: str, reason: str) -> None:
    with pytest.raises(double.Refused, match=reason):
        double.parsed(text, double.NFS)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("iam", 'The "tls" option is required when mounting via "iam"'),
        ("accesspoint=fsap-0123456789abcdef0", '"tls" option is required'),
        ("tls,port=2049", "mutually exclusive"),
        ("tls,accesspoint=fsap-1", "incorrect mount option"),
        ("tls,capath=/x", "unknown mount option"),
    ],
)
def test_options_that_the_helper_for_efs_refuses(text: str, reason: str) -> None:
    with pytest.raises(double.Refused, match=reason):
        double.check_efs(double.parsed(text, double.EFS))


def test_what_a_remount_can_change() -> None:
    before = double.specific(double.parsed(RECOMMENDED, double.NFS))
    assert double.specific(double.parsed(f"remount,{RECOMMENDED.replace('rw', 'ro')}", double.NFS)) == before
    assert double.specific(double.parsed(RECOMMENDED.replace("rsize=1048576", "rsize=65536"), double.NFS)) != before


@pytest.mark.parametrize("source", ["nfs.test", "/dev/sda", "nfs.test:export", "fd00::7:/x"])
def test_sources_that_are_no_server_and_directory(source: str) -> None:
    with pytest.raises(double.Refused, match="not in 'host:dir' format"):
        double.split(source)


def test_a_source_has_a_server_and_a_directory() -> None:
    assert double.split("[fd00::7]:/export") == ("fd00::7", "/export")


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[int]:
    """Answers one request with this status of the compound, if it is an EXCHANGE_ID of version 4.1."""

    def answer() -> None:
        connection, _address = listener.accept()
        with connection:
            size = struct.unpack(">I", connection.recv(4))[0] & 0x7FFFFFFF
            call = connection.recv(size)
            assert struct.unpack(">6I", call[:24])[1:] == (0, 2, 100003, 4, 1)
            # After the credentials: an empty tag, the minor version, and one operation.
            body = call[24 + 8 + struct.unpack(">I", call[28:32])[0] + 8 :]
            assert struct.unpack(">4I", body[:16]) == (0, 1, 1, 42)
            reply = struct.pack(">6I", 1, 1, 0, 0, 0, 0) + struct.pack(">3I", request.param, 0, 0)
            connection.sendall(struct.pack(">I", 0x80000000 | len(reply)) + reply)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer, daemon=True).start()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("server", [0], indirect=True)
def test_a_server_that_agrees(server: int) -> None:
    double.reach("127.0.0.1", server, 1, 0)


@pytest.mark.parametrize(
    ("server", "reason"), [(10021, "Protocol not supported"), (10018, "NFS error 10018")], indirect=["server"]
)
def test_a_server_that_does_not(server: int, reason: str) -> None:
    with pytest.raises(double.Refused, match=reason):
        double.reach("127.0.0.1", server, 1, 0)


def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(double.Refused, match="refused"):
        double.reach("127.0.0.1", port, 1, 0)
