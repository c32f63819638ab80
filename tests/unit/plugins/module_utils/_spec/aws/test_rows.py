# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of types: only operations that read, and nothing that the API does not have."""

from __future__ import annotations

import functools
import subprocess
import sys
import typing as t

import boto3
import pytest

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import RecordResource
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import TAG_NAME, Part, Path, RecordType

READING = ("batch_get_", "describe_", "get_", "head_", "list_", "search_", "simulate_")
TYPES: dict[str, type[RecordResource]] = {
    kind.word: kind for kind in VOCABULARY.resources.values() if issubclass(kind, RecordResource)
}
OF_THE_CONTRACT = (
    "vpc subnet network_acl vpn_gateway ec2_instance security_group security_group_by_id elb auto_scaling_group "
    "launch_configuration iam_role s3_bucket sns_topic sqs_queue dynamodb_table dynamo_db_table cloudtrail_trail "
    "swf_domain swf_activity_type swf_workflow_type ami launch_template alb nlb target_group iam_policy iam_user "
    "iam_group route_table internet_gateway nat_gateway elastic_ip ebs_volume cloudformation_stack ecs_cluster "
    "ecs_service ecs_task_definition efs_file_system codepipeline codebuild_project lambda_function kms_key "
    "config_rule ecr_repository ssm_parameter route53_zone route53_record cloudwatch_alarm log_group rds_instance "
    "secret instance_profile ecs_capacity_provider efs_access_point value"
)


@functools.cache
def client(service: str) -> t.Any:
    return boto3.client(service, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")


def parts(row: RecordType) -> list[Part]:
    tags = [row.tags] if isinstance(row.tags, Part) else []
    return [part for part in (*row.parts.values(), *row.details, *tags) if part.operation]


def model(row: RecordType, operation: str, service: str = "") -> t.Any:
    meta = client(service or row.service).meta
    return meta.service_model.operation_model(meta.method_to_api_mapping[operation])


def first(path: Path) -> str:
    return (path.split(".") if isinstance(path, str) else path)[0].replace("[]", "")


def test_the_types_that_were_promised() -> None:
    assert [word for word in OF_THE_CONTRACT.split() if word not in VOCABULARY] == []


def test_types_can_be_listed_without_the_sdk() -> None:
    module = "ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry"
    loaded = "sorted({'boto3', 'botocore'} & set(sys.modules))"
    code = f"import sys; sys.path[:] = {sys.path}; import {module}; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("word", TYPES)
def test_only_operations_that_read(word: str) -> None:
    row = TYPES[word].row
    operations = [row.operation, *(way.operation for way in row.ways if way.operation)]
    operations += [part.operation for part in parts(row)]
    assert [operation for operation in operations if not operation.startswith(READING)] == []


def test_code_calls_only_operations_that_read(plugins: t.Any) -> None:
    calls = plugins.calls("_spec/aws")
    assert calls
    assert [name for name in calls if not name.startswith(READING)] == []


@pytest.mark.parametrize("word", TYPES)
def test_requests_are_known_to_the_api(word: str) -> None:
    row = TYPES[word].row
    for way in row.ways:
        inputs = model(row, way.operation or row.operation).input_shape.members
        wanted = [way.parameter, row.filters if way.filter else "", *way.constants]
        assert [name for name in wanted if name and name not in inputs] == []
    assert [name for name in row.constants if name not in model(row, row.operation).input_shape.members] == []
    for part in parts(row):
        operation = model(row, part.operation, part.service)
        assert [name for name in part.parameters if name not in operation.input_shape.members] == []
        assert first(part.path) in ("", *operation.output_shape.members)


def shape_at(row: RecordType, path: Path) -> t.Any:
    """What the API's model has at a path of the record; None where it says nothing, such as in a map."""
    shape = model(row, row.operation).output_shape
    record = [step for step in row.path.split(".") if step]
    for step in [*record, *(path.split(".") if isinstance(path, str) else path)]:
        if shape.type_name == "map":
            return None
        if step.isdigit():
            shape = shape.member
            continue
        assert step.removesuffix("[]") in shape.members, (path, step, list(shape.members))
        shape = shape.members[step.removesuffix("[]")]
        shape = shape.member if step.endswith("[]") else shape
    return shape


def looked_at(word: str) -> list[Path]:
    """The fields of the record that a type looks at: not its properties, and not what further operations tell."""
    row = TYPES[word].row
    found: list[Path] = [row.identity, *(way.field for way in row.ways if way.field != TAG_NAME and not way.operation)]
    found += [path for path, _value in row.be.values()]
    found += [*row.have.values(), *(path for _target, path in row.relations.values())]
    return [path for path in found if path and first(path) not in TYPES[word].properties]


@pytest.mark.parametrize("word", [word for word, kind in TYPES.items() if kind.row.ways and not kind.row.details])
def test_fields_and_their_values_are_known_to_the_api(word: str) -> None:
    row = TYPES[word].row
    made_up = {way.echo for way in row.ways}
    for path in looked_at(word):
        if path not in made_up:
            shape_at(row, path)
    for path, value in row.be.values():
        shape = shape_at(row, path) if path in looked_at(word) else None
        values = [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, str)]
        assert not getattr(shape, "enum", ()) or set(values) <= set(shape.enum)


@pytest.mark.parametrize("word", TYPES)
def test_relations_lead_to_types(word: str) -> None:
    assert [target for target, _path in TYPES[word].row.relations.values() if target not in TYPES] == []


def test_every_matcher_and_property_is_explained() -> None:
    unexplained = [
        (word, name)
        for word, kind in TYPES.items()
        for name, item in {**kind.matchers, **kind.properties}.items()
        if not item.summary.endswith(".")
    ]
    assert unexplained == []
