# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes instances and what starts them; each function returns the name of its resource."""

from __future__ import annotations

import typing as t

from integration.aws_spec_resources.balancing import elb, target_group
from integration.aws_spec_resources.common import IMAGE, TAGS, tagged
from integration.aws_spec_resources.identity import instance_profile
from integration.aws_spec_resources.network import id_of_security_group, subnets


def ec2_instance(aws: t.Any) -> str:
    ec2 = aws.client("ec2")
    ec2.create_key_pair(KeyName="ops")
    run = ec2.run_instances(
        ImageId=IMAGE,
        MinCount=1,
        MaxCount=1,
        InstanceType="t3.micro",
        KeyName="ops",
        SubnetId=subnets(aws)[0],
        SecurityGroupIds=[id_of_security_group(aws)],
        EbsOptimized=True,
        IamInstanceProfile={"Name": instance_profile(aws)},
        UserData="#!/bin/sh\ntoken=hunter2",
        TagSpecifications=tagged("instance"),
    )
    instance = run["Instances"][0]["InstanceId"]
    ec2.modify_instance_attribute(InstanceId=instance, DisableApiTermination={"Value": True})
    ec2.associate_address(AllocationId=ec2.allocate_address(Domain="vpc")["AllocationId"], InstanceId=instance)
    volume = run["Instances"][0]["BlockDeviceMappings"][0]["Ebs"]["VolumeId"]
    ec2.create_tags(Resources=[volume], Tags=TAGS)
    return "main"


def ami(aws: t.Any) -> str:
    ec2 = aws.client("ec2")
    instance = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    image = ec2.create_image(InstanceId=instance, Name="golden", TagSpecifications=tagged("image"))["ImageId"]
    users = ["111122223333", "444455556666"]
    ec2.modify_image_attribute(ImageId=image, Attribute="launchPermission", OperationType="add", UserIds=users)
    return "golden"


def ebs_volume(aws: t.Any) -> str:
    ec2 = aws.client("ec2")
    run = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, TagSpecifications=tagged("instance"))
    made = ec2.create_volume(
        AvailabilityZone="us-east-1a",
        Size=8,
        VolumeType="gp3",
        Iops=3000,
        Encrypted=True,
        TagSpecifications=tagged("volume"),
    )["VolumeId"]
    ec2.attach_volume(VolumeId=made, InstanceId=run["Instances"][0]["InstanceId"], Device="/dev/sdf")
    return str(made)


def launch_template(aws: t.Any) -> str:
    """Version 1 is the default, version 2 has another type of instances."""
    ec2 = aws.client("ec2")
    data = {"ImageId": IMAGE, "InstanceType": "t3.small", "KeyName": "ops", "UserData": "aHVudGVyMg=="}
    tags = tagged("launch-template")
    ec2.create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data, TagSpecifications=tags)
    ec2.create_launch_template_version(
        LaunchTemplateName="web", LaunchTemplateData={**data, "InstanceType": "t3.large"}
    )
    return "web"


def auto_scaling_group(aws: t.Any) -> str:
    elb(aws)
    target_group(aws)
    scaling = aws.client("autoscaling")
    targets = aws.client("elbv2").describe_target_groups()["TargetGroups"]
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="web",
        MinSize=1,
        MaxSize=3,
        DesiredCapacity=2,
        DefaultCooldown=60,
        HealthCheckType="EC2",
        HealthCheckGracePeriod=30,
        LaunchTemplate={"LaunchTemplateName": launch_template(aws), "Version": "1"},
        VPCZoneIdentifier=",".join(subnets(aws)),
        LoadBalancerNames=["web"],
        TargetGroupARNs=[targets[0]["TargetGroupArn"]],
        PlacementGroup="near",
        Tags=[{"Key": "env", "Value": "test", "PropagateAtLaunch": True}],
    )
    scaling.enable_metrics_collection(AutoScalingGroupName="web", Metrics=["GroupMinSize"], Granularity="1Minute")
    started = scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]["Instances"]
    aws.client("ec2").create_tags(Resources=[started[0]["InstanceId"]], Tags=[{"Key": "Name", "Value": "member"}])
    return "web"


def launch_configuration(aws: t.Any) -> str:
    aws.client("autoscaling").create_launch_configuration(
        LaunchConfigurationName="web",
        ImageId=IMAGE,
        InstanceType="t3.micro",
        KeyName="ops",
        UserData="hunter2",
        SecurityGroups=[id_of_security_group(aws)],
        IamInstanceProfile="app",
        BlockDeviceMappings=[{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8}}],
    )
    return "web"
