# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import ipaddress
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster, Pool, Taint
from ansible_collections.containerci.aws.plugins.module_utils._kube.yaml_text import to_yaml

Data = dict[str, t.Any]

ETCD_DATA = "/var/lib/etcd/data"  # lost+found makes the root of a volume look used
CREDENTIAL_PROVIDERS = "/opt/bin/credential-providers"
CREDENTIAL_PROVIDERS_CONFIG = "/etc/kubernetes/credential-providers.yaml"

_API = "kubeadm.k8s.io/v1beta4"
_ALGORITHMS = {"ecdsa-p256": "ECDSA-P256", "rsa-2048": "RSA-2048"}
# The machine fills these in: only it knows.
_NODE_NAME = "${COREOS_EC2_HOSTNAME}"
_PROVIDER_ID = "aws:///${COREOS_EC2_AVAILABILITY_ZONE}/${COREOS_EC2_INSTANCE_ID}"
# Load balancers and machines need longer to appear than kubeadm expects.
_TIMEOUTS = {"controlPlaneComponentHealthCheck": "10m0s", "discovery": "15m0s", "tlsBootstrap": "10m0s"}


def init(cluster: Cluster, token: str, address: str) -> str:
    """What the first controller begins the cluster with."""
    registration = {**_registration(cluster), "ignorePreflightErrors": [_directory_check(ETCD_DATA)]}
    configuration = {
        "apiVersion": _API,
        "kind": "InitConfiguration",
        "bootstrapTokens": [_token(cluster, token)],
        "localAPIEndpoint": _endpoint(cluster, address),
        "nodeRegistration": registration,
        "timeouts": _TIMEOUTS,
    }
    return to_yaml(configuration, _cluster(cluster), _kubelet(cluster), _proxy(cluster))


def join_controller(cluster: Cluster, token: str, ca_hash: str, address: str) -> str:
    """What the other controllers join the cluster with."""
    configuration = _join(cluster, token, ca_hash, _registration(cluster))
    configuration["controlPlane"] = {"localAPIEndpoint": _endpoint(cluster, address)}
    configuration["nodeRegistration"]["ignorePreflightErrors"] = [_directory_check(ETCD_DATA)]
    return to_yaml(configuration)


def join_worker(cluster: Cluster, token: str, ca_hash: str, pool: Pool) -> str:
    """What workers join the cluster with: the token and the fingerprint of the CA, but no key."""
    registration = _registration(cluster)
    if pool.labels:
        labels = ",".join(f"{key}={value}" for key, value in sorted(pool.labels.items()))
        registration["kubeletExtraArgs"].append(_argument("node-labels", labels))
    if pool.taints:
        registration["taints"] = [_taint(taint) for taint in pool.taints]
    return to_yaml(_join(cluster, token, ca_hash, registration))


def credential_providers() -> str:
    """How the kubelet gets credentials for the registry of the account."""
    provider = {
        "name": "ecr-credential-provider",
        "apiVersion": "credentialprovider.kubelet.k8s.io/v1",
        "defaultCacheDuration": "12h0m0s",
        "matchImages": [
            "*.dkr.ecr.*.amazonaws.com",
            "*.dkr.ecr.*.amazonaws.com.cn",
            "*.dkr.ecr-fips.*.amazonaws.com",
        ],
    }
    return to_yaml(
        {"apiVersion": "kubelet.config.k8s.io/v1", "kind": "CredentialProviderConfig", "providers": [provider]}
    )


def dns_address_of_kubeadm(service_cidr: str) -> str:
    """The address that kubeadm gives to the DNS of a cluster, whatever anybody wants."""
    return str(ipaddress.ip_network(service_cidr)[10])


def _cluster(cluster: Cluster) -> Data:
    return {
        "apiVersion": _API,
        "kind": "ClusterConfiguration",
        "apiServer": {"certSANs": [cluster.external_dns_name, *cluster.controller_ips]},
        "caCertificateValidityPeriod": _days(cluster.tls.ca_days),
        "certificateValidityPeriod": _days(cluster.tls.cert_days),
        "clusterName": cluster.name,
        "controlPlaneEndpoint": f"{cluster.external_dns_name}:{cluster.api_port}",
        "controllerManager": {"extraArgs": [_argument("cloud-provider", "external")]},
        "encryptionAlgorithm": _ALGORITHMS[cluster.tls.key_type],
        "etcd": {"local": {"dataDir": ETCD_DATA}},
        "kubernetesVersion": cluster.kubernetes_version,
        "networking": {
            "dnsDomain": "cluster.local",
            "podSubnet": cluster.pod_cidr,
            "serviceSubnet": cluster.service_cidr,
        },
    }


def _kubelet(cluster: Cluster) -> Data:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "cgroupDriver": "systemd",
        "clusterDNS": [cluster.dns_service_ip],
        "clusterDomain": "cluster.local",
        "rotateCertificates": True,
    }


def _proxy(cluster: Cluster) -> Data:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "clusterCIDR": cluster.pod_cidr,
        "mode": "iptables",
    }


def _join(cluster: Cluster, token: str, ca_hash: str, registration: Data) -> Data:
    discovery = {
        "apiServerEndpoint": f"{cluster.external_dns_name}:{cluster.api_port}",
        "caCertHashes": [ca_hash],
        "token": token,
    }
    return {
        "apiVersion": _API,
        "kind": "JoinConfiguration",
        "discovery": {"bootstrapToken": discovery},
        "nodeRegistration": registration,
        "timeouts": _TIMEOUTS,
    }


def _registration(cluster: Cluster) -> Data:
    arguments = [_argument("cloud-provider", "external"), _argument("provider-id", _PROVIDER_ID)]
    if cluster.ecr:
        arguments += [
            _argument("image-credential-provider-bin-dir", CREDENTIAL_PROVIDERS),
            _argument("image-credential-provider-config", CREDENTIAL_PROVIDERS_CONFIG),
        ]
    return {
        "name": _NODE_NAME,
        "criSocket": "unix:///run/containerd/containerd.sock",
        "kubeletExtraArgs": arguments,
    }


def _token(cluster: Cluster, token: str) -> Data:
    return {
        "description": "Machines of the cluster join with it.",
        "groups": ["system:bootstrappers:kubeadm:default-node-token"],
        "token": token,
        "ttl": cluster.bootstrap_token_ttl,
        "usages": ["authentication", "signing"],
    }


def _taint(taint: Taint) -> Data:
    value = {"value": taint.value} if taint.value else {}
    return {"effect": taint.effect, "key": taint.key, **value}


def _endpoint(cluster: Cluster, address: str) -> Data:
    return {"advertiseAddress": address, "bindPort": cluster.api_port}


def _argument(name: str, value: str) -> Data:
    return {"name": name, "value": value}


def _directory_check(path: str) -> str:
    """The check of kubeadm that a directory is empty: a machine that was replaced gets its volume back."""
    return f"DirAvailable-{path.replace('/', '-')}"


def _days(days: int) -> str:
    return f"{days * 24}h0m0s"
