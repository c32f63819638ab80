# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

import yaml

from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import SYNTAX, Place, Problems, Step

Lines = dict[tuple[Step, ...], int]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def lines_of(text: str, file: str, problems: Problems) -> Lines | None:
    """The line of every key and list item of a YAML text. Notes double keys and syntax errors; None = unreadable."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(file, {(): mark.line + 1} if mark else {})
        problems.add(SYNTAX, f"not YAML: {getattr(error, 'problem', None) or error}", place)
        return None
    lines: Lines = {}
    if root is not None:
        _note(root, (), lines, file, problems)
    return lines


def _note(node: yaml.Node, keys: tuple[Step, ...], lines: Lines, file: str, problems: Problems) -> None:
    lines.setdefault(keys, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            _note(item, (*keys, number), lines, file, problems)
    elif isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen and key.value != "<<":
                message = f"the key '{key.value}' stands in line {seen[key.value]} and again in line {line}"
                problems.add(SYNTAX, message, Place(file, {(): line}), key.value)
            seen[str(key.value)] = line
            lines[(*keys, str(key.value))] = line
            _note(value, (*keys, str(key.value)), lines, file, problems)


class Document(t.NamedTuple):
    """The nodes of one file, templated, and the place where they stand."""

    nodes: t.Any
    place: Place
