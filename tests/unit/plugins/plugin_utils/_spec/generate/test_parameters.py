# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of variables become templates."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.generate.parameters import parameterized, values

VARIABLES = {"inventory_hostname": "web01", "port": 8080, "facts.fqdn": "web01.example.org", "ip": "10.0.0.1"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("web01", "{{ inventory_hostname }}"),
        ("/etc/web01/web01.example.org.pem", "/etc/{{ inventory_hostname }}/web01.example.org.pem"),
        ("/etc/live/web01.example.org/key", "/etc/live/{{ facts.fqdn }}/key"),
        ("ping web01, then 10.0.0.1.", "ping {{ inventory_hostname }}, then {{ ip }}."),
        ("web010", "web010"),
        ("my-web01", "my-web01"),
        ("web01-old", "web01-old"),
        ("110.0.0.1", "110.0.0.1"),
        ("10.0.0.10", "10.0.0.10"),
        ("{{ web01 }}", "{{ web01 }}"),
        (8080, "{{ port }}"),
        ("0:8080", "0:{{ port }}"),
        (80, 80),
        (True, True),
        ({"web01": ["web01", 1]}, {"web01": ["{{ inventory_hostname }}", 1]}),
        ({"describe": "web01", "examples": []}, {"describe": "web01", "examples": []}),
    ],
)
def test_where_the_values_stand(value: t.Any, expected: t.Any) -> None:
    assert parameterized(value, VARIABLES) == expected
    assert parameterized(value, {}) == value


KNOWN = {"host": "web01", "facts": {"port": 80, "up": True, "list": [], "none": ""}}


def test_variables_are_looked_up_by_their_parts() -> None:
    assert values(["host", "facts.port"], KNOWN.__getitem__) == {"host": "web01", "facts.port": 80}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("x", "The option parameterize names the variable x, which is not defined."),
        ("facts.x", "The option parameterize names the variable facts.x, which is not defined."),
        ("host.x", "The option parameterize names the variable host.x, which is not defined."),
        ("facts.list", "names the variable facts.list; it has to be a text or a number, got list []."),
        ("facts.up", "names the variable facts.up; it has to be a text or a number, got boolean true."),
        ("facts.none", "names the variable facts.none; it has to be a text or a number, got text ''."),
        ("{{ x }}", "The option parameterize has '{{ x }}', which is no variable such as web_port."),
    ],
)
def test_what_cannot_be_a_template_is_told(name: str, message: str) -> None:
    with pytest.raises(CollectionError) as failure:
        values([name], KNOWN.__getitem__)
    assert message in failure.value.message
