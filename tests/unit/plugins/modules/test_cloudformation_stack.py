# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.converge import Outcome
from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import Change, Event, Stack
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.modules import cloudformation_stack as module

BODY = "Parameters: {S: {Type: String, NoEcho: true}, P: {Type: String}}\nResources: {A: {Type: T}}"


def options(**given: t.Any) -> dict[str, t.Any]:
    return {**{name: spec.get("default") for name, spec in module.ARGUMENTS.items()}, "name": "s", **given}


def test_options_become_what_is_wanted() -> None:
    wanted = module.desired(options(template_body=BODY, parameters={"P": ["a", 1]}, tags={"n": 5}))
    assert (wanted.parameters, wanted.tags, wanted.termination_protection) == ({"P": "a,1"}, {"n": "5"}, None)


def test_a_template_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "t.yml"
    file.write_text(BODY)
    assert module.desired(options(template=str(file))).template_body == BODY


def test_a_template_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=r"nowhere\.yml cannot be read"):
        module.desired(options(template=str(tmp_path / "nowhere.yml")))


def test_a_deletion_needs_no_template() -> None:
    assert module.desired(options(state="absent")).template is None


def test_given_secrets_are_hidden_everywhere() -> None:
    wanted = module.desired(options(template_body=BODY, parameters={"S": "correct horse", "P": "open"}))
    assert module.secrets(wanted) == {"correct horse"}


def test_the_result_is_plain_data() -> None:
    outcome = Outcome(
        changed=True,
        stack=Stack("arn", "s", "UPDATE_COMPLETE", outputs={"Url": "u"}),
        changes=[Change("Modify", "A", "T", "a-1", "False")],
        events=[Event("1", "now", "A", "a-1", "T", "UPDATE_COMPLETE", "", None, False)],
        before={"Values": {"P": "a"}},
        after={"Values": {"P": "b"}},
    )
    result = module.render(outcome)
    assert result["outputs"] == result["stack"]["outputs"] == {"Url": "u"}
    assert result["changes"][0]["replacement"] == "False"
    assert result["events"][0]["status"] == "UPDATE_COMPLETE"
    assert result["diff"] == {
        "before": "Values:\n  P: a\n",
        "after": "Changes:\n- 'Modify A (T), replacement: False'\nValues:\n  P: b\n",
    }


def test_no_change_has_no_diff() -> None:
    assert module.render(Outcome())["diff"] == {"before": "", "after": ""}


def test_every_option_is_documented_with_its_default_and_shown_in_an_example() -> None:
    documented = yaml.safe_load(module.DOCUMENTATION)["options"]
    shown = {name for task in yaml.safe_load(module.EXAMPLES) for name in task.get("containerci.aws." + NAME, {})}
    own = {name: spec for name, spec in module.ARGUMENTS.items() if name not in ("tags", "purge_tags")}
    assert set(documented) == set(own)
    assert {name: spec.get("default") for name, spec in documented.items()} == {
        name: spec.get("default") for name, spec in own.items()
    }
    assert set(module.ARGUMENTS) <= shown


def test_everything_that_is_returned_is_documented() -> None:
    returned = yaml.safe_load(module.RETURN)
    result = module.render(Outcome(stack=Stack("arn", "s", "CREATE_COMPLETE")))
    assert set(result) - {"changed", "diff"} <= set(returned)
    assert set(result["stack"]) == set(returned["stack"]["contains"])


NAME = "cloudformation_stack"
