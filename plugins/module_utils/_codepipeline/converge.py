# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import functools
import typing as t
from dataclasses import dataclass, field

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import secrets as masks
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import stages as planning
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Api, Pipeline
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.secrets import Secrets
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.stages import Planned, Request
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.transition import (
    Transition,
    transition_from,
    wanted_transition,
)
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError


@dataclass(frozen=True)
class Wish:
    """Everything that a task wants of one stage."""

    pipeline: str
    stage: Request
    transition: Transition | None = None
    secrets: Secrets = field(default_factory=dict)


@dataclass
class Outcome:
    """What was done, or would be done in check mode."""

    before: list[Data]
    after: list[Data]
    version: int
    changes: list[str]
    warnings: list[str] = field(default_factory=list)
    is_stored: bool = False
    transition_before: Transition | None = None
    transition: Transition | None = None

    @property
    def changed(self) -> bool:
        return bool(self.changes) or self.is_stored


class Converger:
    """Brings one stage to the wanted state: reads, plans, and writes if something differs."""

    def __init__(self, api: Api, wish: Wish, check: bool = False) -> None:
        self._api = api
        self._wish = wish
        self._check = check

    def run(self) -> Outcome:
        """Bring the definition to the wanted state, and plan the transition."""
        read = self._api.pipeline(self._wish.pipeline)
        plan = self._plan(read.declaration, read.region)
        before, after = self._plan_transition(plan)
        outcome = self._stored(read, plan)
        outcome.transition_before, outcome.transition = before, after
        return outcome

    def turn(self, outcome: Outcome) -> None:
        """Enable or disable the transition if it is not as wanted."""
        wanted, pipeline, stage = outcome.transition, self._wish.pipeline, self._wish.stage.name
        if wanted is None or wanted == outcome.transition_before:
            return
        if not self._check and wanted.enabled:
            self._api.enable_transition(pipeline, stage)
        elif not self._check:
            self._api.disable_transition(pipeline, stage, wanted.reason or "")
        outcome.changes.append(f"{'Enable' if wanted.enabled else 'Disable'} the transition into stage {stage}.")

    def _plan(self, declaration: Data, region: str = "") -> Planned:
        plan = planning.plan(declaration["stages"], self._wish.stage)
        after = {**declaration, "stages": plan.stages}
        findings = [*plan.findings, *self._findings(declaration, after, region)]
        if findings:
            raise _refusal(self._wish.pipeline, findings)
        return Planned(declaration, after, plan.changes)

    def _findings(self, before: Data, after: Data, region: str) -> t.Iterator[str]:
        everything = {"stages": [*before["stages"], *after["stages"]]}
        yield from masks.unknown(everything, self._wish.secrets)
        if before != after:
            # Here, as with the store below, because most tasks find nothing to change.
            from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.structure import introduced

            yield from introduced(before, after, region)
            yield from masks.missing(after, self._wish.secrets)

    def _plan_transition(self, plan: Planned) -> tuple[Transition | None, Transition | None]:
        """The transition as it is and as it shall be."""
        name, wanted = self._wish.stage.name, self._wish.transition
        if wanted is None:
            return None, None
        is_there = planning.find(plan.before["stages"], name)
        current = transition_from(self._api.state(self._wish.pipeline) if is_there else {}, name)
        return current, wanted_transition(current, wanted)

    def _stored(self, read: Pipeline, plan: Planned) -> Outcome:
        version, warnings = read.version + bool(plan.changes), []
        if plan.changes and not self._check:
            from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.store import Store

            replan = functools.partial(self._plan, region=read.region)
            stored = Store(self._api, self._wish.secrets, replan).write(read, plan)
            plan, version = stored.plan, stored.version
            warnings = [_rescued(self._wish.pipeline, stored.rescued, version)] if stored.rescued else []
        ends = (plan.before["stages"], plan.after["stages"])
        return Outcome(*ends, version, list(plan.changes), warnings, version != read.version)


def _refusal(pipeline: str, findings: list[str]) -> CollectionError:
    if len(findings) == 1:
        return CollectionError(f"Pipeline {pipeline} cannot be changed so: {findings[0]}", findings=findings)
    numbered = " ".join(f"({number}) {finding}" for number, finding in enumerate(findings, 1))
    return CollectionError(
        f"Pipeline {pipeline} cannot be changed so, for {len(findings)} reasons: {numbered}", findings=findings
    )


def _rescued(pipeline: str, versions: tuple[int, ...], version: int) -> str:
    what = f"version {versions[0]}" if len(versions) == 1 else f"versions {', '.join(map(str, versions))}"
    return (
        f"Somebody else changed pipeline {pipeline} while this task wrote it ({what}); that was kept, and version "
        f"{version} holds both."
    )
