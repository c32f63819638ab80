# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline import secrets as masks
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.api import Api, Pipeline
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.merge import (
    Conflict,
    distance,
    merge,
    same,
)
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.secrets import Secrets
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.stages import Planned
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

_ROUNDS = 8
_DEPTH = 5


@dataclass(frozen=True)
class Stored:
    """What is in AWS now, and the versions of others that would have been lost."""

    plan: Planned
    version: int
    rescued: tuple[int, ...] = ()


class Store:
    """Writes a pipeline without losing what somebody else writes at the same time.

    The API has no conditional write, but each write gets the next version and old versions can be read. If ours is not
    the version after the one that was read, others have written in between and ours lies over theirs. Then theirs are
    read, the plan is made anew on top of them, and the result is written.

    AWS does not record which version an author had read, so that is guessed. The guess is right for three authors at
    once, whatever the order of their calls; with more it is sometimes wrong.
    """

    def __init__(self, api: Api, secrets: Secrets, replan: t.Callable[[Data], Planned]) -> None:
        self._api = api
        self._secrets = secrets
        self._replan = replan
        self._versions: dict[int, Data] = {}
        self._failure: CollectionError | None = None

    def write(self, read: Pipeline, plan: Planned) -> Stored:
        name, known, kept = read.declaration["name"], read.version, read.declaration
        self._versions[known] = kept
        rescued: list[int] = []
        for _round in range(_ROUNDS):
            version = int(self._api.update_pipeline(masks.filled(plan.after, self._secrets))["version"])
            self._versions[version] = plan.after
            # Equal to ours is also a write of ours that arrived, although the SDK had to repeat it.
            if version == known + 1 or same(self._version(name, version - 1), plan.after):
                return self._end(plan, version, rescued)
            latest = self._api.pipeline(name)
            self._versions[latest.version] = latest.declaration
            others = [number for number in range(known + 1, latest.version + 1) if number != version]
            kept = self._merged(name, kept, others)
            plan, known, rescued = self._planned(kept, others[-1]), latest.version, rescued + others
            if same(plan.after, latest.declaration):
                return self._end(plan, known, rescued)
        raise _lost(name, rescued[-1], f"Somebody else changed it each of the {_ROUNDS} times that this task wrote it.")

    def _version(self, name: str, version: int) -> Data:
        if version not in self._versions:
            self._versions[version] = self._api.pipeline(name, version).declaration
        return self._versions[version]

    def _merged(self, name: str, kept: Data, others: list[int]) -> Data:
        """What was kept so far, with what others have changed."""
        for version in others:
            try:
                kept = merge(self._parent(name, version), kept, self._version(name, version))
            except Conflict as conflict:
                why = f"Others changed {conflict} in different ways at the same time."
                raise _lost(name, version, why) from conflict
        return kept

    def _parent(self, name: str, version: int) -> Data:
        """What the author of a version had read: the version before, or an older one if that differs in one thing only.

        A task of this collection changes one stage. So one that had read an older version is recognized.
        """
        before, author = self._version(name, version - 1), self._version(name, version)
        if distance(before, author) > 1:
            for earlier in range(version - 2, max(version - _DEPTH, 1) - 1, -1):
                if distance(self._version(name, earlier), author) == 1:
                    return self._version(name, earlier)
        return before

    def _planned(self, kept: Data, version: int) -> Planned:
        """Our plan on top of what others have written; if that is impossible, at least theirs stays."""
        plan = Planned(kept, kept)
        if self._failure is None:
            try:
                plan = self._replan(kept)
            except CollectionError as error:
                self._failure = error
        hidden = masks.missing(plan.after, self._secrets)
        if hidden:
            raise _lost(kept["name"], version, hidden[0])
        return plan

    def _end(self, plan: Planned, version: int, rescued: list[int]) -> Stored:
        if self._failure is None:
            return Stored(plan, version, tuple(rescued))
        raise CollectionError(
            f"Somebody else changed pipeline {plan.after['name']} at the same time, which was kept as version "
            f"{version}; with it, this task cannot be done: {self._failure.message}",
            **{**self._failure.details, "changed": True},
        )


def _lost(name: str, version: int, why: str) -> CollectionError:
    return CollectionError(
        f"Version {version} of pipeline {name}, written by somebody else while this task wrote it, is not in the "
        f"pipeline now. {why} Look at version {version} with codepipeline_info, restore what is missing, and run the "
        "task again.",
        changed=True,
    )
