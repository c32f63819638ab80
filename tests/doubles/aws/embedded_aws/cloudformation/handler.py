# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine asks of a resource type, and what a resource type gets to know."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ..settings import internal_client
from .errors import ResourceFailure

Properties = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """One resource of one stack, seen from its handler."""

    account: str
    region: str
    stack_name: str
    stack_id: str
    logical_id: str
    stack_tags: dict[str, str]

    def client(self, service: str) -> Any:
        return internal_client(service, self.region, self.account, "cloudformation")

    def new_name(self, maximum: int = 255) -> str:
        """A physical name as CloudFormation makes them: stack, logical id, random."""
        suffix = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(12))
        return f"{f'{self.stack_name}-{self.logical_id}'[: maximum - 13]}-{suffix}"

    def tags(self, properties: Properties, key: str = "Tags") -> dict[str, str]:
        """The stack's tags and the resource's own, which win."""
        own = properties.get(key) or []
        return {**self.stack_tags, **(own if isinstance(own, dict) else {tag["Key"]: tag["Value"] for tag in own})}


class Handler:
    """A resource type. Handlers hold no state; physical_id is what Ref gives."""

    #: attributes that another value is known for only after an update in place
    moving_attributes: frozenset[str] = frozenset()
    #: the properties that the handler heeds; a template that uses another one is refused
    heeds: frozenset[str] | None = None

    def create(self, context: Context, properties: Properties) -> str:
        raise NotImplementedError

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        raise ResourceFailure("The embedded AWS cannot change this type of resource in place")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        raise NotImplementedError

    def snapshot(self, context: Context, physical_id: str) -> None:
        """For DeletionPolicy Snapshot, right before the deletion."""
        raise ResourceFailure("This type of resource has no snapshots")

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        return {}

    def live(self, context: Context, physical_id: str, properties: Properties) -> Properties | None:
        """The properties that drift is looked for in, as they really are; None for types without such a look."""
        return None

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Put the stack's tags on the resource anew; types without tags do nothing."""

    def untag(self, context: Context, physical_id: str, keys: list[str]) -> None:
        """Take tags off the resource; types without tags do nothing."""

    def retag(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        """The tags after an update: what has gone from the template goes from the resource."""
        if before.get("Tags") == after.get("Tags"):
            return
        gone = sorted(context.tags(before).keys() - context.tags(after).keys())
        if gone:
            self.untag(context, physical_id, gone)
        self.tag(context, physical_id, after)

    def check(self, properties: Properties) -> None:
        """Refuse a property that AWS has and this handler would pass over."""
        passed_over = sorted(properties.keys() - self.heeds) if self.heeds is not None else []
        if passed_over:
            raise ResourceFailure(f"The embedded AWS does not implement the property {passed_over[0]} of this type")


HANDLERS: dict[str, Handler] = {}


def handles(resource_type: str) -> Callable[[type[Handler]], type[Handler]]:
    """Class decorator: this handler stands for the resource type."""

    def register(cls: type[Handler]) -> type[Handler]:
        HANDLERS[resource_type] = cls()
        return cls

    return register


def reason_of(error: Exception) -> str:
    """The reason of a failed resource as CloudFormation's events put it."""
    if isinstance(error, ClientError):
        details = error.response["Error"]
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return (
            f'Resource handler returned message: "{details.get("Message", "")} (Status Code: {status})"'
            f" (HandlerErrorCode: {details['Code']})"
        )
    if isinstance(error, (ResourceFailure, BotoCoreError)):
        return str(error)
    return f"Internal failure of the embedded AWS: {type(error).__name__}: {error}"


def is_gone(error: ClientError) -> bool:
    """Whether an error says that what was to be deleted is not there."""
    code = error.response["Error"]["Code"]
    return "NotFound" in code or code in ("Gateway.NotAttached", "NoSuchEntity", "ResourceNotFoundException")
