# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every type of aws_spec against the embedded AWS: what is true of it, what is not, and what of one that is absent."""

from __future__ import annotations

import typing as t

import pytest
from integration.aws_spec_resources import MAKERS
from integration.aws_spec_testing import Spec, check


@pytest.fixture
def spec(aws: t.Any) -> Spec:
    return Spec(lambda service, region: aws.client(service, region or "us-east-1"))


OTHER_VPC = "vpc-00000000"

# type: (what holds, what does not hold), each a matcher with its arguments, or a property and the value that it has.
HOLDS: dict[str, tuple[list[t.Any], list[t.Any]]] = {
    "vpc": (
        [
            "be_available",
            "be_default_tenancy",
            "be_attached_to_an_internet_gateway",
            ("have_tag", {"key": "env", "value": "test"}),
            {"size": 2, "cidr_block": "10.0.0.0/16", "tags.env": "test"},
        ],
        ["be_pending", "be_attached_to_an_virtual_private_gateway", ("have_tag", {"key": "environment"}), {"size": 3}],
    ),
    "subnet": (
        ["be_available", ("belong_to_vpc", {"name": "main"}), {"availability_zone": "us-east-1a"}],
        [("belong_to_vpc", {"name": OTHER_VPC}), ("have_cidr_block", {"value": "10.9.0.0/24"})],
    ),
    "network_acl": (
        ["be_default", "have_default_rules", ("have_inbound_rule", {"network": "0.0.0.0/0", "number": 100})],
        [("have_outbound_rule", {"network": "10.0.0.0/8", "action": "deny"}), ("belong_to_vpc", {"name": OTHER_VPC})],
    ),
    "vpn_gateway": (
        ["be_available", ("be_attached_to", {"name": "main"}), ("have_name", {"value": "main"})],
        ["be_deleted", ("be_attached_to", {"name": OTHER_VPC})],
    ),
    "route_table": (
        [("have_route", {"destination": "0.0.0.0/0"}), ("have_subnet", {"name": "main"})],
        [("have_route", {"destination": "0.0.0.0/0", "target": "local"}), ("have_route", {"destination": "::/0"})],
    ),
    "internet_gateway": ([("be_attached_to", {"name": "main"})], [("be_attached_to", {"name": OTHER_VPC})]),
    "nat_gateway": (
        ["be_available", ("belong_to_subnet", {"name": "main"}), ("belong_to_vpc", {"name": "main"})],
        ["be_failed", ("belong_to_vpc", {"name": OTHER_VPC})],
    ),
    "elastic_ip": ([{"domain": "vpc"}], ["be_associated"]),
    "security_group": (
        [
            ("belong_to_vpc", {"name": "main"}),
            ("be_inbound_opened", {"port": "443", "protocol": "tcp", "source": ["10.0.0.0/8"]}),
            ("be_inbound_opened", {"port": "8010", "source": ["web"]}),
            ("be_inbound_opened_only", {"port": "443", "source": ["0.0.0.0/0"]}),
            ("have_ingress_rules", {"rules": ["tcp 443 0.0.0.0/0", "tcp 8000-8080 web"]}),
            ("have_egress_rules", {"rules": ["all all 0.0.0.0/0"]}),
        ],
        [
            ("be_inbound_opened", {"port": "22"}),
            ("be_inbound_opened", {"port": "443", "protocol": "udp"}),
            ("be_inbound_opened", {"port": "8010", "source": ["0.0.0.0/0"]}),
            ("be_inbound_opened_only", {"port": "443", "source": ["10.0.0.0/8"]}),
            ("be_inbound_opened_only", {"port": "8000-9000", "source": ["web"]}),
            ("have_ingress_rules", {"rules": ["tcp 443 0.0.0.0/0"]}),
        ],
    ),
    "ec2_instance": (
        [
            "be_running",
            ("belong_to_subnet", {"name": "main"}),
            ("belong_to_vpc", {"name": "main"}),
            ("have_user_data", {"include": ["token"]}),
            {"instance_type": "t3.micro", "metadata_options.http_endpoint": "enabled", "tags.Name": "main"},
        ],
        ["be_stopped", "be_api_termination_disabled", "have_elastic_ip", ("have_image_id", {"value": "ami-0"})],
    ),
    "ami": (
        [
            "be_available",
            ("be_shared_with", {"account": "111122223333"}),
            ("have_tag", {"key": "env"}),
            {"name": "golden", "virtualization_type": "hvm"},
        ],
        ["be_public", ("be_shared_with", {"account": "000000000000"}), {"architecture": "arm64"}],
    ),
    "ebs_volume": (["be_available", "be_encrypted", ("have_size", {"value": 8})], ["be_in_use", {"size": 9}]),
    "launch_template": (
        [("have_image_id", {"value": "ami-12c6146b"}), {"data.instance_type": "t3.small"}, "have_user_data"],
        [("have_instance_type", {"value": "t3.large"}), ("have_user_data", {"text": "other"})],
    ),
    "auto_scaling_group": (
        [
            ("have_min_size", {"value": 1}),
            ("have_max_size", {"value": "3"}),
            ("have_launch_template", {"name": "web"}),
            ("have_availability_zone_names", {"value": ["us-east-1b", "us-east-1a"]}),
            {"launch_template.image_id": "ami-12c6146b", "desired_capacity": 2, "tags.env": "test"},
        ],
        [("have_desired_capacity", {"value": 3}), ("have_launch_template", {"name": "other"}), "have_load_balancers"],
    ),
    "launch_configuration": (
        [("have_instance_type", {"value": "t3.micro"}), "have_user_data"],
        [("have_image_id", {"value": "ami-0"})],
    ),
    "elb": (
        [
            ("have_listener", {"port": 80, "instance_port": 8080}),
            ("have_number_of_listeners", {"value": 1}),
            ("have_tag", {"key": "env", "value": "test"}),
            ("have_idle_timeout", {"value": 60}),
        ],
        [("have_listener", {"port": 443}), ("have_scheme", {"value": "internal"}), "have_access_logging_enabled"],
    ),
    "alb": (
        ["be_internet_facing", ("have_listener", {"port": 80, "target_group": "web"}), {"tags.env": "test"}],
        ["be_internal", "be_deletion_protected", ("have_listener", {"port": 443})],
    ),
    "nlb": ([("have_listener", {"port": 80, "protocol": "TCP"})], [("have_listener", {"port": 80, "protocol": "TLS"})]),
    "target_group": (
        [("have_port", {"value": 80}), ("belong_to_vpc", {"name": "main"})],
        ["have_healthy_target", ("have_protocol", {"value": "HTTPS"})],
    ),
    "iam_role": (
        [
            ("have_policy_with_name", {"name": "read-config"}),
            ("have_number_of_policies", {"number": 1}),
            {"assume_role_policy_document.statement[0].effect": "Allow", "tags.env": "test"},
        ],
        [("have_policy_with_name", {"name": "write"}), ("have_iam_policy", {"policy": "read-config"})],
    ),
    "iam_user": (
        [("belong_to_iam_group", {"group": "ops"}), ("have_tag", {"key": "env"})],
        [("belong_to_iam_group", {"group": "dev"}), {"number_of_policies": 1}],
    ),
    "iam_group": ([("have_iam_policy", {"policy": "read"})], [("have_policy_with_name", {"name": "write"})]),
    "iam_policy": (
        ["be_attachable", ("be_attached_to_role", {"name": "app"}), {"document.statement[0].effect": "Allow"}],
        [("be_attached_to_user", {"name": "ann"})],
    ),
    "instance_profile": ([("have_role", {"value": "app"})], [("have_role", {"value": "other"})]),
    "s3_bucket": (
        [
            "be_versioned",
            ("have_tag", {"key": "env", "value": "test"}),
            {"public_access_block.block_public_acls": True, "location": "us-east-1"},
        ],
        ["be_website", "have_logging", ("be_encrypted", {"algorithm": "aws:kms"}), "have_policy"],
    ),
    "sns_topic": (
        [
            ("have_display_name", {"value": "Alerts"}),
            ("have_name", {"value": "alerts"}),
            ("have_subscription", {"endpoint": "ops@example.org"}),
        ],
        [("have_subscription", {"protocol": "sqs"}), "be_encrypted"],
    ),
    "sqs_queue": (
        [("have_visibility_timeout", {"value": 45}), {"tags.env": "test"}],
        [("have_delay_seconds", {"value": 5}), "be_fifo"],
    ),
    "dynamodb_table": (
        ["be_valid", "be_active", ("have_billing_mode", {"value": "PAY_PER_REQUEST"}), {"tags.env": "test"}],
        ["be_recoverable", ("have_global_secondary_index", {"value": "by-name"})],
    ),
    "cloudtrail_trail": (
        ["be_valid", "be_multi_region_trail", "be_logging", ("have_s3_bucket", {"value": "logs"})],
        ["be_encrypted"],
    ),
    "swf_domain": (
        ["be_registered", ("have_retention_period_in_days", {"value": 7}), {"description": "all"}],
        ["be_deprecated"],
    ),
    "swf_activity_type": (["be_registered"], ["be_deprecated", "have_default_task_list"]),
    "swf_workflow_type": (["be_registered"], ["be_deprecated"]),
    "rds_instance": (
        ["be_available", ("have_engine", {"value": "postgres"}), {"db_instance_class": "db.t3.micro"}],
        ["be_multi_az", ("have_allocated_storage", {"value": 21})],
    ),
    "efs_file_system": (
        ["be_available", "be_encrypted", ("have_subnet", {"name": "main"})],
        ["be_deleted", "have_lifecycle_policy"],
    ),
    "ecr_repository": (
        ["be_scanned_on_push", ("have_tag", {"key": "env"})],
        ["be_immutable", "have_lifecycle_policy", "have_policy"],
    ),
    "ssm_parameter": ([{"value": "https://example.org", "type": "String"}], ["be_encrypted"]),
    "secret": ([("have_tag", {"key": "env", "value": "test"})], ["be_rotated", "be_being_deleted"]),
    "kms_key": (
        ["be_enabled", "be_rotated", ("have_alias", {"value": "alias/app"}), ("have_tag", {"key": "env"})],
        ["be_pending_deletion", "be_multi_region"],
    ),
    "cloudformation_stack": (
        ["be_complete", ("have_resource", {"names": ["Topic"]}), {"tags.env": "test"}],
        ["be_termination_protected", ("have_resource", {"names": ["Queue"]})],
    ),
    "codepipeline": (
        [
            ("have_stages", {"names": ["Source", "Build"]}),
            ("have_action", {"action": "Compile", "stage": "Build"}),
            ("have_tag", {"key": "env"}),
        ],
        [("have_stages", {"names": ["Build", "Source"]}), ("have_action", {"action": "Deploy"})],
    ),
    "codebuild_project": (
        [("have_image", {"value": "node:20"}), {"environment.compute_type": "BUILD_GENERAL1_SMALL"}],
        ["be_privileged", ("have_source_type", {"value": "GITHUB"})],
    ),
    "lambda_function": (
        [("have_runtime", {"value": "python3.13"}), ("have_memory_size", {"value": 256}), {"tags.env": "test"}],
        [("have_timeout", {"value": 900}), "have_env_var"],
    ),
    "ecs_cluster": (["be_active", ("have_tag", {"key": "env"})], ["be_failed", "have_capacity_provider"]),
    "ecs_service": (
        ["be_active", ("belong_to_cluster", {"name": "ci"}), ("have_desired_count", {"value": 0})],
        ["be_draining", ("have_desired_count", {"value": 1})],
    ),
    "ecs_task_definition": (
        ["be_active", ("have_image", {"value": "nginx:1"}), ("have_revision", {"value": 1})],
        ["be_inactive", ("have_container", {"value": "db"})],
    ),
    "config_rule": (
        ["be_active", ("have_source_identifier", {"value": "S3_BUCKET_VERSIONING_ENABLED"})],
        ["be_deleting"],
    ),
    "route53_zone": ([("have_resource_record_set_count", {"value": 3})], ["be_private"]),
    "route53_record": (
        [("have_values", {"values": ["192.0.2.1"]}), ("have_ttl", {"seconds": 60})],
        ["be_alias", ("have_values", {"values": ["192.0.2.2"]})],
    ),
    "cloudwatch_alarm": (
        ["be_enabled", ("have_threshold", {"value": 80}), {"metric_name": "CPUUtilization", "tags.env": "test"}],
        ["be_in_alarm", "have_alarm_action"],
    ),
    "log_group": (
        [("have_retention_in_days", {"value": 14}), {"tags.env": "test"}],
        ["be_encrypted", "have_metric_filter"],
    ),
}  # fmt: skip
ABSENT = {
    "elastic_ip": "198.51.100.7",
    "route53_record": "nowhere.example.org",
}
PARAMETERS = {
    "swf_activity_type": {"domain": "orders", "version": "1.0"},
    "swf_workflow_type": {"domain": "orders", "version": "1.0"},
}


def checks(kind: str, name: str, said: list[t.Any], negated: bool = False) -> list[dict[str, t.Any]]:
    parameters = PARAMETERS.get(kind, {})
    made = []
    for one in said:
        if isinstance(one, dict):
            for path, value in one.items():
                made.append(check(kind, name, "eq", {"value": value}, its=path, negated=negated, **parameters))
        else:
            word, arguments = one if isinstance(one, tuple) else (one, {})
            made.append(check(kind, name, word, arguments, negated=negated, **parameters))
    return made


def test_every_type_is_tried(spec: Spec) -> None:
    assert set(HOLDS) == {kind.word for kind in spec.vocabulary.resources.values()}


@pytest.mark.parametrize("kind", HOLDS)
def test_type(aws: t.Any, spec: Spec, kind: str) -> None:
    name = MAKERS[kind](aws)
    aws.forget()
    true, false = HOLDS[kind]
    exists = check(kind, name, "exist", **PARAMETERS.get(kind, {}))
    passing = [exists, *checks(kind, name, true), *checks(kind, name, false, negated=True)]
    failing = [*checks(kind, name, true, negated=True), *checks(kind, name, false)]
    assert spec.unexpected("passed", passing) == []
    assert spec.unexpected("failed", failing) == []
    assert aws.log("write") == []


@pytest.mark.parametrize("kind", HOLDS)
def test_absent(aws: t.Any, spec: Spec, kind: str) -> None:
    if kind.startswith(("route53", "swf")):
        MAKERS[kind](aws)
    name = ABSENT.get(kind, "does-not-exist")
    assert spec.unexpected("failed", [check(kind, name, "exist", **PARAMETERS.get(kind, {}))]) == []
    for negated in (False, True):
        asked = checks(kind, name, HOLDS[kind][0][:1], negated)
        for outcome in spec.run(asked):
            assert (outcome["status"], "no such" in outcome["checks"][0]["got"]) == ("error", True), outcome
