# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.evaluate import HIDDEN
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Kind, Unfit, kind_of
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing, words
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Resource, Vocabulary
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import (
    SYNTAX,
    Place,
    Problems,
    did_you_mean,
    nearest,
)

ARGUMENT = "MatcherArgumentError"


@dataclasses.dataclass(frozen=True)
class Subject:
    """A resource with the name and the parameters that a spec gives it."""

    word: str
    resource: type[Resource]
    name: t.Any
    parameters: dict[str, t.Any]
    sensitive: bool = dataclasses.field(default=False, compare=False)

    @property
    def _is_hidden(self) -> bool:
        return self.sensitive and self.resource.name_can_be_secret

    @property
    def label(self) -> str:
        return words(self.word) if self._is_hidden else self.resource.label(self.name, self.parameters)

    @property
    def told_name(self) -> t.Any:
        return HIDDEN if self._is_hidden else self.resource.told_name(self.name)


class SubjectReader:
    """Reads what stands under expect, and under describe and context when that is no text."""

    def __init__(
        self, vocabulary: Vocabulary, other: t.Callable[[], Vocabulary], other_module: str, problems: Problems
    ) -> None:
        self._vocabulary = vocabulary
        self._other = other
        self._other_module = other_module
        self._problems = problems

    def is_bare_word(self, text: str) -> bool:
        return text in self._vocabulary and self._vocabulary[text].name_kind is None

    def read(self, written: t.Any, place: Place) -> list[Subject]:
        """One subject, or one for each name of a list; empty when there is a problem."""
        if isinstance(written, str):
            return self._bare(written, place)
        if not isinstance(written, dict) or not written:
            message = f"expected a subject such as {{package: nginx}}, got {kind_of(written)}"
            self._problems.add(SYNTAX, message, place, written)
            return []
        if len(written) > 1:
            message = f"one resource in one subject, but here are {listing(written)}"
            self._problems.add(SYNTAX, message, place, listing(written))
            return []
        ((word, value),) = written.items()
        resource = self._resource(word, place)
        return self._named(word, resource, value, place.below(str(word))) if resource else []

    def _resource(self, word: t.Any, place: Place) -> type[Resource] | None:
        if word in self._vocabulary:
            return self._vocabulary[word]
        suggestion = nearest(word, self._vocabulary.resources)
        if word in self._other():
            message = f"'{word}' is a resource of {self._other_module}, not of this module"
        else:
            known = ", ".join(sorted(self._vocabulary.resources))
            message = f"unknown resource '{word}'{did_you_mean(suggestion)} (resources: {known})"
        self._problems.add("UnknownResource", message, place, word, suggestion)
        return None

    def _bare(self, word: str, place: Place) -> list[Subject]:
        resource = self._resource(word, place)
        if resource is None:
            return []
        if resource.name_kind is not None and not resource.name_optional:
            message = f"{word} needs a name: {{{word}: {resource.name_kind.name}}}"
            self._problems.add(SYNTAX, message, place, word)
            return []
        return [Subject(word, resource, None, {})]

    def _named(self, word: str, resource: type[Resource], value: t.Any, place: Place) -> list[Subject]:
        if resource.takes_value_matchers:
            return [Subject(word, resource, value, {})]
        name, parameters = value, {}
        if isinstance(value, dict):
            parameters = {key: item for key, item in value.items() if key != "name"}
            name = value.get("name")
        names = name if isinstance(name, list) else [name]
        if not names:
            self._problems.add(SYNTAX, f"the list of names of {word} is empty", place, word)
        checked = self._parameters(word, resource, parameters, place)
        if checked is None:
            return []
        return [subject for one in names for subject in self._one(word, resource, one, checked, place)]

    def _one(
        self, word: str, resource: type[Resource], name: t.Any, parameters: dict[str, t.Any], place: Place
    ) -> list[Subject]:
        if name is None or name == "":
            enough = resource.name_kind is None or resource.name_optional
            if not enough and not any(parameter in parameters for parameter in resource.instead_of_name):
                instead = f" or {listing(resource.instead_of_name)}" if resource.instead_of_name else ""
                self._problems.add(SYNTAX, f"{word} needs a name{instead}", place, word)
                return []
            return [Subject(word, resource, None, parameters)]
        if resource.name_kind is None:
            self._problems.add(SYNTAX, f"{word} has no name; write only {word}", place, name)
            return []
        try:
            return [Subject(word, resource, resource.name_kind.check(name), parameters)]
        except Unfit as error:
            self._problems.add(error.problem, f"{word}: {error}", place, name)
            return []

    def _parameters(
        self, word: str, resource: type[Resource], given: dict[t.Any, t.Any], place: Place
    ) -> dict[str, t.Any] | None:
        checked: dict[str, t.Any] = {}
        for key, value in given.items():
            kind: Kind | None = resource.parameters.get(key)
            if kind is None:
                suggestion = nearest(key, resource.parameters)
                accepted = listing(["name", *resource.parameters])
                message = f"{word} has no parameter '{key}'{did_you_mean(suggestion)} (accepted: {accepted})"
                self._problems.add(ARGUMENT, message, place, key, suggestion)
                return None
            try:
                checked[str(key)] = kind.check(value)
            except Unfit as error:
                self._problems.add(error.problem, f"{word}: {key}: {error}", place, value)
                return None
        return checked
