# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role coreos_kubernetes as its user meets it: real ansible-playbook runs against the embedded AWS.

The API of the cluster is a double, with the keys that the role has made.
"""

from __future__ import annotations

import re
import sys
import typing as t
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "doubles" / "kubernetes"))

from fake_kubernetes.cluster import Cluster  # noqa: E402
from fake_kubernetes.resources import place  # noqa: E402
from fake_kubernetes.server import FakeKubernetes  # noqa: E402

PLAYBOOK = "playbooks/kubernetes.yml"
NAME = "api.kubernetes.example.org"
CLUSTER = {
    "cluster_name": "demo",
    "external_dns_name": NAME,
    "region": "us-east-1",
    "availability_zone": "us-east-1a",
    "key_name": "admin",
    "ecr": False,
    "sysext_sha256": "ab" * 32,
}
ADDON = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "addon", "namespace": "default"}}
SERVICE = place("/api/v1/namespaces/default/services/addon")


@pytest.fixture
def role(aws: t.Any, run_playbook: t.Any, tmp_path: Path) -> t.Callable[..., tuple[int, str]]:
    """Runs the role with a folder of its own."""
    aws.client("ec2").create_key_pair(KeyName="admin")

    def run(*options: str, **variables: t.Any) -> tuple[int, str]:
        given = {"asset_dir": str(tmp_path / "demo"), "cluster": CLUSTER, "wait": False, **variables}
        return run_playbook(PLAYBOOK, *options, **{f"coreos_kubernetes_{name}": value for name, value in given.items()})

    return run


def changed(output: str) -> int:
    return int(re.findall(r"changed=(\d+)", output)[-1])


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"cluster": {}}, "coreos_kubernetes_cluster is empty, and there is no file"),
        ({"api_address": "https://x"}, "coreos_kubernetes_api_address is 'https://x', but it must be ADDRESS"),
        ({"sample": "present"}, "coreos_kubernetes_wait is false, but"),
        ({"state": "absent", "termination_protection": True}, "set it to false"),
    ],
)
def test_a_mistake_is_told_before_anything_is_written(role: t.Any, aws: t.Any, variables: t.Any, reason: str) -> None:
    aws.forget()
    status, output = role(**variables)
    assert (status, aws.log("write")) == (2, [])
    assert reason in " ".join(output.split())


def test_a_folder_is_of_one_cluster(role: t.Any) -> None:
    assert role(state="initialized")[0] == 0
    status, output = role(state="absent", cluster={**CLUSTER, "cluster_name": "other"})
    assert status == 2
    assert "is about the cluster other, but" in " ".join(output.split())


def test_check_mode_survives_an_empty_account(role: t.Any, aws: t.Any, tmp_path: Path) -> None:
    aws.forget()
    status, output = role("--check", "--diff")
    assert (status, aws.log("write")) == (0, []), output
    assert not (tmp_path / "demo").exists()


def test_tags_are_the_verbs_of_kube_aws_in_their_order(role: t.Any, aws: t.Any, tmp_path: Path) -> None:
    status, output = role("--tags", "render,init")
    assert status == 0, output
    assert re.findall(r"Cluster (initialized|rendered)\]", output) == ["initialized", "rendered"]
    assert (tmp_path / "demo" / "credentials" / "ca.pem").exists()
    assert aws.client("cloudformation").list_stacks()["StackSummaries"] == []


def test_a_cluster_comes_with_its_add_ons_and_goes(role: t.Any, aws: t.Any, tmp_path: Path) -> None:
    assert role(state="rendered")[0] == 0
    folder = tmp_path / "demo" / "credentials"
    with FakeKubernetes(folder / "ca.pem", folder / "ca-key.pem", NAME, Cluster(1, 1, delay=1)) as api:
        wanted = {"spec": {"selector": {"app": "addon"}, "ports": [{"port": 80}]}}
        variables = {"wait": True, "api_address": f"127.0.0.1:{api.port}", "wait_timeout": 60}
        first = role(addons=[{**ADDON, **wanted}], **variables)
        assert (first[0], api.writes) == (0, ["POST /api/v1/namespaces/default/services"]), first[1]
        made = api.cluster.read(SERVICE)
        second = role(addons=[{**ADDON, **wanted}], **variables)
        assert (second[0], changed(second[1]), api.cluster.read(SERVICE)) == (0, 0, made), second[1]
    status, output = role(state="absent")
    assert (status, changed(output)) == (0, 1), output
    key = aws.client("kms").describe_key(KeyId="alias/kube-aws-demo")["KeyMetadata"]
    assert key["KeyState"] == "Enabled"


def test_nodes_that_do_not_come_are_counted(role: t.Any, tmp_path: Path) -> None:
    assert role(state="rendered")[0] == 0
    folder = tmp_path / "demo" / "credentials"
    with FakeKubernetes(folder / "ca.pem", folder / "ca-key.pem", NAME, Cluster(1, 0, delay=0)) as api:
        status, output = role(wait=True, api_address=f"127.0.0.1:{api.port}", wait_timeout=10)
    assert status == 2
    assert "1 of 2 nodes are ready after 10 s" in " ".join(output.split())
