# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes what keeps data; each function returns the name of its resource."""

from __future__ import annotations

import json
import typing as t

from integration.aws_spec_resources.common import TAGS, resource_policy
from integration.aws_spec_resources.network import id_of_security_group, subnets


def s3_bucket(aws: t.Any) -> str:
    s3 = aws.client("s3")
    for name in ("logs", "audit"):
        s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket="logs", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket="logs", Tagging={"TagSet": TAGS})
    blocked = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket="logs", PublicAccessBlockConfiguration=blocked)
    encryption = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    s3.put_bucket_encryption(Bucket="logs", ServerSideEncryptionConfiguration=encryption)
    s3.put_bucket_policy(Bucket="logs", Policy=resource_policy("arn:aws:s3:::logs/*", "s3:GetObject"))
    s3.put_bucket_website(Bucket="logs", WebsiteConfiguration={"IndexDocument": {"Suffix": "index.html"}})
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}
    s3.put_bucket_lifecycle_configuration(Bucket="logs", LifecycleConfiguration={"Rules": [rule]})
    cors = {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}
    s3.put_bucket_cors(Bucket="logs", CORSConfiguration=cors)
    owned = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    s3.put_bucket_ownership_controls(Bucket="logs", OwnershipControls=owned)
    _log_to(s3, "audit")
    return "logs"


def _log_to(s3: t.Any, target: str) -> None:
    writer = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}
    grants = [{"Grantee": writer, "Permission": permission} for permission in ("WRITE", "READ_ACP")]
    s3.put_bucket_acl(Bucket=target, AccessControlPolicy={"Grants": grants, "Owner": {"ID": "owner"}})
    logging = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": "logs/"}}
    s3.put_bucket_logging(Bucket="logs", BucketLoggingStatus=logging)


def dynamodb_table(aws: t.Any) -> str:
    client = aws.client("dynamodb")
    client.create_table(
        TableName="users",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "mail")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-mail",
                "KeySchema": [{"AttributeName": "mail", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True},
        DeletionProtectionEnabled=True,
        Tags=TAGS,
    )
    client.update_continuous_backups(
        TableName="users", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    return "users"


def rds_instance(aws: t.Any) -> str:
    rds = aws.client("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="main", DBSubnetGroupDescription="main", SubnetIds=subnets(aws))
    rds.create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        EngineVersion="16.3",
        AllocatedStorage=20,
        BackupRetentionPeriod=7,
        MasterUsername="admin",
        MasterUserPassword="hunter22",
        DBSubnetGroupName="main",
        VpcSecurityGroupIds=[id_of_security_group(aws)],
        StorageEncrypted=True,
        MultiAZ=True,
        PubliclyAccessible=True,
        DeletionProtection=True,
        Tags=TAGS,
    )
    return "orders"


def efs_file_system(aws: t.Any) -> str:
    id_of_file_system(aws)
    return "home"


def id_of_file_system(aws: t.Any) -> str:
    """The id of a new file system called home, with a mount target, an access point and a policy."""
    efs, group = aws.client("efs"), id_of_security_group(aws)
    made = efs.create_file_system(
        CreationToken="home", Encrypted=True, Backup=True, Tags=[{"Key": "Name", "Value": "home"}]
    )["FileSystemId"]
    efs.create_mount_target(FileSystemId=made, SubnetId=subnets(aws)[0], SecurityGroups=[group])
    efs.put_lifecycle_configuration(FileSystemId=made, LifecyclePolicies=[{"TransitionToIA": "AFTER_30_DAYS"}])
    policy = resource_policy("*", "elasticfilesystem:ClientMount")
    efs.put_file_system_policy(FileSystemId=made, Policy=policy)
    return str(made)


def efs_access_point(aws: t.Any) -> str:
    owner = {"OwnerUid": 1000, "OwnerGid": 1000, "Permissions": "0755"}
    aws.client("efs").create_access_point(
        ClientToken="home",
        FileSystemId=id_of_file_system(aws),
        PosixUser={"Uid": 1000, "Gid": 1000},
        RootDirectory={"Path": "/home", "CreationInfo": owner},
        Tags=TAGS,
    )
    return "main"


def ecr_repository(aws: t.Any) -> str:
    ecr = aws.client("ecr")
    ecr.create_repository(
        repositoryName="app",
        imageScanningConfiguration={"scanOnPush": True},
        imageTagMutability="IMMUTABLE",
        tags=TAGS,
    )
    rule = '{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed",'
    rule += ' "countUnit": "days", "countNumber": 14}, "action": {"type": "expire"}}]}'
    ecr.put_lifecycle_policy(repositoryName="app", lifecyclePolicyText=rule)
    policy = resource_policy("*", "ecr:BatchGetImage")
    ecr.set_repository_policy(repositoryName="app", policyText=policy)
    return "app"


def ssm_parameter(aws: t.Any) -> str:
    aws.client("ssm").put_parameter(
        Name="/app/url", Value="https://example.org", Type="String", Description="where", Tags=TAGS
    )
    return "/app/url"


def secret(aws: t.Any) -> str:
    aws.client("secretsmanager").create_secret(
        Name="db", SecretString="hunter2", Description="of the database", KmsKeyId="alias/app", Tags=TAGS
    )
    return "db"


def kms_key(aws: t.Any) -> str:
    kms = aws.client("kms")
    tags = [{"TagKey": "env", "TagValue": "test"}]
    # moto obeys the policies of keys, so there is no statement that denies
    policy = json.loads(resource_policy("*", "kms:*"))
    del policy["Statement"][1]
    key = kms.create_key(Tags=tags, Description="of the app", KeyUsage="ENCRYPT_DECRYPT", Policy=json.dumps(policy))
    kms.create_alias(AliasName="alias/app", TargetKeyId=key["KeyMetadata"]["KeyId"])
    kms.enable_key_rotation(KeyId=key["KeyMetadata"]["KeyId"])
    return "app"
