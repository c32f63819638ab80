# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""What is generated from the resources of specs; `scripts/spec_docs` writes it, a unit test compares it."""

from __future__ import annotations

import json
import sys
import textwrap
from pathlib import Path

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.registry import VOCABULARY as AWS
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY as SERVER
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


def resources_of_a_server() -> str:
    """The documentation fragment that lists resources, matchers and properties."""
    seen = dict.fromkeys(SERVER.resources.values())
    notes = [note for resource in seen for note in _notes(resource)]
    return FRAGMENT.format(notes="\n".join(notes))


def _notes(resource: type[Resource]) -> list[str]:
    words = " or ".join(f"C({word})" for word in (resource.word, *resource.aliases))
    about = " ".join((resource.__doc__ or "").split())
    parameters = ", ".join(f"C({name})" for name in resource.parameters)
    notes = [f"Resource {words}. {about}" + (f" Parameters {parameters}." if parameters else "")]
    notes += [f"C({resource.word}) {_matcher(matcher)}" for matcher in resource.matchers.values()]
    notes += [
        f"C({resource.word}) property C({prop.name}). {prop.summary}"
        for prop in resource.properties.values()
        if not resource.takes_value_matchers
    ]
    return [_item(note) for note in notes]


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
    return {**found, "plugins/doc_fragments/_server_resources.py": resources_of_a_server()}


def main() -> None:
    for path, text in files().items():
        target = Path(sys.argv[1]) / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
        print(f"{path}: {len(text)} characters")


if __name__ == "__main__":
    main()
