# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Promises of the CloudFormation template of jenkins_ecs, read from the template as data."""

from __future__ import annotations

import re
import sys
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.template import load

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import proxy_config  # noqa: E402

FILE = ROOT / "roles" / "jenkins_ecs" / "files" / "jenkins_ecs.yaml"
TEXT = FILE.read_text()
TEMPLATE = load(TEXT)
RESOURCES = TEMPLATE.resources

# The actions that IAM cannot narrow to a resource, by the service authorization reference.
WITHOUT_RESOURCE = {
    "ecr:GetAuthorizationToken",
    "ecs:DeregisterTaskDefinition",
    "ecs:DescribeTaskDefinition",
    "ecs:DiscoverPollEndpoint",
    "ecs:ListClusters",
    "ecs:ListTaskDefinitions",
    "ecs:RegisterTaskDefinition",
}
# Names that contain such a word and yet hold an address, not a secret.
ONLY_ADDRESSES = {"JenkinsAdminSecretArn", "KeyPair"}
SECRET_WORD = re.compile(r"password|secret|token|credential|private|key", re.IGNORECASE)


def walk(node: t.Any) -> t.Iterator[t.Any]:
    yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(child)


def listed(value: t.Any) -> list[t.Any]:
    return value if isinstance(value, list) else [value]


def of_type(name: str) -> dict[str, dict[str, t.Any]]:
    return {key: item.get("Properties", {}) for key, item in RESOURCES.items() if item["Type"] == name}


def identity_statements() -> list[tuple[str, dict[str, t.Any]]]:
    """What the roles and policies allow; who may take a role, and policies of resources, are another matter."""
    policies = [(name, item["PolicyDocument"]) for name, item in of_type("AWS::IAM::ManagedPolicy").items()]
    for name, role in of_type("AWS::IAM::Role").items():
        policies += [
            (f"{name}/{policy['PolicyName']}", policy["PolicyDocument"]) for policy in role.get("Policies", [])
        ]
    return [(name, statement) for name, document in policies for statement in listed(document["Statement"])]


def ingress_rules() -> list[dict[str, t.Any]]:
    """Every rule that lets something in, whatever the conditions say."""
    rules = list(of_type("AWS::EC2::SecurityGroupIngress").values())
    for group in of_type("AWS::EC2::SecurityGroup").values():
        for node in walk(group.get("SecurityGroupIngress", [])):
            rules += [node] if isinstance(node, dict) and "IpProtocol" in node else []
    return rules


def listeners(name: str) -> set[tuple[str, str, str]]:
    nodes = walk(RESOURCES[name]["Properties"]["Listeners"])
    found = [node for node in nodes if isinstance(node, dict) and "LoadBalancerPort" in node]
    return {(node["Protocol"], node["LoadBalancerPort"], str(node["InstancePort"])) for node in found}


def container(task: str, name: str) -> dict[str, t.Any]:
    containers = RESOURCES[task]["Properties"]["ContainerDefinitions"]
    return next(item for item in containers if item["Name"] == name)


def environment(task: str, name: str) -> dict[str, t.Any]:
    return {item["Name"]: item["Value"] for item in container(task, name)["Environment"]}


def substituted(value: t.Any, **values: str) -> str:
    """A long Fn::Sub with the given values; ${!name} stays as ${name}."""
    text = value["Fn::Sub"] if isinstance(value["Fn::Sub"], str) else value["Fn::Sub"][0]
    for name, replacement in values.items():
        text = text.replace(f"${{{name}}}", replacement)
    assert not re.findall(r"\$\{(?!!)[^}]*\}", text)
    return str(text.replace("${!", "${"))


def test_the_promised_parameters_exist_and_only_three_must_be_given() -> None:
    promised = {"AvailabilityZone1", "AvailabilityZone2", "InstanceType", "KeyPair", "PublicAccessCIDR"}
    assert promised <= set(TEMPLATE.parameters)
    needed = {name for name, spec in TEMPLATE.parameters.items() if spec.default is None}
    assert needed == {"AvailabilityZone1", "AvailabilityZone2", "PublicAccessCIDR"}


def test_the_promised_outputs_exist() -> None:
    promised = {
        "PublicJenkinsURL",
        "JenkinsConfigurationECSCluster",
        "JenkinsConfigurationAlternativeJenkinsURL",
        "JenkinsFileSystemId",
    }
    assert promised <= set(TEMPLATE.section("Outputs"))


def test_every_parameter_is_grouped_and_labelled_for_the_console() -> None:
    interface = TEMPLATE.section("Metadata")["AWS::CloudFormation::Interface"]
    grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    assert sorted(grouped) == sorted(TEMPLATE.parameters) == sorted(interface["ParameterLabels"])


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        *[("InstanceType", (value, True)) for value in ("t2.small", "t3.medium", "m7g.12xlarge", "m5.metal")],
        *[("InstanceType", (value, False)) for value in ("t2.micro", "t3.nano", "m1.small", "large")],
        *[("PublicAccessCIDR", (value, True)) for value in ("203.0.113.0/24", "198.51.100.7/32")],
        *[("PublicAccessCIDR", (value, False)) for value in ("203.0.113.0", "256.0.0.0/8", "10.0.0.0/33", "")],
        *[("VpcCidr", (value, True)) for value in ("10.0.0.0/16", "172.16.4.0/22")],
        *[("VpcCidr", (value, False)) for value in ("10.0.0.0/15", "10.0.0.0/23")],
    ],
)
def test_parameters_accept_only_what_works(name: str, accepted: tuple[str, bool]) -> None:
    value, expected = accepted
    pattern = TEMPLATE.section("Parameters")[name]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, value)) is expected


@pytest.mark.parametrize(
    ("name", "statement"),
    identity_statements(),
    ids=[f"{name}-{n}" for n, (name, _) in enumerate(identity_statements())],
)
def test_permissions_are_narrow(name: str, statement: dict[str, t.Any]) -> None:
    actions = listed(statement["Action"])
    assert statement["Effect"] == "Allow", name
    assert "NotAction" not in statement
    assert "NotResource" not in statement
    assert not [action for action in actions if "*" in action]
    if "*" in listed(statement["Resource"]):
        assert set(actions) <= WITHOUT_RESOURCE


def test_only_the_known_managed_policy_of_aws_is_attached() -> None:
    attached = [arn for role in of_type("AWS::IAM::Role").values() for arn in role.get("ManagedPolicyArns", [])]
    foreign = [arn["Fn::Sub"] for arn in attached if "Ref" not in arn]
    assert foreign == ["arn:${AWS::Partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"]


def test_a_role_is_passed_only_to_tasks() -> None:
    passing = [statement for _, statement in identity_statements() if "iam:PassRole" in listed(statement["Action"])]
    assert [statement["Resource"] for statement in passing] == [{"Fn::GetAtt": ["AgentExecutionRole", "Arn"]}]
    assert passing[0]["Condition"] == {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}


def test_nothing_is_open_to_the_world_and_nothing_to_ssh() -> None:
    rules = ingress_rules()
    assert len(rules) >= 8
    for rule in rules:
        assert rule.get("CidrIp", {"Ref": "PublicAccessCIDR"}) == {"Ref": "PublicAccessCIDR"}
        assert "CidrIpv6" not in rule
        assert rule["IpProtocol"] == "tcp"
        assert rule["FromPort"] == rule["ToPort"] != "22"


def test_people_come_in_by_the_public_load_balancer_only() -> None:
    ports = {rule["FromPort"] for rule in ingress_rules() if "CidrIp" in rule}
    assert ports == {"80", "443"}
    owners = [name for name, group in of_type("AWS::EC2::SecurityGroup").items() if "PublicAccessCIDR" in str(group)]
    assert owners == ["PublicLoadBalancerSecurityGroup"]


def test_no_name_of_a_parameter_or_output_looks_like_a_secret() -> None:
    names = {*TEMPLATE.parameters, *TEMPLATE.section("Outputs")}
    assert {name for name in names if SECRET_WORD.search(name)} == ONLY_ADDRESSES


def test_the_secret_is_generated_and_only_referred_to() -> None:
    secret = RESOURCES["AdminSecret"]["Properties"]
    assert "SecretString" not in secret
    assert int(secret["GenerateSecretString"]["PasswordLength"]) >= 32
    assert "resolve:secretsmanager" not in TEXT
    assert container("JenkinsTask", "jenkins")["Secrets"] == [
        {"Name": "JENKINS_ADMIN_PASSWORD", "ValueFrom": {"Fn::Sub": "${AdminSecret}:password::"}}
    ]


def test_user_data_only_names_the_cluster() -> None:
    data = RESOURCES["LaunchTemplate"]["Properties"]["LaunchTemplateData"]["UserData"]
    lines = substituted(data["Fn::Base64"], Cluster="c").splitlines()
    assert lines == ["#!/bin/bash", "echo ECS_CLUSTER=c >> /etc/ecs/ecs.config"]


def test_instances_keep_their_credentials_and_their_disks_to_themselves() -> None:
    data = RESOURCES["LaunchTemplate"]["Properties"]["LaunchTemplateData"]
    assert (data["MetadataOptions"]["HttpTokens"], data["MetadataOptions"]["HttpPutResponseHopLimit"]) == (
        "required",
        "1",
    )
    assert [disk["Ebs"]["Encrypted"] for disk in data["BlockDeviceMappings"]] == ["true"]


def test_the_internal_load_balancer_serves_jenkins_and_its_agents() -> None:
    balancer = RESOURCES["InternalLoadBalancer"]["Properties"]
    assert balancer["Scheme"] == "internal"
    assert listeners("InternalLoadBalancer") == {("TCP", "8080", "8080"), ("TCP", "50000", "50000")}


def test_the_public_load_balancer_serves_people() -> None:
    balancer = RESOURCES["PublicLoadBalancer"]["Properties"]
    assert balancer["Scheme"] == "internet-facing"
    plain = str({"Fn::If": ["HasCertificate", "8082", "80"]})
    assert listeners("PublicLoadBalancer") == {("TCP", "80", plain), ("SSL", "443", "80")}
    assert balancer["HealthCheck"]["Target"] == "HTTP:8081/health"


def test_two_controllers_never_share_the_home() -> None:
    service = RESOURCES["JenkinsService"]["Properties"]
    assert service["DesiredCount"] == "1"
    assert service["DeploymentConfiguration"] == {"MinimumHealthyPercent": "0", "MaximumPercent": "100"}


def test_the_home_is_encrypted_and_outlives_the_stack() -> None:
    assert RESOURCES["FileSystem"]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert RESOURCES["FileSystem"]["UpdateReplacePolicy"] == "Retain"
    assert RESOURCES["FileSystem"]["Properties"]["Encrypted"] == "true"
    volumes = {volume["Name"]: volume for volume in RESOURCES["JenkinsTask"]["Properties"]["Volumes"]}
    home = volumes["home"]["EFSVolumeConfiguration"]
    assert (home["TransitEncryption"], home["AuthorizationConfig"]["IAM"]) == ("ENABLED", "ENABLED")


def test_the_template_fits_into_a_request() -> None:
    assert len(TEXT.encode()) < 51_200


def test_the_configuration_of_jenkins_is_valid_and_secured() -> None:
    values = {"AWS::StackName": "s", "Scheme": "https", "HostName": "jenkins.example.com"}
    casc = yaml.safe_load(substituted(environment("JenkinsTask", "configure")["JENKINS_JCASC"], **values))
    jenkins = casc["jenkins"]
    assert "clouds" not in jenkins
    assert jenkins["numExecutors"] == 0
    assert jenkins["securityRealm"]["local"]["allowsSignup"] is False
    assert jenkins["securityRealm"]["local"]["users"] == [{"id": "admin", "password": "${JENKINS_ADMIN_PASSWORD}"}]
    assert jenkins["authorizationStrategy"]["loggedInUsersCanDoAnything"]["allowAnonymousRead"] is False
    assert casc["unclassified"]["location"]["url"] == "https://jenkins.example.com/"


def nginx() -> str:
    values = {
        "VpcCidr": "10.0.0.0/16",
        "InternalLoadBalancer.DNSName": "internal.example.com",
        "Scheme": "https",
        "Port": "443",
        "HostName": "jenkins.example.com",
    }
    return substituted(environment("ProxyTask", "proxy")["NGINX_CONFIG"], **values)


def test_the_configuration_of_nginx_is_that_of_its_role() -> None:
    assert proxy_config.with_proxy(TEXT) == TEXT, "run: scripts/run python scripts/proxy_config.py"


def test_the_configuration_of_nginx_is_well_formed() -> None:
    depth = 0
    for line in (line.strip() for line in nginx().splitlines()):
        if not line or line.startswith("#"):
            continue
        assert line.endswith((";", "{", "}")), line
        depth += line.count("{") - line.count("}")
        assert depth >= 0, line
    assert depth == 0


def test_the_proxy_listens_where_the_load_balancer_looks() -> None:
    listening = set(re.findall(r"listen (\d+)", nginx()))
    mapped = {mapping["ContainerPort"] for mapping in container("ProxyTask", "proxy")["PortMappings"]}
    assert listening == mapped == {"80", "8081", "8082"}
    accepting = {rule["FromPort"] for rule in of_type("AWS::EC2::SecurityGroupIngress").values()}
    assert accepting == mapped | {"8080", "50000"}


def test_the_proxy_looks_the_load_balancer_up_again() -> None:
    assert "set $backend internal.example.com;" in nginx()
    assert "proxy_pass http://$backend:8080;" in nginx()
    assert re.search(r"resolver 169\.254\.169\.253 valid=\d+s", nginx())


def test_the_log_of_the_proxy_leaves_queries_out() -> None:
    log_format = re.search(r"log_format access '([^']*)'", nginx())
    assert log_format
    assert not re.search(r"\$(request|request_uri|args|query_string|http_referer)\b", log_format[1])
