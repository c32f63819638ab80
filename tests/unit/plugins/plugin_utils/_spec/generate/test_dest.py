# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a file is written over, and when it is somebody's work."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.containerci.aws.plugins.module_utils._core.errors import CollectionError
from ansible_collections.containerci.aws.plugins.plugin_utils._spec.generate import dest

YAML = dest.sealed("---\n- describe: a\n", "web01", "yaml")
MARKDOWN = dest.sealed("# web01\n", "web01", "markdown")


@pytest.mark.parametrize("content", [YAML, MARKDOWN])
def test_what_was_written_is_known_again(content: str) -> None:
    assert dest.is_untouched(content)
    assert "web01" in content.partition("\n")[0]


@pytest.mark.parametrize(
    "edited",
    [
        YAML + "\n",
        YAML.replace("describe: a", "describe: b"),
        YAML.replace("web01", "web02"),
        "# mine\n" + YAML,
        MARKDOWN.replace("# web01", "# web02"),
        "- describe: a\n",
        "",
    ],
)
def test_every_edit_is_noticed(edited: str) -> None:
    assert not dest.is_untouched(edited)


@pytest.mark.parametrize(
    ("before", "force", "refused"),
    [(None, False, False), (YAML, False, False), ("after", False, False), ("mine", False, True), ("mine", True, False)],
)
def test_only_work_of_others_is_refused(before: str | None, force: bool, refused: bool) -> None:
    assert bool(dest.reason_to_refuse("/x", before, "after", force)) is refused


def test_a_copy_is_kept(tmp_path: Path) -> None:
    place = tmp_path / "new" / "web01.yml"
    assert dest.read(str(place)) is None
    assert dest.store(str(place), "one", backup=True) is None
    copy = dest.store(str(place), "two", backup=True)
    assert copy is not None
    assert (Path(copy).read_text(), dest.read(str(place))) == ("one", "two")
    assert dest.store(str(place), "three", backup=False) is None


def test_what_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=r"of dest cannot be read: Is a directory\."):
        dest.read(str(tmp_path))
    (tmp_path / "file").write_text("")
    with pytest.raises(CollectionError, match=r"of dest cannot be written: (Not a directory|File exists)\."):
        dest.store(str(tmp_path / "file" / "x.yml"), "", backup=False)
