# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2: an instance profile reaches every instance that is launched with it, from a template too.

And there are images of Flatcar, which moto has not heard of: in every region the same."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend, amis
from moto.ec2.models.instances import Reservation

FLATCAR = (
    ("ami-0f1a7ca45932005aa", "Flatcar-stable-4593.2.5-hvm", "x86_64", "2026-08-10T08:00:00.000Z"),
    ("ami-0f1a7ca45932005bb", "Flatcar-stable-4593.2.5-hvm", "arm64", "2026-08-10T08:00:00.000Z"),
    ("ami-0f1a7ca45932004aa", "Flatcar-stable-4593.2.4-hvm", "x86_64", "2026-07-06T08:00:00.000Z"),
    ("ami-0f1a7ca47571000aa", "Flatcar-beta-4757.1.0-hvm", "x86_64", "2026-08-10T08:00:00.000Z"),
)


def _flatcar(image: str, name: str, architecture: str, created: str) -> dict[str, Any]:
    return {
        "ami_id": image,
        "architecture": architecture,
        "creation_date": created,
        "description": "Flatcar Container Linux",
        "hypervisor": "xen",
        "image_location": f"075585003325/{name}",
        "name": name,
        "owner_id": "075585003325",
        "public": True,
        "root_device_name": "/dev/xvda",
        "root_device_type": "ebs",
        "virtualization_type": "hvm",
    }


def install() -> None:
    amis.AMIS.extend(_flatcar(*image) for image in FLATCAR)
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
