# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""hab pkg build and export, hab studio, hab plan."""

from __future__ import annotations

import tarfile
import typing as t
from pathlib import Path

import pytest

PLAN = """
pkg_name=app
pkg_origin=acme
pkg_version="1.2"  # quoted
pkg_deps=(core/glibc)
pkg_bin_dirs=(bin)
pkg_exports=([port]=http.port)
pkg_binds[db]="host port"

do_install() {
    install -D -m 755 app "$pkg_prefix/bin/app"
}
"""


@pytest.fixture
def source(hab: t.Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan that can be built."""
    hab.depot.add_package("core/libc/1/20240101000000")
    hab.depot.add_package("core/glibc/1/20240101000000", deps=["core/libc/1/20240101000000"])
    hab("origin", "key", "generate", "acme")
    folder = tmp_path / "source"
    (folder / "hooks").mkdir(parents=True)
    (folder / "plan.sh").write_text(PLAN)
    (folder / "app").write_text("#!/bin/sh\necho built\n")
    (folder / "default.toml").write_text("[http]\nport = 80\n")
    (folder / "hooks" / "init").write_text("#!/bin/sh\n")
    monkeypatch.chdir(folder)
    return folder


def build(hab: t.Any, *words: object, **rest: t.Any) -> t.Any:
    return hab("pkg", "build", ".", "--keys", "acme", "--refresh-channel", "stable", *words, **rest)


def report(folder: Path, name: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in (folder / "results" / name).read_text().splitlines())


def test_a_build_packs_what_the_plan_installs(hab: t.Any, source: Path) -> None:
    build(hab)
    told = report(source, "last_build.env")
    ident = f"acme/app/1.2/{told['pkg_release']}"
    assert (told["pkg_ident"], told["pkg_target"]) == (ident, "x86_64-linux")
    assert not (source / "results" / "pre_build.env").exists()
    artifact = source / "results" / told["pkg_artifact"]
    assert told["pkg_blake2bsum"] == hab.out("pkg", "hash", artifact).split()[0]
    hab("pkg", "verify", artifact)
    hab.install(artifact)
    assert hab.out("pkg", "exec", "acme/app", "app") == "built\n"
    assert hab.out("pkg", "config", "acme/app") == "[http]\nport = 80\n"
    assert "core/libc/1/20240101000000" in hab.box.installed()
    folder = hab.box.hab / "pkgs" / ident
    assert ((folder / "EXPORTS").read_text(), (folder / "hooks" / "init").exists()) == ("port=http.port\n", True)
    assert "Required Binds:\ndb=host port\n" in hab.out("pkg", "binds", "acme/app")


def test_every_build_is_a_new_release(hab: t.Any, source: Path) -> None:
    build(hab)
    first = report(source, "last_build.env")["pkg_release"]
    build(hab)
    assert report(source, "last_build.env")["pkg_release"] > first
    assert len(list((source / "results").glob("*.hart"))) == 2


@pytest.mark.parametrize(
    ("change", "code", "pre_build"),
    [
        (lambda folder: (folder / "plan.sh").unlink(), 42, False),
        (lambda folder: _second_plan(folder), 42, False),
        (lambda folder: _replace(folder, "core/glibc", "core/nothing"), 31, True),
        (lambda folder: _replace(folder, "pkg_origin=acme", "pkg_origin=other"), 35, True),
        (lambda folder: _replace(folder, "do_install() {", "do_install() { exit 3"), 3, True),
        (lambda folder: _replace(folder, "pkg_version", "pkg_wersion"), 1, False),
        (lambda folder: _replace(folder, "do_install() {", "do_install( {"), 2, False),
    ],
    ids=["no plan", "two plans", "unknown dependency", "no key", "failing callback", "no version", "syntax error"],
)
def test_builds_that_fail(
    hab: t.Any, source: Path, change: t.Callable[[Path], None], code: int, pre_build: bool
) -> None:
    change(source)
    build(hab, code=code)
    assert (source / "results" / "pre_build.env").exists() == pre_build
    assert not (source / "results" / "last_build.env").exists()


def _replace(folder: Path, old: str, new: str) -> None:
    (folder / "plan.sh").write_text(PLAN.replace(old, new))


def _second_plan(folder: Path) -> None:
    (folder / "habitat").mkdir()
    (folder / "habitat" / "plan.sh").write_text(PLAN)


def test_keys_are_looked_for_before_the_build(hab: t.Any, source: Path) -> None:
    hab("pkg", "build", ".", "--keys", "nobody", code=1)
    assert not (source / "results").exists()


def test_the_studio_builds_and_runs(hab: t.Any, source: Path) -> None:
    hab("studio", "-k", "acme", "-f", "stable", "-s", source, "build", ".")
    assert (source / "results" / "last_build.env").exists()
    assert hab.out("studio", "run", "echo one; exit 0") == "one\n"
    hab("studio", "run", "exit 6", code=6)
    hab("studio", "-t", "nonsense", "enter", code=2)
    hab("studio", "-x", code=1)
    hab.box.set(UID="1000")
    hab("studio", "enter", code=9)


def test_the_container_report(hab: t.Any, source: Path) -> None:
    build(hab)
    told = report(source, "last_build.env")
    hab("pkg", "export", "container", f"results/{told['pkg_artifact']}")
    release = told["pkg_release"]
    exported = report(source, "last_container_export.env")
    assert (exported["name"], exported["tags"]) == ("acme/app", f"1.2-{release},1.2,latest")
    assert exported["name_tags"].split(",")[2] == "acme/app:latest"
    assert report(source, "last_docker_export.env") == exported
    hab(
        "pkg", "export", "container", f"results/{told['pkg_artifact']}", "-i", "X/Y", "--tag-latest", "--no-tag-version"
    )
    dropped = report(source, "last_container_export.env")
    assert (dropped["name"], dropped["tags"]) == ("x/y", f"1.2-{release},1.2")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("container acme/app --bogus", 2),
        ("container", 2),
        ("container acme/app --push-image", 2),
        ("container acme/app --registry-type amazon", 2),
        ("container acme/app --engine buildah --multi-layer", 1),
        ("container acme/app --channel stable", 1),
        ("container --help", 0),
        ("tar acme/app acme/app", 2),
    ],
)
def test_the_exporters_have_parsers_of_their_own(hab: t.Any, words: str, code: int) -> None:
    hab("pkg", "export", *words.split(), code=code)


def test_the_tar_of_an_ident_comes_from_the_depot(hab: t.Any, tmp_path: Path) -> None:
    hab.depot.add_package("acme/app/1/20240101000000", bins={"app": "#!/bin/sh\n"})
    hab("pkg", "export", "tar", "acme/app", "--channel", "stable")
    with tarfile.open(tmp_path / "acme-app-1-20240101000000.tar.gz") as archive:
        assert "hab/pkgs/acme/app/1/20240101000000/bin/app" in archive.getnames()


def test_another_exporter_can_be_named(hab: t.Any, tmp_path: Path) -> None:
    script = tmp_path / "exporter"
    script.write_text('#!/bin/sh\necho "own $*"; exit 4\n')
    script.chmod(0o755)
    result = hab("pkg", "export", "container", "a/b", "-x", code=4, HAB_PKG_EXPORT_CONTAINER_BINARY=str(script))
    assert result.stdout == "own a/b -x\n"


def test_templates_are_rendered(hab: t.Any, source: Path) -> None:
    template = (
        "port {{cfg.http.port}}{{#if cfg.tls}} tls{{else}} plain{{/if}}{{#each cfg.names as |n|}} {{n}}{{/each}}\n"
    )
    (source / "app.conf").write_text(template)
    (source / "user.toml").write_text('names = [\n  "a", # first\n  "b",\n]\n')
    hab("plan", "render", "app.conf", "--user-toml", "user.toml")
    assert (source / "results" / "app.conf").read_text() == "port 80 plain a b\n"
    (source / "app.conf").write_text("{{#if cfg.x}}")
    hab("plan", "render", "app.conf", code=101)
