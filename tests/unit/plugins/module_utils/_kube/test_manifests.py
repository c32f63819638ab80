# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manifests that the first controller applies, judged by the schemas of Kubernetes."""

from __future__ import annotations

from dataclasses import replace

import kubernetes_validate
import pytest
import yaml
from unit.plugins.module_utils._kube.samples import CLUSTER, VARIANTS, Data

from ansible_collections.containerci.aws.plugins.module_utils._kube import manifests

everything = pytest.mark.parametrize("name", VARIANTS)


def documents(text: str) -> list[Data]:
    return list(yaml.safe_load_all(text))


def one(text: str, kind: str) -> Data:
    return next(document for document in documents(text) if document["kind"] == kind)


@everything
def test_kubernetes_accepts_every_manifest(name: str) -> None:
    cluster = VARIANTS[name]
    for text in manifests.addons(cluster).values():
        for document in documents(text):
            kubernetes_validate.validate(document, cluster.kubernetes_minor, strict=True)


def test_kubernetes_would_complain() -> None:
    manifest = one(manifests.addons(CLUSTER)["10-flannel.yaml"], "DaemonSet")
    manifest["spec"]["template"]["spec"]["hostnetwork"] = True
    with pytest.raises(kubernetes_validate.ValidationError, match="hostnetwork"):
        kubernetes_validate.validate(manifest, "1.36", strict=True)


@everything
def test_nothing_is_left_to_be_filled_in(name: str) -> None:
    assert "@" not in "".join(manifests.addons(VARIANTS[name]).values())


def test_flannel_gives_pods_the_addresses_of_the_cluster() -> None:
    text = manifests.addons(replace(CLUSTER, pod_cidr="10.99.0.0/16"))["10-flannel.yaml"]
    assert '"Network": "10.99.0.0/16"' in one(text, "ConfigMap")["data"]["net-conf.json"]


@pytest.mark.parametrize("cni", ["calico", "cilium", "none"])
def test_another_network_is_left_to_its_owner(cni: str) -> None:
    assert list(manifests.addons(replace(CLUSTER, cni=cni))) == ["20-cloud-controller.yaml"]


@pytest.mark.parametrize(
    ("version", "tag"), [("v1.34.1", "v1.34.0"), ("v1.35.9", "v1.35.0"), ("v1.36.2", "v1.36.1"), ("v1.37.1", "v1.36.1")]
)
def test_the_cloud_controller_goes_with_kubernetes(version: str, tag: str) -> None:
    text = manifests.addons(replace(CLUSTER, kubernetes_version=version))["20-cloud-controller.yaml"]
    container = one(text, "DaemonSet")["spec"]["template"]["spec"]["containers"][0]
    assert container["image"] == f"registry.k8s.io/provider-aws/cloud-controller-manager:{tag}"


@pytest.mark.parametrize("daemon", ["10-flannel.yaml", "20-cloud-controller.yaml"])
def test_what_makes_nodes_ready_runs_on_nodes_that_are_not(daemon: str) -> None:
    spec = one(manifests.addons(CLUSTER)[daemon], "DaemonSet")["spec"]["template"]["spec"]
    taints = {"node.cloudprovider.kubernetes.io/uninitialized", "node.kubernetes.io/not-ready"}
    tolerated = {each.get("key") for each in spec["tolerations"]}
    assert spec["hostNetwork"]
    assert None in tolerated or taints | {"node-role.kubernetes.io/control-plane"} == tolerated


def test_an_unusual_address_of_the_dns_gets_a_service() -> None:
    """kubeadm gives the tenth address to the DNS and nothing else."""
    assert "30-dns.yaml" not in manifests.addons(CLUSTER)
    text = manifests.addons(replace(CLUSTER, dns_service_ip="10.3.0.53"))["30-dns.yaml"]
    spec = one(text, "Service")["spec"]
    assert spec["clusterIP"] == "10.3.0.53"
    assert {(port["port"], port["protocol"]) for port in spec["ports"]} == {(53, "UDP"), (53, "TCP")}
    assert spec["selector"] == {"k8s-app": "kube-dns"}
