# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What machines get at their first boot, and what they must not get."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from unit.plugins.module_utils._kube.samples import (
    BUCKET,
    CLUSTER,
    GPU,
    HA,
    NAMES,
    PKI,
    RENDERED,
    SECRETS,
    TOKEN,
    WORKERS,
    Rendered,
    files,
    units,
)

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import nodes, pointer

everything = pytest.mark.parametrize("rendered", RENDERED.values(), ids=RENDERED)


@everything
def test_controllers_get_the_keys_of_the_cluster_and_nobody_else_reads_them(rendered: Rendered) -> None:
    for configuration in rendered.controllers:
        found = files(configuration)
        assert {path.removeprefix("/etc/kubernetes/pki/") for path in found if "/pki/" in path} == set(PKI)
        for name in NAMES:
            assert found[f"/etc/kubernetes/pki/{name}.key"]["mode"] == 0o600
        assert all(file["mode"] == 0o600 for path, file in found.items() if TOKEN in file.get("text", ""))


@everything
def test_workers_get_no_key_and_no_certificate(rendered: Rendered) -> None:
    for configuration in rendered.workers.values():
        assert "BEGIN" not in "".join(file.get("text", "") for file in files(configuration).values())


@everything
def test_user_data_is_small_and_holds_no_secret(rendered: Rendered) -> None:
    for configuration in rendered.configurations:
        user_data = configuration.user_data(BUCKET)
        assert len(user_data) < 1000
        assert TOKEN not in user_data
        replacement = json.loads(user_data)["ignition"]["config"]["replace"]
        assert replacement["source"] == f"s3://{BUCKET}/{configuration.key}"


def test_the_name_of_an_object_changes_with_its_content_only() -> None:
    before = nodes.worker(CLUSTER, SECRETS, WORKERS)
    assert before.key.startswith("blue/ignition/worker-workers-")
    assert nodes.worker(replace(CLUSTER, ssh_cidrs=("10.0.0.0/8",)), SECRETS, WORKERS).key == before.key
    changed = nodes.worker(replace(CLUSTER, kubernetes_version="v1.36.3"), SECRETS, WORKERS)
    assert changed.key != before.key
    assert changed.user_data(BUCKET) != before.user_data(BUCKET)


def test_workers_that_come_and_go_leave_the_controllers_alone() -> None:
    """Otherwise every change of a pool would ask for new controllers."""
    before = nodes.controller(HA, SECRETS, 0)
    pools = (replace(WORKERS, count=9, max=9, instance_types=("m7i.large",)), GPU)
    assert nodes.controller(replace(HA, pools=pools), SECRETS, 0) == before
    assert nodes.worker(HA, SECRETS, replace(WORKERS, count=9, max=9)) == nodes.worker(HA, SECRETS, WORKERS)


def test_user_data_that_is_too_large_is_refused() -> None:
    with pytest.raises(CollectionError, match=r"worker-w+ would have \d+ bytes; EC2 accepts at most 16384"):
        nodes.worker(CLUSTER, SECRETS, replace(WORKERS, name="w" * 17_000)).user_data(BUCKET)


def test_the_hash_that_is_verified_is_that_of_the_text() -> None:
    """echo -n text | sha512sum"""
    configuration = pointer.Configuration("blue", "worker", "text")
    assert '"sha512-eaf2c12742cb8c161bcbd84b032b9bb98999a232' in configuration.user_data(BUCKET)


def test_secrets_do_not_show_when_they_are_printed() -> None:
    shown = repr(SECRETS) + repr(nodes.controller(CLUSTER, SECRETS, 0))
    assert TOKEN not in shown
    assert "PRIVATE KEY" not in shown


@pytest.mark.parametrize(
    ("name", "enabled", "masked"),
    [
        ("new VPC", {"containerd.service", "kubeadm.service"}, {"locksmithd.service", "update-engine.service"}),
        ("arm64, RSA, everything updates itself", {"systemd-sysupdate.timer"}, {"locksmithd.service"}),
    ],
)
def test_what_runs_and_what_never_does(name: str, enabled: set[str], masked: set[str]) -> None:
    found = units(RENDERED[name].workers["workers"])
    assert enabled <= {unit for unit, data in found.items() if data.get("enabled")}
    assert masked == {unit for unit, data in found.items() if data.get("mask")}


def test_only_the_first_controller_installs_addons() -> None:
    for name in ("/etc/kubernetes/addons/10-flannel.yaml", "/etc/kubernetes/addons/20-cloud-controller.yaml"):
        assert [name in files(each) for each in RENDERED["three controllers"].configurations] == [True, *[False] * 3]


def test_the_image_of_kubernetes_fits_the_processor() -> None:
    found = files(RENDERED["arm64, RSA, everything updates itself"].workers["workers"])
    path = "/opt/extensions/kubernetes/kubernetes-v1.34.9-arm64.raw"
    assert found[path]["contents"]["source"] == f"https://extensions.flatcar.org/extensions/{path.rsplit('/', 1)[1]}"
    program = found["/opt/bin/credential-providers/ecr-credential-provider"]["contents"]["source"]
    assert program.endswith("/v1.34.0/linux/arm64/ecr-credential-provider-linux-arm64")
