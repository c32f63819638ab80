# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services on systems with other service managers, without one, and on systems that do not run."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from unit.plugins.module_utils._spec.server import machine

Compiled = t.Callable[[t.Any], list[dict[str, t.Any]]]

UNITS = {
    "/lib/systemd/system/web.service": "[Install]\nWantedBy=multi-user.target\n",
    "/etc/systemd/system/multi-user.target.wants/web.service": "",
    "/lib/systemd/system/static.service": "[Service]\n",
    "/lib/systemd/system/tty@.service": "[Install]\nWantedBy=getty.target\n",
    "/etc/systemd/system/getty.target.wants/tty@one.service": "",
}
SCRIPTS = {
    "/etc/init.d/web": '#!/bin/sh\n[ "$1" = status ]\n',
    "/etc/init.d/dead": "#!/bin/sh\nexit 1\n",
    "/etc/init.d/odd": "#!/bin/sh\necho what >&2\nexit 4\n",
    "/etc/rc3.d/S01web": "",
    "/etc/runlevels/default/web": "",
}
NOTHING_RUNS = {"without": ["/run/systemd/system"]}
INIT_RUNS = {**NOTHING_RUNS, "files": {"/proc/1/comm": "init\n"}}


def statuses(compiled: Compiled, root: Path, spec: str, change: dict[str, t.Any], **options: t.Any) -> list[str]:
    files = {**UNITS, **SCRIPTS, **change.get("files", {})}
    world = machine.host(root, **options)
    with machine.changed(root, **{**change, "files": files}), machine.name_service(root):
        for path in SCRIPTS:
            (root / path.lstrip("/")).chmod(0o755)
        links = {"alias": "/lib/systemd/system/web.service", "masked": "/dev/null"}
        for name, target in links.items():
            (root / f"etc/systemd/system/{name}.service").symlink_to(target)
        try:
            outcomes = machine.evaluate(world, compiled(spec), offline=options.get("offline", False))
        finally:
            for name in links:
                (root / f"etc/systemd/system/{name}.service").unlink()
    return [one["status"] for one in outcomes]


@pytest.mark.parametrize("options", [{}, {"offline": True}])
def test_without_a_service_manager_the_files_tell(options: dict[str, t.Any], compiled: Compiled, root: Path) -> None:
    spec = """
- {expect: {service: [web, static, tty@one, alias]}, to: be_enabled}
- {expect: {service: ['off', tty@two, masked, none]}, not_to: be_enabled}
- {expect: {service: [web, tty@two, dead]}, to: be_installed}
- {expect: {service: masked}, to: be_masked}
"""
    change = {} if options else NOTHING_RUNS
    assert set(statuses(compiled, root, spec, change, **options)) == {"passed"}


@pytest.mark.parametrize(
    ("change", "options", "status"),
    [(NOTHING_RUNS, {}, "error"), ({}, {"offline": True}, "skipped"), (NOTHING_RUNS, {"offline": True}, "skipped")],
)
def test_what_does_not_run_knows_nothing_about_running(
    change: dict[str, t.Any], options: dict[str, t.Any], status: str, compiled: Compiled, root: Path
) -> None:
    spec = """
- {expect: {service: app}, not_to: be_running}
- {expect: {service: app}, its: {running: false, active_state: active, property.Restart: always}}
"""
    assert statuses(compiled, root, spec, change, **options) == [status] * 4


@pytest.mark.parametrize(
    ("change", "options"),
    [
        (INIT_RUNS, {}),
        (NOTHING_RUNS, {"service_manager": "sysv"}),
        (
            {**NOTHING_RUNS, "files": {"/run/openrc/softlevel": "", "/tools/rc-service": '#!/bin/sh\n"$0.d/$1" $2\n'}},
            {},
        ),
    ],
    ids=["sysv", "sysv by option", "openrc"],
)
def test_init_scripts_tell_whether_they_run(
    change: dict[str, t.Any], options: dict[str, t.Any], compiled: Compiled, root: Path
) -> None:
    spec = """
- {expect: {service: web}, to: [be_running, be_enabled, be_installed]}
- {expect: {service: dead}, not_to: be_running}
- {expect: {service: none}, not_to: [be_running, be_installed]}
- {expect: {service: dead}, to: be_installed}
"""
    files = {**change.get("files", {})}
    if "/tools/rc-service" in files:
        files |= {f"/tools/rc-service.d/{name}": SCRIPTS[f"/etc/init.d/{name}"] for name in ("web", "dead")}
    assert set(statuses(compiled, root, spec, {**change, "files": files}, **options)) == {"passed"}


def test_a_script_that_cannot_tell_is_an_error(compiled: Compiled, root: Path) -> None:
    spec = "- {expect: {service: odd}, not_to: be_running}"
    assert statuses(compiled, root, spec, NOTHING_RUNS, service_manager="sysv") == ["error"]


def test_a_disabled_init_script_is_not_enabled_for_systemd(compiled: Compiled, root: Path) -> None:
    """systemd calls the units that it makes from init scripts generated, whether the scripts are enabled or not."""
    unit = "Id={0}.service\nLoadState=loaded\nActiveState=active\nSubState=exited\nUnitFileState=generated\n"
    files = {f"/tools/systemctl.units/{name}.service": unit.format(name) for name in ("web", "dead")}
    spec = "- {expect: {service: web}, to: be_enabled}\n- {expect: {service: dead}, not_to: be_enabled}"
    assert statuses(compiled, root, spec, {"files": files}) == ["passed", "passed"]
