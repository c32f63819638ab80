# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""ECS: services keep their options and are steady at once; EC2 tasks may reserve memory without a limit."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.ecs import urls
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse

# options of CreateService that moto reads and drops
KEPT = (
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
    "placementConstraints",
    "placementStrategy",
)


class EcsApi(EC2ContainerServiceResponse):
    def create_service(self) -> ActionResult:
        result = super().create_service()
        service = result.result["service"]  # type: ignore[index]
        for name in KEPT:
            if self._get_param(name) is not None:
                setattr(service, camelcase_to_underscores(name), self._get_param(name))
        steady(service)
        return result

    def update_service(self) -> ActionResult:
        result = super().update_service()
        steady(result.result["service"])  # type: ignore[index]
        return result


def steady(service: Service) -> None:
    """As after a deployment: all tasks run, the primary deployment is complete."""
    service.running_count, service.pending_count = service.desired_count, 0
    for deployment in service.deployments:
        state = {"runningCount": service.desired_count, "pendingCount": 0, "rolloutState": "COMPLETED"}
        deployment.update(state, desiredCount=service.desired_count, taskDefinition=service.task_definition)


def install() -> None:
    urls.url_paths["{0}/$"] = EcsApi.dispatch
    validate = EC2ContainerServiceBackend._validate_container_defs

    def validate_container_defs(memory: str | None, container_definitions: list[dict[str, Any]], _: Any) -> None:
        validate(memory, container_definitions, None)

    EC2ContainerServiceBackend._validate_container_defs = staticmethod(validate_container_defs)  # type: ignore[method-assign]
