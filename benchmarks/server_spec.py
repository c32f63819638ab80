# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the same 10, 100 and 500 checks of one container take: server_spec beside Serverspec, testinfra and a
loop of Ansible tasks, interleaved in one run, each as a ratio to a playbook with one ping.

scripts/base_image && scripts/run python benchmarks/server_spec.py [ROUNDS]
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import typing as t
import venv
from pathlib import Path

import server_spec_checks as same

ROOT = Path(__file__).resolve().parents[1]
TESTINFRA = ROOT / ".ansible" / "cache" / "testinfra"
BOX = "containerci_benchmark_server_spec"
IMAGE = "containerci/debian-systemd:bookworm"
COUNTS = (10, 100, 500)
LOOP_UP_TO = 100  # 500 rounds of the loop would take minutes
ENVIRONMENT = {
    **os.environ,
    "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".ansible" / "tree"),
    "ANSIBLE_PIPELINING": "1",
    "LC_ALL": "C.UTF-8",
}
INVENTORY = f"{BOX} ansible_connection=community.docker.docker ansible_python_interpreter=/usr/bin/python3\n"
TASKS: dict[str, t.Callable[[list[same.Check]], dict[str, t.Any]]] = {
    "ping": lambda _checks: {"ansible.builtin.ping": {}},
    "server_spec": lambda checks: {
        "containerci.aws.server_spec": {"spec": same.spec(checks), "display": "none", "expected_examples": len(checks)}
    },
    "Ansible loop": lambda checks: {
        "ansible.builtin.shell": "{{ item }}",
        "loop": same.shell(checks),
        "changed_when": False,
    },
}


def run(*command: str, stdin: str = "") -> None:
    done = subprocess.run(command, input=stdin, text=True, capture_output=True, env=ENVIRONMENT, cwd=ROOT)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def start_box() -> None:
    """A Debian with systemd, set up so that it passes all checks."""
    network = (
        "host"
        if subprocess.run(["docker", "network", "inspect", "bridge"], capture_output=True).returncode
        else "bridge"
    )
    needs = ["--cap-add=SYS_ADMIN", "--security-opt=seccomp=unconfined", "--security-opt=apparmor=unconfined"]
    needs += ["--tmpfs=/run", "--tmpfs=/run/lock", "--volume=/sys/fs/cgroup:/sys/fs/cgroup:ro"]
    run("docker", "run", "--detach", f"--name={BOX}", f"--network={network}", *needs, IMAGE)
    run(
        "docker",
        "exec",
        BOX,
        "sh",
        "-c",
        "until systemctl is-system-running | grep -Eq 'running|degraded'; do sleep 1; done",
    )
    run("docker", "exec", BOX, "apt-get", "update", "-qq")
    run("docker", "exec", "-i", BOX, "sh", stdin=same.SERVER)


def install_testinfra() -> None:
    if not (TESTINFRA / "bin" / "pytest").exists():
        venv.create(TESTINFRA, with_pip=True)
        run(str(TESTINFRA / "bin" / "pip"), "install", "--quiet", "pytest-testinfra==10.2.2", "pytest==9.2.0")


def contenders(count: int, folder: Path) -> dict[str, list[str]]:
    """The command of each contender for so many checks, its files written."""
    checks = same.checks(count)
    (folder / "inventory").write_text(INVENTORY)
    found = {}
    for name, task in TASKS.items():
        play = folder / f"{name.replace(' ', '_')}_{count}.yml"
        play.write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [task(checks)]}]))
        found[name] = ["ansible-playbook", "-i", str(folder / "inventory"), str(play)]
    if count > LOOP_UP_TO:
        del found["Ansible loop"]
    ruby = f"/srv/checks_{count}_spec.rb"
    run("docker", "exec", "-i", BOX, "sh", "-c", f"cat >{ruby}", stdin=same.serverspec(checks))
    found["Serverspec (ssh)"] = ["docker", "exec", BOX, "rspec", ruby]
    python = folder / f"test_checks_{count}.py"
    python.write_text(same.testinfra(checks))
    options = ["-q", "-p", "no:cacheprovider", "--rootdir", str(folder), f"--hosts=docker://{BOX}"]
    found["testinfra (docker)"] = [str(TESTINFRA / "bin" / "pytest"), *options, str(python)]
    return found


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    run(*command)
    return time.perf_counter() - start


def measure(rounds: int, folder: Path) -> dict[int, dict[str, float]]:
    """The median time of each contender, by number of checks."""
    commands = {count: contenders(count, folder) for count in COUNTS}
    times: dict[tuple[int, str], list[float]] = {}
    for turn in range(rounds):
        for count in COUNTS:
            for name, command in commands[count].items():
                times.setdefault((count, name), []).append(seconds(command))
                print(f"\rround {turn + 1} of {rounds}: {count} checks, {name}".ljust(70), end="", file=sys.stderr)
    print(file=sys.stderr)
    return {count: {name: statistics.median(times[count, name]) for name in commands[count]} for count in COUNTS}


def main(rounds: int) -> None:
    install_testinfra()
    try:
        start_box()
        with tempfile.TemporaryDirectory() as folder:
            medians = measure(rounds, Path(folder))
    finally:
        subprocess.run(["docker", "rm", "--force", BOX], capture_output=True)
    names = [name for name in medians[COUNTS[0]] if name != "ping"]
    print(f"ratio to a playbook with one ping (median of {rounds}); one ping here: {medians[COUNTS[0]]['ping']:.2f} s")
    print("checks".rjust(8), *(name.rjust(20) for name in names))
    for count, found in medians.items():
        ratios = [f"{found[name] / found['ping']:.2f}" if name in found else "-" for name in names]
        print(str(count).rjust(8), *(ratio.rjust(20) for ratio in ratios))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
