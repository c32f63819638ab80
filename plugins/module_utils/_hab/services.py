# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import option

#: the options that say how a service runs, as the module has them
FIELDS = (
    "channel",
    "bldr_url",
    "group",
    "topology",
    "strategy",
    "update_condition",
    "bind",
    "binding_mode",
    "health_check_interval",
    "shutdown_timeout",
    "config_from",
)
#: what `hab svc update` cannot change
_NEED_RELOAD = ("ident", "group", "topology", "config_from")

Values = dict[str, t.Any]


class Service(t.NamedTuple):
    """A service as the supervisor has it. What is not known is not in the values."""

    ident: Ident
    values: Values
    desired: str
    running: str = ""

    def shown(self) -> Values:
        return {"ident": str(self.ident), **self.values, "desired_state": self.desired}


class Plan(t.NamedTuple):
    """What is to be done: one of load, reload, update and unload, or nothing, then stop and start."""

    configure: str = ""
    power: tuple[str, ...] = ()
    changed_fields: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.configure or self.power)


def word(value: t.Any) -> str:
    """The word of an enumeration as the command line writes it: AtOnce and at-once are the same."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", str(value or "")).lower()


def of_gateway(found: Values) -> Service:
    """A service of the answer to /services."""
    spec = found.get("spec_ident") or found["pkg"]["ident"]
    ident = (
        Ident(*spec.split("/")) if isinstance(spec, str) else Ident(*(spec.get(part) or "" for part in Ident._fields))
    )
    known = {
        "channel": found.get("channel"),
        "bldr_url": _url(found.get("bldr_url")),
        "group": str(found.get("service_group", "")).partition("@")[0].rpartition(".")[2] or None,
        "topology": word(found.get("topology")) or None,
        "strategy": word(found.get("update_strategy")) or None,
        "update_condition": word(found.get("update_condition")) or None,
        "bind": sorted(_bind(one) for one in found.get("binds") or []),
        "binding_mode": word(found.get("binding_mode")) or None,
        "health_check_interval": _seconds(found.get("health_check_interval")),
        "config_from": found.get("config_from") or None,
    }
    running = word((found.get("process") or {}).get("state"))
    return Service(ident, _known(known), word(found.get("desired_state")) or "up", running)


def of_spec(text: str) -> Service:
    """A service of a spec file."""
    spec = parse_spec(text)
    known = {
        "channel": spec.get("channel"),
        "bldr_url": _url(spec.get("bldr_url")),
        "group": spec.get("group"),
        "topology": word(spec.get("topology")) or None,
        "strategy": word(spec.get("update_strategy")) or None,
        "update_condition": word(spec.get("update_condition")) or None,
        "bind": sorted(spec.get("binds") or []),
        "binding_mode": word(spec.get("binding_mode")) or None,
        "health_check_interval": spec.get("health_check_interval.secs"),
        "shutdown_timeout": spec.get("shutdown_timeout"),
        "config_from": spec.get("config_from") or None,
    }
    return Service(Ident(*str(spec["ident"]).split("/")), _known(known), word(spec.get("desired_state")) or "up")


def parse_spec(text: str) -> Values:
    """The part of TOML that spec files have: texts, numbers and lists of texts; keys of tables get their name."""
    found: Values = {}
    table = ""
    for line in re.sub(r"\[\s*\n(.*?)\]", _joined, text, flags=re.DOTALL).splitlines():
        header = re.fullmatch(r"\s*\[([A-Za-z0-9_.]+)\]\s*", line)
        entry = re.fullmatch(r"\s*([A-Za-z0-9_]+)\s*=\s*(.+?)\s*", line)
        if header:
            table = f"{header[1]}."
        elif entry:
            found[table + entry[1]] = _value(entry[2])
    return found


def _joined(match: re.Match[str]) -> str:
    return "[" + " ".join(match[1].split()) + "]"


def _value(text: str) -> t.Any:
    if text.startswith("["):
        return [first or second for first, second in re.findall(r"\"([^\"]*)\"|'([^']*)'", text)]
    if text.startswith("'"):
        return text.strip("'")
    try:
        return json.loads(text)
    except ValueError:
        return text


def _url(text: str | None) -> str | None:
    return text.rstrip("/") if text else None


def _bind(one: t.Any) -> str:
    return one if isinstance(one, str) else f"{one['name']}:{one['service_group']}"


def _seconds(interval: t.Any) -> int | None:
    return int(interval["secs"]) if isinstance(interval, dict) else interval


def _known(values: Values) -> Values:
    return {name: value for name, value in values.items() if value is not None}


def wanted_values(params: t.Mapping[str, t.Any]) -> Values:
    """What the task says about the service, as it is compared."""
    given = _known({name: params[name] for name in FIELDS})
    if "bldr_url" in given:
        given["bldr_url"] = _url(given["bldr_url"])
    if "bind" in given:
        for bind in given["bind"]:
            if not re.fullmatch(r"[^:\s-][^:\s]*:[^:\s.]+\.[^:\s]+", bind):
                raise HabError(f"bind has {bind!r}; write name:service.group.", "invalid")
        given["bind"] = sorted(given["bind"])
    return given


def differences(current: Service, ident: Ident, wanted: Values) -> tuple[str, ...]:
    """The fields that are not as wanted; one that cannot be read is not compared."""
    known = {"config_from": None, **current.values}
    found = [name for name in FIELDS if name in wanted and name in known and known[name] != wanted[name]]
    return tuple(found if ident.accepts(current.ident) else ["ident", *found])


def plan(
    state: str, current: Service | None, ident: Ident, wanted: Values, may_reload: bool, can_update: bool = True
) -> Plan:
    """What is to be done, decided from what the supervisor said."""
    if state == "unloaded":
        return Plan("unload" if current else "")
    if current is None:
        return Plan("load", ("stop",) if state == "stopped" else (), tuple(sorted({"ident", *wanted})))
    changed = differences(current, ident, wanted)
    configure = ""
    if changed:
        needs_reload = not can_update or any(name in _NEED_RELOAD for name in changed)
        configure = "reload" if needs_reload else "update"
        if needs_reload and not may_reload:
            raise HabError(
                f"{current.ident} has another {', '.join(changed)} than wanted, and the change needs a restart of the "
                "service; allow it with force.",
                "reload_needed",
                changed_fields=list(changed),
            )
    return Plan(configure, _power(state, current.desired, configure == "reload"), changed)


def _power(state: str, desired: str, reloaded: bool) -> tuple[str, ...]:
    """The commands that make a service run or rest; a reload has started it."""
    is_up = reloaded or desired == "up"
    if state == "stopped":
        return ("stop",) if is_up else ()
    if state == "restarted" and is_up and not reloaded:
        return ("stop", "start")
    if state in ("started", "restarted") and not is_up:
        return ("start",)
    # A reload starts what was stopped: state loaded leaves it as it was.
    return ("stop",) if state == "loaded" and reloaded and desired == "down" else ()


def merged(current: Service | None, wanted: Values) -> Values:
    """All values of the service as it will be: hab resets what it is not told."""
    return {"channel": "stable", "update_condition": "latest", **(current.values if current else {}), **wanted}


def words(verb: str, ident: Ident, values: Values, remote_sup: str | None) -> list[str]:
    """The command that loads, reloads or updates a service."""
    names = FIELDS if verb != "update" else [name for name in FIELDS if name not in _NEED_RELOAD]
    single = [(name, values.get(name)) for name in names if name != "bind"]
    options = {"bldr_url": "url"}
    return [
        "svc",
        "update" if verb == "update" else "load",
        str(ident),
        *(each for name, value in single for each in option(options.get(name, name.replace("_", "-")), value)),
        *(f"--bind={bind}" for bind in values.get("bind") or []),
        *(["--force"] if verb == "reload" else []),
        *option("remote-sup", remote_sup),
    ]


def foretold(current: Service | None, ident: Ident, wanted: Values, planned: Plan) -> Service | None:
    """The service after the plan."""
    if planned.configure == "unload":
        return None
    if current is None and not planned.configure:
        return None
    desired = "up" if current is None or planned.configure == "reload" else current.desired
    for verb in planned.power:
        desired = {"stop": "down", "start": "up"}[verb]
    values = merged(current, wanted) if planned.configure else (current.values if current else {})
    own = current.ident if current and planned.configure in ("", "update") else ident
    return Service(own, values, desired)
