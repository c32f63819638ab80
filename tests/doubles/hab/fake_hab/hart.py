# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Package artifacts: five lines of header and a tar.xz."""

from __future__ import annotations

import hashlib
import io
import tarfile
import typing as t
from pathlib import Path

from fake_hab import keys
from fake_hab.failure import Failure
from fake_hab.idents import Ident

_FORMAT = "HART-1"
_HASH = "BLAKE2b"


class File(t.NamedTuple):
    content: bytes
    mode: int = 0o644


Files = t.Mapping[str, File]


def checksum(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=32).hexdigest()


def pack(ident: Ident, files: Files) -> bytes:
    """The payload: the files below the folder of the package."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:xz", preset=0) as archive:
        for name, file in sorted(files.items()):
            member = tarfile.TarInfo(f"hab/pkgs/{ident}/{name}")
            member.size, member.mode = len(file.content), file.mode
            archive.addfile(member, io.BytesIO(file.content))
    return stream.getvalue()


def seal(payload: bytes, secret: keys.Key) -> bytes:
    """The artifact: the payload with the header that signs it."""
    signature = keys.sign(checksum(payload), secret)
    return "\n".join([_FORMAT, secret.name, _HASH, signature, "", ""]).encode() + payload


class Header(t.NamedTuple):
    format: str
    key_name: str
    hash_type: str
    signature: str


class Hart:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = path.read_bytes()
        self.header, self.payload = split(self.data)
        self.files = _unpack(self.payload)

    @classmethod
    def read(cls, path: Path) -> Hart:
        try:
            return cls(path)
        except (ValueError, tarfile.TarError, EOFError) as error:
            raise Failure(f"Can't read {path}: {error}") from error

    def text(self, name: str) -> str | None:
        file = self.files.get(name)
        return file.content.decode().strip() if file else None

    @property
    def ident(self) -> Ident:
        text = self.text("IDENT")
        if text is None:
            raise Failure(f"Metafile IDENT not found in {self.path}")
        return Ident.parse(text)

    @property
    def target(self) -> str:
        return self.text("TARGET") or "x86_64-linux"

    def idents(self, name: str) -> list[Ident]:
        return [Ident.parse(line) for line in (self.text(name) or "").splitlines()]

    @property
    def checksum(self) -> str:
        return checksum(self.data)

    def verify(self, cache: keys.KeyCache) -> str:
        """Check the signature with the public key of the cache; the checksum of the payload."""
        public = cache.read("public", self.header.key_name)
        digest = checksum(self.payload)
        if not keys.is_signature(self.header.signature, digest, public):
            raise Failure(f"Crypto error: Habitat artifact is invalid, hashes don't match: {self.path}")
        return digest


def split(data: bytes) -> tuple[Header, bytes]:
    parts = data.split(b"\n", 5)
    if len(parts) != 6 or parts[0].decode(errors="replace") != _FORMAT or parts[4]:
        raise ValueError("the header of the artifact is not readable")
    return Header(*(part.decode() for part in parts[:4])), parts[5]


def _unpack(payload: bytes) -> dict[str, File]:
    files = {}
    with tarfile.open(fileobj=io.BytesIO(payload), mode="r:xz") as archive:
        for member in archive:
            stream = archive.extractfile(member)
            if stream is not None:
                name = member.name.split("/", 6)[-1]
                files[name] = File(stream.read(), member.mode)
    return files
