# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The runner of habitat_pipeline: what it asks of AWS, and what it tells CodePipeline, step by step."""

from __future__ import annotations

import json
import typing as t

import pytest
from botocore.stub import ANY
from unit.habitat_world import (
    BOX,
    BUILD,
    COMMAND,
    EXECUTION,
    JOB,
    KEYS,
    NOW,
    OTHER_BOX,
    REPORT,
    TOKEN,
    Token,
    World,
    event,
    token_of,
)


@pytest.fixture
def world() -> World:
    return World()


def test_the_first_invocation_sends_the_command_and_asks_to_be_invoked_again(world: World) -> None:
    parameters = {
        "Execution": [EXECUTION],
        "Key": [f"{JOB}.1"],
        "Timeout": ["3600"],
        "Source": ["bucket/app/Source/x"],
        "Package": ["bucket/app/Package/x"],
    }
    world.sent().boxes(OTHER_BOX, BOX).answers(
        "send_command",
        {"Command": {"CommandId": COMMAND}},
        DocumentName="app-Build-HabitatPackage",
        InstanceIds=[BOX],
        TimeoutSeconds=600,
        Comment="app Build-HabitatPackage",
        Parameters=parameters,
        CloudWatchOutputConfig={"CloudWatchOutputEnabled": True, "CloudWatchLogGroupName": "/commands"},
    )
    told = world.succeeds().run()
    assert token_of(told) == Token(JOB, BUILD["action"], EXECUTION, NOW, NOW + 4800, 1, COMMAND, BOX)
    assert told["executionDetails"]["externalExecutionId"] == COMMAND
    assert COMMAND in told["executionDetails"]["summary"]


def test_a_duplicate_event_finds_the_command_of_the_first(world: World) -> None:
    same = {"CommandId": COMMAND, "InstanceIds": [BOX], "Parameters": {"Key": [f"{JOB}.1"]}}
    other = {"CommandId": "d" * 36, "InstanceIds": [BOX], "Parameters": {"Key": [f"{EXECUTION}.1"]}}
    told = world.sent(other, same).succeeds().run()
    assert (token_of(told).command_id, token_of(told).instance_id) == (COMMAND, BOX)


def test_the_answer_to_a_duplicate_is_not_wanted_and_nothing_is_cancelled(world: World) -> None:
    world.looks("InProgress").boxes(BOX).refuses("put_job_success_result", "InvalidJobStateException")
    world.answers("get_pipeline_execution", {"pipelineExecution": {"status": "InProgress"}})
    world.run(event(token=TOKEN.dump()))


@pytest.mark.parametrize("code", ["InvalidJobStateException", "JobNotFoundException"])
def test_a_stopped_execution_cancels_its_command(world: World, code: str) -> None:
    world.looks("InProgress").boxes(BOX).refuses("put_job_success_result", code)
    world.answers(
        "get_pipeline_execution",
        {"pipelineExecution": {"status": "Stopped"}},
        pipelineName="app",
        pipelineExecutionId=EXECUTION,
    )
    world.answers("cancel_command", CommandId=COMMAND)
    world.run(event(token=TOKEN.dump()))


def test_the_news_of_a_stop_cancels_what_the_execution_has_running(world: World) -> None:
    def command(name: str, execution: str, status: str, document: str = "app-Build-HabitatPackage") -> dict[str, t.Any]:
        name = name * 36
        return {
            "CommandId": name,
            "DocumentName": document,
            "Status": status,
            "Parameters": {"Execution": [execution]},
        }

    world.sent(
        command("a", EXECUTION, "InProgress"),
        command("b", EXECUTION, "Success"),
        command("c", JOB, "InProgress"),
        command("d", EXECUTION, "InProgress", "other-Build"),
    )
    world.answers("cancel_command", CommandId="a" * 36)
    world.runner.stopped(EXECUTION)
    world.done()


@pytest.mark.parametrize("status", ["Pending", "InProgress", "Delayed", "Cancelling"])
def test_a_living_command_is_looked_at_again(world: World, status: str) -> None:
    told = world.looks(status).boxes(BOX).succeeds().run(event(token=TOKEN.dump()))
    assert token_of(told) == TOKEN
    assert status in told["executionDetails"]["summary"]


def test_success_tells_summary_log_and_variables(world: World) -> None:
    told = world.looks("Success", code=0, report=REPORT).succeeds().run(event(token=TOKEN.dump()))
    assert told["outputVariables"] == {"pkg_ident": "acme/app/1.0/20260101000000"}
    assert "continuationToken" not in told
    summary = told["executionDetails"]["summary"]
    assert summary.startswith("Built it (on i-0aaaaaaaaaaaaaaaa, command cccc")
    assert f"#logsV2:log-groups/log-group/$252Fcommands$3FlogStreamNameFilter$3D{COMMAND})" in summary


# status, details, exit code, report -> type of the failure, what the message says
FAILURES = [
    ("Failed", "", 1, "outcome=failed\ncause=plan.sh has a syntax error\n\nline one", "JobFailed", "plan.sh has a syn"),
    ("Failed", "", 66, "outcome=failed\ncause=s3://b/k does not exist\n\n", "RevisionUnavailable", "does not exist"),
    ("Failed", "", 75, "outcome=failed\n\n", "SystemUnavailable", "exit code 75"),
    ("Failed", "", 77, "outcome=failed\n\n", "PermissionError", "exit code 77"),
    ("Failed", "", 78, "outcome=failed\n\n", "ConfigurationError", "exit code 78"),
    ("Failed", "", 127, "", "JobFailed", "exit code 127"),
    ("Success", "", 0, "", "JobFailed", "left no report"),
    ("Success", "", 0, "outcome=failed\ncause=it\n\n", "JobFailed", "it (exit 0"),
    ("Cancelled", "", -1, "", "JobFailed", "the command was cancelled"),
    ("TimedOut", "ExecutionTimedOut", 137, "", "JobFailed", "took longer than its timeout"),
    ("Failed", "AccessDenied", -1, "", "PermissionError", "not allowed on the build box"),
    ("Failed", "InvalidPlatform", -1, "", "ConfigurationError", "runs no Linux"),
    ("Failed", "Terminated", -1, "", "JobFailed", "AWS ended the command"),
]


@pytest.mark.parametrize(("status", "details", "code", "report", "kind", "words"), FAILURES)
def test_a_failure_names_cause_exit_status_box_command_and_log(
    world: World, status: str, details: str, code: int, report: str, kind: str, words: str
) -> None:
    told = world.looks(status, details, code, report).fails().run(event(token=TOKEN.dump()))
    failure = told["failureDetails"]
    assert (failure["type"], failure["externalExecutionId"]) == (kind, COMMAND)
    assert failure["message"].startswith("Build-HabitatPackage failed: ")
    for part in (words, f"(exit {code}, status {status}/{details or status})", BOX, COMMAND, "log: https://us-east-1."):
        assert part in failure["message"]


def test_oversized_output_is_cut_and_its_end_is_kept(world: World) -> None:
    lines = "\n".join(f"{number} {'é' * 400}" for number in range(30))
    report = f"outcome=failed\ncause={'c' * 3000}\n\n{lines}"
    message = world.looks("Failed", code=1, report=report).fails().run(event(token=TOKEN.dump()))["failureDetails"]
    assert len(message["message"]) == 5_000
    assert "\n10 é" in message["message"]
    assert "\n9 é" not in message["message"]


def test_what_looks_like_a_secret_is_blotted_out(world: World) -> None:
    tail = (
        "HAB_AUTH_TOKEN=canary-1\nhttps://me:canary@host/ AKIAIOSFODNN7EXAMPLE\n\x1b[1mAuthorization: Bearer canary-3"
    )
    report = f"outcome=failed\ncause=password: canary-four\n\n{tail}"
    message = world.looks("Failed", code=1, report=report).fails().run(event(token=TOKEN.dump()))["failureDetails"]
    assert not [word for word in ("canary", "AKIA", "\x1b") if word in message["message"]]
    assert "HAB_AUTH_TOKEN=****" in message["message"]


def test_no_credential_of_the_job_leaves_the_event(world: World) -> None:
    world.sent().boxes(BOX).answers("send_command", {"Command": {"CommandId": COMMAND}}, **dict.fromkeys(SENT, ANY))
    told = world.succeeds().run()
    said = json.dumps(told) + "".join(world.lines)
    assert not [value for value in KEYS.values() if value in said]
    assert all(json.loads(line)["message"] for line in world.lines)


SENT = ["DocumentName", "InstanceIds", "TimeoutSeconds", "Comment", "Parameters", "CloudWatchOutputConfig"]


def test_a_command_that_is_not_visible_yet_is_waited_for(world: World) -> None:
    world.answers("list_command_invocations", {"CommandInvocations": []})
    assert token_of(world.succeeds().run(event(token=TOKEN.dump()))) == TOKEN


@pytest.mark.parametrize("found", [True, False])
def test_an_expired_deadline_cancels_the_command(world: World, found: bool) -> None:
    world.now = TOKEN.deadline + 1
    if found:
        world.looks("InProgress")
    else:
        world.answers("list_command_invocations", {"CommandInvocations": []})
    world.answers("cancel_command", CommandId=COMMAND)
    failure = world.fails().run(event(token=TOKEN.dump()))["failureDetails"]
    assert failure["type"] == "JobFailed"
    assert "had not ended 4060 seconds after its start and was cancelled" in failure["message"]


def test_a_command_that_ended_in_time_succeeds_after_the_deadline(world: World) -> None:
    world.now = TOKEN.deadline + 1
    assert "outputVariables" in world.looks("Success", code=0, report=REPORT).succeeds().run(event(token=TOKEN.dump()))


THROTTLED = [("ThrottlingException", 400), ("RequestLimitExceeded", 503), ("InternalServerError", 500), ("x", 429)]


@pytest.mark.parametrize(("code", "status"), THROTTLED)
def test_throttling_is_no_failure(world: World, code: str, status: int) -> None:
    told = world.refuses("list_command_invocations", code, status).succeeds().run(event(token=TOKEN.dump()))
    assert token_of(told) == TOKEN
    again = World().sent().boxes(BOX).refuses("send_command", code, status).succeeds().run()
    assert token_of(again).command_id == ""


def test_throttling_until_the_deadline_is_one(world: World) -> None:
    world.now = TOKEN.deadline + 1
    told = world.refuses("list_command_invocations", "ThrottlingException").fails().run(event(token=TOKEN.dump()))
    assert told["failureDetails"]["type"] == "SystemUnavailable"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDeniedException", "PermissionError"),
        ("InvalidDocument", "ConfigurationError"),
        ("InvalidParameters", "ConfigurationError"),
        ("InvalidInstanceId", "SystemUnavailable"),
        ("SomethingNew", "JobFailed"),
    ],
)
def test_what_aws_refuses_is_told_with_its_type(world: World, code: str, kind: str) -> None:
    failure = world.sent().boxes(BOX).refuses("send_command", code).fails().run()["failureDetails"]
    assert failure["type"] == kind
    assert failure["message"] == f"Build-HabitatPackage failed: AWS refused SendCommand: {code}: no"


def test_the_runner_waits_for_a_box_and_then_says_that_there_is_none(world: World) -> None:
    first = token_of(world.sent().boxes().succeeds().run())
    assert first.command_id == ""
    later = World()
    later.now = NOW + 601
    failure = later.sent().boxes().fails().run(event(token=first.dump()))["failureDetails"]
    assert failure["type"] == "SystemUnavailable"
    assert "no instance with the tag habitat-pipeline=app has been online for 10 minutes" in failure["message"]


def test_too_many_boxes_are_an_error_that_names_them(world: World) -> None:
    failure = world.sent().boxes("i-3", "i-1", "i-2").fails().run()["failureDetails"]
    assert failure["type"] == "ConfigurationError"
    assert "3 instances have the tag habitat-pipeline=app, but at most 2 may: i-1, i-2, i-3" in failure["message"]


def test_a_replaced_box_gets_the_command_again_but_once_only(world: World) -> None:
    world.looks("InProgress").boxes(OTHER_BOX).answers("cancel_command", CommandId=COMMAND)
    again = token_of(world.succeeds().run(event(token=TOKEN.dump())))
    assert (again.attempt, again.command_id, again.key) == (2, "", f"{JOB}.2")
    last = World().looks("Failed", "Undeliverable").answers("cancel_command", CommandId=COMMAND).fails()
    failure = last.run(event(token=again.sent(COMMAND, BOX).dump()))["failureDetails"]
    assert failure["type"] == "SystemUnavailable"
    assert "the build box was replaced or lost (status Failed/Undeliverable, attempt 2)" in failure["message"]


def test_a_box_that_does_not_answer_for_a_while_keeps_its_command(world: World) -> None:
    assert token_of(world.looks("InProgress").boxes().succeeds().run(event(token=TOKEN.dump()))) == TOKEN


def test_a_command_is_not_sent_in_the_last_seconds_of_an_invocation(world: World) -> None:
    assert token_of(world.sent().boxes(BOX).succeeds().run(remaining=5_000)).command_id == ""


def test_a_mistake_of_the_runner_itself_still_ends_the_action(world: World) -> None:
    broken = event()
    del broken["CodePipeline.job"]["data"]["actionConfiguration"]
    failure = world.fails().run(broken)["failureDetails"]
    assert failure["type"] == "JobFailed"
    assert "the runner itself failed: KeyError" in failure["message"]


def test_a_result_that_cannot_be_put_is_logged_and_raised(world: World) -> None:
    world.looks("Success", code=0, report=REPORT).refuses("put_job_success_result", "AccessDeniedException")
    with pytest.raises(Exception, match="AccessDenied"):
        world.run(event(token=TOKEN.dump()))
    assert "no result was put" in "".join(world.lines)
