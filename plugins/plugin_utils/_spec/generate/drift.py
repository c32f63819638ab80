# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.evaluate import ERROR, FAILED
from ansible_collections.containerci.aws.plugins.module_utils._spec.run import Plan
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Vocabulary
from ansible_collections.containerci.aws.plugins.plugin_utils._spec import result as results

Example = dict[str, t.Any]

#: the matchers by which a resource says that it is there at all
_EXISTENCE = ("exist", "be_installed", "be_listening", "be_loaded")
#: what can change something, or is not on the server
_ELSEWHERE = ("command", "http", "host", "value", "environment")
_OF_A_CHECK = ("resource", "name", "parameters", "property", "negated", "matcher")


class Comparison:
    """A spec that is compared with a server: its examples, and for each of their subjects whether it exists."""

    def __init__(self, examples: t.Sequence[Example], vocabulary: Vocabulary) -> None:
        self.named = {subject for example in examples for subject in subjects(example)}
        self.examples = [example for example in examples if _can_be_compared(example, vocabulary)]
        self.existence: dict[str, Example] = {}
        for check in (check for example in self.examples for check in example["checks"]):
            words = [word for word in _EXISTENCE if word in vocabulary[check["resource"]].matchers]
            if words:
                self.existence[_subject(check)] = _exists(check, words[0])

    def plan(self) -> Plan:
        """What is evaluated on the server."""
        examples = [{"checks": example["checks"], "sensitive": example["sensitive"]} for example in self.examples]
        sent = [*examples, *self.existence.values()]
        return Plan([_sent(example) for example in sent], [], False)

    def drift(self, outcomes: t.Sequence[dict[str, t.Any]], generated: t.Sequence[Example]) -> dict[str, list[t.Any]]:
        """What the spec does not name, what differs on the server, what is gone, and what could not be measured."""
        own, others = outcomes[: len(self.examples)], outcomes[len(self.examples) :]
        exists = {key: found["status"] for key, found in zip(self.existence, others, strict=True)}
        found: dict[str, list[t.Any]] = {"added": [], "changed": [], "gone": [], "unknown": []}
        for example, outcome in zip(self.examples, own, strict=True):
            if outcome["status"] in (FAILED, ERROR):
                told = results.flat(results.combined(example, outcome))
                kind = _kind(results.combined(example, outcome), example, exists)
                found[kind].append({key: told[key] for key in ("full_description", "expected", "got")})
        new = [example for example in generated if not self.named.intersection(subjects(example))]
        found["added"] = list(dict.fromkeys(label for example in new for label in _labels(example)))
        return found


def subjects(example: Example) -> set[str]:
    """What an example is about; of crontabs and the like, one entry."""
    return {_subject(check) + _entry(check) for check in example["checks"]}


def _labels(example: Example) -> list[str]:
    return [example["title"] if _entry(check) else check["subject"] for check in example["checks"]]


def _subject(check: dict[str, t.Any]) -> str:
    return repr((check["resource"], check["name"], sorted(check["parameters"].items())))


def _entry(check: dict[str, t.Any]) -> str:
    word, arguments = check["matcher"]["word"], check["matcher"]["arguments"]
    return repr(arguments.get("mount_point") or arguments.get("entry")) if word == "have_entry" else ""


def _can_be_compared(example: Example, vocabulary: Vocabulary) -> bool:
    words = {check["resource"] for check in example["checks"]}
    known = bool(words) and words <= vocabulary.resources.keys() - set(_ELSEWHERE)
    return known and not example["skip"] and not example["pending"]


def _exists(check: dict[str, t.Any], word: str) -> Example:
    matcher = {"word": word, "arguments": {}}
    return {"checks": [{**check, "property": None, "negated": False, "matcher": matcher}], "sensitive": False}


def _sent(example: Example) -> Example:
    checks = [{key: check[key] for key in _OF_A_CHECK} for check in example["checks"]]
    return {"skip": None, "pending": None, "eventually": None, "sensitive": example["sensitive"], "checks": checks}


def _kind(combined: Example, example: Example, exists: t.Mapping[str, str]) -> str:
    """changed, gone or unknown, by the first check that does not pass."""
    number = next(number for number, check in enumerate(combined["checks"]) if check["status"] in (FAILED, ERROR))
    check = example["checks"][number]
    existence = exists.get(_subject(check))
    if existence == FAILED or (existence is None and check["matcher"]["word"] == "have_entry"):
        return "gone"
    return "changed" if combined["checks"][number]["status"] == FAILED else "unknown"
