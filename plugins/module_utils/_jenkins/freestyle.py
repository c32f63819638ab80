# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import re
import typing as t
from xml.etree import ElementTree

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError

Model = dict[str, t.Any]
Element = ElementTree.Element

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_GIT = "hudson.plugins.git.GitSCM"
_SHELL = "hudson.tasks.Shell"
_NO_SCM = "hudson.scm.NullSCM"
_EMPTY = """<project>
  <actions/>
  <description></description>
  <keepDependencies>false</keepDependencies>
  <properties/>
  <scm class="hudson.scm.NullSCM"/>
  <canRoam>true</canRoam>
  <disabled>false</disabled>
  <blockBuildWhenDownstreamBuilding>false</blockBuildWhenDownstreamBuilding>
  <blockBuildWhenUpstreamBuilding>false</blockBuildWhenUpstreamBuilding>
  <triggers/>
  <concurrentBuild>false</concurrentBuild>
  <builders/>
  <publishers/>
  <buildWrappers/>
</project>"""


def parse(text: str) -> Element:
    """The configuration of a job; raises CollectionError when it is no freestyle job."""
    try:
        # Jenkins writes XML 1.1, which parsers of 1.0 read when they are not told.
        root = ElementTree.fromstring(_DECLARATION.sub("", text))
    except ElementTree.ParseError as error:
        raise CollectionError(f"The configuration of the job cannot be read: {error}.") from None
    if root.tag != "project":
        raise CollectionError(f"The job is no freestyle job (its configuration is of the type {root.tag}).")
    return root


def empty() -> Element:
    """A new job, as Jenkins makes it."""
    return parse(_EMPTY)


def serialized(root: Element) -> bytes:
    return f"<?xml version='1.1' encoding='UTF-8'?>\n{ElementTree.tostring(root, encoding='unicode')}".encode()


def model(root: Element) -> Model:
    """What is managed of a job."""
    return {
        "description": _text(root, "description"),
        "label": _text(root, "assignedNode") if _text(root, "canRoam") != "true" else "",
        "disabled": _text(root, "disabled") == "true",
        "concurrent": _text(root, "concurrentBuild") == "true",
        "git": _git(root),
        "steps": [_lines(_text(step, "command")) for step in _shells(root)],
    }


def wanted(current: Model, options: t.Mapping[str, t.Any]) -> Model:
    """The model with the options that were given."""
    given = {key: options[key] for key in current if options.get(key) is not None}
    if "git" in given:
        git = given["git"]
        given["git"] = {
            "url": git["url"],
            "branches": list(git.get("branches") or ["*/main"]),
            "credentials_id": git.get("credentials_id") or "",
        }
    if "steps" in given:
        given["steps"] = [_lines(step) for step in given["steps"]]
    return {**current, **given}


def change(root: Element, before: Model, after: Model) -> None:
    """Set what differs; everything else of the configuration stays as it is."""
    for key in ("description", "disabled", "concurrent"):
        if before[key] != after[key]:
            _set(root, {"concurrent": "concurrentBuild"}.get(key, key), _said(after[key]))
    if before["label"] != after["label"]:
        _set_label(root, after["label"])
    if before["git"] != after["git"]:
        _set_git(root, after["git"])
    if before["steps"] != after["steps"]:
        _set_steps(root, after["steps"])


def _said(value: t.Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text(parent: Element, path: str) -> str:
    return (parent.findtext(path) or "").strip()


def _lines(command: str) -> str:
    """Jenkins stores scripts with plain line feeds, and the last one means nothing."""
    return command.replace("\r\n", "\n").strip("\n")


def _set(root: Element, tag: str, text: str) -> None:
    found = root.find(tag)
    if found is None:
        found = ElementTree.SubElement(root, tag)
    found.text = text


def _set_label(root: Element, label: str) -> None:
    # A label counts only where the job may not roam.
    _set(root, "canRoam", _said(not label))
    if label:
        _set(root, "assignedNode", label)
    else:
        for found in root.findall("assignedNode"):
            root.remove(found)


def _git(root: Element) -> Model | None:
    scm = root.find("scm")
    if scm is None or scm.get("class") != _GIT:
        return None
    remote = f"userRemoteConfigs/{'hudson.plugins.git.UserRemoteConfig'}"
    branches = scm.findall("branches/hudson.plugins.git.BranchSpec")
    return {
        "url": _text(scm, f"{remote}/url"),
        "branches": [_text(branch, "name") for branch in branches],
        "credentials_id": _text(scm, f"{remote}/credentialsId"),
    }


def _set_git(root: Element, git: Model) -> None:
    scm = root.find("scm")
    if scm is None:
        scm = ElementTree.SubElement(root, "scm")
    if scm.get("class") not in (None, _GIT, _NO_SCM):
        raise CollectionError(
            f"The job has sources of the type {scm.get('class')}, which this module does not replace."
        )
    if scm.get("class") != _GIT:
        scm.clear()
        scm.set("class", _GIT)
        _set(scm, "configVersion", "2")
        _set(scm, "doGenerateSubmoduleConfigurations", "false")
        ElementTree.SubElement(scm, "submoduleCfg", {"class": "empty-list"})
        ElementTree.SubElement(scm, "extensions")
    remote = _child(_child(scm, "userRemoteConfigs"), "hudson.plugins.git.UserRemoteConfig")
    _set(remote, "url", git["url"])
    if git["credentials_id"] or remote.find("credentialsId") is not None:
        _set(remote, "credentialsId", git["credentials_id"])
    branches = _child(scm, "branches")
    for old in list(branches):
        branches.remove(old)
    for name in git["branches"]:
        _set(ElementTree.SubElement(branches, "hudson.plugins.git.BranchSpec"), "name", name)


def _child(parent: Element, tag: str) -> Element:
    found = parent.find(tag)
    return ElementTree.SubElement(parent, tag) if found is None else found


def _shells(root: Element) -> list[Element]:
    return root.findall(f"builders/{_SHELL}")


def _set_steps(root: Element, steps: t.Sequence[str]) -> None:
    """The shell steps anew, where the first one was; steps of other kinds stay."""
    builders = _child(root, "builders")
    old = _shells(root)
    place = list(builders).index(old[0]) if old else len(builders)
    for step in old:
        builders.remove(step)
    for number, command in enumerate(steps):
        step = Element(_SHELL)
        _set(step, "command", command)
        builders.insert(place + number, step)
