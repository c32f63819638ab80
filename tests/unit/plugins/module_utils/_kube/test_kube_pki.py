# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys and certificates of a cluster, judged by openssl."""

from __future__ import annotations

import dataclasses
import datetime
import re
import subprocess
import typing as t
from pathlib import Path

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import certificates, pki
from ansible_collections.containerci.aws.plugins.module_utils._kube.certificates import Pair, Subject
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster, Controller, Subnet, Tls
from ansible_collections.containerci.aws.plugins.module_utils._kube.pki_shapes import AUTHORITIES, ON_CONTROLLERS, Wish

NOW = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
CLUSTER = Cluster(
    name="blue",
    region="eu-west-1",
    external_dns_name="blue.example.com",
    kms_key_arn="arn:aws:kms:eu-west-1:123456789012:key/1",
    subnets=(Subnet("eu-west-1a", "10.0.0.0/24"),),
    controller=Controller(),
    controller_ips=("10.0.0.50",),
    pools=(),
)
NAMES = ["admin", *AUTHORITIES]


def cluster(**changes: t.Any) -> Cluster:
    name = changes.pop("name", "blue")
    return dataclasses.replace(CLUSTER, name=name, tls=Tls(**changes))


def made(wish: Wish, texts: t.Mapping[str, str] | None = None, now: datetime.datetime = NOW) -> dict[str, str]:
    return pki.carry_out(wish, pki.plan(wish, texts or {}, now), texts or {}, now)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return made(Wish(CLUSTER))


@pytest.fixture(scope="module", params=["ecdsa-p256", "rsa-2048"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    for name, text in made(Wish(cluster(key_type=request.param))).items():
        (folder / name).write_text(text)
    return folder


def openssl(*arguments: str | Path, given: bytes = b"") -> bytes:
    found = subprocess.run(["openssl", *arguments], check=False, capture_output=True, input=given)
    assert found.returncode == 0, (arguments, found.stdout, found.stderr)
    return found.stdout


def shown(certificate: Path) -> str:
    return openssl("x509", "-in", certificate, "-noout", "-text").decode()


# What is made


def test_openssl_trusts_what_an_authority_signed(folder: Path) -> None:
    openssl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", folder / "ca.pem", folder / "admin.pem")


@pytest.mark.parametrize("name", AUTHORITIES)
def test_openssl_takes_an_authority_for_one(folder: Path, name: str) -> None:
    file = folder / f"{name}.pem"
    openssl("verify", "-x509_strict", "-check_ss_sig", "-CAfile", file, file)
    assert f"Subject: O = kube-aws, CN = {AUTHORITIES[name]}" in shown(file)
    assert re.search(r"Key Usage: critical\s+Digital Signature, Certificate Sign, CRL Sign", shown(file))
    assert re.search(r"Basic Constraints: critical\s+CA:TRUE", shown(file))


def test_an_authority_does_not_vouch_for_what_another_signed(folder: Path) -> None:
    command = ["openssl", "verify", "-CAfile", folder / "etcd-ca.pem", folder / "admin.pem"]
    assert subprocess.run(command, check=False, capture_output=True).returncode != 0


def test_the_administrator_is_one_by_his_group_and_can_be_no_server(folder: Path) -> None:
    text = shown(folder / "admin.pem")
    assert "Subject: O = kubeadm:cluster-admins, CN = kube-aws-blue-admin" in text
    assert re.search(r"Extended Key Usage: ?\s+TLS Web Client Authentication\n", text)
    assert "Subject Alternative Name" not in text
    assert "CA:FALSE" in text


@pytest.mark.parametrize("name", NAMES)
def test_key_and_certificate_belong_together(folder: Path, name: str) -> None:
    private = openssl("pkey", "-in", folder / f"{name}-key.pem", "-pubout")
    assert private == openssl("x509", "-in", folder / f"{name}.pem", "-noout", "-pubkey")


def test_the_service_account_has_two_halves_of_one_key(folder: Path) -> None:
    assert openssl("pkey", "-in", folder / "sa-key.pem", "-pubout").decode() == (folder / "sa.pub").read_text()


@pytest.mark.parametrize("name", [*NAMES, "sa"])
def test_keys_are_of_the_type_that_was_asked_for(folder: Path, name: str) -> None:
    text = openssl("pkey", "-in", folder / f"{name}-key.pem", "-noout", "-text").decode()
    assert ("ASN1 OID: prime256v1" if "ecdsa" in folder.name else "2048 bit") in text


def test_kubeadm_pins_the_authority_by_the_hash_that_openssl_computes(folder: Path) -> None:
    public = openssl("x509", "-in", folder / "ca.pem", "-noout", "-pubkey")
    der = openssl("pkey", "-pubin", "-outform", "der", given=public)
    digest = openssl("dgst", "-sha256", "-r", given=der).decode().split()[0]
    assert pki.ca_hash({"ca.pem": (folder / "ca.pem").read_text()}) == f"sha256:{digest}"


@pytest.mark.parametrize("name", NAMES)
def test_validity_begins_now_and_is_as_long_as_kube_aws_had_it(texts: dict[str, str], name: str) -> None:
    facts = certificates.facts(texts[f"{name}.pem"])
    assert facts.not_before == NOW
    assert facts.not_after == NOW + (90 if name == "admin" else 365) * DAY


def test_names_of_a_server_are_in_its_certificate(texts: dict[str, str], tmp_path: Path) -> None:
    names = ("DNS:kubernetes", "DNS:blue.example.com", "IP:10.0.0.50")
    key = certificates.new_key("ecdsa-p256")
    authority = Pair(texts["ca.pem"], texts["ca-key.pem"])
    (tmp_path / "ca.pem").write_text(texts["ca.pem"])
    subject = Subject("kube-apiserver", "kube-aws", ("server",), names)
    (tmp_path / "api.pem").write_text(certificates.new_leaf(subject, key, authority, NOW, NOW + DAY))
    options = ["-x509_strict", "-purpose", "sslserver", "-verify_hostname", "blue.example.com"]
    openssl("verify", *options, "-CAfile", tmp_path / "ca.pem", tmp_path / "api.pem")
    assert "DNS:kubernetes, DNS:blue.example.com, IP Address:10.0.0.50" in shown(tmp_path / "api.pem")


def test_controllers_get_what_kubeadm_does_not_make(texts: dict[str, str]) -> None:
    files = pki.on_controllers(texts)
    assert set(files) == set(ON_CONTROLLERS)
    assert files["etcd/ca.key"] == texts["etcd-ca-key.pem"]
    assert texts["admin-key.pem"] not in files.values()


def test_a_token_is_one_as_kubeadm_has_them(texts: dict[str, str]) -> None:
    assert re.fullmatch(r"[a-z0-9]{6}\.[a-z0-9]{16}", pki.token(texts))
    assert pki.new_token() != pki.new_token()


# What is kept, and what is made anew


def planned(wish: Wish, texts: t.Mapping[str, str], days: float = 0) -> dict[str, str]:
    return {step.name: step.reason for step in pki.plan(wish, texts, NOW + days * DAY).steps}


def test_the_second_time_nothing_is_made(texts: dict[str, str]) -> None:
    assert not pki.plan(Wish(CLUSTER), texts, NOW)
    assert made(Wish(CLUSTER), texts) == texts


@pytest.mark.parametrize(
    ("days", "names"), [(0, set()), (59.9, set()), (60, {"admin"}), (89, {"admin"}), (91, {"admin"})]
)
def test_the_administrator_is_renewed_in_time(texts: dict[str, str], days: float, names: set[str]) -> None:
    assert set(planned(Wish(CLUSTER), texts, days)) == names


def test_a_renewed_certificate_has_a_new_key_and_begins_anew(texts: dict[str, str]) -> None:
    later = NOW + 70 * DAY
    after = made(Wish(CLUSTER), texts, later)
    assert {name for name in after if after[name] != texts[name]} == {"admin.pem", "admin-key.pem"}
    assert certificates.facts(after["admin.pem"]).not_after == later + 90 * DAY


def test_no_certificate_outlives_its_authority_and_the_last_one_is_not_renewed_again_and_again(
    texts: dict[str, str],
) -> None:
    later = NOW + 340 * DAY
    after = made(Wish(CLUSTER), texts, later)
    assert certificates.facts(after["admin.pem"]).not_after == certificates.facts(after["ca.pem"]).not_after
    assert not planned(Wish(CLUSTER), after, 341)
    warnings = pki.plan(Wish(CLUSTER), after, later).warnings
    assert len(warnings) == len(AUTHORITIES)
    assert "The authority ca ends in 25 days" in warnings[0]


@pytest.mark.parametrize(
    ("changed", "days", "reason"),
    [
        (cluster(name="green"), 0, "becomes O=kubeadm:cluster-admins, CN=kube-aws-green-admin instead of O=kubeadm"),
        (cluster(key_type="rsa-2048"), 0, "the key becomes rsa-2048 instead of ecdsa-p256"),
        (cluster(renew_before_days=89), 2, "it ends on"),
    ],
)
def test_a_change_makes_a_leaf_anew_and_says_why(
    texts: dict[str, str], changed: Cluster, days: int, reason: str
) -> None:
    found = planned(Wish(changed), texts, days)
    assert set(found) == {"admin"}
    assert reason in found["admin"]


def leaf(texts: dict[str, str], *sans: str, purposes: tuple[str, ...] = ("client",)) -> dict[str, str]:
    subject = Subject("kube-aws-blue-admin", "kubeadm:cluster-admins", purposes, sans)
    key = certificates.new_key("ecdsa-p256")
    authority = Pair(texts["ca.pem"], texts["ca-key.pem"])
    return {"admin.pem": certificates.new_leaf(subject, key, authority, NOW, NOW + 90 * DAY), "admin-key.pem": key}


def test_other_names_and_purposes_make_a_leaf_anew(texts: dict[str, str]) -> None:
    named = texts | leaf(texts, "DNS:b.example.com", "DNS:a.example.com")
    reason = "the names become none instead of DNS:a.example.com, DNS:b.example.com"
    assert planned(Wish(CLUSTER), named) == {"admin": reason}
    wider = texts | leaf(texts, purposes=("client", "server"))
    assert planned(Wish(CLUSTER), wider) == {"admin": "the purposes become client instead of client, server"}


def test_a_lost_half_or_a_wrong_half_of_a_leaf_is_made_anew(texts: dict[str, str]) -> None:
    lost = {name: text for name, text in texts.items() if name != "admin.pem"}
    assert planned(Wish(CLUSTER), lost) == {"admin": "its other half is missing"}
    wrong = texts | {"admin-key.pem": texts["ca-key.pem"]}
    assert planned(Wish(CLUSTER), wrong) == {"admin": "certificate and key do not belong together"}


def test_keys_that_are_there_keep_their_type(texts: dict[str, str]) -> None:
    after = made(Wish(cluster(key_type="rsa-2048")), texts)
    assert {name for name in after if after[name] != texts[name]} == {"admin.pem", "admin-key.pem"}


def test_the_public_half_of_the_service_account_is_found_again(texts: dict[str, str]) -> None:
    lost = {name: text for name, text in texts.items() if name != "sa.pub"}
    assert made(Wish(CLUSTER), lost) == texts


def test_new_authorities_when_they_are_asked_for_and_the_tokens_of_pods_stay_valid(texts: dict[str, str]) -> None:
    after = made(Wish(CLUSTER, new_authorities=True), texts)
    assert {name for name in after if after[name] == texts[name]} == {"sa-key.pem", "sa.pub", "bootstrap-token"}
    assert not planned(Wish(CLUSTER), after)


# Authorities of one's own


@pytest.fixture(scope="module")
def own() -> Pair:
    key = certificates.new_key("rsa-2048")
    return Pair(certificates.new_authority(Subject("Blue", "Example"), key, NOW, 1000), key)


def test_an_own_authority_is_taken_over_and_kept(own: Pair) -> None:
    wish = Wish(CLUSTER, own)
    after = made(wish)
    assert (after["ca.pem"], after["ca-key.pem"]) == (own.certificate, own.key)
    assert certificates.facts(after["admin.pem"]).issuer == "O=Example, CN=Blue"
    assert not planned(wish, after)
    assert not planned(Wish(CLUSTER), after)


def test_an_own_authority_replaces_another_one_only_when_that_is_asked_for(own: Pair, texts: dict[str, str]) -> None:
    with pytest.raises(CollectionError, match=r"has another authority \(O=kube-aws, CN=kube-ca\).*force_new_ca"):
        pki.plan(Wish(CLUSTER, own), texts, NOW)
    assert made(Wish(CLUSTER, own, new_authorities=True), texts)["ca.pem"] == own.certificate


def test_what_cannot_be_an_authority_is_refused(own: Pair, texts: dict[str, str]) -> None:
    cases = {
        "not the private key of ca_cert": Pair(own.certificate, texts["ca-key.pem"]),
        "is not a certificate authority": Pair(texts["admin.pem"], texts["admin-key.pem"]),
        "ca_cert is not a certificate": Pair("nonsense", own.key),
        "ca_key is not a private key": Pair(own.certificate, "nonsense"),
    }
    for message, pair in cases.items():
        with pytest.raises(CollectionError, match=message):
            pki.plan(Wish(CLUSTER, pair), {}, NOW)
    with pytest.raises(CollectionError, match="and not now"):
        pki.plan(Wish(CLUSTER, own), {}, NOW + 1001 * DAY)


# What only a person can decide


@pytest.mark.parametrize(
    ("lost", "message"),
    [
        ("ca-key.pem", "There is ca.pem, but ca-key.pem is missing"),
        ("etcd-ca.pem", "There is etcd-ca-key.pem, but etcd-ca.pem is missing"),
        ("sa-key.pem", "There is sa.pub, but sa-key.pem is missing"),
    ],
)
def test_what_is_lost_is_not_replaced_in_silence(texts: dict[str, str], lost: str, message: str) -> None:
    rest = {name: text for name, text in texts.items() if name != lost}
    with pytest.raises(CollectionError, match=message):
        pki.plan(Wish(CLUSTER), rest, NOW)
    if lost != "sa-key.pem":
        assert not planned(Wish(CLUSTER), made(Wish(CLUSTER, new_authorities=True), rest))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ca.pem": "nonsense"}, "ca.pem is not a certificate in PEM format"),
        ({"ca-key.pem": "nonsense"}, "ca-key.pem is not a private key that can be used"),
        ({"ca-key.pem": "etcd-ca-key.pem"}, "ca-key.pem is not the key of ca.pem"),
        ({"ca.pem": "admin.pem", "ca-key.pem": "admin-key.pem"}, r"ca.pem \(.*\) is not a certificate authority"),
        ({"sa-key.pem": "nonsense"}, "sa-key.pem is not a private key"),
    ],
)
def test_what_is_broken_is_named(texts: dict[str, str], changes: dict[str, str], message: str) -> None:
    broken = texts | {name: texts.get(text, text) for name, text in changes.items()}
    with pytest.raises(CollectionError, match=message):
        pki.plan(Wish(CLUSTER), broken, NOW)


def test_an_authority_that_has_ended_is_not_replaced_unasked(texts: dict[str, str]) -> None:
    with pytest.raises(CollectionError, match=r"The authority ca.pem ended on .* force_new_ca"):
        pki.plan(Wish(CLUSTER), texts, NOW + 366 * DAY)
    assert planned(Wish(CLUSTER, new_authorities=True), texts, 366)["ca"] == "a new authority was asked for"


# What may be seen


def test_the_overview_tells_the_public_side_only(texts: dict[str, str]) -> None:
    found = {each["name"]: each for each in pki.overview(texts, NOW + DAY)}
    assert set(found) == set(NAMES)
    assert found["admin"]["days_left"] == 89
    assert found["admin"]["issuer"] == "O=kube-aws, CN=kube-ca"
    assert found["admin"]["not_after"] == (NOW + 90 * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "PRIVATE" not in str(found)


def test_no_repr_shows_a_key(own: Pair) -> None:
    assert "PRIVATE" not in repr(Wish(CLUSTER, own))
