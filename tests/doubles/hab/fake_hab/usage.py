# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Texts of help."""

from __future__ import annotations

from fake_hab.grammar import Command


def usage_of(command: Command) -> str:
    words = ["hab", *command.path]
    if any(arg.index is None for arg in command.args):
        words.append("[OPTIONS]")
    for arg in command.positionals:
        word = str(arg) if arg.required else f"[{arg.value_name or arg.id}]"
        words.append(f"{word}..." if arg.is_multiple else word)
    if command.subcommands:
        words.append("<COMMAND>")
    return f"Usage: {' '.join(words)}"


def help_of(command: Command, release: str) -> str:
    options = [arg for arg in command.args if arg.index is None and not arg.hidden]
    lines = [f"{'-'.join(('hab', *command.path))} {release}", "", usage_of(command), ""]
    if command.subcommands:
        lines += ["Commands:", *(f"  {name}" for name in command.subcommands), ""]
    if options:
        lines += ["Options:", *(f"  {', '.join(filter(None, (arg.short, str(arg))))}" for arg in options)]
    return "\n".join(lines)
