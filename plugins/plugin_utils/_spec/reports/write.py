# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import tempfile
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.text import slug
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports import (
    documentation,
    html,
    junit,
    markdown,
    structured,
    tap,
)

Report = dict[str, t.Any]
FORMATS: dict[str, tuple[str, t.Callable[[Report], str]]] = {
    "documentation": ("txt", lambda report: documentation.text(report) + "\n"),
    "json": ("json", structured.text),
    "tap": ("tap", tap.text),
    "markdown": ("md", markdown.text),
    "html": ("html", lambda report: html.page([report])),
}


def write(
    report: Report,
    formats: t.Iterable[str] = (),
    directory: str | None = None,
    junit_dir: str | None = None,
    junit_file: str | None = None,
) -> dict[str, t.Any]:
    """Write the reports that are asked for; tells the files as the module returns them. Raises OSError."""
    stem = f"{slug(report['host'])}-{slug(report['name'])}"
    result: dict[str, t.Any] = {"report_files": []}
    if junit_dir or junit_file:
        path = junit_file or os.path.join(str(junit_dir), f"{stem}.xml")
        write_file(path, junit.text([report]))
        result["junit_file"] = path
    for name in formats:
        ending, render = FORMATS[name]
        path = os.path.join(directory or ".", f"{stem}.{ending}")
        write_file(path, render(report))
        result["report_files"].append(path)
    return result


def write_file(path: str, text: str) -> None:
    """Write a file at once: a reader sees the old one or the new one."""
    folder = os.path.dirname(path) or "."
    os.makedirs(folder, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".report-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as stream:
            stream.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
