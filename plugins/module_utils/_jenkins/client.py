# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import http.client
import http.cookiejar
import json
import typing as t
import urllib.error
import urllib.parse

from ansible.module_utils.basic import env_fallback
from ansible.module_utils.urls import Request

from ansible_collections.containerci.aws.plugins.module_utils._core.patience import Patience
from ansible_collections.containerci.aws.plugins.module_utils._jenkins.errors import (
    NO_CRUMB,
    Answer,
    NotFound,
    Starting,
    Unreachable,
    explain,
    not_expected,
)

#: the options of every module that talks to a controller, documented in the fragment _jenkins
CONNECTION: dict[str, dict[str, t.Any]] = {
    "url": {"type": "str", "required": True, "fallback": (env_fallback, ["JENKINS_URL"])},
    "user": {"type": "str", "fallback": (env_fallback, ["JENKINS_USER_ID"])},
    "token": {"type": "str", "no_log": True, "fallback": (env_fallback, ["JENKINS_API_TOKEN"])},
    "password": {"type": "str", "no_log": True},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path"},
    "timeout": {"type": "int", "default": 30},
    "ready_timeout": {"type": "int", "default": 60},
}
RULES: dict[str, t.Any] = {
    "mutually_exclusive": [("token", "password")],
    "required_by": {"token": "user", "password": "user", "client_key": "client_cert"},
}

Opener = t.Callable[..., t.Any]


class Jenkins:
    """A controller over HTTP. Every problem is raised as a JenkinsError that says what could not be done.

    With a token no cookies are kept: a session that is known by a cookie makes Jenkins ask for a crumb again.
    With a password each request that writes carries a crumb, which belongs to the session of the cookie.
    """

    def __init__(self, options: t.Mapping[str, t.Any], patience: t.Callable[[float], Patience] = Patience) -> None:
        self.url = str(options["url"]).rstrip("/")
        self.user: str | None = options.get("user")
        self._ready_timeout = float(options.get("ready_timeout") or 0)
        self._patience = patience
        self._needs_crumb = bool(self.user and options.get("password"))
        self._crumb: dict[str, str] | None = None
        policy = None if self._needs_crumb else http.cookiejar.DefaultCookiePolicy(allowed_domains=[])
        self._request = Request(
            url_username=self.user,
            url_password=options.get("token") or options.get("password"),
            force_basic_auth=True,
            validate_certs=options.get("validate_certs", True),
            ca_path=options.get("ca_path"),
            client_cert=options.get("client_cert"),
            client_key=options.get("client_key"),
            timeout=options.get("timeout") or 30,
            follow_redirects="none",
            cookies=http.cookiejar.CookieJar(policy),
            use_netrc=False,
        )

    def get(self, path: str, action: str, **query: t.Any) -> Answer:
        """The answer to GET; action completes "Jenkins could not ..."."""
        answer = self._when_ready("GET", path, action, query)
        if answer.status != 200:
            raise explain(answer, action, self.user)
        return answer

    def get_json(self, path: str, action: str, **query: t.Any) -> t.Any:
        return _json(self.get(path, action, **query), action)

    def post(self, path: str, action: str, data: bytes = b"", content_type: str = "", **query: t.Any) -> Answer:
        """The answer to POST: a success or the redirect with which Jenkins ends a form; it is never followed."""
        answer = self._post(path, action, data, content_type, query)
        if answer.status == 403 and self._needs_crumb and NO_CRUMB in answer.text:
            self._crumb = None
            answer = self._post(path, action, data, content_type, query)
        if answer.status == 302 and not self._asks_for_login(answer):
            return answer
        if not 200 <= answer.status < 300:
            raise explain(self._as_refusal(answer), action, self.user)
        return answer

    def post_form(self, path: str, action: str, form: t.Mapping[str, str], **query: t.Any) -> Answer:
        data = urllib.parse.urlencode(form).encode()
        return self.post(path, action, data, "application/x-www-form-urlencoded", **query)

    def forget_session(self) -> None:
        """Log in anew: sessions and crumbs end with a restart."""
        self._crumb = None
        self._request.cookies.clear()

    def ask_once(self, path: str, action: str) -> Answer:
        """The answer to GET whatever it is, without waiting; raises Unreachable."""
        return self._open("GET", path, action, {})

    def _post(self, path: str, action: str, data: bytes, content_type: str, query: t.Mapping[str, t.Any]) -> Answer:
        headers = dict(self._crumb_header(action))
        if content_type:
            headers["Content-Type"] = content_type
        return self._when_ready("POST", path, action, query, data, headers)

    def _crumb_header(self, action: str) -> dict[str, str]:
        if not self._needs_crumb:
            return {}
        if self._crumb is None:
            try:
                issued = self.get_json("/crumbIssuer/api/json", action)
                self._crumb = {str(issued["crumbRequestField"]): str(issued["crumb"])}
            except NotFound:  # the protection is off
                self._crumb = {}
        return self._crumb

    def _when_ready(
        self,
        method: str,
        path: str,
        action: str,
        query: t.Mapping[str, t.Any],
        data: bytes | None = None,
        headers: t.Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer; while Jenkins is loading, it is asked again. Nothing was carried out by such an answer."""
        patience = self._patience(self._ready_timeout)
        while True:
            answer = self._open(method, path, action, query, data, headers)
            if not answer.is_starting:
                return answer
            if not patience.pause():
                raise Starting(
                    f"{explain(answer, action, self.user).message[:-1]} after {self._ready_timeout:g} s "
                    "(option ready_timeout)."
                )

    def _open(
        self,
        method: str,
        path: str,
        action: str,
        query: t.Mapping[str, t.Any],
        data: bytes | None = None,
        headers: t.Mapping[str, str] | None = None,
    ) -> Answer:
        url = self.url + path + (f"?{urllib.parse.urlencode(query)}" if query else "")
        try:
            response = self._request.open(method, url, data=data, headers=dict(headers or {}))
        except urllib.error.HTTPError as error:
            response = error
        except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as error:
            reason = getattr(error, "reason", None) or error
            raise Unreachable(
                f"Jenkins could not {action}: {self.url} cannot be reached ({reason}).", url=url
            ) from error
        with response:
            return Answer(
                response.status, {name.lower(): value for name, value in response.headers.items()}, response.read(), url
            )

    @staticmethod
    def _asks_for_login(answer: Answer) -> bool:
        return "/login" in answer.headers.get("location", "")

    def _as_refusal(self, answer: Answer) -> Answer:
        """A redirect to the login page means the same as 401."""
        return answer._replace(status=401) if answer.status == 302 else answer


def _json(answer: Answer, action: str) -> t.Any:
    try:
        return json.loads(answer.text)
    except ValueError:
        raise not_expected(answer, "JSON", action) from None


def job_path(name: str) -> str:
    """The path of a job: folder/name -> /job/folder/job/name."""
    return "".join(f"/job/{urllib.parse.quote(part, safe='')}" for part in name.strip("/").split("/"))
