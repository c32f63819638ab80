# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::Lambda::*"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from ..errors import ResourceFailure
from ..handler import Context, Handler, Properties, handles
from ._shapes import pick

# property -> what UpdateFunctionConfiguration sets when it has gone from the template
CONFIGURATION: dict[str, Any] = {
    "DeadLetterConfig": {},
    "Description": "",
    "Environment": {"Variables": {}},
    "EphemeralStorage": {"Size": 512},
    "Handler": "",
    "KmsKeyArn": "",
    "Layers": [],
    "LoggingConfig": {},
    "MemorySize": 128,
    "Role": "",
    "Runtime": "",
    "Timeout": 3,
    "TracingConfig": {"Mode": "PassThrough"},
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
}
CREATED = ("Architectures", "PackageType")
OTHER = ("Code", "FunctionName", "ReservedConcurrentExecutions", "Tags")
INVOCATION = ("MaximumEventAgeInSeconds", "MaximumRetryAttempts")


def _configuration(properties: Properties) -> dict[str, Any]:
    shape = pick(properties, *CONFIGURATION)
    if "KmsKeyArn" in shape:
        shape["KMSKeyArn"] = shape.pop("KmsKeyArn")
    return shape


def _code(properties: Properties) -> dict[str, Any]:
    """The code as the API wants it: text in the template becomes the one file of an archive."""
    code = properties["Code"]
    if "ZipFile" not in code:
        return pick(code, "ImageUri", "S3Bucket", "S3Key", "S3ObjectVersion")
    packed = io.BytesIO()
    name = "index.js" if properties.get("Runtime", "").startswith("nodejs") else "index.py"
    with zipfile.ZipFile(packed, "w") as archive:
        # a fixed time: the same text gives the same digest
        archive.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), code["ZipFile"])
    return {"ZipFile": packed.getvalue()}


@handles("AWS::Lambda::Function")
class Function(Handler):
    heeds = frozenset({*CONFIGURATION, *CREATED, *OTHER})

    def create(self, context: Context, properties: Properties) -> str:
        name = properties.get("FunctionName") or context.new_name(64)
        shape = {**_configuration(properties), **pick(properties, *CREATED), "Tags": context.tags(properties)}
        context.client("lambda").create_function(FunctionName=name, Code=_code(properties), **shape)
        self._reserve(context, name, {}, properties)
        return name

    def _reserve(self, context: Context, name: str, before: Properties, after: Properties) -> None:
        key = "ReservedConcurrentExecutions"
        if key in after:
            context.client("lambda").put_function_concurrency(FunctionName=name, **pick(after, key))
        elif key in before:
            context.client("lambda").delete_function_concurrency(FunctionName=name)

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        function, client = {"FunctionName": physical_id}, context.client("lambda")
        if before["Code"] != after["Code"] or before.get("Architectures") != after.get("Architectures"):
            client.update_function_code(**function, **_code(after), **pick(after, "Architectures"))
        if pick(before, *CONFIGURATION) != pick(after, *CONFIGURATION):
            gone = {key: CONFIGURATION[key] for key in CONFIGURATION if key in before and key not in after}
            client.update_function_configuration(**function, **_configuration({**gone, **after}))
        if before.get("ReservedConcurrentExecutions") != after.get("ReservedConcurrentExecutions"):
            self._reserve(context, physical_id, before, after)
        self.retag(context, physical_id, before, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("lambda").delete_function(FunctionName=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        off = {"SnapStartResponse.ApplyOn": "None", "SnapStartResponse.OptimizationStatus": "Off"}
        return {"Arn": _arn(context, physical_id), **off}

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = context.tags(properties)
        context.client("lambda").tag_resource(Resource=_arn(context, physical_id), Tags=tags)

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        context.client("lambda").untag_resource(Resource=_arn(context, physical_id), TagKeys=keys)


def _arn(context: Context, name: str) -> str:
    return f"arn:aws:lambda:{context.region}:{context.account}:function:{name}"


@handles("AWS::Lambda::Permission")
class Permission(Handler):
    def create(self, context: Context, properties: Properties) -> str:
        statement = context.new_name(100)
        context.client("lambda").add_permission(StatementId=statement, **properties)
        return statement

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("lambda").remove_permission(FunctionName=properties["FunctionName"], StatementId=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"Id": physical_id}


@handles("AWS::Lambda::EventInvokeConfig")
class EventInvokeConfig(Handler):
    heeds = frozenset({"DestinationConfig", "FunctionName", *INVOCATION, "Qualifier"})

    def create(self, context: Context, properties: Properties) -> str:
        if properties["Qualifier"] != "$LATEST":
            raise ResourceFailure("The embedded AWS keeps settings of invocations for $LATEST only")
        shape = pick(properties, "DestinationConfig", "FunctionName", *INVOCATION)
        context.client("lambda").put_function_event_invoke_config(**shape)
        return f"{properties['FunctionName']}|{properties['Qualifier']}"

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        self.delete(context, physical_id, before)  # moto would keep both and show the old one
        self.create(context, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("lambda").delete_function_event_invoke_config(FunctionName=properties["FunctionName"])


@handles("AWS::Lambda::Version")
class Version(Handler):
    heeds = frozenset({"CodeSha256", "Description", "FunctionName"})

    def create(self, context: Context, properties: Properties) -> str:
        client, name = context.client("lambda"), properties["FunctionName"]
        known = {item["Version"] for item in client.list_versions_by_function(FunctionName=name)["Versions"]}
        made = client.publish_version(**pick(properties, "CodeSha256", "Description", "FunctionName"))
        if made["Version"] in known:
            raise ResourceFailure(
                f"A version for this Lambda function exists ( {made['Version']} )."
                " Modify the function to create a new version."
            )
        return made["FunctionArn"]

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        name, version = physical_id.rsplit(":", 2)[1:]
        context.client("lambda").delete_function(FunctionName=name, Qualifier=version)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"FunctionArn": physical_id, "Version": physical_id.rsplit(":", 1)[-1]}


@handles("AWS::Lambda::Alias")
class Alias(Handler):
    heeds = frozenset({"Description", "FunctionName", "FunctionVersion", "Name", "RoutingConfig"})

    def create(self, context: Context, properties: Properties) -> str:
        return context.client("lambda").create_alias(**self._shape(properties))["AliasArn"]

    def _shape(self, properties: Properties) -> dict[str, Any]:
        shape = pick(properties, "Description", "FunctionName", "FunctionVersion", "Name")
        weights = properties.get("RoutingConfig", {}).get("AdditionalVersionWeights", [])
        if weights:
            by_version = {item["FunctionVersion"]: item["FunctionWeight"] for item in weights}
            shape["RoutingConfig"] = {"AdditionalVersionWeights": by_version}
        return shape

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        context.client("lambda").update_alias(**{"Description": "", **self._shape(after)})

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("lambda").delete_alias(**pick(properties, "FunctionName", "Name"))

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {"AliasArn": physical_id}
