# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The YAML of a spec is short, quotes only what needs it, and says the same as the data."""

from __future__ import annotations

import typing as t

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.containerci.aws.plugins.plugin_utils._spec.generate.writing import Template, flow, text

SPEC = [
    {
        "describe": "Packages",
        "examples": [
            {"expect": {"package": ["cron", "nginx"]}, "to": "be_installed"},
            {"expect": {"package": "app"}, "to": {"be_installed": "1.22.1-9+deb12u1"}},
        ],
    },
    {
        "describe": "Scheduled jobs",
        "examples": [
            {"expect": {"cron": "root"}, "to": {"have_entry": "*/5 * * * * it's"}},
            {"expect": {"file": [f"/etc/a/rather/long/path/{number}" for number in range(4)]}, "its": {"mode": "0644"}},
            {"expect": "selinux", "to": ["be_enforcing"]},
        ],
    },
]
TEXT = """\
- describe: Packages
  examples:
    - expect: {package: [cron, nginx]}
      to: be_installed
    - expect: {package: app}
      to: {be_installed: '1.22.1-9+deb12u1'}

- describe: Scheduled jobs
  examples:
    - expect: {cron: root}
      to: {have_entry: '*/5 * * * * it''s'}
    - expect:
        file:
          - /etc/a/rather/long/path/0
          - /etc/a/rather/long/path/1
          - /etc/a/rather/long/path/2
          - /etc/a/rather/long/path/3
      its: {mode: '0644'}
    - expect: selinux
      to: [be_enforcing]
"""


def test_a_person_would_write_it_like_this() -> None:
    assert text(SPEC) == TEXT
    assert yaml.safe_load(TEXT) == SPEC


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("nginx", "nginx"),
        ("/etc/nginx/nginx.conf", "/etc/nginx/nginx.conf"),
        ("net.ipv4.ip_forward", "net.ipv4.ip_forward"),
        ("Scheduled jobs", "Scheduled jobs"),
        ("127.0.0.1", "127.0.0.1"),
        ("no", "'no'"),
        ("Yes", "'Yes'"),
        ("1.10", "'1.10'"),
        ("0644", "'0644'"),
        ("1e3", "1e3"),
        ("12:30:45", "'12:30:45'"),
        ("2026-01-31", "'2026-01-31'"),
        ("null", "'null'"),
        ("~", "'~'"),
        ("", "''"),
        ("::1", "'::1'"),
        ("a: b", "'a: b'"),
        ("a #b", "'a #b'"),
        ("a,b", "'a,b'"),
        ("- a", "'- a'"),
        (" a", "' a'"),
        ("...", "'...'"),
        ("@daily x", "'@daily x'"),
        ("it's", "'it''s'"),
        ("{{ x }}", "!unsafe '{{ x }}'"),
        ("100 {# x", "!unsafe '100 {# x'"),
        (Template("{{ web_port }}"), "'{{ web_port }}'"),
        (80, "80"),
        (True, "true"),
        ({"mode": "u+x", "owner": "u"}, "{mode: 'u+x', owner: u}"),
    ],
)
def test_quotes_stand_where_they_are_needed(value: t.Any, written: str) -> None:
    assert flow(value) == written


class _Loader(yaml.SafeLoader):
    """Knows the one tag that is written."""


_Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
PRINTABLE = st.text(st.characters(blacklist_categories=("C", "Z")) | st.just(" "))
VALUES = st.recursive(
    PRINTABLE | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PRINTABLE, inner, max_size=3),
)


@given(VALUES)
def test_what_is_written_is_read_as_the_same(value: t.Any) -> None:
    assert yaml.load(flow(value), _Loader) == value
    assert yaml.load(f"- {{a: {flow(value)}}}\n", _Loader) == [{"a": value}]
    node = {"describe": "x", "examples": [{"expect": {"a": value}, "to": value}]}
    assert yaml.load(text([node]), _Loader) == [node]
