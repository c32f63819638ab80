# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin configuration-as-code: export, check, apply, configure, reload."""

from __future__ import annotations

import copy
import html
import re
import typing as t

from fake_jenkins import ecs, scalars
from fake_jenkins.answers import HTML, Answer, Request, as_json, not_found, oops
from fake_jenkins.settings import Settings

ROOTS = ("jenkins", "unclassified", "security", "credentials", "tool", "jobs", "appearance", "items")
_JENKINS = (
    "agentProtocols", "authorizationStrategy", "clouds", "crumbIssuer", "disableRememberMe", "globalNodeProperties",
    "labelString", "mode", "nodes", "numExecutors", "primaryView", "projectNamingStrategy", "quietPeriod",
    "remotingSecurity", "scmCheckoutRetryCount", "securityRealm", "slaveAgentPort", "systemMessage", "views",
)  # fmt: skip


class Invalid(Exception):
    """A configuration that is refused; the text is the message."""


class Configuration:
    """What is configured: the clouds as objects, everything else as mappings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.clouds: list[tuple[str, ecs.Values]] = []
        self.other: dict[str, t.Any] = {}
        #: how often the elements of the controller's own files were applied
        self.applied = 0
        for item in copy.deepcopy(settings.clouds):
            ((kind, values),) = item.items()
            made = ecs.from_form(ecs.CLOUD, values, self.own_url) if kind == "ecs" else values
            self.clouds.append((kind, made))

    @property
    def own_url(self) -> str | None:
        location = self.other.get("unclassified", {}).get("location", {})
        return location.get("url") or self._settings.url

    def start(self) -> None:
        """What happens when the controller starts: its file is applied."""
        if self._settings.casc_file:
            self._take(scalars.load(self._settings.casc_file) or {})

    def exported(self) -> str:
        """The whole configuration in YAML."""
        jenkins = {key: value for key, value in self.other.get("jenkins", {}).items() if key != "clouds"}
        clouds = [{kind: ecs.export(ecs.CLOUD, values) if kind == "ecs" else values} for kind, values in self.clouds]
        if clouds:
            jenkins["clouds"] = clouds
        document = {
            "jenkins": _sorted(jenkins),
            **{key: value for key, value in self.other.items() if key != "jenkins"},
        }
        if self._settings.url:
            document.setdefault("unclassified", {"location": {"url": self._settings.url}})
        return scalars.dump(scalars.escaped(document))

    def check(self, document: t.Any) -> None:
        """Build everything without keeping it; raises Invalid."""
        if document is None:
            return
        if not isinstance(document, dict):
            raise Invalid("jenkins: Item isn't a Mapping")
        for root, content in document.items():
            if root not in ROOTS:
                raise Invalid(f"No configurator found for the following root element: {root}. Is a plugin missing?")
            if root == "jenkins" and content is not None:
                self._check_jenkins(content)

    def _check_jenkins(self, content: dict[str, t.Any]) -> None:
        unknown = [key for key in content if key not in _JENKINS]
        if unknown:
            raise Invalid(
                "jenkins: Invalid configuration elements for type: class jenkins.model.Jenkins : "
                f"{','.join(unknown)}.\n"
                f"Available attributes : {', '.join(_JENKINS)}"
            )
        if content.get("clouds") is not None:
            self._built(content["clouds"])

    def _built(self, clouds: t.Any) -> list[tuple[str, ecs.Values]]:
        if not isinstance(clouds, list):
            raise Invalid("jenkins: Failed to set attribute 'clouds'")
        built = []
        for item in clouds:
            if not isinstance(item, dict) or len(item) != 1:
                raise Invalid("jenkins: Failed to set attribute 'clouds'")
            ((kind, values),) = item.items()
            built.append((kind, self._cloud(kind, values or {})))
        return built

    def _cloud(self, kind: str, values: ecs.Values) -> ecs.Values:
        if kind.lower() not in ("ecs", "ecscloud"):
            if kind.lower() == "kubernetes":
                return values
            raise Invalid(f"cloud: No hudson.slaves.Cloud implementation found for {kind}")
        if "amazon-ecs" not in self._settings.plugins:
            raise Invalid(f"cloud: No hudson.slaves.Cloud implementation found for {kind}")
        filled = scalars.resolved(values, self._settings.environment)
        try:
            return ecs.from_configuration(ecs.CLOUD, filled, self.own_url, self._settings.strict_credentials)
        except (ecs.UnknownKeys, ecs.CannotMake) as error:
            raise Invalid(str(error)) from None
        except ecs.MissingCredentials as error:
            raise Invalid(f"jenkins: Failed to configure 'clouds': {error}") from None

    def apply(self, document: t.Any) -> None:
        """Merge a document with the controller's own file and take the union; nothing is taken when it is refused."""
        own = scalars.load(self._settings.casc_file) if self._settings.casc_file else {}
        merged = merged_documents(own or {}, document or {}, self._settings.casc_override)
        self.check(merged)
        self._take(merged)

    def _take(self, document: dict[str, t.Any]) -> None:
        self.applied += 1
        for root, content in document.items():
            if root == "jenkins" and isinstance(content, dict) and content.get("clouds") is not None:
                self.clouds = [
                    (("ecs" if kind.lower() in ("ecs", "ecscloud") else kind), values)
                    for kind, values in self._built(content["clouds"])
                ]
            rest = {key: value for key, value in (content or {}).items() if key != "clouds"}
            if rest:
                self.other[root] = {**self.other.get(root, {}), **rest}


def merged_documents(own: t.Any, posted: t.Any, override: bool) -> t.Any:
    """Lists are joined, mappings merged, and a scalar in both places is a conflict."""
    if isinstance(own, dict) and isinstance(posted, dict):
        keys = [*own, *(key for key in posted if key not in own)]
        both = own.keys() & posted.keys()
        return {
            key: merged_documents(own[key], posted[key], override) if key in both else {**own, **posted}[key]
            for key in keys
        }
    if isinstance(own, list) and isinstance(posted, list):
        return [*own, *posted]
    if type(own) is not type(posted):
        raise Invalid("Found incompatible configuration elements in YamlSource: /configuration-as-code/apply")
    if override:
        return posted
    raise Invalid("Found conflicting configuration at YamlSource: /configuration-as-code/apply in 'reader', line 1")


def _sorted(value: t.Any) -> t.Any:
    return dict(sorted(value.items())) if isinstance(value, dict) else value


def _number(version: str) -> int:
    return int(re.match(r"\d+", version).group())  # type: ignore[union-attr]


class Endpoints:
    """The plugin over HTTP."""

    def __init__(self, settings: Settings, configuration: Configuration) -> None:
        self._settings = settings
        self._configuration = configuration

    def _need(self) -> int:
        """The number of the plugin's version; raises Problem when it is missing or not active."""
        if "configuration-as-code" not in self._settings.plugins or "configuration-as-code" in self._settings.inactive:
            raise not_found()
        return _number(self._settings.plugins["configuration-as-code"])

    def export(self, _request: Request) -> Answer:
        self._need()
        return Answer(200, self._configuration.exported().encode(), "application/x-yaml; charset=utf-8")

    def check(self, request: Request) -> Answer:
        version = self._need()
        try:
            self._configuration.check(self._document(request))
        except (Invalid, scalars.BadYaml) as error:
            if version < 1947:
                raise oops() from None
            return as_json([{"line": -1, "message": str(error)}], 400)
        return as_json([])

    def apply(self, request: Request) -> Answer:
        self._need()
        try:
            self._configuration.apply(self._document(request))
        except (Invalid, scalars.BadYaml):
            raise oops() from None
        return Answer(200)

    def configure(self, request: Request) -> Answer:
        if self._need() < 2065:
            raise not_found()
        if not request.body:
            return as_json([{"line": -1, "message": "Request body cannot be empty."}], 400)
        try:
            self._configuration.apply(self._document(request))
        except (Invalid, scalars.BadYaml) as error:
            return as_json([{"line": -1, "message": str(error)}], 400)
        return Answer(200, b"Configuration successfully applied.")

    def reload(self, _request: Request) -> Answer:
        self._need()
        try:
            self._configuration.apply({})
        except (Invalid, scalars.BadYaml) as error:
            text = (
                f"<html><head><title>Error loading configuration</title></head><p>{html.escape(str(error))}</p></html>"
            )
            return Answer(200, text.encode(), HTML)
        return Answer(302, headers={"Location": "/configuration-as-code/"})

    def index(self, _request: Request) -> Answer:
        self._need()
        source = "<li>/usr/share/jenkins/ref/casc</li>" if self._settings.casc_file else ""
        return Answer(200, f"<html><body><ul>{source}</ul></body></html>".encode(), HTML)

    def _document(self, request: Request) -> t.Any:
        # The filter for crumbs has read the body of a form, so the plugin finds it empty.
        if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return None
        return scalars.load(request.body.decode())
