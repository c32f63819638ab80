# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import concurrent.futures
import contextlib
import dataclasses
import signal
import threading
import time
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec import paths, values
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import listing, printable
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Skip,
    Unsupported,
    Verdict,
    Vocabulary,
)

PASSED, FAILED, ERROR, SKIPPED, PENDING, FIXED = "passed", "failed", "error", "skipped", "pending", "fixed"
PROBLEMS = (FAILED, ERROR, FIXED)
HIDDEN = "VALUE HIDDEN"

Example = dict[str, t.Any]
Outcome = dict[str, t.Any]


@dataclasses.dataclass(frozen=True)
class Options:
    """How a spec is evaluated; times in seconds, 0 = no limit."""

    timeout: float = 10
    max_time: float = 0
    forks: int = 4
    fail_fast: bool = False
    max_failures: int = 0
    offline: bool = False
    on_unsupported: str = ERROR
    check_mode: bool = False
    read_only: bool = False
    details: bool = False


class TookTooLong(CannotTell):
    """An example used up its time."""


class Evaluation:
    """Evaluates examples one after the other; what waits for a network or a command runs beside the rest."""

    def __init__(self, vocabulary: Vocabulary, world: t.Any, options: Options) -> None:
        self._vocabulary = vocabulary
        self._world = world
        self._options = options
        self._resources: dict[str, Resource] = {}
        self._unprepared: dict[str, str] = {}
        self._started = time.monotonic()
        self._problems = 0

    def run(self, examples: t.Sequence[Example]) -> list[Outcome]:
        """The outcome of each example, in their order."""
        self._prepare(examples)
        outcomes: dict[int, Outcome] = {}
        with self._beside(examples) as started:
            for number, example in enumerate(examples):
                outcomes[number] = started[number].result() if number in started else self._next(example)
                self._problems += outcomes[number]["status"] in PROBLEMS and not _waits(example)
        self._wait(examples, outcomes)
        return [outcomes[number] for number in range(len(examples))]

    def _prepare(self, examples: t.Sequence[Example]) -> None:
        subjects: dict[str, list[tuple[t.Any, dict[str, t.Any]]]] = {}
        for example in examples:
            if not example.get("skip"):
                for check in example["checks"]:
                    subjects.setdefault(check["resource"], []).append((check["name"], check["parameters"]))
        for word, named in subjects.items():
            try:
                self._vocabulary[word].prepare(named, self._world)
            except Exception as error:  # only its own examples cannot be measured
                self._unprepared[word] = f"{type(error).__name__}: {error}"

    @contextlib.contextmanager
    def _beside(self, examples: t.Sequence[Example]) -> t.Iterator[dict[int, concurrent.futures.Future[Outcome]]]:
        """Start the examples that only wait, unless a failure has to stop the ones after it."""
        numbers = [number for number, example in enumerate(examples) if self._only_waits(example)]
        one_by_one = self._options.fail_fast or self._options.max_failures or self._options.forks < 2
        if one_by_one or len(numbers) < 2:
            yield {}
            return
        with concurrent.futures.ThreadPoolExecutor(self._options.forks) as pool:
            yield {number: pool.submit(self._next, examples[number]) for number in numbers}

    def _only_waits(self, example: Example) -> bool:
        return bool(example["checks"]) and all(self._vocabulary[check["resource"]].slow for check in example["checks"])

    def _next(self, example: Example) -> Outcome:
        reason = self._reason_to_stop()
        return reason or self._evaluate(example)

    def _reason_to_stop(self) -> Outcome | None:
        limit = 1 if self._options.fail_fast else self._options.max_failures
        if limit and self._problems >= limit:
            option = "fail_fast" if self._options.fail_fast else f"max_failures {limit}"
            return {"status": SKIPPED, "reason": f"not run: {option} was reached", "duration": 0.0, "checks": []}
        if self._options.max_time and time.monotonic() - self._started > self._options.max_time:
            message = f"not run: the {self._options.max_time:g} s of max_time were used up"
            return {"status": ERROR, "reason": message, "duration": 0.0, "checks": []}
        return None

    def _wait(self, examples: t.Sequence[Example], outcomes: dict[int, Outcome]) -> None:
        """Evaluate again, until its time is over, each example that will become true eventually."""
        longest = self._options.max_time or float("inf")
        waiting = {
            number: self._started + min(example["eventually"]["timeout"], longest)
            for number, example in enumerate(examples)
            if _waits(example) and outcomes[number]["status"] in (FAILED, ERROR)
        }
        while waiting:
            time.sleep(min(examples[number]["eventually"]["delay"] for number in waiting))
            self._world.forget()
            self._resources.clear()
            for number, deadline in list(waiting.items()):
                outcomes[number] = self._evaluate(examples[number])
                if outcomes[number]["status"] not in (FAILED, ERROR) or time.monotonic() >= deadline:
                    del waiting[number]

    def _evaluate(self, example: Example) -> Outcome:
        if example.get("skip"):
            return {"status": SKIPPED, "reason": example["skip"], "duration": 0.0, "checks": []}
        if not example["checks"]:
            reason = example.get("pending") or "not yet implemented"
            return {"status": PENDING, "reason": reason, "duration": 0.0, "checks": []}
        begin = time.perf_counter()
        checks = [_printable(self._check(check)) for check in example["checks"]]
        outcome: Outcome = {"status": _status(checks, example.get("pending")), "checks": checks}
        reasons = [check["reason"] for check in checks if check.get("reason")]
        if outcome["status"] in (PENDING, FIXED):
            outcome["reason"] = example["pending"]
        elif outcome["status"] == SKIPPED:
            outcome["reason"] = reasons[0]
        if example.get("sensitive"):
            _hide(checks)
        outcome["duration"] = round(time.perf_counter() - begin, 6)
        return outcome

    def _check(self, check: dict[str, t.Any]) -> dict[str, t.Any]:
        resource = self._vocabulary[check["resource"]]
        if resource.needs_running_system and self._options.offline:
            return {"status": SKIPPED, "reason": "offline"}
        if check["resource"] in self._unprepared:
            return {"status": ERROR, "got": self._unprepared[check["resource"]]}
        try:
            with _time_limit(self._limit(check)):
                return self._result(self._verdict(self._subject(check), check), check["negated"])
        except Skip as error:
            return {"status": SKIPPED, "reason": error.message}
        except Unsupported as error:
            status = SKIPPED if self._options.on_unsupported == "skip" else ERROR
            return _not_measured(status, error)
        except CannotTell as error:
            return _not_measured(ERROR, error)
        except Exception as error:  # one broken example must not stop the others
            return {"status": ERROR, "got": f"{type(error).__name__}: {error}"}

    def _limit(self, check: dict[str, t.Any]) -> float:
        """What is given more time by the spec gets it; 0 is without a limit."""
        own = (check["parameters"].get("timeout"), check["matcher"]["arguments"].get("timeout"))
        return self._options.timeout and max(self._options.timeout, *(seconds or 0 for seconds in own))

    def _subject(self, check: dict[str, t.Any]) -> Resource:
        key = repr((check["resource"], check["name"], sorted(check["parameters"].items(), key=str)))
        subject = self._resources.get(key)
        if subject is None:
            resource = self._vocabulary[check["resource"]]
            subject = self._resources[key] = resource(check["name"], check["parameters"], self._world)
        return subject

    def _verdict(self, subject: Resource, check: dict[str, t.Any]) -> Verdict:
        compiled = check["matcher"]
        members = None if compiled["word"] == "exist" else subject.members()
        if members is not None:
            return self._verdict_of_all(members, check)
        if check.get("property"):
            return values.apply(compiled, read(subject, check["property"]), self._vocabulary.values)
        own = subject.matchers.get(compiled["word"])
        if own:
            return own.function(subject, **compiled["arguments"])
        return values.apply(compiled, read(subject, "value"), self._vocabulary.values)

    def _verdict_of_all(self, members: list[Resource], check: dict[str, t.Any]) -> Verdict:
        """What is expected has to be true of each member, also when it is expected not to be."""
        if not members:
            raise CannotTell("nothing matches the pattern")
        verdicts = [(member, self._verdict(member, check)) for member in members]
        bad = [f"{one.name}: {verdict.told}" for one, verdict in verdicts if verdict.passed is check["negated"]]
        return Verdict(bool(bad) is check["negated"], listing(bad) if bad else f"all {len(members)}")

    def _result(self, verdict: Verdict, negated: bool) -> dict[str, t.Any]:
        passed = verdict.passed is not negated
        if passed and not self._options.details:
            return {"status": PASSED}
        result: dict[str, t.Any] = {"status": PASSED if passed else FAILED, "got": _told(verdict)}
        if verdict.source:
            result["source"] = verdict.source
        if verdict.diff and not passed:
            result["diff"] = list(verdict.diff)
        return result


def _told(verdict: Verdict) -> str:
    """What was found; that more cannot be said about it does not change the verdict."""
    try:
        return verdict.told
    except CannotTell as error:
        return error.message


def _printable(result: dict[str, t.Any]) -> dict[str, t.Any]:
    told: dict[str, t.Any] = {key: printable(text) for key, text in result.items() if isinstance(text, str)}
    if "diff" in result:
        told["diff"] = [printable(line) for line in result["diff"]]
    return told


def read(subject: Resource, path: str) -> t.Any:
    """The value of a property path of the subject."""
    first, *steps = paths.parse(path)
    known = subject.properties.get(str(first))
    value = known.function(subject) if known else subject.other_property(str(first))
    return paths.follow(value, steps, path)


def _waits(example: Example) -> bool:
    return bool(example.get("eventually")) and not example.get("skip") and not example.get("pending")


def _status(checks: list[dict[str, t.Any]], pending: str | None) -> str:
    found = {check["status"] for check in checks}
    status = next((status for status in (FAILED, ERROR, PASSED) if status in found), SKIPPED)
    if pending and status != SKIPPED:
        return FIXED if status == PASSED else PENDING
    return status


def _not_measured(status: str, error: CannotTell) -> dict[str, t.Any]:
    result = {"status": status, "got": error.message, "source": error.source}
    if status == SKIPPED:
        result["reason"] = error.message
    return {key: value for key, value in result.items() if value}


def _hide(checks: list[dict[str, t.Any]]) -> None:
    for check in checks:
        check.pop("diff", None)
        if "got" in check:
            check["got"] = HIDDEN


@contextlib.contextmanager
def _time_limit(seconds: float) -> t.Iterator[None]:
    """Interrupt what blocks in this process; beside the main thread the sources have limits of their own."""
    if not seconds or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: t.Any) -> None:
        raise TookTooLong(f"gave up after {seconds:g} s (option timeout)")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
