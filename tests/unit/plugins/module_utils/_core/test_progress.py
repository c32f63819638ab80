# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._core import progress


def test_each_report_is_one_line_that_can_be_read_back(tmp_path: Path) -> None:
    file = tmp_path / "progress"
    report = progress.from_environment({progress.VARIABLE: str(file)})
    report("CREATE_COMPLETE  Vpc", "ok")
    report("two\nlines", "failed")
    lines = file.read_text().splitlines()
    assert [progress.parse(line) for line in lines] == [("CREATE_COMPLETE  Vpc", "ok"), ("two\nlines", "failed")]


def test_nothing_is_written_unless_asked_for() -> None:
    assert progress.from_environment({}) is progress.silent


def test_a_file_that_cannot_be_written_does_not_stop_the_work(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "file"
    progress.ProgressFile(str(path))("text")
    assert not path.exists()


@pytest.mark.parametrize("line", ["", "text", "[]", '{"text": "a"}', "3"])
def test_a_foreign_line_is_ignored(line: str) -> None:
    assert progress.parse(line) is None
