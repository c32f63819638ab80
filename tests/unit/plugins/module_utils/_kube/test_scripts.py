# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scripts of controllers, run in a directory with programs that only note their calls."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import typing as t
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from unit.plugins.module_utils._kube.samples import RENDERED, files

SCRIPTS = files(RENDERED["new VPC"].controllers[0])
CERTIFICATES = ("ca.crt", "apiserver.crt", "front-proxy-ca.crt", "etcd/ca.crt", "etcd/server.crt")


class Machine:
    """A directory that takes the place of the whole system."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def program(self, name: str, text: str) -> None:
        path = self.root / "programs" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/bash\n{text}\n")
        path.chmod(0o755)

    def noted(self, *names: str, then: str = "") -> None:
        for name in names:
            self.program(name, f'echo "{name} $*" >>"$ROOT/calls"\n{then}')

    def run(self, name: str, **replaced: str) -> list[str]:
        """Runs a script, and tells what it has called."""
        (self.root / "calls").write_text("")
        script = SCRIPTS[f"/opt/bin/{name}"]["text"]
        for folder in ("/etc/kubernetes", "/dev/", "/var/lib/"):
            script = script.replace(folder, f"{self.root}{folder}")
        for old, new in replaced.items():
            script = script.replace(old, new)
        environment = {"ROOT": str(self.root), "PATH": f"{self.root}/programs:{os.environ['PATH']}"}
        subprocess.run(["bash", "-c", script], env=environment, check=True, capture_output=True, timeout=20)
        return (self.root / "calls").read_text().replace(str(self.root), "").splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


# Certificates


def certificate(days: int) -> str:
    """One that ends in so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=days))
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not here; install Debian's openssl")
@pytest.mark.parametrize(
    ("ends_soon", "renewed"),
    [
        pytest.param((), False, id="none ends soon"),
        pytest.param(("ca.crt", "etcd/ca.crt", "front-proxy-ca.crt"), False, id="authorities are not renewed here"),
        pytest.param(("apiserver.crt",), True, id="one ends soon"),
        pytest.param(("etcd/server.crt",), True, id="one of etcd ends soon"),
    ],
)
def test_certificates_are_renewed_in_time(machine: Machine, ends_soon: tuple[str, ...], renewed: bool) -> None:
    for name in CERTIFICATES:
        path = machine.root / "etc/kubernetes/pki" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(certificate(29 if name in ends_soon else 31))
    machine.noted("kubeadm")
    machine.noted("crictl", then='[[ $1 != ps ]] || echo "id-of-$4"')
    calls = machine.run("kube-aws-renew-certificates")
    assert calls[:1] == (["kubeadm certs renew all"] if renewed else [])
    stopped = [call for call in calls if call.startswith("crictl stop")]
    components = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
    assert stopped == [f"crictl stop id-of-^{name}$" for name in components if renewed]


# The volume of etcd

DISKS = "dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol"
LABEL = "dev/disk/by-label/etcd"


@pytest.fixture
def disks(machine: Machine) -> t.Callable[[dict[str, str]], list[str]]:
    """Runs the script with disks and what is on them; a disk whose name has part in it is a partition."""

    def run(content: dict[str, str]) -> list[str]:
        for folder in ("dev/disk/by-id", "dev/disk/by-label"):
            (machine.root / folder).mkdir(parents=True, exist_ok=True)
        for name, text in content.items():
            (machine.root / f"{DISKS}{name}").write_text(text)
        machine.program("lsblk", "[[ ${!#} == *part* ]] && echo part || echo disk")
        machine.program("blkid", 'cat "$2"')
        machine.noted("mkfs.ext4", then=f'echo ext4 >"${{!#}}"; touch "$ROOT/{LABEL}"')
        machine.noted("mount")
        machine.noted("udevadm", "mountpoint", then="[[ $0 != *mountpoint ]]")
        calls = machine.run("kube-aws-etcd-volume", **{"-b $": "-e $"})
        return [call for call in calls if call.startswith(("mkfs", "mount "))]

    return run


MOUNT = f"mount /{LABEL} /var/lib/etcd"


def test_a_new_volume_gets_a_file_system_and_nothing_else_does(disks: t.Callable[..., list[str]]) -> None:
    content = {"1": "PTTYPE=gpt", "1-part1": "", "2": "TYPE=xfs", "3": ""}
    assert disks(content) == [f"mkfs.ext4 -q -L etcd /{DISKS}3", MOUNT]


def test_a_volume_with_data_is_only_mounted(disks: t.Callable[..., list[str]], machine: Machine) -> None:
    (machine.root / LABEL).parent.mkdir(parents=True)
    (machine.root / LABEL).touch()
    assert disks({"1": "PTTYPE=gpt", "3": ""}) == [MOUNT]
