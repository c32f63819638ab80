# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stack of every kind of cluster, as cfn-lint judges it and as data."""

from __future__ import annotations

import fnmatch
import json
import typing as t
from dataclasses import replace

import pytest
from cfnlint.api import ManualArgs, lint
from unit.plugins.module_utils._kube.samples import (
    AMI,
    BUCKET,
    CLUSTER,
    GPU,
    HA,
    KEY_ARN,
    OWN_SUBNETS,
    PKI,
    RENDERED,
    SPOT,
    TOKEN,
    VARIANTS,
    WORKERS,
    Cluster,
    Data,
    Rendered,
    render,
)

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import MAXIMUM_BODY
from ansible_collections.containerci.aws.plugins.module_utils._kube import cloudformation

everything = pytest.mark.parametrize("rendered", RENDERED.values(), ids=RENDERED)

# The actions that IAM cannot narrow to a resource, by the service authorization reference.
WITHOUT_RESOURCE = ("ec2:Describe*", "elasticloadbalancing:Describe*", "ecr:GetAuthorizationToken")


def resources(name: str) -> Data:
    found: Data = RENDERED[name].template["Resources"]
    return found


def of_type(template: Data, kind: str) -> dict[str, Data]:
    return {name: each["Properties"] for name, each in template["Resources"].items() if each["Type"] == kind}


def tags(properties: Data) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in properties["Tags"]}


def statements(template: Data, role: str) -> list[Data]:
    policies = template["Resources"][role]["Properties"]["Policies"]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def findings(text: str) -> list[str]:
    """Errors and warnings, for the region of the clusters."""
    return [str(match) for match in lint(text, config=ManualArgs(regions=[CLUSTER.region]))]


@everything
def test_cfn_lint_finds_nothing(rendered: Rendered) -> None:
    assert findings(cloudformation.render(rendered.template)) == []


def test_cfn_lint_would_find_something() -> None:
    wrong = json.loads(cloudformation.render(RENDERED["new VPC"].template))
    wrong["Resources"]["InstanceController0"]["Properties"]["ImageIds"] = AMI
    assert [finding[:6] for finding in findings(json.dumps(wrong))] == ["[E3002"]


@everything
def test_the_template_fits_into_a_request_and_holds_no_secret(rendered: Rendered) -> None:
    text = cloudformation.render(rendered.template)
    assert len(text.encode()) < MAXIMUM_BODY
    assert TOKEN not in text
    assert "BEGIN" not in text
    assert not [name for name, pem in PKI.items() if pem.splitlines()[1] in text]


@pytest.mark.parametrize("name", VARIANTS)
def test_the_same_cluster_is_the_same_template(name: str) -> None:
    again = cloudformation.render(render(VARIANTS[name]).template)
    assert again == cloudformation.render(RENDERED[name].template)


def test_a_dozen_pools_still_fit_into_a_request() -> None:
    template = render(replace(HA, pools=tuple(replace(GPU, name=f"pool-{index}") for index in range(12)))).template
    text = cloudformation.render(template)
    assert len(text.encode()) < MAXIMUM_BODY
    assert json.loads(text) == template


# Network


def test_an_existing_vpc_stays_as_it_is() -> None:
    owned = {"VPC", "InternetGateway", "VPCGatewayAttachment", "RouteTable", "RouteToInternet"}
    assert owned <= set(resources("new VPC"))
    assert not owned & set(resources("existing VPC"))
    association = resources("existing VPC")["Subnet0RouteTableAssociation"]["Properties"]
    assert association["RouteTableId"] == "rtb-0123456789abcdef0"
    assert "Subnet0RouteTableAssociation" not in resources("existing VPC without a route table")
    assert not of_type(RENDERED["existing subnets"].template, "AWS::EC2::Subnet")


def ingress(template: Data) -> set[tuple[str, str, str, int]]:
    """Who may reach which port of whom."""
    found = set()
    for name, group in of_type(template, "AWS::EC2::SecurityGroup").items():
        for rule in group.get("SecurityGroupIngress", []):
            found.add((name, rule["CidrIp"], rule["IpProtocol"], rule["FromPort"]))
    for rule in of_type(template, "AWS::EC2::SecurityGroupIngress").values():
        target, source = (rule[key]["Fn::GetAtt"][0] for key in ("GroupId", "SourceSecurityGroupId"))
        found.add((target, source, rule["IpProtocol"], rule.get("FromPort", -1)))
    return found


def between(*ports: tuple[str, int]) -> set[tuple[str, str, str, int]]:
    """The ports that machines of all kinds open to each other."""
    kinds = ("SecurityGroupController", "SecurityGroupWorker")
    return {(target, source, *port) for target in kinds for source in kinds for port in ports}


INSIDE = {
    ("SecurityGroupController", "SecurityGroupController", "tcp", 2379),
    ("SecurityGroupController", "SecurityGroupController", "tcp", 6443),
    ("SecurityGroupController", "SecurityGroupWorker", "tcp", 6443),
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "new VPC",
            {*INSIDE, *between(("tcp", 10250), ("udp", 8472)), ("SecurityGroupController", "0.0.0.0/0", "tcp", 6443)},
        ),
        (
            "three controllers",
            {
                *INSIDE,
                *between(("tcp", 10250), ("udp", 8472)),
                ("SecurityGroupBalancer", "0.0.0.0/0", "tcp", 6443),
                ("SecurityGroupController", "SecurityGroupBalancer", "tcp", 6443),
            },
        ),
        (
            "Calico",
            {
                *INSIDE,
                *between(("tcp", 10250), ("tcp", 179), ("udp", 4789), ("4", -1)),
                ("SecurityGroupController", "0.0.0.0/0", "tcp", 6443),
            },
        ),
    ],
)
def test_who_may_talk_to_whom(name: str, expected: set[tuple[str, str, str, int]]) -> None:
    assert ingress(RENDERED[name].template) == expected


def test_only_those_who_are_named_come_in_from_outside() -> None:
    outside = {rule for rule in ingress(RENDERED["open to some"].template) if "/" in rule[1]}
    assert outside == {
        ("SecurityGroupController", "203.0.113.0/24", "tcp", 443),
        ("SecurityGroupController", "203.0.113.7/32", "tcp", 22),
        ("SecurityGroupWorker", "203.0.113.7/32", "tcp", 22),
    }


@everything
def test_the_cloud_controller_finds_one_group_and_all_subnets(rendered: Rendered) -> None:
    cluster = "kubernetes.io/cluster/blue"
    groups = of_type(rendered.template, "AWS::EC2::SecurityGroup")
    assert [name for name, each in groups.items() if cluster in tags(each)] == ["SecurityGroupWorker"]
    assert all(tags(each)[cluster] == "owned" for each in of_type(rendered.template, "AWS::EC2::Subnet").values())


# Controllers


@everything
def test_disks_are_encrypted_and_credentials_are_kept(rendered: Rendered) -> None:
    instances = list(of_type(rendered.template, "AWS::EC2::Instance").values())
    launched = of_type(rendered.template, "AWS::EC2::LaunchTemplate").values()
    workers = [each["LaunchTemplateData"] for each in launched]
    for machine in (*instances, *workers):
        assert [each["Ebs"]["Encrypted"] for each in machine["BlockDeviceMappings"]] == [True]
        assert machine["MetadataOptions"]["HttpTokens"] == "required"
        assert machine["ImageId"] == AMI
    assert all(each["MetadataOptions"]["HttpPutResponseHopLimit"] == 1 for each in workers)
    assert all(each["Encrypted"] for each in of_type(rendered.template, "AWS::EC2::Volume").values())


@everything
def test_every_controller_has_an_address_and_a_volume_that_outlive_it(rendered: Rendered) -> None:
    count = len(rendered.controllers)
    assert len(of_type(rendered.template, "AWS::EC2::NetworkInterface")) == count
    volumes = {name: each for name, each in rendered.template["Resources"].items() if name.startswith("EtcdVolume")}
    assert len(volumes) == 2 * count
    kept = [each for each in volumes.values() if each["Type"] == "AWS::EC2::Volume"]
    assert all((each["DeletionPolicy"], each["UpdateReplacePolicy"]) == ("Snapshot", "Snapshot") for each in kept)
    attachments = [each for each in volumes.values() if each["Type"] == "AWS::EC2::VolumeAttachment"]
    assert {each["DeletionPolicy"] for each in attachments} == {"Retain"}, "a disk in use cannot be taken away"


def test_volumes_are_in_the_zones_of_their_controllers() -> None:
    volumes = of_type(RENDERED["three controllers"].template, "AWS::EC2::Volume")
    assert [each["AvailabilityZone"] for each in volumes.values()] == [each.availability_zone for each in HA.subnets]


@pytest.mark.parametrize(
    ("name", "addresses"),
    [("new VPC", 1), ("three controllers", 3), ("existing private subnets, three controllers", 0)],
)
def test_controllers_reach_the_internet_unless_their_subnet_is_private(name: str, addresses: int) -> None:
    """An interface that is made before its machine gets no public address by itself."""
    assert len(of_type(RENDERED[name].template, "AWS::EC2::EIP")) == addresses


@everything
def test_machines_wait_for_their_way_out(rendered: Rendered) -> None:
    """A machine whose first boot cannot fetch its configuration is lost."""
    found = rendered.template["Resources"]
    way_out = {name for name in found if name == "RouteToInternet" or name.endswith("RouteTableAssociation")}
    for name, machine in found.items():
        if machine["Type"] == "AWS::EC2::Instance":
            address = name.replace("Instance", "EIPAssociation")
            assert (address in machine["DependsOn"]) is (address in found)
            assert name.replace("InstanceController", "EtcdVolume") in machine["DependsOn"]
        if machine["Type"] == "AWS::AutoScaling::AutoScalingGroup":
            assert set(machine.get("DependsOn", [])) == way_out


def test_updates_cannot_take_controllers_and_their_data_away() -> None:
    allow, deny = json.loads(cloudformation.stack_policy())["Statement"]
    assert (allow["Effect"], allow["Action"], allow["Resource"]) == ("Allow", "Update:*", "*")
    assert (deny["Effect"], deny["Action"]) == ("Deny", ["Update:Delete", "Update:Replace"])
    patterns = [each.removeprefix("LogicalResourceId/") for each in deny["Resource"]]
    found = resources("three controllers")
    protected = {name for name in found if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)}
    kinds = {"AWS::EC2::Instance", "AWS::EC2::Volume", "AWS::EC2::VolumeAttachment", "AWS::EC2::NetworkInterface"}
    assert protected == {name for name, each in found.items() if each["Type"] in kinds}
    assert protected == {name for name in found if cloudformation.is_protected(name)}


# Workers


def group(cluster: Cluster) -> Data:
    template = render(cluster).template
    (found,) = (each for each in template["Resources"].values() if each["Type"] == "AWS::AutoScaling::AutoScalingGroup")
    return t.cast(Data, found)


@pytest.mark.parametrize(("count", "largest", "in_service"), [(0, 0, 0), (1, 1, 0), (2, 2, 1), (2, 5, 2), (5, 5, 4)])
def test_an_update_always_finds_room_for_a_new_worker(count: int, largest: int, in_service: int) -> None:
    pool = replace(WORKERS, count=count, min=0, max=largest)
    update = group(replace(CLUSTER, pools=(pool,)))["UpdatePolicy"]["AutoScalingRollingUpdate"]
    assert update["MinInstancesInService"] == in_service


def test_spot_workers_cost_at_most_what_was_said() -> None:
    policy = group(replace(CLUSTER, pools=(SPOT,)))["Properties"]["MixedInstancesPolicy"]
    distribution = policy["InstancesDistribution"]
    assert (distribution["OnDemandPercentageAboveBaseCapacity"], distribution["SpotMaxPrice"]) == (0, "0.05")
    assert [each["InstanceType"] for each in policy["LaunchTemplate"]["Overrides"]] == ["m6i.large", "m5.large"]


def test_an_autoscaler_is_not_disturbed() -> None:
    properties = group(replace(CLUSTER, pools=(GPU,)))["Properties"]
    assert "DesiredCapacity" not in properties
    assert (properties["MinSize"], properties["MaxSize"]) == ("0", "5")
    assert tags(properties)["k8s.io/cluster-autoscaler/blue"] == "owned"
    assert all(each["PropagateAtLaunch"] for each in properties["Tags"])


def test_a_changed_number_of_workers_changes_nothing_else() -> None:
    more = render(replace(CLUSTER, pools=(replace(WORKERS, count=7, max=7),))).template["Resources"]
    before = resources("new VPC")
    assert {name for name in before if more[name] != before[name]} == {"AutoScaleWorkerWorkers"}


def test_workers_are_in_private_subnets_if_there_are_some() -> None:
    template = RENDERED["existing subnets"].template
    (found,) = of_type(template, "AWS::AutoScaling::AutoScalingGroup").values()
    assert found["VPCZoneIdentifier"] == [each.id for each in OWN_SUBNETS if each.private]
    (launch,) = of_type(template, "AWS::EC2::LaunchTemplate").values()
    assert launch["LaunchTemplateData"]["NetworkInterfaces"][0]["AssociatePublicIpAddress"] is False


# Permissions


@everything
@pytest.mark.parametrize("role", ["IAMRoleController", "IAMRoleWorker"])
def test_permissions_are_narrow(rendered: Rendered, role: str) -> None:
    for statement in statements(rendered.template, role):
        assert not [action for action in statement["Action"] if "*" in action]
        if statement["Resource"] == "*":
            assert all(any(fnmatch.fnmatchcase(a, known) for known in WITHOUT_RESOURCE) for a in statement["Action"])
            assert rendered.template["Resources"][role]["Metadata"]["WhyAnyResource"]


def test_workers_only_look() -> None:
    actions = {
        each for statement in statements(RENDERED["new VPC"].template, "IAMRoleWorker") for each in statement["Action"]
    }
    verbs = {action.split(":")[1] for action in actions if action.split(":")[0] != "ecr"}
    assert verbs == {"DescribeInstances", "DescribeRegions", "GetObject", "Decrypt"}


@pytest.mark.parametrize(("role", "kind"), [("IAMRoleController", "controller-"), ("IAMRoleWorker", "worker-")])
def test_machines_read_only_what_is_for_their_kind(role: str, kind: str) -> None:
    found = {statement["Sid"]: statement for statement in statements(RENDERED["new VPC"].template, role)}
    arn = f"arn:${{AWS::Partition}}:s3:::{BUCKET}"
    assert found["Configuration"]["Resource"] == {"Fn::Sub": f"{arn}/blue/ignition/{kind}*"}
    assert found["Decrypt"]["Resource"] == KEY_ARN
    condition = found["Decrypt"]["Condition"]
    assert condition["StringEquals"] == {"kms:ViaService": {"Fn::Sub": "s3.${AWS::Region}.${AWS::URLSuffix}"}}
    contexts = condition["StringLike"]["kms:EncryptionContext:aws:s3:arn"]
    assert [each["Fn::Sub"] for each in contexts] == [arn, f"{arn}/blue/ignition/{kind}*"]


def test_the_cloud_controller_changes_only_groups_of_its_cluster() -> None:
    found = {each["Sid"]: each for each in statements(RENDERED["new VPC"].template, "IAMRoleController")}
    tag = {"StringEquals": {"aws:ResourceTag/kubernetes.io/cluster/blue": "owned"}}
    assert found["ChangeOwnGroup"]["Condition"] == tag
    assert all(each["Resource"] != "*" for each in found.values() if each["Sid"] not in ("Read", "LogIn"))


def test_without_a_bucket_nobody_reads_one() -> None:
    template = cloudformation.template(CLUSTER, AMI, ["{}"], {"workers": "{}"})
    assert "s3:GetObject" not in json.dumps(template)
    assert "kms:" not in json.dumps(template)


# Name and outputs


def test_the_name_leads_to_the_controller_or_to_the_load_balancer() -> None:
    one = resources("Route 53 by name")["ExternalDNS"]["Properties"]
    assert (one["HostedZoneName"], one["TTL"]) == ("example.com.", "60")
    assert one["ResourceRecords"] == [{"Ref": "EIPController0"}]
    three = resources("three controllers")["ExternalDNS"]["Properties"]
    assert three["AliasTarget"]["DNSName"] == {"Fn::GetAtt": ["Balancer", "DNSName"]}
    assert "TTL" not in three
    assert "ExternalDNS" not in resources("new VPC")


def test_a_controller_behind_the_load_balancer_can_reach_itself() -> None:
    targets = resources("three controllers")["BalancerTargets"]["Properties"]
    assert targets["TargetGroupAttributes"] == [{"Key": "preserve_client_ip.enabled", "Value": "false"}]
    assert (targets["HealthCheckProtocol"], targets["HealthCheckPath"]) == ("HTTPS", "/readyz")
    assert [each["Id"] for each in targets["Targets"]] == list(HA.controller_ips)


@pytest.mark.parametrize(
    ("name", "scheme", "subnets"),
    [
        ("three controllers", "internet-facing", [{"Ref": f"Subnet{index}"} for index in range(3)]),
        ("existing private subnets, three controllers", "internal", [each.id for each in OWN_SUBNETS[3:]]),
        ("private controllers behind a public load balancer", "internet-facing", [each.id for each in OWN_SUBNETS[:3]]),
    ],
)
def test_where_the_load_balancer_is(name: str, scheme: str, subnets: list[t.Any]) -> None:
    balancer = resources(name)["Balancer"]["Properties"]
    assert (balancer["Scheme"], balancer["Subnets"]) == (scheme, subnets)


@everything
def test_what_the_stack_tells(rendered: Rendered) -> None:
    outputs = rendered.template["Outputs"]
    assert set(outputs) - {"LoadBalancer"} == {"ControllerIP", "Endpoint"}
    assert len(outputs["ControllerIP"]["Value"]["Fn::Join"][1]) == len(rendered.controllers)
    assert ("LoadBalancer" in outputs) is (len(rendered.controllers) > 1)
