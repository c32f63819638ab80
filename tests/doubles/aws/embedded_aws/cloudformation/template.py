# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudFormation templates: loading, references and order.

A loaded template is plain dicts and lists with intrinsic functions in their long form. Nothing here knows about stacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from .errors import ValidationError

SECTIONS = {
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
}
RESOURCE_ATTRIBUTES = {
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
}
DELETION_POLICIES = {"Delete", "Retain", "RetainExceptOnCreate", "Snapshot"}
MAXIMUM_BODY = 51_200
SUB_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")

Template = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: short-form functions, and dates stay text."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(body: str) -> Template:
    """The template in a JSON or YAML text; raises ValidationError with CloudFormation's wording."""
    try:
        template = yaml.load(body, Loader=_Loader)
    except yaml.YAMLError as error:
        raise ValidationError(f"Template format error: YAML not well-formed. ({str(error).splitlines()[0]})") from error
    if not isinstance(template, dict):
        raise ValidationError("Template format error: unsupported structure.")
    unknown = sorted(set(template) - SECTIONS)
    if unknown:
        raise ValidationError(f"Invalid template property or properties [{', '.join(unknown)}]")
    if not template.get("Resources"):
        raise ValidationError("Template format error: At least one Resources member must be defined.")
    _check_resources(template)
    _check_references(template)
    order(template["Resources"])
    return template


def _check_resources(template: Template) -> None:
    for name, resource in template["Resources"].items():
        if not isinstance(resource, dict) or "Type" not in resource:
            raise ValidationError(
                f"Template format error: [/Resources/{name}] Every Resources object must contain a Type member."
            )
        unknown = sorted(set(resource) - RESOURCE_ATTRIBUTES)
        if unknown:
            raise ValidationError(f"Invalid template resource property '{unknown[0]}'")
        condition = resource.get("Condition")
        if condition and condition not in template.get("Conditions", {}):
            raise ValidationError(
                f"Template format error: Unresolved condition dependency {condition}"
                " in the Resources block of the template"
            )
        for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
            if resource.get(policy, "Delete") not in DELETION_POLICIES:
                raise ValidationError(f"Template error: resource {name} has an invalid {policy} '{resource[policy]}'")


def _check_references(template: Template) -> None:
    resources = set(template["Resources"])
    known = resources | set(template.get("Parameters", {}))
    for section in ("Resources", "Outputs"):
        named = set().union(*map(needs, template.get(section, {}).values()))
        unresolved = sorted(name for name in named if name not in known and not name.startswith("AWS::"))
        if unresolved:
            raise ValidationError(
                f"Template format error: Unresolved resource dependencies [{', '.join(unresolved)}]"
                f" in the {section} block of the template"
            )


def references(node: Any) -> Iterator[str]:
    """Every name that a Ref, GetAtt or Sub below the node names."""
    if isinstance(node, list):
        for item in node:
            yield from references(item)
        return
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key == "Ref" and isinstance(value, str):
            yield value
        elif key == "Fn::GetAtt":
            yield value[0] if isinstance(value, list) else value.split(".", 1)[0]
        elif key == "Fn::Sub":
            text, variables = value if isinstance(value, list) else (value, {})
            yield from (name.split(".", 1)[0] for name in SUB_VARIABLE.findall(text) if name not in variables)
            yield from references(variables)
        else:
            yield from references(value)


def needs(resource: dict[str, Any]) -> set[str]:
    """The names that a resource needs, by reference or by DependsOn."""
    explicit = resource.get("DependsOn", [])
    return {*references(resource), *([explicit] if isinstance(explicit, str) else explicit)}


def order(resources: dict[str, Any]) -> list[str]:
    """Logical ids, each after the resources it needs; raises ValidationError on a circle."""
    done: dict[str, None] = {}

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in done:
            return
        if name in path:
            circle = ", ".join(sorted(path[path.index(name) :]))
            raise ValidationError(f"Circular dependency between resources: [{circle}]")
        for needed in sorted(needs(resources[name]) & resources.keys()):
            visit(needed, (*path, name))
        done[name] = None

    for name in resources:
        visit(name, ())
    return list(done)


def needed_capability(template: Template) -> str | None:
    """The capability that CreateStack and UpdateStack must be given, if any."""
    iam = [resource for resource in template["Resources"].values() if resource["Type"].startswith("AWS::IAM::")]
    names = ("RoleName", "ManagedPolicyName", "GroupName", "UserName", "InstanceProfileName")
    if any(name in resource.get("Properties", {}) for resource in iam for name in names):
        return "CAPABILITY_NAMED_IAM"
    guarded = {
        f"AWS::IAM::{kind}"
        for kind in (
            "AccessKey",
            "Group",
            "InstanceProfile",
            "ManagedPolicy",
            "Policy",
            "Role",
            "User",
            "UserToGroupAddition",
        )
    }
    return "CAPABILITY_IAM" if any(resource["Type"] in guarded for resource in iam) else None
