# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

from __future__ import annotations

import os
import re
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._spec.kinds import Either, Integer, Kind, OneOf, Text
from ansible_collections.containerci.aws.plugins.module_utils._spec.server.file_facts import status
from ansible_collections.containerci.aws.plugins.module_utils._spec.text import shown
from ansible_collections.containerci.aws.plugins.module_utils._spec.vocabulary import (
    CannotTell,
    Resource,
    Verdict,
    its,
    matcher,
)

MODULES = "/proc/modules"
ENFORCE = "/sys/fs/selinux/enforce"
SELINUX = "/etc/selinux/config"


class KernelParameter(Resource):
    """A parameter of the running kernel, as sysctl names it."""

    word = "kernel_parameter"
    aliases = ("linux_kernel_parameter",)
    needs_running_system = True

    @matcher()
    def exist(self) -> Verdict:
        """The kernel has the parameter."""
        passed = self._exists
        return Verdict(passed, f"{self._path} {'exists' if passed else 'does not exist'}", "/proc/sys")

    @its(Either(Integer(), Text()))
    def value(self) -> int | str:
        """The value; a number when it is one."""
        if not self._exists:
            raise CannotTell(f"there is no kernel parameter {self.name}", self._path)
        text = " ".join(self.world.read(self._path).split())
        return int(text) if re.fullmatch(r"-?\d+", text) else text

    @property
    def _exists(self) -> bool:
        return _exists(self.world, self._path, "/proc/sys")

    @property
    def _path(self) -> str:
        # As sysctl has it: the first separator is the separator, the other one belongs to names (eth0.100).
        name = str(self.name)
        first = re.search("[./]", name)
        swap = first is not None and first.group() == "."
        return "/proc/sys/" + (name.translate(str.maketrans("./", "/.")) if swap else name)


class KernelModule(Resource):
    """A module of the kernel; a dash in its name is an underscore."""

    word = "kernel_module"
    needs_running_system = True

    @matcher()
    def be_loaded(self) -> Verdict:
        """The module is loaded. What is built into the kernel is no module."""
        if not _exists(self.world, MODULES, "/proc/sys"):
            return Verdict(False, "this kernel loads no modules", "/proc")
        loaded = {line.split()[0] for line in self.world.read(MODULES).splitlines() if line.strip()}
        passed = self.name.replace("-", "_") in loaded
        return Verdict(passed, "loaded" if passed else "not loaded", MODULES)


class Selinux(Resource):
    """SELinux on this machine."""

    word = "selinux"
    name_kind = None
    needs_running_system = True

    @matcher(aliases={"with_policy": "policy"}, joint="with", policy=Text())
    def be_enforcing(self, policy: str = "") -> Verdict:
        """SELinux enforces its rules."""
        return self._verdict("enforcing", policy)

    @matcher(aliases={"with_policy": "policy"}, joint="with", policy=Text())
    def be_permissive(self, policy: str = "") -> Verdict:
        """SELinux only tells what it would forbid."""
        return self._verdict("permissive", policy)

    @matcher()
    def be_disabled(self) -> Verdict:
        """SELinux is off, or not there at all."""
        return self._verdict("disabled", "")

    @its(OneOf("enforcing", "permissive", "disabled"))
    def mode(self) -> str:
        """enforcing, permissive or disabled."""
        if not _exists(self.world, ENFORCE, "/sys/fs"):
            return "disabled"
        return "enforcing" if str(self.world.read(ENFORCE)).strip() == "1" else "permissive"

    @its(Text())
    def policy(self) -> str:
        """The policy of /etc/selinux/config."""
        found = re.search(r"^\s*SELINUXTYPE\s*=\s*(\S+)", self.world.read(SELINUX), re.MULTILINE)
        if not found:
            raise CannotTell(f"{SELINUX} names no policy", SELINUX)
        return found.group(1)

    def _verdict(self, wanted: str, policy: str) -> Verdict:
        mode = self.mode()
        if not policy or mode != wanted:
            return Verdict(mode == wanted, mode, ENFORCE)
        found = self.policy()
        return Verdict(found == policy, f"{mode} with the policy {found}", SELINUX)


class Environment(Resource):
    """A variable of the environment that the module runs in."""

    word = "environment"

    @matcher()
    def exist(self) -> Verdict:
        """The variable is set."""
        return Verdict(self.name in os.environ, "set" if self.name in os.environ else "not set")

    @its(Text())
    def value(self) -> str:
        """The value."""
        if self.name not in os.environ:
            raise CannotTell(f"{self.name} is not set")
        return os.environ[self.name]


class Value(Resource):
    """Any value of the play, such as a fact; its matchers are the value matchers."""

    word = "value"
    name_kind = Kind()
    takes_value_matchers = True
    name_can_be_secret = True

    @classmethod
    def label(cls, name: t.Any, _parameters: t.Mapping[str, t.Any]) -> str:
        return f"value {shown(name)}"

    @its()
    def value(self) -> t.Any:
        """The value itself."""
        return self.name


def _exists(world: t.Any, path: str, folder: str) -> bool:
    """Whether the kernel has a file; raises CannotTell when the folder is not there, in which it shows such files."""
    if status(world, path):
        return True
    if not status(world, folder):
        raise CannotTell(f"{folder} does not exist", folder)
    return False


RESOURCES = (KernelParameter, KernelModule, Selinux, Environment, Value)
