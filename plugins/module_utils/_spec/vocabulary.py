# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import dataclasses
import inspect
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Kind, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import words


class CannotTell(Exception):
    """What was asked could not be measured: the example ends as an error, also when it is negated."""

    def __init__(self, message: str, source: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.source = source


class Skip(CannotTell):
    """What was asked is not looked at in this run; the message is the reason."""


class Unsupported(CannotTell):
    """This system does not have what the resource looks at (decided by on_unsupported)."""


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What a matcher found: got is a short sentence in the user's notation, source says where it was read.

    got can be a function, for what costs something to find out and is rarely told.
    """

    passed: bool
    got: str | t.Callable[[], str] = ""
    source: str = ""
    diff: t.Sequence[str] = ()

    @property
    def told(self) -> str:
        return self.got() if callable(self.got) else self.got


@dataclasses.dataclass(frozen=True)
class Matcher:
    """A matcher: a function of the subject and named arguments that returns a Verdict."""

    word: str
    function: t.Callable[..., Verdict]
    arguments: t.Mapping[str, Kind]
    required: t.Sequence[str]
    aliases: t.Mapping[str, str]
    joint: str
    summary: str

    @property
    def main(self) -> str:
        """The argument that a value without a name stands for; empty when the matcher takes none."""
        return next(iter(self.arguments), "")


@dataclasses.dataclass(frozen=True)
class Property:
    """Something that can be read from a subject: its kind is what eq accepts."""

    name: str
    function: t.Callable[[t.Any], t.Any]
    kind: Kind
    summary: str


def matcher(
    *, aliases: t.Mapping[str, str] | None = None, joint: str = "", word: str = "", **arguments: Kind
) -> t.Callable[[t.Callable[..., Verdict]], t.Any]:
    """Make a method the matcher of the same name. The first argument is the main one; those with a default are
    optional. The first line of the docstring documents it. joint stands before the main argument in titles."""

    def mark(function: t.Callable[..., Verdict]) -> t.Any:
        given = inspect.signature(function).parameters
        required = [name for name in arguments if name in given and given[name].default is inspect.Parameter.empty]
        name = word or function.__name__.rstrip("_")
        function.matcher = Matcher(  # type: ignore[attr-defined]
            name, function, arguments, required, aliases or {}, joint, _summary(function)
        )
        return function

    return mark


def its(kind: Kind | None = None) -> t.Callable[[t.Callable[[t.Any], t.Any]], t.Any]:
    """Make a method a property of the same name."""

    def mark(function: t.Callable[[t.Any], t.Any]) -> t.Any:
        name = function.__name__.rstrip("_")
        function.property = Property(  # type: ignore[attr-defined]
            name, function, kind or Kind(), _summary(function)
        )
        return function

    return mark


def _summary(function: t.Callable[..., t.Any]) -> str:
    return (function.__doc__ or "").strip().partition("\n")[0]


class Resource:
    """One resource under test. A class attribute describes each thing a spec may say about it.

    word, aliases: how a spec names it. name: the kind of its name, None when it has none (a bare word in the
    spec). parameters: what {resource: {name: ..., parameter: ...}} may carry beside the name. instead_of_name:
    parameters that say enough without a name. name_optional: a bare word is enough, too.
    needs_running_system: skipped with offline. slow: waits for something, so may run beside others.
    free_properties: any property is accepted when the spec is read, and looked up with other_property().
    name_can_be_secret: sensitive examples do not tell it.
    """

    word: t.ClassVar[str] = ""
    aliases: t.ClassVar[t.Sequence[str]] = ()
    name_kind: t.ClassVar[Kind | None] = Text()
    parameters: t.ClassVar[t.Mapping[str, Kind]] = {}
    instead_of_name: t.ClassVar[t.Sequence[str]] = ()
    name_optional: t.ClassVar[bool] = False
    needs_running_system: t.ClassVar[bool] = False
    slow: t.ClassVar[bool] = False
    free_properties: t.ClassVar[bool] = False
    takes_value_matchers: t.ClassVar[bool] = False
    name_can_be_secret: t.ClassVar[bool] = False
    matchers: t.ClassVar[dict[str, Matcher]] = {}
    properties: t.ClassVar[dict[str, Property]] = {}

    def __init_subclass__(cls, **kwargs: t.Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.matchers, cls.properties = dict(cls.matchers), dict(cls.properties)
        for name, function in vars(cls).items():
            if hasattr(function, "matcher"):
                cls.matchers[function.matcher.word] = function.matcher
            elif hasattr(function, "property"):
                cls.properties[function.property.name] = function.property
            else:
                continue
            if name in vars(Resource):
                raise TypeError(f"{cls.__name__}.{name} hides what every resource has; call the method {name}_")

    def __init__(self, name: t.Any, parameters: t.Mapping[str, t.Any], world: t.Any) -> None:
        """world is where everything is read: a Host for servers, Records for AWS."""
        self.name = name
        self.parameters_given = dict(parameters)
        self.world = world

    @classmethod
    def prepare(cls, subjects: t.Sequence[tuple[t.Any, t.Mapping[str, t.Any]]], world: t.Any) -> None:
        """Told once, before anything is read, which subjects the whole spec names: for sources read in one batch."""

    @classmethod
    def label(cls, name: t.Any, _parameters: t.Mapping[str, t.Any]) -> str:
        """The subject in titles and messages."""
        if name is None:
            return words(cls.word)
        return f"{words(cls.word)} {', '.join(map(str, name)) if isinstance(name, list) else name}"

    @classmethod
    def told_name(cls, name: t.Any) -> t.Any:
        """The name in results."""
        return name

    @classmethod
    def kind_of_property(cls, name: str, _parameters: t.Mapping[str, t.Any]) -> Kind:
        """What the property can be compared with, as far as it is known when the spec is read."""
        return cls.properties[name].kind if name in cls.properties else Kind()

    def members(self) -> list[Resource] | None:
        """The single subjects, when this one stands for several (a pattern); exist is asked of the pattern itself."""
        return None

    def parameter(self, name: str, default: t.Any = None) -> t.Any:
        value = self.parameters_given.get(name)
        return default if value is None else value

    def other_property(self, name: str) -> t.Any:
        """The property of a record with properties of its own; raises CannotTell when there is none."""
        raise CannotTell(f"{self.word} has no property {name}")


class Vocabulary:
    """The resources that a spec can name, and the matchers that compare a property, by word."""

    def __init__(
        self, resources: t.Iterable[type[Resource]] = (), values: t.Mapping[str, Matcher] | None = None
    ) -> None:
        self.values = values or {}
        self.resources: dict[str, type[Resource]] = {}
        for resource in resources:
            self.add(resource)

    def add(self, resource: type[Resource], word: str = "") -> None:
        for name in (word or resource.word, *resource.aliases):
            self.resources[name] = resource

    def __contains__(self, word: object) -> bool:
        return word in self.resources

    def __getitem__(self, word: str) -> type[Resource]:
        return self.resources[word]

    def with_matcher(self, word: str) -> list[str]:
        """The resources that have the matcher."""
        return sorted({resource.word for resource in self.resources.values() if word in resource.matchers})
