# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""hab_build and hab_export against the double of hab: when there is something to do, and what came of it."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import typing as t
from pathlib import Path

import pytest
from integration.habitat import HabHost

from fake_hab.testing import PROGRAM

PLAN = """\
pkg_name=web
pkg_origin=acme
pkg_version=1.2.0
do_build() { echo "building with ${HAB_STUDIO_SECRET_NPM:-no token} and ${HAB_AUTH_TOKEN:-nothing}"; }
do_install() { mkdir -p "$pkg_prefix/bin"; echo '#!/bin/sh' > "$pkg_prefix/bin/web"; }
"""
TOKEN = "b1der-token"


class Source:
    """A plan on a host that has the key of its origin."""

    def __init__(self, host: HabHost) -> None:
        self.host = host
        self.folder = host.box.folder / "web"
        self.folder.mkdir()
        self.plan = self.folder / "plan.sh"
        self.plan.write_text(PLAN)

    def build(self, **params: t.Any) -> dict[str, t.Any]:
        return self.host.run("hab_build", path=str(self.folder), **{"keys": ["acme"], **params})

    def fails(self, **params: t.Any) -> dict[str, t.Any]:
        return self.host.fails("hab_build", **{"path": str(self.folder), "keys": ["acme"], **params})

    def builds(self) -> int:
        return sum(command.startswith("pkg build") for command in self.host.writes())


@pytest.fixture
def source(host: HabHost) -> Source:
    host.box.set(NOW="20260301000000")
    host.run("hab_origin_key", origin="acme", state="generated")
    return Source(host)


def test_the_source_decides_whether_to_build(source: Source) -> None:
    forecast = source.build(check=True)
    assert (forecast["changed"], forecast["reason"], source.builds()) == (True, "there is no result yet", 0)
    built = source.build()
    artifact = Path(built["artifact"])
    assert (built["changed"], built["rc"], artifact.parent) == (True, 0, source.folder / "results")
    assert built["ident"].startswith("acme/web/1.2.0/20260301")
    assert built["ident"] in built["diff"]["after"]
    assert built["sha256"] == hashlib.sha256(artifact.read_bytes()).hexdigest()
    assert built["blake2b"] == hashlib.blake2b(artifact.read_bytes(), digest_size=32).hexdigest()
    again = source.build()
    assert (again["changed"], again["ident"], source.builds()) == (False, built["ident"], 1)
    (source.folder / "README").write_text("new")
    assert source.build(check=True)["reason"] == "the source is not the one that was built"
    assert source.build()["ident"] != built["ident"]
    assert source.build(refresh_channel="dev", check=True)["changed"]
    assert not source.build()["changed"]
    assert source.builds() == 2


@pytest.mark.parametrize(("rebuild", "changed"), [("always", True), ("never", False)])
def test_the_user_decides_whether_to_build(source: Source, rebuild: str, changed: bool) -> None:
    source.build()
    (source.folder / "README").write_text("new")
    assert source.build(rebuild=rebuild, check=True)["changed"] is changed
    assert source.build(rebuild=rebuild)["changed"] is changed
    assert not source.build(rebuild="always", creates=str(source.plan))["changed"]


def test_results_that_were_changed_are_not_trusted(source: Source) -> None:
    artifact = Path(source.build()["artifact"])
    artifact.write_bytes(b"another")
    assert source.build()["changed"]
    shutil.rmtree(source.folder / "results")
    assert source.build()["changed"]


def test_a_plan_in_a_larger_repository(source: Source) -> None:
    (source.folder / "habitat").mkdir()
    source.plan.rename(source.folder / "habitat" / "plan.sh")
    result = source.host.run("hab_build", path=str(source.folder / "habitat"), src=str(source.folder), keys=["acme"])
    assert result["results_dir"] == str(source.folder / "results")
    command = source.host.writes()[-1]
    assert command.startswith(
        f"pkg build habitat --keys acme --src {source.folder} --cache-key-path {source.host.keys}"
    )


def failing(code: int) -> str:
    return PLAN.replace("do_build() {", f"do_build() {{ exit {code};")


@pytest.mark.parametrize(
    ("plan", "params", "code", "message"),
    [
        (None, {}, "no_plan", "there is no plan, or more than one; look at path"),
        (PLAN + "pkg_deps=(acme/nothing)\n", {}, "dependencies", "a dependency cannot be found"),
        (
            PLAN,
            {"keys": ["other"]},
            "no_signing_key",
            "has no secret key of the origin other; import it with hab_origin",
        ),
        (PLAN.replace("=acme", "=other"), {}, "no_signing_key", "the secret key of the origin is missing"),
        (failing(7), {}, "failed", "failed with exit code 7"),
        (PLAN, {"secrets": {"NPM": "a b"}}, "invalid", "The value of NPM in secrets is empty or has blanks"),
        (PLAN, {"path": "/nowhere"}, "no_plan", "path is '/nowhere', and there is no such directory"),
        (PLAN, {"src": "/usr"}, "invalid", "which is not below src, '/usr'"),
    ],
)
def test_why_a_build_fails(source: Source, plan: str | None, params: dict[str, t.Any], code: str, message: str) -> None:
    source.plan.unlink()
    if plan:
        source.plan.write_text(plan)
    failed = source.fails(**params)
    assert failed["error_code"] == code
    assert message in failed["msg"]
    assert "results_dir" not in failed


def test_a_failed_build_is_tried_again(source: Source) -> None:
    built = source.build()
    source.plan.write_text(failing(7))
    source.fails()
    source.plan.write_text(PLAN)
    assert source.build()["ident"] == built["ident"]


def test_a_build_that_made_nothing_is_a_failure(source: Source) -> None:
    source.build()
    script = source.host.box.executable
    script.write_text(script.read_text().replace("exec ", 'test "$2" != build || exit 0\nexec '))
    failed = source.fails(rebuild="always")
    assert (failed["error_code"], "hab said that it built" in failed["msg"]) == ("results", True)


def test_a_studio_gets_no_token_unless_it_has_to(source: Source) -> None:
    (source.folder / "plan.sh").write_text(PLAN + 'do_check() { echo "$HAB_AUTH_TOKEN"; exit 9; }\n')
    plain = source.fails(auth_token=TOKEN)
    assert "building with no token and nothing" in plain["stdout"]
    exposed = source.fails(auth_token=TOKEN, expose_token=True, secrets={"NPM": "npm-s3cret"})
    assert "building with ******** and ********" in exposed["stdout"]
    assert "in the list of processes" in str(exposed["warnings"])
    assert source.host.box.places_of(TOKEN) == []


# hab_export


class Exporter:
    def __init__(self, host: HabHost, ident: str, hart: Path) -> None:
        self.host = host
        self.ident = ident
        self.hart = hart
        self.dest = host.box.folder / "export"

    def run(self, source: str = "", **params: t.Any) -> dict[str, t.Any]:
        return self.host.run("hab_export", source=source or str(self.hart), dest=str(self.dest), **params)

    def fails(self, source: str = "", **params: t.Any) -> dict[str, t.Any]:
        return self.host.fails("hab_export", source=source or str(self.hart), dest=str(self.dest), **params)

    def exports(self) -> list[str]:
        return [command for command in self.host.writes() if command.startswith("pkg export")]


@pytest.fixture
def exporter(host: HabHost) -> Exporter:
    """A package as a file and in the depot, and engines in PATH."""
    ident = "acme/web/1.2.0/20260301000000"
    hart = host.box.folder / "web.hart"
    hart.write_bytes(host.depot.add_package(ident).read_bytes())
    tools = host.box.folder / "tools"
    tools.mkdir()
    for name in ("docker", "buildah"):
        shutil.copy(PROGRAM.parent / "container_engine", tools / name)
    host.environment["PATH"] = f"{tools}:{host.environment['PATH']}"
    return Exporter(host, ident, hart)


@pytest.mark.parametrize("engine", ["docker", "buildah"])
def test_an_image_is_made_once_and_tagged(exporter: Exporter, engine: str) -> None:
    forecast = exporter.run(engine=engine, check=True)
    assert (forecast["changed"], forecast["image_id"], exporter.exports()) == (True, "", [])
    result = exporter.run(engine=engine)
    assert (result["image"], result["ident"]) == ("acme/web:1.2.0-20260301000000", exporter.ident)
    assert result["image_id"].startswith("sha256:")
    assert not exporter.run(engine=engine)["changed"]
    assert exporter.run(engine=engine, tags=["tested"], check=True)["changed"]
    tagged = exporter.run(engine=engine, tags=["tested"])
    assert tagged["tags"] == ["acme/web:1.2.0-20260301000000", "acme/web:tested"]
    assert f"acme/web:tested: {result['image_id']}" in tagged["diff"]["after"]
    assert not exporter.run(engine=engine, tags=["tested"])["changed"]
    (command,) = exporter.exports()
    url = exporter.host.url
    assert command == (
        f"pkg export container {exporter.hart} --image-name acme/web --engine {engine} --url {url} --channel stable "
        f"--base-pkgs-url {url} --base-pkgs-channel base"
    )


def test_a_name_is_completed_with_the_channel(exporter: Exporter) -> None:
    assert exporter.run("acme/web", image_name="registry.example.com/web")["ident"] == exporter.ident
    assert exporter.exports()[0].startswith(
        f"pkg export container {exporter.ident} --image-name registry.example.com/web"
    )
    exporter.host.depot.add_package("acme/web/1.10.0/20260101000000")
    assert exporter.run("acme/web", check=True)["ident"] == "acme/web/1.10.0/20260101000000"


def test_an_archive_is_made_once(exporter: Exporter) -> None:
    archive = exporter.dest / "acme-web-1.2.0-20260301000000.tar.gz"
    assert exporter.run(type="tar", check=True)["archive"] == str(archive)
    assert not exporter.dest.exists()
    assert exporter.run(type="tar", with_hab=False)["changed"]
    assert tarfile.is_tarfile(archive)
    assert list(exporter.dest.iterdir()) == [archive]
    assert not exporter.run(type="tar")["changed"]


@pytest.mark.parametrize(
    ("source", "params", "code", "message"),
    [
        ("acme/nothing", {}, "not_found", "The channel stable has no release of acme/nothing"),
        ("/nowhere.hart", {}, "not_found", "source is '/nowhere.hart', and there is no such file"),
        ("", {"image_name": "Web"}, "invalid", "image_name is 'Web'; lower-case letters"),
        ("", {"tags": ["a b"]}, "invalid", "tags has 'a b'"),
        ("", {"engine": "buildah", "multi_layer": True}, "invalid", "multi_layer is true, which buildah cannot do"),
    ],
)
def test_what_cannot_be_exported(
    exporter: Exporter, source: str, params: dict[str, t.Any], code: str, message: str
) -> None:
    failed = exporter.fails(source, **params)
    assert failed["error_code"] == code
    assert message in failed["msg"]
    assert exporter.exports() == []


def test_an_engine_that_cannot_be_asked(exporter: Exporter) -> None:
    (exporter.host.box.folder / "engine-is-down").touch()
    failed = exporter.fails()
    assert (failed["error_code"], "Cannot connect to the Docker daemon" in failed["msg"]) == ("engine", True)
    exporter.host.environment["PATH"] = "/nowhere"
    assert "The program docker was not found in PATH" in exporter.fails()["msg"]


def test_an_export_that_made_no_image_is_a_failure(exporter: Exporter) -> None:
    script = exporter.host.box.executable
    script.write_text(script.read_text().replace("exec ", 'test "$2" != export || exit 0\nexec '))
    assert exporter.fails()["error_code"] == "results"
    assert exporter.fails(type="tar")["error_code"] == "results"
