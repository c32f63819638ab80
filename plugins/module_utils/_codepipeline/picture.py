# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import itertools
import typing as t
from dataclasses import dataclass

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.transition import (
    Transition,
    transition_from,
)

#: fill and line of what is in a status
COLOURS = {
    "Succeeded": ("#f0fdf4", "#15803d"),
    "InProgress": ("#eff6ff", "#2563eb"),
    "Waiting": ("#fffbeb", "#d97706"),
    "Failed": ("#fef2f2", "#b91c1c"),
    "Stopped": ("#f1f5f9", "#475569"),
    "": ("#f8fafc", "#94a3b8"),
}
_LIKE = {"Stopping": "Stopped", "Cancelled": "Stopped", "Abandoned": "Stopped", "Skipped": "Stopped"}
_WORDS = {"InProgress": "in progress", "Waiting": "waits for approval", "": "not run yet"}


_OPEN = Transition(True)


@dataclass(frozen=True)
class Box:
    """An action in the picture."""

    name: str
    provider: str
    status: str

    @property
    def words(self) -> str:
        return _WORDS.get(self.status, self.status.lower())

    @property
    def kind(self) -> str:
        """The status that it looks like."""
        known = _LIKE.get(self.status, self.status)
        return known if known in COLOURS else ""


@dataclass(frozen=True)
class Card(Box):
    """A stage in the picture; actions in one row run at the same time."""

    rows: tuple[tuple[Box, ...], ...] = ()
    transition: Transition = _OPEN


def cards(declaration: Data, state: Data) -> list[Card]:
    """What is to be drawn of a pipeline."""
    states = {entry["stageName"]: entry for entry in state.get("stageStates", [])}
    return [_card(stage, states.get(stage["name"], {}), state) for stage in declaration["stages"]]


def _card(stage: Data, state: Data, everything: Data) -> Card:
    actions = {entry["actionName"]: entry.get("latestExecution", {}) for entry in state.get("actionStates", [])}
    ordered = sorted(stage["actions"], key=_run_order)
    rows = tuple(
        tuple(_box(action, actions.get(action["name"], {})) for action in row)
        for _order, row in itertools.groupby(ordered, key=_run_order)
    )
    status = state.get("latestExecution", {}).get("status", "")
    inbound = transition_from(everything, stage["name"])
    return Card(stage["name"], "", status, rows, inbound)


def _run_order(action: Data) -> int:
    return int(action.get("runOrder", 1))


def _box(action: Data, latest: Data) -> Box:
    kind, status = action["actionTypeId"], latest.get("status", "")
    is_waiting = status == "InProgress" and kind["category"] == "Approval"
    return Box(action["name"], kind["provider"], "Waiting" if is_waiting else status)


# Mermaid


def mermaid(drawn: list[Card]) -> str:
    """A flow chart, which many tools and web pages draw."""
    lines = ["flowchart LR"]
    for number, card in enumerate(drawn):
        lines += [f'  subgraph s{number}["{_quoted(card.name)}"]', "    direction TB"]
        lines += [f"    {line}" for line in _mermaid_rows(number, card)]
        lines += ["  end", f"  class s{number} {card.kind.lower() or 'none'}"]
    for number, card in enumerate(drawn[1:], 1):
        lines.append(f"  s{number - 1} {_mermaid_arrow(card.transition)} s{number}")
    for kind, (fill, line) in COLOURS.items():
        lines.append(f"  classDef {kind.lower() or 'none'} fill:{fill},stroke:{line},color:#0f172a")
    return "\n".join(lines) + "\n"


def _mermaid_rows(number: int, card: Card) -> t.Iterator[str]:
    above = ""
    for y, row in enumerate(card.rows):
        for x, box in enumerate(row):
            text = f"{_quoted(box.name)}<br>{_quoted(box.provider)}<br>{box.words}"
            yield f's{number}r{y}a{x}["{text}"]:::{box.kind.lower() or "none"}'
        names = " & ".join(f"s{number}r{y}a{x}" for x in range(len(row)))
        if above:
            yield f"{above} --> {names}"
        above = names


def _mermaid_arrow(transition: Transition) -> str:
    return "-->" if transition.enabled else f'-. "{_quoted(str(transition))}" .-x'


def _quoted(text: str) -> str:
    return text.replace("&", "#amp;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
