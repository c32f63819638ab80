# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations of machines, as Ignition itself and systemd judge them."""

from __future__ import annotations

import json
import shutil
import subprocess
import typing as t
from dataclasses import replace
from pathlib import Path

import pytest
from unit.plugins.module_utils._kube.samples import (
    BUCKET,
    CLUSTER,
    PKI,
    RENDERED,
    TOKEN,
    VARIANTS,
    Rendered,
    files,
    render,
    units,
)

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import ignition
from ansible_collections.containerci.aws.plugins.module_utils._kube.ignition import File, Machine, Unit

# Units of Flatcar that ours refer to.
FOREIGN_UNITS = (
    "containerd.service",
    "coreos-metadata.service",
    "kubelet.service",
    "systemd-sysupdate.service",
    "systemd-sysext.service",
)
FOREIGN_PROGRAMS = ("usr/bin/kubectl", "bin/bash", "bin/sh", "bin/touch", "usr/lib/systemd/systemd-sysupdate")
SYSTEM_UNITS = Path("/usr/lib/systemd/system")

everything = pytest.mark.parametrize("rendered", RENDERED.values(), ids=RENDERED)


def needs(program: str, package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not here; install Debian's {package}")


def validate(text: str, tmp_path: Path) -> str:
    """What Ignition has to say: nothing at all if all is well."""
    path = tmp_path / "machine.ign"
    path.write_text(text)
    run = subprocess.run(["ignition-validate", str(path)], capture_output=True, text=True)
    return run.stdout + run.stderr


@needs("ignition-validate", "ignition")
@everything
def test_ignition_accepts_every_configuration_without_a_warning(rendered: Rendered, tmp_path: Path) -> None:
    texts = [text for each in rendered.configurations for text in (each.text, each.user_data(BUCKET))]
    assert [validate(text, tmp_path) for text in texts] == [""] * len(texts)


@needs("ignition-validate", "ignition")
@pytest.mark.parametrize(
    "machine",
    [
        Machine(files=(File("relative", "text"),)),
        Machine(files=(File("/a", url="https://example.com/a", sha256="no hash"),)),
        Machine(units=(Unit("a.service", "[Service]\nExecStart=/bin/true\n", enabled=True),)),
        Machine(units=(Unit("a.service"), Unit("a.service"))),
    ],
)
def test_ignition_would_complain(machine: Machine, tmp_path: Path) -> None:
    assert validate(ignition.render(machine), tmp_path)


def install(rendered: Rendered, root: Path) -> list[Path]:
    """A system with the units and programs of a controller, or of a worker, beside those of Flatcar."""
    folder = root / "etc/systemd/system"
    for target in SYSTEM_UNITS.glob("*.target"):
        write(root / str(target).lstrip("/"), target.read_text())
    written = []
    for name in FOREIGN_UNITS:
        write(folder / name, "[Service]\nExecStart=/bin/sh\n")
    write(folder / "systemd-sysupdate.timer", "[Timer]\nOnCalendar=daily\n")
    for configuration in rendered.configurations:
        for name, unit in units(configuration).items():
            if "contents" in unit:
                written.append(write(folder / name, unit["contents"]))
            for dropin in unit.get("dropins", []):
                write(folder / f"{name}.d" / dropin["name"], dropin["contents"])
                written.append(folder / name)
        for path, file in files(configuration).items():
            if file["mode"] & 0o100:
                write(root / path.lstrip("/"), "#!/bin/sh\n").chmod(0o755)
    for program in FOREIGN_PROGRAMS:
        write(root / program, "#!/bin/sh\n").chmod(0o755)
    return sorted(set(written))


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@needs("systemd-analyze", "systemd")
@everything
def test_systemd_accepts_every_unit(rendered: Rendered, tmp_path: Path) -> None:
    paths = install(rendered, tmp_path)
    assert len(paths) >= 5
    command = ["systemd-analyze", "verify", "--man=no", f"--root={tmp_path}", *map(str, paths)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert (run.stdout + run.stderr, run.returncode) == ("", 0)


@needs("systemd-analyze", "systemd")
@pytest.mark.parametrize(
    ("old", "new"), [("Type=oneshot", "Type=once"), ("Requires=", "Needs="), ("/opt/bin/", "/opt/no/")]
)
def test_systemd_would_complain(old: str, new: str, tmp_path: Path) -> None:
    paths = install(RENDERED["new VPC"], tmp_path)
    unit = next(path for path in paths if path.name == "kubeadm.service")
    unit.write_text(unit.read_text().replace(old, new))
    command = ["systemd-analyze", "verify", "--man=no", f"--root={tmp_path}", str(unit)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.stderr


@everything
def test_shellcheck_accepts_every_script(rendered: Rendered, tmp_path: Path) -> None:
    scripts = []
    for configuration in rendered.configurations:
        for path, file in files(configuration).items():
            if file.get("text", "").startswith("#!"):
                scripts.append(write(tmp_path / configuration.role / Path(path).name, file["text"]))
    assert scripts
    run = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True)
    assert run.stdout == ""


@pytest.mark.parametrize("name", VARIANTS)
def test_the_same_cluster_is_the_same_text(name: str) -> None:
    again = render(VARIANTS[name])
    assert [each.text for each in again.configurations] == [each.text for each in RENDERED[name].configurations]
    assert [each.key for each in again.configurations] == [each.key for each in RENDERED[name].configurations]


def test_the_order_in_which_files_are_given_does_not_matter() -> None:
    parts = File("/a", "1"), File("/b", "2")
    assert ignition.render(Machine(parts)) == ignition.render(Machine(parts[::-1]))


@everything
def test_everything_that_is_downloaded_is_verified(rendered: Rendered) -> None:
    for configuration in rendered.configurations:
        for path, file in files(configuration).items():
            assert "text" in file or file["contents"]["verification"]["hash"].startswith("sha256-"), path


@pytest.mark.parametrize("key", ["sysext_sha256", "ecr_provider_sha256"])
def test_nothing_is_rendered_that_would_not_be_verified(key: str) -> None:
    with pytest.raises(CollectionError, match=r"SHA256 is not set, and the checksum of https://"):
        render(replace(CLUSTER, **{key: ""}))


def test_readable_shows_files_and_no_secret() -> None:
    for configuration in RENDERED["three controllers"].configurations:
        shown: t.Any = ignition.readable(configuration.text)
        text = json.dumps(shown)
        assert not [name for name, pem in PKI.items() if name.endswith(".key") and pem.splitlines()[1] in text]
        assert TOKEN not in text
        assert "<bootstrap token sha256:" in text
        modes = {file["path"]: file["mode"] for file in shown["storage"]["files"]}
        assert modes["/opt/bin/kube-aws-kubeadm"] == "0755"


def test_two_secrets_are_told_apart_and_the_same_one_is_recognised() -> None:
    one, other = (ignition.without_secrets(PKI[name]) for name in ("ca.key", "etcd/ca.key"))
    assert one.startswith("<private key sha256:")
    assert one != other
    assert one == ignition.without_secrets(PKI["ca.key"])
