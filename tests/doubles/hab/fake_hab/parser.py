# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Reads a command line as clap 4 does; the verdict is that of the real parser, also in its odd corners."""

from __future__ import annotations

import dataclasses
import typing as t

from fake_hab.grammar import Arg, Command, Grammar
from fake_hab.matches import DEFAULT, ENVIRONMENT, LINE, Matches
from fake_hab.refusal import Refusal, ShowHelp, ShowVersion
from fake_hab.validation import validate
from fake_hab.values import check_value

Environment = t.Mapping[str, str]


@dataclasses.dataclass
class Parsed:
    """An accepted command line: the sub-command and the values of its options."""

    command: Command
    matches: Matches

    @property
    def path(self) -> str:
        return " ".join(self.command.path)

    def one(self, name: str) -> str | None:
        values = self.matches.values(name)
        return values[-1] if values else None

    def text(self, name: str) -> str:
        value = self.one(name)
        assert value is not None, f"{self.path} has no {name}"
        return value

    def all(self, name: str) -> list[str]:
        return self.matches.values(name)

    def flag(self, name: str) -> bool:
        return self.one(name) == "true"

    def given(self, name: str) -> bool:
        """Whether the command line has it; the environment and defaults do not count."""
        return self.matches.is_on_line(name)


def parse(grammar: Grammar, words: t.Sequence[str], environment: Environment) -> Parsed:
    """The parsed words, without the name of the program. Raises Refusal, ShowHelp or ShowVersion."""
    path: list[str] = []
    rest = list(words)
    while True:
        reader = _Reader(grammar, grammar.command(path), environment)
        name = reader.read(rest)
        if name is None:
            return Parsed(reader.command, reader.matches)
        path.append(name)
        rest = reader.rest


def parse_program(grammar: Grammar, name: str, words: t.Sequence[str], environment: Environment) -> Parsed:
    """The same for a program that hab starts."""
    reader = _Reader(grammar, grammar.program(name), environment)
    reader.read(list(words))
    return Parsed(reader.command, reader.matches)


@dataclasses.dataclass
class _Pending:
    arg: Arg
    values: list[str]


class _Reader:
    """Reads the words of one command, up to the name of a sub-command."""

    def __init__(self, grammar: Grammar, command: Command, environment: Environment) -> None:
        self.command = command
        self.matches = Matches(command)
        self.rest: list[str] = []
        self._grammar = grammar
        self._environment = environment
        self._pending: _Pending | None = None
        self._open: Arg | None = None  # what a following word may still belong to
        self._open_option = False
        self._only_values = False
        self._next_index = 1

    def read(self, words: list[str]) -> str | None:
        """The sub-command that the rest of the words is for; None when the words are complete."""
        self.rest = words
        while self.rest:
            word = self.rest.pop(0)
            if not self._only_values:
                if self._open is None and word in self.command.subcommands:
                    if word == "help":
                        self._help(self.rest)
                    return word
                if self._as_option(word):
                    continue
                if self._open_option:
                    self._value_of_option(word)
                    continue
            self._positional(word)
        self._finish()
        return None

    def _help(self, words: list[str]) -> t.NoReturn:
        path = list(self.command.path)
        for word in words:
            known = () if path[-1:] == ["help"] else self._grammar.command(path).subcommands
            if word not in known:
                raise Refusal("InvalidSubcommand", f"The subcommand '{word}' wasn't recognized", self.command)
            path.append(word)
        raise ShowHelp(self.command if path[-1:] == ["help"] else self._grammar.command(path))

    def _as_option(self, word: str) -> bool:
        """Whether the word was `--` or an option; values that look like options are told apart here."""
        if word == "--":
            if self._open is not None and self._open.hyphens:
                return False
            self._only_values = True
            return True
        if word.startswith("--"):
            return self._long(word[2:])
        if word.startswith("-") and word != "-":
            return self._short(word[1:])
        return False

    def _hyphens_expected(self) -> bool:
        positional = self.command.by_index(self._next_index)
        return positional is not None and positional.hyphens

    def _long(self, word: str) -> bool:
        if self._open is not None and self._open.hyphens:
            return False
        name, equals, value = word.partition("=")
        arg = self.command.by_long(name)
        if arg is None:
            if self._hyphens_expected():
                return False
            raise self._unknown(f"--{name}")
        if arg.takes_value:
            self._option(arg, value if equals else None)
        elif equals:
            raise Refusal(
                "TooManyValues", f"unexpected value '{value}' for '{arg}' found; no more were expected", self.command
            )
        else:
            self._switch(arg)
        return True

    def _short(self, letters: str) -> bool:
        if self._open is not None and self._open.hyphens:
            return False
        if self._hyphens_expected() and any(self.command.by_short(letter) is None for letter in letters):
            return False
        for position, letter in enumerate(letters):
            arg = self.command.by_short(letter)
            if arg is None:
                raise self._unknown(f"-{letter}")
            if arg.takes_value:
                value = letters[position + 1 :]
                self._option(arg, value[1:] if value.startswith("=") else value or None)
                return True
            self._switch(arg)
        return True

    def _unknown(self, word: str) -> Refusal:
        return Refusal("UnknownArgument", f"unexpected argument '{word}' found", self.command)

    def _switch(self, arg: Arg) -> None:
        self._close()
        if arg.action == "help":
            raise ShowHelp(self.command)
        if arg.action == "version":
            raise ShowVersion(self.command)
        self._store(arg, ["true"], LINE)
        self._open, self._open_option = None, False

    def _option(self, arg: Arg, attached: str | None) -> None:
        self._close()
        if attached is None:
            self._pending = _Pending(arg, [])
            self._open, self._open_option = arg, True
        else:
            self._take(arg, [attached])
            self._open, self._open_option = None, False

    def _value_of_option(self, word: str) -> None:
        assert self._pending is not None
        self._pending.values.append(word)
        if not self._pending.arg.accepts_more(len(self._pending.values)):
            self._open, self._open_option = None, False

    def _positional(self, word: str) -> None:
        arg = self.command.by_index(self._next_index)
        if arg is None:
            names = self.command.subcommands
            kind = "InvalidSubcommand" if names and word not in names else "UnknownArgument"
            raise Refusal(kind, f"unexpected argument '{word}' found", self.command)
        if arg.trailing:
            self._only_values = True
        if self._pending is None or self._pending.arg is not arg or not arg.several_values:
            self._close()
        if self._pending is None:
            self._pending = _Pending(arg, [])
        self._pending.values.append(word)
        self._open, self._open_option = (arg if arg.is_multiple else None), False
        if not arg.is_multiple:
            self._next_index += 1

    def _close(self) -> None:
        """Store the values that were collected for an argument."""
        pending, self._pending = self._pending, None
        if pending is not None:
            self._take(pending.arg, pending.values)

    def _take(self, arg: Arg, values: list[str]) -> None:
        self._check_count(arg, len(values))
        if not values and arg.default_missing is not None:
            values = [arg.default_missing]
        self._store(arg, values, LINE)

    def _check_count(self, arg: Arg, count: int) -> None:
        if arg.least > 0 and count == 0:
            raise Refusal("InvalidValue", f"a value is required for '{arg}' but none was supplied", self.command)
        if arg.least == arg.most and count != arg.most:
            raise Refusal("WrongNumberOfValues", f"{arg.most} values required for '{arg}', got {count}", self.command)
        if count < arg.least:
            raise Refusal("TooFewValues", f"{arg.least} more values required by '{arg}'", self.command)
        if arg.most is not None and count > arg.most:
            raise Refusal("TooManyValues", f"too many values for '{arg}' found", self.command)

    def _store(self, arg: Arg, values: list[str], source: str) -> None:
        if arg.delimiter is not None:
            values = [part for value in values for part in value.split(arg.delimiter)]
        if arg.action != "append" and self.matches.has(arg.id):
            raise Refusal("ArgumentConflict", f"the argument '{arg}' cannot be used multiple times", self.command)
        if arg.takes_value:
            for value in values:
                check_value(self.command, arg, value)
        self.matches.add(arg, values, source)

    def _finish(self) -> None:
        self._close()
        for arg in self.command.args:
            value = self._environment.get(arg.env) if arg.env else None
            if value is not None and not self.matches.has(arg.id):
                self._store(arg, [value], ENVIRONMENT)
        for arg in self.command.args:
            if arg.default is not None and not self.matches.has(arg.id):
                self._store(arg, [arg.default], DEFAULT)
        validate(self.command, self.matches)
