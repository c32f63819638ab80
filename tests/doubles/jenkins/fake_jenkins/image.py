# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The double where the official image would run: same folders, same variables, ends with 5 to restart.

What Jenkins keeps in its home is kept there in one file. python -m fake_jenkins.image
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
import typing as t
from pathlib import Path
from xml.etree import ElementTree

from fake_jenkins import ecs, scalars
from fake_jenkins.answers import Answer, Request
from fake_jenkins.casc import Invalid, merged_documents
from fake_jenkins.jobs import Job
from fake_jenkins.plugins import newer
from fake_jenkins.server import FakeJenkins
from fake_jenkins.settings import Settings, User

HOME, REFERENCE = Path("/var/jenkins_home"), Path("/usr/share/jenkins/ref")
STATE = HOME / "fake_jenkins.json"
RESTART = 5


def configuration(places: str) -> dict[str, t.Any]:
    """All files of the folders, in order, merged as the plugin merges them."""
    merged: dict[str, t.Any] = {}
    for place in filter(None, places.split(",")):
        path = Path(place)
        files = sorted(path.rglob("*.y*ml")) if path.is_dir() else [path]
        for file in files:
            merged = merged_documents(merged, scalars.load(file.read_text()) or {}, False)
    return merged


def secrets() -> dict[str, str]:
    """The variables of a configuration: the environment, and the files of the secrets."""
    folder = Path(os.environ.get("SECRETS", "/run/secrets"))
    found = {path.name: path.read_text() for path in folder.glob("*") if path.is_file()}
    return {**os.environ, **found}


def users(document: dict[str, t.Any], environment: t.Mapping[str, str]) -> dict[str, User]:
    realm = ((document.get("jenkins") or {}).get("securityRealm") or {}).get("local") or {}
    found = scalars.resolved(realm.get("users") or [], environment)
    return {user["id"]: User(password=user["password"]) for user in found}


def plugins() -> dict[str, str]:
    """The plugins of the reference folder; those of the double hold nothing but their version."""
    return {path.stem: path.read_text().strip() for path in (REFERENCE / "plugins").glob("*.jpi")}


def settings() -> Settings:
    document, environment = configuration(os.environ.get("CASC_JENKINS_CONFIG", "")), secrets()
    known = users(document, environment)
    wizard = "-Djenkins.install.runSetupWizard=false" not in os.environ.get("JAVA_OPTS", "")
    # Without security everybody may do everything; the wizard lets nobody in.
    anonymous = () if known or wizard else ("Overall/Administer",)
    return Settings(
        users=known,
        anonymous=anonymous,
        plugins=plugins(),
        casc_file=scalars.dump(document) if document else "",
        environment=dict(environment),
        exits=True,
        loading_time=1.0,
    )


class InImage(FakeJenkins):
    """Keeps in its home what Jenkins would keep there."""

    def handle(self, request: Request) -> Answer | None:
        answer = super().handle(request)
        if request.method == "POST":
            self.keep()
        return answer

    def keep(self) -> None:
        """Write what a new process has to know."""
        found = self.controller
        jobs = {name: ElementTree.tostring(job.root, "unicode") for name, job in found.jobs.jobs.items()}
        plugins = {**self.settings.plugins, **found.plugins.waiting_for_restart}
        kept = {"clouds": found.configuration.clouds, "jobs": jobs, "plugins": plugins}
        STATE.write_text(json.dumps(kept))

    def remember(self) -> None:
        if not STATE.exists():
            return
        kept = json.loads(STATE.read_text())
        if "clouds" not in (configuration(os.environ.get("CASC_JENKINS_CONFIG", "")).get("jenkins") or {}):
            self.controller.configuration.clouds = [(kind, values) for kind, values in kept["clouds"]]
        for name, version in kept["plugins"].items():
            # Those of the image only win when they are newer.
            if not newer(self.settings.plugins.get(name, "0"), version):
                self.settings.plugins[name] = version
        for name, xml in kept["jobs"].items():
            self.controller.jobs.jobs[name] = Job(name, ElementTree.fromstring(xml))


def main() -> None:
    try:
        (HOME / "copy_reference_file.log").touch()
        port = re.search(r"--httpPort=(\d+)", os.environ.get("JENKINS_OPTS", ""))
        double = InImage(settings(), port=int(port.group(1)) if port else 8080, host="0.0.0.0")
    except OSError as error:
        sys.exit(f"touch: cannot touch '{error.filename}': {error.strerror}")
    except (Invalid, scalars.BadYaml, ecs.UnknownKeys) as error:
        sys.exit(f"The configuration cannot be loaded: {error}")
    double.remember()
    threading.Thread(target=double.serve, daemon=True).start()
    while double.controller.state != "down":
        time.sleep(0.1)
        double.controller.settle()
    double.keep()
    sys.exit(RESTART)


if __name__ == "__main__":
    main()
