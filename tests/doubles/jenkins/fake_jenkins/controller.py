# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller: who may do what, where requests go, and its life from loading to restarting."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import time
import typing as t
import urllib.parse

from fake_jenkins.answers import HTML, Answer, Problem, Request, as_json, not_found, page
from fake_jenkins.casc import Configuration, Endpoints
from fake_jenkins.clouds import CloudPages
from fake_jenkins.jobs import Jobs
from fake_jenkins.plugins import Plugins
from fake_jenkins.settings import Settings

ADMIN, READ, SYSTEM_READ, MANAGE = "Overall/Administer", "Overall/Read", "Overall/SystemRead", "Overall/Manage"
LOADING, READY, RESTARTING, DOWN = "loading", "ready", "restarting", "down"
_JOB = r"((?:/job/[^/]+)+)"


class Route(t.NamedTuple):
    """A path: who may go there, with which verb, and what a wrong verb gets (405, or 404 from a filter)."""

    verb: str
    pattern: str
    permission: str
    handler: t.Callable[..., Answer]
    wrong_verb: int = 405
    plain_403: bool = False


class Controller:
    """One controller. Everything is lost when it is made anew; what Jenkins keeps on disk survives a restart."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.configuration = Configuration(settings)
        self.plugins = Plugins(settings)
        self.jobs = Jobs(settings, self._agent_for)
        self._casc = Endpoints(settings, self.configuration)
        self._clouds = CloudPages(settings, self.configuration)
        self._sessions: dict[str, str] = {}
        self._restart_wanted = False
        self._until = 0.0
        self.state = DOWN
        self.start()

    # life

    def start(self) -> None:
        """Load: a new session, no crumb of before is valid, plugins that waited for it are used."""
        self.session = secrets.token_hex(4)
        self._salt = secrets.token_hex(8)
        self._sessions.clear()
        self._restart_wanted = False
        self.jobs.held = False
        self.plugins.restarted()
        self.configuration.start()
        self.jobs.started = time.monotonic()
        self.state, self._until = LOADING, time.monotonic() + self.settings.loading_time

    def settle(self) -> None:
        """Go on to the state that it is time for."""
        now = time.monotonic()
        if self.state == READY and self._restart_wanted and not self.jobs.running:
            self.state, self._until = RESTARTING, now + self.settings.restarting_time
        if self.state == RESTARTING and now >= self._until:
            if self.settings.exits:
                self.state = DOWN
            else:
                self.start()
        if self.state == LOADING and now >= self._until:
            self.state = READY

    def _safe_restart(self, _request: Request) -> Answer:
        self._restart_wanted = self.jobs.held = True
        return Answer(302, headers={"Location": self._absolute("/")})

    def _cancel(self, _request: Request) -> Answer:
        self._restart_wanted = self.jobs.held = False
        return Answer(302, headers={"Location": self._absolute("/")})

    def _agent_for(self, label: str) -> str | None:
        """An agent of the first template that has the label; a cloud without URL cannot start any."""
        for kind, values in self.configuration.clouds:
            for template in values.get("templates", ()) if kind == "ecs" else ():
                if label in str(template.get("label", "")).split() and values.get("jenkinsUrl"):
                    return f"{values['name']}-{label}-x7k2p"
        return None

    # requests

    def answer(self, request: Request) -> Answer | None:
        """The answer, nothing when the connection is refused."""
        self.settle()
        if self.state == DOWN:
            return None
        if self.state in (LOADING, RESTARTING):
            text = "getting ready to work" if self.state == LOADING else "restarting"
            found = page(503, f"Please wait while Jenkins is {text}")
            found.from_jenkins = False
            return found
        try:
            self._authenticate(request)
            if not self._inside(request):
                raise not_found()
            self._check_crumb(request)
            return self._routed(request)
        except Problem as problem:
            return problem.answer

    def _inside(self, request: Request) -> bool:
        prefix = self.settings.prefix
        if not request.path.startswith(f"{prefix}/"):
            return False
        request.path = request.path[len(prefix) :]
        return True

    def _authenticate(self, request: Request) -> None:
        cookie = re.search(r"JSESSIONID\.\w+=(\w+)", request.headers.get("cookie", ""))
        request.session = cookie.group(1) if cookie and cookie.group(1) in self._sessions else None
        scheme, _blank, given = request.headers.get("authorization", "").partition(" ")
        if request.session and self._sessions[request.session]:
            request.user = self._sessions[request.session]
            return
        if scheme.lower() != "basic":
            return
        name, _colon, secret = base64.b64decode(given).decode().partition(":")
        user = self.settings.users.get(name)
        if user is None or not secret or secret not in (user.token, user.password):
            raise Problem(page(401, "Invalid password/token", **{"WWW-Authenticate": 'Basic realm="Jenkins"'}))
        request.user, request.by_token = name, secret == user.token

    def _check_crumb(self, request: Request) -> None:
        if request.method != "POST" or not self.settings.csrf or request.by_token:
            return
        given = request.headers.get("jenkins-crumb") or request.form.get("Jenkins-Crumb")
        if not request.session or given != self._crumb(request):
            raise Problem(page(403, "No valid crumb was included in the request"))

    def _crumb(self, request: Request) -> str:
        return hashlib.sha256(f"{request.user};{request.session};{self._salt}".encode()).hexdigest()

    def _issue_crumb(self, request: Request) -> Answer:
        if not self.settings.csrf:
            raise not_found()
        headers = {}
        if request.session is None:
            request.session = secrets.token_hex(8)
            self._sessions[request.session] = request.user or ""
            headers["Set-Cookie"] = f"JSESSIONID.{self.session}={request.session}; Path=/; HttpOnly"
        found = as_json({"_class": "x", "crumb": self._crumb(request), "crumbRequestField": "Jenkins-Crumb"})
        found.headers.update(headers)
        return found

    def _may(self, request: Request, permission: str) -> bool:
        user = self.settings.users.get(request.user or "")
        granted = user.permissions if user else self.settings.anonymous
        implied = {READ: (SYSTEM_READ, MANAGE), SYSTEM_READ: (), MANAGE: ()}
        return ADMIN in granted or permission in granted or any(one in granted for one in implied.get(permission, ()))

    def _demand(self, request: Request, route: Route) -> None:
        if not route.permission or self._may(request, route.permission):
            return
        if request.user is None:
            raise Problem(page(403, "Authentication required, redirecting to /login"))
        if route.plain_403:
            raise Problem(page(403, "Forbidden"))
        headers = {"X-You-Are-Authenticated-As": request.user, "X-Required-Permission": route.permission}
        raise Problem(page(403, f"{request.user} is missing the {route.permission} permission", **headers))

    def _routed(self, request: Request) -> Answer:
        found = [(route, match) for route in self._routes() if (match := re.fullmatch(route.pattern, request.path))]
        if not found:
            raise not_found()
        for route, match in found:
            if route.verb == request.method:
                self._demand(request, route)
                return route.handler(*(urllib.parse.unquote(part) for part in match.groups()), request)
        if found[0][0].wrong_verb == 404:
            raise not_found()
        raise Problem(page(405, f"Only {found[0][0].verb} is supported", Allow=found[0][0].verb))

    def _routes(self) -> list[Route]:
        casc, clouds, jobs, plugins = self._casc, self._clouds, self.jobs, self.plugins
        base = "(?:/manage)?/configuration-as-code"
        return [
            Route("GET", "/api/json", READ, self._about),
            Route("GET", "/", READ, lambda _request: page(200, "Dashboard")),
            Route("GET", "/login", "", lambda _request: page(200, "Sign in to Jenkins")),
            Route("GET", "/whoAmI/api/json", "", lambda request: as_json({"name": request.user or "anonymous"})),
            Route("GET", "/crumbIssuer/api/json", READ, self._issue_crumb),
            Route("GET", "/tcpSlaveAgentListener/", "", self._agent_port),
            Route("POST", f"{base}/export", SYSTEM_READ, casc.export, plain_403=True),
            Route("POST", f"{base}/check", ADMIN, casc.check, plain_403=True),
            Route("POST", f"{base}/apply", ADMIN, casc.apply, plain_403=True),
            Route("POST", f"{base}/configure", ADMIN, casc.configure, plain_403=True),
            Route("POST", f"{base}/reload", MANAGE, casc.reload, plain_403=True),
            Route("GET", f"{base}/", READ, casc.index),
            Route("POST", "/cloud/doCreate", ADMIN, clouds.create, 404),
            Route("POST", "/cloud/([^/]+)/configSubmit", ADMIN, clouds.replace, 404),
            Route("POST", "/cloud/([^/]+)/doDelete", ADMIN, lambda name, _request: clouds.delete(name)),
            Route("GET", "/cloud/([^/]+)/", SYSTEM_READ, lambda name, _request: clouds.show(name)),
            Route("GET", "/pluginManager/api/json", SYSTEM_READ, plugins.listed),
            Route("POST", "/pluginManager/prevalidateConfig", ADMIN, plugins.prevalidate),
            Route("POST", "/pluginManager/installNecessaryPlugins", ADMIN, plugins.install),
            Route("POST", "/pluginManager/checkUpdatesServer", SYSTEM_READ, plugins.check_site),
            Route("GET", "/updateCenter/api/json", SYSTEM_READ, plugins.update_center),
            Route("GET", "/updateCenter/installStatus", SYSTEM_READ, plugins.install_status),
            Route("POST", "/updateCenter/safeRestart", ADMIN, self._safe_restart),
            Route("POST", "/safeRestart", MANAGE, self._safe_restart),
            Route("POST", "/cancelQuietDown", MANAGE, self._cancel),
            Route("POST", "/createItem", "Item/Create", jobs.create),
            Route("GET", f"{_JOB}/config.xml", "Item/ExtendedRead", lambda path, _r: jobs.configuration(_name(path))),
            Route("POST", f"{_JOB}/config.xml", "Item/Configure", lambda path, r: jobs.change(_name(path), r)),
            Route("POST", f"{_JOB}/doDelete", "Item/Delete", lambda path, _r: jobs.delete(_name(path))),
            Route("POST", f"{_JOB}/build", "Item/Build", lambda path, _r: self._start(_name(path), False)),
            Route("POST", f"{_JOB}/buildWithParameters", "Item/Build", lambda path, _r: self._start(_name(path), True)),
            Route("GET", f"{_JOB}/api/json", "Item/Read", lambda path, _r: jobs.about(_name(path), self._base)),
            Route("GET", f"{_JOB}/(\\d+)/api/json", "Item/Read",
                  lambda path, number, _r: jobs.about_build(_name(path), int(number), self._base)),
            Route("GET", f"{_JOB}/(\\d+)/logText/progressiveText", "Item/Read",
                  lambda path, number, r: jobs.console(_name(path), int(number), int(r.query.get("start", "0")))),
            Route("GET", "/queue/item/(\\d+)/api/json", "Item/Read", lambda number, _r: jobs.item(int(number))),
            Route("POST", "/queue/cancelItem", "Item/Cancel", jobs.cancel),
        ]  # fmt: skip

    @property
    def _base(self) -> str:
        return (self.settings.seen_as or "http://localhost:8080") + self.settings.prefix

    def _absolute(self, path: str) -> str:
        return self._base + path

    def _start(self, name: str, parameterised: bool) -> Answer:
        item = self.jobs.start(name, parameterised)
        return Answer(201, headers={"Location": self._absolute(f"/queue/item/{item.id}/")})

    def _about(self, _request: Request) -> Answer:
        return as_json({"_class": "hudson.model.Hudson", "quietingDown": self.jobs.held})

    def _agent_port(self, _request: Request) -> Answer:
        return Answer(200, b"Jenkins", HTML, {"X-Jenkins-JNLP-Port": "50000"})


def _name(path: str) -> str:
    """/job/a/job/b -> a/b"""
    return "/".join(path.split("/job/")[1:])
