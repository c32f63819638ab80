# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""server_spec_generate in a playbook, as users run it: this machine is documented, and passes its own spec."""

from __future__ import annotations

import json
import socket
import typing as t
from pathlib import Path

import pytest
import yaml

PLAY = """
- hosts: documented
  gather_facts: false
  vars:
    ansible_connection: local
    ansible_python_interpreter: "{{{{ ansible_playbook_python }}}}"
    base: {base}
  tasks:
    - containerci.aws.server_spec_generate: {options}
      register: told
      ignore_errors: true
    - ansible.builtin.copy:
        content: "{{{{ told | to_json }}}}"
        dest: "{{{{ playbook_dir }}}}/told.json"
        mode: "0600"
      check_mode: false
    - containerci.aws.server_spec:
        src: "{{{{ told.dest }}}}"
      when: {check}
    - containerci.aws.server_spec:
        spec: "{{{{ told.spec }}}}"
      when: {check}
"""

Told = dict[str, t.Any]
Run = t.Callable[..., Told]


@pytest.fixture
def generate(run_playbook: t.Callable[..., tuple[int, str]], tmp_path: Path) -> Run:
    """Runs the module with options, with check also what it wrote; returns the result, and the output as output."""

    def run(*arguments: str, check: bool = False, **options: t.Any) -> Told:
        play = tmp_path / "play.yml"
        play.write_text(PLAY.format(base=tmp_path, options=json.dumps(options), check=json.dumps(check)))
        status, output = run_playbook(str(play), "-i", "documented,", *arguments)
        assert status == 0, output
        return {**json.loads((tmp_path / "told.json").read_text()), "output": output}

    return run


@pytest.fixture
def port() -> t.Iterator[str]:
    """A port that something listens on as long as the test runs."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield str(listener.getsockname()[1])


@pytest.mark.parametrize("detail", ["minimal", "full"])
def test_this_machine_passes_its_own_spec(generate: Run, tmp_path: Path, port: str, detail: str) -> None:
    (tmp_path / "it's {{ a }} file").write_text("x")
    options = {
        "detail": detail,
        "ports": [port],
        "files": ["/etc/passwd", "/etc/os-release", f"{tmp_path}/it*"],
        "versions": True,
        "checksums": True,
        "dest": "spec/",
    }
    told = generate(check=True, **options)
    assert told["changed"]
    assert told["dest"] == str(tmp_path / "spec" / "documented.yml")
    text = Path(told["dest"]).read_text()
    assert text == told["content"]
    assert yaml.safe_load(text.replace("!unsafe ", "")) == told["spec"]
    assert told["output"].count("0 failures, 0 errors") == 2
    again = generate(**options)
    assert not again["changed"]
    assert Path(told["dest"]).read_text() == text


SMALL = {"resources": ["user"], "users": ["root"], "dest": "out.yml"}


def test_check_mode_predicts_and_writes_nothing(generate: Run, tmp_path: Path) -> None:
    told = generate("--check", "--diff", **SMALL)
    assert told["changed"]
    assert told["diff"]["before"] == ""
    assert told["diff"]["after"] == told["content"]
    assert "+    - expect: {user: root}" in told["output"]
    assert not (tmp_path / "out.yml").exists()
    assert generate(**SMALL)["content"] == told["content"] == (tmp_path / "out.yml").read_text()
    assert not generate("--check", **SMALL)["changed"]


def test_what_the_module_wrote_it_may_write_anew(generate: Run, tmp_path: Path) -> None:
    generate(**SMALL)
    told = generate("--diff", **SMALL, detail="minimal", backup=True)
    assert told["changed"]
    assert "exist" in (tmp_path / "out.yml").read_text()
    assert "exist" in told["diff"]["after"]
    assert "exist" not in told["diff"]["before"] == Path(told["backup_file"]).read_text()


EDITED = """
- describe: users
  examples:
    # a comment
    - {expect: {user: [root, nobody-at-all]}, to: exist}
    - {expect: {user: root}, its: {uid: 1}, sensitive: true}
    - {it: would write, expect: {command: 'touch {{ base }}/written'}, its: {exit_status: 1}}
"""


@pytest.mark.parametrize("mode", [[], ["--check"]])
def test_the_work_of_others_is_kept(generate: Run, tmp_path: Path, mode: list[str]) -> None:
    place = tmp_path / "out.yml"
    place.write_text(EDITED)
    told = generate(*mode, **SMALL)
    assert told["failed"]
    assert "force: true overwrites it" in told["msg"]
    assert place.read_text() == EDITED
    assert {kind: len(found) for kind, found in told["drift"].items()} == {
        "added": 0,
        "changed": 1,
        "gone": 1,
        "unknown": 0,
    }
    assert told["drift"]["changed"][0]["got"] == "VALUE HIDDEN"
    assert not (tmp_path / "written").exists()


def test_force_overwrites_it_and_backup_keeps_a_copy(generate: Run, tmp_path: Path) -> None:
    place = tmp_path / "out.yml"
    place.write_text(EDITED)
    told = generate(**SMALL, force=True, backup=True)
    assert place.read_text() == told["content"]
    assert Path(told["backup_file"]).read_text() == EDITED
    assert told["drift"]["gone"][0]["full_description"] == "users user nobody-at-all exists"


def test_a_comparison_writes_nothing(generate: Run, tmp_path: Path) -> None:
    (tmp_path / "spec").mkdir()
    (tmp_path / "spec" / "old.yml").write_text("- {expect: {user: daemon}, to: exist}\n")
    before = sorted(tmp_path.rglob("*"))
    told = generate(resources=["user"], users=["root", "daemon"], compare_with="old.yml", detail="minimal")
    assert told["drift"] == {"added": ["user root"], "changed": [], "gone": [], "unknown": []}
    assert not told["changed"]
    assert set(tmp_path.rglob("*")) - set(before) == {tmp_path / "play.yml", tmp_path / "told.json"}


def test_a_file_that_is_no_spec_is_kept_and_told(generate: Run, tmp_path: Path) -> None:
    (tmp_path / "out.yml").write_text("- {expect: {user: '{{ nobody_knows }}'}, to: exist}\n")
    told = generate(**SMALL)
    assert told["failed"]
    assert "is no spec that can be compared" in told["notes"][0]
    assert "drift" not in told


def test_variables_become_templates_that_the_spec_is_read_with(generate: Run, tmp_path: Path) -> None:
    (tmp_path / "app.conf").write_text("")
    told = generate(
        check=True, resources=["file"], files=[f"{tmp_path}/app.conf"], parameterize=["base"], dest="out.yml"
    )
    assert "- expect: {file: '{{ base }}/app.conf'}" in told["content"]
    assert told["spec"][0]["examples"][0]["expect"] == {"file": f"{tmp_path}/app.conf"}
    assert told["output"].count("0 failures, 0 errors") == 2


def test_a_document_for_people(generate: Run, tmp_path: Path) -> None:
    told = generate(resources=["user"], users=["root"], format="markdown", dest=f"{tmp_path}/")
    assert told["dest"] == str(tmp_path / "documented.md")
    assert "\n# documented\n\n## Users\n\n- user root groups is" in Path(told["dest"]).read_text()
    assert not generate(resources=["user"], users=["root"], format="markdown", dest=f"{tmp_path}/")["changed"]


WRONG: dict[str, dict[str, t.Any]] = {
    "value of detail must be one of: minimal, standard, full, got: some": {"detail": "some"},
    "value of resources must be one or more of: package, service, port": {"resources": ["process"]},
    "The option ports has 'http'; it takes ports such as 8080": {"ports": ["http"]},
    "The option from has 'no-such', which is no installed package and no service": {"from": ["no-such"]},
    "The option parameterize names the variable nowhere.at, which is not defined.": {"parameterize": ["nowhere.at"]},
    "The spec no.yml of compare_with cannot be used: no spec file no.yml was found": {"compare_with": "no.yml"},
    "could be documented (no package matches 'no-such').": {"resources": ["package"], "packages": ["no-such"]},
    "The file /dev/null/x.yml of dest cannot be read: Not a directory.": {"dest": "/dev/null/x.yml"},
    "There is no option package; did you mean packages?": {"package": ["x"]},
}


def test_wrong_options_are_told(run_playbook: t.Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    tasks = [
        {"containerci.aws.server_spec_generate": {"dest": "out.yml", **options}, "ignore_errors": True}
        for options in WRONG.values()
    ]
    play = {"hosts": "localhost", "gather_facts": False, "tasks": tasks}
    (tmp_path / "play.yml").write_text(json.dumps([play]))
    _status, output = run_playbook(str(tmp_path / "play.yml"))
    said = " ".join(output.split())
    assert [message for message in WRONG if message not in said] == []
    assert "Traceback" not in output
    assert not (tmp_path / "out.yml").exists()
