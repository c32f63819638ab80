# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a cluster against the embedded AWS."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
from integration.kube import Kube
from integration.modules import ModuleFailed


@pytest.fixture
def kube(aws: t.Any, run_module: t.Callable[..., dict[str, t.Any]], tmp_path: Path) -> Kube:
    return Kube(aws, run_module, tmp_path / "demo")


def test_a_cluster_is_created_and_then_only_read(kube: Kube) -> None:
    first = kube.run("present")
    assert first["changed"]
    assert kube.stack()["StackStatus"] == "CREATE_COMPLETE"
    assert first["cluster"]["stack_status"] == "CREATE_COMPLETE"
    assert first["cluster"]["endpoint"] == "https://api.example.org:6443"
    assert first["cluster"]["controller_ips"] == [kube.outputs()["ControllerIP"]]
    kube.aws.forget()
    again = kube.run("present")
    assert (again["changed"], again["actions"], again["changes"], kube.writes()) == (False, [], [], [])


def test_check_mode_for_a_new_cluster_writes_nothing(kube: Kube) -> None:
    found = kube.run("present", check=True)
    assert kube.writes() == []
    assert not kube.directory.exists()
    assert {change["action"] for change in found["changes"]} == {"Add"}
    done = kube.run("present")
    assert kube.changes(found) == kube.changes(done)


def test_check_mode_predicts_the_changes_of_another_number_of_workers(kube: Kube) -> None:
    kube.run("present")
    kube.aws.forget()
    predicted = kube.run("present", check=True, cluster={"workerCount": 3})
    assert kube.writes() == ["CreateChangeSet", "DeleteChangeSet"]
    done = kube.run("present", cluster={"workerCount": 3})
    assert kube.changes(predicted) == kube.changes(done) == {("Modify", "AutoScaleWorkerDefault")}
    assert predicted["actions"] == done["actions"]
    group = kube.aws.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"][0]
    assert group["DesiredCapacity"] == 3


def test_the_end_of_a_cluster(kube: Kube) -> None:
    kube.run("present")
    predicted = kube.run("absent", check=True)
    assert kube.stack()["StackStatus"] == "CREATE_COMPLETE"
    done = kube.run("absent")
    assert predicted["actions"] == done["actions"]
    assert kube.aws.client("s3").list_buckets()["Buckets"] == []
    assert (kube.directory / "credentials" / "ca-key.pem").exists()
    kube.aws.forget()
    again = kube.run("absent")
    assert (again["changed"], kube.writes()) == (False, [])


def test_a_change_of_controllers_needs_consent(kube: Kube) -> None:
    kube.run("present")
    ami = kube.other_image()
    for check in (True, False):
        with pytest.raises(ModuleFailed, match=r"InstanceController0 would be replaced \(ImageId changes\)") as caught:
            kube.run("present", check=check, cluster={"ami": ami})
        assert "InstanceController0" in {change["logical_resource_id"] for change in caught.value.result["changes"]}
    before = kube.resources()
    kube.aws.forget()
    predicted = kube.run("present", check=True, cluster={"ami": ami}, allow_controller_replacement=True)
    assert kube.writes() == ["CreateChangeSet", "DeleteChangeSet"]
    done = kube.run("present", cluster={"ami": ami}, allow_controller_replacement=True)
    assert (predicted["actions"], kube.changes(predicted)) == (done["actions"], kube.changes(done))
    assert "Replace InstanceController0 in steps" in str(done["actions"])
    assert ("Modify", "InstanceController0") in kube.changes(done)
    kept = ("NetworkInterfaceController0", "EIPController0", "EtcdVolume0")
    assert [kube.resources()[name] for name in kept] == [before[name] for name in kept]
    assert kube.resources()["InstanceController0"] != before["InstanceController0"]
    machine = kube.machine("InstanceController0")
    assert machine["ImageId"] == ami
    assert before["EtcdVolume0"] in [disk["Ebs"]["VolumeId"] for disk in machine["BlockDeviceMappings"]]
    kube.aws.forget()
    again = kube.run("present", cluster={"ami": ami}, allow_controller_replacement=True)
    assert (again["changed"], kube.writes()) == (False, [])
    policy = json.loads(kube.aws.client("cloudformation").get_stack_policy(StackName="demo")["StackPolicyBody"])
    assert [statement["Effect"] for statement in policy["Statement"]] == ["Allow", "Deny"]


def test_a_stack_that_never_came_up_is_made_anew_with_consent(kube: Kube) -> None:
    kube.fail_to_come_up()
    with pytest.raises(ModuleFailed, match="is in ROLLBACK_COMPLETE"):
        kube.run("present")
    assert kube.run("present", recreate_failed=True)["cluster"]["stack_status"] == "CREATE_COMPLETE"


def test_the_stack_of_somebody_else_is_not_touched(kube: Kube) -> None:
    kube.aws.client("cloudformation").create_stack(
        StackName="demo", TemplateBody=json.dumps({"Resources": {"T": {"Type": "AWS::SNS::Topic"}}})
    )
    kube.aws.wait_for_stack("demo")
    kube.aws.forget()
    for state in ("present", "absent"):
        with pytest.raises(ModuleFailed, match="not that of a cluster"):
            kube.run(state)
    assert kube.writes() == []


def test_without_its_credentials_a_cluster_is_not_changed(kube: Kube) -> None:
    kube.run("present")
    kube.lose_credentials()
    kube.aws.forget()
    with pytest.raises(ModuleFailed, match="credentials"):
        kube.run("present")
    assert kube.writes() == []


def test_the_status_of_a_cluster(kube: Kube) -> None:
    nothing = kube.info()
    assert (nothing["cluster"]["stack_id"], nothing["controllers"], nothing["worker_pools"]) == (None, [], [])
    made = kube.run("present", cluster={"workerPools": [{"name": "batch", "count": 2}]})
    kube.aws.forget()
    found = kube.info(drift=True, cluster={"workerPools": [{"name": "batch", "count": 2}]})
    assert found["changed"] is False
    assert [entry for entry in kube.writes() if entry != "DetectStackDrift"] == []
    assert found["cluster"] == made["cluster"]
    assert found["certificates"] == made["certificates"]
    assert [(pool["name"], pool["desired"], pool["in_service"]) for pool in found["worker_pools"]] == [
        ("batch", 2, 2),
        ("default", 1, 1),
    ]
    assert [(entry["index"], entry["state"], entry["private_ip"]) for entry in found["controllers"]] == [
        (0, "running", "10.0.0.50")
    ]
    assert found["drift"] == []


def test_drift_is_told_and_never_changed_back(kube: Kube) -> None:
    kube.run("present")
    group = kube.aws.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"][0]
    kube.aws.client("autoscaling").update_auto_scaling_group(
        AutoScalingGroupName=group["AutoScalingGroupName"], MaxSize=4, DesiredCapacity=4
    )
    with pytest.raises(ModuleFailed, match="/DesiredCapacity is 4 instead of 1"):
        kube.run("present", drift="fail", cluster={"workerCount": 2})
    assert kube.info(drift=True)["drift"][0]["status"] == "MODIFIED"
    told = kube.run("present", drift="report")
    assert (told["changed"], told["drift"][0]["logical_resource_id"]) == (False, "AutoScaleWorkerDefault")
    assert "Somebody has changed" in str(told["warnings"])


def test_what_kubernetes_left_is_named_before_anything_is_deleted(kube: Kube) -> None:
    kube.run("present")
    left = kube.leave_something()
    for check in (True, False):
        with pytest.raises(ModuleFailed, match="what would be left behind") as caught:
            kube.run("absent", check=check)
        assert {(each["kind"], each["name"]) for each in caught.value.result["orphans"]} == left
    assert kube.stack()["StackStatus"] == "CREATE_COMPLETE"
    kube.run("absent", delete_orphans=True)
    assert kube.info(orphans=True)["orphans"] == []
    assert kube.info()["cluster"]["stack_id"] is None
    groups = kube.aws.client("elbv2").describe_target_groups()["TargetGroups"]
    assert [group["TargetGroupName"] for group in groups] == ["not-ours"]


def test_a_deletion_that_is_blocked_names_what_is_in_the_way(kube: Kube) -> None:
    kube.run("present")
    ec2 = kube.aws.client("ec2")
    vpc = ec2.describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["demo-vpc"]}])["Vpcs"][0]["VpcId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    with pytest.raises(ModuleFailed, match=r"could not be deleted: resource VPC \(AWS::EC2::VPC\) failed"):
        kube.run("absent")
    assert kube.info()["cluster"]["stack_status"] == "DELETE_FAILED"
    with pytest.raises(ModuleFailed, match="is in DELETE_FAILED"):
        kube.run("present")
    ec2.delete_route_table(RouteTableId=table)
    kube.run("absent")
    assert kube.info()["cluster"]["stack_id"] is None


def test_a_protected_cluster_stays(kube: Kube) -> None:
    kube.run("present", termination_protection=True)
    left = kube.leave_something()
    with pytest.raises(ModuleFailed, match="protected from deletion"):
        kube.run("absent", delete_orphans=True)
    assert len(kube.info(orphans=True)["orphans"]) == len(left)
    kube.run("absent", delete_orphans=True, termination_protection=False)


def test_everything_that_aws_finds_wrong_is_told_at_once(kube: Kube) -> None:
    wrong = {"keyName": "nobody", "workerInstanceType": "z9.large", "availabilityZone": "us-east-1z"}
    for state in ("validated", "present"):
        with pytest.raises(ModuleFailed) as caught:
            kube.run(state, cluster=wrong)
        assert {finding["key"] for finding in caught.value.result["findings"]} == set(wrong)
    assert kube.writes() == []
    assert not kube.directory.exists()
    assert kube.run("validated")["changed"] is False


def test_old_objects_go_and_those_for_a_rollback_stay(kube: Kube) -> None:
    for count, version in enumerate(("v1.35.1", "v1.35.2", "v1.35.3"), 1):
        kube.run("present", cluster={"kubernetesVersion": version}, keep_objects=2, allow_controller_replacement=True)
        keys = kube.keys("worker-default")
        assert len(keys) == min(count, 2)
    assert kube.keys("controller-0") != []


def test_controllers_are_new_before_workers_are(kube: Kube) -> None:
    """A change of user data alone would leave a controller as it is: it configures itself at its first boot only."""
    kube.run("present", cluster={"kubernetesVersion": "v1.35.1"})
    before = kube.resources()
    done = kube.run("present", cluster={"kubernetesVersion": "v1.36.2"}, allow_controller_replacement=True)
    assert kube.resources()["InstanceController0"] != before["InstanceController0"]
    assert kube.finished(done, "InstanceController0", "EtcdVolumeAttachment0", "LaunchTemplateWorkerDefault") == [
        ("InstanceController0", "DELETE_COMPLETE"),
        ("InstanceController0", "CREATE_COMPLETE"),
        ("EtcdVolumeAttachment0", "CREATE_COMPLETE"),
        ("LaunchTemplateWorkerDefault", "UPDATE_COMPLETE"),
    ]


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_an_interrupted_replacement_is_finished_by_the_next_run(kube: Kube, nth: int) -> None:
    kube.run("present", cluster={"kubernetesVersion": "v1.35.1"})
    before = kube.resources()
    wanted = {"cluster": {"kubernetesVersion": "v1.35.2"}, "allow_controller_replacement": True}
    kube.aws.fail("cloudformation", "ExecuteChangeSet", code="AccessDenied", status=403, times=1, skip=nth - 1)
    with pytest.raises(ModuleFailed, match=rf"{nth - 1} of 3 updates were made; run the task again") as caught:
        kube.run("present", **wanted)
    assert caught.value.result["changed"] is (nth > 1)
    if nth == 3:
        with pytest.raises(ModuleFailed, match=r"runs v1\.35\.2 and cannot go back"):
            kube.run("present", cluster={"kubernetesVersion": "v1.35.1"})
    done = kube.run("present", **wanted)
    assert ("Replace InstanceController0 in steps" in str(done["actions"])) is (nth < 3)
    after = kube.resources()
    assert after["InstanceController0"] != before["InstanceController0"]
    assert after["EtcdVolume0"] == before["EtcdVolume0"]
    assert kube.run("present", **wanted)["changed"] is False


@pytest.mark.parametrize(
    ("version", "reason"),
    [("v1.34.9", "runs v1.34.10 and cannot go back"), ("v1.36.2", r"runs v1.34.10 and cannot leave out v1\.35")],
)
def test_versions_that_kubernetes_cannot_go_to_are_refused(kube: Kube, version: str, reason: str) -> None:
    kube.run("present", cluster={"kubernetesVersion": "v1.34.10"})
    kube.aws.forget()
    for check in (True, False):
        with pytest.raises(ModuleFailed, match=reason):
            kube.run("present", check=check, cluster={"kubernetesVersion": version}, allow_controller_replacement=True)
    assert kube.writes() == []


@pytest.mark.parametrize("service_and_operation", [("s3", "PutObject"), ("cloudformation", "ExecuteChangeSet")])
def test_an_interrupted_update_is_finished_by_the_next_run(kube: Kube, service_and_operation: tuple[str, str]) -> None:
    kube.run("present")
    kube.aws.fail(*service_and_operation, code="AccessDenied", status=403, times=1)
    wanted = {"cluster": {"workerPools": [{"name": "batch"}]}}
    with pytest.raises(ModuleFailed, match="do not allow"):
        kube.run("present", **wanted)
    assert kube.run("present", **wanted)["cluster"]["stack_status"] == "UPDATE_COMPLETE"
    assert kube.run("present", **wanted)["changed"] is False
