# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluates examples of aws_spec against the embedded AWS, without the module around it."""

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.records import Records
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.module_utils._spec.evaluate import Evaluation, Options

Check = dict[str, t.Any]


def check(
    kind: str,
    name: str | None,
    word: str,
    arguments: dict[str, t.Any] | None = None,
    its: str | None = None,
    negated: bool = False,
    **parameters: t.Any,
) -> Check:
    """A check as the controller compiles it."""
    return {
        "resource": kind,
        "name": name,
        "parameters": parameters,
        "property": its,
        "negated": negated,
        "matcher": {"word": word, "arguments": arguments or {}},
    }


class Spec:
    """Runs checks, each as an example of its own, with one set of records."""

    vocabulary = VOCABULARY

    def __init__(self, connect: t.Callable[[str, str], t.Any]) -> None:
        self.records = Records(connect)

    def run(self, checks: t.Sequence[Check], eventually: dict[str, float] | None = None) -> list[dict[str, t.Any]]:
        common = {"skip": None, "pending": None, "eventually": eventually, "sensitive": False}
        return Evaluation(VOCABULARY, self.records, Options(details=True)).run(
            [{**common, "checks": [one]} for one in checks]
        )

    def unexpected(self, status: str, checks: t.Sequence[Check]) -> list[tuple[t.Any, ...]]:
        """The checks that did not come out so, with what did."""
        outcomes = self.run(checks)
        return [
            (one["resource"], one["property"] or "", one["matcher"], outcome["status"], outcome["checks"])
            for one, outcome in zip(checks, outcomes, strict=True)
            if outcome["status"] != status
        ]
