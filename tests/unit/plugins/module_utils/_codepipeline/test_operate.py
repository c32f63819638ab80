# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

import pytest
from unit.plugins.module_utils._codepipeline.scripted import ID, OTHER, Data, ScriptedPipeline, run, snapshot

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Overtaken
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import Snapshot
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.operate import Manner, Operator
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.operations import Request
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.waiters import Follower
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

DECLARATION: Data = {"stages": [{"name": "Source", "actions": []}, {"name": "Live", "actions": []}]}
BUILDING = snapshot(run("Build/Test", "InProgress"))
DONE = snapshot(run("Build/Test", "Succeeded"), status="Succeeded")
FAILED = snapshot(run("Build/Test", "Failed", error_code="JobFailed", error_message="Red"), status="Failed")


class Operated(ScriptedPipeline):
    """A pipeline that can be started, stopped and retried; refusals come first."""

    def __init__(self, *scenes: Snapshot, known: t.Sequence[Data] = (), **more: t.Any) -> None:
        super().__init__(*scenes, **{"declaration": DECLARATION, **more})
        self.known = list(known)
        self.written: list[tuple[t.Any, ...]] = []
        self.refusals: list[t.Callable[[], None]] = []

    def executions(self, _pipeline: str) -> t.Iterator[Data]:
        self.calls.append("ListPipelineExecutions")
        return iter(self.known)

    def start(self, _pipeline: str, token: str, **options: t.Any) -> str:
        return self._write("start", token, options)

    def stop(self, _pipeline: str, execution_id: str, abandon: bool, reason: str) -> None:
        self._write("stop", execution_id, abandon, reason)

    def retry(self, _pipeline: str, stage: str, execution_id: str, mode: str) -> str:
        return self._write("retry", stage, execution_id, mode)

    def _write(self, *what: t.Any) -> str:
        if self.refusals:
            self.refusals.pop(0)()
            raise Overtaken("Too late.")
        self.written.append(what)
        return ID


def operator(api: Operated, timeout: float = 60, manner: Manner | None = None, **request: t.Any) -> Operator:
    fake: t.Any = api
    follower = Follower(fake, "shop", api.patience(timeout))
    return Operator(fake, follower, Request("shop", **request), manner or Manner())


def test_a_start_is_followed_to_its_end() -> None:
    outcome = operator(Operated(BUILDING, DONE)).started()
    assert (outcome.changed, outcome.snapshot) == (
        True,
        Snapshot(ID, DONE.runs, {"pipelineExecutionId": ID, **DONE.execution}),
    )


def test_each_start_has_a_token_of_its_own() -> None:
    api = Operated(DONE)
    operator(api).started()
    operator(api).started()
    assert len({token for _, token, _ in api.written}) == 2
    assert "ListPipelineExecutions" not in api.calls


@pytest.mark.parametrize(("known", "changed"), [([{"pipelineExecutionId": ID}], False), ([], True)])
def test_a_token_that_is_known_starts_nothing(known: list[Data], changed: bool) -> None:
    outcome = operator(Operated(DONE, known=known), token="release-1").started()
    assert (outcome.changed, bool(outcome.plan.sentence)) == (changed, changed)


def test_only_what_is_given_is_sent() -> None:
    api = Operated(DONE, declaration={**DECLARATION, "variables": [{"name": "a"}]})
    operator(api, variables={"a": "b"}).started()
    assert api.written[0][2] == {"variables": [{"name": "a", "value": "b"}]}


def test_a_failure_fails_with_all_that_happened() -> None:
    with pytest.raises(CollectionError, match="failed in stage Build, action Test: JobFailed: Red") as caught:
        operator(Operated(BUILDING, FAILED)).started()
    outcome = caught.value.details["outcome"]
    assert (outcome.changed, outcome.snapshot.runs) == (True, FAILED.runs)


def test_a_time_out_tells_which_execution_goes_on() -> None:
    with pytest.raises(CollectionError, match="has not ended after 5 s") as caught:
        operator(Operated(BUILDING), timeout=5).started()
    assert caught.value.details["outcome"].snapshot.id == ID
    assert caught.value.details["outcome"].changed


@pytest.mark.parametrize("check", [True, False])
def test_the_newest_execution_is_awaited(check: bool) -> None:
    api = Operated(DONE, known=[{"pipelineExecutionId": ID, "status": "Succeeded"}])
    outcome = operator(api, manner=Manner(check=check)).awaited()
    assert outcome.snapshot is not None
    assert (outcome.changed, outcome.snapshot.status, api.written) == (False, "Succeeded", [])


def test_check_mode_does_not_wait() -> None:
    api = Operated(BUILDING, known=[{"pipelineExecutionId": ID, "status": "InProgress"}])
    operator(api, manner=Manner(check=True)).awaited()
    assert api.pauses == []


def test_a_pipeline_that_never_ran_cannot_be_awaited_but_stopped() -> None:
    with pytest.raises(CollectionError, match="has never run"):
        operator(Operated(DONE)).awaited()
    outcome = operator(Operated(DONE)).stopped()
    assert (outcome.changed, outcome.snapshot) == (False, None)


def test_a_stopped_execution_does_not_fail_the_task() -> None:
    api = Operated(BUILDING, snapshot(status="Stopped"))
    outcome = operator(api, execution_id=ID, abandon=True, reason="Hangs").stopped()
    assert outcome.changed
    assert api.written == [("stop", ID, True, "Hangs")]


def test_an_execution_that_ends_before_it_is_stopped_is_no_change() -> None:
    api = Operated(BUILDING)
    api.refusals.append(lambda: api.scenes.__setitem__(0, DONE))
    outcome = operator(api, execution_id=ID).stopped()
    assert (outcome.changed, outcome.plan.sentence, api.written) == (False, "", [])


RED = {"stageStates": [{"stageName": "Build", "latestExecution": {"pipelineExecutionId": ID, "status": "Failed"}}]}


def test_a_retry_that_aws_refuses_for_good_is_asked_once() -> None:
    api = Operated(FAILED, state=RED)
    api.refusals += [lambda: None] * 3
    with pytest.raises(CollectionError, match="Too late"):
        operator(api).retried()
    assert len(api.refusals) == 2


@pytest.mark.parametrize(
    ("state", "expected"), [("started", "InProgress"), ("retried", "InProgress"), ("stopped", "Stopping")]
)
def test_without_waiting_the_task_ends_at_once(state: str, expected: str) -> None:
    known = [{"pipelineExecutionId": ID, "status": "InProgress"}]
    api = Operated(FAILED, state=RED, known=known)
    outcome = getattr(operator(api, manner=Manner(wait=False)), state)()
    assert (outcome.snapshot.status, api.pauses) == (expected, [])


def test_the_reason_of_a_stop_is_found() -> None:
    known = [{"pipelineExecutionId": OTHER}, {"pipelineExecutionId": ID, "stopTrigger": {"reason": "It hangs"}}]
    with pytest.raises(CollectionError, match="was stopped: It hangs"):
        operator(Operated(snapshot(status="Stopped"), known=known), execution_id=ID).awaited()
