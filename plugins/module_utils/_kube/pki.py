# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.
"""Which keys and certificates a cluster needs, and what is to be done with those it has.

The plan is computed from the texts of the files; carrying it out gives new texts. Nothing here reads or writes a disk.
Import this inside the function that needs it: the library cryptography takes a tenth of a second.
"""

from __future__ import annotations

import datetime
import secrets
import string
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import certificates
from ansible_collections.containerci.aws.plugins.module_utils._kube.certificates import Facts, Pair, Subject
from ansible_collections.containerci.aws.plugins.module_utils._kube.pki_reasons import (
    ends_soon,
    facts_of,
    lifetime_end,
    time_text,
    why_authority,
    why_leaf,
    why_service_account,
    why_token,
)
from ansible_collections.containerci.aws.plugins.module_utils._kube.pki_shapes import (
    AUTHORITIES,
    ON_CONTROLLERS,
    ORGANIZATION,
    SERVICE_ACCOUNT,
    SERVICE_ACCOUNT_KEY,
    SERVICE_ACCOUNT_PUBLIC_KEY,
    TOKEN,
    Leaf,
    Plan,
    Step,
    Texts,
    Wish,
)

_TOKEN_LETTERS = string.ascii_lowercase + string.digits


def plan(wish: Wish, texts: Texts, now: datetime.datetime) -> Plan:
    """What is missing, ends soon or has to be different. An authority or key that is there stays what it is."""
    _require_library()
    why = {name: why_authority(wish, name, texts, now) for name in AUTHORITIES}
    made = {name for name, reason in why.items() if reason}
    why |= {leaf.name: why_leaf(wish, leaf, texts, made, now) for leaf in wish.leaves}
    why |= {SERVICE_ACCOUNT: why_service_account(texts), TOKEN: why_token(texts)}
    warnings = [ends_soon(wish, name, texts, now) for name in AUTHORITIES if name not in made]
    steps = tuple(Step(name, reason) for name, reason in why.items() if reason)
    return Plan(steps, tuple(filter(None, warnings)))


def carry_out(wish: Wish, planned: Plan, texts: Texts, now: datetime.datetime) -> dict[str, str]:
    """All texts afterwards; now is when new certificates begin."""
    now = now.replace(microsecond=0)
    found = dict(texts)
    leaves = {leaf.name: leaf for leaf in wish.leaves}
    for step in planned.steps:
        if step.name in AUTHORITIES:
            found |= _authority(wish, step.name, now)
        elif step.name in leaves:
            found |= _leaf(wish, leaves[step.name], found, now)
        elif step.name == SERVICE_ACCOUNT:
            found |= _service_account(wish, found)
        else:
            found[TOKEN] = new_token() + "\n"
    return found


def on_controllers(texts: Texts) -> dict[str, str]:
    """The files below /etc/kubernetes/pki; with them kubeadm makes all other certificates itself."""
    return {path: texts[name] for path, name in ON_CONTROLLERS.items()}


def ca_hash(texts: Texts) -> str:
    """What pins the authority when a machine joins."""
    return f"sha256:{certificates.facts(texts['ca.pem']).key_sha256}"


def token(texts: Texts) -> str:
    """What a machine shows in order to join."""
    return texts[TOKEN].strip()


def new_token() -> str:
    """Six characters that name the token, and sixteen that are secret."""
    text = "".join(secrets.choice(_TOKEN_LETTERS) for _index in range(22))
    return f"{text[:6]}.{text[6:]}"


def overview(texts: Texts, now: datetime.datetime) -> list[dict[str, t.Any]]:
    """The public side of every certificate, for the result of a module."""
    _require_library()
    names = [name for name in (*AUTHORITIES, "admin") if texts.get(f"{name}.pem")]
    return [_public(name, facts_of(f"{name}.pem", texts), now) for name in names]


def _public(name: str, facts: Facts, now: datetime.datetime) -> dict[str, t.Any]:
    return {
        "name": name,
        "subject": facts.subject,
        "issuer": facts.issuer,
        "sans": list(facts.sans),
        "key_type": facts.key_type,
        "not_before": time_text(facts.not_before),
        "not_after": time_text(facts.not_after),
        "days_left": (facts.not_after - now).days,
        "sha256": facts.sha256,
    }


def _authority(wish: Wish, name: str, now: datetime.datetime) -> dict[str, str]:
    if name == "ca" and wish.authority:
        return _files(name, wish.authority.certificate.strip() + "\n", wish.authority.key.strip() + "\n")
    tls = wish.cluster.tls
    key = certificates.new_key(tls.key_type)
    subject = Subject(AUTHORITIES[name], ORGANIZATION)
    return _files(name, certificates.new_authority(subject, key, now, tls.ca_days), key)


def _leaf(wish: Wish, leaf: Leaf, texts: Texts, now: datetime.datetime) -> dict[str, str]:
    key = certificates.new_key(wish.cluster.tls.key_type)
    authority = Pair(texts[f"{leaf.authority}.pem"], texts[f"{leaf.authority}-key.pem"])
    end = lifetime_end(wish, leaf, texts, now)
    return _files(leaf.name, certificates.new_leaf(leaf.subject, key, authority, now, end), key)


def _files(name: str, certificate: str, key: str) -> dict[str, str]:
    return {f"{name}-key.pem": key, f"{name}.pem": certificate}


def _service_account(wish: Wish, texts: Texts) -> dict[str, str]:
    key = texts.get(SERVICE_ACCOUNT_KEY) or certificates.new_key(wish.cluster.tls.key_type)
    return {SERVICE_ACCOUNT_KEY: key, SERVICE_ACCOUNT_PUBLIC_KEY: certificates.public_key(key)}


def _require_library() -> None:
    if certificates.MISSING:
        raise CollectionError(
            "The Python library cryptography is missing on this host; keys and certificates cannot be made without it."
        )
