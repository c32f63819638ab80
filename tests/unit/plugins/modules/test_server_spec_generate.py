# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation of server_spec_generate tells all of it."""

from __future__ import annotations

import re

import yaml

from ansible_collections.containerci.aws.plugins.modules import server_spec_generate as module
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.generate.build import ATTRIBUTES

DOCUMENTED = yaml.safe_load(module.DOCUMENTATION)["options"]
COMPARED = ("type", "elements", "choices", "default")


def test_the_options_are_documented_as_they_are() -> None:
    assert {name: {key: option.get(key) for key in COMPARED} for name, option in DOCUMENTED.items()} == {
        name: {key: option.get(key) for key in COMPARED} for name, option in module.ARGUMENTS.items()
    }


def test_every_option_is_in_an_example() -> None:
    tasks = yaml.safe_load(module.EXAMPLES)
    used = {name for task in tasks for name in task.get("containerci.aws.server_spec_generate", {})}
    assert used == set(module.ARGUMENTS)


def test_the_attributes_that_can_be_excluded_are_documented() -> None:
    said = set(re.findall(r"C\((\w+\.\w+)\)", " ".join(DOCUMENTED["exclude_attributes"]["description"])))
    known = {f"{word}.{name}" for word, levels in ATTRIBUTES.items() for names in levels.values() for name in names}
    assert said == known | {"package.version", "file.sha256sum"}
