# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands and documents of one account and region."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from moto.ssm.models import Document, Documents, SimpleSystemManagerBackend

from ...processes import new_folder
from .commands import Command
from .documents import BUILT_IN
from .errors import SsmError
from .instances import Managed
from .shells import Box, Local


class SsmBackend(SimpleSystemManagerBackend):
    __module__ = "moto.ssm.models"  # moto finds the URLs of a service through the module of its backend

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.commands: dict[str, Command] = {}
        self.homes: dict[str, Path] = {}

    def _get_documents(self, name: str) -> Documents:
        """By name or ARN, AWS's own documents among them."""
        name = name.rsplit("document/", 1)[-1]
        if name in BUILT_IN:
            content = json.dumps(BUILT_IN[name])
            document = Document("Amazon", name, "", content, "Command", "JSON", [], [], "")
            document.platform_types = ["Linux", "MacOS"]
            return Documents(document)
        return super()._get_documents(name)

    def document(self, name: str, version: str | None) -> Document:
        version = None if version in ("$DEFAULT", "") else version
        found = self._get_documents(name)
        if version and version != "$LATEST" and version not in found.versions:
            raise SsmError("InvalidDocumentVersion", "The document version is not valid or does not exist.")
        return found.find(version)

    def command(self, identifier: str) -> Command:
        if identifier not in self.commands:
            raise SsmError("InvalidCommandId", "The command ID is not valid.")
        return self.commands[identifier]

    def shell(self, instance: Managed) -> Local | Box:
        if instance.container:
            return Box(instance.container)
        if instance.id not in self.homes:
            self.homes[instance.id] = new_folder(f"embedded-aws-{instance.id}-")
        return Local(self.homes[instance.id])

    def invocations(self, filters: dict[str, Any]) -> list[Command]:
        """Newest first."""
        commands = reversed(self.commands.values())
        wanted = filters.get("CommandId")
        return [command for command in commands if wanted in (None, command.id) and _passes(command, filters)]


def _passes(command: Command, filters: dict[str, Any]) -> bool:
    instance = filters.get("InstanceId")
    if instance and command.invocation(instance) is None:
        return False
    for item in filters.get("Filters", []):
        key, value = item["key"], item["value"]
        shown = {"Status": command.status, "DocumentName": command.document}
        if key in shown and shown[key] != value:
            return False
        moment = f"{command.requested:%Y-%m-%dT%H:%M:%SZ}"
        if (key == "InvokedAfter" and moment <= value) or (key == "InvokedBefore" and moment >= value):
            return False
    return True
