# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is particular to single resource types: replacement, content, settings with a shape of their own."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

ROLE = """
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
"""
FUNCTION = """
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Code: {ZipFile: "def handler(event, context):\\n    return 1\\n"}
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Runtime: python3.12
"""


def resources(text: str) -> str:
    return f"Resources:\n{text}"


def stack(aws, operation: str, text: str, **options: Any) -> tuple[str, list[str]]:
    """Status of the stack after the operation, and the reasons of what failed."""
    call = getattr(aws.client("cloudformation"), f"{operation}_stack")
    call(StackName="demo", TemplateBody=resources(text), Capabilities=["CAPABILITY_NAMED_IAM"], **options)
    return aws.wait_for_stack("demo")["StackStatus"], reasons(aws)


def reasons(aws, name: str = "demo") -> list[str]:
    events = aws.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    return [event["ResourceStatusReason"] for event in failed if event["LogicalResourceId"] != name]


def ids(aws) -> dict[str, str]:
    found = aws.client("cloudformation").describe_stack_resources(StackName="demo")["StackResources"]
    return {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in found}


def zipped(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.py", text)
    return packed.getvalue()


def invoke(aws, **arguments: Any) -> Any:
    return json.load(aws.client("lambda").invoke(FunctionName=ids(aws)["Function"], **arguments)["Payload"])


def test_a_function_runs_the_text_of_its_template_and_then_the_new_one(aws):
    assert stack(aws, "create", ROLE + FUNCTION) == ("CREATE_COMPLETE", [])
    assert invoke(aws) == 1
    text = FUNCTION.replace("return 1", "import os\\n    return os.environ['WHO']")
    assert stack(aws, "update", f"{ROLE}{text}      Environment: {{Variables: {{WHO: me}}}}\n") == (
        "UPDATE_COMPLETE",
        [],
    )
    assert invoke(aws) == "me"


def test_an_update_that_fails_half_way_is_taken_back(aws):
    stack(aws, "create", ROLE + FUNCTION)
    text = FUNCTION.replace("return 1", "return 2") + "      Environment: {Variables: {AWS_REGION: x}}\n"
    status, failures = stack(aws, "update", ROLE + text)
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    assert "reserved keys" in failures[0]
    assert invoke(aws) == 1


def test_a_function_takes_its_code_from_a_version_of_an_object(aws):
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="code")
    s3.put_bucket_versioning(Bucket="code", VersioningConfiguration={"Status": "Enabled"})
    for number in (1, 2):
        code = zipped(index=f"def handler(event, context):\n    return {number}")
        version = s3.put_object(Bucket="code", Key="f.zip", Body=code)["VersionId"]
        where = f"{{S3Bucket: code, S3Key: f.zip, S3ObjectVersion: {version}}}"
        text = FUNCTION.replace('{ZipFile: "def handler(event, context):\\n    return 1\\n"}', where)
        stack(aws, "create" if number == 1 else "update", ROLE + text)
        assert invoke(aws) == number


def test_a_version_of_the_same_code_is_refused(aws):
    version = "  V{0}: {{Type: AWS::Lambda::Version, DependsOn: {1}, Properties: {{FunctionName: !Ref Function}}}}\n"
    text = ROLE + FUNCTION + version.format(1, "Function") + version.format(2, "V1")
    status, failures = stack(aws, "create", text)
    assert (status, failures[0][:52]) == ("ROLLBACK_COMPLETE", "A version for this Lambda function exists ( 1 ). Mod")


def test_a_permission_is_a_statement_of_the_functions_policy(aws):
    permission = """
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {Action: lambda:InvokeFunction, FunctionName: !GetAtt Function.Arn, Principal: events.amazonaws.com}
"""
    stack(aws, "create", ROLE + FUNCTION + permission)
    policy = json.loads(aws.client("lambda").get_policy(FunctionName=ids(aws)["Function"])["Policy"])
    assert [item["Sid"] for item in policy["Statement"]] == [ids(aws)["Permission"]]
    assert policy["Statement"][0]["Principal"] == {"Service": "events.amazonaws.com"}


BUCKET = """
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: alias/aws/s3}
            BucketKeyEnabled: true
      LifecycleConfiguration:
        Rules:
          - Id: old
            Status: Enabled
            Prefix: logs/
            ExpirationInDays: 30
            NoncurrentVersionExpiration: {NoncurrentDays: 7}
            AbortIncompleteMultipartUpload: {DaysAfterInitiation: 1}
      NotificationConfiguration: {EventBridgeConfiguration: {EventBridgeEnabled: true}}
      OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}
      PublicAccessBlockConfiguration:
        {BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}
      Tags: [{Key: team, Value: ci}]
      VersioningConfiguration: {Status: Enabled}
"""


def test_the_settings_of_a_bucket(aws):
    assert stack(aws, "create", BUCKET) == ("CREATE_COMPLETE", [])
    s3, name = aws.client("s3"), {"Bucket": ids(aws)["Bucket"]}
    rule = s3.get_bucket_encryption(**name)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert rule["BucketKeyEnabled"] is True
    assert s3.get_bucket_lifecycle_configuration(**name)["Rules"] == [
        {
            "ID": "old",
            "Status": "Enabled",
            "Filter": {"Prefix": "logs/"},
            "Expiration": {"Days": 30},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        }
    ]
    assert all(s3.get_public_access_block(**name)["PublicAccessBlockConfiguration"].values())
    assert s3.get_bucket_versioning(**name)["Status"] == "Enabled"
    assert s3.get_bucket_tagging(**name)["TagSet"] == [{"Key": "team", "Value": "ci"}]
    owner = s3.get_bucket_ownership_controls(**name)["OwnershipControls"]["Rules"]
    assert owner == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_settings_that_have_gone_from_the_template_go_from_the_bucket(aws):
    stack(aws, "create", BUCKET)
    assert stack(aws, "update", "  Bucket: {Type: AWS::S3::Bucket}\n") == ("UPDATE_COMPLETE", [])
    s3, name = aws.client("s3"), {"Bucket": ids(aws)["Bucket"]}
    assert s3.get_bucket_versioning(**name)["Status"] == "Suspended"
    for ask in ("get_bucket_lifecycle_configuration", "get_public_access_block", "get_bucket_tagging"):
        with pytest.raises(s3.exceptions.ClientError, match="NoSuch"):
            getattr(s3, ask)(**name)


def test_a_bucket_with_objects_is_not_deleted(aws):
    stack(aws, "create", "  Bucket: {Type: AWS::S3::Bucket}\n")
    aws.client("s3").put_object(Bucket=ids(aws)["Bucket"], Key="x", Body=b"x")
    aws.client("cloudformation").delete_stack(StackName="demo")
    assert aws.wait_for_stack("demo")["StackStatus"] == "DELETE_FAILED"
    assert "BucketNotEmpty" in reasons(aws)[0]


def test_a_repository_starts_with_the_files_of_an_archive(aws):
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="code")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("folder/", "")
        archive.writestr("folder/a.txt", "hello")
        script = zipfile.ZipInfo("run.sh")
        script.external_attr = 0o755 << 16
        archive.writestr(script, "true")
    s3.put_object(Bucket="code", Key="app.zip", Body=packed.getvalue())
    code = "{BranchName: trunk, S3: {Bucket: code, Key: app.zip}}"
    text = f"  Source: {{Type: AWS::CodeCommit::Repository, Properties: {{RepositoryName: app, Code: {code}}}}}\n"
    assert stack(aws, "create", text) == ("CREATE_COMPLETE", [])
    codecommit = aws.client("codecommit")
    assert codecommit.get_repository(repositoryName="app")["repositoryMetadata"]["defaultBranch"] == "trunk"
    assert codecommit.get_file(repositoryName="app", filePath="folder/a.txt")["fileContent"] == b"hello"
    assert codecommit.get_file(repositoryName="app", filePath="run.sh")["fileMode"] == "EXECUTABLE"
    assert ids(aws)["Source"] == codecommit.get_repository(repositoryName="app")["repositoryMetadata"]["repositoryId"]


def document(text: str, **properties: str) -> str:
    options = "".join(f"      {key}: {value}\n" for key, value in properties.items())
    return f"""
  Document:
    Type: AWS::SSM::Document
    Properties:
      DocumentType: Command
{options}      Content:
        schemaVersion: '2.2'
        description: {text}
        mainSteps: [{{action: 'aws:runShellScript', name: run, inputs: {{runCommand: ['true']}}}}]
"""


# name, template before and after, whether the resource is another one
REPLACED = [
    ("Document", document("one"), document("two")),
    (
        "Topic",
        "  Topic: {Type: AWS::SNS::Topic}\n",
        "  Topic: {Type: AWS::SNS::Topic, Properties: {FifoTopic: true}}\n",
    ),
    (
        "Queue",
        "  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: a}}\n",
        "  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: b}}\n",
    ),
]


@pytest.mark.parametrize(("name", "before", "after"), REPLACED, ids=[row[0] for row in REPLACED])
def test_what_a_change_replaces(aws, name, before, after):
    stack(aws, "create", before)
    old = ids(aws)[name]
    assert stack(aws, "update", after) == ("UPDATE_COMPLETE", [])
    assert ids(aws)[name] != old


IMAGES = "  Images: {{Type: AWS::ECR::Repository, Properties: {{RepositoryName: app{0}}}}}\n"
CUSTOM_NAMES = [
    (document("one", Name="work"), document("two", Name="work"), "work"),
    (IMAGES.format(""), IMAGES.format(", EncryptionConfiguration: {EncryptionType: KMS}"), "app"),
    (
        ROLE.replace("Properties:", "Properties:\n      RoleName: deploy"),
        ROLE.replace("Properties:", "Properties:\n      RoleName: deploy\n      Path: /ci/"),
        "deploy",
    ),
]


@pytest.mark.parametrize(("before", "after", "name"), CUSTOM_NAMES, ids=["document", "images", "role"])
def test_a_name_of_ones_own_cannot_be_kept_by_a_replacement(aws, before, after, name):
    assert stack(aws, "create", before)[0] == "CREATE_COMPLETE"
    status, failures = stack(aws, "update", after)
    assert status == "UPDATE_ROLLBACK_COMPLETE"
    problem = "CloudFormation cannot update a stack when a custom-named resource requires replacing."
    assert failures == [f"{problem} Rename {name} and update the stack again."]


def test_a_property_that_the_double_would_pass_over_is_refused(aws):
    text = "  Bucket: {Type: AWS::S3::Bucket, Properties: {AccelerateConfiguration: {AccelerationStatus: Enabled}}}\n"
    assert stack(aws, "create", text) == (
        "ROLLBACK_COMPLETE",
        ["The embedded AWS does not implement the property AccelerateConfiguration of this type"],
    )


def test_tags_come_and_go_with_the_template_and_the_stack(aws):
    text = "  Topic: {Type: AWS::SNS::Topic, Properties: {Tags: [{Key: a, Value: b}]}}\n"
    stack(aws, "create", text, Tags=[{"Key": "team", "Value": "ci"}])
    stack(aws, "update", text.replace("Key: a", "Key: c"), Tags=[{"Key": "team", "Value": "cd"}])
    tags = aws.client("sns").list_tags_for_resource(ResourceArn=ids(aws)["Topic"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"c": "b", "team": "cd"}


def test_a_topic_has_its_first_policy_again_when_its_own_is_deleted(aws):
    topic = "  Topic: {Type: AWS::SNS::Topic}\n"
    policy = "{Statement: [{Sid: own, Effect: Allow, Principal: '*', Action: sns:Publish, Resource: '*'}]}"
    text = f"  P: {{Type: AWS::SNS::TopicPolicy, Properties: {{Topics: [!Ref Topic], PolicyDocument: {policy}}}}}\n"

    def statement() -> str:
        found = aws.client("sns").get_topic_attributes(TopicArn=ids(aws)["Topic"])["Attributes"]["Policy"]
        return json.loads(found)["Statement"][0]["Sid"]

    stack(aws, "create", topic)
    first = statement()
    stack(aws, "update", topic + text)
    assert statement() == "own"
    stack(aws, "update", topic)
    assert statement() == first


def test_a_subscription_in_a_topic_can_be_taken_out(aws):
    text = "  Topic: {{Type: AWS::SNS::Topic, Properties: {{Subscription: [{0}]}}}}\n"
    mails = ["{Protocol: email, Endpoint: a@example.com}", "{Protocol: email, Endpoint: b@example.com}"]
    stack(aws, "create", text.format(", ".join(mails)))
    stack(aws, "update", text.format(mails[1]))
    found = aws.client("sns").list_subscriptions()["Subscriptions"]
    assert [item["Endpoint"] for item in found] == ["b@example.com"]
