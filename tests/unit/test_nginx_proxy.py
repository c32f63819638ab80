# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""What the role nginx_proxy refuses, and what its options make of the configuration."""

from __future__ import annotations

import base64
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import proxy_config  # noqa: E402

ROLE = ROOT / "roles" / "nginx_proxy"
FACTS = {"ansible_facts": {"os_family": "Debian"}, "inventory_hostname": "proxy1"}
JENKINS = {"url": "http://jenkins.internal:8080"}


def load(name: str) -> Any:
    return DataLoader().load_from_file(str(ROLE / name), trusted_as_template=True)


VARIABLES = {**load("defaults/main.yml"), **load("vars/main.yml"), **FACTS}


def refusals(options: dict[str, Any], file: str = "preflight.yml") -> Iterator[str]:
    """The messages of the assertions that fail, in order."""
    for task in load(f"tasks/{file}"):
        variables = {**VARIABLES, **options, **task.get("vars", {})}
        for item in Templar(DataLoader(), variables=variables).template(task.get("loop", [None])):
            templar = Templar(DataLoader(), variables={**variables, "item": item})
            if not templar.evaluate_conditional(task.get("when", True)):
                continue
            if (included := task.get("ansible.builtin.include_tasks", "")).startswith("preflight"):
                yield from refusals(options, included)
            elif check := task.get("ansible.builtin.assert"):
                conditions = check["that"] if isinstance(check["that"], list) else [check["that"]]
                if not all(templar.evaluate_conditional(condition) for condition in conditions):
                    yield templar.template(check["fail_msg"])


def upstream(**options: Any) -> dict[str, Any]:
    return {"nginx_proxy_upstreams": [{**JENKINS, **options}]}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (upstream(url="jenkins:8080"), "has the url 'jenkins:8080', but it must be http:// or https:// with a host"),
        (upstream(url="http://jenkins:8080/ci"), "has the url 'http://jenkins:8080/ci'"),
        (upstream(url="http://a;b"), "has the url 'http://a;b'"),
        (upstream(url="http://localhost:8080"), "for this host itself write 127.0.0.1"),
        (upstream(path="/jenkins/"), "path '/jenkins/'"),
        (upstream(path="/a b"), "path '/a b'"),
        (upstream(login_path="login"), "login_path 'login'"),
        (upstream(host="a b"), "host 'a b'"),
        ({"nginx_proxy_upstreams": []}, "there must be at least one"),
        ({"nginx_proxy_upstreams": [JENKINS, JENKINS]}, "has the places '/', '/', but"),
        ({"nginx_proxy_allowed_cidrs": ["10.0.0.0/33"]}, "'10.0.0.0/33' is in nginx_proxy_allowed_cidrs"),
        ({"nginx_proxy_trusted_proxies": ["everybody"]}, "'everybody' is in"),
        (upstream(allowed_cidrs=["::1/200"]), "'::1/200' is in"),
        ({"nginx_proxy_proxy_protocol": True}, "nginx_proxy_trusted_proxies is empty"),
        ({"nginx_proxy_http_port": 8081}, "The ports 8081, 8081"),
        ({"nginx_proxy_health_port": 70000}, "The ports 80, 70000"),
        ({"nginx_proxy_public_url": "jenkins.example.com"}, "nginx_proxy_public_url is 'jenkins.example.com'"),
        (
            {"nginx_proxy_public_url": "http://ci.example.com", "nginx_proxy_redirect_port": 8082},
            "an https:// one with",
        ),
        ({"nginx_proxy_max_body_size": "1 GB"}, "nginx_proxy_max_body_size is '1 GB'"),
        (
            {"nginx_proxy_timeout": 0},
            "timeouts, nginx_proxy_resolver_valid and nginx_proxy_worker_connections must be more",
        ),
        ({"nginx_proxy_tls": "controller"}, "but both files must be named"),
        (upstream(), "must be looked up; name a name server"),
    ],
)
def test_mistakes_are_refused_before_anything_is_done(options: dict[str, Any], told: str) -> None:
    assert told in next(refusals(options), "")


def test_a_certificate_has_to_be_where_it_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "key").touch()
    files = {"nginx_proxy_tls_certificate": f"{tmp_path}/cert", "nginx_proxy_tls_key": f"{tmp_path}/key"}
    assert f"the controller has no file {tmp_path}/cert (" in next(refusals({"nginx_proxy_tls": "controller", **files}))
    hidden = {"nginx_proxy_tls": "host", "nginx_proxy_mode": "container", **files}
    assert "a container sees only files below /etc/nginx_proxy" in next(refusals(hidden))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {**upstream(), "nginx_proxy_resolvers": ["10.0.0.2", "10.0.0.3:5353"]},
        {**upstream(url="https://[2001:db8::1]:8443", path="/a/b.c", host="ci.example.com")},
        {"nginx_proxy_allowed_cidrs": ["203.0.113.0/24", "2001:db8::/32"], "nginx_proxy_trusted_proxies": ["10.0.0.1"]},
    ],
)
def test_what_is_right_is_not_refused(options: dict[str, Any]) -> None:
    assert list(refusals(options)) == []


@pytest.mark.parametrize(
    ("resolv_conf", "resolvers"),
    [
        (
            "search example.com\nnameserver 10.0.0.2\n# nameserver 10.0.0.9\nnameserver  10.0.0.3 \n",
            "10.0.0.2 10.0.0.3",
        ),
        ("nameserver fe80::1%eth0\nnameserver 2001:db8::53\n", "[2001:db8::53]"),
    ],
)
def test_the_name_servers_are_those_of_the_host(resolv_conf: str, resolvers: str) -> None:
    known = {"__nginx_proxy_resolv_conf": {"content": base64.b64encode(resolv_conf.encode()).decode()}}
    assert f"  resolver {resolvers} valid=10s ipv6=off;\n" in proxy_config.configuration({**FACTS, **known})


def locations(text: str) -> dict[str, str]:
    """The lines of each location with an upstream."""
    return dict(re.findall(r"    location (\S+) \{\n(.*?)\n    \}", text, re.DOTALL))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["proxy_pass http://$backend:8080;", "set $backend 127.0.0.1;", "X-Forwarded-Proto $scheme;"]),
        (
            upstream(url="http://ci"),
            ["proxy_pass http://$backend;", "proxy_redirect http://$backend/ $scheme://$asked_host/;"],
        ),
        (
            upstream(url="https://[::1]:8443"),
            ["set $backend [::1];", "proxy_pass https://$backend:8443;", "proxy_ssl_name"],
        ),
        ({"nginx_proxy_public_url": "https://ci.example.com"}, ["X-Forwarded-Proto https;", "X-Forwarded-Port 443;"]),
        ({"nginx_proxy_public_url": "https://ci.example.com:8443"}, ["X-Forwarded-Port 8443;"]),
        ({"nginx_proxy_trusted_proxies": ["10.0.0.1"]}, ["X-Forwarded-Proto $forwarded_proto;", "$forwarded_port;"]),
        (
            {"nginx_proxy_max_body_size": "5m", "nginx_proxy_timeout": 60},
            ["client_max_body_size 5m;", "read_timeout 60s;"],
        ),
        ({"nginx_proxy_allowed_cidrs": ["10.0.0.1"]}, ["allow 10.0.0.1;\n      deny all;"]),
    ],
)
def test_options_change_how_a_service_is_reached(options: dict[str, Any], expected: list[str]) -> None:
    location = locations(proxy_config.configuration({**FACTS, **options}))["/"]
    assert [part for part in expected if part not in location] == []


def test_an_upstream_overrides_what_holds_for_all() -> None:
    options = {
        "nginx_proxy_allowed_cidrs": ["10.0.0.0/8"],
        "nginx_proxy_upstreams": [
            {**JENKINS, "path": "/ci", "login_path": "/login.do"},
            {**JENKINS, "path": "/open", "allowed_cidrs": [], "buffering": True},
        ],
    }
    text = proxy_config.configuration({**FACTS, **options})
    found = locations(text)
    assert "allow 10.0.0.0/8;" in found["/ci/"]
    assert "deny" not in found["/open/"]
    assert "proxy_request_buffering on;" in found["/open/"]
    assert "location / { return 404; }" in text
    assert r"~^/ci/login\.do $binary_remote_addr;" in text


def test_a_host_that_nobody_serves_gets_nothing() -> None:
    text = proxy_config.configuration({**FACTS, **upstream(host="ci.example.com")})
    servers = re.findall(r"\n  server \{\n(.*?)\n  \}", text, re.DOTALL)
    assert servers[0].split("\n    ") == ["    listen 80;", "return 404;"]
    assert "server_name ci.example.com;" in servers[1]


def test_the_log_as_json_is_json() -> None:
    text = proxy_config.configuration({**FACTS, "nginx_proxy_log_format": "json"})
    pieces = re.search(r"log_format access escape=json (.*?);\n", text, re.DOTALL)
    assert pieces
    line = "".join(re.findall(r"'([^']*)'", pieces[1]))
    entry = json.loads(re.sub(r"\$\w+", "1", line))
    assert {"time", "client", "method", "path", "status", "seconds"} <= set(entry)
    assert not re.search(r"\$(request|request_uri|args|query_string|http_referer)\b", line)
