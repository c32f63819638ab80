# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules that the embedded AWS evaluates."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ...processes import pause
from ...settings import internal_client, settings
from .executions import Execution, RuleRun, now
from .references import Unresolved, resolved

if TYPE_CHECKING:
    from .engine import Engine


POLL = 0.2


def check(engine: Engine, execution: Execution, rule: RuleRun) -> None:
    """Evaluate one rule; what goes wrong is a failed rule."""
    provider = rule.declaration["ruleTypeId"]["provider"]
    try:
        rule.configuration = resolved(rule.declaration.get("configuration", {}), execution.namespaces)
        evaluate = RULES.get(provider)
        if evaluate is None:
            raise RuleFailed(f"The embedded AWS evaluates no {provider} rules")
        good, rule.summary = evaluate(rule.configuration, engine.backend.account_id, engine.backend.region_name)
        rule.status = "Succeeded" if good else "Failed"
    except (RuleFailed, Unresolved, ValueError, re.error, ClientError) as error:
        rule.status, rule.error = "Failed", {"code": "ConfigurationError", "message": str(error)}
    rule.changed = now()


class RuleFailed(Exception):
    """A rule cannot be evaluated."""


def variable_check(configuration: dict[str, str], *_: str) -> tuple[bool, str]:
    actual, wanted, operator = (configuration[key] for key in ("Variable", "Value", "Operator"))
    good = {
        "EQ": actual == wanted,
        "NE": actual != wanted,
        "CONTAINS": wanted in actual,
        "MATCHES": operator == "MATCHES" and re.fullmatch(wanted, actual) is not None,
    }.get(operator)
    if good is None:
        raise RuleFailed(f"The operator {operator} is not one of EQ, NE, CONTAINS, MATCHES")
    return good, f"{actual} {operator} {wanted}: {'true' if good else 'false'}"


def cloudwatch_alarm(configuration: dict[str, str], account: str, region: str) -> tuple[bool, str]:
    """Fails when the alarm is in one of the states, now or at any time until WaitTime minutes are over."""
    name = configuration["AlarmName"]
    bad = {state.strip() for state in configuration.get("AlarmStates", "ALARM").split(",")}
    ends = time.monotonic() + int(configuration.get("WaitTime", "0")) * settings.codepipeline_minute
    client: Any = internal_client("cloudwatch", region, account, "codepipeline")
    while True:
        found = client.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        if not found:
            raise RuleFailed(f"The alarm {name} does not exist")
        state = found[0]["StateValue"]
        if state in bad or time.monotonic() >= ends:
            return state not in bad, f"The alarm {name} is in state {state}"
        pause(POLL)


RULES: dict[str, Callable[..., tuple[bool, str]]] = {
    "CloudWatchAlarm": cloudwatch_alarm,
    "VariableCheck": variable_check,
}
