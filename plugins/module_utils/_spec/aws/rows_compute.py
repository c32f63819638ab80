# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.compute import (
    AutoScalingGroup,
    ElasticLoadBalancer,
    Image,
    Instance,
    LaunchConfiguration,
    LaunchTemplate,
    LoadBalancer,
    TargetGroup,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import RecordResource, make
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import (
    BY_TAG_NAME,
    TAG_NAME,
    Part,
    RecordType,
    Way,
    by_id,
    haves,
    pairs,
    states,
)

_ALIVE = ("pending", "running", "shutting-down", "stopping", "stopped")
_OWN = {"Owners": ["self"]}

EC2_INSTANCE = RecordType(
    word="ec2_instance",
    aliases=("ec2",),
    service="ec2",
    operation="describe_instances",
    path="Reservations[].Instances[]",
    identity="InstanceId",
    filters="Filters",
    vpc_filter="vpc-id",
    ways=(
        by_id("instance-id", "InstanceId", "i"),
        # Terminated instances are still listed for an hour, and their names are often taken again.
        Way(field=TAG_NAME, filter=TAG_NAME, also=(("instance-state-name", _ALIVE),)),
    ),
    be={
        **states("State.Name", *_ALIVE, "terminated"),
        **states("Architecture", "x86_64", "i386", "arm64"),
        **states("VirtualizationType", "hvm", "paravirtual"),
        **states("Hypervisor", "xen", "ovm"),
        "ebs_optimized": ("EbsOptimized", True),
        "monitored": ("Monitoring.State", "enabled"),
        "monitoring_enabled": ("Monitoring.State", "enabled"),
        "monitoring_disabled": ("Monitoring.State", "disabled"),
        "monitoring_pending": ("Monitoring.State", "pending"),
        "api_termination_disabled": ("api_termination_disabled", True),
        "source_dest_checked": ("SourceDestCheck", True),
    },
    have={
        **haves("ImageId", "InstanceType", "KeyName", "KernelId", "Platform", "AmiLaunchIndex"),
        "public_ip": "PublicIpAddress",
        "private_ip": "PrivateIpAddress",
        "dns_name": "PublicDnsName",
        "iam_instance_profile_arn": "IamInstanceProfile.Arn",
        "iam_instance_profile_id": "IamInstanceProfile.Id",
        "shutdown_behavior": "shutdown_behavior",
        "owner_id": "NetworkInterfaces.0.OwnerId",
    },
    relations={
        "belong_to_vpc": ("vpc", "VpcId"),
        "belong_to_subnet": ("subnet", "SubnetId"),
        "have_security_group": ("security_group", "SecurityGroups[].GroupId"),
        "have_ebs": ("ebs_volume", "BlockDeviceMappings[].Ebs.VolumeId"),
    },
)
AMI = RecordType(
    word="ami",
    service="ec2",
    operation="describe_images",
    path="Images[]",
    identity="ImageId",
    filters="Filters",
    filtered=_OWN,
    parameters={"owners": "Owners"},
    ways=(
        by_id("image-id", "ImageId", "ami"),
        # Everybody can give an image any name and make it public.
        Way(field="Name", filter="name", constants=_OWN),
        Way(field=TAG_NAME, filter=TAG_NAME, constants=_OWN),
    ),
    be={
        **states("State", "available", "pending", "failed", "invalid", "deregistered", "disabled"),
        "public": ("Public", True),
    },
    have=haves("Name", "Architecture", "VirtualizationType", "RootDeviceName", "RootDeviceType", "ImdsSupport"),
    parts={
        "launch_permissions": Part(
            "describe_image_attribute",
            {"ImageId": "ImageId", "Attribute": "=launchPermission"},
            "LaunchPermissions",
            default=[],
            summary="Who may launch it: maps with UserId, Group or others.",
        ),
    },
)
EBS_VOLUME = RecordType(
    word="ebs_volume",
    aliases=("ebs",),
    service="ec2",
    operation="describe_volumes",
    path="Volumes[]",
    identity="VolumeId",
    filters="Filters",
    ways=(by_id("volume-id", "VolumeId", "vol"), BY_TAG_NAME),
    be={
        **states("State", "creating", "available", "in-use", "deleting", "deleted", "error"),
        "encrypted": ("Encrypted", True),
    },
    have=haves("Size", "VolumeType", "Iops", "AvailabilityZone"),
    relations={"be_attached_to": ("ec2_instance", "Attachments[].InstanceId")},
)
LAUNCH_TEMPLATE = RecordType(
    word="launch_template",
    service="ec2",
    operation="describe_launch_templates",
    path="LaunchTemplates[]",
    identity="LaunchTemplateId",
    filters="Filters",
    parameters={"version": ""},
    absent=(
        "InvalidLaunchTemplateId.NotFound",
        "InvalidLaunchTemplateId.NotFoundException",
        "InvalidLaunchTemplateName.NotFoundException",
    ),
    ways=(
        Way(field="LaunchTemplateId", pattern=r"lt-[0-9a-f]+$", parameter="LaunchTemplateIds", size=100),
        Way(field="LaunchTemplateName", filter="launch-template-name"),
    ),
    have={
        "image_id": "data.ImageId",
        "instance_type": "data.InstanceType",
        "key_name": "data.KeyName",
        "default_version_number": "DefaultVersionNumber",
        "latest_version_number": "LatestVersionNumber",
    },
)
AUTO_SCALING_GROUP = RecordType(
    word="auto_scaling_group",
    aliases=("autoscaling_group",),
    service="autoscaling",
    operation="describe_auto_scaling_groups",
    path="AutoScalingGroups[]",
    identity="AutoScalingGroupName",
    filters="Filters",
    ways=(
        Way(field="AutoScalingGroupARN", pattern="arn:"),
        Way(field="AutoScalingGroupName", parameter="AutoScalingGroupNames", size=50),
        BY_TAG_NAME,
    ),
    have={
        **haves("DefaultCooldown", "HealthCheckGracePeriod", "HealthCheckType", "DesiredCapacity"),
        **haves("PlacementGroup", "MinSize", "MaxSize"),
        "launch_configuration": "LaunchConfigurationName",
        "load_balancers": "LoadBalancerNames",
        "target_groups": "TargetGroupARNs",
        "availability_zone_names": "availability_zone_names",
        "enabled_metrics": "enabled_metrics",
    },
    relations={
        "have_subnet": ("subnet", "subnet_ids"),
        "have_load_balancer": ("elb", "LoadBalancerNames"),
        "have_target_group": ("target_group", "TargetGroupARNs"),
        "have_ec2": ("ec2_instance", "Instances[].InstanceId"),
    },
)
LAUNCH_CONFIGURATION = RecordType(
    word="launch_configuration",
    service="autoscaling",
    operation="describe_launch_configurations",
    path="LaunchConfigurations[]",
    identity="LaunchConfigurationName",
    ways=(
        Way(field="LaunchConfigurationARN", pattern="arn:"),
        Way(field="LaunchConfigurationName", parameter="LaunchConfigurationNames", size=50),
    ),
    tags=False,
    hidden=("UserData",),
    have=haves("ImageId", "InstanceType", "KeyName", "BlockDeviceMappings", "IamInstanceProfile"),
    relations={"have_security_group": ("security_group", "SecurityGroups")},
)
ELB = RecordType(
    word="elb",
    service="elb",
    operation="describe_load_balancers",
    path="LoadBalancerDescriptions[]",
    identity="LoadBalancerName",
    ways=(Way(field="LoadBalancerName", parameter="LoadBalancerNames", size=20),),
    absent=("LoadBalancerNotFound", "AccessPointNotFound"),
    tags=Part("describe_tags", {"LoadBalancerNames": ["LoadBalancerName"]}, "TagDescriptions.0.Tags", default=[]),
    parts={
        "attributes": Part(
            "describe_load_balancer_attributes",
            {"LoadBalancerName": "LoadBalancerName"},
            "LoadBalancerAttributes",
            summary="CrossZoneLoadBalancing, AccessLog, ConnectionDraining, ConnectionSettings.",
        ),
        "policy_descriptions": Part(
            "describe_load_balancer_policies",
            {"LoadBalancerName": "LoadBalancerName"},
            "PolicyDescriptions",
            default=[],
            summary="The policies, each with its type and attributes.",
        ),
    },
    have={
        **haves("Scheme", "DNSName", "CanonicalHostedZoneName"),
        "availability_zone_names": "AvailabilityZones",
        "subnet_ids": "Subnets",
        "health_check_target": "HealthCheck.Target",
        "health_check_interval": "HealthCheck.Interval",
        "health_check_timeout": "HealthCheck.Timeout",
        "health_check_healthy_threshold": "HealthCheck.HealthyThreshold",
        "health_check_unhealthy_threshold": "HealthCheck.UnhealthyThreshold",
        "cross_zone_load_balancing_enabled": "attributes.CrossZoneLoadBalancing.Enabled",
        "connection_draining_enabled": "attributes.ConnectionDraining.Enabled",
        "connection_draining_timeout": "attributes.ConnectionDraining.Timeout",
        "access_logging_enabled": "attributes.AccessLog.Enabled",
        "access_logging_emit_interval": "attributes.AccessLog.EmitInterval",
        "access_logging_valid_s3_bucket": "attributes.AccessLog.S3BucketName",
        "idle_timeout": "attributes.ConnectionSettings.IdleTimeout",
    },
    relations={
        "belong_to_vpc": ("vpc", "VPCId"),
        "have_subnet": ("subnet", "Subnets"),
        "have_security_group": ("security_group", "SecurityGroups"),
        "have_ec2": ("ec2_instance", "Instances[].InstanceId"),
    },
)


def _balancer(word: str, only: tuple[str, ...], *aliases: str) -> RecordType:
    return RecordType(
        word=word,
        aliases=aliases,
        service="elbv2",
        operation="describe_load_balancers",
        path="LoadBalancers[]",
        identity="LoadBalancerArn",
        ways=(
            Way(field="LoadBalancerArn", pattern="arn:", parameter="LoadBalancerArns", size=20),
            Way(field="LoadBalancerName", parameter="Names", size=20),
        ),
        absent=("LoadBalancerNotFound", "LoadBalancerNotFoundException"),
        only=only,
        tags=Part("describe_tags", {"ResourceArns": ["LoadBalancerArn"]}, "TagDescriptions.0.Tags", default=[]),
        parts={
            "attributes": Part(
                "describe_load_balancer_attributes",
                {"LoadBalancerArn": "LoadBalancerArn"},
                "Attributes",
                shape=pairs,
                summary='The attributes as a map, such as attributes["idle_timeout.timeout_seconds"].',
            ),
            "listeners": Part(
                "describe_listeners", {"LoadBalancerArn": "LoadBalancerArn"}, "Listeners", default=[],
                summary="The listeners.",
            ),
        },
        be={
            **states("State.Code", "active", "provisioning", "active_impaired", "failed"),
            "internet_facing": ("Scheme", "internet-facing"),
            "internal": ("Scheme", "internal"),
            "deletion_protected": (("attributes", "deletion_protection.enabled"), ("true",)),
        },
        have={**haves("Scheme", "DNSName", "IpAddressType"), "subnet_ids": "AvailabilityZones[].SubnetId"},
        relations={
            "belong_to_vpc": ("vpc", "VpcId"),
            "have_subnet": ("subnet", "AvailabilityZones[].SubnetId"),
            "have_security_group": ("security_group", "SecurityGroups"),
        },
    )  # fmt: skip


TARGET_GROUP = RecordType(
    word="target_group",
    aliases=("alb_target_group", "nlb_target_group"),
    service="elbv2",
    operation="describe_target_groups",
    path="TargetGroups[]",
    identity="TargetGroupArn",
    ways=(
        Way(field="TargetGroupArn", pattern="arn:", parameter="TargetGroupArns", size=20),
        Way(field="TargetGroupName", parameter="Names", size=20),
    ),
    absent=("TargetGroupNotFound", "TargetGroupNotFoundException"),
    tags=Part("describe_tags", {"ResourceArns": ["TargetGroupArn"]}, "TagDescriptions.0.Tags", default=[]),
    parts={
        "attributes": Part(
            "describe_target_group_attributes",
            {"TargetGroupArn": "TargetGroupArn"},
            "Attributes",
            shape=pairs,
            summary="The attributes as a map.",
        ),
        "targets": Part(
            "describe_target_health",
            {"TargetGroupArn": "TargetGroupArn"},
            "TargetHealthDescriptions",
            default=[],
            summary="The targets with their health.",
        ),
    },
    have=haves("Port", "Protocol", "TargetType", "HealthCheckPath", "HealthCheckPort", "HealthCheckProtocol"),
    relations={"belong_to_vpc": ("vpc", "VpcId")},
)

TYPES: t.Sequence[type[RecordResource]] = [
    make(EC2_INSTANCE, Instance),
    make(AMI, Image),
    make(EBS_VOLUME),
    make(LAUNCH_TEMPLATE, LaunchTemplate),
    make(AUTO_SCALING_GROUP, AutoScalingGroup),
    make(LAUNCH_CONFIGURATION, LaunchConfiguration),
    make(ELB, ElasticLoadBalancer),
    make(_balancer("alb", ("Type", "application")), LoadBalancer),
    make(_balancer("nlb", ("Type", "network")), LoadBalancer),
    make(TARGET_GROUP, TargetGroup),
]
