# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.evaluate import HIDDEN
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import kind_of
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing, slug
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Vocabulary
from ansible_collections.containerci.aws.plugins.plugin_utils._spec import titles
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.inherited import (
    COMMON_KEYS,
    Around,
    AroundReader,
)
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.matchers import MatcherReader, Use
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import (
    SYNTAX,
    Place,
    Problems,
    did_you_mean,
    nearest,
)
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.source import Document
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.subjects import Subject, SubjectReader

GROUP_KEYS = ("describe", "context", "title", "examples")
CHECK_KEYS = ("expect", "its", "to", "not_to", "to_not")
EXAMPLE_KEYS = ("it", *CHECK_KEYS, "expectations")
INCLUDE_KEYS = ("include", "vars")

Include = t.Callable[[t.Any, t.Mapping[str, t.Any], Place], t.Iterable[Document]]


@dataclasses.dataclass(frozen=True)
class Check:
    """One expectation: a subject, perhaps a property of it, and a matcher."""

    subject: Subject
    path: str | None
    use: Use
    negated: bool

    def compiled(self, sensitive: bool) -> dict[str, t.Any]:
        told = (self.use.matcher, self.use.arguments, self.negated)
        return {
            "resource": self.subject.word,
            "name": self.subject.name,
            "told_name": self.subject.told_name,
            "parameters": self.subject.parameters,
            "subject": self.subject.label,
            "property": self.path,
            "negated": self.negated,
            "matcher": self.use.compiled(),
            "expected": HIDDEN if sensitive else titles.expected(self.subject.label, self.path, *told),
        }

    def title(self, with_subject: bool, sensitive: bool) -> str:
        given = {} if sensitive else self.use.arguments
        subject = self.subject.label if with_subject else ""
        return titles.title(subject, self.path, self.use.matcher, given, self.negated)


class Grammar:
    """Reads a spec: lists its examples, and notes everything that is wrong with it in problems."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        problems: Problems,
        include: Include,
        other: t.Callable[[], Vocabulary] = Vocabulary,
        other_module: str = "",
        regions: bool = False,
    ) -> None:
        self._problems = problems
        self._include = include
        self._subjects = SubjectReader(vocabulary, other, other_module, problems)
        self._matchers = MatcherReader(vocabulary, problems)
        self._common = AroundReader(problems)
        self._common_keys = (*COMMON_KEYS, "region") if regions else COMMON_KEYS
        self._examples: list[dict[str, t.Any]] = []
        self._used: dict[str, int] = {}

    def read(self, documents: t.Iterable[Document], eventually: t.Any = None) -> list[dict[str, t.Any]]:
        """The examples of all documents, in their order."""
        around = Around(eventually=self._common.eventually(eventually, Place()) if eventually else None)
        for document in documents:
            self._nodes(document.nodes, around, document.place, "a spec")
        return self._examples

    def _nodes(self, nodes: t.Any, around: Around, place: Place, what: str) -> None:
        if not isinstance(nodes, list):
            self._problems.add(SYNTAX, f"{what} is a list of groups and examples, got {kind_of(nodes)}", place)
            return
        for number, node in enumerate(nodes):
            here = place.below(number)
            if not isinstance(node, dict) or not node:
                self._problems.add(
                    SYNTAX, f"expected a group, an example or an include, got {kind_of(node)}", here, node
                )
            elif "include" in node:
                self._included(node, around, here)
            elif any(key in node for key in GROUP_KEYS):
                self._group(node, around, here)
            else:
                self._example(node, around, here)

    def _known_keys(self, node: dict[t.Any, t.Any], known: tuple[str, ...], what: str, place: Place) -> bool:
        unknown = [key for key in node if key not in known]
        for key in unknown:
            if key is True:
                self._problems.add("YamlTrap", "YAML read the key 'on' or 'yes' as true", place, key)
                continue
            suggestion = nearest(key, known)
            message = f"{what} has no key '{key}'{did_you_mean(suggestion)} (keys: {listing(known)})"
            self._problems.add(SYNTAX, message, place.below(str(key)), key, suggestion)
        return not unknown

    def _included(self, node: dict[t.Any, t.Any], around: Around, place: Place) -> None:
        known = (*INCLUDE_KEYS, *self._common_keys)
        if not self._known_keys(node, known, "an include", place):
            return
        variables = node.get("vars") or {}
        if not isinstance(variables, dict):
            message = f"vars is a map, got {kind_of(variables)}"
            self._problems.add(SYNTAX, message, place.below("vars"), variables)
            return
        inherited = self._common.read(node, around, place)
        for document in self._include(node["include"], variables, place.below("include")):
            self._nodes(document.nodes, inherited, document.place, "a spec")

    def _group(self, node: dict[t.Any, t.Any], around: Around, place: Place) -> None:
        if "describe" in node and "context" in node:
            message = "a group has either describe or context, but here are both"
            self._problems.add(SYNTAX, message, place, "describe, context")
            return
        if not self._known_keys(node, (*GROUP_KEYS, *self._common_keys), "a group", place):
            return
        key = "describe" if "describe" in node else "context"
        inherited = self._common.read(node, around, place)
        for title, subject in self._titles(node, key, place, inherited.sensitive):
            here = place.named(title)
            inside = dataclasses.replace(
                inherited,
                titles=(*around.titles, title),
                ids=(*around.ids, slug(str(node.get("id") or title))),
                subject=subject or around.subject,
            )
            if not node.get("examples"):
                self._problems.add(SYNTAX, f"the group '{title}' has no examples", here, title)
            else:
                self._nodes(node["examples"], inside, here.below("examples", ""), "examples")

    def _titles(
        self, node: dict[t.Any, t.Any], key: str, place: Place, sensitive: bool
    ) -> list[tuple[str, Subject | None]]:
        """The title of a group and its subject; several when the subject is a list."""
        described, title = node.get(key), node.get("title")
        if title is not None and not isinstance(title, (str, int, float)):
            self._problems.add(SYNTAX, f"title is text, got {kind_of(title)}", place.below("title"), title)
            return []
        if described is None and title is not None:
            return [(str(title), None)]
        if isinstance(described, (int, float)) and not isinstance(described, bool):
            described = str(described)
        if isinstance(described, str) and not self._subjects.is_bare_word(described):
            return [(str(title or described), None)]
        if not isinstance(described, (str, dict)):
            message = f"{key} is text or a subject, got {kind_of(described)}"
            self._problems.add(SYNTAX, message, place.below(key), described)
            return []
        subjects = [
            dataclasses.replace(subject, sensitive=sensitive)
            for subject in self._subjects.read(described, place.below(key))
        ]
        many = len(subjects) > 1
        return [(self._group_title(title, subject, many), self._in_region(subject, node)) for subject in subjects]

    @staticmethod
    def _group_title(title: t.Any, subject: Subject, many: bool) -> str:
        if not title:
            return subject.label
        return f"{title} ({subject.label})" if many else str(title)

    def _example(self, node: dict[t.Any, t.Any], around: Around, place: Place) -> None:
        if not self._known_keys(node, (*EXAMPLE_KEYS, *self._common_keys), "an example", place):
            return
        title = node.get("it")
        if title is not None and not isinstance(title, (str, int, float)):
            self._problems.add("YamlTrap", f"it is text, got {kind_of(title)}", place.below("it"), title)
            return
        title = None if title is None else str(title)
        inside = self._common.read(node, around, place)
        if title and not any(key in node for key in (*CHECK_KEYS, "expectations")):
            self._keep(node, inside, place, title, [])
        elif "expectations" in node:
            self._several(node, inside, place, title)
        else:
            self._single(node, inside, place, title)

    def _several(self, node: dict[t.Any, t.Any], around: Around, place: Place, title: str | None) -> None:
        parts, here = node["expectations"], place.below("expectations")
        mixed = [key for key in CHECK_KEYS if key in node and key != "expect"]
        if mixed:
            message = f"an example has either expectations or {listing(mixed)}, but here are both"
            self._problems.add(SYNTAX, message, place, mixed[0])
        elif not isinstance(parts, list) or not parts:
            self._problems.add(SYNTAX, f"expectations is a list of expectations, got {kind_of(parts)}", here, parts)
        else:
            subjects = self._about(node, around, place) if "expect" in node else [around.subject]
            for subject in subjects:
                inside = dataclasses.replace(around, subject=subject)
                checks = [
                    check for number, part in enumerate(parts) for check in self._part(part, inside, here.below(number))
                ]
                marks = [subject.label] if subject and len(subjects) > 1 else []
                if checks:
                    self._keep(node, inside, place, _marked(title, marks), checks)

    def _part(self, part: t.Any, around: Around, place: Place) -> list[Check]:
        if not isinstance(part, dict):
            self._problems.add(SYNTAX, f"expected an expectation, got {kind_of(part)}", place, part)
            return []
        if not self._known_keys(part, CHECK_KEYS, "an expectation", place):
            return []
        return [
            check
            for subject in self._about(part, around, place)
            for _path, checks in self._checks(part, subject, place)
            for check in checks
        ]

    def _single(self, node: dict[t.Any, t.Any], around: Around, place: Place, title: str | None) -> None:
        subjects = self._about(node, around, place)
        for subject in subjects:
            expanded = [(path, checks) for path, checks in self._checks(node, subject, place) if checks]
            for path, checks in expanded:
                marks = [subject.label] if len(subjects) > 1 else []
                marks += [path] if path and len(expanded) > 1 else []
                self._keep(node, around, place, _marked(title, marks), checks)

    def _about(self, node: dict[t.Any, t.Any], around: Around, place: Place) -> list[Subject]:
        """The subjects of an example: its own, or the one of the groups around it."""
        if "expect" in node:
            found = self._subjects.read(node["expect"], place.below("expect"))
            subjects = [self._in_region(subject, node, around) for subject in found]
        elif around.subject is not None:
            subjects = [around.subject]
        else:
            message = "there is no subject: neither expect here nor a resource in a group around it"
            self._problems.add("MissingSubject", message, place, next(iter(node), ""))
            return []
        return [dataclasses.replace(subject, sensitive=around.sensitive) for subject in subjects]

    def _in_region(self, subject: Subject, node: dict[t.Any, t.Any], around: Around | None = None) -> Subject:
        region = node.get("region") or (around.region if around else None)
        if not region or "region" not in subject.resource.parameters or "region" in subject.parameters:
            return subject
        return dataclasses.replace(subject, parameters={**subject.parameters, "region": str(region)})

    def _checks(self, node: dict[t.Any, t.Any], subject: Subject, place: Place) -> list[tuple[str | None, list[Check]]]:
        """The checks of one line in the report; a property table makes one line of each property."""
        if "not_to" in node and "to_not" in node:
            self._problems.add(SYNTAX, "not_to and to_not are the same; here are both", place, "to_not")
            return []
        table = node.get("its")
        expectations = [key for key in ("to", "not_to", "to_not") if key in node]
        if isinstance(table, dict):
            if expectations:
                message = f"a property table says what is expected, so {expectations[0]} cannot stand beside it"
                self._problems.add(SYNTAX, message, place, expectations[0])
                return []
            return self._table(table, subject, place.below("its"))
        if not expectations:
            message = "nothing is expected: give to, not_to or a table of properties under its"
            self._problems.add("MissingMatcher", message, place, next(iter(node), ""))
            return []
        if table is not None and not self._matchers.knows_property(subject.resource, table, place.below("its")):
            return []
        path = None if table is None else str(table)
        checks = []
        for key in expectations:
            here = place.below(key)
            uses = (
                self._matchers.of_subject(subject.resource, node[key], here)
                if path is None
                else self._matchers.of_property(subject.resource, subject.parameters, path, node[key], here)
            )
            checks += [Check(subject, path, use, key != "to") for use in uses]
        return [(path, checks)]

    def _table(self, table: dict[t.Any, t.Any], subject: Subject, place: Place) -> list[tuple[str | None, list[Check]]]:
        if not table:
            self._problems.add("MissingMatcher", "the table of properties is empty", place, "its")
        lines: list[tuple[str | None, list[Check]]] = []
        for path, written in table.items():
            here = place.below(str(path))
            if self._matchers.knows_property(subject.resource, path, here):
                uses = self._matchers.of_table(subject.resource, subject.parameters, str(path), written, here)
                lines.append((str(path), [Check(subject, str(path), use, False) for use in uses]))
        return lines

    def _keep(
        self, node: dict[t.Any, t.Any], around: Around, place: Place, title: str | None, checks: list[Check]
    ) -> None:
        name = title or self._said(checks, around)
        path = [*around.titles, name]
        self._examples.append(
            {
                "id": self._id([*around.ids, slug(str(node.get("id") or name))]),
                "path": path,
                "title": name,
                "full_description": " ".join(path),
                "file": place.file,
                "line": place.line,
                "tags": list(around.tags),
                "severity": around.severity,
                "meta": dict(around.meta),
                "sensitive": around.sensitive,
                "skip": around.skip,
                "pending": around.pending,
                "eventually": around.eventually,
                "checks": [check.compiled(around.sensitive) for check in checks],
            }
        )

    @staticmethod
    def _said(checks: list[Check], around: Around) -> str:
        parts = []
        last = around.subject
        for check in checks:
            parts.append(check.title(check.subject != last, around.sensitive))
            last = check.subject
        return " and ".join(parts)

    def _id(self, parts: list[str]) -> str:
        plain = "/".join(parts)
        self._used[plain] = self._used.get(plain, 0) + 1
        return plain if self._used[plain] == 1 else f"{plain}-{self._used[plain]}"


def _marked(title: str | None, marks: t.Sequence[str]) -> str | None:
    """Of several examples with one title, each says what it is about."""
    return f"{title} ({', '.join(marks)})" if title and marks else title
