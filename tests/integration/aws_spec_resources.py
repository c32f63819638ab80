# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes one AWS resource of each type, for the tests of aws_spec; each function returns the name of its resource."""

from __future__ import annotations

import io
import json
import typing as t
import zipfile

ROLE = json.dumps(
    {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}
)
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
TAGS = [{"Key": "Name", "Value": "main"}, {"Key": "env", "Value": "test"}]
IMAGE = "ami-12c6146b"


def tagged(kind: str) -> list[dict[str, t.Any]]:
    return [{"ResourceType": kind, "Tags": TAGS}]


def vpc(aws: t.Any) -> str:
    ec2 = aws.client("ec2")
    made = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tagged("vpc"))["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway(TagSpecifications=tagged("internet-gateway"))["InternetGateway"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway["InternetGatewayId"], VpcId=made)
    for number, zone in enumerate("ab"):
        subnet = ec2.create_subnet(
            VpcId=made,
            CidrBlock=f"10.0.{number}.0/24",
            AvailabilityZone=f"us-east-1{zone}",
            TagSpecifications=tagged("subnet") if zone == "a" else [],
        )["Subnet"]["SubnetId"]
        if zone == "a":
            routes = ec2.create_route_table(VpcId=made, TagSpecifications=tagged("route-table"))["RouteTable"]
            ec2.create_route(
                RouteTableId=routes["RouteTableId"],
                DestinationCidrBlock="0.0.0.0/0",
                GatewayId=gateway["InternetGatewayId"],
            )
            ec2.associate_route_table(RouteTableId=routes["RouteTableId"], SubnetId=subnet)
    return "main"


def _id_of_vpc(aws: t.Any) -> str:
    vpc(aws)
    return aws.client("ec2").describe_vpcs(Filters=[{"Name": "tag:Name", "Values": ["main"]}])["Vpcs"][0]["VpcId"]


def _id_of_subnet(aws: t.Any) -> str:
    wanted = [{"Name": "vpc-id", "Values": [_id_of_vpc(aws)]}, {"Name": "tag:Name", "Values": ["main"]}]
    return aws.client("ec2").describe_subnets(Filters=wanted)["Subnets"][0]["SubnetId"]


def network_acl(aws: t.Any) -> str:
    made = _id_of_vpc(aws)
    wanted = [{"Name": "vpc-id", "Values": [made]}]
    own = aws.client("ec2").describe_network_acls(Filters=wanted)["NetworkAcls"][0]["NetworkAclId"]
    aws.client("ec2").create_tags(Resources=[own], Tags=TAGS)
    return "main"


def vpn_gateway(aws: t.Any) -> str:
    ec2 = aws.client("ec2")
    made = ec2.create_vpn_gateway(Type="ipsec.1", TagSpecifications=tagged("vpn-gateway"))["VpnGateway"]["VpnGatewayId"]
    ec2.attach_vpn_gateway(VpcId=_id_of_vpc(aws), VpnGatewayId=made)
    return "main"


def nat_gateway(aws: t.Any) -> str:
    ec2 = aws.client("ec2")
    subnet, address = _id_of_subnet(aws), ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address, TagSpecifications=tagged("natgateway"))
    return "main"


def elastic_ip(aws: t.Any) -> str:
    return aws.client("ec2").allocate_address(Domain="vpc")["PublicIp"]


def security_group(aws: t.Any) -> str:
    ec2 = aws.client("ec2")
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=_id_of_vpc(aws))["GroupId"]
    https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    own = {"IpProtocol": "tcp", "FromPort": 8000, "ToPort": 8080, "UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[https, own])
    return "web"


def ec2_instance(aws: t.Any) -> str:
    aws.client("ec2").run_instances(
        ImageId=IMAGE,
        MinCount=1,
        MaxCount=1,
        InstanceType="t3.micro",
        SubnetId=_id_of_subnet(aws),
        UserData="#!/bin/sh\ntoken=hunter2",
        TagSpecifications=tagged("instance"),
    )
    return "main"


def ami(aws: t.Any) -> str:
    ec2 = aws.client("ec2")
    instance = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
    image = ec2.create_image(InstanceId=instance, Name="golden", TagSpecifications=tagged("image"))["ImageId"]
    users = ["111122223333", "444455556666"]
    ec2.modify_image_attribute(ImageId=image, Attribute="launchPermission", OperationType="add", UserIds=users)
    return "golden"


def ebs_volume(aws: t.Any) -> str:
    made = aws.client("ec2").create_volume(
        AvailabilityZone="us-east-1a", Size=8, Encrypted=True, TagSpecifications=tagged("volume")
    )
    return made["VolumeId"]


def launch_template(aws: t.Any) -> str:
    data = {"ImageId": IMAGE, "InstanceType": "t3.small", "UserData": "aHVudGVyMg=="}
    aws.client("ec2").create_launch_template(LaunchTemplateName="web", LaunchTemplateData=data)
    return "web"


def auto_scaling_group(aws: t.Any) -> str:
    template = {"LaunchTemplateName": launch_template(aws), "Version": "1"}
    aws.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName="web",
        MinSize=1,
        MaxSize=3,
        DesiredCapacity=2,
        LaunchTemplate=template,
        AvailabilityZones=["us-east-1a", "us-east-1b"],
        Tags=[{"Key": "env", "Value": "test", "PropagateAtLaunch": True}],
    )
    return "web"


def launch_configuration(aws: t.Any) -> str:
    aws.client("autoscaling").create_launch_configuration(
        LaunchConfigurationName="web", ImageId=IMAGE, InstanceType="t3.micro", UserData="hunter2"
    )
    return "web"


def elb(aws: t.Any) -> str:
    listener = {"Protocol": "http", "LoadBalancerPort": 80, "InstancePort": 8080}
    aws.client("elb").create_load_balancer(
        LoadBalancerName="web", Listeners=[listener], AvailabilityZones=["us-east-1a"], Tags=TAGS
    )
    return "web"


def target_group(aws: t.Any) -> str:
    aws.client("elbv2").create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=_id_of_vpc(aws), Tags=TAGS)
    return "web"


def _balancer(aws: t.Any, kind: str, protocol: str) -> str:
    elbv2 = aws.client("elbv2")
    subnets = [subnet["SubnetId"] for subnet in aws.client("ec2").describe_subnets()["Subnets"]][:2]
    made = elbv2.create_load_balancer(Name="web", Subnets=subnets, Type=kind, Scheme="internet-facing", Tags=TAGS)
    made = made["LoadBalancers"][0]
    target = elbv2.create_target_group(Name="web", Protocol=protocol, Port=80, VpcId=made["VpcId"])["TargetGroups"][0]
    action = {"Type": "forward", "TargetGroupArn": target["TargetGroupArn"]}
    elbv2.create_listener(LoadBalancerArn=made["LoadBalancerArn"], Protocol=protocol, Port=80, DefaultActions=[action])
    return "web"


def alb(aws: t.Any) -> str:
    return _balancer(aws, "application", "HTTP")


def nlb(aws: t.Any) -> str:
    return _balancer(aws, "network", "TCP")


def iam_role(aws: t.Any) -> str:
    iam = aws.client("iam")
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=ROLE, Tags=TAGS)
    iam.put_role_policy(RoleName="app", PolicyName="read-config", PolicyDocument=json.dumps(POLICY))
    return "app"


def iam_user(aws: t.Any) -> str:
    iam = aws.client("iam")
    iam.create_user(UserName="ann", Tags=TAGS)
    iam.create_group(GroupName="ops")
    iam.add_user_to_group(GroupName="ops", UserName="ann")
    return "ann"


def iam_group(aws: t.Any) -> str:
    iam_user(aws)
    aws.client("iam").attach_group_policy(GroupName="ops", PolicyArn=_policy(aws))
    return "ops"


def _policy(aws: t.Any) -> str:
    return aws.client("iam").create_policy(PolicyName="read", PolicyDocument=json.dumps(POLICY))["Policy"]["Arn"]


def iam_policy(aws: t.Any) -> str:
    iam_role(aws)
    aws.client("iam").attach_role_policy(RoleName="app", PolicyArn=_policy(aws))
    return "read"


def instance_profile(aws: t.Any) -> str:
    iam = aws.client("iam")
    iam.create_instance_profile(InstanceProfileName="app")
    iam.add_role_to_instance_profile(InstanceProfileName="app", RoleName=iam_role(aws))
    return "app"


def s3_bucket(aws: t.Any) -> str:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="logs")
    s3.put_bucket_versioning(Bucket="logs", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket="logs", Tagging={"TagSet": TAGS})
    blocked = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket="logs", PublicAccessBlockConfiguration=blocked)
    return "logs"


def sns_topic(aws: t.Any) -> str:
    sns = aws.client("sns")
    arn = sns.create_topic(Name="alerts", Attributes={"DisplayName": "Alerts"}, Tags=TAGS)["TopicArn"]
    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="ops@example.org")
    return "alerts"


def sqs_queue(aws: t.Any) -> str:
    aws.client("sqs").create_queue(QueueName="jobs", Attributes={"VisibilityTimeout": "45"}, tags={"env": "test"})
    return "jobs"


def dynamodb_table(aws: t.Any) -> str:
    aws.client("dynamodb").create_table(
        TableName="users",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=TAGS,
    )
    return "users"


def cloudtrail_trail(aws: t.Any) -> str:
    s3_bucket(aws)
    trail = aws.client("cloudtrail")
    trail.create_trail(Name="audit", S3BucketName="logs", IsMultiRegionTrail=True, TagsList=TAGS)
    trail.start_logging(Name="audit")
    return "audit"


def swf_domain(aws: t.Any) -> str:
    aws.client("swf").register_domain(name="orders", workflowExecutionRetentionPeriodInDays="7", description="all")
    return "orders"


def swf_activity_type(aws: t.Any) -> str:
    aws.client("swf").register_activity_type(domain=swf_domain(aws), name="pack", version="1.0")
    return "pack"


def swf_workflow_type(aws: t.Any) -> str:
    aws.client("swf").register_workflow_type(domain=swf_domain(aws), name="ship", version="1.0")
    return "ship"


def rds_instance(aws: t.Any) -> str:
    aws.client("rds").create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="admin",
        MasterUserPassword="hunter22",
        Tags=TAGS,
    )
    return "orders"


def efs_file_system(aws: t.Any) -> str:
    subnet = _id_of_subnet(aws)
    efs = aws.client("efs")
    made = efs.create_file_system(CreationToken="home", Encrypted=True, Tags=[{"Key": "Name", "Value": "home"}])
    efs.create_mount_target(FileSystemId=made["FileSystemId"], SubnetId=subnet)
    return "home"


def ecr_repository(aws: t.Any) -> str:
    aws.client("ecr").create_repository(
        repositoryName="app", imageScanningConfiguration={"scanOnPush": True}, tags=TAGS
    )
    return "app"


def ssm_parameter(aws: t.Any) -> str:
    aws.client("ssm").put_parameter(Name="/app/url", Value="https://example.org", Type="String", Tags=TAGS)
    return "/app/url"


def secret(aws: t.Any) -> str:
    aws.client("secretsmanager").create_secret(Name="db", SecretString="hunter2", Tags=TAGS)
    return "db"


def kms_key(aws: t.Any) -> str:
    kms = aws.client("kms")
    key = kms.create_key(Tags=[{"TagKey": "env", "TagValue": "test"}])["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/app", TargetKeyId=key)
    kms.enable_key_rotation(KeyId=key)
    return "app"


def cloudformation_stack(aws: t.Any) -> str:
    template = {
        "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {"Arn": {"Value": {"Ref": "Topic"}}},
    }
    aws.client("cloudformation").create_stack(StackName="app", TemplateBody=json.dumps(template), Tags=TAGS)
    aws.wait_for_stack("app")
    return "app"


def codepipeline(aws: t.Any) -> str:
    kind = {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"}
    build = {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"}
    stages = [
        {"name": "Source", "actions": [{"name": "Code", "actionTypeId": kind, "configuration": {}}]},
        {"name": "Build", "actions": [{"name": "Compile", "actionTypeId": build}]},
    ]
    role = aws.client("iam").create_role(
        RoleName="pipeline", AssumeRolePolicyDocument=ROLE.replace("ec2.", "codepipeline.")
    )["Role"]["Arn"]
    pipeline = {
        "name": "app",
        "roleArn": role,
        "artifactStore": {"type": "S3", "location": "artifacts"},
        "stages": stages,
        "version": 1,
    }
    aws.client("codepipeline").create_pipeline(pipeline=pipeline, tags=[{"key": "env", "value": "test"}])
    return "app"


def codebuild_project(aws: t.Any) -> str:
    aws.client("codebuild").create_project(
        name="app",
        source={"type": "S3", "location": "bucket/path"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": "node:20", "computeType": "BUILD_GENERAL1_SMALL"},
        serviceRole="arn:aws:iam::123456789012:role/service-role/build",
    )
    return "app"


def lambda_function(aws: t.Any) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("main.py", "def handle(*_): pass")
    aws.client("iam").create_role(RoleName="app", AssumeRolePolicyDocument=ROLE.replace("ec2.", "lambda."))
    aws.client("lambda").create_function(
        FunctionName="app",
        Runtime="python3.13",
        Handler="main.handle",
        Role="arn:aws:iam::123456789012:role/app",
        Code={"ZipFile": packed.getvalue()},
        MemorySize=256,
        Tags={"env": "test"},
    )
    return "app"


def ecs_cluster(aws: t.Any) -> str:
    aws.client("ecs").create_cluster(clusterName="ci", tags=[{"key": "env", "value": "test"}])
    return "ci"


def ecs_task_definition(aws: t.Any) -> str:
    container = {"name": "app", "image": "nginx:1", "memory": 128}
    aws.client("ecs").register_task_definition(family="app", containerDefinitions=[container])
    return "app"


def ecs_service(aws: t.Any) -> str:
    aws.client("ecs").create_service(
        cluster=ecs_cluster(aws), serviceName="app", taskDefinition=ecs_task_definition(aws), desiredCount=0
    )
    return "ci/app"


def config_rule(aws: t.Any) -> str:
    config = aws.client("config")
    recorder = {"name": "default", "roleARN": "arn:aws:iam::123456789012:role/config"}
    config.put_configuration_recorder(ConfigurationRecorder=recorder)
    source = {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_VERSIONING_ENABLED"}
    config.put_config_rule(ConfigRule={"ConfigRuleName": "versioned", "Source": source})
    return "versioned"


def route53_zone(aws: t.Any) -> str:
    route53 = aws.client("route53")
    zone = route53.create_hosted_zone(Name="example.org", CallerReference="1")["HostedZone"]["Id"]
    record = {"Name": "www.example.org", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)
    return "example.org"


def route53_record(aws: t.Any) -> str:
    route53_zone(aws)
    return "www.example.org"


def cloudwatch_alarm(aws: t.Any) -> str:
    aws.client("cloudwatch").put_metric_alarm(
        AlarmName="busy",
        MetricName="CPUUtilization",
        Namespace="AWS/EC2",
        Period=60,
        EvaluationPeriods=2,
        Threshold=80,
        Statistic="Average",
        ComparisonOperator="GreaterThanThreshold",
        Tags=TAGS,
    )
    return "busy"


def log_group(aws: t.Any) -> str:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="/app/web", tags={"env": "test"})
    logs.put_retention_policy(logGroupName="/app/web", retentionInDays=14)
    return "/app/web"


MAKERS: dict[str, t.Callable[[t.Any], str]] = {
    **{
        name: maker
        for name, maker in globals().items()
        if callable(maker) and getattr(maker, "__module__", "") == __name__
    },
    "subnet": vpc,
    "route_table": vpc,
    "internet_gateway": vpc,
}
