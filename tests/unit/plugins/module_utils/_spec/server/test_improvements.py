# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Serverspec gives a wrong answer, or an answer that it does not know: here it is right, or an error."""

from __future__ import annotations

import os
import socket
import typing as t
from pathlib import Path
from unittest import mock

import pytest
import yaml
from unit.plugins.module_utils._spec.server import machine

from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host

Compiled = t.Callable[[t.Any], list[dict[str, t.Any]]]

# Each as it stands; the reverse is true with not_to, unless it is an error.
RIGHT = {
    "a process of that name is no service that runs": ("failed", "{expect: {service: app-server}, to: be_running}"),
    "adminx is not adm": ("failed", "{expect: {user: app}, to: {belong_to_group: adm}}"),
    "a prefix is no module": ("failed", "{expect: {kernel_module: usb}, to: be_loaded}"),
    "a module is found by both its names": ("passed", "{expect: {kernel_module: usb-storage}, to: be_loaded}"),
    "part of a home is no home": ("failed", "{expect: {user: app}, to: {have_home_directory: /home}}"),
    "part of a shell is no shell": ("failed", "{expect: {user: app}, to: {have_login_shell: /bin}}"),
    "modes are numbers": ("passed", "{expect: {file: /etc/app.conf}, to: {be_mode: '0640'}}"),
    "modes need no zero": ("passed", "{expect: {file: /etc/app.conf}, to: {be_mode: '640'}}"),
    "the protocol counts": ("failed", "{expect: {port: 80}, to: {be_listening: udp}}"),
    "IPv4 is reached through a socket for both": ("passed", "{expect: {port: 8081}, to: {be_listening: tcp}}"),
    "unless it is strict": ("failed", "{expect: {port: 8081}, to: {be_listening: {with: tcp, strict: true}}}"),
    "names are compared beyond 15 characters": ("failed", "{expect: {process: a-name-that-is-other}, to: be_running}"),
    "and found beyond them": ("passed", "{expect: {process: a-name-that-is-cut}, to: be_running}"),
    "contain is literal": ("failed", "{expect: {file: /opt/text}, to: {contain: 'f.*t'}}"),
    "match is a regular expression": ("passed", "{expect: {file: /opt/text}, to: {match: 'f.*t'}}"),
}
REVERSE = {"passed": "failed", "failed": "passed", "error": "error"}


@pytest.mark.parametrize(("status", "example"), RIGHT.values(), ids=RIGHT)
def test_the_answer_is_right(status: str, example: str, compiled: Compiled, root: Path) -> None:
    node = yaml.safe_load(example)
    negated = {("not_to" if key == "to" else key): value for key, value in node.items()}
    found = machine.outcomes(root, {"examples": compiled([node, negated]), "host": {}, "change": {}})
    assert [one["status"] for one in found] == [status, REVERSE[status]]


@pytest.mark.parametrize(
    ("example", "change"),
    [
        ("{expect: {port: 80}, not_to: {be_listening: udp}}", {"without": ["/proc/net/udp"]}),
        ("{expect: iptables, not_to: {have_rule: '-P INPUT DROP'}}", {"without": ["/tools/iptables-save"]}),
        ("{expect: {service: none}, not_to: be_running}", {"without": ["/tools/systemctl"]}),
        ("{expect: {package: none}, not_to: be_installed}", {"files": {"/var/lib/dpkg/status": "garbage\n"}}),
        ("{expect: {process: none}, not_to: be_running}", {"without": ["/proc/1"]}),
        ("{expect: {config: /etc/app.conf}, its: none, not_to: {eq: '1'}}", {}),
    ],
)
def test_what_could_not_be_measured_never_passes(
    example: str, change: dict[str, t.Any], compiled: Compiled, root: Path
) -> None:
    (outcome,) = machine.outcomes(root, {"examples": compiled(f"[{example}]"), "host": {}, "change": change})
    assert outcome["status"] == "error"


def test_what_may_not_be_looked_at_is_not_absent(compiled: Compiled, tmp_path: Path) -> None:
    examples = compiled("[{expect: {file: /secret/file}, not_to: exist}]")
    forbidden = PermissionError(13, os.strerror(13))
    with mock.patch("os.stat", side_effect=forbidden):
        (outcome,) = machine.evaluate(Host(root=str(tmp_path)), examples)
    assert (outcome["status"], outcome["checks"][0]["got"]) == ("error", "/secret/file: permission denied")


@pytest.mark.parametrize(
    ("only_ipv6", "statuses"),
    [
        (False, {"tcp": "passed", "tcp6": "passed", "strict": "failed", "0.0.0.0": "passed", "udp": "failed"}),
        (True, {"tcp": "failed", "tcp6": "passed", "strict": "failed", "0.0.0.0": "failed", "udp": "failed"}),
    ],
)
def test_a_real_socket_of_ipv6(only_ipv6: bool, statuses: dict[str, str], compiled: Compiled) -> None:
    with socket.socket(socket.AF_INET6) as listener:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only_ipv6)
        listener.bind(("::", 0))
        listener.listen()
        port = listener.getsockname()[1]
        matchers = {
            "tcp": "tcp",
            "tcp6": "tcp6",
            "udp": "udp",
            "strict": {"protocol": "tcp", "strict": True},
            "0.0.0.0": {"protocol": "tcp", "address": "0.0.0.0"},
        }
        examples = compiled([{"expect": {"port": port}, "to": {"be_listening": one}} for one in matchers.values()])
        outcomes = machine.evaluate(Host(), examples)
    assert dict(zip(matchers, [one["status"] for one in outcomes], strict=True)) == statuses


@pytest.mark.parametrize(
    ("entry", "told"),
    [("1 1 * * * /usr/local/bin/backup", "this command, at 15 3 * * *"), ("* * * * * other", "2 other entries")],
)
def test_commands_of_a_crontab_are_not_told_because_they_can_hold_secrets(
    entry: str, told: str, compiled: Compiled, root: Path
) -> None:
    examples = compiled([{"expect": {"cron": "app"}, "to": {"have_entry": entry}}])
    (outcome,) = machine.outcomes(root, {"examples": examples, "host": {}, "change": {}})
    assert outcome["checks"][0]["got"] == told
