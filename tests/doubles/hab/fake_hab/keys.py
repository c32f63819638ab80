# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Origin keys as files. The texts look like real keys, but there is no cryptography behind them."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import typing as t
from pathlib import Path

from fake_hab.failure import Failure

_KINDS = {"SIG-PUB-1": "public", "SIG-SEC-1": "secret"}
_SUFFIX = {"public": "pub", "secret": "sig.key"}
_MODES = {"public": 0o444, "secret": 0o400}


class Key(t.NamedTuple):
    kind: str
    origin: str
    revision: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.origin}-{self.revision}"

    @property
    def file_name(self) -> str:
        return f"{self.name}.{_SUFFIX[self.kind]}"

    @property
    def content(self) -> str:
        return self.text.split("\n\n", 1)[1]


def parse(text: str) -> Key:
    lines = text.split("\n")
    kind = _KINDS.get(lines[0])
    match = re.fullmatch(r"(.+)-(\d{14})", lines[1]) if len(lines) > 3 else None
    if kind is None or match is None or lines[2] or not lines[3]:
        raise Failure("Crypto error: Malformed key contents")
    return Key(kind, match[1], match[2], text.rstrip("\n"))


def generate(origin: str, revision: str) -> tuple[Key, Key]:
    secret = base64.b64encode(os.urandom(64)).decode()
    public = _public_of(secret)
    name = f"{origin}-{revision}"
    return (
        Key("public", origin, revision, f"SIG-PUB-1\n{name}\n\n{public}"),
        Key("secret", origin, revision, f"SIG-SEC-1\n{name}\n\n{secret}"),
    )


def _public_of(secret: str) -> str:
    return base64.b64encode(hashlib.blake2b(secret.encode(), digest_size=32).digest()).decode()


def sign(checksum: str, secret: Key) -> str:
    return _seal(checksum, _public_of(secret.content))


def is_signature(signature: str, checksum: str, public: Key) -> bool:
    return signature == _seal(checksum, public.content)


def _seal(checksum: str, public: str) -> str:
    seal = hashlib.blake2b(f"{checksum} {public}".encode(), digest_size=64).digest()
    return base64.b64encode(seal + checksum.encode()).decode()


class KeyCache:
    """A folder with the files of keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, key: Key) -> None:
        """Store a key; the same text again is fine, another text for the same revision is not."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / key.file_name
        if path.exists():
            if path.read_text() != key.text:
                raise Failure(f"Crypto error: Existing key file {path} but hashes do not match")
            return
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_text(key.text)
        temporary.chmod(_MODES[key.kind])
        temporary.replace(path)

    def read(self, kind: str, name: str) -> Key:
        path = self.folder / f"{name}.{_SUFFIX[kind]}"
        if not path.is_file():
            raise Failure(f"Crypto error: No {kind} signing key found for {name} in {self.folder}")
        return parse(path.read_text())

    def has(self, kind: str, name: str) -> bool:
        return (self.folder / f"{name}.{_SUFFIX[kind]}").is_file()

    def latest(self, kind: str, origin: str) -> Key:
        """The last file of a glob, as the real tool chooses it: a key of `acme-ops` passes for one of `acme`."""
        found = sorted(self.folder.glob(f"{origin}-*.{_SUFFIX[kind]}"), key=lambda path: path.name)
        if not found:
            raise Failure(f"Crypto error: No {kind} signing key found for origin {origin} in {self.folder}")
        return parse(found[-1].read_text())
