# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import kind_of
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.generate.writing import Template

_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def values(names: t.Sequence[str], variable: t.Callable[[str], t.Any]) -> dict[str, str | int]:
    """The values of variables, such as ansible_facts.hostname; variable() knows the first part, or raises KeyError."""
    return {name: _value(name, variable) for name in names}


def _value(name: str, variable: t.Callable[[str], t.Any]) -> str | int:
    if not _NAME.fullmatch(name):
        raise CollectionError(f"The option parameterize has '{name}', which is no variable such as web_port.")
    first, *rest = name.split(".")
    try:
        found = variable(first)
        for key in rest:
            found = found[key]
    except (KeyError, TypeError, IndexError):
        raise CollectionError(f"The option parameterize names the variable {name}, which is not defined.") from None
    if isinstance(found, bool) or not isinstance(found, (str, int)) or found == "":
        raise CollectionError(
            f"The option parameterize names the variable {name}; it has to be a text or a number, got {kind_of(found)}."
        )
    return int(found) if isinstance(found, int) else str(found)


def parameterized(value: t.Any, variables: t.Mapping[str, str | int]) -> t.Any:
    """The spec with the names of variables as templates, wherever it has their values as a whole or as a word.

    Keys are words of the grammar, and titles are for people, so neither are changed.
    """
    if isinstance(value, dict):
        return {key: item if key == "describe" else parameterized(item, variables) for key, item in value.items()}
    if isinstance(value, list):
        return [parameterized(item, variables) for item in value]
    if isinstance(value, int) and not isinstance(value, bool):
        names = [name for name, known in variables.items() if str(known) == str(value)]
        return _template(names[0]) if names else value
    return _in_text(value, variables) if isinstance(value, str) else value


def _in_text(text: str, variables: t.Mapping[str, str | int]) -> str:
    by_value: dict[str, str] = {}
    for name, known in variables.items():
        by_value.setdefault(str(known), name)
    longest_first = sorted(by_value, key=len, reverse=True)
    # A word of its own: a longer name, another address or a decimal number only begin or end with the value.
    pattern = rf"(?<![\w.-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-]|\.\w)"
    if not by_value or "{" in text or not re.search(pattern, text):
        return text
    return Template(re.sub(pattern, lambda found: _template(by_value[found.group()]), text))


def _template(name: str) -> Template:
    return Template("{{ " + name + " }}")
