# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No key and no token of a cluster is anywhere but in its directory and, encrypted, in its bucket."""

from __future__ import annotations

import base64
import json
import re
import stat
import typing as t
from pathlib import Path

import pytest
from integration.kube import Kube
from integration.modules import ModuleFailed

KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\n(.*?)\n-----END", re.DOTALL)


@pytest.fixture
def kube(aws: t.Any, run_module: t.Callable[..., dict[str, t.Any]], tmp_path: Path) -> Kube:
    return Kube(aws, run_module, tmp_path / "demo")


def secrets(kube: Kube) -> dict[str, str]:
    """A line from the middle of every key, and the token."""
    folder = kube.directory / "credentials"
    keys = {path.name: KEY.search(path.read_text()) for path in folder.glob("*-key.pem")}
    found = {name: match[1].splitlines()[1] for name, match in keys.items() if match}
    assert set(found) == {f"{name}-key.pem" for name in ("admin", "ca", "etcd-ca", "front-proxy-ca", "sa")}
    return {**found, "bootstrap-token": (folder / "bootstrap-token").read_text().strip()}


def layers(value: t.Any) -> str:
    """A value as text, with everything in it that is encoded, twice."""
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    for _round in range(2):
        words = re.findall(r"[A-Za-z0-9+/]{40,}", text.replace("\\n", "\n"))
        decoded = [base64.b64decode(word[: len(word) // 4 * 4]).decode(errors="replace") for word in words]
        text = "\n".join([text, *decoded])
    return text


def leaks(kube: Kube, value: t.Any) -> set[str]:
    text = layers(value)
    flat = re.sub(r"\s|\\n", "", text)
    return {name for name, secret in secrets(kube).items() if secret in text or secret in flat}


def test_the_scan_finds_what_is_there(kube: Kube) -> None:
    kube.run("rendered", cluster={"ami": "ami-12c6146b"})
    controller = (kube.directory / "userdata" / "controller-0.ign").read_text()
    assert leaks(kube, controller) == set(secrets(kube)) - {"admin-key.pem"}
    assert leaks(kube, (kube.directory / "kubeconfig").read_text()) == {"admin-key.pem"}
    assert leaks(kube, (kube.directory / "userdata" / "worker-default.ign").read_text()) == {"bootstrap-token"}


def everything_in_aws(kube: Kube) -> list[t.Any]:
    """What others can read in the account: stack, template, events, machines, and each request but for the objects."""
    cloudformation, ec2 = kube.aws.client("cloudformation"), kube.aws.client("ec2")
    machines = [machine for r in ec2.describe_instances()["Reservations"] for machine in r["Instances"]]
    data = [
        ec2.describe_instance_attribute(InstanceId=machine["InstanceId"], Attribute="userData") for machine in machines
    ]
    templates = [
        ec2.describe_launch_template_versions(LaunchTemplateId=each["LaunchTemplateId"])
        for each in ec2.describe_launch_templates()["LaunchTemplates"]
    ]
    requests = [entry for entry in kube.aws.log(internal=True) if entry["operation"] != "PutObject"]
    puts = [entry for entry in kube.aws.log() if entry["operation"] == "PutObject"]
    assert puts
    shown = [{**entry["parameters"], "Body": ""} for entry in puts]
    assert {each["ServerSideEncryption"] for each in shown} == {"aws:kms"}
    assert {each["SSEKMSKeyId"] for each in shown} == {kube.key}
    return [
        kube.stack(),
        cloudformation.get_template(StackName="demo")["TemplateBody"],
        cloudformation.describe_stack_events(StackName="demo")["StackEvents"],
        [machines, data, templates],
        [requests, shown],
    ]


def test_no_secret_is_in_aws_or_in_a_result(kube: Kube) -> None:
    results = [kube.run("present", check=True, diff=True), kube.run("present", diff=True)]
    results += [kube.run("present", diff=True, cluster={"workerCount": 2}), kube.info()]
    with pytest.raises(ModuleFailed) as caught:
        kube.run("present", diff=True, cluster={"ami": kube.other_image()})
    for state in ("rendered", "exported", "kubeconfig", "validated"):
        results.append(kube.run(state, diff=True))
    for value in (*results, caught.value.result, *everything_in_aws(kube)):
        assert leaks(kube, value) == set()


def test_a_diff_shows_a_fingerprint_of_each_key(kube: Kube) -> None:
    shown = json.dumps(kube.run("present", diff=True)["diff"])
    assert shown.count("<private key sha256:") >= 8
    assert "<bootstrap token sha256:" in shown


def test_only_the_owner_can_read_the_directory(kube: Kube) -> None:
    kube.run("rendered", cluster={"ami": "ami-12c6146b"})
    files = [path for path in kube.directory.rglob("*") if path.is_file()]
    folders = [kube.directory, *(path for path in kube.directory.rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_the_kubeconfig_is_returned_only_when_asked_for(kube: Kube) -> None:
    assert "kubeconfig" not in kube.run("kubeconfig")
    asked = kube.run("kubeconfig", return_kubeconfig=True)
    assert asked["kubeconfig"] == (kube.directory / "kubeconfig").read_text()
