# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::EC2::Instance, its addresses, interfaces and volumes"""

from __future__ import annotations

import base64
from typing import Any

from ..errors import ResourceFailure, ResourceGone
from ..handler import Context, Handler, Properties, handles
from ._shapes import pick
from .ec2 import Ec2Handler


@handles("AWS::EC2::Instance")
class Instance(Ec2Handler):
    resource = "instance"
    launched_with = (
        "BlockDeviceMappings",
        "CreditSpecification",
        "DisableApiTermination",
        "EbsOptimized",
        "IamInstanceProfile",
        "ImageId",
        "InstanceInitiatedShutdownBehavior",
        "InstanceType",
        "KeyName",
        "LaunchTemplate",
        "MetadataOptions",
        "NetworkInterfaces",
        "PrivateIpAddress",
        "SecurityGroupIds",
        "SubnetId",
        "UserData",
    )
    heeds = frozenset({*launched_with, "AvailabilityZone", "SourceDestCheck", "Tags", "Volumes"})

    def create(self, context: Context, properties: Properties) -> str:
        ec2 = context.client("ec2")
        arguments = pick(properties, *self.launched_with)
        if "IamInstanceProfile" in arguments:
            arguments["IamInstanceProfile"] = {"Name": arguments["IamInstanceProfile"]}
        if "NetworkInterfaces" in arguments:
            arguments["NetworkInterfaces"] = [_interface(item) for item in arguments["NetworkInterfaces"]]
            _check_free(ec2, arguments["NetworkInterfaces"])
        if "AvailabilityZone" in properties:
            arguments["Placement"] = {"AvailabilityZone": properties["AvailabilityZone"]}
        arguments["TagSpecifications"] = self.specification(context, properties)
        made = ec2.run_instances(MinCount=1, MaxCount=1, **_plain_user_data(arguments))
        instance = str(made["Instances"][0]["InstanceId"])
        if "SourceDestCheck" in properties:
            self._check_addresses(context, instance, properties)
        for volume in properties.get("Volumes", []):
            ec2.attach_volume(InstanceId=instance, **volume)
        return instance

    def _check_addresses(self, context: Context, instance: str, properties: Properties) -> None:
        check = {"Value": properties.get("SourceDestCheck", True)}
        context.client("ec2").modify_instance_attribute(InstanceId=instance, SourceDestCheck=check)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        ec2 = context.client("ec2")
        changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
        if changed & {"InstanceType", "UserData"}:
            self._restart(context, physical_id, pick(after, *changed & {"InstanceType", "UserData"}))
        if "SecurityGroupIds" in changed:
            ec2.modify_instance_attribute(InstanceId=physical_id, Groups=after["SecurityGroupIds"])
        if "DisableApiTermination" in changed:
            held = {"Value": after.get("DisableApiTermination", False)}
            ec2.modify_instance_attribute(InstanceId=physical_id, DisableApiTermination=held)
        if "SourceDestCheck" in changed:
            self._check_addresses(context, physical_id, after)
        self.tag(context, physical_id, after)

    def _restart(self, context: Context, instance: str, properties: Properties) -> None:
        """What only a stopped instance lets itself be told."""
        ec2 = context.client("ec2")
        ec2.stop_instances(InstanceIds=[instance])
        if "InstanceType" in properties:
            ec2.modify_instance_attribute(InstanceId=instance, InstanceType={"Value": properties["InstanceType"]})
        if "UserData" in properties:
            # moto decodes this once more than AWS does
            ec2.modify_instance_attribute(InstanceId=instance, UserData={"Value": properties["UserData"]})
        ec2.start_instances(InstanceIds=[instance])

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        ec2 = context.client("ec2")
        ec2.terminate_instances(InstanceIds=[physical_id])
        filters = [{"Name": "attachment.instance-id", "Values": [physical_id]}]
        for volume in ec2.describe_volumes(Filters=filters)["Volumes"]:
            if not volume["Attachments"][0]["DeleteOnTermination"]:
                ec2.detach_volume(VolumeId=volume["VolumeId"], InstanceId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        found = context.client("ec2").describe_instances(InstanceIds=[physical_id])
        instance = found["Reservations"][0]["Instances"][0]
        return {
            "AvailabilityZone": instance["Placement"]["AvailabilityZone"],
            "InstanceId": physical_id,
            "PrivateDnsName": instance.get("PrivateDnsName", ""),
            "PrivateIp": instance.get("PrivateIpAddress", ""),
            "PublicDnsName": instance.get("PublicDnsName", ""),
            "PublicIp": instance.get("PublicIpAddress", ""),
            "VpcId": instance.get("VpcId", ""),
        }

    def live(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        found = context.client("ec2").describe_instances(InstanceIds=[physical_id])
        instance = found["Reservations"][0]["Instances"][0]
        if instance["State"]["Name"] == "terminated":
            raise ResourceGone(physical_id)
        return pick(instance, "InstanceType", "ImageId")


def _check_free(ec2: Any, interfaces: list[dict[str, Any]]) -> None:
    """Moto gives an interface to a second instance; EC2 does not."""
    wanted = [item["NetworkInterfaceId"] for item in interfaces if "NetworkInterfaceId" in item]
    for found in ec2.describe_network_interfaces(NetworkInterfaceIds=wanted)["NetworkInterfaces"] if wanted else []:
        holder = found.get("Attachment", {}).get("InstanceId")
        if holder and _is_there(ec2, holder):
            raise ResourceFailure(f"Interface: [{found['NetworkInterfaceId']}] in use.")


def _is_there(ec2: Any, instance: str) -> bool:
    found = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    return bool(found["State"]["Name"] != "terminated")


def _plain_user_data(arguments: dict[str, Any]) -> dict[str, Any]:
    """The SDK encodes user data itself; a template has it encoded."""
    if "UserData" not in arguments:
        return arguments
    return {**arguments, "UserData": base64.b64decode(arguments["UserData"]).decode()}


def _interface(properties: dict[str, Any]) -> dict[str, Any]:
    result = {key: value for key, value in properties.items() if key != "GroupSet"}
    if "GroupSet" in properties:
        result["Groups"] = properties["GroupSet"]
    result["DeviceIndex"] = int(properties["DeviceIndex"])
    return result


@handles("AWS::EC2::EIP")
class Address(Ec2Handler):
    resource = "elastic-ip"
    heeds = frozenset({"Domain", "InstanceId", "Tags"})

    def create(self, context: Context, properties: Properties) -> str:
        ec2 = context.client("ec2")
        made = ec2.allocate_address(Domain="vpc", TagSpecifications=self.specification(context, properties))
        if "InstanceId" in properties:
            ec2.associate_address(AllocationId=made["AllocationId"], InstanceId=properties["InstanceId"])
        return str(made["PublicIp"])

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        ec2 = context.client("ec2")
        if before.get("InstanceId") != after.get("InstanceId"):
            if "InstanceId" in before:
                ec2.disassociate_address(AssociationId=_address(context, physical_id)["AssociationId"])
            if "InstanceId" in after:
                allocation = _address(context, physical_id)["AllocationId"]
                ec2.associate_address(AllocationId=allocation, InstanceId=after["InstanceId"])
        self.tag(context, physical_id, after)

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        super().tag(context, _address(context, physical_id)["AllocationId"], properties)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        address = _address(context, physical_id)
        if address.get("AssociationId"):
            context.client("ec2").disassociate_address(AssociationId=address["AssociationId"])
        context.client("ec2").release_address(AllocationId=address["AllocationId"])

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"AllocationId": _address(context, physical_id)["AllocationId"], "PublicIp": physical_id}


def _address(context: Context, public_ip: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = context.client("ec2").describe_addresses(PublicIps=[public_ip])["Addresses"]
    return found[0]


@handles("AWS::EC2::EIPAssociation")
class AddressAssociation(Handler):
    heeds = frozenset({"AllocationId", "InstanceId", "NetworkInterfaceId", "PrivateIpAddress"})

    def create(self, context: Context, properties: Properties) -> str:
        return str(context.client("ec2").associate_address(**properties)["AssociationId"])

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ec2").disassociate_address(AssociationId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Id": physical_id}


@handles("AWS::EC2::NetworkInterface")
class NetworkInterface(Ec2Handler):
    resource = "network-interface"
    heeds = frozenset({"Description", "GroupSet", "PrivateIpAddress", "SourceDestCheck", "SubnetId", "Tags"})

    def create(self, context: Context, properties: Properties) -> str:
        arguments = pick(properties, "Description", "PrivateIpAddress", "SubnetId")
        arguments["TagSpecifications"] = self.specification(context, properties)
        made = context.client("ec2").create_network_interface(Groups=properties.get("GroupSet", []), **arguments)
        interface = str(made["NetworkInterface"]["NetworkInterfaceId"])
        if "SourceDestCheck" in properties:
            self.update(context, interface, {"GroupSet": properties.get("GroupSet")}, properties)
        return interface

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        ec2 = context.client("ec2")
        if before.get("GroupSet") != after.get("GroupSet"):
            ec2.modify_network_interface_attribute(NetworkInterfaceId=physical_id, Groups=after["GroupSet"])
        if before.get("SourceDestCheck") != after.get("SourceDestCheck"):
            check = {"Value": after.get("SourceDestCheck", True)}
            ec2.modify_network_interface_attribute(NetworkInterfaceId=physical_id, SourceDestCheck=check)
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ec2").delete_network_interface(NetworkInterfaceId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        found = context.client("ec2").describe_network_interfaces(NetworkInterfaceIds=[physical_id])
        interface = found["NetworkInterfaces"][0]
        return {
            "Id": physical_id,
            "PrimaryPrivateIpAddress": interface["PrivateIpAddress"],
            "VpcId": interface["VpcId"],
        }


@handles("AWS::EC2::Volume")
class Volume(Ec2Handler):
    resource = "volume"
    sizes = ("Iops", "Size", "Throughput", "VolumeType")
    heeds = frozenset({*sizes, "AvailabilityZone", "Encrypted", "KmsKeyId", "SnapshotId", "Tags"})

    def create(self, context: Context, properties: Properties) -> str:
        arguments = pick(properties, *self.heeds - {"Tags"})
        arguments["TagSpecifications"] = self.specification(context, properties)
        return str(context.client("ec2").create_volume(**arguments)["VolumeId"])

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        if pick(before, *self.sizes) != pick(after, *self.sizes):
            context.client("ec2").modify_volume(VolumeId=physical_id, **pick(after, *self.sizes))
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ec2").delete_volume(VolumeId=physical_id)

    def snapshot(self, context: Context, physical_id: str) -> None:
        context.client("ec2").create_snapshot(VolumeId=physical_id, Description=f"{context.stack_name} {physical_id}")

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"VolumeId": physical_id}


@handles("AWS::EC2::VolumeAttachment")
class VolumeAttachment(Handler):
    heeds = frozenset({"Device", "InstanceId", "VolumeId"})

    def create(self, context: Context, properties: Properties) -> str:
        held = context.client("ec2").describe_volumes(VolumeIds=[properties["VolumeId"]])["Volumes"][0]["Attachments"]
        if held:
            raise ResourceFailure(f"{properties['VolumeId']} is already attached to an instance")
        context.client("ec2").attach_volume(**properties)
        return f"{properties['VolumeId']}|{properties['InstanceId']}"

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ec2").detach_volume(**pick(properties, "InstanceId", "VolumeId"))
