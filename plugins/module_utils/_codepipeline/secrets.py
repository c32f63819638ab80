# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import MASK, Data

#: by action, or by stage/action, the values of its configuration
Secrets = t.Mapping[str, t.Mapping[str, str]]

# Entries that hold a secret even before AWS has had the chance to mask them.
_SECRET_KEYS = frozenset({"OAuthToken"})


def of_action(secrets: Secrets, stage: str, action: str) -> dict[str, str]:
    return {**secrets.get(action, {}), **secrets.get(f"{stage}/{action}", {})}


def split(stage: str, actions: t.Iterable[Data], secrets: Secrets) -> tuple[tuple[Data, ...], Secrets]:
    """Wanted actions with masks instead of secrets, and all secrets: those that were given and those that stood there.

    Everything that plans, compares and shows sees masks only, as AWS shows them; the secrets come back in the write.
    """
    masked, everything = [], dict(secrets)
    for action in actions:
        entries = action.get("configuration")
        if entries is None:
            masked.append(action)
            continue
        inline = {key: value for key, value in entries.items() if key in _SECRET_KEYS and value not in ("", MASK)}
        known = {**inline, **of_action(secrets, stage, action["name"])}
        if known:
            everything[f"{stage}/{action['name']}"] = known
            action = {**action, "configuration": {**entries, **dict.fromkeys(known, MASK)}}
        masked.append(action)
    return tuple(masked), everything


def filled(declaration: Data, secrets: Secrets) -> Data:
    """The declaration with the secrets in the places of their masks."""
    return {**declaration, "stages": [_filled_stage(stage, secrets) for stage in declaration["stages"]]}


def _filled_stage(stage: Data, secrets: Secrets) -> Data:
    if not any(_masks(action) for action in stage["actions"]):
        return stage
    return {**stage, "actions": [_filled_action(stage["name"], action, secrets) for action in stage["actions"]]}


def _filled_action(stage: str, action: Data, secrets: Secrets) -> Data:
    known = of_action(secrets, stage, action["name"])
    values = {key: known[key] for key in _masks(action) if key in known}
    return {**action, "configuration": {**action["configuration"], **values}} if values else action


def _masks(action: Data) -> list[str]:
    return [key for key, value in (action.get("configuration") or {}).items() if value == MASK]


def masked(declaration: Data) -> list[str]:
    """The places of all masks."""
    return [
        f"{key} of action {action['name']} in stage {stage['name']}"
        for stage in declaration["stages"]
        for action in stage["actions"]
        for key in _masks(action)
    ]


def missing(declaration: Data, secrets: Secrets) -> list[str]:
    """Masks that would be written back over the secret that they stand for."""
    return [
        f"Stage {stage['name']}, action {action['name']}: AWS shows {key} as {MASK} and would store that; "
        f"give its value in secrets.{action['name']}.{key}."
        for stage in declaration["stages"]
        for action in stage["actions"]
        for key in _masks(action)
        if key not in of_action(secrets, stage["name"], action["name"])
    ]


def unknown(declaration: Data, secrets: Secrets) -> list[str]:
    """Secrets for actions that there are not: most likely a typing error."""
    actions = [(stage["name"], action["name"]) for stage in declaration["stages"] for action in stage["actions"]]
    known = {action for _stage, action in actions} | {"/".join(pair) for pair in actions}
    return [
        f"secrets names action {name}, which the pipeline does not have; it has {', '.join(a for _s, a in actions)}."
        for name in secrets
        if name not in known
    ]
