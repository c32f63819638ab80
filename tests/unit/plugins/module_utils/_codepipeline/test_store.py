# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several tasks and people change one pipeline at the same time, and nothing of anybody is lost."""

from __future__ import annotations

import itertools
import threading
import typing as t

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Pipeline
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.converge import Converger, Outcome, Wish
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import (
    MASK,
    action_from,
    approval_from,
)
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.stages import Position, Request, names, plan
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

Data = dict[str, t.Any]
SOURCE = action_from(
    {
        "name": "Code",
        "category": "Source",
        "owner": "ThirdParty",
        "provider": "GitHub",
        "output_artifacts": ["Code"],
        "configuration": {"Repo": "app"},
    }
)


def stage(name: str, **configuration: str) -> Data:
    return {"name": name, "actions": [{**approval_from({}, name), "configuration": configuration}]}


def pipeline(*stages: Data, **fields: t.Any) -> Data:
    source = {"name": "Source", "actions": [SOURCE]}
    return {"name": "app", "version": 1, "pipelineType": "V2", **fields, "stages": [source, *stages]}


class Versions:
    """A pipeline as AWS keeps it: every version there ever was, writes without any condition."""

    def __init__(self, first: Data) -> None:
        self.history = [first]
        self.before_write: t.Iterator[t.Callable[[Data], Data] | None] = iter(())

    @property
    def latest(self) -> Data:
        return self.history[-1]

    def pipeline(self, _name: str, version: int | None = None) -> Pipeline:
        found = self.latest if version is None else self.history[version - 1]
        return Pipeline(found, {"pipelineArn": "arn:aws:codepipeline:eu-central-1:123456789012:app"})

    def edit(self, change: t.Callable[[Data], Data]) -> None:
        """What a person does in the console: no time passes between reading and writing."""
        self.history.append({**change(self.latest), "version": len(self.history) + 1})

    def update_pipeline(self, declaration: Data) -> Data:
        change = next(self.before_write, None)
        if change:
            self.edit(change)
        self.history.append({**declaration, "version": len(self.history) + 1})
        return self.latest


def adding(name: str) -> t.Callable[[Data], Data]:
    return lambda found: {**found, "stages": [*found["stages"], stage(name)]}


def setting(name: str, **configuration: str) -> t.Callable[[Data], Data]:
    def change(found: Data) -> Data:
        return {**found, "stages": [stage(name, **configuration) if s["name"] == name else s for s in found["stages"]]}

    return change


def wish(name: str, **options: t.Any) -> Wish:
    return Wish("app", Request(name, approval=approval_from({}, name), **options))


def run(aws: t.Any, wanted: Wish) -> Outcome:
    return Converger(aws, wanted).run()


def test_a_write_that_nobody_disturbs_is_one_write() -> None:
    aws = Versions(pipeline(stage("Live")))
    outcome = run(aws, wish("Ask", position=Position("before", "Live")))
    assert (outcome.version, len(aws.history), outcome.warnings) == (2, 2, [])
    assert names(aws.latest["stages"]) == ["Source", "Ask", "Live"]


def test_an_edit_between_reading_and_writing_is_kept() -> None:
    aws = Versions(pipeline(stage("Live")))
    aws.before_write = iter([adding("Theirs")])
    outcome = run(aws, wish("Ask"))
    assert names(aws.latest["stages"]) == ["Source", "Live", "Theirs", "Ask"]
    assert (outcome.version, outcome.changes) == (4, ["Add stage Ask after stage Theirs."])
    assert names(outcome.before) == ["Source", "Live", "Theirs"]
    assert "(version 2); that was kept, and version 4 holds both" in outcome.warnings[0]


@pytest.mark.parametrize("field", ["executionMode", "variables", "fieldOfTheFuture"])
def test_an_edit_outside_of_the_stages_is_kept(field: str) -> None:
    aws = Versions(pipeline(stage("Live")))
    aws.before_write = iter([lambda found: {**found, field: [{"name": "a"}]}, lambda found: {**found, "other": 1}])
    run(aws, wish("Ask"))
    assert (aws.latest[field], aws.latest["other"]) == ([{"name": "a"}], 1)


def test_a_write_that_the_sdk_repeated_is_no_edit_of_somebody_else() -> None:
    aws = Versions(pipeline(stage("Live")))
    aws.before_write = iter([adding("Ask")])
    outcome = run(aws, wish("Ask"))
    assert (outcome.version, len(aws.history), outcome.warnings) == (3, 3, [])


def test_if_the_task_is_impossible_on_top_of_the_edit_at_least_the_edit_stays() -> None:
    aws = Versions(pipeline(stage("Live"), stage("Other")))
    aws.before_write = iter([lambda found: {**found, "stages": [s for s in found["stages"] if s["name"] != "Live"]}])
    with pytest.raises(CollectionError, match=r"kept as version 4; .* before names stage Live, which does not exist"):
        run(aws, wish("Ask", position=Position("before", "Live")))
    assert names(aws.latest["stages"]) == ["Source", "Other"]


def test_two_edits_of_one_stage_that_cannot_be_joined_are_named() -> None:
    aws = Versions(pipeline(stage("Live", CustomData="a")))
    aws.before_write = iter([setting("Live", CustomData="b"), setting("Live", CustomData="c")])
    with pytest.raises(CollectionError, match=r"Version 4 .* Others changed stage Live in different ways"):
        run(aws, wish("Ask"))


def test_somebody_who_never_stops_ends_the_task_with_the_version_that_is_missing() -> None:
    aws = Versions(pipeline(stage("Live")))
    aws.before_write = (adding(f"Theirs{number}") for number in itertools.count())
    with pytest.raises(CollectionError, match=r"Version 16 of pipeline app, .* is not in the pipeline now"):
        run(aws, wish("Ask"))


def test_a_secret_that_the_edit_brings_is_not_overwritten_by_its_mask() -> None:
    def masking(found: Data) -> Data:
        masked = {**SOURCE, "configuration": {"Repo": "app", "OAuthToken": MASK}}
        return {**found, "stages": [{"name": "Source", "actions": [masked]}, *found["stages"][1:]]}

    aws = Versions(pipeline(stage("Live")))
    aws.before_write = iter([masking])
    with pytest.raises(CollectionError, match=r"Version 2 .* give its value in secrets\.Code\.OAuthToken"):
        run(aws, wish("Ask"))
    assert MASK not in str(aws.latest)


others = st.lists(
    st.builds(stage, st.sampled_from(["Live", "X", "Y", "Z"]), CustomData=st.sampled_from(["a", "b"])),
    min_size=1,
    unique_by=lambda each: each["name"],
)


@given(others, others, st.sampled_from(["QUEUED", "SUPERSEDED"]))
def test_whatever_the_edit_is_it_is_kept_as_it_is(before: list[Data], theirs: list[Data], mode: str) -> None:
    aws = Versions(pipeline(*before))
    wanted = pipeline(*theirs, executionMode=mode, fieldOfTheFuture=[1])
    aws.before_write = iter([lambda _found: wanted])
    run(aws, wish("Ask", position=Position("after", "Source")))
    source, asked, *rest = aws.latest["stages"]
    assert {**aws.latest, "stages": [source, *rest], "version": 1} == wanted
    assert asked["name"] == "Ask"


class Turns:
    """Turns of the clients: each makes one call to AWS and waits until it is chosen again."""

    def __init__(self, clients: list[t.Callable[[t.Callable[[], None]], None]]) -> None:
        self._clients = clients
        self._go = [threading.Semaphore(0) for _client in clients]
        self._waits = threading.Semaphore(0)
        self._alive = set(range(len(clients)))

    def _client(self, number: int) -> None:
        def turn() -> None:
            self._waits.release()
            self._go[number].acquire()

        try:
            self._clients[number](turn)
        finally:
            self._alive.discard(number)
            self._waits.release()

    def play(self, choices: t.Iterable[int]) -> None:
        for number in range(len(self._clients)):
            threading.Thread(target=self._client, args=(number,), daemon=True).start()
            self._waits.acquire()
        for choice in itertools.chain(choices, itertools.repeat(0)):
            if not self._alive:
                return
            self._go[sorted(self._alive)[choice % len(self._alive)]].release()
            self._waits.acquire()


class InTurns:
    """The same pipeline for one client, which waits for its turn before each call."""

    def __init__(self, aws: Versions, turn: t.Callable[[], None]) -> None:
        self._aws = aws
        self._turn = turn

    def __getattr__(self, name: str) -> t.Callable[..., t.Any]:
        def call(*arguments: t.Any) -> t.Any:
            self._turn()
            return getattr(self._aws, name)(*arguments)

        return call


WISHES = [
    wish("A", position=Position("before", "Live")),
    wish("B"),
    wish("C", position=Position("after", "Source")),
    Wish("app", Request("Old", present=False)),
    Wish("app", Request("Live", approval=approval_from({"custom_data": "new"}, "Live"))),
]


@settings(max_examples=150, deadline=None)
@given(st.permutations(WISHES), st.integers(1, 3), st.lists(st.integers(0, 2), max_size=20))
def test_three_at_the_same_time(wishes: list[Wish], tasks: int, choices: list[int]) -> None:
    """So many tasks, and people for the rest, in any order of their calls."""
    aws = Versions(pipeline(stage("Old"), stage("Live")))

    def task(wanted: Wish) -> t.Callable[[t.Callable[[], None]], None]:
        return lambda turn: t.cast(None, run(InTurns(aws, turn), wanted))

    def person(name: str) -> t.Callable[[t.Callable[[], None]], None]:
        def work(turn: t.Callable[[], None]) -> None:
            turn()
            aws.edit(adding(name))

        return work

    people = ["X", "Y"][: 3 - tasks]
    Turns([*map(task, wishes[:tasks]), *map(person, people)]).play(choices)
    assert set(people) <= set(names(aws.latest["stages"]))
    for wanted in wishes[:tasks]:
        in_place = Request(wanted.stage.name, wanted.stage.present, approval=wanted.stage.approval)
        assert plan(aws.latest["stages"], in_place).changes == ()
