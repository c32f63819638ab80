# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource types of clusters of instances: made with their attributes, changed in place, deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from embedded_aws.cloudformation import schema
from embedded_aws.cloudformation.template import load
from embedded_aws.testing import code_of

TEXT = """
Resources:
  VPC: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref VPC, CidrBlock: 10.0.0.0/24, AvailabilityZone: us-east-1a}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment: {Type: AWS::EC2::VPCGatewayAttachment, Properties: {VpcId: !Ref VPC, InternetGatewayId: !Ref Gateway}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: nodes, VpcId: !Ref VPC}}
  Interface:
    Type: AWS::EC2::NetworkInterface
    Properties: {SubnetId: !Ref Subnet, GroupSet: [!Ref Group], PrivateIpAddress: 10.0.0.50, SourceDestCheck: false}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]
  Profile: {Type: AWS::IAM::InstanceProfile, Properties: {Roles: [!Ref Role]}}
  Instance:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-12c6146b
      InstanceType: t3.medium
      IamInstanceProfile: !Ref Profile
      NetworkInterfaces: [{DeviceIndex: '0', NetworkInterfaceId: !Ref Interface}]
      UserData: !Base64 one
  Volume:
    Type: AWS::EC2::Volume
    Properties: {AvailabilityZone: us-east-1a, Size: 10, VolumeType: gp3, Encrypted: true}
  VolumeAttachment:
    Type: AWS::EC2::VolumeAttachment
    Properties: {Device: /dev/xvdf, InstanceId: !Ref Instance, VolumeId: !Ref Volume}
  Address: {Type: AWS::EC2::EIP, DependsOn: Attachment, Properties: {Domain: vpc}}
  AddressAssociation:
    Type: AWS::EC2::EIPAssociation
    Properties: {AllocationId: !GetAtt Address.AllocationId, NetworkInterfaceId: !Ref Interface}
  Balancer:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Type: network, Scheme: internal, Subnets: [!Ref Subnet]}
  Targets:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties:
      Port: 6443
      Protocol: TCP
      TargetType: ip
      VpcId: !Ref VPC
      Targets: [{Id: 10.0.0.50, Port: 6443}]
      TargetGroupAttributes: [{Key: preserve_client_ip.enabled, Value: 'false'}]
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Port: 6443
      Protocol: TCP
      DefaultActions: [{Type: forward, TargetGroupArn: !Ref Targets}]
  Zone: {Type: AWS::Route53::HostedZone, Properties: {Name: example.org.}}
  Record:
    Type: AWS::Route53::RecordSet
    Properties: {HostedZoneId: !Ref Zone, Name: api.example.org., Type: A, TTL: '300', ResourceRecords: [!Ref Address]}
  Launch:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {ImageId: ami-12c6146b, InstanceType: t3.medium}}
  Workers:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: '1'
      MaxSize: '3'
      VPCZoneIdentifier: [!Ref Subnet]
      MixedInstancesPolicy:
        InstancesDistribution: {OnDemandPercentageAboveBaseCapacity: 0}
        LaunchTemplate:
          LaunchTemplateSpecification: {LaunchTemplateId: !Ref Launch, Version: !GetAtt Launch.LatestVersionNumber}
          Overrides: [{InstanceType: t3.large}]
"""
OLD = {"VPC", "Subnet", "Gateway", "Attachment", "Group", "Role", "Profile", "Launch", "Workers"}
NOT_TEXT = {"LoadBalancerArns", "NameServers", "SecondaryPrivateIpAddresses"}
NOT_SET_HERE = {"PrimaryIpv6Address", "PublicIpDnsNameOptions", "State"}


def template() -> dict[str, Any]:
    resources: dict[str, Any] = load(TEXT)["Resources"]
    return resources


def submit(aws: Any, operation: str, resources: dict[str, Any], **options: Any) -> dict[str, Any]:
    call = getattr(aws.client("cloudformation"), f"{operation}_stack")
    body = json.dumps({"Resources": resources, **options.pop("sections", {})})
    call(StackName="demo", TemplateBody=body, Capabilities=["CAPABILITY_IAM"], **options)
    stack: dict[str, Any] = aws.wait_for_stack("demo")
    events = aws.client("cloudformation").describe_stack_events(StackName="demo")["StackEvents"]
    failures = [event["ResourceStatusReason"] for event in events if event["ResourceStatus"].endswith("_FAILED")]
    assert (failures, stack["StackStatus"]) == ([], f"{operation.upper()}_COMPLETE")
    return stack


def ids(aws: Any) -> dict[str, str]:
    found = aws.client("cloudformation").describe_stack_resources(StackName="demo")["StackResources"]
    return {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in found}


def attributes_of(resource_type: str) -> set[str]:
    pointers = (schema.of(resource_type) or {}).get("readOnlyProperties", [])
    return {pointer.removeprefix("/properties/").split("/")[0] for pointer in pointers} - NOT_SET_HERE - NOT_TEXT


def test_every_type_is_made_gives_its_attributes_and_is_deleted(aws: Any) -> None:
    outputs = {
        f"{name}{attribute}": {"Value": {"Fn::GetAtt": [name, attribute]}}
        for name in template().keys() - OLD
        for attribute in attributes_of(template()[name]["Type"])
    }
    stack = submit(aws, "create", template(), sections={"Outputs": outputs})
    values = {item["OutputKey"]: item["OutputValue"] for item in stack["Outputs"]}
    assert len(values) == len(outputs)
    assert values["InstancePrivateIp"] == values["InterfacePrimaryPrivateIpAddress"] == "10.0.0.50"
    aws.client("cloudformation").delete_stack(StackName="demo")
    assert aws.wait_for_stack(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert not aws.client("ec2").describe_addresses()["Addresses"]
    assert not aws.client("ec2").describe_volumes(Filters=[{"Name": "encrypted", "Values": ["true"]}])["Volumes"]
    assert not aws.client("elbv2").describe_load_balancers()["LoadBalancers"]
    assert not aws.client("elbv2").describe_target_groups()["TargetGroups"]
    assert not aws.client("route53").list_hosted_zones()["HostedZones"]


def test_what_the_interface_and_the_template_say_reaches_the_machines(aws: Any) -> None:
    submit(aws, "create", template())
    made, ec2 = ids(aws), aws.client("ec2")
    instance = ec2.describe_instances(InstanceIds=[made["Instance"]])["Reservations"][0]["Instances"][0]
    assert instance["NetworkInterfaces"][0]["NetworkInterfaceId"] == made["Interface"]
    assert instance["IamInstanceProfile"]["Arn"].endswith(made["Profile"])
    data = ec2.describe_instance_attribute(InstanceId=made["Instance"], Attribute="userData")["UserData"]["Value"]
    assert data == "b25l"
    volume = ec2.describe_volumes(VolumeIds=[made["Volume"]])["Volumes"][0]
    assert volume["Attachments"][0]["InstanceId"] == made["Instance"]
    address = ec2.describe_addresses(PublicIps=[made["Address"]])["Addresses"][0]
    assert address["NetworkInterfaceId"] == made["Interface"]
    attributes = aws.client("elbv2").describe_target_group_attributes(TargetGroupArn=made["Targets"])["Attributes"]
    assert {"Key": "preserve_client_ip.enabled", "Value": "false"} in attributes
    group = aws.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"][0]
    assert group["MixedInstancesPolicy"]["InstancesDistribution"]["OnDemandPercentageAboveBaseCapacity"] == 0


def test_a_volume_with_the_policy_snapshot_leaves_one(aws: Any) -> None:
    resources = {"Volume": {**template()["Volume"], "DeletionPolicy": "Snapshot"}}
    stack = submit(aws, "create", resources)
    volume = ids(aws)["Volume"]
    aws.client("cloudformation").delete_stack(StackName="demo")
    assert aws.wait_for_stack(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    snapshots = aws.client("ec2").describe_snapshots(Filters=[{"Name": "volume-id", "Values": [volume]}])
    assert len(snapshots["Snapshots"]) == 1
    assert code_of(aws.client("ec2").describe_volumes, VolumeIds=[volume]) == "InvalidVolume.NotFound"


def test_what_an_old_instance_has_no_new_one_can_have(aws: Any) -> None:
    """CloudFormation makes the new instance before it deletes the old one."""
    submit(aws, "create", template())
    before = ids(aws)
    body = json.dumps({"Resources": changed("Instance", ImageId="ami-1e749f67")})
    aws.client("cloudformation").update_stack(
        StackName="demo", TemplateBody=body, Capabilities=["CAPABILITY_IAM"], ClientRequestToken="replace"
    )
    assert aws.wait_for_stack("demo")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    events = aws.client("cloudformation").describe_stack_events(StackName="demo")["StackEvents"]
    reasons = [event.get("ResourceStatusReason") for event in events if event["ResourceStatus"] == "UPDATE_FAILED"]
    assert f"Interface: [{before['Interface']}] in use." in reasons
    without = {name: each for name, each in template().items() if name not in ("Instance", "VolumeAttachment")}
    submit_later(aws, without)
    submit_later(aws, template())
    after = ids(aws)
    assert after["Instance"] != before["Instance"]
    volume = aws.client("ec2").describe_volumes(VolumeIds=[before["Volume"]])["Volumes"][0]
    assert [each["InstanceId"] for each in volume["Attachments"]] == [after["Instance"]]


def submit_later(aws: Any, resources: dict[str, Any]) -> None:
    """An update after one that has failed."""
    body = json.dumps({"Resources": resources})
    aws.client("cloudformation").update_stack(StackName="demo", TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    assert aws.wait_for_stack("demo")["StackStatus"] == "UPDATE_COMPLETE"


def changed(name: str, **properties: Any) -> dict[str, Any]:
    resources = template()
    resources[name]["Properties"].update(properties)
    return resources


def asked(aws: Any, service: str, operation: str, *path: Any, **arguments: Any) -> Any:
    node = getattr(aws.client(service), operation)(**arguments)
    for key in path:
        node = node[key]
    return node


# resource, new properties, what then reads the new state, what it is
IN_PLACE: list[tuple[str, dict[str, Any], Any, Any]] = [
    (
        "Instance",
        {"InstanceType": "t3.large", "UserData": "dHdv"},
        lambda aws, made: asked(
            aws,
            "ec2",
            "describe_instance_attribute",
            "UserData",
            "Value",
            InstanceId=made["Instance"],
            Attribute="userData",
        ),
        "dHdv",
    ),
    (
        "Volume",
        {"Size": 20},
        lambda aws, made: asked(aws, "ec2", "describe_volumes", "Volumes", 0, "Size", VolumeIds=[made["Volume"]]),
        20,
    ),
    (
        "Record",
        {"TTL": "60"},
        lambda aws, made: [
            record["TTL"]
            for record in asked(aws, "route53", "list_resource_record_sets", HostedZoneId=made["Zone"])[
                "ResourceRecordSets"
            ]
            if record["Type"] == "A"
        ],
        [60],
    ),
    (
        "Targets",
        {"HealthCheckIntervalSeconds": 10},
        lambda aws, made: asked(
            aws, "elbv2", "describe_target_groups", "TargetGroups", 0, "HealthCheckIntervalSeconds"
        ),
        10,
    ),
    (
        "Workers",
        {"MaxSize": "5"},
        lambda aws, made: asked(aws, "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups", 0, "MaxSize"),
        5,
    ),
]


@pytest.mark.parametrize(("name", "properties", "read", "wanted"), IN_PLACE, ids=[row[0] for row in IN_PLACE])
def test_what_changes_in_place(aws: Any, name: str, properties: dict[str, Any], read: Any, wanted: Any) -> None:
    submit(aws, "create", template())
    before = ids(aws)
    submit(aws, "update", changed(name, **properties))
    assert ids(aws) == before
    assert read(aws, before) == wanted
