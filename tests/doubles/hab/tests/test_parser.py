# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The double accepts and refuses what the real parser accepts and refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fake_hab.grammar import CONTRACT, Grammar
from fake_hab.parser import parse, parse_program
from fake_hab.refusal import Refusal, ShowHelp, ShowVersion
from fake_hab.testing import PROGRAM

GRAMMAR = Grammar.load()
EXIT = {"OK": 0, "DisplayHelp": 0, "DisplayVersion": 0}


def cases(name: str) -> list[dict[str, t.Any]]:
    return t.cast("list[dict[str, t.Any]]", json.loads((CONTRACT / name).read_text())["cases"])


def verdict(words: t.Sequence[str], environment: t.Mapping[str, str] | None = None, program: str = "hab") -> str:
    try:
        if program == "hab":
            parse(GRAMMAR, words, environment or {})
        else:
            parse_program(GRAMMAR, program, words, environment or {})
    except Refusal as refusal:
        return refusal.kind
    except ShowHelp:
        return "DisplayHelp"
    except ShowVersion:
        return "DisplayVersion"
    return "OK"


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Path]:
    """The files that the cases name."""
    meta = json.loads((CONTRACT / "more-cases.json").read_text())["meta"]
    place = tmp_path_factory.mktemp("cases")
    for name, text in meta["files"].items():
        (place / name).write_text(text)
    for name in meta["directories"]:
        (place / name).mkdir()
    before = Path.cwd()
    os.chdir(place)
    yield place
    os.chdir(before)


@pytest.mark.parametrize("case", cases("hab-cli-cases.json"), ids=lambda case: " ".join(case["argv"]))
def test_cases_of_the_contract(case: dict[str, t.Any], folder: Path) -> None:
    words = [word.replace("/tmp/f.hart", "f.hart") for word in case["argv"]]
    assert verdict(words) == case["outcome"]
    assert EXIT.get(case["outcome"], 2) == case["exit"]


def test_verdicts_of_clap_for_other_command_lines() -> None:
    wrong = [
        (case, found)
        for case in cases("more-cases.json")
        for found in [verdict(case["argv"], case.get("environment"), case.get("program", "hab"))]
        if found != case["outcome"]
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("pkg list -a", 0),
        ("pkg list x", 0),  # crashes only when it runs
        ("pkg list", 2),
        ("pkg install core/redis --auth", 2),
        ("pkg install core/redis --auth x", 0),
        ("pkg build .", 0),
        ("svc load core/redis", 0),
        ("sup --version", 0),
        ("studio enter -x", 0),
        ("pkg export container --bogus", 0),
    ],
)
def test_only_parsing_stops_after_the_parser(words: str, code: int, tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HAB_STUB_PARSE_ONLY": "1", "HAB_STUB_ROOT": str(tmp_path)}
    result = subprocess.run(
        [sys.executable, str(PROGRAM), *words.split()], env=environment, stdin=subprocess.DEVNULL, capture_output=True
    )
    assert result.returncode == code
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "out", "err"),
    [("pkg -h", True, False), ("pkg install --help", True, False), ("pkg install", False, True)],
)
def test_help_goes_to_stderr_when_words_are_missing(words: str, out: bool, err: bool) -> None:
    environment = {"PATH": os.environ["PATH"], "HAB_LICENSE": "accept-no-persist"}
    result = subprocess.run(
        [sys.executable, str(PROGRAM), *words.split()], env=environment, capture_output=True, text=True, check=False
    )
    assert ("Usage: hab pkg" in result.stdout, "Usage: hab pkg" in result.stderr) == (out, err)


OPTIONS = [
    (path.split(), arg, good)
    for path in GRAMMAR.paths()
    for arg in GRAMMAR.command(path.split()).args
    for good in [{"channel": "stable", "path": "/x", "string": "x", "origin": "acme", "usize": "3"}.get(arg.type)]
    if arg.takes_value and arg.long and arg.index is None and good is not None and arg.most == 1
]


@pytest.mark.parametrize(("path", "arg", "value"), OPTIONS, ids=lambda part: str(part))
def test_every_option_takes_its_value_in_all_forms(path: list[str], arg: t.Any, value: str) -> None:
    forms = [[arg.long, value], [f"{arg.long}={value}"]]
    if arg.short:
        forms += [[arg.short, value], [f"{arg.short}{value}"], [f"{arg.short}={value}"]]
    assert len({verdict([*path, *form]) for form in forms}) == 1
    twice = verdict([*path, *forms[0], *forms[-1]])
    assert (twice == "ArgumentConflict") == (arg.action == "set")
    assert verdict([*path, arg.long, "-h"]) in ("InvalidValue", "UnknownArgument")


WORDS = st.sampled_from(
    ["--", "-", "", "-h", "-V", "--channel", "-c", "-bf", "core/redis", "a/b/c/d", "stable", "--bind", "help", "a:b.c"]
) | st.text(max_size=5)


@given(st.sampled_from(GRAMMAR.paths()), st.lists(WORDS, max_size=6))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_words_have_a_verdict(path: str, words: list[str]) -> None:
    assert verdict([*path.split(), *words])


@given(st.lists(st.sampled_from(["--channel", "-b", "-x", "--help", "core/redis"]), min_size=1, max_size=4))
def test_nothing_is_an_option_after_two_dashes(words: list[str]) -> None:
    expected = "OK" if set(words) == {"core/redis"} else "ValueValidation"
    assert verdict(["pkg", "install", "--", *words]) == expected


@given(st.integers(min_value=-(2**70), max_value=2**70))
@settings(max_examples=200)
def test_numbers_have_the_range_of_their_type(number: int) -> None:
    for name, bits in (("--health-check-interval", 64), ("--shutdown-timeout", 32)):
        for text in (str(number), f"+{number}" if number >= 0 else str(number), f"{number:025d}"):
            expected = "OK" if 0 <= number < 2**bits else "ValueValidation"
            assert verdict(["svc", "load", "a/b", f"{name}={text}"]) == expected
