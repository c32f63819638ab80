# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import dataclasses
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.paths import Literal

Record = dict[str, t.Any]
Path = t.Union[str, tuple[str, ...]]
TAG_NAME = "tag:Name"


@dataclasses.dataclass(frozen=True)
class Way:
    """A way to look records up by name.

    field: where a record says the name back. pattern: the names that are looked up in this way only; without one it
    serves every name that no pattern claims. filter: the filter that takes the names; also: further filters.
    parameter: the request's parameter that takes them, as a list of at most size names, or one by one without a size.
    With neither filter nor parameter everything is listed and searched. suffix: the field ends with the name. echo: the
    field that gets the name, where the answer does not repeat it. operation, path: where they differ from the type's.
    """

    field: str = ""
    pattern: str = ""
    filter: str = ""
    parameter: str = ""
    size: int = 0
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()
    suffix: bool = False
    echo: str = ""
    operation: str = ""
    path: str = ""
    constants: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)

    def chunks(self, names: t.Sequence[str]) -> list[t.Sequence[str]]:
        """The names in groups that fit one request."""
        if not names:
            return []
        size = self.size or (100 if self.filter else 1 if self.parameter else len(names))
        return [names[start : start + size] for start in range(0, len(names), size)]

    def request(self, names: t.Sequence[str], filters: str, key: str) -> dict[str, t.Any]:
        """What the request carries for the names; filters is its parameter for filters, key what a filter has."""
        if self.filter:
            wanted = ((self.filter, names), *self.also)
            return {filters: [{key: name, "Values": list(values)} for name, values in wanted], **self.constants}
        if self.parameter:
            return {self.parameter: list(names) if self.size else names[0], **self.constants}
        return dict(self.constants)

    @property
    def named_by(self) -> str:
        """What kind of name this is."""
        if self.field == TAG_NAME:
            return "Name tag"
        if not self.pattern:
            return "name"
        return "ARN" if self.pattern == "arn:" else "address" if self.field == "PublicIp" else "ID"

    def is_said_by(self, record: Record, name: str) -> bool:
        """Whether the record is one of that name."""
        if not self.field:
            return True
        if self.field == TAG_NAME:
            return tags_of(record).get("Name") == name
        said = dig(record, self.field)
        if isinstance(said, list):
            return name in said
        return said == name or (self.suffix and str(said).endswith((f":{name}", f"/{name}")))


@dataclasses.dataclass(frozen=True)
class Part:
    """A property that another operation has to be asked for, or, without an operation, made of the record.

    parameters: request parameters, each the path of a field of the record in [ ] for a list of one, or after = a
    constant. absent: error codes that mean there is none, which reads as default. shape: makes the value of what is
    found at path.
    """

    operation: str
    parameters: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    path: str = ""
    absent: tuple[str, ...] = ()
    default: t.Any = None
    shape: t.Callable[[t.Any], t.Any] | None = None
    service: str = ""
    summary: str = ""

    def request(self, record: Record) -> dict[str, t.Any]:
        return {name: _filled(value, record) for name, value in self.parameters.items()}


def _filled(value: t.Any, record: Record) -> t.Any:
    if isinstance(value, list):
        return [_filled(item, record) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, record) for key, item in value.items()}
    if isinstance(value, str):
        return value[1:] if value.startswith("=") else dig(record, value)
    return value


@dataclasses.dataclass(frozen=True)
class RecordType:
    """A type of AWS resources: how its records are read and what can be said about them.

    identity: the field that tells two records apart
    filters: the request's parameter for filters, empty when it has none; filter_key: what a filter is called by
    vpc_filter: the filter that takes a VPC
    filtered: what a request with filters and without a name carries
    parameters: what a subject may carry beside its name, and the request's parameter for each, if it is one
    arns: whether the API takes an ARN for a name
    absent: the error codes that mean there is none, "code: words" when the message has to say so, too
    only: a field and the value that it has to have
    gone: a field and its values that mean that a record found by name is no longer there
    details: what further operations add to the record
    tags: whether it has some, and the part that reads them where they are not in the record
    hidden: fields that are never shown
    be: word -> (path, value or values); have: word -> path; relations: matcher -> (type, path)
    parts: properties of their own
    """

    word: str
    service: str
    operation: str
    path: str
    identity: str
    ways: tuple[Way, ...]
    aliases: tuple[str, ...] = ()
    filters: str = ""
    vpc_filter: str = ""
    filtered: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    constants: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    parameters: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    arns: bool = False
    absent: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    filter_key: str = "Name"
    details: tuple[Part, ...] = ()
    tags: bool | Part = True
    hidden: tuple[str, ...] = ()
    be: t.Mapping[str, tuple[Path, t.Any]] = dataclasses.field(default_factory=dict)
    have: t.Mapping[str, Path] = dataclasses.field(default_factory=dict)
    relations: t.Mapping[str, tuple[str, Path]] = dataclasses.field(default_factory=dict)
    parts: t.Mapping[str, Part] = dataclasses.field(default_factory=dict)

    def filtering(self, filters: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
        """Filters as the request has them."""
        values = {name: value if isinstance(value, list) else [value] for name, value in filters.items()}
        return [{self.filter_key: name, "Values": list(map(_filter_value, some))} for name, some in values.items()]

    def keeps(self, record: Record, way: Way | None = None) -> bool:
        """Whether the record is one of this type, and still there when it is called by a name that can return."""
        if self.only and dig(record, self.only[0]) != self.only[1]:
            return False
        by_name = way is not None and not way.pattern
        return not (self.gone and by_name and dig(record, self.gone[0]) in self.gone[1:])

    def own_name(self, name: str) -> str:
        """The name that the API knows: the end of an ARN where it does not take ARNs."""
        if not name.startswith("arn:") or self.arns or any(way.pattern == "arn:" for way in self.ways):
            return name
        resource = name.split(":", 5)[-1]
        if self.service == "iam":  # a path may stand before the name
            return resource.rpartition("/")[2]
        return re.sub(r"^/?[a-z0-9-]+[/:]", "", resource).removesuffix(":*")

    @property
    def named_by(self) -> str:
        """What its subjects can be named by, as a sentence says it."""
        words = [way.named_by for way in self.ways]
        *others, last = dict.fromkeys([*words, "ARN"] if self.arns else words)
        return f"{', '.join(others)} or {last}" if others else last

    def ways_for(self, name: str) -> list[Way]:
        """The ways with a pattern that the name fits, else all without one."""
        claiming = [way for way in self.ways if way.pattern and re.match(way.pattern, name)]
        return claiming[:1] or [way for way in self.ways if not way.pattern]


def _filter_value(value: t.Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def pairs(found: t.Any) -> dict[str, t.Any]:
    """A list of {Key, Value} as a map."""
    return tag_map(found)


def means_absent(code: str, message: str, absent: t.Iterable[str]) -> bool:
    """Whether an error of AWS says that there is no such thing."""
    for known in absent:
        wanted, _colon, words = known.partition(": ")
        if wanted == code and words in message:
            return True
    return False


def by_id(filter_: str, field: str, pattern: str) -> Way:
    """EC2's ids; a filter, because with the parameter for ids one that is absent fails the whole request."""
    return Way(field=field, pattern=rf"{pattern}-[0-9a-f]+$", filter=filter_)


BY_TAG_NAME = Way(field=TAG_NAME, filter=TAG_NAME)


def states(path: Path, *words: str) -> dict[str, tuple[Path, t.Any]]:
    """be_<word> for each word that the field at path can have, in snake_case."""
    return {re.sub(r"\W+", "_", snake(word)): (path, word) for word in words}


def haves(*fields: str) -> dict[str, Path]:
    """have_<field> for fields, named as the API does or in snake_case."""
    return {snake(field): field for field in fields}


def snake(name: str) -> str:
    """A name of the API in snake_case: DBInstanceIdentifier -> db_instance_identifier."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name.replace("ARNs", "Arns")).lower()


def dig(value: t.Any, path: Path) -> t.Any:
    """The value at a path such as Reservations[].Instances[]: [] goes into each element of a list; absent is None."""
    steps = path.split(".") if isinstance(path, str) else list(path)
    for number, step in enumerate(steps):
        if step.endswith("[]"):
            items = (dig(value, (step[:-2],)) if step != "[]" else value) or []
            rest = steps[number + 1 :]
            if not rest:
                return list(items)
            found = [dig(item, tuple(rest)) for item in items]
            return [inner for item in found for inner in item] if "[]" in "".join(rest) else found
        if isinstance(value, list):
            value = value[int(step)] if step.isdigit() and int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value


def tag_map(tags: t.Any) -> dict[str, t.Any]:
    """Tags as a map, from any of the forms in which AWS gives them."""
    if isinstance(tags, dict):
        return Literal(tags)
    found = Literal()
    for tag in tags or ():
        key = next((tag[name] for name in ("Key", "key", "TagKey") if name in tag), None)
        found[key] = next((tag[name] for name in ("Value", "value", "TagValue") if name in tag), "")
    return found


def tags_of(record: Record) -> dict[str, t.Any]:
    """The tags that stand in the record itself."""
    return tag_map(next((record[name] for name in ("Tags", "tags", "TagSet", "TagList") if name in record), None))
