# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation format: what a person reads on the screen and in the failure of the task."""

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports import documentation

from .conftest import example, report

EXPECTED = """\
web01: web server
  web site
    port 80
      listens
      listens on tcp6 (FAILED - 1)
    application server
      is measured (ERROR - 2)
      will be written (PENDING: ticket 7)
  jobs (SKIPPED: not here)
  was broken (FIXED - 3)

Pending:
  web site > application server > will be written: ticket 7

Failures:

  1) web site > port 80 > listens on tcp6  [web.yml:7]
     expected  port 80 to be listening on tcp
     got       nothing on tcp
     read from /proc/net/tcp

  2) web site > application server > is measured  [web.yml:7]
     expected  port 80 to be listening on tcp
     error     nothing on tcp
     read from /proc/net/tcp

  3) was broken  [web.yml:7]
     expected to fail (ticket 7), but it passes: take the mark pending away

web01: 7 examples, 2 failures, 1 error, 2 skipped, 1 pending in 0.06 s
run again only these: only: [web-site/port-80/listens-on-tcp6, web-site/application-server/is-measured, was-broken]"""


def test_the_whole_report(everything: dict[str, t.Any]) -> None:
    assert documentation.text(everything) == EXPECTED


def test_lines_have_the_status_that_colours_them(everything: dict[str, t.Any]) -> None:
    colours = {line.text.strip(): line.status for line in documentation.tree(everything)}
    assert colours["listens"] == "passed"
    assert colours["listens on tcp6 (FAILED - 1)"] == "failed"
    assert colours["is measured (ERROR - 2)"] == "error"
    assert colours["web site"] is None


def test_a_failed_task_tells_the_failures_and_the_totals(everything: dict[str, t.Any]) -> None:
    told = documentation.failures(everything)
    assert told.startswith("Failures:\n\n  1) web site > port 80 > listens on tcp6")
    assert "web01: 7 examples, 2 failures" in told


def test_an_invalid_spec_tells_every_problem_with_its_place(invalid: dict[str, t.Any]) -> None:
    expected = (
        "The spec has 1 problem; nothing was checked.\n"
        "  /specs/web.yml:4  web site > 1 > to: unknown matcher 'be_instaled'; did you mean be_installed?"
    )
    assert documentation.failures(invalid) == documentation.text(invalid) == expected


def test_a_difference_of_texts_is_shown_below(everything: dict[str, t.Any]) -> None:
    failed = example("x", "failed")
    failed["checks"][0]["diff"] = ["--- expected", "+++ got", "-a", "+b"]
    assert "       -a\n       +b" in documentation.text(report(failed))


def test_a_group_is_not_skipped_as_a_whole_for_several_reasons() -> None:
    told = documentation.text(report(example("jobs/one", "skipped"), example("jobs/two", "skipped", reason="other")))
    assert "  jobs\n    one (SKIPPED: not here)\n    two (SKIPPED: other)" in told
