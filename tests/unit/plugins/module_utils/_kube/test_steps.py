# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How controllers are replaced, and which versions of Kubernetes may follow each other."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import replace

import pytest
from unit.plugins.module_utils._kube.samples import AMI, CLUSTER, HA, Cluster, Data

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import Change
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import cloudformation, stack, steps

INSTANCE = "AWS::EC2::Instance"
OLD, NEW = "v1.35.4", "v1.36.2"


def template(version: str, cluster: Cluster = HA, bucket: str = "old") -> Data:
    users = [f"controller {index} {version}" for index in range(cluster.controller.count)]
    workers = {pool.name: f"worker {version}" for pool in cluster.pools}
    return cloudformation.template(replace(cluster, kubernetes_version=version), AMI, users, workers, bucket)


def users(body: Data) -> list[str]:
    """The version of each controller in the template, empty if it is not there."""
    found = [body["Resources"].get(f"InstanceController{index}") for index in range(3)]
    return [each["Properties"]["UserData"]["Fn::Base64"].split()[2] if each else "" for each in found]


def test_one_controller_after_another_is_taken_out_and_put_in_again() -> None:
    current, wanted = template(OLD), template(NEW)
    found = steps.templates(current, wanted, [0, 1, 2])
    assert [users(each) for each in found] == [
        ["", OLD, OLD],
        [NEW, OLD, OLD],
        [NEW, "", OLD],
        [NEW, NEW, OLD],
        [NEW, NEW, ""],
        [NEW, NEW, NEW],
    ]
    assert users(current) == [OLD, OLD, OLD]
    for each in found:
        attached = {name[-1] for name in each["Resources"] if name.startswith("EtcdVolumeAttachment")}
        assert attached == {str(index) for index in range(3) if users(each)[index]}


def test_everything_else_stays_as_it_is() -> None:
    current = template(OLD)
    for each in steps.templates(current, template(NEW), [1]):
        gone = {"InstanceController1", "EtcdVolumeAttachment1"}
        assert {n: r for n, r in each["Resources"].items() if n not in gone} == {
            n: r for n, r in current["Resources"].items() if n not in gone
        }
        assert each["Outputs"] == current["Outputs"]


def test_a_new_controller_may_read_its_configuration() -> None:
    current, wanted = template(OLD), template(NEW, bucket="new")
    out, back = steps.templates(current, wanted, [0])
    role = "IAMRoleController"
    assert (out["Resources"][role], back["Resources"][role]) == (current["Resources"][role], wanted["Resources"][role])
    assert back["Resources"]["IAMRoleWorker"] == current["Resources"]["IAMRoleWorker"]


def test_an_interrupted_replacement_goes_on_where_it_was() -> None:
    current, wanted = template(OLD), template(NEW)
    every = steps.templates(current, wanted, [0, 1, 2])
    assert steps.templates(every[0], wanted, [0, 1, 2]) == every[1:]
    assert steps.templates(every[2], wanted, [1, 2]) == every[3:]


def test_a_template_knows_which_versions_there_are() -> None:
    found = [cloudformation.versions(each) for each in steps.templates(template(OLD), template(NEW), [0, 1])]
    assert found == [[OLD], [OLD, NEW], [OLD, NEW], [OLD, NEW]]
    assert cloudformation.versions({"Resources": {}}) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([Change("Modify", "InstanceController2", INSTANCE, replacement="Conditional")], [2]),
        ([Change("Modify", "NetworkInterfaceController1", "AWS::EC2::NetworkInterface", replacement="True")], [1]),
        ([Change("Modify", "InstanceController0", INSTANCE, replacement="False")], []),
        ([Change("Remove", "InstanceController0", INSTANCE)], []),
        ([Change("Add", "InstanceController0", INSTANCE)], [0]),
        (
            [
                Change("Add", "InstanceController1", INSTANCE),
                Change("Add", "NetworkInterfaceController1", "AWS::EC2::NetworkInterface"),
            ],
            [],
        ),
        ([Change("Modify", "LaunchTemplateWorker", "AWS::EC2::LaunchTemplate", replacement="True")], []),
    ],
)
def test_who_gets_a_new_machine(changes: list[Change], expected: list[int]) -> None:
    assert steps.renewed(changes) == expected


@pytest.mark.parametrize(
    ("running", "wanted", "reason"),
    [
        ([], "v1.34.0", ""),
        (["v1.35.4"], "v1.35.4", ""),
        (["v1.35.4"], "v1.35.10", ""),
        (["v1.35.4"], "v1.36.0", ""),
        (["v1.35.10"], "v1.35.9", "v1.35.9, but the cluster blue runs v1.35.10 and cannot go back"),
        (["v1.34.4"], "v1.36.0", r"runs v1.34.4 and cannot leave out v1\.35; give that minor version first"),
        (["v1.35.4", "v1.36.0"], "v1.35.4", "runs v1.36.0 and cannot go back"),
        (["v1.9.0", "v1.10.0"], "v1.11.0", r"runs v1.9.0 and cannot leave out v1\.10"),
    ],
)
def test_versions_follow_each_other(running: list[str], wanted: str, reason: str) -> None:
    with pytest.raises(CollectionError, match=reason) if reason else contextlib.nullcontext():
        stack.check_version(replace(CLUSTER, kubernetes_version=wanted), running)


def test_three_controllers_take_their_version_from_each_other() -> None:
    assert "kubeadm upgrade apply v1.36.2" in stack.warning_of_version(HA, [OLD])
    assert [stack.warning_of_version(*each) for each in ((HA, []), (HA, [NEW]), (CLUSTER, [OLD]))] == ["", "", ""]


def test_three_controllers_keep_their_authorities() -> None:
    with pytest.raises(CollectionError, match="force_new_ca is true, but the cluster blue exists and has 3"):
        stack.check_authorities(HA, {"force_new_ca": True})
    stack.check_authorities(HA, {"force_new_ca": False})
    stack.check_authorities(CLUSTER, {"force_new_ca": True})


def test_nothing_is_taken_out_and_no_worker_replaced_before_controllers_answer() -> None:
    current, wanted = template(OLD), template(NEW)
    way = [current, *steps.templates(current, wanted, [0, 1, 2]), wanted]
    found = [steps.must_be_up(before, after) for before, after in itertools.pairwise(way)]
    assert found == [[1, 2], [], [0, 2], [], [0, 1], [], [0, 1, 2]]
