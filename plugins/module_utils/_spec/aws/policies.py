# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t
import urllib.parse

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import RecordResource
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import Record
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Kind, ListOf, Map, OneOf, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.paths import Literal
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import cut
from ansible_collections.containerci.aws.plugins.module_utils._spec.values import equal
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell, Verdict, its, matcher

ALLOW = "Allow"
_LISTS = ("Action", "NotAction", "Resource", "NotResource")


def parsed(text: t.Any) -> t.Any:
    """A policy as data."""
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text if text.lstrip().startswith(("{", "[")) else urllib.parse.unquote(text))
    except ValueError:
        raise CannotTell("the policy is not JSON") from None


def in_one_form(policy: t.Any) -> list[Record]:
    """The statements of a policy, actions and resources always as sorted lists."""
    found = (policy or {}).get("Statement", [])
    return [_statement(one) for one in (found if isinstance(found, list) else [found])]


def _statement(statement: Record) -> Record:
    plain: Record = {key: _as_text(value) for key, value in statement.items()}
    return {**plain, **{key: sorted(_list(plain[key])) for key in _LISTS if key in plain}}


def _as_text(value: t.Any) -> t.Any:
    """For IAM true is the same as "true"."""
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else value


def _list(value: t.Any) -> list[t.Any]:
    return value if isinstance(value, list) else [value]


class Policied(RecordResource):
    """What has a policy: its statements."""

    @its()
    def statements(self) -> list[Record]:
        """The statements of its policy; actions and resources are always lists."""
        return in_one_form(self.value("policy"))

    def _allowing(self) -> list[Record]:
        return [one for one in self.statements() if one.get("Effect") == ALLOW]

    @its()
    def allowed(self) -> dict[str, list[Record]]:
        """The statements that allow something, by action, such as allowed["s3:GetObject"][0].resource."""
        found: dict[str, list[Record]] = Literal()
        for statement in self._allowing():
            for action in statement.get("Action", ()):
                found.setdefault(action, []).append(statement)
        return found

    @its()
    def allowed_actions(self) -> list[str]:
        """The actions that the statements allow."""
        return sorted(self.allowed())

    @its()
    def allowed_everywhere(self) -> list[str]:
        """The actions that are allowed on every resource (*)."""
        return sorted(
            {action for one in self._allowing() if "*" in one.get("Resource", ()) for action in one.get("Action", ())}
        )

    @matcher(
        action=ListOf(Text()),
        resource=ListOf(Text()),
        effect=OneOf("Allow", "Deny"),
        principal=Kind(),
        condition=Map(),
        sid=Text(),
    )
    def have_statement(
        self,
        action: t.Sequence[str] = (),
        resource: t.Sequence[str] = (),
        effect: str = ALLOW,
        principal: t.Any = None,
        condition: t.Mapping[str, t.Any] | None = None,
        sid: str = "",
    ) -> Verdict:
        """There is a statement with exactly these; what is not given is not looked at."""
        given = {"Action": list(action), "Resource": list(resource), "Principal": principal, "Condition": condition}
        wanted = _statement({key: value for key, value in given.items() if value} | {"Effect": effect})
        wanted.update({"Sid": sid} if sid else {})
        found = self.statements()
        passed = any(all(equal(one.get(key), value) for key, value in wanted.items()) for one in found)
        return Verdict(passed, cut(json.dumps(found)) if found else "no statement", self.source)
