# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What machines tell kubeadm, judged by a strict table of all that kubeadm knows."""

from __future__ import annotations

import os
import shutil
import subprocess
import typing as t
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from unit.plugins.module_utils._kube.kubeadm_schema import findings
from unit.plugins.module_utils._kube.samples import (
    CLUSTER,
    GPU,
    HA,
    RENDERED,
    SECRETS,
    TOKEN,
    WORKERS,
    Configuration,
    Data,
    Rendered,
    files,
)

from ansible_collections.containerci.aws.plugins.module_utils._kube import kubeadm, nodes

BEGIN = "/etc/kubernetes/kubeadm-init.tmpl.yaml"
JOIN = "/etc/kubernetes/kubeadm-join.tmpl.yaml"

everything = pytest.mark.parametrize("rendered", RENDERED.values(), ids=RENDERED)


def documents(text: str) -> dict[str, Data]:
    return {document["kind"]: document for document in yaml.safe_load_all(text)}


def templates(configuration: Configuration) -> dict[str, dict[str, Data]]:
    """The files for kubeadm and the kubelet, each with its documents by kind."""
    found = files(configuration)
    names = (BEGIN, JOIN, kubeadm.CREDENTIAL_PROVIDERS_CONFIG)
    return {name: documents(found[name]["text"]) for name in names if name in found}


def arguments(document: Data) -> dict[str, str]:
    return {each["name"]: each["value"] for each in document["nodeRegistration"]["kubeletExtraArgs"]}


@everything
def test_kubeadm_accepts_every_document(rendered: Rendered) -> None:
    for configuration in rendered.configurations:
        parts = [part for file in templates(configuration).values() for part in file.values()]
        assert parts
        assert [finding for part in parts for finding in findings(part)] == []


@pytest.mark.skipif(not shutil.which("kubeadm"), reason="there is no kubeadm here")
def test_the_real_kubeadm_accepts_every_document(tmp_path: Path) -> None:
    for configuration in (each for rendered in RENDERED.values() for each in rendered.configurations):
        for name in {BEGIN, JOIN} & set(files(configuration)):
            path = tmp_path / Path(name).name
            path.write_text(files(configuration)[name]["text"].replace("${COREOS_EC2_HOSTNAME}", "node"))
            subprocess.run(["kubeadm", "config", "validate", "--config", str(path)], check=True)


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"controlPlaneEndpoint": "name"}, "ClusterConfiguration.controlPlaneEndpoint is 'name'"),
        ({"certificateValidityPeriod": "90d"}, "ClusterConfiguration.certificateValidityPeriod is '90d'"),
        ({"timeoutForControlPlane": "4m"}, "ClusterConfiguration.timeoutForControlPlane is unknown"),
        ({"apiServer": {"extraArgs": {"a": "b"}}}, "ClusterConfiguration.apiServer.extraArgs is no list"),
        ({"apiServer": {"extraArgs": [{"name": "a"}]}}, "ClusterConfiguration.apiServer.extraArgs[0].value is missing"),
        ({"apiVersion": "kubeadm.k8s.io/v1beta3"}, "unknown kind ('kubeadm.k8s.io/v1beta3', 'ClusterConfiguration')"),
    ],
)
def test_the_table_refuses_what_kubeadm_refuses(change: Data, finding: str) -> None:
    good = documents(kubeadm.init(CLUSTER, TOKEN, "10.0.0.50"))["ClusterConfiguration"]
    assert findings({**good, **change}) == [finding]


def test_the_first_controller_begins_the_cluster() -> None:
    parts = templates(RENDERED["new VPC"].controllers[0])
    assert set(parts) == {BEGIN, kubeadm.CREDENTIAL_PROVIDERS_CONFIG}
    cluster = parts[BEGIN]["ClusterConfiguration"]
    assert cluster["controlPlaneEndpoint"] == "api.blue.example.com:6443"
    assert cluster["apiServer"]["certSANs"] == ["api.blue.example.com", "10.0.0.50"]
    assert (cluster["certificateValidityPeriod"], cluster["caCertificateValidityPeriod"]) == ("2160h0m0s", "8760h0m0s")
    assert cluster["encryptionAlgorithm"] == "ECDSA-P256"
    assert cluster["networking"]["podSubnet"] == "10.2.0.0/16"
    begin = parts[BEGIN]["InitConfiguration"]
    assert begin["bootstrapTokens"][0]["ttl"] == "0s"
    assert begin["localAPIEndpoint"] == {"advertiseAddress": "10.0.0.50", "bindPort": 6443}
    assert parts[BEGIN]["KubeletConfiguration"]["clusterDNS"] == ["10.3.0.10"]


def test_of_three_controllers_only_the_first_can_begin_and_all_can_join() -> None:
    found = [templates(each) for each in RENDERED["three controllers"].controllers]
    assert [BEGIN in parts for parts in found] == [True, False, False]
    joins = [parts[JOIN]["JoinConfiguration"] for parts in found]
    assert [each["controlPlane"]["localAPIEndpoint"]["advertiseAddress"] for each in joins] == list(HA.controller_ips)


def test_workers_pin_the_ca_and_are_no_controllers() -> None:
    join = templates(RENDERED["three controllers"].workers["workers"])[JOIN]["JoinConfiguration"]
    assert "controlPlane" not in join
    assert join["discovery"]["bootstrapToken"] == {
        "apiServerEndpoint": "api.blue.example.com:6443",
        "caCertHashes": [SECRETS.ca_hash],
        "token": TOKEN,
    }


def test_nodes_are_named_as_the_cloud_controller_knows_them() -> None:
    for configuration in RENDERED["three controllers"].configurations:
        for document in (part for file in templates(configuration).values() for part in file.values()):
            if "nodeRegistration" in document:
                assert document["nodeRegistration"]["name"] == "${COREOS_EC2_HOSTNAME}"
                assert arguments(document)["cloud-provider"] == "external"
                assert arguments(document)["provider-id"].startswith("aws:///${COREOS_EC2_AVAILABILITY_ZONE}/")


def test_labels_and_taints_of_a_pool_reach_its_nodes() -> None:
    join = documents(kubeadm.join_worker(CLUSTER, TOKEN, SECRETS.ca_hash, GPU))["JoinConfiguration"]
    assert arguments(join)["node-labels"] == "accelerator=nvidia,team=ml"
    assert join["nodeRegistration"]["taints"] == [
        {"key": "accelerator", "value": "nvidia", "effect": "NoSchedule"},
        {"key": "slow", "effect": "PreferNoSchedule"},
    ]


@pytest.mark.parametrize("labels", [{"a": "yes"}, {"a": "1: 2"}, {"a": "'\"#"}, {"a": "é"}])
def test_labels_survive_the_way_through_yaml(labels: dict[str, str]) -> None:
    text = kubeadm.join_worker(CLUSTER, TOKEN, SECRETS.ca_hash, replace(WORKERS, labels=labels))
    assert arguments(documents(text)["JoinConfiguration"])["node-labels"] == f"a={labels['a']}"


def test_without_the_registry_there_is_no_credential_provider() -> None:
    for configuration in RENDERED["no network of pods"].configurations:
        assert not [path for path in files(configuration) if "credential" in path]
        assert "image-credential-provider" not in str(templates(configuration))


# The script that calls kubeadm


METADATA = {
    "COREOS_EC2_HOSTNAME": "ip-10-0-0-50.eu-central-1.compute.internal",
    "COREOS_EC2_AVAILABILITY_ZONE": "eu-central-1a",
    "COREOS_EC2_INSTANCE_ID": "i-0123456789abcdef0",
}
# Says what it was called with, and keeps what it was given.
KUBEADM = """#!/bin/sh
echo "$@" >>"$ROOT/calls"
cp "$ROOT/run/kubeadm.yaml" "$ROOT/given.yaml"
exit "${KUBEADM_STATUS:-0}"
"""


@pytest.fixture
def boot(tmp_path: Path) -> t.Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the script of a configuration in a system of its own; answers says whether another controller answers."""

    def run(configuration: Configuration, answers: bool = False, status: int = 0) -> subprocess.CompletedProcess[str]:
        found = files(configuration)
        for name in (BEGIN, JOIN):
            if name in found:
                path = tmp_path / name.lstrip("/")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(found[name]["text"])
        (tmp_path / "run").mkdir(exist_ok=True)
        programs = tmp_path / "programs"
        programs.mkdir(exist_ok=True)
        for name, text in {"kubeadm": KUBEADM, "curl": f"#!/bin/sh\nexit {0 if answers else 7}\n"}.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        script = found["/opt/bin/kube-aws-kubeadm"]["text"]
        for folder in ("/etc/kubernetes", "/run/"):
            script = script.replace(folder, f"{tmp_path}{folder}")
        environment = {**METADATA, "ROOT": str(tmp_path), "KUBEADM_STATUS": str(status)}
        path = {"PATH": f"{programs}:{os.environ['PATH']}"}
        return subprocess.run(["bash", "-c", script], env={**environment, **path}, capture_output=True, text=True)

    return run


Boot = t.Callable[..., "subprocess.CompletedProcess[str]"]
FIRST, SECOND, _THIRD = RENDERED["three controllers"].controllers


@pytest.mark.parametrize(
    ("configuration", "answers", "verb"),
    [
        pytest.param(RENDERED["new VPC"].controllers[0], False, "init", id="the only controller"),
        pytest.param(FIRST, False, "init", id="the first of three begins"),
        pytest.param(FIRST, True, "join", id="the first of three was replaced"),
        pytest.param(SECOND, False, "join", id="the second waits for the first"),
        pytest.param(RENDERED["new VPC"].workers["workers"], False, "join", id="a worker"),
    ],
)
def test_who_begins_and_who_joins(
    boot: Boot, tmp_path: Path, configuration: Configuration, answers: bool, verb: str
) -> None:
    result = boot(configuration, answers)
    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / "calls").read_text() == f"{verb} --config {tmp_path}/run/kubeadm.yaml\n"
    assert (tmp_path / "etc/kubernetes/kubeadm.done").exists()
    assert not (tmp_path / "run/kubeadm.yaml").exists()


def test_the_machine_fills_in_what_only_it_knows(boot: Boot, tmp_path: Path) -> None:
    boot(RENDERED["new VPC"].controllers[0])
    registration = documents((tmp_path / "given.yaml").read_text())["InitConfiguration"]
    assert registration["nodeRegistration"]["name"] == METADATA["COREOS_EC2_HOSTNAME"]
    assert arguments(registration)["provider-id"] == "aws:///eu-central-1a/i-0123456789abcdef0"
    assert "${" not in (tmp_path / "given.yaml").read_text()
    assert (tmp_path / "given.yaml").stat().st_mode & 0o777 == 0o600


def test_an_attempt_that_failed_is_made_again_in_spite_of_what_it_left(boot: Boot, tmp_path: Path) -> None:
    worker = RENDERED["new VPC"].workers["workers"]
    assert boot(worker, status=1).returncode == 1
    assert not (tmp_path / "etc/kubernetes/kubeadm.done").exists()
    (tmp_path / "etc/kubernetes/kubelet.conf").touch()
    assert boot(worker).returncode == 0
    assert (tmp_path / "calls").read_text().splitlines()[1].endswith(" --ignore-preflight-errors all")


def test_a_replaced_controller_gets_its_volume_back() -> None:
    """kubeadm wants an empty directory, unless it is told otherwise by the name of its check."""
    begin = templates(RENDERED["new VPC"].controllers[0])[BEGIN]
    directory = begin["ClusterConfiguration"]["etcd"]["local"]["dataDir"]
    assert directory.startswith("/var/lib/etcd/")
    ignored = begin["InitConfiguration"]["nodeRegistration"]["ignorePreflightErrors"]
    assert ignored == [f"DirAvailable-{directory.replace('/', '-')}"]


def test_machines_find_all_controllers_without_dns() -> None:
    hosts = files(nodes.worker(HA, SECRETS, WORKERS))["/etc/hosts"]["text"]
    assert [line for line in hosts.splitlines() if "example.com" in line] == [
        f"{address} api.blue.example.com" for address in HA.controller_ips
    ]
