# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

Report = dict[str, t.Any]


class Group(t.NamedTuple):
    """A group of examples: its children are groups and examples."""

    title: str
    children: list[t.Any]

    def examples(self) -> t.Iterator[dict[str, t.Any]]:
        for child in self.children:
            if isinstance(child, Group):
                yield from child.examples()
            else:
                yield child


def grouped(report: Report) -> Group:
    """The examples as a tree, in their order."""
    root = Group("", [])
    for example in report["examples"]:
        group = root
        for title in example["path"][:-1]:
            last = group.children[-1] if group.children else None
            if not isinstance(last, Group) or last.title != title:
                last = Group(title, [])
                group.children.append(last)
            group = last
        group.children.append(example)
    return root
