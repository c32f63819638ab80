# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is generated is a spec that the server it comes from passes, always in the same words."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml
from unit.plugins.module_utils._spec.generate.small_server import FILES, LINKS, build, choice, host
from unit.plugins.module_utils._spec.server.machine import name_service

from ansible_collections.containerci.aws.plugins.module_utils._spec.evaluate import Evaluation, Options
from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.server import gather
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.generate import writing
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.generate.build import Detail, spec
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.grammar import Grammar
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import Place, Problems
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.source import Document


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("server")
    build(place, FILES, LINKS)
    return place


def generated(root: Path, detail: Detail, **options: t.Any) -> str:
    facts, _notes = gather(host(root), choice(**options))
    return writing.text(spec(facts, detail))


@pytest.mark.parametrize("level", ["minimal", "standard", "full"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"from": ["nginx", "jboss"]},
        {"files": ["/etc/*", "/etc/nginx/*"], "checksums": True, "services": ["*"], "packages": ["*"], "users": ["*"]},
    ],
)
def test_it_passes_at_once(root: Path, level: str, options: dict[str, t.Any]) -> None:
    detail = Detail(level, versions=True, checksums=True)
    with name_service(root):
        text = generated(root, detail, **options)
        problems = Problems()
        nodes = yaml.safe_load(text)
        examples = Grammar(VOCABULARY, problems, lambda *_ignored: []).read([Document(nodes, Place())])
        outcomes = Evaluation(VOCABULARY, host(root), Options()).run(examples)
    assert problems.found == []
    assert len(examples) > 8
    assert [found for found in outcomes if found["status"] != "passed"] == []


def test_it_is_the_same_twice(root: Path) -> None:
    with name_service(root):
        first, second = (generated(root, Detail("full"), **{"from": None}) for _ in range(2))
    assert first == second
