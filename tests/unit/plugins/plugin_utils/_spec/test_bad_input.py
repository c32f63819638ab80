# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything that can be wrong with a spec is told before anything runs, in words that help."""

from __future__ import annotations

import typing as t

import pytest

BAD_INPUT = {
    "unknown resource": (
        "- {expect: {pakcage: x}, to: exist}",
        "UnknownResource",
        ["unknown resource 'pakcage'", "did you mean package", "port, route, selinux"],
    ),
    "resource of the other module": (
        "- {expect: {vpc: main}, to: exist}",
        "UnknownResource",
        ["'vpc' is a resource of aws_spec"],
    ),
    "unknown matcher": (
        "- {expect: {package: x}, to: be_instaled}",
        "UnknownMatcher",
        ["be_instaled", "did you mean be_installed", "package has: be_installed"],
    ),
    "matcher of another resource": (
        "- {expect: {user: x}, to: be_listening}",
        "MatcherNotApplicable",
        ["be_listening applies to port, socket"],
    ),
    "value matcher without a property": (
        "- {expect: {package: x}, to: {match: y}}",
        "MatcherNotApplicable",
        ["match compares a property", "its", "version"],
    ),
    "matcher of the subject for a property": (
        "- {expect: {file: /x}, its: mode, to: {be_mode: '0644'}}",
        "MatcherNotApplicable",
        ["be_mode is a matcher of file itself", "leave its out"],
    ),
    "unknown property": (
        "- {expect: {file: /x}, its: owne, to: {eq: x}}",
        "UnknownProperty",
        ["'owne'", "did you mean owner", "content_as_json, mode, owner"],
    ),
    "unknown property in a table": (
        "- {expect: {file: /x}, its: {owne: x}}",
        "UnknownProperty",
        ["did you mean owner"],
    ),
    "path that is none": (
        "- {expect: {file: /x}, its: 'mode..x', to: {eq: x}}",
        "UnknownProperty",
        ["'mode..x' is not a property path", "unexpected '..x'"],
    ),
    "wrong argument name": (
        "- {expect: {port: 80}, to: {be_listening: {adress: 127.0.0.1}}}",
        "MatcherArgumentError",
        ["no argument 'adress'", "did you mean address", "protocol", "strict"],
    ),
    "missing argument": ("- {expect: {user: x}, to: have_uid}", "MatcherArgumentError", ["have_uid needs uid"]),
    "argument for a matcher without": (
        "- {expect: {file: /x}, to: {exist: 1}}",
        "MatcherArgumentError",
        ["takes no argument", "number 1"],
    ),
    "number for a word": (
        "- {expect: {port: 80}, to: {be_listening: 6}}",
        "MatcherArgumentError",
        ["expected one of tcp, tcp6, udp, udp6", "number 6"],
    ),
    "text for a number": (
        "- {expect: {user: x}, to: {have_uid: root}}",
        "MatcherArgumentError",
        ["expected a whole number", "text 'root'"],
    ),
    "word that is not in the set": (
        "- {expect: {port: 80}, to: {be_listening: sctp}}",
        "MatcherArgumentError",
        ["tcp, tcp6, udp, udp6", "'sctp'"],
    ),
    "invalid address": (
        "- {expect: {port: 80}, to: {be_listening: {address: 127.0.0.1.2}}}",
        "MatcherArgumentError",
        ["'127.0.0.1.2' does not appear to be an IPv4 or IPv6 address"],
    ),
    "invalid regular expression": (
        "- {expect: {file: /x}, its: owner, to: {match: 'a(b'}}",
        "MatcherArgumentError",
        ["'a(b'", "unterminated subpattern at position 1"],
    ),
    "port out of range": (
        "- {expect: {port: 70000}, to: be_listening}",
        "MatcherArgumentError",
        ["from 1 to 65535", "70000"],
    ),
    "invalid network": (
        "- {expect: {route: x}, to: {have_target: 10.0.0.1/8}}",
        "MatcherArgumentError",
        ["10.0.0.1/8 has host bits set"],
    ),
    "path that is relative": ("- {expect: {file: etc/x}, to: exist}", "MatcherArgumentError", ["absolute path"]),
    "limits in the wrong order": (
        "- {expect: {value: 1}, to: {be_between: [3, 2]}}",
        "MatcherArgumentError",
        ["3 is above 2"],
    ),
    "limit of a version": (
        "- {expect: {package: x}, to: {be_installed: {version: {atleast: '1'}}}}",
        "MatcherArgumentError",
        ["atleast", "at_least"],
    ),
    "octal mode": ("- {expect: {file: /x}, to: {be_mode: 0644}}", "YamlTrap", ["number 420", "quote it: '0644'"]),
    "decimal mode": ("- {expect: {file: /x}, to: {be_mode: 644}}", "YamlTrap", ["number 644", "quote it: '0644'"]),
    "mode as a property": ("- {expect: {file: /x}, its: {mode: 0600}}", "YamlTrap", ["number 384", "quote it: '0600'"]),
    "float version": ("- {expect: {package: x}, its: {version: 1.10}}", "YamlTrap", ["number 1.1", "quote it"]),
    "boolean for text": ("- {expect: {file: /x}, its: owner, to: {eq: no}}", "YamlTrap", ["boolean", "quote it: 'no'"]),
    "key on": (
        "- {expect: {port: 80}, to: {be_listening: {on: 127.0.0.1}}}",
        "YamlTrap",
        ["'on' as true", "address (an IP address)"],
    ),
    "key on for a matcher": ("- {expect: {port: 80}, to: {on: 127.0.0.1}}", "YamlTrap", ["true", "be_listening"]),
    "time of day": ("- {expect: {file: /x}, its: {owner: 12:30:45}}", "YamlTrap", ["number 45045", "quote it"]),
    "double quotes": ('- {expect: {file: /x}, its: {owner: {match: "\\d+"}}}', "SpecSyntaxError", ["escape"]),
    "matcher that is a boolean": ("- {expect: {file: /x}, to: yes}", "YamlTrap", ["expected a matcher", "{eq: ...}"]),
    "nothing expected": ("- {expect: {package: x}}", "MissingMatcher", ["to, not_to", "its"]),
    "empty expectation": ("- {it: x, expectations: [{}]}", "MissingSubject", ["no subject"]),
    "empty table": ("- {expect: {package: x}, its: {}}", "MissingMatcher", ["table of properties is empty"]),
    "no subject": ("- {to: exist}", "MissingSubject", ["no subject"]),
    "two resources": ("- {expect: {package: x, port: 3}, to: exist}", "SpecSyntaxError", ["package, port"]),
    "unknown key": ("- {expect: {file: /x}, too: exist}", "SpecSyntaxError", ["'too'", "did you mean to"]),
    "describe and context": (
        "- {describe: a, context: b, examples: [{it: works}]}",
        "SpecSyntaxError",
        ["either describe or context"],
    ),
    "group without examples": ("- {describe: a, examples: []}", "SpecSyntaxError", ["'a' has no examples"]),
    "table and to": (
        "- {expect: {file: /x}, its: {owner: a}, to: exist}",
        "SpecSyntaxError",
        ["to cannot stand beside"],
    ),
    "subject without a name": ("- {expect: package, to: be_installed}", "SpecSyntaxError", ["package needs a name"]),
    "name for a bare word": ("- {expect: {selinux: x}, to: be_enforcing}", "SpecSyntaxError", ["write only selinux"]),
    "unknown parameter": (
        "- {expect: {file: {globs: ['/x']}}, to: exist}",
        "MatcherArgumentError",
        ["no parameter 'globs'", "did you mean glob"],
    ),
    "spec that is a map": ("describe: x", "SpecSyntaxError", ["a list of groups and examples"]),
    "node that is text": ("- be_installed", "SpecSyntaxError", ["expected a group, an example or an include"]),
    "not YAML": ("- {a", "SpecSyntaxError", ["not YAML"]),
    "include of nothing": ("- include: missing.yml", "SpecSyntaxError", ["no spec file missing.yml"]),
    "include of itself": ("- include: web.yml", "SpecSyntaxError", ["includes itself"]),
    "severity": ("- {it: x, severity: huge}", "SpecSyntaxError", ["low, medium, high, critical"]),
    "eventually": ("- {it: x, eventually: {timout: 3}}", "MatcherArgumentError", ["'timout'", "timeout, delay"]),
    "tags": ("- {it: x, tags: {a: b}}", "SpecSyntaxError", ["tags is a list of texts"]),
}


@pytest.mark.parametrize(("text", "kind", "words"), BAD_INPUT.values(), ids=BAD_INPUT)
def test_is_told(text: str, kind: str, words: list[str], read: t.Callable[..., t.Any]) -> None:
    problems = read(text).problems
    assert [problem.kind for problem in problems] == [kind]
    assert [word for word in words if word not in problems[0].message] == []


def test_a_double_key_is_told_with_both_lines(read: t.Callable[..., t.Any]) -> None:
    (problem,) = read("- it: x\n  tags: [a]\n  tags: [b]\n").problems
    assert (problem.kind, problem.line) == ("SpecSyntaxError", 3)
    assert "line 2 and again in line 3" in problem.message


def test_all_problems_are_told_with_their_places(read: t.Callable[..., t.Any]) -> None:
    text = """
- describe: web site
  examples:
    - expect: {port: 80}
      to: {be_listening: sctp}
    - describe: {file: /etc/x}
      examples:
        - to: be_instaled
        - its: {mode: 644}
"""
    found = [(problem.line, problem.path, problem.word) for problem in read(text).problems]
    assert found == [
        (5, "web site > 1 > to > be_listening", "sctp"),
        (8, "web site > file /etc/x > 1 > to", "be_instaled"),
        (9, "web site > file /etc/x > 2 > its > mode > eq", "644"),
    ]


def test_a_problem_in_an_included_file_names_that_file(read: t.Callable[..., t.Any]) -> None:
    (problem,) = read("- include: other.yml\n", other="\n- {expect: {pakcage: x}, to: exist}\n").problems
    assert problem.file.endswith("/other.yml")
    assert problem.line == 2
