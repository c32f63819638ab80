# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import glob
import json
import os
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.modules.spec_reports import ARGUMENTS
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports import html, junit, structured
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports.merge import merge
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports.write import write_file

Report = dict[str, t.Any]


class ActionModule(ActionBase):
    """Merges the reports of all hosts; everything happens on the controller."""

    TRANSFERS_FILES = False
    # Ansible 2.18 does not know that the plugin supports it without being told.
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        super().run(tmp, task_vars)
        checked = ArgumentSpecValidator(ARGUMENTS).validate(dict(self._task.args))
        if checked.error_messages:
            return {"changed": False, "failed": True, "msg": "; ".join(checked.error_messages)}
        options = checked.validated_parameters
        try:
            return _merged(options["report_dir"], options["dest"], options["fail_on"])
        except CollectionError as error:
            return {"changed": False, "failed": True, "msg": error.message}


def _merged(report_dir: str, dest: str, fail_on: str) -> dict[str, t.Any]:
    reports = read(report_dir)
    merged = merge(reports)
    failed = [host["host"] for host in merged["hosts"] if host["failed"]]
    result = {
        **merged,
        "changed": False,
        "failed": bool(failed) and fail_on == "failure",
        "report_files": _write(dest, reports, merged),
        "msg": f"{len(reports)} reports, {len(set(failed))} hosts with problems",
    }
    if failed:
        lines = [f"  {one['full_description']}: {', '.join(one['hosts'])}" for one in merged["failing"]]
        result["msg"] = "\n".join([f"{result['msg']}: {', '.join(dict.fromkeys(failed))}", *lines])
    return result


def read(folder: str) -> list[Report]:
    """The reports in a folder, sorted by host and name; raises CollectionError when there are none."""
    reports = []
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        try:
            with open(path, encoding="utf-8") as stream:
                reports.append(structured.parse(stream.read()))
        except (OSError, ValueError) as error:
            raise CollectionError(f"{path} of report_dir cannot be read: {error}") from None
    if not reports:
        raise CollectionError(f"The folder {folder} of report_dir has no reports in JSON (report_formats: [json]).")
    return sorted(reports, key=lambda report: (report["host"], report["name"]))


def _write(dest: str, reports: list[Report], merged: dict[str, t.Any]) -> list[str]:
    texts = {
        "index.html": html.page(reports),
        "junit.xml": junit.text(reports),
        "report.json": json.dumps(merged, indent=1) + "\n",
    }
    try:
        for name, text in texts.items():
            write_file(os.path.join(dest, name), text)
    except OSError as error:
        raise CollectionError(f"The reports cannot be written to {dest}: {error.strerror}") from None
    return [os.path.join(dest, name) for name in texts]
