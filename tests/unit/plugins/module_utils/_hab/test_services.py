# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services as the supervisor tells them, and what is to be done about them."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._hab import services
from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError
from ansible_collections.containerci.aws.plugins.module_utils._hab.idents import Ident, parse
from ansible_collections.containerci.aws.plugins.module_utils._hab.services import Plan, Service

WEB = parse("acme/web")
GATEWAY = {
    "bldr_url": "https://bldr.example.com/",
    "channel": "stable",
    "topology": "Standalone",
    "update_strategy": "AtOnce",
    "update_condition": "TrackChannel",
    "binds": [{"name": "db", "service_group": "postgres.default"}, "cache:redis.default"],
    "binding_mode": "Strict",
    "config_from": None,
    "desired_state": "Up",
    "health_check_interval": {"secs": 30, "nanos": 0},
    "pkg": {"ident": "acme/web/1.0/20260101000000"},
    "process": {"state": "Down"},
    "service_group": "web.blue@org",
}
SPEC = """\
ident = "acme/web"
group = "blue"
bldr_url = "https://bldr.example.com"
channel = "stable"
topology = "standalone"
update_strategy = "at-once"
update_condition = "track-channel"
binds = [
    'cache:redis.default',
    "db:postgres.default",
]
binding_mode = "strict"
desired_state = "up"
shutdown_timeout = 8

[health_check_interval]
secs = 30
nanos = 0
"""
VALUES = {
    "channel": "stable",
    "bldr_url": "https://bldr.example.com",
    "group": "blue",
    "topology": "standalone",
    "strategy": "at-once",
    "update_condition": "track-channel",
    "bind": ["cache:redis.default", "db:postgres.default"],
    "binding_mode": "strict",
    "health_check_interval": 30,
}


@pytest.mark.parametrize(
    "spec_ident", ["acme/web", {"origin": "acme", "name": "web", "version": None, "release": None}]
)
def test_the_gateway_is_understood_in_all_its_spellings(spec_ident: t.Any) -> None:
    assert services.of_gateway({**GATEWAY, "spec_ident": spec_ident}) == Service(WEB, VALUES, "up", "down")


def test_a_spec_file_says_the_same() -> None:
    assert services.of_spec(SPEC) == Service(WEB, {**VALUES, "shutdown_timeout": 8}, "up")


def wanted(**given: t.Any) -> dict[str, t.Any]:
    return services.wanted_values({**dict.fromkeys(services.FIELDS), **given})


@pytest.mark.parametrize(
    ("ident", "given", "changed"),
    [
        ("acme/web", {}, ()),
        ("acme/web", {"bldr_url": "https://bldr.example.com/"}, ()),
        ("acme/web", {"bind": ["db:postgres.default", "cache:redis.default"]}, ()),
        ("acme/web", {"bind": []}, ("bind",)),
        ("acme/web", {"shutdown_timeout": 3}, ()),
        ("acme/web", {"config_from": "/x"}, ("config_from",)),
        ("acme/web/1.0", {"channel": "dev"}, ("ident", "channel")),
    ],
)
def test_only_what_is_given_and_known_is_compared(ident: str, given: dict[str, t.Any], changed: tuple[str]) -> None:
    assert services.differences(Service(WEB, VALUES, "up"), parse(ident), wanted(**given)) == changed


def test_a_name_without_version_fits_a_service_with_one() -> None:
    current = Service(Ident("acme", "web", "1.0"), VALUES, "up")
    assert services.differences(current, WEB, {}) == ()


UP, DOWN = Service(WEB, VALUES, "up"), Service(WEB, VALUES, "down")


@pytest.mark.parametrize(
    ("state", "current", "given", "planned"),
    [
        ("unloaded", None, {}, Plan()),
        ("unloaded", UP, {}, Plan("unload")),
        ("loaded", DOWN, {}, Plan()),
        ("started", DOWN, {}, Plan("", ("start",))),
        ("stopped", UP, {}, Plan("", ("stop",))),
        ("stopped", None, {}, Plan("load", ("stop",), ("ident",))),
        ("restarted", UP, {}, Plan("", ("stop", "start"))),
        ("restarted", DOWN, {}, Plan("", ("start",))),
        ("loaded", UP, {"channel": "dev"}, Plan("update", (), ("channel",))),
        ("restarted", UP, {"group": "green"}, Plan("reload", (), ("group",))),
        ("stopped", DOWN, {"group": "green"}, Plan("reload", ("stop",), ("group",))),
        ("started", DOWN, {"group": "green"}, Plan("reload", (), ("group",))),
    ],
)
def test_what_is_to_be_done(state: str, current: Service | None, given: dict[str, t.Any], planned: Plan) -> None:
    assert services.plan(state, current, WEB, wanted(**given), may_reload=True) == planned


def test_a_restart_has_to_be_allowed_and_an_old_hab_always_needs_one() -> None:
    with pytest.raises(HabError, match="allow it with force"):
        services.plan("loaded", UP, WEB, wanted(channel="dev"), may_reload=False, can_update=False)
    assert services.plan("loaded", UP, WEB, wanted(channel="dev"), True, can_update=False).configure == "reload"


def test_an_update_always_says_channel_and_condition() -> None:
    bare = Service(WEB, {}, "up")
    words = services.words("update", WEB, services.merged(bare, wanted(strategy="rolling")), "10.0.0.1")
    assert " ".join(words) == (
        "svc update acme/web --channel stable --strategy rolling --update-condition latest --remote-sup 10.0.0.1"
    )


def test_binds_cannot_swallow_what_follows() -> None:
    words = services.words("reload", WEB, services.merged(None, wanted(bind=["b:c.d", "a:b.c"])), None)
    assert words[-3:] == ["--bind=a:b.c", "--bind=b:c.d", "--force"]
