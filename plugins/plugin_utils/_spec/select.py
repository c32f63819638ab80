# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import fnmatch
import re
import typing as t

Example = dict[str, t.Any]


def select(
    examples: t.Sequence[Example], tags: t.Sequence[str], skip_tags: t.Sequence[str], only: t.Sequence[str]
) -> list[Example]:
    """The examples with one of the tags, none of the skipped ones, and an id or a description that is asked for."""
    return [
        example
        for example in examples
        if (not tags or "all" in tags or set(tags) & set(example["tags"]))
        and not set(skip_tags) & set(example["tags"])
        and (not only or any(_is_asked_for(example, pattern) for pattern in only))
    ]


def _is_asked_for(example: Example, pattern: str) -> bool:
    identity = example["id"]
    if identity == pattern or identity.startswith(f"{pattern}/") or fnmatch.fnmatchcase(identity, pattern):
        return True
    try:
        return bool(re.search(pattern, example["full_description"]))
    except re.error:
        return pattern in example["full_description"]
