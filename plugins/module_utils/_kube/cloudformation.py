# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import MAXIMUM_BODY
from ansible_collections.containerci.aws.plugins.module_utils._kube import (
    cloudformation_dns,
    cloudformation_iam,
    cloudformation_network,
    cloudformation_nodes,
)
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster

Data = dict[str, t.Any]

# The zones are those of cluster.yaml, so they stand in the template as they are.
_LINT = {"config": {"ignore_checks": ["W3010"]}}
_METADATA, _VERSIONS = "kube-aws", "KubernetesVersions"
_PROTECTED = ("EtcdVolume", "InstanceController", "NetworkInterfaceController")


def template(
    cluster: Cluster, ami: str, controllers: t.Sequence[str], workers: t.Mapping[str, str], bucket: str = ""
) -> Data:
    """The whole stack: user data of the controllers in their order, of the workers by the name of their pool.

    The bucket is the one that the user data point to, if they do.
    """
    resources = {
        **cloudformation_network.resources(cluster),
        **_roles(cluster, bucket),
        **cloudformation_nodes.controllers(cluster, ami, controllers),
    }
    for pool in cluster.pools:
        resources |= cloudformation_nodes.workers(cluster, pool, ami, workers[pool.name])
    if cluster.is_ha:
        resources |= cloudformation_dns.balancer(cluster)
    if cluster.create_record_set:
        resources |= cloudformation_dns.record(cluster)
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Kubernetes cluster {cluster.name} on Flatcar",
        "Metadata": {"cfn-lint": _LINT, _METADATA: {_VERSIONS: [cluster.kubernetes_version]}},
        "Outputs": _outputs(cluster),
        "Resources": resources,
    }


def versions(body: Data) -> list[str]:
    """The versions of Kubernetes in a cluster: two while its controllers are replaced, none if nobody wrote them."""
    return list(body.get("Metadata", {}).get(_METADATA, {}).get(_VERSIONS, []))


def with_versions(body: Data, found: t.Iterable[str]) -> Data:
    metadata = body.get("Metadata", {})
    return {**body, "Metadata": {**metadata, _METADATA: {**metadata.get(_METADATA, {}), _VERSIONS: sorted(found)}}}


def render(wanted: Data) -> str:
    """The template as text: the same template is the same text. One with many pools is written without spaces."""
    text = json.dumps(wanted, indent=1, sort_keys=True) + "\n"
    if len(text.encode()) <= MAXIMUM_BODY:
        return text
    return json.dumps(wanted, separators=(",", ":"), sort_keys=True) + "\n"


def stack_policy() -> str:
    """What updates may do: never take away the machines and the volumes that etcd lives on."""
    protected = [f"LogicalResourceId/{name}*" for name in _PROTECTED]
    statements = [
        {"Action": "Update:*", "Effect": "Allow", "Principal": "*", "Resource": "*"},
        {"Action": ["Update:Delete", "Update:Replace"], "Effect": "Deny", "Principal": "*", "Resource": protected},
    ]
    return json.dumps({"Statement": statements}, indent=1, sort_keys=True) + "\n"


def is_protected(logical_id: str) -> bool:
    """Whether a change of this resource could lose the data of the cluster."""
    return logical_id.startswith(_PROTECTED)


def _roles(cluster: Cluster, bucket: str) -> Data:
    images = cloudformation_iam.images() if cluster.ecr else []
    controller = [*cloudformation_iam.cloud_controller(cluster.name), *images]
    worker = [*cloudformation_iam.node(), *images]
    if bucket:
        prefix = f"{cluster.name}/ignition"
        controller += cloudformation_iam.objects(bucket, f"{prefix}/controller-", cluster.kms_key_arn)
        worker += cloudformation_iam.objects(bucket, f"{prefix}/worker-", cluster.kms_key_arn)
    return {**cloudformation_iam.role("Controller", controller), **cloudformation_iam.role("Worker", worker)}


def _outputs(cluster: Cluster) -> Data:
    addresses: list[t.Any] = [
        {"Ref": f"EIPController{index}"} if cloudformation_network.is_public(cluster, index) else address
        for index, address in enumerate(cluster.controller_ips)
    ]
    endpoint = f"https://{cluster.external_dns_name}:{cluster.api_port}"
    found: Data = {
        "ControllerIP": {"Description": "Addresses of the controllers", "Value": {"Fn::Join": [",", addresses]}},
        "Endpoint": {"Description": "Where the API answers", "Value": endpoint},
    }
    if cluster.is_ha:
        found["LoadBalancer"] = {
            "Description": f"What {cluster.external_dns_name} has to lead to",
            "Value": {"Fn::GetAtt": ["Balancer", "DNSName"]},
        }
    return found
