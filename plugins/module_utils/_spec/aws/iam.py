# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.policies import Policied, in_one_form, parsed
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import TaggedResource, compared
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import Record, dig
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Integer, Kind, ListOf, Map, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.values import equal
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell, Verdict, its, matcher


class Principal(Policied):
    """A role, a user or a group of IAM: what it may do."""

    KIND: t.ClassVar[str]

    def records(self) -> list[Record]:
        found = super().records()
        exact = str(self.name).startswith("arn:")
        return [record for record in found if not exact or record.get("Arn") == self.name]

    @property
    def _named(self) -> dict[str, str]:
        return {f"{self.KIND}Name": str(self.record[f"{self.KIND}Name"])}

    def _attached(self) -> list[Record]:
        answer = self.call(f"list_attached_{self.KIND.lower()}_policies", **self._named)
        return list(answer.get("AttachedPolicies", ()))

    @its()
    def attached_policies(self) -> list[str]:
        """The names of the policies that are attached."""
        return sorted(str(policy["PolicyName"]) for policy in self._attached())

    @its()
    def inline_policies(self) -> list[str]:
        """The names of the policies that are part of it."""
        return sorted(self.call(f"list_{self.KIND.lower()}_policies", **self._named).get("PolicyNames", ()))

    @its()
    def policies(self) -> list[str]:
        """The names of all its policies."""
        return sorted([*self.attached_policies(), *self.inline_policies()])

    @its(Integer())
    def number_of_policies(self) -> int:
        """How many policies it has, attached and inline."""
        return len(self.policies())

    @matcher(number=Integer(0))
    def have_number_of_policies(self, number: int) -> Verdict:
        """It has this many policies, attached and inline."""
        found = self.policies()
        return Verdict(len(found) == number, f"{len(found)}: {listing(found)}")

    @matcher(name=Text())
    def have_policy_with_name(self, name: str) -> Verdict:
        """It has a policy of this name, attached or inline."""
        found = self.policies()
        return Verdict(name in found, listing(found, "no policy"))

    @matcher(policy=Text())
    def have_iam_policy(self, policy: str) -> Verdict:
        """The policy with this name or ARN is attached."""
        found = self._attached()
        passed = any(policy in (one["PolicyName"], one["PolicyArn"]) for one in found)
        return Verdict(passed, listing((one["PolicyName"] for one in found), "no policy"))

    @matcher(name=Text(), document=Kind())
    def have_inline_policy(self, name: str, document: t.Any = None) -> Verdict:
        """It has an inline policy of this name or, if a document is given, with exactly this content."""
        names = self.inline_policies()
        if name not in names or document is None:
            return Verdict(name in names, listing(names, "no inline policy"))
        found = self._inline(name)
        wanted = parsed(document)
        return Verdict(equal(found, wanted), json.dumps(found))

    @matcher(policy=Kind())
    def have_policy(self, policy: t.Any) -> Verdict:
        """One of its inline policies has exactly this content, JSON text or a map."""
        wanted = parsed(policy)
        names = self.inline_policies()
        return Verdict(any(equal(self._inline(name), wanted) for name in names), listing(names, "no inline policy"))

    @its()
    def statements(self) -> list[Record]:
        """The statements of its inline policies; actions and resources are always lists."""
        return [one for name in self.inline_policies() for one in in_one_form(self._inline(name))]

    def _inline(self, name: str) -> t.Any:
        answer = self.call(f"get_{self.KIND.lower()}_policy", **self._named, PolicyName=name)
        return parsed(answer["PolicyDocument"])

    @matcher(action=ListOf(Text()), resource=ListOf(Text()), context=Map())
    def be_allowed_action(
        self, action: t.Sequence[str], resource: t.Sequence[str] = (), context: t.Mapping[str, t.Any] | None = None
    ) -> Verdict:
        """IAM's simulator allows all of these actions, on these resources (all without them), in this context."""
        request: dict[str, t.Any] = {"PolicySourceArn": self.record["Arn"], "ActionNames": list(action)}
        if resource:
            request["ResourceArns"] = list(resource)
        if context:
            request["ContextEntries"] = [_context(key, value) for key, value in context.items()]
        results = self.call("simulate_principal_policy", **request).get("EvaluationResults", [])
        if not results:
            raise CannotTell("IAM's simulator gave no result", "iam:SimulatePrincipalPolicy")
        refused = [f"{one['EvalActionName']} is {one['EvalDecision']}" for one in results if not _allowed(one)]
        return Verdict(not refused, listing(refused, "allowed"), "iam:SimulatePrincipalPolicy")


def _allowed(result: Record) -> bool:
    specific = result.get("ResourceSpecificResults") or [{"EvalResourceDecision": result["EvalDecision"]}]
    return result["EvalDecision"] == "allowed" and all(one["EvalResourceDecision"] == "allowed" for one in specific)


def _context(key: str, value: t.Any) -> Record:
    values = value if isinstance(value, list) else [value]
    kind = "boolean" if isinstance(values[0], bool) else "numeric" if isinstance(values[0], int) else "string"
    texts = [str(item).lower() if isinstance(item, bool) else str(item) for item in values]
    return {
        "ContextKeyName": key,
        "ContextKeyValues": texts,
        "ContextKeyType": f"{kind}List" if len(texts) > 1 else kind,
    }


class Role(Principal):
    """An IAM role."""

    KIND = "Role"

    @its()
    def assume_role_policy_document(self) -> t.Any:
        """Who may take the role, as data."""
        return parsed(self.record.get("AssumeRolePolicyDocument"))

    @matcher(statements=ListOf(Map()))
    def have_assume_role_policy_document(self, statements: t.Sequence[t.Any]) -> Verdict:
        """The statements about who may take the role are exactly these."""
        own = in_one_form(self.assume_role_policy_document())
        wanted = in_one_form({"Statement": list(statements)})
        return compared(own, wanted, self.source)


class User(Principal):
    """An IAM user."""

    KIND = "User"

    @its()
    def groups(self) -> list[str]:
        """The names of its groups."""
        return sorted(
            str(group) for group in dig(self.call("list_groups_for_user", **self._named), "Groups[].GroupName")
        )

    @matcher(group=Text())
    def belong_to_iam_group(self, group: str) -> Verdict:
        """It is a member of the group."""
        found = self.groups()
        return Verdict(group in found, listing(found, "no group"), "iam:ListGroupsForUser")


class Group(Principal):
    """An IAM group."""

    KIND = "Group"


class Policy(Policied, TaggedResource):
    """An IAM policy."""

    @its()
    def statements(self) -> list[Record]:
        """The statements of its default version; actions and resources are always lists."""
        return in_one_form(self.document())

    @its()
    def document(self) -> t.Any:
        """The default version of the policy as data."""
        record = self.record
        answer = self.call("get_policy_version", PolicyArn=record["Arn"], VersionId=record["DefaultVersionId"])
        return parsed(dig(answer, "PolicyVersion.Document"))

    def _entities(self, field: str) -> list[str]:
        answer = self.call("list_entities_for_policy", PolicyArn=self.record["Arn"])
        return sorted(str(name) for name in dig(answer, f"Policy{field}s[].{field}Name"))

    @matcher(name=Text())
    def be_attached_to_role(self, name: str) -> Verdict:
        """It is attached to the role."""
        return self._is_attached("Role", name)

    @matcher(name=Text())
    def be_attached_to_user(self, name: str) -> Verdict:
        """It is attached to the user."""
        return self._is_attached("User", name)

    @matcher(name=Text())
    def be_attached_to_group(self, name: str) -> Verdict:
        """It is attached to the group."""
        return self._is_attached("Group", name)

    def _is_attached(self, field: str, name: str) -> Verdict:
        found = self._entities(field)
        return Verdict(name in found, listing(found, f"no {field.lower()}"), "iam:ListEntitiesForPolicy")
