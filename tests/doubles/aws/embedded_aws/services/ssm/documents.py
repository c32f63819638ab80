# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Command documents: what one may look like, the parameters of a command, the steps that come of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from .errors import SsmError

REFERENCE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
NAME = re.compile(r"[A-Za-z0-9_-]+")
TYPES = {"String", "StringList", "Boolean", "Integer", "MapList", "StringMap"}
SHELL = "aws:runShellScript"
SECONDS = r"([1-9][0-9]{0,4})|(1[0-6][0-9]{4})|(17[0-1][0-9]{3})|(172[0-7][0-9]{2})|(172800)"
#: the documents of AWS that are here
BUILT_IN: dict[str, dict[str, Any]] = {
    "AWS-RunShellScript": {
        "schemaVersion": "1.2",
        "description": "Run a shell script or specify the commands to run.",
        "parameters": {
            "commands": {"type": "StringList", "description": "The commands to run.", "minItems": 1},
            "workingDirectory": {"type": "String", "default": "", "maxChars": 4096},
            "executionTimeout": {"type": "String", "default": "3600", "allowedPattern": SECONDS},
        },
        "runtimeConfig": {
            SHELL: {
                "properties": [
                    {
                        "id": "0.aws:runShellScript",
                        "runCommand": "{{ commands }}",
                        "workingDirectory": "{{ workingDirectory }}",
                        "timeoutSeconds": "{{ executionTimeout }}",
                    }
                ]
            }
        },
    }
}


@dataclass(frozen=True)
class Step:
    """One step of a command, with the parameters put in."""

    name: str
    action: str
    script: str
    folder: str
    seconds: int
    applies: bool
    exits_on_failure: bool
    #: the part of its keys in S3 that comes before stdout and stderr
    output_path: str
    problem: str = field(default="")


def check(content: Any) -> None:
    """Refuse a command document that AWS would refuse."""
    version = str(content.get("schemaVersion", "")) if isinstance(content, dict) else ""
    if version not in ("1.2", "2.0", "2.2"):
        raise _invalid(f"Document schema version, {version}, is not supported by Command documents.")
    for name, parameter in (content.get("parameters") or {}).items():
        if not isinstance(parameter, dict) or parameter.get("type") not in TYPES:
            raise _invalid(f"Parameter {name} must have a type of {', '.join(sorted(TYPES))}.")
    if version == "1.2":
        if not content.get("runtimeConfig"):
            raise _invalid("Document content must have a runtimeConfig.")
        return
    steps = content.get("mainSteps")
    if not isinstance(steps, list) or not steps:
        raise _invalid("Document content must have mainSteps.")
    _check_steps(content, steps)


def _check_steps(content: dict[str, Any], steps: list[Any]) -> None:
    seen = set()
    for step in steps:
        name = step.get("name", "") if isinstance(step, dict) else ""
        if not NAME.fullmatch(name) or name in seen:
            raise _invalid(f"The step name {name!r} is missing, not valid or not unique.")
        if not step.get("action"):
            raise _invalid(f"The step {name} has no action.")
        seen.add(name)
    used = set(REFERENCE.findall(json.dumps(steps)))
    unknown = sorted(used - (content.get("parameters") or {}).keys())
    if unknown:
        raise _invalid(f"The parameter {unknown[0]} is used and not defined.")


def _invalid(message: str) -> SsmError:
    return SsmError("InvalidDocumentContent", message)


def values(content: dict[str, Any], given: dict[str, list[str]]) -> dict[str, Any]:
    """Each parameter of a document with its value; raises InvalidParameters."""
    declared = content.get("parameters") or {}
    unknown = sorted(given.keys() - declared.keys())
    if unknown:
        raise _wrong(f"The parameter {unknown[0]} is not a parameter of the document.")
    return {name: _value(name, parameter, given.get(name)) for name, parameter in declared.items()}


def _value(name: str, declared: dict[str, Any], given: list[str] | None) -> Any:
    if given is None:
        if "default" not in declared:
            raise _wrong(f"The parameter {name} has no value and no default.")
        return declared["default"]
    kind, texts = declared["type"], [str(text) for text in given]
    if kind == "StringList":
        if not declared.get("minItems", 0) <= len(texts) <= declared.get("maxItems", 10_000):
            raise _wrong(f"The parameter {name} has too few or too many values.")
    elif len(texts) != 1:
        raise _wrong(f"The parameter {name} takes one value.")
    for text in texts:
        _check_text(name, declared, text)
    if kind == "StringList":
        return texts
    return json.loads(texts[0]) if kind in ("MapList", "StringMap") else texts[0]


def _check_text(name: str, declared: dict[str, Any], text: str) -> None:
    allowed = [str(value) for value in declared.get("allowedValues", [])]
    if allowed and text not in allowed:
        raise _wrong(f"The parameter {name} must be one of {', '.join(allowed)}.")
    pattern = declared.get("allowedPattern")
    if pattern and not re.fullmatch(pattern, text):
        raise _wrong(f"The parameter {name} does not match {pattern}.")
    if not declared.get("minChars", 0) <= len(text) <= declared.get("maxChars", 65_536):
        raise _wrong(f"The parameter {name} is too short or too long.")
    if declared["type"] == "Integer" and not re.fullmatch(r"-?\d+", text):
        raise _wrong(f"The parameter {name} must be an integer.")
    if declared["type"] == "Boolean" and text.lower() not in ("true", "false"):
        raise _wrong(f"The parameter {name} must be true or false.")


def _wrong(message: str) -> SsmError:
    return SsmError("InvalidParameters", message)


def rendered(node: Any, parameters: dict[str, Any]) -> Any:
    """A part of a document with its parameters put in; a list may stand for an item of a list."""
    if isinstance(node, dict):
        return {key: rendered(value, parameters) for key, value in node.items()}
    if isinstance(node, list):
        items = []
        for item in node:
            value = rendered(item, parameters)
            items += value if isinstance(value, list) and isinstance(item, str) else [value]
        return items
    if not isinstance(node, str):
        return node
    whole = REFERENCE.fullmatch(node.strip())
    if whole and whole[1] in parameters:
        return parameters[whole[1]]
    return REFERENCE.sub(lambda match: _text(parameters.get(match[1], match[0])), node)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value)


def steps(content: dict[str, Any], parameters: dict[str, Any]) -> list[Step]:
    if str(content["schemaVersion"]) == "1.2":
        return [
            _step(action, action, f"{_folder(action)}/{number}.{_folder(action)}", properties, {}, parameters)
            for action, config in content["runtimeConfig"].items()
            for number, properties in enumerate(_list(config.get("properties", {})))
        ]
    return [
        _step(
            step["name"],
            step["action"],
            f"{_folder(step['action'])}/{step['name']}",
            step.get("inputs", {}),
            step,
            parameters,
        )
        for step in content["mainSteps"]
    ]


def _step(
    name: str, action: str, path: str, inputs: dict[str, Any], step: dict[str, Any], parameters: dict[str, Any]
) -> Step:
    inputs = rendered(inputs, parameters)
    lines = inputs.get("runCommand", [])
    return Step(
        name=name,
        action=action,
        script="\n".join(_text(line) for line in _list(lines)) + "\n",
        folder=inputs.get("workingDirectory") or "",
        seconds=int(inputs.get("timeoutSeconds") or step.get("timeoutSeconds") or 3600),
        applies=_applies(rendered(step.get("precondition", {}), parameters)),
        exits_on_failure=str(inputs.get("onFailure", step.get("onFailure", ""))) == "exit",
        output_path=path,
        problem="" if action == SHELL else f"The embedded AWS does not run {action}",
    )


def _applies(precondition: dict[str, Any]) -> bool:
    """Every instance here is a Linux one."""
    return all(right == ("Linux" if left == "platformType" else left) for left, right in precondition.values())


def _folder(action: str) -> str:
    return action.replace(":", "")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
