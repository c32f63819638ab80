# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import configparser
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Boolean, ListOf, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.server import file_facts as facts
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.host import Host
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Unsupported,
    Verdict,
    its,
    matcher,
)

YUM = "/etc/yum.repos.d"
APT = "/etc/apt/sources.list"


class Entry(t.NamedTuple):
    """A package repository of a configuration file."""

    names: tuple[str, ...]
    urls: tuple[str, ...]
    enabled: bool


def repositories(host: Host) -> list[Entry]:
    return host.once("repositories", lambda: _read(host))


def _read(host: Host) -> list[Entry]:
    if facts.status(host, YUM):
        return [entry for path in facts.matching(host, f"{YUM}/*.repo") for entry in _yum(host.read(path), path)]
    if not facts.status(host, "/etc/apt"):
        raise Unsupported(f"{host.platform()} has neither yum nor apt")
    one_line = [APT] if facts.status(host, APT) else []
    one_line += facts.matching(host, f"{APT}.d/*.list")
    found = [entry for path in one_line for entry in _one_line(host.read(path), path)]
    blocks = facts.matching(host, f"{APT}.d/*.sources")
    return found + [entry for path in blocks for entry in _deb822(host.read(path), path)]


def _yum(text: str, path: str) -> t.Iterator[Entry]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise CannotTell(f"{path} cannot be read: {str(error).splitlines()[0]}", path) from None
    for name in parser.sections():
        section = parser[name]
        urls = " ".join(section.get(key, "") for key in ("baseurl", "mirrorlist", "metalink")).split()
        yield Entry((name,), tuple(urls), section.get("enabled", "1").strip().lower() in ("1", "true", "yes"))


def _one_line(text: str, path: str) -> t.Iterator[Entry]:
    for line in text.splitlines():
        enabled = not line.lstrip().startswith("#")
        words = _without_options(line.lstrip("# \t")).split()
        if len(words) > 2 and words[0] in ("deb", "deb-src") and ":" in words[1]:
            yield _apt(path, words[1], words[2], words[3:], enabled)


def _without_options(line: str) -> str:
    before, bracket, rest = line.partition("[")
    return before + rest.partition("]")[2] if bracket else line


def _deb822(text: str, path: str) -> t.Iterator[Entry]:
    for block in text.split("\n\n"):
        fields: dict[str, str] = {}
        last = ""
        for line in block.splitlines():
            if line[:1] in (" ", "\t") and last:
                fields[last] += " " + line.strip()
            elif ":" in line and not line.startswith("#"):
                last = line.partition(":")[0].strip().lower()
                fields[last] = line.partition(":")[2].strip()
        enabled = fields.get("enabled", "yes").lower() in ("yes", "true", "1")
        for url in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield _apt(path, url, suite, fields.get("components", "").split(), enabled)


def _apt(path: str, url: str, suite: str, components: list[str], enabled: bool) -> Entry:
    stem = path.rpartition("/")[2].rpartition(".")[0]
    plain = url.rstrip("/")
    names = (stem, plain, f"{plain} {suite}", *(f"{plain} {suite} {component}" for component in components))
    return Entry((*names, plain.partition("://")[2]), (url,), enabled)


class Repository(Resource):
    """A package repository: its id (yum, dnf); for apt its file without ending, its URL, or URL, suite, component."""

    word = "repository"
    aliases = ("yumrepo", "apt_repository")

    @matcher()
    def exist(self) -> Verdict:
        """It is configured."""
        return Verdict(bool(self._found), self._got, self._source)

    @matcher()
    def be_enabled(self) -> Verdict:
        """It is configured and switched on."""
        return Verdict(any(entry.enabled for entry in self._found), self._got, self._source)

    @its(ListOf(Text()))
    def urls(self) -> list[str]:
        """The addresses."""
        return [url for entry in self._need() for url in entry.urls]

    @its(Boolean())
    def enabled(self) -> bool:
        """Whether it is switched on."""
        return any(entry.enabled for entry in self._need())

    @property
    def _source(self) -> str:
        return YUM if facts.status(self.world, YUM) else "/etc/apt"

    @property
    def _found(self) -> list[Entry]:
        name = self.name.rstrip("/")
        return [entry for entry in repositories(self.world) if name in entry.names]

    def _need(self) -> list[Entry]:
        if not self._found:
            raise CannotTell(self._got(), self._source)
        return self._found

    def _got(self) -> str:
        if self._found:
            return "enabled" if any(entry.enabled for entry in self._found) else "disabled"
        known = sorted({entry.names[0] for entry in repositories(self.world)})
        return f"no such repository; there are {listing(known)}"


RESOURCES = (Repository,)
