# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._spec.generate.choice import Facts
from ansible_collections.containerci.aws.plugins.module_utils._spec.options import COMMON
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.registry import VOCABULARY
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Vocabulary
from ansible_collections.containerci.aws.plugins.modules.server_spec_generate import ARGUMENTS
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.generate import dest, document, parameters, writing
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.generate.build import Detail, spec
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.generate.drift import Comparison
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import Problems, did_you_mean, nearest
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.user_resources import ExtendedVocabulary
from ansible_collections.containerci.aws.plugins.plugin_utils._spec_action import SpecAction, plain

_DEFAULTS = {name: option.get("default") for name, option in COMMON.items()}
#: what is done on the controller, the module on the server need not know
_HERE = ("detail", "exclude_attributes", "versions", "parameterize", "dest", "backup", "force", "format")

Options = dict[str, t.Any]


class ActionModule(SpecAction):
    """Has the facts about a server gathered there, writes them down as a spec, and compares that with another one."""

    MODULE = "containerci.aws.server_spec_generate"
    OTHER_MODULE = "aws_spec"

    def vocabulary(self) -> Vocabulary:
        return VOCABULARY

    def other(self) -> Vocabulary:
        from ansible_collections.containerci.aws.plugins.module_utils._spec.aws import registry

        return registry.VOCABULARY

    def _options(self) -> Options:
        checked = ArgumentSpecValidator(ARGUMENTS).validate(dict(self._task.args))
        for name in map(str, sorted(checked.unsupported_parameters)):
            suggestion = did_you_mean(nearest(name, ARGUMENTS))
            raise CollectionError(f"There is no option {name}{suggestion or '.'}")
        if checked.error_messages:
            raise CollectionError("; ".join(checked.error_messages))
        return dict(checked.validated_parameters)

    def _run(self, options: Options, variables: dict[str, t.Any]) -> dict[str, t.Any]:
        host = variables.get("inventory_hostname", "localhost")
        known = parameters.values(options["parameterize"] or [], lambda name: self._variable(name, variables))
        path = self._path(options, host)
        before = dest.read(path) if path else None
        notes: list[str] = []
        comparison = self._comparison(options, variables, path if before is not None else "", notes)
        answer = self._gather(options, variables, comparison)
        if answer.get("failed") or "facts" not in answer:
            return {**answer, "changed": False}
        documented = self._documented(answer["facts"], options, answer["notes"])
        examples = self._examples_of({"spec": documented}, variables)
        result: dict[str, t.Any] = {
            "changed": False,
            "spec": documented,
            "content": self._content(documented, examples, options, host, known),
            "examples": len(examples),
            "notes": [*notes, *answer["notes"]],
        }
        if comparison:
            result["drift"] = comparison.drift(answer["outcomes"], examples)
        result["msg"] = _message(result, path)
        refused = dest.reason_to_refuse(path, before, result["content"], options["force"])
        if refused:
            told = {key: result[key] for key in ("notes", "drift") if key in result}
            return {**told, "changed": False, "failed": True, "msg": refused, "dest": path}
        return {**result, **self._written(path, before, result["content"], options)} if path else result

    def _path(self, options: Options, host: str) -> str:
        """The file to write; nothing when only the result is wanted."""
        if not options["dest"]:
            return ""
        path = str(self._loader.path_dwim(options["dest"]))
        is_folder = options["dest"].endswith("/") or os.path.isdir(path)
        return dest.file_in(path, host, options["format"]) if is_folder else path

    def _variable(self, name: str, variables: dict[str, t.Any]) -> t.Any:
        return plain(self._templar.template(variables[name]))

    def _gather(self, options: Options, variables: dict[str, t.Any], comparison: Comparison | None) -> dict[str, t.Any]:
        given = {name: value for name, value in options.items() if name not in _HERE and value is not None}
        given.pop("compare_with", None)
        if comparison:
            given["compare_with"] = comparison.plan().write()
        return t.cast("dict[str, t.Any]", self._execute_module(self.MODULE, given, task_vars=variables))

    def _documented(self, facts: Facts, options: Options, notes: list[str]) -> list[dict[str, t.Any]]:
        detail = Detail(
            options["detail"], options["exclude_attributes"] or (), options["versions"], options["checksums"]
        )
        documented = spec(facts, detail)
        if not documented:
            raise CollectionError(f"Nothing was found that could be documented ({'; '.join(notes) or 'no notes'}).")
        return documented

    def _examples_of(self, source: Options, variables: dict[str, t.Any]) -> list[dict[str, t.Any]]:
        """The examples of a spec; raises CollectionError when it is not valid."""
        problems = Problems()
        options = {**_DEFAULTS, "allow_empty": True, **source}
        examples = self._examples(options, variables, ExtendedVocabulary(VOCABULARY, ()), problems)
        if problems.found:
            first = problems.found[0]
            raise CollectionError(f"{first.path}: {first.message}" if first.path else first.message)
        return examples

    def _comparison(
        self, options: Options, variables: dict[str, t.Any], written: str, notes: list[str]
    ) -> Comparison | None:
        """With the spec of compare_with, or with what dest has now, if that is a spec."""
        named = options["compare_with"]
        if not named and (not written or options["format"] != "yaml"):
            return None
        try:
            return Comparison(self._examples_of({"src": [named or written]}, variables), VOCABULARY)
        except (AnsibleError, CollectionError) as error:
            if named:
                raise CollectionError(f"The spec {named} of compare_with cannot be used: {error}") from None
            notes.append(f"{written} is no spec that can be compared: {error}")
            return None

    @staticmethod
    def _content(
        documented: list[dict[str, t.Any]],
        examples: list[dict[str, t.Any]],
        options: Options,
        host: str,
        known: dict[str, str | int],
    ) -> str:
        if options["format"] == "markdown":
            return dest.sealed(document.text(host, examples), host, "markdown")
        return dest.sealed("---\n" + writing.text(parameters.parameterized(documented, known)), host, "yaml")

    def _written(self, path: str, before: str | None, after: str, options: Options) -> dict[str, t.Any]:
        changed = before != after
        result: dict[str, t.Any] = {"dest": path, "changed": changed}
        if changed and self._task.diff:
            titles = {"before_header": path, "after_header": path}
            result["diff"] = {"before": before or "", "after": after, **titles}
        if changed and not self._task.check_mode:
            backup = dest.store(path, after, options["backup"])
            result.update({"backup_file": backup} if backup else {})
        return result


def _message(result: dict[str, t.Any], path: str) -> str:
    written = f" in {path}" if path else ""
    drift = ", ".join(f"{len(found)} {kind}" for kind, found in result.get("drift", {}).items() if found)
    return f"{result['examples']} examples{written}" + (f"; drift: {drift}" if drift else "")
