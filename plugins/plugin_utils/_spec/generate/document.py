# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|])")


def text(host: str, examples: t.Sequence[dict[str, t.Any]]) -> str:
    """A document for people: what the examples of a spec say, under a heading for each group."""
    lines = [f"# {_plain(host)}"]
    group = ""
    for example in examples:
        if example["path"][0] != group:
            group = example["path"][0]
            lines += ["", f"## {_plain(group)}", ""]
        lines.append(f"- {_plain(example['title'])}")
    return "\n".join(lines) + "\n"


def _plain(words: str) -> str:
    return _SPECIAL.sub(r"\\\1", words)
