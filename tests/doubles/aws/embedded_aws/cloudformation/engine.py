# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stack engine of one account and region: create, update, delete, roll back.

Each operation runs in a thread of its own, as on AWS: the API call returns at once, the stack's events tell the rest.
"""

from __future__ import annotations

import contextlib
import threading
import time
import traceback
import uuid
from typing import Any

from botocore.exceptions import ClientError

from ..settings import settings
from . import schema
from .changes import Forecast
from .errors import InsufficientCapabilities, ResourceFailure, ValidationError
from .handler import HANDLERS, Context, Handler, is_gone, reason_of
from .intrinsics import Evaluator
from .lookups import AccountLookups
from .operations import Operation, OperationFailed, check_name_is_free, forget, nothing, outputs, same
from .parameters import Lookups, check_rules, resolve
from .records import UPDATABLE, ChangeSet, Resource, Source, Stack, now
from .template import load, needed_capability, order


class Engine:
    def __init__(self, account: str, region: str) -> None:
        self.account, self.region = account, region
        self.stacks: dict[str, Stack] = {}
        self.lookups = AccountLookups(account, region)
        self.closed = False
        self._threads: list[threading.Thread] = []

    def close(self) -> None:
        """Stop what is in progress, and return when it has stopped."""
        self.closed = True
        for thread in self._threads:
            thread.join(10)

    def find(self, name_or_id: str, deleted: bool = True) -> Stack | None:
        """The stack with this id, or the living one with this name."""
        stack = self.stacks.get(name_or_id)
        if stack is not None:
            return stack if deleted or stack.status != "DELETE_COMPLETE" else None
        living = [
            stack for stack in self.stacks.values() if stack.name == name_or_id and stack.status != "DELETE_COMPLETE"
        ]
        return living[-1] if living else None

    def get(self, name_or_id: str) -> Stack:
        stack = self.find(name_or_id)
        if stack is None:
            raise ValidationError(f"Stack with id {name_or_id} does not exist")
        return stack

    def exports(self) -> dict[str, tuple[str, str]]:
        """Export name to (value, stack id)."""
        return {
            output["ExportName"]: (output["OutputValue"], stack.id)
            for stack in self.stacks.values()
            if stack.status != "DELETE_COMPLETE"
            for output in stack.outputs
            if "ExportName" in output
        }

    def source(
        self, body: str, given: list[dict[str, Any]], tags: dict[str, str], stack: Stack | None, name: str
    ) -> Source:
        """A checked source; raises ValidationError for all that AWS refuses before it touches a stack."""
        template = load(body)
        unknown = sorted({part["Type"] for part in template["Resources"].values() if schema.of(part["Type"]) is None})
        if unknown:
            raise ValidationError(f"Template format error: Unrecognized resource types: [{', '.join(unknown)}]")
        previous = stack.source.parameters if stack else {}
        lookups = Lookups(self.lookups.exists, self.lookups.ssm_parameter)
        parameters = resolve(template.get("Parameters", {}), given, previous, lookups)
        source = Source(body, template, parameters, tags)
        check_rules(template, self._evaluator(source, name, "", nothing, nothing).value)
        return source

    def _evaluator(self, source: Source, name: str, stack_id: str, resource: Any, attribute: Any) -> Evaluator:
        pseudo = {
            "AWS::AccountId": self.account,
            "AWS::NotificationARNs": [],
            "AWS::Partition": "aws",
            "AWS::Region": self.region,
            "AWS::StackId": stack_id,
            "AWS::StackName": name,
            "AWS::URLSuffix": "amazonaws.com",
        }
        values = {key: parameter.value for key, parameter in source.parameters.items()}
        zones, dynamic = self.lookups.zones, self.lookups.dynamic_reference
        return Evaluator(source.template, values, pseudo, resource, attribute, zones, dynamic, self._import)

    def _import(self, name: str) -> str:
        if name not in self.exports():
            raise ValidationError(f"No export named {name} found.")
        return self.exports()[name][0]

    def forecast(self, stack: Stack, target: Source) -> tuple[list[dict[str, Any]], bool]:
        """The changes that an update would make, and whether it would change anything at all (outputs, tags)."""

        def make(source: Source, resource: Any, attribute: Any) -> Evaluator:
            return self._evaluator(source, stack.name, stack.id, resource, attribute)

        forecast = Forecast(stack, target, make)
        changes = forecast.changes()
        different = bool(changes) or stack.source.tags != target.tags
        return changes, different or outputs(forecast.evaluator) != stack.outputs

    def check_capabilities(self, source: Source, capabilities: list[str]) -> None:
        needed = needed_capability(source.template)
        if needed and not {needed, "CAPABILITY_NAMED_IAM"} & set(capabilities):
            raise InsufficientCapabilities(f"Requires capabilities : [{needed}]")

    def create(self, name: str, source: Source, token: str | None, **attributes: Any) -> Stack:
        stack = self.new_stack(name, source, "CREATE_IN_PROGRESS", **attributes)
        self._start(self._create, Operation(stack, "CREATE", token))
        return stack

    def new_stack(self, name: str, source: Source, status: str, **attributes: Any) -> Stack:
        stack_id = f"arn:aws:cloudformation:{self.region}:{self.account}:stack/{name}/{uuid.uuid4()}"
        stack = Stack(stack_id, name, self.account, self.region, source, status, **attributes)
        self.stacks[stack_id] = stack
        return stack

    def update(self, stack: Stack, target: Source, token: str | None) -> None:
        self.check_updatable(stack)
        if not self._differs(stack, target):
            raise ValidationError("No updates are to be performed.")
        self._start(self._update, Operation(stack, "UPDATE", token), target)

    def _differs(self, stack: Stack, target: Source) -> bool:
        try:
            return self.forecast(stack, target)[1]
        except ResourceFailure:
            return True  # the update itself will tell what is wrong

    def check_updatable(self, stack: Stack) -> None:
        if stack.status not in UPDATABLE:
            raise ValidationError(f"Stack:{stack.id} is in {stack.status} state and can not be updated.")

    def execute(self, stack: Stack, change_set: ChangeSet, token: str | None) -> None:
        change_set.execution_status = "EXECUTE_IN_PROGRESS"
        for other in stack.change_sets.values():
            if other is not change_set:
                other.execution_status = "OBSOLETE"
        stack.change_sets.clear()
        if stack.status == "REVIEW_IN_PROGRESS":
            stack.source = change_set.source
            self._start(self._create, Operation(stack, "CREATE", token))
        else:
            self._start(self._update, Operation(stack, "UPDATE", token), change_set.source)

    def delete(self, stack: Stack, token: str | None, retain: list[str]) -> None:
        if stack.termination_protection:
            raise ValidationError(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
        if stack.status == "DELETE_IN_PROGRESS":
            return
        self._start(self._delete, Operation(stack, "DELETE", token), retain)

    def _start(self, work: Any, operation: Operation, *arguments: Any) -> None:
        operation.record(f"{operation.verb}_IN_PROGRESS", reason="User Initiated")

        def run() -> None:
            try:
                work(operation, *arguments)
            except Exception:  # a thread's failure must be seen in the stack, not only in the server's log
                traceback.print_exc()
                failed = "UPDATE_ROLLBACK_FAILED" if operation.verb == "UPDATE" else f"{operation.verb}_FAILED"
                operation.record(failed, reason="Internal failure of the embedded AWS; see its log")

        thread = threading.Thread(target=run, daemon=True)
        self._threads = [*filter(threading.Thread.is_alive, self._threads), thread]
        thread.start()

    def _create(self, operation: Operation) -> None:
        stack = operation.stack
        try:
            self._converge(operation, stack.source)
        except OperationFailed as failure:
            self._create_failed(operation, failure)
            return
        operation.record("CREATE_COMPLETE")

    def _create_failed(self, operation: Operation, failure: OperationFailed) -> None:
        stack = operation.stack
        reason = f"The following resource(s) failed to create: [{failure}]. "
        if stack.on_failure == "DO_NOTHING":
            operation.record("CREATE_FAILED", reason=reason)
            return
        verb = "DELETE" if stack.on_failure == "DELETE" else "ROLLBACK"
        operation.record(f"{verb}_IN_PROGRESS", reason=f"{reason}{verb.capitalize()} requested by user.")
        failed = self._remove(operation, list(reversed(stack.resources.values())), rolling_back_create=True)
        stack.outputs = []
        operation.record(f"{verb}_{'FAILED' if failed else 'COMPLETE'}")

    def _update(self, operation: Operation, target: Source) -> None:
        stack, before = operation.stack, operation.stack.source
        stack.updated = now()
        try:
            self._converge(operation, target)
        except OperationFailed as failure:
            self._update_failed(operation, before, failure)
            return
        stack.source = target
        operation.record("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        self._clean_up(operation, target)
        operation.record("UPDATE_COMPLETE")

    def _update_failed(self, operation: Operation, before: Source, failure: OperationFailed) -> None:
        reason = f"The following resource(s) failed to update: [{failure}]. "
        operation.record("UPDATE_ROLLBACK_IN_PROGRESS", reason=reason)
        operation.rolling_back = True
        try:
            self._converge(operation, before)
        except OperationFailed as second:
            operation.record(
                "UPDATE_ROLLBACK_FAILED", reason=f"The following resource(s) failed to update: [{second}]."
            )
            return
        operation.record("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        self._clean_up(operation, before)
        operation.record("UPDATE_ROLLBACK_COMPLETE")

    def _delete(self, operation: Operation, retain: list[str]) -> None:
        stack = operation.stack
        resources = [resource for resource in reversed(stack.resources.values()) if resource.logical_id not in retain]
        failed = self._remove(operation, stack.leftovers[::-1]) + self._remove(operation, resources)
        if failed:
            operation.record(
                "DELETE_FAILED", reason=f"The following resource(s) failed to delete: [{', '.join(failed)}]. "
            )
            return
        stack.deleted, stack.outputs = now(), []
        operation.record("DELETE_COMPLETE")

    def _converge(self, operation: Operation, target: Source) -> None:
        """Make the stack's resources and outputs those of the target; the superfluous stays for the clean-up."""
        stack = operation.stack

        def attribute(name: str, wanted: str) -> Any:
            resource = stack.resources[name]
            if wanted not in resource.attributes:
                raise ValidationError(
                    f"Template error: resource {name} does not support attribute type {wanted} in Fn::GetAtt"
                )
            return resource.attributes[wanted]

        evaluator = self._evaluator(
            target, stack.name, stack.id, lambda name: stack.resources[name].physical_id, attribute
        )
        resources = target.template["Resources"]
        active = [name for name in order(resources) if evaluator.is_active(resources[name])]
        operation.check_removals(active)
        for name in active:
            self._ensure(operation, target, evaluator, name)
        try:
            stack.outputs = outputs(evaluator)
        except ValidationError as error:
            operation.record(f"{operation.verb}_FAILED", reason=error.message)
            raise OperationFailed([]) from error

    def _ensure(self, operation: Operation, target: Source, evaluator: Evaluator, name: str) -> None:
        stack, definition = operation.stack, target.template["Resources"][name]
        current = stack.resources.get(name)
        wanted = Resource(name, definition["Type"], "", {}, {}, definition)
        try:
            wanted.properties = schema.conform(wanted.type, evaluator.value(definition.get("Properties", {})))
            self._handler(wanted.type).check(wanted.properties)
            operation.check_policy(current, wanted)
            if current is None or current.type != wanted.type:
                self._make(operation, target, current, wanted)
            elif schema.replacing(wanted.type, current.properties, wanted.properties):
                check_name_is_free(current, wanted)
                self._make(operation, target, current, wanted)
            else:
                self._adapt(operation, target, current, wanted)
        except OperationFailed:
            raise
        except Exception as error:
            self._fail(operation, current or wanted, error)

    def _fail(self, operation: Operation, resource: Resource, error: Exception) -> None:
        if not isinstance(error, (ClientError, ResourceFailure, ValidationError)):
            traceback.print_exc()
        reason = error.message if isinstance(error, ValidationError) else reason_of(error)
        verb = "UPDATE" if resource.logical_id in operation.stack.resources else "CREATE"
        operation.record(f"{verb}_FAILED", resource, reason)
        raise OperationFailed([resource.logical_id]) from error

    def _make(self, operation: Operation, target: Source, current: Resource | None, wanted: Resource) -> None:
        stack = operation.stack
        if current is not None:
            former = next((old for old in stack.leftovers if same(old, wanted)), None)
            stack.leftovers.append(current)
            if former is not None:
                stack.leftovers.remove(former)
                stack.resources[wanted.logical_id] = former
                return
        self._pause()
        verb = "CREATE" if current is None else "UPDATE"
        operation.record(
            f"{verb}_IN_PROGRESS",
            wanted,
            ""
            if current is None
            else "Requested update requires the creation of a new physical resource; hence creating one.",
        )
        handler, context = self._handler(wanted.type), self._context(stack, target, wanted.logical_id)
        wanted.physical_id = handler.create(context, wanted.properties)
        stack.resources[wanted.logical_id] = wanted
        wanted.attributes = handler.attributes(context, wanted.physical_id, wanted.properties)
        operation.record(f"{verb}_COMPLETE", wanted)

    def _adapt(self, operation: Operation, target: Source, current: Resource, wanted: Resource) -> None:
        retagged = operation.stack.source.tags != target.tags
        different = current.properties != wanted.properties
        current.definition = wanted.definition
        if not different and not retagged:
            return
        self._pause()
        handler, context = self._handler(current.type), self._context(operation.stack, target, current.logical_id)
        if different:
            operation.record("UPDATE_IN_PROGRESS", current)
            try:
                handler.update(context, current.physical_id, current.properties, wanted.properties)
            except ClientError:
                with contextlib.suppress(ClientError):  # what never came through cannot be changed back
                    handler.update(context, current.physical_id, wanted.properties, current.properties)
                raise
            current.properties = wanted.properties
            current.attributes = handler.attributes(context, current.physical_id, current.properties)
        if retagged:
            handler.tag(context, current.physical_id, current.properties)
        if different:
            operation.record("UPDATE_COMPLETE", current)

    def _clean_up(self, operation: Operation, target: Source) -> None:
        stack = operation.stack
        evaluator = self._evaluator(target, stack.name, stack.id, nothing, nothing)
        wanted = {name for name, part in target.template["Resources"].items() if evaluator.is_active(part)}
        removed = [resource for name, resource in stack.resources.items() if name not in wanted]
        self._remove(
            operation, [*reversed(stack.leftovers), *reversed(removed)], replaced=set(map(id, stack.leftovers))
        )

    def _remove(
        self,
        operation: Operation,
        resources: list[Resource],
        rolling_back_create: bool = False,
        replaced: set[int] | None = None,
    ) -> list[str]:
        """Delete resources in the order given; returns the logical ids of those that could not be deleted."""
        failed = []
        for resource in resources:
            policy = "UpdateReplacePolicy" if id(resource) in (replaced or ()) else "DeletionPolicy"
            kept = resource.definition.get(policy, "Delete")
            if kept == "Retain" or (kept == "RetainExceptOnCreate" and not rolling_back_create):
                operation.record("DELETE_SKIPPED", resource)
            elif not self._destroy(operation, resource, kept == "Snapshot" and not rolling_back_create):
                failed.append(resource.logical_id)
                continue
            forget(operation.stack, resource)
        return failed

    def _destroy(self, operation: Operation, resource: Resource, snapshot: bool = False) -> bool:
        self._pause()
        operation.record("DELETE_IN_PROGRESS", resource)
        context = self._context(operation.stack, operation.stack.source, resource.logical_id)
        try:
            if snapshot:
                self._handler(resource.type).snapshot(context, resource.physical_id)
            self._handler(resource.type).delete(context, resource.physical_id, resource.properties)
        except Exception as error:
            if not (isinstance(error, ClientError) and is_gone(error)):
                operation.record("DELETE_FAILED", resource, reason_of(error))
                return False
        operation.record("DELETE_COMPLETE", resource)
        return True

    def _handler(self, resource_type: str) -> Handler:
        if resource_type not in HANDLERS:
            raise ResourceFailure(f"The embedded AWS does not implement the resource type {resource_type}")
        return HANDLERS[resource_type]

    def _context(self, stack: Stack, target: Source, logical_id: str) -> Context:
        return Context(self.account, self.region, stack.name, stack.id, logical_id, dict(target.tags))

    def _pause(self) -> None:
        time.sleep(settings.cloudformation_delay)
        if self.closed:
            raise SystemExit
