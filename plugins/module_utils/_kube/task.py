# Copyright: containerci.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: it can change or vanish in any release.

"""One task of the module: each state is a method that returns what the module returns."""

from __future__ import annotations

import datetime
import os
import typing as t

from ansible_collections.containerci.aws.plugins.module_utils._core import progress
from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import assets, local, results
from ansible_collections.containerci.aws.plugins.module_utils._kube.description import Description, Params, describe
from ansible_collections.containerci.aws.plugins.module_utils._kube.local import Made, Workshop
from ansible_collections.containerci.aws.plugins.module_utils._kube.render import default_bucket

if t.TYPE_CHECKING:
    from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import Stack
    from ansible_collections.containerci.aws.plugins.module_utils._kube.clouds import Clouds

Result = dict[str, t.Any]


class Task:
    """The files are read when it is made; AWS is asked by those states that need it."""

    def __init__(self, module: t.Any, now: datetime.datetime) -> None:
        self._module = module
        self._check = bool(module.check_mode)
        self._now = now
        self._description = describe(module.params)
        self._cluster = self._description.cluster
        self._params: Params = {
            **module.params,
            "assets_bucket": module.params.get("assets_bucket") or default_bucket(self._cluster),
        }
        self._directory = assets.read(self._params["asset_dir"])
        self._known: Clouds | None = None

    def run(self) -> Result:
        return t.cast("Result", getattr(self, self._params["state"])())

    # States that write files

    def initialized(self) -> Result:
        return self._wrote(local.initialize(self._description, self._directory))

    def rendered(self) -> Result:
        return self._wrote(self._workshop().everything())

    def kubeconfig(self) -> Result:
        made = self._workshop().credentials()
        return self._exported(made, made.kubeconfig(), self._is_kubeconfig)

    def exported(self) -> Result:
        made = self._workshop().everything()
        name = f"{self._cluster.name}.stack-template.json"
        text = made.rendered.template if made.rendered else ""
        return self._exported(made, text, lambda before: '"AWSTemplateFormatVersion"' in before, name)

    def _exported(
        self, made: Made, text: str, is_ours: t.Callable[[str], bool], name: str = assets.KUBECONFIG
    ) -> Result:
        dest = self._params["dest"] or os.path.join(self._params["asset_dir"], name)
        if os.path.abspath(dest) == os.path.abspath(os.path.join(self._params["asset_dir"], assets.KUBECONFIG)):
            return self._wrote(made)
        planned = local.plan_file(dest, text, is_ours)
        result = self._wrote(made)
        if planned and not self._check:
            assets.write(os.path.dirname(dest) or ".", planned)
        return results.with_file(result, dest, planned)

    def _is_kubeconfig(self, text: str) -> bool:
        """Whether a kubeconfig knows this cluster alone."""
        return text.count("current-context:") == 1 and text.count(f"name: kube-aws-{self._cluster.name}-cluster") == 1

    def _wrote(self, made: Made) -> Result:
        if not self._check:
            self._write(made)
        return self._result(made, actions=made.actions, diff=[change.diff() for change in made.plan.changes])

    def _write(self, made: Made) -> None:
        if made.plan:
            assets.write(self._params["asset_dir"], made.plan, self._now if self._params["backup"] else None)

    def _workshop(self, is_new: bool = False) -> Workshop:
        return Workshop(self._params, self._description, self._directory, self._clouds, self._now, is_new)

    # States that ask or change AWS

    def validated(self) -> Result:
        from ansible_collections.containerci.aws.plugins.module_utils._kube.up import check_account

        current = self._stack()
        made = self._workshop().everything()
        check_account(self._clouds(), self._cluster, current)
        self._clouds().cloudformation().validate(made.rendered.template if made.rendered else "")
        return self._result(made, current)

    def present(self) -> Result:
        from ansible_collections.containerci.aws.plugins.module_utils._kube.up import Upper

        current = self._stack()
        is_new = self._is_new(current)
        if not is_new:
            self._check_credentials()
        made = self._workshop(is_new).everything()
        rendered = t.cast("t.Any", made.rendered)
        report = progress.from_environment()
        upper = Upper(self._clouds(), rendered, self._params, self._check, report, lambda: self._write(made))
        up = upper.run(current)
        return {
            **self._result(made, up.outcome.stack, up.warnings, [*made.actions, *up.actions]),
            **results.of_outcome(up.outcome),
            "drift": [drift.result() for drift in up.drifts],
            "diff": results.present_diff(made, up.outcome),
        }

    def absent(self) -> Result:
        from ansible_collections.containerci.aws.plugins.module_utils._kube.down import Downer

        current = self._stack()
        downer = Downer(self._clouds(), self._cluster, self._params, self._check, progress.from_environment())
        down = downer.run(current)
        return {
            **self._result(None, down.outcome.stack, down.warnings, down.actions),
            **results.of_outcome(down.outcome),
            "orphans": [orphan.result() for orphan in down.orphans],
            "diff": results.absent_diff(down.outcome, down.actions),
        }

    def info(self) -> Result:
        from ansible_collections.containerci.aws.plugins.module_utils._kube.info import look

        current = self._stack()
        found = look(self._clouds(), self._cluster, self._params, current)
        return {**self._result(None, current, found.warnings), **found.result(), "changed": False}

    def _clouds(self) -> Clouds:
        from ansible_collections.containerci.aws.plugins.module_utils._core.connection import Session
        from ansible_collections.containerci.aws.plugins.module_utils._kube.clouds import Clouds as Connected

        if self._known is None:
            self._known = Connected(Session(self._module).client, self._cluster.region)
        return self._known

    def _stack(self) -> Stack | None:
        from ansible_collections.containerci.aws.plugins.module_utils._kube.stack import check_owner

        found = self._clouds().cloudformation().stack(self._cluster.name)
        check_owner(self._cluster.name, found)
        return found

    def _is_new(self, current: Stack | None) -> bool:
        from ansible_collections.containerci.aws.plugins.module_utils._cloudformation.shapes import NEVER_CAME_UP

        return current is None or current.stack_status in NEVER_CAME_UP

    def _check_credentials(self) -> None:
        """New keys would be those of another cluster: every machine would have to be replaced."""
        if local.has_cluster_files(self._directory):
            return
        raise CollectionError(
            f"The cluster {self._cluster.name} exists, but its credentials are not in {self._params['asset_dir']}; "
            "restore them, or give the asset_dir that the cluster was made with."
        )

    def _result(
        self,
        made: Made | None,
        current: Stack | None = None,
        warnings: t.Sequence[str] = (),
        actions: t.Sequence[str] = (),
        diff: t.Any = None,
    ) -> Result:
        for warning in dict.fromkeys([*(made.warnings if made else self._description.warnings), *warnings]):
            self._module.warn(warning)
        view = results.View(self._params, self._cluster, self._directory, made, current, self._now)
        result: Result = {
            "changed": bool(actions),
            "actions": list(actions),
            "cluster": view.cluster_facts(),
            "certificates": view.certificates(),
            "files": view.files(),
        }
        if made and made.rendered:
            result["template_sha256"] = results.sha256(made.rendered.template)
        if self._params.get("return_kubeconfig"):
            result["kubeconfig"] = view.kubeconfig()
        if diff is not None:
            result["diff"] = diff
        return result


def needs_aws(params: Params) -> bool:
    """Whether the SDK has to be loaded; a description that will be refused needs nothing."""
    state = params.get("state", "info")
    if state in ("validated", "present", "absent", "info"):
        return True
    if state not in ("rendered", "exported"):
        return False
    try:
        description: Description = describe(params)
        return local.needs_aws(params, description, assets.read(params["asset_dir"]))
    except CollectionError:
        return False
