# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands on the server: what they leave behind, how long they may take, and what they say about it."""

from __future__ import annotations

import time
import typing as t
from pathlib import Path

import pytest
from unit.plugins.module_utils._spec.server import machine

Compiled = t.Callable[[t.Any], list[dict[str, t.Any]]]


def running(words: str) -> list[str]:
    """The command lines of processes that have these words."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # it has ended meanwhile
    return [line for line in found if words in line]


def has_ended(words: str) -> bool:
    """Whether no process has these words; who was killed needs a moment to go."""
    until = time.monotonic() + 5
    while running(words) and time.monotonic() < until:
        time.sleep(0.02)
    return not running(words)


@pytest.mark.parametrize(("timeout", "nap"), [(0.3, "31.41"), (20, "31.42")])
def test_what_takes_too_long_is_ended_with_all_that_it_started(
    timeout: float, nap: str, compiled: Compiled, root: Path
) -> None:
    subject = {"name": f"sleep {nap} | cat", "timeout": 0.2}
    examples = compiled([{"expect": {"command": subject}, "its": {"exit_status": 0}}])
    (outcome,) = machine.evaluate(machine.host(root), examples, timeout=timeout)
    assert outcome["status"] == "error"
    assert outcome["checks"][0]["got"] == "/bin/sh did not end within 0.2 s"
    assert has_ended(f"sleep {nap}")


def test_the_limit_of_the_example_ends_it_too(compiled: Compiled, root: Path) -> None:
    examples = compiled([{"expect": {"command": "sleep 31.43 | cat"}, "its": {"exit_status": 0}}])
    (outcome,) = machine.evaluate(machine.host(root), examples, timeout=0.2)
    assert outcome["checks"][0]["got"] == "gave up after 0.2 s (option timeout)"
    assert has_ended("sleep 31.43")


def test_a_command_gets_the_time_that_the_spec_gives_it(compiled: Compiled, root: Path) -> None:
    subject = {"name": "sleep 0.4; echo done", "timeout": 5}
    examples = compiled([{"expect": {"command": subject}, "its": {"stdout": "done"}}])
    (outcome,) = machine.evaluate(machine.host(root), examples, timeout=0.1)
    assert outcome["status"] == "passed"


def test_commands_run_side_by_side(compiled: Compiled, root: Path) -> None:
    spec = [{"expect": {"command": f"sleep 0.5; echo {number}"}, "its": {"exit_status": 0}} for number in range(4)]
    begin = time.monotonic()
    outcomes = machine.evaluate(machine.host(root), compiled(spec))
    assert [one["status"] for one in outcomes] == ["passed"] * 4
    assert time.monotonic() - begin < 1.8


def test_output_of_any_bytes_is_text(compiled: Compiled, root: Path) -> None:
    examples = compiled([{"expect": {"command": r"printf 'a\377b'"}, "its": {"stdout": {"have_length": 3}}}])
    (outcome,) = machine.evaluate(machine.host(root), examples)
    assert outcome["status"] == "passed"


def test_commands_do_not_speak_the_language_of_the_user(
    compiled: Compiled, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    examples = compiled([{"expect": {"command": "echo $LC_ALL"}, "its": {"stdout": "C"}}])
    (outcome,) = machine.evaluate(machine.host(root), examples)
    assert outcome["status"] == "passed"


def test_programs_are_found_in_own_folders_first(compiled: Compiled, root: Path) -> None:
    (root / "own").mkdir(exist_ok=True)
    (root / "own" / "uname").write_text("#!/bin/sh\necho mine\n")
    (root / "own" / "uname").chmod(0o755)
    world = machine.Host(root=str(root), search_paths=[str(root / "own")])
    (outcome,) = machine.evaluate(world, compiled([{"expect": {"command": "uname"}, "its": {"stdout": "mine"}}]))
    assert outcome["status"] == "passed"


def test_a_missing_folder_is_told(compiled: Compiled, root: Path) -> None:
    subject = {"argv": ["true"], "cwd": "/none"}
    (outcome,) = machine.evaluate(
        machine.host(root), compiled([{"expect": {"command": subject}, "its": {"exit_status": 0}}])
    )
    assert "/none" in outcome["checks"][0]["got"]
