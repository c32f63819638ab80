# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright: containerci.aws contributors
"""Makes the checkout importable as the collection that it is."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def collections_tree() -> Path:
    """The folder to put on sys.path: a tree of symbolic links, unless the checkout already lies in a tree."""
    if ROOT.parts[-3:-2] == ("ansible_collections",):
        return ROOT.parents[2]
    tree = ROOT / ".ansible" / "tree"
    link = tree / "ansible_collections" / "containerci" / "aws"
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT, target_is_directory=True)
    return tree


def use_collection() -> None:
    """Let Ansible's own loader find the collection, as it does in a playbook."""
    from ansible.plugins.loader import init_plugin_loader

    tree = str(collections_tree())
    sys.path.insert(0, tree)
    init_plugin_loader([tree])


# At import, because the conftest files below import the collection before pytest is configured.
use_collection()
