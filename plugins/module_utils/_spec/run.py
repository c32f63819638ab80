# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._spec.evaluate import Evaluation, Options, Outcome
from ansible_collections.containerci.aws.plugins.module_utils._spec.extensions import Extension, load
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Vocabulary

OPTIONS = (
    "timeout",
    "max_time",
    "forks",
    "fail_fast",
    "max_failures",
    "offline",
    "on_unsupported",
    "read_only",
)


class Plan(t.NamedTuple):
    """What the action plugin sends. details: passed examples tell what was found, too."""

    examples: list[dict[str, t.Any]]
    extensions: list[Extension]
    details: bool

    @classmethod
    def read(cls, spec: t.Any) -> Plan:
        if not isinstance(spec, str):
            raise CollectionError("The option spec is read by the action plugin of this module, which did not run.")
        plan = json.loads(spec)
        extensions = [Extension(**extension) for extension in plan["extensions"]]
        return cls(plan["examples"], extensions, plan["details"])

    def write(self) -> str:
        extensions = [extension._asdict() for extension in self.extensions]
        return json.dumps({"examples": self.examples, "extensions": extensions, "details": self.details})


def extended(vocabulary: Vocabulary, extensions: t.Iterable[Extension]) -> Vocabulary:
    """The vocabulary with the resources of users added."""
    result = Vocabulary(values=vocabulary.values)
    result.resources = dict(vocabulary.resources)
    for extension in extensions:
        for resource in load(extension):
            result.add(resource, extension.word)
    return result


def run(plan: Plan, vocabulary: Vocabulary, world: t.Any, params: dict[str, t.Any], check_mode: bool) -> list[Outcome]:
    """Evaluate the examples of the plan with the options of the module."""
    given = {name: params[name] for name in OPTIONS if params.get(name) is not None}
    options = Options(**given, check_mode=check_mode, details=plan.details)
    return Evaluation(extended(vocabulary, plan.extensions), world, options).run(plan.examples)
