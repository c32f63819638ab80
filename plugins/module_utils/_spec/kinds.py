# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import ipaddress
import re
import typing as t

_LIMIT = 100
_OCTAL = re.compile(r"0?[0-7]{3,4}")
_SYMBOLIC = re.compile(r"[ugoa]+=[rwxst]*(,[ugoa]+=[rwxst]*)*")
_BITS = {"r": 4, "w": 2, "x": 1}


class Unfit(Exception):
    """A value does not fit; the text says what was expected and what was given."""

    problem = "MatcherArgumentError"


class YamlTrap(Unfit):
    """YAML read something else than what was written; the text says how to write it."""

    problem = "YamlTrap"


def kind_of(value: t.Any) -> str:
    """The type and the value as a person would say it: "text 'root'", "number 6"."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"boolean {str(value).lower()}"
    if isinstance(value, (int, float)):
        return f"number {value}"
    kind = "list" if isinstance(value, (list, tuple)) else "map"
    said = f"text '{value}'" if isinstance(value, str) else f"{kind} {value}"
    return said if len(said) <= _LIMIT else f"{said[:_LIMIT]}…"


class Kind:
    """A kind of value: check() returns it in one canonical form or raises Unfit. Kind itself takes anything."""

    name = "any value"
    takes_anything = True

    def __init_subclass__(cls, **kwargs: t.Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.takes_anything = False

    def check(self, value: t.Any) -> t.Any:
        return value

    def schema(self) -> dict[str, t.Any]:
        """The JSON Schema of what a person may write."""
        return {}

    def unfit(self, value: t.Any) -> Unfit:
        return Unfit(f"expected {self.name}, got {kind_of(value)}")


class Text(Kind):
    name = "text"

    def check(self, value: t.Any) -> str:
        if isinstance(value, bool):
            written = "yes" if value else "no"
            raise YamlTrap(f"expected {self.name}, but YAML read a boolean; quote it: '{written}'")
        if isinstance(value, (int, float)):
            raise YamlTrap(f"expected {self.name}, but YAML read the number {value}; quote it: '{value}'")
        if not isinstance(value, str):
            raise self.unfit(value)
        return str(value)

    def schema(self) -> dict[str, t.Any]:
        return {"type": "string"}


class Path(Text):
    name = "an absolute path"

    def check(self, value: t.Any) -> str:
        path = super().check(value)
        if not path.startswith("/"):
            raise self.unfit(value)
        return path


class Integer(Kind):
    def __init__(self, minimum: int | None = None, maximum: int | None = None) -> None:
        self.minimum, self.maximum = minimum, maximum
        limits = "" if minimum is None else f" from {minimum}" + ("" if maximum is None else f" to {maximum}")
        self.name = "a whole number" + limits

    def check(self, value: t.Any) -> int:
        # Templates often hand numbers over as text.
        number = int(value) if isinstance(value, str) and re.fullmatch(r"[+-]?\d+", value) else value
        if isinstance(number, bool) or not isinstance(number, int):
            raise self.unfit(value)
        if (self.minimum is not None and number < self.minimum) or (self.maximum is not None and number > self.maximum):
            raise self.unfit(value)
        return int(number)

    def schema(self) -> dict[str, t.Any]:
        limits = {"minimum": self.minimum, "maximum": self.maximum}
        return {
            "anyOf": [
                {"type": "integer", **{key: limit for key, limit in limits.items() if limit is not None}},
                {"type": "string"},
            ]
        }


class Number(Kind):
    name = "a number"

    def check(self, value: t.Any) -> float | int:
        if isinstance(value, str):
            try:
                return int(value) if re.fullmatch(r"[+-]?\d+", value) else float(value)
            except ValueError:
                raise self.unfit(value) from None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.unfit(value)
        return value

    def schema(self) -> dict[str, t.Any]:
        return {"type": ["number", "string"]}


class Boolean(Kind):
    name = "true or false"

    def check(self, value: t.Any) -> bool:
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if not isinstance(value, bool):
            raise self.unfit(value)
        return value

    def schema(self) -> dict[str, t.Any]:
        return {"type": ["boolean", "string"]}


class OneOf(Text):
    def __init__(self, *words: str) -> None:
        self.words = words
        self.name = "one of " + ", ".join(words)

    def check(self, value: t.Any) -> str:
        word = str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else super().check(value)
        if word not in self.words:
            raise self.unfit(value)
        return word

    def schema(self) -> dict[str, t.Any]:
        return {"enum": list(self.words)}


class Mode(Text):
    """File modes; the canonical form has four octal digits."""

    name = "a file mode in quotes, such as '0644' or 'u=rw,g=r,o=r'"

    def check(self, value: t.Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            raise YamlTrap(f"the mode is the number {value} for YAML; quote it: '{_meant_mode(value)}'")
        mode = super().check(value)
        if _OCTAL.fullmatch(mode):
            return f"{int(mode, 8):04o}"
        if _SYMBOLIC.fullmatch(mode):
            return f"{_symbolic_mode(mode):04o}"
        raise self.unfit(value)


def _meant_mode(number: int) -> str:
    """0644 without quotes is 420 for YAML 1.1, and 644 is 644: guess by the rights growing from others to owner."""

    def plausible(bits: int) -> bool:
        owner, group, others = bits >> 6 & 7, bits >> 3 & 7, bits & 7
        return bits <= 0o7777 and group & ~owner == 0 and others & ~group == 0

    if plausible(number) or not re.fullmatch(r"[0-7]{1,4}", str(number)):
        return f"{number:04o}"
    return f"{number:04d}"


def _symbolic_mode(text: str) -> int:
    mode = 0
    for part in text.split(","):
        who, rights = part.split("=")
        for name in "ugo" if "a" in who else who:
            shift = "ogu".index(name) * 3
            mode = mode & ~(7 << shift) | sum(_BITS.get(right, 0) for right in set(rights)) << shift
            if "s" in rights and name in "ug":
                mode |= 0o4000 if name == "u" else 0o2000
        if "t" in rights:
            mode |= 0o1000
    return mode


class Regex(Text):
    name = "a regular expression"

    def check(self, value: t.Any) -> str:
        pattern = super().check(value)
        try:
            re.compile(pattern)
        except re.error as error:
            raise Unfit(f"'{pattern}' is not a regular expression: {error}") from None
        return pattern


class Address(Text):
    name = "an IP address"

    def check(self, value: t.Any) -> str:
        try:
            return str(ipaddress.ip_address(super().check(value)))
        except ValueError as error:
            raise Unfit(f"expected {self.name}: {error}") from None


class Network(Text):
    name = "a network (CIDR)"

    def check(self, value: t.Any) -> str:
        try:
            return str(ipaddress.ip_network(super().check(value), strict=True))
        except ValueError as error:
            raise Unfit(f"expected {self.name}: {error}") from None


class VersionRange(Kind):
    """A version as text, or limits: {at_least, below, at_most, above}."""

    name = "a version in quotes or limits such as {at_least: '9.0', below: '10'}"
    limits = ("at_least", "above", "at_most", "below")

    def check(self, value: t.Any) -> str | dict[str, str]:
        if not isinstance(value, dict):
            return Text().check(value)
        unknown = [str(key) for key in value if key not in self.limits]
        if unknown or not value:
            raise Unfit(f"expected {self.name}, got the limits {', '.join(unknown) or '(none)'}")
        return {str(key): Text().check(limit) for key, limit in value.items()}

    def schema(self) -> dict[str, t.Any]:
        limits = {limit: {"type": "string"} for limit in self.limits}
        return {"anyOf": [{"type": "string"}, {"type": "object", "properties": limits, "additionalProperties": False}]}


class ListOf(Kind):
    """A list; a single value is a list of one."""

    def __init__(self, item: Kind) -> None:
        self.item = item
        self.name = f"a list of {item.name}"

    def check(self, value: t.Any) -> list[t.Any]:
        values = value if isinstance(value, (list, tuple)) else [value]
        return [self.item.check(item) for item in values]

    def schema(self) -> dict[str, t.Any]:
        item = self.item.schema()
        return {"anyOf": [item, {"type": "array", "items": item}]}


class Map(Kind):
    """A map; with names, of these keys only."""

    def __init__(self, value: Kind | None = None, names: t.Sequence[str] = ()) -> None:
        self.value = value or Kind()
        self.names = tuple(names)
        self.name = "a map" + (f" with the keys {', '.join(names)}" if names else "")

    def check(self, value: t.Any) -> dict[str, t.Any]:
        if not isinstance(value, dict) or (self.names and any(key not in self.names for key in value)):
            raise self.unfit(value)
        return {str(key): self.value.check(item) for key, item in value.items()}

    def schema(self) -> dict[str, t.Any]:
        if not self.names:
            return {"type": "object", "additionalProperties": self.value.schema()}
        names = {name: self.value.schema() for name in self.names}
        return {"type": "object", "properties": names, "additionalProperties": False}


class Either(Kind):
    """The first of several kinds that fits."""

    def __init__(self, *kinds: Kind) -> None:
        self.kinds = kinds
        self.name = " or ".join(kind.name for kind in kinds)

    def check(self, value: t.Any) -> t.Any:
        for kind in self.kinds:
            try:
                return kind.check(value)
            except Unfit:
                continue
        raise self.unfit(value)

    def schema(self) -> dict[str, t.Any]:
        return {"anyOf": [kind.schema() for kind in self.kinds]}
