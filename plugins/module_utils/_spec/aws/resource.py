# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import difflib
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec import paths, values
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.records import Records, Refused
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import (
    Part,
    Path,
    Record,
    RecordType,
    dig,
    snake,
    tag_map,
    tags_of,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Kind, ListOf, Map, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing, shown, words
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Property,
    Resource,
    Verdict,
    matcher,
)

#: the types by word, for the relations between them
ROWS: dict[str, RecordType] = {}


class RecordResource(Resource):
    """A resource of AWS: the record that its API returns, and what row says about it."""

    row: t.ClassVar[RecordType]
    world: Records
    free_properties = True

    @classmethod
    def prepare(cls, subjects: t.Sequence[tuple[t.Any, t.Mapping[str, t.Any]]], world: Records) -> None:
        for name, parameters in subjects:
            if name is not None:
                own, given = cls.address(str(name), parameters)
                world.want(cls.row, own, parameters.get("region") or "", given)

    @classmethod
    def address(cls, name: str, parameters: t.Mapping[str, t.Any]) -> tuple[str, dict[str, t.Any]]:
        """The name that AWS knows, and further parameters of the request."""
        wanted = cls.row.parameters.items()
        given = {request: parameters[own] for own, request in wanted if request and parameters.get(own) is not None}
        if parameters.get("filters"):
            given[cls.row.filters] = cls.row.filtering(parameters["filters"])
        return cls.row.own_name(name), given

    @classmethod
    def label(cls, name: t.Any, parameters: t.Mapping[str, t.Any]) -> str:
        filters = f" with {_filters(parameters['filters'])}" if parameters.get("filters") else ""
        return f"{super().label(name, parameters)}{filters}"

    @property
    def region(self) -> str:
        return str(self.parameter("region", ""))

    @property
    def source(self) -> str:
        return f"{self.row.service}:{''.join(part.title() for part in self.row.operation.split('_'))}"

    @property
    def called(self) -> str:
        """How a spec calls the subject, without its type."""
        return str(self.name) if self.name is not None else _filters(self.parameter("filters", {}))

    def records(self) -> list[Record]:
        """All records that the subject may mean."""
        name, given = self.address(str(self.name), self.parameters_given)
        if self.name is None:
            return self.world.filtered(self.row, self.region, given)
        return self.world.named(self.row, name, self.region, given)

    @property
    def record(self) -> Record:
        """The one record that is meant."""
        return one(self.records(), self.row, self.called)

    def call(self, operation: str, service: str = "", **parameters: t.Any) -> t.Any:
        """The answer to a request of the subject's own service and region."""
        return self.world.call(service or self.row.service, operation, self.region, **parameters)

    def part(self, part: Part) -> t.Any:
        """The value of a property that has an operation of its own."""
        record = self.asked_with(part)
        try:
            answer = self.call(part.operation, part.service, **part.request(record)) if part.operation else record
        except Refused as error:
            if not error.means_absent(part.absent):
                raise
            return part.default
        found = dig(answer, part.path) if part.path else answer
        if found is None:
            return part.default
        return part.shape(found) if part.shape else found

    def asked_with(self, part: Part) -> Record:
        """The record that fills the request of a part."""
        return self.record if part in self.row.details else self.details

    @property
    def details(self) -> Record:
        """The record with what further operations tell."""
        details = dict(self.record)
        for part in self.row.details:
            details.update(self.part(part) or {})
        return details

    def other_property(self, name: str) -> t.Any:
        record = {**dict.fromkeys(self.world.members(self.row, self.region)), **self.details}
        key = paths.key_of(record, name)
        if key is None:
            known = {snake(known): known for known in record} | dict.fromkeys(self.properties)
            similar = difflib.get_close_matches(snake(name), known, n=5, cutoff=0.5) or sorted(known)
            raise CannotTell(f"{self.word} has no property {name}; similar: {listing(similar)}", self.source)
        if key in self.row.hidden:
            raise CannotTell(f"{name} is never shown; there is the matcher have_{snake(key)}", self.source)
        return record[key]

    def value(self, path: Path) -> t.Any:
        """The value at a path from a property; nothing where the path leads nowhere."""
        steps = path.split(".") if isinstance(path, str) else list(path)
        first = steps[0][:-2] if steps[0].endswith("[]") else steps[0]
        own = self.properties.get(first)
        found = own.function(self) if own else dig(self.details, (first,))
        return dig({first: found}, tuple(steps))

    @matcher()
    def exist(self) -> Verdict:
        """There is exactly one of that name."""
        found = self.records()
        if len(found) > 1:
            one(found, self.row, self.called)
        got = identified(found[0], self.row) if found else f"no such {words(self.word)}"
        return Verdict(bool(found), got, self.source)


class TaggedResource(RecordResource):
    """A resource that has tags."""

    def read_tags(self) -> dict[str, t.Any]:
        tags = self.row.tags
        return tag_map(self.part(tags)) if isinstance(tags, Part) else tags_of(self.record)

    @matcher(key=Text(), value=Kind())
    def have_tag(self, key: str, value: t.Any = None) -> Verdict:
        """There is a tag with this key and, if one is given, this value."""
        tags = self.read_tags()
        got = f"{key} is {shown(tags[key])}" if key in tags else f"the tags {listing(sorted(tags), 'none')}"
        return Verdict(key in tags and (value is None or values.equal(tags[key], value)), got, self.source)

    @matcher(tags=Map())
    def have_tags(self, tags: t.Mapping[str, t.Any]) -> Verdict:
        """All of these tags are there, with these values; there may be more."""
        found = self.read_tags()
        passed = all(key in found and values.equal(found[key], value) for key, value in tags.items())
        return Verdict(passed, shown(found), self.source)


def one(found: t.Sequence[Record], row: RecordType, called: str) -> Record:
    """The only record; raises CannotTell when there is none or more than one."""
    if not found:
        raise CannotTell(f"no such {words(row.word)}: {called}")
    if len(found) > 1:
        identities = listing(sorted(str(dig(record, row.identity)) for record in found))
        raise CannotTell(f"{len(found)} of {words(row.word)} are called {called}: {identities}")
    return found[0]


def identified(record: Record, row: RecordType) -> str:
    """The record as a person knows it: its id, and its name if that is another."""
    identity, name = str(dig(record, row.identity)), tags_of(record).get("Name") if row.tags else None
    return f"{identity} ({name})" if name and name != identity else identity


def _filters(filters: t.Mapping[str, t.Any]) -> str:
    return ", ".join(
        f"{name}={value if isinstance(value, str) else listing(_list(value))}" for name, value in filters.items()
    )


def _list(value: t.Any) -> list[t.Any]:
    return value if isinstance(value, list) else [value]


def make(row: RecordType, base: type[RecordResource] | None = None) -> type[RecordResource]:
    """The resource of a row; base has what cannot be said in a row."""
    ROWS[row.word] = row
    kinds: dict[str, Kind] = {
        "region": Text(),
        **{name: ListOf(Text()) if name.endswith("s") else Text() for name in row.parameters},
    }
    content: dict[str, t.Any] = {
        "__doc__": f"By {row.named_by}." if row.ways else (base or RecordResource).__doc__,
        "row": row,
        "word": row.word,
        "aliases": row.aliases,
        "parameters": {**kinds, **({"filters": Map()} if row.filters else {})},
        "instead_of_name": ("filters",) if row.filters else (),
    }
    for word, (path, expected) in row.be.items():
        content[f"be_{word}"] = _be(word, path, expected)
    for word, have_path in row.have.items():
        content[f"have_{word}"] = _have(word, have_path)
    for word, (target, target_path) in row.relations.items():
        content[word] = _relation(word, target, target_path)
    for name, part in row.parts.items():
        content[f"_part_{name}"] = _property(name, part)
    if row.tags:
        content["_tags"] = _tags()
    bases = (base or RecordResource,) if not row.tags else (base, TaggedResource) if base else (TaggedResource,)
    kind = t.cast("type[RecordResource]", type(row.word, bases, content))
    kind.matchers = {word: found for parent in reversed(kind.__mro__) for word, found in _own(parent, "matcher")}
    kind.properties = {name: found for parent in reversed(kind.__mro__) for name, found in _own(parent, "property")}
    return kind


def _own(parent: type, mark: str) -> list[tuple[str, t.Any]]:
    found = [getattr(item, mark) for item in vars(parent).values() if hasattr(item, mark)]
    return [(item.word if mark == "matcher" else item.name, item) for item in found if not isinstance(item, type)]


def _be(word: str, path: Path, expected: t.Any) -> t.Any:
    accepted = expected if isinstance(expected, tuple) else (expected,)

    def check(self: RecordResource) -> Verdict:
        actual = self.value(path)
        passed = any(bool(actual) is value if isinstance(value, bool) else actual == value for value in accepted)
        return Verdict(passed, f"{told(path)} is {shown(actual)}", self.source)

    check.__doc__ = f"Its {told(path)} is {' or '.join(map(shown, accepted))}."
    return matcher(word=f"be_{word}")(check)


def _have(word: str, path: Path) -> t.Any:
    def check(self: RecordResource, value: t.Any = None) -> Verdict:
        return compared(self.value(path), value, self.source)

    check.__doc__ = f"Its {told(path)} is this; without a value, there is one."
    return matcher(word=f"have_{word}", value=Kind())(check)


def compared(actual: t.Any, expected: t.Any, source: str = "") -> Verdict:
    """Whether there is a value or, if one is expected, it is that; a list is compared in any order, or has the item."""
    if expected is None:
        return Verdict(actual not in (None, False, "", [], {}), shown(actual), source)
    if not isinstance(actual, list):
        return Verdict(values.equal(actual, expected), shown(actual), source)
    word, argument = ("contain_exactly", "items") if isinstance(expected, list) else ("include", "items")
    items = expected if isinstance(expected, list) else [expected]
    return values.apply({"word": word, "arguments": {argument: items}}, actual)


def told(path: Path) -> str:
    """A path as a spec writes it: Listeners[].Port is listeners[*].port."""
    text = ""
    for step in path.split(".") if isinstance(path, str) else path:
        name = step[:-2] if step.endswith("[]") else step
        if name.isdigit():
            text += f"[{name}]"
        else:
            text += (f".{snake(name)}" if name.isidentifier() else f'["{name}"]') + "[*]" * (name != step)
    return text.lstrip(".")


def _relation(word: str, target: str, path: Path) -> t.Any:
    def check(self: RecordResource, name: str) -> Verdict:
        actual = self.value(path)
        related = [item for item in _list(actual) if item is not None]
        wanted = identity_of(self, target, name)
        passed = wanted in related or name in related

        def got() -> str:
            return listing((known_as(self, target, str(item)) for item in related), f"no {words(target)}")

        return Verdict(passed, got, self.source)

    check.__doc__ = f"The {words(target)} with this id or name is its own."
    return matcher(word=word, name=Text())(check)


def identity_of(asking: RecordResource, target: str, name: str) -> t.Any:
    """The id of a record of another type, by any of its names; raises CannotTell when there is not exactly one."""
    row = ROWS[target]
    if any(way.pattern and way.field == row.identity for way in row.ways_for(name)):
        return name
    return one(asking.world.named(row, name, asking.region, {}), row, name)[row.identity]


def known_as(asking: RecordResource, target: str, identity: str) -> str:
    """A record of another type as a person knows it; only its id when more cannot be read."""
    row = ROWS[target]
    try:
        found = asking.world.named(row, identity, asking.region, {})
    except CannotTell:
        return identity
    return identified(found[0], row) if found else identity


def _property(name: str, part: Part) -> t.Any:
    def read(self: RecordResource) -> t.Any:
        return self.part(part)

    read.property = Property(name, read, Kind(), part.summary)  # type: ignore[attr-defined]
    return read


def _tags() -> t.Any:
    def read(self: TaggedResource) -> t.Any:
        return self.read_tags()

    read.property = Property("tags", read, Kind(), "The tags as a map.")  # type: ignore[attr-defined]
    return read
