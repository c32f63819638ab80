# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab studio: its own parser of options, and no chroot."""

from __future__ import annotations

import getopt
import subprocess
from pathlib import Path

from fake_hab.commands import build
from fake_hab.context import Context
from fake_hab.failure import Failure
from fake_hab.grammar import Grammar
from fake_hab.parser import Parsed, parse

_OPTIONS = "nNMa:c:f:k:r:s:t:D:vqVh"
_TYPES = ("default", "baseimage", "busybox", "stage1", "bare", "bootstrap")


def studio(context: Context, parsed: Parsed) -> int:
    try:
        found, words = getopt.getopt(parsed.all("args"), _OPTIONS)
    except getopt.GetoptError as error:
        raise Failure(f"ERROR: {error}") from error
    options = dict(found)
    command = "version" if "-V" in options else "help" if "-h" in options or not words else words[0]
    if command in ("version", "help"):
        context.ui.line(f"hab-studio {context.release}")
        return 0
    if options.get("-t", "default") not in _TYPES:
        raise Failure(f"ERROR: unknown studio type {options['-t']}", 2)
    if not context.is_root:
        raise Failure("ERROR: Insufficient user privileges, hab-studio requires root.", 9)
    return _command(context, options, command, words[1:])


def _command(context: Context, options: dict[str, str], command: str, words: list[str]) -> int:
    if command in ("new", "rm", "enter"):
        context.ui.line(f"   hab-studio: {command} (the double has no studios)")
        return 0
    if command == "run":
        source = Path(options.get("-s", "."))
        return subprocess.run(["bash", "-c", " ".join(words)], cwd=source, env=context.environment).returncode
    if command == "build":
        return _build(context, options, [word for word in words if word != "-R"])
    raise Failure(f"ERROR: Invalid argument {command}")


def _build(context: Context, options: dict[str, str], words: list[str]) -> int:
    """The same as `hab pkg build`, with the options under their names there."""
    argv = ["pkg", "build", *words]
    for origin in filter(None, options.get("-k", "").split(",")):
        argv += ["--keys", origin]
    for option, name in (("-s", "--src"), ("-f", "--refresh-channel")):
        argv += [f"{name}={options[option]}"] if option in options else []
    return build.build(context, parse(Grammar.load(), argv, context.environment))
