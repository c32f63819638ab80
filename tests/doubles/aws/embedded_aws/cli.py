# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from .settings import ACCESS_KEY_ID, SECRET_ACCESS_KEY

DEFAULT_PORT = 4566
READY_WITHIN = 60.0
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
    "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}
UNWANTED = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_CA_BUNDLE")


def control(port: int, path: str, data: Any = None, post: bool = False) -> Any:
    """Call the control API; raises OSError when nobody answers."""
    body = json.dumps(data).encode() if data is not None else b"" if post else None
    request = urllib.request.Request(f"http://127.0.0.1:{port}/_embedded-aws/{path}", data=body)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def is_ready(port: int) -> bool:
    try:
        return control(port, "ready")["ready"]
    except (OSError, ValueError, KeyError):
        return False


def server_environment() -> dict[str, str]:
    """The caller's environment without its AWS settings: the server calls itself and nobody else."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "BOTO"))}
    return {**own, **ENVIRONMENT, "PYTHONPATH": str(Path(__file__).resolve().parents[1]), "NO_PROXY": "127.0.0.1"}


def _pid_file(state: Path, port: int) -> Path:
    return state / f"{port}.pid"


def start(state: Path, port: int) -> str:
    if is_ready(port):
        return f"The embedded AWS is running already on http://127.0.0.1:{port}"
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            sys.exit(f"Port {port} is taken by another program; choose one with --port.")
    state.mkdir(parents=True, exist_ok=True)
    log = state / f"{port}.log"
    with log.open("ab") as output:
        command = [sys.executable, "-m", "embedded_aws", "serve", "--port", str(port)]
        process = subprocess.Popen(
            command,
            env=server_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    _pid_file(state, port).write_text(str(process.pid))
    deadline = time.monotonic() + READY_WITHIN
    while not is_ready(port):
        if process.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"The embedded AWS did not start; its log is {log}")
        time.sleep(0.1)
    return f"The embedded AWS is ready on http://127.0.0.1:{port}"


def stop(state: Path, port: int) -> str:
    pid_file = _pid_file(state, port)
    if not pid_file.exists():
        return f"No embedded AWS was started here on port {port}"
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(pid_file.read_text()), signal.SIGTERM)
    pid_file.unlink()
    return f"The embedded AWS on port {port} is stopped"


def show_log(port: int, internal: bool) -> str:
    entries = control(port, "log?internal=1" if internal else "log")
    lines = [
        f"{entry['time'][11:23]} {entry['kind']:5} {entry['status']} {entry['service']}:{entry['operation']}"
        for entry in entries
    ]
    return "\n".join(lines) or "No request yet"


def environment(port: int) -> str:
    exports = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", **ENVIRONMENT}
    lines = [f"export {name}='{value}'" for name, value in exports.items()]
    return "\n".join([*lines, f"unset {' '.join(UNWANTED)}"])


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="embedded_aws", description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "status", "reset", "log", "env", "serve"])
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--state-dir", type=Path, default=Path(".ansible/embedded_aws"))
    parser.add_argument("--internal", action="store_true", help="log: also the calls that one service made to another")
    parser.add_argument("--json", action="store_true", help="log: as JSON, with parameters")
    return parser.parse_args(arguments)


def main() -> None:
    options = parse(sys.argv[1:])
    port = options.port
    try:
        print(_run(options, port))
    except urllib.error.URLError:
        sys.exit(f"No embedded AWS answers on port {port}; start it first.")


def _run(options: argparse.Namespace, port: int) -> str:
    if options.command == "serve":
        from .server import serve

        serve(port)
    if options.command == "start":
        return start(options.state_dir, port)
    if options.command == "stop":
        return stop(options.state_dir, port)
    if options.command == "status":
        return f"The embedded AWS {'is ready' if is_ready(port) else 'does not answer'} on http://127.0.0.1:{port}"
    if options.command == "reset":
        control(port, "reset", post=True)
        return "Everything in the embedded AWS is gone"
    if options.command == "env":
        return environment(port)
    return json.dumps(control(port, "log"), indent=1) if options.json else show_log(port, options.internal)
