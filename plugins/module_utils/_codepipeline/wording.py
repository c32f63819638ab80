# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

# What happens in an execution, in words: the progress of a task and its last sentence.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.executions import Run, Snapshot
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data

#: a line of progress and its outcome
Line = tuple[str, str]

_OUTCOMES = {"InProgress": "running", "Succeeded": "ok"}
_CONDITIONS = {
    "beforeEntryConditionState": "before_entry",
    "onSuccessConditionState": "on_success",
    "onFailureConditionState": "on_failure",
}


# Progress


def lines(before: Snapshot, now: Snapshot) -> list[Line]:
    """What is new: a stage is named when it begins, before its actions, and when it ends, after them."""
    seen = {(run.id, run.status) for run in before.runs}
    entered = before.stages()
    found: list[Line] = []
    for stage, status in now.stages().items():
        line = [(f"{stage}: {status}", _outcome(status))] if entered.get(stage) != status else []
        changed = [run for run in now.runs if run.stage == stage and (run.id, run.status) not in seen]
        actions = [_line(run) for run in changed]
        found += [*line, *actions] if status == "InProgress" else [*actions, *line]
    return found


def overview(now: Snapshot) -> list[Line]:
    """How far an execution has come: its stages, and the actions that have not succeeded."""
    found: list[Line] = []
    for stage, status in now.stages().items():
        actions = [_line(run) for run in now.latest.values() if run.stage == stage and run.status != "Succeeded"]
        found += [(f"{stage}: {status}", _outcome(status)), *actions]
    return found


def _outcome(status: str) -> str:
    return _OUTCOMES.get(status, "note" if status == "Skipped" else "failed")


def _line(run: Run) -> Line:
    details = [run.status]
    if run.is_running and run.is_approval:
        details += ["waits for an approval", run.configuration.get("CustomData", "")]
    elif run.status == "Failed":
        details += [cause(run)]
    elif run.seconds is not None:
        details += [f"{run.seconds:g} s"]
    return f"{run.place}: {', '.join(filter(None, details))}", _outcome(run.status)


# Where an execution stands


def standing(snapshot: Snapshot, state: Data | None = None) -> str:
    """What an execution is doing, as the rest of a sentence that begins with it."""
    if not snapshot.is_running:
        return f"has ended with status {snapshot.status}"
    pending = [run.place for run in snapshot.pending()]
    active = [run.place for run in snapshot.running() if not run.is_approval]
    parts = [f"runs {', '.join(active)}"] if active else []
    parts += [f"waits for the approval {', '.join(pending)}"] if pending else []
    return " and ".join(parts) or waiting(snapshot.id, state or {}) or "is between two actions"


def waiting(execution_id: str, state: Data) -> str:
    """Before which stage an execution stands, and why it cannot enter."""
    for stage in state.get("stageStates", []):
        inbound = [stage.get("inboundExecution", {}), *stage.get("inboundExecutions", [])]
        if execution_id not in [entry.get("pipelineExecutionId") for entry in inbound]:
            continue
        return f"stands before stage {stage['stageName']}, {_obstacle(stage)}"
    return ""


def _obstacle(stage: Data) -> str:
    transition, inside = stage.get("inboundTransitionState", {}), stage.get("latestExecution", {})
    if not transition.get("enabled", True):
        return f"whose transition is disabled ({transition.get('disabledReason', 'no reason given')})"
    if inside.get("status") in ("InProgress", "Stopping"):
        return f"in which execution {inside['pipelineExecutionId']} is"
    return "which it may enter"


# How it ended


def cause(run: Run) -> str:
    """Why an action failed: its error, or what its summary says, and where to read more."""
    said = (run.error_message or run.summary or "no reason is given").rstrip(".")
    if run.is_approval and run.by:
        text = f"rejected by {run.by}: {said}"
    else:
        text = f"{run.error_code}: {said}" if run.error_code else said
    return f"{text} ({run.url})" if run.url else text


def ending(pipeline: str, snapshot: Snapshot, state: Data | None = None, reason: str = "") -> str:
    """The sentence about an execution that did not succeed."""
    subject = f"Execution {snapshot.id} of pipeline {pipeline}"
    summary = str(snapshot.execution.get("statusSummary") or "").rstrip(".")
    if snapshot.status == "Failed":
        text = f"{subject} failed {_where(snapshot, state or {}, summary)}."
    elif snapshot.status == "Stopped":
        text = f"{subject} was stopped: {(reason or summary or 'no reason was given').rstrip('.')}."
    elif snapshot.status == "Superseded":
        text = f"{subject} was superseded by a newer one{f' ({summary})' if summary else ''}."
    else:
        text = f"{subject} was cancelled, because the pipeline was changed while it ran; start a new one."
    done = snapshot.succeeded()
    return f"{text} Succeeded before that: {', '.join(done)}." if done else f"{text} Nothing had succeeded before."


def _where(snapshot: Snapshot, state: Data, summary: str) -> str:
    failures = [f"in stage {run.stage}, action {run.action}: {cause(run)}" for run in snapshot.culprits()]
    failures = failures or list(_conditions(snapshot.id, state))
    return "; and ".join(failures) or (f"without a failed action: {summary}" if summary else "without a failed action")


def _conditions(execution_id: str, state: Data) -> t.Iterator[str]:
    """The conditions that held an execution up."""
    for stage in state.get("stageStates", []):
        if stage.get("latestExecution", {}).get("pipelineExecutionId") != execution_id:
            continue
        for key, option in _CONDITIONS.items():
            condition = stage.get(key, {})
            if condition.get("latestExecution", {}).get("status") in ("Failed", "Errored"):
                rules = "; ".join(_rules(condition)) or condition["latestExecution"].get("summary", "no reason given")
                yield f"at the condition {option} of stage {stage['stageName']}: {rules}"


def _rules(condition: Data) -> t.Iterator[str]:
    for entry in condition.get("conditionStates", []):
        for rule in entry.get("ruleStates", []):
            latest = rule.get("latestExecution", {})
            if latest.get("status") == "Failed":
                said = latest.get("errorDetails", {}).get("message") or latest.get("summary") or "failed"
                yield f"rule {rule['ruleName']}: {said}"
