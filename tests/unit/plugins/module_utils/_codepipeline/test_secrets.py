# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import secrets
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import MASK

Data = dict[str, t.Any]


def action(name: str = "Code", **configuration: str) -> Data:
    return {"name": name, "configuration": configuration}


def pipeline(*actions: Data, stage: str = "Source") -> Data:
    return {"stages": [{"name": stage, "actions": list(actions)}, {"name": "Live", "actions": [{"name": "Deploy"}]}]}


MASKED = pipeline(action(Repo="app", OAuthToken=MASK))


@pytest.mark.parametrize("key", ["Code", "Source/Code"])
def test_masks_are_filled_and_nothing_else_is_touched(key: str) -> None:
    filled = secrets.filled(MASKED, {key: {"OAuthToken": "t0k3n", "Repo": "other"}})
    assert filled == pipeline(action(Repo="app", OAuthToken="t0k3n"))
    assert MASK in str(MASKED)


def test_the_stage_decides_between_actions_of_one_name() -> None:
    known = {"Code": {"OAuthToken": "a"}, "Source/Code": {"OAuthToken": "b"}}
    assert secrets.filled(MASKED, known) == pipeline(action(Repo="app", OAuthToken="b"))
    elsewhere = pipeline(action(OAuthToken=MASK), stage="Other")
    assert secrets.filled(elsewhere, known) == pipeline(action(OAuthToken="a"), stage="Other")


def test_a_mask_without_its_secret_is_asked_for() -> None:
    (finding,) = secrets.missing(MASKED, {"Code": {"Repo": "x"}})
    assert finding.startswith("Stage Source, action Code: AWS shows OAuthToken as **** and would store that; give")
    assert secrets.missing(MASKED, {"Code": {"OAuthToken": "x"}}) == []


def test_a_secret_for_an_action_that_there_is_not_is_a_typing_error() -> None:
    assert secrets.unknown(MASKED, {"Code": {}, "Source/Code": {}, "Live/Deploy": {}}) == []
    assert secrets.unknown(MASKED, {"Cod": {}}) == [
        "secrets names action Cod, which the pipeline does not have; it has Code, Deploy."
    ]


@pytest.mark.parametrize(
    ("wanted", "given", "masked", "known"),
    [
        (action(Repo="app", OAuthToken="t"), {}, action(Repo="app", OAuthToken=MASK), {"OAuthToken": "t"}),
        (action(Repo="app"), {"Code": {"Key": "k"}}, action(Repo="app", Key=MASK), {"Key": "k"}),
        (action(OAuthToken=MASK), {}, action(OAuthToken=MASK), {}),
        (action(OAuthToken="old"), {"Code": {"OAuthToken": "new"}}, action(OAuthToken=MASK), {"OAuthToken": "new"}),
        (action(OAuthToken=""), {}, action(OAuthToken=""), {}),
        ({"name": "Code"}, {"Code": {"Key": "k"}}, {"name": "Code"}, {"Key": "k"}),
    ],
)
def test_what_is_planned_and_shown_has_masks_only(wanted: Data, given: Data, masked: Data, known: Data) -> None:
    actions, everything = secrets.split("Source", [wanted], given)
    assert actions == (masked,)
    assert secrets.of_action(everything, "Source", "Code") == known
