# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is tried of each type of aws_spec: tables of what holds and what does not, and what evaluates them.

The tables are written as a spec is. holds and fails are true and false of the resource that the maker of the type, or
of make, makes in the embedded AWS. stubbed has what no maker can bring about there, because of what it says: the record
that AWS would return, answers of further operations (a text is the code of an error), and what holds and fails then.
"""

from __future__ import annotations

import dataclasses
import typing as t
from pathlib import Path

import yaml

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.records import Defaults, Records
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.module_utils._spec.evaluate import Evaluation, Options
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.grammar import Grammar
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import Place, Problems
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.source import Document

Node = dict[str, t.Any]
Example = dict[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Stubbed:
    """What AWS would return, and what is true then."""

    because: str
    name: str = "subject"
    record: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    answers: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    holds: list[t.Any] = dataclasses.field(default_factory=list)
    fails: list[t.Any] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Tried:
    """What is tried of a type; absent is a name that nothing has."""

    kind: str
    make: str = ""
    absent: str = "does-not-exist"
    parameters: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    holds: list[t.Any] = dataclasses.field(default_factory=list)
    fails: list[t.Any] = dataclasses.field(default_factory=list)
    stubbed: list[Stubbed] = dataclasses.field(default_factory=list)

    @classmethod
    def read(cls, kind: str, table: dict[str, t.Any]) -> Tried:
        return cls(kind, **{**table, "stubbed": [Stubbed(**stub) for stub in table.get("stubbed", ())]})

    def examples(self, name: str, rows: t.Sequence[t.Any], negated: bool = False) -> list[Example]:
        """The examples of some rows about the resource of that name."""
        subject = {self.kind: {"name": name, **self.parameters}}
        return compiled([node for row in rows for node in _nodes(subject, row, negated)])


def _nodes(subject: Node, row: t.Any, negated: bool) -> list[Node]:
    is_expected = "not_to" if negated else "to"
    if not isinstance(row, dict) or "its" not in row:
        return [{"expect": subject, is_expected: row}]
    if "to" in row:
        return [{"expect": subject, "its": row["its"], is_expected: row["to"]}]
    return [{"expect": subject, "its": path, is_expected: {"eq": value}} for path, value in row["its"].items()]


def compiled(nodes: t.Sequence[Node]) -> list[Example]:
    """The examples of a spec, as the controller sends them."""
    problems = Problems()
    grammar = Grammar(VOCABULARY, problems, lambda *_: (), regions=True)
    examples = grammar.read([Document(list(nodes), Place())])
    assert not problems.found, [problem.message for problem in problems.found]
    return examples


class Spec:
    """Evaluates examples with one set of records."""

    def __init__(self, connect: t.Callable[[str, str], t.Any], defaults: Defaults | None = None) -> None:
        self.records = Records(connect, defaults=defaults)

    def run(self, nodes: t.Sequence[Node]) -> list[dict[str, t.Any]]:
        """The outcomes of a spec."""
        return self.outcomes(compiled(nodes))

    def outcomes(self, examples: t.Sequence[Example]) -> list[dict[str, t.Any]]:
        return Evaluation(VOCABULARY, self.records, Options(details=True)).run(examples)

    def told(self, node: Node) -> tuple[str, str]:
        """The status of the only example of a node, and what was found."""
        (outcome,) = self.run([node])
        return outcome["status"], outcome["checks"][0].get("got", "")

    def unexpected(self, status: str, examples: t.Sequence[Example]) -> list[tuple[str, t.Any]]:
        """The examples that did not come out so, with what did."""
        outcomes = self.outcomes(examples)
        return [
            (example["full_description"], outcome["checks"])
            for example, outcome in zip(examples, outcomes, strict=True)
            if outcome["status"] != status
        ]


TABLES: dict[str, Tried] = {
    kind: Tried.read(kind, table)
    for path in sorted(Path(__file__).parent.glob("*.yml"))
    for kind, table in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}
