# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""hab_service against the double of hab and its supervisor: the states, reloading, updating, and what is in the way."""

from __future__ import annotations

import typing as t

import pytest
from integration.habitat import HabHost

WEB = "acme/web/1.0/20260101000000"
NOBODY = "http://127.0.0.1:9"


class Services:
    """A host whose supervisor runs."""

    def __init__(self, host: HabHost, url: str) -> None:
        self.host = host
        self.url = url

    def run(self, name: str = "acme/web", **params: t.Any) -> dict[str, t.Any]:
        return self.host.run("hab_service", name=name, http_url=self.url, **{"wait_timeout": 20, **params})

    def fails(self, name: str = "acme/web", **params: t.Any) -> dict[str, t.Any]:
        return self.host.fails("hab_service", name=name, **{"http_url": self.url, "wait_timeout": 20, **params})

    def commands(self) -> list[str]:
        return [" ".join(command.split()[:3]) for command in self.host.writes()]


@pytest.fixture
def services(host: HabHost) -> t.Iterator[Services]:
    host.depot.add_package(WEB, channels=["stable", "dev"])
    host.box.start_supervisor()
    with host.box.gateway() as url:
        yield Services(host, url)


def test_the_cycle(services: Services) -> None:
    services.host.box.set(DELAY="0.5")
    states: list[tuple[str, bool, str]] = [
        ("started", True, "up"),
        ("started", False, "up"),
        ("loaded", False, "up"),
        ("stopped", True, "down"),
        ("stopped", False, "down"),
        ("loaded", False, "down"),
        ("restarted", True, "up"),
        ("restarted", True, "up"),
        ("unloaded", True, ""),
        ("unloaded", False, ""),
        ("stopped", True, "down"),
        ("unloaded", True, ""),
    ]
    for state, changed, desired in states:
        done = services.commands()
        forecast = services.run(state=state, check=True)
        assert services.commands() == done
        result = services.run(state=state)
        assert (result["changed"], result["service"].get("desired_state", "")) == (changed, desired)
        assert (forecast["changed"], forecast["service"].get("desired_state", "")) == (changed, desired)
    assert services.commands() == [
        "svc load acme/web",
        "svc stop acme/web",
        "svc start acme/web",
        "svc stop acme/web",
        "svc start acme/web",
        "svc unload acme/web",
        "svc load acme/web",
        "svc stop acme/web",
        "svc unload acme/web",
    ]
    assert services.host.writes()[0].startswith("svc load acme/web --channel stable ")


ALL = {
    "channel": "dev",
    "group": "blue",
    "topology": "leader",
    "strategy": "at-once",
    "update_condition": "track-channel",
    "bind": ["queue:rabbit.default", "db:postgres.default"],
    "binding_mode": "relaxed",
    "health_check_interval": 10,
    "shutdown_timeout": 20,
    "config_from": "/srv/config",
}


def test_everything_that_can_be_said_is_kept(services: Services) -> None:
    result = services.run(**ALL)
    expected = {**ALL, "bind": sorted(t.cast("list[str]", ALL["bind"])), "bldr_url": services.host.url}
    assert {name: result["service"][name] for name in expected} == expected
    assert not services.run(**ALL)["changed"]
    assert not services.run()["changed"]


def test_small_changes_need_no_restart_and_reset_nothing(services: Services) -> None:
    services.run(**ALL)
    forecast = services.run(strategy="none", check=True)
    result = services.run(strategy="none")
    assert (result["changed_fields"], result["restarted"]) == (["strategy"], False)
    assert result["service"] == {**result["before"], "strategy": "none"} == forecast["service"]
    assert services.commands()[-1] == "svc update acme/web"
    assert "strategy: at-once" in result["diff"]["before"]


def test_large_changes_restart_the_service_when_that_is_allowed(services: Services) -> None:
    services.run(**ALL)
    failed = services.fails(group="green")
    assert (failed["error_code"], failed["changed_fields"]) == ("reload_needed", ["group"])
    assert failed["msg"].endswith("the change needs a restart of the service; allow it with force.")
    result = services.run(group="green", force=True)
    assert (result["changed_fields"], result["restarted"]) == (["group"], True)
    assert result["service"] == {**result["before"], "group": "green"}
    assert "(the service is restarted): true" in result["diff"]["after"]
    assert not services.run(group="green", force=True)["changed"]


def test_a_reload_leaves_a_stopped_service_stopped(services: Services) -> None:
    services.run(state="stopped")
    result = services.run(group="green", force=True)
    assert (result["restarted"], result["service"]["desired_state"]) == (True, "down")


def test_a_name_with_a_version_converges(services: Services) -> None:
    assert services.run()["changed"]
    assert services.fails("acme/web/1.0")["error_code"] == "reload_needed"
    assert services.run("acme/web/1.0", force=True)["service"]["ident"] == "acme/web/1.0"
    assert not services.run("acme/web/1.0")["changed"]
    assert not services.run()["changed"]
    assert services.run(WEB, force=True)["changed"]
    assert not services.run(WEB)["changed"]


def test_another_origin_with_the_same_name_is_in_the_way(services: Services) -> None:
    services.run()
    failed = services.fails("other/web")
    assert (failed["error_code"], "acme/web is loaded" in failed["msg"]) == ("conflict", True)


def test_a_supervisor_that_is_down(services: Services) -> None:
    services.run()
    services.host.box.stop_supervisor()
    for state in ("loaded", "unloaded"):
        failed = services.fails(state=state, http_url=NOBODY)
        assert failed["error_code"] == "supervisor_unreachable"
        assert "start it, or look at http_url" in failed["msg"]
    (services.host.box.hab / "sup" / "default" / "specs" / "web.spec").unlink()
    result = services.host.run("hab_service", name="acme/web", state="unloaded", http_url=NOBODY)
    assert not result["changed"]


def test_without_the_gateway_the_spec_files_are_read(services: Services) -> None:
    host = services.host
    for params in ({**ALL, "state": "stopped"}, {"state": "started"}, {"channel": "stable"}, {"state": "unloaded"}):
        assert host.run("hab_service", name="acme/web", http_url=NOBODY, **params)["changed"]
        assert not host.run("hab_service", name="acme/web", http_url=NOBODY, **params)["changed"]


def test_tokens_and_secrets_are_used_and_not_told(services: Services) -> None:
    host = services.host
    (host.box.hab / "sup" / "default" / "CTL_SECRET").write_text("c0ntrol")
    with host.box.gateway(token="g4teway") as url:
        secrets = {"http_url": url, "gateway_auth_token": "g4teway", "ctl_secret": "c0ntrol"}
        result = host.run("hab_service", name="acme/web", **secrets)
        assert result["changed"]
        failed = host.fails("hab_service", name="acme/web", **{**secrets, "gateway_auth_token": "wrong"})
        assert (failed["error_code"], "give gateway_auth_token" in failed["msg"]) == ("unauthorized", True)
        failed = host.fails("hab_service", name="acme/web", state="unloaded", **{**secrets, "ctl_secret": "wr0ng"})
        assert "[Err: 4] secret key mismatch" in failed["msg"]
    (host.box.hab / "sup" / "default" / "CTL_SECRET").unlink()
    assert [host.box.places_of(secret) for secret in ("c0ntrol", "g4teway", "wr0ng")] == [[], [], []]


def test_what_takes_too_long_is_said(services: Services) -> None:
    services.host.box.set(DELAY="60")
    services.run(wait=False)
    failed = services.fails(state="started", wait_timeout=1)
    assert services.commands() == ["svc load acme/web"]
    assert failed["error_code"] == "timeout"
    assert failed["msg"].startswith("acme/web did not start within 1 s (option wait_timeout)")


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"bind": ["postgres"]}, "bind has 'postgres'; write name:service.group."),
        ({"name": "web"}, "which is no name of a package"),
        ({"name": "acme/nothing"}, "Package not found"),
    ],
)
def test_what_cannot_be_loaded(services: Services, params: dict[str, t.Any], message: str) -> None:
    assert message in services.fails(**params)["msg"]
    assert services.run(state="unloaded", check=True)["changed"] is False
