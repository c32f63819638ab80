# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Unfit, kind_of
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell

_STEP = re.compile(r"\.?(?:([^.\[\]]+)|\[(-?\d+|\*)\]|\[(['\"])(.*?)\3\])")
Step = t.Union[str, int]
EVERY = "[*]"


def parse(text: str) -> list[Step]:
    """The steps of a property path: names, indexes and EVERY. A name with dots or brackets stands in ["..."]."""
    steps: list[Step] = []
    position = 0
    while position < len(text):
        found = _STEP.match(text, position)
        if not found or (position == 0 and found.group(0).startswith(".")):
            raise Unfit(f"'{text}' is not a property path: unexpected '{text[position:]}'")
        name, index, _quote, quoted = found.groups()
        if name is not None:
            steps.append(name)
        elif quoted is not None:
            steps.append(quoted)
        else:
            steps.append(EVERY if index == "*" else int(index))
        position = found.end()
    if not steps or not isinstance(steps[0], str) or steps[0] == EVERY:
        raise Unfit(f"'{text}' is not a property path: it has to start with the name of a property")
    return steps


def follow(value: t.Any, steps: t.Sequence[Step], path: str) -> t.Any:
    """The value at the end of the steps; raises CannotTell naming the step that does not exist."""
    for number, step in enumerate(steps):
        if step == EVERY:
            if not isinstance(value, (list, dict)):
                raise CannotTell(f"{path} cannot be read: [*] needs a list or a map, but found {kind_of(value)}")
            items = list(value.values()) if isinstance(value, dict) else value
            return [follow(item, steps[number + 1 :], path) for item in items]
        value = _one(value, step, path)
    return value


def _one(value: t.Any, step: Step, path: str) -> t.Any:
    if isinstance(value, dict):
        key = key_of(value, step)
        if key is not None:
            return value[key]
        raise CannotTell(f"{path} cannot be read: there is no {step}, only {listing(value)}")
    if isinstance(value, list) and isinstance(step, int):
        if -len(value) <= step < len(value):
            return value[step]
        raise CannotTell(f"{path} cannot be read: the list has {len(value)} items, no [{step}]")
    raise CannotTell(f"{path} cannot be read: {step} was looked for in {kind_of(value)}")


class Literal(dict):  # type: ignore[type-arg]
    """A map whose keys are words of users, such as tags: they are taken as written."""


def key_of(value: t.Mapping[t.Any, t.Any], step: Step) -> t.Any:
    """The key of the map that the step means, None when there is none."""
    if isinstance(value, Literal):
        return step if step in value else None
    for key in candidates(step):
        if key in value:
            return key
    plain = str(step).replace("_", "")
    if not plain.islower():
        return None
    # Acronyms: vpc_id is VpcId, but dns_name may be DNSName.
    similar = [key for key in value if isinstance(key, str) and key != key.lower() and key.lower() == plain]
    return similar[0] if len(similar) == 1 else None


def candidates(step: Step) -> list[t.Any]:
    """The keys that a step may mean: as written, or the name of an API for a name in snake_case."""
    if isinstance(step, int):
        return [step, str(step)]
    pascal = "".join(part[:1].upper() + part[1:] for part in step.split("_"))
    return [step, pascal, pascal[:1].lower() + pascal[1:]]
