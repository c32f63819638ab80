# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How executions move: each step is taken under the backend's lock; what takes time runs in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...processes import background, pause
from ...settings import settings
from . import gates, news
from .actions import perform
from .actions.work import Work
from .executions import ActionFailed, ActionRun, Execution, Outcome, StageRun
from .pipelines import Pipeline
from .queues import may_enter, supersede
from .references import Unresolved, resolved

if TYPE_CHECKING:
    from .backend import CodePipelineBackend

LONGEST_TIMER = 86_400.0  # nobody waits for a timeout of days in a double: no thread for it


class Engine:
    def __init__(self, backend: CodePipelineBackend) -> None:
        self.backend = backend

    def later(self, seconds: float, work: Callable[[], object]) -> None:
        """Do something in a thread of its own, after a while."""

        def run() -> None:
            pause(seconds)
            work()

        if seconds <= LONGEST_TIMER:
            background(run)

    def start(self, pipeline: Pipeline, execution: Execution) -> Execution:
        execution.number = len(pipeline.executions)
        pipeline.executions[execution.id] = execution
        self.pump(pipeline)
        return execution

    def abandon(self, pipeline: Pipeline) -> None:
        """Leave off all executions of a pipeline that is deleted."""
        for execution in pipeline.executions.values():
            _abandon_actions(execution)
            execution.end("Stopped")

    def pump(self, pipeline: Pipeline) -> None:
        """Move the executions of a pipeline as far as they go."""
        while any(self._step(pipeline, execution) for execution in list(pipeline.executions.values())):
            pass
        news.tell(pipeline)

    def _step(self, pipeline: Pipeline, execution: Execution) -> bool:
        """Take one step; tell whether one was taken."""
        if not execution.is_running:
            return False
        if not execution.entered:
            return self._enter(pipeline, execution)
        if execution.stage.gate:
            return False
        if execution.stopping == "abandon":
            return self._abandon(execution)
        return self._act(pipeline, execution)

    def _enter(self, pipeline: Pipeline, execution: Execution) -> bool:
        if execution.stopping or execution.outdated:
            execution.end("Stopped" if execution.stopping else "Cancelled")
            return True
        if not may_enter(pipeline, execution):
            return supersede(pipeline, execution)
        stage = execution.stage
        execution.entered, stage.status = True, "InProgress"
        pipeline.latest[stage.name] = execution
        if "beforeEntry" in stage.declaration and execution.type == "STANDARD":
            gates.evaluate(self, pipeline, execution, "beforeEntry")
        return True

    def _abandon(self, execution: Execution) -> bool:
        _abandon_actions(execution)
        execution.stage.status = "Stopped"
        execution.end("Stopped")
        return True

    def _act(self, pipeline: Pipeline, execution: Execution) -> bool:
        stage = execution.stage
        running = [run for run in stage.actions if run.status == "InProgress"]
        if execution.stopping:
            stage.status = "Stopping"
        if running:
            return False
        if any(run.status in ("Failed", "Abandoned") for run in stage.actions):
            gates.stage_failed(self, pipeline, execution)
        elif execution.stopping or execution.outdated:
            stage.status = "Stopped" if execution.stopping else "Cancelled"
            execution.end(stage.status)
        elif any(not run.status for run in stage.actions):
            self._start_next(pipeline, execution, stage)
        else:
            gates.actions_succeeded(self, pipeline, execution)
        return True

    def _start_next(self, pipeline: Pipeline, execution: Execution, stage: StageRun) -> None:
        order = min(run.order for run in stage.actions if not run.status)
        for run in stage.actions:
            if run.order == order and not run.status:
                run.begin()
                execution.history.append(run)
                self._start_action(pipeline, execution, run)

    def _start_action(self, pipeline: Pipeline, execution: Execution, run: ActionRun) -> None:
        try:
            run.configuration = resolved(run.declaration["configuration"], execution.namespaces)
            run.inputs = [execution.artifact(artifact["name"]) for artifact in run.declaration["inputArtifacts"]]
        except Unresolved as error:
            run.end(ActionFailed(str(error), "ConfigurationError").outcome)
            return
        except ActionFailed as failure:
            run.end(failure.outcome)
            return
        self.later(settings.codepipeline_delay, lambda: perform(Work(self, pipeline, execution, run)))

    def finish(self, pipeline: Pipeline, execution: Execution, run: ActionRun, outcome: Outcome) -> bool:
        """End an action, unless it has ended otherwise in the meantime."""
        with self.backend.lock:
            if run.status != "InProgress":
                return False
            run.end(outcome)
            if outcome.status == "Succeeded":
                execution.artifacts.update({artifact.name: artifact for artifact in run.outputs})
                if "namespace" in run.declaration:
                    execution.namespaces[run.declaration["namespace"]] = outcome.variables
            self.pump(pipeline)
            return True

    def leave(self, pipeline: Pipeline, execution: Execution, status: str) -> None:
        """Go on behind a stage that is done with."""
        execution.stage.status = status
        is_last = execution.index + 1 == len(execution.stages) or execution.type == "ROLLBACK"
        if execution.stopping:
            execution.end("Stopped")
        elif is_last:
            execution.end("Succeeded")
        else:
            execution.index, execution.entered = execution.index + 1, False


def _abandon_actions(execution: Execution) -> None:
    for run in execution.history:
        if run.status == "InProgress":
            run.end(Outcome("Abandoned"))
