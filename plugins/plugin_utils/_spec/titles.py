# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.text import cut, shown, words
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Matcher

_VERBS = {"be": ("is", "is not"), "have": ("has", "does not have"), "exist": ("exists", "does not exist")}
_THIRD_PERSON = {"match": "matches", "eq": "is", "all": "all", "any": "any", "include": "includes"}
_SHORT = 80


def said(word: str, negated: bool) -> str:
    """A matcher in the present tense: be_installed -> "is installed", "is not installed"."""
    verb, _blank, rest = words(word).partition(" ")
    if word == "eq":
        return "is not" if negated else "is"
    if word in ("all", "any_of", "all_of"):
        return f"not {words(word)}" if negated else words(word)
    if verb in _VERBS:
        verb = _VERBS[verb][negated]
    elif negated:
        verb = f"does not {verb}"
    else:
        verb = _THIRD_PERSON.get(verb, f"{verb}s")
    return f"{verb} {rest}".strip()


def arguments(matcher: Matcher, given: t.Mapping[str, t.Any]) -> str:
    """The arguments of a matcher in words: the main one, the others in brackets."""
    main = given.get(matcher.main)
    joint = "" if matcher.word.endswith(f"_{matcher.joint}") else matcher.joint  # be_owned_by says it already
    first = f"{joint} {_value(main, bare=bool(matcher.joint))}".strip() if main is not None else ""
    others = ", ".join(
        f"{words(name)} {_value(value, bare=True)}" for name, value in given.items() if name != matcher.main
    )
    return " ".join(part for part in (first, f"({others})" if others else "") if part)


def _value(value: t.Any, bare: bool) -> str:
    if isinstance(value, dict) and set(value) == {"word", "arguments"}:
        inner = " ".join(_value(item, bare=False) for item in value["arguments"].values())
        return f"{words(value['word'])} {inner}".strip()
    if isinstance(value, list) and value and isinstance(value[0], dict) and set(value[0]) == {"word", "arguments"}:
        return ", ".join(_value(item, bare) for item in value)
    if isinstance(value, list):
        return ", ".join(_value(item, bare) for item in value)
    if isinstance(value, dict) and value and set(value) <= {"at_least", "above", "at_most", "below"}:
        return " and ".join(f"{words(limit)} {bound}" for limit, bound in value.items())
    return value if bare and isinstance(value, str) else shown(value)


def title(subject: str, path: str | None, matcher: Matcher, given: t.Mapping[str, t.Any], negated: bool) -> str:
    """What an example without a title is called."""
    parts = [subject, path or "", said(matcher.word, negated), cut(arguments(matcher, given), _SHORT)]
    return " ".join(part for part in parts if part)


def expected(subject: str, path: str | None, matcher: Matcher, given: t.Mapping[str, t.Any], negated: bool) -> str:
    """The expected line of a failure."""
    said_arguments = arguments(matcher, given)
    if path:
        if matcher.word == "eq":
            return f"not {said_arguments}" if negated else said_arguments
        return f"{path} {'not ' if negated else ''}to {words(matcher.word)} {said_arguments}".strip()
    return f"{subject} {'not ' if negated else ''}to {words(matcher.word)} {said_arguments}".strip()
