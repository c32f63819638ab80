# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""What values about machines, their disks and their Kubernetes have to be to each other."""

from __future__ import annotations

import datetime
import re

from ansible_collections.containerci.aws.plugins.module_utils._kube.findings import Findings
from ansible_collections.containerci.aws.plugins.module_utils._kube.instance_types import (
    architecture,
    why_no_controller,
)
from ansible_collections.containerci.aws.plugins.module_utils._kube.keys import KUBERNETES_MINORS
from ansible_collections.containerci.aws.plugins.module_utils._kube.values import Values

#: I/O operations a second that a type of volume can be given, and how many of them for a GiB
_IOPS = {"io1": (100, 64000, 50), "io2": (100, 256000, 1000), "gp3": (3000, 80000, 500)}
_FREE_IOPS = {"gp3": 3000}
_LTS_RUNTIME = "the LTS channel has containerd 1.7, which Kubernetes 1.36 refuses; take 1.35 or another channel"
_LAST_WITH_OLD_RUNTIME = (1, 35)
_LTS_VERSION = re.compile(r"4081\.")

_PRICE = re.compile(r"\d+(\.\d+)?")
_LABEL_NAME = r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?"
_LABEL_KEY = re.compile(rf"([a-z0-9]([a-z0-9.-]{{0,251}}[a-z0-9])?/)?{_LABEL_NAME}")
_LABEL_VALUE = re.compile(rf"({_LABEL_NAME})?")
#: what a kubelet may say about itself, of all labels that belong to Kubernetes
_ALLOWED_LABELS = re.compile(
    r"(.*\.)?(kubelet|node)\.kubernetes\.io/.*|kubernetes\.io/(hostname|os|arch)|topology\.kubernetes\.io/(region|zone)"
)
_RESERVED_LABEL = re.compile(r"(.*\.)?(kubernetes|k8s)\.io/.*")


def check(values: Values, today: datetime.date, findings: Findings) -> None:
    _volumes(values, findings)
    _pools(values, findings)
    _instance_types(values, findings)
    _kubernetes(values, today, findings)
    _images(values, findings)


def _volumes(values: Values, findings: Findings) -> None:
    for option, key in (
        ("controller_root_volume", "controllerRootVolume"), ("worker_root_volume", "workerRootVolume"),
        ("etcd_volume", "etcdVolume"),
    ):  # fmt: skip
        _volume(values, option, key, findings)


def _volume(values: Values, option: str, key: str, findings: Findings) -> None:
    kind, iops, size = (values.get(f"{option}_{part}") for part in ("type", "iops", "size"))
    if kind is None or iops is None or size is None:
        return
    low, high, for_each = _IOPS.get(kind, (0, 0, 0))
    if iops and kind not in _IOPS:
        findings.add(f"{key}IOPS", iops, f"it cannot be set for a volume of type {kind}")
    elif kind in _IOPS and (iops or kind != "gp3") and not low <= iops <= high:
        findings.add(f"{key}IOPS", iops, f"it must be from {low} to {high} for a volume of type {kind}")
    elif iops > max(size * for_each, _FREE_IOPS.get(kind, 0)):
        findings.add(f"{key}IOPS", iops, f"a volume of type {kind} and {size} GiB has at most {size * for_each}")


def _pools(values: Values, findings: Findings) -> None:
    price = values.get("worker_spot_price")
    if price and not _PRICE.fullmatch(price):
        findings.add("workerSpotPrice", price, "it must be dollars an hour, such as 0.05")
    names = {"default"}
    for index, pool in enumerate(values["worker_pools"]):
        path = f"workerPools[{index}]."
        _pool_name(pool.get("name", ""), names, path, findings)
        _volume(pool, "root_volume", f"{path}rootVolume", findings)
        _pool_size(pool, path, findings)
        _pool_price(pool, path, findings)
        _labels(pool, path, findings)


def _pool_name(name: str, names: set[str], path: str, findings: Findings) -> None:
    """Pools are told apart by their letters and digits, because CloudFormation has no others in names."""
    plain = name.replace("-", "").lower()
    if name and not re.fullmatch(r"[a-zA-Z]([a-zA-Z0-9-]{0,29}[a-zA-Z0-9])?", name):
        findings.add(f"{path}name", name, "it must be letters, digits and hyphens, a letter first, at most 31")
    elif plain and plain in names:
        findings.add(f"{path}name", name, "another pool has that name")
    names.add(plain)


def _pool_price(pool: Values, path: str, findings: Findings) -> None:
    price = pool.get("spot_price")
    if price and not _PRICE.fullmatch(price):
        findings.add(f"{path}spotPrice", price, "it must be dollars an hour, such as 0.05")
    elif price and pool.get("spot") is False:
        findings.add(f"{path}spotPrice", price, "it means nothing without spot")


def _pool_size(pool: Values, path: str, findings: Findings) -> None:
    count = pool.get("count")
    if count is None:
        return
    low, high = (count if pool.get(option) is None else pool[option] for option in ("min_count", "max_count"))
    if low > count:
        findings.add(f"{path}minCount", low, f"it must not be more than count, which is {count}")
    if high < count:
        findings.add(f"{path}maxCount", high, f"it must not be less than count, which is {count}")
    if low < high and not pool.get("autoscaled"):
        findings.add(f"{path}maxCount", high, "minCount and maxCount differ, which needs autoscaled")


def _labels(pool: Values, path: str, findings: Findings) -> None:
    for name, value in pool.get("labels", {}).items():
        if not _LABEL_KEY.fullmatch(name) or not _LABEL_VALUE.fullmatch(value):
            findings.add(f"{path}labels", {name: value}, "it is no label that Kubernetes allows")
        elif _RESERVED_LABEL.fullmatch(name) and not _ALLOWED_LABELS.fullmatch(name):
            findings.add(f"{path}labels", {name: value}, "a node may not give itself a label of Kubernetes")
    for index, taint in enumerate(pool.get("taints", ())):
        if not _LABEL_KEY.fullmatch(taint.get("key", "key")):
            findings.add(f"{path}taints[{index}].key", taint["key"], "it must be written as the name of a label")
        if not _LABEL_VALUE.fullmatch(taint.get("value", "")):
            findings.add(f"{path}taints[{index}].value", taint["value"], "it must be written as the value of a label")


def types_of(values: Values) -> list[tuple[str, str]]:
    """All instance types with the keys that name them."""
    alone = (("controller_instance_type", "controllerInstanceType"), ("worker_instance_type", "workerInstanceType"))
    found = [(key, values[option]) for option, key in alone if option in values]
    for index, pool in enumerate(values["worker_pools"]):
        found += [(f"workerPools[{index}].instanceTypes", name) for name in pool.get("instance_types", ())]
    return found


def architecture_of(values: Values) -> str:
    return values.get("architecture") or architecture(values.get("controller_instance_type", ""))


def _instance_types(values: Values, findings: Findings) -> None:
    """All machines have the same image."""
    wanted = architecture_of(values)
    for key, name in types_of(values):
        if architecture(name) != wanted:
            findings.add(key, name, f"it is {architecture(name)}, and the other machines are {wanted}")
    name = values.get("controller_instance_type", "")
    if reason := why_no_controller(name):
        findings.add("controllerInstanceType", name, reason)


def _kubernetes(values: Values, today: datetime.date, findings: Findings) -> None:
    version = values.get("kubernetes_version", "")
    found = re.fullmatch(r"v?(\d+)\.(\d+)\.\d+", version)
    minor = f"{found[1]}.{found[2]}" if found else ""
    if found is None or minor not in KUBERNETES_MINORS:
        supported = ", ".join(f"v{each}.x" for each in KUBERNETES_MINORS)
        findings.add("kubernetesVersion", version, f"it must be one of {supported}, with the number of a release for x")
        return
    is_lts = values.get("release_channel") == "lts" or _LTS_VERSION.match(values.get("os_version", ""))
    if is_lts and (int(found[1]), int(found[2])) > _LAST_WITH_OLD_RUNTIME:
        findings.add("kubernetesVersion", version, _LTS_RUNTIME)
    if today.isoformat() > KUBERNETES_MINORS[minor]:
        findings.warn(f"kubernetesVersion {version} is not maintained any more, since {KUBERNETES_MINORS[minor]}.")
    if values.get("use_calico") and values.get("cni") not in ("flannel", "calico"):
        findings.add("useCalico", True, f"cni is {values['cni']}")


def _images(values: Values, findings: Findings) -> None:
    if values.get("ami") and values.get("ami_ssm_parameter"):
        findings.add("amiSsmParameter", values["ami_ssm_parameter"], "it must not be set together with ami")
    image = values.get("hyperkube_image_repo")
    if image and not image.endswith("/coreos/hyperkube"):
        findings.add("hyperkubeImageRepo", image, "there is no such image any more; a mirror is sysextBaseURL")
