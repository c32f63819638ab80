# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field, replace

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._efs.remove import Outcome, Remover, plan
from ansible_collections.containerci.aws.plugins.module_utils._efs.shapes import FileSystem, MountTarget

ID = "fs-0123456789abcdef0"
FOUND = FileSystem(ID, "home", "available", 6144, {})
LIVING, GOING, GONE = (MountTarget(f"fsmt-{s}", f"subnet-{s}", s) for s in ("available", "deleting", "deleted"))


@dataclass
class FakeApi:
    """Each look at something that goes shows it one step further."""

    found: FileSystem | None = FOUND
    targets: list[list[MountTarget]] = field(default_factory=lambda: [[]])
    going: int = 2
    writes: int = 0

    def file_system(self, _id: str) -> FileSystem | None:
        if self.found and self.found.is_going:
            self.going -= 1
            self.found = self.found if self.going >= 0 else None
        return self.found

    def mount_targets(self, _id: str) -> list[MountTarget]:
        return self.targets.pop(0) if len(self.targets) > 1 else self.targets[0]

    def delete_file_system(self, _id: str) -> None:
        assert not any(target.life_cycle_state == "deleting" for target in self.targets[0])
        self.writes += 1
        self.found = replace(FOUND, life_cycle_state="deleting")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def remove(api: t.Any, **manner: bool) -> Outcome:
    clock = Clock()
    return Remover(api, Patience(20, clock, clock.sleep), ID, **manner).absent()


@pytest.mark.parametrize(
    ("state", "targets", "expected"),
    [
        (None, [], "nothing"),
        ("deleted", [], "nothing"),
        ("deleting", [], "await"),
        ("available", [], "delete"),
        ("available", [GONE], "delete"),
        ("error", [], "delete"),
        ("available", [GOING, GONE], "drain"),
        ("available", [LIVING, GOING], "refuse"),
        ("available", [MountTarget("m", "s", "creating")], "refuse"),
    ],
)
def test_plan(state: str | None, targets: list[MountTarget], expected: str) -> None:
    assert plan(replace(FOUND, life_cycle_state=state) if state else None, targets) == expected


def test_a_file_system_is_deleted_and_waited_for() -> None:
    api = FakeApi()
    assert remove(api) == Outcome(True, FOUND, [f"Delete file system {ID}."])
    assert (api.writes, api.found) == (1, None)


def test_a_file_system_that_is_gone_is_as_wanted() -> None:
    api = FakeApi(found=None)
    assert remove(api) == Outcome()
    assert api.writes == 0


def test_one_that_somebody_else_deletes_is_waited_for() -> None:
    api = FakeApi(found=replace(FOUND, life_cycle_state="deleting"))
    assert not remove(api).changed
    assert (api.writes, api.found) == (0, None)


def test_mount_targets_that_go_are_waited_for() -> None:
    api = FakeApi(targets=[[GOING], [GOING], [GONE]])
    assert remove(api).changed
    assert api.writes == 1


def test_mount_targets_that_stay_are_named_and_nothing_is_deleted() -> None:
    api = FakeApi(targets=[[LIVING, GOING]])
    with pytest.raises(
        CollectionError, match=r"still has mount targets \(fsmt-available in subnet-available\); delete"
    ):
        remove(api)
    assert api.writes == 0


@pytest.mark.parametrize("targets", [[], [GOING]])
def test_check_mode_only_predicts(targets: list[MountTarget]) -> None:
    api = FakeApi(targets=[targets])
    assert remove(api, check=True).actions == [f"Delete file system {ID}."]
    assert api.writes == 0


def test_without_waiting_the_deletion_goes_on_alone() -> None:
    api = FakeApi(going=1000)
    assert remove(api, wait=False).changed
    assert api.writes == 1


def test_without_waiting_mount_targets_that_go_are_a_failure() -> None:
    with pytest.raises(CollectionError, match="shall not wait"):
        remove(FakeApi(targets=[[GOING]]), wait=False)


@pytest.mark.parametrize(
    ("api", "sentence"),
    [
        (FakeApi(going=1000), f"File system {ID} was not deleted within 20 s"),
        (FakeApi(targets=[[GOING]]), f"The mount targets of file system {ID} were not deleted within 20 s"),
    ],
)
def test_the_time_out_says_what_is_not_finished(api: FakeApi, sentence: str) -> None:
    with pytest.raises(CollectionError, match=sentence):
        remove(api)
