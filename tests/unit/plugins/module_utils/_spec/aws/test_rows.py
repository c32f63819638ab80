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

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.records import Records
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import RecordResource
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import TAG_NAME, Part, Path, RecordType

READING = ("batch_get_", "describe_", "get_", "head_", "list_", "search_", "simulate_")
TYPES: dict[str, type[RecordResource]] = {
    kind.word: t.cast("type[RecordResource]", kind) for kind in VOCABULARY.resources.values()
}
OF_THE_CONTRACT = (
    "vpc subnet network_acl vpn_gateway ec2_instance security_group security_group_by_id elb auto_scaling_group "
    "launch_configuration iam_role s3_bucket sns_topic sqs_queue dynamodb_table dynamo_db_table cloudtrail_trail "
    "swf_domain swf_activity_type swf_workflow_type ami launch_template alb nlb target_group iam_policy iam_user "
    "iam_group route_table internet_gateway nat_gateway elastic_ip ebs_volume cloudformation_stack ecs_cluster "
    "ecs_service ecs_task_definition efs_file_system codepipeline codebuild_project lambda_function kms_key "
    "config_rule ecr_repository ssm_parameter route53_zone route53_record cloudwatch_alarm log_group rds_instance "
    "secret instance_profile"
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


def fields(row: RecordType) -> list[str]:
    return Records(lambda service, _region: client(service)).members(row, "")


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


def has_a_model(row: RecordType) -> bool:
    """Whether the API's model has the fields: not those of answers without a record, and of attributes."""
    return bool(row.path and row.ways and not row.details)


@pytest.mark.parametrize("word", [word for word, kind in TYPES.items() if has_a_model(kind.row)])
def test_fields_are_known_to_the_api(word: str) -> None:
    row = TYPES[word].row
    known = {*fields(row), *TYPES[word].properties}
    paths: list[Path] = [row.identity, *(way.field for way in row.ways if way.field != TAG_NAME and not way.operation)]
    paths += [path for path, _value in row.be.values()]
    paths += [*row.have.values(), *(path for _target, path in row.relations.values())]
    assert [path for path in paths if path and first(path) not in known] == []


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
