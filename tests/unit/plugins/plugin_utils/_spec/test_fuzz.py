# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever stands in a spec: its problems are told, nothing else is ever raised."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry import VOCABULARY as AWS
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY as SERVER
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Matcher, Resource, Vocabulary
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.grammar import (
    EXAMPLE_KEYS,
    GROUP_KEYS,
    INCLUDE_KEYS,
    Grammar,
)
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.inherited import COMMON_KEYS
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import Place, Problems
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.source import Document

WORDS = [
    *["package", "port", "vpc", "selinux", "be_installed", "eq", "all", "exist", "mode", "name", "glob", "content"],
    *["tcp", "/etc/app.conf", "0644", "u=rw", "root", "10.0.0.1", "10.0.0.0/8", "fe80::1", "http://x/", "(", "", "1.0"],
]
scalars = st.one_of(st.sampled_from(WORDS), st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6))
keys = st.one_of(st.sampled_from([*WORDS, "protocol", "address", "at_least"]), st.booleans(), st.integers())
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
    max_leaves=8,
)


def called(known: t.Mapping[str, Matcher]) -> st.SearchStrategy[t.Any]:
    """Matchers of these, with arguments of their names or with anything."""

    def arguments(matcher: Matcher) -> st.SearchStrategy[t.Any]:
        names = st.sampled_from([*matcher.arguments, *matcher.aliases, "nonsense"])
        named = st.dictionaries(names, anything, min_size=1, max_size=4)
        return st.one_of(anything, named, st.builds(lambda alias, inner: {alias: inner}, names, named))

    def one(word: str) -> st.SearchStrategy[t.Any]:
        return st.one_of(st.just(word), st.builds(lambda given: {word: given}, arguments(known[word])))

    each = st.sampled_from(sorted(known)).flatmap(one) if known else anything
    return st.one_of(each, st.lists(each, max_size=3), st.sampled_from(["be_enforcing", "have_tag", "be_instaled"]))


def paths(resource: type[Resource]) -> st.SearchStrategy[t.Any]:
    steps = st.sampled_from(["", ".a", "[0]", "[*].b", "[", "['x']", "..", "[-1]"])
    names = st.sampled_from([*resource.properties, "nonsense"])
    return st.builds(lambda name, *more: name + "".join(more), names, steps, steps)


def subject(word: str, resource: type[Resource]) -> st.SearchStrategy[t.Any]:
    parameters = st.dictionaries(st.sampled_from(["name", "x", *resource.parameters]), anything, max_size=4)
    named = st.builds(lambda name: {word: name}, st.one_of(scalars, st.lists(scalars, max_size=3), parameters))
    return st.one_of(named, st.just(word)) if resource.name_kind is None else named


def expectation(vocabulary: Vocabulary) -> st.SearchStrategy[t.Any]:
    """Expectations that are nearly right."""

    def about(word: str) -> st.SearchStrategy[t.Any]:
        resource = vocabulary[word]
        values = called(vocabulary.values)
        table = st.dictionaries(paths(resource), st.one_of(values, anything), min_size=1, max_size=3)
        to = st.sampled_from(["to", "not_to", "to_not"])
        return st.one_of(
            st.builds(lambda s, key, m: {"expect": s, key: m}, subject(word, resource), to, called(resource.matchers)),
            st.builds(
                lambda s, p, key, m: {"expect": s, "its": p, key: m},
                subject(word, resource),
                paths(resource),
                to,
                values,
            ),
            st.builds(lambda s, its: {"expect": s, "its": its}, subject(word, resource), table),
            st.builds(lambda s: {"expect": s}, st.one_of(subject(word, resource), anything)),
        )

    return st.sampled_from(sorted(vocabulary.resources)).flatmap(about)


def nodes(vocabulary: Vocabulary) -> st.SearchStrategy[t.Any]:
    """Whole specs."""
    checks = expectation(vocabulary)
    all_keys = [*dict.fromkeys([*GROUP_KEYS, *EXAMPLE_KEYS, *COMMON_KEYS, *INCLUDE_KEYS])]

    def node(children: st.SearchStrategy[t.Any]) -> st.SearchStrategy[t.Any]:
        values = {"examples": children, "expectations": st.lists(checks, max_size=2)}
        return st.fixed_dictionaries({}, optional={key: values.get(key, anything) for key in all_keys})

    leaf = st.one_of(checks, node(anything))
    tree = st.recursive(leaf, lambda inner: node(st.lists(inner, max_size=3)), max_leaves=5)
    return st.one_of(st.lists(checks, min_size=3, max_size=8), st.lists(tree, max_size=4), anything)


@pytest.mark.parametrize(
    ("vocabulary", "specs"), [(SERVER, nodes(SERVER)), (AWS, nodes(AWS))], ids=["server_spec", "aws_spec"]
)
def test_a_spec_is_read_or_its_problems_are_told(vocabulary: Vocabulary, specs: st.SearchStrategy[t.Any]) -> None:
    reached: set[str] = set()

    @settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
    @given(spec=specs)
    def read(spec: t.Any) -> None:
        problems = Problems()
        examples = Grammar(vocabulary, problems, lambda *_ignored: [], regions=vocabulary is AWS).read(
            [Document(spec, Place())]
        )
        assert all(problem.kind and problem.message for problem in problems.found)
        assert all(example["id"] and example["full_description"] for example in examples)
        reached.update(problem.kind for problem in problems.found)
        reached.update("valid" for example in examples if example["checks"])

    wanted = {"valid", "UnknownProperty" if vocabulary is SERVER else "UnknownMatcher"}
    # Chance may miss one of them, but not five times.
    for _attempt in range(5):
        read()
        if wanted <= reached:
            return
    pytest.fail(f"too far from a spec: only {sorted(reached)}")
