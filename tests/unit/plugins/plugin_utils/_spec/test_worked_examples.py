# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people want to say about servers is a valid spec, and means what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.grammar import Grammar
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import Place, Problems
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.source import Document

SPECS = yaml.safe_load((Path(__file__).parent / "worked_examples.yml").read_text())
EXAMPLES = {
    "web site responds on port 80 (tcp, tcp6, udp)": 5,
    "tomcat is installed, JBoss is not": 6,
    "the inside of an AMI": 8,
    "Jenkins server and its jobs": 6,
    "a file as a table": 7,
    "packages by variable": 2,
    "command output": 3,
    "users and groups": 4,
    "mounts": 5,
    "cron": 1,
    "kernel and network": 9,
    "process": 4,
    "hardening group with tags and severity": 3,
    "conditions and values": 2,
    "several expectations in one example": 1,
}


@pytest.mark.parametrize("title", SPECS)
def test_it_is_valid(title: str) -> None:
    problems = Problems()
    examples = Grammar(VOCABULARY, problems, lambda *_ignored: []).read([Document(SPECS[title], Place())])
    assert problems.found == []
    assert len(examples) == EXAMPLES[title]


def test_none_is_missing() -> None:
    assert set(SPECS) == set(EXAMPLES)
