# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""The HTTP gateway of the supervisor: python -m fake_hab.gateway --root FOLDER [--token T] [--port P]."""

from __future__ import annotations

import argparse
import re
import typing as t
from pathlib import Path

from fake_hab.context import Context
from fake_hab.idents import Ident
from fake_hab.store import Store
from fake_hab.supervisor import Spec, Supervisor
from fake_hab.web import Answer, Question, Respond, create


def gateway_of(root: Path, token: str | None = None, delay: str = "0") -> Respond:
    """How the gateway of the computer at `root` answers."""
    context = Context.create([], {"HAB_STUB_ROOT": str(root), "HAB_STUB_DELAY": delay})

    def respond(question: Question) -> Answer:
        supervisor = Supervisor(context)
        if not supervisor.is_up:
            return Answer(503)
        if token is not None and question.token != token:
            return Answer(401)
        return _respond(context, supervisor, question)

    return respond


def _respond(context: Context, supervisor: Supervisor, question: Question) -> Answer:
    if question.method != "GET":
        return Answer(405)
    services = [_service(context, spec, state) for spec, state in supervisor.services()]
    if question.path == "/services":
        return Answer(200, services)
    if question.path == "/census":
        return Answer(200, _census(supervisor, services))
    match = re.fullmatch(r"/services/([^/]+)/([^/]+)(/health)?", question.path)
    found = [one for one in services if match and one["service_group"] == f"{match[1]}.{match[2]}"]
    if not found or match is None:
        return Answer(404)
    return Answer(200, {"status": "OK", "stdout": "", "stderr": ""} if match[3] else found[0])


def _service(context: Context, spec: Spec, state: dict[str, t.Any]) -> dict[str, t.Any]:
    package = Ident.parse(state["package"])
    return {
        **{name: spec[name] for name in ("bldr_url", "channel", "binds", "binding_mode", "topology")},
        **{name: spec[name] for name in ("update_strategy", "update_condition", "health_check_interval")},
        "config_from": spec.get("config_from"),
        "desired_state": spec["desired_state"].capitalize(),
        "health_check": "Ok" if state["state"] == "up" else "Unknown",
        "pkg": {**package._asdict(), "ident": str(package), "path": str(Store(context).path(package))},
        "process": {"pid": state["pid"], "state": state["state"], "state_entered": int(state["since"])},
        "service_group": f"{package.name}.{spec['group']}",
        "spec_ident": Ident.parse(spec["ident"])._asdict(),
    }


def _census(supervisor: Supervisor, services: list[dict[str, t.Any]]) -> dict[str, t.Any]:
    configured = supervisor.census()
    groups = dict.fromkeys([*(service["service_group"] for service in services), *configured])
    found = {group: {"service_group": group, "service_config": configured.get(group)} for group in groups}
    return {"changed": False, "census_groups": found}


def main() -> None:
    parser = argparse.ArgumentParser(prog="fake_hab.gateway", description="A double of the supervisor's HTTP gateway")
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--token")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9631)
    given = parser.parse_args()
    create(gateway_of(given.root, given.token), given.host, given.port).serve_forever()


if __name__ == "__main__":
    main()
