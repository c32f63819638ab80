# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t
from dataclasses import dataclass

from ansible_collections.containerci.aws.plugins.module_utils._codepipeline.shapes import Data

_REASON = "Disabled by Ansible"
_ALLOWED = re.compile(r"[a-zA-Z0-9!@ ().*?\-]{1,300}")


@dataclass(frozen=True)
class Transition:
    """Whether executions may enter a stage; without a reason, that of a disabled transition is left alone."""

    enabled: bool
    reason: str | None = None

    def result(self) -> dict[str, t.Any]:
        return {"enabled": self.enabled, "reason": self.reason}

    def __str__(self) -> str:
        return "enabled" if self.enabled else f"disabled ({self.reason})"


def transition_from(state: Data, stage: str) -> Transition:
    """The inbound transition of a stage; that of a new stage is enabled."""
    found: Data = next((entry for entry in state.get("stageStates", []) if entry.get("stageName") == stage), {})
    inbound = found.get("inboundTransitionState", {})
    if inbound.get("enabled", True):
        return Transition(True)
    return Transition(False, inbound.get("disabledReason", ""))


def wanted_transition(current: Transition, wanted: Transition) -> Transition:
    """The transition as it shall be, with its reason."""
    if wanted.enabled:
        return Transition(True)
    kept = None if current.enabled else current.reason
    return Transition(False, wanted.reason or kept or _REASON)


def reason_finding(reason: str) -> str:
    """What is wrong with a reason; empty if nothing is."""
    if _ALLOWED.fullmatch(reason):
        return ""
    return (
        "transition_reason must have 1 to 300 characters, letters, digits, blanks and any of ! @ ( ) . * ? -: "
        f"{reason!r} has not."
    )
