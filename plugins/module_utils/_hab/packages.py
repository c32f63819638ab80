# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import (
    Ident,
    compare,
    newest_first,
    parse,
)
from ansible_collections.containerci.aws.plugins.module_utils._hab.runtime import option, switch

Words = list[str]


class Wanted(t.NamedTuple):
    """A package that the task names: its ident, and the file when it comes from one."""

    text: str
    ident: Ident
    hart: str = ""


class Settings(t.NamedTuple):
    """Options that say how packages come and go."""

    state: str = "present"
    channel: str = "stable"
    ignore_install_hook: bool = False
    ignore_uninstall_hook: bool = False
    ignore_local: bool = False
    keep_latest: int | None = None
    exclude: tuple[str, ...] = ()
    no_deps: bool = False


class Step(t.NamedTuple):
    """What is to be done about one package: the commands, and what comes and goes as far as it can be known."""

    wanted: Wanted
    before: tuple[Ident, ...]
    commands: tuple[tuple[str, ...], ...] = ()
    arriving: tuple[Ident, ...] = ()
    leaving: tuple[Ident, ...] = ()

    @property
    def after(self) -> list[Ident]:
        return newest_first((set(self.before) | set(self.arriving)) - set(self.leaving))


def combined(text: str, version: str | None, release: str | None) -> Ident:
    """The ident of a name together with the options version and release."""
    ident = parse(text)
    if release and not version:
        raise HabError(f"release is {release!r}, but there is no version; give both.", "invalid")
    if version and ident.version:
        raise HabError(f"name is {text!r}, which has a version, and version is {version!r}; give one.", "invalid")
    return parse("/".join(filter(None, (*ident, version, release)))) if version else ident


def releases(ident: Ident, installed: t.Iterable[Ident]) -> list[Ident]:
    """The installed releases that the ident accepts, newest first."""
    return newest_first(one for one in installed if ident.accepts(one))


def plan(
    wanted: Wanted,
    installed: t.Sequence[Ident],
    settings: Settings,
    offered: Ident | None = None,
    pending: t.Container[Ident] = (),
) -> Step:
    """What is to be done about a package.

    offered is the newest release of the channel, where it is known. The install hook of those in pending has not
    succeeded yet.
    """
    before = tuple(releases(wanted.ident.package, installed))
    if settings.state == "absent":
        return _plan_absent(wanted, before, settings)
    fitting = releases(wanted.ident, installed)
    newest = fitting[0] if fitting else None
    if newest and newest in pending and not settings.ignore_install_hook:
        return Step(wanted, before, (tuple(_install(str(newest), settings)),))
    if newest and not (settings.state == "latest" and _is_newer(offered, newest)):
        return Step(wanted, before)
    words = tuple(_install(wanted.hart or str(wanted.ident), settings))
    expected = wanted.ident if wanted.ident.is_full else offered
    return Step(wanted, before, (words,), (expected,) if expected else ())


def _is_newer(offered: Ident | None, newest: Ident) -> bool:
    return offered is not None and compare(offered, newest) > 0


def _install(what: str, settings: Settings) -> Words:
    return [
        "pkg",
        "install",
        what,
        *option("channel", settings.channel),
        *switch("ignore-install-hook", settings.ignore_install_hook),
        *switch("ignore-local", settings.ignore_local),
    ]


def _plan_absent(wanted: Wanted, before: tuple[Ident, ...], settings: Settings) -> Step:
    leaving = to_remove(wanted.ident, before, settings)
    if not leaving:
        return Step(wanted, before)
    commands: tuple[tuple[str, ...], ...]
    if wanted.ident == wanted.ident.package and len(leaving) == len(before):
        commands = (tuple(_uninstall(wanted.ident, settings, everything=True)),)
    else:
        commands = tuple(tuple(_uninstall(one, settings)) for one in leaving)
    return Step(wanted, before, commands, leaving=leaving)


def to_remove(ident: Ident, installed: t.Iterable[Ident], settings: Settings) -> tuple[Ident, ...]:
    """The releases to remove, oldest first. Which ones are kept is decided here: hab mistakes versions with letters."""
    excluded = [parse(text, "exclude") for text in settings.exclude]
    candidates = releases(ident, installed)[settings.keep_latest or 0 :]
    return tuple(one for one in reversed(candidates) if not any(entry.accepts(one) for entry in excluded))


def _uninstall(ident: Ident, settings: Settings, everything: bool = False) -> Words:
    return [
        "pkg",
        "uninstall",
        str(ident),
        *option("keep-latest", 0 if everything else None),
        *(word for entry in settings.exclude for word in option("exclude", entry)),
        *switch("no-deps", settings.no_deps),
        *switch("ignore-uninstall-hook", settings.ignore_uninstall_hook),
    ]


def unfinished(step: Step, installed: t.Sequence[Ident], settings: Settings) -> list[Ident]:
    """What the commands of a step did not achieve although they may have said so."""
    if settings.state == "absent":
        return list(to_remove(step.wanted.ident, installed, settings))
    missing = [one for one in step.arriving if not _is_served(one, installed, step.wanted)]
    if not missing and not releases(step.wanted.ident, installed):
        missing = [step.wanted.ident]
    return missing


def _is_served(expected: Ident, installed: t.Sequence[Ident], wanted: Wanted) -> bool:
    """Whether the expected release is there, or a newer one that serves as well."""
    fitting = releases(wanted.ident, installed)
    return bool(fitting) and compare(fitting[0], expected) >= 0
