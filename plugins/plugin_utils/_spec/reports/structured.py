# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t

from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports.documentation import one_line

VERSION = 1


def text(report: dict[str, t.Any]) -> str:
    """The report as JSON; spec_reports reads it again."""
    summary_line = one_line(report) if report["spec_valid"] else "the spec is not valid"
    return json.dumps({"version": VERSION, "summary_line": summary_line, **report}, indent=1, default=str) + "\n"


def parse(content: str) -> dict[str, t.Any]:
    """The report that text() wrote; raises ValueError when it is none."""
    report = json.loads(content)
    if not isinstance(report, dict) or report.get("version") != VERSION or "examples" not in report:
        raise ValueError("not a report of a spec")
    return report
