# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.policies import Policied, parsed
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import RecordResource, TaggedResource
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import Record, dig, tag_map
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Integer, ListOf, Map, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell, Verdict, its, matcher


class Topic(Policied, TaggedResource):
    """An SNS topic."""

    def _subscriptions(self) -> list[str]:
        return sorted(f"{one['Protocol']} {one['Endpoint']}" for one in self.value("subscriptions"))

    @matcher(subscriptions=ListOf(Map(Text(), ("protocol", "endpoint"))))
    def have_subscriptions(self, subscriptions: t.Sequence[t.Mapping[str, str]] | None = None) -> Verdict:
        """There are subscriptions or, if given, exactly these: maps with protocol and endpoint."""
        found = self._subscriptions()
        wanted = sorted(f"{one.get('protocol', '')} {one.get('endpoint', '')}" for one in subscriptions or ())
        passed = bool(found) if subscriptions is None else found == wanted
        return Verdict(passed, listing(found, "no subscription"), "sns:ListSubscriptionsByTopic")

    @matcher(endpoint=Text(), protocol=Text())
    def have_subscription(self, endpoint: str = "", protocol: str = "") -> Verdict:
        """There is a subscription or, if given, one with this endpoint and protocol."""
        found = self.value("subscriptions")
        fitting = [one for one in found if endpoint in ("", one["Endpoint"]) and protocol in ("", one["Protocol"])]
        told = listing(self._subscriptions(), "no subscription")
        return Verdict(bool(fitting), told, "sns:ListSubscriptionsByTopic")

    @its()
    def topic_name(self) -> str:
        """The last part of its ARN."""
        return str(self.record["TopicArn"]).rpartition(":")[2]

    @its()
    def policy(self) -> t.Any:
        """The policy as data."""
        return parsed(self.details.get("Policy"))


class Queue(Policied, TaggedResource):
    """An SQS queue, by its name, URL or ARN."""

    @classmethod
    def address(cls, name: str, parameters: t.Mapping[str, t.Any]) -> tuple[str, dict[str, t.Any]]:
        if name.startswith("arn:"):
            *_others, account, own = name.split(":")
            return own, {"QueueOwnerAWSAccountId": account}
        return super().address(name.rpartition("/")[2], parameters)

    @its()
    def policy(self) -> t.Any:
        """The policy as data; nothing when there is none."""
        return parsed(self.details.get("Policy"))

    @matcher()
    def be_encrypted(self) -> Verdict:
        """Messages are encrypted, with the key of SQS or one of KMS."""
        details = self.details
        key = details.get("KmsMasterKeyId") or ("SQS" if details.get("SqsManagedSseEnabled") == "true" else "")
        return Verdict(bool(key), f"encrypted with the key {key}" if key else "not encrypted", "sqs:GetQueueAttributes")

    @its()
    def policy_statements(self) -> list[t.Any]:
        """The same as statements."""
        return t.cast("list[t.Any]", self.statements())

    @its()
    def redrive_policy(self) -> t.Any:
        """Where messages go that cannot be handled, as data."""
        return parsed(self.details.get("RedrivePolicy"))


class SwfType(RecordResource):
    """A type of activities or workflows of SWF: it is known by domain, name and version."""

    @classmethod
    def address(cls, name: str, parameters: t.Mapping[str, t.Any]) -> tuple[str, dict[str, t.Any]]:
        kind = cls.row.word.replace("swf_", "").replace("_type", "Type")
        known = {"name": name, "version": parameters.get("version", "")}
        return name, {"domain": parameters.get("domain", ""), kind: known}


_MADE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE")


class Stack(RecordResource):
    """A CloudFormation stack."""

    @matcher(names=ListOf(Text()))
    def have_resource(self, names: t.Sequence[str]) -> Verdict:
        """The template's resources with these logical names were made."""
        made = {one["LogicalResourceId"]: one["ResourceStatus"] for one in self.value("resources")}
        missing = [name for name in names if made.get(name) not in _MADE]
        return Verdict(not missing, f"missing {listing(missing)}" if missing else listing(made), self.source)


class Pipeline(TaggedResource):
    """A CodePipeline."""

    @its()
    def stage_names(self) -> list[str]:
        """The names of its stages, in their order."""
        return [str(name) for name in dig(self.record, "stages[].name")]

    @matcher(names=ListOf(Text()))
    def have_stages(self, names: t.Sequence[str]) -> Verdict:
        """It has exactly these stages, in this order."""
        found = self.stage_names()
        return Verdict(found == list(names), listing(found, "no stage"), self.source)

    @matcher(action=Text(), stage=Text(), provider=Text())
    def have_action(self, action: str, stage: str = "", provider: str = "") -> Verdict:
        """There is such an action, in any stage or in this one."""
        found = [
            (one["name"], part["name"], part["actionTypeId"]["provider"])
            for one in self.record["stages"]
            for part in one["actions"]
        ]
        fitting = [one for one in found if one[1] == action and stage in ("", one[0]) and provider in ("", one[2])]
        told = (f"{place}/{name} ({maker})" for place, name, maker in found)
        return Verdict(bool(fitting), listing(told, "no action"), self.source)


class Zone(TaggedResource):
    """A hosted zone of Route 53, by id or name."""

    @classmethod
    def address(cls, name: str, parameters: t.Mapping[str, t.Any]) -> tuple[str, dict[str, t.Any]]:
        return super().address(zone_name(cls.row.own_name(name)), parameters)

    def read_tags(self) -> dict[str, t.Any]:
        identity = str(self.record["Id"]).rpartition("/")[2]
        answer = self.call("list_tags_for_resource", ResourceType="hostedzone", ResourceId=identity)
        return tag_map(dig(answer, "ResourceTagSet.Tags"))


def zone_name(name: str) -> str:
    """The name of a zone as Route 53 has it: with a dot at its end, ids with their kind before them."""
    if "." in name:
        return name.rstrip(".") + "."
    return name if name.startswith("/") else f"/hostedzone/{name}"


class ZoneRecord(RecordResource):
    """A record set of a hosted zone, by its full name; zone and type narrow it."""

    def records(self) -> list[Record]:
        name = f"{str(self.name).rstrip('.').lower()}."
        wanted = self.parameter("type")
        answer = self.call("list_resource_record_sets", HostedZoneId=self._zone(name))
        found = [record for record in answer["ResourceRecordSets"] if record["Name"].replace("\\052", "*") == name]
        return [
            {**record, "Id": " ".join(filter(None, (name, record["Type"], record.get("SetIdentifier"))))}
            for record in found
            if wanted in (None, record["Type"])
        ]

    @classmethod
    def prepare(cls, subjects: t.Sequence[tuple[t.Any, t.Mapping[str, t.Any]]], world: t.Any) -> None:
        """Record sets are read zone by zone."""

    def _zone(self, name: str) -> str:
        zones = self.call("list_hosted_zones").get("HostedZones", [])
        zone = self.parameter("zone")
        if zone:
            wanted = zone_name(zone)
            found = [one["Id"] for one in zones if wanted in (one["Id"], one["Name"])]
        else:
            found = _longest([one for one in zones if name == one["Name"] or name.endswith(f".{one['Name']}")])
        return only_zone(found, zone or name)

    @its()
    def values(self) -> list[str]:
        """The values of the records, or the target of the alias."""
        alias = dig(self.record, "AliasTarget.DNSName")
        return [str(alias)] if alias else [str(value) for value in dig(self.record, "ResourceRecords[].Value")]

    @matcher(values=ListOf(Text()))
    def have_values(self, values: t.Sequence[str]) -> Verdict:
        """These are its values, and no other."""
        found = self.values()
        return Verdict(sorted(found) == sorted(values), listing(found, "no value"), self.source)

    @matcher(target=Text())
    def be_alias(self, target: str = "") -> Verdict:
        """It is an alias or, if given, one of this target."""
        found = str(dig(self.record, "AliasTarget.DNSName") or "")
        passed = bool(found) and (not target or found.rstrip(".") == target.rstrip("."))
        return Verdict(passed, found or "no alias", self.source)

    @matcher(seconds=Integer(0))
    def have_ttl(self, seconds: int) -> Verdict:
        """Answers may be kept for this many seconds."""
        found = self.record.get("TTL")
        return Verdict(found == seconds, str(found), self.source)


def _longest(zones: list[Record]) -> list[str]:
    length = max((len(zone["Name"]) for zone in zones), default=0)
    return [str(zone["Id"]) for zone in zones if len(zone["Name"]) == length]


def only_zone(found: t.Sequence[str], name: str) -> str:
    if len(found) == 1:
        return found[0]
    if found:
        raise CannotTell(f"{len(found)} hosted zones may have {name}: {listing(found)}; give the parameter zone")
    raise CannotTell(f"no hosted zone has {name}")
