# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The HTTP API of the depot: python -m fake_hab.server --depot FOLDER [--host H] [--port P]."""

from __future__ import annotations

import argparse
import json
import re
import typing as t
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from fake_hab import keys
from fake_hab.depot import Depot, Refused
from fake_hab.failure import Failure
from fake_hab.idents import Ident
from fake_hab.web import Answer, Question, Respond, create


class Request(t.NamedTuple):
    depot: Depot
    words: t.Mapping[str, str]
    query: t.Mapping[str, str]
    token: str | None
    body: bytes

    @property
    def ident(self) -> Ident:
        return Ident(*(self.words.get(name) for name in ("origin", "name", "version", "release")))  # type: ignore[arg-type]

    @property
    def target(self) -> str:
        return self.query.get("target", "x86_64-linux")


def latest(asked: Request) -> Answer:
    return Answer(200, asked.depot.latest(asked.ident, asked.words["channel"], asked.target, asked.token))


def show(asked: Request) -> Answer:
    return Answer(200, asked.depot.show(asked.ident, asked.token, asked.words.get("channel")))


def package_channels(asked: Request) -> Answer:
    return Answer(200, asked.depot.channels_of(asked.ident, asked.token))


def download(asked: Request) -> Answer:
    return Answer(200, asked.depot.download(asked.ident, asked.token))


def upload(asked: Request) -> Answer:
    forced = asked.query.get("forced", "false").lower() == "true"
    checksum = asked.query.get("checksum", "")
    asked.depot.upload(asked.ident, asked.body, checksum, asked.target, asked.token, forced)
    return Answer(201)


def delete(asked: Request) -> Answer:
    asked.depot.delete(asked.ident, asked.token)
    return Answer(204)


def move(asked: Request) -> Answer:
    operation = getattr(asked.depot, asked.words["action"])
    operation(asked.ident, asked.words["channel"], asked.token)
    return Answer(200)


def origin_channels(asked: Request) -> Answer:
    names = asked.depot.origin_channels(asked.words["origin"], asked.token)
    return Answer(200, [{"name": name} for name in names])


def create_channel(asked: Request) -> Answer:
    asked.depot.create_channel(asked.words["origin"], asked.words["channel"], asked.token)
    return Answer(201)


def destroy_channel(asked: Request) -> Answer:
    asked.depot.destroy_channel(asked.words["origin"], asked.words["channel"], asked.token)
    return Answer(200)


def origin(asked: Request) -> Answer:
    return Answer(200, asked.depot.describe_origin(asked.words["origin"], asked.token))


def create_origin(asked: Request) -> Answer:
    asked.depot.create_origin(json.loads(asked.body)["name"], asked.token)
    return Answer(201)


def list_keys(asked: Request) -> Answer:
    name = asked.words["origin"]
    revisions = asked.depot.key_revisions(name, asked.token)
    return Answer(
        200, [{"origin": name, "revision": rev, "location": f"/origins/{name}/keys/{rev}"} for rev in revisions]
    )


def get_key(asked: Request) -> Answer:
    name, revision = asked.words["origin"], asked.words["revision"]
    kind = "secret" if asked.words["kind"] == "secret_keys" else "public"
    if revision == "latest":
        revision = max(asked.depot.key_revisions(name, asked.token, kind), default="none")
    return Answer(200, asked.depot.key(name, revision, kind, asked.token).text.encode())


def put_key(asked: Request) -> Answer:
    try:
        key = keys.parse(asked.body.decode())
    except (Failure, UnicodeDecodeError):
        return Answer(422)
    wanted = "secret" if asked.words["kind"] == "secret_keys" else "public"
    if (key.origin, key.revision, key.kind) != (asked.words["origin"], asked.words["revision"], wanted):
        return Answer(422)
    asked.depot.put_key(key, asked.token)
    return Answer(201)


_PACKAGE = r"(?P<origin>[^/]+)/(?P<name>[^/]+)/(?P<version>[^/]+)/(?P<release>[^/]+)"
_IN_CHANNEL = r"channels/(?P<origin>[^/]+)/(?P<channel>[^/]+)/pkgs/(?P<name>[^/]+)"
_CHANNEL = r"channels/(?P<origin>[^/]+)/(?P<channel>[^/]+)"
_KEY = r"origins/(?P<origin>[^/]+)/(?P<kind>keys|secret_keys)/(?P<revision>[^/]+)"

ROUTES: list[tuple[str, str, t.Callable[[Request], Answer]]] = [
    ("GET", rf"{_IN_CHANNEL}(?:/(?P<version>[^/]+))?/latest", latest),
    ("GET", rf"{_IN_CHANNEL}/(?P<version>[^/]+)/(?P<release>[^/]+)", show),
    ("PUT", rf"{_IN_CHANNEL}/(?P<version>[^/]+)/(?P<release>[^/]+)/(?P<action>promote|demote)", move),
    ("GET", rf"pkgs/{_PACKAGE}", show),
    ("GET", rf"pkgs/{_PACKAGE}/channels", package_channels),
    ("GET", rf"pkgs/{_PACKAGE}/download", download),
    ("POST", rf"pkgs/{_PACKAGE}", upload),
    ("DELETE", rf"pkgs/{_PACKAGE}", delete),
    ("GET", r"channels/(?P<origin>[^/]+)", origin_channels),
    ("POST", _CHANNEL, create_channel),
    ("DELETE", _CHANNEL, destroy_channel),
    ("POST", r"origins", create_origin),
    ("GET", r"origins/(?P<origin>[^/]+)", origin),
    ("GET", r"origins/(?P<origin>[^/]+)/keys", list_keys),
    ("GET", _KEY, get_key),
    ("POST", _KEY, put_key),
]


def depot_of(folder: Path) -> Respond:
    """How the depot in a folder answers."""
    depot = Depot(folder, by="http")

    def respond(question: Question) -> Answer:
        try:
            return _respond(depot, question)
        except Refused as refused:
            return Answer(refused.status, refused.message.encode())

    return respond


def _respond(depot: Depot, question: Question) -> Answer:
    url = urlsplit(question.path)
    path = re.sub(r"^(/bldr)?/v1/depot/", "", url.path)
    if path == url.path:
        return Answer(404)
    query = {name: values[-1] for name, values in parse_qs(url.query).items()}
    for method, pattern, handler in ROUTES:
        match = re.fullmatch(pattern, path)
        if match and method == question.method:
            words = {name: unquote(word) for name, word in match.groupdict().items() if word is not None}
            if {".", ".."} & set(words.values()):
                return Answer(404)
            return handler(Request(depot, words, query, question.token, question.body))
    return Answer(404)


def main() -> None:
    parser = argparse.ArgumentParser(prog="fake_hab.server", description="A double of Builder's HTTP API")
    parser.add_argument("--depot", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9636)
    given = parser.parse_args()
    create(depot_of(given.depot), given.host, given.port).serve_forever()


if __name__ == "__main__":
    main()
