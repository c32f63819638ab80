# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Draws the pipelines of docs/pictures/*.yml as codepipeline_info draws them: pipeline_pictures.py FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.picture import Box, Card
from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.svg import svg

MARK = "<!-- SPDX-License-Identifier: GPL-3.0-or-later -->\n"


def drawing(source: Path) -> str:
    """The picture of one source."""
    pipeline = yaml.safe_load(source.read_text(encoding="utf-8"))
    stages = pipeline["stages"].items()
    cards = [Card(name, "", status, tuple((Box(*box),) for box in boxes)) for name, (status, *boxes) in stages]
    return MARK + svg(pipeline["name"], cards)


def main(folder: Path) -> None:
    for source in sorted(folder.glob("*.yml")):
        source.with_suffix(".svg").write_text(drawing(source), encoding="utf-8")
        print(f"- {source.with_suffix('.svg')}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
