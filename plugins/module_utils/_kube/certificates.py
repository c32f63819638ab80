# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""X.509 from and to PEM: nothing here knows about clusters or files.

The library cryptography takes a tenth of a second to import, so whoever imports this does so only when it is needed.
"""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import typing as t
from dataclasses import dataclass, field

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
except ImportError as error:
    MISSING: ImportError | None = error
else:
    MISSING = None

if t.TYPE_CHECKING:
    PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Pair:
    """A certificate and its private key, which no repr shows."""

    certificate: str
    key: str = field(repr=False)


@dataclass(frozen=True)
class Subject:
    """What a certificate says about its holder; purposes are client and server, sans begin with DNS: or IP:."""

    common_name: str
    organization: str
    purposes: tuple[str, ...] = ()
    sans: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"O={self.organization}, CN={self.common_name}"


@dataclass(frozen=True)
class Facts:
    """The public side of a certificate."""

    subject: str
    issuer: str
    sans: tuple[str, ...]
    purposes: tuple[str, ...]
    not_before: datetime.datetime
    not_after: datetime.datetime
    is_authority: bool
    key_type: str
    sha256: str
    #: of the public key, as kubeadm pins it
    key_sha256: str


def new_key(key_type: str) -> str:
    key: PrivateKey
    if key_type == "rsa-2048":
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    else:
        key = ec.generate_private_key(ec.SECP256R1())
    # The format that kubeadm itself writes.
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode()


def public_key(key: str) -> str:
    return (
        _key(key)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def key_sha256(key: str) -> str:
    """The fingerprint of a private key's public half."""
    return _fingerprint(_key(key).public_key())


def key_type_of(key: str) -> str:
    return _type(_key(key).public_key())


def facts(certificate: str) -> Facts:
    found = _certificate(certificate)
    constraints = _extension(found, x509.BasicConstraints)
    usage = _extension(found, x509.KeyUsage)
    return Facts(
        subject=_name(found.subject),
        issuer=_name(found.issuer),
        sans=_sans(found),
        purposes=_purposes(found),
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        is_authority=bool(constraints and constraints.ca and (usage is None or usage.key_cert_sign)),
        key_type=_type(found.public_key()),
        sha256=found.fingerprint(hashes.SHA256()).hex(),
        key_sha256=_fingerprint(found.public_key()),
    )


def is_signed_by(certificate: str, authority: str) -> bool:
    try:
        _certificate(certificate).verify_directly_issued_by(_certificate(authority))
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def new_authority(subject: Subject, key: str, now: datetime.datetime, days: int) -> str:
    """A certificate that signs itself and others."""
    own = _key(key)
    name = _x509_name(subject)
    usage = _usage(digital_signature=True, key_cert_sign=True, crl_sign=True)
    builder = (
        _builder(name, own, now, now + datetime.timedelta(days=days))
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(own.public_key()), critical=False)
    )
    return _signed(builder, own)


def new_leaf(subject: Subject, key: str, authority: Pair, now: datetime.datetime, not_after: datetime.datetime) -> str:
    own, signer, issuer = _key(key), _key(authority.key), _certificate(authority.certificate)
    usage = _usage(digital_signature=True, key_encipherment=isinstance(own, rsa.RSAPrivateKey))
    purposes = x509.ExtendedKeyUsage([_purpose_ids()[purpose] for purpose in subject.purposes])
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = (
        _builder(_x509_name(subject), own, now, not_after)
        .issuer_name(issuer.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(purposes, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
    )
    if subject.sans:
        builder = builder.add_extension(x509.SubjectAlternativeName(map(_general_name, subject.sans)), critical=False)
    return _signed(builder, signer)


def _builder(
    name: x509.Name, key: PrivateKey, now: datetime.datetime, not_after: datetime.datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _signed(builder: x509.CertificateBuilder, signer: PrivateKey) -> str:
    return builder.sign(signer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def _purpose_ids() -> dict[str, x509.ObjectIdentifier]:
    return {"client": ExtendedKeyUsageOID.CLIENT_AUTH, "server": ExtendedKeyUsageOID.SERVER_AUTH}


def _usage(**used: bool) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: used.get(name, False) for name in names})


def _x509_name(subject: Subject) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, subject.organization),
            x509.NameAttribute(NameOID.COMMON_NAME, subject.common_name),
        ]
    )


def _name(name: x509.Name) -> str:
    """In the order in which it is written, such as O=kube-aws, CN=kube-ca."""
    return ", ".join(part.rfc4514_string() for part in name.rdns)


def _general_name(san: str) -> x509.GeneralName:
    kind, _colon, value = san.partition(":")
    return x509.IPAddress(ipaddress.ip_address(value)) if kind == "IP" else x509.DNSName(value)


def _sans(certificate: x509.Certificate) -> tuple[str, ...]:
    names = _extension(certificate, x509.SubjectAlternativeName)
    if names is None:
        return ()
    dns = [f"DNS:{name}" for name in names.get_values_for_type(x509.DNSName)]
    return (*dns, *(f"IP:{address}" for address in names.get_values_for_type(x509.IPAddress)))


def _purposes(certificate: x509.Certificate) -> tuple[str, ...]:
    used = _extension(certificate, x509.ExtendedKeyUsage) or ()
    return tuple(purpose for purpose, oid in _purpose_ids().items() if oid in used)


def _extension(certificate: x509.Certificate, kind: type[t.Any]) -> t.Any:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def check_key(pem: str) -> None:
    """Whether the numbers of a key that comes from elsewhere make a key at all."""
    serialization.load_pem_private_key(pem.encode(), password=None)


def _key(pem: str) -> PrivateKey:
    """A key that was made here, or checked once: the primes of RSA take a seventh of a second each time."""
    key = serialization.load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
        raise ValueError("it is neither an RSA nor an EC key")
    return key


def _certificate(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def _type(key: t.Any) -> str:
    if isinstance(key, rsa.RSAPublicKey):
        return f"rsa-{key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ecdsa-p{key.curve.key_size}"
    return type(key).__name__


def _fingerprint(key: t.Any) -> str:
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()
