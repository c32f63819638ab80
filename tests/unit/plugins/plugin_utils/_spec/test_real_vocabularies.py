# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad input for the resources that there really are: it is told before anything runs."""

from __future__ import annotations

import typing as t

import pytest
import yaml

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry import VOCABULARY as AWS
from ansible_collections.containerci.aws.plugins.module_utils._spec.evaluate import HIDDEN
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY as SERVER
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.grammar import Grammar
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import Place, Problem, Problems
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.result import combined
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.source import Document


def problems_of(text: str, aws: bool = False) -> list[Problem]:
    problems = Problems()
    own, other, name = (AWS, SERVER, "server_spec") if aws else (SERVER, AWS, "aws_spec")
    grammar = Grammar(own, problems, lambda *_ignored: [], lambda: other, name, regions=aws)
    grammar.read([Document([yaml.safe_load(text)], Place())])
    return problems.found


BAD_INPUT = {
    "resource of AWS": ("{expect: {vpc: main}, to: exist}", "UnknownResource", ["'vpc' is a resource of aws_spec"]),
    "socket is meant": (
        "{expect: {user: x}, to: be_listening}",
        "MatcherNotApplicable",
        ["be_listening applies to port, socket"],
    ),
    "no name": ("{expect: {package: ''}, to: be_installed}", "SpecSyntaxError", ["package needs a name"]),
    "pattern of services": (
        "{expect: {service: 'ngin*'}, to: be_running}",
        "MatcherArgumentError",
        ["the name of a service", "'ngin*'"],
    ),
    "template of services": ("{expect: {service: getty@}, to: be_enabled}", "MatcherArgumentError", ["name@instance"]),
    "address of another kind": (
        "{expect: {http: 'ftp://example.org/'}, to: be_reachable}",
        "MatcherArgumentError",
        ["http:// or https://", "ftp://example.org/"],
    ),
    "other family": (
        "{expect: {interface: lo}, to: {have_ipv4_address: '::1'}}",
        "MatcherArgumentError",
        ["expected an IPv4 address", "'::1'"],
    ),
    "no address": (
        "{expect: {interface: lo}, to: {have_ipv6_address: fe80}}",
        "MatcherArgumentError",
        ["'fe80' does not appear to be an IPv4 or IPv6 interface"],
    ),
    "network with a host": (
        "{expect: routing_table, to: {have_entry: 10.0.0.1/8}}",
        "MatcherArgumentError",
        ["10.0.0.1/8 has host bits set"],
    ),
    "only with something": (
        "{expect: {file: /x}, to: {be_mounted: {only_with: {kind: xfs}}}}",
        "MatcherArgumentError",
        ["device, type, options", "kind"],
    ),
    "argument and its alias": (
        "{expect: {port: 80}, to: {be_listening: {with: tcp, protocol: udp}}}",
        "MatcherArgumentError",
        ["protocol is given twice"],
    ),
    "unknown argument in a chain": (
        "{expect: {host: x}, to: {be_reachable: {with: {prot: tcp}}}}",
        "MatcherArgumentError",
        ["expected a whole number", "prot"],
    ),
    "rule": (
        '{expect: iptables, to: {have_rule: "-j \'ACCEPT"}}',
        "MatcherArgumentError",
        ["expected a rule as iptables -S prints it: no closing quotation"],
    ),
    "part of a line": (
        "{expect: {cron: root}, to: {have_entry: /usr/bin/backup}}",
        "MatcherArgumentError",
        ["five fields or an @word, and a command", "'/usr/bin/backup'"],
    ),
    "provider": (
        "{expect: {package: {name: x, provider: snap}}, to: be_installed}",
        "MatcherArgumentError",
        ["one of apt, dpkg, rpm", "'snap'"],
    ),
    "version without quotes": (
        "{expect: {package: x}, to: {be_installed: 1.10}}",
        "YamlTrap",
        ["number 1.1", "quote it"],
    ),
    "value that is no word of the property": (
        "{expect: {file: /x}, its: {type: folder}}",
        "MatcherArgumentError",
        ["one of file, directory", "'folder'"],
    ),
}


@pytest.mark.parametrize(("text", "kind", "words"), BAD_INPUT.values(), ids=BAD_INPUT)
def test_is_told(text: str, kind: str, words: list[str]) -> None:
    (problem,) = problems_of(text)
    assert problem.kind == kind
    assert [word for word in words if word not in problem.message] == []


def test_a_resource_of_a_server_is_not_one_of_aws() -> None:
    (problem,) = problems_of("{expect: {package: x}, to: be_installed}", aws=True)
    assert problem.kind == "UnknownResource"
    assert "'package' is a resource of server_spec" in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "{expect: {service: [nginx, getty@tty1, 'cron.service', 'a-b_c.d:e']}, to: be_running}",
        "{expect: {host: x}, to: {be_reachable: {with: {port: 22, proto: tcp, timeout: 3}}}}",
        "{expect: {file: /x}, to: {be_mounted: {with: {type: xfs, options: [rw]}}}}",
        "{expect: {package: x}, to: {be_installed: {by: pip, with_version: '1.0'}}}",
        "{expect: {cron: x}, to: {have_entry: {entry: '* * * * * x', with_user: root}}}",
        "{expect: iptables, to: {have_rule: {rule: '-j DROP', with_table: filter, with_chain: INPUT}}}",
        "{expect: selinux, to: {be_enforcing: {with_policy: mls}}}",
        "{expect: {service: x}, to: {be_enabled: {with_level: 3}}}",
        "{expect: {file: /x}, to: {contain: {text: a, from: ^b, to: ^c}}}",
        "{expect: {linux_kernel_parameter: a.b}, its: {value: 1}}",
        "{expect: {yumrepo: epel}, to: be_enabled}",
        "{expect: {interface: eth0}, to: {have_ipv4_address: 10.0.0.1/24}}",
        "{expect: {file: /x}, its: {mode: 'u=rw,g=r,o=r'}}",
    ],
)
def test_what_serverspec_chains_is_accepted(text: str) -> None:
    assert problems_of(text) == []


def test_every_problem_is_one_short_sentence() -> None:
    for text, _kind, _words in BAD_INPUT.values():
        (problem,) = problems_of(text)
        assert len(problem.message) < 400
        assert "\n" not in problem.message
        assert "Traceback" not in problem.message


def test_the_table_tells_both_what_is_known_and_what_was_meant() -> None:
    told: t.Any = problems_of("{expect: {pakcage: x}, to: exist}")[0]
    assert "did you mean package?" in told.message
    assert all(word in told.message for word in SERVER.resources)


@pytest.mark.parametrize(
    "node",
    [
        "{expect: {value: hunter2}, to: {eq: x}}",
        "{it: x, expect: {value: [hunter2, y]}, to: {eq: x}}",
        "{expect: {command: 'login hunter2'}, its: {exit_status: 0}}",
        "{expect: {http: 'http://x/?token=hunter2'}, its: {status: 200}}",
        "{describe: {command: 'login hunter2'}, examples: [{its: {exit_status: 0}}]}",
        "{it: x, expect: {command: ['login hunter2', b]}, expectations: [{its: {exit_status: 0}}]}",
        "{it: x, expectations: [{expect: {value: hunter2}, to: {eq: x}}]}",
    ],
)
def test_the_subject_of_a_sensitive_example_is_not_told_when_it_can_be_the_secret(node: str) -> None:
    problems = Problems()
    spec = [{**yaml.safe_load(node), "sensitive": True}]
    examples = Grammar(SERVER, problems, lambda *_ignored: []).read([Document(spec, Place())])
    assert problems.found == []
    for example in examples:
        outcome = {"status": "failed", "duration": 0.0, "checks": [{"status": "failed", "got": HIDDEN}]}
        assert "hunter2" not in str(combined(example, outcome))
    assert "hunter2" in str(examples[0]["checks"][0]["name"]), "who evaluates it needs to know"


def test_a_password_in_a_url_is_never_told() -> None:
    (example,) = Grammar(SERVER, Problems(), lambda *_ignored: []).read(
        [Document(yaml.safe_load("[{expect: {http: 'http://ann:hunter2@x/y'}, its: {status: 200}}]"), Place())]
    )
    outcome = {"status": "passed", "duration": 0.0, "checks": [{"status": "passed"}]}
    told = combined(example, outcome)
    assert "hunter2" not in str(told)
    assert told["checks"][0]["name"] == "http://x/y"
    assert example["full_description"] == "http http://x/y status is 200"
