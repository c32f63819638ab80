# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes stacks, pipelines and containers; each function returns the name of its resource."""

from __future__ import annotations

import io
import json
import typing as t
import zipfile

from integration.aws_spec_resources.balancing import elb, target_group
from integration.aws_spec_resources.common import ACCOUNT, IMAGE, SMALL_TAGS, TAGS, trust
from integration.aws_spec_resources.network import id_of_security_group, id_of_vpc, subnets


def cloudformation_stack(aws: t.Any) -> str:
    template = {
        "Parameters": {"Level": {"Type": "String", "Default": "high"}},
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {"Arn": {"Value": {"Ref": "Topic"}}, "Level": {"Value": {"Ref": "Level"}}},
    }
    aws.client("cloudformation").create_stack(
        StackName="app", TemplateBody=json.dumps(template), EnableTerminationProtection=True, Tags=TAGS
    )
    aws.wait_for_stack("app")
    return "app"


def codepipeline(aws: t.Any) -> str:
    source = {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"}
    build = {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"}
    stages = [
        {
            "name": "Source",
            "actions": [
                {
                    "name": "Code",
                    "actionTypeId": source,
                    "configuration": {"S3Bucket": "artifacts", "S3ObjectKey": "app.zip"},
                    "outputArtifacts": [{"name": "code"}],
                }
            ],
        },
        {
            "name": "Build",
            "actions": [
                {
                    "name": "Compile",
                    "actionTypeId": build,
                    "configuration": {"ProjectName": "app"},
                    "inputArtifacts": [{"name": "code"}],
                }
            ],
        },
    ]
    role = aws.client("iam").create_role(RoleName="pipeline", AssumeRolePolicyDocument=trust("codepipeline"))
    pipeline = {
        "name": "app",
        "roleArn": role["Role"]["Arn"],
        "artifactStore": {"type": "S3", "location": "artifacts"},
        "stages": stages,
        "version": 1,
    }
    aws.client("codepipeline").create_pipeline(pipeline=pipeline, tags=SMALL_TAGS)
    return "app"


def codebuild_project(aws: t.Any) -> str:
    aws.client("iam").create_role(RoleName="build", Path="/service-role/", AssumeRolePolicyDocument=trust("codebuild"))
    aws.client("codebuild").create_project(
        name="app",
        source={"type": "S3", "location": "bucket/path"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "node:20",
            "computeType": "BUILD_GENERAL1_SMALL",
            "privilegedMode": True,
        },
        serviceRole=f"arn:aws:iam::{ACCOUNT}:role/service-role/build",
        vpcConfig={
            "vpcId": id_of_vpc(aws),
            "subnets": subnets(aws),
            "securityGroupIds": [id_of_security_group(aws)],
        },
        tags=SMALL_TAGS,
    )
    return "app"


def lambda_function(aws: t.Any) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("main.py", "def handle(*_): pass")
    aws.client("iam").create_role(RoleName="app", AssumeRolePolicyDocument=trust("lambda"))
    client = aws.client("lambda")
    client.create_function(
        FunctionName="app",
        Runtime="python3.13",
        Handler="main.handle",
        Role=f"arn:aws:iam::{ACCOUNT}:role/app",
        Code={"ZipFile": packed.getvalue()},
        MemorySize=256,
        Timeout=30,
        Environment={"Variables": {"LEVEL": "high", "TOKEN": "hunter2"}},
        VpcConfig={"SubnetIds": subnets(aws)[:1], "SecurityGroupIds": [id_of_security_group(aws)]},
        Tags={"env": "test"},
    )
    client.add_permission(
        FunctionName="app", StatementId="events", Action="lambda:InvokeFunction", Principal="events.amazonaws.com"
    )
    return "app"


def ecs_cluster(aws: t.Any) -> str:
    aws.client("ecs").create_cluster(clusterName="ci", tags=SMALL_TAGS, capacityProviders=[ecs_capacity_provider(aws)])
    return "ci"


def ecs_capacity_provider(aws: t.Any) -> str:
    scaling = aws.client("autoscaling")
    scaling.create_launch_configuration(LaunchConfigurationName="ci", ImageId=IMAGE, InstanceType="t3.micro")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="ci",
        LaunchConfigurationName="ci",
        MinSize=0,
        MaxSize=0,
        AvailabilityZones=["us-east-1a"],
    )
    group = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["ci"])["AutoScalingGroups"][0]
    provider = {
        "autoScalingGroupArn": group["AutoScalingGroupARN"],
        "managedScaling": {"status": "ENABLED", "targetCapacity": 90},
        "managedTerminationProtection": "DISABLED",
        "managedDraining": "ENABLED",
    }
    aws.client("ecs").create_capacity_provider(name="spare", autoScalingGroupProvider=provider, tags=SMALL_TAGS)
    return "spare"


def ecs_task_definition(aws: t.Any) -> str:
    container = {
        "name": "app",
        "image": "nginx:1",
        "memory": 128,
        "environment": [{"name": "LEVEL", "value": "high"}],
        "secrets": [{"name": "TOKEN", "valueFrom": "arn:aws:ssm:us-east-1:123456789012:parameter/token"}],
        "portMappings": [{"containerPort": 80}],
    }
    aws.client("ecs").register_task_definition(
        family="app",
        cpu="256",
        memory="512",
        networkMode="awsvpc",
        taskRoleArn=f"arn:aws:iam::{ACCOUNT}:role/task",
        executionRoleArn=f"arn:aws:iam::{ACCOUNT}:role/execution",
        containerDefinitions=[container],
        volumes=[{"name": "home", "host": {"sourcePath": "/home"}}],
        tags=SMALL_TAGS,
    )
    return "app"


def ecs_service(aws: t.Any) -> str:
    elb(aws)
    target_group(aws)
    targets = aws.client("elbv2").describe_target_groups()["TargetGroups"][0]["TargetGroupArn"]
    group = aws.client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": ["web"]}])
    network = {"subnets": subnets(aws)[:1], "securityGroups": [group["SecurityGroups"][0]["GroupId"]]}
    aws.client("ecs").create_service(
        cluster=ecs_cluster(aws),
        serviceName="app",
        taskDefinition=ecs_task_definition(aws),
        desiredCount=0,
        launchType="EC2",
        loadBalancers=[
            {"loadBalancerName": "web", "containerName": "app", "containerPort": 80},
            {"targetGroupArn": targets, "containerName": "app", "containerPort": 80},
        ],
        networkConfiguration={"awsvpcConfiguration": network},
        tags=SMALL_TAGS,
    )
    return "ci/app"
