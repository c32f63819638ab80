# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""CodeCommit is ours as a whole: moto has repositories without content."""

from __future__ import annotations

from moto.codecommit import urls
from moto.codecommit.models import codecommit_backends

from .api import CodeCommitApi, CodeCommitBackend, backend
from .repository import Commit


def head(account: str, region: str, repository: str, branch: str) -> Commit:
    """The commit that a branch points to; raises CodeCommitError."""
    return backend(account, region).get(repository).head(branch)


def tree(account: str, region: str, repository: str, commit: str) -> dict[str, bytes]:
    """All files of a commit by path; commit is a commit id or a branch; raises CodeCommitError."""
    found = backend(account, region).get(repository).resolve(commit)
    return {path: file.content for path, file in found.files.items()}


def install() -> None:
    codecommit_backends.backend = CodeCommitBackend
    urls.url_paths["{0}/$"] = CodeCommitApi.dispatch
