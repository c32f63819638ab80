# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.
"""Who is who in a cluster: names of keys and certificates, and the shapes of a plan for them."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.containerci.aws.plugins.module_utils._kube.certificates import Pair, Subject
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster

#: texts by the names of the files in the directory of credentials
Texts = t.Mapping[str, str]

ORGANIZATION = "kube-aws"
AUTHORITIES = {"ca": "kube-ca", "etcd-ca": "kube-etcd-ca", "front-proxy-ca": "kube-front-proxy-ca"}
#: The group to which kubeadm gives all rights. Unlike system:masters it can be taken away again.
ADMINISTRATORS = "kubeadm:cluster-admins"
SERVICE_ACCOUNT = "sa"
SERVICE_ACCOUNT_KEY, SERVICE_ACCOUNT_PUBLIC_KEY = "sa-key.pem", "sa.pub"
TOKEN = "bootstrap-token"

#: the files of a controller, by their names below /etc/kubernetes/pki
ON_CONTROLLERS = {
    "ca.crt": "ca.pem",
    "ca.key": "ca-key.pem",
    "etcd/ca.crt": "etcd-ca.pem",
    "etcd/ca.key": "etcd-ca-key.pem",
    "front-proxy-ca.crt": "front-proxy-ca.pem",
    "front-proxy-ca.key": "front-proxy-ca-key.pem",
    "sa.key": SERVICE_ACCOUNT_KEY,
    "sa.pub": SERVICE_ACCOUNT_PUBLIC_KEY,
}


@dataclass(frozen=True)
class Leaf:
    """A certificate that an authority signs, and that is made anew in time."""

    name: str
    authority: str
    subject: Subject


@dataclass(frozen=True)
class Wish:
    """What the user wants: authority is one of his own, new_authorities replaces those that are there."""

    cluster: Cluster
    authority: Pair | None = None
    new_authorities: bool = False

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """What a person needs. Machines have their certificates from kubeadm, which makes them there."""
        name = f"kube-aws-{self.cluster.name}-admin"
        return (Leaf("admin", "ca", Subject(name, ADMINISTRATORS, ("client",))),)


@dataclass(frozen=True)
class Step:
    """One thing to make, and why: an authority, a leaf, sa or bootstrap-token."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass(frozen=True)
class Plan:
    """What has to be made, in this order; empty when everything is as it should be."""

    steps: tuple[Step, ...] = ()
    warnings: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.steps)
