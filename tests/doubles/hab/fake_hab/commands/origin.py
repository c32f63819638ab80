# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""hab origin create, info and key *."""

from __future__ import annotations

import json
from pathlib import Path

from fake_hab import keys, remote
from fake_hab.context import Context
from fake_hab.depot import Depot, Refused
from fake_hab.failure import Failure
from fake_hab.keys import KeyCache
from fake_hab.parser import Parsed


def create(context: Context, parsed: Parsed) -> None:
    token = context.needed_token(parsed.one("AUTH_TOKEN"))
    depot = remote.depot_of(context, parsed)
    name = parsed.text("ORIGIN")
    context.ui.status("Creating", f"origin {name}.")
    try:
        depot.create_origin(name, token)
    except Refused as refused:
        if refused.status != 409:
            raise Failure(remote.text_of(refused)) from refused
        context.ui.status("Skipping", f"creation of origin {name}. Origin already exists!")
        return
    context.ui.status("Created", f"origin {name}.")


def info(context: Context, parsed: Parsed) -> None:
    token = context.needed_token(parsed.one("AUTH_TOKEN"))
    with remote.answers():
        found = remote.depot_of(context, parsed).describe_origin(parsed.text("ORIGIN"), token)
    if parsed.flag("TO_JSON"):
        context.ui.line(json.dumps(found))
    else:
        context.ui.line(f"Origin [{found['name']}]:\nDefault Visibility: {found['default_package_visibility']}")


def _cache(context: Context, parsed: Parsed) -> KeyCache:
    return KeyCache(context.key_cache(parsed.one("cache_key_path")))


def key_generate(context: Context, parsed: Parsed) -> None:
    """A new pair every time."""
    name = context.origin(parsed.one("ORIGIN"))
    context.ui.begin(f"Generating origin key for {name}")
    public, secret = keys.generate(name, context.now())
    cache = _cache(context, parsed)
    cache.write(public)
    cache.write(secret)
    context.ui.end(f"Generated origin key pair {public.name}.")


def key_import(context: Context, parsed: Parsed) -> None:
    context.ui.begin("Importing origin key from standard input")
    try:
        key = keys.parse(context.read_stdin().decode())
    except (Failure, UnicodeDecodeError):
        text = "Crypto error: Could not parse content as an public or secret origin signing key!"
        raise Failure(text) from None
    _cache(context, parsed).write(key)
    context.ui.end(f"Imported {key.kind} origin key {key.name}")


def key_export(context: Context, parsed: Parsed) -> None:
    key = _cache(context, parsed).latest(parsed.one("KEY_TYPE") or "public", parsed.text("ORIGIN"))
    context.ui.raw(key.text)


def key_download(context: Context, parsed: Parsed) -> None:
    """Secret keys without a token: a remark, and success."""
    token = context.token(parsed.one("AUTH_TOKEN"))
    name = parsed.text("ORIGIN")
    depot = remote.depot_of(context, parsed)
    if not (parsed.flag("WITH_SECRET") or parsed.flag("WITH_ENCRYPTION")):
        _download_public(context, parsed, depot, name, token)
    elif token is None:
        context.ui.end("No auth token found. You must pass a token to download secret keys.")
    elif parsed.flag("WITH_SECRET"):
        context.ui.begin(f"Downloading secret origin keys for {name}")
        with remote.answers():
            revision = max(depot.key_revisions(name, token, "secret"), default="none")
            _fetch(context, parsed, depot, f"{name}-{revision}", "secret", token)
        context.ui.end(f"Download of {name} secret origin keys completed.")
    else:
        raise Failure("the double has no encryption keys", 70)


def _download_public(context: Context, parsed: Parsed, depot: Depot, name: str, token: str | None) -> None:
    revision = parsed.one("REVISION")
    what = f"key {name}-{revision}" if revision else f"keys for {name}"
    context.ui.begin(f"Downloading public origin {what}")
    with remote.answers():
        revisions = [revision] if revision else depot.key_revisions(name, token)
        for found in revisions:
            _fetch(context, parsed, depot, f"{name}-{found}", "public", token)
    if not revisions:
        context.ui.end(f"No public keys for {name}.")
    elif revision:
        context.ui.end(f"Download of {name}-{revision} public origin key completed.")
    else:
        context.ui.end(f"Download of {name} public origin keys completed.")


def _fetch(context: Context, parsed: Parsed, depot: Depot, key_name: str, kind: str, token: str | None) -> None:
    context.ui.status("Downloading", f"{key_name} {kind} origin key")
    origin, revision = key_name.rsplit("-", 1)
    key = depot.key(origin, revision, kind, token)
    _cache(context, parsed).write(key)
    context.ui.status("Cached", key.file_name)


def key_upload(context: Context, parsed: Parsed) -> None:
    token = context.needed_token(parsed.one("AUTH_TOKEN"))
    depot = remote.depot_of(context, parsed)
    cache = _cache(context, parsed)
    name = parsed.one("origin")
    public = cache.latest("public", name) if name else _read(parsed.text("public_file"))
    _put(context, depot, public, token)
    secret_file = parsed.one("SECRET_FILE")
    if secret_file:  # the real tool sends the name where the revision belongs
        secret = _read(secret_file)
        _put(context, depot, secret._replace(revision=secret.origin), token)
    elif parsed.flag("WITH_SECRET"):
        _put(context, depot, cache.read("secret", public.name), token)


def _read(name: str) -> keys.Key:
    try:
        return keys.parse(Path(name).read_text())
    except OSError as error:
        raise Failure(f"{error.strerror} (os error {error.errno})") from error


def _put(context: Context, depot: Depot, key: keys.Key, token: str) -> None:
    context.ui.begin(f"Uploading {key.kind} origin key {key.file_name}")
    try:
        depot.put_key(key, token)
        context.ui.status("Uploaded", key.name)
    except Refused as refused:
        if refused.status != 409 or key.kind == "secret":
            raise Failure(remote.text_of(refused)) from refused
        context.ui.status("Using", f"public key revision {key.name} which already exists in the depot")
    context.ui.end(f"Upload of {key.kind} origin key {key.name} complete.")
