# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Core's pages for one cloud at a time."""

from __future__ import annotations

import json

from fake_jenkins import ecs
from fake_jenkins.answers import Answer, Problem, Request, failure, not_found, oops, page
from fake_jenkins.casc import Configuration
from fake_jenkins.plugins import newer
from fake_jenkins.settings import Settings

_DESCRIPTOR = f"{ecs.PACKAGE}{ecs.CLOUD}"


class CloudPages:
    """Create, replace and delete; a name that exists already is accepted when a cloud is created."""

    def __init__(self, settings: Settings, configuration: Configuration) -> None:
        self._settings = settings
        self._configuration = configuration

    def _need(self) -> None:
        if newer("2.403", self._settings.version):
            raise not_found()

    def _place(self, name: str) -> int:
        self._need()
        clouds = self._configuration.clouds
        found = next((number for number, (_kind, values) in enumerate(clouds) if values.get("name") == name), None)
        if found is None:
            raise not_found()
        return found

    def show(self, name: str) -> Answer:
        self._place(name)
        return page(200, f"Cloud {name}")

    def create(self, request: Request) -> Answer:
        self._need()
        descriptor = request.query.get("cloudDescriptorName") or request.form.get("cloudDescriptorName")
        if descriptor != _DESCRIPTOR:
            raise failure(f"No cloud type '{descriptor}' is known")
        self._configuration.clouds.append(("ecs", self._made(request)))
        return Answer(302, headers={"Location": "."})

    def replace(self, name: str, request: Request) -> Answer:
        place = self._place(name)
        made = self._made(request)
        others = [
            values.get("name") for number, (_kind, values) in enumerate(self._configuration.clouds) if number != place
        ]
        if made["name"] in others:
            raise failure(f"A cloud named {made['name']} exists already")
        self._configuration.clouds[place] = ("ecs", made)
        return Answer(302, headers={"Location": f"../{made['name']}/"})

    def delete(self, name: str) -> Answer:
        del self._configuration.clouds[self._place(name)]
        return Answer(302, headers={"Location": ".."})

    def _made(self, request: Request) -> ecs.Values:
        if "json" not in request.form:
            raise Problem(page(400, "Nothing is submitted"))
        try:
            return ecs.from_form(ecs.CLOUD, json.loads(request.form["json"]), self._configuration.own_url)
        except (ValueError, ecs.CannotMake):
            raise oops() from None
