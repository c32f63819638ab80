# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each matcher and property of each resource of a server: passes, fails, cannot be measured, and all three negated.

The tables are in the folder matrix: a case is the name of a subject, the argument of the matcher, and what is changed
on the machine. Where nothing can prevent the measurement, the table says why. What needs a real system is in the
scenario server_spec.
"""

from __future__ import annotations

import collections
import json
import os
import re
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
import yaml
from unit.plugins.module_utils._spec.server import machine

from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY

TESTS = Path(__file__).parents[5]
TEXT = "\n".join(path.read_text() for path in sorted((Path(__file__).parent / "matrix").glob("*.yml")))
CHANGES = {"without", "broken", "files", "netlink", "resolver", "attributes", "host"}
ROWS = [(resource, title, row) for resource, rows in yaml.safe_load(TEXT).items() for title, row in rows.items()]
IN_THE_SCENARIO = {(resource, title) for resource, title, row in ROWS if row == "scenario"}
SCENARIO = TESTS.parent / "molecule" / "server_spec"
CASES = [
    (resource, title, outcome)
    for resource, title, row in ROWS
    for outcome in ("passes", "fails", "error")
    if row != "scenario" and isinstance(row[outcome], list)
]
STATUSES = {"passes": ["passed", "failed"], "fails": ["failed", "passed"], "error": ["error", "error"]}
# TLS needs certificates: test_http.py makes some.
PARAMETERS_ELSEWHERE = {("http", name) for name in ("validate_certs", "ca_path", "client_cert", "client_key")}


class Case(t.NamedTuple):
    """A case of the table: its node without to, the matcher, and how the machine differs."""

    node: dict[str, t.Any]
    matcher: t.Any
    change: dict[str, t.Any]


def case(rows: dict[str, t.Any], resource: str, title: str, outcome: str) -> Case:
    name, *rest = rows[resource][title][outcome]
    change = rest.pop() if rest and isinstance(rest[-1], dict) and set(rest[-1]) <= CHANGES else {}
    word, is_property = _word(title)
    subject = resource if name is None else {resource: name}
    if is_property:
        return Case({"expect": subject, "its": word}, rest[0], change)
    return Case({"expect": subject}, {word: rest[0]} if rest else word, change)


def _word(title: str) -> tuple[str, bool]:
    """The matcher, or the path of a property, that a row is about."""
    plain = title.partition(",")[0]
    return plain.removeprefix("its ").strip("'"), plain.startswith("its ")


@pytest.fixture(scope="session")
def rows(root: Path, site: str, closed_port: int) -> dict[str, t.Any]:
    """The tables with what differs from run to run filled in."""
    values = {
        "url": site,
        "open_port": site.rpartition(":")[2],
        "closed_port": closed_port,
        "tools": root / "tools",
        "uid": os.getuid(),
        "gid": os.getgid(),
        "owner": "tester" if os.getuid() else "root",
        "group": "tester" if os.getuid() else "root",
    }
    return yaml.safe_load(re.sub(r"<(\w+)>", lambda found: str(values[found[1]]), TEXT))


@pytest.fixture(scope="session")
def read(rows: dict[str, t.Any], compiled: t.Callable[[t.Any], list[dict[str, t.Any]]]) -> t.Callable[..., t.Any]:
    """Reads a case of the table: the example as it stands, and the same negated."""

    def reader(resource: str, title: str, outcome: str) -> dict[str, t.Any]:
        told = case(rows, resource, title, outcome)
        change = dict(told.change)
        examples = compiled([{**told.node, key: told.matcher} for key in ("to", "not_to")])
        return {"examples": examples, "host": change.pop("host", {}), "change": change}

    return reader


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATRIX", "here")


@pytest.mark.parametrize(("resource", "title", "outcome"), CASES)
def test_outcome(resource: str, title: str, outcome: str, read: t.Callable[..., t.Any], root: Path) -> None:
    found = machine.outcomes(root, read(resource, title, outcome))
    assert [one["status"] for one in found] == STATUSES[outcome], found
    told = [one["checks"][0]["got"] for one in found if one["status"] in ("failed", "error")]
    assert all(told), "a failure or an error has to say what was found"
    assert not any(re.match(r"\w*(Error|Exception): ", text) for text in told), told


def test_every_matcher_and_property_has_a_row() -> None:
    rows = {(resource, _word(title)) for resource, title, _row in ROWS}
    first_steps = {(resource, (re.split(r"[.\[]", word)[0], of)) for resource, (word, of) in rows}
    needed = {
        (resource.word, word)
        for resource in VOCABULARY.resources.values()
        for word in [*((name, False) for name in resource.matchers), *((name, True) for name in resource.properties)]
    }
    assert needed - first_steps == set()
    known = {(word, step) for word, step in first_steps if not VOCABULARY[word].free_properties}
    assert known - needed == set()
    assert {resource.word for resource in VOCABULARY.resources.values()} == {resource for resource, *_rest in ROWS}


def test_what_needs_a_real_system_is_in_the_scenario(compiled: t.Callable[..., t.Any]) -> None:
    shown: dict[tuple[str, str], set[str]] = collections.defaultdict(set)
    for file in (SCENARIO / "spec").glob("*.yml"):
        for example in compiled(file.read_text()):
            for check in example["checks"]:
                title = f"its {check['property']}" if check["property"] else check["matcher"]["word"]
                shown[check["resource"], title].add(example["meta"].get("outcome", "passed"))
    assert {row: shown[row] & {"passed", "failed", "error"} for row in IN_THE_SCENARIO} == {
        row: {"passed", "failed", "error"} for row in IN_THE_SCENARIO
    }


def test_every_argument_and_parameter_is_used(read: t.Callable[..., t.Any]) -> None:
    used: set[tuple[str, ...]] = set()
    for told in CASES:
        for check in read(*told)["examples"][0]["checks"]:
            word = VOCABULARY[check["resource"]].word
            used |= {(word, name) for name in check["parameters"]}
            used |= {(word, check["matcher"]["word"], name) for name in check["matcher"]["arguments"]}
    needed: set[tuple[str, ...]] = set()
    for resource in VOCABULARY.resources.values():
        needed |= {(resource.word, name) for name in resource.parameters}
        needed |= {(resource.word, word, name) for word, one in resource.matchers.items() for name in one.arguments}
    assert needed - used == PARAMETERS_ELSEWHERE


def test_the_oldest_python_of_targets_sees_the_same(read: t.Callable[..., t.Any], root: Path) -> None:
    """The resources run with the Python of the server, from 3.9 on; ansible.module_utils comes along with them."""
    pythons = dict(line.split(" ", 1) for line in _output([str(TESTS.parent / "scripts" / "pythons")]).splitlines())
    if "3.9" not in pythons:
        pytest.skip("this machine has no Python 3.9")
    cases = [read(*told) for told in CASES]
    environment = {**os.environ, "PYTHONPATH": _path_of_a_target(root)}
    answer = _output([pythons["3.9"], "-c", _ON_A_TARGET], json.dumps({"root": str(root), "cases": cases}), environment)
    statuses = dict(zip(map(str, CASES), json.loads(answer), strict=True))
    without_yaml = {key: value for key, value in statuses.items() if "content_as_yaml" not in key}
    assert without_yaml == {str(told): STATUSES[told[2]] for told in CASES if "content_as_yaml" not in told[1]}


_ON_A_TARGET = """
import json, pathlib, sys
from unit.plugins.module_utils._spec.server import machine
told = json.load(sys.stdin)
root = pathlib.Path(told["root"])
print(json.dumps([[one["status"] for one in machine.outcomes(root, case)] for case in told["cases"]]))
"""


def _path_of_a_target(root: Path) -> str:
    """The collection, the tests, and of all that Ansible is only what modules have on a target."""
    import ansible

    place = root.parent / "target"
    place.mkdir()
    (place / "ansible").symlink_to(Path(ansible.__file__).parent)
    tree = next(folder for folder in sys.path if Path(folder, "ansible_collections", "containerci").exists())
    return f"{tree}:{TESTS}:{place}"


def _output(command: list[str], standard_input: str = "", environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, input=standard_input, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
