# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A repository: branches, commits and files, with the ids that Git would give them."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from moto.core.exceptions import ServiceException

MODES = {"NORMAL": "100644", "EXECUTABLE": "100755", "SYMLINK": "120000"}
MAXIMUM_FILE = 6 * 1024 * 1024
BRANCH = re.compile(r"(?!-)(?!.*\.\.)(?!.*/$)[^\s~^:?*\[\\]{1,256}")
COMMIT_ID = re.compile(r"[0-9a-f]{40}")
USER = ("embedded-aws", "")


class CodeCommitError(ServiceException):
    __module__ = "moto.codecommit.exceptions"


def git_id(kind: str, body: bytes) -> str:
    return hashlib.sha1(f"{kind} {len(body)}\0".encode() + body).hexdigest()


@dataclass(frozen=True)
class File:
    content: bytes
    mode: str = "NORMAL"

    @property
    def blob_id(self) -> str:
        return git_id("blob", self.content)


Files = dict[str, File]


def tree_id(files: Files) -> str:
    """Git's id of a folder with these files, whose paths are relative to it."""
    entries, folders = [], folders_of(files)
    for path, file in files.items():
        if "/" not in path:
            entries.append((path, MODES[file.mode], path, file.blob_id))
    for name, content in folders.items():
        entries.append((f"{name}/", "40000", name, tree_id(content)))
    body = b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(node) for _, mode, name, node in sorted(entries))
    return git_id("tree", body)


def folders_of(files: Files) -> dict[str, Files]:
    """The folders one level down, with their files by the path inside them."""
    folders: dict[str, Files] = {}
    for path, file in files.items():
        name, _, rest = path.partition("/")
        if rest:
            folders.setdefault(name, {})[rest] = file
    return folders


@dataclass(frozen=True)
class Commit:
    files: Files
    parents: list[str]
    message: str
    author: tuple[str, str]
    date: str
    tree_id: str = ""
    id: str = ""

    @classmethod
    def of(cls, files: Files, parents: list[str], message: str, author: tuple[str, str]) -> Commit:
        date = f"{int(datetime.now(UTC).timestamp())} +0000"
        tree, (name, email) = tree_id(files), author
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"{role} {name} <{email}> {date}" for role in ("author", "committer")]
        body = "\n".join([*lines, "", message]).encode()
        return cls(files, parents, message, author, date, tree, git_id("commit", body))

    def describe(self) -> dict[str, Any]:
        name, email = self.author
        user = {"name": name, "email": email, "date": self.date}
        return {
            "commitId": self.id,
            "treeId": self.tree_id,
            "parents": self.parents,
            "message": self.message,
            "author": user,
            "committer": user,
            "additionalData": "",
        }


@dataclass
class Repository:
    name: str
    description: str
    account: str
    region: str
    tags: dict[str, str]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    default_branch: str = ""
    branches: dict[str, str] = field(default_factory=dict)
    commits: dict[str, Commit] = field(default_factory=dict)
    triggers: list[dict[str, Any]] = field(default_factory=list)
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    modified: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def arn(self) -> str:
        return f"arn:aws:codecommit:{self.region}:{self.account}:{self.name}"

    def describe(self) -> dict[str, Any]:
        host = f"git-codecommit.{self.region}.amazonaws.com/v1/repos/{self.name}"
        return {
            "accountId": self.account,
            "repositoryId": self.id,
            "repositoryName": self.name,
            "repositoryDescription": self.description or None,
            "defaultBranch": self.default_branch or None,
            "lastModifiedDate": self.modified,
            "creationDate": self.created,
            "cloneUrlHttp": f"https://{host}",
            "cloneUrlSsh": f"ssh://{host}",
            "Arn": self.arn,
        }

    def head(self, branch: str) -> Commit:
        if branch not in self.branches:
            raise CodeCommitError("BranchDoesNotExistException", f"Branch {branch} does not exist")
        return self.commits[self.branches[branch]]

    def resolve(self, specifier: str | None) -> Commit:
        """The commit that a full id, a branch or (without a specifier) the default branch names."""
        name = (specifier or self.default_branch).removeprefix("refs/heads/")
        found = self.commits.get(self.branches.get(name, name))
        if found is None:
            raise CodeCommitError("CommitDoesNotExistException", f"Could not find commit for specifier: {name}")
        return found

    def commit(self, branch: str, parent: str | None, message: str, author: tuple[str, str], files: Files) -> Commit:
        """A commit at the end of a branch; the first one makes its branch, which becomes the default."""
        commit = Commit.of(files, [parent] if parent else [], message, author)
        self.commits[commit.id] = commit
        self.branches[branch] = commit.id
        self.default_branch = self.default_branch or branch
        self.modified = datetime.now(UTC)
        return commit

    def base(self, branch: str, parent: str | None) -> Files:
        """The files that a new commit starts from; raises unless parent is the end of the branch."""
        check_branch_name(branch)
        if not self.commits:
            if parent:
                raise CodeCommitError("ParentCommitDoesNotExistException", f"The commit {parent} does not exist")
            return {}
        end = self.head(branch)
        if not parent:
            raise CodeCommitError("ParentCommitIdRequiredException", "The parent commit ID is required")
        if parent not in self.commits:
            raise CodeCommitError("ParentCommitDoesNotExistException", f"The commit {parent} does not exist")
        if parent != end.id:
            raise CodeCommitError(
                "ParentCommitIdOutdatedException", f"The parent commit ID {parent} is not the tip of {branch}"
            )
        return dict(end.files)


def check_branch_name(name: str) -> None:
    if not BRANCH.fullmatch(name):
        raise CodeCommitError("InvalidBranchNameException", f"The branch name {name} is not valid")


def checked_path(path: str) -> str:
    """A path without its leading slash; raises when Git could not hold it."""
    parts = path.removeprefix("/").split("/")
    if any(part in ("", ".", "..", ".git") for part in parts):
        raise CodeCommitError("InvalidPathException", f"The path {path} is not valid")
    return "/".join(parts)


def put(files: Files, path: str, content: bytes, mode: str | None) -> None:
    """Put a file among the others; raises when a file and a folder would have one name."""
    if mode is not None and mode not in MODES:
        raise CodeCommitError("InvalidFileModeException", f"The file mode {mode} is not valid")
    if len(content) > MAXIMUM_FILE:
        raise CodeCommitError("FileContentSizeLimitExceededException", f"The file {path} is larger than 6 MB")
    if any(other.startswith(f"{path}/") for other in files):
        raise CodeCommitError("FileNameConflictsWithDirectoryNameException", f"{path} is a folder")
    parents = [path[:index] for index, letter in enumerate(path) if letter == "/"]
    if any(parent in files for parent in parents):
        raise CodeCommitError("DirectoryNameConflictsWithFileNameException", f"A folder of {path} is a file")
    files[path] = File(content, mode or (files[path].mode if path in files else "NORMAL"))
