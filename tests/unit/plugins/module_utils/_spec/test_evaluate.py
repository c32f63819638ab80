# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of examples: the six outcomes, waiting, limits, and what is told."""

from __future__ import annotations

import time
import typing as t

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._spec.evaluate import Evaluation, Options
from ansible_collections.containerci.aws.plugins.module_utils._spec.values import VALUE_MATCHERS
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Unsupported,
    Verdict,
    Vocabulary,
    its,
    matcher,
)


class World:
    """A source that changes each time it is forgotten."""

    def __init__(self) -> None:
        self.reads = 0
        self.forgotten = 0

    def forget(self) -> None:
        self.forgotten += 1


class Thing(Resource):
    """Its name says what happens to who looks at it."""

    word = "thing"

    @matcher()
    def be_good(self) -> Verdict:
        self.world.reads += 1
        if self.name == "unreadable":
            raise CannotTell("permission denied: /thing", "/thing")
        if self.name == "unsupported":
            raise Unsupported("no things on this system")
        if self.name == "broken":
            raise ZeroDivisionError("oops")
        if self.name == "stuck":
            time.sleep(30)
        if self.name == "odd":
            return Verdict(False, "caf\udce9 \ud800 \x1b[31m\n", "/th\udcffing", ["-\x00", "+caf\xe9"])
        if self.name == "bad and no more":
            return Verdict(False, self.complain)
        if self.name == "late":
            return Verdict(self.world.forgotten >= 2, f"forgotten {self.world.forgotten} times")
        return Verdict(self.name == "good", f"it is {self.name}", "/thing")

    @its()
    def size(self) -> int:
        return 3

    def complain(self) -> str:
        raise CannotTell("permission denied: /why")


class Unprepared(Thing):
    word = "unprepared"

    @classmethod
    def prepare(cls, subjects: t.Any, world: t.Any) -> None:
        raise ZeroDivisionError("oops")


class Remote(Thing):
    word = "remote"
    slow = True

    @matcher()
    def answer(self) -> Verdict:
        time.sleep(0.2)
        return Verdict(True)


class Running(Thing):
    word = "running"
    needs_running_system = True


VOCABULARY = Vocabulary([Thing, Remote, Running, Unprepared], VALUE_MATCHERS)


def check(name: str, negated: bool = False, resource: str = "thing", word: str = "be_good") -> dict[str, t.Any]:
    matcher = {"word": word, "arguments": {}}
    parts = {"resource": resource, "name": name, "parameters": {}, "property": None}
    return {**parts, "negated": negated, "matcher": matcher}


def example(*checks: dict[str, t.Any], **node: t.Any) -> dict[str, t.Any]:
    return {"skip": None, "pending": None, "eventually": None, "sensitive": False, **node, "checks": list(checks)}


def evaluate(*examples: dict[str, t.Any], world: World | None = None, **options: t.Any) -> list[dict[str, t.Any]]:
    return Evaluation(VOCABULARY, world or World(), Options(**options)).run(examples)


@pytest.mark.parametrize(
    ("name", "negated", "status"),
    [
        ("good", False, "passed"),
        ("bad", False, "failed"),
        ("unreadable", False, "error"),
        ("good", True, "failed"),
        ("bad", True, "passed"),
        ("unreadable", True, "error"),
        ("broken", False, "error"),
        ("broken", True, "error"),
        ("unsupported", True, "error"),
    ],
)
def test_outcome_of_one_check(name: str, negated: bool, status: str) -> None:
    (outcome,) = evaluate(example(check(name, negated)))
    assert outcome["status"] == status


@pytest.mark.parametrize(
    ("names", "pending", "status"),
    [
        (["good", "bad"], None, "failed"),
        (["good", "unreadable"], None, "error"),
        (["bad", "unreadable"], None, "failed"),
        (["bad"], "ticket 7", "pending"),
        (["unreadable"], "ticket 7", "pending"),
        (["good", "good"], "ticket 7", "fixed"),
        ([], None, "pending"),
    ],
)
def test_outcome_of_an_example(names: list[str], pending: str | None, status: str) -> None:
    (outcome,) = evaluate(example(*map(check, names), pending=pending))
    assert outcome["status"] == status
    assert (outcome.get("reason") or "") == (pending or ("" if names else "not yet implemented"))


def test_an_error_tells_what_was_tried() -> None:
    (outcome,) = evaluate(example(check("unreadable", negated=True)))
    assert outcome["checks"] == [{"status": "error", "got": "permission denied: /thing", "source": "/thing"}]


def test_a_passed_example_tells_what_was_found_only_when_asked() -> None:
    assert "got" not in evaluate(example(check("good")))[0]["checks"][0]
    assert evaluate(example(check("good")), details=True)[0]["checks"][0]["got"] == "it is good"


def test_a_skipped_example_reads_nothing() -> None:
    world = World()
    (outcome,) = evaluate(example(check("good"), skip="not here"), world=world)
    assert (outcome["status"], outcome["reason"], world.reads) == ("skipped", "not here", 0)


def test_what_this_system_does_not_have_is_skipped_on_demand() -> None:
    (outcome,) = evaluate(example(check("unsupported")), on_unsupported="skip")
    assert (outcome["status"], outcome["reason"]) == ("skipped", "no things on this system")


def test_what_needs_a_running_system_is_skipped_offline() -> None:
    (outcome,) = evaluate(example(check("good", resource="running")), offline=True)
    assert (outcome["status"], outcome["reason"]) == ("skipped", "offline")


def test_one_example_never_stops_the_others() -> None:
    outcomes = evaluate(*(example(check(name)) for name in ("broken", "unreadable", "bad", "good")))
    assert [outcome["status"] for outcome in outcomes] == ["error", "error", "failed", "passed"]


def test_a_resource_that_cannot_be_prepared_does_not_stop_the_others() -> None:
    outcomes = evaluate(example(check("good", resource="unprepared", negated=True)), example(check("good")))
    assert [outcome["status"] for outcome in outcomes] == ["error", "passed"]
    assert outcomes[0]["checks"][0]["got"] == "ZeroDivisionError: oops"


def test_a_failure_that_cannot_be_explained_is_still_one() -> None:
    (outcome,) = evaluate(example(check("bad and no more")))
    assert outcome["checks"] == [{"status": "failed", "got": "permission denied: /why"}]


def test_what_is_told_can_be_printed_anywhere() -> None:
    (outcome,) = evaluate(example(check("odd")))
    (told,) = outcome["checks"]
    assert told["got"] == "caf\\udce9 \\ud800 \\x1b[31m\n"
    assert told["source"] == "/th\\xffing"
    assert told["diff"] == ["-\\x00", "+caf\xe9"]


def test_sensitive_examples_hide_what_was_found() -> None:
    for name in ("bad", "unreadable"):
        (outcome,) = evaluate(example(check(name), sensitive=True))
        assert outcome["checks"][0]["got"] == "VALUE HIDDEN"


def test_eventually_reads_again_until_it_is_true() -> None:
    world = World()
    examples = [example(check("late"), eventually={"timeout": 5.0, "delay": 0.01}), example(check("bad"))]
    outcomes = evaluate(*examples, world=world)
    assert [outcome["status"] for outcome in outcomes] == ["passed", "failed"]
    assert world.forgotten == 2


def test_eventually_gives_up_at_its_time() -> None:
    (outcome,) = evaluate(example(check("bad"), eventually={"timeout": 0.05, "delay": 0.02}))
    assert (outcome["status"], outcome["checks"][0]["got"]) == ("failed", "it is bad")


def test_an_example_that_is_stuck_is_given_up() -> None:
    outcomes = evaluate(example(check("stuck", negated=True)), example(check("good")), timeout=0.05)
    assert [outcome["status"] for outcome in outcomes] == ["error", "passed"]
    assert "gave up after 0.05 s" in outcomes[0]["checks"][0]["got"]


@pytest.mark.parametrize(
    ("options", "statuses", "reason"),
    [
        ({"fail_fast": True}, ["failed", "skipped", "skipped"], "not run: fail_fast was reached"),
        ({"max_failures": 2}, ["failed", "failed", "skipped"], "not run: max_failures 2 was reached"),
        ({}, ["failed", "failed", "failed"], None),
    ],
)
def test_failures_stop_the_rest_on_demand(options: dict[str, t.Any], statuses: list[str], reason: str | None) -> None:
    outcomes = evaluate(*[example(check("bad"))] * 3, **options)
    assert [outcome["status"] for outcome in outcomes] == statuses
    assert outcomes[2].get("reason") == reason


def test_waiting_ends_when_max_time_is_over() -> None:
    begin = time.monotonic()
    evaluate(example(check("bad"), eventually={"timeout": 30.0, "delay": 0.02}), max_time=0.1)
    assert time.monotonic() - begin < 5


def test_what_is_left_when_max_time_is_over_is_an_error() -> None:
    outcomes = evaluate(example(check("stuck")), example(check("good")), timeout=0.05, max_time=0.01)
    assert [outcome["status"] for outcome in outcomes] == ["error", "error"]
    assert "max_time" in outcomes[1]["reason"]


def test_what_waits_for_others_waits_side_by_side_and_keeps_its_place() -> None:
    examples = [example(check(str(number), resource="remote", word="answer")) for number in range(4)]
    begin = time.monotonic()
    outcomes = evaluate(*examples, example(check("bad")), forks=4)
    assert [outcome["status"] for outcome in outcomes] == ["passed"] * 4 + ["failed"]
    assert time.monotonic() - begin < 0.7


def test_a_property_is_compared_with_value_matchers() -> None:
    wrong = {**check("good"), "property": "size", "matcher": {"word": "eq", "arguments": {"value": 4}}}
    (outcome,) = evaluate(example(wrong))
    assert (outcome["status"], outcome["checks"][0]["got"]) == ("failed", "3")
