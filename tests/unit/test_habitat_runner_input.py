# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the runner of habitat_pipeline is given: user parameters, artifacts, continuation tokens."""

from __future__ import annotations

import typing as t

import pytest
from unit.habitat_world import BUILD, COMMAND, EXECUTION, JOB, NOW, TOKEN, Token, World, continuation, event


@pytest.fixture
def world() -> World:
    return World()


BAD_PARAMETERS = [
    ("", "must be a JSON object"),
    ("[]", "must be a JSON object"),
    ({"action": "Build-HabitatPackage", "execution": EXECUTION}, "lack timeout"),
    ({**BUILD, "token": "x"}, "must not have token"),
    ({**BUILD, "action": "rm -rf /"}, "the action 'rm -rf /' is not known; known are Stage-SourceCode, "),
    ({**BUILD, "execution": "latest"}, "must be #{codepipeline.PipelineExecutionId}, and is 'latest'"),
    ({**BUILD, "timeout": 5}, "the timeout is 5, but must be 30 to 36000 seconds"),
    ({**BUILD, "timeout": True}, "the timeout is True"),
    ({**BUILD, "timeout": "60"}, "the timeout is '60'"),
    ({**BUILD, "revision": 1}, "the revision must be a text"),
]


@pytest.mark.parametrize(("parameters", "words"), BAD_PARAMETERS)
def test_bad_user_parameters_are_a_mistake_of_the_configuration(world: World, parameters: t.Any, words: str) -> None:
    failure = world.fails().run(event(parameters))["failureDetails"]
    assert failure["type"] == "ConfigurationError"
    assert words in failure["message"]


def test_a_missing_artifact_is_named(world: World) -> None:
    failure = world.fails().run(event(artifacts="Source"))["failureDetails"]
    assert failure["message"] == "The action cannot be run: Build-HabitatPackage needs the artifact Package"


BAD_TOKENS = [
    (TOKEN.dump().replace('"v":1', '"v":2'), "has version 2, but this runner knows version 1 only"),
    ("{}", "has version None"),
    ("nothing", "is no JSON object"),
    ('{"v":1,"job":"x"}', "lacks something"),
    (TOKEN.dump().replace("Build-HabitatPackage", "Publish-HabitatPackage"), "belongs to Publish-HabitatPackage"),
]


@pytest.mark.parametrize(("token", "words"), BAD_TOKENS)
def test_a_token_of_another_version_or_action_is_refused(world: World, token: str, words: str) -> None:
    failure = world.fails().run(event(token=token))["failureDetails"]
    assert failure["type"] == "ConfigurationError"
    assert words in failure["message"]


def test_a_token_survives_its_round_trip_and_is_small() -> None:
    longest = Token(JOB, "Create-TestEnvironment", EXECUTION, NOW, NOW, 2, COMMAND, "i-" + "0" * 17)
    assert continuation.load(longest.dump()) == longest
    assert len(longest.dump()) < 2_048
