# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.
# UpdatePipeline replaces the whole pipeline. The SDK drops the fields that are younger than itself when it reads, and
# refuses them when it writes; without this file an update would delete them.

from __future__ import annotations

import json
import typing as t

_UNABRIDGED = "containerci_unabridged"


def keep_unknown_fields(client: t.Any) -> None:
    """Let GetPipeline and UpdatePipeline of this client pass on every field, known to the SDK or not."""
    model = client.meta.service_model
    if getattr(model, "resolved_protocol", model.protocol) != "json":
        return
    register = client.meta.events.register
    for operation in ("GetPipeline", "UpdatePipeline"):
        register(f"before-parse.codepipeline.{operation}", _read_all, unique_id=f"containerci-read-{operation}")
    register("provide-client-params.codepipeline.UpdatePipeline", _abridge, unique_id="containerci-abridge")
    register("before-call.codepipeline.UpdatePipeline", _write_all, unique_id="containerci-write")


def _read_all(response_dict: dict[str, t.Any], customized_response_dict: dict[str, t.Any], **_rest: t.Any) -> None:
    """The SDK lays what we put into the second dictionary over its own answer."""
    try:
        body = json.loads(response_dict["body"])
    except ValueError:
        return  # no answer of AWS; the caller notices that there is no pipeline
    if response_dict["status_code"] < 300 and isinstance(body, dict) and "pipeline" in body:
        customized_response_dict["pipeline"] = body["pipeline"]


def _abridge(
    params: dict[str, t.Any], model: t.Any, context: dict[str, t.Any], **_rest: t.Any
) -> dict[str, t.Any] | None:
    """What the SDK is ready to check and to send; the rest waits in the context of the call."""
    abridged = known(params, model.input_shape)
    if abridged == params:
        return None
    context[_UNABRIDGED] = params
    return dict(abridged)


def _write_all(params: dict[str, t.Any], context: dict[str, t.Any], **_rest: t.Any) -> None:
    if _UNABRIDGED in context:
        params["body"] = json.dumps(context[_UNABRIDGED]).encode()


def known(value: t.Any, shape: t.Any) -> t.Any:
    """The part of a value that the SDK's model of the API describes."""
    if shape.type_name == "structure" and isinstance(value, dict):
        members = shape.members
        return {k: known(v, members[k]) for k, v in value.items() if k in members and v is not None}
    if shape.type_name == "list" and isinstance(value, list):
        return [known(item, shape.member) for item in value]
    return value
