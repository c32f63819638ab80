# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""What is generated from the resources of specs; `scripts/spec_docs` writes it, a unit test compares it."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry import VOCABULARY as AWS
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import RecordResource, told
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import Path as Field
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY as SERVER
from ansible_collections.containerci.aws.plugins.module_utils._spec.values import VALUE_MATCHERS
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Matcher, Resource
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.schema import schema

FRAGMENT = '''# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release. Written by scripts/spec_docs.

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {{}}
notes:
{notes}
"""
'''


OF_ALL = ("exist", "have_tag", "have_tags")
ABOUT_TYPES = (
    """Every type has the parameter C(region) and the matcher C(exist). Those with tags have the matchers C(have_tag)
    {key, [value]} and C(have_tags) {tags}, for a map, and the property C(tags), a map. Those with the parameter
    C(filters) take a map of filters of the API.""",
    """The matchers of each type follow. An argument in square brackets can be left out. Behind a matcher that looks at
    a field of the record stands that field. C(have_...) without a value means that there is one. A list is compared
    in any order, and a single value has to be one of its items.""",
)


def resources_of_a_server() -> str:
    """The documentation fragment that lists resources, matchers and properties."""
    seen = dict.fromkeys(SERVER.resources.values())
    notes = [note for resource in seen for note in _texts(resource)]
    return FRAGMENT.format(notes="\n".join(map(_item, notes)))


def types_of_aws() -> str:
    """The documentation fragment that lists the types of AWS resources."""
    own = [matcher for word, matcher in AWS.values.items() if word not in VALUE_MATCHERS]
    notes = [*ABOUT_TYPES, *(f"Properties have the {_matcher(matcher)}" for matcher in own)]
    for kind in dict.fromkeys(AWS.resources.values()):
        notes += _notes_of_type(kind) if issubclass(kind, RecordResource) else _texts(kind)
    return FRAGMENT.format(notes="\n".join(map(_item, notes)))


def _notes_of_type(kind: type[RecordResource]) -> list[str]:
    row, name = kind.row, f"C({kind.word})"
    words = " or ".join(f"C({word})" for word in (kind.word, *kind.aliases))
    parameters = ", ".join(f"C({parameter})" for parameter in kind.parameters if parameter != "region")
    notes = [f"Type {words}. {kind.__doc__}" + (f" Parameters {parameters}." if parameters else "")]
    tables = {
        "": _by_field({f"be_{word}": path for word, (path, _values) in row.be.items()}),
        " with {[value]}": _by_field({f"have_{word}": path for word, path in row.have.items()}),
        " with {name}": _by_field({word: path for word, (_type, path) in row.relations.items()}),
    }
    notes += [f"{name} matchers{given} {table}." for given, table in tables.items() if table]
    known = {
        "exist",
        "have_tag",
        "have_tags",
        *(f"be_{word}" for word in row.be),
        *(f"have_{word}" for word in row.have),
    }
    own = [matcher for word, matcher in kind.matchers.items() if word not in known | row.relations.keys()]
    notes += [f"{name} {_matcher(matcher)}" for matcher in own]
    properties = [prop for prop in kind.properties.values() if prop.name != "tags"]
    return notes + [f"{name} property C({prop.name}). {prop.summary}" for prop in properties]


def _by_field(paths: Mapping[str, Field]) -> str:
    """Words of a table, those that look at the same field together."""
    together: dict[str, list[str]] = {}
    for word, path in paths.items():
        together.setdefault(told(path), []).append(f"C({word})")
    return ", ".join(f"{', '.join(words)} ({field})" for field, words in together.items())


def _texts(resource: type[Resource]) -> list[str]:
    words = " or ".join(f"C({word})" for word in (resource.word, *resource.aliases))
    about = " ".join((resource.__doc__ or "").split())
    parameters = ", ".join(f"C({name})" for name in resource.parameters)
    notes = [f"Resource {words}. {about}" + (f" Parameters {parameters}." if parameters else "")]
    notes += [f"C({resource.word}) {_matcher(matcher)}" for matcher in resource.matchers.values()]
    return notes + [
        f"C({resource.word}) property C({prop.name}). {prop.summary}"
        for prop in resource.properties.values()
        if not resource.takes_value_matchers
    ]


def _matcher(matcher: Matcher) -> str:
    arguments = [name if name in matcher.required else f"[{name}]" for name in matcher.arguments]
    told = f" {{{', '.join(arguments)}}}" if arguments else ""
    return f"matcher C({matcher.word}){told}. {matcher.summary}"


def _item(note: str) -> str:
    lines = textwrap.wrap(note, 112, break_long_words=False, break_on_hyphens=False)
    return "\n".join(["  - >-", *(f"    {line}" for line in lines)])


def files() -> dict[str, str]:
    """Each generated file by its path in the repository."""
    schemas = {
        "server_spec": schema(SERVER, "Spec of a server", regions=False),
        "aws_spec": schema(AWS, "Spec of AWS resources", regions=True),
    }
    texts = {name: json.dumps(text, separators=(",", ":")) for name, text in schemas.items()}
    found = {f"docs/schemas/{name}.schema.json": f"{text}\n" for name, text in texts.items()}
    found["plugins/doc_fragments/_server_resources.py"] = resources_of_a_server()
    found["plugins/doc_fragments/_aws_types.py"] = types_of_aws()
    return found


def main() -> None:
    for path, text in files().items():
        target = Path(sys.argv[1]) / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
        print(f"{path}: {len(text)} characters")


if __name__ == "__main__":
    main()
