# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Number, Unfit, kind_of
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import SYNTAX, Place, Problems
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.subjects import Subject

COMMON_KEYS = ("tags", "skip", "pending", "eventually", "sensitive", "severity", "meta", "id")
SEVERITIES = ("low", "medium", "high", "critical")


@dataclasses.dataclass(frozen=True)
class Around:
    """What a node has from the groups around it."""

    titles: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    subject: Subject | None = None
    tags: tuple[str, ...] = ()
    skip: str | None = None
    pending: str | None = None
    eventually: dict[str, float] | None = None
    sensitive: bool = False
    severity: str | None = None
    meta: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    region: str | None = None


class AroundReader:
    """Reads the keys that every node can have, and that its children inherit; what is wrong goes to problems."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def read(self, node: dict[t.Any, t.Any], around: Around, place: Place) -> Around:
        changes: dict[str, t.Any] = {}
        if node.get("tags") is not None:
            changes["tags"] = tuple(dict.fromkeys([*around.tags, *self._tags(node["tags"], place.below("tags"))]))
        for key, without_reason in (("skip", "skipped"), ("pending", "expected to fail")):
            reason = self._reason(node.get(key), key, without_reason, place.below(key))
            if reason:
                changes[key] = reason
        if node.get("eventually") is not None:
            changes["eventually"] = self.eventually(node["eventually"], place.below("eventually"))
        if node.get("sensitive") is not None:
            changes["sensitive"] = self._flag(node["sensitive"], place.below("sensitive"))
        if node.get("severity") is not None:
            changes["severity"] = self._severity(node["severity"], place.below("severity"))
        if node.get("meta") is not None:
            changes["meta"] = {**around.meta, **self._meta(node["meta"], place.below("meta"))}
        if node.get("region") is not None:
            changes["region"] = str(node["region"])
        return dataclasses.replace(around, **changes)

    def _tags(self, written: t.Any, place: Place) -> list[str]:
        tags = written.split(",") if isinstance(written, str) else written
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            self._problems.add(SYNTAX, f"tags is a list of texts, got {kind_of(written)}", place, written)
            return []
        return [tag.strip() for tag in tags if tag.strip()]

    def _reason(self, written: t.Any, key: str, without_reason: str, place: Place) -> str | None:
        # Templates without native types write booleans as text.
        if written is None or written is False or (isinstance(written, str) and written.lower() in ("", "false", "no")):
            return None
        if written is True or (isinstance(written, str) and written.lower() in ("true", "yes")):
            return without_reason
        if not isinstance(written, str):
            self._problems.add(SYNTAX, f"{key} is true, false or a reason, got {kind_of(written)}", place, written)
            return None
        return str(written)

    def eventually(self, written: t.Any, place: Place) -> dict[str, float] | None:
        given = written if isinstance(written, dict) else {"timeout": written}
        unknown = [key for key in given if key not in ("timeout", "delay")]
        try:
            if unknown:
                raise Unfit(f"there is no '{unknown[0]}' (keys: timeout, delay)")
            times = {key: float(Number().check(value)) for key, value in given.items()}
            if any(seconds <= 0 for seconds in times.values()):
                raise Unfit("times are seconds above 0")
        except Unfit as error:
            self._problems.add("MatcherArgumentError", f"eventually: {error}", place, written)
            return None
        return {"timeout": times.get("timeout", 30.0), "delay": times.get("delay", 1.0)}

    def _flag(self, written: t.Any, place: Place) -> bool:
        if isinstance(written, str) and written.lower() in ("true", "false"):
            return written.lower() == "true"
        if not isinstance(written, bool):
            self._problems.add(SYNTAX, f"sensitive is true or false, got {kind_of(written)}", place, written)
        return bool(written)

    def _severity(self, written: t.Any, place: Place) -> str | None:
        if written not in SEVERITIES:
            message = f"severity is one of {listing(SEVERITIES)}, got {kind_of(written)}"
            self._problems.add(SYNTAX, message, place, written)
            return None
        return str(written)

    def _meta(self, written: t.Any, place: Place) -> dict[str, t.Any]:
        if not isinstance(written, dict):
            self._problems.add(SYNTAX, f"meta is a map, got {kind_of(written)}", place, written)
            return {}
        return {str(key): value for key, value in written.items()}
