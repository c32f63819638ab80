# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import datetime
import re
import typing as t
from dataclasses import dataclass

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError, error_code
from ansible_collections.containerci.aws.plugins.module_utils._core.service import Service

FLATCAR_OWNER = "075585003325"
ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}

# Flatcar takes its images away nine months after their release.
_OLD_AFTER_DAYS = 240
_NAME = re.compile(r"^Flatcar-(?P<channel>\w+)-(?P<version>[\d.]+)-hvm$")


@dataclass(frozen=True)
class Image:
    """An image of the operating system."""

    image_id: str
    name: str = ""
    created: str = ""

    @property
    def os_version(self) -> str:
        """Empty for an image that Flatcar did not publish."""
        found = _NAME.match(self.name)
        return found["version"] if found else ""

    def warning(self, today: datetime.date) -> str:
        """What to say about an image that will soon be taken away."""
        if not self.os_version or not self.created:
            return ""
        days = (today - datetime.date.fromisoformat(self.created[:10])).days
        if days < _OLD_AFTER_DAYS:
            return ""
        return (
            f"The image {self.image_id} ({self.name}) is {days} days old; Flatcar takes images away after nine months. "
            "Give refresh_ami: true to use a newer one for new workers."
        )


@dataclass(frozen=True)
class Wish:
    """What kind of image is wanted."""

    channel: str
    architecture: str
    os_version: str = ""
    parameter: str = ""

    @property
    def name(self) -> str:
        return f"Flatcar-{self.channel}-{self.os_version or '*'}-hvm"


class Ec2(Service):
    """What EC2 tells about images and types of instances."""

    name = "ec2"

    def images(self, **filters: t.Any) -> list[Image]:
        answer = self._call("describe_images", **filters)
        return [Image(i["ImageId"], i.get("Name", ""), i.get("CreationDate", "")) for i in answer["Images"]]

    def architectures(self, types: t.Sequence[str]) -> dict[str, list[str]]:
        """The types that exist in the region, with the architectures they run."""
        pages = self._pages("describe_instance_types", Filters=[{"Name": "instance-type", "Values": list(types)}])
        return {
            item["InstanceType"]: item["ProcessorInfo"]["SupportedArchitectures"]
            for page in pages
            for item in page["InstanceTypes"]
        }


class ParameterMissing(CollectionError):
    """The parameter does not exist."""


class Ssm(Service):
    """The user's own parameter with the id of an image."""

    name = "ssm"

    def parameter(self, name: str) -> str:
        try:
            return str(self._call("get_parameter", Name=name)["Parameter"]["Value"])
        except ParameterMissing:
            raise CollectionError(f"The SSM parameter {name} (ami_ssm_parameter) does not exist.") from None

    def explain(self, error: Exception, method: str) -> CollectionError:
        if error_code(error) == "ParameterNotFound":
            return ParameterMissing("The parameter does not exist.")
        return super().explain(error, method)


def newest(images: t.Iterable[Image], wish: Wish) -> Image:
    """The image to use; a pattern can match names that only look alike."""
    fitting = [image for image in images if image.os_version and wish.os_version in ("", image.os_version)]
    if not fitting:
        raise CollectionError(
            f"Flatcar publishes no image {wish.name} for {wish.architecture} in this region; "
            "check releaseChannel and os_version, or give ami."
        )
    return max(fitting, key=lambda image: image.created)


def find(wish: Wish, ec2: Ec2, ssm: t.Callable[[], Ssm]) -> Image:
    """The image by the user's own parameter, or the newest that Flatcar publishes."""
    if wish.parameter:
        return described(ssm().parameter(wish.parameter), ec2)
    filters = {"name": wish.name, "architecture": ARCHITECTURES[wish.architecture], "state": "available"}
    listed = [{"Name": name, "Values": [value]} for name, value in filters.items()]
    return newest(ec2.images(Owners=[FLATCAR_OWNER], Filters=listed), wish)


def described(image_id: str, ec2: Ec2) -> Image:
    """An image that is known by its id."""
    found = ec2.images(Filters=[{"Name": "image-id", "Values": [image_id]}])
    if not found:
        raise CollectionError(f"The image {image_id} (ami) does not exist in this region, or is not shared with you.")
    return found[0]
