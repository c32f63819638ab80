# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import pwd
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._hab.errors import HabError

#: where hab is looked for besides PATH
_USUAL_PLACES = ("/bin/hab", "/hab/bin/hab")
_KEPT = (
    "PATH",
    "HOME",
    "TMPDIR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "FS_ROOT",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
)
_FIXED = {
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "HAB_NONINTERACTIVE": "true",
    "HAB_NOCOLORING": "true",
    "HAB_GLYPH_STYLE": "limited",
}
_SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def root_of(environ: t.Mapping[str, str]) -> str:
    """The directory that holds the tree /hab."""
    return environ.get("FS_ROOT") or "/"


def below(root: str, path: str) -> str:
    """An absolute path as it is below another root."""
    return os.path.join(root, path.lstrip("/"))


def home_of(environ: t.Mapping[str, str]) -> str:
    return environ.get("HOME") or pwd.getpwuid(os.geteuid()).pw_dir


def is_root() -> bool:
    return os.geteuid() == 0


def key_directory(environ: t.Mapping[str, str]) -> str:
    """Where hab keeps keys when it is not told another place."""
    if is_root():
        return below(root_of(environ), "/hab/cache/keys")
    return os.path.join(home_of(environ), ".hab/cache/keys")


def find_executable(given: str | None, environ: t.Mapping[str, str]) -> str:
    """The path of hab; the option executable counts alone."""
    if given:
        candidates = [given]
    else:
        folders = (environ.get("PATH") or _SEARCH_PATH).split(":")
        candidates = [os.path.join(folder or ".", "hab") for folder in folders]
        candidates += [below(root_of(environ), path) for path in _USUAL_PLACES]
    for path in candidates:
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    where = given or f"PATH, {' or '.join(_USUAL_PLACES)}"
    raise HabError(f"hab was not found ({where}); install Chef Habitat, or say where it is with executable.", "no_hab")


def license_word(accept: bool, environ: t.Mapping[str, str]) -> str:
    """The value of HAB_LICENSE, empty when a file on this host says that the licence is accepted.

    hab would ask for it otherwise, and nobody is there to answer.
    """
    inherited = environ.get("HAB_LICENSE", "")
    if accept or inherited in ("accept", "accept-no-persist"):
        return "accept-no-persist"  # accept would write the file again with every command
    places = (below(root_of(environ), "/hab"), os.path.join(home_of(environ), ".hab"))
    if inherited != "deny" and any(os.path.isfile(f"{place}/accepted-licenses/habitat") for place in places):
        return ""
    raise HabError(
        "The licence of Chef Habitat is not accepted on this host; read it, then set accept_license, or run "
        "hab license accept once.",
        "license_not_accepted",
    )


def child_environment(options: t.Mapping[str, t.Any], environ: t.Mapping[str, str]) -> dict[str, str]:
    """Everything that hab gets to see: little of what the task has, and no variable with an empty value."""
    given = {
        "HAB_LICENSE": license_word(bool(options.get("accept_license")), environ),
        "HAB_AUTH_TOKEN": options.get("auth_token") or "",
        "HAB_BLDR_URL": options.get("bldr_url") or "",
    }
    kept = {name: environ[name] for name in _KEPT if environ.get(name)}
    everything = {"PATH": _SEARCH_PATH, "HOME": home_of(environ), **kept, **_FIXED, **given}
    return {name: value for name, value in everything.items() if value}


def configured(key: str, environ: t.Mapping[str, str]) -> str:
    """A text of the configuration file of hab, empty when it has none."""
    place = below(root_of(environ), "/hab") if is_root() else os.path.join(home_of(environ), ".hab")
    try:
        with open(f"{place}/etc/cli.toml", encoding="utf-8") as stream:
            found = re.search(rf'^\s*{key}\s*=\s*"([^"\n]*)"', stream.read(), re.MULTILINE)
    except OSError:
        return ""
    return found[1] if found else ""
