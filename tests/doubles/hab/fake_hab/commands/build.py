# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab pkg build: the plan is read by a real bash and its callbacks run, but nothing is isolated or resolved deeply."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

from fake_hab import hart, remote
from fake_hab.context import Context
from fake_hab.depot import Refused
from fake_hab.failure import Failure
from fake_hab.hart import File
from fake_hab.idents import Ident
from fake_hab.keys import Key, KeyCache
from fake_hab.packages import Contents, files_of
from fake_hab.parser import Parsed
from fake_hab.store import Store

_SCRIPT = Path(__file__).resolve().parent.parent / "plan_build.sh"
_MAPS = {"pkg_exports": "EXPORTS", "pkg_binds": "BINDS", "pkg_binds_optional": "BINDS_OPTIONAL"}
NO_PLAN, NO_KEY, NO_DEPENDENCY = 42, 35, 31


@dataclasses.dataclass
class Plan:
    """What plan.sh says."""

    folder: Path
    texts: dict[str, str]
    maps: dict[str, list[str]]

    def words(self, name: str) -> list[str]:
        return self.texts.get(name, "").split()


def build(context: Context, parsed: Parsed) -> int:
    if parsed.flag("NATIVE_PACKAGE"):
        raise Failure("`--native-package` is only available when `HAB_FEAT_NATIVE_PACKAGE_SUPPORT` is set")
    cache = KeyCache(context.key_cache(parsed.one("cache_key_path")))
    origins = _split_old(context, parsed.all("HAB_ORIGIN_KEYS"))
    for origin in origins:
        cache.latest("secret", origin)
    source = Path(parsed.one("SRC_PATH") or ".").resolve()
    channel = parsed.one("REFRESH_CHANNEL") or context.variable("HAB_REFRESH_CHANNEL") or context.default_channel
    return Build(context, parsed, cache, origins, source, channel).run(parsed.text("PLAN_CONTEXT"))


def _split_old(context: Context, names: list[str]) -> list[str]:
    return [part for name in names for part in name.split(",")] if context.is_old else names


@dataclasses.dataclass
class Build:
    context: Context
    parsed: Parsed
    keys: KeyCache
    origins: list[str]
    source: Path
    channel: str

    def run(self, plan_context: str) -> int:
        plan_file = self._find_plan(plan_context)
        with tempfile.TemporaryDirectory() as folder:
            plan = self._read(plan_file, Path(folder), only_read=True)
            ident = self._ident(plan)
            before = self._write_report("pre_build.env", ident, plan, {})
            key = self._signing_key(ident.origin)
            deps = dict(map(self._resolve, plan.words("pkg_deps")))
            self._read(plan_file, Path(folder), only_read=False)
            data = self._pack(ident, plan, deps, Path(folder) / "prefix", key)
            self._write_results(ident, plan, data)
            before.unlink()
        return 0

    def _find_plan(self, plan_context: str) -> Path:
        folder = self.source / plan_context
        places = (folder / self.context.target, folder / "habitat" / self.context.target, folder, folder / "habitat")
        found = [place / "plan.sh" for place in places if (place / "plan.sh").is_file()]
        if len(found) != 1:
            problem = "A plan file was not found" if not found else "Places with a plan file are ambiguous"
            raise Failure(f"ERROR: {problem} at {folder}", NO_PLAN)
        return found[0]

    def _read(self, plan_file: Path, folder: Path, only_read: bool) -> Plan:
        """Run the plan; the second time with its callbacks."""
        prefix, answers = folder / "prefix", folder / "answers"
        prefix.mkdir(exist_ok=True)
        environment = {**self.context.environment, "FAKE_HAB_ONLY_READ": "1" if only_read else "0"}
        result = subprocess.run(
            ["bash", str(_SCRIPT), str(plan_file), str(prefix), str(answers)],
            cwd=self.source,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
        if result.returncode:
            raise Failure(f"ERROR: the plan {plan_file} failed", result.returncode)
        pairs = [line.split("=", 1) for line in answers.read_text().splitlines()]
        maps = {name: [value for other, value in pairs if other == name] for name in _MAPS}
        return Plan(plan_file.parent, {name: value for name, value in pairs if name not in _MAPS}, maps)

    def _ident(self, plan: Plan) -> Ident:
        for name in ("pkg_name", "pkg_origin", "pkg_version"):
            if not plan.texts[name]:
                raise Failure(f"ERROR: Failed to build. '{name}' must be set.", 1)
        texts = plan.texts
        return Ident(texts["pkg_origin"], texts["pkg_name"], texts["pkg_version"], self.context.now())

    def _signing_key(self, origin: str) -> Key:
        try:
            return self.keys.latest("secret", origin)
        except Failure as failure:
            raise Failure(f"ERROR: {failure}", NO_KEY) from failure

    def _resolve(self, name: str) -> tuple[Ident, list[Ident]]:
        """The newest installed release, or the one of the refresh channel, and all that it needs."""
        wanted = Ident.parse(name)
        package = Store(self.context).find(wanted)
        if package is not None:
            return package.ident, package.idents("TDEPS")
        try:
            depot = remote.depot_of(self.context, self.parsed)
            found = depot.latest(wanted, self.channel, self.context.target, self.context.token(None))
        except (Refused, Failure) as error:
            raise Failure(f"ERROR: Resolving '{wanted}' failed, should this be built first?", NO_DEPENDENCY) from error
        return Ident(**found["ident"]), [Ident(**dep) for dep in found["tdeps"]]

    def _pack(self, ident: Ident, plan: Plan, deps: dict[Ident, list[Ident]], prefix: Path, key: Key) -> bytes:
        files = _files_below(prefix)
        for name in ("hooks", "config"):
            files.update({f"{name}/{part}": file for part, file in _files_below(plan.folder / name).items()})
        default = plan.folder / "default.toml"
        folder = f"/hab/pkgs/{ident}"
        path = ":".join(f"{folder}/{name}" for name in plan.words("pkg_bin_dirs"))
        metafiles = {
            "SVC_USER": plan.texts["pkg_svc_user"] or "hab",
            "SVC_GROUP": plan.texts["pkg_svc_group"] or "hab",
            **{metafile: "\n".join(plan.maps[name]) for name, metafile in _MAPS.items()},
            "run": plan.texts["pkg_svc_run"],
            "BUILD_DEPS": "\n".join(plan.words("pkg_build_deps")),
            "PATH": path,
            "RUNTIME_PATH": path,
            "RUNTIME_ENVIRONMENT": f"PATH={path}" if path else "",
        }
        contents = Contents(
            ident,
            self.context.target,
            deps=list(deps),
            tdeps=list(dict.fromkeys([*deps, *(dep for below in deps.values() for dep in below)])),
            default_toml=default.read_text() if default.is_file() else "",
            files=files,
            metafiles=metafiles,
        )
        return hart.seal(hart.pack(ident, files_of(contents)), key)

    def _write_results(self, ident: Ident, plan: Plan, data: bytes) -> None:
        results = self.source / "results"
        path = results / ident.artifact_name(self.context.target)
        path.write_bytes(data)
        Store(self.context).keep(ident, data)
        sums = {
            "pkg_artifact": path.name,
            "pkg_sha256sum": hashlib.sha256(data).hexdigest(),
            "pkg_blake2bsum": hart.checksum(data),
        }
        self._write_report("last_build.env", ident, plan, sums)
        self.context.ui.line(f"   {ident.name}: Artifact: {path}")
        self.context.ui.line(f"   {ident.name}: I love it when a plan.sh comes together.")

    def _write_report(self, name: str, ident: Ident, plan: Plan, sums: dict[str, str]) -> Path:
        path = self.source / "results" / name
        path.parent.mkdir(exist_ok=True)
        values = {
            "pkg_origin": ident.origin,
            "pkg_name": ident.name,
            "pkg_version": str(ident.version),
            "pkg_release": str(ident.release),
            "pkg_target": self.context.target,
            "pkg_ident": str(ident),
            **sums,
        }
        path.write_text("".join(f"{key}={value}\n" for key, value in values.items()))
        return path


def _files_below(folder: Path) -> dict[str, File]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): File(path.read_bytes(), os.stat(path).st_mode & 0o777) for path in found}
