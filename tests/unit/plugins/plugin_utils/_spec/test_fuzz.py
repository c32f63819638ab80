# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever stands in a spec: its problems are told, nothing else is ever raised."""

from __future__ import annotations

import typing as t

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.containerci.aws.plugins.module_utils._spec.values import VALUE_MATCHERS
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.grammar import (
    COMMON_KEYS,
    EXAMPLE_KEYS,
    GROUP_KEYS,
    INCLUDE_KEYS,
)

RESOURCES = ["port", "file", "package", "user", "selinux", "value", "vpc", "nonsense"]
MATCHERS = ["be_listening", "exist", "be_mode", "be_installed", "have_uid", "be_enforcing", "nonsense"]
WORDS = [*RESOURCES, *MATCHERS, *VALUE_MATCHERS, "mode", "owner", "content_as_json[0].x", "name", "glob", "tcp", "/x"]

scalars = st.one_of(st.sampled_from(WORDS), st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6))
keys = st.one_of(st.sampled_from([*WORDS, "protocol", "address", "at_least"]), st.booleans(), st.integers())
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=8,
)
subjects = st.one_of(anything, st.dictionaries(st.sampled_from(RESOURCES), anything, min_size=1, max_size=1))
matchers = st.one_of(
    anything, st.dictionaries(st.sampled_from([*MATCHERS, *VALUE_MATCHERS]), anything, min_size=1, max_size=2)
)
NODE_KEYS = [*dict.fromkeys([*GROUP_KEYS, *EXAMPLE_KEYS, *COMMON_KEYS, *INCLUDE_KEYS])]


def node(children: st.SearchStrategy[t.Any]) -> st.SearchStrategy[t.Any]:
    values = {"expect": subjects, "describe": subjects, "to": matchers, "not_to": matchers}
    parts = {key: values.get(key, children if key == "examples" else anything) for key in NODE_KEYS}
    return st.fixed_dictionaries({}, optional=parts)


nodes = st.lists(
    st.recursive(node(anything), lambda inner: node(st.lists(inner, max_size=3)), max_leaves=5) | anything, max_size=4
)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(spec=st.one_of(nodes, anything))
def test_a_spec_is_read_or_its_problems_are_told(spec: t.Any, read_data: t.Callable[[t.Any], t.Any]) -> None:
    found = read_data(spec)
    for problem in found.problems:
        assert problem.message
        assert problem.kind
    for example in found.examples:
        assert example["id"]
        assert example["full_description"]
