# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a spec and a server differ."""

from __future__ import annotations

import typing as t
from pathlib import Path

import yaml

from ansible_collections.containerci.aws.plugins.module_utils._spec.run import Plan, run
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.generate.drift import Comparison
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.grammar import Grammar
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import Place, Problems
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.source import Document

FILES = {
    "/var/lib/dpkg/status": "Package: nginx\nStatus: install ok installed\nArchitecture: all\nVersion: 1.10-1\n",
    "/etc/app.conf": "x\n",
    "/etc/crontab": "1 1 * * * root job\n",
    "/etc/fstab": "/dev/sdb1 /data xfs noatime 0 2\n",
}
WRITTEN = """
- expect: {package: [nginx, tomcat]}
  to: be_installed
- expect: {package: nginx}
  to: {be_installed: '2.0'}
- expect: {package: nginx}
  not_to: be_installed
- expect: {package: jboss}
  not_to: be_installed
- expect: {file: /etc/app.conf}
  its: {content: x, content_as_json: {a: 1}}
- expect: {file: /etc/gone.conf}
  its: {content: x}
- expect: {cron: root}
  to: {have_entry: 2 2 * * * job}
- expect: fstab
  to: {have_entry: {mount_point: /data}}
- {it: is a secret, expect: {file: /etc/app.conf}, its: {content: hunter2}, sensitive: true}
- {it: would write, expect: {command: touch /written}, its: {exit_status: 1}}
- {it: is skipped, skip: true, expect: {package: other}, to: be_installed}
- {it: is known to fail, pending: a ticket, expect: {package: other}, to: be_installed}
- it: will be written
"""
GENERATED = """
- expect: {package: [nginx, redis]}
  to: be_installed
- expect: {package: redis}
  its: {architecture: all}
- expect: {cron: root}
  to: {have_entry: 1 1 * * * job}
- expect: fstab
  to: {have_entry: {mount_point: /data, type: xfs}}
- expect: {file: /etc/app.conf}
  its: {mode: '0644'}
"""


def examples(text: str) -> list[dict[str, t.Any]]:
    problems = Problems()
    found = Grammar(VOCABULARY, problems, lambda *_ignored: []).read([Document(yaml.safe_load(text), Place())])
    assert problems.found == []
    return found


def drift(root: Path) -> dict[str, list[t.Any]]:
    for path, text in FILES.items():
        (root / path.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
        (root / path.lstrip("/")).write_text(text)
    comparison = Comparison(examples(WRITTEN), VOCABULARY)
    outcomes = run(Plan.read(comparison.plan().write()), VOCABULARY, Host(root=str(root)), {}, check_mode=True)
    return comparison.drift(outcomes, examples(GENERATED))


def test_differences_are_told_by_what_they_mean(tmp_path: Path) -> None:
    found = drift(tmp_path)
    titles = {kind: [one if isinstance(one, str) else one["full_description"] for one in found[kind]] for kind in found}
    assert titles == {
        "added": ["package redis", "cron root has entry '1 1 * * * job'"],
        "changed": [
            "package nginx is installed in version 2.0",
            "package nginx is not installed",
            "/etc/app.conf content is 'x'",
            "is a secret",
        ],
        "gone": [
            "package tomcat is installed",
            "/etc/gone.conf content is 'x'",
            "cron root has entry '2 2 * * * job'",
        ],
        "unknown": ['/etc/app.conf content_as_json is {"a": 1}'],
    }


def test_what_was_found_is_told_but_no_secret(tmp_path: Path) -> None:
    found = drift(tmp_path)
    assert found["changed"][0] == {
        "full_description": "package nginx is installed in version 2.0",
        "expected": "package nginx to be installed in version 2.0",
        "got": "installed in version 1.10-1",
    }
    assert "hunter2" not in str(found)
    assert found["changed"][-1]["got"] == "VALUE HIDDEN"
