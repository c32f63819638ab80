# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
import yaml

from ansible_collections.containerci.aws.plugins.doc_fragments._codepipeline_stage import ModuleDocFragment
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Pipeline
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.converge import Converger, Outcome
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import action_from
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.stages import Position
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.transition import Transition
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.modules import codepipeline_stage as module

NAME = "containerci.aws.codepipeline_stage"
TASKS = [task[NAME] for task in yaml.safe_load(module.EXAMPLES)]
DOCUMENTED = {
    **yaml.safe_load(module.DOCUMENTATION)["options"],
    **yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"],
}


def filled(options: t.Any, specs: dict[str, t.Any]) -> dict[str, t.Any]:
    """Options as Ansible hands them over: with defaults, also in suboptions."""
    values = {name: options.get(name, spec.get("default")) for name, spec in specs.items()}
    for name, spec in specs.items():
        if "options" in spec and values[name] is not None:
            value = values[name]
            values[name] = (
                [filled(each, spec["options"]) for each in value]
                if isinstance(value, list)
                else filled(value, spec["options"])
            )
    return values


def options(**given: t.Any) -> dict[str, t.Any]:
    return filled({"pipeline": "shop", "name": "Ask", **given}, module.ARGUMENTS)


class Shop:
    """The pipeline that the examples are about."""

    def pipeline(self, _name: str) -> Pipeline:
        token = {"Owner": "me", "Repo": "shop", "Branch": "main", "OAuthToken": "****"}
        source = {"name": "Source", "category": "Source", "owner": "ThirdParty", "provider": "GitHub"}
        code = action_from({**source, "configuration": token, "output_artifacts": ["Source"]})
        ask = action_from({"name": "Ask", "category": "Approval", "provider": "Manual"})
        stages = [{"name": "Source", "actions": [code]}]
        stages += [{"name": name, "actions": [ask]} for name in ("Staging", "ExploratoryTesting", "Production")]
        arn = "arn:aws:codepipeline:eu-central-1:123456789012:shop"
        return Pipeline({"name": "shop", "version": 1, "pipelineType": "V2", "stages": stages}, {"pipelineArn": arn})

    def state(self, _name: str) -> dict[str, t.Any]:
        return {}


def foresee(**given: t.Any) -> Outcome:
    secret = {"Source": {"OAuthToken": "t0k3n"}}
    wanted = module.wish(options(**{"secrets": secret, **given}))
    return Converger(t.cast(t.Any, Shop()), wanted, check=True).run()


@pytest.mark.parametrize("task", TASKS)
def test_the_examples_can_be_done(task: dict[str, t.Any]) -> None:
    assert foresee(**task).after


def test_every_option_is_documented_with_its_default_and_shown_in_an_example() -> None:
    assert set(DOCUMENTED) == set(module.ARGUMENTS)
    for name, spec in module.ARGUMENTS.items():
        assert DOCUMENTED[name].get("default") == spec.get("default")
    assert set(module.ARGUMENTS) - {"name"} <= {name for task in TASKS for name in task} | {"name"}


def test_suboptions_are_documented_as_they_are() -> None:
    def names(specs: dict[str, t.Any], key: str) -> set[str]:
        below = {f"{name}.{sub}" for name, spec in specs.items() for sub in names(spec.get(key) or {}, key)}
        return set(specs) | below

    assert names(DOCUMENTED, "suboptions") == names(module.ARGUMENTS, "options")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"before": "A"}, Position("before", "A")),
        ({"after": "A"}, Position("after", "A")),
        ({"position": "first"}, Position("first")),
    ],
)
def test_position(given: dict[str, t.Any], expected: Position | None) -> None:
    assert module.wish(options(**given)).stage.position == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, None),
        ({"transition": "enabled"}, Transition(True)),
        ({"transition": "disabled", "transition_reason": "Closed"}, Transition(False, "Closed")),
        ({"transition": "disabled", "state": "absent"}, None),
    ],
)
def test_transition(given: dict[str, t.Any], expected: Transition | None) -> None:
    assert module.wish(options(**given)).transition == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"transition": "enabled", "transition_reason": "x"}, "only of use with transition=disabled"),
        ({"transition": "disabled", "transition_reason": "a/b"}, "'a/b' has not"),
        ({"secrets": {"Code": ["x"]}}, r"secrets\.Code must be a dictionary"),
    ],
)
def test_bad_options(given: dict[str, t.Any], message: str) -> None:
    with pytest.raises(CollectionError, match=message):
        module.wish(options(**given))


def test_options_that_are_not_given_ask_for_nothing() -> None:
    wanted = module.wish(options()).stage
    assert (wanted.actions, wanted.approval, wanted.conditions) == (None, None, {})
    assert module.wish(options(before_entry={}, approval={})).stage.conditions == {"beforeEntry": {}}


def test_a_secret_among_the_actions_is_masked_in_the_plan() -> None:
    code = {"name": "Code", "category": "Source", "owner": "ThirdParty", "provider": "GitHub"}
    wanted = module.wish(options(actions=[{**code, "configuration": {"OAuthToken": "t0k3n"}}]))
    assert "t0k3n" not in str(wanted.stage)
    assert wanted.secrets == {"Ask/Code": {"OAuthToken": "t0k3n"}}


def test_everything_that_is_returned_is_documented() -> None:
    result = module.render(foresee(approval={}, transition="disabled"), "Ask")
    assert set(result) - {"changed", "diff"} <= set(yaml.safe_load(module.RETURN))
    assert (result["stage"]["name"], result["position"], result["transition"]["enabled"]) == ("Ask", 5, False)
