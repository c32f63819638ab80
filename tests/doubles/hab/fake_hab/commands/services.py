# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab svc *, config * and sup *."""

from __future__ import annotations

import time
from pathlib import Path

from fake_hab import remote, toml
from fake_hab.context import Context
from fake_hab.failure import Failure, Panic
from fake_hab.idents import Ident
from fake_hab.parser import Parsed
from fake_hab.store import Store
from fake_hab.supervisor import Spec, Supervisor
from fake_hab.values import is_ident, is_service_group


def loaded_idents(context: Context) -> list[Ident]:
    """The packages of loaded services; none when no supervisor runs."""
    supervisor = Supervisor(context)
    if not supervisor.is_up:
        return []
    return [Ident.parse(state["package"]) for _spec, state in supervisor.services()]


def _supervisor(context: Context, parsed: Parsed) -> Supervisor:
    supervisor = Supervisor(context)
    address = parsed.text("REMOTE_SUP")
    if not parsed.given("REMOTE_SUP"):
        address = context.cli_config("listen_ctl") or address
    supervisor.demand(address, context.variable("HAB_CTL_SECRET") or context.cli_config("ctl_secret"))
    return supervisor


def _ident(parsed: Parsed) -> Ident:
    return Ident.parse(parsed.text("PKG_IDENT"))


def load(context: Context, parsed: Parsed) -> None:
    ident = _ident(parsed)
    supervisor = _supervisor(context, parsed)
    if supervisor.spec(ident) is not None and not parsed.flag("force"):
        text = f"Service already loaded. Unload '{ident}' and try again, or load with the --force flag to reload and"
        raise Failure(f"[Err: 3] {text} restart the service.")
    spec = _new_spec(context, parsed, ident)
    package = _satisfy(context, parsed, ident, spec["channel"])
    supervisor.save(spec)
    supervisor.change(spec, "up", package)
    context.ui.line(f"The {ident} service was successfully loaded")


def _satisfy(context: Context, parsed: Parsed, ident: Ident, channel: str) -> Ident:
    """The installed package, or what the channel has."""
    from fake_hab.commands.install import Installer

    package = Store(context).find(ident)
    if package is not None:
        return package.ident
    return Installer(context, parsed, channel, context.token(None)).install(str(ident))


def _new_spec(context: Context, parsed: Parsed, ident: Ident) -> Spec:
    spec: Spec = {
        "ident": str(ident),
        "group": parsed.text("group"),
        "bldr_url": remote.url_of(context, parsed, "bldr_url"),
        "channel": parsed.one("channel") or context.default_channel,
        "topology": parsed.one("topology") or "standalone",
        "update_strategy": parsed.text("strategy"),
        "update_condition": parsed.text("update_condition"),
        "binds": parsed.all("bind"),
        "binding_mode": parsed.text("binding_mode"),
        "desired_state": "up",
    }
    if parsed.given("config_from"):
        spec["config_from"] = parsed.text("config_from")
    if parsed.given("shutdown_timeout"):
        spec["shutdown_timeout"] = int(parsed.text("shutdown_timeout"))
    return {**spec, "health_check_interval": {"secs": int(parsed.text("health_check_interval")), "nanos": 0}}


def update(context: Context, parsed: Parsed) -> None:
    """Channel and update condition are always sent: what is not given goes back to the default."""
    ident = _ident(parsed)
    supervisor = _supervisor(context, parsed)
    spec = supervisor.spec(ident)
    if spec is None:
        raise Failure(f"[Err: 0] Service {ident} not loaded")
    spec["channel"] = parsed.one("channel") or context.default_channel
    spec["update_condition"] = parsed.text("update_condition")
    names = {"BLDR_URL": "bldr_url", "strategy": "update_strategy"}
    for option in ("BLDR_URL", "group", "topology", "strategy", "binding_mode"):
        if parsed.given(option):
            spec[names.get(option, option)] = parsed.text(option)
    if parsed.given("bind"):
        spec["binds"] = parsed.all("bind")
    if parsed.given("shutdown_timeout"):
        spec["shutdown_timeout"] = int(parsed.text("shutdown_timeout"))
    if parsed.given("health_check_interval"):
        spec["health_check_interval"] = {"secs": int(parsed.text("health_check_interval")), "nanos": 0}
    interval = spec.pop("health_check_interval")
    supervisor.save({**spec, "health_check_interval": interval})
    context.ui.line(f"Updating {ident}")


def unload(context: Context, parsed: Parsed) -> None:
    ident = _ident(parsed)
    supervisor = _supervisor(context, parsed)
    spec = supervisor.spec(ident)
    if spec is None:
        raise Failure(f"[Err: 0] Service {ident} not loaded")
    supervisor.change(spec, "unloaded")
    context.ui.line(f"Unloading {ident}")


def start(context: Context, parsed: Parsed) -> None:
    _set_desired(context, parsed, "up", "starting")


def stop(context: Context, parsed: Parsed) -> None:
    _set_desired(context, parsed, "down", "stopping")


def _set_desired(context: Context, parsed: Parsed, state: str, verb: str) -> None:
    ident = _ident(parsed)
    supervisor = _supervisor(context, parsed)
    spec = supervisor.spec(ident)
    if spec is None:
        raise Failure(f"[Err: 2] Service not loaded, {ident}")
    if spec["desired_state"] != state:
        spec["desired_state"] = state
        supervisor.save(spec)
        supervisor.change(spec, state)
        context.ui.line(f"Supervisor {verb} {ident}. See the Supervisor output for more details.")


def status(context: Context, parsed: Parsed) -> None:
    found = _supervisor(context, parsed).services()
    wanted = parsed.one("PKG_IDENT")
    if wanted is not None:
        found = [(spec, state) for spec, state in found if Ident.parse(state["package"]).satisfies(Ident.parse(wanted))]
        if not found:
            raise Failure(f"[Err: 2] Service not loaded, {wanted}")
    if not found:
        context.ui.line("No services loaded.")
        return
    rows = [("package", "type", "desired", "state", "elapsed (s)", "pid", "group"), *(_row(*entry) for entry in found)]
    widths = [max(map(len, column)) + 2 for column in zip(*rows)]
    for row in rows:
        context.ui.line("".join(cell.ljust(width) for cell, width in zip(row[:-1], widths)) + row[-1])


def _row(spec: Spec, state: dict[str, object]) -> tuple[str, ...]:
    elapsed = str(int(time.time() - float(str(state["since"]))))
    group = f"{Ident.parse(spec['ident']).name}.{spec['group']}"
    pid = str(state["pid"] or "<none>")
    return str(state["package"]), "standalone", spec["desired_state"], str(state["state"]), elapsed, pid, group


def config_apply(context: Context, parsed: Parsed) -> None:
    group = parsed.text("service_group")
    if not is_service_group(group):
        raise Panic(f'called `Result::unwrap()` on an `Err` value: InvalidServiceGroup("{group}")')
    name = parsed.text("file")
    text = context.read_stdin().decode() if name == "-" else Path(name).read_text()
    try:
        value = toml.loads(text)
    except toml.NotToml as error:
        raise Failure(f"Failed to parse TOML: {error}") from error
    supervisor = _supervisor(context, parsed)
    version = int(parsed.text("config_version"))
    context.ui.begin(f"Setting new configuration version {version} for {group}")
    supervisor.apply_config(group, version, value)
    context.ui.end("Applied configuration")


def config_show(context: Context, parsed: Parsed) -> None:
    """Prints nothing, as the real tool."""
    ident = parsed.text("ident")
    if not is_ident(ident):
        raise Panic(f'called `Result::unwrap()` on an `Err` value: InvalidPackageIdent("{ident}")')
    _supervisor(context, parsed)


def sup_run(context: Context, parsed: Parsed) -> None:
    """No supervisor is started: from now on one is said to run."""
    Supervisor(context).start()


def sup_term(context: Context, parsed: Parsed) -> None:
    supervisor = Supervisor(context)
    if supervisor.is_up:
        supervisor.stop()
    else:
        context.ui.error_line("Supervisor not terminated: no supervisor is running")


def sup_reached(context: Context, parsed: Parsed) -> None:
    """depart and restart need a supervisor, and change nothing here."""
    _supervisor(context, parsed)
