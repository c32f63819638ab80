# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""jenkins_configuration against the double of a controller."""

from __future__ import annotations

import typing as t

import pytest
from integration.modules import ModuleFailed

from fake_jenkins.server import FakeJenkins

Run = t.Callable[..., dict[str, t.Any]]
GOOD = {"jenkins": {"systemMessage": "hello"}}
BAD = {"jenkins": {"systemMesage": "hello"}}


def test_documents_are_checked_without_being_taken(run_jenkins: Run, jenkins: FakeJenkins) -> None:
    assert run_jenkins("jenkins_configuration", state="checked", documents=[GOOD]) | {"invocation": 0} == {
        "changed": False, "messages": [], "invocation": 0,
    }  # fmt: skip
    with pytest.raises(ModuleFailed, match="Jenkins does not know systemMesage of Jenkins; it knows agentProtocols, "):
        run_jenkins("jenkins_configuration", state="checked", documents=[GOOD, BAD])
    assert jenkins.writes == []


def test_files_are_reloaded(run_jenkins: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.casc_file = "jenkins: {systemMessage: hello}"
    assert run_jenkins("jenkins_configuration", check=True, state="reloaded")["changed"]
    assert jenkins.writes == []
    run_jenkins("jenkins_configuration", state="reloaded")
    assert jenkins.controller.configuration.other["jenkins"] == {"systemMessage": "hello"}


def test_a_mistake_in_the_files_is_told(run_jenkins: Run, jenkins: FakeJenkins) -> None:
    jenkins.settings.casc_file = "jenkins: {systemMesage: hello}"
    with pytest.raises(ModuleFailed, match=r"refused to reload its configuration: .*systemMesage"):
        run_jenkins("jenkins_configuration", state="reloaded")
