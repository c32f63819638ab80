# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._kube.cloudformation_network import (
    after_gateway,
    is_public,
    name_tag,
    owned,
    subnet,
    tag,
    way_out,
)
from ansible_collections.containerci.aws.plugins.module_utils._kube.config import Cluster, Pool, Volume

Data = dict[str, t.Any]

_SYSTEM_DISK = "/dev/xvda"
_ETCD_DISK = "/dev/xvdf"
# While machines are replaced nothing else may start or stop some.
_SUSPENDED = ["AlarmNotification", "AZRebalance", "HealthCheck", "ReplaceUnhealthy", "ScheduledActions"]

# Controllers


def controllers(cluster: Cluster, ami: str, user_data: t.Sequence[str]) -> Data:
    """The machines that must never be replaced unasked, each with its own address and its own volume for etcd."""
    found: Data = {}
    for index in range(cluster.controller.count):
        found |= _controller(cluster, index, ami, user_data[index])
    return found


def _controller(cluster: Cluster, index: int, ami: str, user_data: str) -> Data:
    place = cluster.subnet_of_controller(index)
    interface = {
        "GroupSet": [_group("Controller")],
        "PrivateIpAddress": cluster.controller_ips[index],
        "SubnetId": subnet(cluster, place),
        "Tags": [name_tag(cluster, f"controller-{index}")],
    }
    address = _address(cluster, index) if is_public(cluster, index) else {}
    associations = [name for name in address if name.startswith("EIPAssociation")]
    # A volume cannot be deleted before the machine that has it.
    waits_for = sorted([*way_out(cluster, place), *associations, f"EtcdVolume{index}"])
    return {
        f"NetworkInterfaceController{index}": {"Type": "AWS::EC2::NetworkInterface", "Properties": interface},
        **address,
        f"InstanceController{index}": {
            "Type": "AWS::EC2::Instance",
            **_after(waits_for),
            "Properties": _instance(cluster, index, ami, user_data),
        },
        **_etcd_volume(cluster, index),
    }


def _address(cluster: Cluster, index: int) -> Data:
    """A public address that stays; an interface that is made before its machine gets no other."""
    name = f"EIPController{index}"
    properties = {"Domain": "vpc", "Tags": [name_tag(cluster, f"controller-{index}")]}
    association = {
        "AllocationId": {"Fn::GetAtt": [name, "AllocationId"]},
        "NetworkInterfaceId": {"Ref": f"NetworkInterfaceController{index}"},
    }
    return {
        name: {"Type": "AWS::EC2::EIP", **after_gateway(cluster), "Properties": properties},
        f"EIPAssociationController{index}": {"Type": "AWS::EC2::EIPAssociation", "Properties": association},
    }


def _instance(cluster: Cluster, index: int, ami: str, user_data: str) -> Data:
    return {
        "BlockDeviceMappings": [_disk(cluster.controller.volume)],
        "IamInstanceProfile": {"Ref": "IAMInstanceProfileController"},
        "ImageId": ami,
        "InstanceType": cluster.controller.instance_type,
        "MetadataOptions": _metadata(hops=2),
        "NetworkInterfaces": [
            {"DeviceIndex": "0", "NetworkInterfaceId": {"Ref": f"NetworkInterfaceController{index}"}}
        ],
        "Tags": [name_tag(cluster, f"controller-{index}"), owned(cluster)],
        "UserData": {"Fn::Base64": user_data},
        **_key(cluster),
    }


def _etcd_volume(cluster: Cluster, index: int) -> Data:
    volume = f"EtcdVolume{index}"
    properties = {
        "AvailabilityZone": cluster.zone_of_controller(index),
        "Tags": [name_tag(cluster, f"etcd-{index}"), tag("kube-aws/etcd", cluster.name)],
        **_storage(cluster.etcd_volume, "Size"),
    }
    attachment = {
        "Device": _ETCD_DISK,
        "InstanceId": {"Ref": f"InstanceController{index}"},
        "VolumeId": {"Ref": volume},
    }
    return {
        volume: {
            "Type": "AWS::EC2::Volume",
            "DeletionPolicy": "Snapshot",
            "UpdateReplacePolicy": "Snapshot",
            "Properties": properties,
        },
        # A volume that is in use is not taken from a running machine: it is free when the machine has shut down.
        f"EtcdVolumeAttachment{index}": {
            "Type": "AWS::EC2::VolumeAttachment",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": attachment,
        },
    }


# Workers


def workers(cluster: Cluster, pool: Pool, ami: str, user_data: str) -> Data:
    """A group of machines that can be replaced at any time."""
    name = logical_name(pool)
    private = cluster.subnets[_subnets_of_workers(cluster)[0]].private
    template = {
        "BlockDeviceMappings": [_disk(pool.volume)],
        "IamInstanceProfile": {"Arn": {"Fn::GetAtt": ["IAMInstanceProfileWorker", "Arn"]}},
        "ImageId": ami,
        "InstanceType": pool.instance_types[0],
        "MetadataOptions": _metadata(hops=1),
        "NetworkInterfaces": [
            {"AssociatePublicIpAddress": not private, "DeviceIndex": 0, "Groups": [_group("Worker")]}
        ],
        "TagSpecifications": [{"ResourceType": "volume", "Tags": [name_tag(cluster, pool.name)]}],
        "UserData": {"Fn::Base64": user_data},
        **_key(cluster),
    }
    return {
        f"LaunchTemplate{name}": {"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": template}},
        f"AutoScale{name}": {
            "Type": "AWS::AutoScaling::AutoScalingGroup",
            **_after(sorted({name for index in _subnets_of_workers(cluster) for name in way_out(cluster, index)})),
            "UpdatePolicy": {"AutoScalingRollingUpdate": _rolling_update(pool)},
            "Properties": _auto_scaling_group(cluster, pool),
        },
    }


def logical_name(pool: Pool) -> str:
    """The name of a pool as part of logical names, which have letters and digits only."""
    return "Worker" + "".join(word.capitalize() for word in pool.name.replace("_", "-").split("-"))


def _auto_scaling_group(cluster: Cluster, pool: Pool) -> Data:
    tags = [name_tag(cluster, pool.name), owned(cluster)]
    if pool.autoscaled:
        tags += [tag("k8s.io/cluster-autoscaler/enabled", "true")]
        tags += [tag(f"k8s.io/cluster-autoscaler/{cluster.name}", "owned")]
    # An autoscaler changes the number by itself; an update must not change it back.
    desired = {} if pool.autoscaled else {"DesiredCapacity": str(pool.count)}
    return {
        **desired,
        **_launch(pool),
        "HealthCheckGracePeriod": 600,
        "HealthCheckType": "EC2",
        "MaxSize": str(pool.max),
        "MinSize": str(pool.min),
        "Tags": [{**each, "PropagateAtLaunch": True} for each in tags],
        "VPCZoneIdentifier": [subnet(cluster, index) for index in _subnets_of_workers(cluster)],
    }


def _subnets_of_workers(cluster: Cluster) -> list[int]:
    """The private subnets if there are some, otherwise all."""
    everything = list(range(len(cluster.subnets)))
    return [index for index in everything if cluster.subnets[index].private] or everything


def _launch(pool: Pool) -> Data:
    name = f"LaunchTemplate{logical_name(pool)}"
    template = {"LaunchTemplateId": {"Ref": name}, "Version": {"Fn::GetAtt": [name, "LatestVersionNumber"]}}
    if not pool.spot and len(pool.instance_types) == 1:
        return {"LaunchTemplate": template}
    overrides = [{"InstanceType": instance_type} for instance_type in pool.instance_types]
    distribution: Data = {"OnDemandAllocationStrategy": "prioritized"}
    if pool.spot:
        distribution = {
            "OnDemandPercentageAboveBaseCapacity": 0,
            "SpotAllocationStrategy": "price-capacity-optimized",
        }
        if pool.spot_price:
            distribution["SpotMaxPrice"] = pool.spot_price
    return {
        "MixedInstancesPolicy": {
            "InstancesDistribution": distribution,
            "LaunchTemplate": {"LaunchTemplateSpecification": template, "Overrides": overrides},
        }
    }


def _rolling_update(pool: Pool) -> Data:
    return {
        "MaxBatchSize": 1,
        # As many as the largest number would leave no room for a replacement, and every update would fail.
        "MinInstancesInService": max(0, min(pool.count, pool.max - 1)),
        "PauseTime": "PT5M",
        "SuspendProcesses": _SUSPENDED,
    }


# What both have


def _after(names: list[str]) -> Data:
    return {"DependsOn": names} if names else {}


def _disk(volume: Volume) -> Data:
    return {"DeviceName": _SYSTEM_DISK, "Ebs": {"DeleteOnTermination": True, **_storage(volume, "VolumeSize")}}


def _storage(volume: Volume, size: str) -> Data:
    iops = {"Iops": volume.iops} if volume.iops else {}
    return {"Encrypted": True, size: volume.size, "VolumeType": volume.type, **iops}


def _metadata(hops: int) -> Data:
    """Credentials only for those who ask with a token, and not for pods with a network of their own."""
    return {"HttpEndpoint": "enabled", "HttpPutResponseHopLimit": hops, "HttpTokens": "required"}


def _key(cluster: Cluster) -> Data:
    return {"KeyName": cluster.key_name} if cluster.key_name else {}


def _group(kind: str) -> Data:
    return {"Fn::GetAtt": [f"SecurityGroup{kind}", "GroupId"]}
