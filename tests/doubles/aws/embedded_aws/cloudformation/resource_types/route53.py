# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::Route53::*"""

from __future__ import annotations

import secrets
from typing import Any

from ..errors import ResourceFailure
from ..handler import Context, Handler, Properties, handles
from ._shapes import pick, tag_list, without


@handles("AWS::Route53::HostedZone")
class HostedZone(Handler):
    heeds = frozenset({"HostedZoneConfig", "HostedZoneTags", "Name", "VPCs"})

    def create(self, context: Context, properties: Properties) -> str:
        route53 = context.client("route53")
        networks = properties.get("VPCs", [])
        arguments = pick(properties, "HostedZoneConfig", "Name")
        if networks:
            arguments["VPC"] = networks[0]
        made = route53.create_hosted_zone(CallerReference=secrets.token_hex(16), **arguments)
        zone = str(made["HostedZone"]["Id"]).removeprefix("/hostedzone/")
        for network in networks[1:]:
            route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=network)
        self.tag(context, zone, properties)
        return zone

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        if without(before, "HostedZoneTags") != without(after, "HostedZoneTags"):
            raise ResourceFailure("The embedded AWS only changes the tags of a hosted zone in place")
        gone = sorted(context.tags(before, "HostedZoneTags").keys() - context.tags(after, "HostedZoneTags").keys())
        if gone:
            context.client("route53").change_tags_for_resource(
                ResourceType="hostedzone", ResourceId=physical_id, RemoveTagKeys=gone
            )
        self.tag(context, physical_id, after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        context.client("route53").delete_hosted_zone(Id=physical_id)

    def attributes(self, context: Context, physical_id: str, properties: Properties) -> dict[str, Any]:
        servers = context.client("route53").get_hosted_zone(Id=physical_id).get("DelegationSet", {})
        return {"Id": physical_id, "NameServers": servers.get("NameServers", [])}

    def tag(self, context: Context, physical_id: str, properties: Properties) -> None:
        tags = tag_list(context.tags(properties, "HostedZoneTags"))
        if tags:
            context.client("route53").change_tags_for_resource(
                ResourceType="hostedzone", ResourceId=physical_id, AddTags=tags
            )


@handles("AWS::Route53::RecordSet")
class RecordSet(Handler):
    said = ("Failover", "MultiValueAnswer", "Name", "Region", "SetIdentifier", "TTL", "Type", "Weight")
    heeds = frozenset({*said, "AliasTarget", "Comment", "HostedZoneId", "HostedZoneName", "ResourceRecords"})

    def create(self, context: Context, properties: Properties) -> str:
        self._change(context, "CREATE", properties)
        return str(properties["Name"]).rstrip(".")

    def update(self, context: Context, physical_id: str, before: Properties, after: Properties) -> None:
        if before["Name"] != after["Name"]:
            raise ResourceFailure("The embedded AWS cannot rename a record in place")
        self._change(context, "UPSERT", after)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        self._change(context, "DELETE", properties)

    def _change(self, context: Context, action: str, properties: Properties) -> None:
        record = pick(properties, *self.said)
        if "TTL" in record:
            record["TTL"] = int(record["TTL"])
        if "ResourceRecords" in properties:
            record["ResourceRecords"] = [{"Value": value} for value in properties["ResourceRecords"]]
        if "AliasTarget" in properties:
            record["AliasTarget"] = {"EvaluateTargetHealth": False, **properties["AliasTarget"]}
        context.client("route53").change_resource_record_sets(
            HostedZoneId=self._zone(context, properties),
            ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]},
        )

    def _zone(self, context: Context, properties: Properties) -> str:
        if "HostedZoneId" in properties:
            return str(properties["HostedZoneId"]).removeprefix("/hostedzone/")
        name = properties.get("HostedZoneName", "")
        zones = context.client("route53").list_hosted_zones_by_name(DNSName=name)["HostedZones"]
        found = [zone["Id"] for zone in zones if zone["Name"] == name]
        if len(found) != 1:
            raise ResourceFailure(f"{len(found)} hosted zones found with the name {name}")
        return str(found[0]).removeprefix("/hostedzone/")
