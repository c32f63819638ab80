# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import glob
import os
import typing as t

from ansible.parsing.dataloader import DataLoader

from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import SYNTAX, Place, Problems
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.source import Document, lines_of

FOLDERS = ("spec", "files", "")
_ENDINGS = (".yml", ".yaml")

Template = t.Callable[[t.Any, t.Mapping[str, t.Any]], t.Any]


class SpecFiles:
    """Finds and reads spec files as Ansible finds files: in the role, then in the playbook."""

    def __init__(
        self, loader: DataLoader, search_path: t.Sequence[str], template: Template, problems: Problems
    ) -> None:
        self._loader = loader
        self._search_path = search_path
        self._template = template
        self._problems = problems
        self._open: list[str] = []

    def documents(self, sources: t.Any, place: Place, variables: t.Mapping[str, t.Any] | None = None) -> list[Document]:
        """The documents of files, folders and patterns."""
        found = []
        for source in sources if isinstance(sources, list) else [sources]:
            paths = self._find(str(source), place)
            if not paths:
                where = ", ".join(dict.fromkeys(self._places(str(source), place)))
                self._problems.add(SYNTAX, f"no spec file {source} was found in {where}", place, source)
            found += [document for path in paths for document in self._read(path, place, variables or {})]
        return found

    def include(self, sources: t.Any, variables: t.Mapping[str, t.Any], place: Place) -> t.Iterator[Document]:
        """Like documents(), but files that include each other are refused while they are read."""
        for document in self.documents(sources, place, variables):
            path = str(document.place.file)
            if path in self._open or path == place.file:
                self._problems.add(SYNTAX, f"{path} includes itself", place, path)
                continue
            self._open.append(path)
            yield document
            self._open.pop()

    def _places(self, source: str, place: Place) -> t.Iterator[str]:
        source = os.path.expanduser(source)
        if os.path.isabs(source):
            yield source
            return
        if place.file:
            yield os.path.join(os.path.dirname(place.file), source)
        for base in self._search_path:
            for folder in FOLDERS:
                yield os.path.join(base, folder, source)

    def _find(self, source: str, place: Place) -> list[str]:
        for candidate in self._places(source, place):
            if os.path.isdir(candidate):
                return sorted(entry.path for entry in os.scandir(candidate) if entry.name.endswith(_ENDINGS))
            found = sorted(glob.glob(candidate)) if glob.has_magic(candidate) else [candidate]
            if any(map(os.path.isfile, found)):
                return found
        return []

    def _read(self, path: str, place: Place, variables: t.Mapping[str, t.Any]) -> list[Document]:
        try:
            with open(self._loader.get_real_file(path), encoding="utf-8") as stream:
                text = stream.read()
        except (OSError, UnicodeDecodeError) as error:
            self._problems.add(SYNTAX, f"{path} cannot be read: {error}", place, path)
            return []
        before = len(self._problems.found)
        lines = lines_of(text, path, self._problems)
        if lines is None or len(self._problems.found) > before:
            return []
        return [Document(self._template(self._load(path), variables), Place(path, lines))]

    def _load(self, path: str) -> t.Any:
        try:
            return self._loader.load_from_file(path, cache="none", trusted_as_template=True)
        except TypeError:  # before ansible-core 2.19 everything is trusted
            return self._loader.load_from_file(path, cache="none")
