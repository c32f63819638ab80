# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import fnmatch
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import Fact, Facts

Node = dict[str, t.Any]

#: what each level of detail says about a resource; each level has what stands before it as well
ATTRIBUTES: dict[str, dict[str, tuple[str, ...]]] = {
    "package": {"minimal": ()},
    "service": {"minimal": ("enabled", "running"), "full": ("user",)},
    "port": {"standard": ("protocol", "address"), "full": ("processes",)},
    "user": {"standard": ("groups", "home", "shell"), "full": ("group", "uid", "gid")},
    "mount": {"standard": ("type", "options"), "full": ("device",)},
    "fstab": {"standard": ("type",), "full": ("device",)},
    "cron": {"minimal": ()},
    "file": {"minimal": ("type",), "standard": ("mode", "owner", "group")},
    "kernel_parameter": {"minimal": ("value",)},
    "kernel_module": {"minimal": ()},
    "selinux": {"minimal": ()},
}
LEVELS = ("minimal", "standard", "full")


class Detail:
    """Which attributes are said about the resources."""

    def __init__(
        self, level: str, excluded: t.Sequence[str] = (), versions: bool = False, checksums: bool = False
    ) -> None:
        self.level = level
        self.excluded = excluded
        self.more = {*(["package.version"] if versions else []), *(["file.sha256sum"] if checksums else [])}

    def has(self, resource: str, attribute: str) -> bool:
        path = f"{resource}.{attribute}"
        if any(fnmatch.fnmatch(path, pattern) for pattern in self.excluded):
            return False
        levels = LEVELS[: LEVELS.index(self.level) + 1]
        return path in self.more or any(attribute in ATTRIBUTES[resource].get(level, ()) for level in levels)


class Line(t.NamedTuple):
    """What is expected of one subject: matchers, or a table of properties."""

    resource: str
    name: t.Any
    to: t.Any = None
    its: dict[str, t.Any] | None = None


def spec(facts: Facts, detail: Detail) -> list[Node]:
    """The spec of a server: groups by purpose, in each one node for all subjects of which the same is expected."""
    timers = [unit for unit in facts.get("service", []) if unit["name"].endswith(".timer")]
    others = [unit for unit in facts.get("service", []) if unit not in timers]
    groups = {
        "Packages": _lines(facts, detail, "package", _package),
        "Services": _lines({"service": others}, detail, "service", _service),
        "Network": _lines(facts, detail, "port", _port),
        "Users": _lines(facts, detail, "user", _user),
        "Mounts": _lines(facts, detail, "mount", _mount) + _lines(facts, detail, "fstab", _fstab),
        "Scheduled jobs": _lines({"service": timers}, detail, "service", _service)
        + _lines(facts, detail, "cron", _job),
        "Files": _lines(facts, detail, "file", _file),
        "Kernel": _lines(facts, detail, "kernel_parameter", _parameter)
        + _lines(facts, detail, "kernel_module", _module)
        + _lines(facts, detail, "selinux", _selinux),
    }
    return [{"describe": title, "examples": _merged(lines)} for title, lines in groups.items() if lines]


def _lines(
    facts: Facts, detail: Detail, resource: str, lines: t.Callable[[Fact, t.Callable[[str], bool]], list[Line]]
) -> list[Line]:
    def has(attribute: str) -> bool:
        return detail.has(resource, attribute)

    return [line for fact in facts.get(resource, []) for line in lines(fact, has)]


def _merged(lines: t.Sequence[Line]) -> list[Node]:
    """One node for the subjects of a resource of which the same is expected, where the first of them stands."""
    nodes: dict[str, Node] = {}
    for line in lines:
        about = line.resource if line.name is None else {line.resource: line.name}
        same = nodes.setdefault(repr((line.resource, line.to, line.its)), {})
        if same and line.name is not None:
            names = same["expect"][line.resource]
            same["expect"] = {line.resource: [*(names if isinstance(names, list) else [names]), line.name]}
        else:
            same.update({"expect": about, **({"to": line.to} if line.its is None else {"its": line.its})})
    return list(nodes.values())


def _package(fact: Fact, has: t.Callable[[str], bool]) -> list[Line]:
    to = {"be_installed": fact["version"]} if has("version") else "be_installed"
    return [Line("package", fact["name"], to)]


def _service(fact: Fact, has: t.Callable[[str], bool]) -> list[Line]:
    states = {"be_enabled": fact["enabled"] and has("enabled"), "be_running": fact["running"] and has("running")}
    lines = [
        Line("service", fact["name"], _one_or_all([word for word, true in states.items() if true], "be_installed"))
    ]
    if fact["user"] and has("user"):
        lines.append(Line("service", fact["name"], its={"user": fact["user"]}))
    return lines


def _port(fact: Fact, has: t.Callable[[str], bool]) -> list[Line]:
    listening = [_listening(place, has) for place in fact["listens"]] if has("protocol") else []
    once = [one for number, one in enumerate(listening) if one not in listening[:number]]
    lines = [Line("port", fact["name"], _one_or_all(once, "be_listening"))]
    if "processes" in fact and has("processes"):
        lines.append(Line("port", fact["name"], its={"processes": fact["processes"]}))
    return lines


def _listening(place: t.Mapping[str, str], has: t.Callable[[str], bool]) -> dict[str, t.Any]:
    with_address = place["address"] and has("address")
    return {"be_listening": dict(place) if with_address else place["protocol"]}


def _one_or_all(matchers: t.Sequence[t.Any], otherwise: str) -> t.Any:
    """A single matcher stands alone, several are a list; without any there is still something to expect."""
    return list(matchers) if len(matchers) > 1 else next(iter(matchers), otherwise)


def _user(fact: Fact, has: t.Callable[[str], bool]) -> list[Line]:
    table = {name: fact[name] for name in ("uid", "gid", "group", "groups", "home", "shell") if has(name)}
    return [Line("user", fact["name"], its=table) if table else Line("user", fact["name"], "exist")]


def _mount(fact: Fact, has: t.Callable[[str], bool]) -> list[Line]:
    arguments: dict[str, t.Any] = {}
    if has("device") or (fact["network"] and has("type")):
        arguments["device"] = fact["device"]
    if has("type"):
        arguments["type"] = fact["type"]
    options = fact["options"] if has("device") else fact["asked_options"]
    if options and has("options"):
        arguments["options"] = options
    return [Line("mount", fact["path"], {"be_mounted": arguments} if arguments else "be_mounted")]


def _fstab(fact: Fact, has: t.Callable[[str], bool]) -> list[Line]:
    device = {"device": fact["device"]} if has("device") or (fact["network"] and has("type")) else {}
    kind = {"type": fact["type"]} if has("type") else {}
    return [Line("fstab", None, {"have_entry": {"mount_point": fact["mount_point"], **device, **kind}})]


def _job(fact: Fact, _has: t.Callable[[str], bool]) -> list[Line]:
    return [Line("cron", fact["user"], {"have_entry": fact["entry"]})]


def _file(fact: Fact, has: t.Callable[[str], bool]) -> list[Line]:
    if fact["type"] == "symlink":
        return [Line("file", fact["path"], {"be_linked_to": fact["target"]})]
    table = {name: fact[name] for name in ("type", "mode", "owner", "group") if has(name)}
    if set(table) <= {"type"}:
        lines = [Line("file", fact["path"], f"be_{fact['type']}" if table else "exist")]
    else:
        lines = [Line("file", fact["path"], its=table)]
    if "sha256sum" in fact and has("sha256sum"):
        lines.append(Line("file", fact["path"], its={"sha256sum": fact["sha256sum"]}))
    return lines


def _parameter(fact: Fact, has: t.Callable[[str], bool]) -> list[Line]:
    if has("value"):
        return [Line("kernel_parameter", fact["name"], its={"value": fact["value"]})]
    return [Line("kernel_parameter", fact["name"], "exist")]


def _module(fact: Fact, _has: t.Callable[[str], bool]) -> list[Line]:
    return [Line("kernel_module", fact["name"], "be_loaded")]


def _selinux(fact: Fact, _has: t.Callable[[str], bool]) -> list[Line]:
    return [Line("selinux", None, f"be_{fact['mode']}")]
