# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""S3: bucket policies."""

from __future__ import annotations

import json
from contextlib import nullcontext

import pytest
from botocore.exceptions import ClientError

WITHOUT_TLS = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}}


@pytest.fixture
def bucket(aws):
    """A bucket whose policy denies everything under a condition."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="files")

    def deny(**condition):
        statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::files/*"}
        policy = {"Version": "2012-10-17", "Statement": [{**statement, **condition}]}
        s3.put_bucket_policy(Bucket="files", Policy=json.dumps(policy))
        return s3

    return deny


def test_a_policy_against_plain_text_lets_us_in(bucket):
    s3 = bucket(**WITHOUT_TLS)
    s3.put_object(Bucket="files", Key="a", Body=b"text")
    assert s3.get_object(Bucket="files", Key="a")["Body"].read() == b"text"


def test_a_policy_against_everybody_lets_nobody_in(bucket):
    s3 = bucket()
    with pytest.raises(ClientError, match="403"):
        s3.put_object(Bucket="files", Key="a", Body=b"text")


ENCRYPTED = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "arn:aws:kms:us-east-1:123456789012:key/one"}
NOT_ENCRYPTED = {"Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}}
OTHER_KEY = {
    "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption-aws-kms-key-id": ENCRYPTED["SSEKMSKeyId"]}}
}


@pytest.mark.parametrize(
    ("condition", "options", "allowed"),
    [
        (NOT_ENCRYPTED, {}, False),
        (NOT_ENCRYPTED, {"ServerSideEncryption": "AES256"}, False),
        (NOT_ENCRYPTED, ENCRYPTED, True),
        (OTHER_KEY, {**ENCRYPTED, "SSEKMSKeyId": "two"}, False),
        (OTHER_KEY, ENCRYPTED, True),
    ],
)
def test_a_policy_about_encryption_looks_at_the_request(bucket, condition, options, allowed):
    s3 = bucket(**condition)
    with nullcontext() if allowed else pytest.raises(ClientError, match="403"):
        s3.put_object(Bucket="files", Key="a", Body=b"text", **options)
