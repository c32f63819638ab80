# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of a cluster: what is written, how, and what of it may be seen."""

from __future__ import annotations

import base64
import datetime
import os
import stat
from pathlib import Path

import pytest
import yaml

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.module_utils._kube import assets, kubeconfig, pki
from ansible_collections.containerci.aws.plugins.module_utils._kube.assets import Directory, Present, Wanted
from ansible_collections.containerci.aws.plugins.module_utils._kube.ignition import File, Machine, render
from ansible_collections.containerci.aws.plugins.module_utils._kube.pki_shapes import Wish

from .test_kube_pki import CLUSTER, NOW

KEY = "-----BEGIN EC PRIVATE KEY-----\nc2VjcmV0\n-----END EC PRIVATE KEY-----\n"
MOMENT = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def put(root: Path, *wanted: Wanted, now: datetime.datetime | None = None) -> list[str]:
    return assets.write(str(root), assets.plan(assets.read(str(root)), wanted), now)


def actions(plan: assets.Plan) -> dict[str, str]:
    return {change.path: change.action for change in plan.changes}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "clusters" / "blue"


ALL = (
    Wanted("cluster.yaml", "clusterName: blue\n", only_if_missing=True),
    *assets.credentials({"ca.pem": "certificate\n", "ca-key.pem": KEY}),
    Wanted("userdata/controller-0.ign", "{}"),
    Wanted("kubeconfig", "kind: Config\n"),
)


def test_nobody_else_can_read_what_is_written(root: Path) -> None:
    previous = os.umask(0)
    try:
        put(root, *ALL)
    finally:
        os.umask(previous)
    assert {mode(path) for path in root.rglob("*") if path.is_file()} == {0o600}
    assert {mode(path) for path in (root, root / "credentials", root / "userdata")} == {0o700}
    assert (root / "credentials" / "ca-key.pem").read_text() == KEY


def test_git_ignores_every_secret(root: Path) -> None:
    put(root, *ALL)
    assert (root / ".gitignore").read_text().split() == ["/credentials/", "/userdata/", "/kubeconfig"]
    assert (root / "credentials" / ".gitignore").read_text() == "*\n"
    assert next(iter(actions(assets.plan(Directory(), ALL)))) == ".gitignore"


def test_the_second_time_nothing_is_written(root: Path) -> None:
    put(root, *ALL)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    plan = assets.plan(assets.read(str(root)), ALL)
    assert not plan
    assert assets.write(str(root), plan, NOW) == []
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


def test_what_the_user_may_change_is_not_touched(root: Path) -> None:
    root.mkdir(parents=True)
    (root / "cluster.yaml").write_text("clusterName: mine\n")
    (root / ".gitignore").write_text("*.log\n")
    put(root, *ALL)
    assert (root / "cluster.yaml").read_text() == "clusterName: mine\n"
    assert (root / ".gitignore").read_text() == "*.log\n"


@pytest.mark.parametrize(
    ("present", "action"),
    [(None, "create"), (Present("old"), "replace"), (Present("new", 0o644), "protect"), (Present("new"), None)],
)
def test_what_happens_to_a_file(present: Present | None, action: str | None) -> None:
    directory = Directory({"kubeconfig": present} if present else {})
    plan = assets.plan(directory, [Wanted("kubeconfig", "new")])
    assert actions(plan).get("kubeconfig") == action


def test_what_is_too_open_is_closed(root: Path) -> None:
    put(root, *ALL)
    (root / "credentials").chmod(0o755)
    (root / "credentials" / "ca-key.pem").chmod(0o644)
    assert actions(assets.plan(assets.read(str(root)), ALL)) == {"credentials/ca-key.pem": "protect"}
    put(root, *ALL)
    assert (mode(root / "credentials"), mode(root / "credentials" / "ca-key.pem")) == (0o700, 0o600)


def test_configurations_of_machines_that_are_gone_are_removed_and_nothing_else(root: Path) -> None:
    put(root, *ALL, Wanted("userdata/worker-old.ign", "{}"))
    (root / "credentials" / "notes.txt").write_text("mine")
    assert actions(assets.plan(assets.read(str(root)), ALL)) == {"userdata/worker-old.ign": "remove"}
    put(root, *ALL)
    assert not (root / "userdata" / "worker-old.ign").exists()
    assert (root / "credentials" / "notes.txt").exists()
    assert not assets.plan(assets.read(str(root)), ALL[:1])


def test_what_cannot_be_rendered_again_is_kept_as_a_backup(root: Path) -> None:
    put(root, *ALL)
    new = (*assets.credentials({"ca-key.pem": "new"}), Wanted("kubeconfig", "new"))
    backup = root / "credentials" / "ca-key.pem.2026-03-01T120000Z~"
    assert put(root, *new, now=MOMENT) == [str(backup)]
    assert (backup.read_text(), mode(backup)) == (KEY, 0o600)
    assert (root / "credentials" / "ca-key.pem").read_text() == "new"
    assert backup.name not in assets.read(str(root)).credentials()
    assert put(root, *assets.credentials({"ca-key.pem": "newer"})) == []


def test_there_is_no_folder_with_half_of_the_credentials(root: Path) -> None:
    broken = assets.credentials({"ca-key.pem": KEY, "x" * 300: "a name that no disk takes"})
    with pytest.raises(CollectionError, match=r"cannot be written: File name too long"):
        put(root, *broken)
    assert {path.name for path in root.iterdir()} == {".gitignore"}


def test_a_file_that_cannot_be_replaced_stays_what_it_was(root: Path) -> None:
    put(root, *ALL)
    (root / "userdata" / "controller-0.ign").unlink()
    (root / "userdata" / "controller-0.ign").mkdir()
    with pytest.raises(CollectionError, match=r"/userdata/controller-0\.ign cannot be written"):
        put(root, *ALL)
    assert {path.name for path in (root / "userdata").iterdir()} == {".gitignore", "controller-0.ign"}


def test_what_cannot_be_read_is_named(root: Path) -> None:
    root.mkdir(parents=True)
    (root / "kubeconfig").write_bytes(b"\xff\xfe")
    with pytest.raises(CollectionError, match="kubeconfig is not a text in UTF-8"):
        assets.read(str(root))
    (root / "kubeconfig").unlink()
    (root / "credentials").write_text("no folder")
    with pytest.raises(CollectionError, match="credentials cannot be read: Not a directory"):
        assets.read(str(root))


def test_a_cluster_is_rendered_again_from_its_directory_to_the_same_bytes(root: Path) -> None:
    wish = Wish(CLUSTER)

    def wanted() -> list[Wanted]:
        texts = assets.read(str(root)).credentials()
        texts = pki.carry_out(wish, pki.plan(wish, texts, NOW), texts, NOW)
        return [*assets.credentials(texts), Wanted("kubeconfig", kubeconfig.render(CLUSTER, texts))]

    put(root, *wanted())
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    put(root, *wanted())
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


# kubeconfig, and what may be seen


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    wish = Wish(CLUSTER)
    return pki.carry_out(wish, pki.plan(wish, {}, NOW), {}, NOW)


def test_the_kubeconfig_has_the_old_names_and_everything_in_it(texts: dict[str, str]) -> None:
    config = yaml.safe_load(kubeconfig.render(CLUSTER, texts))
    cluster, user, context = (config[kind][0] for kind in ("clusters", "users", "contexts"))
    assert [each["name"] for each in (cluster, user, context)] == [
        "kube-aws-blue-cluster",
        "kube-aws-blue-admin",
        "kube-aws-blue-context",
    ]
    assert cluster["cluster"]["server"] == "https://blue.example.com:6443"
    assert base64.b64decode(cluster["cluster"]["certificate-authority-data"]).decode() == texts["ca.pem"]
    assert base64.b64decode(user["user"]["client-certificate-data"]).decode() == texts["admin.pem"]
    assert base64.b64decode(user["user"]["client-key-data"]).decode() == texts["admin-key.pem"]
    assert context["context"] == {"cluster": "kube-aws-blue-cluster", "user": "kube-aws-blue-admin"}
    assert config["current-context"] == "kube-aws-blue-context"


def secrets_of(texts: dict[str, str]) -> list[str]:
    """The private half of every key, as it is and as it is encoded in a kubeconfig, and that of the token."""
    keys = [text for name, text in texts.items() if "key" in name]
    encoded = [base64.b64encode(key.encode()).decode()[60:100] for key in keys]
    return [*(key.splitlines()[1] for key in keys), *encoded, pki.token(texts)[7:]]


def test_no_diff_shows_a_secret(texts: dict[str, str]) -> None:
    files = (File("/etc/kubernetes/pki/ca.key", texts["ca-key.pem"]), File("/etc/join.yaml", f"t: {pki.token(texts)}"))
    wanted = [
        *assets.credentials(texts),
        Wanted("kubeconfig", kubeconfig.render(CLUSTER, texts)),
        Wanted("userdata/controller-0.ign", render(Machine(files))),
    ]
    plan = assets.plan(Directory(), wanted)
    shown = str([change.diff() for change in plan.changes])
    assert not [secret for secret in secrets_of(texts) if secret in shown + repr(plan) + repr(wanted)]
    assert shown.count("<private key sha256:") == 7  # five pairs, and those in kubeconfig and configuration
    assert "certificate-authority-data: LS0t" in shown
    assert all(secret in str([change.after for change in plan.changes]) for secret in secrets_of(texts)[:3])


def test_the_result_of_a_file_is_its_fingerprint(root: Path) -> None:
    put(root, *ALL)
    plan = assets.plan(assets.read(str(root)), [Wanted("kubeconfig", "kind: Config\n"), Wanted("cluster.yaml", "a")])
    assert {each.path: each.result() for each in plan.files}["kubeconfig"] == {
        "path": "kubeconfig",
        "mode": "0600",
        "sha256": "c457ecd56e077ef10ed333ce691b88890b5be3e136930dc4ba3697c13ea100e2",
        "changed": False,
    }
