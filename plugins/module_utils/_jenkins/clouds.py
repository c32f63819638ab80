# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import typing as t
import urllib.parse

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._jenkins import jcasc
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.client import Jenkins
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.cloud import OWN_URL, Plan, Values, normalised
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.controller import version_key
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.errors import JenkinsError, NotFound

KIND = "ecs"
_DESCRIPTOR = "com.cloudbees.jenkins.plugins.amazonecs.ECSCloud"
_CLOUD_PAGES_SINCE = (2, 403)
_NOT_TO_BE_SENT_AGAIN = ("FAILED TO EXPORT", "****")


class Cloud(t.NamedTuple):
    """A cloud of the controller, as its export has it."""

    kind: str
    values: Values

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))


def read(jenkins: Jenkins) -> list[Cloud]:
    """All clouds, in their order."""
    found = jcasc.export(jenkins).get("jenkins", {}).get("clouds") or []
    return [Cloud(kind, values if isinstance(values, dict) else {}) for item in found for kind, values in item.items()]


def find(clouds: t.Sequence[Cloud], name: str) -> Cloud | None:
    """The one ECS cloud of that name; raises CollectionError when the name is taken otherwise."""
    named = [(number, cloud) for number, cloud in enumerate(clouds) if cloud.name == name]
    if len(named) > 1:
        places = " and ".join(str(number) for number, _cloud in named)
        raise CollectionError(
            f"Jenkins has {len(named)} clouds called {name} (numbers {places}); which one is meant cannot be told. "
            "Delete all but one; usually a file of configuration as code declares one of them."
        )
    if named and named[0][1].kind.lower() not in (KIND, "ecscloud"):
        raise CollectionError(
            f"The cloud {name} of Jenkins is of the type {named[0][1].kind}, not an Amazon ECS cloud."
        )
    return named[0][1] if named else None


def method_for(method: str, jenkins_version: str) -> str:
    """How to write: method auto is the cloud's own page where there is one."""
    if method != "auto":
        return method
    return "form" if version_key(jenkins_version) >= _CLOUD_PAGES_SINCE else "configuration"


def write_page(jenkins: Jenkins, name: str, plan: Plan) -> None:
    """Create, replace or delete the cloud alone, through its own page."""
    form = {"json": json.dumps(plan.wanted)}
    page = f"/cloud/{urllib.parse.quote(name, safe='')}"
    if not plan.before:
        jenkins.post_form("/cloud/doCreate", f"create the cloud {name}", form, cloudDescriptorName=_DESCRIPTOR)
    elif plan.after:
        jenkins.post_form(f"{page}/configSubmit", f"change the cloud {name}", form)
    else:
        try:
            jenkins.post(f"{page}/doDelete", f"delete the cloud {name}")
        except NotFound:
            return


def write_configuration(
    jenkins: Jenkins, name: str, plan: Plan, clouds: t.Sequence[Cloud], replace_others: bool
) -> None:
    """Let configuration as code replace the whole list of clouds, all others as they are."""
    others = [cloud for cloud in clouds if cloud.name != name]
    if others:
        _refuse_to_lose(others, replace_others)
    wanted = [
        {cloud.kind: plan.wanted if cloud.name == name else _importable(cloud)}
        for cloud in clouds
        if cloud.name != name or plan.after
    ]
    if plan.after and not plan.before:
        wanted.append({KIND: plan.wanted})
    jcasc.apply(jenkins, {"jenkins": {"clouds": wanted}})


def _refuse_to_lose(others: t.Sequence[Cloud], allowed: bool) -> None:
    names = ", ".join(f"{cloud.name} ({cloud.kind})" for cloud in others)
    if not allowed:
        raise CollectionError(
            f"This Jenkins can only take all clouds at once, and has others: {names}. "
            "allow_replace_others: true consents to write them again as they are."
        )
    broken = [cloud.name for cloud in others if any(mark in json.dumps(cloud.values) for mark in _NOT_TO_BE_SENT_AGAIN)]
    if broken:
        raise CollectionError(
            f"The clouds {', '.join(broken)} hold values that Jenkins does not tell; writing them would lose them."
        )


def _importable(cloud: Cloud) -> Values:
    """The export leaves an empty credentialsId out, and then does not take its own output back."""
    return {"credentialsId": "", **cloud.values} if cloud.kind.lower() == KIND else cloud.values


def verify(name: str, plan: Plan, before: t.Sequence[Cloud], after: t.Sequence[Cloud]) -> Values | None:
    """The cloud as it is now; raises JenkinsError when it is not as planned, or another one changed."""
    advice = "usually files of configuration as code declare clouds, too, and Jenkins merges them"
    if [cloud for cloud in before if cloud.name != name] != [cloud for cloud in after if cloud.name != name]:
        raise JenkinsError(f"Other clouds of Jenkins changed while {name} was written; {advice}.")
    found = find(after, name)
    now = normalised(found.values) if found else {}
    wanted = dict(plan.after)
    if wanted.get("jenkinsUrl") == OWN_URL:
        if not now.get("jenkinsUrl"):
            raise JenkinsError(
                "The cloud has no URL of Jenkins, and agents would not start; give jenkins_url, or Jenkins a URL."
            )
        wanted["jenkinsUrl"] = now["jenkinsUrl"]
    if now != wanted:
        different = sorted(key for key in now.keys() | wanted.keys() if now.get(key) != wanted.get(key))
        raise JenkinsError(
            f"Jenkins took the cloud {name}, but {', '.join(different)} is not as sent; {advice}.",
            wanted=wanted,
            found=now,
        )
    return found.values if found else None
