# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""X.509 certificates are read without any library; another reader says the same."""

from __future__ import annotations

import contextlib
import typing as t
from pathlib import Path

import pytest
from cryptography import x509 as other
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from unit.plugins.module_utils._spec.server import certificates

from ansible_collections.containerci.aws.plugins.module_utils._spec.server import x509
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.certificates import X509Certificate
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host

KEYS: dict[str, t.Callable[[], t.Any]] = {
    "rsa": lambda: rsa.generate_private_key(65537, 3072),
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
@pytest.mark.parametrize(
    ("kind", "days"), [("rsa", (-10, 10)), ("p256", (-20000, 20000)), ("p384", (10, 20)), ("ed25519", (-20, -10))]
)
def test_another_reader_says_the_same(kind: str, days: tuple[int, int], encoding: Encoding, tmp_path: Path) -> None:
    path = certificates.make(tmp_path, "site", days, KEYS[kind]())
    theirs = other.load_pem_x509_certificate(path.read_bytes())
    path.write_bytes(theirs.public_bytes(encoding))
    ours = X509Certificate("/site.pem", {}, Host(root=str(tmp_path)))
    assert ours.not_before() == theirs.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ours.not_after() == theirs.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert ours.be_valid().passed is (days[0] < 0 < days[1])
    assert ours.keylength() == getattr(theirs.public_key(), "key_size", 256)
    assert ours.sha256_fingerprint() == theirs.fingerprint(hashes.SHA256()).hex(":").upper()
    assert ours.fingerprint() == theirs.fingerprint(hashes.SHA1()).hex(":").upper()
    assert ours.common_name() == "site"


def test_the_first_certificate_of_a_chain_counts(tmp_path: Path) -> None:
    first, second = (certificates.make(tmp_path, name).read_bytes() for name in ("first", "second"))
    assert dict(x509.read(b"some words\n" + first + second).subject)["CN"] == "first"


def test_a_certificate_without_other_names_has_none(tmp_path: Path) -> None:
    assert x509.read(certificates.make(tmp_path, "site", named=False).read_bytes()).alternative_names == []


def test_what_is_cut_off_or_damaged_is_no_certificate(root: Path) -> None:
    der = x509.read((root / "etc/ssl/site.pem").read_bytes()).der
    for length in range(len(der)):
        with pytest.raises(ValueError, match=r"no X\.509 certificate"):
            x509.read(der[:length])
    for position in range(len(der)):
        damaged = bytes([*der[:position], der[position] ^ 0xFF, *der[position + 1 :]])
        with contextlib.suppress(ValueError):  # what is damaged may still be one
            x509.read(damaged)
