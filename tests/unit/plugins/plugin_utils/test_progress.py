# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import time
from pathlib import Path

from ansible_collections.containerci.aws.plugins.module_utils._core.progress import ProgressFile
from ansible_collections.containerci.aws.plugins.plugin_utils._progress import Tail


def test_lines_are_shown_while_they_are_written(tmp_path: Path) -> None:
    file = tmp_path / "progress"
    file.touch()
    shown: list[str] = []
    report = ProgressFile(str(file))
    with Tail(str(file), lambda text, _outcome: shown.append(text)):
        report("first")
        patience = time.monotonic() + 5
        while not shown and time.monotonic() < patience:
            time.sleep(0.02)
        assert shown == ["first"]
        report("last")
    assert shown == ["first", "last"]


def test_a_line_that_is_not_complete_or_not_ours_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "progress"
    file.write_text('noise\n{"text": "whole", "outcome": "ok"}\n{"text": "ha')
    shown: list[tuple[str, str]] = []
    with Tail(str(file), lambda text, outcome: shown.append((text, outcome))):
        pass
    assert shown == [("whole", "ok")]
