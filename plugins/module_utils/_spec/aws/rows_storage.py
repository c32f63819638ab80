# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.policies import Policied, parsed
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import RecordResource, make
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import (
    Part,
    RecordType,
    Way,
    haves,
    states,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.storage import (
    Bucket,
    FileSystem,
    Key,
    Parameter,
)

_NOTHING_BLOCKED = dict.fromkeys(
    ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), False
)


def _of_bucket(operation: str, summary: str, path: str = "", *absent: str, **more: t.Any) -> Part:
    return Part(operation, {"Bucket": "Name"}, path, absent, summary=summary, **more)


S3_BUCKET = RecordType(
    word="s3_bucket",
    service="s3",
    operation="head_bucket",
    path="",
    identity="Name",
    ways=(Way(parameter="Bucket", echo="Name"),),
    absent=("404", "NoSuchBucket"),
    tags=_of_bucket("get_bucket_tagging", "", "TagSet", "NoSuchTagSet", default=[]),
    parts={
        "versioning": _of_bucket("get_bucket_versioning", "Status and MFADelete."),
        "encryption": _of_bucket(
            "get_bucket_encryption",
            "The default encryption.",
            "ServerSideEncryptionConfiguration",
            "ServerSideEncryptionConfigurationNotFoundError",
        ),
        "website": _of_bucket("get_bucket_website", "The web site.", "", "NoSuchWebsiteConfiguration"),
        "logging": _of_bucket("get_bucket_logging", "TargetBucket and TargetPrefix.", "LoggingEnabled"),
        "policy": _of_bucket("get_bucket_policy", "The policy as data.", "Policy", "NoSuchBucketPolicy", shape=parsed),
        "public_access_block": _of_bucket(
            "get_public_access_block",
            "What public access is blocked.",
            "PublicAccessBlockConfiguration",
            "NoSuchPublicAccessBlockConfiguration",
            default=_NOTHING_BLOCKED,
        ),
        "lifecycle_rules": _of_bucket(
            "get_bucket_lifecycle_configuration",
            "The lifecycle rules.",
            "Rules",
            "NoSuchLifecycleConfiguration",
            default=[],
        ),
        "cors_rules": _of_bucket(
            "get_bucket_cors", "The CORS rules.", "CORSRules", "NoSuchCORSConfiguration", default=[]
        ),
        "acl": _of_bucket("get_bucket_acl", "Owner and Grants."),
        "object_ownership": _of_bucket(
            "get_bucket_ownership_controls",
            "Who owns objects.",
            "OwnershipControls.Rules.0.ObjectOwnership",
            "OwnershipControlsNotFoundError",
        ),
        "location": _of_bucket("get_bucket_location", "The region.", "LocationConstraint", default="us-east-1"),
    },
    be={
        "versioned": ("versioning.Status", "Enabled"),
        "website": ("website", True),
    },
    have={"policy": "policy", "lifecycle_rules": "lifecycle_rules", "cors_rules": "cors_rules"},
)

DYNAMODB_TABLE = RecordType(
    word="dynamodb_table",
    aliases=("dynamo_db_table",),
    service="dynamodb",
    operation="describe_table",
    path="Table",
    identity="TableName",
    ways=(Way(parameter="TableName"),),
    arns=True,
    absent=("ResourceNotFoundException",),
    tags=Part("list_tags_of_resource", {"ResourceArn": "TableArn"}, "Tags", default=[]),
    parts={
        "time_to_live": Part(
            "describe_time_to_live", {"TableName": "TableName"}, "TimeToLiveDescription", summary="When items expire."
        ),
        "point_in_time_recovery": Part(
            "describe_continuous_backups",
            {"TableName": "TableName"},
            "ContinuousBackupsDescription.PointInTimeRecoveryDescription",
            summary="PointInTimeRecoveryStatus and its limits.",
        ),
    },
    be={
        **states("TableStatus", "ACTIVE", "CREATING", "UPDATING", "DELETING"),
        "valid": ("TableStatus", ("ACTIVE", "UPDATING")),
        "encrypted": ("SSEDescription.Status", "ENABLED"),
        "recoverable": ("point_in_time_recovery.PointInTimeRecoveryStatus", "ENABLED"),
        "deletion_protected": ("DeletionProtectionEnabled", True),
    },
    have={
        "billing_mode": "BillingModeSummary.BillingMode",
        "attribute_definitions": "AttributeDefinitions[].AttributeName",
        "key_schema": "KeySchema",
        "global_secondary_index": "GlobalSecondaryIndexes[].IndexName",
    },
)
RDS_INSTANCE = RecordType(
    word="rds_instance",
    aliases=("rds",),
    service="rds",
    operation="describe_db_instances",
    path="DBInstances[]",
    identity="DBInstanceIdentifier",
    filters="Filters",
    ways=(
        Way(field="DBInstanceArn", pattern="arn:", filter="db-instance-id"),
        Way(field="DBInstanceIdentifier", filter="db-instance-id"),
    ),
    absent=("DBInstanceNotFound", "DBInstanceNotFoundFault"),
    be={
        **states("DBInstanceStatus", "available", "creating", "modifying", "stopped", "stopping", "deleting", "failed"),
        "encrypted": ("StorageEncrypted", True),
        "multi_az": ("MultiAZ", True),
        "publicly_accessible": ("PubliclyAccessible", True),
        "deletion_protected": ("DeletionProtection", True),
    },
    have={
        **haves("Engine", "EngineVersion", "DBInstanceClass", "AllocatedStorage", "BackupRetentionPeriod"),
        "parameter_group": "DBParameterGroups[].DBParameterGroupName",
        "option_group": "OptionGroupMemberships[].OptionGroupName",
    },
    relations={
        "belong_to_vpc": ("vpc", "DBSubnetGroup.VpcId"),
        "have_security_group": ("security_group", "VpcSecurityGroups[].VpcSecurityGroupId"),
    },
)
EFS_FILE_SYSTEM = RecordType(
    word="efs_file_system",
    aliases=("efs",),
    service="efs",
    operation="describe_file_systems",
    path="FileSystems[]",
    identity="FileSystemId",
    ways=(
        Way(field="FileSystemId", pattern=r"fs-[0-9a-f]+$", parameter="FileSystemId"),
        Way(field="FileSystemArn", pattern="arn:"),
        Way(field="Name"),
    ),
    absent=("FileSystemNotFound",),
    parts={
        "mount_targets": Part(
            "describe_mount_targets",
            {"FileSystemId": "FileSystemId"},
            "MountTargets",
            default=[],
            summary="The mount targets.",
        ),
        "access_points": Part(
            "describe_access_points",
            {"FileSystemId": "FileSystemId"},
            "AccessPoints",
            default=[],
            summary="The access points.",
        ),
        "lifecycle": Part(
            "describe_lifecycle_configuration",
            {"FileSystemId": "FileSystemId"},
            "LifecyclePolicies",
            default=[],
            summary="The lifecycle policies.",
        ),
        "backup_policy": Part(
            "describe_backup_policy",
            {"FileSystemId": "FileSystemId"},
            "BackupPolicy",
            ("PolicyNotFound",),
            summary="Whether it is backed up.",
        ),
        "policy": Part(
            "describe_file_system_policy",
            {"FileSystemId": "FileSystemId"},
            "Policy",
            ("PolicyNotFound",),
            shape=parsed,
            summary="The policy as data.",
        ),
    },
    be={
        **states("LifeCycleState", "available", "creating", "updating", "deleting", "deleted", "error"),
        "encrypted": ("Encrypted", True),
        "backed_up": ("backup_policy.Status", "ENABLED"),
    },
    have={
        **haves("PerformanceMode", "ThroughputMode", "NumberOfMountTargets"),
        "lifecycle_policy": "lifecycle[].TransitionToIA",
    },
    relations={
        "have_subnet": ("subnet", "mount_targets[].SubnetId"),
        "have_security_group": ("security_group", "mount_target_security_groups"),
    },
)
EFS_ACCESS_POINT = RecordType(
    word="efs_access_point",
    service="efs",
    operation="describe_access_points",
    path="AccessPoints[]",
    identity="AccessPointId",
    ways=(
        Way(field="AccessPointId", pattern=r"fsap-[0-9a-f]+$", parameter="AccessPointId"),
        Way(field="AccessPointArn", pattern="arn:"),
        Way(field="Name"),
    ),
    absent=("AccessPointNotFound",),
    be=states("LifeCycleState", "available", "creating", "updating", "deleting", "deleted", "error"),
    have={"path": "RootDirectory.Path", "uid": "PosixUser.Uid", "gid": "PosixUser.Gid"},
    relations={"belong_to_file_system": ("efs_file_system", "FileSystemId")},
)
ECR_REPOSITORY = RecordType(
    word="ecr_repository",
    service="ecr",
    operation="describe_repositories",
    path="repositories[]",
    identity="repositoryName",
    ways=(Way(field="repositoryName", parameter="repositoryNames", size=100),),
    absent=("RepositoryNotFoundException",),
    tags=Part("list_tags_for_resource", {"resourceArn": "repositoryArn"}, "tags", default=[]),
    parts={
        "lifecycle_policy": Part(
            "get_lifecycle_policy",
            {"repositoryName": "repositoryName"},
            "lifecyclePolicyText",
            ("LifecyclePolicyNotFoundException",),
            shape=parsed,
            summary="The lifecycle policy as data.",
        ),
        "policy": Part(
            "get_repository_policy",
            {"repositoryName": "repositoryName"},
            "policyText",
            ("RepositoryPolicyNotFoundException",),
            shape=parsed,
            summary="The policy as data.",
        ),
    },
    be={
        "scanned_on_push": ("imageScanningConfiguration.scanOnPush", True),
        "immutable": ("imageTagMutability", "IMMUTABLE"),
    },
    have={"lifecycle_policy": "lifecycle_policy", "policy": "policy", "uri": "repositoryUri"},
)
SSM_PARAMETER = RecordType(
    word="ssm_parameter",
    service="ssm",
    operation="describe_parameters",
    path="Parameters[]",
    identity="Name",
    filters="ParameterFilters",
    filter_key="Key",
    ways=(Way(field="ARN", pattern="arn:"), Way(field="Name", filter="Name", size=50)),
    tags=Part("list_tags_for_resource", {"ResourceType": "=Parameter", "ResourceId": "Name"}, "TagList", default=[]),
    be={"encrypted": ("Type", "SecureString")},
    have=haves("Type", "Description", "Tier", "KeyId"),
)
SECRET = RecordType(
    word="secret",
    aliases=("secretsmanager",),
    service="secretsmanager",
    operation="describe_secret",
    path="",
    identity="Name",
    ways=(Way(parameter="SecretId"),),
    arns=True,
    absent=("ResourceNotFoundException",),
    be={"rotated": ("RotationEnabled", True), "being_deleted": ("DeletedDate", True)},
    have=haves("Description", "KmsKeyId", "RotationLambdaARN"),
)
KMS_KEY = RecordType(
    word="kms_key",
    aliases=("kms",),
    service="kms",
    operation="describe_key",
    path="KeyMetadata",
    identity="KeyId",
    ways=(Way(parameter="KeyId"),),
    arns=True,
    absent=("NotFoundException",),
    tags=Part("list_resource_tags", {"KeyId": "KeyId"}, "Tags", default=[]),
    parts={
        "rotation": Part(
            "get_key_rotation_status", {"KeyId": "KeyId"}, "KeyRotationEnabled", summary="Whether it is rotated."
        ),
        "policy": Part(
            "get_key_policy",
            {"KeyId": "KeyId", "PolicyName": "=default"},
            "Policy",
            shape=parsed,
            summary="The policy as data.",
        ),
        "aliases": Part(
            "list_aliases", {"KeyId": "KeyId"}, "Aliases[].AliasName", default=[], summary="The names of its aliases."
        ),
    },
    be={
        **states("KeyState", "Enabled", "Disabled", "PendingDeletion", "PendingImport"),
        "rotated": ("rotation", True),
        "multi_region": ("MultiRegion", True),
    },
    have={**haves("KeyUsage", "KeySpec", "Description"), "alias": "aliases", "policy": "policy"},
)

TYPES: t.Sequence[type[RecordResource]] = [
    make(S3_BUCKET, Bucket),
    make(DYNAMODB_TABLE),
    make(RDS_INSTANCE),
    make(EFS_FILE_SYSTEM, FileSystem),
    make(EFS_ACCESS_POINT),
    make(ECR_REPOSITORY, Policied),
    make(SSM_PARAMETER, Parameter),
    make(SECRET),
    make(KMS_KEY, Key),
]
