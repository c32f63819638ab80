# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same checks for every contender of server_spec.py, and the server that passes all of them."""

from __future__ import annotations

FILES, USERS, PORTS, SERVICES = 100, 40, 20, 10

#: Makes the server; run once in a fresh box, by sh as root.
SERVER = f"""
set -e
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -qq --no-install-recommends nginx cron openssh-server openssh-client ruby-serverspec >/dev/null
mkdir -p /srv/files ~/.ssh
for n in $(seq 0 {FILES - 1}); do echo "content $n" >/srv/files/f$n; chmod 0640 /srv/files/f$n; done
for n in $(seq 0 {USERS - 1}); do groupadd g$n; useradd -g g$n u$n; done
cat >/srv/listen.py <<'END'
import socket, time
held = [socket.create_server(("0.0.0.0", 9000 + n)) for n in range({PORTS})]
time.sleep(1e9)
END
for n in $(seq 0 {SERVICES - 1}); do
  program='/bin/sleep infinity'
  [ $n != 0 ] || program='/usr/bin/python3 /srv/listen.py'
  printf '[Service]\\nExecStart=%s\\n[Install]\\nWantedBy=multi-user.target\\n' "$program" \\
    >/etc/systemd/system/s$n.service
done
systemctl daemon-reload
systemctl enable --quiet --now $(seq -f s%g.service 0 {SERVICES - 1})
ssh-keygen -q -t ed25519 -N '' -f ~/.ssh/id_ed25519
cp ~/.ssh/id_ed25519.pub ~/.ssh/authorized_keys
systemctl start ssh
"""

Check = tuple[str, ...]


def checks(count: int) -> list[Check]:
    """So many checks, in rounds of ten kinds."""
    kinds = [
        lambda n: ("port", str(9000 + n % PORTS)),
        lambda n: ("package", ("nginx", "cron", "openssh-server", "systemd")[n % 4]),
        lambda n: ("service", f"s{n % SERVICES}"),
        lambda n: ("file", f"/srv/files/f{n % FILES}"),
        lambda n: ("mode", f"/srv/files/f{n % FILES}"),
        lambda n: ("contain", f"/srv/files/f{n % FILES}", f"content {n % FILES}"),
        lambda n: ("user", f"u{n % USERS}"),
        lambda n: ("group", f"g{n % USERS}"),
        lambda n: ("process", ("nginx", "sshd", "cron")[n % 3]),
        lambda n: ("command", f"echo {n}", str(n)),
    ]
    return [kinds[number % len(kinds)](number // len(kinds)) for number in range(count)]


def spec(checks: list[Check]) -> list[dict[str, object]]:
    """As server_spec reads it."""

    def node(kind: str, name: str, value: str = "") -> dict[str, object]:
        matchers: dict[str, object] = {
            "port": {"be_listening": "tcp"},
            "package": "be_installed",
            "service": "be_running",
            "file": "be_file",
            "mode": {"be_mode": "0640"},
            "contain": {"contain": value},
            "process": "be_running",
        }
        if kind == "command":
            return {"expect": {"command": name}, "its": "stdout", "to": {"match": f"^{value}$"}}
        resource = "file" if kind in ("mode", "contain") else kind
        return {"expect": {resource: int(name) if kind == "port" else name}, "to": matchers.get(kind, "exist")}

    return [node(*check) for check in checks]


def serverspec(checks: list[Check]) -> str:
    """As Serverspec reads it, over ssh."""

    def line(kind: str, name: str, value: str = "") -> str:
        expected = {
            "port": f"describe(port({name})) {{ it {{ should be_listening.with('tcp') }} }}",
            "package": f"describe(package('{name}')) {{ it {{ should be_installed }} }}",
            "service": f"describe(service('{name}')) {{ it {{ should be_running }} }}",
            "file": f"describe(file('{name}')) {{ it {{ should be_file }} }}",
            "mode": f"describe(file('{name}')) {{ it {{ should be_mode 640 }} }}",
            "contain": f"describe(file('{name}')) {{ it {{ should contain '{value}' }} }}",
            "user": f"describe(user('{name}')) {{ it {{ should exist }} }}",
            "group": f"describe(group('{name}')) {{ it {{ should exist }} }}",
            "process": f"describe(process('{name}')) {{ it {{ should be_running }} }}",
            "command": f"describe(command('{name}')) {{ its(:stdout) {{ should match(/^{value}$/) }} }}",
        }
        return expected[kind]

    head = (
        "require 'serverspec'\nrequire 'net/ssh'\nset :backend, :ssh\nset :host, 'localhost'\n"
        "set :ssh_options, user: 'root', keys: [File.expand_path('~/.ssh/id_ed25519')], verify_host_key: :never\n"
    )
    return head + "\n".join(line(*check) for check in checks) + "\n"


def testinfra(checks: list[Check]) -> str:
    """As pytest-testinfra reads it."""

    def expression(kind: str, name: str, value: str = "") -> str:
        expected = {
            "port": f"host.socket('tcp://0.0.0.0:{name}').is_listening",
            "package": f"host.package('{name}').is_installed",
            "service": f"host.service('{name}').is_running",
            "file": f"host.file('{name}').is_file",
            "mode": f"host.file('{name}').mode == 0o640",
            "contain": f"host.file('{name}').contains('{value}')",
            "user": f"host.user('{name}').exists",
            "group": f"host.group('{name}').exists",
            "process": f"host.process.filter(comm='{name}')",
            "command": f"host.check_output('{name}') == '{value}'",
        }
        return expected[kind]

    tests = [f"def test_{number}(host):\n    assert {expression(*check)}\n" for number, check in enumerate(checks)]
    return "\n\n".join(tests)


def shell(checks: list[Check]) -> list[str]:
    """As commands of a loop over ansible.builtin.shell."""

    def line(kind: str, name: str, value: str = "") -> str:
        expected = {
            "port": f"ss -tnl4 | grep -q ':{name} '",
            "package": f"dpkg-query -W -f '${{Status}}' {name} | grep -q 'ok installed'",
            "service": f"systemctl is-active --quiet {name}",
            "file": f"test -f {name}",
            "mode": f"test $(stat -c %a {name}) = 640",
            "contain": f"grep -qF '{value}' {name}",
            "user": f"getent passwd {name}",
            "group": f"getent group {name}",
            "process": f"pgrep -x {name}",
            "command": f"test $({name}) = {value}",
        }
        return expected[kind]

    return [line(*check) for check in checks]
