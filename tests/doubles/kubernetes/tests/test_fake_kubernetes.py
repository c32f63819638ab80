# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The double does what a cluster does with the requests of the role, and refuses what a cluster refuses."""

from __future__ import annotations

import copy
import ssl
import typing as t
import urllib.error

import pytest

from fake_kubernetes.cluster import Cluster
from fake_kubernetes.server import FakeKubernetes

from .conftest import NAME, Authority, Client

DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
SERVICES = "/api/v1/namespaces/default/services"
STRATEGIC = "application/strategic-merge-patch+json"
WEB = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "replicas": 2,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "web", "image": "web:1", "ports": [{"containerPort": 80}]}]},
        },
    },
}
FRONT = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web"},
    "spec": {"type": "LoadBalancer", "selector": {"app": "web"}, "ports": [{"port": 80}]},
}


def changed(base: dict[str, t.Any], path: str, value: t.Any) -> dict[str, t.Any]:
    found = copy.deepcopy(base)
    *parents, last = path.split(".")
    inner = found
    for parent in parents:
        inner = inner[parent]
    inner[last] = value
    return found


def test_who_may_do_something(double: FakeKubernetes, authority: Authority) -> None:
    answers = {
        who: Client(double, authority, who)("GET", "/api/v1/nodes")[0] for who in (None, "kube-aws", "system:masters")
    }
    assert answers == {None: 401, "kube-aws": 403, "system:masters": 200}
    assert Client(double, authority, "kubeadm:cluster-admins")("GET", "/api/v1/nodes")[0] == 200


def test_a_client_of_another_authority_is_not_served(
    double: FakeKubernetes, tmp_path: t.Any, authority: Authority
) -> None:
    stranger = Client(double, authority, None)
    stranger._context.load_cert_chain(*map(str, Authority(tmp_path).client("system:masters")))
    with pytest.raises((urllib.error.URLError, ssl.SSLError, ConnectionError)):
        stranger("GET", "/api/v1/nodes")


def test_health_needs_nobody(authority: Authority) -> None:
    with FakeKubernetes(authority.ca, authority.ca_key, NAME, ready_after=60) as young:
        client = Client(young, authority, "system:masters")
        assert [client("GET", path)[0] for path in ("/readyz", "/api/v1/nodes")] == [500, 503]
    with FakeKubernetes(authority.ca, authority.ca_key, NAME) as running:
        assert Client(running, authority, None)("GET", "/readyz") == (200, "ok")


def test_nodes_become_ready(authority: Authority) -> None:
    for delay, expected in ((60.0, "False"), (0.0, "True")):
        with FakeKubernetes(authority.ca, authority.ca_key, NAME, Cluster(1, 2, delay=delay)) as running:
            listed = Client(running, authority, "system:masters")("GET", "/api/v1/nodes")[1]
        assert [node["status"]["conditions"][0]["status"] for node in listed["items"]] == [expected] * 3


@pytest.mark.parametrize(
    ("selector", "count"),
    [("node-role.kubernetes.io/control-plane", 1), ("!node-role.kubernetes.io/control-plane", 2), ("app=web", 0)],
)
def test_nodes_are_selected_by_label(admin: Client, selector: str, count: int) -> None:
    assert len(admin("GET", f"/api/v1/nodes?labelSelector={selector}")[1]["items"]) == count


def test_a_deployment_lives(admin: Client) -> None:
    status, made = admin("POST", DEPLOYMENTS, WEB)
    assert (status, made["status"]["availableReplicas"], made["metadata"]["generation"]) == (201, 2, 1)
    assert admin("POST", DEPLOYMENTS, WEB)[0] == 409
    pods = admin("GET", "/api/v1/namespaces/default/pods?labelSelector=app=web")[1]["items"]
    assert len(pods) == 2
    three = admin("PATCH", f"{DEPLOYMENTS}/web", {"spec": {"replicas": 3}}, STRATEGIC)[1]
    assert (three["spec"]["replicas"], three["metadata"]["generation"]) == (3, 2)
    assert admin("DELETE", f"{DEPLOYMENTS}/web")[0] == 200
    assert admin("GET", f"{DEPLOYMENTS}/web")[1]["reason"] == "NotFound"


def test_a_service_gets_a_load_balancer(admin: Client) -> None:
    made = admin("POST", SERVICES, FRONT)[1]
    assert made["status"]["loadBalancer"]["ingress"][0]["hostname"].endswith(".elb.amazonaws.com")
    admin("DELETE", f"{SERVICES}/web")
    inner = admin("POST", SERVICES, changed(FRONT, "spec.type", "ClusterIP"))[1]
    assert inner["status"] == {"loadBalancer": {}}


def test_a_strategic_patch_merges_containers_by_name(admin: Client) -> None:
    admin("POST", DEPLOYMENTS, WEB)
    patch = {"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "web:2"}]}}}}
    (container,) = admin("PATCH", f"{DEPLOYMENTS}/web", patch, STRATEGIC)[1]["spec"]["template"]["spec"]["containers"]
    assert container == {"name": "web", "image": "web:2", "ports": [{"containerPort": 80}]}


def test_a_merge_patch_replaces_lists(admin: Client) -> None:
    admin("POST", SERVICES, FRONT)
    patch = {"spec": {"ports": [{"port": 8080}]}}
    patched = admin("PATCH", f"{SERVICES}/web", patch, "application/merge-patch+json")[1]
    assert patched["spec"]["ports"] == [{"port": 8080}]


def test_a_dry_run_writes_nothing(admin: Client, double: FakeKubernetes) -> None:
    assert admin("POST", f"{SERVICES}?dryRun=All", FRONT)[0] == 201
    assert admin("GET", f"{SERVICES}/web")[0] == 404
    assert double.writes == []


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status"),
    [
        ("GET", "/api/v1/secrets", None, "", 404),
        ("GET", "/apis/batch/v1/jobs", None, "", 404),
        ("GET", "/api/v1/nodes?watch=true", None, "", 400),
        ("POST", "/api/v1/nodes", {}, "application/json", 405),
        ("PUT", f"{SERVICES}/web", FRONT, "application/json", 405),
        ("POST", "/api/v1/namespaces/other/services", FRONT, "application/json", 404),
        ("POST", SERVICES, WEB, "application/json", 400),
        ("POST", SERVICES, changed(FRONT, "spec.tipe", "x"), "application/json", 422),
        ("POST", SERVICES, changed(FRONT, "spec.ports", [{"port": "http"}]), "application/json", 422),
        ("POST", DEPLOYMENTS, changed(WEB, "spec.selector.matchLabels", {"app": "other"}), "application/json", 422),
        ("PATCH", f"{DEPLOYMENTS}/none", {}, STRATEGIC, 404),
    ],
)
def test_what_a_cluster_refuses(admin: Client, method: str, path: str, body: t.Any, kind: str, status: int) -> None:
    assert admin(method, path, body, kind)[0] == status


def test_an_unknown_patch_is_refused(admin: Client) -> None:
    admin("POST", SERVICES, FRONT)
    assert admin("PATCH", f"{SERVICES}/web", {}, "application/json-patch+json")[0] == 415
