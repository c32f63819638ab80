# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A double of AWS that gives prepared answers: strict about operations, parameters and the shape of answers."""

from __future__ import annotations

import copy
import datetime
import typing as t

import boto3
from botocore import xform_name
from botocore.stub import Stubber


class StubbedAws:
    """Makes clients that give the prepared answers, each as often as it is asked for, and refuse everything else.

    An answer is named after its operation, such as describe_vpcs, or after its service and operation, such as
    elb.describe_tags. A text is the code of an error, a list has the answers to one request after the other. What the
    API always tells is added where it is missing.
    """

    def __init__(self, answers: t.Mapping[str, t.Any]) -> None:
        self._answers = {tuple(name.rpartition(".")[::2]): copy.copy(answer) for name, answer in answers.items()}
        self._stubbers: list[Stubber] = []  # a client does not keep its own

    def __call__(self, service: str, region: str) -> t.Any:
        client = boto3.client(service, region_name=region or "eu-west-1")
        stubber = Stubber(client)

        def answer(model: t.Any, **_others: t.Any) -> None:
            operation = xform_name(model.name)
            found = self._answer(service, operation)
            if isinstance(found, str):
                stubber.add_client_error(operation, found)
            elif found is not None:
                stubber.add_response(operation, completed(model.output_shape, found))

        client.meta.events.register_first("before-parameter-build.*.*", answer)
        stubber.activate()
        self._stubbers.append(stubber)
        return client

    def _answer(self, service: str, operation: str) -> t.Any:
        found = self._answers.get((service, operation), self._answers.get(("", operation)))
        return found.pop(0) if isinstance(found, list) else found


def completed(shape: t.Any, value: t.Any) -> t.Any:
    """The value with anything for what the API says is always there."""
    if shape.type_name == "list":
        return [completed(shape.member, item) for item in value or ()]
    if shape.type_name == "structure":
        given = {name: completed(shape.members[name], item) for name, item in (value or {}).items()}
        missing = [name for name in shape.required_members if name not in given]
        return {**{name: completed(shape.members[name], None) for name in missing}, **given}
    if value is not None:
        return value
    text = next(iter(getattr(shape, "enum", ())), "x" * shape.metadata.get("min", 1))
    return {"string": text, "boolean": False, "timestamp": datetime.datetime(2026, 1, 2)}.get(shape.type_name, 0)
