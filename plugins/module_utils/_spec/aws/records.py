# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import base64
import dataclasses
import datetime
import json
import re
import time
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import error_code, is_aws_error, translate
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import (
    Record,
    RecordType,
    Way,
    dig,
    means_absent,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

# What IAM calls a service where that is not the name in the SDK.
_IAM_NAMES = {
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
}
_IAM_ACTIONS = {
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketCors": "s3:GetBucketCORS",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
}
Call = tuple[str, str, str, str]


# What keeps every client from working, not only the one that met it.
_OF_THE_SESSION = frozenset(
    {
        "NoCredentialsError",
        "PartialCredentialsError",
        "CredentialRetrievalError",
        "SSOTokenLoadError",
        "UnauthorizedSSOTokenError",
        "TokenRetrievalError",
        "ProfileNotFound",
    }
)


class Refused(CannotTell):
    """AWS answered with an error."""

    def __init__(self, message: str, source: str, code: str) -> None:
        super().__init__(message, source)
        self.code = code

    def means_absent(self, codes: t.Iterable[str]) -> bool:
        return means_absent(self.code, self.message, codes)


@dataclasses.dataclass(frozen=True)
class Defaults:
    """What narrows the search for names in EC2: tags, and the VPC by its id or Name tag."""

    tags: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    vpc: str = ""

    def filters(self, row: RecordType, records: Records, region: str) -> list[dict[str, t.Any]]:
        if row.service != "ec2":
            return []
        found = {f"tag:{key}": str(value) for key, value in self.tags.items()}
        if self.vpc and row.vpc_filter:
            found[row.vpc_filter] = self._vpc_id(records, region)
        return row.filtering(found)

    def _vpc_id(self, records: Records, region: str) -> str:
        if re.match(r"vpc-[0-9a-f]+$", self.vpc):
            return self.vpc
        wanted = [{"Name": "tag:Name", "Values": [self.vpc]}]
        found = [vpc["VpcId"] for vpc in records.call("ec2", "describe_vpcs", region, Filters=wanted)["Vpcs"]]
        if len(found) == 1:
            return str(found[0])
        raise CannotTell(f"{len(found) or 'no'} VPCs are called {self.vpc} (option defaults)")


class Records:
    """Everything that is read from AWS: each request is made once, and names are asked for in batches.

    connect makes the client of a service in a region ("" = that of the task). api_calls counts requests by service and
    operation, permissions has the IAM actions that they need.
    """

    forks = 0

    def __init__(
        self, connect: t.Callable[[str, str], t.Any], timeout: float = 10, defaults: Defaults | None = None
    ) -> None:
        self._connect = connect
        self._defaults = defaults or Defaults()
        self._timeout = timeout
        self._clients: dict[tuple[str, str], t.Any] = {}
        self._broken: dict[tuple[str, str], CannotTell] = {}
        self._useless: CannotTell | None = None
        self._answers: dict[Call, t.Any] = {}
        self._named: dict[t.Any, dict[str, t.Any]] = {}
        self._wanted: dict[t.Any, set[str]] = {}
        self._called = 0.0
        self.api_calls: dict[str, int] = {}
        self.permissions: set[str] = set()

    @property
    def probes(self) -> int:
        return sum(self.api_calls.values())

    def forget(self) -> None:
        """Read everything anew when it is asked for again."""
        self._answers.clear()
        self._named.clear()
        self._broken.clear()
        self._useless = None

    def want(self, row: RecordType, name: str, region: str, given: t.Mapping[str, t.Any]) -> None:
        """Note a name that will be asked for, so that it can be part of a batch."""
        self._wanted.setdefault(_key(row, region, given), set()).add(name)

    def named(self, row: RecordType, name: str, region: str, given: t.Mapping[str, t.Any]) -> list[Record]:
        """The records of that name; given are further parameters of the request."""
        key = _key(row, region, given)
        known = self._named.setdefault(key, {})
        if name not in known:
            names = sorted({name, *self._wanted.get(key, ())} - known.keys())
            known.update(self._read(row, names, region, given))
        found = known[name]
        if isinstance(found, CannotTell):
            raise found
        return t.cast("list[Record]", found)

    def filtered(self, row: RecordType, region: str, given: t.Mapping[str, t.Any]) -> list[Record]:
        """The records that pass the filters in given."""
        return [record for record in self._records(row, None, {**row.filtered, **given}, region) if row.keeps(record)]

    def call(self, service: str, operation: str, region: str = "", **parameters: t.Any) -> t.Any:
        """The answer to a request, all its pages joined; raises CannotTell."""
        key = (service, operation, region, json.dumps(parameters, sort_keys=True, default=str))
        if key not in self._answers:
            try:
                self._answers[key] = self._call(service, operation, region, parameters)
            except CannotTell as error:
                self._answers[key] = error
        answer = self._answers[key]
        if isinstance(answer, CannotTell):
            raise answer
        return answer

    def members(self, row: RecordType, region: str) -> list[str]:
        """The names of all fields that a record of the type can have."""
        client = self._client(row.service, region)
        operation = client.meta.method_to_api_mapping[row.operation]
        shape = client.meta.service_model.operation_model(operation).output_shape
        for step in filter(None, row.path.split(".")):
            shape = shape.members[step[:-2] if step.endswith("[]") else step]
            shape = shape.member if shape.type_name == "list" else shape
        return list(getattr(shape, "members", ()))

    def account(self) -> str | None:
        """The number of the account; None when it cannot be told."""
        try:
            return str(self.call("sts", "get_caller_identity")["Account"])
        except CannotTell:
            return None

    def _read(
        self, row: RecordType, names: t.Sequence[str], region: str, given: t.Mapping[str, t.Any]
    ) -> dict[str, t.Any]:
        found: dict[str, t.Any] = {name: [] for name in names}
        for way in row.ways:
            asked = [name for name in names if way in row.ways_for(name)]
            for chunk in way.chunks(asked):
                try:
                    for name, records in self._chunk(row, way, chunk, region, given).items():
                        _extend(found, name, records, row.identity)
                except CannotTell as error:
                    found.update(dict.fromkeys(chunk, error))
        return found

    def _chunk(
        self, row: RecordType, way: Way, names: t.Sequence[str], region: str, given: t.Mapping[str, t.Any]
    ) -> dict[str, list[Record]]:
        try:
            records = self._records(row, way, self._request(row, way, names, region, given), region)
        except Refused as error:
            if not error.means_absent(row.absent):
                raise
            if len(names) == 1:
                return {}
            # One name that is absent fails the request for all.
            return {name: self._chunk(row, way, [name], region, given).get(name, []) for name in names}
        if way.echo:
            records = [{**record, way.echo: names[0]} for record in records]
        records = [record for record in records if row.keeps(record, way)]
        return {name: [record for record in records if way.is_said_by(record, name)] for name in names}

    def _request(
        self, row: RecordType, way: Way, names: t.Sequence[str], region: str, given: t.Mapping[str, t.Any]
    ) -> dict[str, t.Any]:
        own = way.request(names, row.filters, row.filter_key)
        request = {**own, **given}
        if way.filter:
            narrowed = [] if way.pattern else self._defaults.filters(row, self, region)
            request[row.filters] = [*own[row.filters], *given.get(row.filters, ()), *narrowed]
        return request

    def _records(
        self, row: RecordType, way: Way | None, parameters: t.Mapping[str, t.Any], region: str
    ) -> list[Record]:
        operation, path = (way and way.operation) or row.operation, (way and way.path) or row.path
        answer = self.call(row.service, operation, region, **{**row.constants, **parameters})
        found = dig(answer, path) if path else answer
        return found if isinstance(found, list) else [found] if found is not None else []

    def _client(self, service: str, region: str) -> t.Any:
        key = (service, region)
        broken = self._useless or self._broken.get(key)
        if broken:
            raise broken
        if key not in self._clients:
            try:
                client = self._connect(service, region)
            except Exception as error:  # botocore's base classes cannot be named where it is not installed
                raise self._unusable(key, error, "") from error
            client.meta.events.register_first("before-call.*.*", self._count)
            client.meta.events.register_first("before-send.*.*", self._watch)
            self._clients[key] = client
        return self._clients[key]

    def _call(self, service: str, operation: str, region: str, parameters: dict[str, t.Any]) -> t.Any:
        client = self._client(service, region)
        try:
            if client.can_paginate(operation):
                return plain(client.get_paginator(operation).paginate(**parameters).build_full_result())
            answer = getattr(client, operation)(**parameters)
        except Exception as error:  # as above
            if not is_aws_error(error):
                raise
            name = client.meta.method_to_api_mapping[operation]
            code = error_code(error)
            if not code:
                raise self._unusable((service, region), error, name) from error
            message = translate(error, *iam_action(service, name).split(":")).message
            raise Refused(message, _source(service, name, region), code) from None
        return plain({key: value for key, value in answer.items() if key != "ResponseMetadata"})

    def _unusable(self, key: tuple[str, str], error: Exception, operation: str) -> CannotTell:
        """What is wrong with a client, remembered: the next request would only wait for the same."""
        if not is_aws_error(error):
            raise error
        problem = CannotTell(
            translate(error, _IAM_NAMES.get(key[0], key[0]), operation).message, ":".join(filter(None, key))
        )
        if type(error).__name__ in _OF_THE_SESSION:
            self._useless = problem
        elif type(error).__name__ != "ParamValidationError":
            self._broken[key] = problem
        return problem

    def _count(self, model: t.Any, **_others: t.Any) -> None:
        service = model.service_model.service_name
        counted = f"{service}.{model.name}"
        self.api_calls[counted] = self.api_calls.get(counted, 0) + 1
        if service != "sts":
            self.permissions.add(iam_action(service, model.name))
        self._called = time.monotonic()

    def _watch(self, **_others: t.Any) -> None:
        # The SDK takes the interruption of a request for a fault of the network and tries again.
        if self._timeout and time.monotonic() - self._called > self._timeout:
            raise CannotTell(f"AWS did not answer within {self._timeout:g} s (option timeout)")


def iam_action(service: str, operation: str) -> str:
    """The IAM action that allows an operation."""
    action = f"{_IAM_NAMES.get(service, service)}:{operation}"
    return _IAM_ACTIONS.get(action, action)


def plain(value: t.Any) -> t.Any:
    """The value in the types of JSON."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _key(row: RecordType, region: str, given: t.Mapping[str, t.Any]) -> t.Any:
    return row.word, region, json.dumps(given, sort_keys=True)


def _extend(found: dict[str, t.Any], name: str, records: list[Record], identity: str) -> None:
    if isinstance(found[name], CannotTell):
        return
    known = {dig(record, identity) for record in found[name]}
    found[name] = found[name] + [record for record in records if dig(record, identity) not in known]


def _source(service: str, operation: str, region: str) -> str:
    return f"{service}:{operation}" + (f" in {region}" if region else "")
