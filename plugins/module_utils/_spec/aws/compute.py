# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import base64
import hashlib
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.network import routes_of, to_the_internet
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import (
    ROWS,
    RecordResource,
    TaggedResource,
    one,
)
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import Record, dig
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.security_groups import Guarded
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Integer, Kind, ListOf, Regex, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing, shown
from ansible_collections.containerci.aws.plugins.module_utils._spec.values import apply
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import CannotTell, Verdict, its, matcher


def decoded(text: str | None) -> str:
    """User data as it was written."""
    return base64.b64decode(text or "").decode("utf-8", "replace")


def user_data_verdict(text: str, equal: str | None, include: t.Sequence[str], pattern: str) -> Verdict:
    """User data often holds secrets: only its size and checksum are told."""
    passed = bool(text) if equal is None else text == equal
    passed = passed and all(part in text for part in include)
    if pattern:
        passed = passed and apply({"word": "match", "arguments": {"pattern": pattern}}, text).passed
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Verdict(passed, f"user data of {len(text)} characters, sha256 {digest}" if text else "no user data")


class UserData(RecordResource):
    """A resource with user data."""

    def read_user_data(self) -> str:
        return decoded(self.record.get("UserData"))

    @its()
    def user_data(self) -> dict[str, t.Any]:
        """Size and sha256 of the user data; the text itself is never shown."""
        text = self.read_user_data()
        return {"size": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}

    @matcher(text=Text(), include=ListOf(Text()), match=Regex())
    def have_user_data(self, text: str | None = None, include: t.Sequence[str] = (), match: str = "") -> Verdict:
        """There is user data or, if given, it is this text, includes these, or matches the regular expression."""
        return user_data_verdict(self.read_user_data(), text, include, match)


class Instance(Guarded, UserData, TaggedResource):
    """What the record of an instance does not tell."""

    GROUPS = "SecurityGroups[].GroupId"

    def attribute(self, name: str) -> t.Any:
        answer = self.call("describe_instance_attribute", InstanceId=self.record["InstanceId"], Attribute=name)
        return dig(answer, f"{name[0].upper()}{name[1:]}.Value")

    def read_user_data(self) -> str:
        return decoded(self.attribute("userData"))

    @its()
    def api_termination_disabled(self) -> bool:
        """Whether the API refuses to terminate it."""
        return bool(self.attribute("disableApiTermination"))

    @its()
    def shutdown_behavior(self) -> str:
        """What happens when it shuts itself down: stop or terminate."""
        return str(self.attribute("instanceInitiatedShutdownBehavior"))

    @matcher()
    def have_source_dest_checking_disabled(self) -> Verdict:
        """It may pass on traffic of others, as a NAT instance does."""
        checked = self.record.get("SourceDestCheck")
        return Verdict(checked is False, f"source_dest_check is {shown(checked)}", self.source)

    @matcher()
    def have_api_termination_disabled(self) -> Verdict:
        """The API refuses to terminate it."""
        disabled = self.api_termination_disabled()
        return Verdict(disabled, f"api_termination_disabled is {shown(disabled)}", "ec2:DescribeInstanceAttribute")

    @matcher()
    def have_public_subnet(self) -> Verdict:
        """Its subnet has a route to an internet gateway."""
        record = self.record
        wanted = [{"Name": "vpc-id", "Values": [record["VpcId"]]}]
        routes = routes_of(record["SubnetId"], self.call("describe_route_tables", Filters=wanted)["RouteTables"])
        public = any(map(to_the_internet, routes))
        return Verdict(
            public, f"{record['SubnetId']} is {'public' if public else 'private'}", "ec2:DescribeRouteTables"
        )

    @its()
    def elastic_ips(self) -> list[str]:
        """Its elastic addresses."""
        wanted = [{"Name": "instance-id", "Values": [self.record["InstanceId"]]}]
        return [str(found) for found in dig(self.call("describe_addresses", Filters=wanted), "Addresses[].PublicIp")]

    @matcher(address=Text())
    def have_elastic_ip(self, address: str | None = None) -> Verdict:
        """It has an elastic address or, if one is given, this one."""
        found = self.elastic_ips()
        passed = bool(found) if address is None else address in found
        return Verdict(passed, listing(found, "no elastic address"), "ec2:DescribeAddresses")


def template_data(asking: RecordResource, identity: str, version: str) -> Record:
    """What stands in a version of a launch template."""
    answer = asking.call(
        "describe_launch_template_versions", "ec2", LaunchTemplateId=identity, Versions=[version or "$Default"]
    )
    return t.cast(Record, dig(answer, "LaunchTemplateVersions.0.LaunchTemplateData") or {})


class LaunchTemplate(UserData, TaggedResource):
    """A launch template: its default version, or the one that the parameter version names."""

    def _data(self) -> Record:
        return template_data(self, self.record["LaunchTemplateId"], self.parameter("version", ""))

    @its()
    def data(self) -> Record:
        """The data of the version, without its user data."""
        return {key: value for key, value in self._data().items() if key != "UserData"}

    def read_user_data(self) -> str:
        return decoded(self._data().get("UserData"))


class AutoScalingGroup(TaggedResource):
    """What an auto scaling group starts."""

    def _template(self) -> Record | None:
        record = self.record
        mixed = dig(record, "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification")
        return t.cast("Record | None", record.get("LaunchTemplate") or mixed)

    @its()
    def launch_template(self) -> Record:
        """The launch template: id, name, version and the data of that version, without its user data."""
        template = self._template()
        if not template:
            raise CannotTell("it has no launch template")
        data = template_data(self, template["LaunchTemplateId"], template.get("Version", ""))
        return {**{key: value for key, value in data.items() if key != "UserData"}, **template}

    @its()
    def group_launch_configuration(self) -> Record:
        """The launch configuration, without its user data."""
        name = self.record.get("LaunchConfigurationName")
        if not name:
            raise CannotTell("it has no launch configuration")
        row = ROWS["launch_configuration"]
        found = one(self.world.named(row, name, self.region, {}), row, name)
        return {key: value for key, value in found.items() if key not in row.hidden}

    @matcher(name=Text())
    def have_launch_template(self, name: str | None = None) -> Verdict:
        """It starts instances from a launch template or, if given, from the one with this name or id."""
        template = self._template() or {}
        known = [template[field] for field in ("LaunchTemplateName", "LaunchTemplateId") if field in template]
        passed = bool(known) if name is None else name in known
        return Verdict(passed, listing(known[:1], "no launch template"), self.source)

    @its()
    def availability_zone_names(self) -> list[str]:
        """The availability zones."""
        return list(self.record.get("AvailabilityZones") or ())

    @its()
    def subnet_ids(self) -> list[str]:
        """The ids of the subnets."""
        return [one.strip() for one in str(self.record.get("VPCZoneIdentifier") or "").split(",") if one.strip()]

    @its()
    def enabled_metrics(self) -> list[str]:
        """The metrics that are collected."""
        return [str(metric) for metric in dig(self.record, "EnabledMetrics[].Metric")]


class Image(TaggedResource):
    """An AMI."""

    @matcher(account=Text())
    def be_shared_with(self, account: str) -> Verdict:
        """This account may launch it."""
        found = [str(user) for user in dig(self.value("launch_permissions"), "[].UserId") if user]
        return Verdict(account in found, listing(found, "no account"), "ec2:DescribeImageAttribute")


class LaunchConfiguration(Guarded, UserData):
    """A launch configuration."""

    @matcher(value=Integer(0))
    def have_number_of_block_device_mappings(self, value: int) -> Verdict:
        """There are this many block devices."""
        devices = [str(device) for device in dig(self.record, "BlockDeviceMappings[].DeviceName")]
        return Verdict(len(devices) == value, listing(devices, "no block device"), self.source)


class ElasticLoadBalancer(Guarded, TaggedResource):
    """A classic load balancer."""

    @matcher(port=Integer(1, 65535), protocol=Text(), instance_port=Integer(1, 65535), instance_protocol=Text())
    def have_listener(
        self, port: int, protocol: str = "", instance_port: int | None = None, instance_protocol: str = ""
    ) -> Verdict:
        """There is such a listener."""
        wanted: Record = {"LoadBalancerPort": port}
        wanted.update({"Protocol": protocol} if protocol else {})
        wanted.update({"InstancePort": instance_port} if instance_port else {})
        wanted.update({"InstanceProtocol": instance_protocol} if instance_protocol else {})
        found = dig(self.record, "ListenerDescriptions[].Listener")
        told = [
            f"{one['Protocol']} {one['LoadBalancerPort']} to {one.get('InstanceProtocol', '')} {one['InstancePort']}"
            for one in found
        ]
        passed = any(all(one.get(key) == value for key, value in wanted.items()) for one in found)
        return Verdict(passed, listing(told, "no listener"), self.source)

    @its()
    def listeners(self) -> list[Record]:
        """The listeners."""
        return list(dig(self.record, "ListenerDescriptions[].Listener"))

    @matcher(value=Integer(0))
    def have_number_of_listeners(self, value: int) -> Verdict:
        """There are this many listeners."""
        count = len(self.listeners())
        return Verdict(count == value, str(count), self.source)

    @matcher(value=Integer(0))
    def have_number_of_availability_zones(self, value: int) -> Verdict:
        """It is in this many availability zones."""
        zones = self.record.get("AvailabilityZones") or []
        return Verdict(len(zones) == value, listing(zones), self.source)

    @matcher(value=Integer(0))
    def have_number_of_security_groups(self, value: int) -> Verdict:
        """It has this many security groups."""
        groups = self.record.get("SecurityGroups") or []
        return Verdict(len(groups) == value, listing(groups), self.source)

    @matcher(name=Text(), expiration_period=Integer(0))
    def have_lb_cookie_stickiness_policy(self, name: str = "", expiration_period: int | None = None) -> Verdict:
        """There is such a policy: a cookie of the load balancer makes sessions stick, for this many seconds."""
        return self._sticks("LBCookieStickinessPolicies", name, "CookieExpirationPeriod", expiration_period)

    @matcher(name=Text(), cookie_name=Text())
    def have_app_cookie_stickiness_policy(self, name: str = "", cookie_name: str | None = None) -> Verdict:
        """There is such a policy: a cookie of the application, of this name, makes sessions stick."""
        return self._sticks("AppCookieStickinessPolicies", name, "CookieName", cookie_name)

    def _sticks(self, policies: str, name: str, field: str, value: t.Any) -> Verdict:
        found = dig(self.record, f"Policies.{policies}[]")
        passed = any(name in ("", one["PolicyName"]) and value in (None, one.get(field)) for one in found)
        told = (f"{one['PolicyName']} ({one.get(field)})" for one in found)
        return Verdict(passed, listing(told, "no such policy"), self.source)


class LoadBalancer(Guarded, TaggedResource):
    """An application or network load balancer."""

    @matcher(port=Integer(1, 65535), protocol=Text(), certificate=Text(), target_group=Text())
    def have_listener(self, port: int, protocol: str = "", certificate: str = "", target_group: str = "") -> Verdict:
        """There is such a listener; the target group by its ARN or name."""
        found = self.value("listeners")
        told = [f"{one.get('Protocol')} {one.get('Port')}" for one in found]

        def fits(one: Record) -> bool:
            targets = [str(target) for target in dig(one, "DefaultActions[].TargetGroupArn") if target]
            return (
                one.get("Port") == port
                and protocol in ("", one.get("Protocol"))
                and (not certificate or certificate in dig(one, "Certificates[].CertificateArn"))
                and (not target_group or any(target_group in (arn, arn.split("/")[1]) for arn in targets))
            )

        return Verdict(any(map(fits, found)), listing(told, "no listener"), "elasticloadbalancing:DescribeListeners")


class TargetGroup(TaggedResource):
    """The targets of a load balancer."""

    @its()
    def healthy_targets(self) -> list[str]:
        """The ids of the targets that are healthy."""
        found = self.value("targets")
        return [str(dig(one, "Target.Id")) for one in found if dig(one, "TargetHealth.State") == "healthy"]

    @matcher(target=Kind())
    def have_healthy_target(self, target: t.Any = None) -> Verdict:
        """A target is healthy or, if given, this one."""
        states = [f"{dig(one, 'Target.Id')} {dig(one, 'TargetHealth.State')}" for one in self.value("targets")]
        healthy = self.healthy_targets()
        passed = bool(healthy) if target is None else str(target) in healthy
        return Verdict(passed, listing(states, "no target"), "elasticloadbalancing:DescribeTargetHealth")
