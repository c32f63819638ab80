# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The packages on this computer: the tree /hab/pkgs and the cache of artifacts."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import typing as t
from pathlib import Path

from fake_hab.context import Context
from fake_hab.failure import Failure
from fake_hab.hart import Hart
from fake_hab.idents import Ident, listing_key, newest_key

_TEMPORARY = ".hab-pkg-install"


class Package:
    """An installed package."""

    def __init__(self, ident: Ident, path: Path) -> None:
        self.ident = ident
        self.path = path

    def text(self, name: str) -> str | None:
        file = self.path / name
        return file.read_text().strip() if file.is_file() else None

    def idents(self, name: str) -> list[Ident]:
        return [Ident.parse(line) for line in (self.text(name) or "").splitlines()]

    def variables(self) -> dict[str, str]:
        lines = (self.text("RUNTIME_ENVIRONMENT") or "").splitlines()
        return dict(line.split("=", 1) for line in lines)


class Store:
    def __init__(self, context: Context) -> None:
        self._target = context.target
        self._link_root = context.link_root
        self.root = context.root
        self.folder = context.hab / "pkgs"
        self.cache = context.hab / "cache" / "artifacts"

    def installed(self, wanted: Ident | None = None, origin: str | None = None) -> list[Ident]:
        """The installed packages in the order of `hab pkg list`."""
        if wanted is None and origin is None and not self.folder.is_dir():
            raise Failure("No such file or directory (os error 2)")
        words = wanted or ((origin,) if origin is not None else ())
        pattern = [word if word is not None else "*" for word in words] + ["*"] * (4 - len(words))
        if "" in pattern or ".." in pattern:
            return []
        found = [self._ident(path) for path in self.folder.glob("/".join(pattern))]
        return sorted((ident for ident in found if ident is not None), key=listing_key)

    def _ident(self, path: Path) -> Ident | None:
        hidden = any(part.startswith(_TEMPORARY) for part in path.parts)
        target = path / "TARGET"
        if hidden or not target.is_file() or target.read_text().strip() != self._target:
            return None
        return Ident(*path.parts[-4:])

    def find(self, wanted: Ident) -> Package | None:
        """The newest package that satisfies the ident."""
        found = sorted(self.installed(wanted), key=newest_key)
        return Package(found[-1], self.path(found[-1])) if found else None

    def load(self, wanted: Ident) -> Package:
        package = self.find(wanted)
        if package is None:
            kind = "Cannot find package" if wanted.is_full else "Cannot find a release of package"
            raise Failure(f"{kind}: {wanted}")
        return package

    def path(self, ident: Ident) -> Path:
        return self.folder.joinpath(*filter(None, ident))

    def linked(self, path: str) -> str:
        """A path of a metafile as links and environments have it."""
        return self._link_root + path

    def cached(self, ident: Ident) -> Path:
        return self.cache / ident.artifact_name(self._target)

    def keep(self, ident: Ident, data: bytes) -> Path:
        """Put an artifact into the cache."""
        self.cache.mkdir(parents=True, exist_ok=True)
        path = self.cached(ident)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.write_bytes(data)
        temporary.chmod(0o644)
        temporary.replace(path)
        return path

    def unpack(self, artifact: Hart, patience: float) -> None:
        """Unpack beside the final place and rename, as the real tool does; two at once race for the rename."""
        final = self.path(artifact.ident)
        final.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{_TEMPORARY}-{final.name}", dir=final.parent) as folder:
            new = Path(folder) / "new"
            new.mkdir(mode=0o755)
            for name, file in artifact.files.items():
                path = new / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.content)
                path.chmod(file.mode)
            self._rename(new, final, artifact.ident, patience)

    def _rename(self, new: Path, final: Path, ident: Ident, patience: float) -> None:
        deadline = time.monotonic() + patience
        while True:
            try:
                new.rename(final)
                return
            except OSError as error:
                if self.find(ident) is not None:
                    return
                if time.monotonic() > deadline:
                    raise Failure(f"Failed to rename {new} to {final} after retrying for {patience} seconds") from error
                time.sleep(0.5)

    def remove(self, ident: Ident) -> None:
        path = self.path(ident)
        shutil.rmtree(path)
        for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
            if any(folder.iterdir()):
                break
            folder.rmdir()

    def graph(self) -> dict[Ident, list[Ident]]:
        """Every installed package with its direct dependencies that are installed."""
        installed = self.installed() if self.folder.is_dir() else []
        return {
            ident: [dep for dep in Package(ident, self.path(ident)).idents("DEPS") if dep in installed]
            for ident in installed
        }


def dependants(graph: t.Mapping[Ident, t.Sequence[Ident]], ident: Ident) -> list[Ident]:
    return [other for other, deps in graph.items() if ident in deps]


def transitive(graph: t.Mapping[Ident, t.Sequence[Ident]], ident: Ident) -> list[Ident]:
    """All dependencies, each after those that need it."""
    order: list[Ident] = []

    def visit(current: Ident) -> None:
        for dep in graph.get(current, ()):
            if dep not in order:
                visit(dep)
                order.append(dep)

    visit(ident)
    return order[::-1]
