# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import importlib.util
import os
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._spec.extensions import Extension, load
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Resource, Vocabulary

_FULL_NAME = re.compile(r"([a-z_][a-z0-9_]*)\.([a-z_][a-z0-9_]*)\.([a-z_][a-z0-9_]*)")


class ExtendedVocabulary(Vocabulary):
    """A vocabulary with the resources of users: those of given folders, and those of collections by full name.

    used lists the extensions, because their source has to travel to the target.
    """

    def __init__(self, basis: Vocabulary, folders: t.Sequence[str]) -> None:
        super().__init__(values=basis.values)
        self.resources = dict(basis.resources)
        self.used: list[Extension] = []
        for folder in folders:
            self._add_folder(folder)

    def __contains__(self, word: object) -> bool:
        if word in self.resources:
            return True
        name = _FULL_NAME.fullmatch(word) if isinstance(word, str) else None
        return bool(name) and self._add_from_collection(*t.cast("re.Match[str]", name).groups())

    def __getitem__(self, word: str) -> type[Resource]:
        return self.resources[word]

    def _add_folder(self, folder: str) -> None:
        try:
            names = sorted(name for name in os.listdir(folder) if name.endswith(".py") and name != "__init__.py")
        except OSError as error:
            raise CollectionError(f"The folder {folder} of resource_paths cannot be read: {error.strerror}") from None
        for name in names:
            self._use(os.path.join(folder, name), "")

    def _add_from_collection(self, namespace: str, collection: str, name: str) -> bool:
        package = f"ansible_collections.{namespace}.{collection}.plugins.module_utils.spec_resources"
        try:
            found = importlib.util.find_spec(f"{package}.{name}")
        except ImportError:
            return False
        if not found or not found.origin:
            return False
        self._use(found.origin, f"{namespace}.{collection}.{name}")
        return True

    def _use(self, path: str, word: str) -> None:
        with open(path, encoding="utf-8") as stream:
            extension = Extension(path, stream.read(), word)
        for resource in load(extension):
            self.add(resource, word)
        self.used.append(extension)
