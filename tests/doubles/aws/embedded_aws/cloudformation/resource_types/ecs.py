# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::ECS::*"""

from __future__ import annotations

from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import lower_first, pick, tag_list, without

USER_KEYS = frozenset({"DockerLabels", "DriverOpts", "Labels", "Options"})


def ecs_shape(properties: Properties) -> dict[str, Any]:
    """Properties as the ECS API names them; the EFS volume is the one exception to the rule."""
    shape = lower_first(properties, USER_KEYS)
    for volume in shape.get("volumes", []):
        if "eFSVolumeConfiguration" in volume:
            volume["efsVolumeConfiguration"] = volume.pop("eFSVolumeConfiguration")
        efs = volume.get("efsVolumeConfiguration", {})
        if "authorizationConfig" in efs and "iAM" in efs["authorizationConfig"]:
            efs["authorizationConfig"]["iam"] = efs["authorizationConfig"].pop("iAM")
        if "filesystemId" in efs:
            efs["fileSystemId"] = efs.pop("filesystemId")
    return shape


def ecs_tags(context: Context, properties: Properties) -> list[dict[str, str]]:
    return tag_list(context.tags(properties), "key", "value")


def _cluster_shape(properties: Properties) -> dict[str, Any]:
    shape = ecs_shape(properties)
    if "clusterSettings" in shape:
        shape["settings"] = shape.pop("clusterSettings")
    return shape


@handles("AWS::ECS::Cluster")
class Cluster(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("ClusterName") or context.new_name()
        shape = _cluster_shape(without(properties, "ClusterName", "Tags"))
        context.client("ecs").create_cluster(clusterName=name, tags=ecs_tags(context, properties), **shape)
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        shape = _cluster_shape(pick(after, "ClusterSettings", "Configuration", "ServiceConnectDefaults"))
        context.client("ecs").update_cluster(cluster=physical_id, **shape)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ecs").delete_cluster(cluster=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Arn": context.client("ecs").describe_clusters(clusters=[physical_id])["clusters"][0]["clusterArn"]}


@handles("AWS::ECS::CapacityProvider")
class CapacityProvider(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("Name") or context.new_name()
        shape = ecs_shape(pick(properties, "AutoScalingGroupProvider"))
        # The property may be the group's name or ARN; the API takes the ARN only.
        group = shape["autoScalingGroupProvider"]["autoScalingGroupArn"]
        if not group.startswith("arn:"):
            groups = context.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[group])
            shape["autoScalingGroupProvider"]["autoScalingGroupArn"] = groups["AutoScalingGroups"][0][
                "AutoScalingGroupARN"
            ]
        context.client("ecs").create_capacity_provider(name=name, tags=ecs_tags(context, properties), **shape)
        return name

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        shape = ecs_shape(pick(after, "AutoScalingGroupProvider"))
        shape["autoScalingGroupProvider"].pop("autoScalingGroupArn", None)
        context.client("ecs").update_capacity_provider(name=physical_id, **shape)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ecs").delete_capacity_provider(capacityProvider=physical_id)


@handles("AWS::ECS::ClusterCapacityProviderAssociations")
class ClusterCapacityProviderAssociations(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        context.client("ecs").put_cluster_capacity_providers(**ecs_shape(properties))
        return properties["Cluster"]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        context.client("ecs").put_cluster_capacity_providers(**ecs_shape(after))

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        nothing: dict[str, Any] = {"capacityProviders": [], "defaultCapacityProviderStrategy": []}
        context.client("ecs").put_cluster_capacity_providers(cluster=properties["Cluster"], **nothing)


@handles("AWS::ECS::TaskDefinition")
class TaskDefinition(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        shape = ecs_shape(without(properties, "Tags"))
        shape.setdefault("family", f"{context.stack_name}-{context.logical_id}")
        answer = context.client("ecs").register_task_definition(tags=ecs_tags(context, properties), **shape)
        return answer["taskDefinition"]["taskDefinitionArn"]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ecs").deregister_task_definition(taskDefinition=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"TaskDefinitionArn": physical_id}

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ecs").tag_resource(resourceArn=physical_id, tags=ecs_tags(context, properties))


def _service_shape(properties: Properties) -> dict[str, Any]:
    shape = ecs_shape(properties)
    if "placementStrategies" in shape:
        shape["placementStrategy"] = shape.pop("placementStrategies")
    return shape


@handles("AWS::ECS::Service")
class Service(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        shape = _service_shape(without(properties, "Tags", "ServiceName"))
        shape["serviceName"] = properties.get("ServiceName") or context.new_name()
        shape.setdefault("desiredCount", 1)
        return context.client("ecs").create_service(tags=ecs_tags(context, properties), **shape)["service"][
            "serviceArn"
        ]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        changed = {key: value for key, value in after.items() if before.get(key) != value}
        shape = _service_shape(without(changed, "Tags"))
        context.client("ecs").update_service(cluster=after.get("Cluster", "default"), service=physical_id, **shape)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("ecs").delete_service(
            cluster=properties.get("Cluster", "default"), service=physical_id, force=True
        )

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"ServiceArn": physical_id, "Name": physical_id.rsplit("/", 1)[-1]}
