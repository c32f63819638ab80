# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""What lies in the folder of a package."""

from __future__ import annotations

import dataclasses
import typing as t

from fake_hab.hart import File, checksum
from fake_hab.idents import Ident


@dataclasses.dataclass
class Contents:
    """A package to be made; `bins` and `hooks` are texts of scripts."""

    ident: Ident
    target: str = "x86_64-linux"
    deps: t.Sequence[Ident] = ()
    tdeps: t.Sequence[Ident] = ()
    bins: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    hooks: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    default_toml: str = ""
    files: t.Mapping[str, File] = dataclasses.field(default_factory=dict)
    metafiles: t.Mapping[str, str] = dataclasses.field(default_factory=dict)


def files_of(contents: Contents) -> dict[str, File]:
    """All files of the package, with the metafiles that have content."""
    folder = f"/hab/pkgs/{contents.ident}"
    texts = {
        "IDENT": str(contents.ident),
        "TARGET": contents.target,
        "DEPS": _lines(contents.deps),
        "TDEPS": _lines(contents.tdeps),
        "MANIFEST": f"# {contents.ident.origin} / {contents.ident.name}\n",
        "PATH": f"{folder}/bin" if contents.bins else "",
        "RUNTIME_PATH": _runtime_path(contents, folder),
        "RUNTIME_ENVIRONMENT": _environment(contents, folder),
        "SVC_USER": "hab",
        "SVC_GROUP": "hab",
        "default.toml": contents.default_toml,
        **contents.metafiles,
    }
    files = {name: File((text.rstrip("\n") + "\n").encode()) for name, text in texts.items() if text}
    files.update({f"bin/{name}": File(script.encode(), 0o755) for name, script in contents.bins.items()})
    files.update({f"hooks/{name}": File(script.encode(), 0o755) for name, script in contents.hooks.items()})
    files.update(contents.files)
    sums = "".join(f"{checksum(file.content)}  {folder}/{name}\n" for name, file in sorted(files.items()))
    files["FILES"] = File(sums.encode())
    return files


def _lines(idents: t.Sequence[Ident]) -> str:
    return "\n".join(map(str, idents))


def _runtime_path(contents: Contents, folder: str) -> str:
    own = [f"{folder}/bin"] if contents.bins else []
    return ":".join(own + [f"/hab/pkgs/{dep}/bin" for dep in contents.tdeps])


def _environment(contents: Contents, folder: str) -> str:
    path = _runtime_path(contents, folder)
    return f"PATH={path}" if path else ""
