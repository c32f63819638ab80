# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import configparser
import json
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Kind, OneOf, Path, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell, Resource

_ENDINGS = {".json": "json", ".yml": "yaml", ".yaml": "yaml", ".properties": "properties"}


class Config(Resource):
    """A configuration file as a tree; every key of it is a property.

    sshd: keys without regard to case, the first value counts, Match blocks are left out. ini: sections of keys;
    keys before the first section stand at the top. properties: key=value.
    """

    word = "config"
    name_kind = Path()
    instead_of_name = ("path",)
    free_properties = True
    parameters: t.ClassVar[t.Mapping[str, Kind]] = {
        "path": Path(),
        "format": OneOf("sshd", "ini", "json", "yaml", "properties"),
    }

    @classmethod
    def label(cls, name: t.Any, parameters: t.Mapping[str, t.Any]) -> str:
        return str(name or parameters["path"])

    @classmethod
    def kind_of_property(cls, _name: str, parameters: t.Mapping[str, t.Any]) -> Kind:
        return Text() if _format(parameters, "") in ("sshd", "properties") else Kind()

    def other_property(self, name: str) -> t.Any:
        path = self.parameter("path") or self.name
        chosen = _format(self.parameters_given, path)
        tree = self.world.once(("config", path, chosen), lambda: parse(self.world.read(path), chosen, path))
        key = name.lower() if chosen == "sshd" else name
        if not isinstance(tree, dict) or key not in tree:
            known = listing(tree, "nothing") if isinstance(tree, dict) else "no keys"
            raise CannotTell(f"{path} does not say {name}, only {known}", path)
        return tree[key]


def _format(parameters: t.Mapping[str, t.Any], name: str) -> str:
    if parameters.get("format"):
        return str(parameters["format"])
    path = str(parameters.get("path") or name)
    return next((kind for ending, kind in _ENDINGS.items() if path.endswith(ending)), "ini")


def parse(text: str, kind: str, path: str) -> t.Any:
    """The content of a configuration file as data; raises CannotTell when it cannot be read."""
    try:
        return _PARSERS[kind](text)
    except ImportError:
        raise CannotTell(f"{path}: reading YAML needs PyYAML on the server", path) from None
    except (ValueError, configparser.Error) as error:
        raise CannotTell(f"{path} is not {kind}: {str(error).splitlines()[0]}", path) from None


def _sshd(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.splitlines():
        words = line.strip().replace("=", " ", 1).split(None, 1)
        if not words or words[0].startswith("#"):
            continue
        if words[0].lower() == "match":
            break
        found.setdefault(words[0].lower(), words[1].strip().strip('"') if len(words) > 1 else "")
    return found


def _ini(text: str) -> dict[str, t.Any]:
    top = "\0"
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True, default_section="\1")
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(f"[{top}]\n{text}")
    found = {name: dict(parser[name]) for name in parser.sections() if name != top}
    return {**dict(parser[top]), **found}


def _yaml(text: str) -> t.Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


def _properties(text: str) -> dict[str, str]:
    found = {}
    for line in text.splitlines():
        key, _equals, value = line.partition("=")
        if key.strip() and not key.lstrip().startswith(("#", "!")):
            found[key.strip()] = value.strip().strip("\"'")
    return found


_PARSERS: dict[str, t.Callable[[str], t.Any]] = {
    "sshd": _sshd,
    "ini": _ini,
    "json": json.loads,
    "yaml": _yaml,
    "properties": _properties,
}

RESOURCES = (Config,)
