# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What kubeadm.k8s.io/v1beta4 and its neighbours accept, as a table: every key and its type.

kubeadm decodes strictly, so an unknown key or a wrong type is a node that never joins.
A list in the table is a list of what is in it, "{}" a mapping from text to what is in it.
"""

from __future__ import annotations

import re
import typing as t

DURATION = re.compile(r"(\d+h)?(\d+m)?(\d+s)?")
TOKEN = re.compile(r"[a-z0-9]{6}\.[a-z0-9]{16}")
HASH = re.compile(r"sha256:[0-9a-f]{64}")
ALGORITHM = re.compile(r"RSA-(2048|3072|4096)|ECDSA-P(256|384)")
POLICY = re.compile(r"Always|IfNotPresent|Never")
EFFECT = re.compile(r"NoSchedule|PreferNoSchedule|NoExecute")

NAMED = [{"name!": str, "value!": str}]
IMAGE = {"imageRepository": str, "imageTag": str}
VOLUMES = [{"name!": str, "hostPath!": str, "mountPath!": str, "readOnly": bool, "pathType": str}]
COMPONENT = {"extraArgs": NAMED, "extraVolumes": VOLUMES, "extraEnvs": NAMED}
ENDPOINT = {"advertiseAddress": str, "bindPort": int}
PATCHES = {"directory": str}
TIMEOUTS = dict.fromkeys(
    (
        "controlPlaneComponentHealthCheck",
        "discovery",
        "etcdAPICall",
        "kubeletHealthCheck",
        "kubernetesAPICall",
        "tlsBootstrap",
        "upgradeManifests",
    ),
    DURATION,
)
REGISTRATION = {
    "name": str,
    "criSocket": str,
    "taints": [{"key!": str, "value": str, "effect!": EFFECT}],
    "kubeletExtraArgs": NAMED,
    "ignorePreflightErrors": [str],
    "imagePullPolicy": POLICY,
    "imagePullSerial": bool,
}
ETCD = {
    "local": {
        **IMAGE,
        "dataDir!": str,
        "extraArgs": NAMED,
        "extraEnvs": NAMED,
        "serverCertSANs": [str],
        "peerCertSANs": [str],
    },
    "external": {"endpoints!": [str], "httpEndpoints": [str], "caFile!": str, "certFile!": str, "keyFile!": str},
}
KINDS: dict[tuple[str, str], dict[str, t.Any]] = {
    ("kubeadm.k8s.io/v1beta4", "InitConfiguration"): {
        "bootstrapTokens": [
            {
                "token!": TOKEN,
                "description": str,
                "ttl": DURATION,
                "expires": str,
                "usages": [re.compile("signing|authentication")],
                "groups": [re.compile("system:bootstrappers:.+")],
            }
        ],
        "certificateKey": str,
        "dryRun": bool,
        "localAPIEndpoint": ENDPOINT,
        "nodeRegistration": REGISTRATION,
        "patches": PATCHES,
        "skipPhases": [str],
        "timeouts": TIMEOUTS,
    },
    ("kubeadm.k8s.io/v1beta4", "ClusterConfiguration"): {
        "apiServer": {**COMPONENT, "certSANs": [str]},
        "caCertificateValidityPeriod": DURATION,
        "certificateValidityPeriod": DURATION,
        "certificatesDir": str,
        "clusterName": str,
        "controlPlaneEndpoint": re.compile(r"[^:/]+:\d+"),
        "controllerManager": COMPONENT,
        "dns": {**IMAGE, "disabled": bool},
        "encryptionAlgorithm": ALGORITHM,
        "etcd": ETCD,
        "featureGates": {"{}": bool},
        "imageRepository": str,
        "kubernetesVersion": re.compile(r"v1\.\d+\.\d+"),
        "networking": {"serviceSubnet": str, "podSubnet": str, "dnsDomain": str},
        "proxy": {"disabled": bool},
        "scheduler": COMPONENT,
    },
    ("kubeadm.k8s.io/v1beta4", "JoinConfiguration"): {
        "caCertPath": str,
        "controlPlane": {"certificateKey": str, "localAPIEndpoint": ENDPOINT},
        "discovery!": {
            "bootstrapToken": {
                "token!": TOKEN,
                "apiServerEndpoint": re.compile(r"[^:/]+:\d+"),
                "caCertHashes": [HASH],
                "unsafeSkipCAVerification": bool,
            },
            "file": {"kubeConfigPath!": str},
            "tlsBootstrapToken": TOKEN,
        },
        "dryRun": bool,
        "nodeRegistration": REGISTRATION,
        "patches": PATCHES,
        "skipPhases": [str],
        "timeouts": TIMEOUTS,
    },
    ("kubelet.config.k8s.io/v1beta1", "KubeletConfiguration"): {
        "cgroupDriver": re.compile("systemd|cgroupfs"),
        "clusterDNS": [str],
        "clusterDomain": str,
        "rotateCertificates": bool,
    },
    ("kubeproxy.config.k8s.io/v1alpha1", "KubeProxyConfiguration"): {
        "clusterCIDR": str,
        "mode": re.compile("iptables|nftables|ipvs"),
    },
    ("kubelet.config.k8s.io/v1", "CredentialProviderConfig"): {
        "providers!": [
            {
                "name!": re.compile("[a-z0-9-]+"),
                "apiVersion!": re.compile(r"credentialprovider\.kubelet\.k8s\.io/v1"),
                "defaultCacheDuration!": DURATION,
                "matchImages!": [str],
                "args": [str],
                "env": NAMED,
            }
        ]
    },
}


def findings(document: dict[str, t.Any]) -> list[str]:
    """What kubeadm would refuse in a document, each with its place."""
    kind = (document.get("apiVersion", ""), document.get("kind", ""))
    if kind not in KINDS:
        return [f"unknown kind {kind}"]
    content = {key: value for key, value in document.items() if key not in ("apiVersion", "kind")}
    return list(_compare(content, KINDS[kind], kind[1]))


def _compare(value: t.Any, wanted: t.Any, place: str) -> t.Iterator[str]:
    if isinstance(wanted, dict):
        yield from _compare_mapping(value, wanted, place)
    elif isinstance(wanted, list):
        if not isinstance(value, list):
            yield f"{place} is no list"
            return
        for index, item in enumerate(value):
            yield from _compare(item, wanted[0], f"{place}[{index}]")
    elif isinstance(wanted, re.Pattern):
        if not isinstance(value, str) or not value or not wanted.fullmatch(value):
            yield f"{place} is {value!r}"
    elif type(value) is not wanted:
        yield f"{place} is {value!r}, no {wanted.__name__}"


def _compare_mapping(value: t.Any, wanted: dict[str, t.Any], place: str) -> t.Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} is no mapping"
        return
    needed = {key[:-1] for key in wanted if key.endswith("!")}
    for key in sorted(needed - set(value)):
        yield f"{place}.{key} is missing"
    for key, item in value.items():
        known = wanted.get("{}", wanted.get(key, wanted.get(f"{key}!")))
        if known is None:
            yield f"{place}.{key} is unknown"
        else:
            yield from _compare(item, known, f"{place}.{key}")
