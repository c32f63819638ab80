# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.containers import (
    Function,
    Service,
    TaskDefinition,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.policies import parsed
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import RecordResource, make
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import Part, RecordType, Way, haves, states
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.services import Pipeline, Stack

CLOUDFORMATION_STACK = RecordType(
    word="cloudformation_stack",
    service="cloudformation",
    operation="describe_stacks",
    path="Stacks[]",
    identity="StackId",
    ways=(Way(parameter="StackName"),),
    arns=True,
    absent=("ValidationError: does not exist",),
    parts={
        "outputs": Part(
            "",
            path="Outputs",
            default={},
            shape=lambda found: {one["OutputKey"]: one.get("OutputValue") for one in found},
            summary="The outputs as a map.",
        ),
        "stack_parameters": Part(
            "",
            path="Parameters",
            default={},
            shape=lambda found: {one["ParameterKey"]: one.get("ParameterValue") for one in found},
            summary="The parameters as a map.",
        ),
        "resources": Part(
            "list_stack_resources",
            {"StackName": "StackId"},
            "StackResourceSummaries",
            default=[],
            summary="The resources.",
        ),
    },
    be={
        **states("StackStatus", "CREATE_COMPLETE", "UPDATE_COMPLETE", "ROLLBACK_COMPLETE"),
        **states("StackStatus", "UPDATE_ROLLBACK_COMPLETE", "DELETE_COMPLETE", "IMPORT_COMPLETE"),
        "complete": ("StackStatus", ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")),
        "termination_protected": ("EnableTerminationProtection", True),
    },
)
CODEPIPELINE = RecordType(
    word="codepipeline",
    service="codepipeline",
    operation="get_pipeline",
    path="pipeline",
    identity="name",
    ways=(Way(parameter="name"),),
    absent=("PipelineNotFoundException",),
    details=(Part("get_pipeline", {"name": "name"}, "metadata"),),
    tags=Part("list_tags_for_resource", {"resourceArn": "pipelineArn"}, "tags", default=[]),
    parts={
        "state": Part("get_pipeline_state", {"name": "name"}, "stageStates", default=[], summary="The stages' state."),
    },
    have={"role": "roleArn", "stage": "stages[].name"},
)
CODEBUILD_PROJECT = RecordType(
    word="codebuild_project",
    aliases=("codebuild",),
    service="codebuild",
    operation="batch_get_projects",
    path="projects[]",
    identity="name",
    ways=(
        Way(field="arn", pattern="arn:", parameter="names", size=100),
        Way(field="name", parameter="names", size=100),
    ),
    be={"privileged": ("environment.privilegedMode", True)},
    have={
        "service_role": "serviceRole",
        "source_type": "source.type",
        "image": "environment.image",
        "compute_type": "environment.computeType",
    },
    relations={"belong_to_vpc": ("vpc", "vpcConfig.vpcId")},
)
LAMBDA_FUNCTION = RecordType(
    word="lambda_function",
    aliases=("lambda",),
    service="lambda",
    operation="get_function_configuration",
    path="",
    identity="FunctionArn",
    ways=(Way(parameter="FunctionName"),),
    arns=True,
    absent=("ResourceNotFoundException",),
    tags=Part("list_tags", {"Resource": "FunctionArn"}, "Tags", default={}),
    parts={
        "policy": Part(
            "get_policy",
            {"FunctionName": "FunctionName"},
            "Policy",
            ("ResourceNotFoundException",),
            shape=parsed,
            summary="The policy as data.",
        ),
    },
    be=states("State", "Active", "Inactive", "Pending", "Failed"),
    have=haves("Runtime", "Handler", "Timeout", "MemorySize", "Role", "PackageType"),
    relations={
        "belong_to_vpc": ("vpc", "VpcConfig.VpcId"),
        "have_subnet": ("subnet", "VpcConfig.SubnetIds"),
        "have_security_group": ("security_group", "VpcConfig.SecurityGroupIds"),
    },
)
ECS_CLUSTER = RecordType(
    word="ecs_cluster",
    service="ecs",
    operation="describe_clusters",
    path="clusters[]",
    identity="clusterArn",
    constants={"include": ["ATTACHMENTS", "CONFIGURATIONS", "SETTINGS", "STATISTICS", "TAGS"]},
    ways=(
        Way(field="clusterArn", pattern="arn:", parameter="clusters", size=100),
        Way(field="clusterName", parameter="clusters", size=100),
    ),
    gone=("status", "INACTIVE"),
    be=states("status", "ACTIVE", "PROVISIONING", "DEPROVISIONING", "FAILED", "INACTIVE"),
    have={"capacity_provider": "capacityProviders"},
)
ECS_SERVICE = RecordType(
    word="ecs_service",
    service="ecs",
    operation="describe_services",
    path="services[]",
    identity="serviceArn",
    constants={"include": ["TAGS"]},
    parameters={"cluster": "cluster"},
    ways=(
        Way(field="serviceArn", pattern="arn:", parameter="services", size=10),
        Way(field="serviceName", parameter="services", size=10),
    ),
    absent=("ClusterNotFoundException",),
    gone=("status", "INACTIVE"),
    be=states("status", "ACTIVE", "DRAINING", "INACTIVE"),
    have={
        **haves("desiredCount", "runningCount", "launchType", "taskDefinition", "platformVersion"),
        "target_group": "loadBalancers[].targetGroupArn",
    },
    relations={
        "have_load_balancer": ("elb", "loadBalancers[].loadBalancerName"),
        "belong_to_cluster": ("ecs_cluster", "clusterArn"),
        "have_subnet": ("subnet", "networkConfiguration.awsvpcConfiguration.subnets"),
        "have_security_group": ("security_group", "networkConfiguration.awsvpcConfiguration.securityGroups"),
    },
)
ECS_CAPACITY_PROVIDER = RecordType(
    word="ecs_capacity_provider",
    service="ecs",
    operation="describe_capacity_providers",
    path="capacityProviders[]",
    identity="capacityProviderArn",
    constants={"include": ["TAGS"]},
    ways=(
        Way(field="capacityProviderArn", pattern="arn:", parameter="capacityProviders", size=100),
        Way(field="name", parameter="capacityProviders", size=100),
    ),
    gone=("status", "INACTIVE"),
    be={
        **states("status", "ACTIVE", "INACTIVE"),
        "managed_scaling_enabled": ("autoScalingGroupProvider.managedScaling.status", "ENABLED"),
        "managed_draining_enabled": ("autoScalingGroupProvider.managedDraining", "ENABLED"),
        "managed_termination_protected": ("autoScalingGroupProvider.managedTerminationProtection", "ENABLED"),
    },
    have={
        "auto_scaling_group_arn": "autoScalingGroupProvider.autoScalingGroupArn",
        "target_capacity": "autoScalingGroupProvider.managedScaling.targetCapacity",
    },
)
ECS_TASK_DEFINITION = RecordType(
    word="ecs_task_definition",
    service="ecs",
    operation="describe_task_definition",
    path="taskDefinition",
    identity="taskDefinitionArn",
    constants={"include": ["TAGS"]},
    ways=(Way(parameter="taskDefinition"),),
    arns=True,
    absent=("ClientException: Unable to describe task definition",),
    tags=Part("list_tags_for_resource", {"resourceArn": "taskDefinitionArn"}, "tags", default=[]),
    be=states("status", "ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS"),
    have={
        **haves("family", "revision", "cpu", "memory", "networkMode", "taskRoleArn", "executionRoleArn"),
        "container": "containerDefinitions[].name",
        "image": "containerDefinitions[].image",
    },
)

TYPES: t.Sequence[type[RecordResource]] = [
    make(CLOUDFORMATION_STACK, Stack),
    make(CODEPIPELINE, Pipeline),
    make(CODEBUILD_PROJECT),
    make(LAMBDA_FUNCTION, Function),
    make(ECS_CLUSTER),
    make(ECS_CAPACITY_PROVIDER),
    make(ECS_SERVICE, Service),
    make(ECS_TASK_DEFINITION, TaskDefinition),
]
