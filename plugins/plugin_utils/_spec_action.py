# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import datetime
import re
import time
import typing as t

from ansible import constants
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._spec.evaluate import PROBLEMS
from ansible_collections.containerci.aws.plugins.module_utils._spec.options import COMMON
from ansible_collections.containerci.aws.plugins.module_utils._spec.run import OPTIONS, Plan
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import Vocabulary
from ansible_collections.containerci.aws.plugins.plugin_utils._spec import result as results
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.files import SpecFiles
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.grammar import Grammar
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.problems import SYNTAX, Place, Problems
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports import documentation
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.select import select
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.source import Document
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.user_resources import ExtendedVocabulary

_ON_THE_TARGET = ("skip", "pending", "eventually", "sensitive")
_OF_A_CHECK = ("resource", "name", "parameters", "property", "negated", "matcher")
_DETAILED = {"json", "html", "markdown"}
_COLOURS = {
    "passed": "COLOR_OK",
    "failed": "COLOR_ERROR",
    "fixed": "COLOR_ERROR",
    "error": "COLOR_UNREACHABLE",
    "skipped": "COLOR_SKIP",
    "pending": "COLOR_WARN",
}
_ANSI = {"passed": 32, "failed": 31, "fixed": 31, "error": 35, "skipped": 36, "pending": 33}
_SYMBOLS = {"passed": ".", "failed": "F", "fixed": "F", "error": "E", "skipped": "-", "pending": "*"}


class SpecAction(ActionBase):
    """Reads a spec on the controller, has it evaluated by one run of a module, and reports."""

    TRANSFERS_FILES = False
    # Ansible 2.18 does not know that the plugin supports it without being told.
    _supports_check_mode = True
    _supports_async = False

    MODULE: t.ClassVar[str]
    OTHER_MODULE: t.ClassVar[str]
    REGIONS: t.ClassVar[bool] = False
    OWN_RESULTS: t.ClassVar[t.Sequence[str]] = ()

    def argument_spec(self) -> dict[str, t.Any]:
        """The options of the module."""
        raise NotImplementedError

    def vocabulary(self) -> Vocabulary:
        raise NotImplementedError

    def other(self) -> Vocabulary:
        """The vocabulary of the module whose resources are easily taken for those of this one; read only then."""
        raise NotImplementedError

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        super().run(tmp, task_vars)
        variables = task_vars or {}
        try:
            options = self._options()
            return self._run(options, variables)
        except CollectionError as error:
            return {"changed": False, "failed": True, "msg": error.message}

    def _options(self) -> dict[str, t.Any]:
        """The options, checked."""
        given = dict(self._task.args)
        spec = given.pop("spec", None)
        if (spec is None) == (given.get("src") is None):
            raise CollectionError("Give either spec (the spec itself) or src (its files).")
        checked = ArgumentSpecValidator(self.argument_spec()).validate(given)
        if checked.error_messages:
            raise CollectionError("; ".join(checked.error_messages))
        return {**checked.validated_parameters, "spec": spec}

    def _run(self, options: dict[str, t.Any], variables: dict[str, t.Any]) -> dict[str, t.Any]:
        started = datetime.datetime.now(datetime.UTC)
        redact = [_pattern(text) for text in options["redact"] or ()]
        vocabulary = ExtendedVocabulary(self.vocabulary(), options["resource_paths"] or ())
        problems = Problems()
        examples = self._examples(options, variables, vocabulary, problems)
        report = {
            "name": options["name"] or self._task.name or self._task.action,
            "host": variables.get("inventory_hostname", "localhost"),
            "started": started.isoformat(timespec="seconds"),
            "spec_valid": not problems.found,
            "errors": [problem.as_result() for problem in problems.found],
        }
        if problems.found or options["validate_only"] or not examples:
            return self._finish({**report, "duration": 0.0, "examples": []}, options, {}, redact, len(examples))
        plan = self._plan(examples, vocabulary, options)
        begin = time.monotonic()
        answer = self._execute_module(self.MODULE, self._module_arguments(options, plan), task_vars=variables)
        if answer.get("failed") or "outcomes" not in answer:
            return {**answer, "changed": False, "spec_valid": True}
        found = [
            results.combined(example, outcome) for example, outcome in zip(examples, answer["outcomes"], strict=True)
        ]
        report.update(duration=time.monotonic() - begin, examples=found)
        return self._finish(report, options, answer, redact, len(examples))

    def _examples(
        self, options: dict[str, t.Any], variables: dict[str, t.Any], vocabulary: Vocabulary, problems: Problems
    ) -> list[dict[str, t.Any]]:
        """The examples that are to be evaluated; everything wrong with the spec is in problems afterwards."""

        def template(data: t.Any, more: t.Mapping[str, t.Any]) -> t.Any:
            if not more:
                return plain(self._templar.template(data))
            templar = self._templar.copy_with_new_env(available_variables={**variables, **more})
            return plain(templar.template(data))

        search_path = [*self._task.get_search_path(), self._loader.get_basedir()]
        files = SpecFiles(self._loader, search_path, template, problems)
        grammar = Grammar(
            vocabulary,
            problems,
            files.include,
            self.other,
            self.OTHER_MODULE,
            self.REGIONS,
        )
        documents = self._documents(options, files)
        examples = grammar.read(documents, options["eventually"])
        chosen = select(examples, *(options[name] or () for name in ("tags", "skip_tags", "only")))
        self._guard(options, examples, chosen, problems)
        return chosen

    def _documents(self, options: dict[str, t.Any], files: SpecFiles) -> list[Document]:
        file, _colon, line = str(self._task.get_path() or "").rpartition(":")
        place = Place(file or None, {(): int(line)} if line.isdigit() else {})
        if options["spec"] is not None:
            return [Document(plain(options["spec"]), place)]
        return files.documents(options["src"], Place())

    @staticmethod
    def _guard(
        options: dict[str, t.Any],
        examples: t.Sequence[dict[str, t.Any]],
        chosen: t.Sequence[dict[str, t.Any]],
        problems: Problems,
    ) -> None:
        if problems.found:
            return
        expected = options["expected_examples"]
        if expected is not None and expected != len(chosen):
            problems.add(SYNTAX, f"{len(chosen)} examples would run, but expected_examples is {expected}", Place())
        elif not chosen and not options["allow_empty"]:
            reason = "the spec has no examples"
            if examples:
                reason = f"none of the {len(examples)} examples is left by tags, skip_tags and only"
            problems.add(SYNTAX, f"{reason}; allow_empty: true accepts that", Place())

    @staticmethod
    def _plan(
        examples: t.Sequence[dict[str, t.Any]], vocabulary: ExtendedVocabulary, options: dict[str, t.Any]
    ) -> Plan:
        sent = [
            {
                **{key: example[key] for key in _ON_THE_TARGET},
                "checks": [{key: check[key] for key in _OF_A_CHECK} for check in example["checks"]],
            }
            for example in examples
        ]
        details = options["return"] == "all" or bool(_DETAILED & set(options["report_formats"] or ()))
        return Plan(sent, vocabulary.used, details)

    def _module_arguments(self, options: dict[str, t.Any], plan: Plan) -> dict[str, t.Any]:
        own = {name: value for name, value in self._task.args.items() if name not in COMMON}
        return {**own, **{name: options[name] for name in OPTIONS}, "spec": plan.write()}

    def _finish(
        self,
        report: dict[str, t.Any],
        options: dict[str, t.Any],
        answer: dict[str, t.Any],
        redact: t.Sequence[re.Pattern[str]],
        valid_examples: int,
    ) -> dict[str, t.Any]:
        examples = results.redacted(report["examples"], redact) if redact else report["examples"]
        summary = results.summary(examples, report["duration"], answer.get("probes", 0), answer.get("forks", 0))
        report = {**report, "examples": examples, "summary": summary}
        failed = not report["spec_valid"] or results.fails(examples, options["fail_on"])
        text = documentation.lines(report)
        if report["spec_valid"] and not options["validate_only"]:
            self._show(report, text, options, failed)
        result: dict[str, t.Any] = {
            "changed": False,
            "failed": failed,
            "spec_valid": report["spec_valid"],
            "errors": report["errors"],
            "summary": summary,
            "examples": results.returned(examples, options["return"]),
            "failed_examples": [example["id"] for example in examples if example["status"] in PROBLEMS],
            "documentation": [line.text for line in documentation.tree(report)] if report["spec_valid"] else [],
            "msg": documentation.failures(report) if failed else documentation.one_line(report),
            **{name: answer[name] for name in self.OWN_RESULTS if name in answer},
        }
        if options["validate_only"] and report["spec_valid"]:
            result["msg"] = f"The spec is valid: {valid_examples} examples."
            return result
        return {**result, **self._write(report, options)}

    @staticmethod
    def _write(report: dict[str, t.Any], options: dict[str, t.Any]) -> dict[str, t.Any]:
        if not (options["report_formats"] or options["junit_dir"] or options["junit_file"]):
            return {"report_files": []}
        # Ansible compiles the code of collections in each task anew, and most tasks write no report.
        from ansible_collections.containerci.aws.plugins.plugin_utils._spec.reports.write import write

        try:
            return write(
                report,
                formats=options["report_formats"] or (),
                directory=options["report_dir"],
                junit_dir=options["junit_dir"],
                junit_file=options["junit_file"],
            )
        except OSError as error:
            raise CollectionError(f"The reports cannot be written: {error}") from None

    def _show(
        self, report: dict[str, t.Any], text: t.Sequence[documentation.Line], options: dict[str, t.Any], failed: bool
    ) -> None:
        # These callbacks print one document for machines; a line between would break it.
        if options["display"] == "none" or str(constants.DEFAULT_STDOUT_CALLBACK).endswith(("json", "jsonl")):
            return
        if options["display"] == "progress":
            marks = "".join(_SYMBOLS[example["status"]] for example in report["examples"])
            Display().display(f"{report['host']}: {marks}")
            return
        for line in documentation.tree(report) if failed else text:
            show(line.text, line.status, options["color"])


def show(text: str, status: str | None, colour: str) -> None:
    if colour == "always" and status:
        Display().display(f"\033[{_ANSI[status]}m{text}\033[0m")
    else:
        setting = _COLOURS.get(status or "") if colour == "auto" else None
        Display().display(text, color=getattr(constants, setting) if setting else None)


def plain(value: t.Any) -> t.Any:
    """The value without what Ansible knows about where it came from."""
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise CollectionError(f"The option redact has '{text}', which is not a regular expression: {error}.") from None
