# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The double of docker: it runs the hook of a package for real, and refuses what it does not know."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("docker")
RELEASE = "20260101000000"
RUN = (
    "run --detach --name {} --label app=one --env HAB_LICENSE=accept-no-persist --publish 127.0.0.1::8080 acme/app:1.0-"
)
FILES = {
    "default.toml": "port = 8080\n",
    "config/greeting.txt": "hello from {{pkg.name}}",
    "hooks/run": "cd {{pkg.svc_config_path}}; exec python3 -m http.server --bind 127.0.0.1 {{cfg.port}}\n",
}
Docker = Callable[[str], subprocess.CompletedProcess[str]]


def hart() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:xz") as archive:
        for name, text in FILES.items():
            member = tarfile.TarInfo(f"hab/pkgs/acme/app/1.0/{RELEASE}/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return b"HART-1\nkey\nBLAKE2b\nseal\n\n" + stream.getvalue()


@pytest.fixture
def docker(tmp_path: Path) -> Docker:
    package = tmp_path / "harts" / "execution" / "package"
    package.mkdir(parents=True)
    (package / f"acme-app-1.0-{RELEASE}-x86_64-linux.hart").write_bytes(hart())
    places = {"DOCKER_DOUBLE_ROOT": str(tmp_path / "root"), "DOCKER_DOUBLE_HARTS": str(tmp_path / "harts")}

    def run(line: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(PROGRAM), *line.split()]
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", **places}
        return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=30, check=False)

    return run


def answer(url: str) -> str:
    deadline = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(url) as found:
                return str(found.read().decode())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_a_container_is_the_hook_of_its_package_and_goes_by_its_label(docker: Docker) -> None:
    started = docker(RUN.format("web") + RELEASE)
    identifier = started.stdout.strip()
    assert started.returncode == 0, started.stderr
    try:
        address = docker("port web 8080/tcp").stdout.strip()
        assert answer(f"http://{address}/greeting.txt") == "hello from app"
        assert docker("ps --all --quiet --filter label=app=two").stdout.strip() == ""
        assert docker("ps --all --quiet --filter label=app=one").stdout.strip() == identifier
        assert "is already in use" in docker(RUN.format("web") + RELEASE).stderr
        assert "No public port" in docker("port web 80/tcp").stderr
    finally:
        docker(f"rm --force {identifier}")
    assert "No such container" in docker("logs web").stderr
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"http://{address}/", timeout=2)


@pytest.mark.parametrize(
    "line",
    [
        "images",
        "rm --force --volumes x",
        "rm x",
        "run --detach acme/app:1.0-" + RELEASE,
        RUN.format("web").replace("--env HAB_LICENSE=accept-no-persist ", "") + RELEASE,
        RUN.format("web").replace("127.0.0.1::", "0.0.0.0::") + RELEASE,
        "ps --all",
    ],
)
def test_what_it_does_not_know_is_refused(docker: Docker, line: str) -> None:
    done = docker(line)
    assert done.returncode == 1
    assert "is not known here" in done.stderr or "No such container" in done.stderr


def test_an_image_that_nothing_was_exported_from_is_not_found(docker: Docker) -> None:
    assert "Unable to find image" in docker(RUN.format("web") + "20990101000000").stderr
