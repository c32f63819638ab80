# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a spec costs the server: the processes that are really started, and the files that are really opened."""

from __future__ import annotations

import collections
import contextlib
import sys
import typing as t
from pathlib import Path

import pytest
from unit.plugins.module_utils._spec.server import machine

Compiled = t.Callable[[t.Any], list[dict[str, t.Any]]]
STARTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"}


class Costs:
    """Counts what Python's audit hooks tell, while it is told to."""

    def __init__(self) -> None:
        self.counting = False
        self.started: list[str] = []
        self.opened: collections.Counter[str] = collections.Counter()
        sys.addaudithook(self._hear)  # it cannot be taken away again

    def _hear(self, event: str, arguments: tuple[t.Any, ...]) -> None:
        if not self.counting:
            return
        if event in STARTS:
            self.started.append(str(arguments[0]))
        elif event in ("open", "os.listdir", "os.scandir"):
            self.opened[str(arguments[0])] += 1

    @contextlib.contextmanager
    def counted(self) -> t.Iterator[None]:
        self.started, self.opened, self.counting = [], collections.Counter(), True
        try:
            yield
        finally:
            self.counting = False


@pytest.fixture(scope="session")
def costs() -> Costs:
    return Costs()


FREE = """
- {expect: {port: [80, 8080, 25, 323]}, to: be_listening}
- {expect: {port: 80}, its: {addresses: [0.0.0.0], processes: [app-server]}}
- {expect: {socket: ['@abstract', /run/app.sock]}, to: be_listening}
- {expect: {package: app}, to: {be_installed: 9.0.70}}
- {expect: {package: [other, another, one more]}, not_to: be_installed}
- {expect: {file: [/opt/text, /etc/app.conf]}, to: [be_file, {be_readable: owner}]}
- {expect: {file: /opt/text}, to: [{contain: inside}, {match: ^last}]}
- {expect: {file: /opt/text}, its: {lines: {have_length: 5}, size: {be_greater_than: 1}, content: {include: end}}}
- {expect: {config: /etc/app.json}, its: {'jobs[0].name': build}}
- {expect: {file: /etc/app.json}, its: {'content_as_json.jobs[0].name': build}}
- {expect: {user: [app, root]}, to: exist}
- {expect: {user: app}, its: {groups: [adminx, app], password_locked: false, shell: /bin/sh}}
- {expect: {user: root}, its: {password_locked: true}}
- {expect: {user: root}, to: be_system}
- {expect: {user: app}, to: {have_authorized_key: ssh-ed25519 AAAAkey}}
- {expect: {group: [adm, app]}, to: exist}
- {expect: {group: adm}, to: be_system}
- {expect: {process: app-server}, to: be_running}
- {expect: {process: app-server}, its: {user: [app], group: [app], threads: 6, nice: [-5], args: {include: '--port'}}}
- {expect: {process: [nginx, apache2, postgres]}, not_to: be_running}
- {expect: {kernel_parameter: vm.swappiness}, its: {value: {be_at_most: 60}}}
- {expect: {kernel_module: [usb-storage, btrfs]}, to: be_loaded}
- {expect: {mount: [/, '/data one']}, to: exist}
- {expect: fstab, to: [{have_entry: /data}, {have_entry: none}]}
- {expect: {interface: lo}, to: [exist, be_up, {have_ipv4_address: 127.0.0.1}, {have_ipv6_address: 'fe80::1'}]}
- {expect: {interface: lo}, its: {ipv6_addresses: {have_length: 1}, mtu: 65536}}
- {expect: default_gateway, its: {interface: lo, ipaddress: 10.0.0.1}}
- {expect: routing_table, to: {have_entry: default}}
- {expect: {cron: [app, root]}, its: entries, not_to: be_empty}
- {expect: {repository: [app, https://app.example.org/apt]}, to: be_enabled}
- {expect: selinux, to: {be_enforcing: targeted}}
- {expect: {host: db.internal}, to: {be_resolvable: hosts}}
"""


def test_what_the_kernel_and_files_know_starts_no_process_and_is_read_once(
    compiled: Compiled, root: Path, costs: Costs
) -> None:
    examples = compiled(FREE)
    machine.outcomes(root, {"examples": examples, "host": {}, "change": {}})  # imports are no part of it
    with costs.counted():
        outcomes = machine.outcomes(root, {"examples": examples, "host": {}, "change": {}})
    assert [one for one in outcomes if one["status"] != "passed"] == []
    assert costs.started == []
    sources = {path: count for path, count in costs.opened.items() if path.startswith(str(root))}
    of_name_service = {f"{root}/etc/passwd", f"{root}/etc/group"}  # read by the double
    assert {path: count for path, count in sources.items() if count > 1 and path not in of_name_service} == {}
    read = {path.removeprefix(str(root)) for path in sources}
    assert {"/proc/net/tcp", "/var/lib/dpkg/status", "/proc/20/cmdline", "/opt/text", "/proc/self/mounts"} <= read


SERVICES = """
- {expect: {service: [app, none, 'off', masked]}, its: load_state, not_to: be_empty}
- {expect: {service: app}, to: [be_running, be_enabled, be_installed]}
- {expect: {service: app}, its: {main_pid: 20, property.Restart: always, user: app}}
- {expect: {service: 'off'}, not_to: [be_running, be_enabled]}
"""
RULES = """
- {expect: iptables, to: [{have_rule: '-P INPUT DROP'}, {have_rule: '-N OWN'}]}
- {expect: iptables, its: rules, to: {have_length: 3}}
"""
COMMANDS = """
- {expect: {command: 'echo a; echo b'}, its: {exit_status: 0, stdout: {match: a}, stdout_lines: [a, b]}}
- {expect: {command: 'echo a; echo b'}, its: {stderr: be_empty}}
- {expect: {command: {argv: [echo, c]}}, its: {stdout: c}}
"""
PIP = """
- {expect: {package: {name: py-app, provider: pip}}, to: be_installed}
- {expect: {package: {name: py_app, provider: pip3}}, its: {version: 2.32.3}}
- {expect: {package: {name: other, provider: pip}}, not_to: be_installed}
"""


@pytest.mark.parametrize(
    ("spec", "programs"),
    [(SERVICES, ["systemctl"]), (RULES, ["iptables-save"]), (COMMANDS, ["sh", "echo"]), (PIP, ["pip3"])],
)
def test_one_process_answers_for_all(
    spec: str, programs: list[str], compiled: Compiled, root: Path, costs: Costs
) -> None:
    with costs.counted():
        outcomes = machine.outcomes(root, {"examples": compiled(spec), "host": {}, "change": {}})
    assert [one for one in outcomes if one["status"] != "passed"] == []
    assert sorted(Path(program).name for program in costs.started) == sorted(programs)


def test_the_module_tells_how_many_processes_it_started(compiled: Compiled, root: Path, costs: Costs) -> None:
    world = machine.host(root)
    with costs.counted(), machine.name_service(root):
        machine.evaluate(world, compiled(SERVICES + RULES + COMMANDS + PIP))
    assert world.forks == len(costs.started) == 5
