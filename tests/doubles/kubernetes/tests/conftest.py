# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster's CA, its administrator, a stranger, and a double."""

from __future__ import annotations

import datetime
import json
import ssl
import sys
import typing as t
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fake_kubernetes.cluster import Cluster
from fake_kubernetes.server import FakeKubernetes

NAME = "localhost"
_USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


class Authority:
    """A CA that writes its files to a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kube-ca")])
        self.ca, self.ca_key = self._write("ca", self._key, self._subject, authority=True)

    def client(self, organization: str) -> tuple[Path, Path]:
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
                x509.NameAttribute(NameOID.COMMON_NAME, "somebody"),
            ]
        )
        name = organization.replace(":", "-")
        return self._write(name, ec.generate_private_key(ec.SECP256R1()), subject, authority=False)

    def _write(self, name: str, key: t.Any, subject: x509.Name, *, authority: bool) -> tuple[Path, Path]:
        now = datetime.datetime.now(datetime.UTC)
        usage = {name: name == "key_cert_sign" and authority for name in _USAGES}
        certificate = (
            x509.CertificateBuilder(self._subject, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(minutes=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**{**usage, "digital_signature": True}), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        pem, private = self._folder / f"{name}.pem", self._folder / f"{name}-key.pem"
        pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        private.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
        return pem, private


class Client:
    """Says just what it is told, with the certificate of organization, or with none."""

    def __init__(self, double: FakeKubernetes, authority: Authority, organization: str | None) -> None:
        self._url = f"https://{NAME}:{double.port}"
        self._context = ssl.create_default_context(cafile=str(authority.ca))
        if organization:
            self._context.load_cert_chain(*map(str, authority.client(organization)))

    def __call__(self, method: str, path: str, body: t.Any = None, kind: str = "application/json") -> tuple[int, t.Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, {"Content-Type": kind}, method=method)
        try:
            with urllib.request.urlopen(request, context=self._context) as answer:
                return answer.status, _content(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _content(error.read())


def _content(body: bytes) -> t.Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("pki"))


@pytest.fixture
def double(authority: Authority) -> t.Iterator[FakeKubernetes]:
    with FakeKubernetes(authority.ca, authority.ca_key, NAME, Cluster(1, 2, delay=0)) as running:
        yield running


@pytest.fixture
def admin(double: FakeKubernetes, authority: Authority) -> Client:
    return Client(double, authority, "system:masters")
