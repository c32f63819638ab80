# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No matcher stumbles over an argument that the grammar lets through: each gets each of many values."""

from __future__ import annotations

import re
import socket
import typing as t
from pathlib import Path
from unittest import mock

import pytest
from unit.plugins.module_utils._spec.server import machine

from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Resource
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.grammar import Grammar
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import Place, Problems
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.source import Document

Node = dict[str, t.Any]
VALUES = [
    *["", " ", "x", "root", "app", "tcp", "/", "/etc/app.conf", "0644", "u=rwxs,o=t", "127.0.0.1", "::1", "10.0.0.0/8"],
    *["1.0", "1:2~3-4+5", "%s{}'\"\\", "a\nb", "ä\x00\udcff", "a,b", "ssh-rsa AAAA", "* * * * * x", "'", "[", "(?i)a"],
    *[0, 1, -1, 80, 2**70, 1.5, float("nan"), True, None, [], ["x"], [["x"]], {}, {"x": 1}, {"at_least": "1"}],
    *[[1, 2], {"eq": 1}, [{"match": "a"}], "be_empty", "owner", "ftp"],
]
NAMES: dict[str, list[t.Any]] = {
    "port": [80, 81],
    "http": ["http://none.test/"],
    "command": ["true"],
    "interface": ["lo", "x"],
    "socket": ["/run/app.sock", "@x"],
    "file": ["/opt/text", "/etc", "/etc/loop", "/none", {"glob": "/etc/*"}, {"glob": "/*/[!a"}],
    "mount": ["/", "/none"],
    "config": ["/etc/app.conf", "/etc/app.json", {"path": "/opt/text", "format": "sshd"}],
    "x509_certificate": ["/etc/ssl/site.pem", "/etc/app.conf"],
    "kernel_parameter": ["vm.swappiness", ".."],
}
STUMBLED = re.compile(r"[A-Za-z.]*(Error|Exception|Iteration|Interrupt): ")


def nodes(word: str, resource: type[Resource], name: t.Any) -> t.Iterator[Node]:
    subject = {word: name} if name is not None else word
    for matcher in resource.matchers.values():
        yield {"expect": subject, "to": matcher.word}
        for argument in matcher.arguments:
            yield from ({"expect": subject, "to": {matcher.word: {argument: value}}} for value in VALUES)
    for path in resource.properties or ["server", "x"]:
        for steps in ("", ".x", "[0]", "[*]"):
            yield {"expect": subject, "its": path + steps, "to": {"eq": "x"}}
        for matcher in VOCABULARY.values.values():
            values = VALUES if matcher.word == "eq" or word == "value" else ["x", "1", 1, [1, 2]]
            yield from ({"expect": subject, "its": path, "to": {matcher.word: value}} for value in values)


def valid(spec: t.Iterable[Node]) -> list[dict[str, t.Any]]:
    examples: list[dict[str, t.Any]] = []
    for node in spec:
        problems = Problems()
        found = Grammar(VOCABULARY, problems, lambda *_ignored: []).read([Document([node], Place())])
        examples += [] if problems.found else found
    return examples


@pytest.mark.parametrize("word", sorted({resource.word for resource in VOCABULARY.resources.values()}))
def test_it_is_answered(word: str, root: Path) -> None:
    resource = VOCABULARY[word]
    names = [None] if resource.name_kind is None else NAMES.get(word, ["app", "\udcff"])
    examples = valid(node for name in names for node in nodes(word, resource, name))
    nobody = socket.gaierror(socket.EAI_AGAIN, "nobody is asked")
    with machine.name_service(root), mock.patch.object(socket, "getaddrinfo", side_effect=nobody):
        outcomes = machine.evaluate(machine.host(root, read_only=True), examples)
    assert len(outcomes) > len(resource.matchers) + len(resource.properties)
    stumbled = {
        f"{example['full_description']}: {check['got']}"
        for example, outcome in zip(examples, outcomes, strict=True)
        for check in outcome["checks"]
        if STUMBLED.match(check.get("got", ""))
    }
    assert stumbled == set()
