# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._kube import texts_cloud_controller, texts_flannel
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster
from ansible_collections.containerci.aws.plugins.module_utils._kube.kubeadm import dns_address_of_kubeadm
from ansible_collections.containerci.aws.plugins.module_utils._kube.yaml_text import to_yaml

FLANNEL = "ghcr.io/flannel-io/flannel:v0.28.9"
FLANNEL_CNI_PLUGIN = "ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3"

_CLOUD_CONTROLLER = "registry.k8s.io/provider-aws/cloud-controller-manager"
# The cloud provider has a release for each minor version of Kubernetes; newer ones get the newest that is known.
_CLOUD_PROVIDERS = {"1.34": "v1.34.0", "1.35": "v1.35.0", "1.36": "v1.36.1"}
_NEWEST_CLOUD_PROVIDER = "v1.36.1"


def cloud_provider(cluster: Cluster) -> str:
    """The release of cloud-provider-aws that goes with the Kubernetes of the cluster."""
    return _CLOUD_PROVIDERS.get(cluster.kubernetes_minor, _NEWEST_CLOUD_PROVIDER)


def addons(cluster: Cluster) -> dict[str, str]:
    """The manifests that make a usable cluster of one that has just begun, by file name."""
    found = {"20-cloud-controller.yaml": _cloud_controller(cluster)}
    if cluster.cni == "flannel":
        found["10-flannel.yaml"] = _flannel(cluster)
    if cluster.dns_service_ip != dns_address_of_kubeadm(cluster.service_cidr):
        found["30-dns.yaml"] = _dns(cluster)
    return found


def fill_in(text: str, values: t.Mapping[str, str]) -> str:
    """The text with each @NAME@ replaced."""
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def _flannel(cluster: Cluster) -> str:
    return fill_in(
        texts_flannel.MANIFEST,
        {
            "POD_CIDR": cluster.pod_cidr,
            "FLANNEL_IMAGE": FLANNEL,
            "FLANNEL_CNI_PLUGIN_IMAGE": FLANNEL_CNI_PLUGIN,
        },
    )


def _cloud_controller(cluster: Cluster) -> str:
    image = f"{_CLOUD_CONTROLLER}:{cloud_provider(cluster)}"
    return fill_in(texts_cloud_controller.MANIFEST, {"CLOUD_CONTROLLER_IMAGE": image})


def _dns(cluster: Cluster) -> str:
    """A second address for the DNS of the cluster: kubeadm always takes the tenth of all services."""
    return to_yaml(
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "kube-dns-wanted-address", "namespace": "kube-system"},
            "spec": {
                "clusterIP": cluster.dns_service_ip,
                "ports": [
                    {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53},
                    {"name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53},
                ],
                "selector": {"k8s-app": "kube-dns"},
            },
        }
    )
