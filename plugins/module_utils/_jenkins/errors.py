# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import json
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

NO_CRUMB = "No valid crumb"
_LOGGING_ID = re.compile(r"Logging ID=([0-9a-f-]+)")
_STARTING = re.compile(r"getting ready to work|is restarting", re.IGNORECASE)


class Answer(t.NamedTuple):
    """The answer to a request; the names of headers are in lower case."""

    status: int
    headers: t.Mapping[str, str]
    body: bytes
    url: str

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def is_html(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/html")

    @property
    def is_starting(self) -> bool:
        """Whether Jenkins says that it is loading or about to restart, or a proxy that nobody answers behind it."""
        return self.status in (502, 504) or (self.status == 503 and "x-jenkins" not in self.headers)


class JenkinsError(CollectionError):
    """What Jenkins refused, or why it could not be asked."""


class Unreachable(JenkinsError):
    """No answer: for a request that writes it is not known whether it was carried out."""


class Starting(JenkinsError):
    """Jenkins is loading or restarting, and did not get ready in time."""


class NotFound(JenkinsError):
    """Jenkins does not have it, or does not show it to this user."""


class NotAuthenticated(JenkinsError):
    """Jenkins does not know the user, or not with this password or token."""


class NotAllowed(JenkinsError):
    """Jenkins knows the user, but does not allow it."""


class Refused(JenkinsError):
    """Jenkins does not accept what was sent; reason has its words."""


def explain(answer: Answer, action: str, user: str | None) -> JenkinsError:
    """The error of an answer that is no success, in one sentence with cause and remedy."""
    explained = _BY_STATUS.get(answer.status, _of_another_status)(answer, action, user)
    explained.details.update(status=answer.status, url=answer.url)
    return explained


def _of_401(answer: Answer, _action: str, user: str | None) -> JenkinsError:
    who = f"the user {user} with this token or password" if user else "anonymous users"
    return NotAuthenticated(f"Jenkins at {answer.url} does not accept {who}.")


def _of_403(answer: Answer, action: str, user: str | None) -> JenkinsError:
    permission = answer.headers.get("x-required-permission", "")
    known_as = answer.headers.get("x-you-are-authenticated-as") or user
    if NO_CRUMB in answer.text:
        return NotAllowed(
            f"Jenkins refused to {action}: it wants a crumb, and did not accept the one that it gave; "
            "use a token instead of a password, or look for a proxy that drops cookies or headers."
        )
    if not known_as:
        return NotAuthenticated(f"Jenkins does not {action} for anonymous users; give user and token.")
    needed = f"the permission {permission} is needed" if permission else "more permissions are needed"
    return NotAllowed(
        f"Jenkins does not {action} for the user {known_as}: {needed}.", missing_permission=permission or None
    )


def _of_404(answer: Answer, action: str, _user: str | None) -> JenkinsError:
    return NotFound(f"Jenkins could not {action}: there is nothing at {answer.url} (or this user may not see it).")


def _of_405(_answer: Answer, action: str, _user: str | None) -> JenkinsError:
    return Refused(
        f"Jenkins could not {action}: the request did not arrive as it was sent (405). Usually a proxy redirects it, "
        "for example from http to https; give the final address as url."
    )


def _of_400(answer: Answer, action: str, _user: str | None) -> JenkinsError:
    reason = answer.headers.get("x-error") or _message_of_json(answer) or "it gave no reason"
    return Refused(f"Jenkins refused to {action}: {_one_line(reason)}", reason=reason)


def _of_500(answer: Answer, action: str, _user: str | None) -> JenkinsError:
    found = _LOGGING_ID.search(answer.text)
    where = f"the entry {found.group(1)} of its log has the reason" if found else "its log has the reason"
    return JenkinsError(
        f"Jenkins failed to {action} with an internal error; {where}.", logging_id=found.group(1) if found else None
    )


def _of_another_status(answer: Answer, action: str, _user: str | None) -> JenkinsError:
    location = answer.headers.get("location", "")
    if location:
        return Refused(
            f"Jenkins could not {action}: {answer.url} redirects to {location}; give the final address as url."
        )
    return JenkinsError(f"Jenkins could not {action}: it answered with status {answer.status}.")


def _of_503(answer: Answer, action: str, _user: str | None) -> JenkinsError:
    if _STARTING.search(answer.text):
        return Starting(f"Jenkins could not {action}: it is still loading or restarting.")
    return Starting(f"Jenkins could not {action}: nobody answers behind {answer.url} ({answer.status}).")


_BY_STATUS: dict[int, t.Callable[[Answer, str, str | None], JenkinsError]] = {
    400: _of_400,
    401: _of_401,
    403: _of_403,
    404: _of_404,
    405: _of_405,
    500: _of_500,
    502: _of_503,
    503: _of_503,
    504: _of_503,
}


def _message_of_json(answer: Answer) -> str:
    """The messages of a JSON answer: [{line, message}] or {message}."""
    try:
        found = json.loads(answer.text)
    except ValueError:
        return ""
    items = found if isinstance(found, list) else [found]
    return "\n".join(str(item.get("message") or item.get("warning")) for item in items if isinstance(item, dict))


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if line.endswith((".", "!", "?")) else f"{line}."


def not_expected(answer: Answer, wanted: str, action: str) -> JenkinsError:
    """The error of a success whose content is something else."""
    what = "a web page" if answer.is_html else answer.headers.get("content-type") or "something else"
    return JenkinsError(
        f"Jenkins could not {action}: {answer.url} answered with {what} instead of {wanted}. Often that is the login "
        "page of a proxy, or url lacks the context path.",
        status=answer.status,
        url=answer.url,
    )
