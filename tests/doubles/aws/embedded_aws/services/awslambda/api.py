# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Lambda API where moto's differs: what a function may be, and its invocation."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError, ValidationException
from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.core.utils import get_service_model
from moto.s3.exceptions import MissingBucket, MissingKey
from moto.s3.models import s3_backends

from ...processes import background
from .. import roles
from .runner import Invocation, why_not

MAXIMUM_PAYLOAD = {"RequestResponse": 6_291_556, "Event": 1_048_576}
LOG_TAIL = 4096
KEPT = ("DeadLetterConfig", "FileSystemConfigs", "LoggingConfig")
MAXIMUM_VARIABLES = 4096
VARIABLE = re.compile(r"[a-zA-Z]([a-zA-Z0-9_])+")
RESERVED = {
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "_HANDLER",
}


class RequestTooLarge(LambdaClientError):
    code = 413


class LambdaApi(LambdaResponse):
    def create_function(self) -> Any:
        spec = self.json_body
        self._check(spec, spec.get("PackageType", "Zip") == "Zip")
        spec["Code"] = self._code(spec["Code"])
        self.body = json.dumps(spec)
        super().create_function()
        function = self.backend.get_function(spec["FunctionName"])
        keep(function, spec)
        version = {"Version": "1"} if spec.get("Publish") else {}
        return 201, {"status": 201}, json.dumps({**function.get_configuration(on_create=True), **version})

    def update_function_configuration(self) -> Any:
        spec = self.json_body
        self._check(spec, complete=False)
        if spec.get("Environment") == {}:
            spec["Environment"] = {"Variables": {}}
        self.body = json.dumps(spec)
        answer = super().update_function_configuration()
        function = self.backend.get_function(unquote(self.path.rsplit("/", 2)[-2]), None)
        keep(function, spec)
        return answer if answer[0] != 200 else (200, {}, json.dumps(function.get_configuration()))

    def update_function_code(self) -> Any:
        self.body = json.dumps(self._code(self.json_body))
        return super().update_function_code()

    def _check(self, spec: dict[str, Any], complete: bool) -> None:
        if complete and not (spec.get("Runtime") and spec.get("Handler")):
            raise InvalidParameterValueException(
                "Runtime and Handler are mandatory parameters for functions created with deployment packages."
            )
        known = get_service_model("lambda").shape_for("Runtime").enum
        if spec.get("Runtime") and spec["Runtime"] not in known:
            raise InvalidParameterValueException(
                f"Value {spec['Runtime']} at 'runtime' failed to satisfy constraint:"
                f" Member must satisfy enum value set: [{', '.join(known)}] or be a valid ARN"
            )
        if spec.get("Timeout", 3) > 900:
            raise ValidationException(
                str(spec["Timeout"]), "timeout", "Member must have value less than or equal to 900"
            )
        _check_variables(spec.get("Environment", {}).get("Variables", {}))
        account, role = self.current_account, spec.get("Role", "")
        if f":{account}:" in role and not roles.is_assumable(account, role, "lambda.amazonaws.com"):
            raise InvalidParameterValueException("The role defined for the function cannot be assumed by Lambda.")

    def _code(self, code: dict[str, Any]) -> dict[str, Any]:
        """The code with the archive in it, wherever it was; raises when it is no archive."""
        if "ImageUri" in code:
            return code
        if "S3Bucket" in code:
            content = self._object(code["S3Bucket"], code["S3Key"], code.get("S3ObjectVersion"))
        else:
            content = base64.b64decode(code.get("ZipFile", ""))
        if not zipfile.is_zipfile(io.BytesIO(content)):
            raise InvalidParameterValueException(
                "Could not unzip uploaded file. Please check your file, then try to upload again."
            )
        kept = {key: value for key, value in code.items() if not key.startswith("S3")}
        return {**kept, "ZipFile": base64.b64encode(content).decode()}

    def _object(self, bucket: str, key: str, version: str | None) -> bytes:
        try:
            found = s3_backends[self.current_account][self.partition].get_object(bucket, key, version)
        except (MissingBucket, MissingKey):
            found = None
        if found is None:
            raise InvalidParameterValueException(
                "Error occurred while GetObject. S3 Error Code: NoSuchKey."
                " S3 Error Message: The specified key does not exist."
            )
        content: bytes = found.value
        return content

    def invoke(self) -> Any:
        name, qualifier = unquote(self.path.rsplit("/", 2)[-2]), self._get_param("Qualifier")
        kind = self.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        invocation = self._invocation(self.backend.get_function(name, qualifier), kind)
        headers = {"X-Amz-Executed-Version": str(invocation.function.version)}
        if kind == "DryRun":
            return 204, {"status": 204, **headers}, ""
        if kind == "Event":
            background(invocation.run)
            return 202, {"status": 202, **headers}, ""
        outcome = invocation.run()
        if outcome.error:
            headers["X-Amz-Function-Error"] = outcome.error
        if self.headers.get("X-Amz-Log-Type") == "Tail":
            headers["X-Amz-Log-Result"] = base64.b64encode(outcome.log.encode()[-LOG_TAIL:]).decode()
        payload = outcome.payload
        if len(payload) > MAXIMUM_PAYLOAD["RequestResponse"]:
            headers["X-Amz-Function-Error"] = "Unhandled"
            payload = json.dumps(
                {
                    "errorMessage": "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
                    "errorType": "Function.ResponseSizeTooLarge",
                }
            )
        return 200, {"content-type": "application/json", **headers}, payload

    def invoke_async(self) -> Any:
        function = self.backend.get_function(unquote(self.path.strip("/").split("/")[-2]), None)
        background(self._invocation(function, "Event").run)
        return 202, {"status": 202}, "{}"

    def _invocation(self, function: LambdaFunction, kind: str) -> Invocation:
        event = self.body or "{}"
        limit = MAXIMUM_PAYLOAD.get(kind, MAXIMUM_PAYLOAD["RequestResponse"])
        if len(event) > limit:
            raise RequestTooLarge(
                "RequestTooLargeException",
                f"Request must be smaller than {limit} bytes for the Invoke operation",
            )
        try:
            json.loads(event)
        except ValueError as error:
            raise LambdaClientError(
                "InvalidRequestContentException", f"Could not parse request body into json: {error}"
            ) from error
        if why_not(function):
            raise InvalidParameterValueException(why_not(function))
        return Invocation(function, event)


def keep(function: LambdaFunction, spec: dict[str, Any]) -> None:
    """What moto drops, at the creation or at an update of a function."""
    for key, attribute in (("TracingConfig", "tracing_config"), ("KMSKeyArn", "kms_key_arn")):
        if key in spec:
            setattr(function, attribute, spec[key])
    if "EphemeralStorage" in spec:
        function.ephemeral_storage = spec["EphemeralStorage"]["Size"]
    function.kept = {**getattr(function, "kept", {}), **{key: spec[key] for key in KEPT if key in spec}}
    group = function.kept.get("LoggingConfig", {}).get("LogGroup")
    function.logs_group_name = group or f"/aws/lambda/{function.function_name}"


def _check_variables(variables: dict[str, str]) -> None:
    reserved = sorted(RESERVED & variables.keys())
    if reserved:
        raise InvalidParameterValueException(
            "Lambda was unable to configure your environment variables because the environment variables you have"
            " provided contains reserved keys that are currently not supported for modification."
            f" Reserved keys used in this request: {', '.join(reserved)}"
        )
    if len(json.dumps(variables, separators=(",", ":"))) > MAXIMUM_VARIABLES:
        raise InvalidParameterValueException(
            "Lambda was unable to configure your environment variables because the environment variables you have"
            " provided exceeded the 4KB limit."
        )
    for name in variables:
        if not VARIABLE.fullmatch(name):
            pattern = f"Map keys must satisfy constraint: [Member must satisfy pattern: {VARIABLE.pattern}]"
            raise ValidationException(name, "environment.variables", pattern)


def invoke_for_a_service(function: LambdaFunction, event: Any = None) -> tuple[str, bool, str]:
    """In the place of moto's _invoke_lambda, which other services of moto call: payload, whether it failed, log."""
    if why_not(function):
        return json.dumps({"errorMessage": why_not(function)}), True, ""
    outcome = Invocation(function, json.dumps(event)).run()
    return outcome.payload, bool(outcome.error), outcome.log
