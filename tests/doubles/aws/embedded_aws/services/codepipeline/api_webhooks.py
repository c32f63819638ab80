# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Webhooks are kept and checked; nothing answers on their URLs."""

from __future__ import annotations

import copy
import ipaddress
import secrets
from typing import Any

from moto.core.responses import ActionResult, EmptyResult

from .base import Base
from .errors import CodePipelineError, validation
from .executions import new_id
from .pipelines import MASK, checked_tags, tag_list

WEBHOOKS = 300
AUTHENTICATION = {"GITHUB_HMAC": "SecretToken", "IP": "AllowedIPRange", "UNAUTHENTICATED": None}


class WebhookOperations(Base):
    def put_webhook(self) -> ActionResult:
        definition, backend = copy.deepcopy(self.params["webhook"]), self.backend
        name = definition["name"]
        self._check(definition)
        if name not in backend.webhooks and len(backend.webhooks) >= WEBHOOKS:
            raise CodePipelineError(
                "LimitExceededException", f"There can only be up to {WEBHOOKS} webhooks in a region"
            )
        arn = f"arn:aws:codepipeline:{self.region}:{self.current_account}:webhook:{name}"
        backend.other_tags[arn] = checked_tags(arn, backend.other_tags.get(arn, {}), self.params.get("tags", []))
        host = f"{self.region}.webhooks.aws/trigger"
        url = backend.webhooks.get(name, {}).get("url") or f"https://{host}?t={new_id()}&v={secrets.token_hex(8)}"
        backend.webhooks[name] = {"definition": definition, "url": url, "arn": arn}
        return ActionResult({"webhook": self._shown_webhook(backend.webhooks[name])})

    def _check(self, definition: dict[str, Any]) -> None:
        pipeline = self.backend.get(definition["targetPipeline"])
        sources = {action["name"] for action in pipeline.declaration["stages"][0]["actions"]}
        if definition["targetAction"] not in sources:
            raise validation(f"The target action '{definition['targetAction']}' is no source action of the pipeline")
        wanted, given = AUTHENTICATION[definition["authentication"]], definition["authenticationConfiguration"]
        if set(given) != {wanted} - {None}:
            raise _wrong_authentication(
                f"authenticationConfiguration should contain only {wanted or 'no properties'} for"
                f" {definition['authentication']}"
            )
        if wanted == "AllowedIPRange":
            try:
                ipaddress.ip_network(given[wanted])
            except ValueError as error:
                raise _wrong_authentication(f"AllowedIPRange is not a CIDR range: {error}") from error
        for rule in definition["filters"]:
            if not rule["jsonPath"].startswith("$"):
                raise CodePipelineError(
                    "InvalidWebhookFilterPatternException", f"'{rule['jsonPath']}' is not a JSON path"
                )

    def _shown_webhook(self, webhook: dict[str, Any]) -> dict[str, Any]:
        shown = {**copy.deepcopy(webhook), "tags": tag_list(self.backend.other_tags[webhook["arn"]])}
        if "SecretToken" in shown["definition"]["authenticationConfiguration"]:
            shown["definition"]["authenticationConfiguration"]["SecretToken"] = MASK
        return shown

    def list_webhooks(self) -> ActionResult:
        found = [self._shown_webhook(webhook) for _, webhook in sorted(self.backend.webhooks.items())]
        page, token = self.page(found, "MaxResults", "NextToken")
        return ActionResult({"webhooks": page, "NextToken": token})

    def delete_webhook(self) -> ActionResult:
        webhook = self.backend.webhooks.pop(self.params["name"], None)
        if webhook is not None:
            self.backend.other_tags.pop(webhook["arn"], None)
        return EmptyResult()

    def register_webhook_with_third_party(self) -> ActionResult:
        return self._known()

    def deregister_webhook_with_third_party(self) -> ActionResult:
        return self._known()

    def _known(self) -> ActionResult:
        name = self.params.get("webhookName", "")
        if name not in self.backend.webhooks:
            raise CodePipelineError("WebhookNotFoundException", f"The webhook '{name}' cannot be found")
        return EmptyResult()


def _wrong_authentication(message: str) -> CodePipelineError:
    return CodePipelineError("InvalidWebhookAuthenticationParametersException", message)
