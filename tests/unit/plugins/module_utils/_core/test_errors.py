# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from botocore import exceptions, parsers
from botocore.exceptions import ClientError

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import (
    CollectionError,
    is_aws_error,
    translate,
)


def refused(code: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "CreateStack")


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [
        ("InvalidClientTokenId", "The security token is invalid.", "AWS does not know the access key"),
        ("UnrecognizedClientException", "Invalid.", "AWS does not know the access key"),
        ("AuthFailure", "No.", "AWS does not accept the credentials"),
        ("SignatureDoesNotMatch", "Differs.", "The secret key does not belong to the access key"),
        ("ExpiredToken", "Too late.", "The credentials have expired"),
        ("AccessDenied", "User x is not authorized", "The credentials do not allow cloudformation:CreateStack"),
        ("Throttling", "Rate exceeded", "AWS throttled cloudformation:CreateStack"),
        ("InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]", "option capabilities"),
        ("LimitExceededException", "Too many stacks", "AWS refused cloudformation:CreateStack: Too many stacks"),
    ],
)
def test_a_refusal_becomes_one_sentence_that_names_the_cause(code: str, message: str, expected: str) -> None:
    error = translate(refused(code, message), "cloudformation", "CreateStack")
    assert expected in error.message
    assert error.message.endswith(".")
    assert "\n" not in error.message
    assert error.details["error_code"] == code


def test_a_validation_error_speaks_with_the_words_of_aws() -> None:
    error = translate(refused("ValidationError", "Parameters: [Key] must have values"), "cloudformation", "CreateStack")
    assert error.message == "Parameters: [Key] must have values."


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (exceptions.NoCredentialsError(), "No usable AWS credentials were found"),
        (exceptions.PartialCredentialsError(provider="env", cred_var="secret"), "No usable AWS credentials were found"),
        (exceptions.NoRegionError(), "option region"),
        (exceptions.ProfileNotFound(profile="nobody"), "The AWS profile nobody does not exist"),
        (
            exceptions.EndpointConnectionError(endpoint_url="http://127.0.0.1:1/", error="refused"),
            "The endpoint http://127.0.0.1:1/ cannot be reached",
        ),
        (exceptions.ConnectTimeoutError(endpoint_url="http://192.0.2.1/"), "http://192.0.2.1/ cannot be reached"),
        (exceptions.ReadTimeoutError(endpoint_url="http://192.0.2.1/"), "http://192.0.2.1/ did not answer"),
        (exceptions.SSLError(endpoint_url="https://x/", error="self-signed"), "certificate of the endpoint https://x/"),
        (parsers.ResponseParserError("not xml"), "does not speak the AWS API"),
        (exceptions.BotoCoreError(), "cloudformation:CreateStack failed"),
    ],
)
def test_a_request_that_never_got_an_answer_is_explained(error: Exception, expected: str) -> None:
    assert is_aws_error(error)
    assert expected in translate(error, "cloudformation", "CreateStack").message


def test_a_sentence_of_ours_is_not_translated_again() -> None:
    error = CollectionError("Already said.")
    assert translate(error, "cloudformation") is error


def test_a_mistake_of_ours_is_not_taken_for_an_error_of_aws() -> None:
    assert not is_aws_error(KeyError("Stacks"))
