# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication, crumbs, verbs, permissions and the states of a controller."""

from __future__ import annotations

import time
import typing as t
import urllib.error

import pytest

from fake_jenkins.server import FakeJenkins
from fake_jenkins.settings import User

Ask = t.Callable[..., t.Any]
PASSWORD = "admin:admin-password"


def crumb(ask: Ask) -> dict[str, str]:
    issued = ask("GET", "/crumbIssuer/api/json", login=PASSWORD)
    return {
        issued.json["crumbRequestField"]: issued.json["crumb"],
        "Cookie": issued.headers["Set-Cookie"].split(";")[0],
    }


@pytest.mark.parametrize("path", ["/api/json", "/login", "/no/such/page"])
def test_wrong_credentials_are_refused_everywhere(ask: Ask, path: str) -> None:
    answer = ask("GET", path, login="admin:wrong")
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="Jenkins"')


def test_a_token_needs_no_crumb_and_a_wrong_one_does_not_matter(ask: Ask) -> None:
    assert ask("POST", "/configuration-as-code/export").status == 200
    assert ask("POST", "/configuration-as-code/export", **{"Jenkins-Crumb": "wrong"}).status == 200


def test_a_password_needs_a_crumb_of_the_same_session(ask: Ask) -> None:
    export = "/configuration-as-code/export"
    assert "No valid crumb" in ask("POST", export, login=PASSWORD).text
    good = crumb(ask)
    assert ask("POST", export, login=PASSWORD, **good).status == 200
    other = crumb(ask)
    mixed = {"Jenkins-Crumb": good["Jenkins-Crumb"], "Cookie": other["Cookie"]}
    assert ask("POST", export, login=PASSWORD, **mixed).status == 403
    assert ask("POST", export, login=PASSWORD, **{"Jenkins-Crumb": good["Jenkins-Crumb"]}).status == 403


def test_a_token_with_the_cookie_of_a_session_needs_a_crumb_again(ask: Ask) -> None:
    assert ask("POST", "/configuration-as-code/export", Cookie=crumb(ask)["Cookie"]).status == 403


def test_crumbs_end_with_a_restart(ask: Ask, double: FakeJenkins) -> None:
    old = crumb(ask)
    double.controller.start()
    double.until_ready()
    assert ask("POST", "/configuration-as-code/export", login=PASSWORD, **old).status == 403


def test_without_csrf_protection_there_are_no_crumbs(ask: Ask, double: FakeJenkins) -> None:
    double.settings.csrf = False
    assert ask("GET", "/crumbIssuer/api/json", login=PASSWORD).status == 404
    assert ask("POST", "/configuration-as-code/export", login=PASSWORD).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/configuration-as-code/export", 405),
        ("GET", "/cloud/doCreate", 404),
        ("GET", "/cloud/x/configSubmit", 404),
        ("GET", "/cloud/x/doDelete", 405),
        ("GET", "/createItem", 405),
        ("GET", "/nowhere", 404),
    ],
)
def test_wrong_verbs(ask: Ask, method: str, path: str, status: int) -> None:
    answer = ask(method, path)
    assert answer.status == status
    assert (answer.headers["Allow"] == "POST") is (status == 405)


def test_permissions_are_named_by_core_but_not_by_the_plugin(ask: Ask, double: FakeJenkins) -> None:
    double.settings.users["reader"] = User(token="t", permissions=("Overall/Read",))
    core = ask("GET", "/pluginManager/api/json", login="reader:t")
    assert (core.status, core.headers["X-Required-Permission"]) == (403, "Overall/SystemRead")
    assert core.headers["X-You-Are-Authenticated-As"] == "reader"
    plugin = ask("POST", "/configuration-as-code/export", login="reader:t")
    assert (plugin.status, plugin.headers["X-Required-Permission"]) == (403, None)


def test_anonymous_users(ask: Ask, double: FakeJenkins) -> None:
    answer = ask("GET", "/api/json", login=None)
    assert (answer.status, answer.headers["X-Jenkins"]) == (403, "2.555.1")
    double.settings.anonymous = ("Overall/Read",)
    assert ask("GET", "/api/json", login=None).status == 200


def test_the_context_path(double: FakeJenkins, ask: Ask) -> None:
    double.settings.prefix = "/jenkins"
    assert (ask("GET", "/api/json").status, ask("GET", "/jenkins/api/json").status) == (404, 200)


def test_loading_answers_503_before_anything_else(double: FakeJenkins, ask: Ask) -> None:
    double.settings.loading_time = 5.0
    double.controller.start()
    answer = ask("POST", "/cloud/doCreate", login="admin:wrong")
    assert (answer.status, answer.headers["X-Jenkins"]) == (503, None)
    assert "getting ready to work" in answer.text


def test_a_restart_makes_a_new_session_and_goes_through_its_states(double: FakeJenkins, ask: Ask) -> None:
    before = ask("GET", "/api/json")
    assert ask("POST", "/safeRestart").status == 302
    seen = set()
    while True:
        answer = ask("GET", "/api/json")
        seen.add((answer.status, "restarting" in answer.text, "getting ready" in answer.text))
        if answer.status == 200 and answer.headers["X-Jenkins-Session"] != before.headers["X-Jenkins-Session"]:
            break
        time.sleep(0.02)
    assert {(503, True, False), (503, False, True)} <= seen


def test_the_process_ends_when_it_is_told_to(double: FakeJenkins, ask: Ask) -> None:
    double.settings.exits = True
    double.settings.restarting_time = 0.0
    ask("POST", "/safeRestart")
    with pytest.raises((urllib.error.URLError, OSError)):
        ask("GET", "/api/json")
    double.controller.start()
    double.until_ready()
    assert ask("GET", "/api/json").status == 200


def test_the_log_tells_reads_from_writes(double: FakeJenkins, ask: Ask) -> None:
    ask("POST", "/configuration-as-code/check", "{}")
    ask("POST", "/configuration-as-code/apply", "{}")
    assert double.writes == ["/configuration-as-code/apply"]
    assert [entry["writes"] for entry in ask("GET", "/_double/log").json] == [False, True]
