# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The comparison with Serverspec: what it calls equal, what it does not let pass, and what the guide says about it."""

from __future__ import annotations

import importlib.util
import typing as t
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = ROOT / "molecule" / "spec_oracle"
NOT_MET = "RSpec::Expectations::ExpectationNotMetError"
FIXED = "RSpec::Core::Pending::PendingExampleFixedError"


def load() -> t.Any:
    place = importlib.util.spec_from_file_location("oracle", SCENARIO / "filter_plugins" / "oracle.py")
    assert place
    assert place.loader
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


oracle = load()


def report(*examples: tuple[str, str, str]) -> dict[str, t.Any]:
    """What RSpec writes: title, status, class of the exception."""
    return {
        "examples": [
            {
                "full_description": title,
                "status": status,
                "pending_message": None,
                **({"exception": {"class": kind, "message": f"told by {kind}"}} if kind else {}),
            }
            for title, status, kind in examples
        ]
    }


def result(*examples: tuple[str, str]) -> dict[str, t.Any]:
    told = [{"full_description": title, "status": status, "message": f"ours is {status}"} for title, status in examples]
    return {"spec_valid": True, "examples": told}


@pytest.mark.parametrize(
    ("theirs", "ours", "row"),
    [
        (("passed", ""), "passed", ("passed", "passed", True)),
        (("failed", NOT_MET), "failed", ("failed", "failed", True)),
        (("failed", NOT_MET), "error", ("failed", "error", False)),
        (("failed", "NoMethodError"), "error", ("error", "error", True)),
        (("failed", "NoMethodError"), "failed", ("error", "failed", False)),
        (("failed", FIXED), "fixed", ("fixed", "fixed", True)),
        (("pending", ""), "pending", ("pending", "pending", True)),
        (("pending", ""), "skipped", ("pending", "pending", True)),
        (("passed", ""), "skipped", ("passed", "pending", False)),
    ],
)
def test_verdicts(theirs: tuple[str, str], ours: str, row: tuple[str, str, bool]) -> None:
    (found,) = oracle.oracle_rows(report(("a", *theirs)), result(("a", ours)))
    assert (found["serverspec"], found["server_spec"], found["fine"]) == row


def test_what_only_one_side_has_is_told_by_name() -> None:
    rows = oracle.oracle_rows(report(("a", "passed", "")), result(("b", "passed")))
    assert [(row["title"], row["remark"], row["fine"]) for row in rows] == [
        ("a", "ONLY IN Serverspec", False),
        ("b", "ONLY IN server_spec", False),
    ]


def test_the_same_title_twice_is_compared_in_order() -> None:
    rows = oracle.oracle_rows(
        report(("a", "passed", ""), ("a", "failed", NOT_MET)), result(("a", "passed"), ("a", "passed"))
    )
    assert [(row["title"], row["fine"]) for row in rows] == [("a", True), ("a (2)", False)]


@pytest.mark.parametrize(
    ("theirs", "ours", "fine"),
    [("passed", "failed", True), ("passed", "passed", False), ("passed", "error", False), (None, None, False)],
)
def test_a_known_deviation_has_to_be_there(theirs: str | None, ours: str | None, fine: bool) -> None:
    known = [{"title": "a", "serverspec": "passed", "server_spec": "failed", "why": "a reason"}]
    serverspec = report(("a", theirs, "")) if theirs else report()
    (row,) = oracle.oracle_rows(serverspec, result(("a", ours)) if ours else result(), known)
    assert (row["fine"], row["remark"]) == (fine, "a reason" if fine else "EXPECTED passed and failed")


def test_refused_checks_are_found_by_their_number() -> None:
    refusal = {"spec_valid": False, "errors": [{"path": "2 > to > be_mode", "message": "no mode"}]}
    rows = oracle.oracle_rows(report(("a", "passed", ""), ("b", "passed", "")), refusal)
    assert [(row["title"], row["server_spec"]) for row in rows] == [("a", "not run"), ("b", "refused")]


def test_the_table_explains_what_is_different() -> None:
    rows = oracle.oracle_rows(
        report(("a", "passed", ""), ("long title", "failed", NOT_MET)), result(("a", "passed"), ("long title", "error"))
    )
    assert oracle.oracle_table(rows).splitlines() == [
        "Check       Serverspec  server_spec",
        "a           passed      passed       equal",
        "long title  failed      error        DIFFERENT",
        f"    told by {NOT_MET}",
        "    ours is error",
        "",
        "2 checks: 1 equal, 0 known to differ, 1 different",
    ]


def test_the_guide_has_the_table_that_the_scenario_proves() -> None:
    known = yaml.safe_load((SCENARIO / "vars" / "known_deviations.yml").read_text())["known_deviations"]
    guide = (ROOT / "docs" / "porting_from_serverspec.md").read_text().splitlines()
    start = guide.index("| Check | Serverspec | server_spec | Why |") + 2
    rows = [f"| {row['title']} | {row['serverspec']} | {row['server_spec']} | {row['why']} |" for row in known]
    assert guide[start : start + len(rows) + 1] == [*rows, ""]
