# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdicts of Serverspec and of server_spec about the same checks, side by side."""

from __future__ import annotations

import collections
import typing as t

NOT_MET, FIXED = "RSpec::Expectations::ExpectationNotMetError", "RSpec::Core::Pending::PendingExampleFixedError"
MISSING, EQUAL = "-", "equal"

Row = dict[str, t.Any]


class Verdict(t.NamedTuple):
    """What became of one check; the text says more than the word."""

    word: str
    text: str = ""


def oracle_rows(
    serverspec: dict[str, t.Any], server_spec: dict[str, t.Any], known: t.Sequence[dict[str, str]] = ()
) -> list[Row]:
    """One row for each check; known are the rows that have to differ, and why."""
    theirs, ours = of_serverspec(serverspec), of_server_spec(server_spec, serverspec)
    reasons = {row["title"]: row for row in known}
    titles = dict.fromkeys([*theirs, *ours, *reasons])
    return [_row(title, theirs.get(title), ours.get(title), reasons.get(title)) for title in titles]


def of_serverspec(report: dict[str, t.Any]) -> dict[str, Verdict]:
    """The verdicts by title, from RSpec's JSON."""
    found = []
    for example in report["examples"]:
        problem = example.get("exception") or {"class": "", "message": example["pending_message"] or ""}
        word = {NOT_MET: "failed", FIXED: "fixed", "": example["status"]}.get(problem["class"], "error")
        found.append((example["full_description"], Verdict(word, problem["message"])))
    return _numbered(found)


def of_server_spec(result: dict[str, t.Any], serverspec: dict[str, t.Any]) -> dict[str, Verdict]:
    """The verdicts by title, from the result of the module."""
    if result["spec_valid"]:
        # RSpec does not tell what is skipped from what is pending.
        words = {"skipped": "pending"}
        return _numbered(
            (example["full_description"], Verdict(words.get(example["status"], example["status"]), example["message"]))
            for example in result["examples"]
        )
    # The checks of an invalid spec have no titles, but numbers.
    refused = {int(error["path"].split(" > ")[0]): error["message"] for error in result["errors"]}
    return {
        example["full_description"]: Verdict("refused", refused[number]) if number in refused else Verdict("not run")
        for number, example in enumerate(serverspec["examples"], 1)
    }


def _numbered(found: t.Iterable[tuple[str, Verdict]]) -> dict[str, Verdict]:
    """By title; the second of the same title is told from the first by a number."""
    count: collections.Counter[str] = collections.Counter()
    verdicts = {}
    for title, verdict in found:
        count[title] += 1
        verdicts[title if count[title] == 1 else f"{title} ({count[title]})"] = verdict
    return verdicts


def _row(title: str, theirs: Verdict | None, ours: Verdict | None, known: dict[str, str] | None) -> Row:
    words = {"serverspec": theirs.word if theirs else MISSING, "server_spec": ours.word if ours else MISSING}
    fine, remark = _judged(words, known)
    texts = [verdict.text for verdict in (theirs, ours) if verdict and verdict.text and not fine]
    return {"title": title, **words, "fine": fine, "remark": remark, "texts": texts}


def _judged(words: dict[str, str], known: dict[str, str] | None) -> tuple[bool, str]:
    """Whether it is as it should be, and what there is to say."""
    if known:
        fine = all(known[side] == word for side, word in words.items())
        return fine, known["why"] if fine else f"EXPECTED {known['serverspec']} and {known['server_spec']}"
    if MISSING in words.values():
        return False, f"ONLY IN {'server_spec' if words['serverspec'] == MISSING else 'Serverspec'}"
    equal = words["serverspec"] == words["server_spec"]
    return equal, EQUAL if equal else "DIFFERENT"


def oracle_table(rows: t.Sequence[Row]) -> str:
    """The rows as text, and below those that are not as they should be what both say about it."""
    head = {"title": "Check", "serverspec": "Serverspec", "server_spec": "server_spec", "remark": "", "texts": []}
    width = max(len(row["title"]) for row in [head, *rows])
    lines = []
    for row in [head, *rows]:
        line = f"{row['title']:{width}}  {row['serverspec']:10}  {row['server_spec']:11}  {row['remark']}"
        lines += [line.rstrip(), *(f"    {line}" for text in row["texts"] for line in text.strip().splitlines())]
    return "\n".join([*lines, "", _totals(rows)])


def _totals(rows: t.Sequence[Row]) -> str:
    equal = sum(row["remark"] == EQUAL for row in rows)
    different = sum(not row["fine"] for row in rows)
    known = len(rows) - equal - different
    return f"{len(rows)} checks: {equal} equal, {known} known to differ, {different} different"


class FilterModule:
    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"oracle_rows": oracle_rows, "oracle_table": oracle_table}
