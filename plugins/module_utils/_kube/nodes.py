# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import kubeadm, texts_scripts, texts_units
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster, Pool
from ansible_collections.containerci.aws.plugins.module_utils._kube.ignition import File, Machine, Unit, render
from ansible_collections.containerci.aws.plugins.module_utils._kube.manifests import addons, cloud_provider, fill_in
from ansible_collections.containerci.aws.plugins.module_utils._kube.pointer import Configuration

_SYSEXT_ARCH = {"amd64": "x86-64", "arm64": "arm64"}
_ARTIFACTS = "https://artifacts.k8s.io/binaries/cloud-provider-aws"
_WAIT_FOR_ETCD_VOLUME = (("10-etcd-volume.conf", texts_units.NEEDS_ETCD_VOLUME),)


@dataclass(frozen=True)
class Secrets:
    """What makes a cluster this cluster: its keys, and what machines show in order to join.

    pki has the files below /etc/kubernetes/pki by their name, such as etcd/ca.key.
    """

    ca_hash: str
    token: str = field(repr=False)
    pki: t.Mapping[str, str] = field(repr=False)


def controller(cluster: Cluster, secrets: Secrets, index: int) -> Configuration:
    """What a controller gets at its first boot."""
    files = [*_files(cluster), *_controller_files(cluster, secrets, index)]
    units = [*_units(cluster, _WAIT_FOR_ETCD_VOLUME), *_controller_units(index)]
    machine = Machine(tuple(files), tuple(_links(cluster)), tuple(units))
    return Configuration(cluster.name, f"controller-{index}", render(machine))


def worker(cluster: Cluster, secrets: Secrets, pool: Pool) -> Configuration:
    """What the workers of a pool get at their first boot: no key of any kind."""
    join = kubeadm.join_worker(cluster, secrets.token, secrets.ca_hash, pool)
    files = [*_files(cluster), File("/etc/kubernetes/kubeadm-join.tmpl.yaml", join, 0o600), _kubeadm_script(cluster)]
    machine = Machine(tuple(files), tuple(_links(cluster)), tuple(_units(cluster)))
    return Configuration(cluster.name, f"worker-{pool.name}", render(machine))


def sysext_url(cluster: Cluster) -> str:
    """The image with kubelet, kubeadm and kubectl."""
    return f"{cluster.sysext_base_url}/{_sysext_name(cluster)}"


def ecr_provider_url(cluster: Cluster) -> str:
    """The program that gives the kubelet credentials for the registry of the account."""
    arch = cluster.os.arch
    return f"{_ARTIFACTS}/{cloud_provider(cluster)}/linux/{arch}/ecr-credential-provider-linux-{arch}"


# All machines


def _files(cluster: Cluster) -> t.Iterator[File]:
    yield _download(_sysext(cluster), sysext_url(cluster), "sysextSHA256", cluster.sysext_sha256)
    yield File("/etc/modules-load.d/k8s.conf", texts_units.MODULES)
    yield File("/etc/sysctl.d/99-k8s.conf", texts_units.SYSCTL)
    yield File("/etc/crictl.yaml", texts_units.CRICTL)
    yield File("/etc/systemd/network/10-pods.network", texts_units.UNMANAGED_INTERFACES)
    yield File("/etc/hosts", _hosts(cluster))
    yield File("/etc/flatcar/update.conf", f"GROUP={cluster.os.channel}\nREBOOT_STRATEGY=off\n")
    if cluster.ecr:
        yield from _credential_providers(cluster)
    if cluster.auto_patch_kubernetes:
        path = f"/etc/sysupdate.kubernetes.d/kubernetes-v{cluster.kubernetes_minor}.conf"
        values = {"BASE_URL": cluster.sysext_base_url, "MINOR": cluster.kubernetes_minor}
        yield File(path, fill_in(texts_units.SYSUPDATE, values))


def _credential_providers(cluster: Cluster) -> t.Iterator[File]:
    path = f"{kubeadm.CREDENTIAL_PROVIDERS}/ecr-credential-provider"
    yield _download(path, ecr_provider_url(cluster), "ecrProviderSHA256", cluster.ecr_provider_sha256, 0o755)
    yield File(kubeadm.CREDENTIAL_PROVIDERS_CONFIG, kubeadm.credential_providers())


def _download(path: str, url: str, key: str, sha256: str, mode: int = 0o644) -> File:
    """What root runs is verified; nothing else is ever fetched."""
    if not sha256:
        raise CollectionError(f"{key} is not set, and the checksum of {url} was not looked up.")
    return File(path, mode=mode, url=url, sha256=sha256)


def _hosts(cluster: Cluster) -> str:
    """Machines find the API without DNS and without a load balancer, and try one controller after the other."""
    lines = ["127.0.0.1 localhost", "::1 localhost"]
    return "\n".join([*lines, *(f"{ip} {cluster.external_dns_name}" for ip in cluster.controller_ips)]) + "\n"


def _sysext_name(cluster: Cluster) -> str:
    return f"kubernetes-{cluster.kubernetes_version}-{_SYSEXT_ARCH[cluster.os.arch]}.raw"


def _sysext(cluster: Cluster) -> str:
    return f"/opt/extensions/kubernetes/{_sysext_name(cluster)}"


def _links(cluster: Cluster) -> list[tuple[str, str]]:
    return [
        ("/etc/extensions/kubernetes.raw", _sysext(cluster)),
        ("/etc/extensions/docker-flatcar.raw", "/dev/null"),
    ]


def _units(cluster: Cluster, kubeadm_dropins: tuple[tuple[str, str], ...] = ()) -> t.Iterator[Unit]:
    yield Unit("containerd.service", enabled=True)
    yield Unit("coreos-metadata.service", enabled=True)
    yield Unit("kubeadm.service", texts_units.KUBEADM, enabled=True, dropins=kubeadm_dropins)
    yield Unit("locksmithd.service", masked=True)
    if not cluster.os.auto_update:
        yield Unit("update-engine.service", masked=True)
    if cluster.auto_patch_kubernetes:
        yield Unit("systemd-sysupdate.timer", enabled=True)
        yield Unit("systemd-sysupdate.service", dropins=(("kubernetes.conf", texts_units.PATCH_KUBERNETES),))


def _kubeadm_script(cluster: Cluster, others: t.Sequence[str] = ()) -> File:
    values = {"OTHER_CONTROLLERS": " ".join(others), "API_PORT": str(cluster.api_port)}
    return File("/opt/bin/kube-aws-kubeadm", fill_in(texts_scripts.KUBEADM, values), 0o755)


# Controllers


def _controller_files(cluster: Cluster, secrets: Secrets, index: int) -> t.Iterator[File]:
    for name, text in secrets.pki.items():
        yield File(f"/etc/kubernetes/pki/{name}", text, 0o600 if name.endswith(".key") else 0o644)
    address = cluster.controller_ips[index]
    if index == 0:
        begin = kubeadm.init(cluster, secrets.token, address)
        yield File("/etc/kubernetes/kubeadm-init.tmpl.yaml", begin, 0o600)
        for name, text in addons(cluster).items():
            yield File(f"/etc/kubernetes/addons/{name}", text)
    if cluster.is_ha:
        join = kubeadm.join_controller(cluster, secrets.token, secrets.ca_hash, address)
        yield File("/etc/kubernetes/kubeadm-join.tmpl.yaml", join, 0o600)
    yield _kubeadm_script(cluster, [ip for ip in cluster.controller_ips if ip != address])
    yield File("/opt/bin/kube-aws-etcd-volume", texts_scripts.ETCD_VOLUME, 0o755)
    days = {"RENEW_BEFORE_DAYS": str(cluster.tls.renew_before_days)}
    renew = fill_in(texts_scripts.RENEW_CERTIFICATES, days)
    yield File("/opt/bin/kube-aws-renew-certificates", renew, 0o755)


def _controller_units(index: int) -> t.Iterator[Unit]:
    yield Unit("kube-aws-etcd-volume.service", texts_units.ETCD_VOLUME, enabled=True)
    yield Unit("kubelet.service", dropins=_WAIT_FOR_ETCD_VOLUME)
    yield Unit("kube-aws-renew-certificates.service", texts_units.RENEW_CERTIFICATES)
    yield Unit("kube-aws-renew-certificates.timer", texts_units.RENEW_CERTIFICATES_TIMER, enabled=True)
    if index == 0:
        yield Unit("kube-aws-addons.service", texts_units.ADDONS, enabled=True)
