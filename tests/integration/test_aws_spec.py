# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module aws_spec in a playbook, from the spec to the result."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml
from integration.aws_spec_resources import network
from integration.aws_spec_resources.common import tagged

from ansible_collections.containerci.aws.plugins.modules import aws_spec

SPEC: list[dict[str, t.Any]] = [
    {
        "describe": {"security_group": "web"},
        "examples": [
            {"to": {"belong_to_vpc": "main"}},
            {"to": {"be_inbound_opened_only": {"port": 443, "protocol": "tcp", "for": "0.0.0.0/0"}}},
            {"not_to": {"be_inbound_opened": {"port": 22, "for": "0.0.0.0/0"}}},
            {"to": {"have_egress_rules": [{"protocol": "all", "cidr": "0.0.0.0/0"}]}},
        ],
    },
    {
        "describe": {"vpc": "main"},
        "examples": [
            {"to": ["be_available", {"have_tag": {"key": "env", "value": "test"}}, {"have_tag": "env"}]},
            {"its": {"cidr_block": "10.0.0.0/16", "size": 2}},
            {"its": "subnets", "to": [{"have_cidr_blocks": ["10.0.0.0/24", "10.0.1.0/24"]}]},
        ],
    },
]


@pytest.fixture
def evaluate(run_playbook: t.Any, tmp_path: Path) -> t.Callable[..., dict[str, t.Any]]:
    """Runs the module in a playbook and returns its result."""

    def run(spec: t.Any, **options: t.Any) -> dict[str, t.Any]:
        result = tmp_path / "result.json"
        tasks = [
            {"containerci.aws.aws_spec": {"spec": spec, **options}, "register": "result", "ignore_errors": True},
            {"ansible.builtin.copy": {"content": "{{ result | to_json }}", "dest": str(result), "mode": "0600"}},
        ]
        playbook = tmp_path / "play.yml"
        playbook.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
        status, output = run_playbook(str(playbook))
        assert status == 0, output
        return t.cast("dict[str, t.Any]", json.loads(result.read_text()))

    return run


def test_a_spec_that_is_met(aws: t.Any, evaluate: t.Any) -> None:
    network.security_group(aws)
    aws.forget()
    result = evaluate(SPEC, **{"return": "all"})
    assert (result["failed"], result["changed"], result["spec_valid"]) == (False, False, True), result["msg"]
    assert result["summary"]["passed"] == result["summary"]["examples"] == 8
    assert result["account"] == "123456789012"
    assert result["region"] == "us-east-1"
    assert result["api_calls"]["ec2.DescribeSubnets"] == 1
    assert result["summary"]["probes"] == sum(result["api_calls"].values())
    assert "ec2:DescribeSecurityGroups" in result["required_permissions"]
    documented = yaml.safe_load(aws_spec.RETURN)
    assert set(result) - {"changed", "failed"} <= set(documented)
    assert set(result["examples"][0]) - {"expectations"} == set(documented["examples"]["sample"][0])
    assert aws.log("write") == []


def test_a_spec_that_is_not_met(aws: t.Any, evaluate: t.Any) -> None:
    network.vpc(aws)
    spec = [
        {"expect": {"vpc": "main"}, "its": {"size": 6}},
        {"expect": {"vpc": "other"}, "to": "exist"},
        {"expect": {"vpc": "other"}, "not_to": "be_available"},
    ]
    result = evaluate(spec)
    assert result["failed"]
    assert [(example["status"], example["got"]) for example in result["examples"]] == [
        ("failed", "2"),
        ("failed", "no such vpc"),
        ("error", "no such vpc: other"),
    ]


def test_a_region_for_a_group(aws: t.Any, evaluate: t.Any) -> None:
    aws.client("ec2", "eu-west-1").create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=tagged("vpc"))
    group = {"describe": {"vpc": "main"}, "region": "eu-west-1", "examples": [{"to": "exist"}]}
    result = evaluate([group, {"expect": {"vpc": "main"}, "not_to": "exist"}])
    assert not result["failed"], result["msg"]


def test_options_of_amazon_aws(aws: t.Any, evaluate: t.Any) -> None:
    network.vpc(aws)
    spec = [{"expect": {"vpc": "main"}, "to": "exist"}]
    result = evaluate(spec, debug_botocore_endpoint_logs=True, aws_config={"user_agent_extra": "spec"})
    assert result["resource_actions"] == []  # amazon.aws sees requests by HTTPS only
    assert result["api_calls"] == {"ec2.DescribeVpcs": 1, "sts.GetCallerIdentity": 1}
    wrong = evaluate(spec, access_key="AKIANOTHERE", secret_key="wrong")
    assert (wrong["failed"], wrong["summary"]["errors"], wrong["account"]) == (True, 1, None)
    both = evaluate(spec, profile="ci", access_key="AKIANOTHERE", secret_key="wrong")
    assert (both["failed"], "profile" in both["msg"]) == (True, True)


def test_words_that_do_not_exist(aws: t.Any, evaluate: t.Any) -> None:
    spec = [
        {"expect": {"vcp": "main"}, "to": "exist"},
        {"expect": {"vpc": "main"}, "to": "be_availabel"},
        {"expect": {"vpc": "main"}, "to": {"be_inbound_opened": 22}},
        {"expect": {"security_group": "web"}, "to": {"be_inbound_opened": 70000}},
        {"expect": {"vpc": {"name": "main", "regoin": "x"}}, "to": "exist"},
    ]
    result = evaluate(spec)
    assert not result["spec_valid"]
    assert [problem["class"] for problem in result["errors"]] == [
        "UnknownResource",
        "UnknownMatcher",
        "MatcherNotApplicable",
        "MatcherArgumentError",
        "MatcherArgumentError",
    ]
    assert aws.log() == []
