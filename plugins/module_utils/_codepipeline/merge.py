# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import (
    Data,
    canonical_stage,
    without_empty,
)
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.stages import find, names

_NOTHING: t.Any = object()


class Conflict(Exception):
    """Both sides changed the same thing, in different ways."""


def same(one: Data, other: Data) -> bool:
    """Whether two declarations say the same, whatever their versions."""
    return distance(one, other) == 0 and names(one["stages"]) == names(other["stages"])


def distance(one: Data, other: Data) -> int:
    """The number of fields and stages in which two declarations differ."""
    ours, theirs = _parts(one), _parts(other)
    return sum(ours.get(part) != theirs.get(part) for part in {**ours, **theirs})


def _parts(declaration: Data) -> Data:
    stages = {f"stage {stage['name']}": canonical_stage(stage) for stage in declaration["stages"]}
    fields = {key: value for key, value in without_empty(declaration).items() if key not in ("stages", "version")}
    return {**fields, **stages}


def merge(base: Data, ours: Data, theirs: Data) -> Data:
    """What came out of base by two changes at once; the smallest things that are chosen are stages and fields."""
    merged = {}
    for key in dict.fromkeys([*theirs, *ours]):
        if key in ("stages", "version"):
            merged[key] = theirs[key]
            continue
        value = _choose(f"field {key}", *(side.get(key, _NOTHING) for side in (base, ours, theirs)))
        if value is not _NOTHING:
            merged[key] = value
    merged["stages"] = _stages(base["stages"], ours["stages"], theirs["stages"])
    return merged


def _choose(place: str, base: t.Any, ours: t.Any, theirs: t.Any) -> t.Any:
    was, we, they = (without_empty(side) for side in (base, ours, theirs))
    if we in (was, they):
        return theirs
    if they == was:
        return ours
    raise Conflict(place)


def _stages(base: list[Data], ours: list[Data], theirs: list[Data]) -> list[Data]:
    order = _order(names(base), names(ours), names(theirs))
    chosen = (_choose(f"stage {name}", *(find(side, name) for side in (base, ours, theirs))) for name in order)
    return [stage for stage in chosen if stage]


def _order(base: list[str], ours: list[str], theirs: list[str]) -> list[str]:
    """All names; one that only one side has follows the name that it follows there."""
    common = set(base) & set(ours) & set(theirs)
    shared = [[name for name in side if name in common] for side in (base, ours, theirs)]
    chosen = _choose("the order of the stages", *shared)
    first, second = (theirs, ours) if shared[2] == chosen else (ours, theirs)
    order = list(first)
    for index, name in enumerate(second):
        if name not in order:
            order.insert(order.index(second[index - 1]) + 1 if index else 0, name)
    return order
