# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""What the name of an EC2 instance type tells without asking AWS."""

from __future__ import annotations

import re

_TYPE = re.compile(
    r"(?P<family>[a-z]+)(?P<generation>\d+)(?P<extras>[a-z0-9-]*)"
    r"\.(?P<size>nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)"
)
# u-6tb1 and its kin are named after their memory; mac machines run no Linux.
_HIGH_MEMORY = re.compile(r"u(-\d+tb1|7i[a-z]*-\d+tb)\.(\d+xlarge|metal)")
_FAMILIES = frozenset(
    "a c cc cr d dl f g gr h hpc hs i im inf is m p r t trn vt x z".split()  # noqa: SIM905
)
_BURSTABLE_WITH_ONE = re.compile(r"t1\.|t2\.(nano|micro|small)$")
_OLD_WITH_ONE = re.compile(r"(m1\.(small|medium)|m3\.medium)$")


def is_instance_type(name: str) -> bool:
    found = _TYPE.fullmatch(name)
    return bool(_HIGH_MEMORY.fullmatch(name)) or bool(found and found["family"] in _FAMILIES)


def architecture(name: str) -> str:
    """The g after the generation is for Graviton."""
    found = _TYPE.fullmatch(name)
    is_graviton = found is not None and (found["family"] == "a" or found["extras"].startswith("g"))
    return "arm64" if is_graviton else "amd64"


def why_no_controller(name: str) -> str:
    """kubeadm refuses a machine that is too small for a control plane; empty when this one is not."""
    if name.endswith((".nano", ".micro")):
        return "a control plane needs 1700 MiB of memory"
    found = _TYPE.fullmatch(name)
    is_one = _BURSTABLE_WITH_ONE.match(name) or _OLD_WITH_ONE.match(name)
    if is_one or (found and found["size"] == "medium" and found["family"] != "t"):
        return "a control plane needs two processors"
    return ""
