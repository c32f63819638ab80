# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.
"""What is wrong with the keys and certificates of a cluster: the reason to make new ones, empty when nothing is."""

from __future__ import annotations

import datetime
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import certificates
from ansible_collections.containerci.aws.plugins.module_utils._kube.certificates import Facts, Pair
from ansible_collections.containerci.aws.plugins.module_utils._kube.pki_shapes import (
    SERVICE_ACCOUNT_KEY,
    SERVICE_ACCOUNT_PUBLIC_KEY,
    TOKEN,
    Leaf,
    Texts,
    Wish,
)

_NONE_YET = "there is none yet"
_SMALLEST_GAIN = datetime.timedelta(days=1)


# Authorities


def why_authority(wish: Wish, name: str, texts: Texts, now: datetime.datetime) -> str:
    own = wish.authority if name == "ca" else None
    if own:
        _check_own(own, now)
    if wish.new_authorities:
        return "a new authority was asked for"
    if not _is_there(name, texts):
        return "your own authority is taken over" if own else _NONE_YET
    facts = facts_of(f"{name}.pem", texts)
    if facts.key_sha256 != _key_sha256(f"{name}-key.pem", texts):
        raise CollectionError(
            f"{name}-key.pem is not the key of {name}.pem; restore the right one, or ask for new authorities with "
            "force_new_ca."
        )
    _check_present(facts, name, own, now)
    return ""


def _check_present(facts: Facts, name: str, own: Pair | None, now: datetime.datetime) -> None:
    if own and certificates.facts(own.certificate).sha256 != facts.sha256:
        raise CollectionError(
            f"The cluster has another authority ({facts.subject}) than ca_cert; all machines trust it, so a change has "
            "to be asked for with force_new_ca."
        )
    if not facts.is_authority:
        raise CollectionError(f"{name}.pem ({facts.subject}) is not a certificate authority.")
    if facts.not_after <= now:
        raise CollectionError(
            f"The authority {name}.pem ended on {time_text(facts.not_after)}; a new one, for which all machines have "
            "to be replaced, has to be asked for with force_new_ca."
        )


def _check_own(own: Pair, now: datetime.datetime) -> None:
    texts = {"ca_cert": own.certificate, "ca_key": own.key}
    facts = facts_of("ca_cert", texts)
    if facts.key_sha256 != _key_sha256("ca_key", texts):
        raise CollectionError("ca_key is not the private key of ca_cert.")
    try:
        certificates.check_key(own.key)
    except ValueError:
        raise _unusable("ca_key") from None
    if not facts.is_authority:
        raise CollectionError(f"ca_cert ({facts.subject}) is not a certificate authority.")
    if not facts.not_before <= now < facts.not_after:
        period = f"{time_text(facts.not_before)} to {time_text(facts.not_after)}"
        raise CollectionError(f"ca_cert ({facts.subject}) is valid from {period}, and not now.")


def _is_there(name: str, texts: Texts) -> bool:
    """An authority of which one half is lost is nothing to be replaced in silence."""
    files = f"{name}.pem", f"{name}-key.pem"
    certificate, key = (bool(texts.get(file)) for file in files)
    if certificate != key:
        here, gone = files if certificate else files[::-1]
        raise CollectionError(
            f"There is {here}, but {gone} is missing; restore it from a backup, or ask for new authorities with "
            "force_new_ca."
        )
    return certificate


def ends_soon(wish: Wish, name: str, texts: Texts, now: datetime.datetime) -> str:
    """A warning while there is still time to do something about the end of an authority."""
    end = facts_of(f"{name}.pem", texts).not_after
    days = (end - now).days
    if days >= wish.cluster.tls.cert_days:
        return ""
    return (
        f"The authority {name} ends in {days} days, on {time_text(end)}, and with it every certificate that it signed; "
        "plan a new cluster, or new authorities with force_new_ca."
    )


# Leaves


def why_leaf(wish: Wish, leaf: Leaf, texts: Texts, made: t.Collection[str], now: datetime.datetime) -> str:
    """made are the authorities that will be other ones."""
    certificate, key = texts.get(f"{leaf.name}.pem", ""), texts.get(f"{leaf.name}-key.pem", "")
    if not certificate or not key:
        return "its other half is missing" if certificate or key else _NONE_YET
    facts = facts_of(f"{leaf.name}.pem", texts)
    if facts.key_sha256 != _key_sha256(f"{leaf.name}-key.pem", texts):
        return "certificate and key do not belong together"
    if leaf.authority in made or not certificates.is_signed_by(certificate, texts[f"{leaf.authority}.pem"]):
        return "another authority has to sign it"
    return _difference(leaf, facts, wish.cluster.tls.key_type) or _why_renew(wish, leaf, facts, texts, now)


def _difference(leaf: Leaf, facts: Facts, key_type: str) -> str:
    wanted = leaf.subject
    if facts.subject != str(wanted):
        return f"the subject becomes {wanted} instead of {facts.subject}"
    if set(facts.sans) != set(wanted.sans):
        return f"the names become {_list(wanted.sans)} instead of {_list(facts.sans)}"
    if set(facts.purposes) != set(wanted.purposes):
        return f"the purposes become {_list(wanted.purposes)} instead of {_list(facts.purposes)}"
    return f"the key becomes {key_type} instead of {facts.key_type}" if facts.key_type != key_type else ""


def _why_renew(wish: Wish, leaf: Leaf, facts: Facts, texts: Texts, now: datetime.datetime) -> str:
    """Nothing is won by a certificate that ends with its authority all the same."""
    left = facts.not_after - now
    if left <= datetime.timedelta():
        return f"it ended on {time_text(facts.not_after)}"
    if left > datetime.timedelta(days=wish.cluster.tls.renew_before_days):
        return ""
    if lifetime_end(wish, leaf, texts, now) < facts.not_after + _SMALLEST_GAIN:
        return ""
    return f"it ends on {time_text(facts.not_after)}"


def lifetime_end(wish: Wish, leaf: Leaf, texts: Texts, now: datetime.datetime) -> datetime.datetime:
    """When a certificate that is made now ends: no certificate outlives its authority."""
    authority = certificates.facts(texts[f"{leaf.authority}.pem"])
    return min(now + datetime.timedelta(days=wish.cluster.tls.cert_days), authority.not_after)


# Keys that are no certificates


def why_service_account(texts: Texts) -> str:
    if not texts.get(SERVICE_ACCOUNT_KEY):
        if texts.get(SERVICE_ACCOUNT_PUBLIC_KEY):
            raise CollectionError(
                f"There is {SERVICE_ACCOUNT_PUBLIC_KEY}, but {SERVICE_ACCOUNT_KEY} is missing; restore it from a "
                "backup: with another key the tokens of all pods would be void."
            )
        return _NONE_YET
    _key_sha256(SERVICE_ACCOUNT_KEY, texts)
    same = texts.get(SERVICE_ACCOUNT_PUBLIC_KEY) == certificates.public_key(texts[SERVICE_ACCOUNT_KEY])
    return "" if same else "the public half is made from the private one"


def why_token(texts: Texts) -> str:
    return "" if texts.get(TOKEN, "").strip() else _NONE_YET


# Reading


def facts_of(name: str, texts: Texts) -> Facts:
    try:
        return certificates.facts(texts[name])
    except ValueError:
        raise CollectionError(f"{name} is not a certificate in PEM format.") from None


def _key_sha256(name: str, texts: Texts) -> str:
    try:
        return certificates.key_sha256(texts[name])
    except (ValueError, TypeError):
        raise _unusable(name) from None


def _unusable(name: str) -> CollectionError:
    return CollectionError(
        f"{name} is not a private key that can be used: RSA or EC, in PEM format, without a passphrase."
    )


def _list(values: t.Sequence[str]) -> str:
    return ", ".join(sorted(values)) or "none"


def time_text(moment: datetime.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
