# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec import paths
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Kind, ListOf, Map, Unfit, kind_of
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.values import VALUE_MATCHERS, Nested
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Matcher, Resource, Vocabulary
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import (
    Place,
    Problems,
    did_you_mean,
    nearest,
)

ARGUMENT = "MatcherArgumentError"
TRAP = "YamlTrap"
_COMPARING = ("eq", "be_one_of", "contain_exactly")


@dataclasses.dataclass(frozen=True)
class Use:
    """A matcher as a spec uses it, its arguments checked and in canonical form."""

    matcher: Matcher
    arguments: dict[str, t.Any]

    def compiled(self) -> dict[str, t.Any]:
        return {"word": self.matcher.word, "arguments": self.arguments}


class MatcherReader:
    """Reads what stands under to, not_to and its; what is wrong goes to problems."""

    def __init__(self, vocabulary: Vocabulary, problems: Problems) -> None:
        self._vocabulary = vocabulary
        self._values = vocabulary.values
        self._problems = problems

    def of_subject(self, resource: type[Resource], written: t.Any, place: Place) -> list[Use]:
        """The matchers of a subject itself."""
        known = dict(resource.matchers)
        if resource.takes_value_matchers:
            known = {**self._values, **known}
        return self._all(written, known, resource, Kind(), place)

    def of_property(
        self, resource: type[Resource], parameters: t.Mapping[str, t.Any], path: str, written: t.Any, place: Place
    ) -> list[Use]:
        """The value matchers of a property."""
        return self._all(written, self._values, resource, self._kind(resource, parameters, path), place)

    def of_table(
        self, resource: type[Resource], parameters: t.Mapping[str, t.Any], path: str, written: t.Any, place: Place
    ) -> list[Use]:
        """What a property table gives for a property: value matchers, or a plain value that has to be equal."""
        matchers = written if isinstance(written, list) else [written]
        if matchers and all(self._looks_like_matcher(item) for item in matchers):
            return self.of_property(resource, parameters, path, written, place)
        return self.of_property(resource, parameters, path, {"eq": written}, place)

    def _looks_like_matcher(self, written: t.Any) -> bool:
        if isinstance(written, str):
            return written in self._values and not self._values[written].required
        if not isinstance(written, dict) or not written:
            return False
        words = [str(key) for key in written]
        return any(word in self._values for word in words) or all(nearest(word, self._values) for word in words)

    def knows_property(self, resource: type[Resource], path: t.Any, place: Place) -> bool:
        """Whether the path can be read from the resource; a problem is noted when it cannot."""
        try:
            first = str(paths.parse(path if isinstance(path, str) else str(path))[0])
        except Unfit as error:
            self._problems.add("UnknownProperty", str(error), place, path)
            return False
        if first in resource.properties or resource.free_properties:
            return True
        suggestion = nearest(first, resource.properties)
        message = (
            f"{resource.word} has no property '{first}'{did_you_mean(suggestion)}"
            f" (properties: {listing(sorted(resource.properties), 'none')})"
        )
        self._problems.add("UnknownProperty", message, place, first, suggestion)
        return False

    def _kind(self, resource: type[Resource], parameters: t.Mapping[str, t.Any], path: str) -> Kind:
        steps = paths.parse(path)
        return resource.kind_of_property(str(steps[0]), parameters) if len(steps) == 1 else Kind()

    def _all(
        self, written: t.Any, known: t.Mapping[str, Matcher], resource: type[Resource] | None, kind: Kind, place: Place
    ) -> list[Use]:
        if isinstance(written, str):
            return self._one(written, None, known, resource, kind, place)
        if isinstance(written, list):
            return [
                use
                for number, item in enumerate(written)
                for use in self._all(item, known, resource, kind, place.below(number))
            ]
        if isinstance(written, dict) and written:
            return [
                use
                for word, given in written.items()
                for use in self._one(word, given, known, resource, kind, place.below(str(word)))
            ]
        problem = TRAP if isinstance(written, bool) else ARGUMENT
        hint = "; to compare a value, write {eq: ...}" if written is not None else ""
        self._problems.add(problem, f"expected a matcher, got {kind_of(written)}{hint}", place, written)
        return []

    def _one(
        self,
        word: t.Any,
        given: t.Any,
        known: t.Mapping[str, Matcher],
        resource: type[Resource] | None,
        kind: Kind,
        place: Place,
    ) -> list[Use]:
        if word not in known:
            self._unknown(word, known, resource, place)
            return []
        matcher = known[word]
        try:
            values = self._named(matcher, given)
            arguments = {name: self._argument(matcher, name, value, kind, place) for name, value in values.items()}
        except Unfit as error:
            self._problems.add(error.problem, f"{word}: {error}", place, given if given is not None else word)
            return []
        missing = [name for name in matcher.required if arguments.get(name) is None and name not in values]
        if missing:
            self._problems.add(ARGUMENT, f"{word} needs {_accepted(matcher, missing)}", place, word)
            return []
        return [Use(matcher, arguments)]

    def _argument(self, matcher: Matcher, name: str, value: t.Any, kind: Kind, place: Place) -> t.Any:
        wanted = matcher.arguments[name]
        if isinstance(wanted, Nested):
            return self._nested(value, kind, place)
        if isinstance(wanted, ListOf) and isinstance(wanted.item, Nested):
            return [self._nested(item, kind, place) for item in (value if isinstance(value, list) else [value])]
        try:
            checked = wanted.check(value)
            if matcher.word not in _COMPARING or matcher is not self._values[matcher.word] or kind.takes_anything:
                return checked
            if isinstance(checked, list) and isinstance(wanted, ListOf) and not isinstance(kind, ListOf):
                return [kind.check(item) for item in checked] if matcher.word == "be_one_of" else checked
            return kind.check(checked)
        except Unfit as error:
            prefix = f"{name}: " if len(matcher.arguments) > 1 else ""
            raise type(error)(f"{prefix}{error}") from None

    def _nested(self, written: t.Any, kind: Kind, place: Place) -> dict[str, t.Any]:
        uses = self._all(written, VALUE_MATCHERS, None, kind, place)
        if len(uses) == 1:
            return uses[0].compiled()
        return {"word": "all_of", "arguments": {"matchers": [use.compiled() for use in uses]}}

    def _named(self, matcher: Matcher, given: t.Any) -> dict[str, t.Any]:
        """The arguments by name: a map of them, or one value for the main one."""
        if given is None and not (matcher.required and matcher.arguments[matcher.main].takes_anything):
            return {}
        if not matcher.arguments:
            raise Unfit(f"takes no argument, got {kind_of(given)}")
        if isinstance(given, dict) and not _takes_maps(matcher):
            named: dict[str, t.Any] = {}
            for key, value in _flat(matcher, given).items():
                if key is True:
                    raise _OnIsTrue(f"YAML read the key 'on' as true; name the argument: {_accepted(matcher)}")
                name = matcher.aliases.get(key, key)
                if name not in matcher.arguments:
                    if matcher.main and _fits(matcher.arguments[matcher.main], given):
                        return {matcher.main: given}
                    suggestion = did_you_mean(nearest(key, matcher.arguments))
                    raise Unfit(f"there is no argument '{key}'{suggestion} (accepted: {_accepted(matcher)})")
                if name in named:
                    raise Unfit(f"the argument {name} is given twice")
                named[name] = value
            return named
        return {matcher.main: given}

    def _unknown(
        self, word: t.Any, known: t.Mapping[str, Matcher], resource: type[Resource] | None, place: Place
    ) -> None:
        own = f"{resource.word} has: " if resource and known is not self._values else "value matchers: "
        matchers = listing(sorted(known))
        if isinstance(word, bool):
            self._problems.add(
                TRAP, f"YAML read the key as {str(word).lower()}; quote it ({own}{matchers})", place, word
            )
            return
        applies = self._vocabulary.with_matcher(str(word))
        if applies and resource:
            where = f"{word} applies to {listing(applies)}"
            if resource.word in applies:
                where = f"{word} is a matcher of {resource.word} itself, not of a property; leave its out"
            elif word in self._values:
                where += ", or to a property (its)"
            self._problems.add("MatcherNotApplicable", where, place, word)
        elif word in self._values and resource:
            message = f"{word} compares a property: say which one with its ({listing(sorted(resource.properties))})"
            self._problems.add("MatcherNotApplicable", message, place, word)
        else:
            suggestion = nearest(word, known)
            message = f"unknown matcher '{word}'{did_you_mean(suggestion)} ({own}{matchers})"
            self._problems.add("UnknownMatcher", message, place, word, suggestion)


class _OnIsTrue(Unfit):
    problem = TRAP


def _flat(matcher: Matcher, given: dict[t.Any, t.Any]) -> dict[t.Any, t.Any]:
    """{with: {port: 22, proto: tcp}}, as Serverspec chains it, is {port: 22, proto: tcp}."""
    flat: dict[t.Any, t.Any] = {}
    for key, value in given.items():
        inner = key in matcher.aliases and isinstance(value, dict) and not set(value) - set(matcher.arguments)
        flat.update(value if inner else {key: value})
    return flat


def _takes_maps(matcher: Matcher) -> bool:
    """Whether a map is the value itself: the only argument of a matcher can be anything."""
    kind = matcher.arguments[matcher.main]
    if len(matcher.arguments) > 1:
        return False
    return kind.takes_anything or isinstance(kind, (Nested, Map)) or (isinstance(kind, ListOf) and _any_item(kind))


def _any_item(kind: ListOf) -> bool:
    return kind.item.takes_anything or isinstance(kind.item, (Nested, Map))


def _fits(kind: Kind, value: t.Any) -> bool:
    try:
        kind.check(value)
    except Unfit:
        return False
    return True


def _accepted(matcher: Matcher, names: t.Sequence[str] = ()) -> str:
    return listing(f"{name} ({matcher.arguments[name].name})" for name in names or matcher.arguments)
