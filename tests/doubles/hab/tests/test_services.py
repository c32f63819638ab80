# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""hab svc, config and sup, and the gateway of the supervisor."""

from __future__ import annotations

import json
import typing as t
import urllib.error
import urllib.request

import pytest

from fake_hab import toml

REDIS = "core/redis/4/20240101000000"


@pytest.fixture
def sup(hab: t.Any) -> t.Any:
    hab.depot.add_package(REDIS)
    hab.box.start_supervisor()
    return hab


def load(hab: t.Any, *words: object, **rest: t.Any) -> str:
    return t.cast(str, hab.out("svc", "load", "core/redis", "--channel", "stable", *words, **rest))


def spec(hab: t.Any, name: str = "redis") -> dict[str, t.Any]:
    return toml.loads((hab.box.hab / "sup" / "default" / "specs" / f"{name}.spec").read_text())


@pytest.mark.parametrize("words", ["status", "load core/redis --channel x", "stop core/redis", "unload core/redis"])
def test_without_a_supervisor_nothing_works(hab: t.Any, words: str) -> None:
    assert "Unable to contact the Supervisor." in hab.err("svc", *words.split(), code=1)


def test_load_installs_and_writes_the_spec(sup: t.Any) -> None:
    text = load(
        sup, "--strategy", "at-once", "--bind", "db:pg.default", "web:nginx.default@org", "--shutdown-timeout=9"
    )
    assert text.endswith("The core/redis service was successfully loaded\n")
    assert sup.box.installed() == [REDIS]
    assert spec(sup) == {
        "ident": "core/redis",
        "group": "default",
        "bldr_url": "https://bldr.habitat.sh",
        "channel": "stable",
        "topology": "standalone",
        "update_strategy": "at-once",
        "update_condition": "latest",
        "binds": ["db:pg.default", "web:nginx.default@org"],
        "binding_mode": "strict",
        "desired_state": "up",
        "shutdown_timeout": 9,
        "health_check_interval": {"secs": 30, "nanos": 0},
    }


def test_a_loaded_service_needs_force(sup: t.Any) -> None:
    load(sup)
    assert "[Err: 3] Service already loaded. Unload 'core/redis'" in load_error(sup)
    load(sup, "--force", "--group", "other")
    assert spec(sup)["group"] == "other"


def load_error(hab: t.Any) -> str:
    return t.cast(str, hab.err("svc", "load", "core/redis", "--channel", "stable", code=1))


def test_two_origins_with_one_name_collide(sup: t.Any) -> None:
    sup.depot.add_package("acme/redis/1/20240101000000")
    load(sup)
    assert "[Err: 3]" in sup.err("svc", "load", "acme/redis", "--channel", "stable", code=1)


def test_status(sup: t.Any) -> None:
    assert sup.out("svc", "status") == "No services loaded.\n"
    assert "[Err: 2] Service not loaded, core/redis" in sup.err("svc", "status", "core/redis", code=1)
    load(sup)
    header, row = sup.out("svc", "status").splitlines()
    assert header.split() == ["package", "type", "desired", "state", "elapsed", "(s)", "pid", "group"]
    assert row.split()[:4] == [REDIS, "standalone", "up", "up"]
    assert row.split()[-1] == "redis.default"
    sup("svc", "stop", "core/redis")
    assert sup.out("svc", "status", "core/redis").splitlines()[1].split()[2:6] == ["down", "down", "0", "<none>"]


def test_start_and_stop_answer_before_it_is_done(sup: t.Any) -> None:
    load(sup)
    sup.box.set(DELAY="600")
    assert "Supervisor stopping core/redis." in sup.out("svc", "stop", "core/redis")
    assert sup.out("svc", "stop", "core/redis") == ""
    assert states(sup) == ["down", "up"]
    sup.box.settle()
    assert states(sup) == ["down", "down"]
    assert "Supervisor starting core/redis." in sup.out("svc", "start", "core/redis")
    assert states(sup) == ["up", "down"]


def states(hab: t.Any) -> list[str]:
    return t.cast("list[str]", hab.out("svc", "status").splitlines()[1].split()[2:4])


def test_unload_takes_its_time(sup: t.Any) -> None:
    assert "[Err: 0] Service core/redis not loaded" in sup.err("svc", "unload", "core/redis", code=1)
    load(sup)
    sup.box.set(DELAY="600")
    assert sup.out("svc", "unload", "core/redis") == "Unloading core/redis\n"
    assert REDIS in sup.out("svc", "status")
    sup.box.settle()
    assert sup.out("svc", "status") == "No services loaded.\n"


def test_an_update_moves_to_the_given_channel_and_resets_the_condition(sup: t.Any) -> None:
    sup("svc", "update", "core/redis", "--channel", "dev", code=1)
    load(sup, "--update-condition", "track-channel", "--bind", "a:b.c")
    sup("svc", "update", "core/redis", "--channel", "dev", "--strategy", "rolling")
    changed = spec(sup)
    assert (changed["channel"], changed["update_condition"], changed["update_strategy"]) == ("dev", "latest", "rolling")
    assert changed["binds"] == ["a:b.c"]
    sup.box.set(STRICT="0")
    sup("svc", "update", "core/redis", "--bind")
    assert (spec(sup)["channel"], spec(sup)["binds"]) == ("base", [])


def test_a_wrong_secret_is_refused(sup: t.Any) -> None:
    (sup.box.hab / "sup" / "default" / "CTL_SECRET").write_text("right\n")
    assert "[Err: 4]" in sup.err("svc", "status", code=1, HAB_CTL_SECRET="wrong")
    sup("svc", "status", HAB_CTL_SECRET="right")


def test_a_stale_configuration_is_ignored_without_a_word(sup: t.Any) -> None:
    for version, port in ((5, 1), (5, 2), (4, 3)):
        sup("config", "apply", "redis.default", version, stdin=f"port = {port}\n")
    with sup.box.gateway() as url:
        group = json.load(urllib.request.urlopen(f"{url}/census"))["census_groups"]["redis.default"]
    assert group["service_config"] == {"incarnation": 5, "value": {"port": 1}}
    assert sup.out("config", "show", "core/redis") == ""
    sup("config", "show", "redis", code=101)
    sup("config", "apply", "redis", "6", code=101)
    assert "Failed to parse TOML" in sup.err("config", "apply", "redis.default", "6", code=1, stdin="port\n")


def test_gateway(sup: t.Any) -> None:
    load(sup, "--topology", "leader")
    with sup.box.gateway(token="t0ken") as url:
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"{url}/services")
        request = urllib.request.Request(f"{url}/services", headers={"Authorization": "Bearer t0ken"})
        (service,) = json.load(urllib.request.urlopen(request))
    assert (service["service_group"], service["topology"], service["channel"]) == ("redis.default", "leader", "stable")
    assert (service["desired_state"], service["process"]["state"]) == ("Up", "up")
    assert service["spec_ident"] == {"origin": "core", "name": "redis", "version": None, "release": None}


def test_a_supervisor_is_only_said_to_run(hab: t.Any) -> None:
    assert "Supervisor not terminated" in hab.err("sup", "term")
    hab("sup", "run")
    hab("svc", "status")
    hab("sup", "restart")
    hab("sup", "term")
    hab("svc", "status", code=1)
