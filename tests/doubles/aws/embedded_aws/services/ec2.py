# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2: an instance profile reaches every instance that is launched with it, from a template too."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.instances import Reservation


def install() -> None:
    run = EC2Backend.run_instances

    def run_instances(self: EC2Backend, *arguments: Any, **options: Any) -> Reservation:
        reservation = run(self, *arguments, **options)
        given = options.get("iam_instance_profile_name") or options.get("iam_instance_profile_arn")
        profile = given or _profile(self, options)
        # moto itself gives a profile of the request to the first instance
        for instance in reservation.instances[1 if given else 0 :] if profile else []:
            key = "iam_instance_profile_arn" if profile.startswith("arn:") else "iam_instance_profile_name"
            self.associate_iam_instance_profile(instance.id, **{key: profile})
        return reservation

    EC2Backend.run_instances = run_instances  # type: ignore[method-assign]


def _profile(backend: EC2Backend, options: dict[str, Any]) -> str:
    """The name or ARN of the profile that a template or a configuration names."""
    if options.get("launch_template"):
        found = backend._get_template_from_args(options["launch_template"]).data.get("IamInstanceProfile", {})
        return found.get("Arn") or found.get("Name") or ""
    return getattr(options.get("launch_config"), "iam_instance_profile", None) or ""
