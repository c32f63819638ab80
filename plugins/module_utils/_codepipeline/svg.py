# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t
from xml.sax.saxutils import escape

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.picture import COLOURS, Box, Card

_MARGIN, _TITLE = 16, 40
_WIDTH, _GAP, _PADDING, _HEADER = 220, 56, 12, 48
_BOX, _ROW_GAP, _PARALLEL_GAP = 60, 22, 8
_FONT = "DejaVu Sans,Verdana,sans-serif"
_DARK, _GREY = "#0f172a", "#475569"
_ROOM = _WIDTH - 2 * _PADDING - 20  # for a text in a box
_LETTER, _BOLD_LETTER = 6.9, 8.4  # the widest that a letter is on the average


def svg(name: str, drawn: list[Card]) -> str:
    """A picture that needs nothing else, with the stages from left to right."""
    bottom = _TITLE + max(_height(card) for card in drawn) + _MARGIN
    right = 2 * _MARGIN + len(drawn) * _WIDTH + (len(drawn) - 1) * _GAP
    size = f'width="{right}" height="{bottom}" viewBox="0 0 {right} {bottom}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{_FONT}" font-size="12">',
        f"<title>{escape(f'Pipeline {name}')}</title>",
        f"<desc>{escape(_description(drawn))}</desc>",
        f'<rect width="{right}" height="{bottom}" rx="8" fill="white"/>',
        _text(_MARGIN, 26, f"Pipeline {name}", size=15, bold=True),
    ]
    for index, card in enumerate(drawn):
        x = _MARGIN + index * (_WIDTH + _GAP)
        parts += [*_stage(x, card), *(_arrow(x, card) if index else [])]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _description(drawn: list[Card]) -> str:
    """The picture in words."""
    stages = (f"{card.name} ({card.words}): {_actions(card)}" for card in drawn)
    return "; ".join(stages)


def _actions(card: Card) -> str:
    return ", ".join(f"{box.name} ({box.words})" for row in card.rows for box in row)


def _height(card: Card) -> int:
    boxes = sum(len(row) for row in card.rows)
    gaps = (len(card.rows) - 1) * _ROW_GAP + (boxes - len(card.rows)) * _PARALLEL_GAP
    return _HEADER + boxes * _BOX + gaps + _PADDING


def _stage(x: int, card: Card) -> t.Iterator[str]:
    fill, line = COLOURS[card.kind]
    yield _rect(x, _TITLE, _WIDTH, _height(card), fill, line, 2)
    yield _text(x + _PADDING, _TITLE + 21, card.name, bold=True)
    yield _text(x + _PADDING, _TITLE + 38, card.words, colour=line, size=11)
    y, middle = _TITLE + _HEADER, x + _WIDTH // 2
    for number, row in enumerate(card.rows):
        if number:
            yield _line(middle, y - _ROW_GAP + 3, middle, y - 7)
            yield _head(middle, y - 3, down=True)
        for box in row:
            yield from _box(x + _PADDING, y, box)
            y += _BOX + _PARALLEL_GAP
        y += _ROW_GAP - _PARALLEL_GAP


def _box(x: int, y: int, box: Box) -> t.Iterator[str]:
    _fill, line = COLOURS[box.kind]
    yield _rect(x, y, _WIDTH - 2 * _PADDING, _BOX, "white", line, 1)
    yield _text(x + 10, y + 18, box.name, bold=True)
    yield _text(x + 10, y + 34, box.provider, colour=_GREY, size=11)
    yield _text(x + 10, y + 50, box.words, colour=line, size=11)


def _arrow(x: int, card: Card) -> t.Iterator[str]:
    """The transition into a stage: broken and crossed if it is disabled."""
    y, start, end = _TITLE + 24, x - _GAP + 4, x - 6
    if card.transition.enabled:
        yield _line(start, y, end - 6, y)
        yield _head(end, y)
        return
    colour, middle = COLOURS["Failed"][1], (start + end) // 2
    yield f"<g><title>{escape(str(card.transition))}</title>"
    yield _line(start, y, end, y, colour, dashed=True)
    yield _line(middle - 6, y - 6, middle + 6, y + 6, colour)
    yield _line(middle - 6, y + 6, middle + 6, y - 6, colour)
    yield f"{_text(middle, y + 24, 'disabled', colour=colour, size=10, anchor='middle')}</g>"


def _rect(x: int, y: int, width: int, height: int, fill: str, line: str, stroke: int) -> str:
    place = f'x="{x}" y="{y}" width="{width}" height="{height}"'
    return f'<rect {place} rx="6" fill="{fill}" stroke="{line}" stroke-width="{stroke}"/>'


def _line(x1: int, y1: int, x2: int, y2: int, colour: str = _GREY, dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="4 3"' if dashed else ""
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="2"{dashes}/>'


def _head(x: int, y: int, down: bool = False) -> str:
    corners = f"{x},{y} {x - 4},{y - 7} {x + 4},{y - 7}" if down else f"{x},{y} {x - 8},{y - 4} {x - 8},{y + 4}"
    return f'<polygon points="{corners}" fill="{_GREY}"/>'


def _text(
    x: int, y: int, text: str, colour: str = _DARK, size: int = 12, bold: bool = False, anchor: str = "start"
) -> str:
    """A text in its place; one that is too long for a box is cut and shown whole when it is pointed at."""
    longest = int(_ROOM / (_BOLD_LETTER if bold else _LETTER))
    shown = text if len(text) <= longest or size > 12 else f"{text[: longest - 1]}…"
    whole = "" if shown == text else f"<title>{escape(text)}</title>"
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"'
    return f'<text {place}{weight} fill="{colour}">{escape(shown)}{whole}</text>'
