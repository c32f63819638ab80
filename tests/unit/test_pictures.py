# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Every picture of the documentation is drawn from its source as it is now."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import pipeline_pictures  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
SOURCES = sorted(PICTURES.glob("*.dot"))
PIPELINES = sorted(PICTURES.glob("*.yml"))


def test_there_are_pictures() -> None:
    assert SOURCES


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_the_drawing_is_up_to_date(source: Path) -> None:
    drawing = source.with_suffix(".svg").read_text(encoding="utf-8")
    checksum = hashlib.sha256(source.read_bytes()).hexdigest()
    assert f"<!-- Source: {source.name}, sha256 {checksum} -->" in drawing, "run: make pictures"
    assert ElementTree.fromstring(drawing).tag.endswith("svg")


@pytest.mark.parametrize("source", PIPELINES, ids=lambda path: path.name)
def test_the_drawing_of_a_pipeline_is_up_to_date(source: Path) -> None:
    assert pipeline_pictures.drawing(source) == source.with_suffix(".svg").read_text(encoding="utf-8"), "make pictures"


def test_every_drawing_has_a_source() -> None:
    assert {path.stem for path in PICTURES.glob("*.svg")} == {path.stem for path in SOURCES + PIPELINES}


@pytest.mark.parametrize("source", SOURCES + PIPELINES, ids=lambda path: path.name)
def test_every_picture_is_shown(source: Path) -> None:
    pages = [PICTURES.parents[1] / "README.md", *PICTURES.parent.glob("*.md")]
    assert any(f"pictures/{source.stem}.svg" in page.read_text(encoding="utf-8") for page in pages)
