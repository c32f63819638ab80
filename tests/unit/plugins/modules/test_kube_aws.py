# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What kube_aws does without AWS and without a network."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.containerci.aws.plugins.doc_fragments._kube import ModuleDocFragment
from ansible_collections.containerci.aws.plugins.module_utils._kube.keys import KEYS, POOL_KEYS, SUBNET_KEYS, TAINT_KEYS
from ansible_collections.containerci.aws.plugins.modules import kube_aws, kube_aws_info

ROOT = Path(__file__).resolve().parents[4]
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
CLUSTER = {
    "clusterName": "demo",
    "externalDNSName": "api.example.org",
    "region": "eu-central-1",
    "availabilityZone": "eu-central-1a",
    "keyName": "admin",
    "kmsKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555",
    "ami": "ami-0123456789abcdef0",
    "sysextSHA256": SHA256,
    "ecrProviderSHA256": SHA256,
}

# The module in a process of its own, in which a network would be an error, and which tells what it loaded.
LAUNCHER = """
import importlib, json, socket, sys
request = json.loads(sys.argv[1])
sys.path.insert(0, request["tree"])
class NoNetwork(socket.socket):
    def connect(self, address):
        raise AssertionError(f"a connection to {address}")
socket.socket = NoNetwork
from ansible.module_utils import basic
basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": request["arguments"]}).encode()
basic._ANSIBLE_PROFILE = "legacy"
try:
    importlib.import_module("ansible_collections.containerci.aws.plugins.modules.kube_aws").main()
finally:
    print(json.dumps(sorted(name for name in sys.modules if "." not in name)), file=sys.stderr)
"""


class Run(t.NamedTuple):
    result: dict[str, t.Any]
    loaded: list[str]


class Offline:
    """Runs the module with the asset directory below a folder of the test."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def __call__(self, state: str, check: bool = False, **options: t.Any) -> Run:
        given = {"cluster": CLUSTER} if "config" not in options else {}
        arguments = {"state": state, "asset_dir": str(self.directory), **given, **options}
        internal = {"_ansible_check_mode": check, "_ansible_diff": True, "_ansible_remote_tmp": "/tmp"}
        request = {
            "tree": str(ROOT / ".ansible" / "tree"),
            "arguments": {key: value for key, value in {**arguments, **internal}.items() if value is not None},
        }
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ANSIBLE_"))}
        command = [sys.executable, "-c", LAUNCHER, json.dumps(request)]
        done = subprocess.run(command, env=plain, capture_output=True, text=True, check=False)
        assert done.stdout, done.stderr
        return Run(json.loads(done.stdout), json.loads(done.stderr.splitlines()[-1]))

    def tree(self) -> dict[str, str]:
        files = [path for path in sorted(self.directory.rglob("*")) if path.is_file()]
        return {str(p.relative_to(self.directory)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture
def offline(tmp_path: Path) -> Offline:
    return Offline(tmp_path / "demo")


def test_a_cluster_is_rendered_without_a_network_and_without_the_sdk(offline: Offline) -> None:
    done = offline("rendered")
    assert done.result.get("changed"), done.result
    assert {"boto3", "botocore"}.isdisjoint(done.loaded)
    assert {"cluster.yaml", "stack-template.json", "kubeconfig", "userdata/controller-0.ign"} <= set(offline.tree())
    assert done.result["certificates"][0]["name"] == "ca"


def test_rendering_again_changes_no_byte(offline: Offline) -> None:
    offline("rendered")
    before = offline.tree()
    again = offline("rendered")
    assert (again.result["changed"], again.result["actions"], again.result["diff"]) == (False, [], [])
    (offline.directory / "stack-template.json").unlink()
    assert offline("rendered", cluster=None).result["actions"] == ["Create stack-template.json."]
    assert offline.tree() == before


@pytest.mark.parametrize("state", ["initialized", "rendered", "kubeconfig", "exported"])
def test_check_mode_predicts_and_writes_nothing(offline: Offline, state: str) -> None:
    predicted = offline(state, check=True).result
    assert not offline.directory.exists()
    done = offline(state).result
    assert predicted["actions"] == done["actions"] != []
    assert offline(state).result["changed"] is False


def test_a_cluster_yaml_of_the_user_is_left_alone(offline: Offline) -> None:
    offline("initialized")
    path = offline.directory / "cluster.yaml"
    path.write_text(path.read_text().replace("api.example.org", "mine.example.org"))
    again = offline("initialized").result
    assert again["changed"] is False
    assert "says something else" in str(again["warnings"])
    assert "mine.example.org" in path.read_text()
    assert offline("rendered", cluster=None).result["cluster"]["endpoint"] == "https://mine.example.org:6443"


def test_a_file_of_kube_aws_is_taken_as_it_is(offline: Offline, tmp_path: Path) -> None:
    old = tmp_path / "old.yaml"
    old.write_text(yaml.safe_dump({**CLUSTER, "artifactURL": "https://example.org/v1", "controllerIP": "10.0.0.50"}))
    done = offline("rendered", config=str(old)).result
    assert done.get("changed"), done
    assert "artifactURL is ignored" in str(done["warnings"])


def test_all_findings_come_in_one_failure(offline: Offline) -> None:
    wrong = {**CLUSTER, "workersCount": 3, "vpcCIDR": "10.0.0.0", "externalDNSName": "not a name!"}
    failed = offline("rendered", cluster=wrong).result
    assert failed["failed"]
    assert {finding["key"] for finding in failed["findings"]} == {"workersCount", "vpcCIDR", "externalDNSName"}
    assert "did you mean workerCount?" in failed["msg"]
    assert not offline.directory.exists()


def test_authorities_are_made_anew_only_when_asked_for(offline: Offline) -> None:
    first = offline("rendered").result["certificates"][0]["sha256"]
    assert offline("rendered").result["certificates"][0]["sha256"] == first
    forced = offline("rendered", force_new_ca=True).result
    assert forced["certificates"][0]["sha256"] != first
    kept = [path.name for path in (offline.directory / "credentials").glob("ca-key.pem.*~")]
    assert len(kept) == 1


def test_a_kubeconfig_with_other_clusters_is_not_overwritten(offline: Offline, tmp_path: Path) -> None:
    dest = tmp_path / "config"
    assert offline("kubeconfig", dest=str(dest)).result["changed"]
    assert offline("kubeconfig", dest=str(dest)).result["changed"] is False
    dest.write_text(dest.read_text() + "# and another one\n")
    assert offline("kubeconfig", dest=str(dest)).result["changed"]
    dest.write_text("apiVersion: v1\nkind: Config\ncurrent-context: work\n")
    refused = offline("kubeconfig", dest=str(dest)).result
    assert "holds something else" in refused["msg"]
    assert "work" in dest.read_text()


def test_an_unreadable_checksum_list_is_one_sentence(offline: Offline) -> None:
    cluster = {**CLUSTER, "sysextSHA256": "", "sysextBaseURL": "http://127.0.0.1:9/extensions"}
    failed = offline("rendered", cluster=cluster).result
    assert failed["msg"].startswith("The checksums at http://127.0.0.1:9/extensions/kubernetes/SHA256SUMS cannot")
    assert not offline.directory.exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"keep_objects": 1}, "it must be 2 or more"),
        ({"delete_orphans": True, "wait": False}, "delete_orphans needs wait"),
        ({"ca_cert": "ca.pem"}, "ca_key"),
        ({"config": "cluster.yaml", "cluster": CLUSTER}, "mutually exclusive"),
        ({"config": "nowhere.yaml"}, "There is no nowhere.yaml"),
    ],
)
def test_options_that_do_not_go_together(offline: Offline, options: dict[str, t.Any], words: str) -> None:
    failed = offline("rendered", **options).result
    assert failed["failed"]
    assert words in failed["msg"]


def test_every_key_is_documented_under_its_name() -> None:
    lines = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]["cluster"]["description"]
    documented = {line.split(")", 1)[0].removeprefix("C(") for line in lines[4:]}
    assert documented == {
        *(key.name for key in KEYS),
        *(f"subnets[].{key.name}" for key in SUBNET_KEYS),
        *(f"workerPools[].{key.name}" for key in POOL_KEYS),
        *(f"workerPools[].taints[].{key.name}" for key in TAINT_KEYS),
    }


def test_a_key_that_does_nothing_is_documented_as_such() -> None:
    lines = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]["cluster"]["description"]
    ignored = {
        line.split(")", 1)[0].removeprefix("C(") for line in lines if "was a key of kube-aws and is ignored" in line
    }
    assert ignored == {key.name for key in KEYS if key.is_dead}


@pytest.mark.parametrize("module", [kube_aws, kube_aws_info])
def test_every_option_is_documented_and_in_an_example(module: t.Any) -> None:
    own = set(yaml.safe_load(module.DOCUMENTATION)["options"])
    shared = set(yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"])
    assert own | shared == set(module.ARGUMENTS)
    tasks = yaml.safe_load(module.EXAMPLES)
    name = f"containerci.aws.{module.__name__.rsplit('.', 1)[1]}"
    assert set(module.ARGUMENTS) <= {option for task in tasks for option in task.get(name, {})}
