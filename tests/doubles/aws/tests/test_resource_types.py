# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource types of delivery pipelines: made with their attributes, changed in place, deleted."""

from __future__ import annotations

import json
from functools import reduce
from typing import Any

import pytest

from embedded_aws.cloudformation import schema
from embedded_aws.cloudformation.template import load, needs

RESOURCES = load("""
Resources:
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      {ComparisonOperator: GreaterThanThreshold, EvaluationPeriods: 1, MetricName: Errors, Namespace: AWS/Lambda,
       Period: 60, Statistic: Sum, Threshold: 0}
  Bucket: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}
  BucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: '*', Action: s3:GetObject, Resource: !Sub '${Bucket.Arn}/*'}]
  Document:
    Type: AWS::SSM::Document
    Properties:
      DocumentType: Command
      UpdateMethod: NewVersion
      Content:
        schemaVersion: '2.2'
        mainSteps: [{action: aws:runShellScript, name: run, inputs: {runCommand: ['true']}}]
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ZipFile: "def handler(event, context):\\n    return 1\\n"}
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Runtime: python3.12
  FunctionAlias:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !Ref Function, FunctionVersion: !GetAtt FunctionVersion.Version, Name: live}
  FunctionInvocations:
    Type: AWS::Lambda::EventInvokeConfig
    Properties: {FunctionName: !Ref Function, Qualifier: $LATEST, MaximumRetryAttempts: 0}
  FunctionPermission:
    Type: AWS::Lambda::Permission
    Properties: {Action: lambda:InvokeFunction, FunctionName: !Ref Function, Principal: sns.amazonaws.com}
  FunctionVersion: {Type: AWS::Lambda::Version, Properties: {FunctionName: !Ref Function}}
  Group: {Type: AWS::IAM::Group}
  GroupMember: {Type: AWS::IAM::UserToGroupAddition, Properties: {GroupName: !Ref Group, Users: [!Ref User]}}
  Images: {Type: AWS::ECR::Repository, Properties: {ImageTagMutability: IMMUTABLE}}
  Key:
    Type: AWS::KMS::Key
    Properties:
      EnableKeyRotation: true
      KeyPolicy: {Statement: [{Effect: Allow, Principal: '*', Action: 'kms:*', Resource: '*'}]}
  KeyAlias: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/pipeline, TargetKeyId: !Ref Key}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}
  Parameter: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: one}}
  Project:
    Type: AWS::CodeBuild::Project
    Properties:
      Artifacts: {Type: CODEPIPELINE}
      Environment: {ComputeType: BUILD_GENERAL1_SMALL, Image: some/image, Type: LINUX_CONTAINER}
      ServiceRole: !GetAtt Role.Arn
      Source: {Type: CODEPIPELINE, BuildSpec: build.yml}
  Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 60}}
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      PolicyDocument: {Statement: [{Effect: Allow, Principal: '*', Action: sqs:SendMessage, Resource: '*'}]}
      Queues: [!Ref Queue]
  Repository: {Type: AWS::CodeCommit::Repository, Properties: {RepositoryName: app, RepositoryDescription: one}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: {Service: [lambda.amazonaws.com, codebuild.amazonaws.com]}
            Action: sts:AssumeRole
  Rule:
    Type: AWS::Events::Rule
    Properties: {EventPattern: {source: [aws.codecommit]}, Targets: [{Arn: !GetAtt Queue.Arn, Id: queue}]}
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {SecretString: x}}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {Endpoint: !GetAtt Queue.Arn, Protocol: sqs, RawMessageDelivery: true, TopicArn: !Ref Topic}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: one}}
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      PolicyDocument: {Statement: [{Effect: Allow, Principal: '*', Action: sns:Publish, Resource: !Ref Topic}]}
      Topics: [!Ref Topic]
  User: {Type: AWS::IAM::User}
  UserKey: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref User}}
""")["Resources"]
NOT_SET_HERE = {"MetadataConfiguration", "MetadataTableConfiguration", "SnapStartResponse"}


def submit(aws, operation: str, resources: dict[str, Any], **sections: Any) -> dict[str, Any]:
    call = getattr(aws.client("cloudformation"), f"{operation}_stack")
    body = json.dumps({"Resources": resources, **sections})
    call(StackName="demo", TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
    stack = aws.wait_for_stack("demo")
    events = aws.client("cloudformation").describe_stack_events(StackName="demo")["StackEvents"]
    failures = [event["ResourceStatusReason"] for event in events if event["ResourceStatus"].endswith("_FAILED")]
    assert (stack["StackStatus"], failures) == (f"{operation.upper()}_COMPLETE", [])
    return stack


def ids(aws) -> dict[str, str]:
    found = aws.client("cloudformation").describe_stack_resources(StackName="demo")["StackResources"]
    return {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in found}


def attributes_of(resource_type: str) -> set[str]:
    """What GetAtt must know, by the schema of the type."""
    pointers = (schema.of(resource_type) or {}).get("readOnlyProperties", [])
    return {pointer.removeprefix("/properties/").split("/")[0] for pointer in pointers} - NOT_SET_HERE


EVERYTHING = """cloudwatch describe_alarms MetricAlarms, codebuild list_projects projects,
    codecommit list_repositories repositories, dynamodb list_tables TableNames, ecr describe_repositories repositories,
    events list_rules Rules, iam list_users Users, iam list_groups Groups, lambda list_functions Functions,
    logs describe_log_groups logGroups, s3 list_buckets Buckets, secretsmanager list_secrets SecretList,
    sns list_topics Topics, sns list_subscriptions Subscriptions, sqs list_queues QueueUrls,
    ssm describe_parameters Parameters"""


def test_every_type_is_made_gives_its_attributes_and_is_deleted(aws):
    outputs = {
        f"{name}{attribute}": {"Value": {"Fn::GetAtt": [name, attribute]}}
        for name, resource in RESOURCES.items()
        for attribute in attributes_of(resource["Type"])
    }
    stack = submit(aws, "create", RESOURCES, Outputs=outputs)
    assert len(stack["Outputs"]) == len(outputs)
    assert all(item["OutputValue"] for item in stack["Outputs"])
    aws.client("cloudformation").delete_stack(StackName="demo")
    assert aws.wait_for_stack(stack["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    for words in EVERYTHING.split(","):
        service, operation, key = words.split()
        assert not getattr(aws.client(service), operation)().get(key)


def tagged(aws, value: str) -> set[str]:
    """The services whose resources have this value of the tag."""
    asked = aws.client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "team", "Values": [value]}])
    return {item["ResourceARN"].split(":")[2] for item in asked["ResourceTagMappingList"]}


def test_other_tags_of_the_stack_reach_the_resources(aws):
    call = {"StackName": "demo", "Capabilities": ["CAPABILITY_NAMED_IAM"]}
    cloudformation = aws.client("cloudformation")
    body = json.dumps({"Resources": RESOURCES})
    cloudformation.create_stack(TemplateBody=body, Tags=[{"Key": "team", "Value": "ci"}], **call)
    assert aws.wait_for_stack("demo")["StackStatus"] == "CREATE_COMPLETE"
    services = tagged(aws, "ci")
    assert {"lambda", "s3", "sns", "sqs", "ssm"} <= services
    cloudformation.update_stack(UsePreviousTemplate=True, Tags=[{"Key": "team", "Value": "cd"}], **call)
    assert aws.wait_for_stack("demo")["StackStatus"] == "UPDATE_COMPLETE"
    assert (tagged(aws, "ci"), tagged(aws, "cd")) == (set(), services)


# resource, changed properties (None: gone), how to read the new state, what it then is
IN_PLACE: list[tuple[str, dict[str, Any], str, Any]] = [
    ("Alarm", {"Threshold": 5}, "cloudwatch describe_alarms [AlarmNames] MetricAlarms.0.Threshold", 5),
    ("Bucket", {"VersioningConfiguration": None}, "s3 get_bucket_versioning Bucket Status", "Suspended"),
    (
        "Document",
        {"Content": {**RESOURCES["Document"]["Properties"]["Content"], "description": "two"}},
        "ssm describe_document Name Document.DefaultVersion",
        "2",
    ),
    ("Function", {"Timeout": 9}, "lambda get_function_configuration FunctionName Timeout", 9),
    ("Function", {"MemorySize": None}, "lambda get_function_configuration FunctionName MemorySize", 128),
    (
        "Images",
        {"ImageTagMutability": None},
        "ecr describe_repositories [repositoryNames] repositories.0.imageTagMutability",
        "MUTABLE",
    ),
    ("Key", {"EnableKeyRotation": False}, "kms get_key_rotation_status KeyId KeyRotationEnabled", False),
    ("Logs", {"RetentionInDays": 30}, "logs describe_log_groups logGroupNamePrefix logGroups.0.retentionInDays", 30),
    ("Parameter", {"Value": "two"}, "ssm get_parameter Name Parameter.Value", "two"),
    ("Project", {"TimeoutInMinutes": 5}, "codebuild batch_get_projects [names] projects.0.timeoutInMinutes", 5),
    ("Queue", {"VisibilityTimeout": None}, "sqs get_queue_attributes QueueUrl Attributes.VisibilityTimeout", "30"),
    (
        "Repository",
        {"RepositoryName": "other"},
        "codecommit list_repositories - repositories.0.repositoryName",
        "other",
    ),
    ("Role", {"MaxSessionDuration": 7200}, "iam get_role RoleName Role.MaxSessionDuration", 7200),
    ("Rule", {"State": "DISABLED"}, "events describe_rule Name State", "DISABLED"),
    ("Rule", {"Targets": None}, "events list_targets_by_rule Rule Targets", []),
    (
        "Subscription",
        {"RawMessageDelivery": None},
        "sns get_subscription_attributes SubscriptionArn Attributes.RawMessageDelivery",
        "false",
    ),
    (
        "Table",
        {"TimeToLiveSpecification": {"AttributeName": "end", "Enabled": True}},
        "dynamodb describe_time_to_live TableName TimeToLiveDescription.TimeToLiveStatus",
        "ENABLED",
    ),
    ("Topic", {"DisplayName": None}, "sns get_topic_attributes TopicArn Attributes.DisplayName", ""),
    ("UserKey", {"Status": "Inactive"}, "iam list_access_keys - AccessKeyMetadata.0.Status", "Inactive"),
]


def read(aws, physical_id: str, how: str) -> Any:
    service, operation, argument, path = how.split()
    plain = argument.strip("[]")
    arguments = {} if argument == "-" else {plain: [physical_id] if argument != plain else physical_id}
    if operation == "get_queue_attributes":
        arguments["AttributeNames"] = ["All"]
    if operation == "list_access_keys":
        arguments["UserName"] = ids(aws)["User"]
    answer = getattr(aws.client(service), operation)(**arguments)
    return reduce(lambda node, key: node[int(key)] if key.isdigit() else node[key], path.split("."), answer)


def closure(name: str) -> dict[str, Any]:
    """A resource with all that it refers to, each a copy."""
    found, wanted = {}, [name]
    while wanted:
        current = wanted.pop()
        found[current] = json.loads(json.dumps(RESOURCES[current]))
        wanted += [other for other in needs(RESOURCES[current]) if other not in found]
    return found


@pytest.mark.parametrize(
    ("name", "changes", "how", "wanted"), IN_PLACE, ids=[f"{name}-{next(iter(new))}" for name, new, _, _ in IN_PLACE]
)
def test_what_changes_in_place(aws, name, changes, how, wanted):
    resources = closure(name)
    submit(aws, "create", resources)
    before = ids(aws)
    properties = {**resources[name].get("Properties", {}), **changes}
    resources[name]["Properties"] = {key: value for key, value in properties.items() if value is not None}
    resources[name].setdefault("Metadata", {})["changed"] = True
    submit(aws, "update", resources)
    assert ids(aws) == before
    assert read(aws, before[name], how) == wanted
