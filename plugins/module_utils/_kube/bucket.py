# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError, error_code
from ansible_collections.containerci.aws.plugins.module_utils._core.service import Service

_MISSING = frozenset(
    {
        "404",
        "NoSuchBucket",
        "NoSuchBucketPolicy",
        "NoSuchPublicAccessBlockConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)
_NO_PUBLIC_ACCESS = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


class _Missing(CollectionError):
    """What was asked for is not there."""


@dataclass(frozen=True)
class Listed:
    """An object as a listing shows it."""

    key: str
    modified: str


@dataclass(frozen=True)
class Bucket:
    """The settings that keep the secrets of a cluster: all of them None for a bucket that does not exist."""

    exists: bool = False
    encryption: t.Any = None
    public_access: t.Any = None
    policy: t.Any = None


def wanted_bucket(name: str, key_arn: str, partition: str = "aws") -> Bucket:
    """Everything is encrypted with the cluster's key, nothing is public, nothing travels in plain text."""
    everything = [f"arn:{partition}:s3:::{name}", f"arn:{partition}:s3:::{name}/*"]
    algorithm = {"s3:x-amz-server-side-encryption": "aws:kms"}
    key = {"s3:x-amz-server-side-encryption-aws-kms-key-id": key_arn}
    deny = [
        ("OnlyWithTls", "s3:*", everything, {"Bool": {"aws:SecureTransport": "false"}}),
        ("OnlyEncrypted", "s3:PutObject", everything[1:], {"StringNotEquals": algorithm}),
        ("OnlyWithTheKey", "s3:PutObject", everything[1:], {"StringNotEquals": key}),
    ]
    statements = [
        {"Sid": sid, "Effect": "Deny", "Principal": "*", "Action": action, "Resource": resource, "Condition": condition}
        for sid, action, resource, condition in deny
    ]
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn}
    return Bucket(
        exists=True,
        encryption=[{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}],
        public_access=_NO_PUBLIC_ACCESS,
        policy={"Version": "2012-10-17", "Statement": statements},
    )


def settings_to_change(have: Bucket, want: Bucket) -> list[str]:
    """The names of the settings that are not as wanted."""
    return [name for name in ("encryption", "public_access", "policy") if getattr(have, name) != getattr(want, name)]


class Api(Service):
    """S3, each operation once."""

    name = "s3"
    page_tokens = ("NextContinuationToken", "ContinuationToken")

    def exists(self, bucket: str) -> bool:
        return self._found("head_bucket", bucket) is not None

    def bucket(self, bucket: str) -> Bucket:
        if not self.exists(bucket):
            return Bucket()
        encryption = self._found("get_bucket_encryption", bucket)
        access = self._found("get_public_access_block", bucket)
        policy = self._found("get_bucket_policy", bucket)
        return Bucket(
            exists=True,
            encryption=_rules(encryption),
            public_access=access and access["PublicAccessBlockConfiguration"],
            policy=policy and json.loads(policy["Policy"]),
        )

    def _found(self, method: str, bucket: str) -> dict[str, t.Any] | None:
        try:
            return self._call(method, Bucket=bucket)
        except _Missing:
            return None

    def create(self, bucket: str, region: str) -> None:
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self._call("create_bucket", Bucket=bucket, **place)

    def apply(self, bucket: str, setting: str, want: Bucket) -> None:
        if setting == "encryption":
            rules = {"Rules": want.encryption}
            self._call("put_bucket_encryption", Bucket=bucket, ServerSideEncryptionConfiguration=rules)
        elif setting == "public_access":
            self._call("put_public_access_block", Bucket=bucket, PublicAccessBlockConfiguration=want.public_access)
        else:
            self._call("put_bucket_policy", Bucket=bucket, Policy=json.dumps(want.policy))

    def objects(self, bucket: str, prefix: str) -> list[Listed]:
        try:
            pages = list(self._pages("list_objects_v2", Bucket=bucket, Prefix=prefix))
        except _Missing:
            return []
        return [Listed(o["Key"], str(o["LastModified"])) for page in pages for o in page.get("Contents", [])]

    def put(self, bucket: str, key: str, body: bytes, key_arn: str) -> None:
        encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key_arn, "BucketKeyEnabled": True}
        self._call("put_object", Bucket=bucket, Key=key, Body=body, **encryption)

    def delete_object(self, bucket: str, key: str) -> None:
        self._call("delete_object", Bucket=bucket, Key=key)

    def delete_bucket(self, bucket: str) -> None:
        self._call("delete_bucket", Bucket=bucket)

    def explain(self, error: Exception, method: str) -> CollectionError:
        code = error_code(error)
        if code in _MISSING:
            return _Missing("It does not exist.")
        if method == "head_bucket" and code == "403":
            return CollectionError("The bucket belongs to another account, or the credentials do not allow to use it.")
        return super().explain(error, method)


def _rules(answer: dict[str, t.Any] | None) -> t.Any:
    if answer is None:
        return None
    known = ("ApplyServerSideEncryptionByDefault", "BucketKeyEnabled")
    rules = answer["ServerSideEncryptionConfiguration"]["Rules"]
    return [{key: rule[key] for key in known if key in rule} for rule in rules]
