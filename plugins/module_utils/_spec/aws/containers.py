# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.policies import Policied
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.resource import TaggedResource
from ansible_collections.containerci.aws.plugins.module_utils._spec.aws.row import Record, dig
from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Kind, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.paths import Literal
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.values import equal
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Verdict, its, matcher


def by_name(items: t.Iterable[Record], value: str = "") -> dict[str, t.Any]:
    """A list of things with names as a map; with value, only that field of each."""
    return Literal({item["name"]: item.get(value) if value else item for item in items})


def env_var_verdict(variables: t.Mapping[str, t.Any], name: str, value: t.Any, source: str) -> Verdict:
    """Variables often hold secrets: only their names are told."""
    if name in variables and value is not None and not equal(variables[name], value):
        return Verdict(False, f"{name} has another value", source)
    return Verdict(name in variables, f"the variables {listing(sorted(variables), 'none')}", source)


class Service(TaggedResource):
    """An ECS service; its name may have that of the cluster before it: cluster/service."""

    @classmethod
    def address(cls, name: str, parameters: t.Mapping[str, t.Any]) -> tuple[str, dict[str, t.Any]]:
        own, given = super().address(name, parameters)
        if not own.startswith("arn:"):
            cluster, slash, service = own.rpartition("/")
            return service, {**given, "cluster": cluster} if slash else given
        # A new ARN ends with service/CLUSTER/NAME; without its cluster the API looks in the one called default.
        parts = own.split("/")
        return own, {"cluster": parts[1], **given} if len(parts) > 2 else given

    @matcher()
    def be_stable(self) -> Verdict:
        """One deployment is there, and as many tasks run as are wanted."""
        record = self.record
        count = len(record.get("deployments", ()))
        passed = count == 1 and record.get("runningCount") == record.get("desiredCount")
        got = f"{record.get('runningCount')} of {record.get('desiredCount')} tasks run, {count} deployments"
        return Verdict(passed, got, self.source)


class TaskDefinition(TaggedResource):
    """An ECS task definition; a family without a revision means its latest."""

    @its()
    def container(self) -> dict[str, Record]:
        """The containers by name, environment and secrets as maps: container.app.environment.LEVEL."""
        return by_name(map(_container, self.record.get("containerDefinitions", ())))

    @its()
    def volume(self) -> dict[str, Record]:
        """The volumes by name, such as volume.home.efs_volume_configuration.file_system_id."""
        return by_name(self.record.get("volumes", ()))


def _container(definition: Record) -> Record:
    environment = by_name(definition.get("environment", ()), "value")
    secrets = by_name(definition.get("secrets", ()), "valueFrom")
    return {**definition, "environment": environment, "secrets": secrets}


class Function(Policied, TaggedResource):
    """A Lambda function."""

    @matcher(name=Text(), value=Kind())
    def have_env_var(self, name: str, value: t.Any = None) -> Verdict:
        """It has this environment variable and, if one is given, with this value. Values are never shown."""
        return env_var_verdict(dig(self.record, "Environment.Variables") or {}, name, value, self.source)
