# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.evaluate import HIDDEN
from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import Fact, Facts, Notes

_WORDS = r"(?:pass(?:word|wd|phrase|code)|(?<![a-z])pass|pwd|secret|token|api[_-]?key|access[_-]?key|credential|auth)"
_SECRET = re.compile(
    "|".join(
        (
            rf"[\w-]*{_WORDS}[\w-]*['\"]?\s*[=:]\s*\S",  # PGPASSWORD=…, "token": "…"
            rf"(?<!\S)-{{1,2}}[\w-]*{_WORDS}[\w-]*\s+\S",  # --api-key …
            r"//[^/\s:@]*:[^/\s@]+@",  # //user:…@host
            r"(?<!\S)(?:-u|--user)[\s=]?[^\s:]+:\S",  # curl -u user:…
            r"\b(?:mysql|mariadb)\S*\s(?:.*\s)?-p\S",  # mysql -p…
            r"\bsshpass\s+-p",
            r"\ba(?:kia|sia)[a-z0-9]{16}\b",  # access keys of AWS
            r"\bhooks\.slack\.com/services/",
        )
    ),
    re.IGNORECASE,
)
#: parts of web addresses that nobody could guess; checksums and the ids of disks look the same
_RANDOM = re.compile(
    r"(?<![\w/])[\w+-]{40,}={0,2}(?![\w/])|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE
)
#: the facts that people write freely, so that they can hold secrets
_FREE = {"cron": ("entry",), "mount": ("device",), "fstab": ("device",), "kernel_parameter": ("value",)}
_NAMED_BY = {"mount": "path", "fstab": "mount_point", "cron": "user"}


def looks_secret(text: str) -> bool:
    """Whether a text looks as if it held a password, a token or a key; random words count only inside of commands."""
    return bool(_SECRET.search(text) or (" " in text and _RANDOM.search(text)))


def without_secrets(outcomes: list[Fact]) -> list[Fact]:
    """The outcomes of examples; what was found instead of the expected can be a whole crontab."""
    for check in (check for outcome in outcomes for check in outcome["checks"]):
        if looks_secret(check.get("got", "")) or looks_secret("\n".join(check.get("diff", ()))):
            check.pop("diff", None)
            check["got"] = HIDDEN
    return outcomes


def publishable(facts: Facts, notes: Notes) -> Facts:
    """The facts without those that look like secrets, and without those that no text can hold."""
    return {resource: [item for item in items if _is_fine(resource, item, notes)] for resource, items in facts.items()}


def _is_fine(resource: str, item: Fact, notes: Notes) -> bool:
    said = resource.replace("_", " ")
    if not all(text.isprintable() for text in _texts(item)):
        notes.add(f"a {said} is left out, because its name or value has characters that cannot be printed")
        return False
    if any(looks_secret(str(item.get(key, ""))) for key in _FREE.get(resource, ())):
        notes.add(f"a line of {said} {item[_NAMED_BY.get(resource, 'name')]} is left out: it may hold a secret")
        return False
    return True


def _texts(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)
