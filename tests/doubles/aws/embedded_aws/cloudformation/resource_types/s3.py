# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::S3::*"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..handler import Context, Handler, Properties, handles
from ._shapes import tag_list, text


def _encryption(value: Any) -> dict[str, Any]:
    rules = [
        {
            {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}.get(key, key): item
            for key, item in rule.items()
        }
        for rule in value["ServerSideEncryptionConfiguration"]
    ]
    return {"ServerSideEncryptionConfiguration": {"Rules": rules}}


def _lifecycle(value: Any) -> dict[str, Any]:
    return {"LifecycleConfiguration": {"Rules": [_lifecycle_rule(rule) for rule in value["Rules"]]}}


def _lifecycle_rule(rule: dict[str, Any]) -> dict[str, Any]:
    shape: dict[str, Any] = {key: rule[key] for key in ("Status", "AbortIncompleteMultipartUpload") if key in rule}
    if "Id" in rule:
        shape["ID"] = rule["Id"]
    expiration = {
        {"ExpirationInDays": "Days", "ExpirationDate": "Date"}.get(key, key): rule[key]
        for key in ("ExpirationInDays", "ExpirationDate", "ExpiredObjectDeleteMarker")
        if key in rule
    }
    if expiration:
        shape["Expiration"] = expiration
    if "NoncurrentVersionExpirationInDays" in rule:
        shape["NoncurrentVersionExpiration"] = {"NoncurrentDays": rule["NoncurrentVersionExpirationInDays"]}
    if "NoncurrentVersionExpiration" in rule:
        shape["NoncurrentVersionExpiration"] = rule["NoncurrentVersionExpiration"]
    transitions = [*rule.get("Transitions", []), *([rule["Transition"]] if "Transition" in rule else [])]
    if transitions:
        names = {"TransitionInDays": "Days", "TransitionDate": "Date"}
        shape["Transitions"] = [_renamed(item, names) for item in transitions]
    if "NoncurrentVersionTransitions" in rule:
        names = {"TransitionInDays": "NoncurrentDays"}
        shape["NoncurrentVersionTransitions"] = [_renamed(item, names) for item in rule["NoncurrentVersionTransitions"]]
    return {**shape, "Filter": _lifecycle_filter(rule)}


def _lifecycle_filter(rule: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {
        key: rule[key] for key in ("Prefix", "ObjectSizeGreaterThan", "ObjectSizeLessThan") if key in rule
    }
    tags = rule.get("TagFilters", [])
    if len(parts) + len(tags) > 1:
        return {"And": {**parts, **({"Tags": tags} if tags else {})}}
    return {"Tag": tags[0]} if tags else parts or {"Prefix": ""}


def _renamed(item: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(key, key): value for key, value in item.items()}


def _notification(value: Any) -> dict[str, Any]:
    shape: dict[str, Any] = {}
    targets = (("Lambda", "LambdaFunction", "Function"), ("Queue", "Queue", "Queue"), ("Topic", "Topic", "Topic"))
    for kind, service_kind, target in targets:
        for item in value.get(f"{kind}Configurations", []):
            entry = {f"{service_kind}Arn": item[target], "Events": [item["Event"]]}
            if "Filter" in item:
                entry["Filter"] = {"Key": {"FilterRules": item["Filter"]["S3Key"]["Rules"]}}
            shape.setdefault(f"{service_kind}Configurations", []).append(entry)
    if value.get("EventBridgeConfiguration", {}).get("EventBridgeEnabled", "EventBridgeConfiguration" in value):
        shape["EventBridgeConfiguration"] = {}
    return {"NotificationConfiguration": shape}


def _website(value: Any) -> dict[str, Any]:
    shape = {key: item for key, item in value.items() if key == "RedirectAllRequestsTo"}
    if "IndexDocument" in value:
        shape["IndexDocument"] = {"Suffix": value["IndexDocument"]}
    if "ErrorDocument" in value:
        shape["ErrorDocument"] = {"Key": value["ErrorDocument"]}
    return {"WebsiteConfiguration": shape}


def _cors(value: Any) -> dict[str, Any]:
    names = {"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds", "Id": "ID"}
    return {"CORSConfiguration": {"CORSRules": [_renamed(rule, names) for rule in value["CorsRules"]]}}


def _logging(value: Any) -> dict[str, Any]:
    names = {"DestinationBucketName": "TargetBucket", "LogFilePrefix": "TargetPrefix"}
    return {"BucketLoggingStatus": {"LoggingEnabled": {"TargetPrefix": "", **_renamed(value, names)}}}


# property -> (operation, its arguments, the operation that undoes it, or the arguments that do)
PARTS: dict[str, tuple[str, Callable[[Any], dict[str, Any]], str | dict[str, Any]]] = {
    "BucketEncryption": ("put_bucket_encryption", _encryption, "delete_bucket_encryption"),
    "CorsConfiguration": ("put_bucket_cors", _cors, "delete_bucket_cors"),
    "LifecycleConfiguration": ("put_bucket_lifecycle_configuration", _lifecycle, "delete_bucket_lifecycle"),
    "LoggingConfiguration": ("put_bucket_logging", _logging, {"BucketLoggingStatus": {}}),
    "NotificationConfiguration": (
        "put_bucket_notification_configuration",
        _notification,
        {"NotificationConfiguration": {}},
    ),
    "OwnershipControls": (
        "put_bucket_ownership_controls",
        lambda value: {"OwnershipControls": value},
        "delete_bucket_ownership_controls",
    ),
    "PublicAccessBlockConfiguration": (
        "put_public_access_block",
        lambda value: {"PublicAccessBlockConfiguration": value},
        "delete_public_access_block",
    ),
    "VersioningConfiguration": (
        "put_bucket_versioning",
        lambda value: {"VersioningConfiguration": value},
        {"VersioningConfiguration": {"Status": "Suspended"}},
    ),
    "WebsiteConfiguration": ("put_bucket_website", _website, "delete_bucket_website"),
}


@handles("AWS::S3::Bucket")
class Bucket(Handler):
    heeds = frozenset({*PARTS, "BucketName", "Tags"})

    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("BucketName") or context.new_name(63).lower()
        where = {"LocationConstraint": context.region} if context.region != "us-east-1" else None
        options = {"CreateBucketConfiguration": where} if where else {}
        context.client("s3").create_bucket(Bucket=name, **options)
        self._settle(context, name, {}, properties)
        self.tag(context, name, properties)
        return name

    def _settle(self, context: Context, name: str, before: Properties, after: Properties) -> None:
        s3 = context.client("s3")
        for key, (operation, shape, undo) in PARTS.items():
            if before.get(key) == after.get(key):
                continue
            if key in after:
                getattr(s3, operation)(Bucket=name, **shape(after[key]))
            elif isinstance(undo, str):
                getattr(s3, undo)(Bucket=name)
            else:
                getattr(s3, operation)(Bucket=name, **undo)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self._settle(context, physical_id, before, after)
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("s3").delete_bucket(Bucket=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {
            "Arn": f"arn:aws:s3:::{physical_id}",
            "DomainName": f"{physical_id}.s3.amazonaws.com",
            "DualStackDomainName": f"{physical_id}.s3.dualstack.{context.region}.amazonaws.com",
            "RegionalDomainName": f"{physical_id}.s3.{context.region}.amazonaws.com",
            "WebsiteURL": f"http://{physical_id}.s3-website-{context.region}.amazonaws.com",
        }

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = tag_list(context.tags(properties))
        s3 = context.client("s3")
        if tags:
            s3.put_bucket_tagging(Bucket=physical_id, Tagging={"TagSet": tags})
        else:
            s3.delete_bucket_tagging(Bucket=physical_id)


@handles("AWS::S3::BucketPolicy")
class BucketPolicy(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        self.update(context, properties["Bucket"], {}, properties)
        return properties["Bucket"]

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        context.client("s3").put_bucket_policy(Bucket=physical_id, Policy=text(after["PolicyDocument"]))

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("s3").delete_bucket_policy(Bucket=physical_id)
