# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a JSON answer is what the service's model promises: botocore itself overlooks what does not fit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "boolean": (bool,),
    "timestamp": (int, float),
    "double": (int, float),
    "float": (int, float),
    "blob": (str,),
    "list": (list,),
    "map": (dict,),
    "structure": (dict,),
}


class UnlikeTheModel(AssertionError):
    """The embedded AWS answered what AWS could not have answered."""


def check_answers(client: Any) -> Any:
    """From now on every good answer to this client is checked; returns the client."""

    def check(http_response: Any, model: Any, **_: Any) -> None:
        if http_response.status_code < 300 and model.output_shape is not None:
            found = list(findings(model.output_shape, json.loads(http_response.content or b"{}"), model.name))
            if found:
                raise UnlikeTheModel("; ".join(found))

    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register(f"after-call.{service}", check, unique_id="check-answers")
    return client


def findings(shape: Any, value: Any, path: str) -> Iterator[str]:
    """What is wrong with a value: its type, unknown or missing members, limits, patterns, enumerations."""
    if not _is_of_type(shape.type_name, value):
        yield f"{path} is {value!r}, not a {shape.type_name}"
        return
    yield from _limits(shape, value, path)
    if shape.type_name == "structure":
        yield from (f"{path} has an unknown member {name}" for name in value.keys() - shape.members.keys())
        yield from (f"{path} lacks {name}" for name in set(shape.required_members) - value.keys())
        for name in value.keys() & shape.members.keys():
            yield from findings(shape.members[name], value[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield from findings(shape.member, item, f"{path}[{index}]")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from findings(shape.key, key, f"{path} key")
            yield from findings(shape.value, item, f"{path}[{key}]")


def _is_of_type(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    return isinstance(value, TYPES[name])


def _limits(shape: Any, value: Any, path: str) -> Iterator[str]:
    size = len(value) if isinstance(value, (str, list, dict)) else value
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield f"{path} is {value!r}: less than {low}"
    if high is not None and size > high:
        yield f"{path} is {value!r}: more than {high}"
    if shape.type_name == "string":
        pattern = shape.metadata.get("pattern")
        if pattern and not re.fullmatch(pattern, value):
            yield f"{path} is {value!r}, which does not match {pattern}"
        if shape.enum and value not in shape.enum:
            yield f"{path} is {value!r}, which is none of {shape.enum}"
