# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document for people."""

from __future__ import annotations

from ansible_collections.containerci.aws.plugins.plugin_utils._spec.generate.document import text


def test_a_heading_for_each_group_and_a_line_for_each_example() -> None:
    examples = [
        {"path": ["Packages", "x"], "title": "package nginx is installed"},
        {"path": ["Scheduled jobs", "x"], "title": "cron root has entry '* * * * * <x>'"},
        {"path": ["Scheduled jobs", "y"], "title": "cron root has entry 'y'"},
    ]
    assert text("web_01", examples) == (
        "# web\\_01\n\n## Packages\n\n- package nginx is installed\n\n"
        "## Scheduled jobs\n\n- cron root has entry '\\* \\* \\* \\* \\* \\<x\\>'\n- cron root has entry 'y'\n"
    )
