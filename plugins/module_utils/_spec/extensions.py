# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import types
import typing as t

# What resources of users import has to travel to the target, too: Ansible sends what it sees imported.
from ansible_collections.containerci.aws.plugins.module_utils import spec  # noqa: F401  # pylint: disable=unused-import
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Resource


class Extension(t.NamedTuple):
    """Resources that a user adds: their source travels with the spec, because the target has no such file.

    word is given for an extension that a spec names by the full name of its collection.
    """

    file: str
    source: str
    word: str = ""


def load(extension: Extension) -> list[type[Resource]]:
    """The resources that are defined in the source; raises CollectionError when it cannot be used."""
    module = types.ModuleType(f"spec_resources_{abs(hash(extension.file))}")
    try:
        exec(compile(extension.source, extension.file, "exec"), vars(module))
    except Exception as error:
        raise CollectionError(
            f"The resources of {extension.file} cannot be loaded: {type(error).__name__}: {error}"
        ) from None
    found = [item for item in vars(module).values() if _is_own_resource(item, module.__name__)]
    if not found:
        raise CollectionError(f"{extension.file} defines no resource: a subclass of Resource with a word")
    return found


def _is_own_resource(item: t.Any, module: str) -> bool:
    return isinstance(item, type) and issubclass(item, Resource) and item.__module__ == module and bool(item.word)
