# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.
# The keys of a cluster are written down once, in the schema that checks them; this makes documentation of it.

from __future__ import annotations

import json
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._kube.keys import (
    KEYS,
    POOL_KEYS,
    SUBNET_KEYS,
    TAINT_KEYS,
    Key,
)

# How the kinds of values are called that do not say it themselves.
_KINDS = {
    "bool": "boolean",
    "cidr": "network",
    "cidrs": "list of networks",
    "instance_type": "EC2 type",
    "int": "number",
    "ip": "address",
    "ips": "list of addresses",
    "map": "mapping",
    "name": "DNS name",
    "pools": "list of pools",
    "str": "text",
    "strs": "list of texts",
    "subnets": "list of subnets",
    "taints": "list of taints",
}
_EMPTY: tuple[t.Any, ...] = (None, "", (), {})


def sentence(key: Key, path: str = "") -> str:
    """What there is to know about a key, in one line."""
    name = f"C({path}{key.name})"
    if key.is_dead:
        return f"{name} was a key of kube-aws and is ignored. {key.meaning}"
    notes = [_KINDS.get(key.kind, key.kind)]
    if key.required:
        notes.append("required" if key.default is None else f"default V({key.default})")
    elif key.default not in _EMPTY:
        notes.append(f"default V({_shown(key.default)})")
    if key.choices:
        notes.append(f"one of {', '.join(f'V({choice})' for choice in key.choices if choice)}")
    return f"{name} ({', '.join(notes)}) - {key.meaning}"


def _shown(value: t.Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def sentences() -> list[str]:
    """Every key, those of lists below their list."""
    found = []
    for key in KEYS:
        found.append(sentence(key))
        if key.kind == "subnets":
            found += [sentence(inner, "subnets[].") for inner in SUBNET_KEYS]
        if key.kind == "pools":
            found += [sentence(inner, "workerPools[].") for inner in POOL_KEYS]
            found += [sentence(inner, "workerPools[].taints[].") for inner in TAINT_KEYS]
    return found


def _listed(lines: list[str]) -> str:
    """As items of YAML; JSON's strings are strings of YAML too."""
    return "\n".join(f"      - {json.dumps(line)}" for line in lines)


class ModuleDocFragment:
    # With its type, because a check of ansible-test reads plain assignments as texts, and this is none yet.
    DOCUMENTATION: str = f"""
options:
  asset_dir:
    description:
      - Directory of the cluster - C(cluster.yaml), C(cluster.lock.json), the keys and certificates in
        C(credentials/), and what is rendered of them. It is made with the mode C(0700) if it does not exist.
      - Keep it safe, for example in a vault. Whoever has it owns the cluster, and who loses it cannot change it.
    type: path
    required: true
  config:
    description:
      - The file that describes the cluster, as C(kube-aws) had it. If neither this nor O(cluster) is given, it is
        C(cluster.yaml) in O(asset_dir).
      - Mutually exclusive with O(cluster).
    type: path
  cluster:
    description:
      - The description of the cluster itself. Its keys are those of a C(cluster.yaml) of C(kube-aws) and newer ones.
      - Each key can also be written as Ansible has it, for example C(external_dns_name) for C(externalDNSName).
        Unknown keys are refused.
      - C(region) can be left out if O(region) is known.
      - The keys follow.
{_listed(sentences())}
    type: dict
"""
