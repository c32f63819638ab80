# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the refusals of Jenkins mean to a person."""

from __future__ import annotations

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._jenkins.errors import Answer, explain

URL = "http://ci/cloud/doCreate"


@pytest.mark.parametrize(
    ("status", "headers", "body", "message"),
    [
        (400, {"x-error": "A job already exists"}, "", "Jenkins refused to create it: A job already exists."),
        (400, {}, '[{"line": -1, "message": "Bad value"}]', "Jenkins refused to create it: Bad value."),
        (400, {}, "<html>", "Jenkins refused to create it: it gave no reason."),
        (401, {}, "", f"Jenkins at {URL} does not accept the user ann with this token or password."),
        (
            403,
            {"x-required-permission": "Overall/Administer", "x-you-are-authenticated-as": "ann"},
            "",
            "Jenkins does not create it for the user ann: the permission Overall/Administer is needed.",
        ),
        (
            403,
            {},
            "",
            "Jenkins does not create it for the user ann: more permissions are needed.",
        ),
        (404, {}, "", f"Jenkins could not create it: there is nothing at {URL} (or this user may not see it)."),
        (500, {}, "Logging ID=0a-1b", "Jenkins failed to create it with an internal error; the entry 0a-1b of its log"),
        (500, {}, "", "Jenkins failed to create it with an internal error; its log has the reason."),
        (503, {}, "Please wait while Jenkins is restarting", "it is still loading or restarting."),
        (502, {}, "", f"Jenkins could not create it: nobody answers behind {URL} (502)."),
        (301, {"location": "https://ci/"}, "", f"{URL} redirects to https://ci/; give the final address as url."),
    ],
)
def test_explanation(status: int, headers: dict[str, str], body: str, message: str) -> None:
    assert message in explain(Answer(status, headers, body.encode(), URL), "create it", "ann").message
