# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import collections.abc
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import (
    Integer,
    Kind,
    ListOf,
    Number,
    Regex,
    Text,
    Unfit,
    kind_of,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import difference, excerpt, shown
from ansible_collections.containerci.aws.plugins.module_utils._spec.versions import satisfies
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Matcher,
    Verdict,
    matcher,
)

Matchers = dict[str, Matcher]
VALUE_MATCHERS: Matchers = {}


class Nested(Kind):
    """A value matcher inside another one: {word, arguments}; the grammar reads it."""

    name = "a matcher"


class Limits(Kind):
    name = "two limits [lowest, highest]"

    def check(self, value: t.Any) -> list[float | int]:
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            raise self.unfit(value)
        lowest, highest = (Number().check(limit) for limit in value)
        if lowest > highest:
            raise Unfit(f"expected {self.name}, but {lowest} is above {highest}")
        return [lowest, highest]

    def schema(self) -> dict[str, t.Any]:
        return {"type": "array", "items": Number().schema(), "minItems": 2, "maxItems": 2}


def _value_matcher(**options: t.Any) -> t.Callable[[t.Callable[..., Verdict]], t.Callable[..., Verdict]]:
    def register(function: t.Callable[..., Verdict]) -> t.Callable[..., Verdict]:
        marked = matcher(**options)(function)
        VALUE_MATCHERS[marked.matcher.word] = marked.matcher
        return function

    return register


def equal(actual: t.Any, expected: t.Any) -> bool:
    """Equality without the differences that only templates and tools make: 0 and "0", but not 1 and true."""
    if isinstance(actual, bool) or isinstance(expected, bool):
        return isinstance(actual, bool) and isinstance(expected, bool) and actual == expected
    if isinstance(actual, str) != isinstance(expected, str):
        number, text = (expected, actual) if isinstance(actual, str) else (actual, expected)
        return isinstance(number, (int, float)) and str(number) == text.strip()
    if isinstance(actual, dict) and isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(equal(actual[key], expected[key]) for key in actual)
    if isinstance(actual, list) and isinstance(expected, list):
        return len(actual) == len(expected) and all(map(equal, actual, expected))
    return bool(actual == expected)


def _number(actual: t.Any) -> float | int:
    try:
        return Number().check(actual)
    except Unfit:
        raise CannotTell(f"a number is needed to compare, but found {kind_of(actual)}") from None


def _text(actual: t.Any) -> str:
    if isinstance(actual, (int, float)) and not isinstance(actual, bool):
        return str(actual)
    if not isinstance(actual, str):
        raise CannotTell(f"text is needed to compare, but found {kind_of(actual)}")
    return actual


def _sized(actual: t.Any) -> collections.abc.Sized:
    if not isinstance(actual, (str, list, dict)):
        raise CannotTell(f"text, a list or a map is needed, but found {kind_of(actual)}")
    return actual


def _missing(actual: list[t.Any], expected: list[t.Any]) -> tuple[list[t.Any], list[t.Any]]:
    """What is missing from a list and what is there beyond the expected, each counted as often as it stands."""
    extra = list(actual)
    missing = []
    for item in expected:
        place = next((index for index, found in enumerate(extra) if equal(found, item)), None)
        if place is None:
            missing.append(item)
        else:
            del extra[place]
    return missing, extra


@_value_matcher(value=Kind())
def eq(actual: t.Any, value: t.Any) -> Verdict:
    """Equal; a number equals its text."""
    lines = difference(value, actual) if isinstance(value, str) and isinstance(actual, str) else []
    return Verdict(equal(actual, value), shown(actual), diff=lines)


@_value_matcher(pattern=Regex())
def match(actual: t.Any, pattern: str) -> Verdict:
    """A Python regular expression is found in the text (^ and $ also match at line ends)."""
    return Verdict(bool(re.search(pattern, _text(actual), re.MULTILINE)), excerpt(_text(actual)))


@_value_matcher(items=ListOf(Kind()))
def include(actual: t.Any, items: list[t.Any]) -> Verdict:
    """The list has these elements, the map these keys, the text these parts."""
    found = shown(actual)
    if isinstance(actual, (list, dict)):
        missing = [item for item in items if not any(equal(found, item) for found in actual)]
    else:
        text = _text(actual)
        missing = [item for item in items if str(item) not in text]
        found = excerpt(text)
    got = found + (f"; missing {shown(missing)}" if len(items) > 1 and missing else "")
    return Verdict(not missing, got)


@_value_matcher(items=ListOf(Kind()))
def contain_exactly(actual: t.Any, items: list[t.Any]) -> Verdict:
    """The list has these elements and no other, in any order."""
    if not isinstance(actual, list):
        raise CannotTell(f"a list is needed, but found {kind_of(actual)}")
    missing, extra = _missing(actual, items)
    parts = [f"{name} {shown(some)}" for name, some in (("missing", missing), ("extra", extra)) if some]
    return Verdict(not parts, "; ".join([shown(actual), *parts]))


@_value_matcher(text=Text())
def start_with(actual: t.Any, text: str) -> Verdict:
    """The text starts so."""
    return Verdict(_text(actual).startswith(text), excerpt(_text(actual)))


@_value_matcher(text=Text())
def end_with(actual: t.Any, text: str) -> Verdict:
    """The text ends so."""
    return Verdict(_text(actual).endswith(text), excerpt(_text(actual)))


@_value_matcher(number=Number())
def be_greater_than(actual: t.Any, number: float) -> Verdict:
    """A number above this one."""
    return Verdict(_number(actual) > number, shown(actual))


@_value_matcher(number=Number())
def be_at_least(actual: t.Any, number: float) -> Verdict:
    """A number not below this one."""
    return Verdict(_number(actual) >= number, shown(actual))


@_value_matcher(number=Number())
def be_less_than(actual: t.Any, number: float) -> Verdict:
    """A number below this one."""
    return Verdict(_number(actual) < number, shown(actual))


@_value_matcher(number=Number())
def be_at_most(actual: t.Any, number: float) -> Verdict:
    """A number not above this one."""
    return Verdict(_number(actual) <= number, shown(actual))


@_value_matcher(limits=Limits())
def be_between(actual: t.Any, limits: list[float | int]) -> Verdict:
    """A number from the lowest to the highest, both included."""
    return Verdict(limits[0] <= _number(actual) <= limits[1], shown(actual))


@_value_matcher(values=ListOf(Kind()))
def be_one_of(actual: t.Any, values: list[t.Any]) -> Verdict:
    """Equal to one of these."""
    return Verdict(any(equal(actual, value) for value in values), shown(actual))


@_value_matcher()
def be_empty(actual: t.Any) -> Verdict:
    """A text, list or map without content."""
    return Verdict(len(_sized(actual)) == 0, shown(actual))


@_value_matcher()
def be_true(actual: t.Any) -> Verdict:
    """The boolean true."""
    return Verdict(actual is True, shown(actual))


@_value_matcher()
def be_false(actual: t.Any) -> Verdict:
    """The boolean false."""
    return Verdict(actual is False, shown(actual))


@_value_matcher()
def be_null(actual: t.Any) -> Verdict:
    """No value at all."""
    return Verdict(actual is None, shown(actual))


@_value_matcher(keys=ListOf(Text()))
def have_key(actual: t.Any, keys: list[str]) -> Verdict:
    """The map has these keys."""
    if not isinstance(actual, dict):
        raise CannotTell(f"a map is needed, but found {kind_of(actual)}")
    return Verdict(all(key in actual for key in keys), f"the keys {shown(sorted(map(str, actual)))}")


@_value_matcher(length=Integer(0))
def have_length(actual: t.Any, length: int) -> Verdict:
    """This many elements or characters."""
    count = len(_sized(actual))
    return Verdict(count == length, f"{count}: {shown(actual)}")


@_value_matcher(at_least=Text(), above=Text(), at_most=Text(), below=Text())
def be_version(actual: t.Any, at_least: str = "", above: str = "", at_most: str = "", below: str = "") -> Verdict:
    """A version within these limits."""
    given = {"at_least": at_least, "above": above, "at_most": at_most, "below": below}
    return Verdict(satisfies(_text(actual), {key: bound for key, bound in given.items() if bound}), shown(actual))


@_value_matcher(matcher=Nested())
def all_(actual: t.Any, matcher: t.Any) -> Verdict:
    """Every element of the list, or value of the map, passes the matcher; an empty one passes."""
    if not isinstance(actual, (list, dict)):
        raise CannotTell(f"a list or a map is needed, but found {kind_of(actual)}")
    items = actual.items() if isinstance(actual, dict) else enumerate(actual)
    bad = [f"[{key}] {verdict.told}" for key, item in items if not (verdict := apply(matcher, item)).passed]
    return Verdict(not bad, "; ".join(bad) or shown(actual))


@_value_matcher(matchers=ListOf(Nested()))
def any_of(actual: t.Any, matchers: list[t.Any]) -> Verdict:
    """At least one of the matchers passes."""
    return Verdict(any(apply(one, actual).passed for one in matchers), shown(actual))


@_value_matcher(matchers=ListOf(Nested()))
def all_of(actual: t.Any, matchers: list[t.Any]) -> Verdict:
    """All of the matchers pass."""
    return Verdict(all(apply(one, actual).passed for one in matchers), shown(actual))


def apply(compiled: t.Mapping[str, t.Any], actual: t.Any, known: t.Mapping[str, Matcher] | None = None) -> Verdict:
    """Apply a matcher that the grammar has read: {word, arguments}."""
    return (known or VALUE_MATCHERS)[compiled["word"]].function(actual, **compiled["arguments"])
