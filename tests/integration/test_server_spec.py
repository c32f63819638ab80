# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""server_spec in a playbook, as users run it, against this machine."""

from __future__ import annotations

import json
import subprocess
import typing as t
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
# The host has a name that nobody knows: whoever connects to it fails.
UNREACHABLE = "ssh"
PLAY = """
- hosts: checked
  gather_facts: false
  vars:
    ansible_connection: {connection}
    ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"
    content: from the play
  tasks:
    - name: the server
      containerci.aws.server_spec: {options}
      register: told
      ignore_errors: true
      ignore_unreachable: true
    - ansible.builtin.copy:
        content: "{{{{ told | to_json }}}}"
        dest: "{{{{ playbook_dir }}}}/told.json"
        mode: "0600"
      delegate_to: localhost
      vars: {{ansible_connection: local}}
      check_mode: false
"""

Run = t.Callable[..., "Told"]


class Told(t.NamedTuple):
    """What the task returned, and what the person saw."""

    result: dict[str, t.Any]
    output: str

    @property
    def statuses(self) -> dict[str, str]:
        return {example["full_description"]: example["status"] for example in self.result["examples"]}


@pytest.fixture
def server_spec(run_playbook: t.Callable[..., tuple[int, str]], tmp_path: Path) -> Run:
    """Runs the module with options; spec can be YAML text, and files are."""

    def run(
        spec: str | list[t.Any] | None = None,
        *arguments: str,
        connection: str = "local",
        files: dict[str, str] | None = None,
        **options: t.Any,
    ) -> Told:
        for name, text in (files or {}).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        if spec is not None:
            options["spec"] = yaml.safe_load(spec) if isinstance(spec, str) else spec
        play = tmp_path / "play.yml"
        play.write_text(PLAY.format(connection=connection, options=json.dumps(options)))
        _status, output = run_playbook(str(play), "-i", "checked,", *arguments)
        told = tmp_path / "told.json"
        assert told.exists(), output
        return Told(json.loads(told.read_text()), output)

    return run


MIXED = """
- describe: this machine
  examples:
    - {expect: {value: 1}, to: {eq: 1}}
    - {it: is wrong, tags: [wrong], expect: {value: 1}, to: {eq: 2}}
    - {it: cannot be told, tags: [wrong], expect: {file: /nowhere}, its: {size: 0}}
    - {it: is left out, skip: no reason}
    - {it: will be written}
"""


def test_every_outcome_is_returned_and_seen(server_spec: Run) -> None:
    told = server_spec(MIXED, **{"return": "all"})
    assert told.result["failed"]
    assert not told.result["changed"]
    assert list(told.statuses.values()) == ["passed", "failed", "error", "skipped", "pending"]
    assert told.result["failed_examples"] == ["this-machine/is-wrong", "this-machine/cannot-be-told"]
    assert told.result["summary"] | {"duration": 0, "probes": 0} == {
        "examples": 5,
        "expectations": 3,
        "passed": 1,
        "failed": 1,
        "errors": 1,
        "skipped": 1,
        "pending": 1,
        "fixed": 0,
        "duration": 0,
        "probes": 0,
        "forks": 0,
    }
    for line in ("is wrong (FAILED - 1)", "cannot be told (ERROR - 2)", "value 1 to eq 2", "/nowhere does not exist"):
        assert line in told.output


@pytest.mark.parametrize(
    ("options", "count", "failed"),
    [
        ({"fail_on": "never"}, 2, False),
        ({"fail_on": "error", "only": ["is wrong"]}, 1, False),
        ({"fail_on": "error"}, 2, True),
        ({"only": ["this-machine/is-wrong"]}, 1, True),
        ({"skip_tags": ["wrong"]}, 0, False),
        ({"tags": ["wrong"], "fail_fast": True}, 1, True),
        ({"return": "summary"}, 0, True),
    ],
)
def test_what_runs_and_what_fails(server_spec: Run, options: dict[str, t.Any], count: int, failed: bool) -> None:
    result = server_spec(MIXED, **options).result
    assert (len(result["examples"]), result.get("failed", False)) == (count, failed)


def test_a_bad_spec_connects_to_nothing_and_tells_all(server_spec: Run, tmp_path: Path) -> None:
    spec = "- {expect: {pakcage: x}, to: exist}\n- {expect: {port: 80}, to: {be_listening: {on: 127.0.0.1}}}\n"
    told = server_spec(connection=UNREACHABLE, files={"spec/web.yml": spec}, src="web.yml", junit_dir=str(tmp_path))
    assert told.result["failed"]
    assert not told.result["spec_valid"]
    assert [(one["class"], one["line"]) for one in told.result["errors"]] == [("UnknownResource", 1), ("YamlTrap", 2)]
    assert "web.yml:1  1 > expect: unknown resource 'pakcage'; did you mean package?" in told.output
    case = ElementTree.parse(told.result["junit_file"]).find(".//testcase")
    assert case is not None
    assert case.get("name") == "spec is valid"


def test_validate_only_connects_to_nothing(server_spec: Run) -> None:
    told = server_spec(MIXED, connection=UNREACHABLE, validate_only=True)
    assert not told.result.get("failed")
    assert told.result["msg"] == "The spec is valid: 5 examples."


@pytest.mark.parametrize("options", [{"spec": []}, {"spec": [{"it": "x"}], "tags": ["a"]}])
def test_nothing_to_evaluate_connects_to_nothing(server_spec: Run, options: dict[str, t.Any]) -> None:
    told = server_spec(connection=UNREACHABLE, allow_empty=True, **options)
    assert not told.result.get("failed")
    assert told.result["summary"]["examples"] == 0


OF_ALL_KINDS = """
- {expect: {port: 1}, not_to: be_listening}
- {expect: {socket: /none}, not_to: exist}
- {expect: {package: {name: none, provider: dpkg}}, its: installed, not_to: {eq: true}}
- {expect: {file: /}, to: [be_directory, {be_owned_by: root}, {be_readable: {by_user: root}}]}
- {expect: {config: /etc/passwd}, its: none, not_to: {eq: x}}
- {expect: {user: root}, its: {uid: 0, groups: {include: root}}}
- {expect: {group: root}, to: {have_gid: 0}}
- {expect: {process: none}, not_to: be_running}
- {expect: {command: 'exit 3'}, its: {exit_status: 3}}
- {expect: {host: 127.0.0.1}, to: be_resolvable}
- {expect: {http: 'http://127.0.0.1:1/'}, not_to: be_reachable}
- {expect: {interface: lo}, to: [be_up, {have_ipv4_address: 127.0.0.1}]}
- {expect: routing_table, not_to: {have_entry: 203.0.113.0/24}}
- {expect: {mount: /}, its: {used_percent: {be_between: [0, 100]}}}
- {expect: fstab, not_to: {have_entry: /none}}
- {expect: {cron: nobody-knows}, not_to: {have_entry: '@daily none'}}
- {expect: {kernel_parameter: kernel.ostype}, its: {value: Linux}}
- {expect: {kernel_module: none}, not_to: be_loaded}
- {expect: {environment: PATH}, to: exist}
- {expect: {value: {a: [1]}}, to: {have_key: a}}
- {expect: {x509_certificate: /etc/passwd}, not_to: be_certificate}
"""
# What a machine can have or not have.
OPEN = {
    "package none installed is not true",
    "/etc/passwd none is not 'x'",
    "cron nobody-knows does not have entry '@daily none'",
}


def test_the_oldest_python_that_servers_may_have(server_spec: Run) -> None:
    known = subprocess.run([ROOT / "scripts" / "pythons"], capture_output=True, text=True, check=True).stdout
    python = dict(line.split(" ", 1) for line in known.splitlines()).get("3.9")
    if not python:
        pytest.skip("this machine has no Python 3.9")
    told = server_spec(OF_ALL_KINDS, "-e", f"ansible_python_interpreter={python}", **{"return": "all"})
    assert len(told.statuses) == OF_ALL_KINDS.count("- {") + 1
    assert {title: status for title, status in told.statuses.items() if status != "passed" and title not in OPEN} == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"spec": []}, "the spec has no examples; allow_empty: true accepts that"),
        ({"spec": [{"it": "x"}], "tags": ["a"]}, "none of the 1 examples is left by tags, skip_tags and only"),
        ({"spec": [{"it": "x"}], "expected_examples": 2}, "1 examples would run, but expected_examples is 2"),
        ({"src": ["missing.yml"]}, "no spec file missing.yml was found in"),
        ({"src": ["a"], "spec": []}, "Give either spec (the spec itself) or src (its files)."),
        ({}, "Give either spec (the spec itself) or src (its files)."),
        (
            {"spec": [], "fail_on": "sometimes"},
            "value of fail_on must be one of: failure, error, never, got: sometimes",
        ),
        ({"spec": [], "redact": ["("]}, "The option redact has '(', which is not a regular expression"),
        ({"spec": [], "resource_paths": ["/nowhere"]}, "The folder /nowhere of resource_paths cannot be read"),
    ],
)
def test_bad_options_are_told(server_spec: Run, options: dict[str, t.Any], message: str) -> None:
    result = server_spec(**options).result
    assert result["failed"]
    assert message in result["msg"]


def test_files_are_templates_with_variables_of_play_and_include(server_spec: Run) -> None:
    files = {
        "spec/main.yml": "- include: 'parts/*.yml'\n  vars: {more: from the include}\n",
        "spec/parts/one.yml": "- {it: knows, expect: {value: '{{ content }}, {{ more }}'}, to: {eq: x}}\n",
        "spec/parts/two.yml": "- {it: is out, skip: '{{ content != 1 }}', expect: {value: 1}, to: be_null}\n",
    }
    result = server_spec(src="main.yml", files=files, **{"return": "all"}).result
    assert result["examples"][0]["got"] == "'from the play, from the include'"
    assert result["examples"][1]["status"] == "skipped"


def test_undefined_variables_fail_before_anything_runs(server_spec: Run) -> None:
    told = server_spec(connection=UNREACHABLE, src="main.yml", files={"spec/main.yml": "- it: '{{ nobody }}'\n"})
    assert told.result["failed"]
    assert "'nobody' is undefined" in told.result["msg"]


COMMANDS = """
- {it: runs, expect: {command: 'touch {{ marker }}'}, its: {exit_status: 0}}
- {it: only reads, expect: {command: {name: 'true', check_mode_safe: true}}, its: {exit_status: 0}}
"""


def test_commands_wait_for_a_real_run(server_spec: Run, tmp_path: Path) -> None:
    spec, marker = COMMANDS.replace("{{ marker }}", str(tmp_path / "marker")), tmp_path / "marker"
    told = server_spec(spec, "--check", **{"return": "all"})
    assert told.statuses == {"runs": "skipped", "only reads": "passed"}
    assert not marker.exists()
    told = server_spec(spec, read_only=True)
    assert told.statuses == {"runs": "error", "only reads": "error"}
    assert not marker.exists()
    assert server_spec(spec, **{"return": "all"}).statuses == {"runs": "passed", "only reads": "passed"}
    assert marker.exists()


def test_bytes_that_are_no_text_are_told(server_spec: Run, tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"caf\xe9 \x1b[31m")
    spec = f"- {{it: x, expect: {{file: {tmp_path}/latin}}, its: content, to: {{eq: tea}}}}"
    formats = ["json", "html", "tap", "markdown", "documentation"]
    result = server_spec(spec, report_dir=str(tmp_path), report_formats=formats, junit_dir=str(tmp_path)).result
    assert result["examples"][0]["got"] == "'caf\\xe9 \\x1b[31m'"
    assert ElementTree.parse(result["junit_file"]).find(".//failure") is not None


def test_secrets_are_not_told_anywhere(server_spec: Run, tmp_path: Path) -> None:
    spec = """
- {it: a, expect: {value: hunter1}, to: {eq: hunter2}, sensitive: true}
- {it: b, expect: {value: hunter3}, to: {eq: nothing}}
"""
    formats = ["json", "html", "tap", "markdown", "documentation"]
    reports = {"report_dir": str(tmp_path / "r"), "report_formats": formats, "junit_dir": str(tmp_path / "r")}
    told = server_spec(spec, "-vvv", redact=["hunter3"], **reports, **{"return": "all"})
    texts = [told.output, json.dumps(told.result), *(path.read_text() for path in (tmp_path / "r").iterdir())]
    assert len(texts) == 8
    assert [text for text in texts if "hunter1" in text or "hunter2" in text] == []
    assert [number for number, text in enumerate(texts[1:]) if "hunter3" in text] == []


OWN_RESOURCE = '''
from ansible_collections.containerci.aws.plugins.module_utils.spec import OneOf, Resource, Text, Verdict, its, matcher

class Answer(Resource):
    """The answer."""
    word = "answer"

    @matcher(to=OneOf("everything", "nothing"))
    def be_right(self, to="everything"):
        """The answer is right."""
        return Verdict(self.name == "42", self.name)

    @its(Text())
    def digits(self):
        """How many digits."""
        return str(len(self.name))
'''


def test_a_resource_of_a_user_from_a_folder(server_spec: Run, tmp_path: Path) -> None:
    spec = "- {expect: {answer: ['42', '43']}, to: be_right}\n- {expect: {answer: '42'}, its: {digits: '2'}}\n"
    files = {"own/answer.py": OWN_RESOURCE}
    told = server_spec(spec, files=files, resource_paths=[str(tmp_path / "own")], **{"return": "all"})
    assert list(told.statuses.values()) == ["passed", "failed", "passed"]
    bad = server_spec("- {expect: {answer: '1'}, to: {be_right: no}}", resource_paths=[str(tmp_path / "own")])
    assert bad.result["errors"][0]["class"] == "YamlTrap"


def test_a_resource_of_a_user_that_is_broken_is_told(server_spec: Run, tmp_path: Path) -> None:
    told = server_spec(
        "- {it: x}", files={"own/a.py": "import nothing_like_this"}, resource_paths=[str(tmp_path / "own")]
    )
    assert "own/a.py cannot be loaded: ModuleNotFoundError" in told.result["msg"]


def test_reports_are_written_in_check_mode_too(server_spec: Run, tmp_path: Path) -> None:
    told = server_spec(MIXED, "--check", report_dir=str(tmp_path), report_formats=["html"])
    assert told.result["report_files"] == [str(tmp_path / "checked-the-server.html")]
    assert "is wrong" in (tmp_path / "checked-the-server.html").read_text()


@pytest.mark.parametrize(("display", "line"), [("progress", "checked: .FE-*"), ("none", None)])
def test_display(server_spec: Run, display: str, line: str | None) -> None:
    told = server_spec(MIXED, display=display, fail_on="never")
    assert (line is None) == ("is wrong" not in told.output and "checked: ." not in told.output)
    assert line is None or line in told.output


def test_eventually_waits_inside_one_execution(server_spec: Run, tmp_path: Path) -> None:
    late = tmp_path / "late"
    spec = f"""
- {{it: comes, expect: {{file: {late}}}, to: exist, eventually: {{timeout: 20, delay: 0.1}}}}
- {{expect: {{command: '(sleep 1; touch {late}) > /dev/null 2>&1 &'}}, its: {{exit_status: 0}}}}
"""
    assert server_spec(spec, **{"return": "all"}).statuses["comes"] == "passed"
