# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""One run of the double, in the order of the real tool: licence, parser, command. Every run is recorded."""

from __future__ import annotations

import os
import signal
import sys
import types
import typing as t

from fake_hab import faults, legacy, licence, strict
from fake_hab.context import Context
from fake_hab.failure import Failure, Panic
from fake_hab.grammar import Grammar
from fake_hab.parser import Parsed, parse
from fake_hab.record import Record
from fake_hab.refusal import HELP_BECAUSE_EMPTY, Refusal, ShowHelp, ShowVersion
from fake_hab.usage import help_of, usage_of


def main(words: t.Sequence[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        t.cast("t.Any", stream).reconfigure(encoding="utf-8", errors="surrogateescape")
    context = Context.create(words, os.environ)
    record = Record(context)

    def stop(number: int, _frame: types.FrameType | None) -> t.NoReturn:
        record.write(128 + number)
        os._exit(128 + number)

    signal.signal(signal.SIGTERM, stop)
    code = _guarded(context)
    record.write(code)
    return code


def _guarded(context: Context) -> int:
    try:
        return _run(context)
    except Failure as failure:
        context.ui.fatal(str(failure))
        return failure.code
    except licence.Quit:
        return 0
    except Panic as panic:
        context.ui.error_line(
            f"thread 'main' panicked at {panic}\nnote: run with `RUST_BACKTRACE=1` environment variable"
        )
        return 101
    except BrokenPipeError:
        return 1


def _run(context: Context) -> int:
    only_parse = context.setting("PARSE_ONLY") == "1"
    if not only_parse:
        licence.check(context)
    try:
        parsed = parse(Grammar.load(context.is_old), _words(context), context.environment)
    except Refusal as refusal:
        _show_refusal(context, refusal)
        return 2
    except ShowHelp as wanted:
        context.ui.line(help_of(wanted.command, context.release))
        return 0
    except ShowVersion as wanted:
        context.ui.line(f"{'-'.join(('hab', *wanted.command.path))} {context.release}")
        return 0
    return 0 if only_parse else _execute(context, parsed)


def _words(context: Context) -> list[str]:
    """The words of the command line; those of 1.6 may be aliases, which it complains about."""
    words = legacy.expand(context.words) if context.is_old else context.words
    if words != context.words:
        context.ui.warn(f"'hab {context.words[0]}' is deprecated: use 'hab {' '.join(words[:2])}'")
    return words


def _execute(context: Context, parsed: Parsed) -> int:
    complaint = strict.complaint(context, parsed)
    if complaint:
        context.ui.error_line(f"error: the strict double refuses this: {complaint}")
        return 2
    faults.apply(context, parsed.path)
    from fake_hab.commands.table import COMMANDS  # not needed, and not loaded, by a run that only parses

    command = COMMANDS.get(parsed.path)
    if command is None:
        raise Failure(f"the double does not do 'hab {parsed.path}'", 70)
    return command(context, parsed) or 0


def _show_refusal(context: Context, refusal: Refusal) -> None:
    if refusal.kind == HELP_BECAUSE_EMPTY:
        context.ui.error_line(help_of(refusal.command, context.release))
        return
    context.ui.error_line(f"error: {refusal}\n\n{usage_of(refusal.command)}\n\nFor more information try '--help'")
