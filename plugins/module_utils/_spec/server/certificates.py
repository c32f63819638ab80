# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import datetime
import hashlib
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Integer, ListOf, Path, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.server import x509
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.file_facts import status
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Verdict,
    its,
    matcher,
)


class X509Certificate(Resource):
    """The first X.509 certificate of a file, PEM or DER."""

    word = "x509_certificate"
    name_kind = Path()

    @matcher()
    def be_certificate(self) -> Verdict:
        """The file is a certificate."""
        found = self._look()
        return Verdict(not isinstance(found, str), found if isinstance(found, str) else "a certificate", self.name)

    @matcher()
    def be_valid(self) -> Verdict:
        """Now is between its dates. Who signed it is not looked at."""
        found = self._certificate
        passed = found.not_before <= _now() <= found.not_after
        return Verdict(passed, f"valid from {self.not_before()} to {self.not_after()}", self.name)

    @its(Text())
    def subject(self) -> str:
        """Whom it names, as C = DE, O = Example, CN = example.org."""
        return x509.words(self._certificate.subject)

    @its(Text())
    def issuer(self) -> str:
        """Who signed it, written like the subject."""
        return x509.words(self._certificate.issuer)

    @its(Text())
    def common_name(self) -> str:
        """CN of the subject."""
        return dict(self._certificate.subject).get("CN", "")

    @its(ListOf(Text()))
    def subject_alt_names(self) -> list[str]:
        """The other names, such as DNS:example.org or IP Address:10.0.0.1."""
        return self._certificate.alternative_names

    @its(Text())
    def not_before(self) -> str:
        """The beginning of its validity, as 2026-12-31T23:59:59Z."""
        return f"{self._certificate.not_before:%Y-%m-%dT%H:%M:%SZ}"

    @its(Text())
    def not_after(self) -> str:
        """The end of its validity, as 2026-12-31T23:59:59Z."""
        return f"{self._certificate.not_after:%Y-%m-%dT%H:%M:%SZ}"

    @its(Integer())
    def validity_in_days(self) -> int:
        """The whole days that are left; below 0 when it has ended."""
        return (self._certificate.not_after - _now()).days

    @its(Integer())
    def keylength(self) -> int:
        """The length of the key in bits."""
        if not self._certificate.bits:
            raise CannotTell("the kind of the key is not known", self.name)
        return self._certificate.bits

    @its(Text())
    def fingerprint(self) -> str:
        """The SHA-1 fingerprint, as openssl prints it."""
        return _fingerprint("sha1", self._certificate.der)

    @its(Text())
    def sha256_fingerprint(self) -> str:
        """The SHA-256 fingerprint, as openssl prints it."""
        return _fingerprint("sha256", self._certificate.der)

    def _look(self) -> x509.Certificate | str:
        """The certificate, or why there is none."""
        if status(self.world, self.name) is None:
            return f"{self.name} does not exist"
        return t.cast("x509.Certificate | str", self.world.once(("x509", self.name), self._read))

    def _read(self) -> x509.Certificate | str:
        try:
            return x509.read(self.world.read(self.name).encode("utf-8", "surrogateescape"))
        except ValueError as error:
            return f"{self.name}: {error}"

    @property
    def _certificate(self) -> x509.Certificate:
        found = self._look()
        if isinstance(found, str):
            raise CannotTell(found, self.name)
        return found


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def _fingerprint(algorithm: str, der: bytes) -> str:
    return ":".join(f"{byte:02X}" for byte in hashlib.new(algorithm, der).digest())


RESOURCES = (X509Certificate,)
